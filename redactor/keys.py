"""Named secret keys: from the environment, the OS keyring, or made in the state folder.

Looked for in this order:

1. ``REDACTOR_KEY_<NAME>`` (upper case, ``-`` as ``_``): 32 bytes as 64 hex digits or base64;
2. ``REDACTOR_KEY_<NAME>__FILE``: path of an owner-only file that holds the same (mounted secrets);
3. the OS keyring (service ``redactor``), when ``REDACTOR_KEYRING=1``;
4. ``<state folder>/keys/<name>.key``, owner-only, made on first use.

A key may have **versions**: the one above is the current one, earlier ones are numbered from
1 and stand beside it (``REDACTOR_KEY_<NAME>__1``, keyring entry ``<name>.1``,
``<name>.1.key``). New work uses the current version; what an earlier one made names that
version's id and is undone with :func:`find_key`.

A key's ``id`` is a truncated SHA-256 of a label and the secret: it can stand in an audit
row or in an encrypted token without telling the key.
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
from typing import Any

from redactor.errors import StateError
from redactor.home import check_owned, folder, write_private

KEY_BYTES = 32
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")
_FILE = re.compile(r"([a-z][a-z0-9-]{0,63})(?:\.(\d{1,6}))?\.key\Z")
_SERVICE = "redactor"
_MOST_VERSIONS = 10_000

# What hangs on these keys cannot move to another: signatures, sealed epochs, sealed paths.
FIXED = {
    "audit-signing": "the audit trail is signed with it: keep it, or begin another ledger",
    "auditor": "sealed fingerprint epochs open with it only: set REDACTOR_AUDITOR_PUBLIC instead",
    "workspace": "what waits for review is sealed with it: keep it",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A named secret of 32 bytes. ``repr`` shows name and id only."""

    name: str
    id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HMAC-SHA-256 of the purpose under this key)."""
        return hmac.digest(self.secret, b"redactor:" + purpose.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Held:
    """A key version that this machine holds.

    ``version`` is 1 for the first; ``source`` is ``environment``, ``file``, ``keyring`` or
    ``state folder``.
    """

    name: str
    version: int
    id: str
    source: str
    current: bool


def get_key(name: str, *, create: bool = True) -> Key:
    """The current key of that name; made on first use unless ``create`` is false.

    Raises:
        StateError: bad name, key of a wrong length, missing, or readable by others.
    """
    _check_name(name)
    secret = _read(name, None)
    if secret is not None:
        return _key(name, secret)
    if not create:
        raise StateError(f"there is no key named {name}: {_where(name)}")
    if _keyring_wanted():
        _put_in_keyring(name, None, secrets.token_hex(KEY_BYTES))
        return get_key(name, create=False)
    path = folder("keys") / f"{name}.key"
    if _earlier(name):
        # a new key here would be taken for the current version of one that was lost
        raise StateError(f"the current key named {name} is missing, earlier ones are here: restore")
    _create_file(path)
    return _key(name, _read_file(path))


def find_key(name: str, key_id_: str) -> Key:
    """The version of a key that has this id.

    Raises:
        StateError: none of the versions held here has it; says which are held.
    """
    held = key_versions(name)
    for key in held:
        if key.id == key_id_:
            return key
    if not held:
        raise StateError(f"the key named {name} (id {key_id_}) is not here: {_where(name)}")
    ids = ", ".join(key.id for key in held)
    raise StateError(
        f"this was made with another key named {name} (id {key_id_}); held here: {ids}. "
        f"Bring that key: {_where(name)}"
    )


def key_versions(name: str) -> list[Key]:
    """Every version held here, the current one first, then the newest earlier one."""
    _check_name(name)
    current = _read(name, None)
    found = [] if current is None else [_key(name, current)]
    found += [_key(name, secret) for _, secret in reversed(_earlier(name))]
    return list({key.id: key for key in found}.values())


def list_keys() -> list[Held]:
    """Keys of the state folder and the environment, and their keyring entries, by name.

    The OS keyring cannot be listed: its keys show where a file or a variable names them,
    and the well-known names are asked for.
    """
    names = {"default", "vault", *FIXED} if _keyring_wanted() else set()
    names |= {match[1] for path in folder("keys").iterdir() if (match := _FILE.match(path.name))}
    for variable in os.environ:
        if variable.startswith("REDACTOR_KEY_"):
            stem = variable.removeprefix("REDACTOR_KEY_").split("__")[0]
            names.add(stem.lower().replace("_", "-"))
    listed: list[Held] = []
    for name in sorted(name for name in names if _NAME.match(name)):
        earlier = _earlier(name)
        source = _source(name)
        listed += [
            Held(name, number, key_id(secret), _source(name, number) or "state folder", False)
            for number, secret in earlier
        ]
        if source is not None:
            listed.append(Held(name, len(earlier) + 1, get_key(name).id, source, True))
    return listed


def rotate_key(name: str) -> tuple[Key, Key]:
    """Make a new current version; the old one stays as the next numbered one.

    Returns the old and the new key. The old one is durable before the new one counts, so
    a crash between the two leaves the old key current.

    Raises:
        StateError: there is none, it comes from the environment (rotate it there), or what
            hangs on it cannot follow.
    """
    old = get_key(name, create=False)
    if name in FIXED:
        raise StateError(f"the key {name} is not rotated: {FIXED[name]}")
    source = _source(name)
    number = len(_earlier(name)) + 1
    fresh = secrets.token_hex(KEY_BYTES)
    if source in ("environment", "file"):
        variable = _variable(name)
        raise StateError(
            f"the key {name} comes from the {source}: rotate it there, and give the old one as "
            f"{variable}__{number}"
        )
    if source == "keyring":
        _put_in_keyring(name, number, old.secret.hex())
        _put_in_keyring(name, None, fresh)
    else:
        keys = folder("keys")
        _create_file(keys / f"{name}.{number}.key", old.secret.hex())
        if _read_file(keys / f"{name}.{number}.key") != old.secret:
            raise StateError(f"another process is rotating the key {name}: run again")
        try:
            write_private(keys / f"{name}.key", (fresh + "\n").encode())
        except OSError as error:
            raise StateError(
                f"the new key cannot be written ({error.strerror}): the old one is still current"
            ) from None
    return old, get_key(name, create=False)


def key_id(secret: bytes) -> str:
    """Public id of a secret: 16 hex digits."""
    return hashlib.sha256(b"redactor key id\0" + secret).hexdigest()[:16]


def _key(name: str, secret: bytes) -> Key:
    return Key(name, key_id(secret), secret)


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise StateError(f"not a key name: {name!r} (lower-case letters, digits and -)")


def _variable(name: str) -> str:
    return "REDACTOR_KEY_" + name.upper().replace("-", "_")


def _earlier(name: str) -> list[tuple[int, bytes]]:
    """Numbered versions, oldest first; without a gap, since a rotation counts them."""
    found: list[tuple[int, bytes]] = []
    for number in range(1, _MOST_VERSIONS):
        secret = _read(name, number)
        if secret is None:
            break
        found.append((number, secret))
    return found


def _read(name: str, number: int | None) -> bytes | None:
    """The current secret (``number`` None) or an earlier one, or None."""
    for read in (_from_environment, _from_keyring, _from_file):
        secret = read(name, number)
        if secret is not None:
            return secret
    return None


def _source(name: str, number: int | None = None) -> str | None:
    """Where a key comes from, or None where it is not here."""
    variable = _variable(name) + ("" if number is None else f"__{number}")
    if variable in os.environ:
        return "environment"
    if number is None and f"{variable}__FILE" in os.environ:
        return "file"
    if _from_keyring(name, number) is not None:
        return "keyring"
    return "state folder" if _path(name, number).exists() else None


def _from_environment(name: str, number: int | None) -> bytes | None:
    variable = _variable(name) + ("" if number is None else f"__{number}")
    value = os.environ.get(variable)
    if value is not None:
        return _decode(value, f"environment variable {variable}")
    named = os.environ.get(f"{variable}__FILE") if number is None else None
    if named is None:
        return None
    path = Path(named)
    where = f"the key file of {variable}__FILE"
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii", "replace")
    except OSError as error:
        raise StateError(f"{where} cannot be read ({error.strerror}): mend the path") from None
    if mode & 0o077:
        raise StateError(f"{where} is readable by others: chmod 600 it")
    return _decode(text, where)


def _keyring_wanted() -> bool:
    return os.environ.get("REDACTOR_KEYRING") == "1"


def _from_keyring(name: str, number: int | None) -> bytes | None:
    if not _keyring_wanted():
        return None
    entry = name if number is None else f"{name}.{number}"
    value = _ask_keyring("get_password", entry)
    return None if value is None else _decode(str(value), f"keyring entry {entry}")


def _put_in_keyring(name: str, number: int | None, value: str) -> None:
    _ask_keyring("set_password", name if number is None else f"{name}.{number}", value)


def _ask_keyring(method: str, entry: str, *rest: str) -> Any:
    try:
        import keyring  # only where asked for: slow to import
        import keyring.errors
    except ImportError:
        raise StateError("REDACTOR_KEYRING=1 needs: pip install 'redactor[keyring]'") from None
    try:
        return getattr(keyring, method)(_SERVICE, entry, *rest)
    except keyring.errors.KeyringError as error:
        raise StateError(
            f"the OS keyring cannot be used ({type(error).__name__}): "
            "unset REDACTOR_KEYRING or set up a keyring backend"
        ) from None


def _path(name: str, number: int | None) -> Path:
    return folder("keys") / (f"{name}.key" if number is None else f"{name}.{number}.key")


def _from_file(name: str, number: int | None) -> bytes | None:
    path = _path(name, number)
    return _read_file(path) if path.exists() or path.is_symlink() else None


def _read_file(path: Path) -> bytes:
    check_owned(path)
    if path.stat().st_mode & 0o077:
        raise StateError(f"key file {path.name} is readable by others: chmod 600 it")
    try:
        text = path.read_text("ascii", "replace")
    except OSError as error:
        raise StateError(f"key file {path.name} cannot be read ({error.strerror})") from None
    return _decode(text, f"key file {path.name}")


def _create_file(path: Path, value: str | None = None) -> None:
    """Write a new key so that of two processes at once exactly one wins."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write((value or secrets.token_hex(KEY_BYTES)) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(temporary, path)
        _sync(path.parent)
    except FileExistsError:
        pass  # the other process's key stands
    except OSError as error:
        raise StateError(f"a key cannot be written ({error.strerror}): free the disk") from None
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """A key that something was sealed with must not vanish with the power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    return (
        f"set {_variable(name)}, or put its file into the keys folder of the state folder "
        "(`redactor keys list` shows what is there)"
    )
