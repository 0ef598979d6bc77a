"""Columnar files read back by Polars, whose readers share nothing with pyarrow's."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from redactor.formats.spelling import spell, spell_epoch


def texts(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts of one written piece: names and metadata, or the values column by column.

    Raises:
        ValueError: it cannot be read, or has another number of rows.
    """
    if hints["part"] == "head":
        body = json.loads(data)
        yield from body["names"]
        yield from body["inner"]
        for key, value in body["metadata"]:
            yield key
            yield value
        return
    import polars as pl

    frame = pl.read_parquet(io.BytesIO(data), use_pyarrow=False)
    if frame.height != hints["rows"]:
        raise ValueError(f"{frame.height} rows where {hints['rows']} were decided")
    yield from _frame_texts(frame)


def _frame_texts(frame: Any) -> Iterator[str]:
    for series in frame.iter_columns():
        for value in _values(series):
            if value is None:
                yield ""
            else:
                yield from _walk(value, series.dtype)


def _values(series: Any) -> list[Any]:
    import polars as pl

    if isinstance(series.dtype, pl.Datetime):
        unit = series.dtype.time_unit
        return [
            None if value is None else spell_epoch(value, unit)
            for value in series.to_physical().to_list()
        ]
    listed: list[Any] = series.to_list()
    return listed


def _walk(value: Any, dtype: Any) -> Iterator[str]:
    if isinstance(value, dict) and type(dtype).__name__ == "Map":
        for key, member in value.items():
            yield from _walk(key, None)
            yield from _walk(member, dtype.value)
    elif isinstance(value, dict):
        kinds = {item.name: item.dtype for item in dtype.fields}
        for key, member in value.items():
            yield from _walk(member, kinds[key])
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member, dtype.inner)
    else:
        yield spell(value)


def _digest(found: Iterator[str]) -> tuple[int, str]:
    state, count = hashlib.sha256(), 0
    for text in found:
        raw = text.encode("utf-8", "surrogatepass")
        state.update(len(raw).to_bytes(8, "big") + raw)
        count += 1
    return count, state.hexdigest()


def check(path: Path, name: str, manifest: Sequence[Any]) -> None:
    """Whether a finished file holds the verified names, metadata and rows, and no statistics.

    Raises:
        ValueError: it does not.
    """
    from redactor.formats import ReadOptions, open_source

    with open_source(path, ReadOptions(max_ratio=0)) as source:
        if source.compression is not None:
            check_bytes(source.stream.read(), name, manifest)
            return
    _check(path, name, manifest)


def check_bytes(data: bytes, name: str, manifest: Sequence[Any]) -> None:
    """The same for a file in memory."""
    _check(io.BytesIO(data), name, manifest)


def _check(file: Any, name: str, manifest: Sequence[Any]) -> None:
    import polars as pl

    names, metadata = manifest[0]
    if name == "parquet":
        frame = pl.scan_parquet(file)
        _check_parquet_head(file, metadata)
    elif _head(file).startswith(b"ARROW1"):
        frame = pl.scan_ipc(file)
    else:
        frame = pl.read_ipc_stream(file, use_pyarrow=False).lazy()
    if frame.collect_schema().names() != list(names):
        raise ValueError("the columns have other names")
    row = 0
    for number, (rows, count, digest) in enumerate(manifest[1:], 1):
        part = frame.slice(row, rows).collect()
        if _digest(_frame_texts(part)) != (count, digest):
            raise ValueError(f"part {number} of the rows holds other values")
        row += rows
    if frame.slice(row, 1).collect().height:
        raise ValueError("there are more rows than were decided")


def _head(file: Any) -> bytes:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return opened.read(8)
    file.seek(0)
    head: bytes = file.read(8)
    file.seek(0)
    return head


def _check_parquet_head(file: Any, metadata: Sequence[Sequence[str]]) -> None:
    import pyarrow.parquet as pq

    footer = pq.read_metadata(file)
    found = sorted(
        [key.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape")]
        for key, value in (footer.metadata or {}).items()
        if key != b"ARROW:schema"
    )
    if found != [list(pair) for pair in metadata]:
        raise ValueError("the metadata are others")
    for group in range(footer.num_row_groups):
        row_group = footer.row_group(group)
        for column in range(row_group.num_columns):
            if row_group.column(column).is_stats_set:
                raise ValueError("there are statistics, which hold values")
    if not isinstance(file, Path):
        file.seek(0)
