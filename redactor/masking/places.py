"""Pseudonyms of places, addresses and organisations, word by word, made-up words for names.

What says only of which kind a thing is stays (Street, GmbH, Hospital, North); every other
word becomes a place or a brand that does not exist, so ``Acme`` and ``Acme Corporation``
keep one name. House numbers, post codes and codes of US states are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from redactor.masking.keyed import Draws, How, Keyed, canonical
from redactor.masking.names import FAMILY, fold, has_script, name_lists
from redactor.masking.persons import cased
from redactor.masking.words import states, word_list, word_set

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['\u2019][\p{L}\p{M}]+)*")
_LATIN = regex.compile(r"\p{Latin}")

_SINGLE = 12


def place(text: str, entity: str, manner: How, keyed: Keyed) -> str:
    """Another place; words that tell only the kind of place stay."""
    return _by_word(text, entity, word_set("place words"), _town, manner, keyed)


def address(text: str, entity: str, manner: How, keyed: Keyed) -> str:
    """Another address of the same form."""
    return _by_word(text, entity, word_set("street words"), _town, manner, keyed)


def organisation(text: str, entity: str, manner: How, keyed: Keyed) -> str:
    """Another organisation of the same kind and legal form."""
    return _by_word(text, entity, word_set("organisation words"), _brand, manner, keyed)


def _town(draws: Draws, like: str) -> str:
    return _two("town stems", "town ends", draws)


def _brand(draws: Draws, like: str) -> str:
    if like.isupper() and 1 < len(like) <= 5:  # an abbreviation
        return "".join(draws.pick("abcdefghijklmnopqrstuvwxyz") for _ in like)
    return _two("brand stems", "brand ends", draws)


def _two(stems: str, ends: str, draws: Draws) -> str:
    first, second = word_list(stems), word_list(ends)
    return first[draws.below(len(first))] + second[draws.below(len(second))]


def _by_word(
    text: str,
    entity: str,
    staying: frozenset[str],
    invent: Callable[[Draws, str], str],
    manner: How,
    keyed: Keyed,
) -> str:
    words = list(_WORD.finditer(text))
    own = frozenset(fold(word[0]) for word in words)
    if all(_stays(word[0], staying) for word in words):
        staying = frozenset()
    pieces: list[str] = []
    at, drawn, codes = 0, False, sorted(states())
    draws = Draws(
        keyed.digest(manner.key, "pseudonym", f"{entity}/numbers", text, scope=manner.scope)
    )
    for match in words:
        word = match[0]
        pieces.append(text[at : match.start()])
        at = match.end()
        if any(char.isdigit() for char in word):
            pieces.append(_number(word, draws))
            drawn = True
        elif entity == "STREET_ADDRESS" and word in states():
            pieces.append(codes[draws.below(len(codes))])
            drawn = True
        elif _stays(word, staying):
            pieces.append(word)
        else:
            pieces.append(_word(word, entity, invent, own, manner, keyed))
    pieces.append(text[at:])
    if not drawn:
        return "".join(pieces)
    return _whole(text, pieces, entity, manner, keyed)


def _stays(word: str, staying: frozenset[str]) -> bool:
    return fold(word) in staying


def _number(word: str, draws: Draws) -> str:
    made = []
    for at, char in enumerate(word):
        if char.isdigit():
            char = draws.pick("123456789" if at == 0 else "0123456789")
        elif char.isalpha():
            letter = draws.pick("abcdefghijklmnopqrstuvwxyz")
            char = letter.upper() if char.isupper() else letter
        made.append(char)
    return "".join(made)


def _word(
    word: str,
    entity: str,
    invent: Callable[[Draws, str], str],
    own: frozenset[str],
    manner: How,
    keyed: Keyed,
) -> str:
    lowered = word.lower()
    endings = word_list("street endings")
    fitting = (end for end in endings if lowered.endswith(end) and len(lowered) > len(end) + 2)
    ending = next(fitting, "")
    kind = "organisation" if invent is _brand else "place"
    value = fold(lowered.removesuffix(ending))

    def propose(attempt: int) -> str:
        draws = Draws(
            keyed.digest(manner.key, "pseudonym", f"{kind}/{attempt}", value, scope=manner.scope)
        )
        if not _LATIN.search(word):
            if not has_script(word):
                return draws.syllables(4)
            pool: Sequence[str] = name_lists().pool(name_lists().locale(word, FAMILY), FAMILY, "")
            return fold(pool[draws.below(len(pool))]) + (
                fold(pool[draws.below(len(pool))]) if attempt >= _SINGLE else ""
            )
        core = invent(draws, word)
        return f"{core}-{invent(draws, word)}" if attempt >= _SINGLE else core

    core = keyed.assign(manner, kind, value, propose, but=own | {value})
    made = cased(word, core + ending)
    keyed.note(manner, word, made, operator="pseudonym", entity=entity, core=core)
    return made


def _whole(text: str, pieces: list[str], entity: str, manner: How, keyed: Keyed) -> str:
    """An address with numbers: noted whole, and no two addresses share one."""
    value = canonical(entity, text)
    numbers = [at for at, piece in enumerate(pieces) if any(map(str.isdigit, piece))]

    def made(attempt: int) -> str:
        if not attempt:
            return "".join(pieces)
        kind = f"{entity}/numbers/{attempt}"
        draws = Draws(keyed.digest(manner.key, "pseudonym", kind, value, scope=manner.scope))
        new = [_number(piece, draws) if at in numbers else piece for at, piece in enumerate(pieces)]
        return "".join(new)

    core = keyed.assign(
        manner, f"{entity}/whole", value, lambda attempt: canonical(entity, made(attempt)),
        but=frozenset({value}),
    )  # fmt: skip
    tries = (made(attempt) for attempt in range(64))
    done = next((new for new in tries if canonical(entity, new) == core), core)
    keyed.note(manner, text, done, operator="pseudonym", entity=entity, core=core)
    return done
