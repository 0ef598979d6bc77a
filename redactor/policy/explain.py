"""What a policy does with an entity type, and which line of which file says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redactor.policy.diff import treatment
from redactor.policy.extend import Chain
from redactor.policy.model import HotwordRule, Policy, ReviewRule
from redactor.policy.order import exposure
from redactor.policy.source import Loc
from redactor.values import Verdict

BUILT_IN = "built in"
_KEYS = ("verdict", "operator", "params", "threshold", "priority", "reason", "law", "optional")
_LEAVES = (
    "nothing of a value is left",
    "it can be seen which places of a document hold the same value",
    "a value's length is left",
    "it can be seen which places hold the same value",
    "it can be seen everywhere which places hold the same value",
    "a part of a value, or of its meaning, is left",
    "intervals are left",
    "whoever holds the key can have the value back",
    "what is left is not known",
    "the value stays",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A key of a rule, its value and where that was said (``file:line``)."""

    key: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a policy says about one type; ``others`` are the other rules that speak of it."""

    entity: str
    looked_for: bool
    does: str
    leaves: str
    law: str
    said: tuple[Said, ...]
    others: tuple[Said, ...]


def explain_entity(chain: Chain, policy: Policy, name: str) -> Explanation:
    """Explain one entity type, also one that the policy does not look for."""
    rule = policy.entities.get(name)
    others = tuple(_others(chain, policy, name))
    if rule is None:
        raw = (chain.tree.data.get("entities") or {}).get(name)
        why = "nothing in this policy names it"
        if raw is False:
            why = f"switched off at {place_of(chain, ('entities', name))}"
        return Explanation(name, False, f"is not looked for: {why}", "", "", (), others)
    said = tuple(
        Said(key, _told(getattr(rule, key)), _place(chain, policy, name, key))
        for key in _KEYS
        if key in ("verdict", "operator", "threshold") or getattr(rule, key)
    )
    return Explanation(name, True, treatment(rule), _LEAVES[exposure(rule)], rule.law, said, others)


def place_of(chain: Chain, loc: Loc) -> str:
    """``file:line``; presets by their file's name alone."""
    file, line = chain.tree.place(loc)
    return f"{_short(file)}:{line}"


def _short(file: str) -> str:
    from redactor.policy.source import preset_folder

    path = Path(file)
    return path.name if path.parent == preset_folder() else file


def _place(chain: Chain, policy: Policy, name: str, key: str) -> str:
    raw = (chain.tree.data.get("entities") or {}).get(name)
    raw = raw if isinstance(raw, dict) else {}
    defaults = chain.tree.data.get("defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
    rule = policy.entities[name]
    if key in raw:
        return place_of(chain, ("entities", name, key))
    if key == "verdict" and rule.verdict is Verdict.KEEP and raw.get("operator") == "keep":
        return place_of(chain, ("entities", name, "operator"))
    same = raw.get("operator", defaults.get("operator")) == defaults.get("operator")
    if key in defaults and (key != "params" or same):
        return place_of(chain, ("defaults", key))
    return BUILT_IN


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _others(chain: Chain, policy: Policy, name: str) -> list[Said]:
    found: list[Said] = []
    for index, rule in enumerate(policy.fields):
        if rule.entity == name:
            glob = rule.name if rule.name is not None else f"path {rule.path}"
            how = f": {treatment(rule.rule)}" if rule.rule is not None else ""
            found.append(
                Said(f"fields[{index}]", f"whole fields named {glob}{how}",
                     place_of(chain, ("fields", index)))
            )  # fmt: skip
    for index, hotword in enumerate(policy.hotwords):
        if hotword.speaks_of(name):
            said = hotword_told(hotword)
            found.append(Said(hotword.id, said, place_of(chain, ("hotwords", index))))
    for index, review in enumerate(policy.review):
        if not review.entities or name in review.entities:
            found.append(Said(review.id, review_told(review), place_of(chain, ("review", index))))
    for section, entries in (("allow", policy.allow), ("deny", policy.deny)):
        for index, entry in enumerate(entries):
            if entry.entity == name or (section == "allow" and entry.entity is None):
                what = "an expression" if entry.pattern else f"{len(entry.values)} values"
                until = f", until {entry.expires}" if entry.expires else ""
                why = f" ({entry.reason})" if entry.reason else ""
                found.append(
                    Said(entry.id, f"{what}{until}{why}", place_of(chain, (section, index)))
                )
    for override in policy.overrides:
        if override.part in (f"entities.{name}", "defaults"):
            said = f"{override.what}: looser than {override.policy} because: {override.reason}"
            found.append(Said("override", said, place_of(chain, ("entities", name))))
    return found


def hotword_told(rule: HotwordRule) -> str:
    """A hotword rule in a few words; its words are the policy's own."""
    near = []
    if rule.before:
        near.append(f"{rule.before} characters before")
    if rule.after:
        near.append(f"{rule.after} after")
    what = "an expression" if rule.pattern else f"one of {len(rule.words)} words"
    does = []
    if rule.change:
        does.append(f"{rule.change} {'to ' if rule.change == 'set' else 'by '}{rule.amount:g}")
    if rule.verdict is not None:
        does.append(f"verdict {rule.verdict}")
    if rule.rule is not None:
        does.append(f"operator {rule.rule.operator}")
    return f"{what} in {' or '.join(near)}: {', '.join(does)}"


def review_told(rule: ReviewRule) -> str:
    """A review rule in a few words."""
    said = []
    if rule.field is not None:
        said.append(f"in fields named {rule.field}")
    if rule.score_from is not None:
        said.append(f"confidence from {rule.score_from:g}")
    if rule.score_below is not None:
        said.append(f"confidence below {rule.score_below:g}")
    if rule.margin is not None:
        said.append(f"confidence less than {rule.margin:g} over the threshold")
    if rule.more_than is not None:
        said.append(f"more than {rule.more_than} in a document")
    who = "all of the document waits" if rule.scope == "document" else "a person decides"
    return f"{', '.join(said) or 'always'}: {who}"
