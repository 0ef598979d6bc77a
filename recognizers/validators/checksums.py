"""Check digits of cards, bank and health numbers, vehicles and handsets."""

from __future__ import annotations

from collections.abc import Iterable

_VIN_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        map(int, "012345678912345678123457923456789"),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


# Verhoeff's dihedral group and permutations (J. Verhoeff, Error detecting decimal codes, 1969)
_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_MOVED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def weighted(digits: Iterable[int], weights: Iterable[int]) -> int:
    """The sum of digits times weights."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def verhoeff(digits: str) -> bool:
    """Verhoeff's check, which sees every single wrong digit and every swap."""
    check = 0
    for place, char in enumerate(reversed(digits)):
        check = int(_TIMES[check][int(_MOVED[place % 8][int(char)])])
    return check == 0


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char)
        if place % 2:
            value += value - 9 if value > 4 else value
        total += value
    return total % 10 == 0


def credit_card(text: str) -> bool:
    """Luhn over the digits; blanks and dashes between them."""
    return luhn(text.replace("-", "").replace(" ", ""))


def imei(text: str) -> bool | None:
    """Luhn (3GPP TS 23.003): a wrong digit rules out, a right one proves little."""
    return None if luhn(text.replace("-", "").replace(" ", "")) else False


def aba(text: str) -> bool:
    """US routing number: weights 3, 7, 1 (American Bankers Association)."""
    digits = text.replace("-", "")
    return sum(int(digits[at]) * weight for at, weight in enumerate((3, 7, 1) * 3)) % 10 == 0


def nhs(text: str) -> bool:
    """UK NHS number: modulus 11 (NHS Data Dictionary)."""
    digits = text.replace("-", "").replace(" ", "")
    return (
        sum(int(char) * weight for char, weight in zip(digits, range(10, -1, -1), strict=False))
        % 11
        == 0
    )


def dea(text: str) -> bool:
    """US DEA registration number: the two sums over its seven digits."""
    digits = [int(char) for char in text.replace("-", "").replace(" ", "")[2:]]
    check = digits.pop()
    return (2 * sum(digits[-1::-2]) + sum(digits[-2::-2]) - check) % 10 == 0


def vin(text: str) -> bool | None:
    """True where the check digit of 49 CFR 565.15 holds; None where it says nothing.

    Other continents use no check digit. Numbers alone or letters alone are no VIN.
    """
    if not_a_vin(text):
        return False
    total = sum(
        _VIN_VALUES[char] * weight for char, weight in zip(text.upper(), _VIN_WEIGHTS, strict=True)
    )
    return True if "0123456789X"[total % 11] == text[8].upper() else None


def not_a_vin(text: str) -> bool:
    """True for numbers alone and letters alone."""
    return text.isdigit() or text.isalpha()


def iccid(text: str) -> bool | None:
    """Luhn over a SIM card's number (ITU-T E.118); None where it holds, one in ten does."""
    digits = "".join(char for char in text if char.isdigit())
    return None if len(digits) in (19, 20) and luhn(digits) else False


def license_plate(text: str) -> bool | None:
    """None for 4 to 10 letters and digits with a digit among them, False otherwise."""
    compact = "".join(char for char in text if char.isalnum())
    if not 4 <= len(compact) <= 10 or not any(char.isdigit() for char in compact):
        return False
    return None
