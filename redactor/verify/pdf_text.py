"""Text of a written PDF by two readers, with places; and the comparison of characters."""

from __future__ import annotations

import ctypes
import io
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

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
_HYPHENS = (2, 0xFFFE, 0xAD)
# PDFium mirrors brackets by the direction of the text around them
_PAIRS = str.maketrans(")]}>\u00bb", "([{<\u00ab")
_BROKEN = (
    PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError,
    AssertionError, OverflowError, ZeroDivisionError, UnicodeError, EOFError, OSError,
)  # fmt: skip


class PdfiumText:
    """PDFium's text of a page; ``boxes`` (user space) go with the characters."""

    def __init__(self, document: Any, index: int) -> None:
        page = document[index]
        text_page = page.get_textpage()
        try:
            handle = text_page.raw
            count = max(raw.FPDFText_CountChars(handle), 0)
            get = raw.FPDFText_GetUnicode
            codes = [get(handle, at) for at in range(count)]
            self.text = "".join(map(_char, codes))
            self._handle, self._page, self._text_page = handle, page, text_page
            self.boxes = _Lazy(self._read_boxes)
            self.origins = _Lazy(self._read_origins)
        except BaseException:
            text_page.close()
            page.close()
            raise

    def _read_boxes(self) -> list[Box]:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        found = []
        for at in range(len(self.text)):
            raw.FPDFText_GetCharBox(self._handle, at, left, right, bottom, top)
            found.append((left.value, bottom.value, right.value, top.value))
        return found

    def _read_origins(self) -> list[Box]:
        x, y = ctypes.c_double(), ctypes.c_double()
        found = []
        for at in range(len(self.text)):
            raw.FPDFText_GetCharOrigin(self._handle, at, x, y)
            found.append((x.value, y.value, x.value, y.value))
        return found


class _Lazy:
    """A list that is made when it is looked at."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self._made: list[Box] | None = None

    def __call__(self) -> list[Box]:
        if self._made is None:
            self._made = self._make()
        return self._made


def _char(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if code == 13:
        return " "
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
    """pdfminer over a document, page by page; a context manager."""

    def __init__(self, data: bytes, password: str) -> None:
        self._data = data
        self._password = password
        self._manager = PDFResourceManager()
        self._pages: list[Any] = []

    def __enter__(self) -> Self:
        try:
            document = PDFDocument(PDFParser(io.BytesIO(self._data)), self._password)
            self._pages = list(PDFPage.create_pages(document))
        except _BROKEN:
            self._pages = []
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
    bands = _Bands(areas)
    now, then = _Places(after), _Places(before)
    # of characters that are set twice PDFium reports one, not always the same one
    lost = sum(
        1
        for char, origin, box in then.all()
        if bands.share(box) < _UNTOUCHED and not now.has(char, origin)
    )
    if lost:
        return f"{lost} characters outside the boxes are lost or moved"
    new = sum(
        1
        for char, origin, box in now.all()
        if bands.share(box) < _GONE and not then.has(char, origin)
    )
    return f"{new} characters are new" if new else ""


class _Places:
    """Where the visible characters of a text stand."""

    def __init__(self, source: PdfiumText) -> None:
        self._all = [
            (char.translate(_PAIRS), origin, box)
            for char, origin, box in zip(source.text, source.origins(), source.boxes(), strict=True)
            if not char.isspace() and char not in "-\ufffd"
        ]
        self._grid: dict[tuple[str, int, int], list[Box]] = defaultdict(list)
        for char, origin, _ in self._all:
            self._grid[char, round(origin[0]), round(origin[1])].append(origin)

    def all(self) -> list[tuple[str, Box, Box]]:
        return self._all

    def has(self, char: str, origin: Box) -> bool:
        """Whether the same character stands there, within the tolerance."""
        x, y = origin[0], origin[1]
        column, row = round(x), round(y)
        return any(
            abs(place[0] - x) <= _MOVED and abs(place[1] - y) <= _MOVED
            for i in (0, -1, 1)
            for j in (0, -1, 1)
            for place in self._grid.get((char, column + i, row + j), ())
        )


def _bounds(corners: Sequence[float]) -> Box:
    return min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2])


class _Bands:
    """Boxes by height, to ask quickly how much of a character they cover."""

    _BAND = 24.0

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._bands: dict[int, list[Box]] = defaultdict(list)
        for box in boxes:
            first, last = int(box[1] // self._BAND), int(box[3] // self._BAND)
            for band in range(first, min(last, first + 4000) + 1):
                self._bands[band].append(box)

    def share(self, box: Box) -> float:
        """The largest share of a character's box (or its middle) that one box covers."""
        x0, y0, x1, y1 = box
        width, height = max(x1 - x0, 1e-3), max(y1 - y0, 1e-3)
        most = 0.0
        for band in range(int(y0 // self._BAND), int(y1 // self._BAND) + 1):
            for other in self._bands.get(band, ()):
                w = min(x1, other[2]) - max(x0, other[0])
                h = min(y1, other[3]) - max(y0, other[1])
                if w >= 0 and h >= 0:
                    most = max(most, max(w, 1e-3) * max(h, 1e-3) / (width * height))
        return most
