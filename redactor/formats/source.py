"""Opening a source: compression undone, bytes counted and hashed, bombs refused."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, cast

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions

_BLOCK = 1 << 18
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_RATIO_FROM = 64 << 20  # small files may compress as well as they like
_ZSTD_SLICE = 1024  # a zstd block of 4 bytes can hold 128 KiB: feed little at a time


class Source:
    """Decompressed bytes of an item, as a context manager.

    ``stream`` reads them; ``compression`` is None, ``gz`` or ``zst``; ``bytes_read`` and
    ``digest`` (SHA-256 hex) speak of the raw input read so far.

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
        guarded = _guard(blocks, self._raw, options, self.compression is not None)
        self.stream: BinaryIO = io.BufferedReader(_Blocks(guarded), 1 << 20)

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
