"""Text of a written PDF by two readers, with places; and the comparison of characters."""

from __future__ import annotations

import ctypes
import io
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException
from pdfminer.utils import apply_matrix_pt

from redactor.verify.search import find_values, normalise
from redactor.verify.worker import Leak

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

Box = tuple[float, float, float, float]

_MOVED = 0.6  # points; letters that are set twice (fake bold) stand that far apart
_UNTOUCHED = 0.02  # of a character's box under a box: it must stay
_GONE = 0.6  # and beyond this it must be gone, or be a label's
_AS_READ = {2: "-", 0xFFFE: "-", 0xAD: "-", 13: " ", 0: "\ufffd"}
# PDFium mirrors brackets by the direction of the text around them
_PAIRS = str.maketrans(")]}>\u00bb", "([{<\u00ab")
_BROKEN = (
    PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError,
    AssertionError, OverflowError, ZeroDivisionError, UnicodeError, EOFError, OSError,
)  # fmt: skip


class PdfiumText:
    """PDFium's text of a page; the boxes (user space) that go with its characters on demand."""

    def __init__(self, document: Any, index: int) -> None:
        self._page = document[index]
        self._text_page = self._page.get_textpage()
        handle = self._text_page.raw
        count = max(raw.FPDFText_CountChars(handle), 0)
        text = self._text_page.get_text_range(errors="replace") if count else ""
        if len(text) != count:  # some characters have no text, or two units of it
            get = raw.FPDFText_GetUnicode
            text = "".join(map(_char, (get(handle, at) for at in range(count))))
        self.text: str = text.translate(_AS_READ)
        self._boxes: list[Box] | None = None

    def boxes(self) -> list[Box]:
        """Left, bottom, right, top of every character."""
        if self._boxes is None:
            left, right, bottom, top = (ctypes.c_double() for _ in range(4))
            handle, get = self._text_page.raw, raw.FPDFText_GetCharBox
            found: list[Box] = []
            for at in range(len(self.text)):
                get(handle, at, left, right, bottom, top)
                found.append((left.value, bottom.value, right.value, top.value))
            self._boxes = found
        return self._boxes

    def close(self) -> None:
        """Give the page back to PDFium."""
        self._text_page.close()
        self._page.close()


def _char(code: int) -> str:
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


# ---------------------------------------------------------------- pdfminer


class _Collected:
    """Text of a page as pdfminer shows it, in the order of the content streams."""

    def __init__(self) -> None:
        self.text = ""
        self._boxes: list[Box] = []

    def boxes(self) -> list[Box]:
        return self._boxes


class _Device(PDFTextDevice):
    """Collects characters without any layout analysis."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.chars: list[str] = []
        self.places: list[Box] = []
        self._last: tuple[float, float, float] | None = None

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        """Note one character; returns its advance."""
        try:
            text = font.to_unichr(cid)
        except _BROKEN:
            text = "\ufffd"
        width = font.char_width(cid)
        advance = width * fontsize * scaling
        if font.is_vertical():
            advance = width * fontsize
        x, y = apply_matrix_pt(matrix, (0, rise))
        end_x, end_y = apply_matrix_pt(matrix, (advance, rise))
        _, top = apply_matrix_pt(matrix, (0, rise + fontsize))
        _, low = apply_matrix_pt(matrix, (0, rise - 0.2 * fontsize))
        size = abs(top - y) or abs(fontsize) or 1.0
        if self._last is not None:
            last_x, last_y, last_size = self._last
            if abs(y - last_y) > 0.5 * max(size, last_size):
                self._gap("\n")
            elif abs(x - last_x) > 0.25 * max(size, last_size):
                self._gap(" ")
        self._last = (end_x, end_y, size)
        box = (min(x, end_x), min(low, top), max(x, end_x), max(low, top))
        for char in text:
            self.chars.append(char)
            self.places.append(box)
        return float(advance)

    def _gap(self, char: str) -> None:
        self.chars.append(char)
        self.places.append((0.0, 0.0, 0.0, 0.0))


class MinerText:
    """A document open in pdfminer, read page by page."""

    def __init__(self, data: bytes, password: str) -> None:
        self._manager = PDFResourceManager()
        try:
            document = PDFDocument(PDFParser(io.BytesIO(data)), password)
            self._pages = list(PDFPage.create_pages(document))
        except _BROKEN:
            self._pages = []

    def page(self, index: int) -> _Collected:
        """Text of a page, appearances of annotations not included; empty where unreadable."""
        collected = _Collected()
        if index >= len(self._pages):
            return collected
        device = _Device(self._manager)
        interpreter = PDFPageInterpreter(self._manager, device)
        page = self._pages[index]
        try:
            # user space as it is: no rotation, no shift of the media box
            interpreter.render_contents(page.resources, page.contents, ctm=(1, 0, 0, 1, 0, 0))
        except _BROKEN:
            device.chars.append("\n")
            device.places.append((0.0, 0.0, 0.0, 0.0))
        collected.text = "".join(device.chars)
        collected._boxes = device.places
        return collected


# ---------------------------------------------------------------- searching


def search_text(
    view: Any,
    reader: str,
    index: int,
    values: Sequence[str],
    boxes: Sequence[tuple[list[float], str]],
) -> list[Leak]:
    """Leaks in one reader's text; what is printed in a box by us is none."""
    places: dict[int, list[Box]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for hit in find_values([view.text], values):
        mine = [box for box in view.boxes()[hit.start : hit.end] if box[2] > box[0]]
        if mine and _is_printed(view.text[hit.start : hit.end], mine, boxes):
            continue
        counts[hit.value] += 1
        places[hit.value] += mine
    return [
        Leak(value, index, reader, count, tuple(places[value])) for value, count in counts.items()
    ]


def _is_printed(text: str, mine: Sequence[Box], boxes: Sequence[tuple[list[float], str]]) -> bool:
    """Whether all characters lie in one box whose label holds the text."""
    wanted = normalise(text)
    for corners, label in boxes:
        if wanted not in label:
            continue
        x0, x1 = min(corners[::2]) - 1, max(corners[::2]) + 1
        y0, y1 = min(corners[1::2]) - 1, max(corners[1::2]) + 1
        if all(
            x0 <= (box[0] + box[2]) / 2 <= x1 and y0 <= (box[1] + box[3]) / 2 <= y1 for box in mine
        ):
            return True
    return False


# ---------------------------------------------------------------- nothing lost, nothing moved


def compare_characters(
    before: PdfiumText, after: PdfiumText, touched: Mapping[str, Any] | None
) -> str:
    """Why PDFium's characters outside the boxes are not the source's, or ""."""
    if touched is None:
        return "" if before.text == after.text else "text changed where nothing was redacted"
    areas = [_bounds(box[:8]) for box in touched["boxes"]]
    areas += [(box[0], box[1], box[2], box[3]) for box in touched["cleared"]]
    now, then = _Places(after, areas), _Places(before, areas)
    # of characters that are set twice PDFium reports one, not always the same one
    lost = then.missing_in(now, _UNTOUCHED)
    if lost:
        return f"{lost} characters outside the boxes are lost or moved"
    new = now.missing_in(then, _GONE)
    return f"{new} characters are new" if new else ""


class _Places:
    """Where the visible characters of a text stand, and how far boxes cover them."""

    def __init__(self, source: PdfiumText, areas: Sequence[Box]) -> None:
        shown = [
            (ord(char.translate(_PAIRS)), *box)
            for char, box in zip(source.text, source.boxes(), strict=True)
            if not char.isspace() and char not in "-\ufffd"
        ]
        table = np.array(shown, np.float64).reshape(-1, 5)
        self.chars = table[:, 0].astype(np.int64)
        self.x, self.y = table[:, 1], table[:, 2]
        self.share = _shares(table[:, 1:], areas)

    def missing_in(self, other: _Places, covered: float) -> int:
        """Characters less covered than ``covered`` that the other side does not have there."""
        mine = np.flatnonzero(self.share < covered)
        if not len(mine):
            return 0
        found = np.zeros(len(mine), np.bool_)
        # by character, then by place in steps of the tolerance: a near one is in the step or
        # a neighbouring one
        known: set[tuple[int, int, int]] = set()
        columns = np.floor(other.x / _MOVED).astype(np.int64)
        rows = np.floor(other.y / _MOVED).astype(np.int64)
        known.update(zip(other.chars.tolist(), columns.tolist(), rows.tolist(), strict=True))
        chars = self.chars[mine].tolist()
        columns = np.floor(self.x[mine] / _MOVED).astype(np.int64)
        rows = np.floor(self.y[mine] / _MOVED).astype(np.int64)
        for at, (char, column, row) in enumerate(
            zip(chars, columns.tolist(), rows.tolist(), strict=True)
        ):
            found[at] = (char, column, row) in known or any(
                (char, column + i, row + j) in known for i in (-1, 0, 1) for j in (-1, 0, 1)
            )
        return int(len(mine) - found.sum())


def _shares(boxes: Any, areas: Sequence[Box]) -> Any:
    """For every character the largest share of its box that one area covers."""
    x0, y0, x1, y1 = boxes.T
    width, height = np.maximum(x1 - x0, 1e-3), np.maximum(y1 - y0, 1e-3)
    most = np.zeros(len(boxes))
    for left, low, right, high in areas:
        w = np.minimum(x1, right) - np.maximum(x0, left)
        h = np.minimum(y1, high) - np.maximum(y0, low)
        share = np.maximum(w, 1e-3) * np.maximum(h, 1e-3) / (width * height)
        most = np.maximum(most, np.where((w >= 0) & (h >= 0), share, 0.0))
    return most


def _bounds(corners: Sequence[float]) -> Box:
    return min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2])
