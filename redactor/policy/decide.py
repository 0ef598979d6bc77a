"""Finding -> decision: which rule of the policy speaks, and what it says."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from redactor.policy.model import (
    EntityRule,
    FieldRule,
    HotwordRule,
    ListEntry,
    Policy,
    ReviewRule,
)
from redactor.values import Decision, Finding, Source, Verdict

KEEP = "keep"
# what a person or a list said is certain: no score and no hotword changes it
CERTAIN = frozenset({Source.DENY, Source.REVIEWER})
_NO_CODE = "redacted"  # for {reason} where a rule has none


def decide(finding: Finding, policy: Policy, unit_field: str | None = None) -> Decision:
    """What the policy says about a finding in the field ``unit_field`` (``Unit.field``).

    A deny entry and a person's own mark are always redacted, also where the entity's rule
    keeps it. A finding that joined others never shows a part of its text: the first or
    last characters may be the other finding's. Rules that count over a document speak in
    :func:`decide_all`.
    """
    rule, name = _rule_for(finding, policy, unit_field)
    params: Mapping[str, Any] = rule.params
    if finding.extent == "joined" and rule.operator == "mask":
        params = {**params, "keep_first": 0, "keep_last": 0}
    elif rule.operator == "replace":
        params = _filled(params, rule.reason, finding)
    verdict, reason = rule.verdict, rule.reason
    if policy.review and verdict is Verdict.REDACT and finding.why.source not in CERTAIN:
        asked = _review_rule(finding, rule, policy, unit_field)
        if asked is not None:
            verdict, name, reason = Verdict.REVIEW, asked.id, reason or asked.reason
    return Decision(
        finding,
        Verdict.KEEP if rule.operator == KEEP else verdict,
        KEEP if rule.verdict is Verdict.KEEP else rule.operator,
        params,
        rule=name,
        reason=reason,
    )


def decide_all(
    findings: Sequence[Finding],
    policy: Policy,
    fields: Mapping[str, str | None],
    counted: Counter[str] | None = None,
) -> list[Decision]:
    """Decisions of one release unit, with the review rules that count over a document.

    ``fields`` is unit id -> its field. ``counted`` goes on from one release unit of an item
    to the next (review rule id -> findings so far).
    """
    decisions = [decide(finding, policy, fields.get(finding.unit)) for finding in findings]
    counted = Counter() if counted is None else counted
    for item in policy.review:
        if item.more_than is None and item.scope == "finding":
            continue
        members = [
            at
            for at, decision in enumerate(decisions)
            if decision.verdict is not Verdict.KEEP
            and decision.finding.why.source not in CERTAIN
            and _is_meant(
                item,
                decision.finding,
                rule_of(decision.finding, policy, fields.get(decision.finding.unit)),
                fields.get(decision.finding.unit),
            )
        ]
        counted[item.id] += len(members)
        if item.more_than is not None and counted[item.id] <= item.more_than:
            continue
        if item.scope == "document" and counted[item.id]:
            members = [
                at
                for at, decision in enumerate(decisions)
                if decision.finding.why.source not in CERTAIN
            ]
        for at in members:
            if decisions[at].verdict is Verdict.REDACT:
                reason = decisions[at].reason or item.reason
                decisions[at] = replace(
                    decisions[at], verdict=Verdict.REVIEW, rule=item.id, reason=reason
                )
    return decisions


def rule_of(finding: Finding, policy: Policy, unit_field: str | None = None) -> EntityRule:
    """The rule that speaks of a finding: see :func:`decide`."""
    return _rule_for(finding, policy, unit_field)[0]


def confidence(finding: Finding) -> float:
    """How sure its finder was, 0-1: a model's own score, else the finding's."""
    why = finding.why
    own = why.source in (Source.MODEL, Source.PROPAGATED) and why.base > 0.0
    return why.base if own else finding.score


def spoken(hotword: HotwordRule, rule: EntityRule, default: EntityRule) -> EntityRule:
    """What holds for a finding whose entity's rule is ``rule`` once a hotword has spoken."""
    if hotword.verdict is None and hotword.rule is None:
        return rule
    reason = hotword.reason or rule.reason
    if hotword.verdict is Verdict.KEEP:
        return replace(rule, verdict=Verdict.KEEP, operator=KEEP, params={}, reason=reason)
    verdict = hotword.verdict or rule.verdict
    if verdict is Verdict.KEEP:
        verdict = Verdict.REDACT  # who names an operator wants it to work
    changes = hotword.rule or (rule if rule.operator != KEEP else _acting(default))
    return replace(
        rule, verdict=verdict, operator=changes.operator, params=changes.params, reason=reason
    )


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
    if why.hotword:
        return _hotword_rule(finding, policy)
    return _entity_rule(finding, policy)


def _entity_rule(finding: Finding, policy: Policy) -> tuple[EntityRule, str]:
    rule = policy.entities.get(finding.entity_type)
    if rule is None:
        return policy.default, "defaults"
    return rule, f"entities.{finding.entity_type}"


def _hotword_rule(finding: Finding, policy: Policy) -> tuple[EntityRule, str]:
    key = ("hotword", finding.why.hotword, finding.entity_type)
    known: tuple[EntityRule, str] | None = policy.memo.get(key)
    if known is None:
        known = _entity_rule(finding, policy)
        for hotword in policy.hotwords:
            acts = hotword.verdict is not None or hotword.rule is not None
            if hotword.id == finding.why.hotword and acts:
                known = spoken(hotword, known[0], policy.default), hotword.id
        policy.memo[key] = known
    return known


def _must_redact(
    finding: Finding, policy: Policy, entry: ListEntry | None
) -> tuple[EntityRule, str]:
    rule, name = _entity_rule(finding, policy)
    if rule.verdict is Verdict.KEEP or rule.operator == KEEP:
        rule, name = _acting(policy.default), "defaults"
    if entry is None:
        return rule, name
    if entry.reason and entry.reason != rule.reason:
        rule = replace(rule, reason=entry.reason)
    return rule, entry.id


def _acting(rule: EntityRule) -> EntityRule:
    """The rule, or where it keeps everything one that puts the type in a value's place."""
    if rule.verdict is Verdict.KEEP or rule.operator == KEEP:
        return EntityRule(params={"new_value": "<{entity}>"})
    return rule


def _entry(policy: Policy, entry_id: str) -> ListEntry | None:
    return next((entry for entry in policy.deny if entry.id == entry_id), None)


def _filled(params: Mapping[str, Any], reason: str, finding: Finding) -> Mapping[str, Any]:
    """``{reason}`` and ``{length}`` of a label filled in; the type is the operator's to fill."""
    label = params.get("new_value", "")
    if "{reason}" not in label and "{length}" not in label:
        return params
    label = _fill(label, reason or _NO_CODE, str(len(finding.span)))
    return {**params, "new_value": label}


@lru_cache(maxsize=1024)
def _fill(label: str, reason: str, length: str) -> str:
    words = {"reason": reason, "length": length}
    made = []
    for text, name, _, _ in string.Formatter().parse(label):
        made.append(text.replace("{", "{{").replace("}", "}}"))
        if name in words:
            made.append(words[name].replace("{", "{{").replace("}", "}}"))
        elif name is not None:
            made.append(f"{{{name}}}")
    return "".join(made)


def _review_rule(
    finding: Finding, rule: EntityRule, policy: Policy, unit_field: str | None
) -> ReviewRule | None:
    for item in policy.review:
        if item.more_than is None and _is_meant(item, finding, rule, unit_field):
            return item
    return None


def _is_meant(item: ReviewRule, finding: Finding, rule: EntityRule, unit_field: str | None) -> bool:
    if item.entities and finding.entity_type not in item.entities:
        return False
    if item.field is not None and not _field_matches(item.field, unit_field):
        return False
    sure = confidence(finding)
    if item.score_from is not None and sure < item.score_from:
        return False
    if item.score_below is not None and sure >= item.score_below:
        return False
    return item.margin is None or sure < rule.threshold + item.margin


@lru_cache(maxsize=4096)
def _field_matches(glob: str, unit_field: str | None) -> bool:
    if unit_field is None:
        return False
    by_name, by_path = FieldRule(None, name=glob), FieldRule(None, path=glob)
    return by_name.matches(unit_field) or by_path.matches(unit_field)
