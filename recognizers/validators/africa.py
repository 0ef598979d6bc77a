"""Numbers of African countries, as Presidio's recognizers check them.

Each function gives Presidio's verdict on what Presidio's pattern found, tested equal. Several
of the South African ones say True (certain) to a mere shape; so does Presidio.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from recognizers.validators.checksums import luhn, verhoeff
from recognizers.validators.europe import bare

_PROVINCES = ("GP", "ZN", "WP", "EC", "NC", "FS", "LP", "MP", "NW")
_LEGACY = re.compile(r"(?:CK|NR|[KTWBMN])(\d{4})")
# libphonenumber's PhoneNumberType
_MOBILE = frozenset({1, 2})
_TELEPHONE = frozenset({0, 3, 4, 5, 6, 7, 8, 9})
_UNKNOWN = 99


def ng_nin(text: str) -> bool:
    """Nigerian identity number: Verhoeff."""
    return verhoeff(text)


def za_company_registration(text: str) -> bool:
    """South African company number: a year that has been, a serial number."""
    parts = text.upper().split("/")
    legacy = _LEGACY.fullmatch(parts[0])
    year = int(parts[0]) if parts[0].isdigit() else int(legacy[1]) if legacy else 0
    return 1800 <= year <= date.today().year


def za_driver_license(text: str) -> bool:
    """South African driving licence: ten to fourteen characters, a letter among them."""
    return 10 <= len(text) <= 14 and re.search("[A-Z]", text.upper()) is not None


def za_id_number(text: str) -> bool:
    """South African identity number: a day of birth that has been, Luhn."""
    today = date.today()
    year = int(text[:2])
    century = 1900 if year > today.year % 100 else 2000
    try:
        born = date(century + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return False
    return born <= today and text[10] in "012" and text[11] in "89" and luhn(text)


def za_income_tax(text: str) -> bool:
    """South African income tax number: its first digit."""
    return text[0] in "01239"


def za_license_plate(text: str) -> bool:
    """South African plate: a province and a letter before it."""
    plate = bare(text).upper()
    return len(plate) >= 5 and plate.endswith(_PROVINCES) and any(map(str.isalpha, plate[:-2]))


def za_passport(text: str) -> bool:
    """South African passport: its first letter."""
    return text.upper()[0] in "ADMT"


def za_traffic_register(text: str) -> bool:
    """South African traffic register number: 13 digits that are no identity number."""
    return not za_id_number(text)


def za_vat_number(text: str) -> bool:
    """South African VAT number: begins with a 4."""
    return text.startswith("4")


def not_za_mobile(text: str) -> bool:
    """True for what is no South African mobile number."""
    return _za_line(text) != "mobile"


def not_za_telephone(text: str) -> bool:
    """True for what is no South African number of another kind than mobile."""
    return _za_line(text) != "telephone"


def _za_line(text: str) -> str:
    import phonenumbers

    try:
        number: Any = phonenumbers.parse(text, "ZA")
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.region_code_for_number(number) != "ZA":
        return ""
    kind = phonenumbers.number_type(number)
    if kind in _MOBILE:
        return "mobile"
    if kind in _TELEPHONE:
        return "telephone"
    if kind != _UNKNOWN:
        return ""
    national = str(number.national_number)
    if national.startswith(("80", "86", "87", "1", "2", "3", "4", "5", "9")):
        return "telephone"
    return "mobile" if national.startswith(("6", "7", "8")) else ""
