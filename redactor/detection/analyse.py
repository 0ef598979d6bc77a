"""What the scanner must know about a regex before it may trust the automaton with it."""

from __future__ import annotations

import re
from typing import Any

from redactor.detection.proxy import to_proxy
from redactor.detection.rules import Pattern

FLAGS = 26  # DOTALL | MULTILINE | IGNORECASE, Presidio's defaults, same bits in re and regex
MARGIN = 64  # characters beside a window that lookarounds may look at
_LONGEST = 2048  # windows wider than this win nothing

_NON_ASCII_RANGE = re.compile(r"[^\x00-\x7f]-|-[^\x00-\x7f]|\\[uUx]|\\[pPN]\{")
_TEXT_ENDS = re.compile(r"\\[AZz]")


def describe(name: str, regex_text: str, score: float, flags: int = FLAGS) -> Pattern:
    r"""A pattern with its width and trigger worked out.

    ``\K`` (keep what is before out of the match) is taken out for the automaton, which
    reports ends only; ``\A`` and ``\Z`` too, which makes it report more, never less.
    """
    bare = regex_text.replace(r"\K", "")
    unbounded = bool(_TEXT_ENDS.search(bare))
    trigger = to_proxy(_TEXT_ENDS.sub("", bare)) if unbounded else to_proxy(bare)
    width = None if unbounded else _width(bare, flags)
    ascii_only = "[^" in bare or bool(_NON_ASCII_RANGE.search(bare))
    return Pattern(name, regex_text, score, flags, width, trigger, ascii_only)


def _width(pattern: str, flags: int) -> int | None:
    """The longest match; None if unlimited, or when a lookaround or ``$`` sees far."""
    try:
        parsed = re._parser.parse(pattern, flags & (re.I | re.M | re.S | re.X))  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return None  # syntax of the regex module only
    if _sees_far(parsed):
        return None
    longest = int(parsed.getwidth()[1])
    return longest if longest <= _LONGEST else None


def _sees_far(parsed: Any) -> bool:
    for operation, argument in parsed:
        name = str(operation)
        if name == "AT" and str(argument) in ("AT_END", "AT_END_STRING", "AT_BEGINNING_STRING"):
            return True
        if name in ("ASSERT", "ASSERT_NOT"):
            if argument[1].getwidth()[1] > MARGIN or _sees_far(argument[1]):
                return True
        elif name == "SUBPATTERN":
            if _sees_far(argument[3]):
                return True
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if _sees_far(argument[2]):
                return True
        elif name == "ATOMIC_GROUP":
            if _sees_far(argument):
                return True
        elif name == "BRANCH" and any(_sees_far(branch) for branch in argument[1]):
            return True
    return False
