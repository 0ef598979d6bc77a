"""Is the ledger what was written? Chain, signatures, checkpoints, and an anchor.

An edit, an insertion, a reordering and a deletion break the chain; a cut-off end is found
by the signature that every commit puts on its last row and by the checkpoints beside the
ledger. Somebody who holds the signing key can rebuild all of that: only a checkpoint kept
elsewhere (an anchor) tells.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redactor.audit import checkpoints
from redactor.audit.chain import GENESIS, SIGNING_KEY, Checkpoint, Row, Signer
from redactor.audit.database import connect_to_read, default_path, read_rows, told
from redactor.errors import StateError
from redactor.keys import get_key

_MOST = 20  # problems told; the first ones say where it began


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found. ``provable`` is the last row whose presence is vouched for.

    ``anchored`` is the last row that an anchor vouches for, None without one.
    """

    rows: int
    problems: tuple[str, ...]
    provable: int
    anchored: int | None = None
    open_items: int = 0

    @property
    def passed(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


def verify(path: Path | None = None, anchor: Path | None = None) -> Verification:
    """Check a whole ledger.

    Raises:
        StateError: there is no ledger, or it or the anchor cannot be read.
    """
    ledger = path or default_path()
    problems: list[str] = []
    beside, broken = checkpoints.read(checkpoints.beside(ledger))
    problems += broken
    anchors: list[Checkpoint] = []
    if anchor is not None:
        if not anchor.is_file():
            raise StateError("the anchor file does not exist")
        anchors, broken = checkpoints.read(anchor)
        problems += [f"anchor: {problem}" for problem in broken]
        if not anchors:
            problems.append("anchor: the file holds no checkpoint")
    walk = _Walk(_public_key(), {c.seq for c in (*beside, *anchors)})
    connection = connect_to_read(ledger)
    try:
        with told():
            for row in read_rows(connection):
                walk.take(row)
            (open_items,) = connection.execute("SELECT count(*) FROM open").fetchone()
    except StateError as error:
        return Verification(walk.count, (*problems, *walk.problems, str(error)), 0)
    except (sqlite3.Error, TypeError) as error:
        raise StateError(f"the ledger cannot be read ({type(error).__name__})") from None
    finally:
        connection.close()
    walk.finish()
    problems += walk.problems
    problems += _compare("checkpoint", beside, walk)
    problems += _compare("anchor", anchors, walk)
    return Verification(
        walk.count,
        tuple(problems[:_MOST]),
        max((c.seq for c in beside), default=0),
        max((c.seq for c in anchors), default=0) if anchor is not None else None,
        open_items,
    )


def _public_key() -> str | None:
    """Ours where it is on this machine; otherwise the first row's word has to do."""
    try:
        return Signer(get_key(SIGNING_KEY, create=False)).public
    except StateError:
        return None


class _Walk:
    """Goes through the rows once and notes what does not fit."""

    def __init__(self, public: str | None, remember: set[int]) -> None:
        self.problems: list[str] = []
        self.count = 0
        self.ledger = ""
        self.public = public
        self.hashes: dict[int, str] = {}
        self._remember = remember
        self._previous = GENESIS
        self._seq = 0
        self._last_signed = 0

    def take(self, row: Row) -> None:
        if self._seq == 0:
            self._first(row)
        if row.seq != self._seq + 1:
            self.problems.append(f"rows {self._seq + 1} to {row.seq - 1} are missing")
        elif row.prev != self._previous:
            self.problems.append(
                f"row {row.seq} does not follow the row before it: inserted, removed or reordered"
            )
        if row.hash != row.expected_hash():
            self.problems.append(f"row {row.seq} was changed")
        if row.signature is not None:
            signed = Checkpoint(self.ledger, row.seq, row.hash, self.public or "", row.signature)
            if not signed.is_signed_by(self.public or ""):
                self.problems.append(f"row {row.seq} has a signature of another key")
            self._last_signed = row.seq
        if row.seq in self._remember:
            self.hashes[row.seq] = row.hash
        self._seq, self._previous = row.seq, row.hash
        self.count += 1

    def _first(self, row: Row) -> None:
        self.ledger = row.item
        try:
            body: Mapping[str, object] = json.loads(row.body)
        except ValueError:
            body = {}
        named = body.get("signed_by")
        if row.kind != "ledger-made" or not isinstance(named, str):
            self.problems.append("the first row is not the one a ledger begins with")
        elif self.public is None:
            self.public = named
        elif self.public != named:
            self.problems.append("the ledger was begun with another signing key")

    def finish(self) -> None:
        if self.count == 0:
            self.problems.append("the ledger is empty: every row was removed")
        elif self._last_signed != self._seq:
            self.problems.append(
                f"rows after {self._last_signed} carry no signature: cut off or appended"
            )


def _compare(what: str, found: Sequence[Checkpoint], walk: _Walk) -> list[str]:
    problems = []
    for checkpoint in found:
        if not checkpoint.is_signed_by(walk.public or ""):
            problems.append(f"{what} of row {checkpoint.seq} is not signed by the ledger's key")
        elif checkpoint.ledger != walk.ledger:
            problems.append(f"{what} of row {checkpoint.seq} belongs to another ledger")
        elif checkpoint.seq not in walk.hashes:
            problems.append(f"row {checkpoint.seq} had a {what} and is missing: truncated")
        elif walk.hashes[checkpoint.seq] != checkpoint.hash:
            problems.append(f"row {checkpoint.seq} is not the one its {what} was made of")
    return problems
