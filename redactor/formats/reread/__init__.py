"""Reading written chunks back with other parsers than the writers', for verification.

CSV by the standard library's reader, JSON by the standard library's parser, XML by expat,
text by plain decoding ...: a fault of our own parsers cannot hide itself. The registry is a
literal dict; what is heavy is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from redactor.formats.reread import delimited, jsons

Reader = Callable[[bytes, Mapping[str, Any]], Iterator[str]]


def decoded(data: bytes, hints: Mapping[str, Any]) -> str:
    """The text of written bytes, without their byte order mark."""
    return data[hints.get("bom", 0) :].decode(hints.get("encoding", "utf-8"))


def _text(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    yield decoded(data, hints)


def _log(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    yield data.decode("utf-8", "surrogateescape")


def _csv(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    return delimited.cells(decoded(data, hints), hints)


def _json(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    return jsons.strings(decoded(data, hints))


def _jsonl(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    lines = decoded(data, hints).split("\n")
    return (text for line in lines if line.strip(" \t\r") for text in jsons.strings(line))


def _html(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread import html

    return html.texts(decoded(data, hints))


_READERS: dict[str, Reader] = {
    "text": _text,
    "log": _log,
    "csv": _csv,
    "tsv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "html": _html,
}


def reread(name: str, data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts of one written chunk, in the order of its units; empty texts are left out.

    Args:
        name: format name.
        data: the written bytes of exactly one chunk.
        hints: the writer's ``Chunk.hints``.

    Raises:
        ValueError: the bytes cannot be read (UnicodeDecodeError, JSONDecodeError ...).
    """
    found = _READERS[name](data, hints)
    return (text for text in jsons.opened(found, hints.get("nested", ())) if text)
