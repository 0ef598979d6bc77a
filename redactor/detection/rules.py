"""The rule table: what the compile step wrote, as plain values; no Presidio import.

A *rule* is one recognizer for one entity type: patterns with scores, context words, and
names of checks. ``kind`` says how its hits are confirmed:

``patterns``  the patterns' own regexes, then the checks
``iban``      the same, shortening a hit group by group until the check passes
``url``       the patterns' own regexes where a label of the host is a listed TLD
``phone``     libphonenumber
``python``    the recognizer's own class is imported and asked (needs the ``presidio`` extra)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.errors import StateError

TABLE = Path(__file__).parents[2] / "recognizers" / "compiled" / "table.json"

CONTEXT_BOOST = 0.35  # LemmaContextAwareEnhancer's context_similarity_factor
CONTEXT_FLOOR = 0.4  # and its min_score_with_context_similarity


@dataclass(frozen=True, slots=True)
class Pattern:
    """One regex of a rule.

    ``flags`` as the ``regex`` module takes them; ``width`` the most characters that a match
    takes, None when there is no limit or the text around matters farther away;
    ``trigger`` the expression for the automaton, None where it cannot be expressed;
    ``ascii_only``: the automaton is to be trusted on ASCII text only; ``reach`` how many
    characters after the trigger's end a match may end.
    """

    name: str
    regex: str
    score: float
    flags: int
    width: int | None = None
    trigger: str | None = None
    ascii_only: bool = False
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A recognizer for one entity type; see the module's text for ``kind``.

    ``validator`` names a check that lifts a hit to 1.0 or drops it, ``invalidator`` one
    that only drops; ``gate`` one that sees the text around and only drops, for policies that
    want plausible findings; ``reference`` is ``module:Class`` or ``file.py:Class`` for ``python``.
    """

    name: str
    entity: str
    kind: str = "patterns"
    language: str = "en"
    patterns: tuple[Pattern, ...] = ()
    context: tuple[str, ...] = ()
    validator: str = ""
    invalidator: str = ""
    gate: str = ""
    reference: str = ""
    score: float = 0.0  # of hits of a phone rule
    source: str = "presidio"


@dataclass(frozen=True, slots=True)
class Table:
    """All rules, and the versions of what they were made from."""

    rules: tuple[Rule, ...]
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def entities(self) -> frozenset[str]:
        """Every entity type that some rule finds."""
        return frozenset(rule.entity for rule in self.rules)


def boosted(score: float) -> float:
    """A score after a context word was found beside the hit."""
    return min(max(score + CONTEXT_BOOST, CONTEXT_FLOOR), 1.0)


@lru_cache(maxsize=1)
def shipped_table() -> Table:
    """The table of the predefined set and of our own recognizers.

    Raises:
        StateError: it is missing or damaged.
    """
    try:
        return decode(json.loads(TABLE.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(
            f"the rule table cannot be read ({type(error).__name__}): reinstall redactor, or run "
            "`redactor recognizers compile` where the presidio extra is installed"
        ) from None


def decode(data: Mapping[str, Any]) -> Table:
    """A table out of JSON."""
    return Table(tuple(_rule(entry) for entry in data["rules"]), data["versions"])


def encode(table: Table) -> dict[str, Any]:
    """A table as JSON; defaults left out."""
    blank = Rule("", "")
    plain = Pattern("", "", 0.0, 0)
    rules = []
    for rule in table.rules:
        entry = _differences(rule, blank)
        entry["patterns"] = [_differences(pattern, plain) for pattern in rule.patterns]
        rules.append(entry)
    return {"versions": dict(table.versions), "rules": rules}


def _differences(value: Any, default: Any) -> dict[str, Any]:
    names: Sequence[str] = type(value).__slots__
    return {
        name: getattr(value, name)
        for name in names
        if getattr(value, name) != getattr(default, name)
    }


def _rule(entry: Mapping[str, Any]) -> Rule:
    patterns = tuple(Pattern(**{"flags": 0, **pattern}) for pattern in entry["patterns"])
    return Rule(**{**entry, "patterns": patterns, "context": tuple(entry.get("context", ()))})
