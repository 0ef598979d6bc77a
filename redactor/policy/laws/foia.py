"""FOIA, 5 U.S.C. 552(b): a person decides, and every mark carries its exemption."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redactor.policy.laws.base import Breach, Law, treatments
from redactor.policy.model import Policy
from redactor.values import Verdict

_STATUTE = re.compile(r"\(b\)\(3\)(?!.*\w{3})")
_MARK = "5 U.S.C. 552(b), last sentences (OPEN Government Act of 2007, sec. 12)"


def check(policy: Policy) -> Iterator[Breach]:
    """What the act forbids."""
    if not policy.requires_person:
        yield Breach(
            ("requires_person",),
            "foia-person",
            "an exemption is an official's decision: `requires_person: true`",
            "5 U.S.C. 552(a)(6)(A), 552(a)(8)",
        )
    for item in treatments(policy):
        rule = item.rule
        if rule.verdict is Verdict.KEEP:
            continue
        if rule.verdict is not Verdict.REVIEW:
            yield Breach(
                item.part,
                "foia-automatic",
                f"{item.entity}: nothing may be withheld without a person: `verdict: review`",
                "5 U.S.C. 552(a)(8)(A)",
            )
        if rule.operator != "replace" or "{reason}" not in str(rule.params.get("new_value")):
            yield Breach(
                item.part,
                "foia-mark",
                f"{item.entity}: the exemption must stand at the place of removal: replace with "
                "a label that holds {reason}",
                _MARK,
            )
        elif "{length}" not in str(rule.params.get("new_value")):
            yield Breach(
                item.part,
                "foia-amount",
                f"{item.entity}: the amount removed must be shown: a label with {{length}}",
                _MARK,
            )
        yield from _code(policy, item.part, item.entity, rule.reason)


def _code(
    policy: Policy, part: tuple[str | int, ...], entity: str, reason: str
) -> Iterator[Breach]:
    if not reason:
        yield Breach(part, "foia-code", f"{entity}: no exemption code: add `reason`", _MARK)
        return
    for code in (piece.strip() for piece in reason.split(",")):
        if policy.codes and code.split(":")[0].strip() not in policy.codes:
            known = ", ".join(policy.codes)
            yield Breach(
                part, "foia-code", f"{entity}: unknown exemption code; known are {known}", _MARK
            )
    if _STATUTE.search(reason):
        yield Breach(
            part,
            "foia-statute",
            f'{entity}: exemption 3 needs its statute: reason "(b)(3): 26 U.S.C. 6103"',
            "5 U.S.C. 552(b)(3)",
        )


LAW = Law("foia", "Freedom of Information Act (5 U.S.C. 552)", check)
