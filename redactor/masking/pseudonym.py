"""pseudonym: another value of the same type and shape, the same for the same value.

A keyed function of type, value and scope: it depends on no order of arrival. Persons,
places and organisations are replaced word by word (:mod:`redactor.masking.persons`,
:mod:`redactor.masking.places`), e-mail addresses and user names follow their person
(:mod:`redactor.masking.contacts`), everything else is drawn whole from ranges where no real
value can be (:mod:`redactor.masking.numbers`, :mod:`redactor.masking.phones`).

With ``record`` (the default of the scopes ``case`` and ``vault``) the vault keeps who has
which pseudonym: no two values share one, `redactor restore` undoes it, and a later release
with other name lists goes on with the old pseudonyms. Where two values want the same
pseudonym, the first one recorded has it; the other one's next choice is as much a keyed
function of it. Without a record two values may meet in one pseudonym.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from redactor.masking import numbers
from redactor.masking.contacts import contact_makers
from redactor.masking.keyed import How, Keyed, canonical, how
from redactor.masking.persons import person
from redactor.masking.phones import phone
from redactor.masking.places import address, organisation, place
from redactor.masking.wholes import Maker, whole

_BY_WORD: dict[str, Callable[[str, str, How, Keyed], str]] = {
    "PERSON": person,
    "LOCATION": place,
    "ORGANIZATION": organisation,
    "STREET_ADDRESS": address,
}
CONTACTS = frozenset({"EMAIL_ADDRESS", "USERNAME", "URL"})
_MAKERS: dict[str, Maker] = {
    "PHONE_NUMBER": phone,
    "IP_ADDRESS": numbers.ip,
    "MAC_ADDRESS": numbers.mac,
    "CREDIT_CARD": numbers.card,
    "US_SSN": numbers.ssn,
    "IBAN_CODE": numbers.iban,
    "DATE_OF_BIRTH": numbers.date,
    "DATE_TIME": numbers.date,
}


def pseudonym(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """A made-up value of the same type.

    Args:
        text: what was found.
        entity: its type; types without a maker of their own keep the shape of the text.
        params: ``key`` (name), ``scope`` (``global``, ``document``, ``case``, ``vault``),
            ``record``.
        keyed: the item's keys and memory.

    Raises:
        StateError: the vault or a key cannot be used.
        UsageError: scope ``case`` without a case.
    """
    manner = how("pseudonym", params)
    if not any(char.isalnum() for char in text):
        return f"<{entity}>"  # a text without letters and digits has no other of its shape
    by_word = _BY_WORD.get(entity)
    if by_word is not None:
        made = by_word(text, entity, manner, keyed)
    elif entity in CONTACTS:
        made = whole(text, entity, contact_makers(manner, keyed)[entity], manner, keyed)
    else:
        made = whole(text, entity, _MAKERS.get(entity, numbers.shape), manner, keyed)
    return made if canonical(entity, made) != canonical(entity, text) else f"<{entity}>"
