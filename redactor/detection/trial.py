"""Trying recognizers: what their patterns cost, what they find, whether their tests hold.

Nothing here returns text of an example or a file: places, scores and reasons only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from redactor.detection import automaton
from redactor.detection.confirm import ActiveRule
from redactor.detection.custom import broad, check, files_of, read_python
from redactor.detection.hazards import Cost, cost
from redactor.detection.patterns import Scanner
from redactor.detection.recognizer_file import Example
from redactor.detection.recognizer_yaml import read_file
from redactor.detection.rules import Pattern, Rule, shipped_table
from redactor.errors import UsageError
from redactor.policy.source import did_you_mean
from redactor.values import Finding

THRESHOLD = 0.35  # of a policy that says nothing else
_EVERY_TEXT = "."  # trigger of what the automaton cannot hold


@dataclass(frozen=True, slots=True)
class PatternReport:
    """What a pattern costs.

    ``trigger``: how the automaton holds it: exact, wider, no (not at all), or none (there is
    no automaton here); ``width``: longest match in characters, None for no limit.
    """

    name: str
    score: float
    measured: Cost
    trigger: str
    width: int | None
    too_broad: str


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """An example and how it went; ``said`` is "" where it holds."""

    line: int
    match: bool
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """One recognizer: all its languages, patterns and examples."""

    name: str
    entity: str
    languages: tuple[str, ...]
    place: str
    rules: tuple[Rule, ...]
    patterns: tuple[PatternReport, ...]
    examples: tuple[ExampleReport, ...]

    @property
    def failed(self) -> int:
        """Examples that do not hold."""
        return sum(1 for example in self.examples if example.said)


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried; ``problems`` are sentences with file and line about slow patterns."""

    reports: tuple[Report, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """No example failed, and no pattern is refused."""
        return not self.problems and not any(report.failed for report in self.reports)


def try_recognizers(target: str, *, threshold: float = THRESHOLD) -> Trial:
    """Try a recognizer file, a folder of them, or a shipped recognizer by its name.

    Raises:
        UsageError: there is neither a file nor a recognizer of that name.
        PolicyError: a file is not valid.
    """
    path = Path(target)
    if path.exists():
        reports: list[Report] = []
        problems: list[str] = []
        notes: list[str] = []
        for file in files_of(path):
            if file.suffix == ".py":
                reports += _of_rules(read_python(file), file.name)
                continue
            read = read_file(file)
            slow, wide = check(read)
            problems += slow
            notes += [*read.notes, *wide]
            for recognizer in read.custom:
                examples = run_examples(recognizer.rules, recognizer.examples, threshold=threshold)
                place = f"{read.name}:{recognizer.line}"
                reports.append(_report(recognizer.rules, place, examples))
        return Trial(tuple(reports), tuple(problems), tuple(notes))
    rules = [rule for rule in shipped_table().rules if rule.name == target]
    if not rules:
        names = sorted({rule.name for rule in shipped_table().rules})
        raise UsageError(
            f"there is no file and no recognizer {target}{did_you_mean(target, names)}: see "
            "`redactor recognizers list`"
        )
    return Trial(tuple(_of_rules(rules, rules[0].source)), (), ())


def run_examples(
    rules: Sequence[Rule], examples: Sequence[Example], *, threshold: float = THRESHOLD
) -> tuple[ExampleReport, ...]:
    """Whether a recognizer finds in each example what the example says."""
    if not examples:
        return ()
    scanner = scanner_of(rules, threshold=threshold)
    return tuple(
        ExampleReport(example.line, example.match, _fault(example, scanner)) for example in examples
    )


def scanner_of(rules: Sequence[Rule], *, threshold: float = THRESHOLD) -> Scanner:
    """A scanner of these rules only."""
    return Scanner([ActiveRule(rule, threshold) for rule in rules], {})


def find(trial: Trial, text: str, *, threshold: float = THRESHOLD) -> list[Finding]:
    """What the tried recognizers find in a text, by place."""
    rules = [rule for report in trial.reports for rule in report.rules]
    found = scanner_of(rules, threshold=threshold).scan_text(text)
    return sorted(set(found), key=lambda finding: (finding.span, finding.recognizer))


def cost_class(rule: Rule) -> str:
    """How much text a rule is confirmed in: the dearer, the later in this list.

    ``windows`` around hits of the automaton; ``numbers``: candidates of libphonenumber;
    ``whole text`` of a hit; ``class``: a Python class asked on hits; ``every text``.
    """
    if rule.kind == "phone":
        return "numbers"
    if rule.kind == "python":
        return "class" if rule.patterns else "class, every text"
    if any(pattern.trigger in (None, _EVERY_TEXT) for pattern in rule.patterns):
        return "every text"
    unlimited = any(pattern.width is None for pattern in rule.patterns)
    return "whole text" if unlimited and rule.kind != "url" else "windows"


def _fault(example: Example, scanner: Scanner) -> str:
    found = {finding.text for finding in scanner.scan_text(example.text)}
    if not example.match:
        return "" if not found else f"finds {len(found)} things where it should find nothing"
    if not found:
        return "finds nothing where it should find something"
    if example.finds is not None and set(example.finds) != found:
        missing = len(set(example.finds) - found)
        more = len(found - set(example.finds))
        return f"finds other texts than it should: {missing} are missing, {more} are too many"
    return ""


def _of_rules(rules: Sequence[Rule], place: str) -> list[Report]:
    by_name: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        by_name.setdefault((rule.name, rule.entity), []).append(rule)
    return [_report(tuple(group), place, ()) for group in by_name.values()]


def _report(rules: Sequence[Rule], place: str, examples: tuple[ExampleReport, ...]) -> Report:
    first = rules[0]
    return Report(
        name=first.name,
        entity=first.entity,
        languages=tuple(rule.language or "any" for rule in rules),
        place=place,
        rules=tuple(rules),
        patterns=tuple(_pattern(first, pattern) for pattern in first.patterns),
        examples=examples,
    )


def _pattern(rule: Rule, pattern: Pattern) -> PatternReport:
    return PatternReport(
        name=pattern.name,
        score=pattern.score,
        measured=cost(rule, pattern),
        trigger=automaton.fit(str(pattern.trigger), pattern.flags)
        if pattern.trigger not in (None, _EVERY_TEXT)
        else "no",
        width=pattern.width,
        too_broad=broad(rule, pattern),
    )
