"""Arrow IPC files (Feather 2) and streams: schema and compression are kept.

Batches are, too, up to 65,536 rows. Dictionaries are made anew for the whole file, so rows wait
in a temporary file (redacted, without a name) until all are there.
"""

from __future__ import annotations

import io
import json
import struct
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

from redactor.errors import UnreadableError
from redactor.formats.arrow.chunks import HeadChunk, RowsChunk, head_chunk, rows_chunks
from redactor.formats.arrow.columns import digest
from redactor.formats.arrow.lib import load
from redactor.formats.arrow.parquet import final_schema
from redactor.formats.base import Assembler, Chunk, ReadOptions
from redactor.formats.gate import Gate
from redactor.formats.source import random_access

_FILE = b"ARROW1"
_LENGTH = struct.Struct("<q")
_CODECS = ((b"\x04\x22\x4d\x18", "lz4"), (b"\x28\xb5\x2f\xfd", "zstd"))


class IpcFormat:
    """An Arrow IPC file or stream."""

    name = "arrow"
    streaming = True

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes what the source was: a file or a stream."""
        return _Assembler(out)

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[Chunk]:
        """The head, then rows batch by batch.

        Raises:
            UnreadableError: damaged or cut off.
            WithheldError: a column type that is not handled.
        """
        pa, _ = load()
        raw = random_access(source)
        start = raw.read(1 << 16)
        size = raw.seek(0, 2)
        raw.seek(0)
        is_file = start.startswith(_FILE)
        opener = pa.ipc.open_file if is_file else pa.ipc.open_stream
        try:
            reader = opener(cast(Any, raw))
        except (pa.ArrowException, OSError) as error:
            where = f"footer (before byte {size})" if is_file else "beginning"
            raise UnreadableError(
                f"the {where} of the Arrow file cannot be read ({type(error).__name__}): damaged "
                "or cut off"
            ) from None
        codec = next((name for magic, name in _CODECS if magic in start), None)
        settings = {"file": is_file, "compression": codec}
        schema = reader.schema
        yield head_chunk(schema, dict(schema.metadata or {}), settings, options)
        yield from rows_chunks(_batches(reader, is_file=is_file), schema, options)
        while source.read(1 << 20):
            pass


def _batches(reader: Any, *, is_file: bool) -> Iterator[Any]:
    if is_file:
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)
    else:
        yield from reader


class _Assembler:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._manifest: list[Any] = []
        # closed in finish(), or with the process
        self._pieces = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
        self._schema: Any = None
        self._settings: Any = None
        self._dictionaries: dict[int, Any] = {}

    def add(self, chunk: Chunk, piece: BinaryIO) -> None:
        pa, pq = load()
        data = piece.read()
        if isinstance(chunk, HeadChunk):
            body = json.loads(data)
            self._schema = final_schema(chunk.schema, body)
            self._settings = chunk.settings
            self._manifest.append([body["names"], sorted(body["metadata"])])
            return
        assert isinstance(chunk, RowsChunk)
        table = pq.read_table(io.BytesIO(data))
        for number, item in enumerate(self._schema):
            if pa.types.is_dictionary(item.type):
                values = table.column(number).cast(item.type.value_type).combine_chunks()
                known = self._dictionaries.get(number)
                new = values if known is None else pa.concat_arrays([known, values])
                self._dictionaries[number] = pa.compute.unique(new.drop_null())
        self._pieces.write(_LENGTH.pack(len(data)) + data)
        self._manifest.append([table.num_rows, *digest(table)])

    def finish(self) -> Sequence[Any]:
        pa, pq = load()
        options = pa.ipc.IpcWriteOptions(compression=self._settings["compression"])
        make = pa.ipc.new_file if self._settings["file"] else pa.ipc.new_stream
        self._pieces.seek(0)
        with (
            self._pieces,
            make(cast(Any, Gate(self._out)), self._schema, options=options) as writer,
        ):
            while head := self._pieces.read(_LENGTH.size):
                data = self._pieces.read(_LENGTH.unpack(head)[0])
                table = pq.read_table(io.BytesIO(data))
                columns = [self._column(table.column(n), n) for n in range(len(self._schema))]
                writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        return self._manifest

    def _column(self, column: Any, number: int) -> Any:
        pa, _ = load()
        dictionary = self._dictionaries.get(number)
        if dictionary is None:
            return column
        kind = self._schema.field(number).type
        values = column.cast(kind.value_type).combine_chunks()
        indices = pa.compute.index_in(values, dictionary).cast(kind.index_type)
        return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=kind.ordered)
