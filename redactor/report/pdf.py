"""A small writer of text pages as PDF 1.4: headings, paragraphs, tables; base-14 Helvetica.

No images, links, scripts or metadata beyond a title. Characters that WinAnsi lacks become
``?``: certificates hold digests, names of types and plain English.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, MARGIN = 595, 842, 50  # points: A4
_SIZE, _LEAD = 9, 12.5
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
# advance widths of Helvetica, 1/1000 em, codes 32 to 126 (Adobe Core 14 AFM)
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip


class Sheet:
    """Pages that fill from the top; :meth:`finish` gives the file's bytes, always the same."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._pages: list[list[str]] = []
        self._y = 0.0
        self._turn()

    def heading(self, text: str, *, small: bool = False) -> None:
        """A heading, kept with some of what follows."""
        self._room(60)
        size = 12 if small else 18
        self._y -= size + (6 if small else 0)
        self._show(MARGIN, text, size, bold=True)
        self._y -= 8

    def paragraph(self, text: str) -> None:
        """Running text over the whole width."""
        for line in _wrapped(text, WIDTH - 2 * MARGIN, _SIZE):
            self._room(_LEAD)
            self._y -= _LEAD
            self._show(MARGIN, line, _SIZE)
        self._y -= 8

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A table; columns share the width by what stands in them."""
        cells = [[str(cell) for cell in row] for row in (head, *rows)]
        widths = _shares(cells)
        for number, row in enumerate(cells):
            wrapped = [
                _wrapped(cell, w - 8, _SIZE) or [""] for cell, w in zip(row, widths, strict=True)
            ]
            self._room(_LEAD * max(map(len, wrapped)) + 4)
            top = self._y
            for lines, left in zip(wrapped, _lefts(widths), strict=True):
                self._y = top
                for line in lines:
                    self._y -= _LEAD
                    self._show(left, line, _SIZE, bold=number == 0)
            self._y = top - _LEAD * max(map(len, wrapped)) - 4
            self._pages[-1].append(
                f"0.8 G {MARGIN} {self._y:.1f} m {WIDTH - MARGIN} {self._y:.1f} l S 0 G"
            )
        self._y -= 8

    def finish(self) -> bytes:
        """The PDF file."""
        objects: list[bytes] = [
            b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
            b"",
            _FONT % b"Helvetica",
            _FONT % b"Helvetica-Bold",
            b"<< /Title (" + _escaped(self._title) + b") >>",
        ]
        kids = []
        for number, content in enumerate(self._pages, 1):
            mark = f"BT /F1 8 Tf {WIDTH - MARGIN - 30} 30 Td ({number}/{len(self._pages)}) Tj ET"
            stream = zlib.compress("\n".join([*content, mark]).encode("latin-1"), 9)
            objects.append(
                b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
                % (len(stream), stream)
            )
            kids.append(len(objects) + 1)
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
                b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
                % (WIDTH, HEIGHT, len(objects))
            )
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode()
        return _assembled(objects)

    def _turn(self) -> None:
        self._pages.append([])
        self._y = HEIGHT - MARGIN

    def _room(self, height: float) -> None:
        if self._y - height < MARGIN:
            self._turn()

    def _show(self, x: float, text: str, size: int, *, bold: bool = False) -> None:
        shown = _escaped(text).decode("latin-1")
        font = "F2" if bold else "F1"
        self._pages[-1].append(f"BT /{font} {size} Tf {x:.1f} {self._y:.1f} Td ({shown}) Tj ET")


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, start)
    )
    return out.getvalue()


def _escaped(text: str) -> bytes:
    data = text.encode("cp1252", "replace")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _width(text: str, size: float) -> float:
    total = sum(_WIDTHS[ord(char) - 32] if 32 <= ord(char) < 127 else 600 for char in text)
    return total * size / 1000 * 1.04  # bold is a little wider


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines that fit; a word that is too long (a digest) is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while _width(word, size) > width:
            fit = max(
                1,
                next(
                    n for n in range(len(word), 0, -1) if n == 1 or _width(word[:n], size) <= width
                ),
            )
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:fit])
            word = word[fit:]
        joined = f"{line} {word}" if line else word
        if _width(joined, size) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    return [*lines, line] if line else lines


def _shares(cells: Sequence[Sequence[str]]) -> list[float]:
    wanted = [
        max(min(max(_width(row[column], _SIZE) for row in cells) + 10, 330), 40)
        for column in range(len(cells[0]))
    ]
    scale = (WIDTH - 2 * MARGIN) / sum(wanted)
    return [width * scale for width in wanted]


def _lefts(widths: Sequence[float]) -> list[float]:
    lefts, at = [], float(MARGIN)
    for width in widths:
        lefts.append(at)
        at += width
    return lefts
