"""Numbers of hospitals and insurers."""

from table import check_hits, check_misses

RECORDS = [
    "MRN: «12345678»", "MRN «A-1234567»", "medical record number is «00-12-34-56»", "Patient ID: «P1234567»",
    '"mrn": "«4471123»"', "Medical Rec #«556677»", "chart no. «998877»", "hospital number «K123456»",
    "Patientennummer: «4711223»", "patient no «200345»", "mrn=«123456»",
]  # fmt: skip
NO_RECORDS = [
    "MRN", "patient is 45", "MRN 12", "a medical record of 2019", "MRI 12345678", "patient identity",
    "unit number of items: five", "medical records from 1998 on", "patient room 12", "chart 12345",
]  # fmt: skip
PLANS = [
    "Member ID: «XYZ123456789»", "Subscriber number «W1234 »".replace("«W1234 »", "«W12345678»"),
    "MBI «1EG4-TE5-MK73»", "Medicare number: «1EG4TE5MK73»", "card «1EG4-TE5-MK73» on file",
    "group no. «G-445566»", "Insurance ID «AB12345678»", "medicaid id: «998877665»",
    "Rx Group: «RX99881»".replace("Rx Group:", "RxGroup id"), "member_id=«M00123456»",
]  # fmt: skip
NO_PLANS = [
    "member id", "Member ID is required", "member number one", "1EG4-TE5-MK7", "1SG4-TE5-MK73", "0EG4-TE5-MK73",
    "group number theory", "group id: admins", "insurance number please", "memberId: user",
]  # fmt: skip
POLICIES = [
    "policy number: «POL-2024-001234»", "Claim no. «CLM/88/12345»", "claim #«2024112233»",
    "Insurance policy number «HX 12345»".replace("«HX 12345»", "«HX123456»"), '"claim_number": "«C20240011»"',
    "Versicherungsnummer".replace("Versicherungsnummer", "Versicherungsscheinnummer") + ": «55-667788-9»",
]  # fmt: skip
NO_POLICIES = [
    "policy number", "policy of 2024", "claim 12", "case no one", "claims: 12345", "policy name: strict-123",
    "case number of letters", "security policy 2024-01", "policy id: default",
]  # fmt: skip


def test_medical_records():
    check_hits(RECORDS, "MEDICAL_RECORD_NUMBER")
    check_misses(NO_RECORDS, "MEDICAL_RECORD_NUMBER")


def test_health_plans():
    check_hits(PLANS, "HEALTH_PLAN_NUMBER")
    check_misses(NO_PLANS, "HEALTH_PLAN_NUMBER")


def test_policies_and_claims():
    check_hits(POLICIES, "INSURANCE_NUMBER")
    check_misses(NO_POLICIES, "INSURANCE_NUMBER")
