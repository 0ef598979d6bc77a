"""Which formulas speak of redacted cells, and whether what they remember gives a part away.

``=LEFT(A2;4)`` remembers four letters of a name that is gone from A2. Such a remembered value
is dropped and computed anew when the workbook is opened.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from redactor.formats.office.workbook import column_number

_STRING = re.compile(r'"(?:[^"]|"")*"')
_SHEET = r"(?:(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!)?"
_REFERENCE = re.compile(
    _SHEET + r"(?:\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?"  # A1, A1:B9
    r"|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})"  # A:B
    r"|\$?(\d{1,7}):\$?(\d{1,7}))(?![\w(!])"  # 1:9
)
_FUNCTION = re.compile(r"[\w.]+\(")
_KNOWN_WORD = re.compile(r"\b(?:TRUE|FALSE)\b", re.IGNORECASE)
_INDIRECT = re.compile(r"\b(?:INDIRECT|OFFSET)\(", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1048576, 16384
GRAM = 3  # characters in a row that two values share

Area = tuple[str, int, int, int, int]  # sheet (case-folded, "" own), rows and columns, inclusive


def areas(formula: str) -> tuple[list[Area], bool]:
    """The areas that a formula names, and whether it also speaks of what cannot be told."""
    text = _STRING.sub('""', formula)
    found: list[Area] = []

    def note(match: re.Match[str]) -> str:
        sheet = ((match[1] or "").replace("''", "'") or match[2] or "").casefold()
        if match[3]:
            first, top = column_number(match[3]), int(match[4])
            last = column_number(match[5]) if match[5] else first
            bottom = int(match[6]) if match[6] else top
            found.append((sheet, *sorted((top, bottom)), *sorted((first, last))))  # type: ignore[arg-type]
        elif match[7]:
            pair = sorted((column_number(match[7]), column_number(match[8])))
            found.append((sheet, 1, _LAST_ROW, pair[0], pair[1]))
        else:
            rows = sorted((int(match[9]), int(match[10])))
            found.append((sheet, rows[0], rows[1], 1, _LAST_COLUMN))
        return " "

    rest = _REFERENCE.sub(note, text)
    unclear = bool(_INDIRECT.search(rest))
    rest = _KNOWN_WORD.sub(" ", _FUNCTION.sub("(", rest))
    unclear = unclear or any(char.isalpha() or char in "[!" for char in rest)
    return found, unclear


class Cells:
    """A set of cells, asked whether an area holds any of them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], list[int]] = {}
        self.count = 0

    def add(self, sheet: str, row: int, column: int) -> None:
        """One more cell."""
        rows = self._rows.setdefault((sheet, column), [])
        at = bisect_left(rows, row)
        if at == len(rows) or rows[at] != row:
            rows.insert(at, row)
            self.count += 1

    def meets(self, area: Area, own: str) -> bool:
        """Whether a cell of the set lies in an area; ``own``: the sheet of the formula."""
        sheet, top, bottom, first, last = area
        sheet = sheet or own
        if last - first > 64:
            columns: Iterable[int] = [c for s, c in self._rows if s == sheet and first <= c <= last]
        else:
            columns = range(first, last + 1)
        for column in columns:
            rows = self._rows.get((sheet, column), [])
            at = bisect_left(rows, top)
            if at < len(rows) and rows[at] <= bottom:
                return True
        return False


def grams(text: str) -> Iterator[str]:
    """Every run of :data:`GRAM` letters and digits of a text, case-folded."""
    bare = "".join(char for char in text.casefold() if char.isalnum())
    for at in range(len(bare) - GRAM + 1):
        yield bare[at : at + GRAM]
