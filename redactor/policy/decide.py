"""Finding -> decision: which rule of the policy speaks, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.policy.model import EntityRule, ListEntry, Policy
from redactor.values import Decision, Finding, Source, Verdict

KEEP = "keep"


def decide(finding: Finding, policy: Policy, unit_field: str | None = None) -> Decision:
    """What the policy says about a finding in the field ``unit_field`` (``Unit.field``).

    A deny entry and a person's own mark are always redacted, also where the entity's rule
    keeps it. A finding that joined others never shows a part of its text: the first or
    last characters may be the other finding's.
    """
    rule, name = _rule_for(finding, policy, unit_field)
    params: Mapping[str, Any] = rule.params
    if finding.extent == "joined" and rule.operator == "mask":
        params = {**params, "keep_first": 0, "keep_last": 0}
    return Decision(
        finding,
        Verdict.KEEP if rule.operator == KEEP else rule.verdict,
        KEEP if rule.verdict is Verdict.KEEP else rule.operator,
        params,
        rule=name,
        reason=rule.reason,
    )


def rule_of(finding: Finding, policy: Policy, unit_field: str | None = None) -> EntityRule:
    """The rule that speaks of a finding: see :func:`decide`."""
    return _rule_for(finding, policy, unit_field)[0]


def _rule_for(finding: Finding, policy: Policy, unit_field: str | None) -> tuple[EntityRule, str]:
    why = finding.why
    if why.source is Source.FIELD:
        field_rule = policy.field_rule(unit_field)
        if field_rule is not None:
            return field_rule.rule or _entity_rule(finding, policy)[0], field_rule.id
    if why.source is Source.DENY:
        return _must_redact(finding, policy, _entry(policy, why.pattern))
    if why.source is Source.REVIEWER:
        return _must_redact(finding, policy, None)
    if why.source is Source.PROPAGATED and why.detail:
        # the copy of a value follows the rule that its original followed
        for field_rule in policy.fields:
            if field_rule.id == why.detail and field_rule.rule is not None:
                return field_rule.rule, field_rule.id
        entry = _entry(policy, why.detail)
        if entry is not None:
            return _must_redact(finding, policy, entry)
    return _entity_rule(finding, policy)


def _entity_rule(finding: Finding, policy: Policy) -> tuple[EntityRule, str]:
    rule = policy.entities.get(finding.entity_type)
    if rule is None:
        return policy.default, "defaults"
    return rule, f"entities.{finding.entity_type}"


def _must_redact(
    finding: Finding, policy: Policy, entry: ListEntry | None
) -> tuple[EntityRule, str]:
    rule, name = _entity_rule(finding, policy)
    if rule.verdict is Verdict.KEEP or rule.operator == KEEP:
        rule, name = policy.default, "defaults"
    if rule.verdict is Verdict.KEEP or rule.operator == KEEP:
        rule = EntityRule(params={"new_value": "<{entity}>"})
    if entry is None:
        return rule, name
    if entry.reason and entry.reason != rule.reason:
        rule = EntityRule(
            rule.verdict, rule.operator, rule.params, rule.threshold, rule.priority, entry.reason
        )
    return rule, entry.id


def _entry(policy: Policy, entry_id: str) -> ListEntry | None:
    return next((entry for entry in policy.deny if entry.id == entry_id), None)
