"""File formats: source -> chunks of units; redactions -> redacted copy.

The registry is one literal dict; a new format is a new file and a line here.
"""

from __future__ import annotations

from collections.abc import Callable

from redactor.formats.base import Chunk, Format, ReadOptions
from redactor.formats.csv import CsvFormat
from redactor.formats.json import JsonFormat, JsonLinesFormat
from redactor.formats.log import LogFormat
from redactor.formats.sniff import detect_format
from redactor.formats.source import Source, open_sink, open_source
from redactor.formats.text import TextFormat


def _office(name: str) -> Callable[[], Format]:
    def make() -> Format:
        from redactor.formats.office.document import OfficeFormat  # only for such files

        return OfficeFormat(name)

    return make


FORMATS: dict[str, Callable[[], Format]] = {
    "text": TextFormat,
    "log": LogFormat,
    "csv": lambda: CsvFormat(None),
    "tsv": lambda: CsvFormat("\t"),
    "json": JsonFormat,
    "jsonl": JsonLinesFormat,
    "docx": _office("docx"),
    "xlsx": _office("xlsx"),
    "pptx": _office("pptx"),
    "odt": _office("odt"),
    "ods": _office("ods"),
    "odp": _office("odp"),
}

__all__ = [
    "FORMATS",
    "Chunk",
    "Format",
    "ReadOptions",
    "Source",
    "detect_format",
    "open_sink",
    "open_source",
]
