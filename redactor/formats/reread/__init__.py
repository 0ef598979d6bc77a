"""Reading written chunks back with other parsers than the writers', for verification.

CSV by the standard library's reader, JSON by the standard library's parser, XML by expat,
text by plain decoding ...: a fault of our own parsers cannot hide itself. The registry is a
literal dict; what is heavy is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from redactor.formats.reread import delimited, jsons

Reader = Callable[[bytes, Mapping[str, Any]], Iterator[str]]


def decoded(data: bytes, hints: Mapping[str, Any]) -> str:
    """The text of written bytes, without their byte order mark."""
    encoding, errors = hints.get("encoding", "utf-8"), hints.get("errors", "strict")
    return data[hints.get("bom", 0) :].decode(encoding, errors)


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


def _xml(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.xmls import texts

    return texts(decoded(data, hints))


def _yaml(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.yamls import texts

    return texts(decoded(data, hints))


def _toml(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.tomls import texts

    return texts(decoded(data, hints))


def _ini(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.lined import ini

    return ini(decoded(data, hints))


def _env(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.lined import env

    return env(decoded(data, hints))


def _properties(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.lined import properties

    return properties(decoded(data, hints))


def _sql(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.sqls import texts

    return texts(decoded(data, hints), hints)


def _notebook(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.notebooks import texts

    return texts(decoded(data, hints))


def _archive(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.archives import pieces

    return pieces(data, dict(hints), reread)


def _arrow(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.arrows import texts

    return texts(data, hints)


def _html(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread import html

    return html.texts(decoded(data, hints))


def _avro(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.reread.avros import texts

    return texts(data, hints)


def _office(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    from redactor.formats.office.reread import texts

    return texts(data, hints)


_READERS: dict[str, Reader] = {
    "text": _text,
    "log": _log,
    "csv": _csv,
    "tsv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "xml": _xml,
    "yaml": _yaml,
    "toml": _toml,
    "ini": _ini,
    "env": _env,
    "properties": _properties,
    "sql": _sql,
    "notebook": _notebook,
    "zip": _archive,
    "tar": _archive,
    "parquet": _arrow,
    "arrow": _arrow,
    "html": _html,
    "docx": _office,
    "xlsx": _office,
    "pptx": _office,
    "odt": _office,
    "ods": _office,
    "odp": _office,
    "avro": _avro,
}


def reread(name: str, data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts of one written chunk, in the order of its units.

    Those of white space alone are left out.

    Args:
        name: format name.
        data: the written bytes of exactly one chunk.
        hints: the writer's ``Chunk.hints``.

    Raises:
        ValueError: the bytes cannot be read (UnicodeDecodeError, JSONDecodeError ...).
    """
    found = _READERS[name](data, hints)
    texts = jsons.opened(found, hints.get("nested", ()))
    return filter(str.strip, texts)


def check_assembled(path: Path, name: str, manifest: Sequence[Any]) -> None:
    """Whether a finished file holds exactly the chunks that were verified one by one.

    Args:
        path: the file, compressed or not.
        name: format name.
        manifest: what the format's assembler said.

    Raises:
        ValueError: it does not.
    """
    _checker(name).check(path, name, manifest)


def check_bytes(data: bytes, name: str, manifest: Sequence[Any]) -> None:
    """The same for a file in memory (an archive in an archive)."""
    _checker(name).check_bytes(data, name, manifest)


def _checker(name: str) -> Any:
    if name in ("parquet", "arrow"):
        from redactor.formats.reread import arrows

        return arrows
    if name == "avro":
        from redactor.formats.reread import avros

        return avros
    from redactor.formats.reread import archives

    return archives
