"""Findings that overlap -> one list without overlaps.

For each unit:

1. allow entries take away findings whose exact text they name (never a reviewer's, a field
   rule's or a deny entry's);
2. what a model saw grows to whole words;
3. findings that will be redacted and overlap become one region, **the union**: nothing of
   any of them survives. Precedence decides only the region's type, operator and evidence:
   reviewer > field rule > deny list > own record > validated or field name > policy priority >
   longer > score;
4. parts that belong together are joined: given and family name, the lines of an address;
5. findings that wait for a person keep what no redacted region covers, and kept findings
   stay only where nothing else is. A kept finding never shields a redacted one.

The result does not depend on the order of the findings, and resolving it again changes
nothing: a resolved finding (``Finding.extent``) is not grown or allowed a second time.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from redactor.detection.lists import allowed
from redactor.policy.decide import decide, rule_of
from redactor.policy.model import Policy
from redactor.values import Finding, Source, Span, Unit, Verdict

_RANK = {
    Source.REVIEWER: 5, Source.FIELD: 4, Source.DENY: 3, Source.RECORD: 2, Source.VALIDATED: 1,
    Source.FIELD_NAME: 1,
}  # fmt: skip
_ABOVE_ALLOW = frozenset({Source.REVIEWER, Source.FIELD, Source.DENY})

_SNAP_LIMIT = 100  # characters a side; a longer "word" is no word but data without spaces

# Between two person names: a space, or a middle initial.
_NAME_GAP = re.compile(r"[ \u00a0]?(?:[^\W\d_]\.?[ \u00a0])?\Z")
# Between the parts of one address: on one line; the street's line and the city's.
_ADDRESS_GAP = re.compile(r"[ \u00a0]?,?[ \u00a0]{0,2}\Z")
_LINE_GAP = re.compile(r"[ \u00a0]?,?[ \u00a0]?\r?\n[ \t]{0,8}\Z")
_ADDRESS_PARTS = frozenset({"LOCATION", "STREET_ADDRESS", "ZIP_CODE"})
_LONGEST_GAP = 13


def resolve(
    findings: Sequence[Finding], units: Mapping[str, Unit], policy: Policy
) -> list[Finding]:
    """One list without overlaps, ordered as the units are and by place in each."""
    by_unit: dict[str, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    unknown = by_unit.keys() - units.keys()
    if unknown:
        raise ValueError(f"findings name {len(unknown)} units that are not there")
    today = datetime.now(UTC).date()
    resolved: list[Finding] = []
    for unit_id, unit in units.items():
        mine = by_unit.get(unit_id)
        if mine is None:
            continue
        tiers: dict[Verdict, list[Finding]] = {verdict: [] for verdict in Verdict}
        for finding in mine:
            if finding.end > len(unit.text):
                raise ValueError(f"a finding of {finding.recognizer} reaches past its unit")
            if not finding.extent:
                whole = finding.with_span(finding.span, unit.text)
                if finding.why.source not in _ABOVE_ALLOW and allowed(whole, policy, today):
                    continue
                if finding.why.source is Source.MODEL:
                    whole = finding.with_span(whole_words(finding.span, unit.text), unit.text)
                finding = whole
            tiers[decide(finding, policy, unit.field).verdict].append(finding)
        resolved += _resolve_unit(tiers, unit, policy)
    return resolved


def _resolve_unit(
    tiers: Mapping[Verdict, list[Finding]], unit: Unit, policy: Policy
) -> list[Finding]:
    ranking = _Ranking(unit, policy)
    redact = _join_parts(_unions(tiers[Verdict.REDACT], ranking), [], ranking)
    taken = [finding.span for finding in redact]
    review = [
        piece
        for region in _unions(tiers[Verdict.REVIEW], ranking)
        for piece in _remainders(region, taken, unit.text)
    ]
    review = _join_parts(review, taken, ranking)
    taken = sorted(taken + [finding.span for finding in review])
    kept = [finding for finding in tiers[Verdict.KEEP] if not _overlapped(finding.span, taken)]
    return sorted([*redact, *review, *_unions(kept, ranking)], key=lambda finding: finding.span)


def strength(finding: Finding, policy: Policy, unit_field: str | None) -> tuple[object, ...]:
    """Sort key: of findings that speak of one text, the greatest names it."""
    why = finding.why
    return (
        _RANK.get(why.source, 0),
        rule_of(finding, policy, unit_field).priority,
        len(finding.span),
        finding.score,
        # nothing of substance decides any more: only the same answer every time
        -finding.start,
        finding.entity_type,
        finding.recognizer,
        (why.source, why.pattern, why.validator, why.context, why.detail),
        (why.base, why.distance, why.words, why.hotword, why.origin),
        finding.extent,
    )


class _Ranking:
    """Names the regions of one unit."""

    def __init__(self, unit: Unit, policy: Policy) -> None:
        self.unit = unit
        self._policy = policy

    def region(self, members: Sequence[Finding]) -> Finding:
        """One finding over all of them, named by the strongest."""
        winner = max(members, key=lambda member: strength(member, self._policy, self.unit.field))
        span = Span(min(m.start for m in members), max(m.end for m in members))
        own = span == winner.span and winner.extent != "joined"
        return replace(winner.with_span(span, self.unit.text), extent="own" if own else "joined")


def _unions(findings: Sequence[Finding], ranking: _Ranking) -> list[Finding]:
    regions: list[Finding] = []
    members: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda finding: finding.span):
        if members and finding.start >= end:
            regions.append(ranking.region(members))
            members = []
        members.append(finding)
        end = max(end, finding.end) if len(members) > 1 else finding.end
    if members:
        regions.append(ranking.region(members))
    return regions


def _join_parts(
    regions: Sequence[Finding], between: Sequence[Span], ranking: _Ranking
) -> list[Finding]:
    """Join runs of names and of address parts; never across a span of ``between``."""
    joined: list[Finding] = []
    run: list[Finding] = []

    def close() -> None:
        kinds = {member.entity_type for member in run}
        # two places side by side are two places, unless a street is among them
        if len(run) > 1 and (kinds == {"PERSON"} or "STREET_ADDRESS" in kinds):
            joined.append(ranking.region(run))
        else:
            joined.extend(run)
        run.clear()

    for region in regions:
        if run and not _adjacent(run[-1], region, between, ranking.unit):
            close()
        run.append(region)
    close()
    return joined


def _adjacent(left: Finding, right: Finding, between: Sequence[Span], unit: Unit) -> bool:
    kinds = {left.entity_type, right.entity_type}
    if right.start - left.end >= _LONGEST_GAP:
        return False
    gap = unit.text[left.end : right.start]
    if kinds == {"PERSON"}:
        fits = _NAME_GAP.match(gap) is not None
    elif kinds <= _ADDRESS_PARTS:
        fits = _ADDRESS_GAP.match(gap) is not None or (
            "LOCATION" not in kinds and not unit.by_line and _LINE_GAP.match(gap) is not None
        )
    else:
        return False
    return fits and (
        left.end == right.start or not _overlapped(Span(left.end, right.start), between)
    )


def _remainders(region: Finding, taken: Sequence[Span], text: str) -> list[Finding]:
    """The stretches of a region that no span of ``taken`` covers and that say anything."""
    pieces: list[Finding] = []
    at = region.start
    for span in taken:
        if span.end <= at:
            continue
        if span.start >= region.end:
            break
        if span.start > at:
            pieces.append(region.with_span(Span(at, span.start), text))
        at = span.end
    if at < region.end:
        pieces.append(region.with_span(Span(at, region.end), text))
    if len(pieces) == 1 and pieces[0].span == region.span:
        return pieces
    return [
        replace(piece, extent="joined")
        for piece in pieces
        if any(char.isalnum() for char in piece.text)
    ]


def _overlapped(span: Span, taken: Sequence[Span]) -> bool:
    """True when one of ``taken`` (sorted, without overlaps) shares a character."""
    at = bisect_right(taken, span.end - 1, key=lambda other: other.start) - 1
    return at >= 0 and taken[at].end > span.start


def whole_words(span: Span, text: str) -> Span:
    """Grown to word edges, shrunk by outer white space; a hyphenated or O' name is one word."""
    start, end = span.start, span.end
    while end - start > 1 and text[start].isspace():
        start += 1
    while end - start > 1 and text[end - 1].isspace():
        end -= 1
    grown = start
    while grown > 0 and start - grown <= _SNAP_LIMIT and _joins(text, grown - 1, grown):
        grown -= 1
    left = start if start - grown > _SNAP_LIMIT else grown
    grown = end
    while grown < len(text) and grown - end <= _SNAP_LIMIT and _joins(text, grown - 1, grown):
        grown += 1
    right = end if grown - end > _SNAP_LIMIT else grown
    return Span(left, right)


def _joins(text: str, left: int, right: int) -> bool:
    """True when the neighbours at ``left`` and ``right`` belong to one word."""
    return _is_word(text, left) and _is_word(text, right)


def _is_word(text: str, at: int) -> bool:
    char = text[at]
    if char.isalnum() or unicodedata.category(char) in ("Mn", "Mc", "Cf"):
        return True
    if char not in "-'\u2019\u2010\u2011" or at == 0 or at + 1 >= len(text):
        return False
    # Jean-Luc, O'Brien: one word. Paris-based, John's: not.
    return text[at - 1].isalpha() and text[at + 1].isupper()
