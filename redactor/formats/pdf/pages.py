"""One page of a source: its content, its texts, and what of it nobody can read as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Name

from redactor.formats.ocr import Recogniser, Word
from redactor.formats.pdf import views
from redactor.formats.pdf.fold import fold
from redactor.formats.pdf.fonts import UNMAPPED, FontCache
from redactor.formats.pdf.geometry import (
    Box,
    PageGeometry,
    area,
    box_of,
    overlap,
)
from redactor.formats.pdf.interpreter import Interpreter
from redactor.formats.pdf.pdfium import Pdfium
from redactor.formats.pdf.records import Glyph, PageContent, StreamUse
from redactor.formats.pdf.views import View

_FEW = 20  # visible characters under which a page with pictures counts as a scan
_PICTURE_SHARE = 0.25  # of the page
_SHAPES = 150  # filled paths without text: letters drawn as shapes
_UNMAPPED_RUN = 3  # neighbouring characters that nothing maps to text
OCR_SCALE = 200 / 72  # pixels a point


@dataclass(slots=True)
class PageTexts:
    """The texts of a page. ``main`` is the reading order, ``extra`` what else may be read.

    ``orders`` are the folded texts of all orders, in which values are looked for once they
    are known. ``unreadable`` says why a part of the page cannot be read as text, or "".
    """

    index: int
    main: View
    extra: View
    orders: tuple[str, ...] = field(repr=False, default=())
    unreadable: str = ""
    problems: frozenset[str] = frozenset()


def read_content(page: pikepdf.Page, fonts: FontCache) -> PageContent:
    """Interpret a page."""
    return Interpreter(fonts).page(page)


def read_texts(
    index: int,
    content: PageContent,
    geometry: PageGeometry,
    pdfium: Pdfium,
    recogniser: Recogniser | None,
    language: str,
) -> PageTexts:
    """All texts of a page, the same ones whenever the same page is read."""
    main = _main_view(content, geometry)
    stream = views.stream_order(content.glyphs)
    known = [fold(main.text)]
    extra = views.unseen(views.lines(stream), known)
    known.append(fold(stream.text))
    # white space and hyphens do not count in `unseen`, and here they are what differs
    joined = views.joined_lines(main) + views.joined_lines(stream)
    extra += [view for view in views.unseen(joined, ()) if view.text not in main.text]
    extra += views.unseen(views.spaced_letters(main), ())
    extra += [
        View(text.text, [text] * len(text.text)) for text in content.marked if text.text.strip()
    ]
    second = pdfium.text(index)
    known.append(fold(second))
    unseen = views.unseen(_bare_lines(second), known[:2])
    suspects = _unmapped(content.glyphs)
    unmapped = 0
    if unseen or suspects:
        boxed = pdfium.view(index)
        if unseen:
            wanted = {fold(view.text) for view in unseen}
            extra += [line for line in views.lines(boxed) if fold(line.text) in wanted]
        unmapped = _still_unmapped(suspects, boxed)
    reason = _unreadable(index, content, geometry, unmapped, pdfium)
    if reason and recogniser is not None:
        extra.append(_recognised(index, pdfium, recogniser, language))
        reason = ""
    return PageTexts(
        index, main, views.join(extra), tuple(known), reason, frozenset(content.problems)
    )


def _main_view(content: PageContent, geometry: PageGeometry) -> View:
    """Page and form fields together; other appearances, patterns and the like one by one."""
    together: list[Glyph] = []
    apart: dict[StreamUse, list[Glyph]] = {}
    beside = {use for use in content.appearances if not _is_shown_field(use)}
    beside |= set(content.unlinked)
    for glyph in content.glyphs:
        root = glyph.use.root
        if root in beside:
            apart.setdefault(root, []).append(glyph)
        else:
            together.append(glyph)
    matrix = geometry.to_reading
    return views.join(
        [
            views.reading_order(together, matrix),
            *(views.reading_order(glyphs, matrix) for glyphs in apart.values()),
        ]
    )


def _is_shown_field(use: StreamUse) -> bool:
    if use.annotation is None or use.annotation.get("/Subtype") != Name.Widget:
        return False
    normal = use.annotation.AP.get("/N")
    return isinstance(normal, pikepdf.Stream) and normal.objgen == use.source.objgen


def _bare_lines(text: str) -> list[View]:
    return [View(line, [None] * len(line)) for line in text.split("\n") if line.strip()]


# ---------------------------------------------------------------- what nobody can read


def _unmapped(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs without text that stand in runs of different ones (no bullets, no leaders)."""
    found: list[Glyph] = []
    run: list[Glyph] = []
    for glyph in [*glyphs, None]:
        if glyph is not None and glyph.text == UNMAPPED:
            run.append(glyph)
            continue
        if len(run) >= _UNMAPPED_RUN and len({item.code for item in run}) > 1:
            found += run
        run = []
    return found


def _still_unmapped(glyphs: Sequence[Glyph], second: View) -> int:
    """How many of them PDFium cannot map either."""
    if not glyphs:
        return 0
    boxes = [
        (ord(char), ref)
        for char, ref in zip(second.text, second.refs, strict=True)
        if isinstance(ref, tuple)
        and char != UNMAPPED
        and not char.isspace()
        and not "\ue000" <= char <= "\uf8ff"
        and char.isprintable()
    ]
    left = 0
    for glyph in glyphs:
        x, y = glyph.centre
        # a character equal to the code is an echo of it, no mapping
        if not any(
            box[0] <= x <= box[2] and box[1] - 2 <= y <= box[3] + 2 and char != glyph.code
            for char, box in boxes
        ):
            left += 1
    return left


def _unreadable(
    index: int, content: PageContent, geometry: PageGeometry, unmapped: int, pdfium: Pdfium
) -> str:
    if unmapped >= _UNMAPPED_RUN:
        return "has text in a font that does not say which letters it shows"
    visible = sum(
        1 for glyph in content.glyphs if not glyph.text.isspace() and glyph.text != UNMAPPED
    )
    if visible >= _FEW:
        return ""
    page = geometry.media
    pictured = sum(min(overlap(box_of(image.quad), page), area(page)) for image in content.images)
    if pictured > _PICTURE_SHARE * area(page) and _has_ink(index, pdfium):
        return "is a picture with almost no text (a scan)"
    filled = sum(
        1 for path in content.paths if path.rectangle is None and path.operator not in ("S", "s")
    )
    if filled > _SHAPES:
        return "draws what may be its letters as shapes"
    return ""


def _has_ink(index: int, pdfium: Pdfium) -> bool:
    low, high = pdfium.render(index, 0.5, grey=True).getextrema()
    return bool(high - low > 24)


def _recognised(index: int, pdfium: Pdfium, recogniser: Recogniser, language: str) -> View:
    """Words that a recogniser sees, as text with boxes in user space."""
    image = pdfium.render(index, OCR_SCALE)
    lines: dict[int, list[Word]] = {}
    for word in recogniser.recognise(image, language):
        lines.setdefault(word.line, []).append(word)
    found: list[View] = []
    for words in lines.values():
        text: list[str] = []
        refs: list[views.Ref] = []
        for word in words:
            if text:
                text.append(" ")
                refs.append(None)
            x0, y0, x1, y1 = word.box
            corners = pdfium.unplace(index, OCR_SCALE, [(x0, y0), (x1, y1)])
            box: Box = box_of(corners)
            text.append(word.text)
            refs += [box] * len(word.text)
        found.append(View("".join(text), refs))
    return views.join(found)
