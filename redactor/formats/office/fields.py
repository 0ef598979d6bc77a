"""What the surroundings of a text say it is: column, property, content control, chart."""

from __future__ import annotations

from collections.abc import Iterable

from redactor.formats.office import markup, vocabulary
from redactor.formats.office.headers import Headers
from redactor.formats.office.markup import PLAIN
from redactor.formats.office.names import is_known
from redactor.formats.office.walk import Element, Hooks, Item, Places, Walk

# Elements whose attribute names what stands in them.
_NAMED = {
    "op:property": "name", "w:docVar": "w:name", "meta:user-defined": "meta:name",
    "x:cacheField": "name", "p:tag": "name", "text:user-field-decl": "text:name",
    "text:variable-set": "text:name", "text:user-defined": "text:name",
    "table:data-pilot-field": "table:source-field-name",
}  # fmt: skip
_TABLES = frozenset({"w:tbl", "a:tbl", "table:table"})
_ROWS = frozenset({"w:tr", "a:tr", "table:table-row"})
_CELLS = frozenset({"w:tc", "a:tc", "table:table-cell", "table:covered-table-cell"})
_CONTROLS = frozenset({"w:alias", "w:tag", "w15:alias"})


class _Table:
    """A table that is open: which column its current cell is in."""

    def __init__(self) -> None:
        self.headers = Headers()
        self.column = 0
        self.next = 1
        self.is_text = True
        self.value: Item | None = None
        self.shown: Item | None = None


class FieldHooks(Hooks):
    """Sets ``Item.field``, and ``Item.twin`` for OpenDocument cells."""

    def __init__(self) -> None:
        self._named: list[tuple[Element, str]] = []
        self._controls: dict[int, str] = {}
        self._tables: list[_Table] = []

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item] | None:
        """Keep track of what is open."""
        name = element.name
        if name in _NAMED:
            self._named.append((element, walk.values(element, places).get(_NAMED[name], "")))
        elif name in _CONTROLS:
            control = next((e for e in reversed(walk.stack) if e.name == "w:sdt"), None)
            value = walk.values(element, places).get(f"{name.partition(':')[0]}:val", "")
            if (
                control is not None
                and value
                and (name != "w:tag" or control.start not in self._controls)
            ):
                self._controls[control.start] = value
        elif name in _TABLES:
            self._tables.append(_Table())
        elif self._tables:
            self._in_table(walk, element, places)
        return None

    def _in_table(self, walk: Walk, element: Element, places: Places) -> None:
        table, name = self._tables[-1], element.name
        if name in _ROWS:
            table.next = 1
        elif name in _CELLS:
            values = walk.values(element, places)
            table.column = table.next
            repeated = values.get("table:number-columns-repeated", "1")
            table.next += int(repeated) if repeated.isdecimal() else 1
            table.is_text = values.get("office:value-type", "string") == "string"
            table.value = table.shown = None
        elif name == "w:gridSpan":
            span = walk.values(element, places).get("w:val", "1")
            table.next = table.column + (int(span) if span.isdecimal() else 1)

    def end(self, walk: Walk, element: Element, end: int) -> Iterable[Item]:
        """Close what was open."""
        if self._named and self._named[-1][0] is element:
            self._named.pop()
        elif self._tables:
            if element.name in _TABLES:
                self._tables.pop()
            elif element.name in _ROWS:
                self._tables[-1].headers.end_row()
        return ()

    def note(self, walk: Walk, item: Item) -> None:
        """The most particular name of what the item is in."""
        if item.kind in ("p", "o") and self._tables:
            table = self._tables[-1]
            if walk.stack and walk.stack[-1].name in _CELLS:
                item.inside = walk.stack[-1].range
            item.field = table.headers.field(table.column)
            if item.kind == "p" and item.inside is not None:
                table.headers.add(table.column, item.text, is_text=table.is_text)
                self._twin(table, item)
        elif item.role == vocabulary.VALUE and self._tables and item.element in _CELLS:
            table = self._tables[-1]
            item.field = table.headers.field(table.column)
            if item.attribute != "office:boolean-value":
                table.value = item
        if not item.field and item.kind in ("p", "o"):
            for element in reversed(walk.stack):
                if element.start in self._controls:
                    item.field = self._controls[element.start]
                    break
        if not item.field and self._named:
            element, name = self._named[-1]
            item.field = "" if item.attribute == _NAMED[element.name] else name
        if not item.field and item.element and not is_known(item.element):
            item.field = _path(item)

    def _twin(self, table: _Table, item: Item) -> None:
        """What a cell of OpenDocument shows and the value behind it."""
        if table.value is not None and table.shown is None and table.value.text != item.text:
            item.twin = table.value
        table.shown = item


def _path(item: Item) -> str:
    """``customer.email`` for what stands in XML that we do not know."""
    names = [name.rpartition(":")[2] for name in item.path[-2:]]
    if item.attribute:
        names = [*names[-1:], item.attribute.rpartition(":")[2]]
    return ".".join(names)


class RelationHooks(Hooks):
    """Of relationships only the addresses outside of the package are text."""

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item]:
        """The address, if it leads outside."""
        if element.name != "rel:Relationship":
            return ()
        if walk.values(element, places).get("TargetMode") != "External":
            return ()
        target = next((place for place in places if place.name == "Target"), None)
        if target is None or target.start == target.end:
            return ()
        return walk.attribute(element, target, vocabulary.URI)


class ChartHooks(FieldHooks):
    """Values that a chart remembers know the cells that they were in."""

    def __init__(self) -> None:
        super().__init__()
        self._reference = ""

    def text(self, walk: Walk, element: Element, start: int, end: int) -> bool:
        """Note which cells a formula names."""
        if element.name in ("c:f", "cx:f"):
            self._reference = markup.text_of(markup.pieces_of(walk.text, start, end, PLAIN))
        return False

    def note(self, walk: Walk, item: Item) -> None:
        """The cells of a remembered value; the name of a series is not of its column."""
        super().note(walk, item)
        names = [element.name for element in walk.stack]
        if item.element in ("c:v", "cx:pt") and "c:tx" not in names and "cx:tx" not in names:
            item.reference = self._reference


class RecordHooks(FieldHooks):
    """Records of a pivot cache: a value's field is that of its place in the record."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names
        self._column = -1

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item] | None:
        """Count the places."""
        if element.name == "x:r":
            self._column = -1
        elif len(walk.stack) > 1 and walk.stack[-2].name == "x:r":
            self._column += 1
        return super().start(walk, element, places)

    def note(self, walk: Walk, item: Item) -> None:
        """The field's name."""
        super().note(walk, item)
        if 0 <= self._column < len(self._names):
            item.field = self._names[self._column]
