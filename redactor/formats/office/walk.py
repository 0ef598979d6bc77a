"""One walk over an XML part: every text in it, in a fixed order, with its pieces.

The order, which the re-reader keeps as well: an attribute where its start tag stands; a text
node at the next tag; a paragraph at its end tag, first as it reads with all tracked changes
accepted, then, where that differs, as it read before them, then the instructions of its
fields. A paragraph inside another (a text box, a footnote of OpenDocument) comes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from redactor.errors import UnreadableError
from redactor.formats.office import markup, vocabulary
from redactor.formats.office.markup import (
    BREAK,
    CDATA,
    COMMENT,
    PLAIN,
    QUOTED,
    TOKEN,
    Piece,
    Place,
)
from redactor.formats.office.names import UNKNOWN, prefix_of
from redactor.formats.office.references import Sheets, sheet_tokens

Places = list[Place]


@dataclass(slots=True)
class Item:
    """A text of a part.

    ``kind``: p paragraph, o as it read before tracked changes, f field instructions,
    a attribute, t text node, c comment or processing instruction, and of a cell ``cell``,
    ``behind`` (the value behind its format) and ``formula``; ``number`` counts items of that
    kind from 1. ``element`` and ``attribute`` are ``prefix:local``. ``within`` is the
    range of the element that a shadow repeats (``start``, ``end``).
    """

    kind: str
    number: int
    role: str
    element: str
    attribute: str
    pieces: list[Piece] = field(repr=False)
    path: tuple[str, ...] = field(default=(), repr=False)
    within: list[int] | None = None
    over: Item | None = None  # the item of which this is a second view
    inside: list[int] | None = None  # range of the cell that this paragraph stands in
    field: str = ""
    twin: Item | None = None  # shows the same value
    label: bool = False  # no prose, whatever its role
    place: str = ""  # a cell's address, instead of kind and number
    reference: str = ""  # the cells that a chart remembers
    first: int = -1  # of an attribute: where the white space before its name begins
    unit: str = ""  # id of its unit, once it has one

    @property
    def text(self) -> str:
        """What it says."""
        return markup.text_of(self.pieces)


@dataclass(slots=True)
class Collector:
    """Runs of one paragraph; ``flags``: 0 stays, 1 inserted, 2 deleted."""

    pieces: list[Piece] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    instructions: list[Piece] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)

    def add(self, pieces: list[Piece], flag: int | None = None) -> None:
        """More text, under the tracked change in force or the one that is given."""
        if flag is None:
            flag = self.changes[-1] if self.changes else 0
        self.pieces += pieces
        self.flags += [flag] * len(pieces)

    def without(self, flag: int) -> list[Piece]:
        """The runs that no change of this kind holds."""
        return [piece for piece, own in zip(self.pieces, self.flags, strict=True) if own != flag]

    def end_break(self, start: int, end: int) -> None:
        """A break that began at ``start`` ends: its element may not have been empty."""
        for number in range(len(self.pieces) - 1, -1, -1):
            piece = self.pieces[number]
            if piece.mode == BREAK and piece.start == start:
                self.pieces[number] = piece._replace(end=end)
                return


@dataclass(slots=True)
class Element:
    """An open element: name, namespaces in force, and where its start tag stands.

    ``range`` is where the element stands; its end is -1 until the end tag.
    """

    name: str
    scope: dict[str, str]
    cache: dict[str, str]
    start: int
    tag_end: int
    collector: Collector | None
    range: list[int]
    opens: bool = False  # a paragraph or aside of its own
    change: int = 0


class Hooks:
    """What a particular kind of part adds to the walk; this one adds nothing."""

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item] | None:
        """At a start tag: the items of its attributes, or None for those of the walk."""
        return None

    def end(self, walk: Walk, element: Element, end: int) -> Iterable[Item]:
        """At an end tag, ``end`` behind it: items of its own."""
        return ()

    def text(self, walk: Walk, element: Element, start: int, end: int) -> bool:
        """At a text token. True: it is not for the walk."""
        return False

    def note(self, walk: Walk, item: Item) -> None:
        """An item was made; its ``field``, ``twin`` and so on may be set here."""


class Walk:
    """The walk over one part's text. Iterate once.

    ``nodes``, ``rubies`` and ``sheet_references`` (raw start, raw end, name, whether it stands
    bare) are complete afterwards.

    Raises:
        UnreadableError: nested too deeply, or markup that cannot be followed.
    """

    def __init__(self, text: str, hooks: Hooks | None = None, sheets: Sheets | None = None) -> None:
        self.text = text
        self.stack: list[Element] = []
        self.nodes: dict[int, tuple[int, int]] = {}  # owner -> its text nodes' range
        self.rubies: list[tuple[list[int], list[int]]] = []  # (aside, element around it)
        self.sheet_references: list[tuple[int, int, str, bool]] = []
        self._sheets = sheets or Sheets()
        self.hooks = hooks
        self._counts: dict[str, int] = {}
        self._lone: list[Piece] = []
        self._lone_element = ""
        # OpenDocument keeps what was deleted apart, with an id that stands where it was
        self._region = ""
        self._deleted: dict[str, list[Piece]] = {}
        self._inserted: set[str] = set()
        self._inside_insertion = False

    def item(self, kind: str, role: str, element: str, attribute: str, pieces: list[Piece]) -> Item:
        """A new item, numbered."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        path = tuple(entry.name for entry in self.stack[-3:])
        return Item(kind, self._counts[kind], role, element, attribute, pieces, path)

    def __iter__(self) -> Iterator[Item]:
        for item in self._items():
            if self.hooks is not None:
                self.hooks.note(self, item)
            yield item

    def _items(self) -> Iterator[Item]:
        text, at = self.text, 0
        for match in TOKEN.finditer(text):
            start, end = match.span()
            if start != at:
                break
            at = end
            if match[9] is not None:
                self._characters(start, end, PLAIN)
            elif match[2] is not None:
                if self._lone:
                    yield from self._flush(match[2])
                if match[1]:
                    yield from self._close(end)
                else:
                    yield from self._open(match)
                    if match[4]:
                        yield from self._close(end)
            elif match[5] is not None:
                self._characters(match.start(5), match.end(5), CDATA)
            elif match[6] is not None:
                yield from self._remark(match.start(6), match.end(6))
            elif match[7] is not None and match[7].casefold() != "xml":
                yield from self._remark(match.start(8), match.end(8))
        if at != len(text) or self.stack:
            raise UnreadableError("a part has markup that cannot be followed")

    # ------------------------------------------------------------ tags

    def _open(self, token: re.Match[str]) -> Iterator[Item]:
        parent = self.stack[-1] if self.stack else None
        scope, cache = (parent.scope, parent.cache) if parent else (_ROOT_SCOPE, {})
        raw = token[3]
        places = list(markup.attributes(raw, token.start(3))) if raw else []
        if "xmlns" in raw:
            scope, cache = self._declared(scope, places), {}
        name = cache.get(token[2])
        if name is None:
            name = cache[token[2]] = _qualified(token[2], scope, default=True)
        collector = parent.collector if parent else None
        start = token.start()
        element = Element(name, scope, cache, start, token.end(), collector, [start, -1])
        if len(self.stack) >= markup.MAX_DEPTH:
            raise UnreadableError(
                f"a part nests more than {markup.MAX_DEPTH} elements: taken for an attack"
            )
        self.stack.append(element)
        if name in vocabulary.PARAGRAPHS or (collector and name in vocabulary.ASIDES):
            element.collector, element.opens = Collector(), True
        elif collector is not None:
            if name in vocabulary.INSERTED or name in vocabulary.DELETED:
                element.change = 1 if name in vocabulary.INSERTED else 2
                collector.changes.append(element.change)
            elif name in vocabulary.CHANGE_MARKS:
                self._change_mark(element, collector, places)
            elif name in vocabulary.BREAKS and (not parent or parent.name != vocabulary.TAB_STOPS):
                self._break(element, collector, places)
        elif name in vocabulary.CHANGE_REGIONS:
            self._change_region(element, places)
        own = None if self.hooks is None else self.hooks.start(self, element, places)
        if own is not None:
            yield from own
            return
        for place in places:
            if place.start != place.end and not place.name.startswith("xmlns"):
                yield from self.attribute(element, place)

    def _change_region(self, element: Element, places: Places) -> None:
        if element.name == "text:changed-region":
            values = self.values(element, places)
            self._region = values.get("text:id") or values.get("xml:id", "")
        elif element.name == "text:insertion":
            self._inserted.add(self._region)

    def _change_mark(self, element: Element, collector: Collector, places: Places) -> None:
        change = self.values(element, places).get("text:change-id", "")
        if element.name == "text:change":
            collector.add(self._deleted.get(change, []), 2)
        elif change in self._inserted:
            self._inside_insertion = element.name == "text:change-start"

    def _declared(self, scope: dict[str, str], places: Places) -> dict[str, str]:
        scope = dict(scope)
        for name, start, end, _ in places:
            if name == "xmlns" or name.startswith("xmlns:"):
                uri = markup.text_of(markup.pieces_of(self.text, start, end, QUOTED))
                scope[name[6:]] = uri
        return scope

    def attribute_name(self, element: Element, raw: str) -> str:
        """``prefix:local`` of an attribute."""
        if ":" not in raw:
            return raw
        name = element.cache.get("@" + raw)
        if name is None:
            name = element.cache["@" + raw] = _qualified(raw, element.scope, default=False)
        return name

    def values(self, element: Element, places: Places) -> dict[str, str]:
        """Decoded attributes by name."""
        return {
            self.attribute_name(element, place.name): markup.text_of(
                markup.pieces_of(self.text, place.start, place.end, QUOTED)
            )
            for place in places
        }

    def attribute(self, element: Element, place: Place, role: str | None = None) -> Iterator[Item]:
        """Items of one attribute: none, one, or two where a path may hide a name."""
        start, end = place.start, place.end
        name = self.attribute_name(element, place.name)
        pieces = markup.pieces_of(self.text, start, end, QUOTED)
        value = markup.text_of(pieces)
        role = role or vocabulary.attribute_role(element.name, name, value)
        if role is None:
            return
        if role == vocabulary.SHEET_REFERENCE:
            self.sheet_references.append((start, end, value, True))
            return
        for item in self._made("a", role, element.name, name, pieces):
            item.first = place.first
            if role in (vocabulary.SHADOW, vocabulary.VALUE) or name == "table:formula":
                item.within = self._shown_by(element)
            yield item

    def _made(
        self, kind: str, role: str, element: str, attribute: str, pieces: list[Piece]
    ) -> Iterator[Item]:
        """The item of a text and, where blanks may hide as ``_`` or ``+``, its second view."""
        if role == vocabulary.INSTRUCTION:
            if vocabulary.is_harmless_instruction(markup.text_of(pieces)):
                return
        elif role == vocabulary.URI:
            pieces = markup.unquoted(pieces)
        elif role == vocabulary.FORMULA:
            pieces = self.without_sheets(pieces)
        elif role == vocabulary.COLUMN:
            pieces = markup.unescaped(pieces)
        elif role.startswith(vocabulary.NAME):
            pieces = markup.identifier(pieces)
        plain = self.item(kind, role, element, attribute, pieces)
        yield plain
        if role in vocabulary.SPREAD and vocabulary.is_spread(markup.text_of(pieces)):
            view = [p._replace(text=vocabulary.unspread(p.text)) for p in pieces]
            second = self.item(kind, role, element, attribute, view)
            second.over = plain
            yield second

    def without_sheets(self, pieces: list[Piece]) -> list[Piece]:
        """A formula without the names of the workbook's own sheets, which are noted."""
        found = list(sheet_tokens(markup.text_of(pieces), self._sheets))
        if not found:
            return pieces
        for start, end, name in found:
            first, _ = markup.raw_position(pieces, start)
            _, last = markup.raw_position(pieces, end - 1)
            self.sheet_references.append((first, last, name, False))
        return markup.outside(pieces, [(start, end) for start, end, _ in found])

    def _shown_by(self, element: Element) -> list[int]:
        """Range of the element that a shadow repeats: the content control, or itself."""
        if element.name == "w:date":
            for entry in reversed(self.stack):
                if entry.name == "w:sdt":
                    return entry.range
        return element.range

    def _break(self, element: Element, collector: Collector, places: Places) -> None:
        text = vocabulary.BREAKS[element.name]
        if element.name == "text:s":
            number = self.values(element, places).get("text:c", "1")
            text = " " * (min(int(number), 1000) if number.isdecimal() else 1)
        # where it ends is known at its end tag
        collector.add([Piece(element.start, element.start, text, BREAK)])

    def _close(self, end: int) -> Iterator[Item]:
        element = self.stack[-1]
        element.range[1] = end
        if self.hooks is not None:
            yield from self.hooks.end(self, element, end)
        self.stack.pop()
        collector = element.collector
        if collector is None:
            return
        if element.opens:
            yield from self._paragraph(element, collector)
        elif element.change:
            collector.changes.pop()
        elif element.name in vocabulary.BREAKS:
            collector.end_break(element.start, end)

    def _paragraph(self, element: Element, collector: Collector) -> Iterator[Item]:
        now = collector.without(2)
        if now and any(entry.name == "text:deletion" for entry in self.stack):
            self._deleted.setdefault(self._region, []).extend(now)
        shown = self.item("p", vocabulary.TEXT, element.name, "", now) if now else None
        if shown is not None:
            yield shown
        if any(collector.flags):
            before = collector.without(1)
            if markup.text_of(before) not in ("", markup.text_of(now)):
                earlier = self.item("o", vocabulary.TEXT, element.name, "", before)
                earlier.over = shown
                yield earlier
        if collector.instructions:
            yield from self._made(
                "f", vocabulary.INSTRUCTION, element.name, "", collector.instructions
            )
        if element.name in vocabulary.ASIDES:
            for entry in reversed(self.stack):
                if entry.name in vocabulary.RUBY_OWNERS:
                    self.rubies.append((element.range, entry.range))
                    break

    # ------------------------------------------------------------ text

    def _characters(self, start: int, end: int, mode: int) -> None:
        if not self.stack:
            return
        element = self.stack[-1]
        if self.hooks is not None and self.hooks.text(self, element, start, end):
            return
        collector = element.collector
        if collector is not None:
            name = element.name
            if name in vocabulary.RUNS:
                owner = self.owner_of(element, start, end)
                pieces = markup.pieces_of(self.text, start, end, mode, owner)
                collector.add(markup.unescaped(pieces) if name == "x:t" else pieces)
                return
            if name.startswith(vocabulary.INLINE_PREFIXES):
                pieces = markup.pieces_of(self.text, start, end, mode)
                flag = 1 if self._inside_insertion else None
                collector.add(markup.collapsed(pieces), flag)
                return
            if name in vocabulary.INSTRUCTION_RUNS:
                owner = self.owner_of(element, start, end)
                collector.instructions += markup.pieces_of(self.text, start, end, mode, owner)
                return
        if self._lone or not self.text[start:end].isspace():
            if not self._lone:
                self._lone_element = element.name
            self._lone += markup.pieces_of(self.text, start, end, mode)

    def owner_of(self, element: Element, start: int, end: int) -> int:
        """Where ``xml:space`` would go; notes the stretch of text that it is about."""
        tag = self.text[element.start + 1 : element.tag_end]
        owner = element.start + 1 + len(tag.split(None, 1)[0].rstrip("/>"))
        first = self.nodes.get(owner, (start, end))[0]
        self.nodes[owner] = (first, end)
        return owner

    def _flush(self, tag: str) -> Iterator[Item]:
        """A text node ends at the next tag, unless that is markup inside running text."""
        if tag.rpartition(":")[2].casefold() in vocabulary.INLINE:
            return
        pieces, self._lone = self._lone, []
        role = vocabulary.node_role(self._lone_element, markup.text_of(pieces))
        if role is None:
            return
        yield from self._made("t", role, self._lone_element, "", pieces)

    def _remark(self, start: int, end: int) -> Iterator[Item]:
        if any(char.isalnum() for char in self.text[start:end]):
            pieces = markup.pieces_of(self.text, start, end, COMMENT)
            yield self.item("c", vocabulary.TEXT, "", "", pieces)


_ROOT_SCOPE = {"xml": "http://www.w3.org/XML/1998/namespace"}


def _qualified(raw: str, scope: dict[str, str], *, default: bool) -> str:
    """``prefix:local`` by the namespaces in force; a default one is for elements only."""
    prefix, colon, local = raw.rpartition(":")
    named = scope.get(prefix, UNKNOWN) if colon else ""
    uri = scope.get("", "") if default and not colon else named
    own = prefix_of(uri)
    return f"{own}:{local}" if own else local
