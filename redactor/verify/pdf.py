"""Checking a written PDF, with readers that its writer did not use for the writing.

Two PDFium documents stand side by side: the written bytes, and the source (``reference``) as
the picture of what must not change. The source is never searched and nothing computed by the
writer is trusted but where it says it put boxes; a box it claims wrongly shows as a box that
is not there, or as text that is gone without one.

Page by page: PDFium's text and pdfminer's are searched; PDFium's characters outside the boxes
must be the source's, in their places; the pixels outside must be the source's, those inside
the box's colour. Then every string, name and decompressed stream is searched.

Tolerances: a character may move by 0.6 points. At 72 dpi a pixel counts as changed when it
lies more than 40 of 255 grey levels beyond its neighbourhood of one pixel in the other
picture; 12 such pixels a page are the rounding at the boxes' edges. Where images were
recompressed 0.4 % of a page's pixels may change; a page turned into a picture is compared by
means of 4 x 4 pixels, of which 1 % may differ by more than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pikepdf
import pypdfium2

from redactor.verify.pdf_look import compare_look
from redactor.verify.pdf_raw import search_raw
from redactor.verify.pdf_text import MinerText, PdfiumText, compare_characters, search_text
from redactor.verify.search import normalise
from redactor.verify.worker import Answer, Damage, Leak, Request


def check_pdf(request: Request, data: bytes) -> Answer:
    """Re-read, search and compare one written PDF."""
    hints = request.hints
    assert request.reference is not None
    try:
        written = pypdfium2.PdfDocument(data, password=hints.get("password") or None)
        source = pypdfium2.PdfDocument(
            request.reference, password=hints.get("source_password") or None
        )
    except pypdfium2.PdfiumError:
        return Answer(False, [], [], "cannot be opened by PDFium")
    try:
        if not len(written) == len(source) == hints["pages"]:
            return Answer(False, [], [], "has another number of pages than its source")
        leaks: list[Leak] = []
        damage: list[Damage] = []
        with MinerText(data, hints.get("password") or "") as miner:
            for index in range(len(written)):
                touched = hints["touched"].get(str(index))
                page_leaks, page_damage = _page(request, written, source, miner, index, touched)
                leaks += page_leaks
                damage += page_damage
        raw, coincidences = search_raw(data, hints.get("password") or "", request)
        leaks += raw
    except (pypdfium2.PdfiumError, pikepdf.PdfError) as error:
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    finally:
        written.close()
        source.close()
    return Answer(not (leaks or damage), [], [], "", leaks, damage, coincidences)


def _page(
    request: Request,
    written: Any,
    source: Any,
    miner: MinerText,
    index: int,
    touched: Mapping[str, Any] | None,
) -> tuple[list[Leak], list[Damage]]:
    boxes = _labelled(touched)
    after = PdfiumText(written, index)
    values = request.values
    leaks = search_text(after, "PDFium", index, values, boxes)
    try:
        leaks += search_text(miner.page(index), "pdfminer", index, values, boxes)
    except RecursionError:
        return leaks, [Damage(index, "a second reader (pdfminer) cannot read it")]
    damage: list[Damage] = []
    raster = bool(touched and touched.get("raster"))
    if not raster:
        before = PdfiumText(source, index)
        problem = compare_characters(before, after, touched)
        if problem:
            damage.append(Damage(index, problem))
    look = compare_look(written, source, index, touched)
    if look:
        damage.append(Damage(index, look))
    return leaks, damage


def _labelled(touched: Mapping[str, Any] | None) -> list[tuple[list[float], str]]:
    """Boxes with the normalised text printed in them."""
    if touched is None:
        return []
    return [(box[:8], normalise(box[8])) for box in touched["boxes"]]
