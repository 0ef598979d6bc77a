"""What the scanner must know about a regex before it may trust the automaton with it."""

from __future__ import annotations

import re
from typing import Any

from redactor.detection.proxy import to_proxy
from redactor.detection.rules import FLAGS, Pattern

_ASCII = 0x80  # as the regex module has it; another bit in re
MARGIN = 64  # characters beside a window that lookarounds may look at
_LONGEST = 2048  # windows wider than this win nothing

_NON_ASCII_RANGE = re.compile(r"[^\x00-\x7f]-|-[^\x00-\x7f]|\\[uUx]|\\[pPN]\{")
_NOT_BEFORE = re.compile(r"\(\?<!(\[(?!\^)(?:\\.|[^\]\\])+\]|\\[wd])\)")
_NOT_AFTER = re.compile(r"\(\?!(\[(?!\^)(?:\\.|[^\]\\])+\]|\\[wd])\)\Z")
_NEGATED = re.compile(r"\[\^((?:\\.|[^\]\\])*)\]")
_TEXT_ENDS = re.compile(r"\\[AZz]")
_LONG_REPEAT = re.compile(r"(?<!\\)\{(\d+),(?:\d{3,4}|[2-9]\d|1[89])\}")
_MARK = "(?:)"


def describe(name: str, regex_text: str, score: float, flags: int = FLAGS) -> Pattern:
    r"""A pattern with its width and trigger worked out.

    ``\K`` (keep what is before out of the match) is taken out for the automaton, which
    reports ends only; ``\A`` and ``\Z`` too, which makes it report more, never less. A
    single lookaround at either end becomes part of what the automaton matches: it has none.

    ``(?:)``, which matches nothing, says where the automaton's part of a pattern begins and
    ends, at its top level: ``lead(?:)core(?:)rest``, or ``core(?:)rest``. A literal core keeps
    the automaton small and quick; the regex itself runs around it. Long bounded repeats are
    unbounded in the automaton, which costs it less and makes it report more. Verbose patterns
    run on every text.
    """
    bare = regex_text.replace(r"\K", "")
    unbounded = bool(_TEXT_ENDS.search(bare))
    width = None if unbounded else _width(bare, flags)
    if flags & re.VERBOSE:  # what is blank there is not blank to the automaton
        return Pattern(name, regex_text, score, flags, None, ".", ascii_only=False)
    head, core = _core(_TEXT_ENDS.sub("", bare))
    trigger, added = _consuming(core)
    before = _width(head, flags)
    reach = width - before if width is not None and before is not None else 0
    width = None if width is None or before is None else width + added
    ascii_only = _is_ascii_only(trigger) or bool(_NON_ASCII_RANGE.search(bare))
    ascii_only |= bool(flags & _ASCII)  # there a letter beyond ASCII is no word character
    trigger = _LONG_REPEAT.sub(r"{\1,}", to_proxy(trigger))
    return Pattern(name, regex_text, score, flags, width, trigger, ascii_only, reach)


def _core(pattern: str) -> tuple[str, str]:
    """The pattern up to the end of what the automaton looks for, and that alone."""
    lead, mark, core = pattern.partition(_MARK)
    if not mark:
        return pattern, pattern
    core, mark, _ = core.partition(_MARK)
    return (lead + core, core) if mark else (lead, lead)


def _consuming(pattern: str) -> tuple[str, int]:
    """The pattern with its outer lookarounds consumed, and how much wider that makes it."""
    added = 0
    if before := _NOT_BEFORE.match(pattern):
        pattern = f"(?:^|{_outside(before[1])})" + pattern[before.end() :]
        added += 1
    if after := _NOT_AFTER.search(pattern):
        if _is_whole(pattern[: after.start()]):
            pattern = pattern[: after.start()] + f"(?:{_outside(after[1])}|$)"
            added += 1
    elif (at := pattern.rfind("(?=")) > 0 and pattern.endswith(")"):
        inner = pattern[at + 3 : -1]
        if _is_whole(pattern[:at]) and _is_whole(inner):
            pattern = f"{pattern[:at]}(?:{inner})"
            added += MARGIN
    return pattern, added


def _is_ascii_only(pattern: str) -> bool:
    """Whether a negated class may refuse the stand-in of a character that it takes.

    Digits of any script stand in as 0-9, white space as a blank, letters as ``_``.
    """
    for negated in _NEGATED.findall(pattern):
        word = r"\w" in negated
        if not word and r"\d" not in negated and re.search(r"\d", negated):
            return True
        if (" " in negated and r"\s" not in negated) or ("_" in negated and not word):
            return True
    return False


def _outside(char_class: str) -> str:
    return f"[^{char_class[1:]}" if char_class.startswith("[") else f"[^{char_class}]"


def _is_whole(pattern: str) -> bool:
    """Whether it is a regex by itself, with no alternatives at its top level."""
    try:
        parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return False
    return not (len(parsed) == 1 and str(parsed[0][0]) == "BRANCH") and "|" not in _top(pattern)


def _top(pattern: str) -> str:
    """What stands outside of all groups and classes."""
    return re.sub(
        r"\\.|\[(?:\\.|[^\]])*\]|\((?:[^()\\\[]|\\.|\[(?:\\.|[^\]])*\]|\([^()]*\))*\)", "", pattern
    )


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
        if name == "AT" and str(argument) in ("AT_END_STRING", "AT_BEGINNING_STRING"):
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
