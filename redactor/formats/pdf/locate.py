"""Redactions of text -> what to take out and where the boxes go.

Beside the glyphs of the redacted characters themselves go all that lie over them: letters set
twice, shadows, recognised text behind a scan, hidden layers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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
    widened_by,
)
from redactor.formats.pdf.records import Glyph, MarkedText, PageContent, StreamKind, StreamUse
from redactor.formats.pdf.views import Ref

_SHARE = 0.35  # of a glyph's box under a box of removed text: it goes as well
_INVISIBLE_MARGIN = 0.15  # of the height, around text that is not drawn itself
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
        glyphs += _showing(content, {glyph.use.root for glyph in glyphs} & unlinked)
        edits.remove(glyphs)
        painted: list[tuple[StreamUse, Quad]] = []
        by_root: dict[StreamUse, list[Glyph]] = {}
        for glyph in glyphs:
            root = glyph.use.root
            if root.kind is StreamKind.SOFT_MASK:  # lies where the page's space was
                root = content.root
            elif root in unlinked:
                continue
            by_root.setdefault(root, []).append(glyph)
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
    if not quads or not content.glyphs:
        return
    unlinked = set(content.unlinked)
    boxes = _glyph_boxes(content)
    x0, y0, x1, y1 = boxes
    sizes = (x1 - x0) * (y1 - y0)
    flat = sizes < 1e-6  # no width or height: the middle decides
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    hit = np.zeros(len(content.glyphs), np.bool_)
    for left, low, right, high in map(box_of, quads):
        width = np.minimum(x1, right) - np.maximum(x0, left)
        height = np.minimum(y1, high) - np.maximum(y0, low)
        hit |= (width > 0) & (height > 0) & (width * height > _SHARE * sizes) & ~flat
        hit |= (
            flat
            & (left <= middle_x) & (middle_x <= right)
            & (low <= middle_y) & (middle_y <= high)
        )  # fmt: skip
    glyphs = content.glyphs
    edits.remove(
        glyph
        for glyph in (glyphs[at] for at in np.flatnonzero(hit).tolist())
        if glyph not in edits.removed and glyph.use.root not in unlinked
    )


def _glyph_boxes(content: PageContent) -> Any:
    """Arrays of the glyphs' left, lower, right and upper bounds."""
    if content.boxes is None or content.boxes.shape[1] != len(content.glyphs):
        corners = np.array(
            [(g.x0, g.y0, g.x1, g.y1, g.x2, g.y2, g.x3, g.y3) for g in content.glyphs],
            np.float64,
        ).reshape(-1, 8)
        corners[~np.isfinite(corners)] = 1e9
        xs, ys = corners[:, ::2], corners[:, 1::2]
        content.boxes = np.array([xs.min(1), ys.min(1), xs.max(1), ys.max(1)])
    return content.boxes


def runs(glyphs: Sequence[Glyph]) -> list[Quad]:
    """Glyphs -> one quad for each stretch of a line."""
    grouped: list[list[Glyph]] = []
    for glyph in glyphs:
        if grouped and _continues(grouped[-1][-1], glyph):
            grouped[-1].append(glyph)
        else:
            grouped.append([glyph])
    return _united([_around(run) for run in grouped])


def _around(run: Sequence[Glyph]) -> Quad:
    """One quad around a stretch; with a margin where a picture shows what the glyphs do not.

    Recognised text behind a scan seldom lies exactly over its letters.
    """
    quad = enclosing([glyph.quad for glyph in run])
    if any(glyph.mode != 3 for glyph in run):
        return quad
    height = math.hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1])
    return widened_by(quad, _INVISIBLE_MARGIN * height)


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


def _showing(content: PageContent, uses: set[StreamUse]) -> list[Glyph]:
    """The page's own glyphs that Type3 procedures with text are drawn for."""
    procedures = {use.source.objgen for use in uses if use.kind is StreamKind.GLYPH}
    if not procedures:
        return []
    found = []
    fonts: dict[int, bool] = {}
    for glyph in content.glyphs:
        font = glyph.font
        if id(font) not in fonts:
            listed = font.source.get("/CharProcs") if font.type3 else None
            fonts[id(font)] = listed is not None and any(
                procedure.objgen in procedures for procedure in listed.values()
            )
        if fonts[id(font)]:
            found.append(glyph)
    return found


def _width(quad: Quad) -> float:
    return math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1])


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
