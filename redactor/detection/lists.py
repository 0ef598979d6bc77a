"""Allow and deny lists: exact values and regular expressions of the policy.

A deny value matches whole words: its words in order, joined as they are in the list (white
space by any white space, also a line end in running text). Letters of scripts written
without spaces count as words of their own. An allow entry must fit a finding's whole text.
Both compare in Unicode form NFC; ``ignore_case`` entries after case folding.

A few values are looked up one by one here; long lists and those that allow a typing mistake
have an index of keyed hashes (:mod:`redactor.detection.long_lists`), with equal results.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from redactor.detection.words import TOKEN, compose, fold, squeeze, words_of
from redactor.errors import WithheldError
from redactor.policy.listfile import LONG
from redactor.policy.model import ListEntry, Policy
from redactor.values import Finding, Source, Span, Unit, Why

if TYPE_CHECKING:
    from redactor.detection.long_lists import LongLists

_PATTERN_SECONDS = 10.0  # most that one expression may think about one text


@dataclass(frozen=True, slots=True)
class _Value:
    """A value as words; ``spaced[i]``: white space stands between word i and i + 1."""

    words: tuple[str, ...]
    spaced: tuple[bool, ...]
    entry: ListEntry


@dataclass(slots=True)
class _Index:
    """Compiled entries: values by their first word, allow texts whole, expressions."""

    exact: dict[str, list[_Value]] = field(default_factory=dict)
    folded: dict[str, list[_Value]] = field(default_factory=dict)
    texts: dict[str, list[ListEntry]] = field(default_factory=dict)
    folded_texts: dict[str, list[ListEntry]] = field(default_factory=dict)
    patterns: list[tuple[Any, ListEntry]] = field(default_factory=list)
    long: LongLists | None = None


def deny_findings(units: Sequence[Unit], policy: Policy) -> list[Finding]:
    """Every place where a deny entry that has not expired hits.

    Raises:
        WithheldError: an expression of the policy takes too long on a text.
    """
    if not policy.deny:
        return []
    index = _deny_index(policy)
    today = datetime.now(UTC).date()
    long_hits = index.long.find(units) if index.long is not None else {}
    found: list[Finding] = []
    for unit in units:
        hits: dict[tuple[str, Span], tuple[ListEntry, str]] = {}
        for span, entry in (*_value_hits(unit, index), *_pattern_hits(unit, index)):
            hits[entry.id, span] = entry, ""
        for span, entry, detail in long_hits.get(unit.id, ()):
            hits.setdefault((entry.id, span), (entry, detail))
        for (entry_id, span), (entry, detail) in hits.items():
            if not entry.counts_on(today):
                continue
            why = Why(Source.DENY, pattern=entry_id, detail=detail)
            text = unit.text[span.start : span.end]
            entity = entry.entity or "DENY_LIST"
            found.append(Finding(unit.id, span, entity, 1.0, "deny list", why, text))
    return found


def prepare(policy: Policy) -> None:
    """Load or make the indexes of the policy's lists now, not with the first text.

    Raises:
        PolicyError: a list file has changed since the policy was read.
        StateError: the key or the state folder is not usable.
    """
    if policy.deny:
        _deny_index(policy)
    if policy.allow:
        _allow_index(policy)


def allowed(finding: Finding, policy: Policy, today: date) -> bool:
    """True when an allow entry that counts on ``today`` names exactly the finding's text.

    Entries limited to an entity type speak of findings of that type only.

    Raises:
        WithheldError: an expression of the policy takes too long on the text.
    """
    return bool(policy.allow) and allowing(finding, policy, today) is not None


def allowing(finding: Finding, policy: Policy, today: date) -> ListEntry | None:
    """The first allow entry that lets a finding stand, or None; see :func:`allowed`."""
    index = _allow_index(policy)
    text = squeeze(finding.text)
    if not text:
        return None
    entries: list[ListEntry] = [*index.texts.get(text, ())]
    if index.folded_texts:
        entries += index.folded_texts.get(fold(text), ())
    if index.long is not None:
        entries += index.long.holding(text)
    for entry in entries:
        if _speaks(entry, finding, today):
            return entry
    for pattern, entry in index.patterns:
        if _speaks(entry, finding, today) and _call(pattern.fullmatch, finding.text, entry):
            return entry
    return None


def _speaks(entry: ListEntry, finding: Finding, today: date) -> bool:
    return entry.entity in (None, finding.entity_type) and entry.counts_on(today)


def _deny_index(policy: Policy) -> _Index:
    index = policy.memo.get("deny")
    if index is None:
        index = _Index()
        index.long = _long_lists(policy.deny, allow=False)
        for entry in policy.deny:
            target = index.folded if entry.ignore_case else index.exact
            for value in () if _is_long(entry) else entry.values:
                words, spaced = words_of(compose(value), ignore_case=entry.ignore_case)
                if words:
                    target.setdefault(words[0], []).append(_Value(words, spaced, entry))
            _add_pattern(index, entry)
        policy.memo["deny"] = index
    return index


def _allow_index(policy: Policy) -> _Index:
    index = policy.memo.get("allow")
    if index is None:
        index = _Index()
        index.long = _long_lists(policy.allow, allow=True)
        for entry in policy.allow:
            for value in () if _is_long(entry) else entry.values:
                text = squeeze(value)
                if entry.ignore_case:
                    index.folded_texts.setdefault(fold(text), []).append(entry)
                else:
                    index.texts.setdefault(text, []).append(entry)
            _add_pattern(index, entry)
        policy.memo["allow"] = index
    return index


def _add_pattern(index: _Index, entry: ListEntry) -> None:
    if entry.pattern is not None:
        import regex  # has a time limit, which re has not

        flags = regex.IGNORECASE if entry.ignore_case else 0
        index.patterns.append((regex.compile(entry.pattern, flags), entry))


def _is_long(entry: ListEntry) -> bool:
    return bool(entry.path) or entry.fuzzy or len(entry.values) >= LONG


def _long_lists(entries: Sequence[ListEntry], *, allow: bool) -> LongLists | None:
    indexed = [entry for entry in entries if _is_long(entry)]
    if not indexed:
        return None
    from redactor.detection.long_lists import LongLists  # numpy takes 60 ms to import

    return LongLists(indexed, allow=allow)


def _value_hits(unit: Unit, index: _Index) -> Iterator[tuple[Span, ListEntry]]:
    if not index.exact and not index.folded:
        return
    text = unit.text
    composed = text.isascii() or unicodedata.is_normalized("NFC", text)
    tokens = list(TOKEN.finditer(text))
    for known, ignore_case in ((index.exact, False), (index.folded, True)):
        if not known:
            continue
        if ignore_case:
            words = [fold(match[0]) for match in tokens]
        elif composed:
            words = [match[0] for match in tokens]
        else:
            words = [compose(match[0]) for match in tokens]
        for position, word in enumerate(words):
            for value in known.get(word, ()):
                last = position + len(value.words) - 1
                if (
                    tuple(words[position : last + 1]) == value.words
                    and tokens[last].end() > tokens[position].start()
                    and _joined_alike(unit, tokens[position : last + 1], value.spaced)
                ):
                    yield Span(tokens[position].start(), tokens[last].end()), value.entry


def _joined_alike(unit: Unit, tokens: Sequence[re.Match[str]], spaced: Sequence[bool]) -> bool:
    for left, right, space in zip(tokens, tokens[1:], spaced, strict=False):
        gap = unit.text[left.end() : right.start()]
        if bool(gap) is not space or (unit.by_line and "\n" in gap):
            return False
    return True


def _pattern_hits(unit: Unit, index: _Index) -> Iterator[tuple[Span, ListEntry]]:
    if not index.patterns:
        return
    pieces = unit.text.splitlines(keepends=True) if unit.by_line else [unit.text]
    for pattern, entry in index.patterns:
        at = 0
        for piece in pieces:
            record = piece.rstrip("\r\n") if unit.by_line else piece
            for start, end in _call(_all_spans(pattern), record, entry):
                yield Span(at + start, at + end), entry
            at += len(piece)


def _all_spans(pattern: Any) -> Any:
    def find(text: str, timeout: float) -> list[tuple[int, int]]:
        return [
            match.span()
            for match in pattern.finditer(text, timeout=timeout)
            if match.end() > match.start()
        ]

    return find


def _call(find: Any, text: str, entry: ListEntry) -> Any:
    try:
        return find(text, timeout=_PATTERN_SECONDS)
    except TimeoutError:
        raise WithheldError(
            f"the expression of {entry.id} took more than {_PATTERN_SECONDS:.0f} s on one text: "
            "make it simpler"
        ) from None
