"""45 CFR 164.514(b)(2): each identifier (A) to (R) in a made-up note, and what may stay."""

import re

import pytest

from redactor.policy import load_policy
from redactor.values import Verdict

PRESET = "hipaa-safe-harbor"

# clause, text, what must be gone, what must stay
WALK = [
    ("A", "Patient: Margaret Whitfield was seen by Dr. Chidi Adeyemi.",
     ["Margaret", "Whitfield", "Chidi", "Adeyemi"], ["Patient: [PERSON_1] was seen by Dr."]),
    ("A", "Contact her husband Robert Whitfield and her employer Acme Logistics Inc.",
     ["Robert", "Whitfield", "Acme"], ["Contact her husband"]),
    ("A", "login: mwhitfield", ["mwhitfield"], ["login: "]),
    ("B", "She lives at 12 Oak Street, Springfield, IL 62704.",
     ["12 Oak", "Springfield", "62704"], ["She lives at", "IL"]),
    ("B", "ZIP code: 62704", ["62704"], ["ZIP code: 627"]),
    ("B", "ZIP code: 03601", ["03601", "036"], ["ZIP code: 000"]),
    ("B", "Location 39.78172, -89.65014", ["39.78", "89.65"], ["Location "]),
    ("C", "Admitted on March 3, 2021, discharged 3/9/2021.",
     ["March", "3/9"], ["Admitted on 2021, discharged 2021"]),
    ("C", "Seen 3 March 2021, 2021-03-04 and in March 2021.", ["March", "-03-04"], ["2021"]),
    ("C", "Follow-up on March 17.", ["March", "17"], ["Follow-up on"]),
    ("C", "DOB: 03/14/1978", ["03/14"], ["DOB: 1978"]),
    ("C", "DOB: 03/14/1921", ["03/14", "1921"], ["or earlier"]),
    ("C", "A 93-year-old man, age 93.", ["93"], ["90+"]),
    ("C", "A 41-year-old woman, age 41.", [], ["41-year-old", "age 41"]),
    ("C", "Died 01/02/2020.", ["01/02"], ["Died 2020"]),
    ("D", "Phone (212) 555-0187.", ["555-0187", "212"], ["Phone "]),
    ("E", "Fax 212-555-0188.", ["555-0188"], ["Fax "]),
    ("F", "Mail m.whitfield@example.com today.", ["whitfield", "example.com"], [" today."]),
    ("G", "SSN 536-90-4399.", ["536", "4399"], ["SSN "]),
    ("G", "Last four of SSN: 4399; card says XXX-XX-4399.", ["4399"], ["Last four of SSN: "]),
    ("H", "MRN: 00482913", ["00482913"], ["MRN: "]),
    ("I", "Medicare MBI 1EG4-TE5-MK73.", ["1EG4", "MK73"], ["Medicare MBI "]),
    ("I", "Member ID: XKV220977121", ["XKV220977121", "220977121"], ["Member ID: "]),
    ("J", "Account number 88271904.", ["88271904"], ["Account number "]),
    ("J", "Paid by card 4111 1111 1111 1111.", ["4111", "1111"], ["Paid by card "]),
    ("J", "IBAN GB82 WEST 1234 5698 7654 32.", ["GB82", "7654"], ["IBAN "]),
    ("K", "Driver's license: D12345678.", ["D12345678"], ["license"]),
    ("K", "DEA number BB1388568.", ["BB1388568"], ["DEA number "]),
    ("L", "VIN 1HGCM82633A004352, license plate ABC 1234.",
     ["1HGCM", "ABC 1234"], ["VIN ", "license plate "]),
    ("M", "Pump serial number: SN2291AX77Q, IMEI 490154203237518.",
     ["SN2291AX77Q", "490154203237518"], ["Pump serial number: "]),
    ("M", "MAC 00:1B:44:11:3A:B7", ["1B:44"], ["MAC "]),
    ("N", "See https://portal.example.org/patients/44 and www.example.com.",
     ["portal", "example"], ["See ", " and "]),
    ("O", "From 203.0.113.77 and 2001:db8::8a2e:370:7334.", ["203.0", "8a2e"], ["From "]),
    ("P", "A fingerprint scan was taken.", ["fingerprint"], ["A "]),
    ("R", "Study ID: GX-99120. Accession number A2291-77.",
     ["GX-99120", "A2291-77"], ["Study ID: "]),
    ("R", "Tube HB22910X4471 was lost.", ["HB22910X4471"], ["Tube ", " was lost."]),
    ("R", "Order 6f9619ff-8b86-4d01-b42d-00cf4fc964ff", ["8b86"], ["Order "]),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "text", "gone", "stays"), WALK)
def test_each_identifier(applied, clause, text, gone, stays):
    made = applied(PRESET, text).text
    assert [value for value in gone if value in made] == [], made
    assert [value for value in stays if value not in made] == [], made


def test_every_clause_that_text_shows_is_walked():
    # (Q) is photographs: part of images, not of text
    assert {clause for clause, *_ in WALK} == set("ABCDEFGHIJKLMNOPR")


def test_what_words_cannot_decide_waits_for_a_person(applied):
    for text in ("A fingerprint scan was taken.", "Tube HB22910X4471 was lost."):
        assert applied(PRESET, text).waits == 1
    assert applied(PRESET, "Study ID: GX-99120").waits == 0


def test_codes_are_made_from_nothing(applied):
    """(c)(1): the same name in two documents has nothing in common but its place."""
    one = applied(PRESET, "Margaret Whitfield met Ann Okafor. Whitfield left.").text
    two = applied(PRESET, "Ann Okafor met Margaret Whitfield.").text
    assert one.startswith("[PERSON_1] met [PERSON_2].") and "Whitfield" not in one
    assert two.startswith("[PERSON_1] met [PERSON_2].")


def test_actual_knowledge_has_to_be_confirmed():
    policy = load_policy(PRESET)
    assert any("164.514(b)(2)(ii)" in sentence for sentence in policy.attest)
    assert policy.ner.on_failure == "withhold" and policy.metadata == "remove"


def test_no_identifier_is_left_in_part_or_made_from_its_value():
    policy = load_policy(PRESET)
    for name, rule in policy.entities.items():
        assert rule.verdict is not Verdict.KEEP, name
        assert rule.operator in ("replace", "redact", "token", "generalize"), (name, rule.operator)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {DATE_TIME: {operator: date_shift}}", "hipaa-date-shift"),
        ("entities: {DATE_TIME: {params: {date: month}}}", "hipaa-generalize"),
        ("entities: {AGE: {params: {top_age: 95}}}", "hipaa-generalize"),
        ("entities: {IP_ADDRESS: {operator: generalize}}", "hipaa-generalize"),
        ("entities: {PERSON: {operator: pseudonym}}", "hipaa-derived-code"),
        ("entities: {PERSON: {operator: hash}}", "hipaa-derived-code"),
        ("entities: {EMAIL_ADDRESS: {operator: encrypt}}", "hipaa-derived-code"),
        ("entities: {US_SSN: {operator: mask, params: {keep_last: 4}}}", "hipaa-partial"),
        ("fields: [{name: x, entity: US_SSN, operator: fpe}]", "hipaa-derived-code"),
        (
            "hotwords: [{words: [x], entities: [DATE_TIME], operator: date_shift, verdict: redact}]",
            "hipaa-date-shift",
        ),
    ],
)
def test_what_the_law_forbids_no_reason_permits(refused, text, rule):
    said = "because the board of the study has agreed to it"
    text += f"\noverride_reason: {{entities: {said}, fields: {said}, hotwords: {said}}}"
    told = refused(PRESET, text)
    assert told and rule in told and "164.514" in told
    assert re.search(r"mine\.yaml:\d+: ", told)


def test_leaving_an_identifier_needs_a_reason(refused):
    assert "entities.URL" in refused(PRESET, "entities: {URL: {verdict: keep}}")
    reason = "URLs here are those of journals, checked 2026-03-02"
    text = f"entities: {{URL: {{verdict: keep, override_reason: '{reason}'}}}}"
    assert refused(PRESET, text) is None
