"""What is to change on one page: collected first, carried out by :mod:`.rewrite`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from redactor.formats.pdf.geometry import Box, Quad, box_of
from redactor.formats.pdf.records import Glyph, StreamKind, StreamUse


@dataclass(frozen=True, slots=True)
class PaintedBox:
    """A box over removed text: corners in the root's user space and what is printed in it."""

    quad: Quad
    label: str = ""

    @property
    def box(self) -> Box:
        """The upright box around it."""
        return box_of(self.quad)


@dataclass(slots=True)
class UseEdits:
    """Changes of one use of a content stream.

    ``glyphs`` is operator -> TJ element -> glyphs to take out; ``images`` operator -> the
    image to draw in its place; ``strip`` marked-content operators that lose their texts;
    ``drop`` operators that go; ``replace`` operator -> the operators in its place.
    """

    glyphs: dict[int, dict[int, list[Glyph]]] = field(default_factory=dict)
    images: dict[int, Any] = field(default_factory=dict)
    strip: set[int] = field(default_factory=set)
    drop: set[int] = field(default_factory=set)
    replace: dict[int, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class PageEdits:
    """Changes of one page. Boxes are per root: the page's use, or an appearance's."""

    uses: dict[StreamUse, UseEdits] = field(default_factory=dict)
    dirty: set[StreamUse] = field(default_factory=set)
    removed: set[Glyph] = field(default_factory=set)
    boxes: dict[StreamUse, list[PaintedBox]] = field(default_factory=dict)
    cleared: list[Box] = field(default_factory=list)
    _painted: set[Any] = field(default_factory=set)

    def of(self, use: StreamUse) -> UseEdits:
        """The changes of a use, which becomes one that is rewritten."""
        self.touch(use)
        return self.uses.setdefault(use, UseEdits())

    def touch(self, use: StreamUse) -> None:
        """Mark a use and those above it as rewritten."""
        node: StreamUse | None = use
        while node is not None and node not in self.dirty:
            self.dirty.add(node)
            node = node.parent

    def remove(self, glyphs: Iterable[Glyph]) -> None:
        """Take glyphs out, and the texts of the marked content around them."""
        for glyph in glyphs:
            if glyph in self.removed:
                continue
            self.removed.add(glyph)
            edits = self.of(glyph.use)
            edits.glyphs.setdefault(glyph.op, {}).setdefault(glyph.arg, []).append(glyph)
            edits.strip.update(glyph.marks)
            use = glyph.use
            while use.parent is not None:
                if use.marks:
                    self.of(use.parent).strip.update(use.marks)
                use = use.parent

    def paint(self, root: StreamUse, boxes: Sequence[PaintedBox]) -> None:
        """Paint boxes on a root, each once."""
        mine = self.boxes.setdefault(root, [])
        for box in boxes:
            key = root, tuple(round(value, 1) for corner in box.quad for value in corner)
            if key not in self._painted:
                self._painted.add(key)
                mine.append(box)
        self.touch(root)

    @property
    def quads(self) -> list[Quad]:
        """Every painted box of the page, appearances included, in page space."""
        return [box.quad for boxes in self.boxes.values() for box in boxes]

    @property
    def page_boxes(self) -> list[PaintedBox]:
        """Boxes painted by the page's own content."""
        return [
            box
            for root, boxes in self.boxes.items()
            if root.kind is StreamKind.PAGE
            for box in boxes
        ]
