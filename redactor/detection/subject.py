"""The one person whose data stays (an access request): where their own values stand.

A finding that lies wholly inside such a place is none; one that holds more (another name
beside it) is redacted whole. Deny entries and a person's marks stand above that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from redactor.detection.lists import deny_findings
from redactor.policy.model import ListEntry, Policy
from redactor.values import Cause, Finding, Miss, Source, Span, Unit

_ABOVE = frozenset({Source.DENY, Source.REVIEWER})
# what may stand beside the subject's name in a finding and tell nothing of anybody else
_BESIDE = re.compile(
    r"(?:\b(?:mr|mrs|ms|mx|miss|dr|prof|sir|madam|herr|frau)\b\.?|['\u2019]s\b|[\s.,;:()\"]+)*\Z",
    re.IGNORECASE,
)


def subject_spans(units: Sequence[Unit], policy: Policy) -> dict[str, list[Span]]:
    """Unit id -> where the subject's values stand, in order."""
    if not policy.subject.values:
        return {}
    lists = policy.memo.get("subject")
    if lists is None:
        entry = ListEntry("subject", policy.subject.values, ignore_case=True)
        lists = policy.memo["subject"] = replace(policy, deny=(entry,))
    spans: dict[str, list[Span]] = {}
    for finding in deny_findings(units, lists):
        spans.setdefault(finding.unit, []).append(finding.span)
    return {unit: sorted(found) for unit, found in spans.items()}


def without_subject(
    findings: Sequence[Finding],
    units: Mapping[str, Unit],
    spans: Mapping[str, Sequence[Span]],
    misses: list[Miss] | None = None,
) -> list[Finding]:
    """The findings that speak of somebody else; ``misses`` takes the others."""
    if not spans:
        return list(findings)
    kept: list[Finding] = []
    for finding in findings:
        if finding.why.source in _ABOVE or not _is_own(
            finding.span, units[finding.unit].text, spans.get(finding.unit, ())
        ):
            kept.append(finding)
        elif misses is not None:
            misses.append(Miss(replace(finding, text=""), Cause.SUBJECT, "the subject's own data"))
    return kept


def _is_own(span: Span, text: str, own: Sequence[Span]) -> bool:
    inside = [other for other in own if other.overlaps(span)]
    if not inside:
        return False
    rest, at = [], span.start
    for other in inside:
        if other.start > at:
            rest.append(text[at : other.start])
        at = max(at, other.end)
    rest.append(text[at : span.end] if at < span.end else "")
    return all(_BESIDE.match(piece) for piece in rest)
