"""Globs over field paths, in the manner of JSONPath.

A field path is ``user.emails[].value``: keys with dots between, ``[]`` for any position of a
list. In a glob ``*`` and ``?`` stay inside one key, ``[ab]`` is one of these characters,
``**`` is any number of keys (none too), ``[]`` or ``[*]`` a list. ``$.`` in front and ``..``
for ``.**.`` are taken as JSONPath means them. Case does not matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"\*+|\?|\[\]|\[(!?[^\]]+)\]|.", re.DOTALL)


@lru_cache(maxsize=1024)
def path_pattern(glob: str) -> re.Pattern[str]:
    """A regular expression for whole, case-folded paths."""
    text = glob.casefold().removeprefix("$")
    text = text.replace("[*]", "[]").replace("..", ".**.").strip(".")
    pieces: list[str] = []
    segments = text.split(".")
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "**":
            pieces.append(r".+" if last else r"(?:[^.]+\.)*")
        else:
            pieces.append(_segment(segment) + ("" if last else r"\."))
    return re.compile("".join(pieces), re.DOTALL)


def matches_path(glob: str, path: str) -> bool:
    """Whether the glob speaks of the whole path."""
    return path_pattern(glob).fullmatch(path.casefold()) is not None


def _segment(text: str) -> str:
    made: list[str] = []
    for part in _PART.finditer(text):
        token = part[0]
        if token[0] == "*":
            made.append("[^.]*")
        elif token == "?":
            made.append("[^.]")
        elif part[1] is not None:
            inner = part[1].replace("\\", "\\\\").replace("^", "\\^")
            made.append(f"[^.{inner[1:]}]" if inner.startswith("!") else f"[{inner}]")
        else:
            made.append(re.escape(token))
    return "".join(made)
