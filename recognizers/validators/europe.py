"""Numbers of European countries, as Presidio's recognizers check them.

Each function gives Presidio's verdict on what Presidio's pattern found, tested equal. Where
Presidio would break on a character that its pattern lets through (a Kelvin sign for a K),
the number is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from recognizers.validators.checksums import luhn, weighted

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FI_CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FI_CENTURY = {"+": 1800, **dict.fromkeys("-YXWVU", 1900)}
_IT_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11,
         3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip
_UPPER_NUMBER = re.compile(r"[A-Z]\d{9}")
_PENSION_NUMBER = re.compile(r"\d{8}[A-Z]\d{3}")
_SURNAME = re.compile(r"[A-Z]+9*")


def bare(text: str) -> str:
    """Without blanks and hyphens."""
    return text.replace("-", "").replace(" ", "")


def de_tax_id(text: str) -> bool:
    """German tax id: ISO/IEC 7064 MOD 11,10; no digit more than three times in ten."""
    if len(text) != 11 or int(text[0]) == 0:
        return False
    if max(Counter(map(int, text[:10])).values()) > 3:
        return False
    return _mod_11_10(text[:10]) == int(text[10])


def de_vat_id(text: str) -> bool | None:
    """German VAT id: MOD 11,10 over eight digits; a wrong digit rules nothing out."""
    compact = re.sub(r"[\s.\-]", "", text.upper())
    if len(compact) != 11 or not compact.startswith("DE"):
        return False
    return True if _mod_11_10(compact[2:10]) == int(compact[10]) else None


def _mod_11_10(digits: str) -> int:
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10


def de_id_card(text: str) -> bool | None:
    """German identity card: ICAO 9303 weights 7, 3, 1; old numbers (T...) have no check digit."""
    if _upper(text)[0] == "T" and text[1:].isdigit():
        return None
    return _icao(text)


def de_passport(text: str) -> bool:
    """German passport: ICAO 9303 weights 7, 3, 1; vowels and look-alikes are not used."""
    return not set(_upper(text)[:-1]) & set("ABDEIOQSU") and _icao(text)


def _icao(text: str) -> bool:
    upper = _upper(text)
    try:
        values = [int(char, 36) for char in upper[:-1]]
        check = int(upper[-1])
    except ValueError:
        return False
    return len(upper) == 9 and weighted(values, (7, 3, 1, 7, 3, 1, 7, 3)) % 10 == check


def de_health_insurance(text: str) -> bool:
    """German health insurance number: the letter as two digits, digit sums of weights 1, 2."""
    upper = _upper(text)
    if not _UPPER_NUMBER.fullmatch(upper):
        return False
    digits = f"{ord(upper[0]) - 64:02d}{upper[1:9]}"
    return _digit_sums(digits, (1, 2) * 5) % 10 == int(upper[9])


def de_social_security(text: str) -> bool:
    """German pension insurance number: digit sums of weights 2, 1, 2, 5, 7, 1, 2, 1, ..."""
    upper = _upper(text)
    if not _PENSION_NUMBER.fullmatch(upper):
        return False
    day, month = int(upper[2:4]), int(upper[4:6])
    if not (1 <= day <= 31 or 51 <= day <= 81) or not 1 <= month <= 12:
        return False
    digits = f"{upper[:8]}{ord(upper[8]) - 64:02d}{upper[9:11]}"
    return _digit_sums(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == int(upper[11])


def _digit_sums(digits: str, weights: tuple[int, ...]) -> int:
    return sum(
        sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, weights, strict=True)
    )


def de_lanr(text: str) -> bool:
    """German physicians' number: weights 4 and 9 over six digits."""
    return (10 - weighted(map(int, text[:6]), (4, 9) * 3) % 10) % 10 == int(text[6])


def de_bsnr(text: str) -> bool | None:
    """German practice number: no check digit; zeros are no number."""
    return False if text == "000000000" else None


def es_nif(text: str) -> bool:
    """Spanish DNI/NIF: the letter is the number modulo 23."""
    compact = bare(text).upper()
    digits = "".join(filter(str.isdigit, compact))
    return compact[-1] == _NIF_LETTERS[int(digits) % 23]


def es_nie(text: str) -> bool:
    """Spanish NIE: X, Y, Z count as 0, 1, 2 before the number."""
    compact = bare(text).upper()
    if compact[0] not in "XYZ" or not compact[1:-1].isdigit() or not 8 <= len(compact) <= 9:
        return False
    return compact[-1] == _NIF_LETTERS[int(f"{'XYZ'.index(compact[0])}{compact[1:-1]}") % 23]


def it_fiscal_code(text: str) -> bool | None:
    """Italian codice fiscale: the last letter checks; a wrong one rules nothing out."""
    upper = text.upper()
    try:
        total = sum(_IT_ODD[char] for char in upper[:-1:2])
        total += sum(int(char, 36) - (10 if char.isalpha() else 0) for char in upper[1:-1:2])
    except (KeyError, ValueError):
        return None
    return True if chr(65 + total % 26) == upper[-1] else None


def it_vat_code(text: str) -> bool:
    """Italian partita IVA: Luhn; zeros are no number."""
    digits = bare(text).replace("_", "")
    return digits != "0" * 11 and luhn(digits)


def fi_personal_identity_code(text: str) -> bool:
    """Finnish henkilötunnus: a date, and the number modulo 31 as a character."""
    try:
        date(_FI_CENTURY.get(text[6], 2000) + int(text[4:6]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return False
    return _FI_CONTROL[int(text[:6] + text[7:10]) % 31] == text[10].upper()


def se_organisationsnummer(text: str) -> bool:
    """Swedish organisation number: Luhn; the third digit is at least 2."""
    digits = "".join(filter(str.isdigit, text))
    return len(digits) == 10 and int(digits[2]) >= 2 and luhn(digits)


def se_personnummer(text: str) -> bool:
    """Swedish personal number: Luhn over the last ten digits; coordination numbers add 60."""
    digits = "".join(filter(str.isdigit, text))[-10:]
    month, day = int(digits[2:4]), int(digits[4:6])
    if day >= 61:
        day -= 60
    return 1 <= month <= 12 and 1 <= day <= 31 and luhn(digits)


def pl_pesel(text: str) -> bool:
    """Polish PESEL: weights 1, 3, 7, 9."""
    total = weighted(map(int, text[:10]), (1, 3, 7, 9, 1, 3, 7, 9, 1, 3))
    return (10 - total % 10) % 10 == int(text[10])


def tr_national_id(text: str) -> bool:
    """Turkish identity number: two check digits."""
    digits = [int(char) for char in text]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def tr_license_plate(text: str) -> bool | None:
    """Turkish plate: it begins with the number of one of 81 provinces."""
    return 1 <= int(text[:2]) <= 81


def uk_driving_licence(text: str) -> bool | None:
    """British driving licence: five characters of the surname, padded with nines."""
    surname = text.upper()[:5]
    return None if surname != "99999" and _SURNAME.fullmatch(surname) else False


def uk_vehicle_registration(text: str) -> bool | None:
    """British plate of today's form: its age identifier is one that was issued."""
    compact = bare(text)
    if len(compact) == 7 and compact[:2].isalpha() and compact[2:4].isdigit():
        return 2 <= int(compact[2:4]) <= 29 or 51 <= int(compact[2:4]) <= 79
    return None


def _upper(text: str) -> str:
    return text.upper().strip()
