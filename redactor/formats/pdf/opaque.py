"""Text that the source hides under opaque boxes already: the classic failed redaction."""

from __future__ import annotations

from redactor.formats.pdf.geometry import Box, area, overlap
from redactor.formats.pdf.records import Glyph, PageContent, PathUse, StreamKind

_INSIDE = 0.8  # of a glyph's box
_SMALLEST = 4.0  # square points
_DARK = 0.35  # brightness under which a box counts as meant to hide; white covers count too
_LIGHT = 0.97


def hidden_glyphs(content: PageContent) -> tuple[list[Glyph], list[Box]]:
    """Glyphs under boxes painted after them, and these boxes.

    A box counts if its fill is opaque and black-ish or white; coloured fills behind headings
    are drawn before their text and never count.
    """
    boxes = [path for path in content.paths if _hides(path)]
    if not boxes:
        return [], []
    found: list[Glyph] = []
    used: dict[int, Box] = {}
    last = max(path.order for path in boxes)
    for glyph in content.glyphs:
        if glyph.order > last or glyph.text.isspace():
            continue
        if glyph.use.root.kind is not StreamKind.PAGE or glyph.mode == 3:
            continue
        own = glyph.box
        size = area(own)
        for number, path in enumerate(boxes):
            if path.order < glyph.order or path.rectangle is None:
                continue
            if size > 0 and overlap(own, path.rectangle) >= _INSIDE * size:
                found.append(glyph)
                used[number] = path.rectangle
                break
    return found, list(used.values())


def _hides(path: PathUse) -> bool:
    box, colour = path.rectangle, path.opaque
    if box is None or colour is None or area(box) < _SMALLEST:
        return False
    if path.use.root.kind is not StreamKind.PAGE:
        return False
    bright = _brightness(colour)
    return bright < _DARK or bright > _LIGHT


def _brightness(colour: tuple[float, ...]) -> float:
    if len(colour) == 1:
        return colour[0]
    if len(colour) == 3:
        return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
    if len(colour) == 4:
        return (1 - colour[3]) * (1 - max(colour[:3]))
    return 0.5
