"""Fed. R. Civ. P. 5.2(a), Fed. R. Crim. P. 49.1(a): what may stay in a filing, and no more."""

import pytest

PRESET = "us-court-filing"

WALK = [
    ("5.2(a)(1)", "SSN 536-90-4399", "SSN ***-**-4399"),
    ("5.2(a)(1)", "ITIN 912-70-1234", "ITIN ***-**-1234"),
    ("5.2(a)(2)", "Date of birth: 03/14/1978", "Date of birth: 1978"),
    ("5.2(a)(2)", "born on March 14, 1931 in Ohio", "born on 1931 in Ohio"),
    ("5.2(a)(4)", "account number 88271904", "account number ****1904"),
    ("5.2(a)(4)", "card 4111 1111 1111 1111", "card **** **** **** 1111"),
    ("5.2(a)(4)", "IBAN GB82WEST12345698765432", "IBAN ******************5432"),
]


@pytest.mark.parametrize(("rule", "text", "made"), WALK)
def test_what_may_stay(applied, rule, text, made):
    trial = applied(PRESET, text)
    assert trial.text == made and trial.waits == 0


def test_5_2_a_3_minors_become_initials_once_a_person_agrees(applied):
    trial = applied(PRESET, "The minor child Emily Whitfield lives with her father.")
    assert trial.text == "The minor child E.W. lives with her father."
    assert trial.waits == 1


def test_a_minor_is_the_same_person_elsewhere(applied):
    text = "The minor child Emily Whitfield was heard. " + "x " * 60 + "Emily Whitfield agreed."
    trial = applied(PRESET, text)
    assert "Emily" not in trial.text and trial.text.count("E.W.") == 2


def test_the_public_record_stays(applied):
    text = (
        "Margaret Whitfield v. Acme Corporation, No. 3:21-cv-00412, filed March 3, 2021. "
        "Attorney Chidi Okafor, 12 Oak Street, Springfield, IL 62704, (212) 555-0187, "
        "c.okafor@example.com."
    )
    trial = applied(PRESET, text)
    assert trial.text == text and trial.waits == 0


def test_49_1_a_5_home_addresses_wait_for_a_person(applied):
    trial = applied(PRESET, "The defendant resides at 12 Oak Street, Springfield, IL 62704.")
    assert trial.waits == 1
    assert "12 Oak" not in trial.text and "62704" not in trial.text and "IL" in trial.text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {US_SSN: {params: {keep_last: 5}}}", "court-last-four"),
        ("entities: {US_SSN: {params: {keep_first: 3, keep_last: 4}}}", "court-last-four"),
        ("entities: {IBAN_CODE: {params: {keep_first: 4}}}", "court-last-four"),
        ("entities: {DATE_OF_BIRTH: {params: {date: month}}}", "court-birth-year"),
        ("entities: {DATE_OF_BIRTH: {operator: date_shift}}", "court-birth-year"),
        ("fields: [{name: ssn, entity: US_SSN, params: {keep_last: 6}}]", "court-last-four"),
    ],
)
def test_what_the_rules_forbid_no_reason_permits(refused, text, rule):
    said = "because the parties have agreed to it"
    told = refused(PRESET, f"{text}\noverride_reason: {{entities: {said}, fields: {said}}}")
    assert told and rule in told and "Fed. R. Civ. P. 5.2(a)" in told


def test_a_waiver_of_ones_own_number_needs_a_reason(refused):
    """5.2(h): a person waives protection by filing their own information unredacted."""
    assert "entities.US_SSN" in refused(PRESET, "entities: {US_SSN: {verdict: keep}}")
    text = (
        "entities: {US_SSN: {verdict: keep, override_reason: 'waived under Rule 5.2(h), doc. 14'}}"
    )
    assert refused(PRESET, text) is None


def test_stricter_is_always_allowed(refused):
    assert refused(PRESET, "entities: {US_SSN: {operator: redact}, PHONE_NUMBER: {}}") is None
