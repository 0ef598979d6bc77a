"""CCPA, Cal. Civ. Code 1798.140: identifiers, sensitive information, deidentified."""

import pytest

from redactor.policy import load_policy

PRESET = "ccpa"
IDENTIFIERS = {
    "(v)(1)(A) name": ("Order by Margaret Whitfield.", "Margaret Whitfield"),
    "(v)(1)(A) postal address": ("Ship to 12 Oak Street, Springfield, IL 62704", "12 Oak Street"),
    "(v)(1)(A) e-mail": ("Mail margaret.whitfield@example.com.", "margaret.whitfield"),
    "(v)(1)(A) account name": ("username=mwhitfield", "mwhitfield"),
    "(v)(1)(A) IP address": ("from 203.0.113.77 at noon", "203.0.113.77"),
    "(v)(1)(B) telephone": ("Call (212) 555-0187.", "555-0187"),
    "(aj) device": ("MAC 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
}
SENSITIVE = {
    "(ae)(1)(A) SSN": ("SSN 536-90-4399", "4399", "<US_SSN>"),
    "(ae)(1)(A) licence": ("Driver's license: D12345678", "D12345678", "<US_DRIVER_LICENSE>"),
    "(ae)(1)(A) passport": ("US passport number 912803456", "912803456", "<US_PASSPORT>"),
    "(ae)(1)(B) account": ("Card 4111 1111 1111 1111", "1111", "<CREDIT_CARD>"),
    "(ae)(1)(B) log-in": ("password: hunter2hunter2", "hunter2", "password: "),
}


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_identifiers_become_pseudonyms(applied, kind):
    text, value = IDENTIFIERS[kind]
    trial = applied(PRESET, text)
    assert value not in trial.text, trial.text
    assert "pseudonym" in {d.operator for d in trial.judgement.decisions}, trial.text


def test_records_of_one_consumer_can_still_be_counted(applied):
    text = "{} called from 203.0.113.77"
    first = applied(PRESET, text.format("margaret.whitfield@example.com")).text
    again = applied(PRESET, text.format("margaret.whitfield@example.com")).text
    other = applied(PRESET, text.format("ann.okafor@example.com")).text
    assert first == again and first.split()[0] != other.split()[0]
    assert first.split()[-1] == other.split()[-1]  # the household's address


@pytest.mark.parametrize("kind", SENSITIVE)
def test_sensitive_information_is_removed(applied, kind):
    text, value, stays = SENSITIVE[kind]
    made = applied(PRESET, text).text
    assert value not in made and stays in made, made


def test_geolocation_is_coarse(applied):
    """(w): within 1,850 feet is precise; a hundredth of a degree is wider."""
    made = applied(PRESET, "GPS 34.052235, -118.243683").text
    assert "34.05" in made and "-118.24" in made
    assert "34.0522" not in made and "118.2436" not in made


@pytest.mark.parametrize(
    "text",
    ["She is a trade union member.", "Religion: Buddhist", "He tested positive for hepatitis."],
)
def test_protected_characteristics_wait_for_a_person(applied, text):
    assert applied(PRESET, text).waits >= 1


def test_the_commitment_is_said_not_done():
    policy = load_policy(PRESET)
    assert "publicly commits" in policy.attest[0] and "1798.140(m)" in policy.about.note


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {EMAIL_ADDRESS: {operator: encrypt}}", "ccpa-reversible"),
        ("entities: {PERSON: {params: {scope: vault, record: true}}}", "ccpa-reversible"),
        ("entities: {US_SSN: {operator: hash}}", "ccpa-sensitive"),
        ("entities: {CREDIT_CARD: {operator: mask, params: {keep_last: 4}}}", "ccpa-sensitive"),
        ("entities: {GEO_COORDINATES: {params: {decimals: 3}}}", "ccpa-geolocation"),
        ("entities: {GEO_COORDINATES: {verdict: keep}}", "ccpa-geolocation"),
    ],
)
def test_what_is_not_deidentified_no_reason_permits(refused, text, rule):
    said = "because the business has agreed to it"
    told = refused(PRESET, f"{text}\noverride_reason: {{entities: {said}}}")
    assert told and rule in told and "1798.140" in told
