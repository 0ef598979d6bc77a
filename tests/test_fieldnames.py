"""What names of columns and keys say, in several languages and spellings."""

import pytest

from redactor.detection.shapes import SHAPES, fits
from redactor.fieldnames import _lines, evidence, is_known_name, words_of

WHOLE = [
    ("patient_name", "PERSON"), ("ssn", "US_SSN"), ("email", "EMAIL_ADDRESS"),
    ("DOB", "DATE_OF_BIRTH"), ("Kundennummer", "CUSTOMER_ID"),
    ("fecha_nacimiento", "DATE_OF_BIRTH"), ("fechaNacimiento", "DATE_OF_BIRTH"),
    ("FirstName", "PERSON"), ("first-name", "PERSON"), ("FIRST NAME", "PERSON"),
    ("customer.name", "PERSON"), ("patients[].name", "PERSON"), ("nom_client", "PERSON"),
    ("nombreCliente", "PERSON"), ("Geb-Datum", "DATE_OF_BIRTH"), ("Straße", "STREET_ADDRESS"),
    ("address2", "STREET_ADDRESS"), ("billing_email", "EMAIL_ADDRESS"), ("emails[]", "EMAIL_ADDRESS"),
    ("homePhone", "PHONE_NUMBER"), ("tel_no", "PHONE_NUMBER"), ("téléphone", "PHONE_NUMBER"),
    ("ip_address", "IP_ADDRESS"), ("IPv4", "IP_ADDRESS"), ("SSNNumber", "US_SSN"),
    ("creditCardNumber", "CREDIT_CARD"), ("cc_num", "CREDIT_CARD"), ("apiKey", "PASSWORD"),
    ("patientID", "MEDICAL_RECORD_NUMBER"), ("cust_nm", "PERSON"), ("plz", "ZIP_CODE"),
    ("姓名", "PERSON"), ("телефон", "PHONE_NUMBER"), ("nome_paziente", "PERSON"),
    ("achternaam", "PERSON"), ("imię", "PERSON"), ("license_plate", "LICENSE_PLATE"),
]  # fmt: skip

NOTHING = [
    "email_verified", "email_sent_at", "product_name", "file_name", "host_name", "phone_type",
    "address_id_hash", "created_at", "note", "message", "quantity", "status", "", "_", "x" * 500,
]  # fmt: skip


@pytest.mark.parametrize(("name", "entity"), WHOLE)
def test_names_that_say_what_their_values_are(name, entity):
    assert {hit.entity for hit in evidence(name) if hit.whole} == {entity}


@pytest.mark.parametrize("name", NOTHING)
def test_names_that_say_nothing(name):
    assert not any(hit.whole for hit in evidence(name))


def test_hints_are_no_more_than_hints():
    for name in ("name", "user", "company", "city", "account_no", "passport"):
        assert evidence(name) and not any(hit.whole for hit in evidence(name)), name


def test_words():
    assert words_of("patientID") == ("patient", "id")
    assert words_of("SSNNumber2") == ("ssn", "number", "2")
    assert words_of("E-Mail_Adresse Größe") == ("e", "mail", "adresse", "grosse")


def test_names_known_to_be_names():
    assert is_known_name("created_at") and is_known_name("order date") and is_known_name("DOB")
    assert not is_known_name("Anna Smith") and not is_known_name("Springfield")


def test_the_table_is_sound():
    """Every line has a shape that exists, and no phrase says two things of whole values."""
    seen = {}
    for left, phrases in _lines():
        if left in ("who", "plain", "common"):
            continue
        entity, strength, shape = left.split()
        assert strength in ("whole", "hint") and shape in SHAPES
        for phrase in phrases:
            assert phrase == phrase.lower(), phrase
            if strength == "whole":
                key = words_of(phrase)
                assert seen.setdefault(key, entity) == entity, (phrase, entity, seen[key])


FITS = [
    ("name", ["Ann Lee", "O'Brien, J.", "李明", "José"], ["", "n/a", "Room 7", "a@b.example", "true", "x"]),
    ("email", ["a@b.example"], ["yes", "a b@c", "unknown"]),
    ("phone", ["+49 30 123456", "(212) 555-0100 x12"], ["yes", "12", "mobile"]),
    ("ssn", ["078-05-1120", "078051120", "***-**-1120"], ["yes", "12345678901"]),
    ("date", ["1980-01-02", "2.1.1980", "Jan 2, 1980", "19800102", "1980-01-02T00:00:00Z"], ["old", "1980"]),
    ("id", ["K-4711", "123456"], ["yes", "ab", "12"]),
    ("card", ["4111 1111 1111 1111", "411111******1111"], ["visa", "1234"]),
    ("ip", ["203.0.113.7", "2001:db8::1"], ["localhost", "1.2"]),
    ("age", ["7", "103"], ["adult", "1980"]),
    ("user", ["jroe", "jane.roe"], ["2024-01-01", "Jane Roe"]),
    ("address", ["12 High St", "Hauptstraße"], ["10.0", "http://x.example"]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "good", "bad"), FITS)
def test_shapes(shape, good, bad):
    assert [value for value in good if not fits(shape, value)] == []
    assert [value for value in bad if fits(shape, value)] == []
