"""What a source is: by name first, by content always (a wrong name is caught)."""

from __future__ import annotations

import re

from redactor.errors import UnreadableError

_EXTENSIONS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "json": "json", "jsonl": "jsonl",
    "ndjson": "jsonl", "log": "log", "out": "log", "err": "log", "txt": "text", "md": "text",
    "xml": "xml", "xhtml": "xml", "svg": "xml", "rss": "xml", "xsd": "xml", "xsl": "xml",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini",
    "cnf": "ini", "env": "env", "properties": "properties", "sql": "sql", "ipynb": "notebook",
    "tar": "tar", "zip": "zip", "parquet": "parquet", "pq": "parquet", "arrow": "arrow",
    "feather": "arrow", "arrows": "arrow", "avro": "avro",
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
    (b"%PDF", "a PDF document"), (b"PK\x03\x04", "an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"), (b"PK\x07\x08", "a split ZIP archive"),
    (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "bzip2 data"), (b"\xfd7zXZ", "xz data"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"), (b"SQLite format 3", "a database"),
    (b"PARE", "an encrypted Parquet file"), (b"FEA1", "a Feather file of version 1"),
    (b"II*\x00", "a TIFF image"), (b"MM\x00*", "a TIFF image"), (b"{\\rtf", "an RTF document"),
)  # fmt: skip
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/")
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
    return next((kind for magic, kind in _MAGIC if len(magic) > 3 and data.startswith(magic)), "")
