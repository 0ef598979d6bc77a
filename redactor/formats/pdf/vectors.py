"""Drawings under boxes: signatures and letters drawn as shapes go with the text.

Upright lines and rectangles stay (rules of a table, underlines, backgrounds): they tell
nothing. Of other paths a subpath that lies in a box goes whole; of one that is stroked and
crosses a box the segments inside go; a filled one that crosses a box with many segments makes
the page a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redactor.formats.pdf.edits import PageEdits
from redactor.formats.pdf.geometry import (
    Box,
    Matrix,
    Point,
    apply,
    area,
    box_of,
    grown,
    overlap,
)
from redactor.formats.pdf.page_parts import MALFORMED
from redactor.formats.pdf.records import PageContent, PathUse, StreamKind

_INSIDE = 0.85  # of a subpath's box
_MARGIN = 1.5  # points a drawing may stand out of a box and still count as inside
_STROKES = frozenset({"S", "s"})
_MANY = 6  # slanted or curved segments of a fill inside a box
_LARGEST = 20_000  # operators of one path

Segment = tuple[int, list[Point]]  # operator, its points (start first)


def remove_drawings(content: PageContent, edits: PageEdits, boxes: Sequence[Box]) -> str:
    """Take drawings under boxes out; returns why the page must become a picture, or ""."""
    for path in content.paths:
        if path.rectangle is not None or not boxes:
            continue
        if path.use.root.kind not in (StreamKind.PAGE, StreamKind.APPEARANCE):
            continue
        if path.paint - path.first > _LARGEST:
            continue
        try:
            problem = _path(path, edits, boxes)
        except MALFORMED:
            continue
        if problem:
            return problem
    return ""


def _path(path: PathUse, edits: PageEdits, boxes: Sequence[Box]) -> str:
    subpaths = _subpaths(path)
    near = [
        box for box in boxes if any(overlap(_bounds(part), grown(box, 1)) > 0 for part in subpaths)
    ]
    if not near:
        return ""
    gone: set[int] = set()
    for part in subpaths:
        bounds = _bounds(part)
        slanted = [segment for segment in part if not _is_upright(segment[1])]
        if not slanted:
            continue
        covering = [box for box in near if _inside(bounds, box)]
        if covering:
            if _clips(path):
                return "a drawing under a box is a clip as well"
            gone.update(op for op, _ in part)
            edits.cleared.append(grown(bounds, _MARGIN))
            continue
        crossing = [
            segment for segment in slanted if any(_crosses(box_of(segment[1]), box) for box in near)
        ]
        if not crossing:
            continue
        if path.operator in _STROKES:
            _cut_stroke(path, edits, {op for op, _ in crossing})
        elif len(crossing) >= _MANY:
            return "a filled drawing reaches under a box"
    if gone:
        edits.of(path.use).drop.update(gone)
        built = {op for part in subpaths for op, _ in part}
        if built <= gone:
            edits.of(path.use).drop.add(path.paint)
    return ""


def _cut_stroke(path: PathUse, edits: PageEdits, gone: set[int]) -> None:
    """Lift the pen over segments: a move to where each ends."""
    changes = edits.of(path.use)
    for op in gone:
        instruction = path.use.ops[op]
        name = str(instruction.operator)
        if name in ("l", "c", "v", "y"):
            x, y = instruction.operands[-2], instruction.operands[-1]
            changes.replace[op] = [([x, y], _operator("m"))]
        elif name == "re":
            changes.drop.add(op)


def _operator(name: str) -> Any:
    import pikepdf

    return pikepdf.Operator(name)


def _clips(path: PathUse) -> bool:
    return any(
        str(path.use.ops[at].operator) in ("W", "W*") for at in range(path.first, path.paint)
    )


def _subpaths(path: PathUse) -> list[list[Segment]]:
    """The path's segments by subpath; the ``m`` that begins one is its first segment."""
    found: list[list[Segment]] = []
    here: Point = (0.0, 0.0)
    start: Point = here
    matrix = path.matrix
    for at in range(path.first, path.paint):
        instruction = path.use.ops[at]
        name = str(instruction.operator)
        if name in ("W", "W*"):
            continue
        values = [float(value) for value in instruction.operands]
        if name == "m":
            here = start = _point(matrix, values[0:2])
            found.append([(at, [here])])
        elif name == "re":
            x, y, w, h = values
            corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
            found.append([(at, [apply(matrix, *corner) for corner in corners])])
            here = start = found[-1][0][1][0]
        elif name == "h":
            if found:
                found[-1].append((at, [here, start]))
            here = start
        else:
            points = [_point(matrix, values[i : i + 2]) for i in range(0, len(values), 2)]
            if not found:
                found.append([])
            found[-1].append((at, [here, *points]))
            here = points[-1]
    return [part for part in found if part]


def _point(matrix: Matrix, values: Sequence[float]) -> Point:
    return apply(matrix, values[0], values[1])


def _bounds(part: Sequence[Segment]) -> Box:
    return box_of(point for _, points in part for point in points)


def _is_upright(points: Sequence[Point]) -> bool:
    """A straight line along an axis, a single point, or an upright rectangle's corners."""
    if len(points) == 1:
        return True
    if len(points) == 2:
        return abs(points[0][0] - points[1][0]) < 0.02 or abs(points[0][1] - points[1][1]) < 0.02
    if len(points) == 4 and len({round(x, 2) for x, _ in points}) <= 2:
        return len({round(y, 2) for _, y in points}) <= 2
    return False


def _inside(bounds: Box, box: Box) -> bool:
    size = area(bounds)
    if size < 1e-6:
        x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        return box[0] <= x <= box[2] and box[1] <= y <= box[3]
    wide = grown(box, _MARGIN)
    return overlap(bounds, wide) >= _INSIDE * size


def _crosses(bounds: Box, box: Box) -> bool:
    """Whether a segment's box really reaches into a box (edges that touch do not count)."""
    inner = grown(box, -0.3)
    return (
        bounds[0] < inner[2] and bounds[2] > inner[0] and bounds[1] < inner[3]
        and bounds[3] > inner[1]
    )  # fmt: skip
