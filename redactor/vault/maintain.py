"""Looking after a vault: count it, list it without values, rotate its keys, purge it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from redactor.vault import wrapping
from redactor.vault.database import told
from redactor.vault.store import Vault, digest_of

_BATCH = 2000  # rows sealed anew in one transaction; other processes write in between
_EPOCH = date(1970, 1, 1)
_SIZED = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"


@dataclass(frozen=True, slots=True)
class Stats:
    """What a vault holds. ``keys`` is sealing-key version -> rows sealed with it."""

    id: str
    snapshot: str
    values: int
    replacements: int
    first: date | None
    last: date | None
    keys: Mapping[int, int]
    root: str
    size: int  # bytes of the database file


@dataclass(frozen=True, slots=True)
class Group:
    """Replacements of one operator, type, scope mark (16 hex digits) and day."""

    operator: str
    entity: str
    scope: str
    day: date
    key: int
    count: int


def stats(vault: Vault) -> Stats:
    """Count what a vault holds."""
    with told():
        run = vault.connection.execute
        (values,) = run("SELECT count(*) FROM entries").fetchone()
        replacements, first, last = run(
            "SELECT count(*), min(day), max(day) FROM spellings"
        ).fetchone()
        keys = {
            int(version): int(count)
            for version, count in run(
                "SELECT keys.version, (SELECT count(*) FROM entries e WHERE e.version = "
                "keys.version) + (SELECT count(*) FROM spellings s WHERE s.version = keys.version) "
                "FROM keys WHERE keys.version > 0 ORDER BY keys.version"
            )
        }
        (root,) = run("SELECT root FROM keys ORDER BY version DESC LIMIT 1").fetchone()
        (size,) = run(_SIZED).fetchone()
    return Stats(
        vault.id, vault.snapshot, values, replacements, _date(first), _date(last), keys, root, size
    )


def groups(vault: Vault) -> Iterator[Group]:
    """What was recorded, by operator, type, scope and day; never a value."""
    with told():
        for operator, entity, scope, day, version, count in vault.connection.execute(
            "SELECT operator, entity, scope, day, version, count(*) FROM spellings "
            "GROUP BY operator, entity, scope, day, version ORDER BY day, operator, entity, scope"
        ):
            yield Group(operator, entity, scope.hex(), _EPOCH + timedelta(days=day), version, count)


def rotate(vault: Vault, progress: Callable[[int], None] | None = None) -> tuple[int, int]:
    """Add a sealing key, seal every row anew with it, drop the old ones.

    All keys are wrapped by the current key ``vault`` afterwards. Other processes may go on
    writing. A rotation that was cut short leaves rows of two versions, all readable; the
    next one finishes the work. Returns the new version and the number of rows.

    Raises:
        StateError: the vault cannot be written, or the key ``vault`` is missing.
    """
    done = 0
    with told():
        with _Transaction(vault):
            version = wrapping.add_version(vault.connection, vault.id)
        vault._load()
        for table, key in (("entries", ("lookup", "core")), ("spellings", ("exact", "scope"))):
            while count := _reseal(vault, table, key, version):
                done += count
                if progress is not None:
                    progress(done)
        with _Transaction(vault):
            vault.connection.execute(
                "DELETE FROM keys WHERE version > 0 AND version < ? AND version NOT IN "
                "(SELECT version FROM entries UNION SELECT version FROM spellings)",
                (version,),
            )
    _forget_old_pages(vault)
    vault._load()
    return version, done


def purge(
    vault: Vault,
    *,
    before: date | None = None,
    scope: str | None = None,
    matches: Callable[[Mapping[str, Any]], bool] | None = None,
) -> int:
    """Remove what was recorded, for good; what is left out of account counts for all.

    Args:
        vault: the vault.
        before: only what was recorded before this day (UTC).
        scope: only what holds in this scope.
        matches: only replacements whose payload it accepts (every one is opened to ask).

    Returns the number of replacements removed. They can never be restored any more, and a
    value that comes again may get another pseudonym.

    Raises:
        StateError: the vault cannot be written.
    """
    day = (before - _EPOCH).days if before else 1 << 40
    mark = vault.marks.scope(scope) if scope is not None else None
    where, values = "day < ? AND (? IS NULL OR scope = ?)", (day, mark, mark)
    with told(), _Transaction(vault):
        run = vault.connection.execute
        if matches is None:
            removed = run(f"DELETE FROM spellings WHERE {where}", values).rowcount
            run(f"DELETE FROM entries WHERE {where}", values)
        else:
            removed = _purge_matching(vault, where, values, matches)
        _sum_anew(vault)
    _forget_old_pages(vault)
    vault.rollback()  # nothing is open; forgets what is remembered in memory
    vault._cores.clear()
    return int(removed)


def _purge_matching(
    vault: Vault, where: str, values: tuple[Any, ...], matches: Callable[[Mapping[str, Any]], bool]
) -> int:
    run = vault.connection.execute
    going: list[tuple[bytes, bytes, str]] = []
    for exact, scope, version, sealed in run(
        f"SELECT exact, scope, version, sealed FROM spellings WHERE {where}", values
    ):
        payload = vault._unseal(version, sealed, exact + scope)
        if matches(payload):
            going.append((exact, scope, str(payload.get("core", ""))))
    for exact, scope, core in going:
        run("DELETE FROM spellings WHERE exact = ? AND scope = ?", (exact, scope))
        if core:
            run("DELETE FROM entries WHERE core = ?", (vault.marks.of("core", core),))
    return len(going)


def _reseal(vault: Vault, table: str, key: tuple[str, str], version: int) -> int:
    """One batch of rows sealed with older keys; 0 when none is left."""
    first, second = key
    with _Transaction(vault):
        run = vault.connection.execute
        rows = run(
            f"SELECT {first}, {second}, version, sealed FROM {table} WHERE version < ? LIMIT ?",
            (version, _BATCH),
        ).fetchall()
        for one, two, old, sealed in rows:
            identity = one + two
            payload = vault._unseal(old, sealed, identity)
            run(
                f"UPDATE {table} SET version = ?, sealed = ? WHERE {first} = ? AND {second} = ?",
                (vault._version, vault._seal(payload, identity), one, two),
            )
    return len(rows)


def _sum_anew(vault: Vault) -> None:
    run = vault.connection.execute
    total = sum(digest_of(one + two) for one, two in run("SELECT lookup, core FROM entries"))
    total += sum(digest_of(one + two) for one, two in run("SELECT exact, scope FROM spellings"))
    vault._put_meta("state", (total % (1 << 256)).to_bytes(32, "big"))


def _forget_old_pages(vault: Vault) -> None:
    """Deleted bytes leave the file (secure_delete) and the write-ahead log, too."""
    with told():
        vault.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, or all of it undone."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def __enter__(self) -> None:
        self._vault.commit()
        self._vault.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        run = self._vault.connection.execute
        if kind is None:
            try:
                run("COMMIT")
            except BaseException:
                self._undo()
                raise
        else:
            self._undo()

    def _undo(self) -> None:
        if self._vault.connection.in_transaction:
            self._vault.connection.execute("ROLLBACK")


def _date(day: int | None) -> date | None:
    return None if day is None else _EPOCH + timedelta(days=day)


def parse_day(text: str) -> date:
    """A day as 2026-12-31.

    Raises:
        ValueError: it is not one.
    """
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
