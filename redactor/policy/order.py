"""Which of two policies lets more through: what counts as *loosening*.

A rule is looser than another when

* less is found: a type is switched off, a threshold is higher, the model is asked less, values
  are propagated less, a deny entry or a field rule is gone, a field is skipped, an allow entry
  or a hotword that lowers is new;
* more is left: the operator leaves more of the value (:data:`EXPOSURE`), or more characters of
  it, or lets it be joined more widely;
* a person looks less: a review rule is gone, or where a person is demanded ``review`` became
  ``redact``;
* the proof is weaker: verification, fingerprints, retention, languages.

The order of operators is by what a reader of the output, or whoever holds a key, can still
learn. It says nothing about law: that is :mod:`redactor.policy.laws`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from redactor.policy.decide import spoken
from redactor.policy.model import EntityRule, FieldRule, HotwordRule, ListEntry, Policy
from redactor.values import Verdict

# operator -> what is left of a value: 0 nothing .. 9 everything
EXPOSURE: dict[str, int] = {
    "redact": 0,  # nothing, not even a mark
    "replace": 0,  # its type
    "token": 1,  # which places of one document hold the same value; recorded: as pseudonym
    "mask": 2,  # its length; more where characters are left: see _left
    "pseudonym": 3,  # which places hold the same value, in its scope; its shape
    "hash": 4,  # the same everywhere; a key holder can try values out
    "generalize": 5,  # a part of its meaning
    "initials": 5,
    "date_shift": 6,  # intervals between dates, exactly
    "fpe": 7,  # all of it, to a key holder
    "encrypt": 7,
    "keep": 9,
}
_UNKNOWN = 8
_MASK_ENDS = 5  # a mask that leaves characters stands beside generalize

_USE = {"never": 0, "auto": 1, "always": 2}
_SCOPES = ("document", "case", "global", "vault")
# of generalize: more of it leaves more / less of it leaves more
_FINER = ("top_age", "decimals", "ipv4_prefix", "ipv6_prefix")
_LANGUAGE = {"withhold": 0, "rules_only": 1, "go_on": 2}

Part = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Loosening:
    """A part of a policy (``("entities", "URL")``) and what became looser about it."""

    part: Part
    what: str

    @property
    def name(self) -> str:
        """``entities.URL``, ``fields[2]``."""
        return part_name(self.part)


def part_name(part: Part) -> str:
    """A part as people write it."""
    name = ""
    for key in part:
        name += f"[{key}]" if isinstance(key, int) else f".{key}" if name else key
    return name


def exposure(rule: EntityRule) -> int:
    """How much of a value the rule leaves, 0 (nothing) to 9 (all of it)."""
    if rule.verdict is Verdict.KEEP:
        return EXPOSURE["keep"]
    if rule.operator == "mask" and any(_left(rule.params)):
        return _MASK_ENDS
    if rule.operator == "token" and is_reversible(rule.operator, rule.params):
        return EXPOSURE["pseudonym"]
    return EXPOSURE.get(rule.operator, _UNKNOWN)


def loosenings(old: Policy, new: Policy) -> list[Loosening]:
    """Everything in ``new`` that is looser than in ``old``; empty when nothing is."""
    return [
        *_entities(old, new),
        *(Loosening(("defaults",), said) for said in loosened_rule(old.default, new.default, old)),
        *_fields(old, new),
        *_lists(old, new),
        *_hotwords(old, new),
        *_switches(old, new),
    ]


def loosened_rule(old: EntityRule, new: EntityRule, policy: Policy) -> Iterator[str]:
    """What is looser about a rule; ``policy`` is the one that ``old`` stands in."""
    if old.verdict is Verdict.KEEP:
        return
    if new.verdict is Verdict.KEEP:
        yield f"is kept, not {_told(old)}"
        return
    if policy.requires_person and old.verdict is Verdict.REVIEW and new.verdict is Verdict.REDACT:
        yield "no longer waits for a person"
    before, after = exposure(old), exposure(new)
    if after > before:
        yield f"{_told(new)} leaves more of a value than {_told(old)}"
    elif old.operator == new.operator:
        said = _looser_params(old.operator, old.params, new.params)
        if said:
            yield said
    if new.threshold > old.threshold:
        yield f"threshold is {new.threshold:g}, higher than {old.threshold:g}"
    if new.optional and not old.optional:
        yield "it is no error any more when nothing finds it"


def _told(rule: EntityRule) -> str:
    if rule.operator != "mask" or not any(_left(rule.params)):
        return rule.operator
    first, last = _left(rule.params)
    return f"mask (first {first}, last {last} left)"


def _left(params: Mapping[str, Any]) -> tuple[int, int]:
    return int(params.get("keep_first", 0)), int(params.get("keep_last", 0))


def _looser_params(operator: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if operator == "mask":
        first, last = _left(old)
        more_first, more_last = _left(new)
        if more_first > first or more_last > last:
            return (
                f"mask leaves {more_first} first and {more_last} last characters, "
                f"not {first} and {last}"
            )
        if new.get("keep_separators", True) and not old.get("keep_separators", True):
            return "mask leaves separators"
        return ""
    if _scope(operator, new) > _scope(operator, old):
        return f"{operator} is the same for a value in scope {new.get('scope')}"
    if is_reversible(operator, new) and not is_reversible(operator, old):
        return f"{operator} is recorded, so it can be undone"
    if operator == "generalize":
        return _looser_generalize(old, new)
    if operator == "date_shift" and int(new.get("days", 0)) < int(old.get("days", 0)):
        return f"dates move by {new['days']} days at most"
    return ""


def _looser_generalize(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if new.get("date") == "month" and old.get("date") == "year":
        return "generalize leaves the month"
    for name in _FINER:
        if new.get(name, 0) > old.get(name, 0):
            return f"generalize leaves more: {name} is {new[name]}, not {old.get(name)}"
    before, after = old.get("bucket"), new.get("bucket")
    if before and (not after or after < before):
        return "generalize has smaller buckets"
    if new.get("kind") != old.get("kind"):
        return f"generalize takes the value for {new.get('kind')}"
    return ""


def _scope(operator: str, params: Mapping[str, Any]) -> int:
    scope = params.get("scope") or ("global" if operator in ("pseudonym", "fpe") else "document")
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)


def is_reversible(operator: str, params: Mapping[str, Any]) -> bool:
    """Whether somebody with the key, and the vault, gets the value back."""
    if operator in ("encrypt", "fpe"):
        return True
    record = params.get("record")
    if operator == "date_shift":
        return record is None or bool(record)
    if operator in ("pseudonym", "token"):
        return bool(record) if record is not None else params.get("scope") in ("case", "vault")
    return False


def _entities(old: Policy, new: Policy) -> Iterator[Loosening]:
    for name, rule in old.entities.items():
        other = new.entities.get(name)
        if other is None:
            if rule.verdict is not Verdict.KEEP:
                yield Loosening(("entities", name), "is not looked for any more")
            continue
        for said in loosened_rule(rule, other, old):
            yield Loosening(("entities", name), said)


def _fields(old: Policy, new: Policy) -> Iterator[Loosening]:
    known = [_bare(rule) for rule in old.fields]
    told: set[int] = set()
    for index, rule in enumerate(new.fields):
        if _bare(rule) in known:
            continue
        part: Part = ("fields", index)
        if rule.entity is None or keeps(rule):
            told.add(index)
            yield Loosening(part, "leaves a whole field as it is")
            continue
        before = old.entities.get(rule.entity, old.default)
        for said in loosened_rule(before, effective(rule, new), old):
            told.add(index)
            yield Loosening(part, f"{rule.entity} {said}")
    now = [_bare(rule) for rule in new.fields]
    for rule in old.fields:
        if keeps(rule) or rule.entity is None:
            continue
        if _bare(rule) not in now:
            yield Loosening(("fields",), f"the rule for {rule.name or rule.path} is gone")
            continue
        sample = sample_name(rule)
        if old.field_rule(sample) != rule:
            continue  # it was in another rule's shadow already
        winner = new.field_rule(sample)
        index = new.fields.index(winner) if winner is not None else -1
        if winner is None or _bare(winner) == _bare(rule) or index in told:
            continue
        for said in loosened_rule(effective(rule, old), effective(winner, new), old):
            told.add(index)
            yield Loosening(("fields", index), f"comes before {rule.name or rule.path}: {said}")


def keeps(rule: FieldRule) -> bool:
    """True when the field is left as it is."""
    return rule.rule.verdict is Verdict.KEEP if rule.rule is not None else rule.entity is None


def effective(rule: FieldRule, policy: Policy) -> EntityRule:
    """The rule that a field's value is treated by."""
    return rule.rule or policy.entities.get(rule.entity or "", policy.default)


def sample_name(rule: FieldRule) -> str:
    """A field name that the rule's glob matches."""
    glob = (rule.name if rule.name is not None else rule.path) or ""
    return re.sub(r"\[([^\]]*)\]", lambda m: m[1][:1] or "[]", glob).replace("*", "x").replace(
        "?", "x"
    )  # fmt: skip


def _bare(rule: FieldRule) -> FieldRule:
    return replace(rule, id="")


def _lists(old: Policy, new: Policy) -> Iterator[Loosening]:
    allowed = [_bare_entry(entry) for entry in old.allow]
    for index, entry in enumerate(new.allow):
        if _bare_entry(entry) not in allowed:
            yield Loosening(("allow", index), "an entry is new: what it names is left")
    denied = [_bare_entry(entry) for entry in new.deny]
    gone = sum(_bare_entry(entry) not in denied for entry in old.deny)
    if gone:
        yield Loosening(("deny",), f"{gone} entries are gone")
    if set(old.recognizers) - set(new.recognizers):
        yield Loosening(("recognizers",), "recognizer files are gone")
    if new.subject.values and not old.subject.required and not old.subject.values:
        yield Loosening(("subject",), "one person's data is left")
    if old.subject.required and not new.subject.required:
        yield Loosening(("subject",), "no subject needs to be named any more")


def _bare_entry(entry: ListEntry) -> ListEntry:
    return replace(entry, id="", reason="")


def _hotwords(old: Policy, new: Policy) -> Iterator[Loosening]:
    known = [_bare_hotword(rule) for rule in old.hotwords]
    for index, rule in enumerate(new.hotwords):
        if _bare_hotword(rule) in known:
            continue
        part: Part = ("hotwords", index)
        meant = [name for name in new.entities if rule.speaks_of(name)]
        if rule.change == "lower" or (
            rule.change == "set"
            and any(rule.amount < new.entities[name].threshold for name in meant)
        ):
            yield Loosening(part, "lowers scores")
        found = [
            what
            for name in meant
            for before in [old.entities.get(name, old.default)]
            for what in loosened_rule(before, spoken(rule, before, old.default), old)
        ]
        if found:
            yield Loosening(part, found[0])
    now = [_bare_hotword(rule) for rule in new.hotwords]
    gone = sum(_bare_hotword(rule) not in now and not _lets_go(rule) for rule in old.hotwords)
    if gone:
        yield Loosening(("hotwords",), f"{gone} rules are gone")


def _lets_go(rule: HotwordRule) -> bool:
    return rule.change == "lower" or rule.verdict is Verdict.KEEP


def _bare_hotword(rule: HotwordRule) -> HotwordRule:
    return replace(rule, id="", name="")


def _switches(old: Policy, new: Policy) -> Iterator[Loosening]:
    def changed(part: str, looser: bool, what: str) -> Iterator[Loosening]:
        if looser:
            yield Loosening((part,), what)

    names = {replace(rule, id="") for rule in new.review}
    gone = sum(replace(rule, id="") not in names for rule in old.review)
    yield from changed("review", gone > 0, f"{gone} rules are gone")
    yield from changed(
        "ner", _USE[new.ner.use] < _USE[old.ner.use], f"the model is asked {new.ner.use}"
    )
    yield from changed(
        "ner",
        old.ner.on_failure == "withhold" != new.ner.on_failure,
        "a missing model does not stop a release",
    )
    yield from changed("propagate", old.propagate and not new.propagate, "values found once are "
                       "not looked for in the rest")  # fmt: skip
    yield from changed(
        "phone_needs_context",
        new.phone_needs_context and not old.phone_needs_context,
        "bare phone numbers do not count",
    )
    yield from changed(
        "leak_min_length",
        new.leak_min_length > old.leak_min_length,
        f"values under {new.leak_min_length} characters are not searched for",
    )
    yield from changed("requires_person", old.requires_person and not new.requires_person,
                       "no person is demanded")  # fmt: skip
    yield from changed("two_person", old.two_person and not new.two_person,
                       "no second person is demanded")  # fmt: skip
    yield from changed(
        "on_unsupported_language",
        _LANGUAGE[new.on_unsupported_language] > _LANGUAGE[old.on_unsupported_language],
        f"texts in other languages: {new.on_unsupported_language}",
    )
    yield from changed("verification", old.verification == "strict" != new.verification,
                       "verification is not strict")  # fmt: skip
    yield from changed("fingerprints", new.fingerprints and not old.fingerprints,
                       "fingerprints of values are kept")  # fmt: skip
    yield from changed("metadata", old.metadata == "remove" != new.metadata, "metadata is kept")
    yield from changed("codes", bool(old.codes) and not new.codes, "any reason code is taken")
    yield from changed("attest", bool(set(old.attest) - set(new.attest)),
                       "a confirmation is gone")  # fmt: skip
    yield from _retention(old, new)


def _retention(old: Policy, new: Policy) -> Iterator[Loosening]:
    for name in ("workspace_days", "vault_days"):  # the ledger holds no personal data
        before, after = getattr(old.retention, name), getattr(new.retention, name)
        if before is not None and (after is None or after > before):
            yield Loosening(("retention",), f"{name} is longer")


def grouped(found: Sequence[Loosening]) -> dict[Part, list[str]]:
    """Loosenings by part, in order of first appearance."""
    parts: dict[Part, list[str]] = {}
    for item in found:
        parts.setdefault(item.part, []).append(item.what)
    return parts
