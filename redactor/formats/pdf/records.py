"""What the interpreter finds in a page's content streams.

A :class:`StreamUse` is one use of a content stream: the page's own, a form XObject at one
place, an annotation's appearance, a tiling pattern, a soft mask or a Type3 glyph. Everything
found points back into it: operator index, element of a TJ array, bytes of the string.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from redactor.formats.pdf.geometry import IDENTITY, Box, Matrix, Point, Quad

# every operator of ISO 32000-1, table 51; others are dropped when a stream is rewritten
OPERATORS = frozenset(
    [
        "b",
        "B",
        "b*",
        "B*",
        "BDC",
        "BI",
        "BMC",
        "BT",
        "BX",
        "c",
        "cm",
        "CS",
        "cs",
        "d",
        "d0",
        "d1",
        "Do",
        "DP",
        "EI",
        "EMC",
        "ET",
        "EX",
        "f",
        "F",
        "f*",
        "G",
        "g",
        "gs",
        "h",
        "i",
        "ID",
        "j",
        "J",
        "K",
        "k",
        "l",
        "m",
        "M",
        "MP",
        "n",
        "q",
        "Q",
        "re",
        "RG",
        "rg",
        "ri",
        "s",
        "S",
        "SC",
        "sc",
        "SCN",
        "scn",
        "sh",
        "T*",
        "Tc",
        "Td",
        "TD",
        "Tf",
        "Tj",
        "TJ",
        "TL",
        "Tm",
        "Tr",
        "Ts",
        "Tw",
        "Tz",
        "v",
        "w",
        "W",
        "W*",
        "y",
        "'",
        '"',
    ]
) | {"INLINE IMAGE"}


class StreamKind(enum.Enum):
    """Where a content stream hangs, which decides how a changed copy is put in its place."""

    PAGE = "page"
    FORM = "form"
    APPEARANCE = "appearance"
    PATTERN = "pattern"
    SOFT_MASK = "soft mask"
    GLYPH = "glyph procedure"


@dataclass(slots=True, eq=False)
class StreamUse:
    """One use of a content stream.

    ``matrix`` takes its user space to the page's; ``parent_op`` is the operator of the
    parent that drew it. ``marks`` are the parent's open marked-content operators there.
    ``children`` is operator index -> use; ``open_states`` counts q without Q at the end.
    """

    kind: StreamKind
    source: Any = field(repr=False)
    resources: Any = field(repr=False)
    parent: StreamUse | None = field(default=None, repr=False)
    parent_op: int = -1
    matrix: Matrix = IDENTITY
    marks: tuple[int, ...] = ()
    ops: Any = field(default_factory=list, repr=False)
    children: dict[int, StreamUse] = field(default_factory=dict, repr=False)
    open_states: int = 0
    annotation: Any = field(default=None, repr=False)

    @property
    def root(self) -> StreamUse:
        """The page's or the appearance's use that this one is part of."""
        use = self
        while use.parent is not None:
            use = use.parent
        return use


class Glyph:
    """One shown code.

    The quad's corners are in the page's user space, along the baseline: (x0, y0) bottom
    left, (x1, y1) bottom right, (x2, y2) top right, (x3, y3) top left. ``adjust`` is the TJ
    number that moves as far as the glyph did, ``order`` counts what was painted before,
    ``marks`` are the open marked-content operators, ``kern`` says that a TJ number stood
    before it (a number under -200 often stands for a blank).
    """

    __slots__ = (
        "adjust", "arg", "code", "first", "font", "last", "marks", "mode", "op", "order", "size",
        "text", "use", "vertical", "x0", "x1", "x2", "x3", "y0", "y1", "y2", "y3",
    )  # fmt: skip

    text: str
    use: StreamUse
    op: int
    arg: int
    first: int
    last: int
    code: int
    font: Any
    adjust: float
    mode: int
    order: int
    size: float
    marks: tuple[int, ...]
    vertical: bool
    x0: float
    y0: float
    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float

    @property
    def quad(self) -> Quad:
        """Its four corners."""
        return (self.x0, self.y0), (self.x1, self.y1), (self.x2, self.y2), (self.x3, self.y3)

    @property
    def box(self) -> Box:
        """The upright box around it."""
        x0, x1, x2, x3 = self.x0, self.x1, self.x2, self.x3
        y0, y1, y2, y3 = self.y0, self.y1, self.y2, self.y3
        return min(x0, x1, x2, x3), min(y0, y1, y2, y3), max(x0, x1, x2, x3), max(y0, y1, y2, y3)

    @property
    def centre(self) -> Point:
        """The middle of its quad."""
        return (self.x0 + self.x2) / 2, (self.y0 + self.y2) / 2

    def __repr__(self) -> str:
        return f"Glyph(op={self.op}, arg={self.arg}, bytes={self.first}:{self.last})"


@dataclass(frozen=True, slots=True, eq=False)
class ImageUse:
    """An image at one place. ``source`` is None for an inline image.

    ``matrix`` takes the unit square, in which the image stands upright, to user space.
    """

    use: StreamUse
    op: int
    source: Any = field(repr=False)
    matrix: Matrix
    quad: Quad
    order: int


@dataclass(frozen=True, slots=True, eq=False)
class PathUse:
    """A path that was painted: operators ``[first, paint]`` of its stream.

    ``opaque`` is the fill's colour where the fill is plain and opaque, else None;
    ``rectangle`` the box in user space where the path is one upright rectangle, cut to
    the clip where that is known to be a box.
    """

    use: StreamUse
    first: int
    paint: int
    matrix: Matrix
    operator: str
    order: int
    rectangle: Box | None
    opaque: tuple[float, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class MarkedText:
    """Text that a marked-content operator carries (/ActualText, /Alt, /E), or a comment.

    A comment's ``op`` is -1: it goes when the stream is written anew.
    """

    use: StreamUse
    op: int
    key: str
    text: str = field(repr=False)


@dataclass(slots=True)
class PageContent:
    """All that was found on one page, in the order of painting.

    ``problems`` are short plain reasons why the page's content is not wholly understood.
    ``unlinked`` uses are those whose text has no place on the page (patterns, soft masks,
    Type3 glyphs): their glyphs are in ``glyphs`` too. ``used`` are the object numbers of
    XObjects that are drawn and of patterns and soft masks that are painted with.
    """

    root: StreamUse
    glyphs: list[Glyph] = field(default_factory=list)
    images: list[ImageUse] = field(default_factory=list)
    paths: list[PathUse] = field(default_factory=list)
    marked: list[MarkedText] = field(default_factory=list)
    appearances: list[StreamUse] = field(default_factory=list)
    unlinked: list[StreamUse] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)
    used: set[tuple[int, int]] = field(default_factory=set)
    boxes: Any = field(default=None, repr=False)  # arrays of the glyphs' bounds, once made
