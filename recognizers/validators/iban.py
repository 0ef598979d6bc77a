"""IBAN: ISO 13616 check digits and each country's format.

The formats (``recognizers/data/iban.json``) are those of Presidio's recognizer, so that
both agree; the compile step writes them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_FORMATS = Path(__file__).parents[1] / "data" / "iban.json"
_SEPARATORS = str.maketrans("", "", "- ")


def iban(text: str) -> bool | None:
    """True for a right IBAN, None where only its case is wrong, False otherwise."""
    compact = text.translate(_SEPARATORS)
    try:
        expected = _check_digits(compact)
    except ValueError:
        return False
    if expected != compact[2:4]:
        return False
    if _fits(compact):
        return True
    return None if _fits(compact.upper()) else False


def _check_digits(compact: str) -> str:
    moved = (compact[4:] + compact[:2]).upper() + "00"
    if not moved.isascii() or not moved.isalnum():
        raise ValueError("not letters and digits")
    number = int("".join(str(int(char, 36)) for char in moved))
    return f"{98 - number % 97:02d}"


def _fits(compact: str) -> bool:
    pattern = _formats().get(compact[:2])
    return pattern is not None and pattern.match(compact) is not None


@cache
def _formats() -> dict[str, re.Pattern[str]]:
    formats = json.loads(_FORMATS.read_text("ascii"))
    return {
        country: re.compile(pattern, re.DOTALL | re.MULTILINE)
        for country, pattern in formats.items()
    }
