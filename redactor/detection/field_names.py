"""Names of columns and keys as evidence for what is in them (``Policy.field_names``).

Two things follow from a name that :mod:`redactor.fieldnames` or a rule's own context words
know:

* **context**: the value is scanned once more as if it were written ``ssn: 536904399``, so that
  weak patterns count and scores rise, as beside a context word in running text;
* **whole** (``auto`` only): where the value has the shape that the name promises, all of it is
  the entity. A bare ``name`` says so only beside other fields of a person (``email``, ``dob``).

A field rule of the policy that speaks of the field is never second-guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from redactor.detection.patterns import Scanner
from redactor.detection.repeats import Repeats
from redactor.detection.shapes import fits
from redactor.fieldnames import Evidence, evidence, last_name, words_of
from redactor.policy.model import Policy
from redactor.values import Finding, Source, Span, Unit, Why

SCORE = 0.8  # of a value that its field's name makes an entity
_LONGEST = 2000  # characters; a longer text is prose, and its column's name far away
# what tells that a record is about a person
_PERSONAL = frozenset(
    {
        "PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH", "US_SSN", "STREET_ADDRESS",
        "AGE", "MEDICAL_RECORD_NUMBER", "UK_NHS", "US_DRIVER_LICENSE",
    }
)  # fmt: skip


class FieldNames:
    """The evidence of field names under one policy, worked out once a name."""

    def __init__(self, policy: Policy, scanner: Scanner) -> None:
        self._policy = policy
        self._scanner = scanner
        self._repeats = Repeats(scanner.find)
        self._prefix = lru_cache(maxsize=4096)(self._make_prefix)

    def find(self, units: Sequence[Unit]) -> list[Finding]:
        """Findings of units that have a field; overlaps and all."""
        if self._policy.field_names == "off":
            return []
        named = [unit for unit in units if unit.field is not None and len(unit.text) <= _LONGEST]
        if not named:
            return []
        found = list(self._in_context(named))
        if self._policy.field_names == "auto":
            found += self._whole(named)
        return found

    def _in_context(self, units: Sequence[Unit]) -> Iterator[Finding]:
        prefixed: list[Unit] = []
        origin: dict[str, tuple[Unit, int]] = {}
        for unit in units:
            prefix = self._prefix(unit.field)
            if prefix:
                prefixed.append(Unit(unit.id, prefix + unit.text, unit.locator, unit.field))
                origin[unit.id] = unit, len(prefix)
        for finding in self._repeats.find(prefixed, lambda unit: unit.field):
            unit, shift = origin[finding.unit]
            if finding.start >= shift:
                span = Span(finding.start - shift, finding.end - shift)
                yield Finding(
                    unit.id, span, finding.entity_type, finding.score, finding.recognizer,
                    finding.why, finding.text,
                )  # fmt: skip

    def _make_prefix(self, field: str) -> str:
        """What to put before the values of a field; "" where its name supports no rule."""
        words = words_of(last_name(field))[:6]
        entities = {hit.entity for hit in evidence(field)}
        spelled = "\n".join((*words, "".join(words)))
        supported = False
        added = ""
        for rule in self._scanner.rules:
            if any(word.lower() in spelled for word in rule.context):
                supported = True
            elif rule.entity in entities:
                supported = True
                if rule.context:
                    added = " " + rule.context[0].lower()
        return f"{' '.join(words)}{added}: " if supported else ""

    def _whole(self, units: Sequence[Unit]) -> Iterator[Finding]:
        says = _by_field({unit.field for unit in units if unit.field is not None})
        for unit in units:
            hits = says.get(unit.field or "")
            if not hits or self._policy.field_rule(unit.field) is not None:
                continue
            value = unit.text.strip()
            for hit in hits:
                rule = self._policy.entities.get(hit.entity)
                if rule is None or rule.threshold > SCORE or not fits(hit.shape, value):
                    continue
                start = unit.text.index(value)
                why = Why(Source.FIELD_NAME, pattern=f"field name: {hit.phrase}")
                span = Span(start, start + len(value))
                yield Finding(unit.id, span, hit.entity, SCORE, "field names", why, value)


def _by_field(fields: Iterable[str]) -> Mapping[str, tuple[Evidence, ...]]:
    """What each field says of whole values, seen beside the other fields of its record."""
    found = {field: evidence(field) for field in fields}
    personal = {
        _parent(field)
        for field, hits in found.items()
        if any(hit.whole and hit.entity in _PERSONAL for hit in hits)
    }
    says: dict[str, tuple[Evidence, ...]] = {}
    for field, hits in found.items():
        beside = _parent(field) in personal
        kept = tuple(
            hit
            for hit in hits
            if hit.whole or (beside and hit.entity == "PERSON" and hit.phrase in _BARE)
        )
        if kept:
            says[field] = kept
    return says


_BARE = frozenset({"name", "nombre", "nom", "nome", "naam", "namn", "navn"})


def _parent(field: str) -> str:
    return field.rpartition(".")[0]
