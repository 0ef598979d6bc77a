"""Cells of a worksheet: what each shows, the value behind it, and its formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from redactor.errors import UnreadableError
from redactor.formats.office import markup, numbers, vocabulary
from redactor.formats.office.headers import Headers
from redactor.formats.office.markup import PLAIN, Piece
from redactor.formats.office.walk import Element, Hooks, Item, Places, Walk
from redactor.formats.office.workbook import Table, Workbook, cell_place

_FILTERS = frozenset({"x:filter", "x:customFilter", "x:cfRule"})
_WITH_COLUMN = frozenset({"x:autoFilter", "x:dataValidation", "x:conditionalFormatting"})


@dataclass(slots=True)
class Cell:
    """A cell while it is read. Ranges are code points of the part; ``end`` is behind ``</c>``.

    ``type`` is the file's (s shared string, str formula's text, n number, b, d, e, inlineStr);
    ``string`` the index of its shared string; ``formula_range`` its ``<f>`` element, whose
    ``formula_area`` is what an array or shared formula fills.
    """

    reference: str
    row: int
    column: int
    start: int
    tag_end: int
    places: Places = field(repr=False)
    type: str = "n"
    style: str = "0"
    end: int = -1
    value: list[Piece] = field(default_factory=list, repr=False)
    value_range: tuple[int, int] | None = None
    value_element: tuple[int, int] | None = None
    formula: list[Piece] = field(default_factory=list, repr=False)
    formula_range: tuple[int, int] | None = None
    formula_type: str = ""
    formula_group: str = ""
    formula_area: str = ""
    string: int | None = None
    shown: Item | None = None
    behind: Item | None = None
    formula_item: Item | None = None


class SheetHooks(Hooks):
    """Makes items of cells; ``on_cell`` is told of each when it is complete."""

    def __init__(
        self, book: Workbook, part: str, on_cell: Callable[[Cell], None] | None = None
    ) -> None:
        self._book = book
        self._tables = book.tables.get(part, [])
        self._headers = book.headers[part] = Headers()
        self._on_cell = on_cell
        self._row = 0
        self._column = 0
        self._cell: Cell | None = None
        self._filtered = 0

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item] | None:
        """Rows and cells are counted, their attributes are no text."""
        name = element.name
        if name == "x:c":
            self._open_cell(walk, element, places)
            return ()
        if name == "x:row":
            row = walk.values(element, places).get("r", "")
            self._row = int(row) if row.isdecimal() else self._row + 1
            self._column = 0
            return ()
        if self._cell is not None:
            if name == "x:f":
                values = walk.values(element, places)
                self._cell.formula_range = (element.start, -1)
                self._cell.formula_type = values.get("t", "")
                self._cell.formula_group = values.get("si", "")
                self._cell.formula_area = values.get("ref", "")
                return ()
            return None
        if name in _WITH_COLUMN or name == "x:filterColumn":
            values = walk.values(element, places)
            first = values.get("ref") or values.get("sqref", "")
            place = cell_place(first.split(" ")[0].partition(":")[0])
            if name == "x:filterColumn":
                column = values.get("colId", "0")
                self._column = self._filtered + (int(column) if column.isdecimal() else 0)
            elif place is not None:
                self._row, self._column = place
                self._filtered = place[1]
        return None

    def _open_cell(self, walk: Walk, element: Element, places: Places) -> None:
        values = walk.values(element, places)
        reference = values.get("r", "")
        place = cell_place(reference)
        row, column = place or (self._row, self._column + 1)
        self._row, self._column = row, column
        self._cell = Cell(
            reference if place else f"R{row}C{column}", row, column, element.start,
            element.tag_end, places, values.get("t", "n"), values.get("s", "0"),
        )  # fmt: skip

    def text(self, walk: Walk, element: Element, start: int, end: int) -> bool:
        """Value and formula are kept for the end of the cell."""
        cell = self._cell
        if cell is None or element.name not in ("x:v", "x:f"):
            return False
        mode = markup.CDATA if walk.text.startswith("<![CDATA[", start - 9) else PLAIN
        pieces = markup.pieces_of(walk.text, start, end, mode)
        if element.name == "x:f":
            cell.formula += pieces
            return True
        cell.value += pieces
        first = cell.value_range[0] if cell.value_range else start
        cell.value_range = (first, end)
        return True

    def end(self, walk: Walk, element: Element, end: int) -> Iterable[Item]:
        """The cell's items, at its end."""
        cell = self._cell
        if element.name == "x:row":
            self._headers.end_row()
        elif cell is not None and element.name == "x:f":
            cell.formula_range = (element.start, end)
        elif cell is not None and element.name == "x:v":
            cell.value_element = (element.start, end)
        elif cell is not None and element.name == "x:c":
            cell.end = end
            self._cell = None
            return self._items(walk, cell)
        return ()

    def _items(self, walk: Walk, cell: Cell) -> Iterator[Item]:
        self._show(walk, cell)
        if cell.shown is not None:
            self._headers.add(cell.column, cell.shown.text, is_text=_is_text(cell))
            if cell.type != "inlineStr":
                yield self._placed(cell.shown, cell, "")
        if cell.behind is not None:
            cell.behind.twin = cell.shown
            yield self._placed(cell.behind, cell, "~")
        if cell.formula:
            pieces = walk.without_sheets(cell.formula)
            if markup.text_of(pieces):
                cell.formula_item = walk.item("formula", vocabulary.FORMULA, "x:f", "", pieces)
                cell.formula_item.place = cell.reference + "="
                yield cell.formula_item
        if self._on_cell is not None:
            self._on_cell(cell)

    def _placed(self, item: Item, cell: Cell, mark: str) -> Item:
        item.place = cell.reference + mark
        item.field = self._field(cell.row, cell.column)
        return item

    def _show(self, walk: Walk, cell: Cell) -> None:
        if cell.value_range is None:
            return
        value = markup.text_of(cell.value)
        if cell.type == "s":
            cell.string = int(value) if value.strip().isdecimal() else -1
            if not 0 <= cell.string < len(self._book.strings):
                raise UnreadableError("a cell refers to a shared string that is not there")
            cell.shown = _whole(walk, cell, self._book.strings[cell.string])
        elif cell.type == "str":
            pieces = markup.unescaped(cell.value)
            cell.shown = walk.item("cell", vocabulary.TEXT, "x:c", "", pieces)
        elif cell.type == "b":
            cell.shown = _whole(walk, cell, "TRUE" if value.strip() == "1" else "FALSE")
        elif cell.type == "n":
            shown, behind = displayed(self._book, value, cell.style)
            cell.shown = _whole(walk, cell, shown)
            if behind:
                cell.behind = _whole(walk, cell, behind)
                cell.behind.kind, cell.behind.label = "behind", True
        elif cell.type != "e":
            cell.shown = _whole(walk, cell, value)
        if cell.shown is not None and not cell.shown.text:
            cell.shown = None

    def _field(self, row: int, column: int) -> str:
        for table in self._tables:
            inside = table.first_row <= row <= table.last_row
            place = column - table.first_column
            if inside and 0 <= place < len(table.names):
                head = table.headed and row == table.first_row
                return "" if head else table.names[place]
        return self._headers.field(column)

    def note(self, walk: Walk, item: Item) -> None:
        """Inline strings are cells; filters and rules know their column."""
        cell = self._cell
        if cell is not None and item.element == "x:is" and item.kind == "p":
            item.kind = "cell"
            cell.shown = self._placed(item, cell, "")
        elif cell is None and item.kind == "a" and item.element in _FILTERS:
            item.field = self._headers.field(self._column)


def displayed(book: Workbook, value: str, style: str) -> tuple[str, str]:
    """What a number's cell shows, and the value behind it where that says more."""
    code = book.format_of(style)
    shown = numbers.display(value, code, date1904=book.date1904)
    if numbers.is_date(code):
        behind = numbers.iso(value, date1904=book.date1904)
        return shown, "" if behind in shown else behind
    behind = numbers.plain(value)
    squashed = shown.replace("-", "").replace(" ", "")
    if behind == squashed:
        return shown, ""
    digits = "".join(filter(str.isdigit, shown)).strip("0")
    same = digits == "".join(filter(str.isdigit, behind)).strip("0")
    return shown, "" if same and len(digits) < 6 else behind


def _whole(walk: Walk, cell: Cell, text: str) -> Item:
    assert cell.value_range is not None
    piece = Piece(*cell.value_range, text, PLAIN)
    return walk.item("cell", vocabulary.TEXT, "x:c", "", [piece])


def _is_text(cell: Cell) -> bool:
    return cell.type in ("s", "str", "inlineStr")


__all__ = ["Cell", "SheetHooks", "Table", "displayed"]
