"""Redactions of text -> what to take out and where the boxes go.

Beside the glyphs of the redacted characters themselves go all that lie over them: letters set
twice, shadows, recognised text behind a scan, hidden layers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redactor.formats.pdf.edits import PageEdits, PaintedBox
from redactor.formats.pdf.geometry import (
    Box,
    Quad,
    area,
    box_of,
    enclosing,
    grown,
    overlap,
    quad_of,
)
from redactor.formats.pdf.records import Glyph, MarkedText, PageContent, StreamKind, StreamUse
from redactor.formats.pdf.views import Ref

_SHARE = 0.35  # of a glyph's box under a box of removed text: it goes as well
_PAD = 0.3  # points around a box that only a second reader gave


@dataclass(slots=True)
class Mark:
    """One redaction's targets on a page, and the text to print over them."""

    refs: Sequence[Ref] = field(repr=False)
    label: str = ""


def carry_out(content: PageContent, marks: Iterable[Mark], edits: PageEdits) -> None:
    """Put every mark's glyphs and boxes into the edits, then what lies over them."""
    unlinked = set(content.unlinked)
    for mark in marks:
        glyphs = list(dict.fromkeys(ref for ref in mark.refs if isinstance(ref, Glyph)))
        boxes = [ref for ref in mark.refs if isinstance(ref, tuple)]
        marked = {ref for ref in mark.refs if isinstance(ref, MarkedText)}
        for text in marked:
            edits.touch(text.use)
            if text.op < 0:
                continue
            edits.of(text.use).strip.add(text.op)
            glyphs += _inside(content, text)
        edits.remove(glyphs)
        placed = [glyph for glyph in glyphs if glyph.use.root not in unlinked]
        painted: list[tuple[StreamUse, Quad]] = []
        by_root: dict[StreamUse, list[Glyph]] = {}
        for glyph in placed:
            by_root.setdefault(glyph.use.root, []).append(glyph)
        for root, mine in by_root.items():
            painted += [(root, quad) for quad in runs(mine)]
        painted += [(content.root, quad) for quad in _runs_of_boxes(boxes)]
        if not painted:
            continue
        widest = max(range(len(painted)), key=lambda at: _width(painted[at][1]))
        for number, (root, quad) in enumerate(painted):
            edits.paint(root, [PaintedBox(quad, mark.label if number == widest else "")])
    take_overlaid(content, edits, edits.quads)


def take_overlaid(content: PageContent, edits: PageEdits, quads: Sequence[Quad]) -> None:
    """Remove every glyph that mostly lies in one of the quads."""
    boxes = _Boxes([box_of(quad) for quad in quads])
    if not boxes:
        return
    unlinked = set(content.unlinked)
    found = []
    for glyph in content.glyphs:
        if glyph in edits.removed or glyph.use.root in unlinked:
            continue
        box = glyph.box
        size = area(box)
        if size < 1e-6:  # no width or height: its middle decides
            x, y = glyph.centre
            inside = any(
                b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes.near(grown(box, 0.01))
            )
        else:
            inside = any(overlap(box, other) > _SHARE * size for other in boxes.near(box))
        if inside:
            found.append(glyph)
    edits.remove(found)


def runs(glyphs: Sequence[Glyph]) -> list[Quad]:
    """Glyphs -> one quad for each stretch of a line."""
    grouped: list[list[Glyph]] = []
    for glyph in glyphs:
        if grouped and _continues(grouped[-1][-1], glyph):
            grouped[-1].append(glyph)
        else:
            grouped.append([glyph])
    return _united([enclosing([glyph.quad for glyph in run]) for run in grouped])


def _continues(one: Glyph, other: Glyph) -> bool:
    if one.vertical != other.vertical:
        return False
    height = math.hypot(one.x3 - one.x0, one.y3 - one.y0) or 1.0
    ux, uy = one.x1 - one.x0, one.y1 - one.y0
    length = math.hypot(ux, uy) or 1.0
    dx, dy = other.x0 - one.x1, other.y0 - one.y1
    if one.vertical:
        return abs(other.x0 - one.x0) < 0.5 * height and abs(other.y3 - one.y0) < 3 * height
    aside = abs(ux * dy - uy * dx) / length
    vx, vy = other.x1 - other.x0, other.y1 - other.y0
    turned = abs(ux * vy - uy * vx) / (length * (math.hypot(vx, vy) or 1.0))
    return aside < 0.45 * height and math.hypot(dx, dy) < 3 * height + length and turned < 0.1


def _united(quads: list[Quad]) -> list[Quad]:
    """Without quads that lie inside another."""
    boxes = [box_of(quad) for quad in quads]
    kept = []
    for at, box in enumerate(boxes):
        inside = any(
            other != at
            and overlap(box, boxes[other]) >= 0.98 * area(box)
            and (area(boxes[other]) > area(box) or other < at)
            for other in range(len(boxes))
        )
        if not inside or area(box) == 0:
            kept.append(quads[at])
    return kept


def _runs_of_boxes(boxes: Iterable[Box]) -> list[Quad]:
    """Character boxes of another reader -> one box for each stretch of a line."""
    grouped: list[Box] = []
    for box in boxes:
        if grouped:
            last = grouped[-1]
            height = max(last[3] - last[1], box[3] - box[1])
            level = min(last[3], box[3]) - max(last[1], box[1]) > 0.3 * min(
                last[3] - last[1], box[3] - box[1]
            )
            if level and -height < box[0] - last[2] < 3 * height:
                grouped[-1] = (
                    min(last[0], box[0]), min(last[1], box[1]),
                    max(last[2], box[2]), max(last[3], box[3]),
                )  # fmt: skip
                continue
        grouped.append(box)
    return [quad_of(grown(box, _PAD)) for box in grouped]


def _inside(content: PageContent, text: MarkedText) -> list[Glyph]:
    """Glyphs shown while a marked-content operator was open."""
    found = []
    for glyph in content.glyphs:
        use: StreamUse | None = glyph.use
        marks = glyph.marks
        while use is not None:
            if use is text.use:
                if text.op in marks:
                    found.append(glyph)
                break
            marks, use = use.marks, use.parent
    return found


def _width(quad: Quad) -> float:
    return math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1])


class _Boxes:
    """Boxes in bands of height, so that a page of glyphs meets few of them."""

    _BAND = 24.0  # points

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._bands: dict[int, list[Box]] = {}
        self._tall: list[Box] = []
        for box in boxes:
            first, last = int(box[1] // self._BAND), int(box[3] // self._BAND)
            if last - first > 200:
                self._tall.append(box)
                continue
            for band in range(first, last + 1):
                self._bands.setdefault(band, []).append(box)

    def __bool__(self) -> bool:
        return bool(self._bands or self._tall)

    def near(self, box: Box) -> list[Box]:
        first, last = int(box[1] // self._BAND), int(box[3] // self._BAND)
        if last - first > 200:
            found = [b for listed in self._bands.values() for b in listed]
        else:
            found = [b for band in range(first, last + 1) for b in self._bands.get(band, ())]
        return found + self._tall


def images_under(content: PageContent, quads: Sequence[Quad]) -> list[tuple[int, list[Quad]]]:
    """(number of the image use, quads over it) for images that lie under boxes."""
    found = []
    boxes = [box_of(quad) for quad in quads]
    for number, image in enumerate(content.images):
        if image.use.root.kind not in (StreamKind.PAGE, StreamKind.APPEARANCE):
            continue
        own = box_of(image.quad)
        over = [quad for quad, box in zip(quads, boxes, strict=True) if overlap(own, box) > 0.01]
        if over:
            found.append((number, over))
    return found
