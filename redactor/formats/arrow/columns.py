"""Arrow columns -> units, and redacted values -> columns of the same type.

Text (also in dictionaries, lists, structs and maps), bytes, numbers, dates and times are units.
A value that its type cannot hold after redaction becomes null; where the column must not hold
null the file is withheld. Columns are always built anew from their values, so that nothing
stays behind them: unused dictionary entries, values under a null, bytes outside a slice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redactor.errors import WithheldError
from redactor.formats.leaves import Leaves
from redactor.formats.sniff import embedded
from redactor.formats.spelling import spell, spell_epoch, unspell
from redactor.values import Locator

ROWS = 65536  # rows of a chunk at most


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a text stands: column, row, and the steps inside a nested value."""

    column: int
    row: int
    steps: tuple[Any, ...]
    like: Any = field(repr=False)
    text: str = field(repr=False)


def leaves_of(
    batch: Any, first_row: int, leaves: Leaves, found: dict[str, Leaf], names: Sequence[str]
) -> list[list[Any]]:
    """Take in a record batch column by column; returns its values as Python objects.

    Raises:
        WithheldError: a type that is not handled, or bytes that are a document of their own.
    """
    values: list[list[Any]] = []
    for number, column in enumerate(batch.columns):
        listed = python_values(column, number)
        values.append(listed)
        name = names[number]
        for row, value in enumerate(listed):
            if value is None or value is True or value is False:
                leaves.add("", "", _NOWHERE, None)
                continue
            for steps, leaf, path in walk(value, name):
                text = leaf if type(leaf) is str else _spell(leaf, number)
                if not text:
                    leaves.add("", "", _NOWHERE, None)
                    continue
                place = f"{first_row + row}:{number + 1}" + "".join(f"/{s}" for s in steps)
                key = f"{number}:{row}" + "".join(f"/{s}" for s in steps)
                leaves.add(key, text, Locator("cell", place), path, closed=type(leaf) is not str)
                found[key] = Leaf(number, row, steps, leaf, text)
    return values


_NOWHERE = Locator("cell", "")


@dataclass(frozen=True, slots=True)
class Nanoseconds:
    """A time stamp finer than Python's."""

    value: int
    unit: str


def _spell(leaf: Any, column: int) -> str:
    if isinstance(leaf, Nanoseconds):
        return spell_epoch(leaf.value, leaf.unit)
    if isinstance(leaf, bytes) and (kind := embedded(leaf)):
        raise WithheldError(
            f"column {column + 1} holds {kind} inside a value, which nothing looks into: withheld"
        )
    return spell(leaf)


def python_values(column: Any, number: int) -> list[Any]:
    """The values of a column as Python objects.

    Raises:
        WithheldError: a type that Python has no value for.
    """
    import pyarrow as pa

    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    kind = column.type
    if pa.types.is_timestamp(kind):
        unit = kind.unit
        ints = column.cast(pa.int64()).to_pylist()
        return [None if value is None else Nanoseconds(value, unit) for value in ints]
    if pa.types.is_union(kind):
        raise WithheldError(
            f"column {number + 1} is of type {kind}, which is not handled: withheld"
        )
    try:
        return list(column.to_pylist())
    except (ValueError, pa.ArrowException, NotImplementedError, KeyError):
        raise WithheldError(
            f"column {number + 1} is of type {kind}, which is not handled: withheld"
        ) from None


def walk(value: Any, name: str) -> Iterator[tuple[tuple[Any, ...], Any, str]]:
    """(steps, leaf, field path) of every leaf of a value, in order."""
    if isinstance(value, dict):
        for key, member in value.items():
            for steps, leaf, path in walk(member, f"{name}.{key}"):
                yield (key, *steps), leaf, path
    elif isinstance(value, list | tuple):
        for at, member in enumerate(value):
            for steps, leaf, path in walk(member, f"{name}[]" if isinstance(value, list) else name):
                yield (at, *steps), leaf, path
    else:
        yield (), value, name


def fits(leaf: Leaf, text: str) -> bool:
    """Whether the leaf's type can hold a text."""
    if isinstance(leaf.like, Nanoseconds):
        return False
    made = unspell(text, leaf.like)
    return made is not None and spell(made) == text


def replaced(
    batch: Any, values: Sequence[list[Any]], changes: Mapping[str, str], found: Mapping[str, Leaf]
) -> Any:
    """The batch with other texts in some places, every column built from its values.

    Raises:
        WithheldError: a column cannot hold what it must.
    """
    import pyarrow as pa

    columns = [list(column) for column in values]
    for key, text in changes.items():
        leaf = found[key]
        like = leaf.like
        new = None if isinstance(like, Nanoseconds) or not text else unspell(text, like)
        if isinstance(like, str):
            new = text
        columns[leaf.column][leaf.row] = _put(columns[leaf.column][leaf.row], leaf.steps, new)
    arrays = [
        _array(column, batch.schema.field(number), number) for number, column in enumerate(columns)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _put(value: Any, steps: Sequence[Any], new: Any) -> Any:
    """A copy of a nested value with one leaf replaced."""
    if not steps:
        return new
    step, *rest = steps
    if isinstance(value, dict):
        return {**value, step: _put(value[step], rest, new)}
    made = list(value)
    made[step] = _put(made[step], rest, new)
    return tuple(made) if isinstance(value, tuple) else made


def _array(values: list[Any], schema_field: Any, number: int) -> Any:
    import pyarrow as pa

    kind = schema_field.type
    if not schema_field.nullable and any(value is None for value in values):
        raise WithheldError(
            f"column {number + 1} must hold a value in every row, and one had to go: use an "
            "operator that gives a value of its type, or let the column hold null"
        )
    storage = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    plain = [value.value if isinstance(value, Nanoseconds) else value for value in values]
    try:
        if pa.types.is_timestamp(storage):
            made = pa.array(plain, pa.int64()).cast(storage)
        elif pa.types.is_dictionary(storage):
            made = pa.array(plain, storage.value_type).dictionary_encode().cast(storage)
        else:
            made = pa.array(plain, storage)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        raise WithheldError(
            f"column {number + 1} of type {kind} cannot hold a replacement: use another operator"
        ) from None
    return pa.ExtensionArray.from_storage(kind, made) if storage is not kind else made


def digest(table: Any) -> tuple[int, str]:
    """Count and SHA-256 of all values of a table, column by column; nulls count as ""."""
    state, count = hashlib.sha256(), 0
    for number, chunked in enumerate(table.columns):
        for column in chunked.chunks:
            for value in python_values(column, number):
                for _, leaf, _ in walk(value, ""):
                    raw = _spell(leaf, number).encode("utf-8", "surrogatepass")
                    state.update(len(raw).to_bytes(8, "big") + raw)
                    count += 1
    return count, state.hexdigest()
