"""Boxes of few widths, so that they do not tell how long the hidden word is."""

from __future__ import annotations

import math

from redactor.formats.pdf.geometry import Point, Quad


def widened(quad: Quad, step: float) -> Quad:
    """The quad, from its start along its baseline, as wide as a multiple of ``step`` points."""
    (ax, ay), (bx, by), _, (dx, dy) = quad
    width = math.hypot(bx - ax, by - ay)
    if width < 1e-6:
        return quad
    factor = math.ceil(width / step - 1e-9) * step / width
    along: Point = ((bx - ax) * factor, (by - ay) * factor)
    return (
        (ax, ay), (ax + along[0], ay + along[1]), (dx + along[0], dy + along[1]), (dx, dy),
    )  # fmt: skip
