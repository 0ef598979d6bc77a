"""Made-up identifiers with right check digits, by the name of the check in the rule table.

Written from the standards, not from our patterns. A check without a maker here is sampled from
its rule's own patterns until the check holds (numbers of python-stdnum).
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import string
from collections.abc import Callable, Sequence
from typing import Any

Maker = Callable[[random.Random], str]

_DIGITS = string.digits
_UPPER = string.ascii_uppercase


def _pick(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


def _luhn_digit(body: str) -> str:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _card(rng: random.Random) -> str:
    prefix, length = rng.choice(
        (
            ("4", 16),
            ("51", 16),
            ("55", 16),
            ("2221", 16),
            ("2720", 16),
            ("37", 15),
            ("6011", 16),
            ("3530", 16),
            ("62", 19),
            ("4", 19),
        )
    )
    body = prefix + _pick(rng, _DIGITS, length - len(prefix) - 1)
    number = body + _luhn_digit(body)
    sizes = (
        (4, 6, 5) if length == 15 else (4,) * (length // 4) + ((length % 4,) if length % 4 else ())
    )
    return _grouped(number, sizes)


def _grouped(text: str, sizes: Sequence[int]) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return " ".join(parts)


# ISO 13616 registry: letters (a), digits (n), either (c)
_IBANS = {
    "GB": "aaaannnnnnnnnnnnnn", "DE": "n" * 18, "FR": "n" * 10 + "c" * 11 + "nn", "NL": "aaaa" + "n" * 10,
    "ES": "n" * 20, "IT": "a" + "n" * 10 + "c" * 12, "BE": "n" * 12, "AT": "n" * 16, "CH": "n" * 5 + "c" * 12,
    "PL": "n" * 24, "SE": "n" * 20, "NO": "n" * 11, "IE": "aaaa" + "n" * 14, "DK": "n" * 14, "FI": "n" * 14,
}  # fmt: skip


def _iban(rng: random.Random) -> str:
    country = rng.choice(sorted(_IBANS))
    sets = {"a": _UPPER, "n": _DIGITS, "c": _DIGITS + _UPPER}
    bban = "".join(rng.choice(sets[kind]) for kind in _IBANS[country])
    moved = "".join(str(int(char, 36)) for char in bban + country + "00")
    number = f"{country}{98 - int(moved) % 97:02d}{bban}"
    return _grouped(number, [4] * (len(number) // 4) + [len(number) % 4] * bool(len(number) % 4))


def _aba(rng: random.Random) -> str:
    body = rng.choice(("01", "02", "07", "12", "26", "31")) + _pick(rng, _DIGITS, 6)
    total = sum(int(char) * weight for char, weight in zip(body, (3, 7, 1) * 3, strict=False))
    return _grouped(body + str(-total % 10), (9,))


def _nhs(rng: random.Random) -> str:
    while True:
        body = rng.choice("4679") + _pick(rng, _DIGITS, 8)
        total = sum(int(c) * w for c, w in zip(body, range(10, 1, -1), strict=True))
        check = -total % 11
        if check < 10:
            return _grouped(body + str(check), (3, 3, 4))


def _dea(rng: random.Random) -> str:
    digits = _pick(rng, _DIGITS, 6)
    odd, even = sum(map(int, digits[0::2])), sum(map(int, digits[1::2]))
    return f"{rng.choice('ABFM')}{rng.choice(_UPPER)}{digits}{(odd + 2 * even) % 10}"


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _bitcoin(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return _bech32(rng)
    data = bytes([rng.choice((0, 5))]) + rng.randbytes(20)
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _bech32(rng: random.Random) -> str:
    values = [0] + [rng.randrange(32) for _ in range(32)]
    expanded = [3, 3, 0, 2, 3, *values]
    check = _polymod([*expanded, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return "bc1" + "".join(_BECH32[value] for value in values)


def _polymod(values: Sequence[int]) -> int:
    """BIP 173."""
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, mask in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= mask if top >> bit & 1 else 0
    return check


def _imei(rng: random.Random) -> str:
    body = rng.choice(("35", "01", "86", "49")) + _pick(rng, _DIGITS, 12)
    return _grouped(body + _luhn_digit(body), (2, 6, 6, 1))


def _iccid(rng: random.Random) -> str:
    body = (
        "89"
        + rng.choice(("01", "44", "49", "33", "91"))
        + _pick(rng, _DIGITS, rng.choice((14, 15)))
    )
    number = body + _luhn_digit(body)
    return _grouped(number, (4, 4, 4, 4, len(number) - 16))


_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def _vin(rng: random.Random) -> str:
    """49 CFR 565.15: check digit in place 9, model year in 10, digits in 14 to 17."""
    both = _VIN_LETTERS + _DIGITS
    body = (
        rng.choice("12345") + _pick(rng, both, 7) + "0" + rng.choice("ABCDEFGHJKLMNPRST123456789")
    )
    body += _pick(rng, _VIN_LETTERS, 1) + _pick(rng, both, 2) + _pick(rng, _DIGITS, 4)
    values = dict(zip(_VIN_LETTERS, map(int, "12345678123457923456789"), strict=True))
    values |= {digit: int(digit) for digit in _DIGITS}
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(values[char] * weight for char, weight in zip(body, weights, strict=True))
    return body[:8] + "0123456789X"[total % 11] + body[9:]


def _track(rng: random.Random) -> str:
    number = _card(rng).replace(" ", "")
    return f"%B{number}^{_pick(rng, _UPPER, 6)}/{_pick(rng, _UPPER, 5)}^27{rng.randrange(1, 13):02d}101{_pick(rng, _DIGITS, 12)}?"


def _bic(rng: random.Random) -> str:
    country = rng.choice(("DE", "GB", "US", "FR", "NL", "ZA", "CH", "SE", "IN", "BR"))
    return (
        _pick(rng, _UPPER, 4)
        + country
        + _pick(rng, _UPPER + "23456789", 2)
        + rng.choice(("", "XXX", "500"))
    )


def _jwt(rng: random.Random) -> str:
    parts = (
        json.dumps({"alg": rng.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}),
        json.dumps({"sub": str(rng.randrange(10**9)), "iat": 1_700_000_000}),
        _pick(rng, string.ascii_letters + _DIGITS, 32),
    )
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def _basic(rng: random.Random) -> str:
    pair = (
        f"{_pick(rng, string.ascii_lowercase, 6)}:{_pick(rng, string.ascii_letters + _DIGITS, 10)}"
    )
    return base64.b64encode(pair.encode()).decode()


MAKERS: dict[str, Maker] = {
    "aba": _aba,
    "basic_credentials": _basic,
    "bic": _bic,
    "card_track": _track,
    "credit_card": _card,
    "crypto": _bitcoin,
    "dea": _dea,
    "iban": _iban,
    "iccid": _iccid,
    "imei": _imei,
    "jwt": _jwt,
    "nhs": _nhs,
    "payment_card": _card,
    "vin": _vin,
}


def sampled(patterns: Sequence[str], holds: Callable[[str], Any]) -> Maker:
    """A maker that draws from the patterns until the check holds.

    The result raises ValueError where it finds none in 20,000 draws.
    """
    parsed = [re._parser.parse(pattern.replace(r"\K", "")) for pattern in patterns]  # type: ignore[attr-defined]

    def make(rng: random.Random) -> str:
        for _ in range(20_000):
            text = _draw(rng.choice(parsed), rng)
            if text and holds(text):
                return text
        raise ValueError("the check holds for none of the samples")

    return make


def _draw(parsed: Any, rng: random.Random) -> str:
    return "".join(_draw_one(str(operation), argument, rng) for operation, argument in parsed)


def _draw_one(operation: str, argument: Any, rng: random.Random) -> str:
    match operation:
        case "LITERAL":
            return chr(argument)
        case "IN":
            return rng.choice(_members(argument))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, inner = argument
            return "".join(_draw(inner, rng) for _ in range(rng.randint(low, min(high, low + 4))))
        case "SUBPATTERN":
            return _draw(argument[3], rng)
        case "BRANCH":
            return _draw(rng.choice(argument[1]), rng)
        case _:
            return ""  # boundaries and lookarounds: the check decides


def _members(entries: Any) -> str:
    found = ""
    for operation, argument in entries:
        match str(operation):
            case "LITERAL":
                found += chr(argument)
            case "RANGE":
                found += "".join(map(chr, range(argument[0], argument[1] + 1)))
            case "CATEGORY" if "DIGIT" in str(argument):
                found += _DIGITS
            case "CATEGORY" if "SPACE" in str(argument):
                found += " "
            case _:
                found += ""
    return found or "0"
