"""What the name of a column or key says about its values; the table is a data file.

``patient_name``, ``DOB``, ``Kundennummer``, ``fechaNacimiento``: a name is split into words
(camelCase, snake_case, kebab-case, digits apart), accents and case taken off, and phrases
of ``recognizers/data/field_names.txt`` are looked for at its end. The file explains itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from redactor.errors import StateError

TABLE = Path(__file__).parents[1] / "recognizers" / "data" / "field_names.txt"
_LONGEST = 120  # characters; longer "names" are text

_BOUNDARY = re.compile(
    r"(?<=[a-z])(?=[A-Z])"  # patientName
    r"|(?<=[A-Z])(?=[A-Z][a-z])"  # SSNNumber
    r"|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"  # address2
)
_WORD = re.compile(r"[^\W_]+")
_LINKS = frozenset(
    ["de", "del", "du", "des", "la", "le", "l", "von", "der", "di", "da", "do", "of", "a"]
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A name says that its values are of a type.

    ``whole``: a value of the ``shape`` is the entity altogether; otherwise the name is only
    like a context word. ``phrase`` is the table's, so it holds nothing of the document.
    """

    entity: str
    whole: bool
    shape: str
    phrase: str
    exact: bool = True  # False: the phrase has a word for any person in it


@dataclass(frozen=True, slots=True)
class _Table:
    phrases: dict[tuple[str, ...], tuple[Evidence, ...]]
    squashed: dict[str, tuple[Evidence, ...]]
    alone: frozenset[tuple[str, ...]]  # phrases that must be the whole name
    silent: frozenset[str]  # words that say nothing, or whose it is
    common: frozenset[str]  # words of names in general
    longest: int


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, lower-case and without accents."""
    folded = unicodedata.normalize("NFKD", name[:_LONGEST])
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    bare = bare.replace("\u00df", "ss").replace("'", "").replace("\u2019", "")
    return tuple(word.casefold() for word in _WORD.findall(_BOUNDARY.sub(" ", bare)))


def last_name(path: str) -> str:
    """The last key of a path, list marks taken off: ``user.emails[]`` -> ``emails``."""
    return path.rsplit(".", 1)[-1].replace("[]", "")


@lru_cache(maxsize=4096)
def evidence(path: str) -> tuple[Evidence, ...]:
    """What a field path says: its last name, or that with the one before (``patient.name``).

    () where it says nothing.

    Raises:
        StateError: the table is missing.
    """
    parts = path.replace("[]", "").rsplit(".", 2)
    found = _of_name(parts[-1])
    if len(parts) > 1 and not any(entry.whole for entry in found):
        both = _of_name(f"{parts[-2].rstrip('s')} {parts[-1]}")
        return tuple(entry for entry in both if entry.whole) or found
    return found


def _of_name(name: str) -> tuple[Evidence, ...]:
    words = words_of(name) if len(name) <= _LONGEST else ()
    if not words:
        return ()
    table = _table()
    known = table.squashed.get("".join(words))
    best: tuple[int, bool] = (len(words), True) if known else (0, False)
    found: list[Evidence] = list(known or ())
    for start in range(len(words)):
        for end in range(min(len(words), start + table.longest), start, -1):
            phrase = words[start:end]
            hits = table.phrases.get(phrase)
            if hits is None or not _silent(words[end:], table):
                continue
            if phrase in table.alone and not _silent(words[:start], table):
                continue
            for hit in hits:
                rank = (end - start, hit.exact)
                if rank > best:
                    best, found = rank, []
                if rank == best and hit not in found:
                    found.append(hit)
    plural = name.rstrip("s")
    if not found and plural != name:
        return _of_name(plural)
    return tuple({(hit.entity, hit.whole, hit.shape): hit for hit in reversed(found)}.values())


def _silent(words: Sequence[str], table: _Table) -> bool:
    return all(word in table.silent or word in _LINKS or word.isdigit() for word in words)


def named_entities() -> frozenset[str]:
    """Types that some name says its values are altogether."""
    return frozenset(hit.entity for hits in _table().phrases.values() for hit in hits if hit.whole)


def is_known_name(text: str) -> bool:
    """Whether a text is a name that the table knows, or made of words usual in names."""
    if not text or len(text) > _LONGEST:
        return False
    if evidence(text):
        return True
    table = _table()
    words = words_of(text)
    return bool(words) and all(
        word in table.common or word in table.silent or word in _LINKS for word in words
    )


@lru_cache(maxsize=1)
def _table() -> _Table:
    phrases: dict[tuple[str, ...], tuple[Evidence, ...]] = {}
    squashed: dict[str, tuple[Evidence, ...]] = {}
    alone: set[tuple[str, ...]] = set()
    lists: dict[str, list[str]] = {"who": [], "plain": [], "common": []}
    for left, items in _lines():
        if left in lists:
            lists[left] += items
            continue
        entity, strength, shape = left.split()
        for item in items:
            text = item.removeprefix("=")
            exact = "@who" not in text
            made = [text] if exact else [text.replace("@who", who) for who in lists["who"]]
            spoken = text.replace("@who", "a person's")
            hit = Evidence(entity, strength == "whole", shape, spoken, exact)
            for phrase in made:
                key = words_of(phrase)
                phrases[key] = (*phrases.get(key, ()), hit)
                if item.startswith("="):
                    alone.add(key)
                elif exact:
                    squashed["".join(key)] = (*squashed.get("".join(key), ()), hit)
    silent = {word for name in ("who", "plain") for item in lists[name] for word in words_of(item)}
    return _Table(
        phrases, squashed, frozenset(alone), frozenset(silent), frozenset(lists["common"]),
        max(map(len, phrases)),
    )  # fmt: skip


def _lines() -> Iterator[tuple[str, list[str]]]:
    try:
        text = TABLE.read_text("utf-8")
    except OSError as error:
        raise StateError(
            f"the table of field names cannot be read ({error.strerror}): reinstall redactor"
        ) from None
    for line in text.splitlines():
        left, equals, right = line.partition(" = ")
        if equals and not line.startswith("#"):
            yield left.strip(), [item.strip() for item in right.split(",") if item.strip()]
