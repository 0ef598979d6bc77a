"""Redactions of a document -> the bytes of every part that changes, and what was really done."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redactor.formats.office import markup, members, renaming, vocabulary
from redactor.formats.office.edits import PartEdits
from redactor.formats.office.markup import Edit
from redactor.formats.office.nested import Foreign
from redactor.formats.office.package import CONTENT_TYPES, MANIFEST
from redactor.formats.office.read import Document, numbered, spelling_of
from redactor.formats.office.references import renamed, sheet_tokens
from redactor.formats.office.sheets_plan import SheetPlan
from redactor.formats.office.walk import Item, Walk
from redactor.formats.splice import splice
from redactor.values import Redaction, Span

ByUnit = dict[str, list[Redaction]]


@dataclass(slots=True)
class Plan:
    """New bytes by member, members that go, new names of members; of one document.

    ``settled``: redactions as they are carried out, those of embedded documents too.
    """

    document: Document
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)
    dropped: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    settled: list[Redaction] = field(default_factory=list, repr=False)
    inner: dict[str, Plan] = field(default_factory=dict, repr=False)
    foreign: dict[str, dict[int, list[Redaction]]] = field(default_factory=dict, repr=False)

    @property
    def changes(self) -> bool:
        """Whether the copy differs from the source at all."""
        package = self.document.package
        return bool(
            self.parts
            or self.dropped
            or self.names
            or self.foreign
            or package.changed
            or package.dropped
            or package.archive.untidy
            or any(plan.changes for plan in self.inner.values())
        )


def make_plan(document: Document, by_unit: ByUnit) -> Plan:
    """Plan one document and what is embedded in it.

    ``by_unit``: redactions by the ids of their units, of the whole tree.
    """
    return _Planner(document, by_unit).plan()


class _Planner:
    def __init__(self, document: Document, by_unit: ByUnit) -> None:
        self.document = document
        self.package = document.package
        self.by_unit = by_unit
        self.result = Plan(document)
        self.sheet_names: dict[str, str] = {}  # case-folded old name -> new
        self.identifiers: dict[tuple[str, str], str] = {}

    def plan(self) -> Plan:
        """All steps in order."""
        self._blank_authors()
        self._rename_sheets()
        self._rename_identifiers()
        self._rename_columns()
        self._rename_members()
        sheets = SheetPlan(self.document, self.by_unit)
        self.result.settled += sheets.decide()
        self.result.dropped |= sheets.dropped
        for name in self.package.names:
            if self.package.kind_of(name) == members.XML and self._wanted(name, sheets):
                self._part(name, sheets)
        self._inner()
        return self.result

    def _wanted(self, name: str, sheets: SheetPlan) -> bool:
        if self.sheet_names or self.identifiers or self.result.names:
            return True
        lists = name in (CONTENT_TYPES, MANIFEST) or name.endswith(".rels")
        if lists and self.result.dropped:
            return True
        return name in self._parts_with_redactions or sheets.touches(name)

    @property
    def _parts_with_redactions(self) -> set[str]:
        numbers = {number: name for name, number in self.package.numbers.items()}
        found = set()
        for unit in self.by_unit:
            document, _, rest = unit.partition(".")
            number = rest.partition(".")[0]
            if document == str(self.document.number) and number.isdecimal():
                found.add(numbers[int(number)])
        return found

    # ------------------------------------------------------------ before the parts

    def _blank_authors(self) -> None:
        """What names people by its place goes, also where no entity names it."""
        if self.package.options.metadata != "clean":
            return
        for unit, (length, blank) in self.document.personal.items():
            if not _covers(self.by_unit.get(unit, ()), length):
                self.by_unit[unit] = [Redaction(unit, Span(0, length), blank, "PERSON")]

    def _set(self, unit: str, old: str, new: str) -> None:
        """One redaction of a whole unit in the place of what was decided for it."""
        self.by_unit[unit] = [Redaction(unit, Span(0, len(old)), new, "")]

    def _rename_sheets(self) -> None:
        taken = list(self.document.sheet_units.values())
        for unit, old in self.document.sheet_units.items():
            if not self.by_unit.get(unit):
                continue
            new = self.sheet_names.get(old.casefold())
            if new is None:
                wanted = "".join(splice(old, self.by_unit[unit]))
                new = renaming.sheet_name(wanted, taken)
                taken.append(new)
                self.sheet_names[old.casefold()] = new
            self._set(unit, old, new)
        if not self.sheet_names:
            return
        for unit, text in self.document.titles.items():
            new_text = self._retitled(text)
            if new_text != text:
                self._set(unit, text, new_text)

    def _retitled(self, text: str) -> str:
        if text.casefold() in self.sheet_names:
            return self.sheet_names[text.casefold()]
        edits = []
        for start, end, name in sheet_tokens(text, self.document.sheets):
            new = renamed(name, self.sheet_names, self.document.sheets)
            if new is not None:
                edits.append(Edit(start, end, new))
        return markup.apply(text, edits)

    def _rename_identifiers(self) -> None:
        for (space, raw), unit in self.document.groups.items():
            redactions = self.by_unit.pop(unit, None)
            if not redactions:
                continue
            old = renaming.read_back(raw)
            taken = [name for own, name in self.document.groups if own == space]
            taken += [name for (own, _), name in self.identifiers.items() if own == space]
            new = renaming.identifier("".join(splice(old, redactions)), taken)
            self.identifiers[space, raw] = new
            self.result.settled.append(
                Redaction(unit, Span(0, len(old)), renaming.read_back(new), "")
            )

    def _rename_columns(self) -> None:
        """The name of a table's column and its header cell stay equal."""
        parts = {part for part, _ in self.document.columns}
        for part in sorted(parts):
            wanted: dict[int, str] = {}
            kept: dict[int, str] = {}
            for (own, place), (unit, text) in self.document.columns.items():
                if own != part:
                    continue
                head_unit, head = self.document.heads.get((part, place), ("", ""))
                if self.by_unit.get(head_unit):
                    wanted[place] = "".join(splice(head, self.by_unit[head_unit]))
                elif self.by_unit.get(unit):
                    wanted[place] = "".join(splice(text, self.by_unit[unit]))
                else:
                    kept[place] = text
            for place, new in renaming.column_names(wanted, kept).items():
                self._set(*self.document.columns[part, place], new)
                if (part, place) in self.document.heads:
                    self._set(*self.document.heads[part, place], new)

    def _rename_members(self) -> None:
        taken = list(self.package.archive.members)
        for unit, old in self.document.members.items():
            redactions = self.by_unit.pop(unit, None)
            if redactions:
                new = renaming.member_name(old, taken)
                taken.append(new)
                self.result.names[old] = new
                self.result.settled.append(
                    Redaction(unit, Span(0, len(old)), vocabulary.unspread(new), "")
                )

    # ------------------------------------------------------------ one part

    def _part(self, name: str, sheets: SheetPlan) -> None:
        walk = self.document.walk(name, sheets.collector(name))
        items = sheets.keep(name, walk, numbered(self.document, name, walk))
        part = PartEdits(walk, items)
        for item in items:
            redactions = self.by_unit.get(item.unit)
            if item.role.startswith(vocabulary.NAME):
                self._identifier(part, walk, item)
            elif redactions and not sheets.owns(item):
                if item.role in (vocabulary.SHEET, vocabulary.COLUMN):
                    part.replace(item, redactions[0].replacement)
                else:
                    part.redact(item, redactions)
            if self.result.names and self.package.opendocument:
                self._link(part, item)
        for start, end, old, bare in walk.sheet_references:
            token = self._sheet_token(old, bare)
            if token is not None:
                part.cuts.append(Edit(start, end, markup.spell(token, markup.QUOTED)))
        part.cuts += self._package_edits(name, walk.text)
        sheets.prepare(name, part)
        changes = part.settle()
        part.cut_repeats(changes)
        self.result.settled += [r for r in part.settled(changes) if r.unit]
        edits = part.edits(changes)
        if edits:
            _, spelling = self.package.text(name)
            self.result.parts[name] = spelling.encode(markup.apply(walk.text, edits))

    def _identifier(self, part: PartEdits, walk: Walk, item: Item) -> None:
        new = self.identifiers.get((item.role, spelling_of(walk, item)))
        if new is not None:
            part.cuts.append(Edit(item.pieces[0].start, item.pieces[-1].end, new))

    def _sheet_token(self, old: str, bare: bool) -> str | None:
        if bare:
            return self.sheet_names.get(old.casefold())
        return renamed(old, self.sheet_names, self.document.sheets)

    def _link(self, part: PartEdits, item: Item) -> None:
        """A link of OpenDocument to a member that has a new name."""
        if item.role == vocabulary.URI and item.over is None:
            new = self.result.names.get(item.text.removeprefix("./"))
            if new is not None:
                part.replace(item, new)

    def _package_edits(self, name: str, text: str) -> Iterable[Edit]:
        """New and vanished members in relationships, content types and the manifest."""
        if not (self.result.names or self.result.dropped):
            return
        if name.endswith(".rels"):
            for relation in self.package.relations():
                if relation.part != name or relation.external:
                    continue
                if relation.target in self.result.dropped:
                    yield Edit(relation.start, relation.end, "")
                elif relation.target in self.result.names:
                    new = self.result.names[relation.target]
                    yield from _new_value(
                        text, relation.start, relation.end, "Target", posixpath.basename(new)
                    )
        elif name in (CONTENT_TYPES, MANIFEST):
            attribute = "PartName" if name == CONTENT_TYPES else "manifest:full-path"
            for tag, values, start, end in markup.tags(text):
                member = values.get(attribute, "").lstrip("/")
                if tag not in ("Override", "file-entry"):
                    continue
                if member in self.result.dropped:
                    yield Edit(start, end, "")
                elif member in self.result.names:
                    new = posixpath.basename(self.result.names[member])
                    yield from _new_value(text, start, end, attribute, new)

    # ------------------------------------------------------------ what is inside

    def _inner(self) -> None:
        for name, inner in self.document.inner.items():
            if isinstance(inner, Document):
                plan = make_plan(inner, self.by_unit)
                self.result.inner[name] = plan
                self.result.settled += plan.settled
            else:
                self._foreign(name, inner)

    def _foreign(self, name: str, inner: Foreign) -> None:
        prefix = f"{self.document.number}.{self.package.numbers[name]}."
        wanted: dict[int, list[Redaction]] = {}
        for number, unit in inner.units():
            for redaction in self.by_unit.get(f"{prefix}{number}.{unit.id}", ()):
                wanted.setdefault(number, []).append(
                    Redaction(unit.id, redaction.span, redaction.replacement, redaction.entity_type)
                )
        if wanted:
            settled = inner.settle(wanted)
            self.result.foreign[name] = settled
            self.result.settled += [
                Redaction(f"{prefix}{number}.{r.unit}", r.span, r.replacement, r.entity_type)
                for number, redactions in settled.items()
                for r in redactions
            ]


def _covers(redactions: Sequence[Redaction], length: int) -> bool:
    covered = sum(len(redaction.span) for redaction in redactions)
    return covered >= length


def _new_value(text: str, start: int, end: int, attribute: str, base: str) -> Iterable[Edit]:
    """The last segment of a path in an attribute becomes ``base``."""
    token = markup.TOKEN.match(text, start, end)
    assert token is not None
    for place in markup.attributes(token[3], token.start(3)):
        if place.name == attribute:
            old = text[place.start : place.end]
            cut = place.start + old.rfind("/") + 1
            yield Edit(cut, place.end, markup.spell(base, markup.QUOTED))
