"""Makers for e-mail addresses, user names and URLs; a person's follow their pseudonym.

The local part of an address, or a user name, is cut at its separators. Words that are known
as names, or that stand as ``first.last``, get the pseudonyms that the same words have in a
person's name; an initial beside a family name of the same document gets the initial of that
person's pseudonym. What names nobody is made of syllables. Hosts lie under ``.example``
(RFC 2606).
"""

from __future__ import annotations

import re
import unicodedata

from redactor.masking.keyed import How, Keyed
from redactor.masking.names import FAMILY, GIVEN, fold, name_lists
from redactor.masking.numbers import shape
from redactor.masking.persons import Evidence, Part, core_for
from redactor.masking.wholes import Draw, Maker
from redactor.masking.words import word_set

_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_PIECES = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
# mailboxes of nobody in particular


def contact_makers(manner: How, keyed: Keyed) -> dict[str, Maker]:
    """Makers by entity type, for one manner of giving out names."""

    def email(text: str, draw: Draw) -> str:
        local, at, domain = text.rpartition("@")
        if not at:
            return shape(text, draw)
        return f"{_local(local, text, draw, manner, keyed)}@{host(domain, draw)}"

    def username(text: str, draw: Draw) -> str:
        made = _local(text, text, draw, manner, keyed)
        return made if not draw.attempt else f"{made}{draw(text).below(9000) + 100}"

    return {"EMAIL_ADDRESS": email, "USERNAME": username, "URL": url}


def host(domain: str, draw: Draw) -> str:
    """A host name that cannot exist."""
    draws = draw(domain)
    return draws.syllables(3 + draws.below(2)) + ".example"


def url(text: str, draw: Draw) -> str:
    """Another host; a path becomes one made-up word."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    name, slash, path = rest.partition("/")
    tail = _syllables(path, draw) if path else ""
    return f"{scheme}{mark}{host(name, draw)}{slash}{tail}"


def _syllables(text: str, draw: Draw) -> str:
    draws = draw(text)
    return draws.syllables(5)


def _local(local: str, whole: str, draw: Draw, manner: How, keyed: Keyed) -> str:
    """A local part or user name of the same build, or syllables where it names nobody."""
    if local.casefold() in word_set("mailboxes"):
        return local.casefold()
    pieces = _PIECES.findall(local.casefold())
    words = [piece for piece in pieces if piece[0].isalpha()]
    named = _names(words, keyed)
    if not named:
        return _syllables(whole, draw)
    draws = draw(whole)
    families = [p for word in named for p in word if isinstance(p, Part) and p.role == FAMILY]
    made, at = [], 0
    for piece in pieces:
        if piece[0].isdigit():
            piece = "".join(draws.pick("0123456789") for _ in piece)
        elif piece[0].isalpha():
            spelt = [_spell(part, families, draw, manner, keyed) for part in named[at]]
            piece, at = "".join(spelt), at + 1
        made.append(piece)
    return "".join(made)


def _names(words: list[str], keyed: Keyed) -> list[list[Part | str]]:
    """What each word is made of: names (Part) and initials (their letter); [] for nobody."""
    evidence = keyed.evidence if isinstance(keyed.evidence, Evidence) else Evidence()
    lists = name_lists()
    known = [w in evidence.words or lists.is_given(w) or lists.is_family(w) for w in words]
    long = [word for word in words if len(word) > 1]
    if len(words) == 1:
        word = words[0]
        if known[0]:
            return [[_part(word, GIVEN if lists.is_given(word) else FAMILY, evidence)]]
        joined = _joined(word, evidence)
        return [joined] if joined else []
    if len(words) > 3 or not long or not (any(known) or len(long) == len(words) == 2):
        return []
    named: list[list[Part | str]] = []
    for at, word in enumerate(words):
        if len(word) == 1:
            named.append([word])
        else:
            last = at == len(words) - 1
            named.append([_part(word, FAMILY if last else GIVEN, evidence)])
    return named


def _joined(word: str, evidence: Evidence) -> list[Part | str]:
    """``cokafor`` or ``chidiokafor``, where this document has a Chidi Okafor."""
    people = sorted(evidence.people.items(), key=lambda entry: (-len(entry[0]), entry[0]))
    for family, given in people:
        if word.endswith(family) and len(word) > len(family):
            first = word[: -len(family)]
            person = _part(family, FAMILY, evidence)
            if first in given:
                return [_part(first, GIVEN, evidence), person]
            if any(name.startswith(first) for name in given) and len(first) == 1:
                return [first, person]
        if word.startswith(family) and word[len(family) :] in {name[:1] for name in given}:
            return [_part(family, FAMILY, evidence), word[len(family) :]]
    return []


def _part(word: str, role: str, evidence: Evidence) -> Part:
    known = evidence.words.get(fold(word))
    if known is not None:
        return known
    lists = name_lists()
    gender = lists.gender(word) if role == GIVEN else ""
    return Part(0, len(word), word, role, gender, lists.locale(word, role))


def _spell(part: Part | str, families: list[Part], draw: Draw, manner: How, keyed: Keyed) -> str:
    """A name's pseudonym as it stands in addresses, or another initial."""
    if isinstance(part, Part):
        return _ascii(core_for(part, manner, keyed)) or _syllables(part.text, draw)
    evidence = keyed.evidence if isinstance(keyed.evidence, Evidence) else Evidence()
    given = {
        name
        for family in families
        for name in evidence.people.get(fold(family.text), ())
        if name.startswith(part)
    }
    if len(given) == 1:
        return _ascii(core_for(evidence.words[given.pop()], manner, keyed))[:1] or "x"
    return draw(part).pick("bcdfghjklmnprstvw")


def _ascii(core: str) -> str:
    """A name in ASCII letters; empty for other scripts."""
    plain = unicodedata.normalize("NFKD", core.translate(_PLAIN))
    return "".join(char for char in plain if char.isascii() and (char.isalnum() or char == "-"))
