"""Redactions of a part's texts -> edits of its markup, and back.

One stretch of markup may belong to several texts (a paragraph with and without its tracked
changes, a path with and without its underscores). So redactions become edits of the markup
first, edits that meet become one, and then every text is told what became of it: what the
verifier expects is what was really written.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from redactor.formats.office import markup, vocabulary
from redactor.formats.office.markup import BREAK, CDATA, COMMENT, PLAIN, QUOTED, Edit, Piece
from redactor.formats.office.walk import Item, Walk
from redactor.formats.splice import splice
from redactor.values import Redaction, Span

_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_LAST = 1 << 40  # order of what follows from a change: it gives no text
TABLE_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
BROKEN = "#REF!"  # what a formula says that speaks of something that is gone


@dataclass(slots=True)
class Change:
    """``[start, end)`` of the markup becomes ``text``, spelt as ``mode`` says."""

    start: int
    end: int
    text: str = field(repr=False)
    mode: int
    order: int = 0


class PartEdits:
    """Collects the changes of one part whose walk is over.

    ``cuts`` are edits of the structure (attributes and elements that go, names that change);
    they swallow changes inside them.
    """

    def __init__(self, walk: Walk, items: Sequence[Item]) -> None:
        self.walk = walk
        self.items = items
        self.cuts: list[Edit] = []
        self._changes: list[Change] = []
        self._cells: dict[int, list[Item]] = {}  # what one cell shows and the values behind it
        for item in items:
            if item.inside is not None:
                self._cells.setdefault(id(item.inside), []).append(item)
            elif item.role == vocabulary.VALUE and item.within is not None:
                self._cells.setdefault(id(item.within), []).append(item)

    @property
    def touched(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self.cuts or self._changes)

    def redact(self, item: Item, redactions: Iterable[Redaction]) -> None:
        """Carry out the redactions of one item's text."""
        found = sorted(redactions, key=lambda r: r.span)
        if not found:
            return
        if item.attribute == "table:formula":
            found = [Redaction(item.unit, Span(0, len(item.text)), "", found[0].entity_type)]
        elif item.role == vocabulary.FORMULA:
            found = _in_formula(item, found)
        for redaction in found:
            text = markup.legal(redaction.replacement)
            if item.role in vocabulary.SPREAD:
                text = vocabulary.unspread(text)
            self._redact(item, redaction.span, text)

    def replace(self, item: Item, text: str) -> None:
        """The whole of an item becomes ``text``."""
        length = len(item.text)
        if length:
            self._redact(item, Span(0, length), text)

    def _redact(self, item: Item, span: Span, replacement: str) -> None:
        at, written = 0, False
        wrapped: Piece | None = None
        for piece in item.pieces:
            end = at + len(piece.text)
            first, last = max(at, span.start), min(end, span.end)
            at = end
            empty_inside = not piece.text and span.start < at < span.end
            if first >= last and not empty_inside:
                continue
            start, stop = piece.start, piece.end
            if len(piece.text) == stop - start:
                start, stop = (
                    start + first - (end - len(piece.text)),
                    start + last - (end - len(piece.text)),
                )
            if piece.mode == BREAK:
                wrapped = wrapped or piece
                self._change(piece.start, piece.end, "", BREAK)
                continue
            self._change(start, stop, "" if written else replacement, piece.mode)
            written = True
        if not written and wrapped is not None and replacement:
            self._change(wrapped.start, wrapped.end, replacement, BREAK)

    def _change(self, start: int, end: int, text: str, mode: int) -> None:
        if mode in (CDATA, COMMENT):
            text = markup.spell(text, mode)
        self._changes.append(Change(start, end, text, mode, len(self._changes)))

    # ------------------------------------------------------------ meeting changes

    def settle(self) -> list[Change]:
        """Changes that meet as one, whole pieces, and what repeats a changed text gone."""
        changes = _merged(self._changes)
        atoms = sorted(
            {
                (piece.start, piece.end)
                for item in self.items
                for piece in item.pieces
                if len(piece.text) != piece.end - piece.start
            }
        )
        while True:
            before = [(c.start, c.end) for c in changes]
            _grow(changes, atoms)
            extra = [*self._shadows(changes), *self._asides(changes)]
            self._changes = [*changes, *extra]
            changes = _merged(self._changes)
            if [(c.start, c.end) for c in changes] == before:
                self._changes = changes
                return changes

    def _shadows(self, changes: Sequence[Change]) -> list[Change]:
        """Attributes that repeat a text that is changed."""
        extra: list[Change] = []
        for item in self.items:
            if item.within is None or not item.pieces:
                continue
            first, last = item.pieces[0].start, item.pieces[-1].end
            if item.element in TABLE_CELLS:
                hit = any(
                    _between(changes, piece.start, piece.end)
                    for other in self._cells.get(id(item.within), ())
                    for piece in other.pieces
                    if other is not item
                )
            else:
                inside = _between(changes, *item.within)
                hit = any(not first <= change.start < last for change in inside)
            if hit:
                extra.append(Change(first, last, "", QUOTED, _LAST))
        return extra

    def _asides(self, changes: Sequence[Change]) -> list[Change]:
        """Readings (ruby) of a text that is changed."""
        extra: list[Change] = []
        for aside, owner in self.walk.rubies:
            if any(not aside[0] <= c.start < aside[1] for c in _between(changes, *owner)):
                extra += [
                    Change(piece.start, piece.end, "", piece.mode, _LAST)
                    for item in self.items
                    for piece in item.pieces
                    if aside[0] <= piece.start < aside[1]
                ]
        return extra

    def cut_repeats(self, changes: Sequence[Change]) -> None:
        """Attributes that repeated a changed text go altogether; their cells become text."""
        cells: dict[int, list[int]] = {}
        for item in self.items:
            if not _is_cut(item, changes):
                continue
            self.cuts.append(Edit(item.first, item.pieces[-1].end + 1, ""))
            if item.role == vocabulary.VALUE and item.within is not None:
                cells[id(item.within)] = item.within
        for start, _ in cells.values():
            self.cuts += _as_text(self.walk.text, start)

    # ------------------------------------------------------------ out

    def settled(self, changes: Sequence[Change]) -> list[Redaction]:
        """What the changes do to every item's text.

        A text that is no text any more (an attribute that holds but a number now) goes as a
        whole, since nothing will be read in its place.
        """
        result: list[Redaction] = []
        final: dict[int, str] = {}
        for item in self.items:
            redactions = self._projected(item, changes)
            if not redactions and (item.over is None or id(item.over) not in final):
                continue
            new = "".join(splice(item.text, redactions))
            final[id(item)] = new
            gone = _is_cut(item, changes) or not _is_read(item, new, final.get(id(item.over)))
            if new and gone:
                redactions = [Redaction(item.unit, Span(0, len(item.text)), "", "")]
            result += redactions
        return result

    def _projected(self, item: Item, changes: Sequence[Change]) -> list[Redaction]:
        result: list[Redaction] = []
        at = 0
        for piece in item.pieces:
            length = len(piece.text)
            if length:
                for change in _between(changes, piece.start, piece.end):
                    first, last = max(change.start, piece.start), min(change.end, piece.end)
                    if length == piece.end - piece.start:
                        span = Span(at + first - piece.start, at + last - piece.start)
                    else:
                        span = Span(at, at + length)
                    text = change.text if change.start >= piece.start else ""
                    result.append(Redaction(item.unit, span, text, ""))
            at += length
        return result

    def edits(self, changes: Sequence[Change]) -> list[Edit]:
        """All edits of the part's text, in order."""
        found = [Edit(c.start, c.end, self._spelt(c)) for c in changes]
        found = markup.outermost([*self.cuts, *found])
        return sorted([*found, *self._spaces(found)])

    def _spelt(self, change: Change) -> str:
        if change.mode == BREAK:
            return self._run(change) if change.text else ""
        return markup.spell(change.text, change.mode)

    def _run(self, change: Change) -> str:
        """Text in the place of a break, in a run of its own where the vocabulary wants one."""
        tag = self.walk.text[change.start : change.end]
        prefix, colon, local = tag[1:].split(None, 1)[0].rstrip("/>").rpartition(":")
        text = markup.spell(change.text, PLAIN)
        if local in ("tab", "br", "cr", "noBreakHyphen", "ptab", "softHyphen") and prefix != "text":
            name = f"{prefix}{colon}t"
            return f'<{name} xml:space="preserve">{text}</{name}>'
        return text

    def _spaces(self, edits: Sequence[Edit]) -> list[Edit]:
        """``xml:space`` where a changed run begins or ends with a blank."""
        added: list[Edit] = []
        text = self.walk.text
        for owner, (start, end) in self.walk.nodes.items():
            inside = [edit for edit in _edits_between(edits, start, end) if edit.end <= end]
            if not inside:
                continue
            new = markup.apply(
                text[start:end], [Edit(e.start - start, e.end - start, e.raw) for e in inside]
            )
            if new[:1].isspace() or new[-1:].isspace():
                tag = text[owner : text.index(">", owner)]
                if "xml:space" not in tag:
                    added.append(Edit(owner, owner, ' xml:space="preserve"'))
        return added


def _is_cut(item: Item, changes: Sequence[Change]) -> bool:
    """Whether an attribute that repeats a text goes; one that gives the text its value stays."""
    if item.within is None or item.first < 0 or not item.pieces:
        return False
    found = _between(changes, item.pieces[0].start, item.pieces[-1].end)
    gives = item.attribute == "office:string-value" and item.element not in TABLE_CELLS
    return bool(found) and not (gives and any(change.text for change in found))


def _as_text(text: str, start: int) -> Iterator[Edit]:
    """A cell of OpenDocument that held a number holds text now."""
    token = markup.TOKEN.match(text, start)
    assert token is not None
    for place in markup.attributes(token[3], token.start(3)):
        local = place.name.rpartition(":")[2]
        if local == "value-type":
            yield Edit(place.start, place.end, "string")
        elif local in ("currency", "formula"):
            yield Edit(place.first, place.end + 1, "")


def _is_read(item: Item, text: str, over: str | None) -> bool:
    """Whether the re-reader takes a text that was changed for one."""
    if item.kind == "o":
        return text != over
    if item.over is not None:
        return over is None or vocabulary.is_spread(over)
    if item.kind == "c":
        return any(char.isalnum() for char in text)
    if item.role == vocabulary.INSTRUCTION:
        return not vocabulary.is_harmless_instruction(text)
    if item.element == "rel:Relationship":
        return True
    if item.kind == "a":
        return vocabulary.attribute_role(item.element, item.attribute, text) is not None
    if item.kind == "t":
        return bool(text.strip()) and vocabulary.node_role(item.element, text) is not None
    return True


def _in_formula(item: Item, found: list[Redaction]) -> list[Redaction]:
    """Inside a literal the text is replaced; a formula that names what is gone is broken."""
    literals = [match.span() for match in _LITERAL.finditer(item.text)]
    inside = all(any(a < r.span.start and r.span.end < b for a, b in literals) for r in found)
    if inside:
        return [
            Redaction(r.unit, r.span, r.replacement.replace('"', '""'), r.entity_type)
            for r in found
        ]
    broken = BROKEN if item.kind == "t" or item.element.startswith("x:") else ""
    return [Redaction(item.unit, Span(0, len(item.text)), broken, found[0].entity_type)]


def _merged(changes: Iterable[Change]) -> list[Change]:
    """Changes in order, those that share a character as one; the first text given counts."""
    result: list[Change] = []
    for change in sorted(changes, key=lambda c: (c.start, c.end, c.order)):
        last = result[-1] if result else None
        same_place = last is not None and (change.start, change.end) == (last.start, last.end)
        if last is not None and (change.start < last.end or same_place):
            if change.order < last.order or not last.text:
                last.text = change.text or last.text
            last.end = max(last.end, change.end)
            last.order = min(last.order, change.order)
        else:
            result.append(Change(change.start, change.end, change.text, change.mode, change.order))
    return result


def _grow(changes: Sequence[Change], atoms: Sequence[tuple[int, int]]) -> None:
    """Changes that touch a piece which is replaced as a whole cover it."""
    for change in changes:
        at = bisect_left(atoms, (change.start, 0))
        for start, end in atoms[max(at - 1, 0) :]:
            if start >= change.end:
                break
            if end > change.start:
                change.start, change.end = min(change.start, start), max(change.end, end)


def _between(changes: Sequence[Change], start: int, end: int) -> list[Change]:
    """Changes that share a character with ``[start, end)``, or stand empty inside it."""
    at = bisect_right(changes, start, key=lambda c: c.start) - 1
    result: list[Change] = []
    for change in changes[max(at, 0) :]:
        if change.start >= end:
            break
        if change.end > start or change.start == change.end >= start:
            result.append(change)
    return result


def _edits_between(edits: Sequence[Edit], start: int, end: int) -> list[Edit]:
    at = bisect_left(edits, (start, -1, ""))
    result: list[Edit] = []
    for edit in edits[at:]:
        if edit.start >= end:
            break
        result.append(edit)
    return result
