"""Common personal names by language: where a name comes from, and names to draw instead.

The lists (``data/names.json``, written by :mod:`redactor.quality.name_lists`) hold common
names only: any two of them together are nobody in particular. No name is in the lists to
draw given names from and in those to draw family names from.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

GIVEN, FAMILY = "given", "family"
_DATA = Path(__file__).with_name("data") / "names.json"

# Letters that a few languages have to themselves.
_LETTERS = (
    ("de", "ßẞ"), ("es", "ñÑ"), ("pl", "łŁśŚźŹżŻćĆąĄęĘńŃ"), ("cs", "řŘěĚůŮďĎťŤ"), ("hu", "őŐűŰ"),
    ("tr", "ğĞıİşŞ"), ("ro", "țȚșȘăĂ"), ("vi", "đĐơƠưƯ"), ("pt", "ãÃõÕ"), ("da", "øØæÆ"),
    ("hr", "đĐ"), ("de", "üÜ"), ("sv", "åÅäÄöÖ"), ("fr", "êÊèÈçÇëËîÎ"),
)  # fmt: skip
_SCRIPTS = {
    "Cyrillic": "ru", "Greek": "el", "Hebrew": "he", "Arabic": "ar", "Devanagari": "hi",
    "Han": "zh", "Hiragana": "ja", "Katakana": "ja", "Hangul": "ko", "Thai": "th",
    "Armenian": "hy", "Georgian": "ka", "Latin": "en",
}  # fmt: skip
_SCRIPT = regex.compile("|".join(rf"(?P<{name}>\p{{{name}}})" for name in _SCRIPTS))
_WITHIN = (("uk", "іїєґІЇЄҐ"), ("fa", "پچژگکی"))  # letters that tell languages of one script
# Russian and other Slavic family names of women, and those of their brothers
_FEMININE = (
    ("ова", "ов"), ("ева", "ев"), ("ёва", "ёв"), ("ина", "ин"), ("ына", "ын"),
    ("ская", "ский"), ("цкая", "цкий"), ("ська", "ський"), ("цька", "цький"),
    ("ska", "ski"), ("cka", "cki"), ("dzka", "dzki"),
)  # fmt: skip
_INFLECTED = frozenset({"ru", "uk", "bg", "pl"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lists know of a word: bits of gender as a given name, and locales."""

    genders: str = ""  # "m", "f", "mf" or "" for no given name
    given: str = ""
    family: str = ""


class NameLists:
    """The lists, read once; see :func:`name_lists`."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, tuple[str, ...]]] = {}
        self._known: dict[str, _Known] = {}
        for locale, lists in json.loads(_DATA.read_text("utf-8"))["locales"].items():
            self._lists[locale] = {key: tuple(names.split()) for key, names in lists.items()}
            for key, names in self._lists[locale].items():
                for name in names:
                    self._learn(fold(name), key, locale)

    def _learn(self, name: str, key: str, locale: str) -> None:
        known = self._known.get(name, _Known())
        if key in ("m", "f", "km", "kf"):
            gender = key[-1]
            # the first locale that knows a name says whose it is; others only add a gender
            if not known.given or known.given == locale:
                genders = known.genders if gender in known.genders else known.genders + gender
                known = _Known(genders, locale, known.family)
        elif not known.family:
            known = _Known(known.genders, known.given, locale)
        self._known[name] = known

    def is_given(self, word: str) -> bool:
        """Whether some list has the word as a given name."""
        return bool(self._known.get(fold(word), _Known()).genders)

    def is_family(self, word: str) -> bool:
        """Whether some list has the word as a family name."""
        return bool(self._known.get(masculine(fold(word)), _Known()).family) or bool(
            self._known.get(fold(word), _Known()).family
        )

    def gender(self, word: str) -> str:
        """``m``, ``f`` or ``""`` where the given name is unknown or everybody's."""
        genders = self._known.get(fold(word), _Known()).genders
        return genders if len(genders) == 1 else ""

    def locale(self, word: str, role: str) -> str:
        """Where a name comes from; ``""`` for a Latin one that gives no hint."""
        known = self._known.get(fold(word), _Known())
        if role == FAMILY and not known.family:
            known = self._known.get(masculine(fold(word)), known)
        by_list = (known.family or known.given) if role == FAMILY else (known.given or known.family)
        found = _SCRIPT.search(word)
        script = found.lastgroup if found else None
        if script is None:
            return ""
        if by_list:
            return by_list
        if script == "Latin":
            return next((name for name, letters in _LETTERS if set(word) & set(letters)), "")
        within = next((name for name, letters in _WITHIN if set(word) & set(letters)), None)
        return within or _SCRIPTS[script]

    def pool(self, locale: str, role: str, gender: str) -> tuple[str, ...]:
        """Names to draw from; both genders' where it is not known."""
        lists = self._lists.get(locale) or self._lists["en"]
        if role == FAMILY:
            return lists["l"]
        if gender:
            return lists[gender]
        return (*lists["m"], *lists["f"])


@cache
def name_lists() -> NameLists:
    """The lists; read when the first name is to be replaced (about 40 ms)."""
    return NameLists()


def has_script(word: str) -> bool:
    """Whether there are names in the script of a word (otherwise it gets syllables)."""
    return _SCRIPT.search(word) is not None


def fold(word: str) -> str:
    """A name as names are compared: NFKC, case folded."""
    return unicodedata.normalize("NFKC", word).casefold()


def masculine(folded: str) -> str:
    """The form of a Slavic family name under which sister and brother share a pseudonym."""
    for feminine, form in _FEMININE:
        if folded.endswith(feminine) and len(folded) > len(feminine) + 1:
            return folded[: -len(feminine)] + form
    return folded


def is_feminine(folded: str) -> bool:
    """Whether :func:`masculine` would change it."""
    return masculine(folded) != folded


def feminine(folded: str, locale: str) -> str:
    """A drawn family name in the form that a woman bears, where its language has one."""
    if locale in _INFLECTED:
        for form, ending in _FEMININE:
            if folded.endswith(ending):
                return folded[: -len(ending)] + form
    return folded
