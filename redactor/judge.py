"""Findings -> decisions -> replacements, for one item; and what was kept on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

from redactor.columns import ColumnsJudgement, judge_columns
from redactor.detection.detect import Detector
from redactor.detection.fields import skipped
from redactor.detection.lists import allowed
from redactor.formats.base import Chunk
from redactor.formats.csv_table import TableChunk
from redactor.masking import MAY_STAY, Masker
from redactor.policy.decide import decide_all
from redactor.policy.model import Policy
from redactor.values import (
    Decision,
    Finding,
    Miss,
    Redaction,
    Source,
    Span,
    Unit,
    Verdict,
    Why,
)
from redactor.verify import Permitted
from redactor.verify.search import normalise


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about one release unit.

    ``redactions`` are ready for the format's writer; ``values`` are the secret texts that
    must not stand in the output any more; ``proposals`` wait for a person. While some wait
    and are not applied, there are neither redactions nor values. ``misses``, where asked for,
    is what was not taken and why; ``fingerprints`` whether the audit trail may hold
    fingerprints of the values.
    """

    units: Sequence[Unit]
    decisions: list[Decision]
    redactions: list[Redaction]
    values: list[str]
    proposals: list[Decision]
    permitted_anew: Callable[[], Permitted]
    without_model: bool
    misses: Sequence[Miss] = ()
    fingerprints: bool = True
    columns: ColumnsJudgement | None = None

    @property
    def permitted(self) -> Permitted:
        """What the policy left standing, for one verification: kept findings are counted."""
        return self.permitted_anew()


class Judge:
    """Decides about release units of one item under one policy.

    ``apply_proposed``: findings whose verdict is ``review`` are redacted at once.
    ``use_model`` False: rules only. ``explain``: judgements say what was not taken.
    """

    def __init__(
        self,
        detector: Detector,
        masker: Masker,
        *,
        apply_proposed: bool = False,
        use_model: bool = True,
        explain: bool = False,
    ) -> None:
        self._detector = detector
        self._masker = masker
        self._policy: Policy = detector.policy
        self._apply_proposed = apply_proposed
        self._use_model = use_model
        self._explain = explain
        self._counted: Counter[str] = Counter()  # review rules that count over the item

    def judge_chunk(self, chunk: Chunk) -> Judgement:
        """Find and decide in a chunk: its units, and the columns that need no search."""
        judgement = self.judge(chunk.units)
        if isinstance(chunk, TableChunk):
            columns = judge_columns(chunk, self._policy, self._masker)
            judgement = replace(judgement, columns=columns)
        return judgement

    def judge(self, units: Sequence[Unit]) -> Judgement:
        """Find and decide; nothing is written."""
        detection = self._detector.detect(units, use_model=self._use_model, explain=self._explain)
        fields = {unit.id: unit.field for unit in units}
        decisions = decide_all(detection.findings, self._policy, fields, self._counted)
        proposals = [d for d in decisions if d.verdict is Verdict.REVIEW]
        redacted = [d for d in decisions if self._is_redacted(d)]
        kept = [d for d in decisions if not self._is_redacted(d)]
        # while a person has to decide nothing leaves, so nothing is recorded for it either
        waiting = bool(proposals) and not self._apply_proposed
        made = [] if waiting else self._masker.replacements(redacted, units)
        return Judgement(
            units=units,
            decisions=decisions,
            redactions=[
                Redaction(d.finding.unit, d.finding.span, text, d.finding.entity_type)
                for d, text in zip(redacted, made, strict=False)
            ],
            values=[
                d.finding.text
                for d, text in zip(redacted, made, strict=False)
                if not _stays(d, text)
            ],
            proposals=proposals,
            permitted_anew=partial(
                _permitted,
                self._policy,
                kept,
                _own_texts(units, detection.subject),
                {d.finding.text for d in redacted},
            ),
            without_model=detection.without_model,
            misses=detection.misses,
            fingerprints=self._policy.fingerprints,
        )

    def _is_redacted(self, decision: Decision) -> bool:
        if decision.operator == "keep":
            return False
        return decision.verdict is Verdict.REDACT or (
            self._apply_proposed and decision.verdict is Verdict.REVIEW
        )


def _stays(decision: Decision, replacement: str) -> bool:
    """A less exact value that is the value itself was left on purpose: a year, a state."""
    if decision.operator not in MAY_STAY:
        return False
    return normalise(decision.finding.text) in normalise(replacement)


def _own_texts(units: Sequence[Unit], spans: Mapping[str, Sequence[Span]]) -> list[str]:
    """What stays where it stands: the subject's own values, texts that an allow entry names."""
    texts = {unit.id: unit.text for unit in units} if spans else {}
    return [texts[unit][s.start : s.end] for unit, found in spans.items() for s in found]


def _permitted(
    policy: Policy, kept: Sequence[Decision], own: Sequence[str], redacted: Collection[str]
) -> Permitted:
    """Whether the policy left a text standing: kept finding, skipped field or allow entry.

    ``own`` are the subject's values as they stand; a redacted value may be a part of one (the
    family name of a relative). Under strict verification nothing is permitted but those.
    """
    budget: Counter[str] = Counter()
    if policy.verification != "strict":
        budget.update(normalise(decision.finding.text) for decision in kept)
    if own:
        values = {normalise(value) for value in redacted}
        for text in map(normalise, own):
            budget.update({value: text.count(value) for value in values if value in text})
    today: date = datetime.now(UTC).date()

    def permitted(unit: Unit, text: str) -> bool:
        folded = normalise(text)
        if budget[folded] > 0:
            budget[folded] -= 1
            return True
        if policy.verification == "strict":
            return False
        if skipped(unit, policy):
            return True
        probe = Finding(
            unit.id, Span(0, max(len(text), 1)), "ANY", 0.0, "verify", Why(Source.PATTERN), text
        )
        return allowed(probe, policy, today)

    return permitted
