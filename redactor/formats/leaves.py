"""Texts -> units; a text that is itself a JSON object or array becomes units of its own.

Cells, JSON strings and SQL values often hold JSON. :class:`Leaves` collects the texts of a
chunk in order; such a text is parsed and its inner values are taken in its place, with
fields that go on from the outer one (``payload.user.email``). Writing folds their
redactions back into redactions of the outer text, so that only the redacted stretches
change. ``spec`` tells the re-reader which texts to open: pairs of a text's number among all
texts of its level (empty ones count) and the spec of the level inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from redactor.formats.base import ReadOptions
from redactor.formats.json_scan import Malformed, Value, distinct_keys, edits, values
from redactor.formats.splice import by_unit
from redactor.values import Locator, Redaction, Span, Unit

MARK = "!"  # between the id of an outer unit and the place inside; formats' ids are free of it


@dataclass(frozen=True, slots=True)
class Nested:
    """A text that is a JSON document: its values by place, and those that are JSON again."""

    text: str = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    inner: Mapping[str, Nested]
    spec: list[Any]

    def fold(self, unit_id: str, redactions: Mapping[str, Sequence[Redaction]]) -> list[Redaction]:
        """Redactions by place inside, as redactions of the whole text."""
        made: list[Redaction] = []
        for place, mine in _by_outer(redactions).items():
            value = self.values[place]
            flat = list(mine.pop("", ()))
            if place in self.inner:
                flat = self.inner[place].fold(place, mine)
            kind = flat[0].entity_type
            for start, end, new in edits(self.text, value, flat):
                made.append(Redaction(unit_id, Span(start, end), new, kind))
        return made

    def settle(self, redactions: Mapping[str, Sequence[Redaction]]) -> list[Redaction]:
        """The same redactions, keys kept distinct; unit ids are places inside."""
        settled: list[Redaction] = []
        own: list[Redaction] = []
        for place, mine in _by_outer(redactions).items():
            own += [replace(entry, unit=place) for entry in mine.pop("", ())]
            if mine:
                settled += _prefixed(place, self.inner[place].settle(mine))
        return [*settled, *distinct_keys(self.values, own)]


def _by_outer(
    redactions: Mapping[str, Sequence[Redaction]],
) -> dict[str, dict[str, list[Redaction]]]:
    """``place!rest`` -> {place: {rest: redactions}}; rest is "" for the value itself."""
    grouped: dict[str, dict[str, list[Redaction]]] = {}
    for unit_id, mine in redactions.items():
        place, _, rest = unit_id.partition(MARK)
        grouped.setdefault(place, {}).setdefault(rest, []).extend(mine)
    return grouped


def _prefixed(place: str, redactions: Sequence[Redaction]) -> list[Redaction]:
    return [replace(entry, unit=f"{place}{MARK}{entry.unit}") for entry in redactions]


def parse_nested(text: str, options: ReadOptions, levels: int) -> Nested | None:
    """The text as a JSON document, or None where it is none or holds nothing to look at."""
    stripped = text.strip(" \t\r\n")
    if levels < 1 or stripped[:1] + stripped[-1:] not in ("{}", "[]"):
        return None
    found: dict[str, Value] = {}
    inner: dict[str, Nested] = {}
    spec: list[Any] = []
    try:
        for number, value in enumerate(values(text, options.max_depth)):
            if not value.text:
                continue
            found[value.place] = value
            if value.kind == "string":
                deeper = parse_nested(value.text, options, levels - 1)
                if deeper is not None:
                    inner[value.place] = deeper
                    spec.append([number, deeper.spec])
    except Malformed:
        return None  # looks like JSON and is none: a text like any other
    return Nested(text, found, inner, spec) if found else None


class Leaves:
    """Collects the texts of one chunk; see the module's docstring."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self.units: list[Unit] = []
        self.nested: dict[str, Nested] = {}
        self.spec: list[Any] = []
        self._count = 0

    def add(
        self,
        unit_id: str,
        text: str,
        locator: Locator,
        name: str | None,
        *,
        closed: bool = False,
    ) -> None:
        """The next text; empty ones are only counted. ``closed``: JSON in it stays text."""
        self._count += 1
        if not text:
            return
        if not closed and text[0] in "{[ \t\r\n" and len(text) > 2:
            nested = parse_nested(text, self._options, self._options.max_nested)
            if nested is not None:
                self.nested[unit_id] = nested
                self.spec.append([self._count - 1, nested.spec])
                self._open(nested, unit_id, locator, name)
                return
        self.units.append(Unit(unit_id, text, locator, name))

    def _open(self, nested: Nested, unit_id: str, locator: Locator, name: str | None) -> None:
        for place, value in nested.values.items():
            inside = f"{unit_id}{MARK}{place}"
            where = Locator(locator.kind, f"{locator.place}{MARK}{place}")
            path = _joined(name, value.path)
            if place in nested.inner:
                self._open(nested.inner[place], inside, where, path)
            else:
                self.units.append(Unit(inside, value.text, where, path))


def _joined(outer: str | None, inner: str | None) -> str | None:
    if outer is None or inner is None:
        return inner
    return outer + inner if inner.startswith("[") else f"{outer}.{inner}"


def fold(redactions: Sequence[Redaction], nested: Mapping[str, Nested]) -> list[Redaction]:
    """Redactions of inner units as redactions of the texts that hold them."""
    if not nested:
        return list(redactions)
    made: list[Redaction] = []
    for unit_id, inside in _by_outer(by_unit(redactions)).items():
        made += inside.pop("", [])
        if inside:
            made += nested[unit_id].fold(unit_id, inside)
    return made


def settle(redactions: Sequence[Redaction], nested: Mapping[str, Nested]) -> Sequence[Redaction]:
    """The redactions with inner JSON keys kept distinct."""
    if not nested or not redactions:
        return redactions
    made: list[Redaction] = []
    for unit_id, inside in _by_outer(by_unit(redactions)).items():
        made += inside.pop("", [])
        if inside:
            made += _prefixed(unit_id, nested[unit_id].settle(inside))
    return made
