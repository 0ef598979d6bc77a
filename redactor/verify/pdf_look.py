"""The look of a written page against its source's: outside the boxes and inside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as raw

_CHANGED = 40  # grey levels of 255
_EDGE_PIXELS = 12  # a page, where nothing was recompressed
_RECOMPRESSED = 0.004  # of a page's pixels
_PICTURE = 0.01
_BLOCK = 4  # pixels: pictures are compared by the means of such squares
_INSIDE = 10  # grey levels that a box's pixels may differ from its colour
_MOST_PIXELS = 40_000_000


def compare_look(written: Any, source: Any, index: int, touched: Mapping[str, Any] | None) -> str:
    """Why the page does not look as it must, or ""."""
    page, other = written[index], source[index]
    try:
        width, height = page.get_size()
        source_width, source_height = other.get_size()
        if abs(width - source_width) > 0.5 or abs(height - source_height) > 0.5:
            return "the page's size changed"
        scale = min(1.0, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        after = _grey(page, scale)
        before = _grey(other, scale)
        if after.shape != before.shape:
            return "the page's size changed"
        mask = np.ones(after.shape, np.bool_)
        if touched is not None:
            # both pages' user spaces: a page turned into a picture has a frame of its own
            polygons = [_device(other, box[:8], after.shape) for box in touched["boxes"]]
            for points in polygons:
                _mask_out(mask, points, 2)
            for box in touched["cleared"]:
                corners = [box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3]]
                _mask_out(mask, _device(other, corners, after.shape), 2)
        raster = bool(touched and touched.get("raster"))
        changed = _coarse(after, before, mask) if raster else _changed(after, before, mask)
        if changed > _allowed(touched, after.size):
            return f"{changed} pixels outside the boxes look different"
        if touched is not None and touched["boxes"]:
            return _inside(page, touched, polygons, scale)
        return ""
    finally:
        page.close()
        other.close()


def _allowed(touched: Mapping[str, Any] | None, pixels: int) -> int:
    if touched is None:
        return 0
    if touched.get("raster"):
        return int(_PICTURE * pixels / _BLOCK**2)
    if touched.get("images"):
        return max(_EDGE_PIXELS, int(_RECOMPRESSED * pixels))
    return _EDGE_PIXELS


def _changed(after: Any, before: Any, mask: Any) -> int:
    """Pixels that differ by more than a shift of one pixel explains.

    PDFium puts glyphs on whole pixels and cuts widths to whole units, so that a text which
    stays where it is may jump by one pixel; :mod:`.pdf_text` checks its place in points.
    """
    one, other = after.astype(np.int16), before.astype(np.int16)
    rough = (np.abs(one - other) > _CHANGED) & mask
    if np.count_nonzero(rough) <= _EDGE_PIXELS:
        return 0
    low, high = _neighbours(one)
    low_other, high_other = _neighbours(other)
    beyond = (one > high_other + _CHANGED) | (one < low_other - _CHANGED)
    beyond |= (other > high + _CHANGED) | (other < low - _CHANGED)
    return int(np.count_nonzero(beyond & rough))


def _neighbours(pixels: Any) -> tuple[Any, Any]:
    """Darkest and lightest of each pixel's 3 x 3 neighbourhood."""
    low, high = pixels, pixels
    for axis in (0, 1):
        padded = np.pad(low, [(1, 1) if axis == side else (0, 0) for side in (0, 1)], "edge")
        low = np.minimum(np.minimum(_cut(padded, axis, 0), low), _cut(padded, axis, 2))
        padded = np.pad(high, [(1, 1) if axis == side else (0, 0) for side in (0, 1)], "edge")
        high = np.maximum(np.maximum(_cut(padded, axis, 0), high), _cut(padded, axis, 2))
    return low, high


def _cut(padded: Any, axis: int, start: int) -> Any:
    size = padded.shape[axis] - 2
    return padded[start : start + size] if axis == 0 else padded[:, start : start + size]


def _coarse(after: Any, before: Any, mask: Any) -> int:
    """Blocks of pixels whose mean differs: for pages that became pictures."""
    height, width = (side // _BLOCK * _BLOCK for side in after.shape)
    shape = height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK
    one = after[:height, :width].reshape(shape).mean((1, 3))
    other = before[:height, :width].reshape(shape).mean((1, 3))
    whole = mask[:height, :width].reshape(shape).all((1, 3))
    return int(np.count_nonzero((np.abs(one - other) > _CHANGED) & whole))


def _grey(page: Any, scale: float, *, annotations: bool = True) -> Any:
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=annotations)
    array = bitmap.to_numpy()
    return array[:, :, 0] if array.ndim == 3 else array


def _device(
    page: Any, corners: Sequence[float], shape: tuple[int, ...]
) -> list[tuple[float, float]]:
    import ctypes

    x, y = ctypes.c_int(), ctypes.c_int()
    points = []
    for at in range(0, 8, 2):
        raw.FPDF_PageToDevice(
            page.raw, 0, 0, shape[1] * 16, shape[0] * 16, 0, corners[at], corners[at + 1], x, y
        )
        points.append((x.value / 16, y.value / 16))
    return points


def _mask_out(mask: Any, points: Sequence[tuple[float, float]], margin: int) -> None:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1 = int(min(xs)) - margin, int(max(xs)) + margin + 1
    y0, y1 = int(min(ys)) - margin, int(max(ys)) + margin + 1
    if x1 > 0 and y1 > 0:
        mask[max(y0, 0) : y1, max(x0, 0) : x1] = False


def _inside(page: Any, touched: Mapping[str, Any], polygons: Sequence[Any], scale: float) -> str:
    """Every box of the page's own content: its colour, and nothing else but a label's ink.

    Drawn without annotations, which may lie over a box.
    """
    pixels = _grey(page, scale, annotations=False)
    colour, ink = touched["grey"]
    for box, points in zip(touched["boxes"], polygons, strict=True):
        if box[9] != "page":
            continue
        inner = _inner(points, pixels.shape)
        if inner is None:
            continue
        x0, y0, x1, y1 = inner
        part = pixels[y0:y1, x0:x1].astype(np.int16)
        own = np.abs(part - colour) <= _INSIDE
        if not any(other[8] and _meet(box, other) for other in touched["boxes"]):
            if not own.all():
                return "a box is not of one colour: something shows through"
            continue
        low, high = min(colour, ink) - _INSIDE, max(colour, ink) + _INSIDE
        if own.mean() < 0.03 or part.min() < low or part.max() > high:
            return "a box shows more than its label"
    return ""


def _meet(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether the bounds of two boxes overlap."""
    return bool(
        min(one[0:8:2]) < max(other[0:8:2])
        and min(other[0:8:2]) < max(one[0:8:2])
        and min(one[1:8:2]) < max(other[1:8:2])
        and min(other[1:8:2]) < max(one[1:8:2])
    )


def _inner(
    points: Sequence[tuple[float, float]], shape: tuple[int, ...]
) -> tuple[int, int, int, int] | None:
    """Whole pixels inside an upright box, less one at each side; None for other shapes."""
    xs, ys = sorted(p[0] for p in points), sorted(p[1] for p in points)
    if xs[1] - xs[0] > 0.6 or xs[3] - xs[2] > 0.6 or ys[1] - ys[0] > 0.6 or ys[3] - ys[2] > 0.6:
        return None
    x0, y0 = max(int(xs[1]) + 2, 0), max(int(ys[1]) + 2, 0)
    x1, y1 = min(int(xs[2]) - 1, shape[1]), min(int(ys[2]) - 1, shape[0])
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None
