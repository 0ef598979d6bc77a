"""The vault's own keys, wrapped by the named key ``vault``.

Version 0 makes marks and stays for the vault's life: without it nothing recorded could be
looked up again. Versions from 1 seal values; the highest seals new ones. Rotation adds a
version and wraps all of them anew under the current key ``vault``.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from redactor.errors import StateError
from redactor.keys import KEY_BYTES, Key, find_key, get_key
from redactor.sealing import seal, unseal

ROOT = "vault"
FindKey = Callable[[str, str], Key]


def make_keys(connection: sqlite3.Connection, vault: str) -> None:
    """The first two keys of a new vault; only inside a transaction."""
    root = get_key(ROOT)
    for version in (0, 1):
        _put(connection, vault, version, secrets.token_bytes(KEY_BYTES), root)


def add_version(connection: sqlite3.Connection, vault: str) -> int:
    """A new sealing key, and every key wrapped by the current root; returns its version."""
    root = get_key(ROOT, create=False)
    keys = read_keys(connection, vault)
    version = max(keys) + 1
    keys[version] = secrets.token_bytes(KEY_BYTES)
    for number, secret in keys.items():
        _put(connection, vault, number, secret, root)
    return version


def read_keys(connection: sqlite3.Connection, vault: str) -> dict[int, bytes]:
    """Version -> secret of every key of the vault.

    Raises:
        StateError: the key ``vault`` that wraps them is not here, or they were changed.
    """
    rows = connection.execute("SELECT version, root, wrapped FROM keys").fetchall()
    found = {int(row[0]): _open(vault, int(row[0]), str(row[1]), bytes(row[2])) for row in rows}
    if 0 not in found or max(found) < 1:
        raise StateError("the vault is damaged: its keys are missing; bring back a copy of it")
    return found


def _open(vault: str, version: int, root: str, wrapped: bytes) -> bytes:
    key = find_key(ROOT, root)
    try:
        return unseal(key.derive("vault keys"), wrapped, f"{vault}:key:{version}")
    except StateError:
        raise StateError("the vault's keys do not open: it was changed, or is damaged") from None


def _put(
    connection: sqlite3.Connection, vault: str, version: int, secret: bytes, root: Key
) -> None:
    wrapped = seal(root.derive("vault keys"), secret, f"{vault}:key:{version}")
    today = datetime.now(UTC).date().isoformat()
    connection.execute(
        "INSERT INTO keys VALUES (?, ?, ?, ?) "
        "ON CONFLICT (version) DO UPDATE SET root = excluded.root, wrapped = excluded.wrapped",
        (version, today, root.id, wrapped),
    )
