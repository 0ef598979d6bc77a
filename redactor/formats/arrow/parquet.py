"""Parquet: schema, row groups (up to 65,536 rows) and compression are kept; statistics are not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

from redactor.errors import UnreadableError
from redactor.formats.arrow.chunks import HeadChunk, RowsChunk, head_chunk, rows_chunks
from redactor.formats.arrow.columns import ROWS, digest
from redactor.formats.arrow.lib import load
from redactor.formats.base import Assembler, Chunk, ReadOptions
from redactor.formats.gate import Gate
from redactor.formats.source import random_access


class ParquetFormat:
    """A Parquet file."""

    name = "parquet"
    streaming = True

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes a Parquet file."""
        return _Assembler(out)

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[Chunk]:
        """The head, then rows group by group.

        Raises:
            UnreadableError: damaged (wrong footer, cut off ...), or encrypted.
            WithheldError: a column type that is not handled.
        """
        pa, pq = load()
        raw = random_access(source)
        size = raw.seek(0, 2)
        raw.seek(0)
        try:
            file = pq.ParquetFile(cast(Any, raw))
            schema = file.schema_arrow
            metadata = file.metadata
        except (pa.ArrowException, OSError, ValueError) as error:
            raise UnreadableError(
                f"the Parquet footer (before byte {size}) cannot be read ({type(error).__name__}): "
                "the file is damaged or cut off"
            ) from None
        known = dict(metadata.metadata or {}) | dict(schema.metadata or {})
        yield head_chunk(schema, known, {"compression": _compression(metadata)}, options)
        yield from rows_chunks(_batches(file, metadata), schema, options)
        while source.read(1 << 20):
            pass


def _batches(file: Any, metadata: Any) -> Iterator[Any]:
    for group in range(metadata.num_row_groups):
        yield from file.iter_batches(batch_size=ROWS, row_groups=[group])


def _compression(metadata: Any) -> dict[str, str]:
    """Path of a leaf column -> codec."""
    if not metadata.num_row_groups:
        return {}
    group = metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    return {column.path_in_schema: _codec(column.compression) for column in columns}


def _codec(name: str) -> str:
    return {"UNCOMPRESSED": "none", "LZ4_RAW": "lz4"}.get(name, name.lower())


class _Assembler:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._manifest: list[Any] = []
        self._writer: Any = None
        self._schema: Any = None

    def add(self, chunk: Chunk, piece: BinaryIO) -> None:
        pa, pq = load()
        data = piece.read()
        if isinstance(chunk, HeadChunk):
            body = json.loads(data)
            self._schema = final_schema(chunk.schema, body)
            codecs = _renamed(chunk.settings["compression"], chunk.schema.names, body["names"])
            self._writer = pq.ParquetWriter(
                cast(Any, Gate(self._out)), self._schema,
                compression=codecs or "snappy", write_statistics=False,
            )  # fmt: skip
            self._manifest.append([body["names"], sorted(body["metadata"])])
            return
        assert isinstance(chunk, RowsChunk)
        table = pq.read_table(io.BytesIO(data))
        table = pa.Table.from_arrays(table.columns, schema=self._schema)
        self._writer.write_table(table, row_group_size=ROWS)
        self._manifest.append([table.num_rows, *digest(table)])

    def finish(self) -> Sequence[Any]:
        if self._writer is not None:
            self._writer.close()
        return self._manifest


def _renamed(codecs: dict[str, str], old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Codecs by the paths that the copy's columns have."""
    names = dict(zip(old, new, strict=True))
    made = {}
    for path, codec in codecs.items():
        for name, renamed in names.items():
            if path == name or path.startswith(name + "."):
                made[renamed + path[len(name) :]] = codec
    return made


def final_schema(schema: Any, body: dict[str, Any]) -> Any:
    """The source's schema with the names and metadata that were decided."""
    pa, _ = load()
    fields = []
    for item, name in zip(schema, body["names"], strict=True):
        ids = {k: v for k, v in (item.metadata or {}).items() if k == b"PARQUET:field_id"}
        fields.append(pa.field(name, item.type, item.nullable, metadata=ids or None))
    metadata = {
        key.encode("utf-8", "surrogateescape"): value.encode("utf-8", "surrogateescape")
        for key, value in body["metadata"]
    }
    return pa.schema(fields, metadata=metadata or None)
