"""Units that show one value twice: what is redacted in one is redacted in the other.

A spreadsheet cell holds a number and shows it by a format; a date hides its year. The two
texts need not resemble each other, so no search for equal values connects them.
"""

from __future__ import annotations

from collections.abc import Sequence

from redactor.detection.fields import skipped
from redactor.detection.resolve import strength
from redactor.policy.decide import decide
from redactor.policy.model import Policy
from redactor.values import Finding, Source, Span, Unit, Verdict, Why


def twin_findings(
    findings: Sequence[Finding], units: Sequence[Unit], policy: Policy
) -> list[Finding]:
    """New findings over the whole of every unit whose twin (``Unit.same_as``) is acted upon.

    ``findings`` are resolved. Fields that the policy skips stay as they are.
    """
    by_id = {unit.id: unit for unit in units}
    partners: dict[str, list[str]] = {}
    for unit in units:
        if unit.same_as is not None and unit.same_as in by_id:
            partners.setdefault(unit.id, []).append(unit.same_as)
            partners.setdefault(unit.same_as, []).append(unit.id)
    if not partners:
        return []
    acted: dict[str, Finding] = {}
    whole: set[str] = set()
    for finding in findings:
        if finding.unit not in partners:
            continue
        unit = by_id[finding.unit]
        if decide(finding, policy, unit.field).verdict is Verdict.KEEP:
            continue
        if finding.span == _content(unit):
            whole.add(unit.id)
        best = acted.get(unit.id)
        if best is None or strength(best, policy, unit.field) < strength(
            finding, policy, unit.field
        ):
            acted[unit.id] = finding
    found: list[Finding] = []
    for unit_id, finding in acted.items():
        for partner_id in partners[unit_id]:
            partner = by_id[partner_id]
            span = _content(partner)
            if partner_id in whole or span is None or skipped(partner, policy):
                continue
            detail = finding.why.pattern if finding.why.source is Source.FIELD else ""
            why = Why(Source.PROPAGATED, pattern="same place", detail=detail)
            text = partner.text[span.start : span.end]
            found.append(
                Finding(
                    partner_id,
                    span,
                    finding.entity_type,
                    finding.score,
                    finding.recognizer,
                    why,
                    text,
                )
            )
    return found


def _content(unit: Unit) -> Span | None:
    """The unit's text without outer white space."""
    start = len(unit.text) - len(unit.text.lstrip())
    end = len(unit.text.rstrip())
    return Span(start, end) if start < end else None
