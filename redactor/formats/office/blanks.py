"""Stand-ins for what is taken out of a document without leaving a hole: valid and empty."""

from __future__ import annotations

import base64
import struct
import zlib

_GIF = base64.b64decode("R0lGODlhAQABAIAAAMDAwAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4"
    "UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABQQAQAAAAAAAAAA"
    "AAAAAAAAAAD/2gAIAQEAAD8AQP/Z"
)


def blank_image(data: bytes, name: str) -> bytes | None:
    """A grey image of one point, or an empty drawing, of the kind of ``data``; None: unknown."""
    if data.startswith(b"\x89PNG"):
        return _png()
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if data.startswith(b"GIF8"):
        return _GIF
    if data.startswith(b"BM"):
        return struct.pack("<2sIHHI", b"BM", 58, 0, 0, 54) + _dib()
    if data.startswith((b"II*\0", b"MM\0*")):
        return _tiff()
    if data.startswith(b"\x01\0\0\0"):
        return _emf()
    if data.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")):
        return _wmf()
    if name.endswith(".svg"):
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    return None


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)


def _png() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0\xc0", 9))
        + _chunk(b"IEND", b"")
    )


def _dib() -> bytes:
    return struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 2835, 2835, 0, 0) + b"\xc0\xc0\xc0\0"


def _tiff() -> bytes:
    entries = [
        (256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 3, 1, 1), (279, 4, 1, 1),
    ]  # fmt: skip
    directory = struct.pack("<H", len(entries))
    for entry in entries:
        directory += struct.pack("<HHII", *entry)
    return b"II*\0" + struct.pack("<I", 10) + b"\xc0\0" + directory + struct.pack("<I", 0)


def _emf() -> bytes:
    # [MS-EMF] 2.3.4.2 EMR_HEADER and 2.3.4.1 EMR_EOF
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    header = struct.pack(
        "<II4i4iIIIIHHIIIiiii", 1, 88, 0, 0, 1, 1, 0, 0, 26, 26, 0x464D4520, 0x10000,
        88 + len(end), 2, 1, 0, 0, 0, 0, 1024, 768, 320, 240,
    )  # fmt: skip
    return header + end


def _wmf() -> bytes:
    # a placeable header, a header and META_EOF: [MS-WMF] 2.3.2.3, 2.3.2.2, 2.3.2.1
    place = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 1, 1, 1440, 0)
    check = 0
    for (word,) in struct.iter_unpack("<H", place):
        check ^= word
    record = struct.pack("<IH", 3, 0)
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, 9 + 3, 0, 3, 0)
    return place + struct.pack("<H", check) + head + record


def empty_object() -> bytes:
    """A compound file ([MS-CFB]) with a root and nothing in it."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    table = struct.pack("<II", fat, end) + struct.pack("<I", free) * 126
    name = "Root Entry\0".encode("utf-16-le")
    root = name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), 5, 1, free, free, free)
    root += bytes(16) + struct.pack("<I", 0) + bytes(16) + struct.pack("<IQ", end, 0)
    empty = bytes(64) + struct.pack("<HBBIII", 0, 0, 1, free, free, free) + bytes(48)
    return header + table + root + empty * 3
