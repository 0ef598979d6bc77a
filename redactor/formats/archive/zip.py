"""ZIP archives: dates, modes and the method of compression of every member are kept.

Comments and extra fields are left out: they can hold anything. Encrypted members, links and
other special files are refused.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from redactor.errors import UnreadableError, WithheldError
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
from redactor.formats.source import random_access

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ENCRYPTED = 0x1


class ZipFormat:
    """A ZIP archive."""

    name = "zip"
    streaming = True

    def __init__(self) -> None:
        self._outer: Budget | None = None

    def within(self, outer: Budget) -> None:
        """This archive is a member of another: limits are shared."""
        self._outer = outer

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes a ZIP archive."""
        return ArchiveAssembler(_ZipWriter(out))

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[MemberChunk]:
        """The chunks of every member, in the order of the archive's list.

        Raises:
            UnreadableError: damaged, truncated, beyond a limit, or with unsafe names.
            WithheldError: a member cannot be looked into.
        """
        raw = random_access(source)
        size = raw.seek(0, 2)
        raw.seek(0)
        budget = _budget(self._outer, options, size)
        try:
            with zipfile.ZipFile(raw) as archive:
                yield from _members(archive, budget)
        except zipfile.BadZipFile as error:
            said = (
                "a checksum is wrong" if "CRC" in str(error) else "its list is damaged or cut off"
            )
            raise UnreadableError(f"the ZIP archive cannot be read: {said}") from None
        except (zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnreadableError(
                f"the ZIP archive cannot be read ({type(error).__name__})"
            ) from None
        while source.read(1 << 20):
            pass  # for the digest of the whole


def _budget(outer: Budget | None, options: ReadOptions, size: int | None) -> Budget:
    if outer is None:
        return Budget(options, size)
    outer.depth += 1
    return outer


def _members(archive: zipfile.ZipFile, budget: Budget) -> Iterator[MemberChunk]:
    seen: set[str] = set()
    taken: set[str] = set()
    index = 0
    infos = archive.infolist()
    if len(infos) > budget.options.max_members:
        raise UnreadableError(f"more than {budget.options.max_members} members: taken for a bomb")
    for number, info in enumerate(infos, 1):
        budget.member()
        entry = Entry(number, info.filename, info.is_dir(), info)
        _check(entry, info)
        check_name(entry, seen)
        if entry.folder:
            chunks: Iterator[MemberChunk] = member_chunks(entry, None, budget, index, taken)
            yield from chunks
            index += 1
            continue
        with archive.open(info) as content:
            for chunk in member_chunks(entry, content, budget, index, taken):
                yield chunk
                index += 1
    if budget.depth > 1:
        budget.depth -= 1


def _check(entry: Entry, info: zipfile.ZipInfo) -> None:
    mode = info.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnreadableError(f"member {entry.number} is a link or a device: refused")
    if info.flag_bits & _ENCRYPTED:
        raise WithheldError(f"member {entry.number} is encrypted: the archive is withheld")
    if info.compress_type not in _METHODS:
        raise WithheldError(
            f"member {entry.number} is compressed by a method that is not handled: withheld"
        )


class _ZipWriter:
    def __init__(self, out: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(cast(BinaryIO, Gate(out)), "w")

    def member(self, entry: Entry, name: str, content: BinaryIO | None, size: int) -> None:
        old: zipfile.ZipInfo = entry.info
        info = zipfile.ZipInfo(name, old.date_time)
        info.compress_type = old.compress_type
        info.external_attr = old.external_attr
        info.create_system = old.create_system
        if content is None:
            self._archive.writestr(info, b"")
            return
        info.file_size = size
        with self._archive.open(info, "w") as target:
            while block := content.read(1 << 20):
                target.write(block)

    def close(self) -> None:
        self._archive.close()
