"""Findings -> decisions -> replacements, for one item; and what was kept on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from redactor.detection.detect import Detector
from redactor.detection.fields import skipped
from redactor.detection.lists import allowed
from redactor.masking import Masker
from redactor.policy.decide import decide
from redactor.policy.model import Policy
from redactor.values import Decision, Finding, Redaction, Source, Span, Unit, Verdict, Why
from redactor.verify import Permitted
from redactor.verify.search import normalise


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about one release unit.

    ``redactions`` are ready for the format's writer; ``values`` are the secret texts that
    must not stand in the output any more; ``proposals`` wait for a person.
    """

    units: Sequence[Unit]
    decisions: list[Decision]
    redactions: list[Redaction]
    values: list[str]
    proposals: list[Decision]
    permitted_anew: Callable[[], Permitted]
    without_model: bool

    @property
    def permitted(self) -> Permitted:
        """What the policy left standing, for one verification: kept findings are counted."""
        return self.permitted_anew()


class Judge:
    """Decides about release units of one item under one policy.

    ``apply_proposed``: findings whose verdict is ``review`` are redacted at once.
    """

    def __init__(self, detector: Detector, masker: Masker, *, apply_proposed: bool = False) -> None:
        self._detector = detector
        self._masker = masker
        self._policy: Policy = detector.policy
        self._apply_proposed = apply_proposed

    def judge(self, units: Sequence[Unit]) -> Judgement:
        """Find and decide; nothing is written."""
        detection = self._detector.detect(units)
        fields = {unit.id: unit.field for unit in units}
        decisions = [
            decide(finding, self._policy, fields.get(finding.unit))
            for finding in detection.findings
        ]
        redacted = [d for d in decisions if self._is_redacted(d)]
        kept = [d for d in decisions if not self._is_redacted(d)]
        return Judgement(
            units=units,
            decisions=decisions,
            redactions=[
                Redaction(
                    d.finding.unit,
                    d.finding.span,
                    self._masker.replacement(d),
                    d.finding.entity_type,
                )
                for d in redacted
            ],
            values=[d.finding.text for d in redacted],
            proposals=[d for d in decisions if d.verdict is Verdict.REVIEW],
            permitted_anew=partial(_permitted, self._policy, kept),
            without_model=detection.without_model,
        )

    def _is_redacted(self, decision: Decision) -> bool:
        if decision.operator == "keep":
            return False
        return decision.verdict is Verdict.REDACT or (
            self._apply_proposed and decision.verdict is Verdict.REVIEW
        )


def _permitted(policy: Policy, kept: Sequence[Decision]) -> Permitted:
    """Whether the policy left a text standing: kept finding, skipped field or allow entry."""
    budget = Counter(normalise(decision.finding.text) for decision in kept)
    today: date = datetime.now(UTC).date()

    def permitted(unit: Unit, text: str) -> bool:
        folded = normalise(text)
        if budget[folded] > 0:
            budget[folded] -= 1
            return True
        if skipped(unit, policy):
            return True
        probe = Finding(
            unit.id, Span(0, max(len(text), 1)), "ANY", 0.0, "verify", Why(Source.PATTERN), text
        )
        return allowed(probe, policy, today)

    return permitted
