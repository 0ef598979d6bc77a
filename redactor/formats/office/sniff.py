"""Telling Office files by their first bytes, and refusing those that are not handled by name."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from redactor.errors import UnreadableError

_LOCAL = struct.Struct("<4s5H3L2H")
_FOLDERS = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_ODF = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_TYPES = (
    (b"wordprocessingml", "docx"), (b"ms-word", "docx"), (b"spreadsheetml.sheet.main", "xlsx"),
    (b"spreadsheetml.template.main", "xlsx"), (b"ms-excel", "xlsx"),
    (b"presentationml", "pptx"), (b"ms-powerpoint", "pptx"),
)  # fmt: skip
_OLD = {
    "doc": ("an old Word document", "docx"), "dot": ("an old Word template", "docx"),
    "xls": ("an old Excel workbook", "xlsx"), "xlt": ("an old Excel template", "xlsx"),
    "ppt": ("an old PowerPoint presentation", "pptx"),
    "pps": ("an old PowerPoint show", "pptx"), "vsd": ("an old Visio drawing", "pdf"),
    "pub": ("a Publisher document", "pdf"), "mpp": ("a Project file", "pdf"),
}  # fmt: skip
_STREAMS = (
    ("EncryptedPackage", ""), ("WordDocument", "doc"), ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"), ("VisioDocument", "vsd"),
)  # fmt: skip
_FLAT = re.compile(
    rb"progid=[\"'](?:Word|Excel|PowerPoint)\.|office/2006/xmlPackage|office/word/2003/wordml"
    rb"|<office:document[\s>]"
)


def zip_kind(name: str, head: bytes) -> str | None:
    """Format of a ZIP file that is an Office document; None for any other archive.

    Args:
        name: file name, or "".
        head: its first bytes, at least 64 KiB where there are as many.

    Raises:
        UnreadableError: an Office document of a kind that is not handled.
    """
    found: list[str] = []
    for member, data in _members(head):
        if member == "mimetype" and not found:
            kind = _odf_kind(data)
            if kind is not None:
                return kind
        if member == "[Content_Types].xml":
            for mark, kind in _TYPES:
                if mark in data:
                    return kind
        found.append(member)
    for member in found:
        kind = _FOLDERS.get(member.partition("/")[0])
        if kind is not None:
            return kind
    if any(member.startswith("Index/") and member.endswith(".iwa") for member in found):
        raise UnreadableError(
            "this is a document of Pages, Numbers or Keynote: not handled, so nothing was "
            "released; export it as docx, xlsx or pptx"
        )
    if "[Content_Types].xml" in found:
        return "docx"  # the reader says what it really is
    extension = name.rpartition(".")[2].casefold()
    known = {"docx": "docx", "xlsx": "xlsx", "pptx": "pptx", "odt": "odt", "ods": "ods"}
    return known.get(extension) if not found else None


def refuse_compound(name: str, head: bytes) -> None:
    """Refuse a compound file (OLE), naming what it is as far as that can be told.

    Raises:
        UnreadableError: always.
    """
    extension = name.rpartition(".")[2].casefold()
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in head:
            extension = kind or "encrypted"
            break
    new = {"docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "xlsb", "pptx", "pptm", "potx", "ppsx"}
    if extension == "encrypted" or extension in new:
        raise UnreadableError(
            "this Office document is protected by a password: open it, remove the password "
            "(File, Info, Protect), save it and try again; nothing was released"
        )
    what, other = _OLD.get(
        extension, ("an old Office document or a protected one", "docx, xlsx or pptx")
    )
    raise UnreadableError(
        f"this is {what}: not handled, so nothing was released; save it as {other}"
    )


def refuse_flat(head: bytes) -> None:
    """Refuse Office documents written as one XML file.

    Raises:
        UnreadableError: it is one.
    """
    if _FLAT.search(head[:4096]):
        raise UnreadableError(
            "this is an Office document as flat XML: not handled, so nothing was released; save "
            "it as docx, xlsx, pptx, odt or ods"
        )


def _odf_kind(data: bytes) -> str | None:
    mark = b"application/vnd.oasis.opendocument."
    if not data.startswith(mark):
        return None
    kind = data[len(mark) :].split(b"-")[0].decode("latin-1").strip()
    return _ODF.get(kind, "odt")  # the reader refuses what is none of these by its name


def _members(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Names of the members whose headers lie in the first bytes, with what of them does."""
    at = 0
    while at >= 0 and at + _LOCAL.size <= len(head):
        fields = _LOCAL.unpack(head[at : at + _LOCAL.size])
        method, packed, length, extra = fields[3], fields[7], fields[9], fields[10]
        start = at + _LOCAL.size + length
        name = head[at + _LOCAL.size : start].decode("utf-8", "replace")
        body = head[start + extra :]
        yield name, _unpacked(method, body[: packed or None])
        after = start + extra + packed
        at = head.find(b"PK\x03\x04", max(after, at + 4))


def _unpacked(method: int, body: bytes) -> bytes:
    if method != 8:
        return body[:8192]
    try:
        return zlib.decompressobj(-15).decompress(body, 65536)
    except zlib.error:
        return b""
