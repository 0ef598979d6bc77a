"""Validators of ours equal those of Presidio's recognizers."""

import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizers.validators import (
    INVALIDATORS,
    VALIDATORS,
    invalidator,
    is_stdnum,
    validator,
)
from recognizers.validators.checksums import imei, luhn, vin
from redactor.detection.rules import shipped_table

pytest.importorskip("presidio_analyzer")
import presidio_analyzer.predefined_recognizers as predefined

import benchmarks.reference  # noqa: F401  # keeps tldextract off the network
from redactor.detection.compile import predefined_everywhere, rule_of

digits = st.text("0123456789", min_size=9, max_size=19)
spaced = st.from_regex(r"\d{3,4}([- ]?\d{3,4}){2,3}", fullmatch=True)
hexes = st.from_regex(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}", fullmatch=True)

CASES = {
    "credit_card": (predefined.CreditCardRecognizer, digits | spaced),
    "aba": (predefined.AbaRoutingRecognizer, st.from_regex(r"[0-8]\d{3}-?\d{4}-?\d", fullmatch=True)),
    "nhs": (predefined.NhsRecognizer, st.from_regex(r"\d{3}[- ]?\d{3}[- ]?\d{4}", fullmatch=True)),
    "dea": (predefined.MedicalLicenseRecognizer, st.from_regex(r"[A-HJ-M][A-Z9]\d{7}", fullmatch=True)),
    "crypto": (
        predefined.CryptoRecognizer,
        st.from_regex(r"[13][a-km-zA-HJ-NP-Z1-9]{25,34}|bc1[a-z0-9]{25,40}", fullmatch=True)
        | st.sampled_from([
            "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "1O0Il" * 6,
        ]),
    ),
    "email_domain": (
        predefined.EmailRecognizer,
        st.builds(
            "{}@{}".format,
            st.sampled_from(["a", "a.b", "a/b", "a?c", "x//y", "http://z", "é"]),
            st.sampled_from([
                "example.com", "co.uk", "a.co.uk", "com", "b.internal", "x.ck", "www.ck", "a.b.ck",
                "EXAMPLE.ORG", "xn--bcher-kva.de", "x.xn--p1ai", "x.kawasaki.jp", "city.kawasaki.jp",
                "a.b.kawasaki.jp", "1.2.3.4", "foo.github.io", "a..com", "bücher.de", "x.рф",
            ]),
        ),
    ),
    "iban": (
        predefined.IbanRecognizer,
        st.sampled_from([
            "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432", "DE89370400440532013000",
            "DE89370400440532013000 2 da", "GB82WEST1234569876543", "XX82WEST12345698765432",
            "FR1420041010050500013M02606", "GB82-WEST-1234-5698-7654-33", "ſſ12",
        ]) | st.from_regex(r"(GB|DE|FR|NO)[0-9]{2}[A-Z0-9]{11,23}", fullmatch=True),
    ),
}  # fmt: skip

INVALID = {
    "ip": (
        predefined.IpRecognizer,
        st.from_regex(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,3})?", fullmatch=True)
        | st.from_regex(r"[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}", fullmatch=True)
        | st.sampled_from(["01.2.3.4", "::", "::ffff:1.2.3.4", "2001:db8::/32", "1.2.3.4/33"]),
    ),
    "mac": (predefined.MacAddressRecognizer, hexes | st.sampled_from(["ff:ff:ff:ff:ff:ff", "0000.0000.0000"])),
    "us_ssn": (
        predefined.UsSsnRecognizer,
        st.from_regex(r"\d{3}[-. ]?\d{2}[-. ]?\d{4}", fullmatch=True)
        | st.sampled_from(["078-05-1120", "666-12-3456", "111-11-1111", "123-00-4567", "123-45-0000"]),
    ),
    "uuid": (
        predefined.UuidRecognizer,
        st.uuids().map(str) | st.from_regex(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", fullmatch=True)
        | st.just("00000000-0000-0000-0000-000000000000"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_validators_equal_presidio(name):
    recognizer, values = CASES[name]
    theirs = recognizer()

    @settings(max_examples=200, deadline=None)
    @given(values)
    def check(text):
        expected = theirs.validate_result(text)
        got = VALIDATORS[name](text)
        assert got == (expected if expected is None else bool(expected)), text

    check()


@pytest.mark.parametrize("name", INVALID)
def test_invalidators_equal_presidio(name):
    recognizer, values = INVALID[name]
    theirs = recognizer()

    @settings(max_examples=200, deadline=None)
    @given(values)
    def check(text):
        assert INVALIDATORS[name](text) == bool(theirs.invalidate_result(text)), text

    check()


CHECKED = {
    type(recognizer).__name__: recognizer
    for recognizer, _ in predefined_everywhere()
    if getattr(recognizer, "patterns", None)
    and (rule_of(recognizer).validator or rule_of(recognizer).invalidator)
    and type(recognizer) not in {cls for cls, _ in (CASES | INVALID).values()}
}
# right numbers (made up, published examples) where random ones hardly ever are
RIGHT = {
    "DeSocialSecurityRecognizer": ["15070649C103", "65180839J003"],
    "FiPersonalIdentityCodeRecognizer": ["131052-308T", "010594Y9032"],
    "InGstinRecognizer": ["27AAPFU0939F1ZV", "22ABCDE1234F1Z5"],
    "InVehicleRegistrationRecognizer": ["KA53ME3456", "DL3CJI0001", "MH12AB1234"],
    "KrDriverLicenseRecognizer": ["11-12-345678-90", "29-12-345678-90"],
    "SePersonnummerRecognizer": ["811228-9874", "19811228-9874", "670919-9530"],
    "TrLicensePlateRecognizer": ["34 ABC 123", "81-A-1234"],
    "ZaIdNumberRecognizer": ["8001015009087", "7202290000083", "8001015009082"],
    "ZaTrafficRegisterNumberRecognizer": ["8001015009087", "8001015009082"],
}
# checks that see no fault, or no right number, in what their pattern lets through
ALWAYS_ONE_VERDICT = {
    "DeBsnrRecognizer",
    "TrLicensePlateRecognizer",
    "UkDrivingLicenceRecognizer",
    "ZaIncomeTaxNumberRecognizer",
    "ZaLicensePlateRecognizer",
    "ZaPassportRecognizer",
    "ZaVatNumberRecognizer",
}


@pytest.mark.parametrize("name", CHECKED)
def test_checks_equal_presidio_on_what_its_patterns_find(name):
    """Texts are made from Presidio's own patterns, with every last character tried."""
    recognizer = CHECKED[name]
    rule = rule_of(recognizer)
    valid, invalid = validator(rule.validator), invalidator(rule.invalidator)
    verdicts = set()

    def theirs(text):
        said = recognizer.validate_result(text)
        said = said if said is None else bool(said)
        return said, bool(recognizer.invalidate_result(text))

    def compare(text, shape):
        for last in string.digits + string.ascii_uppercase:
            tried = text[:-1] + last
            if not shape.fullmatch(tried):
                continue
            try:
                expected = theirs(tried)
            except (ValueError, LookupError):
                continue  # Presidio breaks
            got = (valid(tried) if valid else None, bool(invalid(tried)) if invalid else False)
            assert got == expected, tried
            verdicts.add(expected)

    shapes = [re.compile(p.regex, recognizer.global_regex_flags) for p in recognizer.patterns]
    for text in RIGHT.get(name, ()):
        for shape in shapes:
            compare(text, shape)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(shapes), st.data())
    def check(shape, data):
        compare(data.draw(st.from_regex(shape, fullmatch=True)), shape)

    check()
    assert len(verdicts) > 1 or name in ALWAYS_ONE_VERDICT


OURS = {
    "age", "basic_credentials", "bic", "birth_date", "card_track", "coordinates", "host_of_a_person",
    "iccid", "imei", "jwt", "license_plate", "login_of_a_person", "login_of_two_names", "payment_card",
    "random_token", "vin",
}  # fmt: skip
OURS_INVALID = {
    "not_a_bare_secret", "not_a_bare_token", "not_a_login", "not_a_secret", "not_a_vin", "not_an_email",
}  # fmt: skip


def test_every_validator_is_tested():
    """Presidio's here, against Presidio; ours by the tables of tests/recognizers."""
    rules = [rule_of(recognizer) for recognizer in CHECKED.values()]
    phones = {"za_mobile", "za_telephone"}  # test_exactness
    theirs = {r.validator for r in rules if r.validator} | set(CASES)
    assert set(VALIDATORS) == theirs | OURS
    dropping = {r.invalidator for r in rules if r.invalidator} | set(INVALID)
    assert set(INVALIDATORS) == dropping | phones | OURS_INVALID
    used = {name for rule in shipped_table().rules for name in (rule.validator, rule.invalidator)}
    assert used >= OURS | OURS_INVALID


def test_checks_of_python_stdnum_by_name():
    assert is_stdnum("stdnum.de.idnr") and is_stdnum("stdnum.luhn") and is_stdnum("stdnum.sk.rc")
    for name in ("stdnum", "stdnum.de", "stdnum.util", "stdnum.nope", "stdnum.de.nope", "os.path",
                 "stdnum.../x", "stdnum.de.idnr.x", "STDNUM.de.idnr"):  # fmt: skip
        assert not is_stdnum(name)
    valid, invalid = validator("stdnum.de.idnr"), invalidator("stdnum.de.idnr")
    assert valid("36 574 261 809") is True and valid("36 574 261 890") is False
    assert valid("３６５７４２６１８０９") is True  # full width
    assert not invalid("36574261809") and invalid("36574261890")
    assert validator("") is None and invalidator("") is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(VALIDATORS)), st.text(max_size=24))
def test_no_check_breaks_on_what_it_was_not_made_for(name, text):
    assert validator(name)(text) in (True, False, None)


def test_published_examples():
    assert luhn("79927398713") and not luhn("79927398710")  # Wikipedia's
    assert vin("1M8GDM9AXKP042788") is True  # 49 CFR 565's
    assert vin("1M8GDM9A1KP042788") is None
    assert vin("12345678901234567") is False
    assert imei("49-015420-323751-8") is None and imei("490154203237517") is False
