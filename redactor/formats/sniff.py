"""What a source is: by name first, by content always (a wrong name is caught)."""

from __future__ import annotations

import re

from redactor.errors import UnreadableError

_EXTENSIONS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "json": "json", "jsonl": "jsonl",
    "ndjson": "jsonl", "log": "log", "out": "log", "err": "log", "txt": "text", "md": "text",
    "xml": "xml", "svg": "xml", "rss": "xml", "xsd": "xml", "xsl": "xml",
    "html": "html", "htm": "html", "xhtml": "html",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini",
    "cnf": "ini", "env": "env", "properties": "properties", "sql": "sql", "ipynb": "notebook",
    "tar": "tar", "zip": "zip", "parquet": "parquet", "pq": "parquet", "arrow": "arrow",
    "feather": "arrow", "arrows": "arrow", "avro": "avro",
    "pdf": "pdf",
    "docx": "docx", "docm": "docx", "dotx": "docx", "xlsx": "xlsx", "xlsm": "xlsx",
    "pptx": "pptx", "pptm": "pptx", "odt": "odt", "ods": "ods", "odp": "odp",
    "png": "image", "jpg": "image", "jpeg": "image", "jpe": "image", "tif": "image",
    "tiff": "image", "webp": "image", "bmp": "image",
}  # fmt: skip
_COMPRESSED = ("gz", "gzip", "zst", "zstd", "bz2", "xz")
_SHORT = {"tgz": "tar", "tbz": "tar", "tbz2": "tar", "txz": "tar", "tzst": "tar"}
_NAMES = {".env": "env", "env": "env", "setup.cfg": "ini", ".gitconfig": "ini"}
# kinds that are no text, told by their first bytes
_BINARY = (
    (b"PAR1", "parquet"), (b"ARROW1\0\0", "arrow"), (b"\xff\xff\xff\xff", "arrow"),
    (b"Obj\x01", "avro"),
)  # fmt: skip
# formats that would be damaged or would hide text if taken for text
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"), (b"PK\x07\x08", "a split ZIP archive"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "bzip2 data"), (b"\xfd7zXZ", "xz data"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"), (b"SQLite format 3", "a database"),
    (b"PARE", "an encrypted Parquet file"), (b"FEA1", "a Feather file of version 1"),
    (b"{\\rtf", "an RTF document (save it as docx)"),
)  # fmt: skip
_OFFICE_KINDS = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/", b".iwa")
# documents that are handled; a PDF's mark may stand anywhere in its first 1,024 bytes
_DOCUMENTS = ((b"%PDF-", "pdf"),)
_DOCUMENT_STARTS = (b"%PDF-",)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_DOCUMENT_NAMES = frozenset(kind for _, kind in _DOCUMENTS)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
# start of a record in common logs: ISO date, syslog date, epoch, [date], or an access line
_RECORD = re.compile(
    rb"\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d|\w{3} [ \d]\d \d\d:\d\d|\d{10}[. ]|<\d{1,3}>"
    rb"|\S+ \S+ \S+ \[\d\d/\w{3}/\d{4}|\d\d/\d\d/\d\d \d\d:\d\d|\d{6} \d{6} )"
)
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\s|!DOCTYPE\s+\w+\s+(?!html)|!--.*?-->\s*<\w+[^>]*\sxmlns)",
    re.S,
)
_SQL = re.compile(
    rb"^(?:-- (?:MySQL|MariaDB|PostgreSQL database|SQLite) |CREATE TABLE |INSERT INTO "
    rb"|COPY \S+ .*FROM stdin;|PRAGMA foreign_keys)",
    re.MULTILINE,
)
_YAML = re.compile(rb"(?:%YAML |---(?:\s|$))")
_NOTEBOOK = re.compile(rb'"nbformat"\s*:\s*\d|"cells"\s*:\s*\[')


def detect_format(name: str, head: bytes) -> str:
    """Format name for a source.

    Args:
        name: file name, or "" where there is none.
        head: its first decompressed bytes, up to 64 KiB.

    Raises:
        UnreadableError: binary content, or a kind of file that is not handled.
    """
    named = _by_name(name)
    if _is_picture(head):
        return "image"  # whatever its name: the reader is told by the content
    if named == "image":
        raise UnreadableError("named as a picture, but its content is something else")
    office = _office(name, named, head)
    if office is not None:
        return office
    document = _document(name, named, head)
    if document is not None:
        return document
    binary = _by_magic(head)
    if binary is not None:
        return binary
    utf16 = head.startswith(_UTF16)
    _refuse_binary(head, utf16, tolerant=named in ("log", "sql"))
    if named in ("zip", "tar", "parquet", "arrow", "avro"):
        if head:
            raise UnreadableError(f"the name says {named}, the content does not: refused")
        named = None
    if named == "log" and utf16:
        return "text"  # the log reader is for byte streams that are ASCII beside the text
    if named in ("json", None) and _NOTEBOOK.search(head[:4096]) and b'"nbformat' in head:
        return "notebook"
    return named or _by_content(head, utf16)


def _by_name(name: str) -> str | None:
    base = name.lower().rsplit("/", 1)[-1]
    if base in _NAMES or base.startswith(".env."):
        return _NAMES.get(base, "env")
    parts = base.split(".")[1:]
    while parts and parts[-1] in _COMPRESSED:
        parts.pop()
    if not parts:
        return None
    return _EXTENSIONS.get(parts[-1]) or _SHORT.get(parts[-1])


def _by_magic(head: bytes) -> str | None:
    for magic, kind in _BINARY:
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not any(
        mark in head[:4096] for mark in _OFFICE
    ):
        return "zip"
    if head[257:262] == b"ustar" or _is_old_tar(head):
        return "tar"
    return None


def _is_old_tar(head: bytes) -> bool:
    """A header of the old TAR format: its checksum fits."""
    block = head[:512]
    if len(block) < 512 or not block[0] or not re.match(rb"[0-7 ]{6}[\0 ]", block[148:155]):
        return False
    try:
        wanted = int(block[148:156].strip(b"\0 "), 8)
    except ValueError:
        return False
    return sum(block[:148]) + sum(block[156:]) + 8 * 32 == wanted


def _office(name: str, named: str | None, head: bytes) -> str | None:
    """Word, Excel, PowerPoint and OpenDocument files; what is not handled is refused."""
    if head.startswith((b"\xd0\xcf\x11\xe0", b"<", b"\xef\xbb\xbf<")):
        from redactor.formats.office.sniff import refuse_compound, refuse_flat

        if head.startswith(b"\xd0"):
            refuse_compound(name, head)
        refuse_flat(head)
    if not head.startswith(b"PK\x03\x04"):
        if named in _OFFICE_KINDS:
            raise UnreadableError(f"named .{named}, but its content is something else")
        return None
    if not any(mark in head for mark in _OFFICE):
        return named if named in _OFFICE_KINDS else None
    from redactor.formats.office.sniff import zip_kind

    return zip_kind(name, head)


def _document(name: str, named: str | None, head: bytes) -> str | None:
    """A document format, if content and name agree on it; None for everything else."""
    found = next((kind for mark, kind in _DOCUMENTS if mark in head[:1024]), None)
    if found is not None and head.startswith(_DOCUMENT_STARTS) and named not in (None, found):
        raise UnreadableError(
            f"this is a {found.upper()} document, whatever its name says: name it .{found}, or "
            f"read it with --format {found}"
        )
    if named in _DOCUMENT_NAMES:
        if not head:
            raise UnreadableError("the file is empty (0 bytes)")
        if found != named:
            raise UnreadableError(
                f"named .{named}, but its content is something else: nothing was released"
            )
        return named
    return found if head.startswith(_DOCUMENT_STARTS) else None


def _is_picture(head: bytes) -> bool:
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return True
    # a bitmap's header says its own length in bytes 14 to 17
    return head[:2] == b"BM" and head[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")


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
    if _XML.match(head):
        return "xml"
    if utf16:
        return "text"
    lines = [line for line in head.split(b"\n")[:40] if line.strip()]
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if stripped[:1] in (b"{", b"["):
        objects = [line for line in lines if line.strip()[:1] == b"{" and line.strip()[-1:] == b"}"]
        if len(objects) > 1 and len(objects) >= len(lines) - 1:
            return "jsonl"
        if re.match(rb'[\[{]\s*(?:["{\[\]}\d-]|true|false|null)', stripped):
            return "json"
    records = sum(1 for line in lines if _RECORD.match(line))
    # a live stream may have sent one line so far
    if lines and records * 2 >= len(lines):
        return "log"
    if _SQL.search(head[:16384]) and b";" in head:
        return "sql"
    return "yaml" if _YAML.match(stripped) and b": " in head else "text"


def embedded(data: bytes) -> str:
    """What kind of document or picture bytes inside a value are; "" where they are none."""
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        return "an archive or compressed data"
    if b"%PDF-" in data[:1024]:
        return "a PDF document"
    if _is_picture(data):
        return "a picture"
    if data.startswith((b"PAR1", b"ARROW1\0\0", b"Obj\x01")):
        return "a columnar file"
    return next((kind for magic, kind in _MAGIC if len(magic) > 3 and data.startswith(magic)), "")
