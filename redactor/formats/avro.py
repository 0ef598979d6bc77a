"""Avro object container files: schema, codec and metadata are kept; needs the ``avro`` extra.

Strings, bytes, map keys, numbers, dates and times are units; fields go by the names of records. A
value that its type cannot hold after redaction becomes null where the schema lets it, otherwise
the file is withheld. Chunks are blocks of records; the copy is written anew (equal content and
schema, not equal bytes), with a sync marker that is a function of the schema.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.base import Assembler, Chunk, ReadOptions
from redactor.formats.gate import Gate
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.spelling import spell, unspell
from redactor.formats.splice import by_unit, splice
from redactor.values import Locator, Redaction, Span, Unit

_RECORDS = 5000  # of a chunk
_CODECS = ("null", "deflate", "bzip2", "zstandard")
# what fastavro raises over damaged files
_BROKEN = (EOFError, ValueError, IndexError, KeyError, TypeError, OSError, AttributeError)
_PRIMITIVE = frozenset(["null", "boolean", "int", "long", "float", "double", "bytes", "string"])


def _load() -> Any:
    try:
        import avro  # noqa: F401  # reads the copy back
        import fastavro
    except ImportError:
        raise WithheldError(
            "Avro files need the `avro` extra: pip install 'redactor[avro]'"
        ) from None
    return fastavro


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A text in a record: the record's number, the steps to it, and what it was."""

    record: int
    steps: tuple[Any, ...]
    like: Any = field(repr=False)
    text: str = field(repr=False)
    nullable: bool
    symbols: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class AvroChunk:
    """Some records; chunk 0 is the head (metadata) and has none."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    records_: Sequence[Any] = field(repr=False)
    found: Mapping[str, _Leaf] = field(repr=False)
    head: Mapping[str, str] = field(repr=False)
    schema: Any = field(repr=False)
    codec: str
    nested: Mapping[str, Nested] = field(repr=False)
    spec: Sequence[Any]

    @property
    def hints(self) -> dict[str, Any]:
        """Which part of the file this is."""
        part = "rows" if self.index else "head"
        return {"part": part, "nested": self.spec, "rows": len(self.records_)}

    @property
    def records(self) -> int:
        """Number of records."""
        return len(self.records_)

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """What a type cannot hold goes altogether."""
        made: list[Redaction] = []
        for unit_id, mine in by_unit(settle(redactions, self.nested)).items():
            leaf = self.found.get(unit_id)
            if leaf is None or (isinstance(leaf.like, str) and not leaf.symbols):
                made += mine
                continue
            text = "".join(splice(leaf.text, mine))
            new = unspell(text, leaf.like) if text else None
            same_size = not isinstance(leaf.like, _Fixed) or len(new or b"") == len(leaf.like)
            if new is not None and spell(new) == text and same_size and not leaf.symbols:
                made += mine
            else:
                made.append(Redaction(unit_id, Span(0, len(leaf.text)), "", mine[0].entity_type))
        return made

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """The metadata as JSON, or the records as an Avro file of their own.

        Raises:
            WithheldError: a value had to go where the schema allows no null.
        """
        grouped = by_unit(fold(redactions, self.nested))
        if not self.index:
            head = {
                key: "".join(splice(text, grouped.get(key, ()))) for key, text in self.head.items()
            }
            if head.get("schema") != self.head.get("schema"):
                raise WithheldError("the schema itself holds personal data: change it before")
            out.write(json.dumps(head).encode())
            return
        records = list(self.records_)
        # keys of maps last, the inner ones first: until then steps lead to where they did
        order = sorted(grouped, key=lambda key: _rank(self.found[key].steps))
        for key in order:
            leaf, mine = self.found[key], grouped[key]
            text = "".join(splice(leaf.text, mine))
            new = unspell(text, leaf.like) if text or isinstance(leaf.like, str) else None
            if leaf.symbols:
                new = None
            if new is None and not leaf.nullable:
                raise WithheldError(
                    f"record {leaf.record + 1} of part {self.index} must hold a value that had to "
                    "go: use an operator that gives a value of its type"
                )
            records[leaf.record] = _put(records[leaf.record], leaf.steps, new)
        sink = io.BytesIO()
        _load().writer(sink, self.schema, records, codec="null", sync_marker=bytes(16))
        out.write(sink.getvalue())


class _Fixed(bytes):
    """Bytes of a fixed number."""


class _Key(str):
    """Step to the key of a map entry."""


def _rank(steps: Sequence[Any]) -> tuple[bool, int]:
    return bool(steps) and isinstance(steps[-1], _Key), -len(steps)


def _text(value: Any) -> str:
    return str(value) if type(value).__name__ == "UUID" else spell(value)


class AvroFormat:
    """An Avro object container file."""

    name = "avro"
    streaming = True

    def assembler(self, out: BinaryIO) -> Assembler:
        """One that writes an Avro file."""
        return _Assembler(out)

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[AvroChunk]:
        """The head, then records.

        Raises:
            UnreadableError: damaged or cut off; says behind which record.
        """
        fastavro = _load()
        count = 0
        try:
            reader = fastavro.reader(source)
            schema, codec = reader.writer_schema, reader.codec or "null"
            if codec not in _CODECS:
                raise WithheldError(
                    f"the codec {codec} is not handled: write the file with deflate"
                )
            yield _head(reader.metadata, schema, codec, options)
            batch: list[Any] = []
            index = 1
            for record in reader:
                batch.append(record)
                count += 1
                if len(batch) == _RECORDS:
                    yield _rows(index, batch, schema, codec, options, count - len(batch))
                    index, batch = index + 1, []
            if batch:
                yield _rows(index, batch, schema, codec, options, count - len(batch))
        except (
            EOFError,
            ValueError,
            IndexError,
            KeyError,
            TypeError,
            OSError,
            AttributeError,
        ) as error:
            raise UnreadableError(
                f"the Avro file cannot be read behind record {count} ({type(error).__name__}): "
                "damaged or cut off"
            ) from None


def _head(metadata: Mapping[str, str], schema: Any, codec: str, options: ReadOptions) -> AvroChunk:
    texts = {"schema": json.dumps(json.loads(metadata["avro.schema"]))}
    for number, (key, value) in enumerate(metadata.items()):
        if not key.startswith("avro."):
            texts[f"k{number}"], texts[f"v{number}"] = key, str(value)
    leaves = Leaves(options)
    for place, text in texts.items():
        leaves.add(place, text, Locator("metadata", place), None, closed=place[0] != "v")
    return AvroChunk(0, leaves.units, (), {}, texts, schema, codec, leaves.nested, leaves.spec)


def _rows(
    index: int, batch: list[Any], schema: Any, codec: str, options: ReadOptions, before: int
) -> AvroChunk:
    leaves, found = Leaves(options), dict[str, _Leaf]()
    names: dict[str, Any] = {}
    for number, record in enumerate(batch):
        for steps, like, path, nullable, symbols in _walk(
            record, schema, "", names, nullable=False
        ):
            text = _text(like)
            key = f"{number}:" + "/".join(map(str, range(len(steps)))) + f":{len(found)}"
            locator = Locator("json", f"{before + number + 1}#{len(found)}")
            leaves.add(key, text, locator, path or None, closed=not isinstance(like, str))
            found[key] = _Leaf(number, steps, like, text, nullable, symbols)
    return AvroChunk(
        index, leaves.units, batch, found, {}, schema, codec, leaves.nested, leaves.spec
    )


_Found = tuple[tuple[Any, ...], Any, str, bool, tuple[str, ...]]


def _walk(
    value: Any, schema: Any, path: str, names: dict[str, Any], *, nullable: bool
) -> Iterator[_Found]:
    """(steps, value, field path, may be null, symbols of an enum) of every leaf, in order."""
    if isinstance(schema, list):
        null = any(_kind(branch, names) == "null" for branch in schema)
        yield from _walk(value, _branch(value, schema, names), path, names, nullable=null)
        return
    schema = names.get(schema, schema) if isinstance(schema, str) else schema
    kind = _kind(schema, names)
    if isinstance(schema, dict) and "name" in schema:
        names[schema["name"]] = schema
    if kind == "record":
        for item in schema["fields"]:
            inner = f"{path}.{item['name']}" if path else item["name"]
            for steps, *rest in _walk(
                value[item["name"]], item["type"], inner, names, nullable=False
            ):
                yield ((item["name"], *steps), *rest)
    elif kind == "array":
        for at, member in enumerate(value):
            for steps, *rest in _walk(member, schema["items"], path + "[]", names, nullable=False):
                yield ((at, *steps), *rest)
    elif kind == "map":
        for key, member in value.items():
            yield ((_Key(key),), key, "", False, ())
            for steps, *rest in _walk(
                member, schema["values"], f"{path}.{key}", names, nullable=False
            ):
                yield ((key, *steps), *rest)
    elif value is not None and not isinstance(value, bool):
        like = _Fixed(value) if kind == "fixed" and isinstance(value, bytes) else value
        symbols = tuple(schema["symbols"]) if kind == "enum" else ()
        yield ((), like, path, nullable, symbols)


def _kind(schema: Any, names: Mapping[str, Any]) -> str:
    if isinstance(schema, str) and schema not in _PRIMITIVE:
        schema = names.get(schema, schema)
    if isinstance(schema, dict):
        inner = schema["type"]
        return inner if isinstance(inner, str) else _kind(inner, names)
    return str(schema)


def _branch(value: Any, branches: Sequence[Any], names: Mapping[str, Any]) -> Any:
    """The branch of a union that a value is of."""
    fastavro = _load()
    for branch in branches:
        whole = branch
        if isinstance(branch, str) and branch not in _PRIMITIVE:
            whole = names.get(branch, branch)
        if fastavro.validate(value, whole, raise_errors=False):
            return branch
    return branches[0]


def _put(value: Any, steps: Sequence[Any], new: Any) -> Any:
    if not steps:
        return new
    step, *rest = steps
    if isinstance(step, _Key):
        return {new if key == step else key: member for key, member in value.items()}
    if isinstance(value, dict):
        return {**value, step: _put(value[step], rest, new)}
    made = list(value)
    made[step] = _put(made[step], rest, new)
    return made


class _Assembler:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._manifest: list[Any] = []
        self._writer: Any = None

    def add(self, chunk: Chunk, piece: BinaryIO) -> None:
        assert isinstance(chunk, AvroChunk)
        fastavro = _load()
        if not chunk.index:
            head = json.loads(piece.read())
            metadata = {head[key]: head["v" + key[1:]] for key in head if key[0] == "k"}
            marker = hashlib.sha256(head["schema"].encode()).digest()[:16]
            self._writer = fastavro.write.Writer(
                Gate(self._out), chunk.schema, codec=chunk.codec, metadata=dict(metadata),
                sync_marker=marker,
            )  # fmt: skip
            self._manifest.append(sorted(metadata.items()))
            return
        state, count = hashlib.sha256(), 0
        names: dict[str, Any] = {}
        for record in fastavro.reader(piece):
            self._writer.write(record)
            for _, like, *_ in _walk(record, chunk.schema, "", names, nullable=False):
                raw = _text(like).encode("utf-8", "surrogatepass")
                state.update(len(raw).to_bytes(8, "big") + raw)
            count += 1
        self._manifest.append([count, state.hexdigest()])

    def finish(self) -> Sequence[Any]:
        if self._writer is not None:
            self._writer.flush()
        return self._manifest
