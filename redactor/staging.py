"""Crash-safe output: a temporary file beside the destination, fsynced, then renamed.

Until :meth:`StagedFile.release` nothing stands under the destination's name, whatever
happens; the temporary file holds only redacted bytes, is owner-only, and is removed on
every way out but ``kill -9``, after which recovery removes it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from redactor.errors import DestinationError

PREFIX = ".redactor-"


class StagedFile:
    """Bytes on their way to a destination.

    ``path`` is the temporary file, ``size`` and ``sha256`` describe what was written.

    Raises:
        DestinationError: the folder is missing, not writable, or full.
    """

    def __init__(self, folder: Path, item: str, purpose: str = "out") -> None:
        self.path = folder / f"{PREFIX}{item}.{purpose}.tmp"
        self.size = 0
        self._hash = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._file: BinaryIO = os.fdopen(os.open(self.path, flags, 0o600), "wb")
        except OSError as error:
            raise cannot_write(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            raise cannot_write(error) from None
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def writable(self) -> bool:
        """Part of the binary-file protocol, for compressors writing into this."""
        return True

    def flush(self) -> None:
        """Hand the bytes to the operating system, so that the verifier can read them."""
        try:
            self._file.flush()
        except OSError as error:
            raise cannot_write(error) from None

    def restart(self) -> None:
        """Empty the file: the next chunk's bytes take the place of the last one's."""
        self.flush()
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        self._hash = hashlib.sha256()

    def sync(self) -> None:
        """Bring the bytes to the disk; after this nothing may be written."""
        self.flush()
        try:
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise cannot_write(error) from None

    def release(self, destination: Path, *, overwrite: bool, private: bool = False) -> None:
        """Give the finished file its name, with the permissions of an ordinary new file.

        ``private``: owner-only (0600) instead.

        Raises:
            DestinationError: the name was taken meanwhile (and ``overwrite`` is off).
        """
        umask = os.umask(0)
        os.umask(umask)
        try:
            self.path.chmod(0o600 if private else 0o666 & ~umask)
            if overwrite or not self._link(destination):
                self.path.replace(destination)
            sync_folder(destination.parent)
        except FileExistsError:
            raise DestinationError(
                "the output exists already: name another, or add --overwrite"
            ) from None
        except OSError as error:
            raise cannot_write(error) from None

    def _link(self, destination: Path) -> bool:
        """Take the name only if it is free; False where the file system has no hard links."""
        try:
            os.link(self.path, destination)
        except FileExistsError:
            raise
        except OSError:
            if destination.exists():
                raise FileExistsError(errno.EEXIST, "exists") from None
            return False
        self.path.unlink()
        return True

    def discard(self) -> None:
        """Close and remove what is left; harmless after a release."""
        with contextlib.suppress(OSError):  # a full disk fails the last flush
            self._file.close()
        self.path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(error: OSError) -> DestinationError:
    """A plain sentence for an output that cannot be written; names no path."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DestinationError("the disk is full: free some space and run again; nothing was left")
    reason = error.strerror or type(error).__name__
    return DestinationError(f"the output cannot be written ({reason}): choose another place")
