"""Access requests: GDPR Art. 15(4), CCPA 1798.145(k): one's own data, nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import Breach, Law, must_act
from redactor.policy.model import Policy

THIRD_PARTIES: dict[str, str] = {
    "PERSON": "names of others",
    "EMAIL_ADDRESS": "addresses of others",
    "PHONE_NUMBER": "numbers of others",
    "STREET_ADDRESS": "homes of others",
}


def check(policy: Policy) -> Iterator[Breach]:
    """What an answer to an access request must not do."""
    yield from must_act(policy, THIRD_PARTIES, "dsar-third-party", "GDPR Art. 15(4)")
    if not policy.subject.required:
        yield Breach(
            ("subject",),
            "dsar-subject",
            "an answer is about one person: `subject: {required: true}`",
            "GDPR Art. 15(1)",
        )


LAW = Law("dsar", "Answer to an access request (GDPR Art. 15, Cal. Civ. Code 1798.110)", check)
