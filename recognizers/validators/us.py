"""Numbers of the United States."""

from __future__ import annotations

_SAMPLES = frozenset({"123456789", "987654320", "078051120"})  # printed on sample cards


def not_an_ssn(text: str) -> bool:
    """True for numbers the Social Security Administration does not issue, and samples."""
    if len({char for char in text if char in ".- "}) > 1:
        return True
    digits = "".join(char for char in text if char.isdigit())
    if len(set(digits)) == 1 or digits[3:5] == "00" or digits[5:] == "0000":
        return True
    return digits[:3] in ("000", "666") or digits in _SAMPLES
