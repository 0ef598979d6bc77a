"""Pseudonyms of values as a whole: the core of a value, and the core spelt as the value is.

A maker turns text and draws into another value of the same shape; :func:`whole` sees that
it differs from the value, is given to no other where that is promised, and is noted for
restoring.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from redactor.masking.keyed import NUMBERS, Draws, How, Keyed, canonical

_RECALLED = 3
_PART = re.compile(r"[^\W_]+")


class Draw:
    """Gives draws for a part of a value; other ones at each ``attempt`` (0, 1 ...)."""

    def __init__(self, entity: str, attempt: int, manner: How, keyed: Keyed) -> None:
        self.attempt = attempt
        self._entity = entity
        self._kind = f"{entity}/{attempt}" if attempt else entity
        self._manner = manner
        self._keyed = keyed

    def __call__(self, part: str) -> Draws:
        """Draws that are the same for the same part, key and scope."""
        key, scope = self._manner.key, self._manner.scope
        value = canonical(self._entity, part)
        return Draws(self._keyed.digest(key, "pseudonym", self._kind, value, scope=scope))


Maker = Callable[[str, Draw], str]


def whole(text: str, entity: str, maker: Maker, manner: How, keyed: Keyed) -> str:
    """Another value of the same type, or ``<ENTITY>`` where its shape has no other."""
    if not any(char.isalnum() for char in text):
        return f"<{entity}>"
    value = canonical(entity, text)
    number = entity in NUMBERS

    spelt: dict[str, str] = {}

    @cache
    def propose(attempt: int) -> str:
        replacement = maker(text, Draw(entity, attempt, manner, keyed))
        core = _core(entity, replacement)
        spelt[core] = replacement
        return core

    own = frozenset({_core(entity, text)})
    if all(propose(attempt) in own for attempt in range(_RECALLED)):
        return f"<{entity}>"  # its shape has no other value
    core = keyed.assign(manner, entity, value, propose, but=own)
    for attempt in range(_RECALLED):
        if core in spelt:
            break
        propose(attempt)  # the vault remembered it: most are a first proposal
    done = _recased(spelt[core], text) if core in spelt else _spelt(core, text, number=number)
    keyed.note(manner, text, done, operator="pseudonym", entity=entity, core=core, number=number)
    return done


def fill(text: str, characters: str) -> str:
    """``characters`` in the places of the text's letters and digits."""
    following = iter(characters)
    return "".join(next(following, "") if char.isalnum() else char for char in text)


def fill_digits(text: str, digits: str) -> str:
    """``digits`` in the places of the text's digits."""
    following = iter(digits)
    return "".join(next(following, "0") if char.isdigit() else char for char in text)


def _core(entity: str, text: str) -> str:
    """Of a number its letters and digits, so that spellings of one value share a core."""
    folded = canonical(entity, text)
    return "".join(filter(str.isalnum, folded)) if entity in NUMBERS else folded


def _spelt(core: str, like: str, *, number: bool) -> str:
    """A core with the separators and letter case of the text that it replaces."""
    if number and sum(map(str.isalnum, like)) == len(core):
        raised = core.upper() if not any(map(str.islower, like)) else core
        return fill(like, raised)
    return _recased(core, like)


def _recased(made: str, like: str) -> str:
    """A made-up value in small letters, in the letter case of the text that it replaces."""
    if made != made.lower() or like == like.lower():
        return made
    if like == like.upper():
        return made.upper()
    originals = iter(_PART.findall(like))
    return _PART.sub(lambda match: _as(next(originals, ""), match[0]), made)


def _as(like: str, word: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
