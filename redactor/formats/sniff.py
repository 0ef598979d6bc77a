"""What a source is: by name first, by content always (a wrong name is caught)."""

from __future__ import annotations

import re

from redactor.errors import UnreadableError

_EXTENSIONS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "json": "json", "jsonl": "jsonl",
    "ndjson": "jsonl", "log": "log", "out": "log", "err": "log", "txt": "text", "md": "text",
}  # fmt: skip
_COMPRESSED = ("gz", "gzip", "zst", "zstd")
# formats that would be damaged or would hide text if taken for text
_MAGIC = (
    (b"%PDF", "a PDF document"), (b"PK\x03\x04", "a ZIP archive"),
    (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "bzip2 data"), (b"\xfd7zXZ", "xz data"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"), (b"SQLite format 3", "a database"), (b"PAR1", "a Parquet file"),
    (b"II*\x00", "a TIFF image"), (b"MM\x00*", "a TIFF image"),
    (b"{\\rtf", "an RTF document (save it as docx)"),
)  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
# start of a record in common logs: ISO date, syslog date, epoch, [date], or an access line
_RECORD = re.compile(
    rb"\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d|\w{3} [ \d]\d \d\d:\d\d|\d{10}[. ]|<\d{1,3}>"
    rb"|\S+ \S+ \S+ \[\d\d/\w{3}/\d{4}|\d\d/\d\d/\d\d \d\d:\d\d|\d{6} \d{6} )"
)


def detect_format(name: str, head: bytes) -> str:
    """Format name for a source.

    Args:
        name: file name, or "" where there is none.
        head: its first decompressed bytes, up to 64 KiB.

    Raises:
        UnreadableError: binary content, or a kind of file that is not handled.
    """
    parts = name.lower().rsplit("/", 1)[-1].split(".")[1:]
    while parts and parts[-1] in _COMPRESSED:
        parts.pop()
    named = _EXTENSIONS.get(parts[-1]) if parts else None
    utf16 = head.startswith(_UTF16)
    office = _office_kind(name, head)
    if office is not None:
        return office
    _refuse_binary(head, utf16, tolerant=named == "log")
    if named == "log" and utf16:
        return "text"  # the log reader is for byte streams that are ASCII beside the text
    return named or _by_content(head, utf16)


def _office_kind(name: str, head: bytes) -> str | None:
    """Word, Excel, PowerPoint and OpenDocument files; what of them is not handled is refused."""
    if not head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<", b"\xef\xbb\xbf<")):
        return None
    from redactor.formats.office.sniff import refuse_compound, refuse_flat, zip_kind

    if head.startswith(b"PK"):
        return zip_kind(name, head)
    if head.startswith(b"\xd0"):
        refuse_compound(name, head)
    refuse_flat(head)
    return None


def _refuse_binary(head: bytes, utf16: bool, *, tolerant: bool) -> None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise UnreadableError(
                f"this is {kind}, whatever its name says: not handled, so nothing was released"
            )
    if utf16 or tolerant or not head:
        return
    controls = len(head) - len(head.translate(None, _CONTROL))
    if b"\0" in head or controls > len(head) // 10:
        raise UnreadableError(
            "binary content, not text: nothing was released (a log with NUL bytes can be read "
            "with --format log)"
        )


def _by_content(head: bytes, utf16: bool) -> str:
    if utf16:
        return "text"
    lines = [line for line in head.split(b"\n")[:40] if line.strip()]
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped[:1] in (b"{", b"["):
        objects = [line for line in lines if line.strip()[:1] == b"{" and line.strip()[-1:] == b"}"]
        if len(objects) > 1 and len(objects) >= len(lines) - 1:
            return "jsonl"
        if re.match(rb'[\[{]\s*(?:["{\[\]}\d-]|true|false|null)', stripped):
            return "json"
    records = sum(1 for line in lines if _RECORD.match(line))
    # a live stream may have sent one line so far
    return "log" if lines and records * 2 >= len(lines) else "text"
