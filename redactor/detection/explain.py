"""Why something was *not* redacted: what looked like personal data and did not count.

Only made where somebody asks (``--explain``, ``policy try``). A second scanner, whose rules
have no thresholds and report what their checks refuse, looks at the same texts; everything it
sees that the decisions do not cover is explained by the first thing that stood in its way.
Recognizers that are Python classes are not asked a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from redactor.detection.confirm import ActiveRule, Ends, Match
from redactor.detection.fields import skipped
from redactor.detection.lists import allowing, deny_findings
from redactor.detection.patterns import Scanner, rules_for
from redactor.detection.resolve import whole_words
from redactor.detection.rules import Pattern, Rule, shipped_table
from redactor.policy.decide import decide
from redactor.policy.model import Policy
from redactor.values import Cause, Finding, Miss, Source, Span, Unit, Verdict

_STRONG = 0.5  # a type that the policy does not look for is told from this score on
_MOST_WORDS = 8  # context words that are named


class ExplainingRule(ActiveRule):
    """A rule without a threshold that also reports what its check refuses, with score 0."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule, 0.0)

    def _supported(self, text: str) -> Any:
        support = super()._supported(text)
        return lambda match: match if match.detail else support(match)

    def _checked(self, text: str, start: int, end: int, pattern: Pattern) -> Match | None:
        match = super()._checked(text, start, end, pattern)
        if match is not None or start >= end:
            return match
        check = self.rule.validator or self.rule.invalidator
        return Match(start, end, 0.0, pattern.name, detail=check) if check else None

    def _ibans(self, text: str, hits: Mapping[int, Ends]) -> Iterable[Match]:
        for number, ends in hits.items():
            active = self.patterns[number]
            for raw in active.spans(text, ends):
                for group in range(len(raw.groups()), 0, -1):
                    end = raw.end(group) if raw.end(group) > 0 else raw.end()
                    match = super()._checked(text, raw.start(), end, active.pattern)
                    if match is not None:
                        yield match
                        break
                else:
                    yield Match(
                        raw.start(), raw.end(), 0.0, active.pattern.name, detail=self.rule.validator
                    )


def all_misses(
    units: Sequence[Unit],
    policy: Policy,
    found: Sequence[Finding],
    resolved: Sequence[Finding],
    known: Sequence[Miss],
    model_hits: Sequence[Finding],
) -> list[Miss]:
    """Everything that was not taken, in order of units and places.

    ``found`` is what counted before overlaps and lists, ``resolved`` what came of it, ``known``
    what earlier steps dropped, ``model_hits`` all that the model saw.
    """
    explainer = _Explainer(units, policy, resolved, datetime.now(UTC).date())
    misses = list(known)
    for finding in found:
        misses += explainer.lost(finding)
    for finding in _scanner(policy).find([unit for unit in units if unit.text]):
        misses += explainer.candidate(finding)
    for finding in model_hits:
        misses += explainer.model_hit(finding)
    misses += explainer.expired()
    order = {unit.id: number for number, unit in enumerate(units)}
    once: dict[tuple[str, Span, str], Miss] = {}
    for miss in misses:
        finding = miss.finding
        place = (finding.unit, finding.span, finding.entity_type)
        if place not in once or _outranks(miss, once[place]):
            once[place] = miss
    return sorted(
        once.values(),
        key=lambda m: (order[m.finding.unit], m.finding.span, -m.finding.score,
                       m.finding.entity_type),
    )  # fmt: skip


def _outranks(new: Miss, old: Miss) -> bool:
    """Of two reasons for one place and type: a person's word, then the better score."""
    said = (Cause.ALLOW, Cause.SUBJECT, Cause.EXPIRED, Cause.HOTWORD, Cause.FIELD)
    if (new.cause in said) != (old.cause in said):
        return new.cause in said
    return new.finding.score > old.finding.score


def _scanner(policy: Policy) -> Scanner:
    known: Scanner | None = policy.memo.get("explaining scanner")
    if known is None:
        table = shipped_table()
        # asking classes would import Presidio, which takes seconds; and so all policies of a
        # language without recognizers of their own share one automaton
        rules = [ExplainingRule(rule) for rule in rules_for(table, policy) if rule.kind != "python"]
        known = policy.memo["explaining scanner"] = Scanner(rules, table.versions)
    return known


class _Explainer:
    """Compares what was seen with what was decided."""

    def __init__(
        self, units: Sequence[Unit], policy: Policy, resolved: Sequence[Finding], today: date
    ) -> None:
        self._units = {unit.id: unit for unit in units}
        self._policy = policy
        self._today = today
        self._regions: dict[str, list[Finding]] = {}
        self._acting: set[int] = set()
        for finding in resolved:
            self._regions.setdefault(finding.unit, []).append(finding)
            decision = decide(finding, policy, self._units[finding.unit].field)
            if decision.verdict is not Verdict.KEEP:
                self._acting.add(id(finding))
        self._context = {
            (rule.name, rule.entity): rule.context for rule in rules_for(shipped_table(), policy)
        }

    def lost(self, finding: Finding) -> list[Miss]:
        """A finding that counted and is none of the decisions."""
        text = self._units[finding.unit].text
        whole = finding.with_span(finding.span, text)
        if finding.why.source is Source.MODEL:
            whole = finding.with_span(whole_words(finding.span, text), text)
        regions = self._overlapping(finding)
        if any(region.entity_type == finding.entity_type for region in regions):
            return []
        entry = None
        if finding.why.source not in (Source.FIELD, Source.DENY, Source.REVIEWER):
            entry = allowing(whole, self._policy, self._today) if self._policy.allow else None
        if entry is not None:
            said = f"{entry.id} allows it" + (f": {entry.reason}" if entry.reason else "")
            return [_miss(finding, Cause.ALLOW, said)]
        if regions:
            region = max(regions, key=lambda other: len(other.span))
            return [
                _miss(
                    finding,
                    Cause.OVERLAP,
                    f"part of {region.entity_type} [{region.start}:{region.end}]",
                )
            ]
        return []

    def candidate(self, finding: Finding) -> list[Miss]:
        """Something that the scanner without thresholds sees."""
        if self._is_done(finding):
            return []
        rule = self._policy.entities.get(finding.entity_type)
        if finding.why.detail and finding.score == 0.0:
            if rule is None:
                return []
            return [_miss(finding, Cause.CHECK, f"refused by the check {finding.why.detail}")]
        unit = self._units[finding.unit]
        if rule is None:
            if finding.score < _STRONG or self._overlapping(finding):
                return []
            return [_miss(finding, Cause.TYPE, "the policy does not look for this type")]
        if finding.score < rule.threshold:
            return [_miss(finding, Cause.THRESHOLD, self._below(finding, rule.threshold))]
        if skipped(unit, self._policy):
            field_rule = self._policy.field_rule(unit.field)
            name = field_rule.id if field_rule is not None else "a field rule"
            return [_miss(finding, Cause.FIELD, f"{name} leaves this field as it is")]
        return []

    def model_hit(self, finding: Finding) -> list[Miss]:
        """Something that the model saw."""
        if self._is_done(finding):
            return []
        scored = replace(finding, score=finding.why.base)
        rule = self._policy.entities.get(finding.entity_type)
        if rule is None:
            return [_miss(scored, Cause.TYPE, "the policy does not look for this type")]
        if scored.score >= rule.threshold:
            return []  # lost, if at all, at a list or another finding: told there
        detail = f"model score {scored.score:.2f} is below {rule.threshold:.2f}"
        return [_miss(scored, Cause.THRESHOLD, detail)]

    def expired(self) -> list[Miss]:
        """What deny entries would have named, had they not expired."""
        past = tuple(e for e in self._policy.deny if not e.counts_on(self._today))
        if not past:
            return []
        revived = replace(self._policy, deny=tuple(replace(entry, expires="") for entry in past))
        return [
            _miss(finding, Cause.EXPIRED, f"{finding.why.pattern} has expired")
            for finding in deny_findings(list(self._units.values()), revived)
            if not self._is_done(finding)
        ]

    def _is_done(self, finding: Finding) -> bool:
        """True where a decision speaks of the place, or of more, already."""
        return any(
            region.span.covers(finding.span)
            and (id(region) in self._acting or region.entity_type == finding.entity_type)
            for region in self._regions.get(finding.unit, ())
        )

    def _overlapping(self, finding: Finding) -> list[Finding]:
        regions = self._regions.get(finding.unit, ())
        return [region for region in regions if region.span.overlaps(finding.span)]

    def _below(self, finding: Finding, threshold: float) -> str:
        said = f"score {finding.score:.2f} is below {threshold:.2f}"
        words = self._context.get((finding.recognizer, finding.entity_type), ())
        if finding.why.context or not words:
            return said
        more = " ..." if len(words) > _MOST_WORDS else ""
        return (
            f"{said}; none of its context words before it: {', '.join(words[:_MOST_WORDS])}{more}"
        )


def _miss(finding: Finding, cause: Cause, detail: str) -> Miss:
    return Miss(replace(finding, text=""), cause, detail)
