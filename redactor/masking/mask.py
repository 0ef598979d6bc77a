"""mask: a character for each letter and digit; some may stay at the ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed


def mask(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
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
    places = [at for at, char_ in enumerate(text) if not separators or _is_content(char_)] or list(
        range(len(text))
    )
    if 2 * (first + last) > len(places):
        first = last = 0
    masked = list(text)
    for at in places[first : len(places) - last]:
        masked[at] = char
    return "".join(masked)


def _is_content(char: str) -> bool:
    # anything beyond ASCII punctuation and white space may tell something: mask it
    return char.isalnum() or not (char.isascii() or char.isspace())
