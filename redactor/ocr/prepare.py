"""Making a picture easier to read: turned upright, straightened, freed of specks, enlarged.

Whatever is done to the picture can be undone for a box: words are told in pixels of the
original.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_SMALL = 1000  # pixels of width below which a page is enlarged
_LOOK = 900  # pixels of the longer side of the copy that the skew is measured on
_MOST_SKEW = 6.0  # degrees; more is a turned page, not a skewed one
_LEAST_SKEW = 0.3
_SPECKS = 0.003  # share of lone dark pixels from which a picture is despeckled


@dataclass(frozen=True, slots=True)
class Prepared:
    """A grey picture, and the way back: ``back`` maps its points to the original's."""

    image: Any
    back: Callable[[Point], Point]

    def original_box(self, box: Box) -> Box:
        """The smallest upright box in the original around a box of the prepared picture."""
        left, top, right, bottom = box
        corners = [
            self.back(p) for p in ((left, top), (right, top), (left, bottom), (right, bottom))
        ]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        return min(xs), min(ys), max(xs), max(ys)


def prepare(image: Any, turn: int = 0) -> Prepared:
    """Prepare a picture (``PIL.Image``) for reading.

    Args:
        image: any mode.
        turn: degrees (0, 90, 180, 270) that the picture must be turned counterclockwise first.
    """
    from PIL import Image, ImageFilter

    grey = _flat(image)
    steps: list[Callable[[Point], Point]] = []
    if turn:
        size = grey.size
        grey = grey.transpose({90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180,
                               270: Image.Transpose.ROTATE_270}[turn])  # fmt: skip
        steps.append(_unturn(turn, size))
    scale = 2 if grey.width < _SMALL and grey.height < _SMALL * 1.5 else 1
    if scale > 1:
        grey = grey.resize((grey.width * scale, grey.height * scale), Image.Resampling.LANCZOS)
        steps.append(lambda p: (p[0] / scale, p[1] / scale))
    if _speckled(grey):
        grey = grey.filter(ImageFilter.MedianFilter(3))
    angle = skew(grey)
    if abs(angle) >= _LEAST_SKEW:
        before = grey.size
        grey = grey.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        steps.append(_unrotate(angle, before, grey.size))

    def back(point: Point) -> Point:
        for step in reversed(steps):
            point = step(point)
        return point

    return Prepared(grey, back)


def skew(grey: Any) -> float:
    """Degrees, counterclockwise, by which the picture must be rotated so that lines lie level.

    Rows of text give a profile of dark and light bands that is sharpest when they are level.
    """
    import numpy as np
    from PIL import Image

    factor = max(grey.size) / _LOOK
    small = grey.resize((max(1, int(grey.width / factor)), max(1, int(grey.height / factor)))) if (
        factor > 1) else grey  # fmt: skip
    ink = np.asarray(small) < 140
    share = ink.mean()
    if not 0.002 < share < 0.4:
        return 0.0  # nothing, or no page of text
    picture = Image.fromarray((ink * 255).astype("uint8"))

    def sharpness(angle: float) -> float:
        rows = np.asarray(picture.rotate(angle)).sum(axis=1, dtype="float64")
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    flat = sharpness(0.0)
    best = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5), key=sharpness)
    best = max(np.arange(best - 0.4, best + 0.41, 0.1), key=sharpness)
    return float(best) if sharpness(float(best)) > flat * 1.05 else 0.0


def _flat(image: Any) -> Any:
    """Grey, transparency laid over white, deep greys brought to 8 bits."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        image = Image.alpha_composite(white, coloured)
    if image.mode.startswith("I") or image.mode == "F":
        low, high = image.getextrema()
        spread = max(high - low, 1)
        image = image.point(lambda value: (value - low) * (255 / spread))
    return image.convert("L")


def _speckled(grey: Any) -> bool:
    """True when many dark pixels have no dark neighbour: dust, fax noise."""
    import numpy as np

    ink = np.asarray(grey) < 128
    if not ink.any():
        return False
    around = np.zeros_like(ink, dtype="uint8")
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            if dy or dx:
                around += np.roll(np.roll(ink, dy, 0), dx, 1)
    lone = ink & (around == 0)
    return bool(lone.sum() > _SPECKS * ink.size / 10 and lone.sum() > 0.02 * ink.sum())


def _unturn(turn: int, size: tuple[int, int]) -> Callable[[Point], Point]:
    width, height = size
    if turn == 180:
        return lambda p: (width - p[0], height - p[1])
    if turn == 90:
        return lambda p: (width - p[1], p[0])
    return lambda p: (p[1], height - p[0])


def _unrotate(
    angle: float, before: tuple[int, int], after: tuple[int, int]
) -> Callable[[Point], Point]:
    """Points after ``Image.rotate(angle, expand=True)`` back to before it."""
    turn = -math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)

    def back(point: Point) -> Point:
        x, y = point[0] - after[0] / 2, point[1] - after[1] / 2
        return cos * x + sin * y + before[0] / 2, -sin * x + cos * y + before[1] / 2

    return back
