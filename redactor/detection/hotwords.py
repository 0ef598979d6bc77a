"""Hotword rules: words near a finding raise, lower or set its score, or choose its verdict.

Of the policy's rules for a finding the first whose words stand near it speaks, no other. The
scanner lets candidates through that a hotword could lift over their threshold
(``Policy.floors``); what no hotword lifted is dropped here. A column's or key's name counts
as standing right before its value. Deny entries, field rules and a person's marks are
certain: no hotword speaks of them. Copies of a value follow the finding they are copies of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from redactor.errors import WithheldError
from redactor.policy.model import HotwordRule, Policy
from redactor.values import Cause, Finding, Miss, Source, Unit

_UNTOUCHED = frozenset({Source.FIELD, Source.DENY, Source.REVIEWER, Source.PROPAGATED})
_PATTERN_SECONDS = 10.0  # most that one expression may think about one window
_OVERHANG = 64  # characters past a window that a word reaching over its end may take


def apply_hotwords(
    findings: Sequence[Finding],
    units: Mapping[str, Unit],
    policy: Policy,
    misses: list[Miss] | None = None,
) -> list[Finding]:
    """The findings that still count, with the scores and marks that hotwords gave them.

    ``misses`` takes what was dropped, and why.

    Raises:
        WithheldError: an expression of the policy takes too long on a text.
    """
    kept: list[Finding] = []
    for finding in findings:
        if finding.why.source in _UNTOUCHED:
            kept.append(finding)
            continue
        rule = _first(finding, units[finding.unit], policy)
        if rule is not None:
            finding = _marked(finding, rule)
        threshold = policy.entities[finding.entity_type].threshold
        reached = _own_score(finding)
        if reached >= threshold:
            kept.append(finding)
        elif misses is not None:
            cause = Cause.HOTWORD if rule is not None else Cause.THRESHOLD
            by = f" after {rule.id}" if rule is not None else ""
            detail = f"{reached:.2f}{by} is below {threshold:.2f}"
            misses.append(Miss(replace(finding, text=""), cause, detail))
    return kept


def _own_score(finding: Finding) -> float:
    """What is compared with the threshold: a model's own score, else the finding's."""
    return finding.why.base if finding.why.source is Source.MODEL else finding.score


def _marked(finding: Finding, rule: HotwordRule) -> Finding:
    if finding.why.source is Source.MODEL:
        base = rule.rescored(finding.why.base)
        return replace(finding, why=replace(finding.why, base=base, hotword=rule.id))
    score = rule.rescored(finding.score)
    return replace(finding, score=score, why=replace(finding.why, hotword=rule.id))


def _first(finding: Finding, unit: Unit, policy: Policy) -> HotwordRule | None:
    for rule in policy.hotwords:
        if rule.speaks_of(finding.entity_type) and _stands_near(rule, finding, unit, policy):
            return rule
    return None


def _stands_near(rule: HotwordRule, finding: Finding, unit: Unit, policy: Policy) -> bool:
    text, start, end = unit.text, finding.start, finding.end
    first, last = 0, len(text)
    if unit.by_line:
        first = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        last = len(text) if line_end < 0 else line_end
    expression = _compiled(rule, policy)
    low = max(start - rule.before, first)
    if rule.before and _hits(expression, rule, text, low, start, start):
        return True
    if rule.before and unit.field is not None and start - rule.before < 0:
        name = unit.field.rsplit(".", 1)[-1].replace("_", " ")
        if _hits(expression, rule, name, 0, len(name), len(name)):
            return True
    high = min(end + rule.after, last)
    return rule.after > 0 and _hits(expression, rule, text, end, high, min(high + _OVERHANG, last))


def _hits(expression: Any, rule: HotwordRule, text: str, low: int, high: int, limit: int) -> bool:
    """Whether a match lies in ``[low, high)``; text up to ``limit`` may be looked at."""
    if rule.pattern is None:
        matches = expression.finditer(text, low, limit)
    else:
        matches = expression.finditer(text, low, limit, timeout=_PATTERN_SECONDS)
    try:
        return any(match.end() <= high for match in matches)
    except TimeoutError:
        raise WithheldError(
            f"the expression of {rule.id} took more than {_PATTERN_SECONDS:.0f} s on one text: "
            "make it simpler"
        ) from None


def _compiled(rule: HotwordRule, policy: Policy) -> Any:
    key = ("hotword expression", rule.id)
    known = policy.memo.get(key)
    if known is None:
        if rule.pattern is not None:
            import regex  # has a time limit, which re has not

            known = regex.compile(rule.pattern, regex.IGNORECASE)
        else:
            words = (r"\s+".join(map(re.escape, word.split())) for word in rule.words)
            known = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
        policy.memo[key] = known
    return known
