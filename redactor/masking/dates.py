"""Dates as people write them: read, and written again in exactly the same spelling.

A date is read only where every character of the text is accounted for: day, month, year,
weekday, a time of day, and the few words that stand between them; anything else is no date
here. What is read is kept as fields with their style (digits and their number, form and
letter case of a word, ordinal ending), so another date comes out in the same language,
order and precision.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

_DATA = Path(__file__).with_name("data") / "months.json"
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)?|[\W_]", re.UNICODE)
_TIME = re.compile(
    r"(?:[T ]|, ?| at | um | à | a las | kl\. ?)?"
    r"(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:[:.][0-6]\d(?:[.,]\d{1,9})?)?"
    r"(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d\d:?\d\d))?\Z"
)
_BETWEEN = frozenset(
    {
        "of", "the", "de", "del", "da", "di", "do", "dos", "den", "der", "d", "le", "el", "am",
        "on", "in", "year", "jahr", "rok", "roku", "г", "года", "р", "року",
    }
)  # fmt: skip
_ORDINALS = frozenset(["st", "nd", "rd", "th", "er", "re", "ère", "ème", "e", "º", "ª", "a", "o"])
_NUMERIC = re.compile(
    r"(\d{1,4})([-/. ]{1,2}|[年년] ?)(\d{1,2})(?:(\2|[月월] ?)(\d{1,4})([日일]?))?"
)
_DOTTED = ("de", "da", "nb", "fi", "cs", "sk", "hu", "hr", "sl", "et", "lv")  # 5. März
_PIVOT = 69  # two-digit years from here on are 19xx (POSIX strptime)
_LEAP = 2000  # stands in for a year that is not written, so that 29 February is a day


@dataclass(frozen=True, slots=True)
class _Field:
    """A piece of the text. ``kind``: literal, day, month, year, weekday, ordinal, monthword."""

    kind: str
    text: str
    language: str = ""
    form: int = 0


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date and how it is spelt. ``has_day``, ``has_month`` and ``has_year`` tell its precision.

    What is not written is filled in: day 15, month 7, year 2000.
    """

    day: date
    fields: tuple[_Field, ...]
    has_day: bool = True
    has_month: bool = True
    has_year: bool = True

    def spelt(self, day: date) -> str:
        """Another date in the same spelling.

        Raises:
            ValueError: its year does not fit into the digits.
        """
        padded = self._is_padded()
        later = (day - self.day).days
        return "".join(_write(field, day, later, padded=padded) for field in self.fields)

    def shifted(self, days: int) -> str:
        """The date so many days later, in the same spelling.

        Raises:
            ValueError: beyond the years 1 to 9999.
        """
        try:
            return self.spelt(self.day + timedelta(days=days))
        except OverflowError:
            raise ValueError("the date leaves the calendar") from None

    def _is_padded(self) -> bool:
        """Whether days and months below 10 are written with a zero."""
        written = [f.text for f in self.fields if f.kind in ("day", "month")]
        if any(len(text) == 1 for text in written):
            return False
        if any(int(text) < 10 for text in written):
            return True
        # 12 March says nothing; people write 5 March, but 05-Mar-2021
        spaced = any(f.kind == "literal" and " " in f.text for f in self.fields[1:-1])
        return not (self.month_word and spaced)

    @property
    def month_word(self) -> str:
        """The month as a word, as it stands in the text; "" where it is a number."""
        return next((f.text for f in self.fields if f.kind == "monthword"), "")


def parse_date(text: str, ambiguous: str = "mdy") -> ParsedDate | None:
    """Read a date; None where the whole text is not one.

    Args:
        text: the date as written, with or without a time of day.
        ambiguous: how ``03/04/2021`` is read: ``mdy`` or ``dmy``; ``refuse``: not at all.
            Where only one reading is a date, that one counts; ``03.04.2021`` is always 3 April.
    """
    lead = len(text) - len(text.lstrip())
    bare = text.strip()
    if not bare or len(bare) > 64:
        return None
    for head, tail in _without_time(bare):
        found = _numeric(head, ambiguous) or _in_words(head, ambiguous)
        if found is not None:
            before, after = text[:lead], tail + text[lead + len(bare) :]
            fields = (_Field("literal", before), *found.fields, _Field("literal", after))
            return replace(found, fields=fields)
    return None


def _without_time(text: str) -> list[tuple[str, str]]:
    """(date, time) splits to try: without a time first."""
    splits = [(text, "")]
    for at in range(4, len(text)):
        if _TIME.match(text, at) and (text[at - 1].isalnum() or text[at - 1] in ".日일"):
            splits.append((text[:at], text[at:]))
            break
    return splits


def _numeric(text: str, ambiguous: str) -> ParsedDate | None:
    if re.fullmatch(r"\d{8}", text) and 1000 <= int(text[:4]) <= 2999:
        return _made(_digits(("year", text[:4]), ("month", text[4:6]), ("day", text[6:])))
    if re.fullmatch(r"(?:1[5-9]|2[01])\d\d", text):
        return _made(_digits(("year", text)))
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{4})", text)
    if match is not None:
        return _made(_digits(("month", match[1]), ("literal", match[2]), ("year", match[3])))
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, gap, second, gap2, third, sign = match.groups()
    if third is None:
        return _two(first, gap, second, ambiguous)
    # with points it is day, month, year everywhere
    for kinds in _orders(first, second, third, "dmy" if gap == "." else ambiguous):
        parts = ((kinds[0], first), ("literal", gap), (kinds[1], second), ("literal", gap2),
                 (kinds[2], third), ("literal", sign))  # fmt: skip
        found = _made(_digits(*parts))
        if found is not None:
            return found
    return None


def _orders(first: str, second: str, third: str, ambiguous: str) -> list[tuple[str, str, str]]:
    """Readings to try, in turn."""
    if len(first) == 4:
        return [("year", "month", "day")]
    if len(first) == 3 or len(third) not in (2, 4):
        return []
    dmy, mdy = ("day", "month", "year"), ("month", "day", "year")
    # two numbers that can both be a month leave two readings
    if ambiguous == "refuse" and int(first) <= 12 and int(second) <= 12 and first != second:
        return []
    if len(third) == 2 and int(first) > 31:
        return [("year", "month", "day")]
    return [mdy, dmy] if ambiguous == "mdy" else [dmy, mdy]


def _two(first: str, gap: str, second: str, ambiguous: str) -> ParsedDate | None:
    """Year and month, or day and month without a year."""
    if len(first) == 4 and len(second) == 2:
        return _made(_digits(("year", first), ("literal", gap), ("month", second)))
    if len(first) > 2 or gap.strip() not in ("/", ".", "-"):
        return None
    readings = [("month", "day"), ("day", "month")]
    if int(first) <= 12 and int(second) <= 12 and first != second:
        if ambiguous == "refuse":
            return None
        readings = readings[:1] if ambiguous == "mdy" else readings[1:]
    for one, two in readings:
        found = _made(_digits((one, first), ("literal", gap), (two, second)))
        if found is not None:
            return found
    return None


def _digits(*parts: tuple[str, str]) -> tuple[_Field, ...]:
    return tuple(_Field(kind, text) for kind, text in parts if text)


def _in_words(text: str, ambiguous: str) -> ParsedDate | None:
    """A date whose month is a word: any order, in any language of the list."""
    tokens = _TOKEN.findall(text)
    languages = _languages(tokens)
    for language in languages:
        fields = _fields(tokens, language)
        if fields is None:
            continue
        found = _made(fields)
        if found is not None and found.has_month:
            return found
    return None


def _languages(tokens: list[str]) -> list[str]:
    """Languages that know every word that can be a month or a weekday, likeliest first."""
    names, known = _names()
    words = [token.casefold() for token in tokens if token[0].isalpha()]
    if not any(word in names["months"] for word in words):
        return []
    counted = []
    for order, language in enumerate(known):
        score = sum(any(language in names[kind].get(word, {}) for kind in names) for word in words)
        if score:
            dotted = any(one.isdigit() and two == "." for one, two in pairwise(tokens))
            counted.append((-score, not (dotted and language in _DOTTED), order, language))
    return [language for *_, language in sorted(counted)]


def _fields(tokens: list[str], language: str) -> tuple[_Field, ...] | None:
    names, _ = _names()
    fields: list[_Field] = []
    seen: set[str] = set()
    for at, token in enumerate(tokens):
        word = token.casefold()
        before = fields[-1].kind if fields else ""
        kind, form = "", 0
        if token.isdigit():
            kind = _number_kind(tokens, at, seen)
        elif not token[0].isalnum():
            kind = "literal" if token in " ,.-/\u00a0\u202f'\u2019\n\t()" else ""
        elif language in names["months"].get(word, {}):
            kind, form = "monthword", names["months"][word][language][1]
        elif language in names["days"].get(word, {}):
            kind, form = "weekday", names["days"][word][language][1]
        elif before == "day" and word in _ORDINALS:
            kind = "ordinal"
        elif word in _BETWEEN:
            kind = "literal"
        if not kind or (kind in seen and kind != "literal"):
            return None
        seen.add(kind)
        fields.append(_Field(kind, token, language, form))
    return tuple(fields)


def _number_kind(tokens: list[str], at: int, seen: set[str]) -> str:
    token = tokens[at]
    if len(token) == 4 and "year" not in seen:
        return "year"
    if len(token) > 2:
        return ""
    apostrophe = at and tokens[at - 1] in ("'", "\u2019")
    if "day" not in seen and not apostrophe and 1 <= int(token) <= 31:
        later = [t for t in tokens[at + 1 :] if t.isdigit()]
        # `March 21` is a day; `5 March 21` has a day already
        return "day" if later or not apostrophe else "year"
    return "year" if "year" not in seen else ""


def _made(fields: tuple[_Field, ...]) -> ParsedDate | None:
    """The date that fields make, or None where there is no such day."""
    found: dict[str, int] = {}
    names, _ = _names()
    for field in fields:
        if field.kind == "monthword":
            found["month"] = names["months"][field.text.casefold()][field.language][0]
        elif field.kind in ("day", "month"):
            found[field.kind] = int(field.text)
        elif field.kind == "year":
            year = int(field.text)
            short = len(field.text) == 2
            found["year"] = year + (1900 if year >= _PIVOT else 2000) if short else year
    if found.keys() in ({"month"}, {"day"}, {"day", "year"}, set()):
        return None
    try:
        day = date(found.get("year", _LEAP), found.get("month", 7), found.get("day", 15))
    except ValueError:
        return None
    return ParsedDate(day, fields, "day" in found, "month" in found, "year" in found)


def _write(field: _Field, day: date, later: int, *, padded: bool) -> str:
    """One field of the new date; ``later`` is by how many days it differs from the old one."""
    if field.kind in ("day", "month", "year"):
        number = {"day": day.day, "month": day.month, "year": day.year}[field.kind]
        return _number(field, number, padded=padded)
    if field.kind == "monthword":
        names, _ = _names()
        if names["months"][field.text.casefold()][field.language][0] == day.month:
            return field.text
        return _word(_language(field.language)["months"][day.month - 1][field.form], field.text)
    if field.kind == "weekday":
        # counted from the weekday that was written, right or wrong
        names, _ = _names()
        number = (names["days"][field.text.casefold()][field.language][0] + later) % 7
        return _word(_language(field.language)["days"][number][field.form], field.text)
    if field.kind == "ordinal":
        return _ordinal(field.text, day.day)
    return field.text


def _number(field: _Field, number: int, *, padded: bool) -> str:
    if field.kind == "year":
        text = str(number % 100 if len(field.text) == 2 else number).zfill(len(field.text))
        if len(text) > len(field.text):
            raise ValueError("the year does not fit")
    else:
        text = str(number).zfill(2) if padded else str(number)
    zero = ord(field.text[0]) - int(field.text[0])
    return text if zero == ord("0") else "".join(chr(zero + int(char)) for char in text)


def _word(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _ordinal(ending: str, number: int) -> str:
    folded = ending.casefold()
    if folded in ("st", "nd", "rd", "th"):
        teen = number % 100 in (11, 12, 13)
        right = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return right.upper() if ending.isupper() else right
    if folded in ("er", "re"):  # French: only the first
        return ending if number == 1 else ""
    return ending


@cache
def _language(name: str) -> Mapping[str, list[list[str]]]:
    languages: Mapping[str, Mapping[str, list[list[str]]]]
    languages = json.loads(_DATA.read_text("utf-8"))["languages"]
    return languages[name]


@cache
def _names() -> tuple[dict[str, dict[str, dict[str, tuple[int, int]]]], list[str]]:
    """Kind -> word -> language -> (number, form); and the languages in order."""
    languages = json.loads(_DATA.read_text("utf-8"))["languages"]
    names: dict[str, dict[str, dict[str, tuple[int, int]]]] = {"months": {}, "days": {}}
    for language, lists in languages.items():
        for kind in names:
            for number, forms in enumerate(lists[kind]):
                for form, word in enumerate(forms):
                    known = names[kind].setdefault(word, {})
                    known.setdefault(language, (number + (kind == "months"), form))
    sept = names["months"].setdefault("sept", {})
    sept.setdefault("en", (9, 1))
    return names, list(languages)
