"""Columns and JSON keys whose whole value the policy names."""

from __future__ import annotations

from collections.abc import Sequence

from redactor.policy.model import FieldRule, Policy
from redactor.values import Finding, Source, Span, Unit, Verdict, Why


def field_findings(units: Sequence[Unit], policy: Policy) -> list[Finding]:
    """The whole value, without outer white space, of every field that a rule names."""
    if not policy.fields:
        return []
    found: list[Finding] = []
    for unit in units:
        rule = policy.field_rule(unit.field)
        if rule is None or rule.entity is None or keeps(rule):
            continue
        start = len(unit.text) - len(unit.text.lstrip())
        end = len(unit.text.rstrip())
        if start < end:
            why = Why(Source.FIELD, pattern=rule.id)
            text = unit.text[start:end]
            found.append(Finding(unit.id, Span(start, end), rule.entity, 1.0, "fields", why, text))
    return found


def skipped(unit: Unit, policy: Policy) -> bool:
    """True when a field rule says that this unit is kept as it is and not scanned."""
    rule = policy.field_rule(unit.field)
    return rule is not None and keeps(rule)


def keeps(rule: FieldRule) -> bool:
    """True when the rule leaves the field as it is, unread."""
    if rule.rule is None:
        return rule.entity is None
    return rule.rule.verdict is Verdict.KEEP or rule.rule.operator == "keep"
