"""What a format is: source -> chunks of units; redactions -> redacted copy.

A chunk is the **release unit**: what is found in, verified and recorded together. A
document format yields one chunk for the whole file, a streaming format many, cut at
record ends, with bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from redactor.policy.model import OfficeOptions
from redactor.values import Redaction, Unit

_OFFICE = OfficeOptions()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Limits and hints for reading; every limit is refused, never cut off silently.

    ``encoding``         forced encoding name, or None to detect
    ``chunk_bytes``      target size of a streamed chunk (decompressed bytes)
    ``max_record_bytes`` longest single record (line, CSV row, JSON line) that is read
    ``max_bytes``        most decompressed bytes of one item; None = no limit
    ``max_ratio``        most decompressed bytes for one compressed byte; 0 = any ratio
    ``max_depth``        deepest JSON nesting
    ``delimiter``        forced CSV delimiter, or None to detect
    ``office``           the policy's section for Office documents
    """

    encoding: str | None = None
    chunk_bytes: int = 1 << 20
    max_record_bytes: int = 256 << 20
    max_bytes: int | None = None
    max_ratio: int = 250
    max_depth: int = 200
    delimiter: str | None = None
    office: OfficeOptions = _OFFICE


class Chunk(Protocol):
    """One release unit of a source."""

    @property
    def index(self) -> int:
        """0-based position among the source's chunks."""
        ...

    @property
    def units(self) -> Sequence[Unit]:
        """The chunk's texts in reading order; ids are unique inside the chunk."""
        ...

    @property
    def hints(self) -> Mapping[str, Any]:
        """How to read the written bytes back (encoding, delimiter ...); JSON-able."""
        ...

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """The redactions as this format will write them (JSON keys stay distinct)."""
        ...

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the redacted copy of exactly this chunk.

        ``redactions`` may come in any order but do not overlap. With none, the bytes
        written equal the bytes read.

        Raises:
            WithheldError: a redaction cannot be carried out in this format.
        """
        ...


class Format(Protocol):
    """One file format."""

    @property
    def name(self) -> str:
        """Short lower-case name, as in ``--format``."""
        ...

    @property
    def streaming(self) -> bool:
        """True when chunks are released one by one."""
        ...

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[Chunk]:
        """Read ``source`` (decompressed bytes, not necessarily seekable).

        Raises:
            UnreadableError: not this format, also mid-file; says row/line/byte offset.
        """
        ...
