"""HIPAA Safe Harbor, 45 CFR 164.514(b)(2): eighteen identifiers go; codes are random.

What software cannot decide stays with a person: photographs and biometrics are flagged, and
"no actual knowledge" (b)(2)(ii) has to be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import DERIVED, Breach, Law, acting, left, must_act
from redactor.policy.model import EntityRule, Policy
from redactor.policy.order import Part

_RULE = "45 CFR 164.514(b)(2)(i)"

# (A) to (R) as far as text shows them
REQUIRED: dict[str, str] = {
    "PERSON": "(A) names",
    "LOCATION": "(B) places smaller than a state",
    "STREET_ADDRESS": "(B) places smaller than a state",
    "DATE_TIME": "(C) dates but the year",
    "DATE_OF_BIRTH": "(C) dates but the year",
    "PHONE_NUMBER": "(D), (E) telephone and fax numbers",
    "EMAIL_ADDRESS": "(F) e-mail addresses",
    "US_SSN": "(G) social security numbers",
    "MEDICAL_RECORD_NUMBER": "(H) medical record numbers",
    "US_MBI": "(I) health plan beneficiary numbers",
    "US_BANK_NUMBER": "(J) account numbers",
    "IBAN_CODE": "(J) account numbers",
    "CREDIT_CARD": "(J) account numbers",
    "US_DRIVER_LICENSE": "(K) certificate and licence numbers",
    "MEDICAL_LICENSE": "(K) certificate and licence numbers",
    "VIN": "(L) vehicle identifiers",
    "IMEI": "(M) device identifiers",
    "MAC_ADDRESS": "(M) device identifiers",
    "URL": "(N) URLs",
    "IP_ADDRESS": "(O) IP addresses",
}
_DATES = frozenset({"DATE_TIME", "DATE_OF_BIRTH", "AGE"})
# of these generalize leaves a state, or three digits of a ZIP code
_PLACES = frozenset({"LOCATION", "STREET_ADDRESS", "ZIP_CODE", "US_ZIP_CODE", "POSTAL_CODE"})


def check(policy: Policy) -> Iterator[Breach]:
    """What Safe Harbor forbids."""
    yield from must_act(policy, REQUIRED, "hipaa-identifier", _RULE)
    for item in acting(policy):
        part, rule = item.part, item.rule
        if rule.operator == "date_shift":
            yield Breach(
                part,
                "hipaa-date-shift",
                f"{item.entity}: shifted dates are not Safe Harbor; leave the year only, or work "
                "by expert determination (164.514(b)(1)) or a limited data set (164.514(e))",
                f"{_RULE}(C)",
            )
        elif rule.operator in DERIVED:
            yield Breach(
                part,
                "hipaa-derived-code",
                f"{item.entity}: {rule.operator} is made from the value; a code must not be: use "
                "token or replace",
                "45 CFR 164.514(c)(1)",
            )
        elif any(left(rule)):
            yield Breach(
                part,
                "hipaa-partial",
                f"{item.entity}: the mask leaves characters; a part of an identifier is one",
                _RULE,
            )
        elif rule.operator == "generalize":
            yield from _generalized(part, item.entity, rule)


def _generalized(part: Part, entity: str, rule: EntityRule) -> Iterator[Breach]:
    said = ""
    if entity in _DATES:
        if rule.params.get("date") == "month":
            said = "the month is left; only the year may be"
        elif int(rule.params.get("top_age", 90)) > 90:
            said = "ages from 90 on must be one"
    elif entity not in _PLACES:
        said = "a part of an identifier is one"
    if said:
        clause = "C" if entity in _DATES else "R"
        yield Breach(part, "hipaa-generalize", f"{entity}: {said}", f"{_RULE}({clause})")


LAW = Law("hipaa-safe-harbor", "HIPAA Privacy Rule, Safe Harbor (45 CFR 164.514(b)(2))", check)
