"""Word, Excel, PowerPoint and OpenDocument files as formats: one chunk for a whole document."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.base import ReadOptions
from redactor.formats.office import container, members
from redactor.formats.office.plan import Plan, make_plan
from redactor.formats.office.read import Document, Reader
from redactor.formats.splice import by_unit
from redactor.policy.model import OfficeOptions
from redactor.values import Redaction, Unit

LARGEST = 256 << 20  # bytes of a file

_SEVERAL = {
    members.IMAGE: "pictures", members.SOUND: "sounds or films", members.OBJECT: "embedded objects",
    members.MACRO: "macros", "macro sheet": "Excel 4.0 macro sheets",
    members.THUMBNAIL: "thumbnails",
}  # fmt: skip
_WITHOUT_MACROS = {
    ".docm": ".docx", ".dotm": ".dotx", ".xlsm": ".xlsx", ".xltm": ".xltx", ".xlam": ".xlsx",
    ".pptm": ".pptx", ".potm": ".potx", ".ppsm": ".ppsx",
}  # fmt: skip


@dataclass(slots=True)
class OfficeChunk:
    """A whole document."""

    units: Sequence[Unit] = field(repr=False)
    document: Document = field(repr=False)
    source: bytes = field(repr=False)
    index: int = 0
    caveat: str = ""
    _plan: Plan | None = field(default=None, repr=False)
    _planned: list[Redaction] = field(default_factory=list, repr=False)
    _foreign: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def extensions(self) -> dict[str, str]:
        """What a name must end in, by what it ends in now: a copy without macros is no .docm."""
        return _WITHOUT_MACROS if self.document.package.options.macros == "drop" else {}

    @property
    def hints(self) -> dict[str, Any]:
        """What was cleaned, and how embedded parts of other formats are to be read."""
        options = self.document.package.options
        return {
            "clean": options.metadata == "clean",
            "macros": options.macros == "keep",
            "foreign": self._foreign,
        }

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """What will really be done: every text that repeats another changes with it.

        Raises:
            WithheldError: the document holds what nothing looked at, and the policy says so.
        """
        _refuse_unseen(self.document)
        known = {unit.id for unit in self.units}
        self._plan = make_plan(self.document, by_unit(redactions))
        self._planned = [r for r in self._plan.settled if r.unit in known]
        return self._planned

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the redacted package; the source's bytes where nothing changes."""
        if self._plan is None or list(redactions) != self._planned:
            self.settle(redactions)
        assert self._plan is not None
        if not self._plan.changes:
            self._foreign = _untouched_hints(self.document)
            out.write(self.source)
            return
        self._foreign = {}
        out.write(_package_bytes(self._plan, self._foreign))


class OfficeFormat:
    """One kind of document; ``name`` is docx, xlsx, pptx, odt, ods or odp."""

    streaming = False

    def __init__(self, name: str) -> None:
        self.name = name

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[OfficeChunk]:
        """The one chunk of the file.

        Raises:
            UnreadableError: damaged, hostile, protected, too large, or another kind.
        """
        data = source.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnreadableError(f"larger than {LARGEST >> 20} MiB: split the document")
        reader = Reader(options)
        document = reader.read(data)
        kind = document.package.kind
        if kind != self.name:
            raise UnreadableError(f"this is a document of kind {kind}, not {self.name}")
        yield OfficeChunk(reader.units, document, data, caveat=_caveat(document))


def _notes(document: Document) -> dict[str, int]:
    total: dict[str, int] = {}
    for inner in document.documents():
        for kind, number in inner.package.notes.items():
            total[kind] = total.get(kind, 0) + number
    return total


def _refuse_unseen(document: Document) -> None:
    options = document.package.options
    notes = _notes(document)
    pictures = [members.IMAGE, members.SOUND, members.THUMBNAIL]
    if options.images in ("withhold", "blank") and any(kind in notes for kind in pictures):
        raise WithheldError(
            f"{_told(notes, pictures)} were not looked at: withheld. `office: {{images: blank}}` "
            "in the policy empties pictures, `flag` lets them stay and says so"
        )
    if members.OBJECT in notes:
        raise WithheldError(
            f"{_told(notes, [members.OBJECT])} cannot be looked into: withheld. "
            "`office: {objects: drop}` in the policy empties them"
        )
    if "macro sheet" in notes:
        raise WithheldError(
            "the workbook holds Excel 4.0 macro sheets, which cannot be dropped: withheld. Delete "
            "them in Excel, or set `office: {macros: keep}`"
        )


def _caveat(document: Document) -> str:
    options: OfficeOptions = document.package.options
    notes = _notes(document)
    kinds = [members.IMAGE, members.SOUND, members.THUMBNAIL] if options.images == "flag" else []
    kinds = [kind for kind in kinds if kind in notes]
    return f"{_told(notes, kinds)} were not looked at" if kinds else ""


def _told(notes: dict[str, int], kinds: Sequence[str]) -> str:
    return " and ".join(f"{notes[kind]} {_SEVERAL[kind]}" for kind in kinds if kind in notes)


def _package_bytes(plan: Plan, foreign: dict[str, Any]) -> bytes:
    """The redacted package; notes in ``foreign`` how parts of other formats are to be read."""
    document = plan.document
    package = document.package

    def entries() -> Iterator[tuple[container.Member, bytes]]:
        for name in package.names:
            if name in plan.dropped:
                continue
            member = package.archive.members[name]
            new = plan.names.get(name, name)
            shown = container.Member(new, member.method, member.modified, member.size)
            yield shown, _member_bytes(plan, name, new, foreign)

    out = io.BytesIO()
    container.write(entries(), out, keep_times=package.options.metadata == "keep")
    return out.getvalue()


def _member_bytes(plan: Plan, name: str, new: str, foreign: dict[str, Any]) -> bytes:
    document = plan.document
    if name in plan.parts:
        return plan.parts[name]
    inner = document.inner.get(name)
    if isinstance(inner, Document):
        nested: dict[str, Any] = {}
        inner_plan = plan.inner[name]
        if inner_plan.changes:
            data = _package_bytes(inner_plan, nested)
        else:
            data, nested = document.package.read(name), _untouched_hints(inner)
        if nested:
            foreign[new] = nested
        return data
    if inner is not None:
        data, hints = inner.write(plan.foreign.get(name, {}))
        foreign[new] = [inner.format, hints]
        return data
    return document.package.read(name)


def _untouched_hints(document: Document) -> dict[str, Any]:
    hints: dict[str, Any] = {}
    for name, inner in document.inner.items():
        if isinstance(inner, Document):
            nested = _untouched_hints(inner)
            if nested:
                hints[name] = nested
        else:
            hints[name] = [inner.format, inner.write({})[1]]
    return hints
