"""Recognizer files: Presidio's YAML schema, and Python files with recognizer classes.

YAML is read without Presidio. Beside Presidio's keys a file may have sections ``validators``,
``invalidators`` and ``gates`` (recognizer name -> name of one of our checks), which Presidio ignores.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import regex

from recognizers.validators import GATES, INVALIDATORS, VALIDATORS
from redactor.detection.analyse import describe
from redactor.detection.rules import Pattern, Rule, Table, decode, encode
from redactor.errors import PolicyError, StateError
from redactor.home import check_owned, folder, write_private
from redactor.version import __version__

_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")


def read(path: Path) -> list[Rule]:
    """The rules of a file, or of every ``.yaml``, ``.yml`` and ``.py`` file of a folder.

    Raises:
        PolicyError: a file is not valid.
    """
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml", ".py"))
        return [rule for file in files for rule in read(file)]
    if path.suffix == ".py":
        return _read_python(path)
    return read_yaml(path, source=path.name)


def read_yaml(path: Path, source: str) -> list[Rule]:
    """The rules of one YAML file; see :func:`read`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise PolicyError(f"{path.name}:{line}: not YAML") from None
    entries = data.get("recognizers") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise PolicyError(f"{path.name}: a list `recognizers` is missing")
    checks = {**(data.get("validators") or {}), **(data.get("invalidators") or {})}
    gates = data.get("gates") or {}
    return [_rule(entry, checks, gates, f"{path.name}, recognizer {number}", source)
            for number, entry in enumerate(entries, start=1)
            if not (isinstance(entry, dict) and entry.get("enabled") is False)]  # fmt: skip


def _rule(
    entry: Any, checks: Mapping[str, str], gates: Mapping[str, str], where: str, source: str
) -> Rule:
    if not isinstance(entry, dict):
        raise PolicyError(f"{where}: must be a mapping")
    if entry.get("type", "custom") != "custom":
        raise PolicyError(f"{where}: only type custom can be defined in a file")
    name, entity = entry.get("name"), entry.get("supported_entity")
    if not isinstance(name, str) or not name:
        raise PolicyError(f"{where}: `name` is missing")
    if not isinstance(entity, str) or not _ENTITY.match(entity):
        raise PolicyError(f"{where}: `supported_entity` must be like EMPLOYEE_ID")
    patterns = [_pattern(pattern, where) for pattern in entry.get("patterns") or ()]
    if entry.get("deny_list"):
        words = "|".join(re.escape(str(word)) for word in entry["deny_list"])
        score = float(entry.get("deny_list_score", 1.0))
        patterns.append(describe("deny_list", rf"(?:^|(?<=\W))({words})(?:(?=\W)|$)", score))
    if not patterns:
        raise PolicyError(f"{where}: needs `patterns` or a `deny_list`")
    check = checks.get(name, "")
    if check and check not in VALIDATORS and check not in INVALIDATORS:
        raise PolicyError(f"{where}: there is no validator {check}")
    gate = gates.get(name, "")
    if gate and gate not in GATES:
        raise PolicyError(f"{where}: there is no gate {gate}")
    languages = entry.get("supported_languages") or [entry.get("supported_language", "en")]
    first = languages[0]
    return Rule(
        name=name,
        entity=entity,
        language=first["language"] if isinstance(first, dict) else str(first),
        patterns=tuple(patterns),
        context=tuple(str(word) for word in entry.get("context") or ()),
        validator=check if check in VALIDATORS else "",
        invalidator=check if check in INVALIDATORS else "",
        gate=gate,
        source=source,
    )


def _pattern(entry: Any, where: str) -> Pattern:
    try:
        name, text, score = str(entry["name"]), str(entry["regex"]), float(entry["score"])
    except (TypeError, KeyError, ValueError):
        raise PolicyError(f"{where}: a pattern needs `name`, `regex` and `score`") from None
    if not 0 <= score <= 1:
        raise PolicyError(f"{where}: the score of pattern {name} must lie between 0 and 1")
    pattern = describe(name, text, score)
    try:
        regex.compile(text, flags=pattern.flags)
    except regex.error as error:
        raise PolicyError(f"{where}: pattern {name} is no regex: {error}") from None
    return pattern


def _read_python(path: Path) -> list[Rule]:
    """Recognizer classes of a Python file: table rules where their logic is Presidio's own.

    Compiled once; a cache keyed by content and versions keeps Presidio out of later starts,
    until a class must really run.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read ({error.strerror})") from None
    key = _key(content)
    rules = _cached(key)
    if rules is None:
        rules = _compile_python(path)
        _keep(key, rules)
    return [
        replace(rule, reference=f"{path}:{rule.reference}" if rule.reference else "")
        for rule in rules
    ]


def _compile_python(path: Path) -> list[Rule]:
    """The rules, each ``reference`` a class name; imports the file and Presidio."""
    from redactor.detection.compile import rule_of
    from redactor.detection.python_rules import classes

    found = []
    for name, cls in classes(path):
        try:
            recognizer = cls()
        except Exception as error:  # whatever the user's constructor raises
            raise PolicyError(
                f"{path.name}: {name}() failed ({type(error).__name__}): it must need no arguments"
            ) from None
        rule = rule_of(recognizer, source=path.name, reference=name)
        found += [replace(rule, entity=entity) for entity in recognizer.supported_entities]
    return found


def _key(content: bytes) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        presidio = version("presidio-analyzer")
    except PackageNotFoundError:
        presidio = "none"
    mark = f"{__version__}\0{presidio}\0".encode()
    return hashlib.sha256(mark + content).hexdigest()[:32]


def _cached(key: str) -> list[Rule] | None:
    try:
        path = folder("cache") / f"rules-{key}"
        check_owned(path)
        digest, _, payload = path.read_bytes().partition(b"\n")
    except (OSError, StateError):
        return None  # missing or not to be trusted: compiled anew
    if digest.decode("ascii", "replace") != hashlib.sha256(payload).hexdigest():
        return None
    return list(decode(json.loads(payload)).rules)


def _keep(key: str, rules: list[Rule]) -> None:
    payload = json.dumps(encode(Table(tuple(rules)))).encode()
    digest = hashlib.sha256(payload).hexdigest().encode()
    try:
        write_private(folder("cache") / f"rules-{key}", digest + b"\n" + payload)
    except (OSError, StateError):
        return  # a cache that cannot be written only costs time
