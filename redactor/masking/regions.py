"""Of a place, what is coarse enough to stay: a US state or a country, by its usual names."""

from __future__ import annotations

import re
from functools import cache

from redactor.masking.words import states, word_list

# a city bears the state's or country's name: only after a comma it is the state
_ALSO_CITIES = frozenset({"guatemala", "new york", "panama", "singapore", "washington"})
_ZIP = re.compile(r"\s+\d{5}(?:-\d{4})?\Z", re.ASCII)


def kept_region(text: str) -> str | None:
    """The state or country that a place or address ends with, as written; None without one.

    >>> kept_region("12 Elm Street, Springfield, IL 62704")
    'IL'
    >>> kept_region("Springfield") is None
    True
    """
    parts = [part.strip() for part in text.strip(" .").split(",") if part.strip()]
    if not parts:
        return None
    last = _ZIP.sub("", parts[-1])
    if last in states():
        return last if len(parts) > 1 else None  # alone, LA is a city and IN a word
    folded = last.casefold()
    if folded in _names() and (len(parts) > 1 or folded not in _ALSO_CITIES):
        return last
    return None


@cache
def _names() -> frozenset[str]:
    return frozenset(n.casefold() for n in (*states().values(), *word_list("countries")))
