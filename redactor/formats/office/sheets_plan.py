"""What becomes of the cells of a workbook, its shared strings and its formulas.

A redacted cell becomes a text: a shared string of its own if others show the same one, an
inline string if it held a number or a formula's result. A formula goes with the value that it
would compute anew, and where its own literals are redacted; what is left is its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from redactor.formats.office import derived, markup
from redactor.formats.office.cells import Cell
from redactor.formats.office.edits import PartEdits
from redactor.formats.office.markup import PLAIN, Edit, legal
from redactor.formats.office.read import Document, numbered
from redactor.formats.office.walk import Item, Walk
from redactor.formats.office.workbook import StringHooks, cell_place
from redactor.formats.splice import splice
from redactor.values import Redaction, Span

_OWN = frozenset({"x:c", "x:f"})
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PHONETIC = re.compile(r"<((?:\w+:)?)rPh\b.*?</\1rPh>|<(?:\w+:)?phoneticPr\b[^>]*/>", re.DOTALL)
_AFTER = ("sheets", "functionGroups", "externalReferences", "definedNames")  # then calcPr

Key = tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Action:
    """``text``: what the cell says now, or None; ``string``: index of its shared string now."""

    text: str | None = field(default=None, repr=False)
    string: int | None = None
    drop_formula: bool = False
    drop_value: bool = False


class SheetPlan:
    """Decisions about the sheets of one document; does nothing where there is no workbook."""

    def __init__(self, document: Document, by_unit: dict[str, list[Redaction]]) -> None:
        self._document = document
        self._book = document.book
        self._by_unit = by_unit
        self._actions: dict[str, dict[str, Action]] = {}
        self._in_place: dict[int, list[Redaction]] = {}
        self._appended: list[tuple[int, list[Redaction]]] = []
        self._variants: dict[int, dict[Key, int]] = {}
        self._seen: list[tuple[Cell, Action]] = []
        self._strings: dict[int, Item] = {}
        self._recompute = False
        self.dropped: set[str] = set()

    # ------------------------------------------------------------ deciding

    def decide(self) -> list[Redaction]:
        """Look at every cell that is redacted or computed; returns what becomes of their texts."""
        book, package = self._book, self._document.package
        if book is None:
            return []
        sheets = [(name, part) for name, part in book.sheets if part in package.names]
        prefixes = {f"{self._document.number}.{package.numbers[part]}" for _, part in sheets}
        if not any(unit.rpartition(".")[0] in prefixes for unit in self._by_unit):
            return []
        redacted: dict[str, list[Cell]] = {}
        computed: dict[str, list[Cell]] = {}
        for _, part in sheets:
            redacted[part], computed[part] = [], []
            self._gather(part, redacted[part], computed[part])
        settled: list[Redaction] = []
        shown: dict[int, int] = {}
        for cells in redacted.values():
            for cell in cells:
                if cell.string is not None and self._shown(cell):
                    shown[cell.string] = shown.get(cell.string, 0) + 1
        for part, cells in redacted.items():
            for cell in cells:
                settled += self._redact(part, cell, shown)
        settled += self._freeze_groups(computed)
        settled += self._forget(sheets, redacted, computed)
        if any(a.drop_formula for actions in self._actions.values() for a in actions.values()):
            self.dropped |= {
                relation.target
                for relation in package.relations(book.main)
                if relation.type.endswith("/calcChain")
            }
        return settled

    def _gather(self, part: str, redacted: list[Cell], computed: list[Cell]) -> None:
        def on_cell(cell: Cell) -> None:
            items = (cell.shown, cell.behind, cell.formula_item)
            if any(item is not None and item.unit in self._by_unit for item in items):
                redacted.append(cell)
            if cell.formula_range is not None:
                computed.append(cell)

        for _ in numbered(self._document, part, self._document.walk(part, on_cell)):
            pass

    def _shown(self, cell: Cell) -> list[Redaction]:
        """Redactions of what a cell shows; where only the value behind is redacted, all of it."""
        if cell.shown is None:
            return []
        found = self._by_unit.get(cell.shown.unit, [])
        behind = self._by_unit.get(cell.behind.unit, []) if cell.behind is not None else []
        if not found and behind:
            whole = Span(0, len(cell.shown.text))
            found = [Redaction(cell.shown.unit, whole, behind[0].replacement, "")]
        return sorted(
            (Redaction(r.unit, r.span, legal(r.replacement), r.entity_type) for r in found),
            key=lambda r: r.span,
        )

    def _redact(self, part: str, cell: Cell, shown: dict[int, int]) -> list[Redaction]:
        action = self._action(part, cell)
        redactions = self._shown(cell)
        settled = []
        if redactions and cell.shown is not None:
            if cell.type != "inlineStr":
                settled += redactions
                action.text = "".join(splice(cell.shown.text, redactions))
            if cell.string is not None:
                action.string = self._variant(cell.string, redactions, shown[cell.string])
            if cell.behind is not None:
                whole = Span(0, len(cell.behind.text))
                settled.append(Redaction(cell.behind.unit, whole, "", ""))
        settled += self._drop_formula(action, cell)
        return settled

    def _action(self, part: str, cell: Cell) -> Action:
        return self._actions.setdefault(part, {}).setdefault(cell.reference, Action())

    def _drop_formula(self, action: Action, cell: Cell) -> list[Redaction]:
        if cell.formula_range is None:
            return []
        action.drop_formula = True
        if cell.formula_item is None:
            return []
        whole = Span(0, len(cell.formula_item.text))
        return [Redaction(cell.formula_item.unit, whole, "", "")]

    def _variant(self, index: int, redactions: list[Redaction], redacted: int) -> int:
        """Index of the shared string that says what a redacted cell says now."""
        key: Key = tuple((r.span.start, r.span.end, r.replacement) for r in redactions)
        known = self._variants.setdefault(index, {})
        if key not in known:
            if not known and redacted >= self._document.uses[index]:
                self._in_place[index] = redactions
                known[key] = index
            else:
                assert self._book is not None
                known[key] = len(self._book.strings) + len(self._appended)
                self._appended.append((index, redactions))
        return known[key]

    def _freeze_groups(self, computed: dict[str, list[Cell]]) -> list[Redaction]:
        """A shared formula goes in all its cells, an array formula with any of its results."""
        settled: list[Redaction] = []
        for part, cells in computed.items():
            actions = self._actions.get(part, {})
            gone = {
                cell.formula_group
                for cell in cells
                if cell.formula_type == "shared"
                and cell.formula
                and cell.reference in actions
                and actions[cell.reference].drop_formula
            }
            changed = {
                place
                for reference, action in actions.items()
                if action.text is not None and (place := cell_place(reference))
            }
            for cell in cells:
                shared = cell.formula_type == "shared" and cell.formula_group in gone
                array = cell.formula_type in ("array", "dataTable")
                if shared or (array and _holds(cell.formula_area, changed)):
                    settled += self._drop_formula(self._action(part, cell), cell)
        return settled

    def _forget(
        self,
        sheets: list[tuple[str, str]],
        redacted: dict[str, list[Cell]],
        computed: dict[str, list[Cell]],
    ) -> list[Redaction]:
        """Remembered values that give away a part of what is redacted are dropped."""
        gone, known = derived.Cells(), set[str]()
        pending: list[tuple[str, str, Cell, tuple[list[derived.Area], bool]]] = []
        for name, part in sheets:
            for cell in redacted[part]:
                redactions = self._shown(cell)
                if cell.shown is None or not redactions:
                    continue
                gone.add(name.casefold(), cell.row, cell.column)
                for redaction in redactions:
                    span = redaction.span
                    known.update(derived.grams(cell.shown.text[span.start : span.end]))
                if cell.behind is not None:
                    known.update(derived.grams(cell.behind.text))
            for cell in computed[part]:
                action = self._actions.get(part, {}).get(cell.reference)
                if cell.shown is None or (action is not None and action.text is not None):
                    continue
                formula = markup.text_of(cell.formula)
                named = derived.areas(formula) if formula else ([], True)
                pending.append((name.casefold(), part, cell, named))
        settled: list[Redaction] = []
        again = bool(known)
        while again:
            again, rest = False, []
            for own, part, cell, (areas, unclear) in pending:
                speaks = unclear or any(gone.meets(area, own) for area in areas)
                if not speaks or known.isdisjoint(_shown_grams(cell)):
                    rest.append((own, part, cell, (areas, unclear)))
                    continue
                again = self._recompute = True
                self._action(part, cell).drop_value = True
                gone.add(own, cell.row, cell.column)
                settled += [
                    Redaction(item.unit, Span(0, len(item.text)), "", "")
                    for item in (cell.shown, cell.behind)
                    if item is not None
                ]
            pending = rest
        return settled

    # ------------------------------------------------------------ the parts

    def touches(self, name: str) -> bool:
        """Whether a part changes because of cells."""
        book = self._book
        if book is None:
            return False
        strings = bool(self._in_place or self._appended) and name == book.strings_part
        return name in self._actions or strings or (self._recompute and name == book.main)

    def owns(self, item: Item) -> bool:
        """Whether an item's redactions are carried out here."""
        return item.element in _OWN

    def collector(self, name: str) -> Callable[[Cell], None] | None:
        """Takes the cells of a sheet that change, while it is walked again."""
        actions = self._actions.get(name)
        if actions is None:
            return None
        self._seen = []

        def on_cell(cell: Cell) -> None:
            action = actions.get(cell.reference)
            if action is not None:
                self._seen.append((cell, action))

        return on_cell

    def keep(self, name: str, walk: Walk, items: Iterable[Item]) -> list[Item]:
        """The items of a part that matter: of a large sheet not every cell."""
        book = self._book
        if book is None:
            return list(items)
        if name == book.strings_part:
            return list(self._kept_strings(walk, items))
        if any(part == name for _, part in book.sheets):
            return [
                item
                for item in items
                if item.element not in _OWN
                and (item.element != "x:is" or item.unit in self._by_unit)
            ]
        return list(items)

    def _kept_strings(self, walk: Walk, items: Iterable[Item]) -> Iterator[Item]:
        hooks = walk.hooks
        assert isinstance(hooks, StringHooks)
        for item in items:
            if item.element != "x:si":
                yield item
                continue
            index = len(hooks.texts) - 1
            if index in self._variants:
                self._strings[index] = item
                item.unit = ""  # its cells are the units
                yield item
            elif item.unit in self._by_unit and not self._document.uses[index]:
                yield item

    def prepare(self, name: str, part: PartEdits) -> None:
        """Add what becomes of cells and strings to the edits of a part."""
        book = self._book
        if book is None:
            return
        if name in self._actions:
            for cell, action in self._seen:
                part.cuts += _cell_edits(part.walk.text, cell, action)
        elif name == book.strings_part:
            for index, redactions in self._in_place.items():
                part.redact(self._strings[index], redactions)
            part.cuts += self._new_strings(part.walk)
        elif name == book.main and self._recompute:
            part.cuts += _recompute(part.walk.text)

    def _new_strings(self, walk: Walk) -> Iterator[Edit]:
        """Copies of shared strings, redacted, behind the others."""
        hooks = walk.hooks
        if not self._appended or not isinstance(hooks, StringHooks):
            return
        copies: list[str] = []
        for index, redactions in self._appended:
            start, end = hooks.ranges[index]
            single = PartEdits(walk, [self._strings[index]])
            single.redact(self._strings[index], redactions)
            edits = [
                Edit(edit.start - start, edit.end - start, edit.raw)
                for edit in single.edits(single.settle())
            ]
            copies.append(_PHONETIC.sub("", markup.apply(walk.text[start:end], edits)))
        at = walk.text.rindex("</")
        yield Edit(at, at, "".join(copies))
        for match in markup.TOKEN.finditer(walk.text):
            if match[2] is None:
                continue
            for place in markup.attributes(match[3], match.start(3)):
                old = walk.text[place.start : place.end]
                if place.name == "uniqueCount" and old.isdecimal():
                    yield Edit(place.start, place.end, str(int(old) + len(copies)))
            return


def _holds(area: str, places: set[tuple[int, int]]) -> bool:
    first, _, last = area.partition(":")
    start, end = cell_place(first), cell_place(last or first)
    if start is None or end is None:
        return False
    return any(start[0] <= r <= end[0] and start[1] <= c <= end[1] for r, c in places)


def _shown_grams(cell: Cell) -> Iterator[str]:
    for item in (cell.shown, cell.behind):
        if item is not None:
            yield from derived.grams(item.text)


def _cell_edits(text: str, cell: Cell, action: Action) -> Iterator[Edit]:
    """The markup of one cell as it becomes."""
    whole = action.text is not None and action.string is None
    if (action.drop_formula or action.text is not None) and cell.formula_range and not whole:
        yield Edit(*cell.formula_range, "")
    if action.drop_value:
        if cell.value_element is not None:
            yield Edit(*cell.value_element, "")
        yield from _type_edits(cell, "")
    elif action.string is not None and cell.value_range is not None:
        yield Edit(*cell.value_range, str(action.string))
    elif action.text is not None:
        tag = text[cell.start + 1 : cell.tag_end].split(None, 1)[0].rstrip("/>")
        prefix = tag[: tag.rfind(":") + 1]
        said = markup.spell(_ESCAPE.sub("_x005F_", action.text), PLAIN)
        new = (
            f'<{prefix}is><{prefix}t xml:space="preserve">{said}</{prefix}t></{prefix}is>'
            if action.text
            else ""
        )
        yield Edit(cell.tag_end, text.rindex("</", cell.start, cell.end), new)
        yield from _type_edits(cell, "inlineStr" if action.text else "")


def _type_edits(cell: Cell, new: str) -> Iterator[Edit]:
    typed = False
    for place in cell.places:
        if place.name == "t":
            typed = True
            yield Edit(place.start, place.end, new) if new else Edit(place.first, place.end + 1, "")
        elif place.name in ("cm", "vm"):  # array formulas, values of a kind: gone with them
            yield Edit(place.first, place.end + 1, "")
    if not typed and new:
        at = cell.places[-1].end + 1 if cell.places else cell.tag_end - 1
        yield Edit(at, at, f' t="{new}"')


def _recompute(text: str) -> Iterator[Edit]:
    """Ask for a computation when the workbook is opened."""
    ends: dict[str, tuple[int, str]] = {}
    for name, values, start, end in markup.tags(text):
        if name == "calcPr":
            token = markup.TOKEN.match(text, start)
            assert token is not None
            for place in markup.attributes(token[3], token.start(3)):
                if place.name == "fullCalcOnLoad":
                    yield Edit(place.start, place.end, "1")
            if "fullCalcOnLoad" not in values:
                at = token.start(3) + len(token[3])
                yield Edit(at, at, ' fullCalcOnLoad="1"')
            return
        if name in _AFTER:
            tag = text[start + 1 : end].split(None, 1)[0].rstrip("/>")
            ends[name] = (end, tag[: tag.rfind(":") + 1])
    found = next((ends[name] for name in reversed(_AFTER) if name in ends), None)
    if found is not None:
        yield Edit(found[0], found[0], f'<{found[1]}calcPr fullCalcOnLoad="1"/>')
