"""Opening a source: compression undone, bytes counted and hashed, bombs refused."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, cast

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions

_BLOCK = 1 << 18
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BZIP, _XZ = b"BZh", b"\xfd7zXZ\x00"
_XZ_MEMORY = 128 << 20  # most that an xz dictionary may take
_RATIO_FROM = 64 << 20  # small files may compress as well as they like
_IN_MEMORY = 256 << 20  # of a source that cannot be read at any place
_ZSTD_SLICE = 1024  # a zstd block of 4 bytes can hold 128 KiB: feed little at a time


class Source:
    """Decompressed bytes of an item, as a context manager.

    ``stream`` reads them; ``compression`` is None, ``gz``, ``zst``, ``bz2`` or ``xz``;
    ``bytes_read`` and ``digest`` (SHA-256 hex) speak of the raw input read so far.

    Raises:
        UnreadableError: truncated or corrupt compression, bomb, or too large.
    """

    def __init__(self, raw: BinaryIO, options: ReadOptions, *, close: bool) -> None:
        self._raw = _Counted(raw)
        self._close = close
        self._inner = raw
        head = self._raw.look(4)
        self.compression: str | None = None
        blocks = self._raw.blocks()
        if head.startswith(_GZIP):
            self.compression, blocks = "gz", _gunzip(self._raw)
        elif head.startswith(_ZSTD):
            self.compression, blocks = "zst", _unzstd(self._raw)
        elif head.startswith(_BZIP) and head[3:4] in b"123456789":
            self.compression, blocks = "bz2", _unpack(self._raw, _bzip_decompressor, "bzip2")
        elif self._raw.look(6).startswith(_XZ):
            self.compression, blocks = "xz", _unpack(self._raw, _xz_decompressor, "xz")
        guarded = _guard(blocks, self._raw, options, self.compression is not None)
        descriptor = _descriptor(raw) if self.compression is None else None
        self.stream: BinaryIO = _Stream(_Blocks(guarded), descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._close:
            self._inner.close()

    @property
    def bytes_read(self) -> int:
        """Raw bytes read so far."""
        return self._raw.count

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the raw bytes read so far."""
        return self._raw.state.hexdigest()

    def peek(self, size: int) -> bytes:
        """Up to ``size`` first bytes of the stream, without consuming them."""
        return cast(io.BufferedReader, self.stream).peek(size)[:size]

    def finish(self) -> None:
        """Read to the end, so that a damaged tail is seen and the digest covers the whole.

        Raises:
            UnreadableError: bytes are left over that no chunk covered.
        """
        if self.stream.read(1):
            raise UnreadableError("the source was not read to its end: report this as a fault")


def open_source(source: Path | BinaryIO, options: ReadOptions) -> Source:
    """Open a file or take an open binary stream.

    Raises:
        UnreadableError: not a regular file, or damaged at its start.
        OSError: it cannot be opened.
    """
    if isinstance(source, Path):
        if source.exists() and not source.is_file():
            raise UnreadableError("not a regular file: only files can be read")
        return Source(source.open("rb", buffering=0), options, close=True)
    return Source(source, options, close=False)


def open_sink(raw: Any, compression: str) -> BinaryIO:
    """A compressor writing into ``raw``; deterministic: no time, no name in the header."""
    if compression == "gz":
        return cast(BinaryIO, gzip.GzipFile("", "wb", 6, raw, mtime=0))
    if compression == "bz2":
        import bz2

        return cast(BinaryIO, bz2.BZ2File(raw, "wb"))
    if compression == "xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(raw, "wb"))
    import zstandard

    return cast(BinaryIO, zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False))


class _Counted:
    """Raw bytes with a count, a digest and a look ahead."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._ahead = b""
        self.count = 0
        self.state = sha256()

    def look(self, size: int) -> bytes:
        while len(self._ahead) < size:
            # what is at hand, not only what is asked for: the format is told by it as well
            more = self._fetch(_BLOCK)
            if not more:
                break
            self._ahead += more
        return self._ahead[:size]

    def read(self, size: int = -1) -> bytes:
        if self._ahead:
            end = size if size > 0 else len(self._ahead)
            block, self._ahead = self._ahead[:end], self._ahead[end:]
            return block
        return self._fetch(size if size > 0 else _BLOCK)

    def blocks(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def _fetch(self, size: int) -> bytes:
        # read1 returns what a pipe holds now; a live stream must not wait for a full block
        reader = getattr(self._raw, "read1", self._raw.read)
        block = bytes(reader(size) or b"")
        self.count += len(block)
        self.state.update(block)
        return block


class _Stream(io.BufferedReader):
    """Decompressed bytes; an uncompressed file can also be read at any place."""

    def __init__(self, blocks: _Blocks, descriptor: int | None) -> None:
        super().__init__(blocks, 1 << 20)
        self.descriptor = descriptor


def _descriptor(raw: BinaryIO) -> int | None:
    """The file descriptor of a regular file."""
    try:
        number = raw.fileno()
        return number if stat.S_ISREG(os.fstat(number).st_mode) else None
    except (AttributeError, OSError, ValueError):
        return None


class _Anywhere(io.RawIOBase):
    """A file read at any place by its descriptor, whose own position does not move."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._size = os.fstat(descriptor).st_size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._size)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def random_access(source: BinaryIO) -> BinaryIO:
    """The bytes of ``source`` as a file that can be read at any place.

    A plain file is read where it lies; anything else is held in memory. ``source`` itself
    is left at its start or its end: read the rest of it when done.

    Raises:
        UnreadableError: larger than 256 MiB and no plain file.
    """
    descriptor = getattr(source, "descriptor", None)
    if descriptor is not None:
        return io.BufferedReader(_Anywhere(descriptor), 1 << 16)
    data = source.read(_IN_MEMORY + 1)
    if len(data) > _IN_MEMORY:
        raise UnreadableError(
            f"larger than {_IN_MEMORY >> 20} MiB and not a file of its own: unpack it first"
        )
    return io.BytesIO(data)


class _Blocks(io.RawIOBase):
    """A raw stream over an iterator of blocks."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _gunzip(raw: _Counted) -> Iterator[bytes]:
    with gzip.GzipFile("", "rb", fileobj=cast(IO[bytes], raw)) as stream:
        try:
            while block := stream.read1(_BLOCK):
                yield block
        except EOFError:
            raise UnreadableError("the gzip data ends too early: the file is truncated") from None
        except (gzip.BadGzipFile, zlib.error):
            raise UnreadableError("the gzip data is damaged (bad checksum or structure)") from None


def _unzstd(raw: _Counted) -> Iterator[bytes]:
    import zstandard

    decompressor = zstandard.ZstdDecompressor()
    while raw.look(1):
        frame = decompressor.decompressobj()
        while not frame.eof:
            part = raw.read(_ZSTD_SLICE)
            if not part:
                raise UnreadableError("the zstd data ends too early: the file is truncated")
            try:
                block = frame.decompress(part)
            except zstandard.ZstdError:
                raise UnreadableError("the zstd data is damaged") from None
            if block:
                yield block
        raw._ahead = frame.unused_data + raw._ahead


def _bzip_decompressor() -> Any:
    import bz2

    return bz2.BZ2Decompressor()


def _xz_decompressor() -> Any:
    import lzma

    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


def _unpack(raw: _Counted, make: Callable[[], Any], kind: str) -> Iterator[bytes]:
    """Streams of bzip2 or xz, one behind the other; what unpacks to much comes bit by bit."""
    while raw.look(1):
        decompressor = make()
        while not decompressor.eof:
            part = raw.read(_BLOCK) if decompressor.needs_input else b""
            if not part and decompressor.needs_input:
                raise UnreadableError(f"the {kind} data ends too early: the file is truncated")
            try:
                block = decompressor.decompress(part, 4 * _BLOCK)
            except (OSError, ValueError, EOFError, _lzma_error()):
                raise UnreadableError(f"the {kind} data is damaged") from None
            if block:
                yield block
        raw._ahead = decompressor.unused_data + raw._ahead
        if kind == "xz":
            while raw.look(4) == b"\0\0\0\0":  # padding between streams
                raw.read(4)


def _lzma_error() -> type[Exception]:
    import lzma

    return lzma.LZMAError


def _guard(
    blocks: Iterator[bytes], raw: _Counted, options: ReadOptions, compressed: bool
) -> Iterator[bytes]:
    total = 0
    for block in blocks:
        total += len(block)
        if options.max_bytes is not None and total > options.max_bytes:
            raise UnreadableError(f"larger than the limit of {options.max_bytes} bytes: split it")
        if (
            compressed
            and options.max_ratio
            and total > max(_RATIO_FROM, raw.count * options.max_ratio)
        ):
            raise UnreadableError(
                f"unpacks to more than {options.max_ratio} times its size: taken for a bomb; "
                "decompress it yourself if it is genuine"
            )
        yield block
