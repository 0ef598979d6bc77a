"""Validators of ours equal those of Presidio's recognizers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.validators import INVALIDATORS, VALIDATORS
from recognizers.validators.checksums import imei, luhn, vin
from redactor.detection.rules import shipped_table

pytest.importorskip("presidio_analyzer")
import presidio_analyzer.predefined_recognizers as predefined

import benchmarks.reference  # noqa: F401  # keeps tldextract off the network

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
    assert set(VALIDATORS) == set(CASES) | OURS
    assert set(INVALIDATORS) == set(INVALID) | OURS_INVALID
    used = {rule.validator or rule.invalidator for rule in shipped_table().rules}
    assert used >= OURS | OURS_INVALID


def test_published_examples():
    assert luhn("79927398713") and not luhn("79927398710")  # Wikipedia's
    assert vin("1M8GDM9AXKP042788") is True  # 49 CFR 565's
    assert vin("1M8GDM9A1KP042788") is None
    assert vin("12345678901234567") is False
    assert imei("49-015420-323751-8") is None and imei("490154203237517") is False
