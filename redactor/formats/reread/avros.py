"""Avro files read back by Apache's own Python library."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from redactor.formats.spelling import spell


def texts(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts of one written piece.

    Raises:
        ValueError: it cannot be read, or has another number of records.
    """
    if hints["part"] == "head":
        yield from json.loads(data).values()
        return
    from avro.datafile import DataFileReader
    from avro.io import DatumReader

    with DataFileReader(io.BytesIO(data), DatumReader()) as reader:
        count = 0
        for record in reader:
            count += 1
            yield from _walk(record, reader.datum_reader.writers_schema)
    if count != hints["rows"]:
        raise ValueError(f"{count} records where {hints['rows']} were decided")


def _walk(value: Any, schema: Any) -> Iterator[str]:
    kind = schema.type
    if kind in ("union", "error_union"):
        schema = next(branch for branch in schema.schemas if branch.validate(value) is not None)
        kind = schema.type
    if kind in ("record", "error"):
        for item in schema.fields:
            yield from _walk(value[item.name], item.type)
    elif kind == "array":
        for member in value:
            yield from _walk(member, schema.items)
    elif kind == "map":
        for key, member in value.items():
            yield key
            yield from _walk(member, schema.values)
    elif value is not None and not isinstance(value, bool):
        yield str(value) if type(value).__name__ == "UUID" else spell(value)


def check(path: Path, name: str, manifest: Sequence[Any]) -> None:
    """Whether a finished file holds the verified metadata and records.

    Raises:
        ValueError: it does not.
    """
    from redactor.formats import ReadOptions, open_source

    with open_source(path, ReadOptions(max_ratio=0)) as source:
        if source.compression is not None:
            check_bytes(source.stream.read(), name, manifest)
            return
    with path.open("rb") as file:
        _check(file, manifest)


def check_bytes(data: bytes, name: str, manifest: Sequence[Any]) -> None:
    """The same for a file in memory."""
    _check(io.BytesIO(data), manifest)


def _check(file: Any, manifest: Sequence[Any]) -> None:
    from avro.datafile import DataFileReader
    from avro.io import DatumReader

    reader = DataFileReader(file, DatumReader())
    metadata = sorted(
        [key, value.decode()] for key, value in reader.meta.items() if not key.startswith("avro.")
    )
    if metadata != [list(pair) for pair in manifest[0]]:
        raise ValueError("the metadata are others")
    records = iter(reader)
    for number, (count, digest) in enumerate(manifest[1:], 1):
        state = hashlib.sha256()
        for record in itertools.islice(records, count):
            for text in _walk(record, reader.datum_reader.writers_schema):
                raw = text.encode("utf-8", "surrogatepass")
                state.update(len(raw).to_bytes(8, "big") + raw)
        if state.hexdigest() != digest:
            raise ValueError(f"part {number} of the records holds other values")
    if next(records, None) is not None:
        raise ValueError("there are more records than were decided")
