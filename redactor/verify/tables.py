"""What a table must hold after its columns were replaced, made apart from its writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from redactor.formats.csv_table import TableChunk
from redactor.values import Redaction, Unit
from redactor.verify.report import expected_text


def _strays(table: TableChunk, redactions: Sequence[Redaction]) -> Mapping[tuple[int, int], str]:
    """(row, column), 0-based in the table -> text of cells beyond the header, as redacted."""
    mine: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        mine.setdefault(redaction.unit, []).append(redaction)
    texts = {}
    for unit in table.units:
        row, _, column = unit.id.partition(":")
        text, _ = expected_text(unit.text, mine.get(unit.id, ()))
        texts[int(row) - table.first_row, int(column) - 1] = text
    return texts


def expected_cells(table: TableChunk, redactions: Sequence[Redaction]) -> list[str]:
    """The texts of all cells that are not empty, row by row."""
    strays = _strays(table, redactions)
    columns = sorted(table.new.items())
    cells: list[str] = []
    for number, row in enumerate(table.rows):
        texts = row.copy()
        for column, new in columns:
            if column < len(texts):
                texts[column] = new[number]
        if strays and len(texts) > len(table.names):
            for column in range(len(table.names), len(texts)):
                texts[column] = strays.get((number, column), texts[column])
        cells += filter(str.strip, texts)
    return cells


class CellPlaces:
    """Which cell a number among the expected texts is; worked out when it is asked for."""

    def __init__(self, table: TableChunk, redactions: Sequence[Redaction]) -> None:
        self._table = table
        self._redactions = redactions

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        table, strays = self._table, _strays(self._table, self._redactions)
        places = []
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row):
                new = table.new.get(column)
                text = strays.get((number, column), cell) if new is None else new[number]
                if text.strip():
                    places.append((number, column))
        return places

    def at(self, number: int) -> tuple[int, int]:
        """Row and column, 0-based in the table; (-1, -1) for a text that should not be there."""
        return self._places[number] if number < len(self._places) else (-1, -1)

    def stray(self, row: int, column: int) -> Unit | None:
        """The unit of a cell beyond the header."""
        wanted = f"{row + self._table.first_row}:{column + 1}"
        return next((unit for unit in self._table.units if unit.id == wanted), None)

    def name(self, number: int) -> str:
        """The cell for a message: ``cell:row:column``, 1-based."""
        row, column = self.at(number)
        return f"cell:{row + self._table.first_row}:{column + 1}"
