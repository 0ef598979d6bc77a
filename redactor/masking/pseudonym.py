"""pseudonym: another value of the same type and shape, the same for the same value.

A keyed function of type and value, so it depends on no order of arrival and needs no
table. Made-up values lie where no real one can: IPv4 in 240.0.0.0/4 (reserved, RFC 1112),
IPv6 in 2001:db8::/32 (RFC 3849), host names under ``.example`` (RFC 2606), MAC addresses
locally administered, card numbers with the issuer digit 9 and a right check digit, SSNs
with an area number from 900 (never assigned). Names are made of syllables, word by word:
who is called Okafor in one place and Ann Okafor in another keeps one family name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from redactor.masking.keyed import Draws, Keyed, canonical

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_TRIES = 8

# text, a function that gives draws for a part of the value
Draw = Callable[[str], Draws]
Maker = Callable[[str, Draw], str]


def pseudonym(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """A made-up value of the same type.

    Args:
        text: what was found.
        entity: its type; types without a maker of their own keep the shape of the text.
        params: ``key`` (name), ``scope`` (``global`` or ``document``).
        keyed: the item's keys.
    """
    key, in_document = str(params.get("key", "default")), params.get("scope") == "document"
    maker = _MAKERS.get(entity, _shape)
    made = text
    for attempt in range(_TRIES):

        def draw(part: str, attempt: int = attempt) -> Draws:
            kind = f"{entity}/{attempt}" if attempt else entity
            digest = keyed.digest(
                key, "pseudonym", kind, canonical(entity, part), in_document=in_document
            )
            return Draws(digest)

        made = maker(text, draw)
        if canonical(entity, made) != canonical(entity, text):
            return made
    return f"<{entity}>"  # a text without letters and digits has no other of its shape


def _name(text: str, draw: Draw) -> str:
    return _WORD.sub(
        lambda match: _cased(match[0], _word(draw(match[0]), match[0])), _digits(text, draw)
    )


def _word(draws: Draws, like: str) -> str:
    if len(like) == 1:
        return draws.pick("bdfgklmnprstvz")
    return "".join(_SYLLABLES[draws.below(len(_SYLLABLES))] for _ in range(3 + draws.below(2)))


def _cased(like: str, word: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word


def _digits(text: str, draw: Draw) -> str:
    if not any(char.isdigit() for char in text):
        return text
    draws = draw(text)
    return "".join(draws.pick("0123456789") if char.isdigit() else char for char in text)


def _shape(text: str, draw: Draw) -> str:
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


def _user(text: str, draw: Draw) -> str:
    draws = draw(text)
    return "".join(_SYLLABLES[draws.below(len(_SYLLABLES))] for _ in range(5))


def _email(text: str, draw: Draw) -> str:
    _, at, domain = text.rpartition("@")
    if not at:
        return _shape(text, draw)
    return f"{_user(text, draw)}@{_host(domain, draw)}"


def _host(domain: str, draw: Draw) -> str:
    return f"{_word(draw(domain), domain + '..')}.example"


def _url(text: str, draw: Draw) -> str:
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{_host(host, draw)}{slash}{_user(path, draw) if path else ''}"


def _ip(text: str, draw: Draw) -> str:
    address, slash, prefix = text.partition("/")
    draws = draw(address)
    if ":" in address:
        groups = [f"{draws.below(1 << 16):x}" for _ in range(6)]
        return ":".join(["2001", "db8", *groups]) + slash + prefix
    number = (0xF << 28) | draws.below((1 << 28) - 1)  # never the broadcast address
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0)) + slash + prefix


def _mac(text: str, draw: Draw) -> str:
    draws = draw(text)
    made = [draws.pick("0123456789abcdef") if char.isalnum() else char for char in text]
    places = [at for at, char in enumerate(text) if char.isalnum()]
    if len(places) > 1:
        made[places[1]] = "2"  # locally administered, unicast
    return "".join(made).upper() if text.isupper() else "".join(made)


def _fill(text: str, digits: str) -> str:
    """``digits`` in the places of the text's digits."""
    following = iter(digits)
    return "".join(next(following) if char.isdigit() else char for char in text)


def _card(text: str, draw: Draw) -> str:
    count = sum(char.isdigit() for char in text)
    if count < 2:
        return _shape(text, draw)
    draws = draw(text)
    body = "9" + "".join(draws.pick("0123456789") for _ in range(count - 2))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return _fill(text, body + str(-total % 10))


def _ssn(text: str, draw: Draw) -> str:
    count = sum(char.isdigit() for char in text)
    draws = draw(text)
    return _fill(text, "9" + "".join(draws.pick("0123456789") for _ in range(count - 1)))


def _iban(text: str, draw: Draw) -> str:
    places = [at for at, char in enumerate(text) if char.isalnum()]
    if (
        len(places) < 5
        or not text.isascii()
        or not text[places[0]].isalpha()
        or not text[places[1]].isalpha()
    ):
        return _shape(text, draw)
    made = list(_shape(text, draw))
    country = [text[places[0]], text[places[1]]]
    made[places[0]], made[places[1]] = country
    body = "".join(made[at] for at in places[4:]) + "".join(country) + "00"
    check = 98 - int("".join(str(int(char, 36)) for char in body)) % 97
    made[places[2]], made[places[3]] = str(check // 10), str(check % 10)
    return "".join(made)


def _date(text: str, draw: Draw) -> str:
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
            return _shape(text, draw)
    following = iter(new)
    return re.sub(r"\d+", lambda match: next(following), text) if new else _shape(text, draw)


_MAKERS: dict[str, Maker] = {
    "PERSON": _name,
    "LOCATION": _name,
    "ORGANIZATION": _name,
    "STREET_ADDRESS": _name,
    "USERNAME": _user,
    "EMAIL_ADDRESS": _email,
    "URL": _url,
    "IP_ADDRESS": _ip,
    "MAC_ADDRESS": _mac,
    "CREDIT_CARD": _card,
    "US_SSN": _ssn,
    "IBAN_CODE": _iban,
    "DATE_OF_BIRTH": _date,
    "DATE_TIME": _date,
}
