"""The ZIP around an Office document: read with suspicion, written anew.

Refused: encryption, methods other than stored and deflate, two members of one name (also when
only case differs), names that lead out of a folder, members that overlap, wrong checksums,
more members or more unpacked bytes than any real document has, and what unpacks to a large
multiple of its size. Bytes that belong to no member, comments and extra fields are not copied.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from redactor.errors import UnreadableError

MAX_MEMBERS = 20_000
MAX_UNPACKED = 1 << 30  # bytes, all members of a document together, embedded ones counted too
MAX_XML = 256 << 20  # bytes of one XML part
RATIO_FROM = 16 << 20  # a small member may compress as well as it likes
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCAL = struct.Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_GROWTH_HINT = 0xA220  # room that Office leaves in a local header, filled with zeros


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. ``method``: 0 stored, 8 deflated; ``modified`` as ZIP keeps it."""

    name: str = field(repr=False)
    method: int
    modified: tuple[int, int, int, int, int, int]
    size: int


class Archive:
    """Members in the order of the directory.

    ``untidy``: there is more in the file than its members, so that it cannot be passed on as
    it is.

    Raises:
        UnreadableError: see the module's docstring.
    """

    def __init__(self, data: bytes, *, max_ratio: int, budget: Budget) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError):
            raise UnreadableError("the ZIP container is damaged or cut off") from None
        entries = self._zip.infolist()
        if len(entries) > MAX_MEMBERS:
            raise UnreadableError(f"more than {MAX_MEMBERS} members: taken for an attack")
        seen: set[str] = set()
        for number, entry in enumerate(entries, 1):
            _check_entry(entry, number, seen, max_ratio)
        budget.spend(sum(entry.file_size for entry in entries))
        self.untidy = bool(self._zip.comment) or not _covered(data, entries, self._zip.start_dir)
        self.members = {
            entry.filename: Member(
                entry.filename, entry.compress_type, entry.date_time, entry.file_size
            )
            for entry in entries
        }

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            UnreadableError: damaged.
        """
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error):
            raise UnreadableError(
                "a member of the ZIP container is damaged (wrong checksum or structure)"
            ) from None
        except (NotImplementedError, RuntimeError):
            raise UnreadableError("a member of the ZIP container cannot be unpacked") from None


class Budget:
    """Unpacked bytes that a document may still have, its embedded documents included."""

    def __init__(self, left: int = MAX_UNPACKED) -> None:
        self._left = left

    def spend(self, size: int) -> None:
        """Take from it.

        Raises:
            UnreadableError: nothing is left.
        """
        self._left -= size
        if self._left < 0:
            raise UnreadableError(
                f"unpacks to more than {MAX_UNPACKED >> 20} MiB: taken for a bomb; split the "
                "document if it is genuine"
            )


def _check_entry(entry: zipfile.ZipInfo, number: int, seen: set[str], max_ratio: int) -> None:
    name = entry.filename
    if entry.flag_bits & 0x1:
        raise UnreadableError("the document is protected by a password: remove it and try again")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableError(f"member {number} is compressed in a way Office never uses")
    parts = name.replace("\\", "/").split("/")
    if (
        name != entry.orig_filename
        or "\\" in name
        or name.startswith("/")
        or ":" in parts[0]
        or ".." in parts
        or not name
        or any(ord(char) < 32 for char in name)
    ):
        raise UnreadableError(
            f"member {number} has a name that leads out of its folder: taken for an attack"
        )
    if name.casefold() in seen:
        raise UnreadableError(
            f"member {number} has the name of another one: readers would see different documents"
        )
    seen.add(name.casefold())
    if (
        max_ratio
        and entry.file_size > RATIO_FROM
        and entry.file_size > entry.compress_size * max_ratio
    ):
        raise UnreadableError(
            f"member {number} unpacks to more than {max_ratio} times its size: taken for a bomb"
        )


def _covered(data: bytes, entries: Iterable[zipfile.ZipInfo], directory: int) -> bool:
    """Whether the members and their directory, and nothing else, fill the file.

    ``directory``: offset of the central directory.

    Raises:
        UnreadableError: members overlap (each unpacks alone, together they are a bomb).
    """
    at, tidy = 0, True
    gaps: tuple[int, ...] = (0,)
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < at:
            raise UnreadableError("members of the ZIP container overlap: taken for an attack")
        header = data[entry.header_offset : entry.header_offset + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise UnreadableError("the ZIP container is damaged or cut off")
        name_length, extra_length = _LOCAL.unpack(header)[9:11]
        start = entry.header_offset + _LOCAL.size + name_length
        extra = data[start : start + extra_length]
        tidy = tidy and entry.header_offset - at in gaps and not entry.comment
        tidy = tidy and _is_padding(extra) and _is_padding(entry.extra)
        at = start + extra_length + entry.compress_size
        # sizes that were not known beforehand follow the data
        gaps = (12, 16, 20, 24) if entry.flag_bits & 0x8 else (0,)
    ended = data[-22:-18] == b"PK\x05\x06"
    return tidy and ended and directory - at in gaps


def _is_padding(extra: bytes) -> bool:
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        body = extra[4 : 4 + size]
        if kind == _GROWTH_HINT:
            if any(body[4:]):
                return False
        elif kind != 0x0001:  # sizes beyond 32 bits
            return False
        extra = extra[4 + size :]
    return not any(extra)


def write(members: Iterable[tuple[Member, bytes]], out: BinaryIO, *, keep_times: bool) -> None:
    """Write members in the order given; equal input gives equal bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as target:
        for member, data in members:
            info = zipfile.ZipInfo(member.name, member.modified if keep_times else _EPOCH)
            info.compress_type = member.method
            info.create_system = 0
            target.writestr(info, data, compresslevel=6)
    out.write(sink.getvalue())
