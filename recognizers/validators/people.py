"""Dates of birth and ages: is it one that somebody can have?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_NUMBERS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_OLDEST = 125  # nobody has become older (Jeanne Calment: 122)

# the beginnings of the names of months, CLDR 45: en de fr es it nl pt pl sv no da fi tr cs
_MONTHS = {
    1: "jan jän gen ene sty tam oca led sij",
    2: "feb fév fev lut hel şub sub úno uno",
    3: "mar mär mrt maa bře bre",
    4: "apr avr abr kwi huh nis dub",
    5: "may mai mag maj mei tou kvě kve",
    6: "jun jui giu cze kes haz čer cer",
    7: "jul juil lug lip hei tem čec cec",
    8: "aug aoû aou ago sie elo ağu agu srp",
    9: "sep set wrz syy eyl zář zar",
    10: "oct okt ott out paź paz lok eki říj rij",
    11: "nov lis mar kas",
    12: "dec dez déc dic gru jou ara pro",
}
_BEGINNINGS = frozenset(name for names in _MONTHS.values() for name in names.split())


def birth_date(text: str) -> bool | None:
    """None for a date somebody alive can be born on, in any order of its parts; else False."""
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    word = _WORD.search(text)
    today = datetime.now(UTC).date()
    if word is not None:
        if word[0].lower()[:3] not in _BEGINNINGS and word[0].lower()[:4] not in _BEGINNINGS:
            return False
        return None if all(_fits_day_or_year(number, today) for number in numbers) else False
    if len(numbers) == 1:
        if numbers[0] < 10_000:
            return None if _is_year(numbers[0], today) else False
        digits = f"{numbers[0]:08d}"
        numbers = [int(digits[:4]), int(digits[4:6]), int(digits[6:])]
    if len(numbers) != 3:
        return False
    year = numbers[0] if numbers[0] > 31 else numbers[2]
    rest = numbers[1:] if numbers[0] > 31 else numbers[:2]
    months_and_days = [(rest[0], rest[1]), (rest[1], rest[0])]
    return (
        None
        if any(_exists(_full(year, today), m, d, today) for m, d in months_and_days)
        else (False)
    )


def age(text: str) -> bool | None:
    """None for an age that people reach, False otherwise."""
    number = _NUMBERS.search(text)
    return None if number is not None and 0 < int(number[0]) <= _OLDEST else False


def _fits_day_or_year(number: int, today: date) -> bool:
    return 1 <= number <= 31 or number < 100 or _is_year(number, today)


def _is_year(number: int, today: date) -> bool:
    return today.year - _OLDEST <= number <= today.year


def _full(year: int, today: date) -> int:
    """Two digits as the latest year that is not in the future."""
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year else century - 100 + year


def _exists(year: int, month: int, day: int, today: date) -> bool:
    try:
        made = date(year, month, day)
    except ValueError:
        return False
    return _is_year(year, today) and made <= today
