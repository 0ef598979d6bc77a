"""Court filings: Fed. R. Civ. P. 5.2(a) and Fed. R. Crim. P. 49.1(a).

May stay: the last four digits of a social security, taxpayer or account number, the year of a
birth date, a minor's initials, and (criminal cases) the city and state of a home address.
"""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import Breach, Law, acting, left, must_act
from redactor.policy.model import Policy

_CIVIL = "Fed. R. Civ. P. 5.2(a)"
NUMBERS: dict[str, str] = {
    "US_SSN": "(1) social security number",
    "US_ITIN": "(1) taxpayer number",
    "US_BANK_NUMBER": "(4) financial account number",
    "IBAN_CODE": "(4) financial account number",
    "CREDIT_CARD": "(4) financial account number",
}
REQUIRED = {**NUMBERS, "DATE_OF_BIRTH": "(2) birth date"}


def check(policy: Policy) -> Iterator[Breach]:
    """What the rules forbid in a filing."""
    yield from must_act(policy, REQUIRED, "court-identifier", f"{_CIVIL}; Fed. R. Crim. P. 49.1(a)")
    for item in acting(policy):
        first, last = left(item.rule)
        if item.entity in NUMBERS and (first or last > 4):
            yield Breach(
                item.part,
                "court-last-four",
                f"{item.entity}: only the last four digits may stay",
                f"{_CIVIL}{NUMBERS[item.entity].split(' ')[0]}",
            )
        if item.entity != "DATE_OF_BIRTH":
            continue
        month = item.rule.params.get("date") == "month"
        if (
            first
            or last > 4
            or item.rule.operator == "date_shift"
            or (item.rule.operator == "generalize" and month)
        ):
            yield Breach(
                item.part,
                "court-birth-year",
                "DATE_OF_BIRTH: only the year may stay",
                f"{_CIVIL}(2)",
            )


LAW = Law(
    "us-court-filing",
    "Privacy of court filings (Fed. R. Civ. P. 5.2, Fed. R. Crim. P. 49.1)",
    check,
)
