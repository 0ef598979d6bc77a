"""What may be wrong with a pattern before it meets a text: far too slow, or far too broad.

**Catastrophic** is a pattern that takes more than half a CPU second on two thousand
characters made to mislead it: repetitions inside repetitions that can share out one text in
many ways, or three and more of them one after another. A pattern whose time merely grows
with the square of a run's length takes a twentieth of that. Which texts mislead a pattern is
read from its parse tree; the clock decides.

**Too broad** is one that finds something in ordinary text, which holds nothing personal
(``recognizers/data/ordinary.txt``), again and again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import regex

from redactor.detection.confirm import ActiveRule
from redactor.detection.rules import TABLE, Pattern, Rule

PROBE_CHARS = 2_000
PROBE_SECONDS = 0.5
TOO_MANY_A_KB = 2.0  # hits in ordinary text that a pattern which counts by itself may have
_MOST_PROBES = 80
_FEW = 8  # repetitions up to this many do not run away by themselves
_ORDINARY = TABLE.parents[1] / "data" / "ordinary.txt"
# one of each kind that patterns tell apart; what stands behind a run so that it fails there
_KINDS = "a0 A-_.,:/@\n\t+=\u00e9"
_SPOILERS = ("\x00", "\n!")


@dataclass(frozen=True, slots=True)
class Slow:
    """A text that misleads a pattern: ``pump`` repeated behind ``prefix``, and why it does."""

    prefix: str
    pump: str
    why: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a pattern costs on ordinary text and what it finds there.

    ``micros_a_kb``: CPU microseconds for 1,000 characters, every character looked at.
    """

    micros_a_kb: float
    hits_a_kb: float
    words: float  # share of the words that are inside hits
    empty: bool  # it matches the empty text


@lru_cache(maxsize=1)
def ordinary_text() -> str:
    """Prose, tables, code and logs without anything personal."""
    return _ORDINARY.read_text("utf-8")


def catastrophic(pattern: Pattern) -> Slow | None:
    """The first misleading text that is too much for a pattern; None where there is none."""
    compiled = regex.compile(pattern.regex, flags=pattern.flags)
    tree = _parsed(pattern)
    seen: set[str] = set()
    for lure in islice(_misleading(tree), _MOST_PROBES):
        for text in lure.texts():
            if text in seen:
                continue
            seen.add(text)
            if _takes_too_long(compiled, text) and _takes_too_long(compiled, text):
                return Slow(lure.prefix, lure.pump, explain(tree))
    return None


@dataclass(frozen=True, slots=True)
class _Lure:
    """What may mislead a pattern: ``rest`` is a text that its remainder matches."""

    prefix: str
    pump: str
    rest: str = ""

    def texts(self) -> Iterator[str]:
        """A long run that fails at its end, and the rest behind it.

        An engine may look for what a pattern must end with before anything else.
        """
        run = self.prefix + self.pump * (PROBE_CHARS // len(self.pump))
        run = run[:PROBE_CHARS]
        for spoiler in _SPOILERS:
            yield run + spoiler + self.rest


def _takes_too_long(compiled: Any, text: str) -> bool:
    began = time.process_time()
    try:
        for _ in compiled.finditer(text, timeout=PROBE_SECONDS):
            if time.process_time() - began > PROBE_SECONDS:
                return True
    except TimeoutError:
        return True
    return False


def cost(rule: Rule, pattern: Pattern) -> Cost:
    """Time and hits of a pattern on ordinary text; hits that a check refuses do not count."""
    compiled = regex.compile(pattern.regex, flags=pattern.flags)
    text = ordinary_text()
    took, rounds = 0.0, 0
    while rounds < 1 or (took < 0.02 and rounds < 20):
        began = time.process_time()
        try:
            for _ in compiled.finditer(text, timeout=5.0):
                pass
        except TimeoutError:
            return Cost(5e6 / len(text) * 1000, 0.0, 0.0, False)
        took += time.process_time() - began
        rounds += 1
    alone = ActiveRule(replace(rule, patterns=(pattern,), threshold=None), 0.0)
    hits = alone.matches(text, {0: None}, context_hit=True)
    words = sum(len(text[hit.start : hit.end].split()) for hit in hits)
    thousands = len(text) / 1000
    return Cost(
        took / rounds * 1e6 / thousands,
        len(hits) / thousands,
        words / len(text.split()),
        compiled.match("") is not None,
    )


def too_broad(measured: Cost, *, counts_alone: bool) -> str:
    """What is wrong with a pattern's hits in ordinary text, as a sentence; "" for nothing.

    ``counts_alone``: its score counts without a context word.
    """
    if measured.empty:
        return "it matches the empty text"
    if measured.words > 0.5:
        return "it matches nearly every word of ordinary text"
    if counts_alone and measured.hits_a_kb > TOO_MANY_A_KB:
        return (
            f"it finds {measured.hits_a_kb:.1f} things in 1,000 characters of ordinary text: make "
            "it narrower, or score it under 0.35 and give it context words"
        )
    return ""


def _parsed(pattern: Pattern) -> Any:
    bare = pattern.regex.replace(r"\K", "")
    try:
        return re._parser.parse(bare, pattern.flags & (re.I | re.M | re.S | re.X))  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return None  # syntax of the regex module only: the general texts must do


def _misleading(tree: Any) -> Iterator[_Lure]:
    """Lures, the most promising first."""
    repeats = [] if tree is None else list(_repeats(tree, "", ""))
    for repeat in repeats:
        if sample := _sample(repeat.body):
            yield _Lure(repeat.prefix, sample, repeat.rest)
            yield _Lure("", sample, repeat.rest)
    for repeat in repeats:
        for char in _chars_of(repeat.body):
            yield _Lure(repeat.prefix, char, repeat.rest)
            yield _Lure("", char, repeat.rest)
    rest = "" if tree is None else _sample(tree)
    for pump in (*_KINDS, "a ", "a.", "0-", "a@", "0 ", "a0", "aA"):
        yield _Lure("", pump, rest)


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A repetition that can go on for long, with texts for what is before and behind it."""

    prefix: str
    body: Any
    rest: str


def _repeats(tree: Any, prefix: str, rest: str) -> Iterator[_Repeat]:
    items = list(tree)
    for number, (operation, argument) in enumerate(items):
        name = str(operation)
        behind = _sample(items[number + 1 :]) + rest
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            if int(most) > _FEW:
                yield _Repeat(prefix, body, behind)
        for inner in _inner(name, argument):
            yield from _repeats(inner, prefix, behind)
        prefix += _sample([(operation, argument)])


def _inner(name: str, argument: Any) -> Sequence[Any]:
    """The trees that a node holds."""
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return (argument[2],)
    if name == "SUBPATTERN":
        return (argument[3],)
    if name == "ATOMIC_GROUP":
        return (argument,)
    if name == "BRANCH":
        return tuple(argument[1])
    return (argument[1],) if name in ("ASSERT", "ASSERT_NOT") else ()


def _sample(tree: Any, depth: int = 0) -> str:
    """A text that the tree matches, or nearly: lookarounds and references are left out."""
    parts = []
    for operation, argument in tree if depth < 20 else ():
        name = str(operation)
        if name == "LITERAL":
            parts.append(chr(argument))
        elif name == "NOT_LITERAL":
            parts.append("a" if argument != ord("a") else "b")
        elif name == "ANY":
            parts.append("a")
        elif name == "IN":
            parts.append(next(iter(_members(argument)), ""))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            parts.append(_sample(body, depth + 1) * min(max(int(least), 1), int(most), 50))
        elif name == "SUBPATTERN":
            parts.append(_sample(argument[3], depth + 1))
        elif name == "ATOMIC_GROUP":
            parts.append(_sample(argument, depth + 1))
        elif name == "BRANCH":
            parts.append(_sample(argument[1][0], depth + 1))
    return "".join(parts)[:PROBE_CHARS]


def _chars_of(tree: Any) -> list[str]:
    """Characters that the classes and literals of a tree take: a few of each."""
    found: dict[str, None] = {}
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            found[chr(argument)] = None
        elif name in ("NOT_LITERAL", "ANY"):
            found |= dict.fromkeys("a0 ")
        elif name == "IN":
            found |= dict.fromkeys(islice(_members(argument), 6))
        else:
            for inner in _inner(name, argument):
                found |= dict.fromkeys(_chars_of(inner))
    return list(found)[:10]


def _members(items: Sequence[Any]) -> Iterator[str]:
    """Characters of a class out of :data:`_KINDS`, and its own literals."""
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    own = [chr(argument) for name, argument in items if str(name) == "LITERAL"]
    own += [chr(argument[0]) for name, argument in items if str(name) == "RANGE"]
    taken = [char for char in _KINDS if _in(char, items) is not negated]
    yield from dict.fromkeys(taken if negated else [*own, *taken])


def _in(char: str, items: Iterable[Any]) -> bool:
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL" and ord(char) == argument:
            return True
        if name == "RANGE" and argument[0] <= ord(char) <= argument[1]:
            return True
        if name == "CATEGORY" and _CATEGORIES[str(argument)](char):
            return True
    return False


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_NOT_DIGIT": lambda char: not char.isdigit(),
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_NOT_SPACE": lambda char: not char.isspace(),
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
    "CATEGORY_NOT_WORD": lambda char: not (char.isalnum() or char == "_"),
}


def explain(tree: Any) -> str:
    """What in a pattern invites trouble, as a sentence; "" where nothing is seen."""
    if tree is None:
        return ""
    repeats = list(_repeats(tree, "", ""))
    for repeat in repeats:
        if any(True for _ in _repeats(repeat.body, "", "")):
            return "a repetition inside a repetition can share out one text in many ways"
        if any(str(name) == "BRANCH" for name, _ in _flat(repeat.body)):
            return "alternatives inside a repetition can match the same text"
    if len(repeats) > 1:
        return "repetitions one after another can share out one text in many ways"
    return ""


def _flat(tree: Any) -> Iterator[Any]:
    for operation, argument in tree:
        yield operation, argument
        if str(operation) == "SUBPATTERN":
            yield from _flat(argument[3])
