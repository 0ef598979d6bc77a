"""Which runs are alive: each holds a lock on a file of its own name while it lasts.

The lock goes with its process, however that dies, so a lock that can be taken, or a file
that is missing, means a run that has ended.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redactor.errors import StateError

_NAME = re.compile(r"([0-9a-f]{16})\.lock\Z")


class RunLock:
    """The lock of one run; ``id`` is 16 hex digits and begins the ids of its items."""

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(8)
        self.is_released = False
        self._path = folder / f"{self.id}.lock"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            self._descriptor = self._take()
        except OSError as error:
            raise StateError(f"the run's lock cannot be made ({error.strerror})") from None

    def _take(self) -> int:
        """Lock the file; again if a recovery removed it between making and locking."""
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)

    def release(self) -> None:
        """The run has ended. Harmless a second time."""
        if self.is_released:
            return
        self.is_released = True
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def named(folder: Path) -> set[str]:
    """Ids of all runs that have a lock file, alive or not."""
    if not folder.is_dir():
        return set()
    return {match[1] for entry in folder.iterdir() if (match := _NAME.match(entry.name))}


@contextmanager
def ended(folder: Path, run: str) -> Iterator[bool]:
    """Whether a run has ended; its lock is held meanwhile and its file removed after."""
    path = folder / f"{run}.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield True
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
