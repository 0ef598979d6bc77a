"""PCI DSS v4.0.1: what may be shown or kept of a card number, and what never.

Truncation limits are those of PCI SSC FAQ 1091: first 6 and last 4, at most; eight first
digits only for numbers of 16, which a mask cannot tell beforehand, so they are refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import LABELS, Breach, Law, acting, left, must_act, treatments
from redactor.policy.model import Policy
from redactor.values import Verdict

PAN = "CREDIT_CARD"
# sensitive authentication data
SAD: dict[str, str] = {
    "CARD_CVV": "card verification codes",
    "CARD_TRACK_DATA": "full track data",
    "CARD_PIN": "PINs and PIN blocks",
}
_FIRST, _LAST = 6, 4
_SHOWN = frozenset({"replace", "redact", "mask", "hash", "encrypt", "fpe", "token", "pseudonym"})


def check(policy: Policy) -> Iterator[Breach]:
    """What PCI DSS forbids."""
    yield from must_act(policy, {PAN: "3.4.1, 3.5.1"}, "pci-pan", "PCI DSS v4.0.1 3.5.1")
    yield from _pan(policy)
    yield from _side_by_side(policy)
    for item in treatments(policy):
        if item.entity in SAD and (
            item.rule.verdict is not Verdict.REDACT or item.rule.operator not in LABELS
        ):
            yield Breach(
                item.part,
                "pci-sad",
                f"{item.entity}: {SAD[item.entity]} must be removed at once and for good: "
                "use redact or replace",
                "PCI DSS v4.0.1 3.3.1",
            )


def truncations(policy: Policy) -> dict[tuple[int, int], tuple[str | int, ...]]:
    """The ways in which card numbers are cut: (first, last) left -> part that says so."""
    found: dict[tuple[int, int], tuple[str | int, ...]] = {}
    for item in acting(policy):
        if item.entity == PAN and any(left(item.rule)):
            found.setdefault(left(item.rule), item.part)
    return found


def _pan(policy: Policy) -> Iterator[Breach]:
    for item in acting(policy):
        if item.entity != PAN:
            continue
        first, last = left(item.rule)
        if first > _FIRST or last > _LAST:
            yield Breach(
                item.part,
                "pci-truncation",
                f"the mask leaves {first} first and {last} last digits; at most {_FIRST} and "
                f"{_LAST} may be seen",
                "PCI DSS v4.0.1 3.4.1; FAQ 1091",
            )
        elif first and not item.rule.reason:
            yield Breach(
                item.part,
                "pci-business-need",
                "more than the last four digits needs the business need in writing: add `reason`",
                "PCI DSS v4.0.1 3.4.1; FAQ 1492",
            )
        if item.rule.operator not in _SHOWN:
            yield Breach(
                item.part,
                "pci-operator",
                f"{item.rule.operator} does not make a card number unreadable",
                "PCI DSS v4.0.1 3.5.1",
            )


def _side_by_side(policy: Policy) -> Iterator[Breach]:
    cuts = truncations(policy)
    if len(cuts) > 1:
        told = " and ".join(f"{first}+{last}" for first, last in cuts)
        yield Breach(
            list(cuts.values())[1],
            "pci-two-truncations",
            f"card numbers are cut in two ways ({told}): together they show more than one does",
            "PCI DSS v4.0.1 3.5.1; FAQ 1117",
        )
    hashed = [i.part for i in acting(policy) if i.entity == PAN and i.rule.operator == "hash"]
    if cuts and hashed:
        yield Breach(
            hashed[0],
            "pci-hash-and-truncation",
            "card numbers are hashed in one place and cut in another: the two can be joined",
            "PCI DSS v4.0.1 3.5.1",
        )
    if cuts and policy.fingerprints:
        yield Breach(
            ("fingerprints",),
            "pci-hash-and-truncation",
            "the audit trail would keep a keyed hash beside the cut number: `fingerprints: false`",
            "PCI DSS v4.0.1 3.5.1",
        )


LAW = Law("pci-dss", "PCI DSS v4.0.1, requirements 3.3 to 3.5", check)
