"""The state folder: keys, ledger, caches, review store. Owner-only, made on first use."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from redactor.errors import StateError


def home() -> Path:
    """The state folder: ``$REDACTOR_HOME`` or the platform's per-user state folder."""
    named = os.environ.get("REDACTOR_HOME")
    if named:
        return Path(named)
    import platformdirs  # 17 ms: only where no folder is named

    return Path(platformdirs.user_state_dir("redactor", appauthor=False))


def folder(name: str = "") -> Path:
    """A subfolder of the state folder, made with mode 0700.

    Raises:
        StateError: it cannot be made, is a symbolic link, or belongs to someone else.
    """
    top = home()
    path = top / name if name else top
    try:
        for part in (top, path):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(
            f"the state folder cannot be made ({error.strerror}): "
            "set REDACTOR_HOME to a folder that you may write"
        ) from None
    check_owned(path)
    return path


def check_owned(path: Path) -> None:
    """Refuse a file or folder of the state folder that others could have planted.

    Raises:
        StateError: symbolic link, other owner, or writable by group or others.
    """
    info = path.lstat()
    if stat.S_ISLNK(info.st_mode):
        raise StateError(f"{path.name} in the state folder is a symbolic link: remove it")
    if hasattr(os, "getuid") and info.st_uid != os.getuid():
        raise StateError(f"{path.name} in the state folder belongs to another user")
    if info.st_mode & 0o022:
        raise StateError(
            f"{path.name} in the state folder is writable by others: chmod go-w it first"
        )


def write_private(path: Path, data: bytes) -> None:
    """Write a file of the state folder whole: temporary name, mode 0600, fsync, rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
