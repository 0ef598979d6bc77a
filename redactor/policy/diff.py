"""What two policies do differently, rule by rule, and which way: tighter or looser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from redactor.policy.model import EntityRule, FieldRule, Policy
from redactor.policy.order import grouped, loosenings
from redactor.values import Verdict

TIGHTER, LOOSER, MIXED, CHANGED = "tighter", "looser", "mixed", "changed"
_SWITCHES = (
    "language", "propagate", "phone_needs_context", "leak_min_length", "requires_person",
    "two_person", "on_unsupported_language", "verification", "fingerprints", "metadata",
    "protected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``part`` as ``entities.URL``; ``direction`` of the second policy."""

    part: str
    what: str
    direction: str


def differences(old: Policy, new: Policy) -> list[Change]:
    """Every difference in what they do, by part; names, descriptions and order of files aside."""
    looser = {_section(part) for part in grouped(loosenings(old, new))}
    tighter = {_section(part) for part in grouped(loosenings(new, old))}
    changes: list[Change] = []
    for part, what in (
        *_entities(old, new),
        *_rules("defaults", old.default, new.default),
        *_fields(old, new),
        *_lists(old, new),
        *_settings(old, new),
    ):
        if part in looser and part in tighter:
            direction = MIXED
        elif part in looser:
            direction = LOOSER
        else:
            direction = TIGHTER if part in tighter else CHANGED
        changes.append(Change(part, what, direction))
    return changes


def _section(part: tuple[str | int, ...]) -> str:
    return f"entities.{part[1]}" if part[0] == "entities" else str(part[0])


def treatment(rule: EntityRule) -> str:
    """A rule in a few words: ``mask(keep_last=4)``, ``review, then replace``."""
    if rule.verdict is Verdict.KEEP:
        return "keep"
    said = ", ".join(f"{key}={value}" for key, value in rule.params.items() if value not in (0, ""))
    text = f"{rule.operator}({said})" if said else rule.operator
    return f"review, then {text}" if rule.verdict is Verdict.REVIEW else text


_Said = Iterator[tuple[str, str]]


def _entities(old: Policy, new: Policy) -> _Said:
    for name in sorted({*old.entities, *new.entities}):
        before, after = old.entities.get(name), new.entities.get(name)
        part = f"entities.{name}"
        if before is None and after is not None:
            yield part, f"is looked for now: {treatment(after)}"
        elif after is None and before is not None:
            yield part, f"is not looked for any more (was {treatment(before)})"
        elif before is not None and after is not None:
            yield from _rules(part, before, after)


def _rules(part: str, before: EntityRule, after: EntityRule) -> _Said:
    if treatment(before) != treatment(after):
        yield part, f"{treatment(before)} -> {treatment(after)}"
    for name in ("threshold", "priority", "reason", "optional"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield part, f"{name} {_told(old)} -> {_told(new)}"


def _told(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) if value != "" else "none"


def _fields(old: Policy, new: Policy) -> _Said:
    before = {_field_key(rule): replace(rule, id="") for rule in reversed(old.fields)}
    after = {_field_key(rule): replace(rule, id="") for rule in reversed(new.fields)}
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was != now:
            yield "fields", f"{key}: {_field_told(was)} -> {_field_told(now)}"


def _field_key(rule: FieldRule) -> str:
    return rule.name if rule.name is not None else f"path {rule.path}"


def _field_told(rule: FieldRule | None) -> str:
    if rule is None:
        return "no rule"
    how = f" {treatment(rule.rule)}" if rule.rule is not None else ""
    return f"{rule.entity or 'not scanned'}{how}"


def _lists(old: Policy, new: Policy) -> _Said:
    pairs: Sequence[tuple[str, Sequence[Any], Sequence[Any]]] = (
        ("allow", old.allow, new.allow),
        ("deny", old.deny, new.deny),
        ("hotwords", old.hotwords, new.hotwords),
        ("review", old.review, new.review),
    )
    for part, before, after in pairs:
        was = [replace(item, id="") for item in before]
        now = [replace(item, id="") for item in after]
        gone = sum(item not in now for item in was)
        added = sum(item not in was for item in now)
        if gone or added:
            yield part, f"{added} added, {gone} gone"
    for part, known, others in (
        ("recognizers", old.recognizers, new.recognizers),
        ("laws", old.laws, new.laws),
        ("attest", old.attest, new.attest),
    ):
        if set(known) != set(others):
            yield (
                part,
                f"{len(set(others) - set(known))} added, {len(set(known) - set(others))} gone",
            )
    if dict(old.codes) != dict(new.codes):
        yield "codes", f"{len(old.codes)} -> {len(new.codes)} reason codes"
    if old.subject.values != new.subject.values or old.subject.required != new.subject.required:
        yield "subject", "another person's data stays"


def _settings(old: Policy, new: Policy) -> _Said:
    for name in _SWITCHES:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield name, f"{before} -> {after}"
    for part in ("ner", "retention"):
        was, now = _slots(getattr(old, part)), _slots(getattr(new, part))
        for key, value in was.items():
            if now[key] != value:
                yield part, f"{key} {value} -> {now[key]}"


def _slots(value: Any) -> Mapping[str, Any]:
    return {item.name: getattr(value, item.name) for item in fields(value)}
