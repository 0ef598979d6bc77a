"""A page as a picture: the fallback where removal cannot be proven.

The page is drawn at 200 dpi, boxes are painted over the pixels, and the words that stay lie
over it as invisible text, so that it can still be searched and read aloud.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from redactor.errors import WithheldError
from redactor.formats.pdf import limits
from redactor.formats.pdf.geometry import Box, Matrix, Quad, box_of, grown, multiply
from redactor.formats.pdf.page_parts import geometry_of
from redactor.formats.pdf.paint import Colour
from redactor.formats.pdf.pdfium import Pdfium

DPI = 200
_QUALITY = 85
_KEPT_KEYS = frozenset({"/Type", "/Parent", "/StructParents"})

Char = tuple[str, Box]


def picture(
    pdf: pikepdf.Pdf, redacted: Pdfium, number: int, quads: Sequence[Quad], colour: Colour
) -> tuple[bytes, Dictionary, tuple[float, float]]:
    """Content, resources and size (points) of a page as a picture.

    Args:
        pdf: the document that gets the page.
        redacted: a document of only this page, its redactions carried out.
        number: the page's 1-based number, for messages.
        quads: boxes in the page's user space, painted over the pixels once more.
        colour: of the boxes.

    Raises:
        WithheldError: the page is too large to be drawn.
    """
    from PIL import ImageDraw

    scale = DPI / 72
    width, height = redacted.size(0)
    if width * height * scale * scale > limits.MAX_PIXELS:
        raise WithheldError(f"page {number} is too large to be turned into a picture")
    image = redacted.render(0, scale)
    draw = ImageDraw.Draw(image)
    fill = tuple(round(part * 255) for part in colour)
    for quad in quads:
        corners = redacted.place(0, scale, list(quad))
        draw.polygon(corners, fill=fill, outline=fill)
        draw.line([*corners, corners[0]], fill=fill, width=3)
    stream = Stream(pdf, _jpeg(image))
    stream.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.size[0],
            Height=image.size[1],
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
    )
    words = _words(_surviving(redacted, quads, scale))
    text, fonts = _invisible(pdf, words, height)
    content = b"q %.4f 0 0 %.4f 0 0 cm /RdPage Do Q\n" % (width, height) + text
    resources = Dictionary(
        XObject=Dictionary(RdPage=pdf.make_indirect(stream)), Font=Dictionary(fonts)
    )
    return content, resources, (width, height)


def frame_of(page: pikepdf.Page) -> Matrix:
    """The page's user space -> that of its picture (origin at the lower left of what shows)."""
    geometry = geometry_of(page, 0)
    x0, y0 = max(geometry.crop[0], geometry.media[0]), max(geometry.crop[1], geometry.media[1])
    x1, y1 = min(geometry.crop[2], geometry.media[2]), min(geometry.crop[3], geometry.media[3])
    unit = geometry.unit
    turned: Matrix = {
        90: (0.0, -1.0, 1.0, 0.0, -y0, x1),
        180: (-1.0, 0.0, 0.0, -1.0, x1, y1),
        270: (0.0, 1.0, -1.0, 0.0, y1, -x0),
    }.get(geometry.rotate, (1.0, 0.0, 0.0, 1.0, -x0, -y0))
    return multiply(turned, (unit, 0.0, 0.0, unit, 0.0, 0.0))


def install(page: Any, size: tuple[float, float]) -> None:
    """Empty the page for a picture of this size; whatever belonged to it goes."""
    for key in list(page.keys()):
        if key not in _KEPT_KEYS:
            del page[key]
    page["/MediaBox"] = Array([0, 0, round(size[0], 4), round(size[1], 4)])
    page["/CropBox"] = page["/MediaBox"]
    page["/Rotate"] = 0


def _jpeg(image: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _surviving(source: Pdfium, quads: Sequence[Quad], scale: float) -> list[Char]:
    """Characters outside the boxes, with their boxes in points from the upper left."""
    view = source.view(0)
    hidden = [grown(box_of(quad), 0.5) for quad in quads]
    kept: list[tuple[str, Box]] = []
    for char, ref in zip(view.text, view.refs, strict=True):
        if not isinstance(ref, tuple) or char.isspace() or char == "\ufffd":
            kept.append((" ", (0, 0, 0, 0)))
            continue
        x, y = (ref[0] + ref[2]) / 2, (ref[1] + ref[3]) / 2
        if any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in hidden):
            kept.append((" ", (0, 0, 0, 0)))
            continue
        kept.append((char, ref))
    placed = source.place(
        0, scale, [corner for _, b in kept for corner in ((b[0], b[3]), (b[2], b[1]))]
    )
    result = []
    for number, (char, _) in enumerate(kept):
        x0, y0, x1, y1 = box_of(placed[2 * number : 2 * number + 2])
        result.append((char, (x0 / scale, y0 / scale, x1 / scale, y1 / scale)))
    return result


def _words(chars: Sequence[Char]) -> list[Char]:
    """Characters beside each other -> words; what runs another way stays single."""
    words: list[list[Any]] = []
    open_ = False
    for char, box in chars:
        if char == " ":
            open_ = False
            continue
        if open_:
            last = words[-1]
            height = max(last[1][3] - last[1][1], box[3] - box[1])
            level = abs((last[1][3] + last[1][1]) - (box[3] + box[1])) / 2 < 0.6 * height
            if level and -0.4 * height < box[0] - last[1][2] < 0.6 * height:
                last[0] += char
                last[1] = (
                    min(last[1][0], box[0]), min(last[1][1], box[1]),
                    max(last[1][2], box[2]), max(last[1][3], box[3]),
                )  # fmt: skip
                continue
        words.append([char, box])
        open_ = True
    return [(text, box) for text, box in words]


def _invisible(
    pdf: pikepdf.Pdf, words: Sequence[Char], height: float
) -> tuple[bytes, dict[str, Any]]:
    """Text operators in fonts with empty glyphs, and these fonts."""
    letters = sorted({char for text, _ in words for char in text})
    fonts: dict[str, Any] = {}
    codes: dict[str, tuple[str, int]] = {}
    for start in range(0, len(letters), 255):
        part = letters[start : start + 255]
        name = f"/RdText{start // 255}"
        codes.update({char: (name, code) for code, char in enumerate(part, 1)})
        fonts[name] = pdf.make_indirect(_empty_font(pdf, part))
    out = [b"BT 3 Tr"]
    for text, (x0, y0, x1, y1) in words:
        size = max(y1 - y0, 1.0)
        stretch = 100 * max(x1 - x0, 0.5) / (0.5 * size * len(text))
        out.append(b"%.2f Tz 1 0 0 1 %.2f %.2f Tm" % (stretch, x0, height - y1))
        current = ""
        for char in text:
            name, code = codes[char]
            if name != current:
                out.append(b"%s %.2f Tf" % (name.encode(), size))
                current = name
            out.append(b"<%02x> Tj" % code)
    out.append(b"ET")
    return b"\n".join(out) + b"\n", fonts


def _empty_font(pdf: pikepdf.Pdf, letters: Sequence[str]) -> Dictionary:
    rows = [
        f"<{code:02x}> <{char.encode('utf-16-be').hex()}>" for code, char in enumerate(letters, 1)
    ]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]  # 100 is the format's limit
    listed = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /RdText def "
        "/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{listed}\nendcmap end end"
    )
    count = len(letters)
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 500, 1000],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=Dictionary(g=pdf.make_stream(b"500 0 d0")),
        Resources=Dictionary(),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1] + [Name.g] * count)),
        FirstChar=1,
        LastChar=count,
        Widths=Array([500] * count),
        ToUnicode=pdf.make_stream(table.encode()),
    )
