"""What a law's checks say, and the walk over everything that treats an entity type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redactor.policy.decide import spoken
from redactor.policy.model import EntityRule, Policy
from redactor.policy.order import Part, effective, is_reversible
from redactor.values import Verdict

LABELS = frozenset({"redact", "replace"})  # nothing of the value is left
# made from the value by a key: who holds the key can make it again, or try values out
DERIVED = frozenset({"hash", "pseudonym", "date_shift", "encrypt", "fpe"})


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that a law forbids: in which part, which rule of ours, and the citation."""

    part: Part
    rule: str
    message: str
    law: str


@dataclass(frozen=True, slots=True)
class Law:
    """A law or standard and the function that checks a policy by it."""

    name: str
    title: str
    check: Callable[[Policy], Iterator[Breach]]


@dataclass(frozen=True, slots=True)
class Treatment:
    """One rule that speaks of an entity type, and the part of the policy it stands in."""

    part: Part
    entity: str
    rule: EntityRule


def treatments(policy: Policy) -> Iterator[Treatment]:
    """Every rule that may treat a value: entities, fields, hotwords, deny entries."""
    for name, rule in policy.entities.items():
        yield Treatment(("entities", name), name, rule)
    for index, field_rule in enumerate(policy.fields):
        if field_rule.entity is not None:
            rule = effective(field_rule, policy)
            yield Treatment(("fields", index), field_rule.entity, rule)
    for index, hotword in enumerate(policy.hotwords):
        if hotword.verdict is None and hotword.rule is None:
            continue
        for name in hotword.entities or policy.entities:
            rule = policy.entities.get(name, policy.default)
            changed = spoken(hotword, rule, policy.default)
            yield Treatment(("hotwords", index), name, changed)
    for index, entry in enumerate(policy.deny):
        if entry.entity is not None and entry.entity not in policy.entities:
            yield Treatment(("deny", index), entry.entity, policy.default)


def acting(policy: Policy) -> Iterator[Treatment]:
    """The treatments that change a value."""
    return (item for item in treatments(policy) if item.rule.verdict is not Verdict.KEEP)


def overridden(policy: Policy, part: Part) -> bool:
    """Whether somebody gave a reason for loosening this part."""
    names = {override.part for override in policy.overrides}
    key = str(part[0]) if len(part) == 1 else f"{part[0]}.{part[1]}"
    return key in names or str(part[0]) in names


def must_act(policy: Policy, required: dict[str, str], rule: str, law: str) -> Iterator[Breach]:
    """Breaches for required types that are not looked for, or kept, without a reason.

    ``required`` is entity type -> which rule of the law asks for it.
    """
    for name, asks in required.items():
        part: Part = ("entities", name)
        if overridden(policy, part):
            continue
        found = policy.entities.get(name)
        if found is None:
            yield Breach(part, rule, f"{name} must be looked for ({asks})", law)
        elif found.verdict is Verdict.KEEP:
            yield Breach(part, rule, f"{name} must not be kept ({asks})", law)


def reversible(rule: EntityRule) -> bool:
    """Whether somebody with the key, and the vault, gets the value back."""
    return is_reversible(rule.operator, rule.params)


def left(rule: EntityRule) -> tuple[int, int]:
    """Characters that a mask leaves at the start and at the end."""
    if rule.operator != "mask":
        return 0, 0
    return int(rule.params.get("keep_first", 0)), int(rule.params.get("keep_last", 0))
