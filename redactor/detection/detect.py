"""Units -> findings: rules, lists, fields and model, then one list without overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from redactor.detection.field_names import FieldNames
from redactor.detection.fields import field_findings, skipped
from redactor.detection.hotwords import apply_hotwords
from redactor.detection.lists import deny_findings, prepare
from redactor.detection.ner.base import NerBackend, NerHit
from redactor.detection.ner.load import EMBEDDED, EMBEDDED_ENTITIES
from redactor.detection.patterns import Scanner, rules_for
from redactor.detection.propagate import propagate
from redactor.detection.repeats import Repeats
from redactor.detection.resolve import resolve
from redactor.detection.rules import shipped_table
from redactor.detection.spared import spared_places, without_parts
from redactor.detection.subject import subject_spans, without_subject
from redactor.detection.twins import twin_findings
from redactor.errors import PolicyError, StateError
from redactor.fieldnames import named_entities
from redactor.policy.load import load_policy
from redactor.policy.model import Policy
from redactor.policy.source import did_you_mean
from redactor.values import Finding, Miss, Source, Span, Unit, Why

if TYPE_CHECKING:
    from redactor.detection.records import RecordsSearch

MODEL_SCORE = 0.85  # Presidio's score for accepted model findings; uncalibrated
_SAME_DIGIT = str.maketrans("123456789", "0" * 9)
_REMEMBERED = 20_000  # texts; only short ones, so a few megabytes
_REMEMBER_CHARS = 400
_RECORD_CHARS = 2000  # cells and values are shown to the model together, up to this size


@dataclass(frozen=True, slots=True)
class Detection:
    """Findings of one release unit, and whether the model could not be asked.

    ``subject`` is unit id -> places of the subject's own values. ``misses``, where asked for,
    is what was not taken, and why.
    """

    findings: list[Finding]
    without_model: bool = False
    subject: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    misses: Sequence[Miss] = ()


class Detector:
    """Finds what a policy looks for; made once, used for many release units.

    Raises:
        PolicyError: the policy looks for a type that nothing finds, or names no subject
            although it demands one.
        StateError: the model is missing or broken and the policy says ``withhold``.
    """

    def __init__(self, policy: Policy, *, ner_threads: int = 1) -> None:
        self.policy = policy
        self.scanner = Scanner.load(policy)
        prepare(policy)
        self._records = _record_searches(policy)
        _refuse_unknown(policy, self.scanner.entities)
        if policy.subject.required and not policy.subject.values:
            raise PolicyError(
                f"policy {policy.name} needs the person whose data stays: --subject FILE with "
                "their values one a line, or a policy that extends it and has `subject`"
            )
        self._repeats = Repeats(self.scanner.find)
        self._field_names = FieldNames(policy, self.scanner)
        self._threads = ner_threads
        self._ner: NerBackend | None = None
        self._ner_missing = False
        self._seen: dict[str, list[NerHit]] = {}

    @property
    def versions(self) -> dict[str, str]:
        """Versions of what takes part, for the Run record."""
        found = dict(self.scanner.version)
        if self.policy.ner.use != "never":
            options = self.policy.ner
            found["ner"] = self._ner.name if self._ner else f"{options.backend}:{options.model}"
        return found

    def detect(
        self,
        units: Sequence[Unit],
        *,
        together: bool = True,
        use_model: bool = True,
        explain: bool = False,
    ) -> Detection:
        """All findings of a release unit, resolved and propagated.

        ``together`` False: every unit is an item of its own, values found in one are not
        looked for in another (batches of unrelated texts). ``use_model`` False: rules only,
        told as ``without_model``. ``explain``: also what was not taken, which takes longer.
        """
        by_id = {unit.id: unit for unit in units}
        misses: list[Miss] | None = [] if explain else None
        scanned = [unit for unit in units if unit.text and not skipped(unit, self.policy)]
        found = field_findings(units, self.policy)
        found += deny_findings(scanned, self.policy)
        for search in self._records:
            found += search.find(scanned)
        found += _without_hosts(self._repeats.find(scanned, _nothing), by_id)
        found += self._field_names.find(scanned)
        model = self._model_findings(scanned) if use_model else self._left_out(scanned)
        found += model or []
        if self.policy.hotwords:
            found = apply_hotwords(found, by_id, self.policy, misses)
        subject = subject_spans(scanned, self.policy)
        found = without_subject(found, by_id, subject, misses)
        spared = spared_places(found, by_id, self.policy)
        everything, found = found, without_parts(found, spared)
        resolved = self._with_twins(resolve(found, by_id, self.policy), by_id)
        if self.policy.propagate:
            spread: list[Finding] = []
            for group in [scanned] if together else [[unit] for unit in scanned]:
                inside = {unit.id for unit in group}
                known = resolved if together else [f for f in resolved if f.unit in inside]
                spread += propagate(known, group, self.policy) if known else []
            spread = without_parts(without_subject(spread, by_id, subject), spared)
            if spread:
                resolved = resolve([*resolved, *spread], by_id, self.policy)
                resolved = self._with_twins(resolved, by_id)
        if misses is not None:
            from redactor.detection.explain import all_misses

            hits = list(self._model_hits(scanned)) if use_model else []
            misses = all_misses(units, self.policy, everything, resolved, misses, hits)
        for unit_id, places in spared.items():
            subject[unit_id] = sorted({*subject.get(unit_id, ()), *places})
        return Detection(resolved, model is None, subject, misses or ())

    def _left_out(self, units: Sequence[Unit]) -> list[Finding] | None:
        """As if the model had been asked and could not: None where it would have been."""
        return None if self._asked(units) else []

    def _asked(self, units: Sequence[Unit]) -> list[Unit]:
        use = self.policy.ner.use
        return [
            unit
            for unit in units
            if unit.prose and (use == "always" or (use == "auto" and not unit.by_line))
        ]

    def _with_twins(self, resolved: list[Finding], by_id: Mapping[str, Unit]) -> list[Finding]:
        """What is found in one of two units that show one value, in both."""
        twins = twin_findings(resolved, list(by_id.values()), self.policy)
        return resolve([*resolved, *twins], by_id, self.policy) if twins else resolved

    def _model_findings(self, units: Sequence[Unit]) -> list[Finding] | None:
        """What the model sees; None when it was wanted and could not be asked."""
        if not self._asked(units):
            return []
        if self._backend() is None:
            return None
        floors = self.policy.floors
        return [
            finding
            for finding in self._model_hits(units)
            if finding.why.base >= floors.get(finding.entity_type, 2.0)
        ]

    def _model_hits(self, units: Sequence[Unit]) -> Iterator[Finding]:
        """Everything that the model sees in the units that it is asked about."""
        asked = self._asked(units)
        backend = self._backend() if asked else None
        if backend is None:
            return
        records = list(_records(asked))
        hits = self._remembered(backend, [record.text for record in records])
        for record, record_hits in zip(records, hits, strict=True):
            for hit in record_hits:
                why = Why(
                    Source.MODEL, pattern=hit.label, detail=f"{hit.score:.2f}", base=hit.score
                )
                for unit, span in record.locate(hit.span):
                    text = unit.text[span.start : span.end]
                    yield Finding(
                        unit.id, span, hit.entity_type, MODEL_SCORE, backend.name, why, text
                    )

    def _remembered(self, backend: NerBackend, texts: Sequence[str]) -> list[list[NerHit]]:
        """The model's hits; short texts that differ in digits alone are asked once, as zeros.

        Logs and tables repeat: to the model a time stamp is as good as the next.
        """
        asked = [t.translate(_SAME_DIGIT) if len(t) <= _REMEMBER_CHARS else t for t in texts]
        new = list(dict.fromkeys(text for text in asked if text not in self._seen))
        answers = dict(zip(new, backend.find(new), strict=True))
        hits = [answers[text] if text in answers else self._seen[text] for text in asked]
        for text, answer in answers.items():
            if len(text) <= _REMEMBER_CHARS:
                if len(self._seen) >= _REMEMBERED:
                    self._seen.pop(next(iter(self._seen)))
                self._seen[text] = answer
        return hits

    def _backend(self) -> NerBackend | None:
        if self._ner is None and not self._ner_missing:
            from redactor.detection.ner import load_backend

            try:
                self._ner = load_backend(self.policy.ner, threads=self._threads)
            except StateError:
                if self.policy.ner.on_failure != "partial":
                    raise
                self._ner_missing = True
        return self._ner


def _record_searches(policy: Policy) -> list[RecordsSearch]:
    if not policy.records:
        return []
    from redactor.detection.records import search_of  # numpy takes 60 ms to import

    return search_of(policy.records)


def findable_entities(path: Path | None = None) -> frozenset[str] | None:
    """Types that shipped rules, the model, or the recognizers of a policy file find.

    None where the policy brings a model of its own: only that knows its labels.
    """
    known = shipped_table().entities | EMBEDDED_ENTITIES
    if path is None:
        return known
    try:
        policy = load_policy(path)
    except PolicyError:
        return known  # told by whoever validates it
    if policy.ner.model != EMBEDDED:
        return None
    in_language = {r.entity for r in rules_for(shipped_table(), policy)}
    return frozenset(in_language | EMBEDDED_ENTITIES)


def _without_hosts(found: list[Finding], units: Mapping[str, Unit]) -> list[Finding]:
    """Names of columns and settings with dots in them (``mail.host``) are no addresses."""
    return [
        finding
        for finding in found
        if finding.entity_type != "URL"
        or "://" in finding.text
        or units[finding.unit].locator.text_kind not in ("header", "key")
    ]


def _nothing(unit: Unit) -> None:
    """What a scan by rules depends on beside the text."""


def _refuse_unknown(policy: Policy, found_by_rules: frozenset[str]) -> None:
    """A misspelt entity type would silently find nothing: refuse it."""
    if policy.ner.model != EMBEDDED:
        return  # only the model itself knows its labels
    listed = {rule.entity for rule in policy.fields} | {entry.entity for entry in policy.deny}
    listed |= {entity for entry in policy.records for _, entity in entry.columns}
    known = found_by_rules | EMBEDDED_ENTITIES | listed
    wanted = {name for name, rule in policy.entities.items() if not rule.optional}
    unknown = sorted(wanted - known)
    if unknown and policy.field_names == "auto":
        unknown = [name for name in unknown if name not in named_entities()]
    if unknown:
        possible = sorted(shipped_table().entities | EMBEDDED_ENTITIES)
        raise PolicyError(
            f"policy {policy.name}: nothing finds {', '.join(unknown)}"
            f"{did_you_mean(unknown[0], possible)}; see "
            "`redactor recognizers list`, or name a recognizer file under `recognizers`"
        )


@dataclass(frozen=True, slots=True)
class _Record:
    """A text for the model, made of one or more units."""

    text: str
    parts: tuple[tuple[int, Unit], ...]  # where each unit's text starts; before 0 for a line

    def locate(self, span: Span) -> list[tuple[Unit, Span]]:
        """The stretch of each unit that a span of the record covers."""
        places = []
        for start, unit in self.parts:
            first, last = max(span.start - start, 0), min(span.end - start, len(unit.text))
            while first < last and unit.text[first].isspace():
                first += 1
            while last > first and unit.text[last - 1].isspace():
                last -= 1
            if first < last:
                places.append((unit, Span(first, last)))
        return places


def _lines(unit: Unit) -> Iterator[_Record]:
    """Every line that holds letters, as a record of its own."""
    start = 0
    for line in unit.text.split("\n"):
        if any(map(str.isalpha, line)):
            yield _Record(line, ((-start, unit),))
        start += len(line) + 1


def _records(units: Sequence[Unit]) -> list[_Record]:
    """Long texts stand alone; cells and values go together as ``name: value`` lines.

    A name in a cell of its own has no context; beside its column's name and its row's
    other cells it has.
    """
    records: list[_Record] = []
    pieces: list[str] = []
    parts: list[tuple[int, Unit]] = []
    size = 0

    def close() -> None:
        nonlocal size
        if parts:
            records.append(_Record("".join(pieces), tuple(parts)))
        pieces.clear()
        parts.clear()
        size = 0

    for unit in units:
        kind = unit.locator.text_kind
        if kind == "header" or (kind == "key" and " " not in unit.text):
            continue  # names of columns and settings are for the rules
        if unit.by_line:
            close()
            records += _lines(unit)
            continue
        if unit.locator.text_kind == "text":
            close()
            records.append(_Record(unit.text, ((0, unit),)))
            continue
        if not any(char.isalpha() for char in unit.text):
            continue  # digits alone are for the rules
        label = "" if unit.field is None else unit.field.rsplit(".", 1)[-1].replace("_", " ") + ": "
        if size + len(label) + len(unit.text) > _RECORD_CHARS:
            close()
        pieces += [label, unit.text, "\n"]
        parts.append((size + len(label), unit))
        size += len(label) + len(unit.text) + 1
    close()
    return records
