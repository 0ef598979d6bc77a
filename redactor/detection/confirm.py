"""Hits of the automaton -> matches: a rule's own regexes, checks and context decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import regex

from recognizers.validators import GATES, invalidator, validator
from redactor.detection import phones, urls
from redactor.detection.analyse import MARGIN
from redactor.detection.context import distance_of, needles, supporting_word
from redactor.detection.rules import Pattern, Rule, boosted
from redactor.errors import WithheldError

SECONDS = 60.0  # most that one regex may think about one text, Presidio's limit
PLUS_SCORE = 0.6  # of a number with a leading + where bare ones need a context word

# ends of hits in a record, or None: look everywhere
Ends = Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Match:
    """A confirmed hit; ``start``/``end`` are code points of the record.

    ``base``, ``distance``, ``words`` and ``detail`` as in :class:`redactor.values.Why`.
    """

    start: int
    end: int
    score: float
    pattern: str
    validator: str = ""
    context: str = ""
    base: float = 0.0
    distance: int = 0
    words: int = 0
    detail: str = ""


class ActivePattern:
    """A pattern in use; its regex is compiled when it is first needed."""

    def __init__(self, pattern: Pattern, *, needs_context: bool) -> None:
        self.pattern = pattern
        self.needs_context = needs_context

    @cached_property
    def compiled(self) -> Any:
        """The compiled regex."""
        return regex.compile(self.pattern.regex, flags=self.pattern.flags)

    @cached_property
    def plain(self) -> Any:
        """The same by the standard library: a third of the time to compile, for ASCII text."""
        return re.compile(self.pattern.regex, flags=self.pattern.flags)

    def spans(self, text: str, ends: Ends) -> Iterator[Any]:
        """Matches of the regex, as ``finditer`` over the whole text gives them.

        Only stretches where a match may end are searched: every match ends at a hit, or at
        most ``reach`` after one, and is at most ``width`` long, so none reaches across a gap
        between two stretches.
        """
        width, reach = self.pattern.width, self.pattern.reach
        if ends is None or width is None or (self.pattern.ascii_only and not text.isascii()):
            try:
                yield from self.compiled.finditer(text, timeout=SECONDS)
            except TimeoutError:
                raise WithheldError(
                    f"pattern {self.pattern.name!r} takes too long on this text: "
                    "simplify it or split the text"
                ) from None
            return
        low = high = -1
        for hit in ends:
            start, end = hit - (width - reach), hit + reach
            if high >= 0 and start > high:
                yield from self._search(text, low, high, width)
                low = -1
            if low < 0:
                low = max(start, 0)
            high = end
        yield from self._search(text, low, high, width)

    def _search(self, text: str, low: int, high: int, width: int) -> Iterator[Any]:
        limit = min(len(text), high + max(width, MARGIN) + 1)
        for match in self.compiled.finditer(text, low, limit):
            if match.end() <= high:
                yield match


class ActiveRule:
    """A rule that a policy uses, with the least score that counts."""

    def __init__(
        self,
        rule: Rule,
        threshold: float,
        *,
        phone_needs_context: bool = False,
        plausible: bool = False,
    ) -> None:
        self.rule = rule
        threshold = threshold if rule.threshold is None else rule.threshold
        self.threshold = threshold
        self.context = needles(rule.context, whole_words=rule.whole_words)
        self.phone_needs_context = phone_needs_context or rule.score < threshold
        self.patterns = {
            number: ActivePattern(pattern, needs_context=self._is_weak(pattern))
            for number, pattern in enumerate(rule.patterns)
            if self._can_count(pattern)
        }
        self._validator = validator(rule.validator)
        self._invalidator = invalidator(rule.invalidator)
        self._gate = GATES.get(rule.gate) if plausible else None

    def _is_weak(self, pattern: Pattern) -> bool:
        return pattern.score < self.threshold and not self.rule.validator

    def _can_count(self, pattern: Pattern) -> bool:
        best = boosted(pattern.score) if self.context else pattern.score
        return best >= self.threshold or bool(self.rule.validator) or self.rule.kind == "python"

    @property
    def uses_context(self) -> bool:
        """Whether some of its hits count only beside a context word."""
        if self.rule.kind == "phone":
            return self.phone_needs_context
        return any(pattern.needs_context for pattern in self.patterns.values())

    def matches(self, text: str, hits: Mapping[int, Ends], *, context_hit: bool) -> list[Match]:
        """Confirmed matches in a record; ``hits`` pattern number -> ends."""
        if self.rule.kind == "url":
            found = self._urls(text, hits)
        elif self.rule.kind == "iban":
            found = self._ibans(text, hits)
        else:
            found = self._plain(text, hits, context_hit)
        return [match for match in map(self._supported(text), found) if match is not None]

    def phones(self, text: str, *, context_hit: bool, plus_hit: bool) -> list[Match]:
        """Phone numbers of a record."""
        if self.phone_needs_context and not (context_hit or plus_hit):
            return []
        support = self._supported(text)
        found = []
        near = [needle for needle, _ in self.context] if self.phone_needs_context else ()
        for start, end in phones.find_phones(text, near, self.rule.regions):
            if self._invalidator is not None and self._invalidator(text[start:end]):
                continue
            score = self.rule.score
            if self.phone_needs_context and text[start] in "+\uff0b":
                score = max(score, PLUS_SCORE)
            match = support(Match(start, end, score, "libphonenumber"))
            if match is not None:
                found.append(match)
        return found

    def supported(self, text: str, match: Match, *, boosted: bool) -> Match | None:
        """A hit with its context looked at; None where it does not count.

        ``boosted``: whoever found it has looked at the context itself.
        """
        if boosted:
            return match if match.score >= self.threshold else None
        found: Match | None = self._supported(text)(match)
        return found

    def _supported(self, text: str) -> Any:
        def support(match: Match) -> Match | None:
            score, word = match.score, ""
            if score < 1.0 and self.context:
                word = supporting_word(text, match.start, self.context)
                score = boosted(score) if word else score
            if score < self.threshold:
                return None
            if self._gate is not None and not self._gate(text, match.start, match.end, bool(word)):
                return None
            if not word:
                return match
            return Match(
                match.start, match.end, score, match.pattern, match.validator, word,
                match.base or match.score, *distance_of(text, match.start, word),
            )  # fmt: skip

        return support

    def _plain(self, text: str, hits: Mapping[int, Ends], context_hit: bool) -> Iterable[Match]:
        found = []
        for number, ends in hits.items():
            active = self.patterns[number]
            if active.needs_context and not context_hit:
                continue
            for raw in active.spans(text, ends):
                match = self._checked(text, raw.start(), raw.end(), active.pattern)
                if match is not None:
                    found.append(match)
        return without_contained(found) if len(found) > 1 else found

    def _checked(self, text: str, start: int, end: int, pattern: Pattern) -> Match | None:
        if start == end:
            return None
        score, validated = pattern.score, ""
        if self._validator is not None:
            verdict = self._validator(text[start:end])
            if verdict is False:
                return None
            if verdict:
                score, validated = 1.0, self.rule.validator
        if self._invalidator is not None and self._invalidator(text[start:end]):
            return None
        if not score:
            return None
        return Match(start, end, score, pattern.name, validated, base=pattern.score)

    def _ibans(self, text: str, hits: Mapping[int, Ends]) -> Iterable[Match]:
        """As Presidio's IbanRecognizer: trailing groups are dropped until the check passes."""
        for number, ends in hits.items():
            active = self.patterns[number]
            for raw in active.spans(text, ends):
                for group in range(len(raw.groups()), 0, -1):
                    end = raw.end(group) if raw.end(group) > 0 else raw.end()
                    match = self._checked(text, raw.start(), end, active.pattern)
                    if match is not None:
                        yield match
                        break

    @cached_property
    def _tlds(self) -> frozenset[str]:
        return urls.tlds(self.rule.patterns[0].regex)

    def _urls(self, text: str, hits: Mapping[int, Ends]) -> Iterable[Match]:
        ends = next(iter(hits.values()))
        windows = list(urls.tokens(text, ends, self._tlds))
        if not windows:
            return ()
        found = []
        for active in self.patterns.values():
            if not urls.may_match(active.pattern.regex, text):
                continue
            compiled = active.plain if text.isascii() else active.compiled
            last = 0
            for low, high in windows:
                for raw in compiled.finditer(text, max(low, last), high):
                    last = raw.end()
                    found.append(
                        Match(raw.start(), last, active.pattern.score, active.pattern.name)
                    )
        return without_contained(found)


def without_contained(found: list[Match]) -> list[Match]:
    """As Presidio's ``remove_duplicates``: nothing inside another of at least its score."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end, -m.score)):
        if not any(
            other.start <= match.start and match.end <= other.end and match.score <= other.score
            for other in kept
            if other.end >= match.start
        ):
            kept.append(match)
    return kept
