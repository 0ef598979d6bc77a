"""Archives read back from their raw bytes, not by the libraries that wrote them.

ZIP (APPNOTE 6.3) is walked from local header to local header and compared with its central
directory; TAR (POSIX.1-2001) block by block. Nothing may lie between or behind the members.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from redactor.formats.archive.members import HEADER, spoken

Blocks = Iterator[bytes]

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_BLOCK = 512


def pieces(
    data: bytes, hints: dict[str, Any], reread: Callable[..., Iterator[str]]
) -> Iterator[str]:
    """Texts of one written chunk of an archive: the member's name, then its content's."""
    (length,) = HEADER.unpack(data[: HEADER.size])
    at = HEADER.size + max(length, 0)
    if (length >= 0) != hints["first"]:
        raise ValueError("a member's name is missing or too many")
    if length >= 0:
        yield spoken(data[HEADER.size : at].decode("utf-8", "surrogateescape"))
    if hints["format"] and (len(data) > at or hints["inner"]):
        yield from reread(hints["format"], data[at:], hints["inner"])


def check(path: Path, name: str, manifest: Sequence[Any]) -> None:
    """Whether a finished archive holds exactly the members that were verified.

    Raises:
        ValueError: it does not; says the member's number.
    """
    from redactor.formats import ReadOptions, open_source

    if name == "zip":
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            _compare(_zip(data), manifest)
        return
    with open_source(path, ReadOptions(max_ratio=0)) as source:
        _compare(_tar(source.stream), manifest)


def check_bytes(data: bytes, name: str, manifest: Sequence[Any]) -> None:
    """The same for an archive in memory."""
    _compare(_zip(data) if name == "zip" else _tar(io.BytesIO(data)), manifest)


def _compare(members: Iterator[tuple[str, Blocks]], manifest: Sequence[Any]) -> None:
    number = 0
    for number, (found, content) in enumerate(members, 1):
        if number > len(manifest):
            raise ValueError("more members than were decided")
        expected, digest, inner, list_ = manifest[number - 1]
        if found.rstrip("/") != expected.rstrip("/"):
            raise ValueError(f"member {number} has another name")
        if inner:
            from redactor.formats.reread import check_bytes as check_inner

            check_inner(b"".join(_unpacked(content)), inner, list_)
        elif digest:
            state = hashlib.sha256()
            for block in _unpacked(content):
                state.update(block)
            if state.hexdigest() != digest:
                raise ValueError(f"member {number} holds other bytes")
        elif any(content):
            raise ValueError(f"folder {number} holds bytes")
    if number != len(manifest):
        raise ValueError(f"{number} members where {len(manifest)} were decided")


class _Raw(io.RawIOBase):
    """Blocks as a file."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    def read(self, size: int = -1) -> bytes:
        return next((block for block in self._blocks if block), b"")


def _unpacked(content: Blocks) -> Blocks:
    from redactor.formats import ReadOptions, open_source

    source = open_source(_Raw(content), ReadOptions(max_ratio=0))  # type: ignore[arg-type]
    while block := source.stream.read(1 << 20):
        yield block


def _zip(data: Any) -> Iterator[tuple[str, Blocks]]:
    at = count = 0
    sizes, central = _central(data)
    while data[at : at + 4] == b"PK\x03\x04":
        start = at
        _, _, flags, method, _, _, _, _, _, name_size, extra = _LOCAL.unpack(
            data[at : at + _LOCAL.size]
        )
        at += _LOCAL.size
        name = data[at : at + name_size]
        at += name_size + extra
        if start not in sizes:
            raise ValueError("a member is not in the archive's list")
        packed, size, crc = sizes[start]
        yield (
            name.decode("utf-8" if flags & 0x800 else "cp437"),
            _inflated(data, at, packed, method, size, crc),
        )
        at += packed
        if flags & 8:
            at += 4 if data[at : at + 4] == b"PK\x07\x08" else 0
            at += 20 if extra else 12
        count += 1
    if at != central or count != len(sizes):
        raise ValueError("bytes between the members and the archive's list")


def _inflated(data: Any, at: int, packed: int, method: int, size: int, crc: int) -> Blocks:
    end, total, check = at + packed, 0, 0
    decompressor: Any = None
    if method == 8:
        decompressor = zlib.decompressobj(-15)
    elif method == 12:
        import bz2

        decompressor = bz2.BZ2Decompressor()
    elif method == 14:
        import lzma

        length = struct.unpack("<H", data[at + 2 : at + 4])[0]
        properties = data[at + 4 : at + 4 + length]
        dictionary = struct.unpack("<I", properties[1:5])[0]
        lc, rest = properties[0] % 9, properties[0] // 9
        filters = [
            {
                "id": lzma.FILTER_LZMA1,
                "dict_size": dictionary,
                "lc": lc,
                "lp": rest % 5,
                "pb": rest // 5,
            }
        ]
        decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        at += 4 + length
    while at < end:
        block = data[at : min(at + (1 << 18), end)]
        at += len(block)
        if decompressor is not None:
            block = decompressor.decompress(block)
        total, check = total + len(block), zlib.crc32(block, check)
        yield block
    if total != size or check != crc:
        raise ValueError("a member's checksum is wrong")


def _central_start(data: Any) -> int:
    end = len(data) - 22  # no comment, so nothing else can be the end
    if end < 0 or data[end : end + 4] != b"PK\x05\x06":
        raise ValueError("the archive's list has no end, or something behind it")
    start: int = struct.unpack("<I", data[end + 16 : end + 20])[0]
    if start == 0xFFFFFFFF:
        locator = end - 20
        (record,) = struct.unpack("<Q", data[locator + 8 : locator + 16])
        (start,) = struct.unpack("<Q", data[record + 48 : record + 56])
    return start


def _central(data: Any) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Offset of each local header -> packed size, size, checksum; and where the list begins."""
    start = at = _central_start(data)
    sizes: dict[int, tuple[int, int, int]] = {}
    while data[at : at + 4] == b"PK\x01\x02":
        fields = _CENTRAL.unpack(data[at : at + _CENTRAL.size])
        crc, packed, size, name, extra, comment = fields[7:13]
        offset = fields[16]
        if comment:
            raise ValueError("a member has a comment")
        more = data[at + _CENTRAL.size + name : at + _CENTRAL.size + name + extra]
        if 0xFFFFFFFF in (packed, size, offset):
            values = list(struct.unpack(f"<{(len(more) - 4) // 8}Q", more[4:]))
            size = values.pop(0) if size == 0xFFFFFFFF else size
            packed = values.pop(0) if packed == 0xFFFFFFFF else packed
            offset = values.pop(0) if offset == 0xFFFFFFFF else offset
        sizes[offset] = (packed, size, crc)
        at += _CENTRAL.size + name + extra + comment
    return sizes, start


def _tar(stream: Any) -> Iterator[tuple[str, Blocks]]:
    path, pax_size = "", -1
    while True:
        header = stream.read(_BLOCK)
        if not header.strip(b"\0"):
            break
        size = pax_size if pax_size >= 0 else _octal(header[124:136])
        kind = header[156:157]
        if kind == b"x":
            records = dict(_pax(b"".join(_taken(stream, size))))
            path = records.get("path", path)
            pax_size = int(records.get("size", -1))
            continue
        if kind not in (b"0", b"\0", b"5") or header[265:329].strip(b"\0"):
            raise ValueError("a member that is no plain file, or names its owner")
        name = header[:100].rstrip(b"\0").decode("utf-8", "surrogateescape")
        prefix = header[345:500].rstrip(b"\0").decode("utf-8", "surrogateescape")
        content = _taken(stream, size)
        yield path or (f"{prefix}/{name}" if prefix else name), content
        for _ in content:
            pass
        path, pax_size = "", -1
    while block := stream.read(1 << 20):
        if block.strip(b"\0"):
            raise ValueError("bytes behind the end of the archive")


def _taken(stream: Any, size: int) -> Blocks:
    """The content of a member, and its padding skipped."""
    left = size
    while left:
        block = stream.read(min(left, 1 << 18))
        if not block:
            raise ValueError("the archive ends too early")
        left -= len(block)
        yield block
    stream.read(-size % _BLOCK)


def _octal(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    return int(field.rstrip(b"\0 ") or b"0", 8)


def _pax(content: bytes) -> Iterator[tuple[str, str]]:
    while content:
        length = int(content.split(b" ", 1)[0])
        record = content[:length].split(b" ", 1)[1].rstrip(b"\n")
        key, _, value = record.partition(b"=")
        yield key.decode(), value.decode("utf-8", "surrogateescape")
        content = content[length:]
