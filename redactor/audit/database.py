"""The ledger's SQLite file: made owner-only, opened durable, errors told plainly."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redactor.audit.chain import Row
from redactor.errors import StateError
from redactor.home import check_owned, folder

_BUSY_SECONDS = 30.0  # several processes share a ledger; a commit takes milliseconds

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
    body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT);
CREATE TRIGGER IF NOT EXISTS rows_stay BEFORE DELETE ON rows
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS rows_hold
    BEFORE UPDATE OF seq, time, kind, item, body, prev, hash ON rows
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
-- what recovery needs; paths sealed; rows go when their item is closed
CREATE TABLE IF NOT EXISTS open (
    seq INTEGER PRIMARY KEY, item TEXT NOT NULL, run TEXT NOT NULL,
    output TEXT NOT NULL, paths BLOB);
CREATE TABLE IF NOT EXISTS places (run TEXT NOT NULL, folder BLOB NOT NULL);
-- fingerprint keys, sealed to the auditor's public key
CREATE TABLE IF NOT EXISTS epochs (
    id TEXT PRIMARY KEY, month TEXT NOT NULL, auditor TEXT NOT NULL, sealed BLOB NOT NULL);
"""


def default_path() -> Path:
    """The ledger of this state folder."""
    return folder("audit") / "ledger.sqlite"


def connect(path: Path) -> sqlite3.Connection:
    """Open for writing; the file is made, owner-only, where it is missing.

    Raises:
        StateError: it cannot be made or opened, is damaged, or others could have planted it.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        check_owned(path)
    except OSError as error:
        raise StateError(f"the audit ledger cannot be opened ({error.strerror})") from None
    with told():
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            (tables,) = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'epochs'"
            ).fetchone()
            if not tables:
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing ledger without changing it.

    Raises:
        StateError: there is none, or it cannot be opened.
    """
    if not path.is_file():
        raise StateError("there is no audit ledger yet: redact something first, or use --ledger")
    with told():
        uri = path.absolute().as_uri() + "?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def read_rows(connection: sqlite3.Connection, after: int = 0) -> Iterator[Row]:
    """Rows in order, from the one after seq ``after``."""
    for record in connection.execute(
        "SELECT seq, time, kind, item, body, prev, hash, signature FROM rows "
        "WHERE seq > ? ORDER BY seq",
        (after,),
    ):
        yield Row(*record)


@contextmanager
def told() -> Iterator[None]:
    """Turn SQLite's errors into a sentence that says what to do; names no path or value."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        advice = "nothing more is released"
        if "FULL" in name or "IOERR" in name:
            advice = "free some disk space and run again; " + advice
        elif "BUSY" in name or "LOCKED" in name:
            advice = "another process holds it for too long; " + advice
        elif "CORRUPT" in name or "NOTADB" in name:
            advice = "run `redactor audit verify`; move it away to begin another; " + advice
        raise StateError(f"the audit ledger cannot be used ({name}): {advice}") from None
