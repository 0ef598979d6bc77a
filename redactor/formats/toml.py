"""TOML: strings, numbers, dates, keys and comments are units; all else stays byte for byte.

A redacted number or date becomes a string unless its replacement is one again.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.patch import PatchedChunk, Token, line_column, patched, read_document
from redactor.formats.splice import splice
from redactor.values import Redaction

_TOKEN = re.compile(
    r"[ \t]*(?:"
    r"#[ \t]*([^\r\n]*)"  # 1 comment
    r'|("""(?:[^\\"]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'.*?\'{3,5})'  # 2 multi-line string
    r'|("(?:[^"\\\r\n]|\\.)*"|\'[^\'\r\n]*\')'  # 3 string
    r"|(\r?\n)"  # 4 line end
    r"|(\[\[|\]\]|[\[\]{},=])"  # 5 punctuation
    r"|(\.)"  # 6 dot
    r"|([\w+:-]+(?:[ ](?=\d\d:))?(?:[\w+:.-]*[\w+:-])?)"  # 7 bare key, number, date, word
    r"|(\Z))",  # 8 end
    re.DOTALL,
)
_KEY = re.compile(r'[ \t]*(?:("(?:[^"\\\r\n]|\\.)*"|\'[^\'\r\n]*\')|([\w-]+))')
_ESCAPE = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.)[ \t]*)", re.DOTALL
)
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PLACE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_LITERAL = re.compile(
    r"[+-]?(?:\d+(?:_\d+)*)(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?"
    r"|\d\d:\d\d:\d\d(?:\.\d+)?"
)


class TomlFormat:
    """A TOML document."""

    name = "toml"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the document.

        Raises:
            UnreadableError: not TOML; names line and column.
        """
        text, encoding = read_document(source, options)
        try:
            tomllib.loads(text.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            where = f"{place[1]}: " if place else ""
            raise UnreadableError(
                f"{where}not valid TOML; mend the file, or read it with --format text"
            ) from None
        except RecursionError:
            raise UnreadableError("nested too deep for TOML") from None
        tokens = _Scanner(text, options.max_depth).tokens()
        yield patched(
            0, text, tokens, encoding, _rewrite, options, locator="toml", head=encoding.bom,
            adjust=_adjust,
        )  # fmt: skip


class _Scanner:
    """Walks a document that is known to be TOML."""

    def __init__(self, text: str, max_depth: int) -> None:
        self._text = text
        self._max_depth = max_depth
        self._at = 0
        self._table = ""
        self._parent = 0

    def tokens(self) -> Iterator[Token]:
        while True:
            match = self._next()
            if match.lastindex == 8:
                return
            if match[1] is not None:
                yield from self._comment(match)
            elif match[5] in ("[", "[["):
                yield from self._header(match)
            elif match.lastindex in (3, 7):
                self._at = match.start()
                yield from self._pair(self._table, self._parent, 0)

    def _next(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._at)
        if match is None or (match.end() == self._at and match.lastindex != 8):
            raise UnreadableError(
                f"{line_column(self._text, self._at)}: TOML that is not understood; read it with "
                "--format text"
            )
        self._at = match.end()
        return match

    def _comment(self, match: re.Match[str]) -> Iterator[Token]:
        start, end = match.span(1)
        yield Token(start, end, match[1], str(start), None, "comment", True)

    def _keys(self, parent: int) -> Iterator[tuple[Token, str]]:
        """The parts of a dotted key, and their names."""
        while True:
            match = _KEY.match(self._text, self._at)
            if match is None:
                raise UnreadableError(f"{line_column(self._text, self._at)}: a key is missing")
            kind = 1 if match[1] is not None else 2
            start, end = match.span(kind)
            name = _decode(match[kind])[0] if kind == 1 else match[2]
            self._at = end
            follows = re.compile(r"[ \t]*\.").match(self._text, end)
            # only the last part is new in its table; the others may come again
            own = -1 if follows else parent
            yield Token(start, end, name, str(start), None, "key", True, own), name
            if follows is None:
                return
            self._at = follows.end()

    def _header(self, match: re.Match[str]) -> Iterator[Token]:
        names = []
        for token, name in self._keys(-1):
            names.append(name)
            yield token
        closing = re.compile(r"[ \t]*\]\]?").match(self._text, self._at)
        self._at = closing.end() if closing else self._at
        self._table = ".".join(names) + ("[]" if match[5] == "[[" else "")
        self._parent = match.start() + 1

    def _pair(self, table: str, parent: int, depth: int) -> Iterator[Token]:
        names = [table] if table else []
        for token, name in self._keys(parent):
            names.append(name)
            yield token
        equals = re.compile(r"[ \t]*=").match(self._text, self._at)
        self._at = equals.end() if equals else self._at
        yield from self._value(".".join(names), depth)

    def _value(self, path: str, depth: int) -> Iterator[Token]:
        if depth > self._max_depth:
            place = line_column(self._text, self._at)
            raise UnreadableError(f"{place}: nested deeper than {self._max_depth}")
        match = self._next()
        kind = match.lastindex or 0
        start, end = match.span(kind)
        if kind in (2, 3):
            yield Token(start, end, _decode(match[kind])[0], str(start), path, match[kind][:3])
        elif kind == 7:
            if match[7] not in ("true", "false"):
                yield Token(start, end, match[7], str(start), path, "bare")
        elif match[5] in ("[", "[["):
            if match[5] == "[[":
                self._at -= 1
            yield from self._items(path + "[]", depth)
        elif match[5] == "{":
            yield from self._members(path, start + 1, depth)

    def _items(self, path: str, depth: int) -> Iterator[Token]:
        while True:
            before = self._at
            match = self._next()
            if match[1] is not None:
                yield from self._comment(match)
            elif match[5] in ("]", "]]"):
                self._at = match.end() - (match[5] == "]]")
                return
            elif match[4] is None and match[5] != ",":
                self._at = before
                yield from self._value(path, depth + 1)

    def _members(self, path: str, parent: int, depth: int) -> Iterator[Token]:
        while True:
            before = self._at
            match = self._next()
            if match[1] is not None:
                yield from self._comment(match)
            elif match[5] == "}":
                return
            elif match[4] is None and match[5] != ",":
                self._at = before
                yield from self._pair(path, parent, depth + 1)


def _decode(raw: str) -> tuple[str, list[int]]:
    """What a string says, and where each of its code points stands in the spelling."""
    wide = raw[:3] in ('"""', "'''")
    start = 3 if wide else 1
    end = len(raw) - start
    if wide:
        start += 2 if raw.startswith("\r\n", 3) else int(raw.startswith("\n", 3))
    pieces: list[str] = []
    positions: list[int] = []
    at = start
    escapes = _ESCAPE.finditer(raw, start, end) if raw[0] == '"' else iter(())
    for match in escapes:
        if match.start() < at:
            continue
        pieces.append(raw[at : match.start()])
        positions += range(at, match.start())
        code = match[1] or match[2] or match[3]
        at = match.start() + 2 if match[4] else match.end()
        if code:
            pieces.append(chr(int(code, 16)))
        elif match[4] in "\r\n \t":
            at = len(raw[:end]) - len(raw[match.end(4) : end].lstrip(" \t\r\n"))
            continue  # a line end that was escaped, and the white space behind it
        else:
            pieces.append(_SIMPLE.get(match[4], match[4]))
        positions.append(match.start())
    pieces.append(raw[at:end])
    return "".join(pieces), [*positions, *range(at, end), end]


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _adjust(token: Token, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
    """A comment has one line."""
    if token.kind != "comment":
        return redactions
    return [replace(r, replacement=_CONTROL.sub(" ", r.replacement)) for r in redactions]


def _rewrite(raw: str, token: Token, redactions: Sequence[Redaction]) -> str:
    new = "".join(splice(token.text, redactions))
    if token.kind == "comment":
        return new
    if token.kind == "key":
        if raw[0] not in "\"'" and re.fullmatch(r"[A-Za-z0-9_-]+", new):
            return new
        return f"'{new}'" if new.isprintable() and "'" not in new else _quote(new)
    if token.kind == "bare":
        return new if _LITERAL.fullmatch(new) else _quote(new)
    _, positions = _decode(raw)
    pieces, at = [], 0
    literal = raw[0] == "'"
    for redaction in sorted(redactions, key=lambda entry: entry.span):
        text = redaction.replacement
        if literal and (not text.isprintable() or "'" in text):
            return _quote(new)
        pieces += [
            raw[at : positions[redaction.span.start]],
            text if literal else _quote(text)[1:-1],
        ]
        at = positions[redaction.span.end]
    return "".join([*pieces, raw[at:]])
