"""A gate: bounds on scores that a change must not break.

    sets:
      dev.jsonl:
        leak: {max: 0.02}
        char_precision: {min: 0.97}
        PERSON: {overlap.recall: {min: 0.97}, strict.f1: {min: 0.8}}
        core: {overlap.f2: {min: 0.9}}

``core`` is all core types added up. A type, or a set, with fewer than 30 gold spans never
gates. With a baseline (the ``--json`` of an earlier run) a score that fell by more than its
95 % interval allows is a regression too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redactor.errors import UsageError
from redactor.quality.evaluate.score import SMALLEST, wilson

CORE = (
    "PERSON", "LOCATION", "ORGANIZATION", "PHONE_NUMBER", "EMAIL_ADDRESS", "CREDIT_CARD",
    "IBAN_CODE", "US_SSN", "IP_ADDRESS", "URL", "US_DRIVER_LICENSE",
)  # fmt: skip
_WHOLE = ("leak", "char_precision")


def read_gate(path: Path) -> dict[str, Any]:
    """The gate of a YAML file.

    Raises:
        UsageError: not a gate; names the set and key.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UsageError(f"the gate {path.name} cannot be read ({type(error).__name__})") from None
    sets = data.get("sets") if isinstance(data, dict) else None
    if not isinstance(sets, dict) or not all(isinstance(v, dict) for v in sets.values()):
        raise UsageError(f"{path.name}: a gate has `sets`, and bounds for each")
    for name, bounds in sets.items():
        for key, bound in bounds.items():
            parts = {key: bound} if key in _WHOLE else bound
            if not isinstance(parts, dict):
                raise UsageError(f"{path.name}: {name}, {key} needs bounds")
            for part, limits in parts.items():
                if not isinstance(limits, dict) or not limits or set(limits) - {"min", "max"}:
                    raise UsageError(f"{path.name}: {name}, {key}, {part} needs `min` or `max`")
    return dict(data)


def failures(gate: Mapping[str, Any], report: Mapping[str, Any]) -> list[str]:
    """What of the gate does not hold, a sentence each; ``report`` of one set and one system.

    Raises:
        UsageError: the gate names a set, type or score that was not measured.
    """
    found = []
    bounds = gate["sets"].get(report["set"])
    if bounds is None:
        raise UsageError(f"the gate says nothing about the set {report['set']}")
    for key, bound in bounds.items():
        if key in _WHOLE:
            if report["gold"] >= SMALLEST:
                found += _check(key, report[key], bound)
            continue
        row = report["core"] if key == "core" else report["types"].get(key)
        if row is None:
            raise UsageError(f"the gate names {key}, which set {report['set']} does not hold")
        if row["gates"]:
            for path, limits in bound.items():
                found += _check(f"{key} {path}", _value(row, path), limits)
    return found


def regressions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Types whose overlap recall or precision fell below the old interval's lower end."""
    found = []
    for name, row in new["types"].items():
        before = old["types"].get(name)
        if before is None or not row["gates"]:
            continue
        for score, total in (("recall", "n"), ("precision", "found")):
            then = before["overlap"][score]
            low, _ = wilson(round(then * before[total]), before[total])
            if row["overlap"][score] < low:
                found.append(
                    f"{name} overlap {score} fell from {then} to {row['overlap'][score]}, "
                    f"below {low:.4f}"
                )
    return found


def _value(row: Mapping[str, Any], path: str) -> float:
    value: Any = row
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise UsageError(f"the gate names a score {path}, which is not measured")
        value = value[part]
    return float(value)


def _check(name: str, value: float, limits: Mapping[str, float]) -> list[str]:
    said = []
    if "min" in limits and value < limits["min"]:
        said.append(f"{name} is {value}, must be at least {limits['min']}")
    if "max" in limits and value > limits["max"]:
        said.append(f"{name} is {value}, must be at most {limits['max']}")
    return said
