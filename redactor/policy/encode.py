"""Policy <-> plain JSON data, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from redactor.errors import PolicyError
from redactor.policy.model import EntityRule, FieldRule, ListEntry, NerOptions, Policy
from redactor.values import Verdict

_PLAIN = (
    "name",
    "hash",
    "language",
    "description",
    "propagate",
    "phone_needs_context",
    "plausible",
    "leak_min_length",
    "requires_person",
)


def to_data(policy: Policy) -> dict[str, Any]:
    """Everything but list entries and paths, as JSON data; see :func:`from_data`."""
    data: dict[str, Any] = {name: getattr(policy, name) for name in _PLAIN}
    data["default"] = _rule_data(policy.default)
    data["entities"] = {name: _rule_data(rule) for name, rule in policy.entities.items()}
    data["fields"] = [
        {
            "entity": item.entity,
            "name": item.name,
            "path": item.path,
            "rule": None if item.rule is None else _rule_data(item.rule),
            "id": item.id,
        }
        for item in policy.fields
    ]
    ner = policy.ner
    data["ner"] = {
        "use": ner.use,
        "backend": ner.backend,
        "model": ner.model,
        "on_failure": ner.on_failure,
    }
    return data


def from_data(data: dict[str, Any]) -> Policy:
    """The policy that :func:`to_data` was given, had it no lists and no recognizers."""
    return Policy(
        **{name: data[name] for name in _PLAIN},
        default=_rule(data["default"]),
        entities={name: _rule(rule) for name, rule in data["entities"].items()},
        fields=tuple(
            FieldRule(
                item["entity"],
                item["name"],
                item["path"],
                None if item["rule"] is None else _rule(item["rule"]),
                item["id"],
            )
            for item in data["fields"]
        ),
        ner=NerOptions(**data["ner"]),
    )


def policy_hash(policy: Policy) -> str:
    """SHA-256 (hex) of what the policy does: equal for equal effect, wherever its files lie."""
    data = to_data(policy)
    for name in ("name", "hash", "description"):
        del data[name]
    if Path(policy.ner.model).is_absolute():
        data["ner"]["model"] = "folder"  # the model's own version stands in the Run record
    data["allow"] = [_entry_data(entry) for entry in policy.allow]
    data["deny"] = [_entry_data(entry) for entry in policy.deny]
    data["recognizers"] = [_digest_path(Path(path)) for path in policy.recognizers]
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rule_data(rule: EntityRule) -> dict[str, Any]:
    return {
        "verdict": str(rule.verdict),
        "operator": rule.operator,
        "params": dict(rule.params),
        "threshold": rule.threshold,
        "priority": rule.priority,
        "reason": rule.reason,
    }


def _rule(data: dict[str, Any]) -> EntityRule:
    return EntityRule(**{**data, "verdict": Verdict(data["verdict"])})


def _entry_data(entry: ListEntry) -> dict[str, Any]:
    return {
        "values": _digest(value.encode("utf-8", "surrogatepass") for value in entry.values),
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
