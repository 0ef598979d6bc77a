"""CCPA: personal information and deidentification, Cal. Civ. Code 1798.140(v), (ae), (m)."""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import Breach, Law, acting, left, must_act, reversible
from redactor.policy.model import Policy
from redactor.values import Verdict

IDENTIFIERS: dict[str, str] = {
    "PERSON": "(v)(1)(A) real name or alias",
    "STREET_ADDRESS": "(v)(1)(A) postal address",
    "EMAIL_ADDRESS": "(v)(1)(A) email address",
    "USERNAME": "(v)(1)(A) account name",
    "IP_ADDRESS": "(v)(1)(A) internet protocol address",
    "PHONE_NUMBER": "(v)(1)(B) customer records",
    "US_SSN": "(ae)(1)(A) social security number",
    "US_DRIVER_LICENSE": "(ae)(1)(A) driver's licence",
    "US_PASSPORT": "(ae)(1)(A) passport",
    "CREDIT_CARD": "(ae)(1)(B) account with its code",
    "PASSWORD": "(ae)(1)(B) account log-in",
}
SENSITIVE = frozenset(
    {
        "US_SSN", "US_ITIN", "US_DRIVER_LICENSE", "US_PASSPORT", "CREDIT_CARD", "US_BANK_NUMBER",
        "IBAN_CODE", "PASSWORD", "SPECIAL_CATEGORY", "MEDICAL_RECORD_NUMBER",
    }
)  # fmt: skip
_DECIMALS = 2  # 0.01 degrees are wider than the 1,850 feet of (w)
_DEIDENTIFIED = "Cal. Civ. Code 1798.140(m)"


def check(policy: Policy) -> Iterator[Breach]:
    """What does not count as deidentified."""
    law = "Cal. Civ. Code 1798.140(v), (ae)"
    yield from must_act(policy, IDENTIFIERS, "ccpa-identifier", law)
    for item in acting(policy):
        rule = item.rule
        if reversible(rule):
            yield Breach(
                item.part,
                "ccpa-reversible",
                f"{item.entity}: {rule.operator} can be undone: the result is not deidentified",
                _DEIDENTIFIED,
            )
        if item.entity in SENSITIVE and (
            rule.operator in ("hash", "pseudonym", "date_shift") or any(left(rule))
        ):
            yield Breach(
                item.part,
                "ccpa-sensitive",
                f"{item.entity}: sensitive personal information is removed, not joined or shown "
                "in part: use redact or replace",
                "Cal. Civ. Code 1798.140(ae)",
            )
    coordinates = policy.entities.get("GEO_COORDINATES")
    if coordinates is None:
        return
    decimals = coordinates.params.get("decimals", _DECIMALS)
    kept = coordinates.verdict is Verdict.KEEP
    if kept or (coordinates.operator == "generalize" and int(decimals) > _DECIMALS):
        yield Breach(
            ("entities", "GEO_COORDINATES"),
            "ccpa-geolocation",
            f"precise geolocation: leave at most {_DECIMALS} decimals of a degree",
            "Cal. Civ. Code 1798.140(w), (ae)(1)(C)",
        )


LAW = Law("ccpa", "California Consumer Privacy Act as amended (Civ. Code 1798.140)", check)
