"""What each column or key of a file holds, from a sample: never a value, always the same answer.

All of the file is read, so counts are exact; how many distinct values there are is estimated
(exact up to 1,024), and what they are is looked for in a sample of each field, drawn by a
generator seeded with the field's name.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from redactor.detection.detect import Detector
from redactor.detection.patterns import Scanner
from redactor.errors import UsageError
from redactor.fieldnames import last_name
from redactor.formats import FORMATS, detect_format, open_source
from redactor.formats.base import ReadOptions
from redactor.values import Finding, Locator, Unit

SAMPLE = 500  # values of a field
_SMALLEST = 1024  # hashes kept for the estimate of distinct values
_MOST_FIELDS = 2000  # beyond, keys that are different in every record count as one field, `*`
_BATCH = 500
_TABLES = ("csv", "tsv", "parquet", "arrow", "avro")
_GRIDS = ("csv", "tsv", "parquet", "arrow")  # whose places are row:column
_WHOLE = 0.8  # share of values that must be an entity altogether for a rule to be suggested
_MENTIONED = 0.005  # least share that is reported
_NAMES_NOT = frozenset({"URL", "DATE_TIME"})  # `customer.name` looks like a host


@dataclass(frozen=True, slots=True)
class Holds:
    """An entity type in a field.

    ``share`` of the sampled values with such a finding, ``whole`` of those that are it
    altogether; ``confidence`` mean score of the findings (0-1).
    """

    entity: str
    share: float
    whole: float
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """One column or key.

    ``name`` as shown (personal data in it replaced); ``values`` that are not empty; ``empty``
    share of records without one (None where that cannot be told); ``distinct`` estimate;
    ``longest`` in characters; ``sampled`` values looked at; ``suggestion`` a line for ``fields:``
    of a policy, or "".
    """

    name: str
    values: int
    empty: float | None
    distinct: int
    longest: int
    sampled: int
    holds: tuple[Holds, ...]
    suggestion: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "field": self.name,
            "values": self.values,
            "empty": None if self.empty is None else round(self.empty, 4),
            "distinct": self.distinct,
            "longest": self.longest,
            "sampled": self.sampled,
            "holds": [
                {
                    "entity_type": entry.entity,
                    "share": round(entry.share, 4),
                    "whole": round(entry.whole, 4),
                    "confidence": round(entry.confidence, 4),
                }
                for entry in self.holds
            ],
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """All fields of a file, in order of appearance; ``records`` None where none are counted."""

    format: str
    records: int | None
    fields: tuple[FieldProfile, ...]
    without_model: bool

    @property
    def snippet(self) -> str:
        """The suggestions as the ``fields:`` section of a policy; "" where there are none."""
        lines = [entry.suggestion for entry in self.fields if entry.suggestion]
        return "\n".join(["fields:", *(f"  {line}" for line in lines)]) if lines else ""


@dataclass(slots=True)
class _Column:
    """What is kept of a field while the file is read."""

    rng: random.Random
    values: int = 0
    longest: int = 0
    sample: list[str] = field(default_factory=list)
    smallest: list[int] = field(default_factory=list)  # a heap of negated hashes
    known: set[int] = field(default_factory=set)

    def add(self, text: str, size: int) -> None:
        self.values += 1
        self.longest = max(self.longest, len(text))
        if len(self.sample) < size:
            self.sample.append(text)
        else:
            place = self.rng.randrange(self.values)
            if place < size:
                self.sample[place] = text
        raw = text.encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big")
        if number in self.known:
            return
        if len(self.smallest) < _SMALLEST:
            heapq.heappush(self.smallest, -number)
            self.known.add(number)
        elif number < -self.smallest[0]:
            self.known.discard(-heapq.heappushpop(self.smallest, -number))
            self.known.add(number)

    @property
    def distinct(self) -> int:
        if len(self.smallest) < _SMALLEST:
            return len(self.smallest)
        return min(self.values, round((_SMALLEST - 1) * 2**64 / -self.smallest[0]))


def profile(
    source: Path | BinaryIO,
    detector: Detector,
    *,
    name: str = "",
    format_name: str | None = None,
    options: ReadOptions | None = None,
    sample: int = SAMPLE,
) -> Profile:
    """Read a file and say what its fields hold.

    Raises:
        UnreadableError: the file cannot be read as its format.
        UsageError: nothing in it has a name.
    """
    options = options or ReadOptions()
    columns: dict[str, _Column] = {}
    places: dict[str, int] = {}  # of columns, which may begin with empty cells
    records = 0
    with open_source(source, options) as opened:
        kind = format_name or detect_format(name, opened.peek(65536))
        for chunk in FORMATS[kind]().chunks(opened.stream, options):
            records += getattr(chunk, "records", 0)
            for unit in chunk.units:
                if unit.field is not None and unit.locator.text_kind != "metadata":
                    _column(columns, unit.field).add(unit.text, sample)
                    if kind in _GRIDS and unit.field not in places:
                        places[unit.field] = _column_number(unit.locator.place)
        opened.finish()
    if not columns:
        raise UsageError(
            f"{kind} has no columns or keys here: a profile needs names (see --header)"
        )
    if places:
        columns = dict(sorted(columns.items(), key=lambda item: places.get(item[0], 0)))
    found, without_model = _look(columns, detector)
    # keys stand in a path, not in prose: what the text around says of a match does not count
    names = Scanner.load(replace(detector.policy, plausible=False))
    counted = records if kind in _TABLES or kind == "jsonl" else None
    fields = tuple(
        _field(path, column, found[path], _empty(path, column, columns, counted), names)
        for path, column in columns.items()
    )
    return Profile(kind, counted, fields, without_model)


def _column_number(place: str) -> int:
    """Of ``row:column``, whatever leads on inside."""
    match = re.match(r"\d+:(\d+)", place)
    return int(match[1]) if match else 0


def _column(columns: dict[str, _Column], path: str) -> _Column:
    if path not in columns and len(columns) >= _MOST_FIELDS:
        parent, dot, _ = path.rpartition(".")
        path = f"{parent}{dot}*"
    if path not in columns:
        columns[path] = _Column(random.Random(path))
    return columns[path]


def _empty(
    path: str, column: _Column, columns: dict[str, _Column], records: int | None
) -> float | None:
    """Share of records without a value: of the table's, or of the fullest field beside it."""
    parent = path.rpartition(".")[0]
    if records is None or (parent and "[]" in parent):
        beside = [
            c.values
            for p, c in columns.items()
            if p.rpartition(".")[0] == parent and "[]" not in last_part(p)
        ]
        records = max(beside, default=0)
    if "[]" in last_part(path):
        return None
    return max(0.0, 1 - column.values / records) if records else None


def last_part(path: str) -> str:
    """The last key of a path, list marks kept."""
    return path.rpartition(".")[2]


def _look(
    columns: dict[str, _Column], detector: Detector
) -> tuple[dict[str, list[list[Finding]]], bool]:
    """Findings of every sampled value, by field."""
    units: list[Unit] = []
    found: dict[str, list[list[Finding]]] = {}
    owner: dict[str, tuple[str, int]] = {}
    for number, (path, column) in enumerate(columns.items()):
        found[path] = [[] for _ in column.sample]
        for row, text in enumerate(column.sample):
            unit_id = f"{number}:{row}"
            owner[unit_id] = path, row
            units.append(Unit(unit_id, text, Locator("cell", unit_id), path))
    without_model = False
    for batch in _batches(units):
        detection = detector.detect(batch, together=False)
        without_model = without_model or detection.without_model
        for finding in detection.findings:
            path, row = owner[finding.unit]
            found[path][row].append(finding)
    return found, without_model


def _batches(units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """Values of one field after another; names of all fields are in the first of each batch."""
    for start in range(0, len(units), _BATCH):
        yield units[start : start + _BATCH]


def _field(
    path: str,
    column: _Column,
    found: list[list[Finding]],
    empty: float | None,
    names: Scanner,
) -> FieldProfile:
    sampled = len(column.sample)
    with_it: dict[str, int] = {}
    whole: dict[str, int] = {}
    scores: dict[str, list[float]] = {}
    for text, findings in zip(column.sample, found, strict=True):
        for entity in {finding.entity_type for finding in findings}:
            mine = [finding for finding in findings if finding.entity_type == entity]
            with_it[entity] = with_it.get(entity, 0) + 1
            covered = sum(len(finding.span) for finding in mine)
            whole[entity] = whole.get(entity, 0) + (covered * 10 >= len(text.strip()) * 9)
            scores.setdefault(entity, []).extend(finding.score for finding in mine)
    holds = tuple(
        Holds(e, n / sampled, whole[e] / sampled, sum(scores[e]) / len(scores[e]))
        for e, n in sorted(with_it.items(), key=lambda item: (-item[1], item[0]))
        if n / sampled >= _MENTIONED
    )
    shown = _shown(path, names)
    suggestion = _suggestion(path, holds, column) if shown == path else ""
    return FieldProfile(
        shown, column.values, empty, column.distinct, column.longest, sampled, holds, suggestion
    )


def _shown(path: str, names: Scanner) -> str:
    """The path with personal data in its keys replaced."""
    # a key may hold dots itself: every beginning of the path is looked at
    ends = [match.start() for match in re.finditer(r"\.", path)]
    units = [
        Unit(f"{end}", path[:end], Locator("header", "0")) for end in (*ends, len(path)) if end
    ]
    at, pieces = 0, []
    for finding in sorted(names.find(units), key=lambda f: (f.start, -f.end)):
        if finding.entity_type not in _NAMES_NOT and finding.start >= at:
            pieces += [path[at : finding.start], f"<{finding.entity_type}>"]
            at = finding.end
    return "".join([*pieces, path[at:]])


def _suggestion(path: str, holds: Sequence[Holds], column: _Column) -> str:
    """A field rule, where nearly all values are one entity altogether."""
    key = "path" if "." in path or "[]" in path else "name"
    glob = json.dumps(_literal(path if key == "path" else last_name(path)), ensure_ascii=False)
    if holds and holds[0].whole >= _WHOLE:
        best = holds[0]
        return (
            f"- {{{key}: {glob}, entity: {best.entity}}}  "
            f"# {best.share:.0%} of {len(column.sample)} sampled values"
        )
    return ""


def _literal(path: str) -> str:
    """A glob that means just this path."""
    made = path.replace("[]", "\0")
    for char in "[*?":
        made = made.replace(char, f"[{char}]")
    return made.replace("\0", "[]")
