"""The append-only ledger: what was done to which item, around every release.

Rows hold counts, digests, names of rules and keyed fingerprints: no value, no path.
:meth:`Ledger.prepared` is on disk before an output gets its name, :meth:`Ledger.released`
follows; what a killed run leaves open :func:`redactor.audit.recover` closes.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from redactor.audit import checkpoints
from redactor.audit.chain import (
    GENESIS,
    SIGNING_KEY,
    Checkpoint,
    Row,
    Signer,
    canonical,
    row_hash,
)
from redactor.audit.database import connect, default_path, told
from redactor.audit.fingerprints import Auditor, Epoch
from redactor.audit.runs import RunLock
from redactor.keys import get_key
from redactor.sealing import seal, unseal
from redactor.values import Outcome, Run

CHECKPOINT_ROWS = 256
_GROUP_ROWS = 64
_GROUP_SECONDS = 1.0
_REASON_CHARACTERS = 500
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_ITEM = re.compile(r"[0-9a-f]{32}\Z")
_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A verified output that is about to leave, or a chunk of one.

    ``chunk`` is the 0-based chunk, None for the whole item; ``output_digest`` the SHA-256
    (hex) of the bytes that leave; ``counts`` entity -> ``verdict/operator`` -> findings;
    ``fingerprints`` entity -> distinct :meth:`Ledger.fingerprint`; ``decisions`` anything
    more about them, free of values; ``verification`` the re-read's figures.
    """

    item: str
    chunk: int | None
    run: Run
    output_digest: str
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: _EMPTY)
    fingerprints: Mapping[str, Sequence[str]] = field(default_factory=lambda: _EMPTY)
    decisions: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    actor: str = "policy"
    verification: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row to be; ``closes`` is the prepared row that it closes."""

    time: str
    kind: str
    item: str
    body: str
    closes: int | None = None


def utc_now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


class Ledger:
    """One process's hand on the ledger; several processes may write at once.

    Use :meth:`open`, as a context manager. Not for use by several threads.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._clock = clock
        self._epoch: Epoch | None = None
        self._waiting: list[_Entry] = []
        self._waiting_since = 0.0
        self._places: set[Path] = set()
        self._unclosed: dict[int, tuple[str, bool]] = {}  # seq -> item, is a file
        self._last: Checkpoint | None = None
        self._checkpointed = 0
        self._signer = Signer(get_key(SIGNING_KEY))
        self._workspace = get_key("workspace").derive("audit paths")
        self.connection = connect(path)
        try:
            self.lock = RunLock(self.runs)
            self._id, self._tip = self._begin()
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def open(cls, path: Path | None = None, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open the ledger of the state folder, or the one at ``path``; made when missing.

        Raises:
            StateError: the ledger or its keys cannot be used.
        """
        return cls(path or default_path(), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def runs(self) -> Path:
        """The folder of the runs' locks."""
        return self.path.with_name("runs")

    def new_item(self) -> str:
        """A fresh id of 32 hex digits: 16 of this run, 16 at random."""
        return self.lock.id + secrets.token_hex(8)

    def working_in(self, folder: Path) -> None:
        """Note, sealed, a folder where this run puts temporary files, before it does.

        Should the run be killed, recovery removes ``.redactor-<run>*.tmp`` from there.
        """
        place = folder.absolute()
        if place not in self._places:
            sealed = self._seal([str(place)], "place")
            with self._transaction() as connection:
                connection.execute("INSERT INTO places VALUES (?, ?)", (self.lock.id, sealed))
            self._places.add(place)

    def fingerprint(self, entity_type: str, text: str) -> str | None:
        """A keyed fingerprint; None for types and values that could be guessed."""
        if self._epoch is None:
            self._epoch = self._join_epoch()
        return self._epoch.fingerprint(entity_type, text)

    def fingerprints(self, entity_type: str, texts: Collection[str]) -> list[str]:
        """Those of many texts at once, without the ones that have none."""
        if self._epoch is None:
            self._epoch = self._join_epoch()
        return self._epoch.fingerprints(entity_type, texts)

    def record(self, kind: str, item: str, body: Mapping[str, Any]) -> int:
        """Append one row and bring it to the disk; returns its seq."""
        with self._transaction():
            return self._append(self._entry(kind, item, body))

    def chunk(self, prepared: Prepared, *, flush: bool = False) -> None:
        """A chunk of a file that leaves whole later; commits in groups unless ``flush``.

        Run and keys stand in the item's own ``prepared`` row.
        """
        body = self._body(prepared)
        del body["run"]
        self._wait(self._entry("chunk", prepared.item, body))
        if flush:
            self.flush()

    def prepared(
        self, prepared: Prepared, destination: Path | None = None, temporary: Path | None = None
    ) -> int:
        """Record what is about to leave; on disk when this returns. Returns the row's seq.

        ``destination`` None: a stream, whose bytes cannot be looked at afterwards.
        """
        entry = self._entry("prepared", prepared.item, self._body(prepared))
        with self._transaction() as connection:
            seq = self._append(entry)
            sealed = None
            if destination is not None or temporary is not None:
                paths = [
                    str(path.absolute()) if path else None for path in (destination, temporary)
                ]
                sealed = self._seal(paths, str(seq))
            connection.execute(
                "INSERT INTO open VALUES (?, ?, ?, ?, ?)",
                (seq, prepared.item, self.lock.id, prepared.output_digest, sealed),
            )
        self._unclosed[seq] = prepared.item, destination is not None
        return seq

    def released(self, seq: int, outcome: Outcome) -> None:
        """The output of a prepared row has left.

        For a file this is on disk when it returns; for a stream's chunk it goes with the
        next commit, since recovery can ask nobody whether a stream's bytes arrived.
        """
        if seq not in self._unclosed:
            raise ValueError(f"row {seq} was not prepared here, or is closed")
        item, is_file = self._unclosed[seq]
        body = {"prepared": seq, "outcome": outcome}
        self._wait(self._entry("released", item, body, closes=seq))
        if is_file:
            self.flush()
        del self._unclosed[seq]

    def closed(self, item: str, outcome: Outcome, reason: str, run: Run | None = None) -> None:
        """The item ends without a release; ``reason`` holds no value and no name.

        Prepared rows of the item that are still open are closed with it.
        """
        body: dict[str, Any] = {"outcome": outcome, "reason": reason[:_REASON_CHARACTERS]}
        if run is not None:
            body["run"] = _run_body(run)
        still = [seq for seq, (owner, _) in self._unclosed.items() if owner == item]
        if still:
            body["prepared"] = still
        with self._transaction() as connection:
            self._append(self._entry("closed", item, body))
            connection.executemany("DELETE FROM open WHERE seq = ?", [(seq,) for seq in still])
        for seq in still:
            del self._unclosed[seq]

    def recovered(self, kind: str, seq: int, item: str, body: Mapping[str, Any]) -> bool:
        """Close a prepared row of an ended run; False where somebody else did so meanwhile."""
        with self._transaction() as connection:
            found = connection.execute("SELECT 1 FROM open WHERE seq = ?", (seq,)).fetchone()
            if found:
                closing = {**body, "prepared": seq, "recovered": True}
                self._append(self._entry(kind, item, closing, closes=seq))
            return found is not None

    def forget_places(self, run: str) -> None:
        """The temporary files of an ended run are gone."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM places WHERE run = ?", (run,))

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What this ledger sealed; raises StateError where the key is another one."""
        return unseal(self._workspace, sealed, f"{self._id}:{purpose}")

    def rows_of(self, item: str) -> list[Row]:
        """Every row of an item, in order, those that still wait written first."""
        self.flush()
        with told():
            found = self.connection.execute(
                "SELECT seq, time, kind, item, body, prev, hash, signature FROM rows "
                "WHERE item = ? ORDER BY seq",
                (item,),
            ).fetchall()
        return [Row(*row) for row in found]

    @property
    def public_key(self) -> str:
        """The key (Ed25519, hex) that this ledger's signatures are checked with."""
        return self._signer.public

    def flush(self) -> None:
        """Bring every waiting row to the disk."""
        if self._waiting:
            with self._transaction():
                pass

    def checkpoint(self) -> Checkpoint:
        """Sign the last row and keep the checkpoint beside the ledger."""
        self.flush()
        with told():
            found = self.connection.execute(
                "SELECT seq, hash FROM rows ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        checkpoint = self._signer.sign(self._id, *found)
        checkpoints.append(checkpoints.beside(self.path), checkpoint)
        self._checkpointed = checkpoint.seq
        return checkpoint

    def close(self) -> None:
        """Commit what waits, checkpoint, and end the run. Harmless a second time."""
        if self.lock.is_released:
            return
        try:
            self.flush()
            if self._places and not self._unclosed:
                with self._transaction() as connection:
                    connection.execute("DELETE FROM places WHERE run = ?", (self.lock.id,))
            if self._last is not None:
                checkpoints.append(checkpoints.beside(self.path), self._last)
        finally:
            self._waiting.clear()
            self.connection.close()
            self.lock.release()

    def _begin(self) -> tuple[str, tuple[int, str]]:
        """The ledger's id (item of its first row), which the first process makes."""
        first = "SELECT item FROM rows WHERE seq = 1"
        with told():
            found = self.connection.execute(first).fetchone()
        if found is None:
            self._id = secrets.token_hex(16)
            with self._transaction() as connection:
                found = connection.execute(first).fetchone()
                if found is None:
                    body = {"signed_by": self._signer.public, "version": 1}
                    self._append(self._entry("ledger-made", self._id, body))
                    found = (self._id,)
        return str(found[0]), (0, GENESIS)

    def _join_epoch(self) -> Epoch:
        """This month's epoch where it can be unsealed, or a new one."""
        auditor = Auditor()
        month = self._clock().strftime("%Y-%m")
        with self._transaction() as connection:
            for epoch_id, sealed in connection.execute(
                "SELECT id, sealed FROM epochs WHERE month = ? AND auditor = ?", (month, auditor.id)
            ).fetchall():
                epoch = auditor.unseal(epoch_id, sealed)
                if epoch is not None:
                    return epoch
            epoch = Epoch(secrets.token_hex(16), secrets.token_bytes(32))
            connection.execute(
                "INSERT INTO epochs VALUES (?, ?, ?, ?)",
                (epoch.id, month, auditor.id, auditor.seal(epoch)),
            )
            body = {"epoch": epoch.id, "month": month, "auditor": auditor.id}
            self._append(self._entry("epoch-made", self._id, body))
            return epoch

    def _body(self, prepared: Prepared) -> dict[str, Any]:
        body: dict[str, Any] = {
            "chunk": prepared.chunk,
            "run": _run_body(prepared.run),
            "output": prepared.output_digest,
            "counts": prepared.counts,
            "actor": prepared.actor,
            "verification": prepared.verification,
        }
        if prepared.decisions:
            body["decisions"] = prepared.decisions
        if prepared.fingerprints and self._epoch is not None:
            body["fingerprints"] = prepared.fingerprints
            body["epoch"] = self._epoch.id
        return body

    def _entry(
        self, kind: str, item: str, body: Mapping[str, Any], closes: int | None = None
    ) -> _Entry:
        if not _NAME.match(kind) or not _ITEM.match(item):
            raise ValueError("a row needs a kind in lower case and an item id of 32 hex digits")
        now = self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
        return _Entry(now, kind, item, canonical(body), closes)

    def _wait(self, entry: _Entry) -> None:
        now = time.monotonic()
        if not self._waiting:
            self._waiting_since = now
        self._waiting.append(entry)
        if len(self._waiting) >= _GROUP_ROWS or now - self._waiting_since >= _GROUP_SECONDS:
            self.flush()

    def _append(self, entry: _Entry) -> int:
        """Chain one row; only inside a transaction."""
        seq, prev = self._tip[0] + 1, self._tip[1]
        hash_ = row_hash(prev, seq, entry.time, entry.kind, entry.item, entry.body)
        self.connection.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (seq, entry.time, entry.kind, entry.item, entry.body, prev, hash_),
        )
        if entry.closes is not None:
            self.connection.execute("DELETE FROM open WHERE seq = ?", (entry.closes,))
        self._tip = seq, hash_
        return seq

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Lock, chain what waits, then the block's rows; sign the last; commit; all or none."""
        connection = self.connection
        with told():
            connection.execute("BEGIN IMMEDIATE")
            try:
                began = self._tip = self._read_tip()
                for entry in self._waiting:
                    self._append(entry)
                yield connection
                if self._tip != began:
                    checkpoint = self._signer.sign(self._id, *self._tip)
                    connection.execute(
                        "UPDATE rows SET signature = ? WHERE seq = ?",
                        (checkpoint.signature, checkpoint.seq),
                    )
                    self._last = checkpoint
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite rolls back by itself on a full disk
                    connection.execute("ROLLBACK")
                raise
        self._waiting.clear()
        if self._last is not None and self._last.seq - self._checkpointed >= CHECKPOINT_ROWS:
            checkpoints.append(checkpoints.beside(self.path), self._last)
            self._checkpointed = self._last.seq

    def _read_tip(self) -> tuple[int, str]:
        tip = self.connection.execute(
            "SELECT seq, hash FROM rows ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return (int(tip[0]), str(tip[1])) if tip else (0, GENESIS)

    def _seal(self, value: Sequence[str | None], purpose: str) -> bytes:
        return seal(self._workspace, json.dumps(value).encode(), f"{self._id}:{purpose}")


def _run_body(run: Run) -> dict[str, Any]:
    return {
        "policy": run.policy,
        "engine": run.engine,
        "keys": run.keys,
        "input": run.input_digest,
    }
