"""The fused scanner: one pass of the automaton, then confirmation record by record.

A *record* is what Presidio would be given as one text: a line of a log, a cell, a value, or
a whole document. All small texts of a release unit go through the automaton together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Self

import regex

from redactor.detection import automaton, folded, phones, urls
from redactor.detection.confirm import ActiveRule, Ends, Match
from redactor.detection.context import rarest
from redactor.detection.proxy import to_bytes, to_proxy
from redactor.detection.rules import TABLE, Rule, Table, shipped_table
from redactor.policy.model import Policy
from redactor.values import Finding, Locator, Source, Span, Unit, Why

# what an expression of the automaton stands for, beside the numbers of a rule's patterns
_CONTEXT, _PHONE, _PLUS = -1, -2, -3

_NON_ASCII_LINE = regex.compile(r"[^\n]*[^\x00-\x7f\n][^\n]*")
_SMALL = 20_000  # characters; units up to this size share a pass


class Scanner:
    """Finds what a policy's pattern rules find. Make it with :meth:`load`."""

    def __init__(self, rules: Sequence[ActiveRule], versions: Mapping[str, str]) -> None:
        self._rules = rules
        self.version = dict(versions)
        expressions, self._targets = _expressions(rules)
        self._scan, refused = automaton.load(expressions, secret=_holds_values(rules))
        self._numbers = frozenset(
            number for number, active in enumerate(rules) if folded.is_for_numbers(active.rule)
        )
        everything = frozenset(range(len(expressions)))
        # expressions that must be taken as hit on every record, and on non-ASCII records
        self._always = everything if self._scan is None else refused
        self._not_ascii = self._always | {
            number
            for number, targets in enumerate(self._targets)
            if any(self._ascii_only(rule, pattern) for rule, pattern in targets)
        }

    @classmethod
    def load(cls, policy: Policy) -> Self:
        """The scanner for a policy: shipped rules, and those of its recognizer files.

        Raises:
            PolicyError: a recognizer file is not valid.
            StateError: the table is missing, or a Python recognizer needs Presidio.
        """
        table = shipped_table(frozenset(policy.entities))
        return cls(_active(table, policy), table.versions)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in use."""
        return tuple(active.rule for active in self._rules)

    @property
    def entities(self) -> frozenset[str]:
        """Entity types that some rule in use finds."""
        return frozenset(active.rule.entity for active in self._rules)

    def find(self, units: Sequence[Unit]) -> list[Finding]:
        """Findings at or above the thresholds, overlaps and all, in order of the units."""
        found: list[Finding] = []
        together: list[Unit] = []
        for unit in units:
            if unit.by_line or len(unit.text) > _SMALL:
                found += self._joined(together)
                together = []
                found += self._alone(unit)
            elif unit.text:
                together.append(unit)
        return found + self._joined(together) + self._folded(units)

    def scan_text(self, text: str, *, by_line: bool = False) -> list[Finding]:
        """Findings in one text; offsets are code points."""
        return self.find([Unit("text", text, Locator("text", "0"), by_line=by_line)])

    def scan_bytes(self, data: bytes, *, by_line: bool = True) -> list[Finding]:
        """Findings in UTF-8 bytes; **offsets are bytes**, invalid bytes count as characters."""
        text = data.decode("utf-8", "surrogateescape")
        found = self.scan_text(text, by_line=by_line)
        if text.isascii():
            return found
        moved, at, offset = [], 0, 0
        places: dict[int, int] = {}
        for point in sorted({p for f in found for p in (f.start, f.end)}):
            offset += len(text[at:point].encode("utf-8", "surrogateescape"))
            at = point
            places[point] = offset
        for finding in found:
            span = Span(places[finding.start], places[finding.end])
            moved.append(
                Finding(
                    finding.unit, span, finding.entity_type, finding.score, finding.recognizer,
                    finding.why, finding.text,
                )
            )  # fmt: skip
        return moved

    def _alone(self, unit: Unit) -> list[Finding]:
        text = unit.text
        bounds = _Lines(text) if unit.by_line else _Whole(text)
        found: list[Finding] = []
        for start, end, hits in self._records(text, bounds):
            record = text[start:end] if unit.by_line else text
            for rule, match in self._confirm(record, start, hits):
                found.append(_finding(unit, rule, match, start, record))
        return found

    def _folded(self, units: Sequence[Unit]) -> list[Finding]:
        """Numbers with other digits and separators; see :mod:`redactor.detection.folded`."""
        if not self._numbers:
            return []
        read = [
            (unit, stretch)
            for unit in units
            for stretch in folded.stretches(unit.text, by_line=unit.by_line)
        ]
        plain = [Unit(str(n), part.text, unit.locator) for n, (unit, part) in enumerate(read)]
        asked = [self._rules[number].rule for number in self._numbers]
        rules = {(rule.entity, rule.name): rule for rule in asked}
        found: dict[tuple[object, ...], Finding] = {}
        for finding in self._joined(plain, self._numbers):
            unit, part = read[int(finding.unit)]
            rule = rules[finding.entity_type, finding.recognizer]
            if folded.is_believed(finding, rule, part, unit.text):
                span = Span(*part.original(finding.start, finding.end))
                why = replace(finding.why, detail=folded.DETAIL)
                text = unit.text[span.start : span.end]
                moved = replace(finding, unit=unit.id, span=span, why=why, text=text)
                found.setdefault((unit.id, span, rule.entity, rule.name), moved)
        return list(found.values())

    def _joined(self, units: Sequence[Unit], only: frozenset[int] | None = None) -> list[Finding]:
        if not units:
            return []
        starts, total = [], 0
        for unit in units:
            starts.append(total)
            total += len(unit.text) + 1
        text = "\n".join(unit.text for unit in units)
        found: list[Finding] = []
        for start, _, hits in self._records(text, _Parts(starts, total)):
            unit = units[bisect_right(starts, start) - 1]
            for rule, match in self._confirm(unit.text, start, hits, only):
                found.append(_finding(unit, rule, match, 0, unit.text))
        return found

    def _records(
        self, text: str, bounds: _Lines | _Whole | _Parts
    ) -> Iterator[tuple[int, int, dict[int, list[int] | None]]]:
        """Records that were hit: start, end, expression -> ends (None: everywhere)."""
        hits: list[tuple[int, int]] = self._scan(to_bytes(text)) if self._scan else []
        extra = self._extra(text, bounds)
        start = stop = -1
        found: dict[int, list[int] | None] = {}
        extras = iter(extra)
        next_extra = next(extras, None)
        for number, end in hits:
            if end - 1 > stop:  # a line feed belongs to the record that it ends
                if found:
                    yield start, stop, found
                    found = {}
                start, new_stop = bounds.around(end - 1)
                while next_extra is not None and next_extra[0] < start:
                    yield next_extra[0], next_extra[1], dict.fromkeys(next_extra[2])
                    next_extra = next(extras, None)
                stop = new_stop
                if next_extra is not None and next_extra[0] == start:
                    found = dict.fromkeys(next_extra[2])
                    next_extra = next(extras, None)
            ends = found.get(number, ())
            if ends is None:
                continue
            if ends:
                ends.append(end)
            else:
                found[number] = [end]
        if found:
            yield start, stop, found
        while next_extra is not None:
            yield next_extra[0], next_extra[1], dict.fromkeys(next_extra[2])
            next_extra = next(extras, None)

    def _extra(
        self, text: str, bounds: _Lines | _Whole | _Parts
    ) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Records on which expressions count as hit whatever the automaton says."""
        if self._always:
            for start, end in bounds.all():
                plain = text[start:end].isascii()
                yield start, end, self._always if plain else self._not_ascii
        elif self._not_ascii and not text.isascii():
            for start, end in bounds.not_ascii(text):
                yield start, end, self._not_ascii

    def _confirm(
        self,
        record: str,
        start: int,
        hits: Mapping[int, list[int] | None],
        only: frozenset[int] | None = None,
    ) -> Iterator[tuple[Rule, Match]]:
        by_rule: dict[int, dict[int, Ends]] = {}
        asked: list[ActiveRule] = []
        found: list[tuple[Rule, Match]] = []
        for number, ends in hits.items():
            relative = ends if not start or ends is None else [end - start for end in ends]
            for rule, pattern in self._targets[number]:
                by_rule.setdefault(rule, {})[pattern] = relative
        for number in sorted(by_rule if only is None else by_rule.keys() & only):
            active, wanted = self._rules[number], by_rule[number]
            context_hit = wanted.pop(_CONTEXT, 0) != 0
            if active.rule.kind == "phone":
                plus_hit = _PLUS in wanted
                for match in active.phones(record, context_hit=context_hit, plus_hit=plus_hit):
                    found.append((active.rule, match))
            elif active.rule.kind == "python":
                asked.append(active)
            elif wanted:
                for match in active.matches(record, wanted, context_hit=context_hit):
                    found.append((active.rule, match))
        yield from found
        if asked:
            yield from _ask_classes(asked, record, found)

    def _ascii_only(self, rule: int, pattern: int) -> bool:
        active = self._rules[rule]
        if active.rule.kind == "python" and not active.rule.patterns:
            return True
        return pattern >= 0 and active.rule.patterns[pattern].ascii_only


def ship_automata(policies: Sequence[Policy]) -> list[str]:
    """Write the automata of these policies beside the table; returns file names."""
    table = shipped_table.__wrapped__()
    target = TABLE.parent
    for old in target.glob("*.hs"):
        old.unlink()
    return [
        automaton.compile_to(_expressions(_active(table, policy))[0], target) for policy in policies
    ]


def rules_for(table: Table, policy: Policy) -> list[Rule]:
    """Every rule of the policy's languages, whether it looks for its type or not.

    A type that it does look for is looked for in any language that knows it.
    """
    rules: Sequence[Rule] = table.rules
    if policy.recognizers:
        from redactor.detection.custom import rules_over

        rules = rules_over(rules, policy.recognizers, policy.language)
    languages = {policy.language, *policy.languages}
    wanted = in_languages((rule for rule in rules if rule.entity in policy.entities), languages)
    others = (rule for rule in rules if rule.entity not in policy.entities)
    return [*wanted, *(rule for rule in others if rule.language in languages)]


def _active(table: Table, policy: Policy) -> list[ActiveRule]:
    return [
        ActiveRule(
            rule,
            policy.floors[rule.entity],
            phone_needs_context=policy.phone_needs_context,
            plausible=policy.plausible,
        )
        for rule in rules_for(table, policy)
        if rule.entity in policy.entities
    ]


def in_languages(rules: Iterable[Rule], languages: Collection[str]) -> list[Rule]:
    """The variants of each recognizer that speak these languages, else all that it has.

    A type that a policy names is always looked for: languages choose context words, they
    switch nothing off. Variants that differ in these only become one rule.
    """
    variants: dict[tuple[str, str, str], list[Rule]] = {}
    for rule in rules:
        variants.setdefault((rule.entity, rule.name, rule.source), []).append(rule)
    chosen: list[Rule] = []
    for group in variants.values():
        fitting = [rule for rule in group if not rule.language or rule.language in languages]
        joined: dict[Rule, list[str]] = {}
        for rule in fitting or group:
            joined.setdefault(replace(rule, context=(), language=""), []).extend(rule.context)
        if len(joined) == len(fitting or group):
            chosen += fitting or group
        else:
            chosen += [
                replace(rule, context=tuple(dict.fromkeys(words))) for rule, words in joined.items()
            ]
    return chosen


def _holds_values(rules: Sequence[ActiveRule]) -> bool:
    """Whether a user's deny list is among the patterns."""
    return any(pattern.name == "deny_list" for active in rules for pattern in active.rule.patterns)


class _Whole:
    """One record: the whole text."""

    def __init__(self, text: str) -> None:
        self._end = len(text)

    def around(self, position: int) -> tuple[int, int]:
        return 0, self._end

    def all(self) -> Iterator[tuple[int, int]]:
        yield 0, self._end

    def not_ascii(self, text: str) -> Iterator[tuple[int, int]]:
        yield 0, self._end


class _Lines:
    """Every line is a record; its line feed is not part of it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def around(self, position: int) -> tuple[int, int]:
        end = self._text.find("\n", position)
        start = self._text.rfind("\n", 0, position) + 1
        return start, len(self._text) if end < 0 else end

    def all(self) -> Iterator[tuple[int, int]]:
        start = 0
        while start < len(self._text):
            _, end = self.around(start)
            if end > start:
                yield start, end
            start = end + 1

    def not_ascii(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _NON_ASCII_LINE.finditer(text):
            yield match.span()


class _Parts:
    """Texts joined by line feeds; ``starts`` tells where each begins."""

    def __init__(self, starts: Sequence[int], total: int) -> None:
        self._starts = [*starts, total]

    def around(self, position: int) -> tuple[int, int]:
        number = bisect_right(self._starts, position) - 1
        return self._starts[number], self._starts[number + 1] - 1

    def all(self) -> Iterator[tuple[int, int]]:
        for number in range(len(self._starts) - 1):
            yield self._starts[number], self._starts[number + 1] - 1

    def not_ascii(self, text: str) -> Iterator[tuple[int, int]]:
        for start, end in self.all():
            if not text[start:end].isascii():
                yield start, end


def _expressions(
    rules: Sequence[ActiveRule],
) -> tuple[list[automaton.Expression], list[list[tuple[int, int]]]]:
    """Expressions for the automaton, and which (rule, pattern) each stands for."""
    numbers: dict[automaton.Expression, int] = {}
    targets: list[list[tuple[int, int]]] = []

    def add(expression: automaton.Expression, rule: int, pattern: int) -> None:
        if expression not in numbers:
            numbers[expression] = len(targets)
            targets.append([])
        targets[numbers[expression]].append((rule, pattern))

    for number, active in enumerate(rules):
        kind = active.rule.kind
        if kind == "phone":
            if active.phone_needs_context:
                add((phones.PLUS, 0), number, _PLUS)
            else:
                add((phones.TRIGGER, 8), number, _PHONE)
        elif kind == "url":
            add((urls.TRIGGER, 2), number, 0)
        elif kind == "python" and not active.rule.patterns:
            add((".", 16), number, 0)
        else:
            for index, pattern in active.patterns.items():
                add((str(pattern.pattern.trigger), pattern.pattern.flags), number, index)
        if active.uses_context:
            for _, word in active.context:
                part = rarest(word, whole_words=active.rule.whole_words)
                add((regex.escape(to_proxy(part)), 2), number, _CONTEXT)
    return list(numbers), targets


def _ask_classes(
    asked: Sequence[ActiveRule], record: str, found: Sequence[tuple[Rule, Match]]
) -> Iterator[tuple[Rule, Match]]:
    """Hits of recognizers that are Python classes; they may look at what others found."""
    from redactor.detection.python_host import Ask, host

    wanted: dict[tuple[str, str], dict[str, ActiveRule]] = {}
    for active in asked:
        rule = active.rule
        wanted.setdefault((rule.name, rule.reference), {})[rule.entity] = active
    asks = [
        Ask(name, reference, next(iter(rules.values())).rule.language, tuple(rules))
        for (name, reference), rules in wanted.items()
    ]
    others = [(rule.entity, match.start, match.end, match.score) for rule, match in found]
    for ask, hits in host().analyze(record, asks, others):
        for hit in hits:
            active_rule = wanted[ask.name, ask.reference].get(hit.entity)
            if active_rule is None or hit.end == hit.start:
                continue
            match = Match(hit.start, hit.end, hit.score, ask.name)
            supported = active_rule.supported(record, match, boosted=hit.boosted)
            if supported is not None:
                yield active_rule.rule, supported


def _finding(unit: Unit, rule: Rule, match: Match, offset: int, record: str) -> Finding:
    source = Source.VALIDATED if match.validator else Source.PATTERN
    return Finding(
        unit.id,
        Span(match.start + offset, match.end + offset),
        rule.entity,
        match.score,
        rule.name,
        Why(
            source, match.pattern, match.validator, match.context, match.detail,
            match.base or match.score, match.distance, match.words,
        ),
        record[match.start : match.end],
    )  # fmt: skip
