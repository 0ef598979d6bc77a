"""The release units of a columnar file: its head (names, metadata), then rows.

Each is written as a file of its own, which is verified and then put into the copy: the head as
JSON, rows as a small Parquet file with numbered columns. Equal content, not equal bytes: the
copy is written anew with the source's schema and compression, without statistics, page
indexes or Bloom filters, which hold values.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.arrow.columns import ROWS, Leaf, fits, leaves_of, replaced
from redactor.formats.base import ReadOptions
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Span, Unit

# kept by the writers themselves, or of no use to anyone
_OWN_METADATA = frozenset({"ARROW:schema"})


@dataclass(frozen=True, slots=True)
class HeadChunk:
    """Names of columns and key-value metadata; ``schema`` is pyarrow's."""

    units: Sequence[Unit] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    schema: Any = field(repr=False)
    nested: Mapping[str, Nested] = field(repr=False)
    spec: Sequence[Any]
    settings: Mapping[str, Any]
    index: int = 0
    notices: Sequence[str] = ()
    records: int = 0

    @property
    def hints(self) -> dict[str, Any]:
        """That this is the head."""
        return {"part": "head", "nested": self.spec}

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Names of columns stay distinct."""
        redactions = settle(redactions, self.nested)
        grouped = by_unit(redactions)
        touched = [unit_id for unit_id in grouped if unit_id.startswith("n")]
        taken = {text for key, text in self.texts.items() if key[0] == "n" and key not in grouped}
        for unit_id in touched:
            mine = sorted(grouped[unit_id], key=lambda entry: entry.span)
            text = self.texts[unit_id]
            new, number = "".join(splice(text, mine)), 1
            while not new or new in taken:
                number += 1
                last = mine[-1].span
                rest = text[last.end :]
                whole = f"{mine[-1].replacement}{rest}#{number}"
                changed = Redaction(
                    unit_id, Span(last.start, len(text)), whole, mine[-1].entity_type
                )
                new = "".join(splice(text, [*mine[:-1], changed]))
                if new and new not in taken:
                    mine[-1] = changed
            taken.add(new)
            grouped[unit_id] = mine
        return [entry for entries in grouped.values() for entry in entries]

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Names and metadata as JSON.

        Raises:
            WithheldError: the name of a field inside a column would have to change.
        """
        texts = dict(self.texts)
        for unit_id, mine in by_unit(fold(redactions, self.nested)).items():
            if unit_id.startswith("i"):
                raise WithheldError(
                    "the name of a field inside a column holds personal data and cannot be "
                    "changed: rename it before"
                )
            texts[unit_id] = "".join(splice(texts[unit_id], mine))
        body = {
            "names": [text for key, text in texts.items() if key[0] == "n"],
            "inner": [text for key, text in texts.items() if key[0] == "i"],
            "metadata": [[texts[key], texts["v" + key[1:]]] for key in texts if key[0] == "k"],
        }
        out.write(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape"))


def head_chunk(
    schema: Any, metadata: Mapping[bytes, bytes], settings: Mapping[str, Any], options: ReadOptions
) -> HeadChunk:
    """The head of a file with this schema."""
    leaves = Leaves(options)
    texts: dict[str, str] = {}
    for number, name in enumerate(schema.names):
        texts[f"n{number}"] = name
        leaves.add(f"n{number}", name, Locator("header", f"0:{number + 1}"), None, closed=True)
    for number, name in enumerate(_inner_names(schema)):
        texts[f"i{number}"] = name
        leaves.add(f"i{number}", name, Locator("header", f"0:{number + 1}"), None, closed=True)
    for number, (key, value) in enumerate(metadata.items()):
        name = key.decode("utf-8", "surrogateescape")
        if name in _OWN_METADATA:
            continue
        text = value.decode("utf-8", "surrogateescape")
        texts[f"k{number}"], texts[f"v{number}"] = name, text
        leaves.add(f"k{number}", name, Locator("metadata", f"{number}k"), None, closed=True)
        leaves.add(f"v{number}", text, Locator("metadata", str(number)), name)
    dropped = any(f.metadata and set(f.metadata) - {b"PARQUET:field_id"} for f in schema)
    notices = ("metadata of single columns were left out",) if dropped else ()
    return HeadChunk(
        leaves.units, texts, schema, leaves.nested, leaves.spec, settings, notices=notices
    )


def _inner_names(schema: Any) -> Iterator[str]:
    """Distinct names of struct fields inside the columns, in order."""
    import pyarrow as pa

    seen: dict[str, None] = {}

    def visit(kind: Any) -> None:
        for number in range(kind.num_fields):
            inner = kind.field(number)
            if pa.types.is_struct(kind):
                seen.setdefault(inner.name)
            visit(inner.type)

    for item in schema:
        visit(item.type)
    return iter(seen)


@dataclass(frozen=True, slots=True)
class RowsChunk:
    """Some rows. ``batch`` pyarrow's record batch with numbered columns."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    batch: Any = field(repr=False)
    values: Sequence[list[Any]] = field(repr=False)
    found: Mapping[str, Leaf] = field(repr=False)
    nested: Mapping[str, Nested] = field(repr=False)
    spec: Sequence[Any]

    @property
    def hints(self) -> dict[str, Any]:
        """That these are rows, and which texts hold JSON."""
        return {"part": "rows", "nested": self.spec, "rows": self.batch.num_rows}

    @property
    def records(self) -> int:
        """Number of rows."""
        return int(self.batch.num_rows)

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """What a column's type cannot hold goes altogether."""
        made: list[Redaction] = []
        for unit_id, mine in by_unit(settle(redactions, self.nested)).items():
            leaf = self.found.get(unit_id)
            if leaf is None or isinstance(leaf.like, str):
                made += mine
                continue
            text = "".join(splice(leaf.text, mine))
            if text and fits(leaf, text):
                made += mine
            else:
                made.append(Redaction(unit_id, Span(0, len(leaf.text)), "", mine[0].entity_type))
        return made

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """The rows as a Parquet file of their own."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        changes = {
            key: "".join(splice(self.found[key].text, mine))
            for key, mine in by_unit(fold(redactions, self.nested)).items()
        }
        batch = replaced(self.batch, self.values, changes, self.found)
        sink = io.BytesIO()
        pq.write_table(
            pa.Table.from_batches([batch]), sink, compression="none", write_statistics=False
        )
        out.write(sink.getvalue())


def rows_chunks(batches: Iterator[Any], schema: Any, options: ReadOptions) -> Iterator[RowsChunk]:
    """Chunks of at most ``ROWS`` rows, and of not much more than ``chunk_bytes``."""
    import pyarrow as pa

    names = list(schema.names)
    numbered = pa.schema(
        [pa.field(f"c{n}", item.type, item.nullable) for n, item in enumerate(schema)]
    )
    index, row = 1, 1
    try:
        for batch in batches:
            step = _rows_at_once(batch, options)
            for start in range(0, batch.num_rows, step):
                part = batch.slice(start, step)
                part = pa.RecordBatch.from_arrays(part.columns, schema=numbered)
                leaves, found = Leaves(options), dict[str, Leaf]()
                values = leaves_of(part, row, leaves, found, names)
                yield RowsChunk(
                    index, leaves.units, part, values, found, leaves.nested, leaves.spec
                )
                index, row = index + 1, row + part.num_rows
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(
            f"the rows behind row {row - 1} cannot be read ({type(error).__name__}): damaged or "
            "cut off"
        ) from None


def _rows_at_once(batch: Any, options: ReadOptions) -> int:
    per_row = max(1, batch.nbytes // max(1, batch.num_rows))
    return int(max(1, min(ROWS, 16 * options.chunk_bytes // per_row)))
