"""Cutting delimited text into cells, and telling delimiter and header row.

Cells are cut by one regular expression that follows RFC 4180 and, where files do not, the
habits of Python's ``csv`` reader (text after a closing quote belongs to the cell).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from redactor.errors import UnreadableError

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 20
_TITLE_ROWS = 5  # rows of the table's width that may stand before its header, with it
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+\Z|[a-z]+(?:[A-Z][a-z0-9]*)+\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """Raw place in the chunk's text, row and column (1-based), and the decoded value."""

    start: int
    end: int
    row: int
    column: int
    text: str = field(repr=False)


def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """What matches one cell and its end."""
    d = re.escape(delimiter)
    return re.compile(
        rf'(?:"([^"]*+(?:""[^"]*+)*+)"([^{d}\r\n]*)'  # 1 quoted text, 2 what follows its quote
        rf"|([^{d}\r\n]*))"  # 3 plain text
        rf"({d}|\r\n|\n|\r|\Z)"  # 4 what ends the cell
    )


def cut(
    pattern: re.Pattern[str], text: str, row: int, *, last: bool
) -> tuple[list[Cell], int, int]:
    """Cells of the whole rows at the start of ``text``.

    Returns the cells, how many code points they use, and how many rows they are. Unless
    this is the ``last`` stretch, a row that touches its end is left for later: more of it
    may come.

    Raises:
        UnreadableError: a quote is opened and never closed; names the row.
    """
    cells: list[Cell] = []
    used = rows = kept = 0
    column, length = 1, len(text)
    for match in pattern.finditer(text):
        start, end = match.span()
        closing = match[4]
        if start == length and column == 1:
            break  # the empty match behind the last line end
        plain = match[3]
        if plain is not None and plain.startswith('"'):
            if last:
                raise UnreadableError(f"row {row + rows}: a quote is opened and never closed")
            break
        if not last and (end == length or closing == ""):
            break
        quoted = match[1]
        value = plain if quoted is None else quoted.replace('""', '"') + match[2]
        cells.append(Cell(start, end - len(closing), row + rows, column, value or ""))
        column += 1
        if closing[:1] in ("\r", "\n", ""):
            rows += 1
            column, used, kept = 1, end, len(cells)
            if closing == "":
                break
    return cells[:kept], used, rows


def detect_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows most evenly; a comma where none does."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        cells, _, _ = cut(cell_pattern(delimiter), text[:20000], 1, last=False)
        widths: dict[int, int] = {}
        for cell in cells:
            if cell.row <= _SAMPLE_ROWS:
                widths[cell.row] = cell.column
        counts = list(widths.values())
        if not counts or max(counts) < 2:
            continue
        common = max(set(counts), key=counts.count)
        score = counts.count(common) / len(counts) * (common > 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns and the 1-based row that holds them.

    ``row`` 0: there is none. ``sure``: the row holds names and nothing else; otherwise it is
    looked at as data as well. Rows before it are a preamble (a title, a date).
    """

    row: int = 0
    names: tuple[str, ...] = field(default=(), repr=False)
    sure: bool = True

    def name(self, row: int, column: int) -> str | None:
        """The name of a cell's column; None in the header and before it."""
        if row <= self.row or not 0 < column <= len(self.names):
            return None
        return self.names[column - 1] or None


def find_header(cells: Sequence[Cell], wanted: bool | None) -> Header:
    """The row that names the columns, among the first rows.

    ``wanted`` True: there is one, find the likeliest; False: there is none; None: tell.
    """
    if wanted is False:
        return Header()
    rows: dict[int, list[str]] = {}
    for cell in cells:
        if cell.row > _SAMPLE_ROWS:
            break
        rows.setdefault(cell.row, []).append(cell.text)
    widths = Counter(len(row) for row in rows.values())
    if not widths:
        return Header()
    # of equally frequent widths the largest: titles are narrow
    common = max(widths, key=lambda width: (widths[width], width))
    table = [number for number, row in rows.items() if len(row) * 2 > common]
    maybe = 0
    for place, number in enumerate(table[:_TITLE_ROWS]):
        below = [rows[other] for other in table[place + 1 :]]
        sure = _names(rows[number], below)
        if sure and not all(cell.strip() for cell in rows[number]) and place + 1 < len(table):
            # groups of columns stand over the names of the columns
            under = rows[table[place + 1]]
            if all(cell.strip() for cell in under) and _names(under, below[1:]):
                continue
        if sure:
            return Header(number, tuple(cell.strip() for cell in rows[number]))
        if sure is None and not _sparse(rows[number]):
            break  # data begin here
        if sure is False and not maybe and all(cell.strip() for cell in rows[number]):
            maybe = number
    if maybe and wanted is None:
        return Header(maybe, tuple(cell.strip() for cell in rows[maybe]), sure=False)
    if wanted:
        first = next((n for n in table if not _sparse(rows[n])), table[0])
        return Header(first, tuple(cell.strip() for cell in rows[first]))
    return Header()


def _sparse(row: Sequence[str]) -> bool:
    return sum(1 for cell in row if cell.strip()) * 2 <= len(row)


def _names(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool | None:
    """Whether a row holds the names of columns: True, False (maybe), or None (it does not)."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or len(set(filled)) < len(filled) or len(filled) * 2 < len(row):
        return None
    if any(len(cell) > 60 or "@" in cell or "\n" in cell for cell in filled):
        return None
    if any(_is_value(cell) for cell in filled):
        return None
    from redactor.fieldnames import is_known_name

    known = sum(map(is_known_name, filled))
    if known * 2 >= len(filled):
        return True
    if all(_IDENTIFIER.match(cell) or is_known_name(cell) for cell in filled):
        return True
    contrast = sum(
        1
        for column, cell in enumerate(row)
        if cell.strip() and not _has_digit(cell) and _mostly_digits(below, column)
    )
    return known > 0 or contrast > 0


def _is_value(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    return digits > 3 or not any(map(str.isalpha, cell))


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _mostly_digits(rows: Sequence[Sequence[str]], column: int) -> bool:
    values = [row[column] for row in rows if column < len(row) and row[column].strip()]
    return bool(values) and sum(map(_has_digit, values)) * 5 >= len(values) * 4
