"""XML as text with positions: tokens, decoded pieces, and edits that leave the rest alone.

Nothing is ever serialised again. A part is decoded, cut into tokens by one regular
expression, and changed by replacing stretches of that text, so that every byte of markup that
no redaction touches stays as it was. Before that expat has found the part well-formed and
free of a DTD: entities cannot be declared, so nothing can expand and nothing is fetched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from redactor.errors import UnreadableError

MAX_DEPTH = 256  # elements in elements; Word's own limit for tables alone is far below

_DECLARED = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UTF8_SIG, _UTF16 = codecs.BOM_UTF8, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

TOKEN = re.compile(
    r"<(?:"
    r"(/)?([^\s<>/=!?\"']+)"  # 1 closing, 2 name
    r"((?:\s+[^\s<>/=\"']+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/)?>"  # 3 attributes, 4 empty
    r"|!\[CDATA\[(.*?)\]\]>"  # 5
    r"|!--(.*?)-->"  # 6
    r"|\?([^\s?]+)\s*(.*?)\?>"  # 7 target, 8 data
    r"|!DOCTYPE[^>\[]*>)"
    r"|([^<]+)",  # 9 text
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

# How a piece is spelt in the part.
PLAIN, CDATA, QUOTED, PERCENT, COMMENT, BREAK = range(6)


class Piece(NamedTuple):
    """A stretch of a part (``[start, end)``, code points of its text) and what it says.

    Where both are of one length every character is one code point of the part; otherwise the
    piece is replaced as a whole. ``owner``: where ``xml:space`` would be put in the start tag
    of the element, or -1.
    """

    start: int
    end: int
    text: str
    mode: int
    owner: int = -1


class Edit(NamedTuple):
    """``[start, end)`` of a part's text becomes ``raw`` (markup, already escaped)."""

    start: int
    end: int
    raw: str


class Spelling(NamedTuple):
    """How a part's text is encoded."""

    encoding: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        """Bytes of the part; what the encoding lacks becomes a character reference."""
        return self.mark + text.encode(self.encoding, "xmlcharrefreplace")


def decode(data: bytes) -> tuple[str, Spelling]:
    """The text of a part.

    Raises:
        UnreadableError: the bytes are not of the encoding that they declare.
    """
    mark, encoding = b"", "utf-8"
    if data.startswith(_UTF8_SIG):
        mark = _UTF8_SIG
    elif data.startswith(_UTF16):
        mark = data[:2]
        encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    else:
        head = data[:200].decode("latin-1")
        declared = _DECLARED.match(head.lstrip())
        if declared and declared[1].casefold() not in ("utf-8", "utf8", "us-ascii"):
            encoding = declared[1]
    try:
        return data[len(mark) :].decode(encoding), Spelling(encoding, mark)
    except (UnicodeDecodeError, LookupError):
        raise UnreadableError("a part is not of the encoding that it declares") from None


def check(data: bytes) -> None:
    """See that a part is well-formed XML without declarations of its own.

    Raises:
        UnreadableError: it is not, or it has a DTD.
    """
    parser = expat.ParserCreate()

    def doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            raise UnreadableError(
                "a part declares XML entities: Office documents never do, so this one is taken "
                "for an attack"
            )

    def entity(*_: object) -> None:
        raise UnreadableError("a part declares XML entities: taken for an attack")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableError(
            f"a part is not well-formed XML (line {error.lineno}, {expat.ErrorString(error.code)})"
        ) from None


class Place(NamedTuple):
    """An attribute as spelt: ``[start, end)`` is its value, ``[first, end]`` all of it.

    ``first`` is where the white space before its name begins; ``end`` is the closing quote.
    """

    name: str
    start: int
    end: int
    first: int


def attributes(raw: str, offset: int) -> Iterator[Place]:
    """The attributes in a start tag's text."""
    before = 0
    for match in ATTRIBUTE.finditer(raw):
        group = 2 if match[2] is not None else 3
        yield Place(
            match[1], offset + match.start(group), offset + match.end(group), offset + before
        )
        before = match.end()


def tags(text: str) -> Iterator[tuple[str, dict[str, str], int, int]]:
    """Elements of a flat part (relationships, content types), as they end.

    Local name, attributes by the name as spelt, start and end of the whole element.
    """
    opened: list[tuple[str, dict[str, str], int]] = []
    for match in TOKEN.finditer(text):
        if match[2] is None:
            continue
        if match[1]:
            if opened:
                name, values, start = opened.pop()
                yield name, values, start, match.end()
            continue
        values = {
            place.name: text_of(pieces_of(text, place.start, place.end, QUOTED))
            for place in attributes(match[3], match.start(3))
        }
        entry = (match[2].rpartition(":")[2], values, match.start())
        if match[4]:
            yield *entry, match.end()
        else:
            opened.append(entry)


# ---------------------------------------------------------------- raw -> text
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));"
_IN_TEXT = re.compile(rf"{_REFERENCE}|\r\n?")
_IN_ATTRIBUTE = re.compile(rf"{_REFERENCE}|\r\n|[\r\n\t]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 part 1, 22.9.2.19 ST_Xstring
_PERCENTS = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BLANKS = re.compile(r"[ \t\r\n]+")


def _referred(match: re.Match[str]) -> str:
    if match[1] is not None or match[2] is not None:
        return chr(int(match[1]) if match[1] is not None else int(match[2], 16))
    name = match[3]
    if name is None:
        return ""
    if name not in _NAMED:
        raise UnreadableError("a part refers to an entity that is not declared")
    return _NAMED[name]


def pieces_of(raw: str, start: int, end: int, mode: int, owner: int = -1) -> list[Piece]:
    """The decoded pieces of a text node (PLAIN), CDATA section or attribute value."""
    if mode in (CDATA, COMMENT):
        return _cut(raw, start, end, re.compile(r"\r\n?"), lambda _: "\n", mode, owner)
    if mode == PLAIN:
        if raw.find("&", start, end) < 0 and raw.find("\r", start, end) < 0:
            return [Piece(start, end, raw[start:end], mode, owner)]
        return _cut(raw, start, end, _IN_TEXT, lambda m: _referred(m) or "\n", mode, owner)
    return _cut(raw, start, end, _IN_ATTRIBUTE, lambda m: _referred(m) or " ", mode, owner)


def _cut(
    raw: str,
    start: int,
    end: int,
    pattern: re.Pattern[str],
    meaning: Callable[[re.Match[str]], str],
    mode: int,
    owner: int,
) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for match in pattern.finditer(raw, start, end):
        if match.start() > at:
            pieces.append(Piece(at, match.start(), raw[at : match.start()], mode, owner))
        pieces.append(Piece(match.start(), match.end(), meaning(match), mode, owner))
        at = match.end()
    if at < end:
        pieces.append(Piece(at, end, raw[at:end], mode, owner))
    return pieces


def _each(
    pieces: Iterable[Piece],
    pattern: re.Pattern[str],
    meaning: Callable[[re.Match[str]], str],
    mode: int | None = None,
) -> list[Piece]:
    """Pieces cut further where ``pattern`` matches inside one that is spelt as it reads."""
    result: list[Piece] = []
    for piece in pieces:
        if len(piece.text) != piece.end - piece.start or not pattern.search(piece.text):
            result.append(piece if mode is None else piece._replace(mode=mode))
            continue
        kept = piece.mode if mode is None else mode
        for part in _cut(piece.text, 0, len(piece.text), pattern, meaning, kept, piece.owner):
            result.append(part._replace(start=part.start + piece.start, end=part.end + piece.start))
    return result


def unescaped(pieces: list[Piece]) -> list[Piece]:
    """``_x000D_`` of spreadsheets' strings read as the characters they stand for."""
    return _each(pieces, _ESCAPED, lambda m: chr(int(m[1], 16)))


def collapsed(pieces: list[Piece]) -> list[Piece]:
    """White space of OpenDocument paragraphs: a run of it is one blank."""
    return _each(pieces, _BLANKS, lambda m: " ")


def unquoted(pieces: list[Piece]) -> list[Piece]:
    """Percent-encoding undone where it is UTF-8; every character a piece of its own."""
    result: list[Piece] = []
    for piece in _each(pieces, _PERCENTS, lambda m: m[0], PERCENT):
        text = _utf8(piece.text) if piece.text.startswith("%") else None
        if text is None or not _PERCENTS.fullmatch(piece.text):
            result.append(piece)
            continue
        at = piece.start
        for char in text:
            width = 3 * len(char.encode())
            result.append(Piece(at, at + width, char, PERCENT))
            at += width
    return result


def _utf8(percents: str) -> str | None:
    try:
        return bytes.fromhex(percents.replace("%", "")).decode()
    except ValueError:
        return None


_CODED = re.compile(r"_([0-9A-Fa-f]{2,4})_|_")


def identifier(pieces: list[Piece]) -> list[Piece]:
    """A name that others refer to: ``_`` and OpenDocument's ``_20_`` as blanks and so on."""
    return _each(pieces, _CODED, lambda m: chr(int(m[1], 16)) if m[1] else " ")


def raw_position(pieces: Iterable[Piece], index: int) -> tuple[int, int]:
    """Where character ``index`` of the pieces' text stands in the part."""
    at = 0
    for piece in pieces:
        if index < at + len(piece.text):
            if len(piece.text) == piece.end - piece.start:
                return piece.start + index - at, piece.start + index - at + 1
            return piece.start, piece.end
        at += len(piece.text)
    raise IndexError("beyond the text")


def outside(pieces: Iterable[Piece], ranges: Iterable[tuple[int, int]]) -> list[Piece]:
    """What is left of the pieces without these ranges of their text (sorted, disjoint)."""
    kept: list[Piece] = []
    cuts = list(ranges)
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        inside = [(max(a, at) - at, min(b, end) - at) for a, b in cuts if a < end and b > at]
        at = end
        if not inside:
            kept.append(piece)
        elif len(piece.text) == piece.end - piece.start:
            cursor = 0
            for first, last in [*inside, (len(piece.text), 0)]:
                if first > cursor:
                    kept.append(
                        piece._replace(
                            start=piece.start + cursor,
                            end=piece.start + first,
                            text=piece.text[cursor:first],
                        )
                    )
                cursor = last
    return kept


def text_of(pieces: Iterable[Piece]) -> str:
    """What the pieces say together."""
    return "".join(piece.text for piece in pieces)


# ---------------------------------------------------------------- text -> raw
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Without the characters that XML cannot hold; line ends and tabs as blanks."""
    return _ILLEGAL.sub("", text).replace("\r\n", " ").translate(_TO_BLANK)


_TO_BLANK = str.maketrans("\r\n\t", "   ")


def spell(text: str, mode: int) -> str:
    """Text as it is written at a place of this mode."""
    if mode == PERCENT:
        from urllib.parse import quote

        return quote(text, safe="-._~")
    if mode == CDATA:
        return text.replace("]]>", "]] >")
    if mode == COMMENT:
        return text.replace("--", "- -").replace("?>", "? >").rstrip("-")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&apos;") if mode == QUOTED else text


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The part with its edits made.

    Raises:
        ValueError: edits overlap.
    """
    result: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise ValueError("edits of a part overlap")
        result += [text[at : edit.start], edit.raw]
        at = edit.end
    result.append(text[at:])
    return "".join(result)


def outermost(edits: Iterable[Edit]) -> list[Edit]:
    """Edits without those inside another one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end or edit.end > kept[-1].end:
            kept.append(edit)
    return kept
