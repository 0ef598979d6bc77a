"""Laws that policies are checked by: one file a law, one literal table.

A policy names its laws (``laws: [hipaa-safe-harbor]``); whatever extends it keeps them. What
a law forbids outright is an error when the policy is loaded, whatever reason is given. What
it lets an accountable person decide (leaving a type) needs an ``override_reason``.

These checks are a start, not legal advice: they know what a policy says, not what a text is.
"""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws import ccpa, court, dsar, foia, gdpr, hipaa, pci
from redactor.policy.laws.base import Breach, Law
from redactor.policy.model import Policy

LAWS: dict[str, Law] = {
    law.name: law
    for law in (
        hipaa.LAW,
        gdpr.PSEUDONYMISE,
        gdpr.ANONYMISE,
        pci.LAW,
        foia.LAW,
        ccpa.LAW,
        court.LAW,
        dsar.LAW,
    )
}


def breaches(policy: Policy) -> Iterator[Breach]:
    """What the policy's laws forbid about it."""
    for name in policy.laws:
        yield from LAWS[name].check(policy)


__all__ = ["LAWS", "Breach", "Law", "breaches"]
