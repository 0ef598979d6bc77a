"""Putting redacted members together, one after another, through a temporary file each.

The temporary files hold redacted bytes only and have no name.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, Protocol, cast

from redactor.formats.archive.members import HEADER, Entry, MemberChunk
from redactor.formats.base import Assembler, Chunk, Container
from redactor.formats.source import open_sink

_BLOCK = 1 << 20


class Writer(Protocol):
    """Writes members into an archive."""

    def member(self, entry: Entry, name: str, content: BinaryIO | None, size: int) -> None:
        """One whole member; ``content`` None for a folder."""
        ...

    def close(self) -> None:
        """Complete the archive."""
        ...


class ArchiveAssembler:
    """Collects the chunks of each member and hands whole members to a :class:`Writer`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._manifest: list[Any] = []
        self._member: _Member | None = None

    def add(self, chunk: Chunk, piece: BinaryIO) -> None:
        """Take in the next chunk; see :class:`~redactor.formats.base.Assembler`."""
        assert isinstance(chunk, MemberChunk)
        (length,) = HEADER.unpack(piece.read(HEADER.size))
        if length >= 0:
            self._close_member()
            name = piece.read(length).decode("utf-8", "surrogateescape")
            self._member = _Member(chunk, name)
        assert self._member is not None
        self._member.add(chunk, piece)

    def finish(self) -> Sequence[Any]:
        """Per member: name, digest of its (unpacked) content, and a container's own list."""
        self._close_member()
        self._writer.close()
        return self._manifest

    def _close_member(self) -> None:
        if self._member is not None:
            self._manifest.append(self._member.close(self._writer))
            self._member = None


class _Member:
    """The member at hand."""

    def __init__(self, chunk: MemberChunk, name: str) -> None:
        from redactor.formats import FORMATS

        self._entry, self._name = chunk.entry, name
        self._format = chunk.format
        self._digest = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._inner: Assembler | None = None
        if not chunk.entry.folder:
            # closed in close(), or with the process
            self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
            self._sink: BinaryIO = self._file
            if chunk.compression is not None:
                self._sink = open_sink(_Unclosed(self._file), chunk.compression)
            format_ = FORMATS[chunk.format]()
            if isinstance(format_, Container):
                self._inner = format_.assembler(self._sink)

    def add(self, chunk: MemberChunk, piece: BinaryIO) -> None:
        if chunk.inner is None:
            return
        if self._inner is not None:
            self._inner.add(chunk.inner, piece)
            return
        while block := piece.read(_BLOCK):
            self._digest.update(block)
            self._sink.write(block)

    def close(self, writer: Writer) -> list[Any]:
        listed: list[Any] = [self._name, "", "", []]
        if self._file is None:
            writer.member(self._entry, self._name, None, 0)
            return listed
        if self._inner is not None:
            listed[2:] = [self._format, list(self._inner.finish())]
        else:
            listed[1] = self._digest.hexdigest()
        if self._sink is not self._file:
            self._sink.close()
        size = self._file.tell()
        self._file.seek(0)
        with self._file:
            writer.member(self._entry, self._name, self._file, size)
        return listed


class _Unclosed:
    """A file that a compressor cannot close."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def write(self, data: bytes) -> int:
        return self._inner.write(data)

    def flush(self) -> None:
        self._inner.flush()

    def writable(self) -> bool:
        return True
