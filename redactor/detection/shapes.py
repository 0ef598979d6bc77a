"""Whether a value looks like what the name of its field says: one check a shape.

Loose on purpose: the name is the evidence, a shape only keeps out what cannot be meant (a
flag in ``email_ok``, ``n/a``, a time stamp in ``last_login``).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NOTHING = frozenset(
    [
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "nan",
        "unknown",
        "unbekannt",
        "inconnu",
        "desconocido",
        "true",
        "false",
        "yes",
        "no",
        "ja",
        "nein",
        "oui",
        "non",
        "si",
        "y",
        "n",
        "t",
        "f",
        "x",
        "-",
        "--",
        "?",
        ".",
        "test",
        "undefined",
        "missing",
        "various",
        "multiple",
        "other",
        "anonymous",
        "redacted",
        "tbd",
        "todo",
    ]
)
_PERSON = re.compile(r"[^\W\d_][^\d_<>@=:/\\|#$%*+!?\[\]{}]{0,79}\Z")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{2,255}\Z")
_PHONE = re.compile(
    r"\(?\+?[\d(][\d\s().\u00a0/+-]{3,24}(?:\s?(?:x|ext\.?|app\.?)\s?\d{1,6})?\Z", re.I
)
_DATE = re.compile(
    r"(?:\d{1,4}([-/. ])\d{1,2}\1\d{1,4}(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|(?:19|20)\d{6}|\d{2}(?:0\d|1[0-2])\d{2}"
    r"|\d{1,2}\.? ?[^\W\d_]{3,10}\.?,? ?\d{2,4}|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5)\Z"
)
_SSN = re.compile(r"\d{3}[- .]?\d{2}[- .]?\d{4}\Z|[*xX]{3}[- ]?[*xX]{2}[- ]?\d{4}\Z|\d{4}\Z")
_ID = re.compile(r"(?=(?:[^\d]*\d){3})[^\W_][\w ./#-]{2,39}\Z")
_CARD = re.compile(r"\d(?:[ -]?\d){11,18}\Z|\d{6}[*xX]{4,9}\d{4}\Z")
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){10,32}\Z")
_IP = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\Z|(?=.*:.*:)[0-9A-Fa-f:.]{3,45}(?:/\d{1,3})?\Z"
)
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:.-]?[0-9A-Fa-f]{2}){5}\Z")
_USER = re.compile(r"(?=.*[^\W\d_])[\w.@+\\$-]{2,64}\Z")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://\S+|(?:[\w-]+\.)+[a-z]{2,24}(?:/\S*)?)\Z", re.I)


def fits(shape: str, value: str) -> bool:
    """Whether a value (without outer white space) has a shape of the table of field names."""
    if not value or value.casefold() in _NOTHING:
        return False
    return SHAPES[shape](value)


def _person(value: str) -> bool:
    if _PERSON.match(value) is None or len(value.split()) > 6:
        return False
    return sum(map(str.isalpha, value)) >= (1 if ord(value[0]) > 0x2E7F else 2)


def _address(value: str) -> bool:
    if not 3 <= len(value) <= 200 or "@" in value or "://" in value:
        return False
    letters = sum(map(str.isalpha, value))
    return letters >= 2 and (letters >= 4 or any(map(str.isdigit, value)))


def _phone(value: str) -> bool:
    return _PHONE.match(value) is not None and sum(map(str.isdigit, value)) >= 5


def _place(value: str) -> bool:
    return len(value) <= 60 and value[0].isalpha() and not any(map(str.isdigit, value))


def _secret(value: str) -> bool:
    return 3 <= len(value) <= 4096 and not value.startswith(("<", "${", "{{"))


def _regex(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.match(value) is not None


SHAPES: dict[str, Callable[[str], bool]] = {
    "name": _person,
    "email": _regex(_EMAIL),
    "phone": _phone,
    "address": _address,
    "place": _place,
    "org": lambda value: 2 <= len(value) <= 100,
    "date": _regex(_DATE),
    "age": _regex(re.compile(r"1?\d{1,2}\Z")),
    "ssn": _regex(_SSN),
    "id": _regex(_ID),
    "card": _regex(_CARD),
    "cvv": _regex(re.compile(r"\d{3,4}\Z")),
    "iban": _regex(_IBAN),
    "vin": _regex(re.compile(r"[A-HJ-NPR-Za-hj-npr-z0-9]{11,17}\Z")),
    "plate": _regex(re.compile(r"(?=.*\d)[\w][\w .\u00b7-]{2,11}\Z")),
    "user": _regex(_USER),
    "secret": _secret,
    "ip": _regex(_IP),
    "mac": _regex(_MAC),
    "url": _regex(_URL),
    "zip": _regex(re.compile(r"(?=.*\d)[\w][\w -]{2,9}\Z")),
}
