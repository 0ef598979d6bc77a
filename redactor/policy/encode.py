"""Policy <-> plain JSON data, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from redactor.errors import PolicyError
from redactor.policy.model import (
    About,
    EntityRule,
    FieldRule,
    HotwordRule,
    ListEntry,
    NerOptions,
    OfficeOptions,
    Override,
    PdfOptions,
    Policy,
    Retention,
    ReviewRule,
    Subject,
)
from redactor.values import Verdict

_PLAIN = (
    "name",
    "hash",
    "language",
    "description",
    "propagate",
    "phone_needs_context",
    "field_names",
    "escape_formulas",
    "plausible",
    "leak_min_length",
    "requires_person",
    "protected",
    "on_unsupported_language",
    "two_person",
    "verification",
    "fingerprints",
    "metadata",
)
_PARTS = ("about", "ner", "office", "pdf", "retention")
# what a policy says about itself and does not do
_NO_EFFECT = ("name", "hash", "description", "about", "overrides", "protected")


def to_data(policy: Policy) -> dict[str, Any]:
    """Everything but list entries and paths, as JSON data; see :func:`from_data`."""
    data: dict[str, Any] = {name: getattr(policy, name) for name in _PLAIN}
    data["default"] = _rule_data(policy.default)
    data["entities"] = {name: _rule_data(rule) for name, rule in policy.entities.items()}
    data["fields"] = [
        {**_slots(item), "rule": None if item.rule is None else _rule_data(item.rule)}
        for item in policy.fields
    ]
    data["languages"], data["countries"] = list(policy.languages), list(policy.countries)
    data["hotwords"] = [
        {
            **_slots(item),
            "verdict": None if item.verdict is None else str(item.verdict),
            "rule": None if item.rule is None else _rule_data(item.rule),
        }
        for item in policy.hotwords
    ]
    data["review"] = [_slots(item) for item in policy.review]
    data["overrides"] = [_slots(item) for item in policy.overrides]
    for name in _PARTS:
        data[name] = _slots(getattr(policy, name))
    data["subject_required"] = policy.subject.required
    data["laws"], data["attest"] = list(policy.laws), list(policy.attest)
    data["codes"] = dict(policy.codes)
    return data


def from_data(data: dict[str, Any]) -> Policy:
    """The policy that :func:`to_data` was given, had it no lists and no recognizers."""
    return Policy(
        **{name: data[name] for name in _PLAIN},
        languages=tuple(data["languages"]),
        countries=tuple(data["countries"]),
        about=About(**data["about"]),
        ner=NerOptions(**data["ner"]),
        retention=Retention(**data["retention"]),
        default=_rule(data["default"]),
        entities={name: _rule(rule) for name, rule in data["entities"].items()},
        fields=tuple(
            FieldRule(**{**item, "rule": None if item["rule"] is None else _rule(item["rule"])})
            for item in data["fields"]
        ),
        hotwords=tuple(
            HotwordRule(
                **{
                    **item,
                    "entities": tuple(item["entities"]),
                    "words": tuple(item["words"]),
                    "verdict": None if item["verdict"] is None else Verdict(item["verdict"]),
                    "rule": None if item["rule"] is None else _rule(item["rule"]),
                }
            )
            for item in data["hotwords"]
        ),
        review=tuple(
            ReviewRule(**{**item, "entities": tuple(item["entities"])}) for item in data["review"]
        ),
        overrides=tuple(Override(**item) for item in data["overrides"]),
        subject=Subject(required=data["subject_required"]),
        laws=tuple(data["laws"]),
        attest=tuple(data["attest"]),
        codes=data["codes"],
        pdf=PdfOptions(**data["pdf"]),
        office=OfficeOptions(**data["office"]),
    )


def _slots(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__}


def policy_hash(policy: Policy) -> str:
    """SHA-256 (hex) of what the policy does: equal for equal effect, wherever its files lie."""
    data = to_data(policy)
    for name in _NO_EFFECT:
        del data[name]
    if Path(policy.ner.model).is_absolute():
        data["ner"]["model"] = "folder"  # the model's own version stands in the Run record
    data["allow"] = [_entry_data(entry) for entry in policy.allow]
    data["deny"] = [_entry_data(entry) for entry in policy.deny]
    data["subject"] = _digest(v.encode("utf-8", "surrogatepass") for v in policy.subject.values)
    if policy.records:
        data["records"] = [
            [item.digest, item.columns, item.within, item.at_least] for item in policy.records
        ]
    data["recognizers"] = [_digest_path(Path(path)) for path in policy.recognizers]
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rule_data(rule: EntityRule) -> dict[str, Any]:
    return {**_slots(rule), "verdict": str(rule.verdict), "params": dict(rule.params)}


def _rule(data: dict[str, Any]) -> EntityRule:
    return EntityRule(**{**data, "verdict": Verdict(data["verdict"])})


def _entry_data(entry: ListEntry) -> dict[str, Any]:
    values = _digest(value.encode("utf-8", "surrogatepass") for value in entry.values)
    return {
        "values": entry.digest if entry.path else values,
        **({"fuzzy": True} if entry.fuzzy else {}),
        "pattern": entry.pattern,
        "entity": entry.entity,
        "ignore_case": entry.ignore_case,
        "reason": entry.reason,
        "expires": entry.expires,
    }


def _digest(parts: Iterable[bytes]) -> str:
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def _digest_path(path: Path) -> str:
    """Digest of a file, or of a folder's files with their names relative to it."""
    try:
        if path.is_file():
            return _digest([path.read_bytes()])
        files = sorted(
            item
            for item in path.rglob("*")
            if item.is_file() and item.suffix in (".yaml", ".yml", ".py")
        )
        return _digest(
            part
            for item in files
            for part in (item.relative_to(path).as_posix().encode(), item.read_bytes())
        )
    except OSError as error:
        raise PolicyError(f"a recognizer file cannot be read ({error.strerror})") from None
