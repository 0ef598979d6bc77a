"""GDPR: pseudonymisation (Art. 4(5)) keeps a way back, anonymisation (Recital 26) keeps none."""

from __future__ import annotations

from collections.abc import Iterator

from redactor.policy.laws.base import DERIVED, Breach, Law, acting, must_act, reversible
from redactor.policy.model import Policy
from redactor.values import Verdict

# who is identified directly, Art. 4(1)
DIRECT: dict[str, str] = {
    "PERSON": "Art. 4(1): a name",
    "EMAIL_ADDRESS": "Art. 4(1): an online identifier",
    "PHONE_NUMBER": "Art. 4(1): an identifier",
    "STREET_ADDRESS": "Art. 4(1): location data",
    "LOCATION": "Art. 4(1): location data",
    "IP_ADDRESS": "Art. 4(1), Recital 30: an online identifier",
    "MAC_ADDRESS": "Recital 30: a device identifier",
    "USERNAME": "Recital 30: an online identifier",
    "IBAN_CODE": "Art. 4(1): an identification number",
    "CREDIT_CARD": "Art. 4(1): an identification number",
    "DATE_OF_BIRTH": "Art. 4(1): a factor of identity",
}
SPECIAL = ("SPECIAL_CATEGORY", "CRIMINAL_RECORD")


def check_pseudonymise(policy: Policy) -> Iterator[Breach]:
    """What pseudonymisation asks for."""
    yield from must_act(policy, DIRECT, "gdpr-identifier", "GDPR Art. 4(1), 4(5)")
    yield from _special(policy)


def check_anonymise(policy: Policy) -> Iterator[Breach]:
    """What anonymisation forbids: every way back, and every way to join two documents."""
    yield from must_act(policy, DIRECT, "gdpr-identifier", "GDPR Art. 4(1), Recital 26")
    yield from _special(policy)
    for item in acting(policy):
        rule = item.rule
        if reversible(rule):
            yield Breach(
                item.part,
                "gdpr-reversible",
                f"{item.entity}: {rule.operator} can be undone, so the result stays personal data",
                "GDPR Recital 26",
            )
        elif rule.operator in DERIVED:
            yield Breach(
                item.part,
                "gdpr-linkable",
                f"{item.entity}: {rule.operator} is made from the value by a kept key: whoever "
                "holds it can single a person out; use token or replace",
                "GDPR Recital 26; WP216 (singling out, linkability)",
            )
        elif rule.params.get("scope", "document") != "document":
            yield Breach(
                item.part,
                "gdpr-linkable",
                f"{item.entity}: a {rule.operator} of scope {rule.params['scope']} joins "
                "documents; number within one document",
                "GDPR Recital 26; WP216 (linkability)",
            )
    if policy.fingerprints:
        yield Breach(
            ("fingerprints",),
            "gdpr-fingerprints",
            "fingerprints in the audit trail link documents: `fingerprints: false`",
            "GDPR Recital 26",
        )


def _special(policy: Policy) -> Iterator[Breach]:
    for name in SPECIAL:
        rule = policy.entities.get(name)
        if rule is not None and rule.verdict is Verdict.KEEP:
            article = "9" if name == "SPECIAL_CATEGORY" else "10"
            yield Breach(
                ("entities", name),
                "gdpr-special-category",
                f"{name} must be looked at by a person: `verdict: review`",
                f"GDPR Art. {article}",
            )


PSEUDONYMISE = Law(
    "gdpr-pseudonymise", "GDPR pseudonymisation (Art. 4(5), 25, 32)", check_pseudonymise
)
ANONYMISE = Law("gdpr-anonymise", "GDPR anonymisation (Recital 26)", check_anonymise)
