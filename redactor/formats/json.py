"""JSON and JSON Lines: strings, numbers and keys are units; all else stays byte for byte.

A scanner of our own records where every value stands; writing replaces stretches of the
original text, so white space, key order, number formats and escapes outside a redaction
survive. A redacted number becomes a string unless its replacement is a number again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.log import line_blocks
from redactor.formats.splice import by_unit, splice
from redactor.formats.text import read_whole
from redactor.values import Locator, Redaction, Span, Unit

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:("(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'  # 1 string
    r"|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])"  # 2 number
    r"|(true|false|null)(?!\w)"  # 3 literal
    r"|([\[\]{},:])"  # 4 punctuation
    r"|(\Z))",  # 5 end
    re.ASCII,
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.")


@dataclass(frozen=True, slots=True)
class Value:
    """A string, number or key and where it stands (code points of the document's text)."""

    start: int
    end: int
    text: str = field(repr=False)  # decoded
    place: str  # JSON pointer by positions; keys end in "~"
    path: str | None = field(repr=False)  # field path; None for keys
    kind: str  # "string", "number" or "key"
    parent: int  # number of the object that a key belongs to


class _Malformed(Exception):
    def __init__(self, at: int, what: str) -> None:
        self.at, self.what = at, what


@dataclass(slots=True)
class _Level:
    """One open object or array."""

    is_object: bool
    number: int
    count: int = 0
    key: str = ""


def values(text: str, max_depth: int) -> Iterator[Value]:
    """Every string, number and key of a JSON document, in order.

    Raises:
        _Malformed: not JSON (RFC 8259), with the code point; or nested too deep.
    """
    levels: list[_Level] = []
    at, objects = 0, 0
    state = "value"  # value | first (value or close) | key | firstkey | colon | after | end
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _Malformed(_after_space(text, at), "something that is not JSON")
        kind, at = match.lastindex, match.end()
        if kind == 5:
            if state == "end":
                return
            raise _Malformed(at, "the end, too early")
        start = match.start(kind or 0)
        token = match[kind or 0]
        if state in ("key", "firstkey") and kind == 1:
            level = levels[-1]
            level.key = _decode(token)
            yield Value(start, at, level.key, _place(levels) + "~", None, "key", level.number)
            state = "colon"
        elif state == "colon" and token == ":":
            state = "value"
        elif state in ("value", "first") and kind in (1, 2, 3):
            if kind != 3:
                decoded = _decode(token) if kind == 1 else token
                name = "string" if kind == 1 else "number"
                yield Value(start, at, decoded, _place(levels), _path(levels), name, -1)
            state = "after" if levels else "end"
        elif state in ("value", "first") and token in ("{", "["):
            if len(levels) >= max_depth:
                raise _Malformed(start, f"nesting deeper than {max_depth}")
            levels.append(_Level(token == "{", objects))
            objects += 1
            state = "firstkey" if token == "{" else "first"
        elif state == "after" and token == ",":
            levels[-1].count += 1
            state = "key" if levels[-1].is_object else "value"
        elif (
            token == "}" and state in ("after", "firstkey") and levels and levels[-1].is_object
        ) or (token == "]" and state in ("after", "first") and levels and not levels[-1].is_object):
            levels.pop()
            state = "after" if levels else "end"
        else:
            raise _Malformed(start, "something that does not belong there")


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _decode(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]


def _place(levels: Sequence[_Level]) -> str:
    return "".join(f"/{level.count}" for level in levels)


def _path(levels: Sequence[_Level]) -> str | None:
    path = ""
    for level in levels:
        path += (f".{level.key}" if path else level.key) if level.is_object else "[]"
    return path or None


def _raw_positions(raw: str) -> list[int] | None:
    """For a string token: where each decoded code point starts in it (plus the end).

    None where nothing is escaped: positions are then shifted by the opening quote only.
    """
    if "\\" not in raw:
        return None
    positions: list[int] = []
    at = 1
    for escape in _ESCAPE.finditer(raw):
        positions += range(at, escape.start())
        positions.append(escape.start())
        at = escape.end()
    return [*positions, *range(at, len(raw))]


@dataclass(frozen=True, slots=True)
class JsonChunk:
    """A JSON document, or some lines of JSON Lines."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    text: str = field(repr=False)
    values: dict[str, Value] = field(repr=False)
    encoding: Encoding
    head: bytes = b""

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding and length of the byte order mark."""
        return {"encoding": self.encoding.name, "bom": len(self.head)}

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Keys that would become equal in one object get ``#2``, ``#3`` ... appended."""
        grouped = by_unit(redactions)
        touched = {u for u in grouped if self.values[u].kind == "key"}
        if not touched:
            return redactions
        taken: dict[int, set[str]] = {}
        for unit_id, value in self.values.items():
            if value.kind == "key" and unit_id not in touched:
                taken.setdefault(value.parent, set()).add(value.text)
        for unit_id in self.values:
            if unit_id not in touched:
                continue
            value = self.values[unit_id]
            mine = sorted(grouped[unit_id], key=lambda entry: entry.span)
            new = "".join(splice(value.text, mine))
            names = taken.setdefault(value.parent, set())
            number = 1
            while (new if number == 1 else f"{new}#{number}") in names:
                number += 1
            if number > 1:
                # the mark goes behind the key, into the last redaction's replacement
                tail = value.text[mine[-1].span.end :]
                mine[-1] = replace(
                    mine[-1],
                    span=Span(mine[-1].span.start, len(value.text)),
                    replacement=f"{mine[-1].replacement}{tail}#{number}",
                )
                new = f"{new}#{number}"
            names.add(new)
            grouped[unit_id] = mine
        return [entry for entries in grouped.values() for entry in entries]

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the text with the redacted values replaced."""
        pieces: list[str] = []
        at = 0
        grouped = by_unit(redactions)
        for unit_id in sorted(grouped, key=lambda entry: self.values[entry].start):
            value = self.values[unit_id]
            pieces += [self.text[at : value.start], self._rewritten(value, grouped[unit_id])]
            at = value.end
        pieces.append(self.text[at:])
        out.write(self.head + self.encoding.encode("".join(pieces)))

    def _rewritten(self, value: Value, redactions: Sequence[Redaction]) -> str:
        if value.kind == "number":
            new = "".join(splice(value.text, redactions))
            return new if _NUMBER.fullmatch(new) else json.dumps(new)
        raw = self.text[value.start : value.end]
        positions = _raw_positions(raw)
        pieces, at = [], 0
        for redaction in sorted(redactions, key=lambda entry: entry.span):
            start, end = redaction.span.start + 1, redaction.span.end + 1
            if positions is not None:
                start, end = positions[start - 1], positions[end - 1]
            pieces += [raw[at:start], json.dumps(redaction.replacement, ensure_ascii=False)[1:-1]]
            at = end
        return "".join([*pieces, raw[at:]])


class JsonFormat:
    """One JSON document."""

    name = "json"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[JsonChunk]:
        """The one chunk of the document.

        Raises:
            UnreadableError: not JSON; names line and column.
        """
        data = read_whole(source)
        encoding = detect_encoding(data, options.encoding)
        text = encoding.decode(data[len(encoding.bom) :])
        units, found = _units(text, 0, "", options)
        yield JsonChunk(0, units, text, found, encoding, encoding.bom)


class JsonLinesFormat:
    """One JSON document a line (NDJSON); UTF-8. Blank lines are kept."""

    name = "jsonl"
    streaming = True

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[JsonChunk]:
        """Chunks of whole lines.

        Raises:
            UnreadableError: a line is not JSON or not UTF-8; names the line.
        """
        line = 1
        head = b""
        for index, data in enumerate(line_blocks(source, options)):
            if index == 0:
                head = detect_encoding(data[:4], "utf-8", whole=False).bom
            encoding = Encoding("utf-8", head)
            text = encoding.decode(data[len(head) :])
            units: list[Unit] = []
            found: dict[str, Value] = {}
            at = 0
            while at < len(text):
                end = text.find("\n", at) + 1 or len(text)
                if text[at:end].strip(" \t\r\n"):
                    more, places = _units(text[at:end], at, f"{line}#", options, line)
                    units += more
                    found |= places
                at, line = end, line + 1
            yield JsonChunk(index, units, text, found, encoding, head)
            head = b""


def _units(
    text: str, offset: int, prefix: str, options: ReadOptions, line: int | None = None
) -> tuple[list[Unit], dict[str, Value]]:
    """Units of one document and where they stand; ``offset`` is added to every place."""
    units: list[Unit] = []
    found: dict[str, Value] = {}
    try:
        for value in values(text, options.max_depth):
            if not value.text:
                continue
            place = prefix + value.place
            units.append(Unit(place, value.text, Locator("json", place), value.path))
            found[place] = replace(value, start=value.start + offset, end=value.end + offset)
    except _Malformed as error:
        row = text.count("\n", 0, error.at) + 1 if line is None else line
        column = error.at - (text.rfind("\n", 0, error.at) + 1) + 1
        raise UnreadableError(
            f"line {row}, column {column}: {error.what}; mend the file, or read it with "
            "--format text"
        ) from None
    return units, found
