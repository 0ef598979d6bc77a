"""Recognizers of a user: YAML files in Presidio's schema, Python files, folders of both.

Every file is checked before anything is scanned: patterns that are catastrophic are refused
with file and line, patterns that are too broad are told once on standard error. What a check
found out, and what a Python file's recognizers are, is kept in the state folder's cache by
the file's content; nothing there holds a value, and a file with a ``deny_list`` is read anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.detection.hazards import Slow, catastrophic, cost, too_broad
from redactor.detection.recognizer_file import Change, RecognizerFile
from redactor.detection.recognizer_yaml import read_file
from redactor.detection.rules import Pattern, Rule, Table, decode, encode
from redactor.errors import PolicyError, StateError
from redactor.home import check_owned, folder, write_private
from redactor.policy.source import did_you_mean
from redactor.version import __version__

_log = logging.getLogger("redactor")
_SHAPE = "2"  # raise when what is kept, or what is refused, changes
_COUNTS = 0.35  # a policy's usual threshold: a pattern below needs a context word
_MOST_PROBLEMS = 5  # catastrophic patterns take long: after so many the rest is not tried
SUFFIXES = (".yaml", ".yml", ".py")


@dataclass(frozen=True, slots=True)
class _Found:
    """A rule of a user and where it stands."""

    rule: Rule
    place: str


def rules_over(shipped: Sequence[Rule], paths: Iterable[str], language: str) -> list[Rule]:
    """The shipped rules as the user's files change them, and the user's own.

    Args:
        shipped: rules of the table.
        paths: files and folders, as :attr:`redactor.policy.model.Policy.recognizers`.
        language: of recognizers that name none.

    Raises:
        PolicyError: a file is not valid, or a recognizer stands in two of them.
        StateError: a Python file cannot be imported.
    """
    rules, found = list(shipped), list[_Found]()
    for path in paths:
        for file in files_of(Path(path)):
            if file.suffix == ".py":
                found += [_Found(rule, file.name) for rule in read_python(file)]
                continue
            read = read_checked(file, language=language)
            for note in read.notes:
                tell_once(note)
            for recognizer in read.custom:
                place = f"{read.name}:{recognizer.line}"
                found += [_Found(rule, place) for rule in recognizer.rules]
            for change in read.changes:
                rules = _changed(rules, change, read.name)
    _refuse_repeated(found, {rule.name for rule in shipped})
    return [*rules, *(one.rule for one in found)]


def files_of(path: Path) -> list[Path]:
    """A file itself, or the recognizer files of a folder, sorted."""
    if path.is_dir():
        return sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and p.is_file())
    return [path]


def read_yaml(path: Path, source: str, language: str = "en") -> list[Rule]:
    """The rules of one of our own files, which need no check.

    Raises:
        PolicyError: every problem of the file, each with its line.
    """
    found = read_file(path, source=source, language=language)
    return [rule for recognizer in found.custom for rule in recognizer.rules]


def read_checked(path: Path, *, language: str = "en") -> RecognizerFile:
    """A YAML file whose patterns are not catastrophic; its notes tell of too broad ones.

    Raises:
        PolicyError: every problem of the file, each with its line.
    """
    found = read_file(path, language=language)
    key = _key("checked", path.name.encode() + b"\0" + path.read_bytes())
    kept = _kept(key)
    if kept is None:
        problems, notes = check(found)
        if problems:
            head = [f"{len(problems)} problems in {path.name}:"] if len(problems) > 1 else []
            raise PolicyError("\n".join([*head, *problems]))
        kept = {"notes": notes}
        _keep(key, kept)
    return replace(found, notes=(*found.notes, *kept["notes"]))


def check(file: RecognizerFile) -> tuple[list[str], list[str]]:
    """(problems, notes): patterns that are catastrophic, and those that are too broad."""
    problems: list[str] = []
    notes: list[str] = []
    for recognizer in file.custom:
        rule = recognizer.rules[0]
        for pattern, line in zip(rule.patterns, recognizer.pattern_lines, strict=True):
            place = f"{file.name}:{line}"
            slow = None if recognizer.allow_slow else catastrophic(pattern)
            if slow is not None:
                problems.append(
                    f"{place}: {_refusal(rule, pattern, slow)}, or name the recognizer under "
                    "`allow_slow`"
                )
                if len(problems) >= _MOST_PROBLEMS:
                    return problems, notes
                continue
            said = broad(rule, pattern)
            if said:
                notes.append(f"{place}: pattern {pattern.name} of {rule.name} is too broad: {said}")
    return problems, notes


def broad(rule: Rule, pattern: Pattern) -> str:
    """Why a pattern is too broad; "" where it is not."""
    threshold = _COUNTS if rule.threshold is None else rule.threshold
    return too_broad(cost(rule, pattern), counts_alone=pattern.score >= threshold)


def _refusal(rule: Rule, pattern: Pattern, slow: Slow) -> str:
    why = f" ({slow.why})" if slow.why else ""
    return (
        f"pattern {pattern.name} of {rule.name} is catastrophic: 2,000 characters made to "
        f"mislead it take more than half a second{why}. Make what repeats begin or end with "
        "something of its own, set an upper bound as {1,30}"
    )


def _changed(rules: list[Rule], change: Change, file: str) -> list[Rule]:
    """The rules after what a file says about a predefined recognizer."""
    mine = [rule for rule in rules if rule.name == change.recognizer]
    if not mine:
        names = sorted({rule.name for rule in rules})
        raise PolicyError(
            f"{file}:{change.line}: there is no predefined recognizer {change.recognizer}"
            f"{did_you_mean(change.recognizer, names)}"
        )
    renamed = change.label != change.recognizer
    others = rules if renamed else [rule for rule in rules if rule.name != change.recognizer]
    if not change.enabled:
        return [*others]
    limits = dict(change.thresholds)
    changed = []
    for language, context in change.languages or (("", None),):
        fitting = [rule for rule in mine if rule.language in ("", language)] if language else mine
        for rule in fitting or _one_language(mine):
            words = change.context if context is None else context
            entity = change.entity or rule.entity
            changed.append(
                replace(
                    rule,
                    name=change.label,
                    entity=entity,
                    language=language or rule.language,
                    context=rule.context if words is None else words,
                    threshold=limits.get(entity, limits.get("default", rule.threshold)),
                )
            )
    return [*others, *changed]


def _one_language(rules: Sequence[Rule]) -> list[Rule]:
    """The variants of the first language: what another language is made of."""
    return [rule for rule in rules if rule.language == rules[0].language]


def _refuse_repeated(found: Sequence[_Found], predefined: set[str]) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for one in found:
        rule = one.rule
        if rule.name in predefined:
            raise PolicyError(
                f"{one.place}: {rule.name} is a predefined recognizer: choose another name, or "
                "change it with `type: predefined`"
            )
        first = seen.setdefault((rule.name, rule.entity, rule.language), one.place)
        if first != one.place:
            raise PolicyError(f"{one.place}: recognizer {rule.name} stands in {first}, too")


def read_python(path: Path) -> list[Rule]:
    """Recognizer classes of a Python file: table rules where their logic is Presidio's own.

    Imported in a process of its own, once; the cache keeps Presidio out of later starts,
    until a class must really run.

    Raises:
        StateError: the file cannot be imported, or Presidio is missing.
        PolicyError: a recognizer cannot be made, or a pattern is catastrophic.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read ({error.strerror})") from None
    key = _key("rules", content)
    kept = _kept(key)
    if kept is None:
        from redactor.detection.python_host import host

        rules = host().describe(path)
        _refuse_slow(path, rules)
        kept = {"rules": encode(Table(tuple(rules)))["rules"]}
        _keep(key, kept)
    rules = list(decode({"rules": kept["rules"], "versions": {}}).rules)
    return [
        replace(rule, reference=f"{path}:{rule.reference}" if rule.reference else "")
        for rule in rules
    ]


def _refuse_slow(path: Path, rules: Sequence[Rule]) -> None:
    for rule in rules:
        for pattern in rule.patterns:
            slow = catastrophic(pattern)
            if slow is not None:
                raise PolicyError(f"{path.name}: {_refusal(rule, pattern, slow)}")


@lru_cache(maxsize=1024)
def tell_once(sentence: str) -> None:
    """Say something on standard error, once in this process."""
    _log.warning("%s", sentence)


def _key(kind: str, content: bytes) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        presidio = version("presidio-analyzer") if kind == "rules" else ""
    except PackageNotFoundError:
        presidio = "none"
    mark = f"{_SHAPE}\0{__version__}\0{presidio}\0".encode()
    return f"{kind}-{hashlib.sha256(mark + content).hexdigest()[:32]}"


def _kept(key: str) -> dict[str, Any] | None:
    try:
        path = folder("cache") / key
        check_owned(path)
        digest, _, payload = path.read_bytes().partition(b"\n")
    except (OSError, StateError):
        return None  # missing or not to be trusted: made anew
    if digest.decode("ascii", "replace") != hashlib.sha256(payload).hexdigest():
        return None
    kept: dict[str, Any] = json.loads(payload)
    return kept


def _keep(key: str, content: object) -> None:
    payload = json.dumps(content).encode()
    digest = hashlib.sha256(payload).hexdigest().encode()
    try:
        write_private(folder("cache") / key, digest + b"\n" + payload)
    except (OSError, StateError):
        return  # a cache that cannot be written only costs time
