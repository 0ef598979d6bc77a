"""What a format is: source -> chunks of units; redactions -> redacted copy.

A chunk is the **release unit**: what is found in, verified and recorded together. A
document format yields one chunk for the whole file, a streaming format many, cut at
record ends, with bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, runtime_checkable

from redactor.policy.model import OfficeOptions, PdfOptions
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
    ``max_depth``        deepest nesting of JSON, XML and the like
    ``max_nested``       JSON in strings of JSON in strings ...: so many levels are opened
    ``max_members``      most members of an archive, those of archives inside it included
    ``max_archives``     archives in archives: so many levels are opened
    ``max_unpacked``     most bytes that the members of an archive unpack to, together
    ``delimiter``        forced CSV delimiter, or None to detect
    ``header``           whether the first row names the columns, or None to detect
    ``decided``          says of a column's name whether the policy decides by it alone, so that
                         its cells need no scan; None: every cell is looked at
    ``escape_formulas``  make every CSV cell that a spreadsheet would run into text
    ``guard_formulas``   what is written into a CSV cell never begins a formula; False only where
                         originals are put back
    ``password``         opens a protected document; secret
    ``language``         ISO 639-1 code of the texts, for text recognition
    ``workers``          processes that share the pages of one document
    ``seconds``          most wall-clock seconds that one step of a document may take
    ``memory``           most bytes of address space of a document's process; 0 = no limit
    ``pdf``              the policy's section of that name
    ``office``           the policy's section for Office documents
    """

    encoding: str | None = None
    chunk_bytes: int = 1 << 20
    max_record_bytes: int = 256 << 20
    max_bytes: int | None = None
    max_ratio: int = 250
    max_depth: int = 200
    max_nested: int = 3
    max_members: int = 10_000
    max_archives: int = 3
    max_unpacked: int = 8 << 30
    delimiter: str | None = None
    header: bool | None = None
    decided: Callable[[str], bool] | None = None
    escape_formulas: bool = False
    guard_formulas: bool = True
    password: str | None = field(default=None, repr=False)
    language: str = "en"
    workers: int = 1
    seconds: float = 600.0
    memory: int = 6 << 30
    pdf: PdfOptions = field(default_factory=PdfOptions)
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
        written equal the bytes read (documents still lose their metadata).

        Raises:
            WithheldError: a redaction cannot be carried out in this format.
        """
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that verification found wrong in a written document.

    ``page`` is 0-based, None where it is no page's; ``boxes`` say where on the page (PDF user
    space); ``leak`` tells a value that still stands from damage to what should stay.
    """

    page: int | None
    leak: bool
    boxes: tuple[tuple[float, float, float, float], ...] = ()


@runtime_checkable
class StrongerChunk(Protocol):
    """A chunk that can be written again, by a stronger method, after verification failed."""

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """Prepare the next :meth:`Chunk.write`; False when there is nothing stronger.

        Raises:
            WithheldError: the stronger method cannot be used here, and why.
        """
        ...


@runtime_checkable
class ReportingChunk(Protocol):
    """A chunk that tells how it was written, for report and audit."""

    @property
    def notes(self) -> Mapping[str, Any]:
        """JSON-able figures and methods after writing; never a value."""
        ...

    @property
    def reference(self) -> bytes | None:
        """The source's bytes, with which verification compares the look; None: not compared."""
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


class Assembler(Protocol):
    """Puts verified chunks together into one file.

    For formats whose chunks cannot just follow one another (archives, Parquet).
    """

    def add(self, chunk: Chunk, piece: BinaryIO) -> None:
        """Take in the next chunk; ``piece`` is open at the start of its written bytes."""
        ...

    def finish(self) -> Sequence[Any]:
        """Complete the file. Returns what the re-reader must find in it, JSON-able."""
        ...


@runtime_checkable
class Container(Protocol):
    """A format that needs an assembler."""

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes into ``out``, which may be a compressor."""
        ...
