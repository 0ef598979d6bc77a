"""Plain text: the whole file is one unit; encoding, BOM and line ends stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.splice import splice
from redactor.values import Locator, Redaction, Unit

LARGEST = 64 << 20  # a document is held in memory whole; larger text is a log


@dataclass(frozen=True, slots=True)
class TextChunk:
    """A whole text file."""

    units: Sequence[Unit] = field(repr=False)
    encoding: Encoding
    index: int = 0

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding and length of the byte order mark."""
        return {"encoding": self.encoding.name, "bom": len(self.encoding.bom)}

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """As they are."""
        return redactions

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the text with its mark."""
        text = "".join(splice(self.units[0].text, redactions)) if self.units else ""
        out.write(self.encoding.bom + self.encoding.encode(text))


class TextFormat:
    """Plain text."""

    name = "text"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[TextChunk]:
        """The one chunk of the file."""
        data = read_whole(source)
        encoding = detect_encoding(data, options.encoding)
        text = encoding.decode(data[len(encoding.bom) :])
        if encoding.bom + encoding.encode(text) != data:
            raise UnreadableError(
                f"the bytes are not clean {encoding.name} and would change on writing: "
                "name the right --encoding, or read it with --format log"
            )
        units = [Unit("0", text, Locator("text", "0"))] if text else []
        yield TextChunk(units, encoding)


def read_whole(source: BinaryIO) -> bytes:
    """All bytes of a document.

    Raises:
        UnreadableError: larger than 64 MiB.
    """
    data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableError(
            f"larger than {LARGEST >> 20} MiB: too large for a document; if its lines are "
            "records, read it with --format log (or jsonl)"
        )
    return data
