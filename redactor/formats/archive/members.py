"""What ZIP and TAR share: members are read as formats of their own, within limits.

Every member's chunks are release units of the archive. The member's name is text too: it is
a unit of its first chunk (``_`` read as a blank, so that ``jane_roe.txt`` is seen), and what is
found in that chunk is looked for in it. A member of a kind that is not handled withholds the
archive: a copy with a gap, or with something unread in it, would be worse than none.
Limits (members, archives in archives, bytes unpacked, ratio) hold for an archive and all that
is in it together.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.base import Chunk, Failure, ReadOptions, ReportingChunk, StrongerChunk
from redactor.formats.source import Source
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Unit

NAME = "name"  # unit id of a member's name; inner ids get a prefix
INSIDE = "in|"
HEADER = struct.Struct("<q")  # length of the name in front of a first chunk's bytes, or -1
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*_]')
_RATIO_FROM = 16 << 20


@dataclass(slots=True)
class Budget:
    """What is left of the limits of one archive."""

    options: ReadOptions
    packed: int | None = None  # bytes of the archive, where known
    members: int = 0
    unpacked: int = 0
    depth: int = 1

    def member(self) -> None:
        """Count a member."""
        self.members += 1
        if self.members > self.options.max_members:
            raise UnreadableError(
                f"more than {self.options.max_members} members: taken for a bomb; unpack it "
                "yourself if it is genuine"
            )

    def bytes(self, count: int) -> None:
        """Count unpacked bytes."""
        self.unpacked += count
        if self.unpacked > self.options.max_unpacked:
            raise UnreadableError(
                f"unpacks to more than {self.options.max_unpacked} bytes: refused"
            )
        ratio, packed = self.options.max_ratio, self.packed
        if packed and ratio and self.unpacked > max(_RATIO_FROM, packed * ratio):
            raise UnreadableError(
                f"unpacks to more than {ratio} times its size: taken for a bomb; unpack it "
                "yourself if it is genuine"
            )


class Metered:
    """A member's bytes, counted against the budget."""

    def __init__(self, raw: Any, budget: Budget) -> None:
        self._raw = raw
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data: bytes = self._raw.read(size if size > 0 else 1 << 18)
        self._budget.bytes(len(data))
        return data


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as the archive lists it. ``info`` is the archive library's own record."""

    number: int  # 1-based
    name: str = field(repr=False)
    folder: bool
    info: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class MemberChunk:
    """A chunk of a member. ``first``: it begins the member and holds its name.

    ``format`` of the member ("" for a folder), ``compression`` that it was wrapped in.
    """

    index: int
    entry: Entry
    first: bool
    inner: Chunk | None
    format: str
    compression: str | None
    units: Sequence[Unit] = field(repr=False)
    taken: set[str] = field(repr=False)

    @property
    def hints(self) -> dict[str, Any]:
        """The member's format and hints, and whether its name stands in front."""
        inner = dict(self.inner.hints) if self.inner is not None else {}
        return {"format": self.format, "inner": inner, "first": self.first}

    @property
    def notices(self) -> Sequence[str]:
        """The member's own."""
        said: Sequence[str] = getattr(self.inner, "notices", ())
        return [f"member {self.entry.number}: {notice}" for notice in said]

    @property
    def notes(self) -> Mapping[str, Any]:
        """How a document inside was written; see :class:`redactor.formats.base.ReportingChunk`."""
        return self.inner.notes if isinstance(self.inner, ReportingChunk) else {}

    @property
    def reference(self) -> bytes | None:
        """The source of a document inside, where its look is compared."""
        return self.inner.reference if isinstance(self.inner, ReportingChunk) else None

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """See :class:`redactor.formats.base.StrongerChunk`."""
        inner: Any = self.inner
        return isinstance(inner, StrongerChunk) and inner.strengthen(failures)

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Names stay names, and distinct."""
        own = [entry for entry in redactions if entry.unit == NAME]
        made = self._settled_name(own)
        if self.inner is not None:
            inside = [_inward(entry) for entry in redactions if entry.unit != NAME]
            made += [_outward(entry) for entry in self.inner.settle(inside)]
        return made

    def _settled_name(self, redactions: Sequence[Redaction]) -> list[Redaction]:
        if not self.first:
            return []
        made = [
            # no `_`: it would be read back as a blank
            replace(entry, replacement=_UNSAFE.sub("-", entry.replacement) or "-")
            for entry in sorted(redactions, key=lambda entry: entry.span)
        ]
        name = self._name(made)
        if not made:
            self.taken.add(name.casefold())
            return made
        last, number = made[-1], 1
        while name.casefold() in self.taken or not is_safe(name):
            number += 1
            made[-1] = replace(last, replacement=f"{last.replacement.strip('.') or '-'}-{number}")
            name = self._name(made)
            if number > 100_000:
                raise WithheldError("no distinct name could be made for a member")
        self.taken.add(name.casefold())
        return made

    def _name(self, redactions: Sequence[Redaction]) -> str:
        return "".join(splice(self.entry.name, redactions))

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """The name (first chunk only) and the member's bytes."""
        grouped = by_unit(redactions)
        name = self._name(grouped.get(NAME, ())).encode("utf-8", "surrogateescape")
        out.write(HEADER.pack(len(name)) + name if self.first else HEADER.pack(-1))
        if self.inner is not None:
            self.inner.write([_inward(e) for e in redactions if e.unit != NAME], out)


def _inward(redaction: Redaction) -> Redaction:
    return replace(redaction, unit=redaction.unit.removeprefix(INSIDE))


def _outward(redaction: Redaction) -> Redaction:
    return replace(redaction, unit=INSIDE + redaction.unit)


def spoken(name: str) -> str:
    """A member's name as text to look at: ``_`` holds words apart like a blank."""
    return name.replace("_", " ")


def is_safe(name: str) -> bool:
    """Whether a name stays inside the folder that an archive is unpacked in."""
    if not name or "\\" in name or "\0" in name or name.startswith("/"):
        return False
    parts = PurePosixPath(name).parts
    return ".." not in parts and bool(parts) and re.match(r"[A-Za-z]:", name) is None


def check_name(entry: Entry, seen: set[str]) -> None:
    """Refuse names that lead out of the archive, and second members of one name.

    Raises:
        UnreadableError: says the member's number, never its name.
    """
    if not is_safe(entry.name):
        raise UnreadableError(
            f"member {entry.number} has a name that leads out of the archive, or none: refused"
        )
    folded = entry.name.rstrip("/").casefold()
    if folded in seen:
        raise UnreadableError(
            f"member {entry.number} has the name of another: readers disagree about such archives; "
            "refused"
        )
    seen.add(folded)


def member_chunks(
    entry: Entry, raw: Any, budget: Budget, index: int, taken: set[str]
) -> Iterator[MemberChunk]:
    """The chunks of one member; ``index`` is that of the first among the archive's chunks.

    Raises:
        WithheldError: a kind of file that is not handled.
        UnreadableError: damaged, or beyond a limit; says the member's number.
    """
    place = f"member {entry.number}"
    if entry.folder:
        yield _chunk(index, entry, True, None, "", None, taken)
        return
    from redactor.formats import FORMATS, detect_format

    try:
        source = Source(Metered(raw, budget), budget.options, close=False)  # type: ignore[arg-type]
        try:
            name = detect_format(entry.name, source.peek(65536))
        except UnreadableError as error:
            raise WithheldError(f"{error}; the archive is withheld") from None
        options = replace(budget.options, decided=None)
        format_ = FORMATS[name]()
        if hasattr(format_, "within"):
            if budget.depth >= budget.options.max_archives:
                raise UnreadableError(
                    f"archives in archives, deeper than {budget.options.max_archives}: refused"
                )
            format_.within(budget)
        count = 0
        for inner in format_.chunks(source.stream, options):
            yield _chunk(index + count, entry, count == 0, inner, name, source.compression, taken)
            count += 1
        source.finish()
        if not count:
            yield _chunk(index, entry, True, None, name, source.compression, taken)
    except UnreadableError as error:
        raise UnreadableError(f"{place}: {error}") from None
    except WithheldError as error:
        raise WithheldError(f"{place}: {error}") from None


def _chunk(
    index: int,
    entry: Entry,
    first: bool,
    inner: Chunk | None,
    name: str,
    compression: str | None,
    taken: set[str],
) -> MemberChunk:
    units = [Unit(NAME, spoken(entry.name), Locator("member", str(entry.number)))] if first else []
    for unit in inner.units if inner is not None else ():
        locator = Locator("member", f"{entry.number}/{unit.locator}")
        units.append(Unit(INSIDE + unit.id, unit.text, locator, unit.field, unit.by_line))
    return MemberChunk(index, entry, first, inner, name, compression, units, taken)
