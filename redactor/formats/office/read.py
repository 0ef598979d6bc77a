"""A package -> units, in the order of its members.

Ids are ``document.member.item`` by number (``0.5.12``), so that a part can be walked again
later and its items get the ids that they had: what was read is not kept, only its texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.office import blanks, markup, members, nested, vocabulary
from redactor.formats.office.cells import Cell, SheetHooks
from redactor.formats.office.clean import prepare
from redactor.formats.office.container import Budget
from redactor.formats.office.fields import ChartHooks, FieldHooks, RecordHooks, RelationHooks
from redactor.formats.office.headers import is_label
from redactor.formats.office.package import Package
from redactor.formats.office.references import Sheets
from redactor.formats.office.walk import Hooks, Item, Walk
from redactor.formats.office.workbook import StringHooks, Workbook, calc_sheets, read_workbook
from redactor.values import Locator, Unit

MAX_UNITS = 3_000_000
MAX_NESTED = 4  # documents in documents

PROPERTIES = "docProps/app.xml"


@dataclass(slots=True)
class Document:
    """A package that was cleaned and read, and what is embedded in it.

    ``groups``: identifiers that refer to each other, (name space, spelling) -> unit id;
    ``uses``: how often each shared string is shown; ``personal``: units that name people by
    their place, with their length and what a blank one says; ``sheet_units``: unit id -> name
    of a sheet; ``heads`` and ``columns``: by table part and place, the header cell's unit and
    the column's, with their texts; ``titles``:
    units of the properties that may name sheets; ``members``: units of members' names.
    """

    package: Package
    number: int
    book: Workbook | None = None
    sheets: Sheets = field(default_factory=Sheets)
    inner: dict[str, Document | nested.Foreign] = field(default_factory=dict, repr=False)
    groups: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    uses: Counter[int] = field(default_factory=Counter)
    personal: dict[str, tuple[int, str]] = field(default_factory=dict, repr=False)
    sheet_units: dict[str, str] = field(default_factory=dict, repr=False)
    heads: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict, repr=False)
    columns: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict, repr=False)
    titles: dict[str, str] = field(default_factory=dict, repr=False)
    members: dict[str, str] = field(default_factory=dict, repr=False)

    def walk(self, name: str, on_cell: Callable[[Cell], None] | None = None) -> Walk:
        """A walk over one part; its items come out of :func:`numbered`."""
        text, _ = self.package.text(name)
        return Walk(text, self._hooks(name, on_cell), self.sheets)

    def _hooks(self, name: str, on_cell: Callable[[Cell], None] | None) -> Hooks:
        if name.endswith(".rels"):
            return RelationHooks()
        book = self.book
        if book is not None:
            if any(part == name for _, part in book.sheets):
                return SheetHooks(book, name, on_cell)
            if "pivotCacheRecords" in name:
                return RecordHooks(self._record_fields(name))
            if name == book.strings_part:
                return StringHooks()
        return ChartHooks() if "chart" in name.casefold() else FieldHooks()

    def _record_fields(self, records: str) -> list[str]:
        """Names of the fields of a pivot cache, by the definition that refers to it."""
        for relation in self.package.relations():
            if relation.target == records and relation.source in self.package.archive.members:
                text, _ = self.package.text(relation.source)
                return [
                    values.get("name", "")
                    for tag, values, _, _ in markup.tags(text)
                    if tag == "cacheField"
                ]
        return []

    def documents(self) -> Iterator[Document]:
        """This one and all inside it."""
        yield self
        for part in self.inner.values():
            if isinstance(part, Document):
                yield from part.documents()


def numbered(document: Document, name: str, walk: Walk) -> Iterator[Item]:
    """Items of a part with the ids of their units; identifiers have none of their own."""
    prefix = f"{document.number}.{document.package.numbers[name]}."
    count = 0
    for item in walk:
        if not item.role.startswith(vocabulary.NAME):
            count += 1
            item.unit = f"{prefix}{count}"
        yield item


class Reader:
    """Reads a document and all that is inside it into ``units``.

    Raises:
        UnreadableError: damaged, hostile, too large, or a kind that is not handled.
    """

    def __init__(self, options: ReadOptions) -> None:
        self.units: list[Unit] = []
        self._options = options
        self._budget = Budget()
        self._count = 0
        self._charts: list[tuple[int, Document, str, str]] = []  # unit's place, where, cells

    def read(self, data: bytes) -> Document:
        """The document of a whole file."""
        document = self._document(data, "", 0)
        for at, owner, part, reference in self._charts:
            book = owner.book or self._embedded_book(owner, part)
            found = book.field_of(reference) if book is not None else ""
            if found:
                self.units[at] = replace(self.units[at], field=found)
        return document

    def _document(self, data: bytes, label: str, depth: int) -> Document:
        if depth > MAX_NESTED:
            raise UnreadableError(
                f"documents lie more than {MAX_NESTED} deep in each other: taken for an attack"
            )
        package = Package(
            data,
            self._options.office,
            max_ratio=self._options.max_ratio,
            budget=self._budget,
            label=label,
            depth=depth,
        )
        prepare(package)
        document = Document(package, self._count)
        self._count += 1
        if package.kind == "xlsx":
            document.book = read_workbook(package)
            document.sheets = document.book.names
        elif package.opendocument:
            document.sheets = calc_sheets(package.text("content.xml")[0])
        for name in package.names:
            self._member(document, name)
        if document.book is not None and document.book.strings_part in package.names:
            self._strings(document, document.book.strings_part)
        for (_, raw), unit in document.groups.items():
            text = markup.text_of(markup.identifier([markup.Piece(0, len(raw), raw, 0)]))
            place = Locator("part", f"{package.label}#n{unit.rpartition('.')[2]}")
            self._add(Unit(unit, text, place, prose=False))
        return document

    def _add(self, unit: Unit) -> None:
        if len(self.units) >= MAX_UNITS:
            raise UnreadableError(
                f"more than {MAX_UNITS} texts: split the document, or save its sheets as CSV"
            )
        self.units.append(unit)

    def _member(self, document: Document, name: str) -> None:
        package = document.package
        if not members.is_own_member(name):
            unit = f"{document.number}.m.{package.numbers[name]}"
            document.members[unit] = name
            text = vocabulary.unspread(name)
            self._add(Unit(unit, text, Locator("part", f"{package.shown(name)}#name"), prose=False))
        kind = package.kind_of(name)
        book = document.book
        if kind == members.XML:
            if book is None or name != book.strings_part:
                self._part(document, name)
        elif kind == members.PACKAGE:
            self._package(document, name)
        elif kind in (members.OBJECT, members.IMAGE, members.THUMBNAIL):
            self._other(document, name, kind)

    def _part(self, document: Document, name: str) -> None:
        def on_cell(cell: Cell) -> None:
            if cell.string is not None:
                document.uses[cell.string] += 1
            if cell.shown is not None:
                self._head(document, name, cell)

        walk = document.walk(name, on_cell)
        columns = 0
        for item in numbered(document, name, walk):
            if item.role.startswith(vocabulary.NAME):
                key = (item.role, spelling_of(walk, item))
                document.groups.setdefault(key, f"{document.number}.n.{len(document.groups) + 1}")
                continue
            self._item(document, name, item)
            if item.role == vocabulary.COLUMN:
                document.columns[name, columns] = (item.unit, item.text)
                columns += 1
            elif item.role == vocabulary.SHEET:
                document.sheet_units[item.unit] = item.text
            elif name == PROPERTIES and item.kind == "t":
                document.titles[item.unit] = item.text

    def _head(self, document: Document, part: str, cell: Cell) -> None:
        for table in document.book.tables.get(part, []) if document.book else []:
            if table.headed and cell.row == table.first_row and cell.shown is not None:
                place = cell.column - table.first_column
                document.heads[table.part, place] = (cell.shown.unit, cell.shown.text)

    def _item(self, document: Document, name: str, item: Item) -> None:
        text = item.text
        if not text:
            return
        package = document.package
        if item.role in vocabulary.ENTITIES:
            document.personal[item.unit] = (len(text), "Author" if item.kind == "a" else "")
        if item.reference:
            self._charts.append((len(self.units), document, name, item.reference))
        prose = item.role in vocabulary.PROSE or item.role == vocabulary.SHEET
        prose = prose and not item.label and not is_label(text)
        self._add(
            Unit(
                item.unit,
                text,
                Locator(
                    "part", f"{package.shown(name)}#{item.place or f'{item.kind}{item.number}'}"
                ),
                item.field or None,
                entity=vocabulary.ENTITIES.get(item.role),
                same_as=item.twin.unit if item.twin is not None else None,
                prose=prose,
            )
        )

    def _strings(self, document: Document, name: str) -> None:
        """Shared strings that no cell shows, and how others are read aloud."""
        for item, index in string_items(document, name):
            if index is None or not document.uses[index]:
                self._item(document, name, item)

    # ------------------------------------------------------------ what is inside

    def _package(self, document: Document, name: str) -> None:
        package = document.package
        data = package.read(name)
        if b"[Content_Types].xml" in data or data[30:38] == b"mimetype":
            label = f"{package.shown(name)}!"
            document.inner[name] = self._document(data, label, package.depth + 1)
        else:
            self._other(document, name, members.OBJECT)

    def _other(self, document: Document, name: str, kind: str) -> None:
        package = document.package
        data = package.read(name)
        found = None
        if kind == members.OBJECT or nested.picture_format(data) is not None:
            found = nested.foreign(data, name, self._options)
        if found is None and kind == members.OBJECT:
            if package.options.objects == "drop":
                ole = data.startswith(b"\xd0\xcf\x11\xe0")
                empty = blanks.empty_object() if ole else b""
                if data != empty:
                    package.changed[name] = empty
            else:
                package.note(members.OBJECT)
        if found is None:
            return
        document.inner[name] = found
        prefix = f"{document.number}.{package.numbers[name]}."
        for number, unit in found.units():
            place = Locator("part", f"{package.shown(name)}!{unit.locator}")
            same = unit.same_as and f"{prefix}{number}.{unit.same_as}"
            self._add(replace(unit, id=f"{prefix}{number}.{unit.id}", locator=place, same_as=same))

    def _embedded_book(self, document: Document, part: str) -> Workbook | None:
        """The workbook embedded behind a chart of a text or a presentation."""
        for relation in document.package.relations(part):
            inner = document.inner.get(relation.target)
            if isinstance(inner, Document) and inner.book is not None:
                return inner.book
        return None


def string_items(document: Document, name: str) -> Iterator[tuple[Item, int | None]]:
    """Items of the shared strings; the index of the string for those that are one."""
    hooks = StringHooks()
    text, _ = document.package.text(name)
    for item in numbered(document, name, Walk(text, hooks)):
        yield item, len(hooks.texts) - 1 if item.element == "x:si" else None


def spelling_of(walk: Walk, item: Item) -> str:
    """An identifier as spelt."""
    start, end = item.pieces[0].start, item.pieces[-1].end
    return markup.text_of(markup.pieces_of(walk.text, start, end, markup.QUOTED))
