"""What must be known of a workbook before its cells can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from redactor.formats.office import markup, numbers
from redactor.formats.office.headers import Headers
from redactor.formats.office.package import Package, Relation
from redactor.formats.office.references import Sheets
from redactor.formats.office.walk import Element, Hooks, Item, Walk

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\Z")
_AREA = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?\Z"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: its member, area (1-based rows and columns) and column names."""

    part: str = field(repr=False)
    first_row: int
    last_row: int
    first_column: int
    headed: bool
    names: tuple[str, ...] = field(repr=False)


@dataclass(slots=True)
class Workbook:
    """``sheets``: name and member in order; ``formats``: number format of each cell style.

    ``strings``: texts of the shared strings; ``headers``: column names by sheet member, filled
    while the sheets are read.
    """

    sheets: list[tuple[str, str]] = field(default_factory=list, repr=False)
    main: str = ""
    strings_part: str = ""
    date1904: bool = False
    formats: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list, repr=False)
    tables: dict[str, list[Table]] = field(default_factory=dict, repr=False)
    headers: dict[str, Headers] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> Sheets:
        """The sheets' names, for telling them in formulas."""
        return Sheets(frozenset(name.casefold() for name, _ in self.sheets))

    def format_of(self, style: str) -> str:
        """Number format of a cell's style index."""
        number = int(style) if style.isdecimal() else 0
        return self.formats[number] if number < len(self.formats) else numbers.GENERAL

    def field_of(self, reference: str) -> str:
        """Name of the column that ``'Sheet 1'!$B$2:$B$9`` lies in; "" where it is not one."""
        match = _AREA.match(reference.strip())
        if match is None or (match[5] and match[5] != match[3]):
            return ""
        name = (match[1] or "").replace("''", "'") or match[2] or ""
        for sheet, part in self.sheets:
            if sheet.casefold() == name.casefold() and part in self.headers:
                return self.headers[part].field(column_number(match[3]))
        return ""


def column_number(letters: str) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_place(reference: str) -> tuple[int, int] | None:
    """(row, column), 1-based, of ``B7``; None where it is no cell."""
    match = _CELL.match(reference)
    return (int(match[2]), column_number(match[1])) if match else None


def read_workbook(package: Package) -> Workbook:
    """The workbook of an xlsx package."""
    book = Workbook()
    book.main = next(
        (r.target for r in package.relations("") if r.type.endswith("/officeDocument")), ""
    )
    if book.main not in package.archive.members:
        return book
    related = {relation.id: relation for relation in package.relations(book.main)}
    text, _ = package.text(book.main)
    for name, values, _, _ in markup.tags(text):
        if name == "sheet":
            ids = [value for key, value in values.items() if key.rpartition(":")[2] == "id"]
            target = next((related[i].target for i in ids if i in related), "")
            book.sheets.append((values.get("name", ""), target))
        elif name == "workbookPr":
            book.date1904 = values.get("date1904") in ("1", "true", "on")
    for relation in related.values():
        _read_related(package, relation, book)
    for _, part in book.sheets:
        for relation in package.relations(part):
            if relation.type.endswith("/table") and relation.target in package.archive.members:
                book.tables.setdefault(part, []).append(_read_table(package, relation.target))
    return book


def _read_related(package: Package, relation: Relation, book: Workbook) -> None:
    if relation.external or relation.target not in package.archive.members:
        return
    kind = relation.type.rpartition("/")[2]
    if kind == "styles":
        book.formats = _read_formats(package.text(relation.target)[0])
    elif kind == "sharedStrings":
        book.strings_part = relation.target
        hooks = StringHooks()
        for _ in Walk(package.text(relation.target)[0], hooks):
            pass
        book.strings = hooks.texts


class StringHooks(Hooks):
    """Texts of the shared strings in order, empty ones too."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.ranges: list[list[int]] = []

    def end(self, walk: Walk, element: Element, end: int) -> tuple[Item, ...]:
        """A string is complete."""
        if element.name == "x:si" and element.collector is not None:
            self.texts.append(markup.text_of(element.collector.pieces))
            self.ranges.append(element.range)
        return ()


def _read_formats(text: str) -> list[str]:
    codes = dict(numbers.BUILT_IN)
    styles: list[str] = []
    for name, values, _, _ in markup.tags(text):
        if name == "numFmt" and values.get("numFmtId", "").isdecimal():
            codes[int(values["numFmtId"])] = values.get("formatCode", "")
        elif name == "xf":
            number = values.get("numFmtId", "0")
            styles.append(codes.get(int(number) if number.isdecimal() else 0, numbers.GENERAL))
        elif name == "cellStyleXfs":
            styles = []
        elif name == "cellXfs":
            return styles
    return []


def _read_table(package: Package, part: str) -> Table:
    names: list[str] = []
    area, headed = (1, 1, 1), True
    for name, values, _, _ in markup.tags(package.text(part)[0]):
        if name == "tableColumn":
            names.append(values.get("name", ""))
        elif name == "table":
            headed = values.get("headerRowCount", "1") != "0"
            first, _, last = values.get("ref", "A1").partition(":")
            start, end = cell_place(first) or (1, 1), cell_place(last or first) or (1, 1)
            area = (start[0], end[0], start[1])
    return Table(part, *area, headed, tuple(names))


def calc_sheets(text: str) -> Sheets:
    """Names of the sheets (and other tables) of an OpenDocument part."""
    names = set()
    for match in re.finditer(r"<(?:[\w.-]+:)?table(\s[^>]*)>", text):
        for place in markup.attributes(match[1], match.start(1)):
            if place.name.rpartition(":")[2] == "name":
                pieces = markup.pieces_of(text, place.start, place.end, markup.QUOTED)
                names.add(markup.text_of(pieces).casefold())
    return Sheets(frozenset(names), calc=True)
