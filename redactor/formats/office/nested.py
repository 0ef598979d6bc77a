"""Documents inside documents: what can look into a part that is no XML.

``MEDIA`` says which format of :data:`redactor.formats.FORMATS` looks at which kind of picture.
A format that is not there (yet) leaves its pictures to the policy's ``office.images``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redactor.errors import UnreadableError
from redactor.formats.base import Chunk, ReadOptions
from redactor.values import Redaction, Unit

MEDIA: dict[bytes, str] = {
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}
_OFFICE = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})


@dataclass(slots=True)
class Foreign:
    """A part of another format of :data:`redactor.formats.FORMATS`, read whole."""

    format: str
    chunks: Sequence[Chunk] = field(repr=False)

    def units(self) -> list[tuple[int, Unit]]:
        """(number of its chunk, unit) in reading order."""
        return [(number, unit) for number, chunk in enumerate(self.chunks) for unit in chunk.units]

    def settle(self, redactions: Mapping[int, Sequence[Redaction]]) -> dict[int, list[Redaction]]:
        """Redactions by chunk, as they will be written."""
        return {
            number: list(chunk.settle(redactions.get(number, ())))
            for number, chunk in enumerate(self.chunks)
        }

    def write(self, redactions: Mapping[int, Sequence[Redaction]]) -> tuple[bytes, list[Any]]:
        """The redacted bytes, and what the re-reader must know: (length, hints) a chunk."""
        out = io.BytesIO()
        hints: list[Any] = []
        for number, chunk in enumerate(self.chunks):
            before = out.tell()
            chunk.write(redactions.get(number, ()), out)
            hints.append([out.tell() - before, dict(chunk.hints)])
        return out.getvalue(), hints


def picture_format(data: bytes) -> str | None:
    """The format that looks at a picture, or None where nothing does."""
    from redactor.formats import FORMATS

    name = next((name for magic, name in MEDIA.items() if data.startswith(magic)), None)
    return name if name in FORMATS else None


def foreign(data: bytes, name: str, options: ReadOptions) -> Foreign | None:
    """A part as a document of another format; None where no format is sure of it.

    Raises:
        UnreadableError: it is of a format that is handled, and damaged.
    """
    from redactor.formats import FORMATS, detect_format

    kind = picture_format(data)
    if kind is None:
        try:
            kind = detect_format(name, data[:65536])
        except UnreadableError:
            return None
    if kind in _OFFICE or kind not in FORMATS:
        return None
    return Foreign(kind, list(FORMATS[kind]().chunks(io.BytesIO(data), options)))
