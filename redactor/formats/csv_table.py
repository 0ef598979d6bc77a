"""CSV column by column, where the policy decides every column by its name alone.

No cell becomes a :class:`~redactor.values.Unit`: rows are split as a whole, the columns that
a field rule names are handed over as lists and written back as lists. Cells beyond the
header have no name; they are units like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from redactor.formats.csv_rows import Header, cell_pattern, cut
from redactor.formats.encoding import Encoding
from redactor.formats.formula import guard, guard_redactions, is_formula
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Unit

Row = list[str]
_SPECIAL = re.compile(r'[",;|\t\r\n]')


@dataclass(frozen=True, slots=True)
class TableChunk:
    """Whole rows below the header.

    ``rows`` decoded cells, ``raw`` the same as they are spelled (the same list where nothing is
    quoted), ``ends`` line ends; ``names`` of the columns; ``first_row`` 1-based number of the
    first row in the file. ``new`` column number (0-based) -> cells that take its place.
    ``used``: code points of the text that this is made of.
    """

    index: int
    units: Sequence[Unit] = field(repr=False)
    names: Sequence[str] = field(repr=False)
    rows: Sequence[Row] = field(repr=False)
    raw: Sequence[Row] = field(repr=False)
    ends: Sequence[str] = field(repr=False)
    first_row: int
    encoding: Encoding
    delimiter: str
    used: int
    new: Mapping[int, Sequence[str]] = field(default_factory=dict, repr=False)

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, delimiter, number of cells."""
        return {
            "encoding": self.encoding.name,
            "delimiter": self.delimiter,
            "cells": sum(map(len, self.rows)),
        }

    @property
    def records(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def column(self, number: int) -> list[str]:
        """The cells of a column, one a row; "" where a row is too short."""
        return [row[number] if number < len(row) else "" for row in self.rows]

    def with_columns(self, new: Mapping[int, Sequence[str]]) -> TableChunk:
        """The chunk with other cells in some columns; none begins a formula."""
        guarded: dict[int, Sequence[str]] = {}
        for number, cells in new.items():
            if any(is_formula(cell) for cell in set(cells)):
                old = self.column(number)
                # what begins with white space began so before: that is not replaced
                cells = [
                    c if c == o or o[:1].isspace() else guard(c)
                    for c, o in zip(cells, old, strict=True)
                ]
            guarded[number] = cells
        return replace(self, new=guarded)

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Guarded against formulas."""
        texts = {unit.id: unit.text for unit in self.units}
        return [
            entry
            for unit_id, mine in by_unit(redactions).items()
            for entry in guard_redactions(
                texts[unit_id], mine, "".join(splice(texts[unit_id], mine))
            )
        ]

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the rows; cells that were not replaced as they were read."""
        strays = {
            tuple(map(int, unit_id.split(":"))): mine
            for unit_id, mine in by_unit(redactions).items()
        }
        changed = sorted(self.new.items())
        written: dict[str, str] = {}
        delimiter = self.delimiter
        lines: list[str] = []
        for number, raw in enumerate(self.raw):
            cells = raw.copy()
            width = len(cells)
            for column, new in changed:
                if column < width and cells[column]:
                    text = new[number]
                    if raw[column][0] == '"':
                        cells[column] = '"' + text.replace('"', '""') + '"'
                    elif _SPECIAL.search(text):
                        cells[column] = written.setdefault(
                            text, '"' + text.replace('"', '""') + '"'
                        )
                    else:
                        cells[column] = text
            lines += (delimiter.join(cells), self.ends[number])
        if strays:
            lines = self._with_strays(lines, strays)
        out.write(self.encoding.encode("".join(lines)))

    def _with_strays(
        self, lines: list[str], strays: Mapping[tuple[int, ...], Sequence[Redaction]]
    ) -> list[str]:
        for (row, column), mine in strays.items():
            number = row - self.first_row
            cells = self._written_row(lines[2 * number])
            text = "".join(splice(self.rows[number][column - 1], mine))
            quoted = self.raw[number][column - 1][:1] == '"'
            needs = quoted or _SPECIAL.search(text) is not None
            cells[column - 1] = '"' + text.replace('"', '""') + '"' if needs else text
            lines[2 * number] = self.delimiter.join(cells)
        return lines

    def _written_row(self, line: str) -> Row:
        cells, _, _ = cut(cell_pattern(self.delimiter), line, 1, last=True)
        return [line[cell.start : cell.end] for cell in cells]


def table_chunk(
    pattern: re.Pattern[str],
    text: str,
    index: int,
    first_row: int,
    header: Header,
    encoding: Encoding,
    delimiter: str,
    *,
    last: bool,
) -> TableChunk:
    """The whole rows at the start of ``text``; a row that touches its end is left for later.

    Raises:
        UnreadableError: a quote is opened and never closed; names the row.
    """
    split = _split_plain(text, delimiter, last=last) or _split_any(
        pattern, text, first_row, last=last
    )
    rows, raw, ends, used = split
    width = len(header.names)
    units = []
    if any(len(row) > width for row in rows):
        for number, row in enumerate(rows, first_row):
            for column in range(width, len(row)):
                if row[column]:
                    place = f"{number}:{column + 1}"
                    units.append(Unit(place, row[column], Locator("cell", place)))
    return TableChunk(
        index, units, header.names, rows, raw, ends, first_row, encoding, delimiter, used
    )  # fmt: skip


_Split = tuple[list[Row], list[Row], Sequence[str], int]


def _split_plain(text: str, delimiter: str, *, last: bool) -> _Split | None:
    """Rows of text without multi-line cells and with one kind of line end, else None."""
    feeds, returns = text.count("\n"), text.count("\r")
    if returns and (returns != feeds or text.count("\r\n") != feeds):
        return None
    end = "\r\n" if returns else "\n"
    used = len(text) if last else text.rfind("\n") + 1
    if not used:
        return [], [], [], 0
    lines = text[:used].split(end)
    tail = lines.pop()
    ends = [end] * len(lines)
    if tail:
        lines.append(tail)
        ends.append("")
    if '"' not in text:
        rows = [line.split(delimiter) for line in lines]
        return rows, rows, ends, used
    rows, raw = [], []
    for line in lines:
        if '"' not in line:
            row = line.split(delimiter)
            rows.append(row)
            raw.append(row)
            continue
        if line.count('"') % 2:
            return None  # a cell of several lines, or a stray quote
        cells, _, _ = cut(cell_pattern(delimiter), line, 1, last=True)
        rows.append([cell.text for cell in cells])
        raw.append([line[cell.start : cell.end] for cell in cells])
    return rows, raw, ends, used


def _split_any(pattern: re.Pattern[str], text: str, first_row: int, *, last: bool) -> _Split:
    cells, used, _ = cut(pattern, text, first_row, last=last)
    rows: list[Row] = []
    raw: list[Row] = []
    ends: list[str] = []
    for number, cell in enumerate(cells):
        if cell.column == 1:
            rows.append([])
            raw.append([])
        rows[-1].append(cell.text)
        raw[-1].append(text[cell.start : cell.end])
        following = cells[number + 1] if number + 1 < len(cells) else None
        if following is None:
            ends.append(text[cell.end : used])
        elif following.column == 1:
            ends.append(text[cell.end : following.start])
    return rows, raw, ends, used
