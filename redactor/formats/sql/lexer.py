r"""Lexing SQL of MySQL, PostgreSQL, SQLite and their kin, and telling which it is.

``backslash``: ``\'`` in a string is a quote (MySQL always; PostgreSQL in ``E'...'`` only).
``mysql``: double quotes hold strings, ``#`` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MYSQL = re.compile(r"-- (?:MySQL|MariaDB) dump|/\*!4\d{4}|ENGINE\s*=|`\w+`", re.IGNORECASE)
_OTHER = re.compile(
    r"PostgreSQL database dump|standard_conforming_strings = on|FROM stdin;|^PRAGMA |\[dbo\]",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How quotes are to be read; see the module's text."""

    backslash: bool
    mysql: bool


def detect_dialect(head: str) -> Dialect:
    """The dialect of a dump by its beginning; standard SQL where nothing tells."""
    mysql = bool(_MYSQL.search(head)) and not _OTHER.search(head)
    return Dialect(mysql, mysql)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of SQL.

    ``kind``: string, escaped (a string with backslashes), double, name, word, number, hex,
    comment, dollar, meta (a psql command), or a punctuation mark itself.

    ``start``/``end`` of all of it, ``first``/``last`` of what is inside quotes or marks.
    """

    kind: str
    start: int
    end: int
    first: int
    last: int


class Unclosed(Exception):
    """A quote or comment that is not closed in the text at hand; where it begins."""

    def __init__(self, at: int) -> None:
        self.at = at


@lru_cache(maxsize=8)
def _pattern(dialect: Dialect) -> re.Pattern[str]:
    plain = r"'((?:[^']++|'')*+)'"
    slashed = r"'((?:[^'\\]++|\\.|'')*+)'"
    double = r'"((?:[^"\\]++|\\.|"")*+)"' if dialect.mysql else r'"((?:[^"]++|"")*+)"'
    comment = r"(?:--(?=[\s]|\Z)|\#)" if dialect.mysql else r"--"
    return re.compile(
        rf"(?:{slashed if dialect.backslash else plain})"  # 1 string
        rf"|[eE]{slashed}"  # 2 escaped
        rf"|{double}"  # 3 double
        r"|`((?:[^`]++|``)*+)`"  # 4 name
        r"|\[([A-Za-z_][^\]\n'\"]*)\]"  # 5 name in brackets
        rf"|{comment}[ \t]*([^\r\n]*)"  # 6 comment
        r"|/\*(.*?)\*/"  # 7 comment
        r"|(\$(?:[A-Za-z_]\w*)?\$)"  # 8 dollar quote
        r"|([\w.$]+(?='))"  # 9 prefix of a string, as in N'...' or _utf8'...'
        r"|([\w.$]+)"  # 10 word, number
        r"|([(),;=])"  # 11 punctuation
        r"|(?:^|(?<=\n))\\([^\r\n]*)",  # 12 psql command
        re.DOTALL,
    )


_KINDS = ("", "string", "escaped", "double", "name", "name", "comment", "comment", "dollar", "word")
_OPENINGS = re.compile(r"['\"`]|/\*|\$(?:[A-Za-z_]\w*)?\$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?\Z")


def lex(text: str, start: int, dialect: Dialect) -> Iterator[Lexeme]:
    """Lexemes from ``start`` on.

    Raises:
        Unclosed: a quote or comment has no end in this text.
    """
    pattern = _pattern(dialect)
    at = start
    while True:
        match = pattern.search(text, at)
        opening = _OPENINGS.search(text, at, match.start() if match else len(text))
        if opening is not None:
            raise Unclosed(opening.start())
        if match is None:
            return
        group = match.lastindex or 0
        first, last = match.span(group)
        at = match.end()
        if group == 8:
            close = text.find(match[8], at)
            if close < 0:
                raise Unclosed(match.start())
            yield Lexeme("dollar", match.start(), close + len(match[8]), at, close)
            at = close + len(match[8])
        elif group == 10:
            word = match[10]
            if _NUMBER.match(word):
                kind = "number"
            else:
                kind = "hex" if word[:2] in ("0x", "0X") and len(word) > 2 else "word"
            yield Lexeme(kind, first, last, first, last)
        elif group == 11:
            yield Lexeme(match[11], first, last, first, last)
        elif group == 12:
            yield Lexeme("meta", match.start(), at, first, last)
        else:
            yield Lexeme(_KINDS[group], match.start(), at, first, last)


_ESCAPE = re.compile(r"\\(.)|''|\"\"", re.DOTALL)
_DOUBLED = re.compile(r"()''|\"\"")
_MEANINGS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a", "f": "\f"}


def unquote(raw: str, quote: str, *, backslash: bool) -> tuple[str, list[int] | None]:
    """What a quoted string says, and where its code points stand (None: as they are)."""
    double = quote * 2
    if double not in raw and not (backslash and "\\" in raw):
        return raw, None
    pieces: list[str] = []
    positions: list[int] = []
    at = 0
    for match in (_ESCAPE if backslash else _DOUBLED).finditer(raw):
        token = match[0]
        if token == double:
            new = quote
        elif token[0] == "\\":
            new = _MEANINGS.get(match[1], match[1])
            if match[1] in "%_":
                new = token  # stays two characters (MySQL)
        else:
            continue
        pieces += [raw[at : match.start()], new]
        positions += range(at, match.start())
        positions += [match.start()] * len(new)
        at = match.end()
    return "".join([*pieces, raw[at:]]), [*positions, *range(at, len(raw)), len(raw)]


_COPY_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
_COPY_MEANINGS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def uncopy(raw: str) -> tuple[str, list[int] | None]:
    """What a field of COPY's text format says; see :func:`unquote`."""
    if "\\" not in raw:
        return raw, None
    pieces: list[str] = []
    positions: list[int] = []
    at = 0
    for match in _COPY_ESCAPE.finditer(raw):
        code = match[1]
        if code[0] in "01234567":
            new = chr(int(code, 8) & 0xFF)
        elif code[0] == "x" and len(code) > 1:
            new = chr(int(code[1:], 16))
        else:
            new = _COPY_MEANINGS.get(code, code)
        pieces += [raw[at : match.start()], new]
        positions += [*range(at, match.start()), match.start()]
        at = match.end()
    return "".join([*pieces, raw[at:]]), [*positions, *range(at, len(raw)), len(raw)]
