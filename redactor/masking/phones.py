"""Maker for phone numbers: of the same country and length, from ranges that nobody has.

Regulators keep ranges for fiction and documentation: 555-0100 to 555-0199 behind every area
code (NANPA), Ofcom's drama numbers (UK), ARCEP decision 2018-0881 (France), BNetzA
Mitteilung 148/2021 (Germany), ACMA's numbers for creative works (Australia), PTS's (Sweden).
Where a range is used up, or a country has none, the number is one that the country's
numbering plan does not know (checked with libphonenumber).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.masking.keyed import Draws
from redactor.masking.numbers import shape
from redactor.masking.wholes import Draw, fill_digits
from redactor.masking.words import word_list

# regions asked in turn for numbers without a country code
_REGIONS = ("US", "GB", "FR", "DE", "AU", "SE", "ES", "IT", "NL", "IN", "BR", "IE", "CH", "AT")
# country code -> (fixed digits, digits to draw); all of national (significant) numbers
_KEPT = {
    44: (
        ("1632960", 3), ("2079460", 3), ("1134960", 3), ("1144960", 3), ("1154960", 3),
        ("1164960", 3), ("1174960", 3), ("1184960", 3), ("1214960", 3), ("1314960", 3),
        ("1414960", 3), ("1514960", 3), ("1614960", 3), ("1914980", 3), ("2896496", 3),
        ("2920180", 3),
    ),
    33: (("19900", 4), ("26191", 4), ("35301", 4), ("46571", 4), ("53649", 4)),
    49: (("3023125", 3), ("6990009", 3), ("4066969", 3), ("2214710", 3), ("8999998", 3)),
    61: (
        ("25550", 4), ("27010", 4), ("35550", 4), ("37010", 4), ("75550", 4), ("77010", 4),
        ("85550", 4), ("87010", 4),
    ),
    46: (("3139006", 2), ("4062804", 2), ("8465004", 2)),
}  # fmt: skip
_KEPT_MOBILE = {
    44: (("7700900", 3),), 33: (("63998", 4),), 49: (("17139200", 2), ("176040690", 2)),
    46: (("70174061", 1), ("70174062", 1), ("70174063", 1), ("70174064", 1), ("70174065", 1)),
}  # fmt: skip
_FROM_RANGES = 24  # attempts in the kept ranges before others are taken
_TRIES = 40
_LETTERS = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"(?i)\b(?:ext(?:ension)?|x)\b|(?<=\d)x(?=\d)|^tel")
_LOCAL = re.compile(r"\d{3}[-. ]?\d{4}", re.ASCII)  # without an area code


@dataclass(frozen=True, slots=True)
class _Number:
    """A phone number as it stands in a text: digits before the national ones, and after."""

    country: int
    national: str
    before: str
    after: str
    is_mobile: bool


def phone(text: str, draw: Draw) -> str:
    """Another number with the same country code and the same separators."""
    if not any(map(str.isdecimal, text)) or _LETTERS.search(_EXTENSION.sub("", text)):
        return shape(text, draw)  # letters of a vanity number would tell it
    digits = "".join(str(int(char)) for char in text if char.isdecimal())
    draws = draw(text)
    if _LOCAL.fullmatch(text.strip()) and draw.attempt < _FROM_RANGES:
        return fill_digits(text, "55501" + _drawn(draws, 2))
    number = _parse(text, digits)
    if number is None:
        return fill_digits(text, _unknown(None, "", digits, draws))
    after = _drawn(draws, len(number.after))
    made = _from_ranges(number, draws) if draw.attempt < _FROM_RANGES else None
    if made is None:
        made = _unknown(number.country, number.before, number.national, draws)
    return fill_digits(text, number.before + made + after)


def _parse(text: str, digits: str) -> _Number | None:
    import phonenumbers

    for region in (None, *_REGIONS):
        try:
            found = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if not (phonenumbers.is_valid_number(found) or region is None):
            continue
        national = phonenumbers.national_significant_number(found)
        after = found.extension or ""
        end = len(digits) - len(after)
        start = end - len(national)
        if start < 0 or digits[start:end] != national or digits[end:] != after:
            continue
        kind = phonenumbers.number_type(found)
        mobile = kind == phonenumbers.PhoneNumberType.MOBILE
        return _Number(int(found.country_code or 0), national, digits[:start], after, mobile)
    return None


def _from_ranges(number: _Number, draws: Draws) -> str | None:
    length = len(number.national)
    if number.country == 1 and length == 10:
        return f"{_area(draws)}55501{_drawn(draws, 2)}"
    kept = _KEPT_MOBILE if number.is_mobile else _KEPT
    ranges = [
        (fixed, more)
        for fixed, more in kept.get(number.country, ())
        # German numbers differ in length: more digits behind a kept number still reach nobody
        if len(fixed) + more == length or (number.country == 49 and len(fixed) + more < length)
    ]
    if not ranges:
        return None
    fixed, _ = ranges[draws.below(len(ranges))]
    return fixed + _drawn(draws, length - len(fixed))


def _unknown(country: int | None, before: str, national: str, draws: Draws) -> str:
    """Digits that no numbering plan asked knows as a number."""
    made = national
    for _ in range(_TRIES):
        made = _drawn(draws, len(national))
        if country == 1 and len(made) == 10:
            # an exchange never begins with 0 or 1
            made = f"{_area(draws)}{draws.below(2)}{made[4:]}"
        regions = (None,) if country is not None else _REGIONS
        text = f"+{country}{made}" if country is not None else made
        if not any(_is_valid(text, region) for region in regions):
            return made
    return "0" * min(3, len(made)) + made[3:]


def _is_valid(text: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False


def _area(draws: Draws) -> str:
    areas = word_list("area codes")
    return areas[draws.below(len(areas))]


def _drawn(draws: Draws, count: int) -> str:
    return "".join(draws.pick("0123456789") for _ in range(count))
