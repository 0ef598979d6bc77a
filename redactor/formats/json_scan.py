"""A JSON scanner that records where every value stands, and edits that change one of them.

Edits replace stretches of the original text, so white space, key order, number formats and
escapes outside a redaction survive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from redactor.formats.splice import Edit, by_unit, splice
from redactor.values import Redaction, Span

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


class Malformed(Exception):
    """Not JSON: at which code point, and what is wrong there (never a quotation)."""

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
        Malformed: not JSON (RFC 8259), with the code point; or nested too deep.
    """
    levels: list[_Level] = []
    at, objects = 0, 0
    state = "value"  # value | first (value or close) | key | firstkey | colon | after | end
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            raise Malformed(_after_space(text, at), "something that is not JSON")
        kind, at = match.lastindex, match.end()
        if kind == 5:
            if state == "end":
                return
            raise Malformed(at, "the end, too early")
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
                raise Malformed(start, f"nesting deeper than {max_depth}")
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
            raise Malformed(start, "something that does not belong there")


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


def edits(text: str, value: Value, redactions: Sequence[Redaction]) -> list[Edit]:
    """The stretches of the document's ``text`` to replace, so that one value is redacted.

    A redacted number becomes a string unless its replacement is a number again.
    """
    raw = text[value.start : value.end]
    if value.kind == "number":
        new = "".join(splice(value.text, redactions))
        return [(value.start, value.end, new if _NUMBER.fullmatch(new) else json.dumps(new))]
    positions = _raw_positions(raw)
    made: list[Edit] = []
    for redaction in sorted(redactions, key=lambda entry: entry.span):
        start, end = redaction.span.start + 1, redaction.span.end + 1
        if positions is not None:
            start, end = positions[start - 1], positions[end - 1]
        new = json.dumps(redaction.replacement, ensure_ascii=False)[1:-1]
        made.append((value.start + start, value.start + end, new))
    return made


def distinct_keys(
    values: Mapping[str, Value], redactions: Sequence[Redaction]
) -> Sequence[Redaction]:
    """Keys that would become equal in one object get ``#2``, ``#3`` ... appended.

    ``values`` are those of one document (or one chunk), by unit id.
    """
    grouped = by_unit(redactions)
    touched = {u for u in grouped if u in values and values[u].kind == "key"}
    if not touched:
        return redactions
    taken: dict[int, set[str]] = {}
    for unit_id, value in values.items():
        if value.kind == "key" and unit_id not in touched:
            taken.setdefault(value.parent, set()).add(value.text)
    for unit_id in values:
        if unit_id not in touched:
            continue
        value = values[unit_id]
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
