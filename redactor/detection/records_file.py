"""Files of hashed records: what ``redactor records build`` writes and a policy names.

The first line tells the name and the id of the key; the rest is encrypted under it
(AES-256-GCM) and holds keyed hashes only: of every value its letters and digits hashed, the
column it stands in, whether it may count alone, and the numbers of the records that hold it.
Without the key nothing can be learnt from the file, nor tried against it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from redactor.detection.hashing import (
    Filter,
    Hasher,
    Words,
    mixed,
    pack,
    times,
    unpack,
)
from redactor.errors import StateError
from redactor.keys import Key, get_key
from redactor.sealing import seal, unseal

MAGIC = "redactor-records"
_VERSION = 1
HEADS = (3, 6, 10)  # characters of a value's beginning that are looked up first
SHORTEST, LONGEST = 3, 200  # letters and digits of a value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the records: how many values it has and how they count.

    ``together``: a value counts only beside one of another column of the same record.
    ``left_out``: values too short or too long to be looked for.
    """

    name: str
    values: int
    alone: int
    left_out: int
    together: bool


@dataclass(frozen=True, slots=True)
class Records:
    """Hashed records. Values are numbered as their keys are sorted.

    ``columns_of``, ``alone`` belong to each value; its records are
    ``rows[first_row[value]:first_row[value + 1]]``, ascending. ``heads`` are filters for
    the beginnings of values, one for each of :data:`HEADS`; ``lengths`` those of values.
    """

    columns: tuple[Column, ...]
    records: int
    lengths: tuple[int, ...]
    keys: Words
    tags: Words
    columns_of: Any
    alone: Any
    first_row: Any
    rows: Any
    heads: tuple[Filter, ...]

    def number(self, name: str) -> int | None:
        """The number of a column; None where there is none of that name."""
        names = [column.name for column in self.columns]
        return names.index(name) if name in names else None

    def rows_of(self, value: int) -> Any:
        """Numbers of the records that hold a value."""
        return self.rows[int(self.first_row[value]) : int(self.first_row[value + 1])]

    def values_from(self, place: int, tag: Any) -> list[int]:
        """Numbers of the values with one hash and this tag, one for each column that has it.

        ``place`` is the first value with that hash.
        """
        key, found = self.keys[place], []
        while place < len(self.keys) and self.keys[place] == key:
            if self.tags[place] == tag:
                found.append(place)
            place += 1
        return found


def hasher_of(key: Key) -> Hasher:
    """What hashes records under a key."""
    return Hasher(key.derive("hashes of records"))


def head_size(length: int) -> int:
    """How much of the beginning of a value of this length is looked up first."""
    return max(size for size in HEADS if size <= length)


def head_hash(prefix: Words, size: int, hasher: Hasher) -> Words:
    """What stands in a filter for a beginning of ``size`` characters."""
    return mixed(prefix + times(size, hasher.length))


def dump(records: Records, key: Key) -> bytes:
    """The file's bytes."""
    head = {
        "columns": [
            [column.name, column.values, column.alone, column.left_out, column.together]
            for column in records.columns
        ],
        "records": records.records,
        "lengths": records.lengths,
    }
    body = pack(
        head,
        [
            records.keys, records.tags, records.columns_of, records.alone, records.first_row,
            records.rows, *(head_filter.bits for head_filter in records.heads),
        ],
    )  # fmt: skip
    line = json.dumps({"file": MAGIC, "version": _VERSION, "key": key.name, "key_id": key.id})
    return line.encode() + b"\n" + seal(key.derive("file of records"), body, line)


def load(path: Path) -> tuple[Records, Hasher]:
    """Records and what hashes texts as they were hashed.

    Raises:
        StateError: not such a file, damaged, or its key is missing or another one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StateError(f"{path.name}: cannot be read ({error.strerror})") from None
    line, _, sealed = data.partition(b"\n")
    about = _about(line, path)
    key = get_key(about["key"], create=False)
    if key.id != about["key_id"]:
        raise StateError(
            f"{path.name}: made under key {key.name} with id {about['key_id']}, and the key of "
            f"that name here has id {key.id}: bring that key, or build the file again"
        )
    try:
        body = unseal(key.derive("file of records"), sealed, line.decode())
        head, arrays = unpack(body)
        records = _read(head, arrays)
    except (StateError, ValueError, KeyError, TypeError):
        raise StateError(f"{path.name}: the file of records is damaged: build it again") from None
    return records, hasher_of(key)


def _about(line: bytes, path: Path) -> dict[str, Any]:
    try:
        about = json.loads(line[:1000])
        right = about["file"] == MAGIC and isinstance(about["key"], str) and about["key_id"]
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise StateError(
            f"{path.name}: not a file of records: make one with `redactor records build`"
        )
    if about["version"] != _VERSION:
        raise StateError(f"{path.name}: made by another version of redactor: build it again")
    found: dict[str, Any] = about
    return found


def _read(head: dict[str, Any], arrays: list[Any]) -> Records:
    columns = tuple(Column(*column) for column in head["columns"])
    keys, tags, columns_of, alone, first_row, rows, *bits = arrays
    return Records(
        columns, head["records"], tuple(head["lengths"]), keys.view(np.uint64),
        tags.view(np.uint64), columns_of, alone, first_row.view(np.uint64),
        rows.view(np.uint32), tuple(map(Filter, bits)),
    )  # fmt: skip
