"""Parts of a page: inherited attributes, annotations and their appearances."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from redactor.errors import UnreadableError
from redactor.formats.pdf.geometry import (
    IDENTITY,
    LARGEST_SIDE,
    Matrix,
    PageGeometry,
    box_of,
    map_quad,
    multiply,
    ordered,
    quad_of,
)
from redactor.formats.pdf.limits import MAX_CONTENT, MAX_OPERATORS, decoded

# what wrong operands and entries raise; readers skip them
MALFORMED = (IndexError, TypeError, ValueError, KeyError, AttributeError, OverflowError)


def matrix_of(values: Any) -> Matrix:
    """Six operands as a matrix; the identity for None."""
    if values is None:
        return IDENTITY
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)


def inherited(page: Any, key: str) -> Any:
    """A page attribute, from the page or the nodes above it; an empty dictionary if none."""
    node = page
    for _ in range(64):
        value = node.get(key)
        if value is not None:
            return value
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            break
    return pikepdf.Dictionary()


def geometry_of(page: pikepdf.Page, number: int) -> PageGeometry:
    """The frame of a page (``number`` is 1-based, for messages).

    Raises:
        UnreadableError: no usable media box, or one of absurd size.
    """
    try:
        media = ordered(inherited(page.obj, "/MediaBox"))
        crop = inherited(page.obj, "/CropBox")
        visible = ordered(list(crop)) if isinstance(crop, pikepdf.Array) else media
        rotate = inherited(page.obj, "/Rotate")
        turned = 0 if isinstance(rotate, pikepdf.Dictionary) else int(rotate) % 360
        unit = float(page.obj.get("/UserUnit", 1))
    except (TypeError, ValueError, IndexError):
        raise UnreadableError(f"page {number} has no usable page size") from None
    width, height = media[2] - media[0], media[3] - media[1]
    if not (0 < width < LARGEST_SIDE and 0 < height < LARGEST_SIDE):
        raise UnreadableError(
            f"page {number} claims a size of {width:.0f} x {height:.0f} points: refused"
        )
    if turned % 90:
        turned = 0
    return PageGeometry(media, visible, turned, unit)


def annotations_of(page: pikepdf.Page) -> list[Any]:
    """The page's annotation dictionaries."""
    listed = page.obj.get("/Annots")
    if not isinstance(listed, pikepdf.Array):
        return []
    return [item for item in listed if isinstance(item, pikepdf.Dictionary)]


def appearances(annotation: Any) -> list[tuple[Any, Matrix]]:
    """An annotation's appearance streams, each with the matrix to the page's user space.

    ISO 32000-1, 12.5.5: the form's box, turned by its matrix, is fitted into the rectangle.
    """
    found: list[tuple[Any, Matrix]] = []
    tree = annotation.get("/AP")
    if not isinstance(tree, pikepdf.Dictionary):
        return found
    streams: list[Any] = []
    for entry in tree.values():
        if isinstance(entry, pikepdf.Stream):
            streams.append(entry)
        elif isinstance(entry, pikepdf.Dictionary):
            streams += [item for item in entry.values() if isinstance(item, pikepdf.Stream)]
    for stream in streams:
        try:
            own = matrix_of(stream.get("/Matrix"))
            x0, y0, x1, y1 = box_of(map_quad(quad_of(ordered(stream.BBox)), own))
            rx0, ry0, rx1, ry1 = ordered(annotation.Rect)
            sx = (rx1 - rx0) / (x1 - x0) if x1 > x0 else 1.0
            sy = (ry1 - ry0) / (y1 - y0) if y1 > y0 else 1.0
            fit = (sx, 0.0, 0.0, sy, rx0 - x0 * sx, ry0 - y0 * sy)
            found.append((stream, multiply(own, fit)))
        except (*MALFORMED, pikepdf.PdfError):
            found.append((stream, IDENTITY))
    return found


# strings are matched first, so that a percent sign in one is no comment
_COMMENT = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\)"
    rb"|%([^\r\n]*)"
    rb"|(\(.*)",  # a string that does not end
    re.DOTALL,
)
# tokens that may be operators, roughly; also counts some in strings
_OPERATOR = re.compile(rb"(?<![^\s\])>}])[A-Za-z'\"][A-Za-z0-9*]{0,2}(?![^\s\[(<{/%])")


def check_size(source: Any) -> list[bytes]:
    """The decoded parts of a stream's or page's content, if they are of a bearable size.

    Raises:
        UnreadableError: taken for a bomb.
        pikepdf.PdfError: the data is damaged.
    """
    if isinstance(source, pikepdf.Page):
        contents = source.obj.get("/Contents")
        listed = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    else:
        listed = [source]
    parts = [decoded(part, MAX_CONTENT) for part in listed if isinstance(part, pikepdf.Stream)]
    total = sum(map(len, parts))
    if total > MAX_CONTENT:
        raise UnreadableError(f"a page's content unpacks to more than {MAX_CONTENT >> 20} MiB")
    if total > 2 * MAX_OPERATORS:
        count = sum(sum(1 for _ in _OPERATOR.finditer(part)) for part in parts)
        if count > MAX_OPERATORS:
            raise UnreadableError(
                f"a page's content has more than {MAX_OPERATORS} operators: taken for a bomb"
            )
    return parts


def comments(parts: list[bytes]) -> list[str]:
    """Comments, and strings that do not end, in content streams; readers never show them."""
    found = []
    for data in parts:
        if b"%" in data or data.count(b"(") != data.count(b")"):
            found += [
                (match[1] or match[2]).decode("latin-1")
                for match in _COMMENT.finditer(data)
                if match[1] or match[2]
            ]
    return [text for text in found if any(map(str.isalnum, text))]
