"""One process's hand on the vault: give a value its pseudonym, remember how to undo it.

Writes of one chunk are one transaction: it begins with the first thing that is not known
yet and ends with :meth:`Vault.commit`, which returns when it is on the disk. The caller
commits before anything that needs the entries is released; after a crash the vault may
know more than what was released, never less.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redactor.errors import StateError
from redactor.sealing import seal, unseal
from redactor.vault import wrapping
from redactor.vault.database import connect, default_path, is_empty, make_tables, told
from redactor.vault.marks import PREFIX, Marks, affixes, squash

_ATTEMPTS = 4096  # pseudonyms tried for one value; lists are long, so few are taken
_REMEMBERED = 100_000  # values kept in memory, of which logs repeat few
_DAY = 86_400
_MODULUS = 1 << 256

Propose = Callable[[int], str | None]
Unwanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """How a replacement is undone. ``payload`` is what was noted with it: secret.

    ``lead`` and ``tail`` in it are what the replacement had around its tokens.
    """

    operator: str
    entity: str
    scope: bytes
    exact: bool
    payload: Mapping[str, Any] = field(repr=False)


class Vault:
    """An open vault; use as a context manager, in one thread, opened anew in every process.

    ``id`` names it for ever; ``snapshot`` its present content, whatever the order in which
    that came: equal snapshots give equal pseudonyms. With ``dry`` nothing is kept.
    """

    def __init__(self, connection: sqlite3.Connection, *, dry: bool = False) -> None:
        self.connection = connection
        self._dry = dry
        self._writing = False
        self._added = 0  # sum of the digests of this transaction's rows
        self._cores: dict[bytes, list[str]] = {}
        self._noted: dict[tuple[bytes, bytes], str] = {}
        self.id = ""
        self._keys: dict[int, bytes] = {}
        self._version = 0
        self.marks: Marks

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        create: bool = True,
        dry: bool = False,
        busy_seconds: float = 30.0,
    ) -> Self:
        """Open the vault of the state folder, or the one at ``path``.

        ``create``: make it where it is missing. ``dry``: nothing is written; a missing
        vault is then a passing one in memory.

        Raises:
            StateError: missing, damaged, locked, of another key or a newer program.
        """
        place = path or default_path()
        if dry and create and not place.exists():
            return cls._passing()
        vault = cls(connect(place, create=create, busy_seconds=busy_seconds), dry=dry)
        try:
            with told():
                if is_empty(vault.connection):
                    if not create:
                        raise StateError("the vault is empty: nothing was recorded in it")
                    vault._make(wrapping.make_keys)
                vault._load()
        except BaseException:
            vault.connection.close()
            raise
        return vault

    @classmethod
    def _passing(cls) -> Self:
        vault = cls(sqlite3.connect(":memory:", isolation_level=None), dry=True)
        vault._make(lambda connection, name: None)
        vault._keys = {0: secrets.token_bytes(32), 1: secrets.token_bytes(32)}
        vault.id, vault._version, vault.marks = "", 1, Marks(vault._keys[0])
        return vault

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
    def snapshot(self) -> str:
        """``<vault id>@<16 hex digits of its content>``, as of the last commit."""
        with told():
            state = self._meta("state")
        return f"{self.id}@{sha256(state).hexdigest()[:16]}"

    def assign(
        self,
        kind: str,
        scope: str,
        value: str,
        propose: Propose,
        *,
        unwanted: Unwanted | None = None,
    ) -> str:
        """The pseudonym of a value: the recorded one, or the first proposal still free.

        Args:
            kind: what sort of value it is; values of two kinds are two values.
            scope: where it holds.
            value: its canonical form.
            propose: attempt number (0, 1 ...) -> a pseudonym in its canonical form, or None.
            unwanted: pseudonyms that will not do in this document; another one is then
                recorded beside the first and belongs to the same value.

        Raises:
            StateError: no proposal is free, or the vault cannot be written.
        """
        lookup = self.marks.of("value", kind, scope, value)
        unwanted = unwanted or _nothing
        with told():
            for core in self._recall(lookup):
                if not unwanted(core):
                    return core
            self._begin()
            known = self._recall(lookup, afresh=True)  # another process may have been quicker
            for core in known:
                if not unwanted(core):
                    return core
            (last,) = self.connection.execute(
                "SELECT max(attempt) FROM entries WHERE lookup = ?", (lookup,)
            ).fetchone()
            start = 0 if last is None else int(last) + 1
            for attempt in range(start, start + _ATTEMPTS):
                offered = propose(attempt)
                if offered is None or unwanted(offered):
                    continue
                if self._take(lookup, attempt, offered, kind, scope):
                    self._cores[lookup] = [*known, offered]
                    return offered
        raise StateError(
            f"no {kind} pseudonym is free in the vault any more: use another --vault for this "
            "work, or the operator token"
        )

    def number(self, scope: str, label: str) -> int:
        """The next number of a label in a scope, from 1; never given twice."""
        name = self.marks.of("counter", scope, label)
        with told():
            self._begin()
            (number,) = self.connection.execute(
                "INSERT INTO counters VALUES (?, 1) "
                "ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
                (name,),
            ).fetchone()
        return int(number)

    def note(
        self,
        replacement: str,
        *,
        operator: str,
        entity: str,
        scope: str,
        payload: Mapping[str, Any],
        number: bool = False,
    ) -> None:
        """Remember how a replacement, as it is spelt, is undone.

        The first note of a spelling in a scope stands. Where another original comes to the
        same spelling (dates without a day can), the entry says from then on that nobody can
        tell; not so for what has a ``core``, which belongs to one value only. ``number``:
        found again however its characters are separated. A replacement without letters and
        digits is not noted.
        """
        lead, inner, tail = affixes(replacement)
        squashed = squash(inner)
        if not squashed:
            return
        exact, place = self.marks.of("exact", inner), self.marks.scope(scope)
        original = str(payload.get("text", ""))
        if self._noted.get((exact, place)) == original:
            return
        with told():
            known = self._known(exact, place)
            if known is None:
                self._begin()
                known = self._known(exact, place)  # another process may have been quicker
            if known is None:
                row = (
                    exact,
                    place,
                    self.marks.loose(inner, number=number),
                    self.marks.prefix(squashed[:PREFIX]),
                    len(squashed),
                    operator,
                    entity,
                    _today(),
                    self._version,
                    self._seal({**payload, "lead": lead, "tail": tail}, exact + place),
                )
                self._insert(
                    "INSERT INTO spellings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                    exact + place,
                )
            elif "core" not in payload and original and known.get("text") != original:
                self._doubt(exact, place, known)
        if len(self._noted) >= _REMEMBERED:
            self._noted.clear()
        self._noted[exact, place] = original

    def _known(self, exact: bytes, place: bytes) -> dict[str, Any] | None:
        found = self.connection.execute(
            "SELECT version, sealed FROM spellings WHERE exact = ? AND scope = ?", (exact, place)
        ).fetchone()
        return None if found is None else self._unseal(found[0], found[1], exact + place)

    def _doubt(self, exact: bytes, place: bytes, known: dict[str, Any]) -> None:
        """Say of an entry that another original came to the same spelling."""
        if known.get("doubt"):
            return
        self._begin()
        sealed = self._seal({**known, "doubt": True}, exact + place)
        self.connection.execute(
            "UPDATE spellings SET version = ?, sealed = ? WHERE exact = ? AND scope = ?",
            (self._version, sealed, exact, place),
        )

    def shapes(self) -> dict[int, frozenset[int]]:
        """Prefix mark -> lengths (of the squash) of all replacements noted."""
        with told():
            rows = self.connection.execute(
                "SELECT DISTINCT prefix, length FROM spellings"
            ).fetchall()
        shapes: dict[int, set[int]] = {}
        for prefix, length in rows:
            shapes.setdefault(prefix, set()).add(length)
        return {prefix: frozenset(lengths) for prefix, lengths in shapes.items()}

    def find(self, text: str) -> list[Found]:
        """Everything noted for a replacement, given from its first token to its last.

        As it is spelt, else (``exact`` False) what is spelt otherwise: another letter case
        or spacing, for numbers other separators.
        """
        select = "SELECT operator, entity, scope, version, sealed, exact FROM spellings WHERE "
        run = self.connection.execute
        with told():
            rows = run(f"{select} exact = ?", (self.marks.of("exact", text),)).fetchall()
            exact = bool(rows)
            if not rows:
                marks = [self.marks.loose(text, number=number) for number in (False, True)]
                rows = run(f"{select} loose IN (?, ?)", marks).fetchall()
        return [
            Found(operator, entity, scope, exact, self._unseal(version, sealed, mark + scope))
            for operator, entity, scope, version, sealed, mark in rows
        ]

    def commit(self) -> None:
        """Bring what was assigned and noted to the disk; harmless where nothing was."""
        if not self._writing:
            return
        if self._dry:
            self.rollback()
            return
        try:
            with told():
                state = int.from_bytes(self._meta("state"), "big")
                total = (state + self._added) % _MODULUS
                self._put_meta("state", total.to_bytes(32, "big"))
                self.connection.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self._writing, self._added = False, 0

    def rollback(self) -> None:
        """Forget what was not committed."""
        if self._writing:
            with suppress(sqlite3.Error):  # SQLite rolls back by itself on a full disk
                self.connection.execute("ROLLBACK")
        self._writing, self._added = False, 0
        self._cores.clear()
        self._noted.clear()

    def close(self) -> None:
        """Forget what was not committed, and let go. Harmless a second time."""
        with suppress(sqlite3.ProgrammingError):
            self.rollback()
        self.connection.close()

    def _make(self, make_keys: Callable[[sqlite3.Connection, str], None]) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            if is_empty(self.connection):  # else another process made it meanwhile
                make_tables(self.connection)
                name = secrets.token_hex(8)
                self._put_meta("id", name.encode())
                self._put_meta("state", bytes(32))
                make_keys(self.connection, name)
            self.connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    def _load(self) -> None:
        self.id = self._meta("id").decode("ascii", "replace")
        self._keys = wrapping.read_keys(self.connection, self.id)
        self._version = max(self._keys)
        self.marks = Marks(self._keys[0])

    def _begin(self) -> None:
        """Take the write lock and see whether the keys were rotated meanwhile."""
        if self._writing:
            return
        self.connection.execute("BEGIN IMMEDIATE")
        self._writing, self._added = True, 0
        if self.id:
            (version,) = self.connection.execute("SELECT max(version) FROM keys").fetchone()
            if version != self._version:
                self._load()

    def _take(self, lookup: bytes, attempt: int, core: str, kind: str, scope: str) -> bool:
        """Record a core for a value unless it belongs to another."""
        mark = self.marks.of("core", core)
        if self.connection.execute("SELECT 1 FROM entries WHERE core = ?", (mark,)).fetchone():
            return False
        self._insert(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                lookup,
                attempt,
                mark,
                kind,
                self.marks.scope(scope),
                _today(),
                self._version,
                self._seal({"core": core}, lookup + mark),
            ),
            lookup + mark,
        )
        return True

    def _insert(self, statement: str, values: tuple[Any, ...], identity: bytes) -> None:
        inserted = self.connection.execute(statement, values).rowcount
        if inserted:
            self._added += digest_of(identity)

    def _recall(self, lookup: bytes, *, afresh: bool = False) -> list[str]:
        if not afresh and lookup in self._cores:
            return self._cores[lookup]
        rows = self.connection.execute(
            "SELECT version, sealed, core FROM entries WHERE lookup = ? ORDER BY attempt", (lookup,)
        ).fetchall()
        cores = [
            str(self._unseal(version, sealed, lookup + mark)["core"])
            for version, sealed, mark in rows
        ]
        if cores:
            if len(self._cores) >= _REMEMBERED:
                self._cores.clear()
            self._cores[lookup] = cores
        return cores

    def _seal(self, payload: Mapping[str, Any], identity: bytes) -> bytes:
        data = json.dumps(payload, separators=(",", ":")).encode()
        return seal(self._keys[self._version], data, f"{self.id}:{identity.hex()}")

    def _unseal(self, version: int, sealed: bytes, identity: bytes) -> dict[str, Any]:
        if version not in self._keys:
            self._keys = wrapping.read_keys(self.connection, self.id)
        try:
            data = unseal(self._keys[version], sealed, f"{self.id}:{identity.hex()}")
            payload: dict[str, Any] = json.loads(data)
        except (KeyError, ValueError, StateError):
            raise StateError(
                "an entry of the vault does not open: it was changed or is damaged; bring back "
                "a copy of the vault"
            ) from None
        return payload

    def _meta(self, name: str) -> bytes:
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise StateError("the vault is damaged: bring back a copy of it")
        return bytes(row[0])

    def _put_meta(self, name: str, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def digest_of(identity: bytes) -> int:
    """What a row adds to the vault's state; a sum, so that the order does not matter."""
    return int.from_bytes(sha256(b"redactor vault row\0" + identity).digest(), "big")


def _nothing(core: str) -> bool:
    return False


def _today() -> int:
    return int(time.time()) // _DAY
