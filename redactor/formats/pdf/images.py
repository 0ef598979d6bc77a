"""Images with the pixels under boxes blacked, in the image's own resolution.

Pillow decodes what it can without changing colours; the rest (JBIG2, damaged ICC profiles,
Decode arrays, odd colour spaces) is drawn by PDFium, alone on a page of its pixels' size.
JPEGs stay JPEGs with their own quantisation tables; all else becomes Flate.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from redactor.errors import WithheldError
from redactor.formats.pdf import limits
from redactor.formats.pdf.geometry import Matrix, Quad, apply, inverse, is_upright

_BLACK: dict[str, Any] = {"1": 0, "L": 0, "RGB": (0, 0, 0), "CMYK": (0, 0, 0, 255)}
_COMPONENTS = {"1": 1, "L": 1, "RGB": 3, "CMYK": 4}
_DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_KEPT = ("/Intent", "/Interpolate", "/OC")
_UNDECODABLE = (
    pikepdf.PdfError, ValueError, TypeError, KeyError, NotImplementedError, OSError, IndexError,
    AttributeError, SyntaxError, ZeroDivisionError,
)  # fmt: skip


class ImageProblem(Exception):
    """The image cannot be rewritten; the page has to be turned into a picture."""


def blacked(pdf: pikepdf.Pdf, source: Any, matrix: Matrix, quads: Sequence[Quad]) -> Any:
    """A copy of an image XObject with the quads (user space) blacked out.

    Args:
        pdf: the document that gets the copy.
        source: image XObject, or the operands' inline image.
        matrix: unit square -> user space, as the image is drawn.
        quads: in user space.

    Raises:
        ImageProblem: it cannot be decoded, or lies flat.
        WithheldError: more pixels than allowed.
    """
    back = inverse(matrix)
    if back is None:
        raise ImageProblem("an image is drawn without area")
    width, height = _size(source)
    if width * height > limits.MAX_PIXELS:
        raise WithheldError(
            f"an image of {width} x {height} pixels under a box is too large to be rewritten"
        )
    shapes = [_pixels(quad, back, width, height) for quad in quads]
    if isinstance(source, pikepdf.PdfInlineImage):
        return _opaque(pdf, source, None, shapes)
    if source.get("/ImageMask", False):
        return _stencil(pdf, source, shapes)
    return _opaque(pdf, source, source, shapes)


def _size(source: Any) -> tuple[int, int]:
    try:
        if isinstance(source, pikepdf.PdfInlineImage):
            return int(source.width), int(source.height)
        return int(source.Width), int(source.Height)
    except _UNDECODABLE:
        raise ImageProblem("an image does not tell its size") from None


def _pixels(quad: Quad, back: Matrix, width: int, height: int) -> list[tuple[float, float]]:
    """A quad's corners in pixels, origin at the top left; upright ones rounded outwards."""
    points = []
    for x, y in quad:
        u, v = apply(back, x, y)
        points.append((u * width, (1 - v) * height))
    if not is_upright((points[0], points[1], points[2], points[3])):
        return points
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, y0 = math.floor(min(xs)), math.floor(min(ys))
    x1, y1 = math.ceil(max(xs)) - 1, math.ceil(max(ys)) - 1
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _fill(image: Any, shapes: Sequence[Sequence[tuple[float, float]]], value: Any) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    for shape in shapes:
        # lines two pixels wide: a turned edge may not leave half a pixel of a letter
        draw.polygon(list(shape), fill=value, outline=value)
        draw.line([*shape, shape[0]], fill=value, width=2)


def _stencil(pdf: pikepdf.Pdf, source: Any, shapes: Any) -> Any:
    """A stencil mask: nothing is painted under the boxes."""
    inverted = [int(value) for value in source.get("/Decode", [0, 1])] == [1, 0]
    try:
        image = pikepdf.PdfImage(source).as_pil_image().convert("1")
        # Pillow's white (1) is a sample of 1, unpainted unless Decode turns it round
        _fill(image, shapes, 0 if inverted else 255)
        data = image.tobytes()
    except _UNDECODABLE:
        drawn = alone(source, stencil=True).convert("L")
        _fill(drawn, shapes, 255)
        image = drawn.point(lambda value: 255 if value > 127 else 0).convert("1")
        data, inverted = image.tobytes(), False
    copy = Stream(pdf, data)
    copy.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=image.size[0], Height=image.size[1],
            ImageMask=True, BitsPerComponent=1, Decode=Array([1, 0] if inverted else [0, 1]),
        )
    )  # fmt: skip
    if "/Interpolate" in source:
        copy["/Interpolate"] = source["/Interpolate"]
    return pdf.make_indirect(copy)


def _opaque(pdf: pikepdf.Pdf, image_source: Any, source: Any, shapes: Any) -> Any:
    image, faithful = _decode(image_source, source)
    tables = getattr(image, "quantization", None) if image.format == "JPEG" else None
    sampling = _sampling(image) if tables else None
    if image.mode not in _BLACK:
        image = image.convert("RGB")
        faithful = False
    _fill(image, shapes, _BLACK[image.mode])
    copy = _encoded(pdf, image, tables, sampling)
    copy["/ColorSpace"] = _colour_space(source, image.mode, faithful)
    if source is None:
        return pdf.make_indirect(copy)
    for key in _KEPT:
        if key in source:
            copy[key] = source[key]
    mask = source.get("/Mask")
    if isinstance(mask, pikepdf.Stream):
        copy["/Mask"] = _mask_stencil(pdf, mask, shapes, image.size)
    soft = source.get("/SMask")
    if isinstance(soft, pikepdf.Stream):
        copy["/SMask"] = _soft_mask(pdf, soft, shapes, image.size)
    return pdf.make_indirect(copy)


def _decode(image_source: Any, source: Any) -> tuple[Any, bool]:
    """The pixels, and whether they are still in the source's own colour space."""
    odd = source is not None and (
        "/Decode" in source
        or isinstance(source.get("/Mask"), pikepdf.Array)
        or source.get("/BitsPerComponent") == 16
        or "/SMaskInData" in source
    )
    if odd:
        return alone(source), False
    try:
        wrapped = image_source if source is None else pikepdf.PdfImage(image_source)
        image = wrapped.as_pil_image()
        image.load()
        if image.mode in _BLACK:
            return image, True
        if image.mode == "P":
            return image.convert("RGB"), False
    except _UNDECODABLE:
        if source is None:
            raise ImageProblem("an inline image cannot be decoded") from None
    if source is None:
        return image.convert("RGB"), False
    return alone(source), False


def _colour_space(source: Any, mode: str, faithful: bool) -> Any:
    count = _COMPONENTS[mode]
    space = source.get("/ColorSpace") if source is not None and faithful else None
    if isinstance(space, Array) and len(space) > 1:
        own = {"/CalRGB": 3, "/CalGray": 1, "/Lab": 3}.get(str(space[0]), 0)
        if space[0] == Name.ICCBased and isinstance(space[1], pikepdf.Stream):
            own = int(space[1].get("/N", 0))
        if own == count:
            return space
    return _DEVICE[count]


def _sampling(image: Any) -> int | None:
    from PIL import JpegImagePlugin

    found = int(JpegImagePlugin.get_sampling(image))
    return found if found >= 0 else None


def _encoded(pdf: pikepdf.Pdf, image: Any, tables: Any, sampling: int | None) -> Stream:
    if tables and image.mode in ("L", "RGB"):
        target = io.BytesIO()
        options: dict[str, Any] = {"qtables": tables}
        if sampling is not None and image.mode == "RGB":
            options["subsampling"] = sampling
        image.save(target, "JPEG", **options)
        copy = Stream(pdf, target.getvalue())
        copy["/Filter"] = Name.DCTDecode
    else:
        copy = Stream(pdf, image.tobytes())
    copy["/Type"], copy["/Subtype"] = Name.XObject, Name.Image
    copy["/Width"], copy["/Height"] = image.size
    copy["/BitsPerComponent"] = 1 if image.mode == "1" else 8
    return copy


def _scaled(shapes: Any, old: tuple[int, int], new: tuple[int, int]) -> Any:
    fx, fy = new[0] / old[0], new[1] / old[1]
    return [[(x * fx, y * fy) for x, y in shape] for shape in shapes]


def _mask_stencil(pdf: pikepdf.Pdf, mask: Any, shapes: Any, size: tuple[int, int]) -> Any:
    """An explicit mask: the boxes count as unmasked, so that their black shows."""
    own = _size(mask)
    image = alone(mask, stencil=True).convert("L")
    _fill(image, _scaled(shapes, size, own), 0)
    bits = image.point(lambda value: 255 if value > 127 else 0).convert("1")
    copy = Stream(pdf, bits.tobytes())
    copy.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=own[0], Height=own[1],
            ImageMask=True, BitsPerComponent=1,
        )
    )  # fmt: skip
    return pdf.make_indirect(copy)


def _soft_mask(pdf: pikepdf.Pdf, soft: Any, shapes: Any, size: tuple[int, int]) -> Any:
    own = _size(soft)
    try:
        if "/Decode" in soft or soft.get("/BitsPerComponent") == 16:
            raise ValueError
        image = pikepdf.PdfImage(soft).as_pil_image().convert("L")
    except _UNDECODABLE:
        image = alone(soft).convert("L")
    _fill(image, _scaled(shapes, size, own), 255)
    copy = Stream(pdf, image.tobytes())
    copy.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=own[0], Height=own[1],
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )
    )  # fmt: skip
    return pdf.make_indirect(copy)


def alone(source: Any, *, stencil: bool = False) -> Any:
    """An image's pixels as PDFium draws them, without its masks, in its own resolution.

    ``stencil``: a mask's painted parts black on white.

    Raises:
        ImageProblem: PDFium cannot draw it.
    """
    import pypdfium2

    width, height = _size(source)
    if width * height > limits.MAX_PIXELS:
        raise ImageProblem("an image is too large")
    with pikepdf.Pdf.new() as small:
        page = small.add_blank_page(page_size=(max(width, 1), max(height, 1)))
        copy = small.copy_foreign(source)
        for key in ("/SMask", "/Mask", "/Interpolate", "/OC", "/Metadata", "/Alternates"):
            if key in copy:
                del copy[key]
        page.Resources = Dictionary(XObject=Dictionary(Im=copy))
        page.Contents = Stream(small, b"0 g q %d 0 0 %d 0 0 cm /Im Do Q" % (width, height))
        target = io.BytesIO()
        small.save(target)
    try:
        document = pypdfium2.PdfDocument(target.getvalue())
        try:
            image = document[0].render(scale=1).to_pil().convert("RGB")
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        raise ImageProblem("an image cannot be decoded") from None
    if image.size != (width, height):
        image = image.resize((width, height))
    return image.convert("L") if stencil else image
