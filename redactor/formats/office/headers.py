"""Names of columns: the first row of a table that looks like names."""

from __future__ import annotations

from collections.abc import Sequence

_SEARCHED = 20  # rows in which a sheet's header is looked for: titles may stand above it


class Headers:
    """Column names of one table or sheet, found while its rows go by.

    Columns are 1-based. A row of names replaces an earlier one behind an empty row (another
    table begins), or if the earlier one was a single cell (a title).
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._row: dict[int, str] = {}
        self._texts = True
        self._rows = 0
        self._gap = False

    def add(self, column: int, text: str, *, is_text: bool = True) -> None:
        """A cell, or more of one, of the row that goes by."""
        self._row[column] = f"{self._row.get(column, '')} {text}".strip()
        self._texts = self._texts and is_text

    def end_row(self) -> None:
        """The row is complete."""
        row, texts = self._row, self._texts
        self._row, self._texts = {}, True
        if not row:
            self._gap = True
            return
        several = len(row) > 1
        wanted = (
            (not self.names and (several or not self._rows)) or (len(self.names) == 1 and several)
        ) and self._rows < _SEARCHED
        if (wanted or (self._gap and several)) and texts and looks_like_names(list(row.values())):
            self.names = row
        self._rows += 1
        self._gap = False

    def field(self, column: int) -> str:
        """The name of a column, for cells below the header."""
        return self.names.get(column, "")


def looks_like_names(cells: Sequence[str]) -> bool:
    """Whether the cells of a row are names of columns: distinct words, no values."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(set(filled)) < len(filled):
        return False
    return not any(
        len(cell) > 60
        or "@" in cell
        or not cell[:1].isalpha()
        or sum(char.isdigit() for char in cell) > 3
        for cell in filled
    )
