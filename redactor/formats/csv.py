"""CSV and TSV: every cell is a unit; what is not redacted stays byte for byte.

Cells are cut by one regular expression that follows RFC 4180 and, where files do not, the
habits of Python's ``csv`` reader (text after a closing quote belongs to the cell). Only a
redacted cell is written anew, quoted if its new text needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Unit

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 20


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    return re.compile(
        rf'(?:"([^"]*+(?:""[^"]*+)*+)"([^{d}\r\n]*)'  # 1 quoted text, 2 what follows its quote
        rf"|([^{d}\r\n]*))"  # 3 plain text
        rf"({d}|\r\n|\n|\r|\Z)"  # 4 what ends the cell
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """Raw place in the chunk's text, row and column (1-based), and the decoded value."""

    start: int
    end: int
    row: int
    column: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CsvChunk:
    """Whole rows. ``head`` is the byte order mark before the first chunk."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    raw: str = field(repr=False)
    places: dict[str, tuple[int, int]] = field(repr=False)  # unit id -> raw start, end
    encoding: Encoding
    delimiter: str
    head: bytes = b""

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, length of the byte order mark, delimiter."""
        return {
            "encoding": self.encoding.name, "bom": len(self.head), "delimiter": self.delimiter
        }  # fmt: skip

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """As they are."""
        return redactions

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the rows; untouched cells as they were read."""
        pieces: list[str] = []
        at = 0
        texts = {unit.id: unit.text for unit in self.units} if redactions else {}
        for unit_id, mine in sorted(
            by_unit(redactions).items(), key=lambda item: self.places[item[0]]
        ):
            start, end = self.places[unit_id]
            quoted = self.raw[start : start + 1] == '"'
            pieces.append(self.raw[at:start])
            pieces.append(self._cell("".join(splice(texts[unit_id], mine)), quoted))
            at = end
        pieces.append(self.raw[at:])
        out.write(self.head + self.encoding.encode("".join(pieces)))

    def _cell(self, text: str, quoted: bool) -> str:
        if quoted or any(char in text for char in (self.delimiter, '"', "\r", "\n")):
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

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[CsvChunk]:
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
        pattern = _cell_pattern(delimiter)
        columns: list[str] | None = None
        row, index, done = 1, 0, False
        while not done:
            more = next(texts, None)
            done = more is None
            cells, used, rows = _cut(pattern, pending, row, last=done)
            if index == 0 and cells:
                columns = _header([cell.text for cell in cells if cell.row == 1])
            if cells or (done and (pending or head or index == 0)):
                yield _chunk(index, cells, pending[:used], columns, encoding, delimiter, head)
                index, head = index + 1, b""
            row += rows
            pending = pending[used:] + (more or "")
            if len(pending) > options.max_record_bytes:
                raise UnreadableError(f"row {row} is too long: is a quote left open there?")


def detect_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows most evenly; a comma where none does."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        cells, _, _ = _cut(_cell_pattern(delimiter), text[:20000], 1, last=False)
        widths: dict[int, int] = {}
        for cell in cells:
            if cell.row <= _SAMPLE_ROWS:
                widths[cell.row] = cell.column
        counts = list(widths.values())
        if not counts or max(counts) < 2:
            continue
        common = max(set(counts), key=counts.count)
        score = counts.count(common) / len(counts) * (common > 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _texts(
    source: BinaryIO, first: bytes, encoding: Encoding, options: ReadOptions
) -> Iterator[str]:
    """Decoded stretches of the source; a character is never cut."""
    import codecs

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


def _cut(
    pattern: re.Pattern[str], text: str, row: int, *, last: bool
) -> tuple[list[_Cell], int, int]:
    """Cells of the whole rows at the start of ``text``.

    Returns the cells, how many code points they use, and how many rows they are. Unless
    this is the ``last`` stretch, a row that touches its end is left for later: more of it
    may come.
    """
    cells: list[_Cell] = []
    used = rows = kept = 0
    column, length = 1, len(text)
    for match in pattern.finditer(text):
        start, end = match.span()
        closing = match[4]
        if start == length and column == 1:
            break  # the empty match behind the last line end
        plain = match[3]
        if plain is not None and plain.startswith('"'):
            if last:
                raise UnreadableError(f"row {row + rows}: a quote is opened and never closed")
            break
        if not last and (end == length or closing == ""):
            break
        quoted = match[1]
        value = plain if quoted is None else quoted.replace('""', '"') + match[2]
        cells.append(_Cell(start, end - len(closing), row + rows, column, value or ""))
        column += 1
        if closing[:1] in ("\r", "\n", ""):
            rows += 1
            column, used, kept = 1, end, len(cells)
            if closing == "":
                break
    return cells[:kept], used, rows


def _header(cells: Sequence[str]) -> list[str] | None:
    """Column names, if the first row looks like names: distinct words, no values."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(set(filled)) < len(filled) or len(filled) * 2 < len(cells):
        return None
    if any(len(cell) > 60 or "@" in cell or not cell[:1].isalpha() for cell in filled):
        return None
    if any(sum(char.isdigit() for char in cell) > 3 for cell in filled):
        return None
    return [cell.strip() for cell in cells]


def _chunk(
    index: int,
    cells: Sequence[_Cell],
    raw: str,
    columns: Sequence[str] | None,
    encoding: Encoding,
    delimiter: str,
    head: bytes,
) -> CsvChunk:
    units: list[Unit] = []
    places: dict[str, tuple[int, int]] = {}
    width = len(columns) if columns else 0
    for cell in cells:
        if not cell.text:
            continue
        place = f"{cell.row}:{cell.column}"
        named = columns is not None and cell.row > 1 and cell.column <= width
        name = columns[cell.column - 1] if named and columns is not None else None
        units.append(Unit(place, cell.text, Locator("cell", place), name or None))
        places[place] = (cell.start, cell.end)
    return CsvChunk(index, units, raw, places, encoding, delimiter, head)
