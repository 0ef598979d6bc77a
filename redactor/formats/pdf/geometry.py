"""Points, boxes and matrices of PDF pages.

User space: points (1/72 inch times the page's UserUnit), origin at the lower left, y upwards.
A matrix is ``(a, b, c, d, e, f)`` as in ISO 32000-1, 8.3.3: ``x' = a x + c y + e``,
``y' = b x + d y + f``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]  # along the baseline: bottom left, bottom right, top r, l
Box = tuple[float, float, float, float]  # x0, y0, x1, y1 with x0 <= x1 and y0 <= y1

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LARGEST_SIDE = 14_400 * 10  # points; ISO 32000-1 annex C says 14,400, some producers exceed it


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies ``first`` and after it ``then``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def apply(matrix: Matrix, x: float, y: float) -> Point:
    """Where a point goes."""
    return (
        matrix[0] * x + matrix[2] * y + matrix[4],
        matrix[1] * x + matrix[3] * y + matrix[5],
    )


def inverse(matrix: Matrix) -> Matrix | None:
    """The matrix that undoes another; None where it flattens the plane."""
    a, b, c, d, e, f = matrix
    det = a * d - b * c
    if abs(det) < 1e-12 or not math.isfinite(det):
        return None
    return (d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det)


def rotation(degrees: float) -> Matrix:
    """Turns anticlockwise about the origin."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return (cos, sin, -sin, cos, 0.0, 0.0)


def box_of(points: Iterable[Point]) -> Box:
    """The smallest upright box around points."""
    listed = list(points)
    xs, ys = [p[0] for p in listed], [p[1] for p in listed]
    return min(xs), min(ys), max(xs), max(ys)


def ordered(values: Sequence[Any]) -> Box:
    """A PDF rectangle (any two opposite corners) as a box."""
    x0, y0, x1, y1 = (float(value) for value in values)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def quad_of(box: Box) -> Quad:
    """A box as a quad."""
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def map_quad(quad: Quad, matrix: Matrix) -> Quad:
    """A quad through a matrix."""
    a, b, c, d = quad
    return apply(matrix, *a), apply(matrix, *b), apply(matrix, *c), apply(matrix, *d)


def area(box: Box) -> float:
    """Square points."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes share, in square points."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def grown(box: Box, by: float) -> Box:
    """A box with a margin on every side."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def widened_by(quad: Quad, margin: float) -> Quad:
    """A quad with a margin on each of its own sides."""
    (ax, ay), (bx, by), _, (dx, dy) = quad
    width, height = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
    if width < 1e-9 or height < 1e-9:
        return quad
    ux, uy = (bx - ax) / width * margin, (by - ay) / width * margin
    vx, vy = (dx - ax) / height * margin, (dy - ay) / height * margin
    cx, cy = quad[2]
    return (
        (ax - ux - vx, ay - uy - vy), (bx + ux - vx, by + uy - vy),
        (cx + ux + vx, cy + uy + vy), (dx - ux + vx, dy - uy + vy),
    )  # fmt: skip


def is_upright(quad: Quad) -> bool:
    """Whether its sides run along the axes (in any of the four directions)."""
    (ax, ay), (bx, by), _, (dx, dy) = quad
    ux, uy, vx, vy = abs(bx - ax), abs(by - ay), abs(dx - ax), abs(dy - ay)
    return (uy <= 1e-3 * ux + 1e-6 and vx <= 1e-3 * vy + 1e-6) or (
        ux <= 1e-3 * uy + 1e-6 and vy <= 1e-3 * vx + 1e-6
    )


def enclosing(quads: Sequence[Quad]) -> Quad:
    """One quad around several, turned as the first one's baseline is."""
    (ax, ay), (bx, by), _, (dx, dy) = quads[0]
    ux, uy = bx - ax, by - ay
    length = math.hypot(ux, uy)
    if length < 1e-9:  # no width: take the side's direction, turned by a right angle
        ux, uy = dy - ay, ax - dx
        length = math.hypot(ux, uy)
    if length < 1e-9:
        return quad_of(box_of(point for quad in quads for point in quad))
    ux, uy = ux / length, uy / length
    along = [(x * ux + y * uy, -x * uy + y * ux) for quad in quads for x, y in quad]
    x0, y0, x1, y1 = box_of(along)

    def back(x: float, y: float) -> Point:
        return x * ux - y * uy, x * uy + y * ux

    if (dx - ax) * -uy + (dy - ay) * ux < 0:  # mirrored text: its top lies below
        y0, y1 = y1, y0
    return back(x0, y0), back(x1, y0), back(x1, y1), back(x0, y1)


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """The visible frame of a page.

    ``media`` is the media box in user space, ``crop`` what a reader shows of it,
    ``rotate`` clockwise degrees (0, 90, 180, 270), ``unit`` the UserUnit.
    """

    media: Box
    crop: Box
    rotate: int
    unit: float

    @property
    def to_reading(self) -> Matrix:
        """User space -> top-down reading frame: origin at the top left, y downwards."""
        x0, y0, x1, y1 = self.media
        if self.rotate == 90:
            return (0.0, 1.0, 1.0, 0.0, -y0, -x0)
        if self.rotate == 180:
            return (-1.0, 0.0, 0.0, 1.0, x1, -y0)
        if self.rotate == 270:
            return (0.0, -1.0, -1.0, 0.0, y1, x1)
        return (1.0, 0.0, 0.0, -1.0, -x0, y1)
