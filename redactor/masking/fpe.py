"""fpe: format-preserving encryption by FF1 (NIST SP 800-38G), as libffx implements it.

Digits become digits, letters letters of the same case; everything else stays where it is. A
value of digits alone is an FF1 numeral string of radix 10, so any FF1 implementation
decrypts it; one with letters too is a number in mixed radix, encrypted by FF1 of radix 2
with cycle walking. The key is derived from the named key, the tweak is entity type and
scope. Nothing but the key is needed to undo it; the vault only notes which texts are
ciphertexts, so that they are found again.

A value with fewer than 1,000,000 possible others (SP 800-38G revision 1) is refused: so few
can be tried out. So is one with letters beyond A to Z. The policy's ``fallback`` says what
becomes of them. The same value under one key, type and scope always gives the same
ciphertext, and no two values of one shape share one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from redactor.keys import Key
from redactor.masking.fallback import fallback
from redactor.masking.keyed import Keyed, how
from redactor.masking.numbers import luhn_digit

if TYPE_CHECKING:
    from ffx import FF1

MIN_DOMAIN = 1_000_000
_PURPOSE = "fpe"


@dataclass(frozen=True, slots=True)
class _Place:
    """A character that takes part: where, its value, how many there are, and their first."""

    at: int
    value: int
    radix: int
    first: int


def fpe(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """The value's ciphertext of the same format.

    Args:
        text: what was found.
        entity: its type, part of the tweak.
        params: ``key``, ``scope`` (``global``, ``document``, ``case``: part of the tweak),
            ``alphabet`` (``auto``, ``digits``, ``alnum``), ``luhn`` (keep a right check digit
            right), ``fallback``, ``record``.
        keyed: the item's keys.

    Raises:
        StateError: the key or the vault cannot be used.
        WithheldError: the value is refused and the policy says ``withhold``.
    """
    manner = how("fpe", {**params, "scope": params.get("scope", "global")})
    alphabet, luhn = str(params.get("alphabet", "auto")), bool(params.get("luhn", False))
    places = _places(text, alphabet)
    if places is None or _domain(places, luhn) < MIN_DOMAIN:
        return fallback(text, entity, params, "a value is too short or not of the alphabet for fpe")
    tweak = f"{entity}\0{keyed.scope(manner.scope)}".encode("utf-8", "surrogatepass")
    made = _crypt(text, places, keyed.secret(manner.key, _PURPOSE), tweak, luhn, encrypt=True)
    if made == text:  # one value in its domain's size
        return fallback(text, entity, params, "a value is its own ciphertext")
    recipe = {
        "key": manner.key,
        "id": keyed.used[manner.key],
        "tweak": tweak.hex(),
        "alphabet": alphabet,
        "luhn": luhn,
    }
    keyed.note(manner, text, made, operator="fpe", entity=entity, number=True, recipe=recipe)
    return made


def undo_fpe(text: str, recipe: Mapping[str, Any], find_key: Callable[[str, str], Key]) -> str:
    """The value behind a ciphertext.

    Args:
        text: the ciphertext; its separators do not matter.
        recipe: what :func:`fpe` noted.
        find_key: (name, id) -> key.

    Raises:
        StateError: the key is not here.
        ValueError: the recipe does not fit the text.
    """
    places = _places(text, str(recipe["alphabet"]))
    luhn = bool(recipe["luhn"])
    if places is None or _domain(places, luhn) < MIN_DOMAIN:
        raise ValueError("this is no ciphertext of fpe")
    key = find_key(str(recipe["key"]), str(recipe["id"])).derive(_PURPOSE)
    return _crypt(text, places, key, bytes.fromhex(recipe["tweak"]), luhn, encrypt=False)


def _places(text: str, alphabet: str) -> list[_Place] | None:
    """The characters that take part; None where one is of no alphabet."""
    places = []
    for at, char in enumerate(text):
        if char.isdigit():
            try:
                value = unicodedata.decimal(char)
            except ValueError:
                return None  # a superscript and the like
            places.append(_Place(at, value, 10, ord(char) - value))
        elif char.isascii() and char.isalpha():
            first = ord("A") if char.isupper() else ord("a")
            places.append(_Place(at, ord(char) - first, 26, first))
        elif char.isalnum() or unicodedata.combining(char):
            return None
    if alphabet == "digits" and any(place.radix != 10 for place in places):
        return None
    return places


def _domain(places: list[_Place], luhn: bool) -> int:
    if luhn:
        # only numbers have a check digit, and it is no choice
        return 10 ** (len(places) - 1) if all(p.radix == 10 for p in places) and places else 0
    size = 1
    for place in places:
        size *= place.radix
    return size


def _crypt(
    text: str, places: list[_Place], key: bytes, tweak: bytes, luhn: bool, *, encrypt: bool
) -> str:
    made = list(text)
    if all(place.radix == 10 for place in places):
        digits = "".join(str(place.value) for place in places)
        cipher = _cipher(key)
        run = cipher.encrypt if encrypt else cipher.decrypt
        if luhn:
            # a check digit that is off by some amount stays off by it: nothing is lost
            off = int(digits[-1]) - int(luhn_digit(digits[:-1]))
            body = run(digits[:-1], tweak=tweak)
            new = [int(char) for char in body] + [(int(luhn_digit(body)) + off) % 10]
        else:
            new = [int(char) for char in run(digits, tweak=tweak)]
    else:
        new = _crypt_mixed(places, key, tweak, encrypt=encrypt)
    for place, value in zip(places, new, strict=True):
        made[place.at] = chr(place.first + value)
    return "".join(made)


def _crypt_mixed(places: list[_Place], key: bytes, tweak: bytes, *, encrypt: bool) -> list[int]:
    number, domain = 0, 1
    for place in places:
        number = number * place.radix + place.value
        domain *= place.radix
    cipher = _cipher(key)
    run = cipher.encrypt_int if encrypt else cipher.decrypt_int
    number = run(number, domain=domain, tweak=tweak)
    values = []
    for place in reversed(places):
        number, value = divmod(number, place.radix)
        values.append(value)
    return values[::-1]


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> FF1:
    from ffx import FF1

    return FF1(key, radix=10)
