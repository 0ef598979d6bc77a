"""CSV and TSV: every cell is a unit; what is not redacted stays byte for byte.

Only a redacted cell is written anew, quoted if its new text needs it; what redactor writes
never begins a spreadsheet formula (:mod:`redactor.formats.formula`). Cells that hold JSON
are opened (:mod:`redactor.formats.leaves`). Where the policy decides every column by its
name alone, cells are taken column by column (:mod:`redactor.formats.csv_table`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import Chunk, ReadOptions
from redactor.formats.csv_rows import Cell, Header, cell_pattern, cut, detect_delimiter, find_header
from redactor.formats.csv_table import table_chunk
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.formula import escape_existing, guard_redactions
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Unit

_QUOTED = frozenset('",;|\t\r\n')  # other delimiters too: what opens the file may guess


@dataclass(frozen=True, slots=True)
class CsvChunk:
    """Whole rows. ``head`` is the byte order mark before the first chunk.

    ``places`` unit id -> raw start and end, and the cell's text; ``records`` counts rows
    below the header.
    """

    index: int
    units: Sequence[Unit] = field(repr=False)
    raw: str = field(repr=False)
    places: Mapping[str, tuple[int, int, str]] = field(repr=False)
    encoding: Encoding
    delimiter: str
    head: bytes
    cells: int
    records: int
    nested: Mapping[str, Nested] = field(default_factory=dict, repr=False)
    spec: Sequence[Any] = ()
    escape_formulas: bool = False
    guard_formulas: bool = True

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, length of the byte order mark, delimiter, number of cells."""
        return {
            "encoding": self.encoding.name, "bom": len(self.head), "delimiter": self.delimiter,
            "cells": self.cells, "nested": self.spec,
        }  # fmt: skip

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Guarded against formulas; keys of JSON in cells kept distinct."""
        grouped = by_unit(settle(redactions, self.nested))
        for unit_id, mine in grouped.items():
            if unit_id in self.places and self.guard_formulas:
                text = self.places[unit_id][2]
                grouped[unit_id] = guard_redactions(text, mine, "".join(splice(text, mine)))
        if self.escape_formulas:
            for unit in self.units:
                if unit.id not in grouped:
                    made = escape_existing(unit.id, unit.text)
                    if made is not None and unit.id in self.places:
                        grouped[unit.id] = [made]
        return [entry for entries in grouped.values() for entry in entries]

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the rows; untouched cells as they were read."""
        pieces: list[str] = []
        at = 0
        grouped = by_unit(fold(redactions, self.nested))
        for unit_id in sorted(grouped, key=lambda entry: self.places[entry]):
            start, end, text = self.places[unit_id]
            quoted = self.raw[start : start + 1] == '"'
            new = "".join(splice(text, grouped[unit_id]))
            pieces += [self.raw[at:start], encode_cell(new, quoted=quoted)]
            at = end
        pieces.append(self.raw[at:])
        out.write(self.head + self.encoding.encode("".join(pieces)))


def encode_cell(text: str, *, quoted: bool) -> str:
    """A cell as it is written; quoted where it was, or where its text needs it."""
    if quoted or not _QUOTED.isdisjoint(text):
        return '"' + text.replace('"', '""') + '"'
    return text


class CsvFormat:
    """Rows of delimited cells; ``delimiter`` None means: detect it."""

    streaming = True

    def __init__(self, delimiter: str | None) -> None:
        self._delimiter = delimiter

    @property
    def name(self) -> str:
        """``csv`` or ``tsv``."""
        return "tsv" if self._delimiter == "\t" else "csv"

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[Chunk]:
        """Chunks of whole rows.

        Raises:
            UnreadableError: a quote is never closed, or bytes are not the encoding; names
                the row.
        """
        first = source.read(options.chunk_bytes)
        encoding = detect_encoding(first, options.encoding, whole=len(first) < options.chunk_bytes)
        head = encoding.bom
        texts = _texts(source, first[len(head) :], encoding, options)
        pending = next(texts, "")
        delimiter = options.delimiter or self._delimiter or detect_delimiter(pending)
        pattern = cell_pattern(delimiter)
        header = Header()
        row, index, done, by_name = 1, 0, False, False
        while not done:
            more = next(texts, None)
            done = more is None
            if not by_name:
                cells, used, rows = cut(pattern, pending, row, last=done)
                if index == 0 and cells:
                    header = find_header(cells, options.header)
                    by_name = _by_name(header, options)
                if by_name:
                    # the rows up to the header go by themselves
                    cells = [cell for cell in cells if cell.row <= header.row]
                    rows, used = header.row, _end_of(cells[-1], pending)
                if cells or (done and (pending or head or index == 0)):
                    yield _chunk(
                        index, cells, pending[:used], header, encoding, delimiter, head, options
                    )
                    index, head = index + 1, b""
                row, pending = row + rows, pending[used:]
            if by_name:
                table = table_chunk(
                    pattern, pending, index, row, header, encoding, delimiter, last=done
                )
                if table.rows:
                    yield table
                    index += 1
                row, pending = row + len(table.rows), pending[table.used :]
            pending += more or ""
            if len(pending) > options.max_record_bytes:
                raise UnreadableError(f"row {row} is too long: is a quote left open there?")


def _end_of(cell: Cell, text: str) -> int:
    """Where the row of its last cell ends, line end included."""
    if text.startswith("\r\n", cell.end):
        return cell.end + 2
    return min(cell.end + 1, len(text))


def _by_name(header: Header, options: ReadOptions) -> bool:
    """Whether the policy decides every column by its name alone."""
    decided = options.decided
    return (
        decided is not None
        and header.row > 0
        and header.sure
        and not options.escape_formulas
        and all(name and decided(name) for name in header.names)
    )


def _texts(
    source: BinaryIO, first: bytes, encoding: Encoding, options: ReadOptions
) -> Iterator[str]:
    """Decoded stretches of the source; a character is never cut."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    at, block = len(encoding.bom), first
    try:
        while block:
            yield decoder.decode(block)
            at += len(block)
            block = source.read(options.chunk_bytes)
        rest = decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"about byte {at + error.start} is not {encoding.name}: name the right --encoding"
        ) from None
    if rest:
        yield rest


def _chunk(
    index: int,
    cells: Sequence[Cell],
    raw: str,
    header: Header,
    encoding: Encoding,
    delimiter: str,
    head: bytes,
    options: ReadOptions,
) -> CsvChunk:
    leaves = Leaves(options)
    places: dict[str, tuple[int, int, str]] = {}
    names = {
        column: header.name(header.row + 1, column) for column in range(1, 1 + len(header.names))
    }
    top = header.row
    for cell in cells:
        text, row = cell.text, cell.row
        if not text:
            leaves.add("", "", _NOWHERE, None)
            continue
        place = f"{row}:{cell.column}"
        kind = "header" if row == top and header.sure else "cell"
        name = names.get(cell.column) if row > top else None
        leaves.add(place, text, Locator(kind, place), name, closed=row <= top)
        places[place] = (cell.start, cell.end, text)
    rows = {cell.row for cell in cells if cell.row > top}
    return CsvChunk(
        index, leaves.units, raw, places, encoding, delimiter, head, len(cells), len(rows),
        leaves.nested, leaves.spec, options.escape_formulas,
        options.guard_formulas,
    )  # fmt: skip


_NOWHERE = Locator("cell", "")
