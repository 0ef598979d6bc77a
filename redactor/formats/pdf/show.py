"""The text-showing operators: strings -> glyphs (ISO 32000-1, 9.4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pikepdf

from redactor.formats.pdf.geometry import Matrix, multiply
from redactor.formats.pdf.records import Glyph, StreamUse

if TYPE_CHECKING:
    from redactor.formats.pdf.interpreter import State


def show(
    glyphs: list[Glyph],
    use: StreamUse,
    op: int,
    elements: Any,
    state: State,
    tm: Matrix,
    marks: tuple[int, ...],
    order: int,
) -> Matrix:
    """Append the glyphs of one operator; returns the text matrix after it.

    ``elements`` are the strings and numbers of a TJ array.
    """
    font = state.font
    assert font is not None
    size, hscale, spacing, rise = state.size, state.hscale, state.spacing, state.rise
    a, b, c, d, e, f = multiply(tm, state.ctm)
    low, high = font.descent * size + rise, font.ascent * size + rise
    low_x, low_y, high_x, high_y = c * low + e, d * low + f, c * high + e, d * high + f
    x = y = 0.0
    vertical = font.vertical
    mode = state.mode
    for arg, element in enumerate(elements):
        if not isinstance(element, pikepdf.String):
            moved = -float(element) / 1000.0 * size
            if vertical:
                y += moved
            else:
                x += moved * hscale
            continue
        data = bytes(element)
        if not font.multibyte:
            simple = font.simple
            for at, byte in enumerate(data):
                text, width = simple(byte)
                glyph = Glyph()
                glyph.text, glyph.use, glyph.op, glyph.arg = text, use, op, arg
                glyph.first, glyph.last, glyph.code, glyph.font = at, at + 1, byte, font
                glyph.mode, glyph.size, glyph.marks, glyph.vertical = mode, size, marks, False
                glyph.order = order
                order += 1
                end = x + width * size * hscale
                glyph.x0, glyph.y0 = a * x + low_x, b * x + low_y
                glyph.x1, glyph.y1 = a * end + low_x, b * end + low_y
                glyph.x2, glyph.y2 = a * end + high_x, b * end + high_y
                glyph.x3, glyph.y3 = a * x + high_x, b * x + high_y
                advance = width * size + spacing
                if byte == 32:
                    advance += state.word_spacing
                glyph.adjust = -advance / size * 1000.0 if size else 0.0
                x += advance * hscale
                glyphs.append(glyph)
            continue
        for first, last, cid, code in font.codes(data):
            text, width, offset = font.glyph(cid, code)
            glyph = Glyph()
            glyph.text, glyph.use, glyph.op, glyph.arg = text, use, op, arg
            glyph.first, glyph.last, glyph.code, glyph.font = first, last, code, font
            glyph.mode, glyph.size, glyph.marks, glyph.vertical = mode, size, marks, vertical
            glyph.order = order
            order += 1
            advance = width * size + spacing
            if last - first == 1 and data[first] == 32:
                advance += state.word_spacing
            glyph.adjust = -advance / size * 1000.0 if size else 0.0
            if vertical:
                left, bottom = x - offset * size, y + width * size + rise
                _place(glyph, (a, b, c, d, e, f), left, bottom, left + size, y + rise)
                y += advance
            else:
                end = x + width * size * hscale
                glyph.x0, glyph.y0 = a * x + low_x, b * x + low_y
                glyph.x1, glyph.y1 = a * end + low_x, b * end + low_y
                glyph.x2, glyph.y2 = a * end + high_x, b * end + high_y
                glyph.x3, glyph.y3 = a * x + high_x, b * x + high_y
                x += advance * hscale
            glyphs.append(glyph)
    return multiply((1.0, 0.0, 0.0, 1.0, x, y), tm)


def _place(glyph: Glyph, matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> None:
    a, b, c, d, e, f = matrix
    glyph.x0, glyph.y0 = a * x0 + c * y0 + e, b * x0 + d * y0 + f
    glyph.x1, glyph.y1 = a * x1 + c * y0 + e, b * x1 + d * y0 + f
    glyph.x2, glyph.y2 = a * x1 + c * y1 + e, b * x1 + d * y1 + f
    glyph.x3, glyph.y3 = a * x0 + c * y1 + e, b * x0 + d * y1 + f
