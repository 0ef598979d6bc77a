"""Checking a written picture against its source, pixel by pixel, and reading it once more.

Inside the boxes there is one colour; outside them the pixels are the source's (within what
recompression of a lossy format changes: a mean difference of 3 of 255 levels, and 1 pixel in
500 beyond 48); nothing stands beside the pixels but resolution and the like; text recognition
finds no redacted value; the bytes hold none. A value that is read again comes back with the
boxes of its words.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from redactor.errors import RedactorError
from redactor.formats.image.files import FORMATS, read_picture
from redactor.formats.image.marks import barcodes
from redactor.formats.image.words import FrameText, as_numbers, frame_text
from redactor.formats.ocr import find_recogniser
from redactor.verify.search import find_values
from redactor.verify.worker import Answer, Damage, Leak, Request

_HARMLESS = {
    "dpi", "compression", "gamma", "loop", "duration", "background", "jfif", "jfif_version",
    "jfif_unit", "jfif_density", "transparency", "resolution", "timestamp", "srgb", "progressive",
    "progression", "adobe", "adobe_transform", "default_image", "disposal", "blend", "bbox",
}  # fmt: skip
_MEAN, _LEVELS, _BEYOND = 3.0, 48, 0.002
_EDGE = 8  # pixels: a block of JPEG, whose error reaches across a box's edge


def check_image(request: Request, data: bytes) -> Answer:
    """Compare, search and re-read one written picture."""
    from PIL import Image

    assert request.reference is not None
    try:
        written, source = read_picture(data), read_picture(request.reference)
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            beside = sorted(set(image.info) - _HARMLESS)
            exif = bool(dict(image.getexif())) and image.format != "TIFF"
    except RedactorError:
        return Answer(False, [], [], "cannot be opened as a picture")
    damage: list[Damage] = []
    if written.kind != source.kind or len(written.frames) != len(source.frames):
        return Answer(False, [], [], "is not a picture of the same kind and number of pages")
    if beside or exif or written.dropped:
        damage.append(Damage(None, "something stands beside the pixels"))
    leaks = _raw(data, request.values)
    for number, (after, before) in enumerate(zip(written.frames, source.frames, strict=True)):
        problem = _compare(after, before, request.hints["boxes"][number], written.kind == "JPEG")
        if problem:
            damage.append(Damage(number, problem))
        leaks += _read(after, number, request)
    return Answer(not (leaks or damage), [], [], "", leaks, damage)


def _compare(after: Any, before: Any, boxes: Sequence[Sequence[int]], lossy: bool) -> str:
    import numpy as np

    if after.size != before.size:
        return "has another size than its source"
    mode = "RGBA" if "A" in before.mode or "transparency" in before.info else "RGB"
    one = np.asarray(after.convert(mode)).astype("int16")
    other = np.asarray(before.convert(mode)).astype("int16")
    outside = np.ones(one.shape[:2], bool)
    edge = _EDGE if lossy else 0
    for x0, y0, x1, y1 in boxes:
        inner = one[y0 + edge : y1 - edge, x0 + edge : x1 - edge] if lossy else one[y0:y1, x0:x1]
        if inner.size and int((inner.max(axis=(0, 1)) - inner.min(axis=(0, 1))).max()) > (
            24 if lossy else 0
        ):
            return "a box is not of one colour"
        outside[max(0, y0 - edge) : y1 + edge, max(0, x0 - edge) : x1 + edge] = False
    difference = np.abs(one - other).max(axis=2)[outside]
    if not difference.size:
        return ""
    if not lossy:
        return "pixels outside the boxes changed" if difference.any() else ""
    if difference.mean() > _MEAN or (difference > _LEVELS).mean() > _BEYOND:
        return "pixels outside the boxes changed more than recompression explains"
    return ""


def _read(frame: Any, number: int, request: Request) -> list[Leak]:
    """Values that recognition and the bar-code reader still find."""
    recogniser = find_recogniser()
    if recogniser is None:
        return []
    words = list(recogniser.recognise(frame, str(request.hints["language"])))
    text = frame_text(words)
    leaks = []
    for view in filter(None, (text.text, as_numbers(text.text))):
        for hit in find_values([view], request.values):
            leaks.append(
                Leak(hit.value, number, "text recognition", 1, _boxes(text, hit.start, hit.end))
            )
    for content, box in barcodes(frame):
        for hit in find_values([content], request.values):
            leaks.append(Leak(hit.value, number, "the bar-code reader", 1, (box,)))
    return leaks


def _boxes(text: FrameText, start: int, end: int) -> tuple[tuple[float, float, float, float], ...]:
    return tuple(text.boxes(start, end))


def _raw(data: bytes, values: Sequence[str]) -> list[Leak]:
    """Values in the file's bytes (UTF-8, Latin-1 and UTF-16)."""
    found = []
    for number, value in enumerate(values):
        spelt = {
            value.encode(name, "ignore") for name in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
        }
        if any(len(each) >= 6 and each in data for each in spelt):
            found.append(Leak(number, None, "a search of the bytes"))
    return found
