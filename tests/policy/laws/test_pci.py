"""PCI DSS v4.0.1, 3.3 to 3.5: what of a card may be seen, and what is gone for good."""

import re

import pytest

from redactor.policy import load_policy
from redactor.policy.lint import lint, lint_together

PRESET = "pci-dss"
# test numbers that the brands publish
CARDS = {
    "Visa": "4111 1111 1111 1111",
    "Visa, 13 digits": "4222222222222",
    "Mastercard": "5555-5555-5555-4444",
    "Amex": "378282246310005",
    "Discover": "6011111111111117",
    "JCB": "3530111333300000",
    "Diners": "30569309025904",
}


@pytest.mark.parametrize("brand", CARDS)
def test_3_4_1_only_the_last_four_digits_are_seen(applied, brand):
    number = CARDS[brand]
    made = applied(PRESET, f"Paid by card {number} today").text
    shown = re.sub(r"\D", "", made)
    assert shown == re.sub(r"\D", "", number)[-4:], made
    assert made.startswith("Paid by card ") and made.endswith(" today")


def test_3_5_1_a_column_is_cut_the_same_way(applied):
    made = applied(PRESET, "4111111111111111", field="card_number").text
    assert made == "************1111"


@pytest.mark.parametrize(
    ("requirement", "text", "gone"),
    [
        ("3.3.1.1", "track2 ;4111111111111111=25121010000012300000? read", "25121010000012300000"),
        ("3.3.1.1", "%B4111111111111111^WHITFIELD/MARGARET^25121010000000000000? x", "WHITFIELD"),
        ("3.3.1.2", "card 4111 1111 1111 1111 CVV: 737", "737"),
        ("3.3.1.2", "security code 7372, card 378282246310005", "7372"),
        ("3.3.1.3", "card 4111 1111 1111 1111 PIN: 4927", "4927"),
        ("3.3.1.3", "PIN block: 0412AC89ABCDEF67", "0412AC89ABCDEF67"),
    ],
)
def test_3_3_1_authentication_data_is_removed(applied, requirement, text, gone):
    trial = applied(PRESET, text)
    assert gone not in trial.text, trial.text
    assert trial.waits == 0  # at once


@pytest.mark.parametrize("column", ["cvv", "cvv2", "card_cvc", "track1", "pin_block", "pin"])
def test_3_3_1_also_in_columns(applied, column):
    assert applied(PRESET, "0412", field=column).text == ""


def test_cardholder_name_and_expiry_go_and_the_rest_stays(applied):
    text = "Cardholder Margaret Whitfield, card 4111 1111 1111 1111 exp 12/27, order of 3 lamps"
    made = applied(PRESET, text).text
    assert "Whitfield" not in made and "12/27" not in made
    assert made.startswith("Cardholder ") and made.endswith("order of 3 lamps")


def test_a_number_that_fails_its_check_is_no_card(applied):
    text = "Order 4111 1111 1111 1112 shipped"
    assert applied(PRESET, text).text == text


def test_the_audit_trail_keeps_no_hash_beside_the_cut_number():
    assert load_policy(PRESET).fingerprints is False


BIN = "entities: {CREDIT_CARD: {params: {keep_first: 6, keep_last: 4}, override_reason: %s%s}}"
WHY = "the fraud desk needs the issuer"


def test_the_bin_needs_a_business_need_in_writing(refused):
    assert "pci-business-need" in refused(PRESET, BIN % (WHY, ""))
    assert refused(PRESET, BIN % (WHY, ", reason: fraud desk only")) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {CREDIT_CARD: {params: {keep_first: 8, keep_last: 4}}}", "pci-truncation"),
        ("entities: {CREDIT_CARD: {params: {keep_last: 5}}}", "pci-truncation"),
        ("entities: {CREDIT_CARD: {operator: generalize}}", "pci-operator"),
        ("fields: [{name: x, entity: CREDIT_CARD, operator: mask, params: {keep_last: 3}}]",
         "pci-two-truncations"),
        ("fields: [{name: x, entity: CREDIT_CARD, operator: hash}]", "pci-hash-and-truncation"),
        ("fingerprints: true", "pci-hash-and-truncation"),
        ("entities: {CARD_CVV: {operator: encrypt}}", "pci-sad"),
        ("entities: {CARD_CVV: {operator: token}}", "pci-sad"),
        ("entities: {CARD_TRACK_DATA: {verdict: review}}", "pci-sad"),
        ("entities: {CARD_PIN: {verdict: keep}}", "pci-sad"),
    ],
)  # fmt: skip
def test_what_the_standard_forbids_no_reason_permits(refused, text, rule):
    said = "because the acquirer has agreed to it"
    text += f"\noverride_reason: {{entities: {said}, fields: {said}, fingerprints: {said}}}"
    told = refused(PRESET, text)
    assert told and rule in told and "PCI DSS" in told
    assert re.search(r"mine\.yaml:\d+: |pci-dss\.yaml:\d+: ", told)


@pytest.mark.parametrize("operator", ["encrypt", "fpe", "hash", "token", "replace", "redact"])
def test_what_makes_a_number_unreadable_is_allowed(refused, operator):
    said = "stored in the token vault, reviewed 2026-02-01"
    text = f"entities: {{CREDIT_CARD: {{operator: {operator}, override_reason: '{said}'}}}}"
    assert refused(PRESET, text) is None


def test_one_truncation_format_over_several_policies(tmp_path):
    """FAQ 1117: two formats of one vault show more together than each does."""
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("version: 1\nextends: pci-dss\n")
    two.write_text(
        "version: 1\nextends: pci-dss\nentities:\n  CREDIT_CARD: {params: {keep_last: 3}}\n"
    )
    assert lint_together([one, one]) == []
    (issue,) = lint_together([one, two])
    assert (issue.rule, issue.severity, issue.line) == ("pci-two-truncations", "error", 4)
    assert [i for i in lint(two) if i.severity == "error"] == []
