"""GDPR: pseudonymisation keeps a way back for whoever has the vault, anonymisation for nobody."""

import re

import pytest

from redactor.policy import load_policy
from redactor.values import Verdict

# Art. 4(1), Recital 30
IDENTIFIERS = {
    "name": ("Report by Margaret Whitfield.", "Margaret Whitfield"),
    "e-mail": ("Mail margaret.whitfield@example.com.", "margaret.whitfield@example.com"),
    "telephone": ("Call +44 20 7946 0958 today.", "7946 0958"),
    "address": ("Lives at 12 Oak Street, Springfield, IL 62704.", "12 Oak Street"),
    "location": ("She moved to Hamburg last year.", "Hamburg"),
    "IP address": ("Login from 203.0.113.77.", "203.0.113.77"),
    "device": ("MAC 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
    "user name": ("username=mwhitfield", "mwhitfield"),
    "cookie": ("Cookie: session=a8f5f167f44f4964e6c998dee827110c", "a8f5f167f44f4964e6c998dee827110c"),
    "account": ("IBAN DE89 3704 0044 0532 0130 00", "0532 0130"),
    "card": ("Card 4111 1111 1111 1111", "1111"),
    "birth date": ("Date of birth: 14/03/1978", "14/03/1978"),
    "plate": ("License plate: ABC 1234", "ABC 1234"),
    "vehicle": ("VIN 1HGCM82633A004352", "1HGCM82633A004352"),
    "page": ("See https://example.com/u/mwhitfield", "mwhitfield"),
}  # fmt: skip


@pytest.mark.parametrize("preset", ["gdpr-pseudonymise", "gdpr-anonymise"])
@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_each_identifier_goes(applied, preset, kind):
    text, value = IDENTIFIERS[kind]
    trial = applied(preset, text)
    assert value not in trial.text, trial.text
    assert trial.waits == 0


SPECIAL = {
    "health": ("He was diagnosed with multiple sclerosis.", "multiple sclerosis"),
    "religion": ("She is a practising Catholic.", "Catholic"),
    "politics": ("He is an active member of the Green Party.", "Green Party"),
    "trade union": ("She is a trade union member.", "trade union"),
    "ethnic origin": ("Ethnicity: Roma", "Roma"),
    "sex life": ("He came out as gay.", "gay"),
    "genetic": ("The genetic test was done.", "genetic"),
    "biometric": ("Her fingerprint is stored.", "fingerprint"),
    "criminal (Art. 10)": ("He was convicted of fraud.", "fraud"),
}
ALSO_NAMES = ("politics", "ethnic origin")


@pytest.mark.parametrize("preset", ["gdpr-pseudonymise", "gdpr-anonymise"])
@pytest.mark.parametrize("kind", SPECIAL)
def test_special_categories_wait_for_a_person(applied, preset, kind):
    text, said = SPECIAL[kind]
    trial = applied(preset, text)
    # what is taken for a name as well goes at once, and nothing is left to decide
    assert said not in trial.text and (trial.waits >= 1 or kind in ALSO_NAMES), trial.text


@pytest.mark.parametrize(
    "text",
    [
        "The Catholic church of the town was built in 1871.",
        "Diabetes is a common disease.",
        "The union of both sets is empty.",
        "A member of the project party arrived.",
    ],
)
def test_words_that_speak_of_nobody_do_not(applied, text):
    assert applied("gdpr-anonymise", text).waits == 0


TWO = "Margaret Whitfield wrote to Robert Miller yesterday, and Whitfield paid."


def test_pseudonyms_hold_across_documents(applied):
    one = applied("gdpr-pseudonymise", TWO)
    assert {d.operator for d in one.judgement.decisions} == {"token"}
    policy = load_policy("gdpr-pseudonymise")
    assert policy.entities["PERSON"].params["scope"] == "vault"
    assert "still personal data" in policy.about.note


def test_anonymous_tokens_are_numbered_in_each_document(applied):
    one = applied("gdpr-anonymise", TWO).text
    two = applied("gdpr-anonymise", "Robert Miller answered Margaret Whitfield.").text
    assert one.startswith("[PERSON_1] wrote to [PERSON_2] yesterday") and "Whitfield" not in one
    assert two == "[PERSON_1] answered [PERSON_2]."


def test_anonymisation_keeps_no_key_no_vault_and_no_fingerprint(cli, tmp_path, state_folder):
    (tmp_path / "a.txt").write_text(TWO + " Mail margaret.whitfield@example.com.")
    cli("redact", "a.txt", "-o", "b.txt", "-p", "gdpr-anonymise", code=0)
    rows = cli("audit", "export", code=0).stdout.decode()
    assert "fingerprints" not in rows and '"PERSON"' in rows  # counts are there
    assert not list(state_folder.rglob("*vault*"))
    keys = {path.stem for path in (state_folder / "keys").glob("*.key")}
    assert "default" not in keys


def test_fingerprints_are_kept_elsewhere(cli, tmp_path):
    (tmp_path / "a.txt").write_text("Mail margaret.whitfield@example.com.")
    cli("redact", "a.txt", "-o", "b.txt", "-p", "base", "--ner", "never", code=0)
    assert b"fingerprints" in cli("audit", "export", code=0).stdout


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {EMAIL_ADDRESS: {operator: encrypt}}", "gdpr-reversible"),
        ("entities: {CREDIT_CARD: {operator: fpe}}", "gdpr-reversible"),
        ("entities: {PERSON: {params: {scope: vault}}}", "gdpr-reversible"),
        ("entities: {PERSON: {params: {record: true}}}", "gdpr-reversible"),
        ("entities: {PERSON: {operator: pseudonym}}", "gdpr-linkable"),
        ("entities: {PERSON: {operator: pseudonym, params: {scope: document}}}", "gdpr-linkable"),
        ("entities: {EMAIL_ADDRESS: {operator: hash}}", "gdpr-linkable"),
        ("entities: {DATE_OF_BIRTH: {operator: date_shift, params: {record: false}}}",
         "gdpr-linkable"),
        ("fields: [{name: x, entity: PERSON, operator: hash}]", "gdpr-linkable"),
        ("fingerprints: true", "gdpr-fingerprints"),
    ],
)  # fmt: skip
def test_what_is_no_anonymisation_no_reason_permits(refused, text, rule):
    said = "because the controller has agreed to it"
    text += f"\noverride_reason: {{entities: {said}, fields: {said}, fingerprints: {said}}}"
    told = refused("gdpr-anonymise", text)
    assert told and rule in told and re.search(r"(Recital 26|WP216)", told)


@pytest.mark.parametrize("preset", ["gdpr-pseudonymise", "gdpr-anonymise"])
def test_keeping_an_identifier_needs_a_reason(refused, preset):
    assert "entities.LOCATION" in refused(preset, "entities: {LOCATION: {verdict: keep}}")
    text = "entities: {LOCATION: {verdict: keep, override_reason: 'country names only, DPO 2026'}}"
    assert refused(preset, text) is None
    said = "because the controller has agreed to it"
    told = refused(
        preset,
        f"entities: {{SPECIAL_CATEGORY: {{verdict: keep}}}}\noverride_reason: {{entities: {said}}}",
    )
    assert "gdpr-special-category" in told and "Art. 9" in told


def test_everything_that_acts_has_no_way_back():
    for name, rule in load_policy("gdpr-anonymise").entities.items():
        assert rule.verdict is not Verdict.KEEP, name
        assert rule.operator in ("token", "replace", "redact", "generalize"), name
