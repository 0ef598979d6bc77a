"""One operator on one value, and what the vault makes of it."""

import hashlib

from redactor.keys import Key, key_id
from redactor.masking import Masker
from redactor.policy.model import Policy
from redactor.policy.params import PARAMS
from redactor.values import Decision, Finding, Locator, Source, Span, Unit, Verdict, Why


def keys(name):
    secret = hashlib.sha256(name.encode()).digest()
    return Key(name, key_id(secret), secret)


def find(name, id_):
    key = keys(name)
    assert key.id == id_
    return key


def decision(text, entity, operator, params=None, unit="0", start=0):
    span = Span(start, start + max(len(text), 1))
    finding = Finding(unit, span, entity, 0.5, "r", Why(Source.PATTERN), text)
    full = PARAMS[operator].model_validate(params or {}).model_dump()
    return Decision(finding, Verdict.REDACT, operator, full)


def masker(scope="doc", vault=None, case="", whole=False, source=keys):
    return Masker(Policy("p", "h"), scope, source, vault=vault, case=case, whole=whole)


def apply(text, entity, operator, doc="doc", vault=None, case="", **params):
    one = masker(doc, vault, case)
    made = one.replacements([decision(text, entity, operator, params)], [])[0]
    return made


def document(values, operator="pseudonym", doc="doc", vault=None, text=None, case="", **params):
    """Replacements of (text, entity) pairs that stand in one document, in that order."""
    whole = text if text is not None else "\n".join(value for value, _ in values)
    unit = Unit("0", whole, Locator("text", "0"))
    decisions = []
    at = 0
    for value, entity in values:
        at = whole.index(value, at)
        decisions.append(decision(value, entity, operator, params, "0", at))
        at += len(value)
    return masker(doc, vault, case, whole=True).replacements(decisions, [unit])
