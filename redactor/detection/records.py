"""Exact-data match: values of own records, known by their keyed hashes only.

A value matches where its letters and digits stand one after another, whatever case, spaces
and separators: at most two signs and 32 characters between two of them, no line end in
texts of records. Scores: 0.9 for a value that may count alone, 1.0 beside another column of
the same record, 0.95 for one that counts only so. *Beside*: at most so many characters
between the two as the policy says, through the cells and values of a release unit, but in
texts of records (``by_line``) in one line.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from redactor.detection.hashing import Ints, found_in, mixed
from redactor.detection.records_file import HEADS, head_hash, head_size, load
from redactor.detection.squashed import Squashed
from redactor.errors import PolicyError
from redactor.policy.model import RecordsEntry
from redactor.policy.source import did_you_mean
from redactor.values import Finding, Source, Span, Unit, Why

_ALONE, _BESIDE, _ONLY_BESIDE = 0.9, 1.0, 0.95
_MAX_GAP, _MAX_SIGNS = 32, 2  # characters between two letters of a value
_BATCH, _OVERLAP = 1 << 20, 1 << 13  # code points; a value with its gaps is shorter
_NEIGHBOURS = 64  # hits on a side that are looked at for support


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place of a value; ``at`` and ``end`` count code points through all units."""

    unit: Unit
    span: Span
    at: int
    end: int
    value: int
    column: int


class RecordsSearch:
    """The records of one policy entry, ready to be searched for.

    Raises:
        StateError: the file is missing or damaged, or its key is missing or another one.
        PolicyError: the entry names a column that the file lacks.
    """

    def __init__(self, entry: RecordsEntry) -> None:
        self._entry = entry
        self._records, self._hasher = load(Path(entry.path))
        self._entities: dict[int, str] = {}
        names = [column.name for column in self._records.columns]
        for name, entity in entry.columns:
            number = self._records.number(name)
            if number is None:
                raise PolicyError(
                    f"{entry.id}: the file of records has no column {name}"
                    f"{did_you_mean(name, names)}: it has {', '.join(names)}"
                )
            self._entities[number] = entity

    def find(self, units: Sequence[Unit]) -> list[Finding]:
        """Values of the records in a release unit's texts."""
        hits = sorted(self._hits(units), key=lambda hit: (hit.at, -hit.end, hit.column))
        reach = self._entry.within + max((hit.end - hit.at for hit in hits), default=0)
        found = []
        for number, hit in enumerate(hits):
            entity = self._entities.get(hit.column)
            if entity is None:
                continue
            beside = self._beside(hits, number, reach)
            alone = bool(self._records.alone[hit.value])
            if beside is None or not (alone or beside):
                continue
            score = (_BESIDE if beside else _ALONE) if alone else _ONLY_BESIDE
            name = self._records.columns[hit.column].name
            detail = f"with {', '.join(beside)}" if beside else ""
            why = Why(Source.RECORD, pattern=f"{self._entry.id}.{name}", detail=detail)
            text = hit.unit.text[hit.span.start : hit.span.end]
            found.append(Finding(hit.unit.id, hit.span, entity, score, "records", why, text))
        return found

    def _beside(self, hits: Sequence[_Hit], number: int, reach: int) -> list[str] | None:
        """Other columns of the same record near a hit; None: fewer than the policy demands."""
        hit, near = hits[number], dict[int, list[Any]]()
        rows = self._records.rows_of(hit.value)
        for other in self._neighbours(hits, number, reach):
            shared = _shared(rows, self._records.rows_of(other.value))
            if len(shared):
                near.setdefault(other.column, []).append(shared)
        needed = self._entry.at_least - 1
        if near and needed > 1:
            # several columns must be of one and the same record
            each = [np.unique(np.concatenate(found)) for found in near.values()]
            count = np.unique(np.concatenate(each), return_counts=True)[1].max()
        else:
            count = len(near)
        if count < needed:
            return None
        return sorted(self._records.columns[column].name for column in near)

    def _neighbours(self, hits: Sequence[_Hit], number: int, reach: int) -> Iterator[_Hit]:
        """Hits of other columns within the distance, the nearest on each side.

        None that begins ``reach`` before a hit, or farther away, is near it.
        """
        hit, within = hits[number], self._entry.within
        for at in range(number - 1, max(number - _NEIGHBOURS, 0) - 1, -1):
            other = hits[at]
            if hit.at - other.at > reach:
                break
            near = other.column != hit.column and 0 <= hit.at - other.end <= within
            if near and not _line_between(hit, other):
                yield other
        for at in range(number + 1, min(number + _NEIGHBOURS + 1, len(hits))):
            other = hits[at]
            if other.at - hit.end > within:
                break
            if other.column != hit.column and other.at >= hit.end and not _line_between(hit, other):
                yield other

    def _hits(self, units: Sequence[Unit]) -> Iterator[_Hit]:
        at = 0
        group: list[tuple[int, Unit]] = []
        size = 0
        for unit in units:
            if len(unit.text) > _BATCH:
                yield from self._long(at, unit)
            elif unit.text:
                if size + len(unit.text) > _BATCH:
                    yield from self._joined(group)
                    group, size = [], 0
                group.append((at, unit))
                size += len(unit.text) + 1
            at += len(unit.text) + 1
        yield from self._joined(group)

    def _joined(self, group: Sequence[tuple[int, Unit]]) -> Iterator[_Hit]:
        if not group:
            return
        starts, at = [], 0
        for _, unit in group:
            starts.append(at)
            at += len(unit.text) + 1
        text = "\n".join(unit.text for _, unit in group)
        for start, end, value in self._places(text):
            number = bisect_right(starts, start) - 1
            place, unit = group[number]
            start, end = start - starts[number], end - starts[number]
            if end <= len(unit.text) and _holds_together(unit, start, end):
                yield self._hit(unit, start, end, place, value)

    def _long(self, place: int, unit: Unit) -> Iterator[_Hit]:
        text = unit.text
        for begin in range(0, len(text), _BATCH - _OVERLAP):
            piece = text[begin : begin + _BATCH]
            for start, end, value in self._places(piece):
                cut = (start == 0 and begin > 0) or (end == len(piece) and begin + end < len(text))
                twice = begin > 0 and end < _OVERLAP  # the piece before has it whole
                if not cut and not twice and _holds_together(unit, begin + start, begin + end):
                    yield self._hit(unit, begin + start, begin + end, place, value)
            if begin + _BATCH >= len(text):
                break

    def _hit(self, unit: Unit, start: int, end: int, place: int, value: int) -> _Hit:
        column = int(self._records.columns_of[value])
        return _Hit(unit, Span(start, end), place + start, place + end, value, column)

    def _places(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, value) wherever the letters and digits of a value stand in a row."""
        plain = Squashed.of(text)
        point, tools = self._hasher.letters, self._hasher
        prefixes = point.prefixes(tools.numbers_of(plain.codes))
        total = len(plain.codes)
        for size, may_begin in zip(HEADS, self._records.heads, strict=True):
            lengths = [n for n in self._records.lengths if head_size(n) == size]
            first = plain.begins[plain.begins + size <= total]
            if not lengths or not len(first):
                continue
            heads = point.stretch(prefixes, first, first + size)
            first = first[may_begin(head_hash(heads, size, tools))]
            for length in lengths:
                usable = first[first + length <= total]
                usable = usable[plain.ends_after[usable + length - 1]]
                if len(usable):
                    yield from self._of_length(plain, prefixes, usable, length)

    def _of_length(
        self, plain: Squashed, prefixes: Any, first: Ints, length: int
    ) -> Iterator[tuple[int, int, int]]:
        hashes = mixed(self._hasher.letters.stretch(prefixes, first, first + length))
        places = found_in(self._records.keys, hashes)
        for hit in np.flatnonzero(places >= 0).tolist():
            start = int(first[hit])
            kept = plain.codes[start : start + length]
            encoding = "ascii" if kept.dtype == np.uint8 else "utf-32-le"
            tag = self._hasher.tags([kept.tobytes().decode(encoding, "surrogatepass")])[0]
            begin, end = int(plain.origins[start]), int(plain.origins[start + length - 1]) + 1
            for value in self._records.values_from(int(places[hit]), tag):
                yield begin, end, value


def _shared(left: Any, right: Any) -> Any:
    """Record numbers in both; each is ascending."""
    if len(left) > len(right):
        left, right = right, left
    places = np.searchsorted(right, left)
    places[places == len(right)] = 0
    return left[right[places] == left]


def _holds_together(unit: Unit, start: int, end: int) -> bool:
    """Whether only short gaps stand between the letters and digits of a hit."""
    gap = signs = 0
    for char in unit.text[start:end]:
        if char.isalnum() or unicodedata.combining(char):
            gap = signs = 0
            continue
        if unit.by_line and char == "\n":
            return False
        gap += 1
        signs += not char.isspace()
        if gap > _MAX_GAP or signs > _MAX_SIGNS:
            return False
    return True


def _line_between(one: _Hit, other: _Hit) -> bool:
    """Whether a line end stands between two hits of a text of records."""
    if one.unit is not other.unit or not one.unit.by_line:
        return one.unit.by_line or other.unit.by_line
    low, high = sorted((one.span, other.span))
    return one.unit.text.find("\n", low.end, high.start) >= 0


def search_of(entries: Sequence[RecordsEntry]) -> list[RecordsSearch]:
    """All files of records of a policy, loaded; raises as :class:`RecordsSearch`."""
    return [RecordsSearch(entry) for entry in entries]
