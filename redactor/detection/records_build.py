"""Own records -> a file of their keyed hashes; nothing of a value is kept.

What a value may do alone is decided by how easily it is met by chance. Emails, numbers of
seven digits and more, and names of several words count wherever they stand; first names,
places, post codes, dates and short numbers only beside another column of the same record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from redactor.detection.hashing import Filter, Hasher, Words, codes_of
from redactor.detection.records_file import (
    HEADS,
    LONGEST,
    SHORTEST,
    Column,
    Records,
    head_hash,
    head_size,
)
from redactor.detection.squashed import squash
from redactor.errors import UsageError
from redactor.formats import FORMATS, detect_format, open_source
from redactor.formats.base import ReadOptions
from redactor.policy.source import did_you_mean

_CHUNK = 50_000  # values hashed together
_MAX_COLUMNS = 64
_NO_VALUES = frozenset(
    ("na", "none", "null", "nil", "unknown", "test", "tba", "tbd", "nan", "notavailable")
)
_DATE = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[T ].*)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d.*",
    re.IGNORECASE,
)
_LEAST_DIGITS = 7
_CROWDED = 1e-3  # share of all numbers of that length that the column holds
_REPEATED = 20  # records that share a value, on average, from 100 records on

ALONE, TOGETHER, DIGITS = 0, 1, 2  # how a value counts; DIGITS: as crowded as they are


def build(
    source: Path, columns: Sequence[str], hasher: Hasher, options: ReadOptions | None = None,
    format_name: str | None = None,
) -> Records:  # fmt: skip
    """Hash the named columns of a table (CSV, TSV, JSON or JSON Lines).

    Raises:
        UsageError: a column is not there, or nothing of what is named can be looked for.
        UnreadableError: the source cannot be read as what it claims to be.
    """
    if not 1 <= len(columns) <= _MAX_COLUMNS or len(set(columns)) < len(columns):
        raise UsageError(f"name 1 to {_MAX_COLUMNS} columns, each once")
    gathered = [_Gathered() for _ in columns]
    rows = 0
    for record in read_records(source, columns, options or ReadOptions(), format_name):
        for column, text in record:
            gathered[column].add(rows, text, hasher)
        rows += 1
    parts = [column.finish(hasher) for column in gathered]
    kinds = [_how_they_count(part, rows) for part in parts]
    told = [
        _column(name, part, kind) for name, part, kind in zip(columns, parts, kinds, strict=True)
    ]
    _refuse_weak(told)
    return _assemble(told, rows, parts, kinds, hasher)


def read_records(
    source: Path, columns: Sequence[str], options: ReadOptions, format_name: str | None
) -> Iterator[list[tuple[int, str]]]:
    """Of every record the (number of the column, text) pairs that it has."""
    with open_source(source, options) as opened:
        kind = format_name or detect_format(source.name, opened.peek(65536))
        if kind not in ("csv", "tsv", "json", "jsonl"):
            raise UsageError(f"records come from csv, tsv, json or jsonl, not from {kind}")
        units = (
            unit for chunk in FORMATS[kind]().chunks(opened.stream, options) for unit in chunk.units
        )
        if kind in ("csv", "tsv"):
            yield from _from_cells(units, columns)
        else:
            yield from _from_paths(units, columns, lines=kind == "jsonl")
        opened.finish()


def _from_cells(units: Iterable[Any], columns: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    wanted: dict[int, int] = {}
    header: list[str] = []
    row, record = 1, list[tuple[int, str]]()
    for unit in units:
        at, column = map(int, unit.locator.place.split(":"))
        if at == 1:
            header.append(unit.text.strip())
            if header[-1] in columns:
                wanted[column] = columns.index(header[-1])
            continue
        if row == 1:
            _refuse_missing(columns, header, wanted.values())
        if at != row:
            if record:
                yield record
            row, record = at, []
        if column in wanted:
            record.append((wanted[column], unit.text))
    if row == 1:
        _refuse_missing(columns, header, wanted.values())
    if record:
        yield record


def _from_paths(
    units: Iterable[Any], columns: Sequence[str], *, lines: bool
) -> Iterator[list[tuple[int, str]]]:
    """``columns`` are paths as ``user.email``; a record is a line, or an item of the list."""
    names = {name: number for number, name in enumerate(columns)}
    seen: set[str] = set()
    mark, record = "", list[tuple[int, str]]()
    for unit in units:
        place = unit.locator.place
        one = place.partition("#")[0] if lines else place[1:].partition("/")[0]
        if one != mark:
            if record:
                yield record
            mark, record = one, []
        if unit.field is None:
            continue
        path = unit.field if lines else unit.field.removeprefix("[]").removeprefix(".")
        if path in names or len(seen) < 1000:
            seen.add(path)
        if path in names:
            record.append((names[path], unit.text))
    if record:
        yield record
    _refuse_missing(columns, sorted(seen), [names[name] for name in seen & names.keys()])


def _refuse_missing(columns: Sequence[str], header: Sequence[str], found: Iterable[int]) -> None:
    missing = sorted(set(range(len(columns))) - set(found))
    if missing:
        name = columns[missing[0]]
        raise UsageError(
            f"the records have no column {name}{did_you_mean(name, list(header))}: the first row "
            "must name the columns, JSON ones are named by their path as user.email"
        )


@dataclass(slots=True)
class _Part:
    """Hashed values of one column, one entry for each place."""

    keys: Words
    tags: Words
    rows: Any
    kinds: Any
    lengths: Any
    heads: list[Words]
    left_out: int


@dataclass(slots=True)
class _Gathered:
    """Values of one column on their way to hashes."""

    texts: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)
    left_out: int = 0

    def add(self, row: int, text: str, hasher: Hasher) -> None:
        plain = squash(text)
        if plain in _NO_VALUES or not plain:
            return
        if not SHORTEST <= len(plain) <= LONGEST:
            self.left_out += 1
            return
        self.texts.append(plain)
        self.rows.append(row)
        self.kinds.append(_kind_of(text.strip(), plain))
        if len(self.texts) >= _CHUNK:
            self._hash(hasher)

    def _hash(self, hasher: Hasher) -> None:
        lengths = np.fromiter(map(len, self.texts), np.uint16, len(self.texts))
        heads = [
            _beginnings([text for text in self.texts if head_size(len(text)) == size], size, hasher)
            for size in HEADS
        ]
        self.parts.append(
            _Part(
                hasher.of_texts(self.texts), hasher.tags(self.texts),
                np.array(self.rows, np.uint32), np.array(self.kinds, np.uint8), lengths, heads, 0,
            )
        )  # fmt: skip
        self.texts, self.rows, self.kinds = [], [], []

    def finish(self, hasher: Hasher) -> _Part:
        self._hash(hasher)
        parts = self.parts
        return _Part(
            np.concatenate([part.keys for part in parts]),
            np.concatenate([part.tags for part in parts]),
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.lengths for part in parts]),
            [
                np.unique(np.concatenate(heads))
                for heads in zip(*(p.heads for p in parts), strict=True)
            ],
            self.left_out,
        )


def _beginnings(texts: Sequence[str], size: int, hasher: Hasher) -> Words:
    codes = codes_of("".join(text[:size] for text in texts))
    prefixes = hasher.letters.prefixes(hasher.numbers_of(codes))
    starts = np.arange(len(texts)) * size
    heads = hasher.letters.stretch(prefixes, starts, starts + size)
    return np.unique(head_hash(heads, size, hasher))


def _kind_of(text: str, plain: str) -> int:
    """How a value counts by its look: see the module's text."""
    if _DATE.fullmatch(text):
        return TOGETHER
    if plain.isdigit():
        return DIGITS if len(plain) >= _LEAST_DIGITS else TOGETHER
    if "@" in text:
        return ALONE if len(plain) >= 6 else TOGETHER
    if any(char.isdigit() for char in plain):
        return ALONE if len(plain) >= 6 else TOGETHER
    words = [word for word in re.split(r"[\W_]+", text) if word]
    unspaced = any(ord(char) >= 0x3040 for char in plain) and len(plain) >= 4
    return ALONE if (len(words) >= 2 and len(plain) >= 8) or unspaced else TOGETHER


def _how_they_count(part: _Part, records: int) -> Any:
    """Of every place whether its value may count alone."""
    alone = part.kinds == ALONE
    digits = part.kinds == DIGITS
    for length in np.unique(part.lengths[digits]).tolist():
        same = digits & (part.lengths == length)
        different = len(np.unique(part.keys[same]))
        if different <= _CROWDED * 10.0**length:
            alone |= same
    different = len(np.unique(part.keys))
    if records >= 100 and different * _REPEATED < len(part.keys):
        alone[:] = False  # what so many share tells nobody apart
    if len(alone) and alone.sum() * 2 < len(alone):
        alone[:] = False
    return alone


def _column(name: str, part: _Part, alone: Any) -> Column:
    return Column(
        name, len(np.unique(part.keys)), len(np.unique(part.keys[alone])), part.left_out,
        not bool(alone.any()),
    )  # fmt: skip


def _refuse_weak(columns: Sequence[Column]) -> None:
    for column in columns:
        if not column.values:
            raise UsageError(
                f"column {column.name} holds nothing that could be looked for: values need "
                f"{SHORTEST} to {LONGEST} letters or digits"
            )
    if len(columns) == 1 and columns[0].together:
        raise UsageError(
            f"column {columns[0].name} is met by chance too easily to count alone (first names, "
            "places, dates, short numbers): name another column of the same records beside it"
        )


def _assemble(
    columns: Sequence[Column], records: int, parts: Sequence[_Part], alone: Sequence[Any],
    hasher: Hasher,
) -> Records:  # fmt: skip
    keys = np.concatenate([part.keys for part in parts])
    tags = np.concatenate([part.tags for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    of = np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part.keys) for part in parts])
    order = np.lexsort((rows, of, tags, keys))
    keys, tags, rows, of = keys[order], tags[order], rows[order], of[order]
    flags = np.concatenate(list(alone))[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (tags[1:] != tags[:-1]) | (of[1:] != of[:-1])
    first = np.flatnonzero(new)
    lengths = np.unique(np.concatenate([part.lengths for part in parts])).tolist()
    return Records(
        columns=tuple(columns),
        records=records,
        lengths=tuple(lengths),
        keys=keys[first],
        tags=tags[first],
        columns_of=of[first],
        alone=flags[first].astype(np.uint8),
        first_row=np.append(first, len(keys)).astype(np.uint64),
        rows=rows,
        heads=tuple(
            Filter.of(np.unique(np.concatenate([part.heads[n] for part in parts])))
            for n in range(len(HEADS))
        ),
    )
