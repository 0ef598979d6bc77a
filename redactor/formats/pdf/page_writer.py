"""One page's redactions carried out in the document."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from redactor.formats.base import ReadOptions
from redactor.formats.pdf import clean, raster
from redactor.formats.pdf.edits import PageEdits, PaintedBox
from redactor.formats.pdf.fold import Folded, fold, occurrences
from redactor.formats.pdf.geometry import Box, area, box_of, map_quad, ordered, overlap
from redactor.formats.pdf.images import ImageProblem, blacked
from redactor.formats.pdf.locate import Mark, carry_out, images_under, take_overlaid
from redactor.formats.pdf.opaque import hidden_glyphs
from redactor.formats.pdf.page_parts import annotations_of
from redactor.formats.pdf.pages import PageTexts
from redactor.formats.pdf.paint import Colour, Style, fitted, overlay, shared_label_font
from redactor.formats.pdf.pdfium import Pdfium
from redactor.formats.pdf.records import Glyph, PageContent, StreamUse
from redactor.formats.pdf.rewrite import Rewriter, merge
from redactor.formats.pdf.strings import Changed
from redactor.formats.pdf.vectors import remove_drawings
from redactor.formats.pdf.views import Ref, stream_order
from redactor.values import Redaction

_COVERED = 0.5  # of an annotation under boxes: it goes with them
_VALUE_KEYS = ("/V", "/DV", "/RV")
_UNIFORM = 72.0  # points: uniform boxes are as wide as a multiple of this


@dataclass(slots=True)
class Written:
    """What was done to one page, for report and verification (``hints`` are JSON-able)."""

    raster: bool = False
    boxes: int = 0
    glyphs: int = 0
    hidden: int = 0
    images: int = 0
    annotations: int = 0
    hints: dict[str, Any] = field(default_factory=dict)


class PageWriter:
    """Carries out redactions page by page; one a document and pass.

    ``replaced`` gathers the originals of which redacted copies were made.
    """

    def __init__(
        self, pdf: pikepdf.Pdf, options: ReadOptions, source: Pdfium, changed: Changed
    ) -> None:
        self._pdf = pdf
        self._options = options.pdf
        self._source = source
        self._changed = changed
        self._style = Style(_colour(options.pdf.box_color), options.pdf.label)
        self._label_font: Dictionary | None = None
        self.replaced: set[tuple[int, int]] = set()

    def has_changed_fields(self, page: pikepdf.Page) -> bool:
        """Whether a form field shown on the page had its value redacted."""
        return bool(self._changed.fields) and any(
            self._taken_from(annotation) is not _UNCHANGED for annotation in annotations_of(page)
        )

    def write(
        self,
        index: int,
        content: PageContent,
        texts: PageTexts,
        redactions: Sequence[Redaction],
        values: Mapping[str, str],
        extra: Sequence[Box],
        *,
        raster: bool,
    ) -> Written:
        """Redact one page; ``extra`` boxes come from another reader, ``values`` are folded."""
        page = self._pdf.pages[index]
        edits = PageEdits()
        done = Written()
        marks = _marks(texts, redactions)
        marks += self._other_orders(index, content, texts, values)
        if extra:
            marks.append(Mark([box for item in extra for box in (item, None)]))
        carry_out(content, marks, edits)
        if self._options.uniform_boxes:
            self._make_uniform(content, edits)
        if self._options.clean_under_boxes:
            self._clear_hidden(content, edits, done)
        self._fields(content, edits)
        problem = "" if raster else self._images(content, edits, done)
        if not (raster or problem):
            problem = remove_drawings(content, edits, [box_of(quad) for quad in edits.quads])
        done.glyphs = len(edits.removed) - done.hidden
        done.boxes = len(edits.quads)
        gone = self._covered_annotations(page, edits)
        rects = [_rect(annotation) for annotation in gone]
        done.annotations = clean.drop_annotations(page.obj, gone)
        if edits.dirty:
            self._rewrite(page, content, edits)
        if raster or problem:
            # drawn after the removal: what no box can cover (patterns) must not show either
            self._as_picture(page, index, edits)
            done.raster = True
        done.hints = {
            "boxes": [
                [*(round(v, 3) for corner in box.quad for v in corner), self._printed(box), kind]
                for root, boxes in edits.boxes.items()
                for kind in ("page" if root is content.root else "annotation",)
                for box in boxes
            ],
            "cleared": [list(box) for box in [*edits.cleared, *(r for r in rects if r)]],
            "raster": done.raster,
            "images": done.images,
            "grey": [_grey(self._style.colour), _grey(self._style.ink)],
        }
        return done

    def _printed(self, box: PaintedBox) -> str:
        """The label, if it is really printed."""
        return box.label if self._style.label and fitted(box) is not None else ""

    # -------------------------------------------------------------- what is to go

    def _other_orders(
        self, index: int, content: PageContent, texts: PageTexts, values: Mapping[str, str]
    ) -> list[Mark]:
        """Known values where only another order than the reading order shows them."""
        more = [
            value
            for value in values
            if any(order.count(value) > texts.orders[0].count(value) for order in texts.orders[1:])
        ]
        if not more:
            return []
        seen, main = texts.main, Folded(texts.main.text)
        other = [
            (view, Folded(view.text))
            for view in (stream_order(content.glyphs), self._source.view(index))
        ]
        marks = []
        for value in more:
            spans = list(main.occurrences(value))
            places = [{id(ref) for ref in seen.refs[a:b] if ref is not None} for a, b in spans]
            boxes = [
                box_of(p for ref in seen.refs[a:b] if isinstance(ref, Glyph) for p in ref.quad)
                for a, b in spans
                if any(isinstance(ref, Glyph) for ref in seen.refs[a:b])
            ]
            for view, folded in other:
                for start, end in folded.occurrences(value):
                    refs: list[Ref] = list(view.refs[start:end])
                    if not _known(refs, places, boxes):
                        marks.append(Mark(refs, values[value]))
        return marks

    def _clear_hidden(self, content: PageContent, edits: PageEdits, done: Written) -> None:
        glyphs, boxes = hidden_glyphs(content)
        glyphs = [glyph for glyph in glyphs if glyph not in edits.removed]
        before = len(edits.removed)
        edits.remove(glyphs)
        if glyphs:
            take_overlaid(content, edits, [glyph.quad for glyph in glyphs])
            edits.cleared += boxes
        done.hidden = len(edits.removed) - before

    def _make_uniform(self, content: PageContent, edits: PageEdits) -> None:
        from redactor.formats.pdf.uniform import widened

        for root, boxes in list(edits.boxes.items()):
            edits.boxes[root] = [
                PaintedBox(widened(box.quad, _UNIFORM), box.label) for box in boxes
            ]
        take_overlaid(content, edits, edits.quads)

    # -------------------------------------------------------------- form fields

    def _taken_from(self, annotation: Any) -> Any:
        """What was taken from the field of a widget: texts, None for all, or _UNCHANGED."""
        node = annotation
        for _ in range(32):
            for holder, taken in self._changed.fields:
                if holder.is_indirect and node.is_indirect:
                    if holder.objgen == node.objgen:
                        return taken
                elif not holder.is_indirect and not node.is_indirect and holder == node:
                    return taken
            above = node.get("/Parent")
            if not isinstance(above, Dictionary):
                return _UNCHANGED
            node = above
        return _UNCHANGED

    def _fields(self, content: PageContent, edits: PageEdits) -> None:
        """Keep what a field shows and what it holds together."""
        touched = {glyph.use.root for glyph in edits.removed}
        for use in content.appearances:
            if use.annotation is None or use.annotation.get("/Subtype") != Name.Widget:
                continue
            taken = self._taken_from(use.annotation)
            if taken is not _UNCHANGED:
                self._clear_appearance(content, use, taken, edits)
            elif use in touched:
                shown = [g for g in content.glyphs if g.use.root is use and g in edits.removed]
                _empty_field(use.annotation, shown)

    def _clear_appearance(
        self, content: PageContent, use: StreamUse, taken: list[str] | None, edits: PageEdits
    ) -> None:
        shown = [glyph for glyph in content.glyphs if glyph.use.root is use]
        view = stream_order(shown)
        marks: list[Mark] = []
        for text in taken or []:
            marks += [
                Mark(view.refs[start:end]) for start, end in occurrences(view.text, fold(text))
            ]
        if not marks and any(glyph not in edits.removed for glyph in shown):
            marks = [Mark(shown)]
        carry_out(content, marks, edits)

    # -------------------------------------------------------------- pixels and annotations

    def _images(self, content: PageContent, edits: PageEdits, done: Written) -> str:
        """Black out images under boxes; returns why it cannot be done, or ""."""
        for number, quads in images_under(content, edits.quads):
            image = content.images[number]
            source = image.source
            if source is None:
                source = image.use.ops[image.op].iimage
            try:
                copy = blacked(self._pdf, source, image.matrix, quads)
            except ImageProblem as problem:
                return str(problem)
            edits.of(image.use).images[image.op] = copy
            done.images += 1
        return ""

    def _covered_annotations(self, page: pikepdf.Page, edits: PageEdits) -> list[Any]:
        """Annotations that lie mostly under boxes; form fields stay, emptied."""
        boxes = [box_of(quad) for quad in edits.quads]
        gone = []
        for annotation in annotations_of(page):
            if annotation.get("/Subtype") in (Name.Widget, Name.Popup):
                continue
            rect = _rect(annotation)
            if rect is None or not boxes:
                continue
            size = max(area(rect), 0.01)
            if sum(overlap(rect, box) for box in boxes) >= _COVERED * size:
                gone.append(annotation)
        return gone

    # -------------------------------------------------------------- the page itself

    def _rewrite(self, page: pikepdf.Page, content: PageContent, edits: PageEdits) -> None:
        rewriter = Rewriter(self._pdf, edits)
        if content.root in edits.dirty:
            body, resources = rewriter.stream(content.root)
            boxes = edits.boxes.get(content.root, [])
            streams = [
                self._pdf.make_stream(b"q\n" + body + b"\nQ" * (content.root.open_states + 1))
            ]
            if boxes:
                self._label_font = shared_label_font(self._pdf, self._label_font)
                merge(resources, self._label_font)
                streams.append(self._pdf.make_stream(overlay(boxes, self._style)))
            page.obj["/Contents"] = Array(streams) if len(streams) > 1 else streams[0]
            page.obj["/Resources"] = resources
        for use in content.unlinked:
            if use in edits.dirty:
                rewriter.in_place(use)
        for use in content.appearances:
            if use in edits.dirty:
                self._appearance(rewriter, use, edits)
        self.replaced |= rewriter.replaced

    def _appearance(self, rewriter: Rewriter, use: StreamUse, edits: PageEdits) -> None:
        boxes = edits.boxes.get(use, [])
        tail, extra = b"", None
        if boxes:
            self._label_font = shared_label_font(self._pdf, self._label_font)
            tail, extra = overlay(boxes, self._style, use.matrix), self._label_font
        copy = rewriter.form(use, tail, extra)
        tree = use.annotation.AP
        for key, entry in list(tree.items()):
            if isinstance(entry, Stream):
                if entry.objgen == use.source.objgen:
                    tree[key] = copy
            elif isinstance(entry, Dictionary):
                for state, stream in list(entry.items()):
                    if isinstance(stream, Stream) and stream.objgen == use.source.objgen:
                        entry[state] = copy

    def _as_picture(self, page: pikepdf.Page, index: int, edits: PageEdits) -> None:
        with Pdfium(_alone(self._pdf, index), None) as redacted:
            body, resources, size = raster.picture(
                self._pdf, redacted, index + 1, edits.quads, self._style.colour
            )
        boxes = [box for boxes in edits.boxes.values() for box in boxes]
        streams = [self._pdf.make_stream(body)]
        frame = raster.frame_of(page)
        raster.install(page.obj, size)
        if boxes:
            self._label_font = shared_label_font(self._pdf, self._label_font)
            merge(resources, self._label_font)
            moved = [PaintedBox(map_quad(box.quad, frame), box.label) for box in boxes]
            streams.append(self._pdf.make_stream(overlay(moved, self._style)))
        page.obj["/Contents"] = Array(streams) if len(streams) > 1 else streams[0]
        page.obj["/Resources"] = resources


def _alone(pdf: pikepdf.Pdf, index: int) -> bytes:
    """A document of one page of another."""
    target = io.BytesIO()
    with pikepdf.Pdf.new() as single, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forms and links do not matter for a picture
        single.pages.append(pdf.pages[index])
        single.save(target)
    return target.getvalue()


_UNCHANGED = object()


def _marks(texts: PageTexts, redactions: Sequence[Redaction]) -> list[Mark]:
    marks = []
    for redaction in redactions:
        view = texts.extra if redaction.unit.endswith("x") else texts.main
        if redaction.span.end > len(view.refs):
            raise ValueError("a redaction reaches beyond its text")
        refs = view.refs[redaction.span.start : redaction.span.end]
        marks.append(Mark(refs, redaction.replacement))
    return marks


def _known(refs: Sequence[Ref], places: Sequence[set[int]], boxes: Sequence[Box]) -> bool:
    """Whether a hit in another order is one that the reading order shows as well."""
    glyphs = {id(ref) for ref in refs if isinstance(ref, Glyph)}
    if glyphs:
        return any(len(glyphs & place) * 2 > len(glyphs) for place in places)
    own = [ref for ref in refs if isinstance(ref, tuple)]
    if not own:
        return True
    inside = [
        any(b[0] - 1 <= (o[0] + o[2]) / 2 <= b[2] + 1 and b[1] - 2 <= (o[1] + o[3]) / 2 <= b[3] + 2
            for b in boxes)
        for o in own
    ]  # fmt: skip
    return all(inside)


def _empty_field(annotation: Any, removed: Sequence[Glyph]) -> None:
    """Take what a field no longer shows out of its value, or the value where unsure."""
    gone = "".join(glyph.text for glyph in removed)
    node = annotation
    for _ in range(32):
        for key in _VALUE_KEYS:
            value = node.get(key)
            if isinstance(value, String) and fold(gone):
                text = str(value)
                spans = list(occurrences(text, fold(gone)))
                if spans and key != "/RV":
                    for start, end in reversed(spans):
                        text = text[:start] + text[end:]
                    node[key] = String(text)
                    continue
            if value is not None and not isinstance(value, Name):
                del node[key]
        above = node.get("/Parent")
        if not isinstance(above, Dictionary):
            return
        node = above


def _rect(annotation: Any) -> Box | None:
    try:
        return ordered(annotation.Rect)
    except (AttributeError, TypeError, ValueError, KeyError):
        return None


def _grey(colour: Colour) -> int:
    return round(255 * (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]))


def _colour(text: str) -> Colour:
    r, g, b = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (r, g, b)
