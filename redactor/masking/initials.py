"""initials: of a name the first letter of each word, as courts ask for minors.

Fed. R. Civ. P. 5.2(a)(3) and Fed. R. Crim. P. 49.1(a)(3): "the minor's initials". Words of
honorifics and suffixes are left out. A text that holds more than a name is replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NOT_A_NAME = re.compile(r"[\d@_/\\:]")
_LEFT_OUT = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "master", "jr", "sr", "ii",
        "iii", "iv", "esq", "md", "phd",
    }
)  # fmt: skip


def initials(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """``J.A.D.`` for ``Jane Ann Doe``; ``<ENTITY>`` where the text is no plain name.

    Args:
        text: what was found.
        entity: its type.
        params: none.
        keyed: not used.
    """
    name = text
    if "," in text:  # Doe, Jane
        family, _, given = text.partition(",")
        name = f"{given} {family}"
    words = [word for word in _WORD.findall(name) if word.casefold() not in _LEFT_OUT]
    if not words or _NOT_A_NAME.search(text):
        return f"<{entity}>"
    return "".join(f"{word[0]}." for word in words)
