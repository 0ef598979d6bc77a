"""Numbers of Asian and Pacific countries, as Presidio's recognizers check them.

Each function gives Presidio's verdict on what Presidio's pattern found, tested equal.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

from recognizers.validators.checksums import verhoeff, weighted
from recognizers.validators.europe import bare

_OFFICES = Path(__file__).parents[1] / "data" / "in_vehicle.json"
_GSTIN = re.compile(
    r"\b((?:0[1-9]|[1-3][0-7])[A-Za-z]{5}[0-9]{4}[A-Za-z]{1}[0-9A-Za-z]{1}Z[0-9A-Za-z]{1})\b"
)
# issuing offices of Korean driving licences
_KR_REGIONS = frozenset(map(str, [*range(11, 27), 28]))
_UEN_TYPES = re.compile(
    "LP|LL|FC|PF|RF|M[QMBDHC]|NB|N[BR]|C[CSPMDHLX]|FM|GS|DP|HS|VH|XL|HC|RP|T[UC]|F[BN]|P[AB]|S[SM]"
    "|G[AB]"
)
_UEN_C = "ABCDEFGHJKLMNPQRSTUVWX0123456789"


def _digits(text: str) -> list[int]:
    return [int(char) for char in bare(text) if not char.isspace()]


def au_abn(text: str) -> bool:
    """Australian business number: one less, weighted, modulo 89."""
    digits = _digits(text)
    digits[0] -= 1
    return weighted(digits, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def au_acn(text: str) -> bool:
    """Australian company number: weights 8 to 1."""
    digits = _digits(text)
    return (10 - weighted(digits[:8], range(8, 0, -1)) % 10) % 10 == digits[8]


def au_tfn(text: str) -> bool:
    """Australian tax file number: modulo 11."""
    return weighted(_digits(text), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def au_medicare(text: str) -> bool:
    """Australian Medicare card: weights 1, 3, 7, 9 over eight digits."""
    digits = _digits(text)
    return weighted(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[8]


def in_aadhaar(text: str) -> bool:
    """Indian Aadhaar: Verhoeff; begins with 2 or more, no palindrome."""
    digits = bare(text).replace(":", "")
    return len(digits) == 12 and int(digits[0]) >= 2 and digits != digits[::-1] and verhoeff(digits)


def in_gstin(text: str) -> bool:
    """Indian GST number: a state, a PAN, an entity number, Z; the check digit is not checked."""
    found = _GSTIN.search(text.upper())
    number = found[1] if found else bare(text.upper())
    return (
        len(number) == 15
        and number[:2].isdigit()
        and 1 <= int(number[:2]) <= 37
        and sum(map(str.isalpha, number[2:7])) >= 3
        and number[7:11].isdigit()
        and number[11].isalpha()
        and number[12].isalnum()
        and number[13] == "Z"
        and number[14].isalnum()
    )


def in_vehicle(text: str) -> bool | None:
    """Indian plate: True where its state has a registration office of its number."""
    plate = bare(text).replace(":", "")
    offices = _offices().get(plate[:2].upper(), frozenset())
    if len(plate) < 8 or not plate[2].isdigit():
        return None
    district = plate[2:4] if plate[3].isdigit() else plate[2]
    serial = plate[-4:]
    if serial.isnumeric() and int(serial) and {district, str(int(district))} & offices:
        return True
    return None


@cache
def _offices() -> dict[str, frozenset[str]]:
    """Registration offices by state; the compile step writes them out of Presidio's lists."""
    data: dict[str, str] = json.loads(_OFFICES.read_text("ascii"))
    return {state: frozenset(numbers.split()) for state, numbers in data.items()}


def kr_brn(text: str) -> bool:
    """Korean business registration number: weights 1, 3, 7 and a carry of the ninth digit."""
    digits = [int(char) for char in text.replace("-", "")]
    if len(digits) != 10:
        return False
    total = weighted(digits[:8], (1, 3, 7, 1, 3, 7, 1, 3))
    total += digits[8] * 5 // 10 + digits[8] * 5
    return (10 - total % 10) % 10 == digits[9]


def kr_driver_license(text: str) -> bool:
    """Korean driving licence: an issuing office; there is no published check digit."""
    return bare(text)[:2] in _KR_REGIONS


def kr_rrn(text: str) -> bool | None:
    """Korean resident number: modulo 11; numbers since October 2020 have no check digit."""
    return _kr_resident(text, 11)


def kr_frn(text: str) -> bool | None:
    """Korean foreigner number: as the resident number, counted from 13."""
    return _kr_resident(text, 13)


def _kr_resident(text: str, base: int) -> bool | None:
    digits = [int(char) for char in text.replace("-", "")]
    if len(digits) != 13:
        return False
    if digits[7] * 10 + digits[8] > 95:
        return None
    total = weighted(digits[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))
    return True if (base - total % 11) % 10 == digits[12] else None


def not_a_ph_tin(text: str) -> bool:
    """True for a Philippine tax number whose check digit (weights 9 to 2, modulo 11) is wrong."""
    digits = bare(text)
    if len(digits) not in (9, 12):
        return True
    return weighted(map(int, digits[:8]), range(9, 1, -1)) % 11 != int(digits[8])


def sg_uen(text: str) -> bool:
    """Singapore's unique entity number: one of three forms, each with its letters."""
    upper = text.upper()
    body = upper[:-1]
    if len(upper) == 9:
        total = weighted(map(int, body), (10, 4, 9, 3, 8, 2, 7, 1))
        return "XMKECAWLJDB"[total % 11] == upper[-1]
    if upper[0].isalpha():
        if upper[0] not in "TSR" or not _UEN_TYPES.fullmatch(upper[3:5]):
            return False
        total = weighted(map(_UEN_C.index, body), (4, 3, 5, 3, 10, 2, 2, 5, 7))
        return _UEN_C[(total - 5) % 11] == upper[-1]
    if int(body[:4]) > date.today().year:
        return False
    return "ZKCMDNERGWH"[weighted(map(int, body), (10, 8, 6, 4, 9, 7, 5, 3, 1)) % 11] == upper[-1]


def th_tnin(text: str) -> bool:
    """Thai identity number: weights 13 to 2, modulo 11."""
    return (11 - weighted(map(int, text[:12]), range(13, 1, -1)) % 11) % 10 == int(text[12])
