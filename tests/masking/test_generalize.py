"""generalize: each kind of value, and the rules of 45 CFR 164.514(b)(2)(i)(B) and (C)."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.errors import WithheldError
from tests.masking.helpers import apply

SMALL_2020 = [
    "036", "059", "102", "202", "203", "204", "205", "369", "556", "692", "753", "772", "821",
    "823", "878", "879", "884", "893",
]  # fmt: skip
CASES = [
    ("DATE_TIME", "March 5, 2021", {}, "2021"),
    ("DATE_TIME", "March 5, 2021", {"date": "month"}, "March 2021"),
    ("DATE_TIME", "2021-03-05T10:00:00Z", {"date": "month"}, "2021-03"),
    ("DATE_TIME", "March 5", {}, "<DATE_TIME>"),
    ("DATE_TIME", "yesterday", {}, "<DATE_TIME>"),
    ("DATE_OF_BIRTH", "1985-02-03", {"as_of": 2026}, "1985"),
    ("DATE_OF_BIRTH", "12/31/1937", {"as_of": 2026}, "1937"),
    ("DATE_OF_BIRTH", "01/01/1936", {"as_of": 2026}, "1936 or earlier"),
    ("DATE_OF_BIRTH", "3 May 1901", {"as_of": 2026}, "1936 or earlier"),
    ("AGE", "45", {}, "45"),
    ("AGE", "89 years old", {}, "89 years old"),
    ("AGE", "90-year-old", {}, "90+-year-old"),
    ("AGE", "103", {}, "90+"),
    ("AGE", "aged 47", {"bucket": 5}, "aged 45-49"),
    ("AGE", "89", {"bucket": 20}, "80-89"),
    ("AGE", "ninety-two", {}, "<AGE>"),
    ("AGE", "45 or 92", {}, "<AGE>"),
    ("US_ZIP_CODE", "62704", {}, "627"),
    ("ZIP_CODE", "62704-1234", {}, "627"),
    ("ZIP_CODE", "82101", {}, "000"),
    ("ZIP_CODE", "09012", {}, "000"),
    ("POSTCODE", "SW1A 1AA", {}, "SW"),
    ("POSTAL_CODE", "K1A 0B1", {}, "K"),
    ("ZIP_CODE", "627", {}, "<ZIP_CODE>"),
    ("MONEY", "$12,345.67", {"bucket": 5000}, "$10,000 to 15,000"),
    ("MONEY", "12.345,67 €", {"bucket": 5000}, "10.000 to 15.000 €"),
    ("MONEY", "EUR 900", {"bucket": 1000}, "EUR 0 to 1000"),
    ("SCORE", "-17", {"bucket": 10}, "-20 to -10"),
    ("SCORE", "17", {}, "<SCORE>"),
    ("SCORE", "call 17", {"bucket": 10}, "<SCORE>"),
    ("GEO_COORDINATES", "37.774929, -122.419418", {}, "37.77, -122.42"),
    ("GEO_COORDINATES", "37.774929, -122.419418", {"decimals": 0}, "38, -122"),
    ("GEO_COORDINATES", "40°26′46″N", {}, "<GEO_COORDINATES>"),
    ("IP_ADDRESS", "203.0.113.77", {}, "203.0.113.0/24"),
    ("IP_ADDRESS", "2001:db8:1:2::5", {}, "2001:db8:1::/48"),
    ("IP_ADDRESS", "203.0.113.77/16", {}, "203.0.0.0/16"),
    ("IP_ADDRESS", "host", {}, "<IP_ADDRESS>"),
    ("STREET_ADDRESS", "12 Elm St, Springfield, IL 62704", {}, "IL"),
    ("LOCATION", "Paris, France", {}, "France"),
    ("LOCATION", "California", {}, "California"),
    ("LOCATION", "LA", {}, "<LOCATION>"),
    ("LOCATION", "New York", {}, "<LOCATION>"),
    ("LOCATION", "Springfield", {}, "<LOCATION>"),
    ("ANYTHING", "62704", {"kind": "zip"}, "627"),
]


@pytest.mark.parametrize(("entity", "text", "params", "expected"), CASES)
def test_kinds(entity, text, params, expected):
    assert apply(text, entity, "generalize", **params) == expected


@pytest.mark.parametrize("area", SMALL_2020)
def test_small_areas_of_the_2020_census_become_000(area):
    assert apply(area + "01", "US_ZIP_CODE", "generalize") == "000"


@pytest.mark.parametrize("area", ["063", "790", "830", "831", "890"])
def test_areas_that_have_grown_since_2000_stay(area):
    assert apply(area + "01", "US_ZIP_CODE", "generalize") == area


@given(st.integers(0, 2**32 - 1), st.integers(8, 31))
def test_the_network_holds_the_address(number, prefix):
    address = ipaddress.IPv4Address(number)
    made = ipaddress.ip_network(
        apply(str(address), "IP_ADDRESS", "generalize", ipv4_prefix=prefix), strict=True
    )
    assert made.prefixlen == prefix and address in made


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_the_bucket_holds_the_number(number, bucket):
    low, high = apply(str(number), "N", "generalize", bucket=bucket).split(" to ")
    assert int(low) <= number < int(high) and int(high) - int(low) == bucket
    assert int(low) % bucket == 0


@given(st.integers(0, 130))
def test_no_age_from_90_can_be_told(age):
    made = apply(str(age), "AGE", "generalize")
    assert made == (str(age) if age < 90 else "90+")


def test_the_fallback_of_the_policy():
    with pytest.raises(WithheldError, match="not read as age"):
        apply("very old", "AGE", "generalize", fallback="withhold")
    assert apply("very old", "AGE", "generalize", fallback="redact") == ""
