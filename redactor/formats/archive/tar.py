"""TAR archives, streamed: modes and times of every member are kept, owners are not.

Owner and group are names of accounts, so they are left out, and so are pax comments. Links,
devices and other special files are refused.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from redactor.errors import UnreadableError
from redactor.formats.archive.build import ArchiveAssembler
from redactor.formats.archive.members import (
    Budget,
    Entry,
    MemberChunk,
    check_name,
    member_chunks,
)
from redactor.formats.base import Assembler, ReadOptions
from redactor.formats.gate import Gate


class TarFormat:
    """A TAR archive; compression around it is undone before."""

    name = "tar"
    streaming = True

    def __init__(self) -> None:
        self._outer: Budget | None = None

    def within(self, outer: Budget) -> None:
        """This archive is a member of another: limits are shared."""
        self._outer = outer

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes a TAR archive (pax)."""
        return ArchiveAssembler(_TarWriter(out))

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[MemberChunk]:
        """The chunks of every member, in order.

        Raises:
            UnreadableError: damaged, truncated, beyond a limit, links, or unsafe names.
            WithheldError: a member cannot be looked into.
        """
        budget = self._outer or Budget(options)
        if self._outer is not None:
            budget.depth += 1
        seen: set[str] = set()
        taken: set[str] = set()
        index = number = 0
        stream = _Ends(source)
        try:
            with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|") as archive:
                for info in archive:
                    number += 1
                    budget.member()
                    entry = Entry(number, info.name, info.isdir(), info)
                    if not (info.isreg() or info.isdir()):
                        raise UnreadableError(f"member {number} is a link or a device: refused")
                    check_name(entry, seen)
                    content = archive.extractfile(info) if info.isreg() else None
                    for chunk in member_chunks(entry, content, budget, index, taken):
                        yield chunk
                        index += 1
        except (tarfile.TarError, EOFError) as error:
            raise UnreadableError(
                f"the TAR archive cannot be read behind member {number} ({type(error).__name__}): "
                "damaged or cut off"
            ) from None
        if not stream.ended:
            raise UnreadableError("the TAR archive ends too early: it is cut off")
        while source.read(1 << 20):
            pass
        if self._outer is not None:
            budget.depth -= 1


class _Ends:
    """Notices the blocks of zeros that end an archive; without them it was cut."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.ended = False

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self.ended = data[-512:] == bytes(512) if data else self.ended
        return data


class _TarWriter:
    def __init__(self, out: BinaryIO) -> None:
        self._archive = tarfile.open(  # noqa: SIM115  # closed in close()
            fileobj=cast(BinaryIO, Gate(out)), mode="w|", format=tarfile.PAX_FORMAT
        )

    def member(self, entry: Entry, name: str, content: BinaryIO | None, size: int) -> None:
        old: tarfile.TarInfo = entry.info
        info = tarfile.TarInfo(name)
        info.type = tarfile.DIRTYPE if entry.folder else tarfile.REGTYPE
        info.mode, info.mtime, info.size = old.mode, old.mtime, size
        self._archive.addfile(info, content if content is not None else io.BytesIO())

    def close(self) -> None:
        self._archive.close()
