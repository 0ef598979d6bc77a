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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import pikepdf
import pypdfium2

from redactor.forked import map_forked, shares
from redactor.verify.pdf_look import compare_look
from redactor.verify.pdf_raw import search_raw
from redactor.verify.pdf_text import MinerText, PdfiumText, compare_characters, search_text
from redactor.verify.search import find_values, normalise
from redactor.verify.worker import Answer, Damage, Leak, Request

_BATCH = 4_000_000  # characters searched at once


@dataclass(slots=True)
class _Seen:
    """What one share of the pages gave: damage, and each reader's texts by page."""

    damage: list[Damage] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)


def check_pdf(request: Request, data: bytes) -> Answer:
    """Re-read, search and compare one written PDF."""
    hints = request.hints
    assert request.reference is not None
    try:
        check = _Check(request, data)
    except pypdfium2.PdfiumError:
        return Answer(False, [], [], "cannot be opened by PDFium")
    with check:
        if not check.pages == check.source_pages == hints["pages"]:
            return Answer(False, [], [], "has another number of pages than its source")
        try:
            parts = shares(check.pages, int(hints.get("workers", 1)))
            seen = map_forked(check.share, parts)
            raw, coincidences = search_raw(data, hints.get("password") or "", request)
        except (pypdfium2.PdfiumError, pikepdf.PdfError) as error:
            return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    leaks = [leak for part in seen for leak in part.leaks] + raw
    damage = sorted(
        (item for part in seen for item in part.damage), key=lambda item: item.page or 0
    )
    return Answer(not (leaks or damage), [], [], "", leaks, damage, coincidences)


class _Check:
    """Both documents open in PDFium, the written one in pdfminer, too; a context manager."""

    def __init__(self, request: Request, data: bytes) -> None:
        hints = request.hints
        self._request = request
        self._touched: Mapping[str, Any] = hints["touched"]
        self._written = pypdfium2.PdfDocument(data, password=hints.get("password") or None)
        self._source = pypdfium2.PdfDocument(
            request.reference, password=hints.get("source_password") or None
        )
        self._miner = MinerText(data, hints.get("password") or "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._written.close()
        self._source.close()

    @property
    def pages(self) -> int:
        return len(self._written)

    @property
    def source_pages(self) -> int:
        return len(self._source)

    def share(self, indexes: Sequence[int]) -> _Seen:
        """Compare these pages and search what two readers see on them."""
        seen = _Seen()
        texts: list[tuple[int, str, str]] = []
        size = 0
        for index in indexes:
            after = PdfiumText(self._written, index)
            try:
                seen.damage += self._page(index, after)
                second = self._miner.page(index).text
            except RecursionError:
                seen.damage.append(Damage(index, "it is nested too deeply"))
                continue
            finally:
                after.close()
            texts += [(index, "PDFium", after.text), (index, "pdfminer", second)]
            size += len(after.text) + len(second)
            if size > _BATCH:
                seen.leaks += self._search(texts)
                texts, size = [], 0
        seen.leaks += self._search(texts)
        return seen

    def _page(self, index: int, after: PdfiumText) -> list[Damage]:
        touched = self._touched.get(str(index))
        problems = []
        if not (touched and touched.get("raster")):
            before = PdfiumText(self._source, index)
            try:
                problems.append(compare_characters(before, after, touched))
            finally:
                before.close()
        problems.append(compare_look(self._written, self._source, index, touched))
        return [Damage(index, problem) for problem in problems if problem]

    def _search(self, texts: Sequence[tuple[int, str, str]]) -> list[Leak]:
        """Hits in many texts at once; where there are some, the page is read with places."""
        hits = find_values([text for _, _, text in texts], self._request.values)
        leaks: list[Leak] = []
        for number in sorted({hit.text for hit in hits}):
            index, reader, _ = texts[number]
            boxes = _labelled(self._touched.get(str(index)))
            if reader == "pdfminer":
                leaks += search_text(
                    self._miner.page(index), reader, index, self._request.values, boxes
                )
                continue
            view = PdfiumText(self._written, index)
            try:
                leaks += search_text(view, reader, index, self._request.values, boxes)
            finally:
                view.close()
        return leaks


def _labelled(touched: Mapping[str, Any] | None) -> list[tuple[list[float], str]]:
    """Boxes with the normalised text printed in them."""
    if touched is None:
        return []
    return [(box[:8], normalise(box[8])) for box in touched["boxes"]]
