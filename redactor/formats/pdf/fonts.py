"""Fonts: bytes of a show operator -> codes, their text and their advance.

pdfminer's font classes know encodings, CMaps and metrics; they are given plain copies of
the font dictionaries that pikepdf holds. What they leave out is done here: code lengths
of every kind of CMap, embedded CMaps, ToUnicode looked up by code, names that are not
UTF-8 (GBK fonts).
"""

from __future__ import annotations

import io
import logging
from decimal import Decimal
from typing import Any

import pikepdf
from pdfminer.cmapdb import (
    CMap,
    CMapParser,
    FileCMap,
    FileUnicodeMap,
    IdentityCMap,
    IdentityCMapByte,
)
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdffont import PDFType3Font
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import LIT

from redactor.formats.pdf.limits import MAX_FONT_BYTES, decoded

UNMAPPED = "\ufffd"  # a glyph whose text nothing tells
_DEPTH = 12
_NOT_NEEDED = frozenset({"/Parent", "/CharProcs", "/Resources"})
_PACKED = frozenset({"/Filter", "/DecodeParms", "/Parent", "/Length"})
# what goes wrong inside pdfminer when it meets a broken font
_BROKEN = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError,
    RecursionError, ZeroDivisionError, UnicodeError, EOFError, PDFException,
)  # fmt: skip

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it quotes what it chokes on

Code = tuple[int, int, int, int]  # first byte, one past the last, cid, code


def plain(value: Any, depth: int = 0) -> Any:
    """A pikepdf object as pdfminer's own types; too deep nesting becomes None."""
    if depth > _DEPTH:
        return None
    if isinstance(value, pikepdf.Stream):
        entries = {
            key[1:]: plain(item, depth + 1) for key, item in value.items() if key not in _PACKED
        }
        try:
            data = decoded(value, MAX_FONT_BYTES)
        except pikepdf.PdfError:
            data = b""
        return PDFStream(entries, data)
    if isinstance(value, pikepdf.Dictionary):
        return {
            key[1:]: plain(item, depth + 1) for key, item in value.items() if key not in _NOT_NEEDED
        }
    if isinstance(value, pikepdf.Array):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, pikepdf.Name):
        return LIT(name_text(value))
    if isinstance(value, pikepdf.String):
        return bytes(value)
    if isinstance(value, Decimal):
        return float(value)
    return value


def name_text(name: Any) -> str:
    """A name without its slash; bytes that are not UTF-8 one character each."""
    try:
        return str(name)[1:]
    except UnicodeDecodeError:
        return str(name.unparse().decode("latin-1")[1:])


class Font:
    """One font resource. Widths and heights are in text space for size 1.

    ``vertical`` writing runs downwards; ``broken`` says that codes cannot be told apart for
    sure, so that removal by code cannot be trusted.
    """

    def __init__(self, source: Any, manager: PDFResourceManager) -> None:
        spec = plain(source)
        self.source = source
        self.broken = False
        self._font: Any = manager.get_font(None, spec)
        self.type3 = isinstance(self._font, PDFType3Font)
        self.multibyte = bool(self._font.is_multibyte())
        self.vertical = bool(self._font.is_vertical())
        self._to_unicode = _to_unicode(spec)
        self._cmap: Any = getattr(self._font, "cmap", None)
        if self.multibyte:
            self._embedded_cmap(spec)
        self.descent, self.ascent = self._heights()
        self._known: dict[tuple[int, int], tuple[str, float, float]] = {}
        self._simple: list[tuple[str, float] | None] = [None] * 256

    def _embedded_cmap(self, spec: Any) -> None:
        encoding = spec.get("Encoding")
        if isinstance(encoding, PDFStream):  # pdfminer ignores these
            cmap = FileCMap()
            try:
                CMapParser(cmap, io.BytesIO(encoding.get_data())).run()
            except _BROKEN:
                self.broken = True
            if not cmap.code2cid and "UseCMap" in encoding.attrs:
                return  # what pdfminer made of the base CMap stays
            self._cmap = cmap
        if isinstance(self._cmap, CMap) and not self._cmap.code2cid:
            self.broken = True

    def _heights(self) -> tuple[float, float]:
        """Descent and ascent for size 1; usual ones where the font's make no sense."""
        descent, ascent = float(self._font.get_descent()), float(self._font.get_ascent())
        if self.type3:
            low, high = self._font.bbox[1], self._font.bbox[3]
            descent, ascent = float(low) * self._font.vscale, float(high) * self._font.vscale
            widths = [abs(width) for width in self._font.widths.values()]
            wide = max(widths, default=0.0) * abs(self._font.hscale)
            if wide > 3 and ascent > descent:  # glyphs that are whole drawings
                return descent, ascent
        return (
            descent if -0.6 < descent < 0 else -0.22,
            ascent if 0.4 < ascent < 1.3 else 0.85,
        )

    def codes(self, data: bytes) -> list[Code]:
        """The codes in the bytes of a string, in order; every byte belongs to one."""
        if not self.multibyte or isinstance(self._cmap, IdentityCMapByte):
            return [(at, at + 1, byte, byte) for at, byte in enumerate(data)]
        size = len(data)
        if isinstance(self._cmap, IdentityCMap) or self.broken or self._cmap is None:
            found = [
                (at, at + 2, data[at] << 8 | data[at + 1], data[at] << 8 | data[at + 1])
                for at in range(0, size - 1, 2)
            ]
            if size % 2:
                found.append((size - 1, size, data[-1], data[-1]))
            return found
        return self._walk(data)

    def _walk(self, data: bytes) -> list[Code]:
        found: list[Code] = []
        at, size = 0, len(data)
        while at < size:
            table: Any = self._cmap.code2cid
            end, code, cid = at, 0, 0
            while end < size:
                code = code << 8 | data[end]
                following = table.get(data[end])
                end += 1
                if isinstance(following, int):
                    cid = following
                    break
                if following is None:
                    if end == at + 1 and end < size:
                        end += 1  # an undefined code: two bytes are the rule
                    break
                table = following
            found.append((at, end, cid, code))
            at = end
        return found

    def simple(self, byte: int) -> tuple[str, float]:
        """Text and advance of a one-byte code."""
        known = self._simple[byte]
        if known is None:
            text, width, _ = self.glyph(byte, byte)
            known = self._simple[byte] = (text, width)
        return known

    def glyph(self, cid: int, code: int) -> tuple[str, float, float]:
        """Text, advance and (vertical writing) sideways offset of a code, for size 1."""
        known = self._known.get((cid, code))
        if known is None:
            known = self._known[cid, code] = (
                self._text(cid, code),
                self._width(cid),
                self._offset(cid),
            )
        return known

    def _text(self, cid: int, code: int) -> str:
        text: str | None = None
        if self._to_unicode is not None:
            text = self._to_unicode.cid2unichr.get(code)
        if text is None:
            try:
                text = self._font.to_unichr(cid)
            except (*_BROKEN, LookupError):
                text = None
        if not text or text == "\0" or all("\ue000" <= char <= "\uf8ff" for char in text):
            return UNMAPPED
        return text

    def _width(self, cid: int) -> float:
        try:
            width = float(self._font.char_width(cid))
        except _BROKEN:
            return 0.5
        return width if self.type3 or abs(width) < 100 else 0.5

    def _offset(self, cid: int) -> float:
        if not self.vertical:
            return 0.0
        try:
            displacement = self._font.char_disp(cid)
            return float(displacement[0] if displacement[0] is not None else 500) / 1000
        except _BROKEN:
            return 0.5


def _to_unicode(spec: Any) -> FileUnicodeMap | None:
    stream = spec.get("ToUnicode")
    if not isinstance(stream, PDFStream):
        return None
    table = FileUnicodeMap()
    try:
        CMapParser(table, io.BytesIO(stream.get_data())).run()
    except _BROKEN:
        return table if table.cid2unichr else None
    return table


class FontCache:
    """Fonts by object number, made once a document.

    ``problems`` notes what could not be read, by kind.
    """

    def __init__(self) -> None:
        self._manager = PDFResourceManager(caching=False)
        self._fonts: dict[tuple[int, int], Font] = {}
        self._fallback: Font | None = None
        self._direct: list[tuple[Any, Font]] = []

    def get(self, source: Any) -> Font:
        """The font of a dictionary; a plain Helvetica where it cannot be read."""
        key = source.objgen if getattr(source, "is_indirect", False) else None
        if key is not None and key in self._fonts:
            return self._fonts[key]
        if key is None:
            for known, font in self._direct:
                if known == source:
                    return font
        try:
            font = Font(source, self._manager)
        except (*_BROKEN, pikepdf.PdfError, LookupError):
            font = self._make_fallback(source)
        if key is not None:
            self._fonts[key] = font
        else:
            self._direct = [*self._direct[-7:], (source, font)]
        return font

    @property
    def fallback(self) -> Font:
        """What readers show text with whose font is missing."""
        if self._fallback is None:
            self._fallback = self._make_fallback(None)
        return self._fallback

    def _make_fallback(self, source: Any) -> Font:
        stand_in = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        font = Font(stand_in, self._manager)
        font.broken = source is not None
        font.source = source if source is not None else stand_in
        return font
