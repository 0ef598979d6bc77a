"""Positions on the earth."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SEXAGESIMAL = re.compile(r"[°′'’″\"”]")


def coordinates(text: str) -> bool | None:
    """None where latitude and longitude (in either order) are on the globe, else False."""
    numbers = [float(number) for number in _NUMBER.findall(text.replace("%2C", ","))]
    if _SEXAGESIMAL.search(text) and len(numbers) > 2:
        return None if all(number < 180 for number in numbers) else False
    if not numbers or any(abs(number) > 180 for number in numbers[:2]):
        return False
    if len(numbers) == 1:
        return None
    return None if min(abs(numbers[0]), abs(numbers[1])) <= 90 else False
