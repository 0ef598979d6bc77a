"""What is in a picture beside words: bar codes, faces, photographs, ink that nobody can read."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.formats.image.words import Box
from redactor.formats.ocr import Word

_FACE_LOOK = 1200  # pixels of the longer side on which faces are looked for
_INK = 110  # grey levels below which a pixel is ink
_UNREAD_INK = 0.012  # share of a page that is ink outside words, from which it is told


def barcodes(image: Any) -> list[tuple[str, Box]]:
    """Texts of bar and QR codes with their boxes; empty where the decoder is not installed."""
    if importlib.util.find_spec("zxingcpp") is None:
        return []
    import zxingcpp

    found = []
    for code in zxingcpp.read_barcodes(image.convert("L")):
        corners = (code.position.top_left, code.position.top_right,
                   code.position.bottom_right, code.position.bottom_left)  # fmt: skip
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
        if bottom - top < (right - left) / 4:  # one scanned line of a linear code
            height = (right - left) / 3
            top, bottom = max(0.0, top - height), min(float(image.height), bottom + height)
        if code.text.strip():
            found.append((code.text, (left, top, right, bottom)))
    return found


@lru_cache(maxsize=1)
def _cascade() -> Any:
    """OpenCV's frontal-face cascade (Viola and Jones 2001), or None where it is not installed."""
    if importlib.util.find_spec("cv2") is None:
        return None
    import cv2

    path = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    return cv2.CascadeClassifier(str(path)) if path.is_file() else None


def faces(image: Any) -> list[Box] | None:
    """Boxes of faces; None where nothing is installed that could find them."""
    cascade = _cascade()
    if cascade is None:
        return None
    import numpy as np

    grey = image.convert("L")
    scale = max(1.0, max(grey.size) / _FACE_LOOK)
    small = grey.resize((max(1, int(grey.width / scale)), max(1, int(grey.height / scale))))
    seen = cascade.detectMultiScale(np.asarray(small), scaleFactor=1.1, minNeighbors=6)
    boxes = []
    for x, y, width, height in seen:
        margin = 0.25  # hair, ears and chin tell a person as well
        boxes.append((
            max(0.0, (x - margin * width) * scale), max(0.0, (y - margin * height) * scale),
            min(float(image.width), (x + width * (1 + margin)) * scale),
            min(float(image.height), (y + height * (1 + margin)) * scale),
        ))  # fmt: skip
    return boxes


def is_photo(image: Any) -> bool:
    """True for pictures with the many soft shades of a photograph; a page of text has few."""
    import numpy as np

    small = np.asarray(image.convert("L").resize((200, 200)))
    shades = np.bincount(small.ravel(), minlength=256)
    middle = shades[40:216].sum() / small.size
    return bool(middle > 0.35 and (shades > 20).sum() > 90)


def unread_ink(image: Any, words: Sequence[Word], known: Sequence[Box]) -> bool:
    """True where much ink lies outside everything that was read: handwriting, stamps, drawings."""
    import numpy as np

    grey = np.asarray(image.convert("L"))
    dark = grey < _INK
    if dark.mean() > 0.45:
        return False  # a photograph or a dark page, told by other means
    for left, top, right, bottom in [*(word.box for word in words), *known]:
        pad = max(3.0, (bottom - top) * 0.25)
        dark[
            max(0, int(top - pad)) : int(bottom + pad), max(0, int(left - pad)) : int(right + pad)
        ] = False
    # ruled lines and frames are not writing: they fill whole rows or columns of the page
    dark = dark[dark.mean(axis=1) < 0.5][:, dark.mean(axis=0) < 0.5]
    return bool(dark.size and dark.mean() > _UNREAD_INK)
