"""The vault's SQLite file: owner-only, opened durable, every failure told plainly.

Nothing in it can be read without the key ``vault``: values are sealed (AES-256-GCM), and
everything that is looked up is a keyed hash (*mark*). In clear stand counts, days, operator
and entity names, and lengths of replacements.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redactor.errors import StateError
from redactor.home import folder

APPLICATION = 0x52445654  # "RDVT": tells a vault from any other SQLite file
SCHEMA = 1
_BUSY_SECONDS = 30.0  # several processes share a vault; they hold it for a chunk's masking

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
-- version 0 is the key of all marks, 1, 2 ... seal values, all wrapped by the root key `root`
CREATE TABLE keys (
    version INTEGER PRIMARY KEY, made TEXT NOT NULL, root TEXT NOT NULL, wrapped BLOB NOT NULL);
-- value -> pseudonym or token, `core` being unique: no two values share one
CREATE TABLE entries (
    lookup BLOB NOT NULL, attempt INTEGER NOT NULL, core BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL, scope BLOB NOT NULL, day INTEGER NOT NULL, version INTEGER NOT NULL,
    sealed BLOB NOT NULL, PRIMARY KEY (lookup, attempt)) WITHOUT ROWID;
-- replacement as it was written -> how to undo it
CREATE TABLE spellings (
    exact BLOB NOT NULL, scope BLOB NOT NULL, loose BLOB NOT NULL,
    prefix INTEGER NOT NULL, length INTEGER NOT NULL, operator TEXT NOT NULL,
    entity TEXT NOT NULL, day INTEGER NOT NULL, version INTEGER NOT NULL,
    sealed BLOB NOT NULL, PRIMARY KEY (exact, scope)) WITHOUT ROWID;
CREATE INDEX spellings_loose ON spellings (loose);
CREATE INDEX spellings_prefix ON spellings (prefix, length);
CREATE TABLE counters (name BLOB PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
"""


def default_path() -> Path:
    """The vault of this state folder."""
    return folder("vault") / "vault.sqlite"


def connect(path: Path, *, create: bool, busy_seconds: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """Open a vault file; where it is missing it is made, owner-only, if ``create``.

    Tables are not made here: see :func:`is_empty` and :func:`make_tables`.

    Raises:
        StateError: missing, not a vault, of a newer program, damaged, locked, or open to others.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise StateError("the vault is not a regular file: name the file itself with --vault")
    if not path.exists() and not create:
        raise StateError(
            "there is no vault: nothing was recorded here, or its file is another (--vault FILE)"
        )
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        info = path.lstat()
    except OSError as error:
        raise StateError(f"the vault cannot be opened ({error.strerror})") from None
    if hasattr(os, "getuid") and info.st_uid != os.getuid():
        raise StateError("the vault belongs to another user")
    if stat.S_IMODE(info.st_mode) & 0o077:
        raise StateError("the vault can be read or written by others: chmod 600 it")
    with told():
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        try:
            _check(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
        except BaseException:
            connection.close()
            raise
    return connection


def is_empty(connection: sqlite3.Connection) -> bool:
    """True for a file that holds no tables yet."""
    with told():
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not tables


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables; only inside a transaction."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={SCHEMA}")


def _check(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")  # one state of the file: another process may be making it
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    empty = is_empty(connection)
    connection.execute("COMMIT")
    if application != APPLICATION and not empty:
        raise StateError("this file is no redactor vault: name another with --vault")
    if version > SCHEMA:
        raise StateError(
            f"the vault was made by a newer redactor (schema {version}, this one knows {SCHEMA}): "
            "upgrade redactor"
        )


@contextmanager
def told() -> Iterator[None]:
    """Turn SQLite's errors into a sentence that says what to do; names no path or value."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        advice = "nothing was released"
        if "FULL" in name or "IOERR" in name:
            advice = "free some disk space and run again; " + advice
        elif "BUSY" in name or "LOCKED" in name:
            advice = "another process holds it for too long; " + advice
        elif "READONLY" in name or "CANTOPEN" in name:
            advice = "its file or folder cannot be written; " + advice
        elif "CORRUPT" in name or "NOTADB" in name:
            advice = "it is damaged: bring back a copy of it; " + advice
        raise StateError(f"the vault cannot be used ({name}): {advice}") from None
