"""Logs: a stream of lines, any bytes; chunks are cut at line ends.

UTF-8 with every invalid byte kept (``surrogateescape``), so NUL, CR, ANSI colours and
broken characters come back byte for byte outside redactions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.splice import splice
from redactor.values import Locator, Redaction, Unit


@dataclass(frozen=True, slots=True)
class LogChunk:
    """Whole lines of a log."""

    index: int
    units: Sequence[Unit] = field(repr=False)

    @property
    def hints(self) -> dict[str, Any]:
        """Nothing beyond the format's name."""
        return {}

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """As they are."""
        return redactions

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the lines."""
        text = self.units[0].text
        if redactions:
            text = "".join(splice(text, redactions))
        out.write(text.encode("utf-8", "surrogateescape"))


class LogFormat:
    """Lines as records."""

    name = "log"
    streaming = True

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[LogChunk]:
        """Chunks of whole lines."""
        at = 0
        for index, block in enumerate(line_blocks(source, options)):
            text = block.decode("utf-8", "surrogateescape")
            yield LogChunk(index, [Unit("0", text, Locator("text", str(at)), by_line=True)])
            at += len(block)


def line_blocks(source: BinaryIO, options: ReadOptions) -> Iterator[bytes]:
    """Blocks of about ``chunk_bytes`` that end at a line end (or at the end of the source).

    A live stream yields what there is; memory is bounded by the longest line.

    Raises:
        UnreadableError: a line is longer than ``max_record_bytes``.
    """
    reader = getattr(source, "read1", source.read)
    pending: list[bytes] = []
    size = at = 0
    while block := reader(options.chunk_bytes):
        end = block.rfind(b"\n") + 1
        if not end:
            pending.append(block)
            size += len(block)
            if size > options.max_record_bytes:
                raise UnreadableError(
                    f"the line at byte {at} is longer than {options.max_record_bytes} bytes"
                )
            continue
        whole = b"".join([*pending, block[:end]])
        at += len(whole)
        yield whole
        rest = block[end:]
        pending, size = ([rest], len(rest)) if rest else ([], 0)
    if pending:
        yield b"".join(pending)
