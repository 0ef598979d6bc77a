"""Allow and deny lists: exact values and regular expressions of the policy.

A deny value matches whole words: its words in order, joined as they are in the list (white
space by any white space, also a line end in running text). Letters of scripts written
without spaces count as words of their own. An allow entry must fit a finding's whole text.
Both compare in Unicode form NFC; ``ignore_case`` entries after case folding.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from redactor.errors import WithheldError
from redactor.policy.model import ListEntry, Policy
from redactor.values import Finding, Source, Span, Unit, Why

_PATTERN_SECONDS = 10.0  # most that one expression may think about one text

# Thai, Lao, Myanmar, Khmer, kana, ideographs, Hangul: no spaces between words (or endings)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(
    rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w\u0300-\u036f\u200b-\u200d\u00ad])+|[^\w\s]"
)


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


def deny_findings(units: Sequence[Unit], policy: Policy) -> list[Finding]:
    """Every place where a deny entry that has not expired hits.

    Raises:
        WithheldError: an expression of the policy takes too long on a text.
    """
    if not policy.deny:
        return []
    index = _deny_index(policy)
    today = datetime.now(UTC).date()
    found: list[Finding] = []
    for unit in units:
        spans: dict[tuple[str, Span], ListEntry] = {}
        for span, entry in (*_value_hits(unit, index), *_pattern_hits(unit, index)):
            if entry.counts_on(today):
                spans[entry.id, span] = entry
        for (entry_id, span), entry in spans.items():
            why = Why(Source.DENY, pattern=entry_id)
            text = unit.text[span.start : span.end]
            entity = entry.entity or "DENY_LIST"
            found.append(Finding(unit.id, span, entity, 1.0, "deny list", why, text))
    return found


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
    text = _squeeze(finding.text)
    if not text:
        return None
    entries: list[ListEntry] = [*index.texts.get(text, ())]
    if index.folded_texts:
        entries += index.folded_texts.get(_fold(text), ())
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
        for entry in policy.deny:
            target = index.folded if entry.ignore_case else index.exact
            for value in entry.values:
                words, spaced = _words(unicodedata.normalize("NFC", value), entry.ignore_case)
                if words:
                    target.setdefault(words[0], []).append(_Value(words, spaced, entry))
            _add_pattern(index, entry)
        policy.memo["deny"] = index
    return index


def _allow_index(policy: Policy) -> _Index:
    index = policy.memo.get("allow")
    if index is None:
        index = _Index()
        for entry in policy.allow:
            for value in entry.values:
                text = _squeeze(value)
                if entry.ignore_case:
                    index.folded_texts.setdefault(_fold(text), []).append(entry)
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


def _squeeze(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _words(text: str, ignore_case: bool) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    matches = list(_TOKEN.finditer(text))
    words = tuple(_fold(match[0]) if ignore_case else match[0] for match in matches)
    spaced = tuple(left.end() < right.start() for left, right in itertools.pairwise(matches))
    return words, spaced


def _value_hits(unit: Unit, index: _Index) -> Iterator[tuple[Span, ListEntry]]:
    if not index.exact and not index.folded:
        return
    text = unit.text
    composed = text.isascii() or unicodedata.is_normalized("NFC", text)
    tokens = list(_TOKEN.finditer(text))
    for known, fold in ((index.exact, False), (index.folded, True)):
        if not known:
            continue
        if fold:
            words = [_fold(match[0]) for match in tokens]
        elif composed:
            words = [match[0] for match in tokens]
        else:
            words = [unicodedata.normalize("NFC", match[0]) for match in tokens]
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
