"""Reading written chunks back with other parsers than the writers', for verification.

CSV by the standard library's reader, JSON by the standard library's parser, text by plain
decoding, Office documents by expat's events: a fault of our own parsers cannot hide itself.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

_OFFICE = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})


def reread(name: str, data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts of one written chunk, in the order of its units; empty texts are left out.

    Args:
        name: format name.
        data: the written bytes of exactly one chunk.
        hints: the writer's ``Chunk.hints``.

    Raises:
        ValueError: the bytes cannot be read (UnicodeDecodeError, JSONDecodeError ...).
    """
    if name in _OFFICE:
        from redactor.formats.office.reread import texts

        return texts(data, hints)
    if name == "log":
        text = data.decode("utf-8", "surrogateescape")
    else:
        text = data[hints.get("bom", 0) :].decode(hints.get("encoding", "utf-8"))
    found: Iterator[str]
    if name in ("csv", "tsv"):
        found = _cells(text, hints["delimiter"])
    elif name == "json":
        found = _walk(_load(text))
    elif name == "jsonl":
        lines = text.split("\n")
        found = (t for line in lines if line.strip(" \t\r") for t in _walk(_load(line)))
    else:
        found = iter([text])
    return (text for text in found if text)


def _cells(text: str, delimiter: str) -> Iterator[str]:
    csv.field_size_limit(sys.maxsize)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield from row


class _Object(list[tuple[str, Any]]):
    """The members of a JSON object in order, duplicates included."""


def _load(text: str) -> Any:
    # numbers stay as they are spelt
    return json.loads(text, object_pairs_hook=_Object, parse_int=str, parse_float=str)


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, _Object):
        for key, member in value:
            yield key
            yield from _walk(member)
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member)
