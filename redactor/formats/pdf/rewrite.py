"""Content streams with the edits carried out; everything else as it was.

A removed code becomes a TJ number as wide as its advance, so that nothing after it moves.
Forms are copied for the one place where they change. Their resources are rebuilt so that the
unredacted originals are no longer listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Stream, String

from redactor.formats.pdf.edits import PageEdits, UseEdits
from redactor.formats.pdf.records import OPERATORS, Glyph, StreamKind, StreamUse

_TEXT_KEYS = frozenset({"/ActualText", "/Alt", "/E"})
_NOT_COPIED = frozenset(
    {
        "/Length", "/Filter", "/DecodeParms", "/Resources", "/PieceInfo", "/Metadata",
        "/StructParent", "/LastModified",
    }
)  # fmt: skip
_NOTHING = UseEdits()


class Rewriter:
    """Carries out one page's edits.

    ``replaced`` gathers the object numbers of originals that got a redacted copy.
    """

    def __init__(self, pdf: pikepdf.Pdf, edits: PageEdits) -> None:
        self._pdf = pdf
        self._edits = edits
        self.replaced: set[tuple[int, int]] = set()

    def stream(self, use: StreamUse) -> tuple[bytes, Dictionary]:
        """New bytes and new resources of a use."""
        edits = self._edits.uses.get(use, _NOTHING)
        resources = _Resources(self._pdf, use)
        out: list[Any] = []
        for index, instruction in enumerate(use.ops):
            if index in edits.drop or str(instruction.operator) not in OPERATORS:
                continue
            if index in edits.replace:
                out += edits.replace[index]
            elif index in edits.glyphs:
                out += _without(instruction, edits.glyphs[index])
            elif index in edits.images:
                self._note(use, instruction)
                name = resources.add("/XObject", "RdIm", edits.images[index])
                out.append(([name], Operator("Do")))
            elif index in edits.strip:
                out.append(self._stripped(instruction, use, resources))
            elif (child := use.children.get(index)) is not None and child in self._edits.dirty:
                self.replaced.add(child.source.objgen)
                name = resources.add("/XObject", "RdFm", self.form(child))
                out.append(([name], Operator("Do")))
            else:
                out.append(instruction)
        return pikepdf.unparse_content_stream(out), resources.finish(out)

    def form(self, use: StreamUse, tail: bytes = b"", extra: Dictionary | None = None) -> Any:
        """A redacted copy of a form XObject."""
        data, resources = self.stream(use)
        if tail:
            data = b"q\n" + data + b"\nQ" * (use.open_states + 1) + b"\n" + tail
        if extra is not None:
            merge(resources, extra)
        copy = Stream(self._pdf, data)
        for key, value in use.source.items():
            if key not in _NOT_COPIED:
                copy[key] = value
        copy["/Resources"] = resources
        return self._pdf.make_indirect(copy)

    def in_place(self, use: StreamUse) -> None:
        """Rewrite a pattern, soft mask or glyph procedure for everything that uses it."""
        data, resources = self.stream(use)
        use.source.write(data)
        if use.kind is not StreamKind.GLYPH:
            use.source["/Resources"] = resources
        for key in ("/PieceInfo", "/Metadata", "/LastModified"):
            if key in use.source:
                del use.source[key]

    def _note(self, use: StreamUse, instruction: Any) -> None:
        try:
            original = use.resources["/XObject"][instruction.operands[0]]
            self.replaced.add(original.objgen)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return  # an inline image has no object

    def _stripped(self, instruction: Any, use: StreamUse, resources: _Resources) -> Any:
        operands = list(instruction.operands)
        if len(operands) < 2:
            return instruction
        properties = operands[1]
        named = isinstance(properties, Name)
        if named:
            try:
                properties = use.resources["/Properties"][properties]
            except (KeyError, TypeError, ValueError):
                return instruction
        if not isinstance(properties, Dictionary) or not _TEXT_KEYS & set(properties.keys()):
            return instruction
        kept = Dictionary({k: v for k, v in properties.items() if k not in _TEXT_KEYS})
        if named:
            return ([operands[0], resources.add("/Properties", "RdMc", kept)], instruction.operator)
        return ([operands[0], kept], instruction.operator)


class _Resources:
    """A use's resources with additions, without XObjects that nothing draws any more."""

    def __init__(self, pdf: pikepdf.Pdf, use: StreamUse) -> None:
        self._pdf = pdf
        self._own = use.resources if isinstance(use.resources, Dictionary) else Dictionary()
        self._added: dict[str, dict[str, Any]] = {}

    def add(self, category: str, stem: str, value: Any) -> Name:
        taken = self._own.get(category)
        mine = self._added.setdefault(category, {})
        number = len(mine)
        while isinstance(taken, Dictionary) and f"/{stem}{number}" in taken:
            number += 1
        while f"/{stem}{number}" in mine:
            number += 1
        mine[f"/{stem}{number}"] = value
        return Name(f"/{stem}{number}")

    def finish(self, out: Iterable[Any]) -> Dictionary:
        result = Dictionary(dict(self._own.items()))
        drawn, marked = set(), set()
        for item in out:
            operands, operator = item if isinstance(item, tuple) else (item.operands, item.operator)
            word = str(operator)
            if word == "Do" and len(operands):
                drawn.add(operands[0].unparse())
            elif word in ("BDC", "DP") and len(operands) > 1 and isinstance(operands[1], Name):
                marked.add(operands[1].unparse())
        for category, used in (("/XObject", drawn), ("/Properties", marked)):
            entries = Dictionary()
            listed = self._own.get(category)
            if isinstance(listed, Dictionary):
                for key, value in listed.items():
                    if Name(key).unparse() in used:
                        entries[key] = value
            for key, value in self._added.get(category, {}).items():
                entries[key] = value
            if len(entries.keys()) or category in result:
                result[category] = entries
        return result


def merge(resources: Dictionary, extra: Dictionary) -> None:
    """Add the entries of ``extra``'s categories, without changing shared dictionaries."""
    for category, entries in extra.items():
        listed = resources.get(category)
        merged = dict(listed.items()) if isinstance(listed, Dictionary) else {}
        merged.update(dict(entries.items()))
        resources[category] = Dictionary(merged)


def _without(instruction: Any, per_element: dict[int, list[Glyph]]) -> list[Any]:
    """A show operator without some of its codes, as a TJ."""
    operator = str(instruction.operator)
    operands = instruction.operands
    elements = list(operands[0]) if operator == "TJ" else [operands[-1]]
    array: list[Any] = []
    owed = 0.0  # advance of removed codes not yet written

    def settle() -> None:
        nonlocal owed
        if owed:
            array.append(_number(owed))
            owed = 0.0

    for number, element in enumerate(elements):
        if not isinstance(element, String):
            settle()
            array.append(element)
            continue
        data = bytes(element)
        at = 0
        for glyph in sorted(per_element.get(number, []), key=lambda glyph: glyph.first):
            if glyph.first > at:
                settle()
                array.append(String(data[at : glyph.first]))
            owed += glyph.adjust
            at = glyph.last
        if at < len(data):
            settle()
            array.append(String(data[at:]))
    settle()
    out: list[Any] = []
    if operator == '"':
        out += [([operands[0]], Operator("Tw")), ([operands[1]], Operator("Tc"))]
    if operator in ("'", '"'):
        out.append(([], Operator("T*")))
    out.append(([Array(array)], Operator("TJ")))
    return out


def _number(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")
