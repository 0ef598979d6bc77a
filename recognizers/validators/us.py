"""Numbers of the United States and Canada."""

from __future__ import annotations

from recognizers.validators.checksums import luhn
from recognizers.validators.europe import bare

_SAMPLES = frozenset({"123456789", "987654320", "078051120"})  # printed on sample cards


def not_an_ssn(text: str) -> bool:
    """True for numbers the Social Security Administration does not issue, and samples."""
    if len({char for char in text if char in ".- "}) > 1:
        return True
    digits = "".join(char for char in text if char.isdigit())
    if len(set(digits)) == 1 or digits[3:5] == "00" or digits[5:] == "0000":
        return True
    return digits[:3] in ("000", "666") or digits in _SAMPLES


def npi(text: str) -> bool:
    """US provider number: Luhn with the prefix 80840 (45 CFR 162.406)."""
    return luhn("80840" + bare(text))


def not_an_npi(text: str) -> bool:
    """True where all digits but the last are the same."""
    return len(set(bare(text)[:-1])) == 1


def not_a_sin(text: str) -> bool:
    """True for a Canadian social insurance number whose Luhn digit is wrong."""
    return not luhn("".join(filter(str.isdigit, text)))
