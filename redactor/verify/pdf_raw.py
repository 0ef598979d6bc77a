"""Search in everything a PDF's bytes hold: strings, names, content streams, other streams.

Content streams are read with a tokenizer of its own (strings, hex strings, names, comments;
numbers are not text, or coordinates would be findings); other streams byte by byte in several
encodings. Decoded pixels are not searched: their look is checked; what a JPEG carries beside
its pixels is.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from redactor.verify.pdf_names import VOCABULARY
from redactor.verify.search import find_values
from redactor.verify.worker import Leak, Request

_TOKEN = re.compile(
    rb"""
    (?P<comment>%[^\r\n]*)
  | (?P<string>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\))
  | (?P<hex><[0-9A-Fa-f\s]+>)
  | (?P<name>/[^\s()<>\[\]{}/%]{6,})
  | (?P<open>\(.*)
  | (?P<word>(?<![^\s\])>}])[A-Za-z][^\s()<>\[\]{}/%]{3,})
  | (?P<end>\bT[jJ*dDm]\b|\bBDC\b|\bBMC\b|['"](?=\s))
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PIXELS = frozenset({"/DCTDecode", "/JPXDecode", "/DCT"})
_SHORTEST_BYTES = 8  # bytes searched for in streams that are no text: fewer hit by chance
_NAME = 6
_BATCH = 4_000_000  # characters searched at once
_DEPTH = 60


def search_raw(data: bytes, password: str, request: Request) -> tuple[list[Leak], int]:
    """Leaks in the document's objects, and hits put down to chance.

    A value that one of our own replacements holds is left to the readers that know places.
    """
    own = set(request.own)
    wanted = [(number, value) for number, value in enumerate(request.values) if number not in own]
    if not wanted:
        return [], 0
    values = [value for _, value in wanted]
    with pikepdf.open(io.BytesIO(data), password=password) as pdf:
        search = _Search(pdf, values)
        search.run()
    leaks = [
        Leak(wanted[value][0], page, f"raw {where}", count)
        for (value, page, where), count in search.hits.items()
    ]
    return leaks, search.coincidences


class _Search:
    def __init__(self, pdf: pikepdf.Pdf, values: Sequence[str]) -> None:
        self._pdf = pdf
        self._values = values
        self._forms = [_byte_forms(value) for value in values]
        self.hits: Counter[tuple[int, int | None, str]] = Counter()
        self.coincidences = 0
        self._texts: list[str] = []
        self._places: list[tuple[int | None, str]] = []
        self._size = 0
        self._pages: dict[tuple[int, int], int] = {}
        self._contents: set[tuple[int, int]] = set()

    def run(self) -> None:
        self._find_pages()
        for holder in [self._pdf.trailer, *self._pdf.objects]:
            page = self._pages.get(holder.objgen) if hasattr(holder, "objgen") else None
            texts = list(_strings(holder))
            self._search(texts, page, "string")
            if isinstance(holder, Stream):
                self._stream(holder)
        self._flush()

    def _find_pages(self) -> None:
        for index, page in enumerate(self._pdf.pages):
            contents = page.obj.get("/Contents")
            parts = list(contents) if isinstance(contents, Array) else [contents]
            for part in parts:
                if isinstance(part, Stream):
                    self._contents.add(part.objgen)
                    self._pages.setdefault(part.objgen, index)
            self._reach(page.obj.get("/Resources"), index, 0)
            annotations = page.obj.get("/Annots")
            for item in annotations if isinstance(annotations, Array) else ():
                if isinstance(item, Dictionary):
                    self._reach(item.get("/AP"), index, 0)

    def _reach(self, node: Any, index: int, depth: int) -> None:
        """Note the page of forms and patterns that its resources lead to."""
        if depth > 12 or not isinstance(node, (Dictionary, Stream)):
            return
        if node.is_indirect:
            if node.objgen in self._pages:
                return
            self._pages[node.objgen] = index
        for key in ("/XObject", "/Pattern", "/N", "/D", "/R", "/Resources"):
            inner = node.get(key)
            if isinstance(inner, (Dictionary, Stream)):
                self._reach(inner, index, depth + 1)
        if depth and not isinstance(node, Stream):
            for inner in node.values():
                if isinstance(inner, Stream):
                    self._reach(inner, index, depth + 1)

    def _stream(self, stream: Any) -> None:
        page = self._pages.get(stream.objgen)
        filters = stream.get("/Filter")
        listed = {str(f) for f in filters} if isinstance(filters, Array) else {str(filters)}
        image = stream.get("/Subtype") == Name.Image
        try:
            if image and not listed & _PIXELS:
                return
            content = bytes(stream.read_raw_bytes() if image else stream.read_bytes())
        except pikepdf.PdfError:
            content = bytes(stream.read_raw_bytes())
        if self._is_content(stream):
            self._search(list(content_texts(content)), page, "content stream")
        else:
            if _is_text(content):
                self._search(_stream_texts(content), page, "stream")
            self._bytes(content, page)

    def _is_content(self, stream: Any) -> bool:
        return (
            stream.objgen in self._contents
            or stream.get("/Subtype") == Name.Form
            or "/PatternType" in stream
        )

    def _search(self, texts: list[str], page: int | None, where: str) -> None:
        """Collect texts; they are searched together, which is much quicker."""
        self._texts += texts
        self._places += [(page, where)] * len(texts)
        self._size += sum(map(len, texts))
        if self._size > _BATCH:
            self._flush()

    def _flush(self) -> None:
        for hit in find_values(self._texts, self._values):
            page, where = self._places[hit.text]
            self.hits[hit.value, page, where] += 1
        self._texts, self._places, self._size = [], [], 0

    def _bytes(self, content: bytes, page: int | None) -> None:
        lower = content.lower()
        for number, forms in enumerate(self._forms):
            for form in forms:
                if form in lower:
                    self.hits[number, page, "bytes"] += 1
                    break


def _byte_forms(value: str) -> list[bytes]:
    """A value in the encodings that metadata, fonts and hidden data use; lower case."""
    forms = set()
    for text in {value, " ".join(value.split()), "".join(value.split())}:
        low = text.lower()
        forms |= {
            low.encode("utf-8", "replace"), low.encode("utf-16-be", "replace").lower(),
            low.encode("utf-16-le", "replace").lower(),
            low.encode("utf-8", "replace").hex().encode(),
            low.encode("utf-16-be", "replace").hex().encode(),
            text.encode("utf-8", "replace").hex().encode(),
        }  # fmt: skip
        try:
            forms.add(low.encode("cp1252"))
        except UnicodeEncodeError:
            continue
    if value.isdigit():  # bare digits stand in every table of numbers
        return [form for form in forms if len(form) >= 2 * _SHORTEST_BYTES]
    return [form for form in forms if len(form) >= _SHORTEST_BYTES]


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" or byte >= 128 for byte in head)
    return bool(head) and printable > 0.9 * len(head)


def _stream_texts(content: bytes) -> list[str]:
    """XML as a whole; of PostScript (CMaps, functions, fonts) what is no number."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        text = content.decode("utf-8", "replace")
        return [text, re.sub(r"<[^>]*>", " ", text)]
    # a CMap's hex strings are codes in order: every alphabet would be a finding
    return list(content_texts(content, codes=b"begincmap" not in content))


def content_texts(content: bytes, *, codes: bool = True) -> Iterator[str]:
    """What a content stream's strings, names and comments say, an operator at a time."""
    pieces: list[bytes] = []
    words: list[str] = []
    for match in _TOKEN.finditer(content):
        kind = match.lastgroup
        if kind == "string":
            pieces.append(_ESCAPE.sub(_unescape, match[0][1:-1]))
        elif kind == "hex":
            if not codes:
                continue
            digits = re.sub(rb"\s", b"", match[0][1:-1])
            pieces.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
        elif kind == "end":
            yield from _readings(b"".join(pieces))
            pieces = []
        elif kind in ("comment", "open"):
            yield match[0].decode("latin-1")
        elif kind == "word":
            words.append(match[0].decode("latin-1"))
        else:
            name = re.sub(
                rb"#([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m[1].decode()), match[0][1:]
            ).decode("utf-8", "replace")
            if name not in VOCABULARY:
                yield name
    yield from _readings(b"".join(pieces))
    if words:  # no operators: nothing that readers show, but there it stands
        yield " ".join(words)


def _unescape(match: re.Match[bytes]) -> bytes:
    body = match[1]
    if body[:1] in b"01234567" and body[:1]:
        return bytes([int(body, 8) & 255])
    if body in (b"\n", b"\r", b"\r\n"):
        return b""
    return _ESCAPED.get(body, body)


def _readings(data: bytes) -> Iterator[str]:
    """A string's bytes as text: one byte a character, and two where it looks like that."""
    if not data:
        return
    yield data.decode("latin-1")
    if b"\0" in data:
        yield data.decode("utf-16-be", "replace").lstrip("\ufeff")


def _strings(holder: Any) -> Iterator[str]:
    """Every string and every name (keys too) of an object and its direct parts."""
    stack: list[tuple[Any, int]] = [(holder, 0)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, String):
            yield str(node)
            data = bytes(node)
            if b"\0" in data and data[:2] not in (b"\xfe\xff", b"\xff\xfe"):
                yield data.decode("utf-16-be", "replace")
        elif isinstance(node, Name):
            text = _name(node)
            if len(text) >= _NAME and text not in VOCABULARY:
                yield text
        elif isinstance(node, (Dictionary, Stream)):
            for key, value in node.items():
                if len(key) > _NAME and key[1:] not in VOCABULARY:
                    yield _name_text(key)
                if not _is_reference(value):
                    stack.append((value, depth + 1))
        elif isinstance(node, Array) and depth < _DEPTH:
            stack += [(item, depth + 1) for item in node if not _is_reference(item)]


def _is_reference(value: Any) -> bool:
    return isinstance(value, (Dictionary, Array, Stream)) and value.is_indirect


def _name(name: Any) -> str:
    try:
        return _name_text(str(name))
    except UnicodeDecodeError:
        return str(name.unparse().decode("latin-1"))


def _name_text(text: str) -> str:
    return text[1:].replace("_", " ")
