"""The rule table: what the compile step wrote, as plain values; no Presidio import.

A *rule* is one recognizer for one entity type: patterns with scores, context words, and
names of checks. ``language`` is that of its context words, ``""`` where it is used for texts
of any language; ``country`` whose numbers it finds. ``kind`` says how its hits are confirmed:

``patterns``  the patterns' own regexes, then the checks
``iban``      the same, shortening a hit group by group until the check passes
``url``       the patterns' own regexes where a label of the host is a listed TLD
``phone``     libphonenumber
``python``    the recognizer's own class is imported and asked (needs the ``presidio`` extra)

The file of the table has one rule a line, so that a start parses those it needs only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.errors import StateError

TABLE = Path(__file__).parents[2] / "recognizers" / "compiled" / "table.jsonl"

FLAGS = 26  # DOTALL | MULTILINE | IGNORECASE, Presidio's defaults, same bits in re and regex
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
    that only drops (see :mod:`recognizers.validators`); ``gate`` one that sees the text around
    and only drops, for policies that want plausible findings; ``reference`` is
    ``module:Class`` or ``file.py:Class`` for ``python``; ``country`` is ISO 3166-1 alpha-2 in
    small letters, ``language`` ISO 639-1; ``regions`` those of libphonenumber for ``phone``.
    ``whole_words``: see :mod:`redactor.detection.context`.
    """

    name: str
    entity: str
    kind: str = "patterns"
    language: str = ""
    country: str = ""
    patterns: tuple[Pattern, ...] = ()
    context: tuple[str, ...] = ()
    validator: str = ""
    invalidator: str = ""
    gate: str = ""
    reference: str = ""
    score: float = 0.0  # of hits of a phone rule
    regions: tuple[str, ...] = ()
    whole_words: bool = False
    threshold: float | None = None  # lowest score that counts; None: as the policy says
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


@lru_cache(maxsize=16)
def shipped_table(entities: frozenset[str] | None = None) -> Table:
    """The table of the predefined set and of our own recognizers; only some types' rules.

    Raises:
        StateError: it is missing or damaged.
    """
    try:
        return parse(TABLE.read_text("utf-8"), entities)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(
            f"the rule table cannot be read ({type(error).__name__}): reinstall redactor, or run "
            "`redactor recognizers compile` where the presidio extra is installed"
        ) from None


def parse(text: str, entities: Collection[str] | None = None) -> Table:
    """A table out of its file: versions, then a rule a line that begins with its entity type."""
    versions, *lines = text.splitlines()
    if entities is not None:
        lines = [line for line in lines if line[11 : line.index('"', 11)] in entities]
    return Table(tuple(_rule(json.loads(line)) for line in lines), json.loads(versions))


def dump(table: Table) -> str:
    """The file of a table; see :func:`parse`."""
    rows: list[Any] = [dict(sorted(table.versions.items())), *encode(table)["rules"]]
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    )


def decode(data: Mapping[str, Any]) -> Table:
    """A table out of JSON data."""
    return Table(tuple(_rule(entry) for entry in data["rules"]), data["versions"])


def encode(table: Table) -> dict[str, Any]:
    """A table as JSON data; defaults left out."""
    blank = Rule("", "")
    rules = []
    for rule in table.rules:
        entry = {"entity": rule.entity, **_differences(rule, blank)}
        if rule.patterns:
            entry["patterns"] = [_pattern_data(pattern) for pattern in rule.patterns]
        rules.append(entry)
    return {"versions": dict(table.versions), "rules": rules}


def _pattern_data(pattern: Pattern) -> dict[str, Any]:
    data = _differences(pattern, Pattern("", "", 0.0, FLAGS))
    data.pop("trigger", None)
    if pattern.trigger != pattern.regex:
        data["trigger"] = pattern.trigger
    return data


def _differences(value: Any, default: Any) -> dict[str, Any]:
    names: Sequence[str] = type(value).__slots__
    return {
        name: getattr(value, name)
        for name in names
        if getattr(value, name) != getattr(default, name)
    }


def _rule(entry: Mapping[str, Any]) -> Rule:
    patterns = tuple(
        Pattern(**{"flags": FLAGS, "score": 0.0, "trigger": data["regex"], **data})
        for data in entry.get("patterns", ())
    )
    lists = {name: tuple(entry.get(name, ())) for name in ("context", "regions")}
    return Rule(**{**entry, **lists, "patterns": patterns})
