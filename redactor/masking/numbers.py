"""Makers for numbers and addresses of machines, where nobody real can be hit.

IPv4 in 240.0.0.0/4 (reserved, RFC 1112), IPv6 in 2001:db8::/32 (RFC 3849), MAC addresses
locally administered, card numbers with the issuer digit 9 and a right check digit, SSNs
with an area number from 900 (never assigned), IBANs with a right check number.
"""

from __future__ import annotations

import re

from redactor.masking.wholes import Draw, fill_digits


def shape(text: str, draw: Draw) -> str:
    """Letters for letters of the same case, digits for digits, the rest as it stands."""
    draws = draw(text)
    made = []
    for char in text:
        if char.isdigit():
            char = draws.pick("0123456789")
        elif char.isalpha():
            letter = draws.pick("abcdefghijklmnopqrstuvwxyz")
            char = letter.upper() if char.isupper() else letter
        elif not char.isascii() and not char.isspace():
            char = "x"
        made.append(char)
    return "".join(made)


def ip(text: str, draw: Draw) -> str:
    """An address in a range that no host has; a prefix length stays."""
    address, slash, prefix = text.partition("/")
    draws = draw(address)
    if ":" in address:
        groups = [f"{draws.below(1 << 16):x}" for _ in range(6)]
        return ":".join(["2001", "db8", *groups]) + slash + prefix
    number = (0xF << 28) | draws.below((1 << 28) - 1)  # never the broadcast address
    return ".".join(str(number >> place & 255) for place in (24, 16, 8, 0)) + slash + prefix


def mac(text: str, draw: Draw) -> str:
    """A locally administered unicast address."""
    draws = draw(text)
    made = [draws.pick("0123456789abcdef") if char.isalnum() else char for char in text]
    places = [at for at, char in enumerate(text) if char.isalnum()]
    if len(places) > 1:
        made[places[1]] = "2"
    return "".join(made).upper() if text.isupper() else "".join(made)


def card(text: str, draw: Draw) -> str:
    """A number that no issuer has, with a right check digit."""
    count = sum(char.isdigit() for char in text)
    if count < 2:
        return shape(text, draw)
    draws = draw(text)
    body = "9" + "".join(draws.pick("0123456789") for _ in range(count - 2))
    return fill_digits(text, body + luhn_digit(body))


def luhn_digit(body: str) -> str:
    """The check digit (ISO/IEC 7812-1 annex B) that goes behind ``body``."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def ssn(text: str, draw: Draw) -> str:
    """A number whose area (900-999) the administration never gives out."""
    count = sum(char.isdigit() for char in text)
    if not count:
        return shape(text, draw)
    draws = draw(text)
    return fill_digits(text, "9" + "".join(draws.pick("0123456789") for _ in range(count - 1)))


def iban(text: str, draw: Draw) -> str:
    """Another account of the same country with a right check number (ISO 13616)."""
    places = [at for at, char in enumerate(text) if char.isalnum()]
    if len(places) < 5 or not text.isascii() or not all(text[at].isalpha() for at in places[:2]):
        return shape(text, draw)
    made = list(shape(text, draw))
    country = [text[at] for at in places[:2]]
    made[places[0]], made[places[1]] = country
    body = "".join(made[at] for at in places[4:]) + "".join(country) + "00"
    check = 98 - int("".join(str(int(char, 36)) for char in body)) % 97
    made[places[2]], made[places[3]] = str(check // 10), str(check % 10)
    return "".join(made)


def date(text: str, draw: Draw) -> str:
    """Another day of the same spelling; days to 28, years 1935 to 1999."""
    draws = draw(text)
    numbers = [match[0] for match in re.finditer(r"\d+", text)]
    new: list[str] = []
    for number in numbers:
        if len(number) == 4:
            new.append(str(1935 + draws.below(65)))
        elif len(number) <= 2 and int(number) > 31:
            new.append(str(35 + draws.below(65)))
        elif len(number) <= 2:
            top = 12 if len([n for n in numbers if len(n) <= 2]) > 1 else 28
            new.append(str(1 + draws.below(top)).zfill(len(number)))
        else:
            return shape(text, draw)
    following = iter(new)
    return re.sub(r"\d+", lambda match: next(following), text) if new else shape(text, draw)
