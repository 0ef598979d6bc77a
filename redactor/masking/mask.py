"""mask: a character for each letter and digit; some may stay at the ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed

# anything beyond ASCII punctuation and white space may tell something: mask it
_CONTENT = re.compile(r"[A-Za-z0-9]|[^\x00-\x7f\s]")


def mask(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed | None) -> str:
    """Mask a text.

    Args:
        text: what was found.
        entity: its type, not used.
        params: ``char`` (one character), ``keep_first``, ``keep_last`` (letters and digits
            left at the ends), ``keep_separators`` (leave what is neither).
        keyed: not used.

    Nothing is left where the ends together would be more than half of the text.
    """
    char = str(params.get("char", "*"))
    first, last = int(params.get("keep_first", 0)), int(params.get("keep_last", 0))
    separators = bool(params.get("keep_separators", True))
    if not separators or text.isalnum():
        # nothing is left out: the ends are what they seem
        inside = len(text) - first - last
        if inside < first + last:
            return char * len(text)
        return text[:first] + char * inside + text[len(text) - last :]
    places = [m.start() for m in _CONTENT.finditer(text)] if separators else []
    places = places or list(range(len(text)))
    if 2 * (first + last) > len(places):
        first = last = 0
    masked = list(text)
    for at in places[first : len(places) - last]:
        masked[at] = char
    return "".join(masked)
