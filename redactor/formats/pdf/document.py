"""A PDF document: its texts as units, and its redacted copy.

Threat model. Gone from the copy: the glyphs of every redacted text and all that lies over
them, the pixels of images under the boxes, every other string that holds a redacted text, and
what :mod:`.clean` lists. Left on purpose: everything else, in its place. Not promised: text
that only a picture shows is seen only where a text recogniser is installed; without one such
documents are withheld.
"""

from __future__ import annotations

import io
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from redactor.errors import UnreadableError, WithheldError
from redactor.forked import map_forked, shares
from redactor.formats.base import Failure, ReadOptions
from redactor.formats.ocr import find_recogniser
from redactor.formats.pdf import clean, destinations, limits, pages
from redactor.formats.pdf.fold import fold
from redactor.formats.pdf.fonts import FontCache
from redactor.formats.pdf.geometry import Box
from redactor.formats.pdf.opaque import hidden_glyphs
from redactor.formats.pdf.page_parts import geometry_of
from redactor.formats.pdf.page_writer import PageWriter, Written
from redactor.formats.pdf.pages import PageTexts
from redactor.formats.pdf.pdfium import Pdfium
from redactor.formats.pdf.records import PageContent
from redactor.formats.pdf.strings import Changed, DocumentText, document_texts, put_back
from redactor.values import Locator, Redaction, Unit

_KEPT_PAGES = 24  # pages whose interpreted content is kept between reading and writing
_ROUNDS = 3  # times that boxes are added where a reader still sees a value
_SHORTEST = 6  # folded characters of a value that is looked for in other orders

# qpdf stops parsing a content stream after 15 errors without saying so: text would be missed
pikepdf.settings.set_qpdf_limits(
    parser_max_errors=0,
    flate_max_memory=limits.MAX_STREAM * 2,
    dct_max_memory=limits.MAX_STREAM * 2,
    run_length_max_memory=limits.MAX_STREAM,
)


@dataclass(slots=True)
class PageState:
    """What is remembered of a page between reading and writing."""

    orders: tuple[str, ...] = field(repr=False, default=())
    hidden: bool = False  # it has text under opaque boxes
    extra_boxes: list[Box] = field(default_factory=list)
    raster: bool = False
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What a page read in another process sends back."""

    main: str = field(repr=False)
    extra: str = field(repr=False)
    state: PageState


class PdfDocument:
    """One document, held open; not for several threads.

    Raises:
        UnreadableError: no PDF, damaged beyond repair, protected, empty or absurd.
    """

    def __init__(self, data: bytes, options: ReadOptions) -> None:
        self.data = data
        self.options = options
        self._fonts = FontCache()
        self._cache: OrderedDict[int, PageContent] = OrderedDict()
        self._read: OrderedDict[int, PageTexts] = OrderedDict()
        self._unit_texts: dict[str, str] = {}
        self._pdf = open_pdf(data, options.password)
        self._pdfium = Pdfium(data, options.password)
        self.page_count = len(self._pdf.pages)
        if self.page_count != len(self._pdfium):
            raise UnreadableError(
                f"two readers count {self.page_count} and {len(self._pdfium)} pages: the page tree "
                "is damaged; repair or print it to a new file"
            )
        self.dropped: Counter[str] = clean.clean(self._pdf, options.pdf)
        self._recogniser = find_recogniser()
        self.states = [PageState() for _ in range(self.page_count)]
        self._texts: dict[str, DocumentText] = {}
        self._used: set[tuple[int, int]] = set()
        self.notes: dict[str, Any] = {}
        self.hints: dict[str, Any] = {}

    # -------------------------------------------------------------- reading

    def units(self) -> list[Unit]:
        """Every text of the document.

        Raises:
            WithheldError: a page has text that only a person can see.
        """
        found: list[Unit] = []
        for index, summary in enumerate(self._summaries()):
            self.states[index] = summary.state
            number = str(index + 1)
            if summary.main:
                found.append(Unit(f"p{index}", summary.main, Locator("page", number)))
            if summary.extra:
                place = Locator("page", f"{number}/other-order")
                found.append(Unit(f"p{index}x", summary.extra, place))
        self._unit_texts = {unit.id: unit.text for unit in found}
        for count, text in enumerate(document_texts(self._pdf)):
            place = (
                Locator("pdf", text.place)
                if text.page is None
                else Locator("page", f"{text.page}/{text.place}")
            )
            self._texts[f"s{count}"] = text
            found.append(Unit(f"s{count}", text.text, place, text.name))
        for count, name in enumerate(destinations.legacy_names(self._pdf), 1):
            text = DocumentText(name, f"destination/{count}", None, None, areas={"destination"})
            self._texts[f"d{count}"] = text
            found.append(Unit(f"d{count}", name, Locator("pdf", text.place)))
        return found

    def content(self, index: int) -> PageContent:
        """A page's content, interpreted or remembered."""
        known = self._cache.get(index)
        if known is None:
            known = pages.read_content(self._pdf.pages[index], self._fonts)
            self._used |= known.used
            _remember(self._cache, index, known)
        return known

    def texts(self, index: int) -> PageTexts:
        """A page's texts; the same ones each time."""
        known = self._read.get(index)
        if known is None:
            geometry = geometry_of(self._pdf.pages[index], index + 1)
            known = pages.read_texts(
                index,
                self.content(index),
                geometry,
                self._pdfium,
                self._recogniser,
                self.options.language,
            )
            _remember(self._read, index, known)
        return known

    def _summaries(self) -> list[PageSummary]:
        """Every page read once, shared among processes."""
        read = map_forked(self._read_share, shares(self.page_count, self.options.workers))
        by_index: dict[int, PageSummary] = {}
        for part, used in read:
            by_index.update(part)
            self._used |= used
        return [by_index[index] for index in range(self.page_count)]

    def _read_share(
        self, indexes: Sequence[int]
    ) -> tuple[dict[int, PageSummary], set[tuple[int, int]]]:
        return {index: self._read_page(index) for index in indexes}, self._used

    def _read_page(self, index: int) -> PageSummary:
        texts = self.texts(index)
        if texts.unreadable and self.options.pdf.unreadable == "withhold":
            raise WithheldError(
                f"page {index + 1} {texts.unreadable}: it can be read with the [ocr] extra only; "
                "install it, or allow such pages with `pdf: {unreadable: keep}`"
            )
        hidden = False
        if self.options.pdf.clean_under_boxes:
            hidden = bool(hidden_glyphs(self.content(index))[0])
        state = PageState(texts.orders, hidden)
        return PageSummary(texts.main.text, texts.extra.text, state)

    # -------------------------------------------------------------- writing

    def write(self, redactions: Sequence[Redaction]) -> bytes:
        """The redacted copy.

        Raises:
            WithheldError: a redaction cannot be carried out.
        """
        if self.hints:  # not the first time: start again from the source
            self._reopen()
        clean.prune_unused(self._pdf, self._used)
        texts = self._texts
        by_page: dict[int, list[Redaction]] = {}
        outside: list[Redaction] = []
        values: dict[str, str] = {}
        for redaction in redactions:
            if redaction.unit.startswith("p"):
                by_page.setdefault(int(redaction.unit[1:].removesuffix("x")), []).append(redaction)
            else:
                outside.append(redaction)
                text = texts[redaction.unit].text[redaction.span.start : redaction.span.end]
                values.setdefault(fold(text), redaction.replacement)
        if any("destination" in texts[r.unit].areas for r in outside):
            destinations.write_out(self._pdf)
        changed = put_back(texts, outside)
        self._add_page_values(by_page, values)
        writer = PageWriter(self._pdf, self.options, self._pdfium, changed)
        written = {
            index: self._write_page(writer, index, by_page.get(index, []), values)
            for index in range(self.page_count)
            if self._is_touched(writer, index, by_page, values)
        }
        self._drop_links(changed)
        clean.prune_replaced(self._pdf, writer.replaced)
        self._tell(written, changed, writer)
        return self._saved()

    def _reopen(self) -> None:
        self._pdf = open_pdf(self.data, self.options.password)
        clean.clean(self._pdf, self.options.pdf)
        self._cache.clear()
        self._read.clear()
        self._fonts = FontCache()
        fresh = document_texts(self._pdf)
        for number, text in enumerate(fresh):
            self._texts[f"s{number}"] = text

    def _add_page_values(
        self, by_page: Mapping[int, Sequence[Redaction]], values: dict[str, str]
    ) -> None:
        for redactions in by_page.values():
            for redaction in redactions:
                text = self._unit_texts[redaction.unit]
                part = text[redaction.span.start : redaction.span.end]
                values.setdefault(fold(part), redaction.replacement)
        for value in [value for value in values if len(value) < _SHORTEST]:
            del values[value]

    def _is_touched(
        self,
        writer: PageWriter,
        index: int,
        by_page: Mapping[int, Sequence[Redaction]],
        values: Mapping[str, str],
    ) -> bool:
        state = self.states[index]
        if by_page.get(index) or state.extra_boxes or state.raster or state.hidden:
            return True
        if writer.has_changed_fields(self._pdf.pages[index]):
            return True
        # the reading order's values were found before: here only what other orders show more
        return any(
            order.count(value) > state.orders[0].count(value)
            for order in state.orders[1:]
            for value in values
        )

    def _write_page(
        self,
        writer: PageWriter,
        index: int,
        redactions: Sequence[Redaction],
        values: Mapping[str, str],
    ) -> Written:
        content = self.content(index)
        texts = self.texts(index)
        state = self.states[index]
        raster = state.raster or self.options.pdf.raster == "always"
        return writer.write(
            index, content, texts, redactions, values, state.extra_boxes, raster=raster
        )

    def _drop_links(self, changed: Changed) -> None:
        """Links whose target went: annotations go, outline entries lose their action."""
        if not changed.links:
            return
        for page in self._pdf.pages:
            listed = page.obj.get("/Annots")
            if not isinstance(listed, Array):
                continue
            gone = [item for item in listed if isinstance(item, Dictionary) and _is_dead(item)]
            clean.drop_annotations(page.obj, gone)
        for holder in clean.every_dictionary(self._pdf):
            if "/A" in holder and _is_dead(holder):
                del holder["/A"]

    def _tell(self, written: Mapping[int, Written], changed: Changed, writer: PageWriter) -> None:
        rastered = [index + 1 for index, page in written.items() if page.raster]
        self.notes = {
            "pages": self.page_count,
            "pages_redacted": sum(1 for page in written.values() if page.boxes),
            "pages_rastered": rastered,
            "glyphs_removed": sum(page.glyphs for page in written.values()),
            "glyphs_under_old_boxes": sum(page.hidden for page in written.values()),
            "images_rewritten": sum(page.images for page in written.values()),
            "annotations_dropped": sum(page.annotations for page in written.values()),
            "other_texts_changed": changed.count,
            "dropped": dict(sorted(self.dropped.items())),
        }
        self.hints = {
            "pages": self.page_count,
            "touched": {str(index): page.hints for index, page in written.items()},
            "workers": self.options.workers,
            "password": self.options.password if self.options.pdf.keep_encryption else None,
            "source_password": self.options.password,
        }

    def _saved(self) -> bytes:
        if "/ID" in self._pdf.trailer:
            del self._pdf.trailer["/ID"]  # it ties the copy to its source
        target = io.BytesIO()
        options: dict[str, Any] = {
            "object_stream_mode": pikepdf.ObjectStreamMode.generate,
            "compress_streams": True,
            "min_version": "1.5",
        }
        if self.options.pdf.keep_encryption and self.options.password:
            password = self.options.password
            options["encryption"] = pikepdf.Encryption(owner=password, user=password, R=6)
        else:
            options["encryption"] = False
            options["deterministic_id"] = True
        self._pdf.save(target, **options)
        return target.getvalue()

    # -------------------------------------------------------------- after a failed verification

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """Add boxes where a reader still saw a value; then turn the page into a picture.

        Raises:
            WithheldError: only a picture would help, and the policy forbids it.
        """
        pages_failed: dict[int, list[Failure]] = {}
        for failure in failures:
            if failure.page is None or not 0 <= failure.page < self.page_count:
                return False
            pages_failed.setdefault(failure.page, []).append(failure)
        for index, mine in pages_failed.items():
            state = self.states[index]
            boxes = [box for failure in mine for box in failure.boxes]
            new = [box for box in boxes if box not in state.extra_boxes]
            if all(failure.leak for failure in mine) and new and state.rounds < _ROUNDS:
                state.rounds += 1
                state.extra_boxes += new
                continue
            if state.raster:
                return False
            if self.options.pdf.raster == "never":
                raise WithheldError(
                    f"page {index + 1} cannot be proven clean by removal, and the policy allows no "
                    "picture of it (`pdf: {raster: auto}` would)"
                )
            state.extra_boxes += new
            state.raster = True
        return bool(pages_failed)


def _remember(cache: OrderedDict[int, Any], index: int, value: Any) -> None:
    cache[index] = value
    if len(cache) > _KEPT_PAGES:
        cache.popitem(last=False)


def _is_dead(holder: Any) -> bool:
    action = holder.get("/A")
    return isinstance(action, Dictionary) and action.get("/S") == Name.URI and "/URI" not in action


def open_pdf(data: bytes, password: str | None) -> pikepdf.Pdf:
    """Open a document for reading and editing.

    Raises:
        UnreadableError: protected, damaged, empty, or too many pages.
    """
    if not data:
        raise UnreadableError("the file is empty (0 bytes)")
    if b"%PDF-" not in data[:1024]:
        raise UnreadableError("this is no PDF, whatever its name says: it lacks the PDF header")
    try:
        pdf = pikepdf.open(io.BytesIO(data), password=password or "", suppress_warnings=True)
        count = len(pdf.pages)
    except pikepdf.PasswordError:
        told = "the password does not open it" if password else "give its password (--password)"
        raise UnreadableError(f"the PDF is protected by a password: {told}") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(
            f"the PDF is damaged beyond repair ({type(error).__name__}): open it in a viewer and "
            "print it to a new file"
        ) from None
    if count == 0:
        raise UnreadableError("the PDF has no pages")
    if count > limits.MAX_PAGES:
        raise UnreadableError(f"the PDF claims {count} pages, more than {limits.MAX_PAGES}: split")
    return pdf
