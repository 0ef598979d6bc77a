"""Units -> findings: rules, lists, fields and model, then one list without overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redactor.detection.field_names import FieldNames
from redactor.detection.fields import field_findings, skipped
from redactor.detection.lists import deny_findings
from redactor.detection.ner.base import NerBackend, NerHit
from redactor.detection.ner.load import EMBEDDED, EMBEDDED_ENTITIES
from redactor.detection.patterns import Scanner
from redactor.detection.propagate import propagate
from redactor.detection.repeats import Repeats
from redactor.detection.resolve import resolve
from redactor.detection.rules import shipped_table
from redactor.errors import PolicyError, StateError
from redactor.fieldnames import named_entities
from redactor.policy.model import Policy
from redactor.policy.source import did_you_mean
from redactor.values import Finding, Source, Span, Unit, Why

MODEL_SCORE = 0.85  # Presidio's score for accepted model findings; uncalibrated
_SAME_DIGIT = str.maketrans("123456789", "0" * 9)
_REMEMBERED = 20_000  # texts; only short ones, so a few megabytes
_REMEMBER_CHARS = 400
_RECORD_CHARS = 2000  # cells and values are shown to the model together, up to this size


@dataclass(frozen=True, slots=True)
class Detection:
    """Findings of one release unit, and whether the model could not be asked."""

    findings: list[Finding]
    without_model: bool = False


class Detector:
    """Finds what a policy looks for; made once, used for many release units.

    Raises:
        PolicyError: the policy looks for a type that nothing finds.
        StateError: the model is missing or broken and the policy says ``withhold``.
    """

    def __init__(self, policy: Policy, *, ner_threads: int = 1) -> None:
        self.policy = policy
        self.scanner = Scanner.load(policy)
        _refuse_unknown(policy, self.scanner.entities)
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

    def detect(self, units: Sequence[Unit], *, together: bool = True) -> Detection:
        """All findings of a release unit, resolved and propagated.

        ``together`` False: every unit is an item of its own, values found in one are not
        looked for in another (batches of unrelated texts).
        """
        by_id = {unit.id: unit for unit in units}
        scanned = [unit for unit in units if unit.text and not skipped(unit, self.policy)]
        found = field_findings(units, self.policy)
        found += deny_findings(scanned, self.policy)
        found += _without_hosts(self._repeats.find(scanned, _nothing), by_id)
        found += self._field_names.find(scanned)
        model = self._model_findings(scanned)
        found += model or []
        resolved = resolve(found, by_id, self.policy)
        if self.policy.propagate:
            spread: list[Finding] = []
            for group in [scanned] if together else [[unit] for unit in scanned]:
                inside = {unit.id for unit in group}
                known = resolved if together else [f for f in resolved if f.unit in inside]
                spread += propagate(known, group, self.policy) if known else []
            if spread:
                resolved = resolve([*resolved, *spread], by_id, self.policy)
        return Detection(resolved, without_model=model is None)

    def _model_findings(self, units: Sequence[Unit]) -> list[Finding] | None:
        """What the model sees; None when it was wanted and could not be asked."""
        options = self.policy.ner
        if options.use == "never":
            return []
        asked = [unit for unit in units if options.use == "always" or not unit.by_line]
        if not asked:
            return []
        backend = self._backend()
        if backend is None:
            return None
        records = list(_records(asked))
        hits = self._remembered(backend, [record.text for record in records])
        found: list[Finding] = []
        for record, record_hits in zip(records, hits, strict=True):
            for hit in record_hits:
                rule = self.policy.entities.get(hit.entity_type)
                if rule is None or hit.score < rule.threshold:
                    continue
                why = Why(Source.MODEL, pattern=hit.label, detail=f"{hit.score:.2f}")
                found += [
                    Finding(
                        unit.id,
                        span,
                        hit.entity_type,
                        MODEL_SCORE,
                        backend.name,
                        why,
                        unit.text[span.start : span.end],
                    )
                    for unit, span in record.locate(hit.span)
                ]
        return found

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
    known = found_by_rules | EMBEDDED_ENTITIES | listed
    unknown = sorted(policy.entities.keys() - known)
    if unknown and policy.field_names == "auto":
        unknown = [name for name in unknown if name not in named_entities()]
    if unknown:
        possible = sorted(shipped_table().entities | EMBEDDED_ENTITIES)
        raise PolicyError(
            f"policy {policy.name}: nothing finds {', '.join(unknown)} in language "
            f"{policy.language}{did_you_mean(unknown[0], possible)}; see "
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
