"""Boxes over what was removed, with the replacement printed inside where it fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name

from redactor.formats.pdf.edits import PaintedBox
from redactor.formats.pdf.geometry import Matrix, inverse, map_quad
from redactor.formats.pdf.helvetica import WIDTHS

FONT = "/RdLabel"
_SMALLEST = 3.5  # points; smaller print is no help
_FILL = 0.72  # of the box's height
_SHARE = 0.94  # of the box's width

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """How boxes look: colour (RGB, 0-1) and whether the replacement is printed."""

    colour: Colour = (0.0, 0.0, 0.0)
    label: bool = True

    @property
    def ink(self) -> Colour:
        """Black or white, whichever stands out."""
        r, g, b = self.colour
        return (1.0, 1.0, 1.0) if 0.3 * r + 0.59 * g + 0.11 * b < 0.5 else (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Label:
    """Text inside a box: size in points, start of the baseline, direction (unit vector)."""

    text: bytes
    size: float
    x: float
    y: float
    along: tuple[float, float]


def overlay(boxes: Sequence[PaintedBox], style: Style, matrix: Matrix | None = None) -> bytes:
    """Operators that paint boxes; ``matrix`` is the root's way to page space, undone here."""
    back = inverse(matrix) if matrix is not None else None
    out = [b"q", b"%s rg" % _colour(style.colour)]
    quads = [map_quad(box.quad, back) if back is not None else box.quad for box in boxes]
    for quad in quads:
        steps = (b"m", b"l", b"l", b"l")
        out.append(
            b" ".join(
                b"%.3f %.3f %s" % (x, y, step) for (x, y), step in zip(quad, steps, strict=True)
            )
            + b" h f"
        )
    labels = [
        fitted(PaintedBox(quad, box.label))
        for quad, box in zip(quads, boxes, strict=True)
        if style.label and box.label
    ]
    written = [label for label in labels if label is not None]
    if written:
        out.append(b"BT %s rg 0 Tr 0 Tc 0 Tw 100 Tz 0 Ts" % _colour(style.ink))
        for label in written:
            cos, sin = label.along
            out.append(
                b"%s %.3f Tf %.5f %.5f %.5f %.5f %.3f %.3f Tm (%s) Tj"
                % (
                    FONT.encode(), label.size, cos, sin, -sin, cos, label.x, label.y,
                    _escaped(label.text),
                )
            )  # fmt: skip
        out.append(b"ET")
    out.append(b"Q")
    return b"\n".join(out) + b"\n"


def fitted(box: PaintedBox) -> Label | None:
    """How a box's label is printed; None where it does not fit or cannot be spelt."""
    try:
        text = box.label.encode("cp1252")
    except UnicodeEncodeError:
        return None
    (ax, ay), (bx, by), _, (dx, dy) = box.quad
    width, height = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
    if not text or width <= 0 or height <= 0 or any(byte < 32 for byte in text):
        return None
    units = sum(WIDTHS[byte] for byte in text) / 1000
    size = min(height * _FILL, width * _SHARE / units if units else 0.0, 24.0)
    if size < _SMALLEST:
        return None
    cos, sin = (bx - ax) / width, (by - ay) / width
    inset, lift = (width - units * size) / 2, (height - 0.72 * size) / 2
    up = (dx - ax) / height, (dy - ay) / height
    if up[0] * -sin + up[1] * cos < 0:
        return None  # mirrored text
    return Label(
        text, size, ax + cos * inset + up[0] * lift, ay + sin * inset + up[1] * lift, (cos, sin)
    )


def label_font() -> Dictionary:
    """Resources that the overlay needs."""
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )
    fonts = Dictionary()
    fonts[FONT] = font
    return Dictionary(Font=fonts)


def shared_label_font(pdf: pikepdf.Pdf, known: Dictionary | None) -> Dictionary:
    """The overlay's resources with the font as one object of the document."""
    if known is not None:
        return known
    resources = label_font()
    resources.Font[FONT] = pdf.make_indirect(resources.Font[FONT])
    return resources


def _colour(colour: Colour) -> bytes:
    return b" ".join(b"%.4g" % part for part in colour)


def _escaped(text: bytes) -> bytes:
    out = bytearray()
    for byte in text:
        if byte in b"()\\":
            out += b"\\" + bytes([byte])
        elif byte < 127:
            out.append(byte)
        else:
            out += b"\\%03o" % byte
    return bytes(out)
