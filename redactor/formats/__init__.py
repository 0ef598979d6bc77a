"""File formats: source -> chunks of units; redactions -> redacted copy.

The registry is one literal dict; a new format is a new file and a line here. Formats that
most runs do not need are imported when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from redactor.formats.base import Chunk, Format, ReadOptions
from redactor.formats.csv import CsvFormat
from redactor.formats.isolated import IsolatedFormat
from redactor.formats.json import JsonFormat, JsonLinesFormat
from redactor.formats.log import LogFormat
from redactor.formats.sniff import detect_format
from redactor.formats.source import Source, open_sink, open_source
from redactor.formats.text import TextFormat


def _html() -> Format:
    from redactor.formats.html import HtmlFormat

    return HtmlFormat()


def _xml() -> Format:
    from redactor.formats.xml import XmlFormat

    return XmlFormat()


def _yaml() -> Format:
    from redactor.formats.yaml import YamlFormat

    return YamlFormat()


def _toml() -> Format:
    from redactor.formats.toml import TomlFormat

    return TomlFormat()


def _ini() -> Format:
    from redactor.formats.lines import IniFormat

    return IniFormat()


def _env() -> Format:
    from redactor.formats.lines import EnvFormat

    return EnvFormat()


def _properties() -> Format:
    from redactor.formats.lines import PropertiesFormat

    return PropertiesFormat()


def _sql() -> Format:
    from redactor.formats.sql import SqlFormat

    return SqlFormat()


def _notebook() -> Format:
    from redactor.formats.notebook import NotebookFormat

    return NotebookFormat()


def _zip() -> Format:
    from redactor.formats.archive import ZipFormat

    return ZipFormat()


def _tar() -> Format:
    from redactor.formats.archive import TarFormat

    return TarFormat()


def _parquet() -> Format:
    from redactor.formats.arrow import ParquetFormat

    return ParquetFormat()


def _arrow() -> Format:
    from redactor.formats.arrow import IpcFormat

    return IpcFormat()


def _avro() -> Format:
    from redactor.formats.avro import AvroFormat

    return AvroFormat()


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
    "xml": _xml,
    "yaml": _yaml,
    "toml": _toml,
    "ini": _ini,
    "env": _env,
    "properties": _properties,
    "sql": _sql,
    "notebook": _notebook,
    "zip": _zip,
    "tar": _tar,
    "pdf": lambda: IsolatedFormat("pdf"),
    "parquet": _parquet,
    "arrow": _arrow,
    "image": lambda: IsolatedFormat("image"),
    "html": _html,
    "avro": _avro,
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
