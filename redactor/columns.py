"""Columns that a field rule of the policy decides by their name alone: the quick path.

Where every column of a table is named by a rule that keeps it or takes each value whole,
nothing has to be looked for: :func:`decided` tells, :func:`judge_columns` makes the new cells.
The outcome is what the long way would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from redactor.detection.fields import keeps
from redactor.formats.csv_table import TableChunk
from redactor.masking import Masker
from redactor.masking.mask import mask
from redactor.policy.decide import decide
from redactor.policy.model import FieldRule, Policy
from redactor.values import Decision, Finding, Source, Span, Verdict, Why

# What else a policy may hold has no say about a value that a field rule takes whole. Anything
# not listed here may have one: then every cell is looked at.
_NO_SAY = frozenset(
    {
        "name", "hash", "language", "description", "entities", "default", "fields", "allow", "deny",
        "ner", "recognizers", "propagate", "phone_needs_context", "field_names", "leak_min_length",
        "requires_person", "escape_formulas", "languages", "countries", "about", "laws", "attest",
        "codes", "overrides", "protected", "retention", "metadata", "two_person", "fingerprints",
    }
)  # fmt: skip
# operators that need to know nothing but the value: no row, no order, no vault
_BY_VALUE = frozenset({"redact", "replace", "mask", "hash"})


@dataclass(frozen=True, slots=True)
class ColumnsJudgement:
    """What was decided about the columns of a table.

    ``new`` column number -> its cells after redaction; ``kept`` numbers of columns that the
    policy keeps; ``found`` entity -> verdict/operator -> distinct values (secret); ``counts``
    as in the pipeline's result; ``rules`` column number -> what to tell a person.
    """

    new: Mapping[int, Sequence[str]] = field(repr=False)
    kept: frozenset[int]
    found: Mapping[tuple[str, str, str], frozenset[str]] = field(repr=False)
    counts: Counter[tuple[str, str, str]]
    rules: Mapping[int, str]

    @property
    def values(self) -> list[str]:
        """Every distinct redacted value."""
        return list(set().union(*self.found.values()))


def decided(policy: Policy) -> Callable[[str], bool] | None:
    """Tells of a column's name whether the policy decides by it; None: it never does."""
    blank = Policy("", "")
    for item in fields(policy):
        name = item.name
        if name not in _NO_SAY and getattr(policy, name) != getattr(blank, name):
            return None

    def ask(name: str) -> bool:
        rule = policy.field_rule(name)
        if rule is None:
            return False
        if keeps(rule):
            return True
        verdict, operator = _act(rule, name, policy)
        return verdict is Verdict.REDACT and operator in _BY_VALUE

    return ask


def judge_columns(chunk: TableChunk, policy: Policy, masker: Masker) -> ColumnsJudgement:
    """New cells for every column that is redacted."""
    new: dict[int, list[str]] = {}
    kept: set[int] = set()
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    rules: dict[int, str] = {}
    for number, name in enumerate(chunk.names):
        rule = policy.field_rule(name)
        assert rule is not None  # decided() said so
        verdict, operator = _act(rule, name, policy)
        if keeps(rule):
            kept.add(number)
            continue
        entity = rule.entity or ""
        cells = chunk.column(number)
        made = _replacements(set(cells), entity, name, policy, masker)
        new[number] = [made[cell] for cell in cells]
        key = (entity, str(verdict), operator)
        blank = {cell for cell in made if not cell.strip()}
        filled = len(cells) - sum(1 for cell in cells if cell in blank) if blank else len(cells)
        counts[key] += filled
        found[key] = found.get(key, frozenset()) | {cell.strip() for cell in made} - {""}
        rules[number] = f"{entity} {verdict}/{operator} by {rule.id}: {filled} cells"
    return ColumnsJudgement(new, frozenset(kept), found, counts, rules)


def _act(rule: FieldRule, name: str, policy: Policy) -> tuple[Verdict, str]:
    if rule.entity is None:
        return Verdict.KEEP, "keep"
    decision = _decision(rule.entity, "x", name, policy)
    return decision.verdict, decision.operator


def _decision(entity: str, text: str, name: str, policy: Policy) -> Decision:
    finding = Finding(
        "", Span(0, len(text)), entity, 1.0, "fields", Why(Source.FIELD), text, extent="own"
    )
    return decide(finding, policy, name)


def _replacements(
    texts: set[str], entity: str, name: str, policy: Policy, masker: Masker
) -> dict[str, str]:
    """Cell -> new cell; outer white space stays, blank cells are no values."""
    decision = _decision(entity, "x", name, policy)
    make = _maker(decision, entity, masker)
    made = {text: make(text) for text in texts}
    for text in texts:
        value = text.strip()
        if value != text:
            made[text] = text.replace(value, make(value), 1) if value else text
    made.update({"": ""} if "" in made else {})
    return made


def _maker(decision: Decision, entity: str, masker: Masker) -> Callable[[str], str]:
    """What makes the replacement of a value; the decision is the same for all of a column."""
    if _is_constant(decision):
        same = masker.replacement(decision)
        return lambda text: same
    params = decision.params
    if decision.operator == "mask":
        return lambda text: mask(text, entity, params, None)
    why = Why(Source.FIELD)

    def make(text: str) -> str:
        if not text or text.isspace():
            return text
        finding = Finding("", Span(0, len(text)), entity, 1.0, "fields", why, text, "own")
        return masker.replacement(
            Decision(finding, decision.verdict, decision.operator, params, decision.rule)
        )

    return make


def _is_constant(decision: Decision) -> bool:
    """Whether the replacement is the same for every value."""
    if decision.operator == "redact":
        return True
    new = str(decision.params.get("new_value", "<{entity}>"))
    return decision.operator == "replace" and "{" not in new.replace("{entity}", "")
