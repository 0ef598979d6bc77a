"""What counts as loosening: one case a rule, and tightening is never one."""

import pytest

from redactor.errors import PolicyError
from redactor.policy import load_policy
from redactor.policy.extend import read_chain
from redactor.policy.order import EXPOSURE, loosenings
from redactor.policy.params import PARAMS

STRICT = """\
version: 1
name: strict
protected: true
defaults: {operator: replace, threshold: 0.4}
entities:
  PERSON: {verdict: review, threshold: 0.4}
  EMAIL_ADDRESS: {operator: pseudonym, params: {scope: document}}
  CREDIT_CARD: {operator: mask, params: {keep_last: 4}}
  US_SSN: {}
  URL: {verdict: keep}
fields:
  - {name: ssn, entity: US_SSN}
  - {name: "mail*", entity: EMAIL_ADDRESS}
deny:
  - {values: [Project Bluebird], entity: PROJECT}
hotwords:
  - {words: [acct], entities: [CREDIT_CARD], raise: 0.3}
review:
  - {entities: [US_SSN], score_below: 0.6}
ner: {use: always}
requires_person: true
two_person: true
verification: strict
fingerprints: false
retention: {workspace_days: 30, vault_days: 90}
leak_min_length: 6
attest: ["Nobody is known who could be recognised."]
"""

# what a child says -> the part that it loosens
LOOSER = {
    "entities: {US_SSN: off}": "entities.US_SSN",
    "entities: {US_SSN: {enabled: false}}": "entities.US_SSN",
    "entities: {US_SSN: {verdict: keep}}": "entities.US_SSN",
    "entities: {US_SSN: keep}": "entities.US_SSN",
    "entities: {US_SSN: {threshold: 0.41}}": "entities.US_SSN",
    "entities: {US_SSN: {operator: hash}}": "entities.US_SSN",
    "entities: {US_SSN: {operator: pseudonym}}": "entities.US_SSN",
    "entities: {US_SSN: {operator: mask}}": "entities.US_SSN",
    "entities: {US_SSN: {optional: true}}": "entities.US_SSN",
    "entities: {CREDIT_CARD: {params: {keep_last: 5}}}": "entities.CREDIT_CARD",
    "entities: {CREDIT_CARD: {params: {keep_first: 1, keep_last: 2}}}": "entities.CREDIT_CARD",
    "entities: {EMAIL_ADDRESS: {params: {scope: global}}}": "entities.EMAIL_ADDRESS",
    "entities: {PERSON: {verdict: redact}}": "entities.PERSON",
    "defaults: {threshold: 0.6}": "entities.US_SSN",
    "defaults: {operator: hash}": "entities.US_SSN",
    "fields: [{name: ssn, verdict: keep}]": "fields[0]",
    "fields: [{name: notes, verdict: keep}]": "fields[0]",
    "fields: [{name: id, entity: US_SSN, operator: hash}]": "fields[0]",
    "fields: [{name: ssn, entity: CREDIT_CARD}]": "fields[0]",
    "replace: [fields]": "fields",
    "replace: [deny]": "deny",
    "replace: [hotwords]": "hotwords",
    "replace: [review]": "review",
    "replace: [entities]\nentities: {URL: {}}": "entities.US_SSN",
    "allow: [{values: [Ann]}]": "allow[0]",
    "hotwords: [{words: [test], lower: 0.2}]": "hotwords[0]",
    "hotwords: [{words: [test], set: 0.1}]": "hotwords[0]",
    "hotwords: [{words: [test], verdict: keep}]": "hotwords[0]",
    "hotwords: [{words: [test], entities: [US_SSN], operator: hash}]": "hotwords[0]",
    "ner: {use: auto}": "ner",
    "ner: {on_failure: partial}": "ner",
    "propagate: false": "propagate",
    "phone_needs_context: true": "phone_needs_context",
    "leak_min_length: 7": "leak_min_length",
    "requires_person: false": "requires_person",
    "two_person: false": "two_person",
    "verification: standard": "verification",
    "fingerprints: true": "fingerprints",
    "metadata: keep": "metadata",
    "on_unsupported_language: rules_only": "on_unsupported_language",
    "retention: {workspace_days: 31}": "retention",
    "subject: {values: [Ann]}": "subject",
}
# what a child says that loosens nothing
TIGHTER = [
    "entities: {US_SSN: {threshold: 0.1}}",
    "entities: {US_SSN: redact}",
    "entities: {US_SSN: {verdict: review}}",
    "entities: {CREDIT_CARD: {params: {keep_last: 2}}}",
    "entities: {CREDIT_CARD: replace}",
    "entities: {EMAIL_ADDRESS: replace}",
    "entities: {URL: {verdict: redact}}",
    "entities: {VIN: {}}",
    "entities: {VIN: {verdict: keep}}",
    "entities: {US_SSN: {priority: 9, reason: art. 9, law: some act}}",
    "fields: [{name: badge, entity: BADGE}]",
    "fields: [{name: ssn, entity: US_SSN, operator: redact}]",
    "deny: [{values: [Quill], entity: PERSON}]",
    "hotwords: [{words: [card], entities: [CREDIT_CARD], raise: 0.1}]",
    "hotwords: [{words: [card], entities: [URL], verdict: redact}]",
    "review: [{entities: [CREDIT_CARD], more_than: 9}]",
    "leak_min_length: 4",
    "retention: {workspace_days: 7, vault_days: 1}",
    "metadata: remove",
    "language: de",
    "recognizers: []",
    "attest: [Something more.]",
    "description: the same",
]


def child(tmp_path, text):
    (tmp_path / "strict.yaml").write_text(STRICT)
    path = tmp_path / "child.yaml"
    path.write_text(f"version: 1\nname: child\nextends: strict.yaml\n{text}\n")
    return path


@pytest.mark.parametrize("text", LOOSER)
def test_what_loosens(tmp_path, text):
    path = child(tmp_path, text)
    found = {
        item.name
        for item in loosenings(load_policy(tmp_path / "strict.yaml"), read_chain(path).policy())
    }
    assert LOOSER[text] in found, found
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    message = str(caught.value)
    assert f"{LOOSER[text]}: " in message and "strict" in message and "override_reason" in message
    assert "child.yaml:" in message and "strict.yaml:" not in message


@pytest.mark.parametrize("text", TIGHTER)
def test_what_does_not(tmp_path, text):
    policy = load_policy(child(tmp_path, text))
    assert loosenings(load_policy(tmp_path / "strict.yaml"), policy) == []
    assert policy.overrides == () and policy.protected


@pytest.mark.parametrize("text", TIGHTER)
def test_the_other_way_round_is_looser_or_neutral(tmp_path, text):
    """Nothing is tighter both ways: what a child tightens, its parent does not do."""
    policy = load_policy(child(tmp_path, text))
    strict = load_policy(tmp_path / "strict.yaml")
    back = loosenings(policy, strict)
    assert loosenings(strict, policy) == []
    assert policy.hash == strict.hash or back or policy != strict


def test_nothing_is_looser_than_itself(tmp_path):
    (tmp_path / "strict.yaml").write_text(STRICT)
    for name in ("base", "logs", tmp_path / "strict.yaml"):
        policy = load_policy(name)
        assert loosenings(policy, policy) == []


def test_every_operator_has_its_place():
    assert set(PARAMS) <= set(EXPOSURE), "a new operator must say what it leaves of a value"
