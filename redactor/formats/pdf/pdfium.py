"""PDFium: a second reader of the source, and the renderer."""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any, Self

import pypdfium2
import pypdfium2.raw as raw

from redactor.errors import UnreadableError
from redactor.formats.pdf import limits
from redactor.formats.pdf.geometry import Box
from redactor.formats.pdf.views import Ref, View

_HYPHENS = (2, 0xFFFE, 0xAD)  # how PDFium marks a hyphen at a line end
_AS_READ = {**dict.fromkeys(_HYPHENS, "-"), 0: "\ufffd"}


class Pdfium:
    """A document open in PDFium; a context manager.

    Raises:
        UnreadableError: PDFium cannot open it.
    """

    def __init__(self, data: bytes, password: str | None) -> None:
        try:
            self._document = pypdfium2.PdfDocument(data, password=password or None)
        except pypdfium2.PdfiumError:
            raise UnreadableError(
                "a second reader (PDFium) cannot open this PDF: repair or print it to a new file"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def _page(self, index: int) -> Any:
        try:
            return self._document[index]
        except (pypdfium2.PdfiumError, IndexError):
            raise UnreadableError(
                f"page {index + 1} cannot be loaded by a second reader (PDFium): repair the file"
            ) from None

    def size(self, index: int) -> tuple[float, float]:
        """Width and height of the visible page in points, turned as readers show it."""
        page = self._page(index)
        try:
            width, height = page.get_size()
            return float(width), float(height)
        finally:
            page.close()

    def text(self, index: int) -> str:
        """The page's text as PDFium reads it; lines end with a line feed."""
        page = self._page(index)
        try:
            text_page = page.get_textpage()
            try:
                text: str = text_page.get_text_range(errors="replace")
            finally:
                text_page.close()
        finally:
            page.close()
        return text.translate(_AS_READ).replace("\r\n", "\n").replace("\r", "\n")

    def view(self, index: int) -> View:
        """The same text with a box (user space) for every character."""
        page = self._page(index)
        try:
            text_page = page.get_textpage()
            try:
                text = _text(text_page.raw)
                return View(text, _boxes(text_page.raw, len(text)))
            finally:
                text_page.close()
        finally:
            page.close()

    def render(self, index: int, scale: float, *, grey: bool = False) -> Any:
        """The page as a PIL image; ``scale`` is pixels a point.

        Raises:
            UnreadableError: it would have more than :data:`limits.MAX_PIXELS`.
        """
        page = self._page(index)
        try:
            width, height = page.get_size()
            if width * height * scale * scale > limits.MAX_PIXELS:
                raise UnreadableError(f"page {index + 1} is too large to be drawn")
            bitmap = page.render(scale=scale, grayscale=grey, may_draw_forms=True)
            return bitmap.to_pil().convert("L" if grey else "RGB")
        finally:
            page.close()

    def place(self, index: int, scale: float, points: list[tuple[float, float]]) -> Any:
        """Points of user space -> pixels of :meth:`render` at the same scale."""
        page = self._page(index)
        try:
            width, height = (round(side * scale) for side in page.get_size())
            return [_to_device(page.raw, width, height, x, y) for x, y in points]
        finally:
            page.close()

    def unplace(self, index: int, scale: float, points: list[tuple[float, float]]) -> Any:
        """Pixels of :meth:`render` -> points of user space."""
        page = self._page(index)
        try:
            width, height = (round(side * scale) for side in page.get_size())
            x, y = ctypes.c_double(), ctypes.c_double()
            found = []
            for px, py in points:
                raw.FPDF_DeviceToPage(
                    page.raw, 0, 0, width * 16, height * 16, 0, round(px * 16), round(py * 16), x, y
                )
                found.append((x.value, y.value))
            return found
        finally:
            page.close()


def _to_device(page: Any, width: int, height: int, x: float, y: float) -> tuple[float, float]:
    # the API answers in whole pixels: ask for a picture sixteen times as large
    px, py = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, width * 16, height * 16, 0, x, y, px, py)
    return px.value / 16, py.value / 16


def _text(text_page: Any) -> str:
    count = raw.FPDFText_CountChars(text_page)
    get = raw.FPDFText_GetUnicode
    chars = []
    for index in range(max(count, 0)):
        code = get(text_page, index)
        if code in _HYPHENS:
            chars.append("-")
        elif code == 13:
            chars.append(" ")
        elif code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            chars.append("\ufffd")
        else:
            chars.append(chr(code))
    return "".join(chars)


def _boxes(text_page: Any, count: int) -> list[Ref]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes: list[Ref] = []
    for index in range(count):
        raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
        box: Box = (left.value, bottom.value, right.value, top.value)
        boxes.append(box if box[2] > box[0] and box[3] > box[1] else None)
    return boxes
