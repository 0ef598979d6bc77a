"""Texts that an allow entry names, as a whole: what is found inside one is none of its own.

``help@example.com`` on the allow list also spares the host that another rule sees in it, at
that place only. Field rules, deny entries and a person's marks stand above that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from redactor.detection.lists import allowed
from redactor.policy.model import Policy
from redactor.values import Finding, Source, Span, Unit

_ABOVE = frozenset({Source.REVIEWER, Source.FIELD, Source.DENY})

Places = Mapping[str, Sequence[Span]]  # unit id -> spans


def spared_places(
    findings: Sequence[Finding], units: Mapping[str, Unit], policy: Policy
) -> dict[str, list[Span]]:
    """Where findings stand whose whole text an allow entry names."""
    found: dict[str, list[Span]] = {}
    if not policy.allow:
        return found
    today = datetime.now(UTC).date()
    for finding in findings:
        whole = finding.with_span(finding.span, units[finding.unit].text)
        if finding.why.source not in _ABOVE and allowed(whole, policy, today):
            found.setdefault(finding.unit, []).append(finding.span)
    return found


def without_parts(findings: Sequence[Finding], places: Places) -> list[Finding]:
    """The findings that are no mere part of a spared text."""
    if not places:
        return list(findings)
    return [
        finding
        for finding in findings
        if finding.why.source in _ABOVE
        or not any(
            place.covers(finding.span) and place != finding.span
            for place in places.get(finding.unit, ())
        )
    ]
