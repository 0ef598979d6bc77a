"""Named secret keys: from the environment, the OS keyring, or made in the state folder.

Looked for in this order:

1. ``REDACTOR_KEY_<NAME>`` (upper case, ``-`` as ``_``): 32 bytes as 64 hex digits or base64;
2. the OS keyring (service ``redactor``), when ``REDACTOR_KEYRING=1``;
3. ``<state folder>/keys/<name>.key``, owner-only, made on first use.

A key's ``id`` is a truncated SHA-256 of a label and the secret: it can stand in an audit
row without telling the key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from redactor.errors import StateError
from redactor.home import check_owned, folder

KEY_BYTES = 32
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Key:
    """A named secret of 32 bytes. ``repr`` shows name and id only."""

    name: str
    id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HMAC-SHA-256 of the purpose under this key)."""
        return hmac.digest(self.secret, b"redactor:" + purpose.encode(), "sha256")


def get_key(name: str, *, create: bool = True) -> Key:
    """The key of that name; made on first use unless ``create`` is false.

    Raises:
        StateError: bad name, key of a wrong length, missing, or readable by others.
    """
    if not _NAME.match(name):
        raise StateError(f"not a key name: {name!r} (lower-case letters, digits and -)")
    secret = _from_environment(name) or _from_keyring(name, create) or _from_file(name, create)
    return Key(name, key_id(secret), secret)


def key_id(secret: bytes) -> str:
    """Public id of a secret: 16 hex digits."""
    return hashlib.sha256(b"redactor key id\0" + secret).hexdigest()[:16]


def _from_environment(name: str) -> bytes | None:
    variable = "REDACTOR_KEY_" + name.upper().replace("-", "_")
    value = os.environ.get(variable)
    if value is None:
        return None
    return _decode(value, f"environment variable {variable}")


def _from_keyring(name: str, create: bool) -> bytes | None:
    if os.environ.get("REDACTOR_KEYRING") != "1":
        return None
    import keyring  # only where asked for: slow to import
    import keyring.errors

    try:
        value = keyring.get_password("redactor", name)
        if value is None and create:
            value = secrets.token_hex(KEY_BYTES)
            keyring.set_password("redactor", name, value)
    except keyring.errors.KeyringError as error:
        raise StateError(
            f"the OS keyring cannot be used ({type(error).__name__}): "
            "unset REDACTOR_KEYRING or set up a keyring backend"
        ) from None
    return None if value is None else _decode(value, f"keyring entry {name}")


def _from_file(name: str, create: bool) -> bytes:
    path = folder("keys") / f"{name}.key"
    if not path.exists():
        if not create:
            raise StateError(f"there is no key named {name}: {_where(name)}")
        _create_file(path)
    check_owned(path)
    if path.stat().st_mode & 0o077:
        raise StateError(f"key file {path.name} is readable by others: chmod 600 it")
    return _decode(path.read_text("ascii", "replace"), f"key file {path.name}")


def _create_file(path: Path) -> None:
    """Write a new key so that of two processes at once exactly one wins."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_hex(KEY_BYTES) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # the other process's key stands
    finally:
        temporary.unlink(missing_ok=True)


def _decode(value: str, where: str) -> bytes:
    text = value.strip()
    try:
        secret = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise StateError(f"{where} is not a key: it must hold 32 bytes as hex or base64")
    return secret


def _where(name: str) -> str:
    variable = "REDACTOR_KEY_" + name.upper().replace("-", "_")
    return f"set {variable}, or put its file into the keys folder of the state folder"
