"""Painted paths: which of them are upright rectangles, and what a clip leaves of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redactor.formats.pdf.geometry import Box, Matrix, apply, box_of

OTHER: Box = (0.0, 0.0, -1.0, -1.0)  # a clip that is no box: nothing is known of what it shows


def cut(box: Box, clip: Box | None) -> Box | None:
    """What a clip leaves of a box; None where that is not known or nothing."""
    if clip is None:
        return box
    left, low = max(box[0], clip[0]), max(box[1], clip[1])
    right, high = min(box[2], clip[2]), min(box[3], clip[3])
    return (left, low, right, high) if right > left and high > low else None


def rectangle_of(operators: Sequence[Any], matrix: Matrix) -> Box | None:
    """The box in user space, if the operators build one upright rectangle."""
    ops = [op for op in operators if str(op.operator) not in ("W", "W*")]
    if not 1 <= len(ops) <= 6:
        return None
    straight, crossed = abs(matrix[0]) + abs(matrix[3]), abs(matrix[1]) + abs(matrix[2])
    if crossed > 1e-6 * straight and straight > 1e-6 * crossed:
        return None
    names = [str(op.operator) for op in ops]
    if names == ["re"]:
        x, y, width, height = (float(value) for value in ops[0].operands)
        return box_of((apply(matrix, x, y), apply(matrix, x + width, y + height)))
    if names[0] != "m" or any(name not in ("l", "h") for name in names[1:]):
        return None
    points = [
        (float(op.operands[0]), float(op.operands[1]))
        for op, name in zip(ops, names, strict=True)
        if name != "h"
    ]
    if len(points) == 5 and points[0] == points[4]:
        points.pop()
    xs, ys = {x for x, _ in points}, {y for _, y in points}
    if len(points) != 4 or len(xs) != 2 or len(ys) != 2:
        return None
    return box_of(apply(matrix, x, y) for x, y in points)
