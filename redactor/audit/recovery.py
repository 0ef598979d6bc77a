"""Close what a killed run left open: look at the destination, remove temporary files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from redactor.audit.database import told
from redactor.audit.ledger import Ledger
from redactor.audit.runs import ended, named
from redactor.errors import StateError
from redactor.staging import PREFIX
from redactor.values import Outcome

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Recovered:
    """A prepared row that was closed: ``released`` when the output stands whole."""

    item: str
    outcome: Outcome


@dataclass(slots=True)
class _Left:
    """What one ended run left: open rows and the folders it wrote temporary files in."""

    rows: list[tuple[int, str, str, bytes | None]] = field(default_factory=list)
    folders: list[bytes] = field(default_factory=list)


def recover(ledger: Ledger) -> list[Recovered]:
    """Close every prepared row whose run has ended; runs that are alive are left alone.

    A row's output counts as released where the destination holds exactly its bytes, which
    were verified before the row was written; otherwise it is withheld. Of a stream nobody
    can tell afterwards whether the last verified chunk arrived: it counts as withheld.

    Raises:
        StateError: the ledger cannot be read or written.
    """
    left: dict[str, _Left] = {run: _Left() for run in named(ledger.runs)}
    with told():
        for seq, item, run, output, paths in ledger.connection.execute(
            "SELECT seq, item, run, output, paths FROM open ORDER BY seq"
        ):
            left.setdefault(run, _Left()).rows.append((seq, item, output, paths))
        for run, folder in ledger.connection.execute("SELECT run, folder FROM places"):
            left.setdefault(run, _Left()).folders.append(folder)
    left.pop(ledger.lock.id, None)
    recovered: list[Recovered] = []
    for run, what in left.items():
        with ended(ledger.runs, run) as has_ended:
            if not has_ended:
                continue
            for seq, item, output, paths in what.rows:
                recovered += _close(ledger, seq, item, output, paths)
            for folder in what.folders:
                _sweep(ledger, folder, run)
            if what.folders:
                ledger.forget_places(run)
    return recovered


def _close(
    ledger: Ledger, seq: int, item: str, output: str, sealed: bytes | None
) -> list[Recovered]:
    destination, temporary = _paths(ledger, sealed, str(seq))
    if temporary is not None and temporary.name.startswith(PREFIX):
        _remove(temporary)
    if destination is not None and _digest(destination) == output:
        body = {"outcome": Outcome.RELEASED, "reason": "the output stands whole"}
        closed = ledger.recovered("released", seq, item, body)
        return [Recovered(item, Outcome.RELEASED)] if closed else []
    reason = "interrupted before the output got its name"
    if destination is None:
        reason = "interrupted while a verified chunk went to a stream"
    body = {"outcome": Outcome.WITHHELD, "reason": reason}
    closed = ledger.recovered("closed", seq, item, body)
    return [Recovered(item, Outcome.WITHHELD)] if closed else []


def _paths(ledger: Ledger, sealed: bytes | None, purpose: str) -> tuple[Path | None, Path | None]:
    if sealed is None:
        return None, None
    try:
        destination, temporary = json.loads(ledger.open_sealed(sealed, purpose))
    except StateError:
        return None, None  # the workspace key is another one now: nothing can be looked at
    return _path(destination), _path(temporary)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _sweep(ledger: Ledger, sealed: bytes, run: str) -> None:
    """Remove the run's temporary files; they hold redacted bytes only, half-written."""
    try:
        (folder,) = json.loads(ledger.open_sealed(sealed, "place"))
    except StateError:
        return
    for path in Path(folder).glob(f"{PREFIX}{run}*.tmp"):
        _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the folder is read-only or gone: nothing of ours can be removed there


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()
