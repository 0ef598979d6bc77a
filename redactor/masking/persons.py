"""Pseudonyms of persons: other names of the same kind, word by word.

A given name becomes a given name of the same gender and language, a family name another
family name; titles, particles in lower case and suffixes stay. Each word is given its
pseudonym on its own, so ``Dr. Okafor`` and ``Chidi Okafor`` keep one family name, and a
person's e-mail address (:mod:`redactor.masking.contacts`) the same two names.

Whether a word is a given or a family name is told by its place in the full name, a title
before it, or its column's name; a word that stands alone follows the full names of the same
document (:class:`Evidence`), then the lists, and counts as a family name otherwise. In a
stream, which is masked piece by piece, there is no such evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from redactor.masking.keyed import Draws, How, Keyed, canonical
from redactor.masking.names import (
    FAMILY,
    GIVEN,
    feminine,
    fold,
    has_script,
    is_feminine,
    masculine,
    name_lists,
)
from redactor.masking.words import word_set

WORD = regex.compile(r"[\p{L}\p{M}]+(?:['\u2019][\p{L}\p{M}]+)*")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_UNSPACED_NAME = regex.compile(r"\s*[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{2,6}\s*")
_GIVEN_FIELD = regex.compile(r"(?i)(first|given|middle|fore)[ _-]?name|fname|vorname|pr[eé]nom")
_FAMILY_FIELD = regex.compile(
    r"(?i)(last|family|sur)[ _-]?name|surname|lname|nachname|apellido|cognome|nom[ _-]de"
)
_DOTTED = regex.compile(r"(?:Ph\.?|M\.)D\b|(?<=Ph\.|M\.)D\b")
_BEFORE = regex.compile(r"([\p{L}]+)\.?[ \u00a0]+\Z")
_SINGLE = 12  # attempts with one name before two are joined
_LETTERS_TRIED = 24  # attempts with other initials before a number is added
INITIAL = "initial"


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a name: where it stands, and what it is.

    ``role``: given, family, ``initial`` or ``""`` for what stays. ``gender``: m, f or "".
    ``locale``: "" where nothing tells.
    """

    start: int
    end: int
    text: str = field(repr=False)
    role: str = ""
    gender: str = ""
    locale: str = ""


@dataclass
class Evidence:
    """What the full names of a document tell about single words of it.

    ``words``: folded word -> what it is. ``people``: folded family name -> given names that
    stand beside it somewhere.
    """

    words: dict[str, Part] = field(default_factory=dict, repr=False)
    people: dict[str, set[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, names: Iterable[str], *, shared: bool = True) -> Evidence:
        """Collect from all names of a document or record; the order does not matter.

        A name with the title that stands before it tells more: ``Ms. Okafor`` tells the
        gender of the one Okafor whose given name no list knows. ``shared``: what is found
        here will hold for every name of the document; without, words stay what they are
        alone, so that they come out as in the names that were masked without this evidence.
        """
        found = cls()
        titled_as: dict[str, set[str]] = {}
        for name in sorted(set(names)):
            parts = [part for part in parse(name) if part.role in (GIVEN, FAMILY)]
            first = name.split()[:1]
            titled = bool(first) and _title(first[0].strip("."))
            if len(parts) < 2 and not titled:
                continue
            gender = _gender_of_title(first[0].strip(".")) if titled else ""
            if gender:
                titled_as.setdefault(fold(parts[-1].text), set()).add(gender)
            locale = next((part.locale for part in reversed(parts) if part.locale), "")
            for part in parts:
                known = found.words.get(fold(part.text))
                if known is None or (known.role == part.role and not known.gender):
                    found.words[fold(part.text)] = replace(
                        part, locale=part.locale or (locale if shared else "")
                    )
            families = [fold(part.text) for part in parts if part.role == FAMILY]
            for part in parts:
                if part.role == GIVEN:
                    for family in families:
                        found.people.setdefault(family, set()).add(fold(part.text))
        for family, genders in titled_as.items():
            given = found.people.get(family, set())
            for word in given if shared and len(genders) == len(given) == 1 else ():
                if not found.words[word].gender:
                    found.words[word] = replace(found.words[word], gender=next(iter(genders)))
        return found


def parse(text: str, evidence: Evidence | None = None, column: str = "") -> list[Part]:
    """The words of a name and what they are.

    ``column``: name of the column or key that holds the text.
    """
    words = [Part(m.start(), m.end(), m[0]) for m in WORD.finditer(text)]
    if not words:
        return []
    staying = _staying(text, words)
    gender = next(
        (_gender_of_title(w.text) for w in words if w in staying and _gender_of_title(w.text)), ""
    )
    named = [w for w in words if w not in staying]
    if not named:
        named, staying = words, set()
    lists = name_lists()
    roles = _roles(text, named, words[0] in staying and _title(words[0].text), evidence, column)
    first = next((w for w, r in zip(named, roles, strict=True) if r == GIVEN), None)
    gender = gender or (lists.gender(first.text) if first else "")
    parts = []
    for word in words:
        if word in staying:
            parts.append(word)
            continue
        role = roles[named.index(word)]
        if len(word.text) == 1 and has_script(word.text) and not _UNSPACED.match(word.text):
            parts.append(replace(word, role=INITIAL))
            continue
        known = evidence.words.get(fold(word.text)) if evidence else None
        of_word = known.gender if known is not None and known.role == role else ""
        own = gender or of_word or (lists.gender(word.text) if role == GIVEN else "")
        locale = lists.locale(word.text, role) or (known.locale if known else "")
        parts.append(replace(word, role=role, gender=own if role == GIVEN else "", locale=locale))
    return parts


def person(text: str, entity: str, manner: How, keyed: Keyed) -> str:
    """Another person's name of the same form."""
    if _UNSPACED_NAME.fullmatch(text):
        return _unspaced(text, entity, manner, keyed)
    evidence = keyed.evidence if isinstance(keyed.evidence, Evidence) else None
    parts = parse(text, evidence, keyed.field)
    own = frozenset(fold(part.text) for part in parts if part.role)
    ends = [0, *(part.end for part in parts)]
    gaps = [text[end : part.start] for end, part in zip(ends, parts, strict=False)]
    gaps.append(text[ends[-1] :])
    words = [
        word_for(part, entity, manner, keyed, but=own)
        if part.role in (GIVEN, FAMILY)
        else part.text
        for part in parts
    ]
    drawn = any(part.role == INITIAL for part in parts) or any(
        char.isdigit() for gap in gaps for char in gap
    )
    if not drawn:
        return _joined(gaps, words)
    return _as_a_whole(text, gaps, words, parts, entity, manner, keyed)


def word_for(
    part: Part, entity: str, manner: How, keyed: Keyed, *, but: frozenset[str] = frozenset()
) -> str:
    """The pseudonym of one word of a name, in its letter case, noted in the vault."""
    core = core_for(part, manner, keyed, but=but)
    made = cased(part.text, core)
    keyed.note(manner, part.text, made, operator="pseudonym", entity=entity, core=core)
    return made


def core_for(part: Part, manner: How, keyed: Keyed, *, but: frozenset[str] = frozenset()) -> str:
    """The pseudonym of one word of a name, folded."""
    folded = fold(part.text)
    woman = part.role == FAMILY and is_feminine(folded)
    value = masculine(folded) if woman else folded
    lists = name_lists()
    pool = lists.pool(part.locale or "en", part.role, part.gender)

    def propose(attempt: int) -> str | None:
        kind = f"PERSON/{part.role}" + (f"/{attempt}" if attempt else "")
        draws = Draws(keyed.digest(manner.key, "pseudonym", kind, value, scope=manner.scope))
        if not has_script(part.text):
            return draws.syllables(3 + draws.below(2))
        core = pool[draws.below(len(pool))]
        if attempt >= _SINGLE:
            core = f"{core}-{pool[draws.below(len(pool))]}"
        return fold(core)

    core = keyed.assign(manner, f"PERSON/{part.role}", value, propose, but=but | {folded, value})
    return feminine(core, part.locale) if woman else core


def cased(like: str, word: str) -> str:
    """A folded word in the letter case of another."""
    if like.isupper() and (len(like) > 1 or len(word) == 1):
        return word.upper()
    if like[:1].isupper() or like[:1].istitle():
        return WORD.sub(lambda match: match[0][:1].upper() + match[0][1:], word)
    return word


def _staying(text: str, words: list[Part]) -> set[Part]:
    """Titles in front, particles in lower case, suffixes at the end."""
    staying: set[Part] = set()
    for word in words:
        if not _title(word.text):
            break
        staying.add(word)
    for word in words[1:] if words[0] not in staying else words:
        if word.text in word_set("particles") and word.text.islower():
            staying.add(word)
    if words[0].text in word_set("particles") and words[0].text.islower():
        staying.add(words[0])
    for word in reversed(words[1:]):
        # dotted suffixes come in pieces: Ph.D., M.D.
        dotted = len(word.text) <= 2 and _DOTTED.match(text, word.start)
        if fold(word.text) not in word_set("suffixes") and not dotted:
            break
        staying.add(word)
    return staying


def _title(word: str) -> bool:
    titles = word_set("titles", "titles of men", "titles of women")
    return fold(word) in titles and not word.islower()


def title_before(text: str, at: int) -> str:
    """The title that stands right before a place in a text, or ""."""
    match = _BEFORE.search(text, max(0, at - 24), at)
    return match[1] if match and _title(match[1]) else ""


def _gender_of_title(word: str) -> str:
    folded = fold(word)
    if not _title(word):
        return ""
    if folded in word_set("titles of men"):
        return "m"
    return "f" if folded in word_set("titles of women") else ""


def _roles(
    text: str, named: list[Part], titled: bool, evidence: Evidence | None, column: str
) -> list[str]:
    if len(named) == 1:
        return [_role_alone(named[0], titled, evidence, column)]
    comma = text.find(",")
    if named[0].end <= comma < named[-1].start:
        return [FAMILY if word.start < comma else GIVEN for word in named]
    if _GIVEN_FIELD.search(column):
        return [GIVEN] * len(named)
    if _FAMILY_FIELD.search(column):
        return [FAMILY] * len(named)
    lists = name_lists()
    roles = [GIVEN] * len(named)
    roles[-1] = FAMILY
    for at in range(len(named) - 2, -1, -1):
        joined = text[named[at].end : named[at + 1].start] in ("-", "\u2010", "\u2011")
        if joined:
            roles[at] = roles[at + 1]
        elif at and roles[at + 1] == FAMILY:
            word = named[at].text
            roles[at] = FAMILY if lists.is_family(word) and not lists.is_given(word) else GIVEN
    return roles


def _role_alone(word: Part, titled: bool, evidence: Evidence | None, column: str) -> str:
    if titled:
        return FAMILY
    if _GIVEN_FIELD.search(column):
        return GIVEN
    if _FAMILY_FIELD.search(column):
        return FAMILY
    known: Mapping[str, Part] = evidence.words if evidence else {}
    if fold(word.text) in known:
        return known[fold(word.text)].role
    return GIVEN if name_lists().is_given(word.text) else FAMILY


def _as_a_whole(
    text: str,
    gaps: Sequence[str],
    words: Sequence[str],
    parts: Sequence[Part],
    entity: str,
    manner: How,
    keyed: Keyed,
) -> str:
    """A name with initials or digits: few of those exist, so the whole gets a core."""
    value = canonical(entity, text)
    likely = _known_initials(parts, manner, keyed)

    def made(attempt: int) -> str:
        kind = f"PERSON/initials/{attempt}"
        draws = Draws(keyed.digest(manner.key, "pseudonym", kind, value, scope=manner.scope))
        new = list(words)
        for at, part in enumerate(parts):
            if part.role == INITIAL:
                drawn = draws.pick("bcdfghjklmnprstvw")
                new[at] = cased(part.text, drawn if attempt else likely.get(at, drawn))
        more = f" {draws.below(90) + 10}" if attempt >= _LETTERS_TRIED else ""
        return _joined([_digits(gap, draws) for gap in gaps], new) + more

    core = keyed.assign(
        manner,
        "PERSON/initials",
        value,
        lambda attempt: canonical(entity, made(attempt)),
        but=frozenset({value}),
    )
    tries = (made(attempt) for attempt in range(4 * _LETTERS_TRIED))
    done = next((name for name in tries if canonical(entity, name) == core), cased("Aa", core))
    keyed.note(manner, text, done, operator="pseudonym", entity=entity, core=core)
    return done


def _joined(gaps: Sequence[str], words: Sequence[str]) -> str:
    return "".join(part for pair in zip(gaps, [*words, ""], strict=True) for part in pair)


def _known_initials(parts: Sequence[Part], manner: How, keyed: Keyed) -> dict[int, str]:
    """Place of an initial -> the first letter of the pseudonym of the only name it can be."""
    evidence = keyed.evidence
    if not isinstance(evidence, Evidence):
        return {}
    known: dict[int, str] = {}
    families = [fold(part.text) for part in parts if part.role == FAMILY]
    for at, part in enumerate(parts):
        if part.role != INITIAL or not families:
            continue
        given = {g for g in evidence.people.get(families[-1], ()) if g[:1] == fold(part.text)}
        if len(given) == 1:
            core = core_for(evidence.words[given.pop()], manner, keyed)
            known[at] = core[:1]
    return known


def _digits(text: str, draws: Draws) -> str:
    return "".join(draws.pick("0123456789") if char.isdigit() else char for char in text)


def _unspaced(text: str, entity: str, manner: How, keyed: Keyed) -> str:
    """A name in one piece, family name first: 王小明, 田中太郎, 김철수."""
    lists = name_lists()
    name = text.strip()
    family = next((n for n in (2, 1) if len(name) > n and lists.is_family(name[:n])), 1)
    locale = lists.locale(name[:family], FAMILY) or "zh"

    def propose(attempt: int) -> str | None:
        kind = "PERSON/family" + (f"/{attempt}" if attempt else "")
        draws = Draws(
            keyed.digest(manner.key, "pseudonym", kind, name[:family], scope=manner.scope)
        )
        kind = "PERSON/given" + (f"/{attempt}" if attempt else "")
        more = Draws(keyed.digest(manner.key, "pseudonym", kind, name[family:], scope=manner.scope))
        first = lists.pool(locale, FAMILY, "")
        rest = lists.pool(locale, GIVEN, "")
        made = first[draws.below(len(first))] + rest[more.below(len(rest))]
        if attempt >= _SINGLE:
            made += rest[more.below(len(rest))]
        return made

    core = keyed.assign(
        manner, "PERSON/unspaced", canonical(entity, name), propose, but=frozenset({name})
    )
    made = text.replace(name, core)
    keyed.note(manner, name, core, operator="pseudonym", entity=entity, core=core)
    return made
