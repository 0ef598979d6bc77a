"""Content streams -> glyphs, images, paths and marked text, each with its way back.

pikepdf tells the operators apart; this walks them with the graphics and text state of
ISO 32000-1 (8.4, 9.3). Everything that carries text counts, seen or not: invisible, clipped,
hidden in optional content, off the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Name

from redactor.errors import UnreadableError
from redactor.formats.pdf import limits
from redactor.formats.pdf.fonts import Font, FontCache
from redactor.formats.pdf.geometry import IDENTITY, Box, Matrix, Quad, map_quad, multiply
from redactor.formats.pdf.page_parts import (
    MALFORMED,
    annotations_of,
    appearances,
    check_size,
    comments,
    inherited,
    matrix_of,
)
from redactor.formats.pdf.paths import OTHER, cut, rectangle_of
from redactor.formats.pdf.records import (
    OPERATORS,
    ImageUse,
    MarkedText,
    PageContent,
    PathUse,
    StreamKind,
    StreamUse,
)
from redactor.formats.pdf.show import show

_SHOW = frozenset({"Tj", "TJ", "'", '"'})
_BUILD = frozenset({"m", "l", "c", "v", "y", "h", "re"})
_PAINT = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"})
_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_TEXT_KEYS = ("/ActualText", "/Alt", "/E")
_UNIT: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class State:
    """The part of the graphics state that matters here."""

    __slots__ = (
        "clip", "ctm", "fill", "font", "hscale", "leading", "mode", "opaque", "rise", "size",
        "spacing", "word_spacing",
    )  # fmt: skip

    def __init__(self) -> None:
        self.ctm: Matrix = IDENTITY
        self.font: Font | None = None
        self.size = 0.0
        self.spacing = 0.0
        self.word_spacing = 0.0
        self.hscale = 1.0
        self.leading = 0.0
        self.mode = 0
        self.rise = 0.0
        self.fill: tuple[float, ...] | None = (0.0,)
        self.opaque = True
        self.clip: Box | None = None  # the clip's box; OTHER for clips of another shape

    def copy(self) -> State:
        """A copy for the q operator."""
        other = State.__new__(State)
        for name in State.__slots__:
            setattr(other, name, getattr(self, name))
        return other


class Interpreter:
    """Walks one page; use once.

    Raises:
        UnreadableError: the page is larger than :mod:`redactor.formats.pdf.limits` allow.
    """

    def __init__(self, fonts: FontCache) -> None:
        self.fonts = fonts
        self.content: PageContent
        self.order = 0
        self._budget = limits.MAX_OPERATORS
        self._uses = 0
        self._seen_unlinked: set[tuple[int, int]] = set()

    def page(self, page: pikepdf.Page) -> PageContent:
        """The content of a page and of its annotations' appearances."""
        root = StreamUse(StreamKind.PAGE, page, inherited(page.obj, "/Resources"))
        self.content = PageContent(root)
        self._run(root, State(), 0, frozenset())
        for annotation in annotations_of(page):
            for source, matrix in appearances(annotation):
                use = StreamUse(
                    StreamKind.APPEARANCE,
                    source,
                    source.get("/Resources", pikepdf.Dictionary()),
                    matrix=matrix,
                    annotation=annotation,
                )
                self.content.appearances.append(use)
                state = State()
                state.ctm = matrix
                self._run(use, state, 1, frozenset())
        return self.content

    # -------------------------------------------------------------- one stream

    def _run(self, use: StreamUse, state: State, depth: int, seen: frozenset[Any]) -> None:
        self._uses += 1
        if self._uses > limits.MAX_FORMS:
            raise UnreadableError(
                f"a page draws more than {limits.MAX_FORMS} forms: taken for a bomb"
            )
        try:
            parts = check_size(use.source)
            use.ops = pikepdf.parse_content_stream(use.source)
        except (pikepdf.PdfError, TypeError, ValueError):
            self.content.problems.add("a content stream cannot be parsed")
            use.ops = []
            return
        self.content.marked += [MarkedText(use, -1, "comment", text) for text in comments(parts)]
        self._budget -= len(use.ops)
        if self._budget < 0:
            raise UnreadableError(
                f"a page runs more than {limits.MAX_OPERATORS} operators: taken for a bomb"
            )
        _Walk(self, use, state, depth, seen).run()

    def font(self, source: Any) -> Font:
        """The font of a dictionary, made once."""
        font = self.fonts.get(source)
        if font.broken:
            self.content.problems.add("a font's codes cannot be told apart")
        if font.type3:
            self._type3(font)
        return font

    def child(
        self,
        parent: StreamUse,
        op: int,
        source: Any,
        state: State,
        marks: tuple[int, ...],
        depth: int,
        seen: frozenset[Any],
    ) -> None:
        """Run a form XObject where the parent draws it."""
        key = source.objgen
        self.content.used.add(key)
        if key in seen or depth > limits.FORM_DEPTH:
            self.content.problems.add("forms are nested in a circle or too deep")
            return
        use = StreamUse(
            StreamKind.FORM, source, source.get("/Resources", parent.resources), parent, op,
            marks=marks,
        )  # fmt: skip
        inner = state.copy()
        inner.ctm = multiply(matrix_of(source.get("/Matrix")), state.ctm)
        use.matrix = inner.ctm
        parent.children[op] = use
        self._run(use, inner, depth + 1, seen | {key})

    def unlinked(self, kind: StreamKind, source: Any, fallback: Any, state: State | None) -> None:
        """Run a pattern, soft mask or glyph procedure, once a page, wherever it is used."""
        if not isinstance(source, pikepdf.Stream) or source.objgen in self._seen_unlinked:
            return
        self.content.used.add(source.objgen)
        self._seen_unlinked.add(source.objgen)
        use = StreamUse(kind, source, source.get("/Resources", fallback))
        self.content.unlinked.append(use)
        inner = State()
        if state is not None:
            inner.ctm = multiply(matrix_of(source.get("/Matrix")), state.ctm)
        use.matrix = inner.ctm
        self._run(use, inner, 2, frozenset({source.objgen}))

    def _type3(self, font: Font) -> None:
        """Type3 glyphs may draw text of other fonts."""
        procedures = font.source.get("/CharProcs")
        if not isinstance(procedures, pikepdf.Dictionary):
            return
        resources = font.source.get("/Resources", pikepdf.Dictionary())
        if not isinstance(resources, pikepdf.Dictionary) or not (
            "/Font" in resources or "/XObject" in resources
        ):
            return
        for procedure in procedures.values():
            self.unlinked(StreamKind.GLYPH, procedure, resources, None)


class _Walk:
    """The loop over one stream's operators."""

    def __init__(
        self, owner: Interpreter, use: StreamUse, state: State, depth: int, seen: frozenset[Any]
    ) -> None:
        self.owner = owner
        self.use = use
        self.state = state
        self.depth = depth
        self.seen = seen
        self.stack: list[State] = []
        self.tm: Matrix = IDENTITY
        self.line: Matrix = IDENTITY
        self.marks: list[int] = []
        self.path_from: int | None = None
        self.clipping = False
        self.unknown: list[str] = []

    def run(self) -> None:
        content = self.owner.content
        handlers = _HANDLERS
        for index, instruction in enumerate(self.use.ops):
            operator = str(instruction.operator)
            try:
                if operator in _BUILD:
                    if self.path_from is None:
                        self.path_from = index
                elif operator in _SHOW:
                    self._show(index, operator, instruction.operands)
                elif operator in _PAINT:
                    self._paint(index, operator)
                else:
                    handler = handlers.get(operator)
                    if handler is not None:
                        handler(self, index, instruction.operands)
                    elif operator not in OPERATORS:
                        self.unknown.append(operator)
            except MALFORMED:
                if operator in _SHOW or operator in ("Do", "Tf"):
                    content.problems.add("an operator that shows something is malformed")
        self.use.open_states = len(self.stack)
        if self.unknown:
            # words that are no operators: readers pass over them, and so may a value's letters
            text = " ".join(self.unknown)
            content.marked.append(MarkedText(self.use, -1, "unknown operators", text))

    # -------------------------------------------------------------- text

    def _show(self, index: int, operator: str, operands: Any) -> None:
        state = self.state
        if operator == '"':
            state.word_spacing, state.spacing = float(operands[0]), float(operands[1])
        if operator in ("'", '"'):
            self._next_line()
        if state.font is None:
            state.font = self.owner.fonts.fallback
        elements = operands[0] if operator == "TJ" else [operands[-1]]
        glyphs = self.owner.content.glyphs
        before = len(glyphs)
        self.tm = show(
            glyphs, self.use, index, elements, state, self.tm, tuple(self.marks), self.owner.order
        )
        self.owner.order += len(glyphs) - before
        if len(glyphs) > limits.MAX_GLYPHS:
            raise UnreadableError(
                f"a page shows more than {limits.MAX_GLYPHS} characters: taken for a bomb"
            )

    def _next_line(self) -> None:
        self._move(0.0, -self.state.leading)

    def _move(self, x: float, y: float) -> None:
        self.line = multiply((1.0, 0.0, 0.0, 1.0, x, y), self.line)
        self.tm = self.line

    def _tf(self, index: int, operands: Any) -> None:
        source = self._resource("/Font", operands[0])
        self.state.size = float(operands[1])
        self.state.font = (
            self.owner.font(source)
            if isinstance(source, pikepdf.Dictionary)
            else self.owner.fonts.fallback
        )

    def _td(self, index: int, operands: Any) -> None:
        self._move(float(operands[0]), float(operands[1]))

    def _td_leading(self, index: int, operands: Any) -> None:
        self.state.leading = -float(operands[1])
        self._move(float(operands[0]), float(operands[1]))

    def _tm(self, index: int, operands: Any) -> None:
        self.line = self.tm = matrix_of(operands)

    def _t_star(self, index: int, operands: Any) -> None:
        self._next_line()

    def _bt(self, index: int, operands: Any) -> None:
        self.tm = self.line = IDENTITY

    def _et(self, index: int, operands: Any) -> None:
        if self.state.mode >= 4:
            self.state.clip = OTHER  # the text has become a part of the clip

    def _number(name: str, scale: float = 1.0) -> Callable[[_Walk, int, Any], None]:  # type: ignore[misc]
        def put(self: _Walk, index: int, operands: Any) -> None:
            setattr(self.state, name, float(operands[0]) * scale)

        return put

    def _mode(self, index: int, operands: Any) -> None:
        self.state.mode = int(operands[0])

    # -------------------------------------------------------------- graphics state

    def _q(self, index: int, operands: Any) -> None:
        self.stack.append(self.state.copy())

    def _restore(self, index: int, operands: Any) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def _cm(self, index: int, operands: Any) -> None:
        self.state.ctm = multiply(matrix_of(operands), self.state.ctm)

    def _gs(self, index: int, operands: Any) -> None:
        entry = self._resource("/ExtGState", operands[0])
        if not isinstance(entry, pikepdf.Dictionary):
            return
        if "/Font" in entry:
            self.state.font = self.owner.font(entry.Font[0])
            self.state.size = float(entry.Font[1])
        if "/ca" in entry:
            self.state.opaque = float(entry.ca) >= 0.999
        mode = entry.get("/BM")
        if mode is not None and mode not in (Name.Normal, Name.Compatible):
            self.state.opaque = False
        mask = entry.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary):
            self.state.opaque = False
            self.owner.unlinked(
                StreamKind.SOFT_MASK, mask.get("/G"), self.use.resources, self.state
            )

    def _plain_fill(self, index: int, operands: Any) -> None:
        if operands and isinstance(operands[-1], Name):
            self.state.fill = None
            self._pattern(index, operands)
        else:
            self.state.fill = tuple(float(value) for value in operands)

    def _fill_space(self, index: int, operands: Any) -> None:
        self.state.fill = (0.0,) if operands[0] != Name.Pattern else None

    def _pattern(self, index: int, operands: Any) -> None:
        if operands and isinstance(operands[-1], Name):
            pattern = self._resource("/Pattern", operands[-1])
            self.owner.unlinked(StreamKind.PATTERN, pattern, self.use.resources, None)

    # -------------------------------------------------------------- paths

    def _paint(self, index: int, operator: str) -> None:
        first = index if self.path_from is None else self.path_from
        self.path_from = None
        rectangle = rectangle_of(self.use.ops[first:index], self.state.ctm)
        if operator != "n":
            state = self.state
            shown = None if rectangle is None else cut(rectangle, state.clip)
            plain = state.fill if state.opaque and operator in _FILLS else None
            self.owner.content.paths.append(
                PathUse(self.use, first, index, state.ctm, operator, self.owner.order, shown, plain)
            )
            self.owner.order += 1
        if self.clipping:
            self.clipping = False
            self.state.clip = (
                OTHER if rectangle is None else cut(rectangle, self.state.clip) or OTHER
            )

    def _clip(self, index: int, operands: Any) -> None:
        self.clipping = True
        if self.path_from is None:
            self.path_from = index

    # -------------------------------------------------------------- objects

    def _do(self, index: int, operands: Any) -> None:
        source = self._resource("/XObject", operands[0])
        if not isinstance(source, pikepdf.Stream):
            return
        subtype = source.get("/Subtype")
        if subtype == Name.Form:
            self.owner.child(
                self.use, index, source, self.state, tuple(self.marks), self.depth, self.seen
            )
        elif subtype == Name.Image:
            self._image(index, source)

    def _image(self, index: int, source: Any) -> None:
        if source is not None:
            self.owner.content.used.add(source.objgen)
        matrix = self.state.ctm
        quad = map_quad(_UNIT, matrix)
        self.owner.content.images.append(
            ImageUse(self.use, index, source, matrix, quad, self.owner.order)
        )
        self.owner.order += 1

    def _inline(self, index: int, operands: Any) -> None:
        self._image(index, None)

    def _begin_mark(self, index: int, operands: Any) -> None:
        self.marks.append(index)
        if len(operands) < 2:
            return
        properties = operands[1]
        if isinstance(properties, Name):
            properties = self._resource("/Properties", properties)
        if isinstance(properties, pikepdf.Dictionary):
            for key in _TEXT_KEYS:
                value = properties.get(key)
                if isinstance(value, pikepdf.String):
                    self.owner.content.marked.append(MarkedText(self.use, index, key, str(value)))

    def _end_mark(self, index: int, operands: Any) -> None:
        if self.marks:
            self.marks.pop()

    def _resource(self, category: str, name: Any) -> Any:
        try:
            return self.use.resources[category][name]
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


_HANDLERS: dict[str, Callable[[_Walk, int, Any], None]] = {
    "Tf": _Walk._tf,
    "Td": _Walk._td,
    "TD": _Walk._td_leading,
    "Tm": _Walk._tm,
    "T*": _Walk._t_star,
    "BT": _Walk._bt,
    "ET": _Walk._et,
    "Tc": _Walk._number("spacing"),
    "Tw": _Walk._number("word_spacing"),
    "Tz": _Walk._number("hscale", 0.01),
    "TL": _Walk._number("leading"),
    "Ts": _Walk._number("rise"),
    "Tr": _Walk._mode,
    "q": _Walk._q,
    "Q": _Walk._restore,
    "cm": _Walk._cm,
    "gs": _Walk._gs,
    "g": _Walk._plain_fill,
    "rg": _Walk._plain_fill,
    "k": _Walk._plain_fill,
    "sc": _Walk._plain_fill,
    "scn": _Walk._plain_fill,
    "SCN": _Walk._pattern,
    "cs": _Walk._fill_space,
    "W": _Walk._clip,
    "W*": _Walk._clip,
    "Do": _Walk._do,
    "INLINE IMAGE": _Walk._inline,
    "BMC": _Walk._begin_mark,
    "BDC": _Walk._begin_mark,
    "EMC": _Walk._end_mark,
}
