"""A value found once is looked for in the whole release unit.

When two spellings are the same value (verification uses the same definition, implemented on
its own): every character is decomposed (NFKD) and case-folded; white space, dashes (Unicode
category Pd) and invisible format characters (Cf) do not count. A place where the value
stands counts unless the character before or after it continues its edge with the same class
(digit beside digit, letter beside letter): that is a longer, different token. In texts of
records (``by_line``) a value never reaches across a line end.

Of a person's name of several words, the family name is looked for too, but only where it is
spelled with its capital letter and is no common word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redactor.detection.fields import skipped
from redactor.detection.lists import allowed
from redactor.detection.resolve import strength
from redactor.policy.decide import confidence, decide
from redactor.policy.model import Policy
from redactor.values import Finding, Source, Span, Unit, Verdict, Why

_BLOCK = 4096  # characters whose origins are worked out at once
_FEW = 50_000_000  # value-characters (values x text length) up to which plain find is quick
_NAME_PART = re.compile(r"(?:[^\W\d_]|\b['\u2019-]\b){4,}\Z")
_NAME_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|md|phd|esq)\.?\Z", re.IGNORECASE)

# Family names that also begin sentences and headings.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
    able account address april august bank banks bell best bird bishop black book books brown
    bush case chance church clark class college company cook corn court cross date daughter dear
    december department director doctor early east english february field fields fish forest
    forward france french friday friend from german glass gold good grant gray great green grey
    grove hall hand hart high hill hills hope house hunt january judge july june justice king
    knight lake lane large last law light little long lord love major march mark mayor monday
    moon more morning most mother name near north november number ocean october office order
    page park parks part patient peace people pope post power present price queen reed rice rich
    rivers road rose rush sales sand saturday school september service short silver small snow
    south spring state stone street strong stub summer sunday swift team temple that there they
    this thursday tower town tuesday turner union walls ward waters wednesday week west when
    white wild will winter wise with wolf wood woods work world young your
    """,
    )
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a normalised value stands for.

    ``name``: a family name, wanted where at least one place spells it with a capital;
    ``capital_only``: and only at such places.
    """

    origin: Finding
    name: bool = False
    capital_only: bool = False


def propagate(findings: Sequence[Finding], units: Sequence[Unit], policy: Policy) -> list[Finding]:
    """New findings wherever a value that is not kept stands once more.

    ``findings`` are resolved; ``units`` is the whole release unit. Skipped fields stay as
    they are, and so do texts that an allow entry names. Where findings of several types
    have the same value, the one that would name an overlap names the copies.
    """
    return [found for found, kept in _occurrences(findings, units, policy) if not kept]


def kept_occurrences(
    findings: Sequence[Finding], units: Sequence[Unit], policy: Policy
) -> list[Finding]:
    """Places where a value that is redacted elsewhere stays, as the policy says.

    That is in skipped fields and where an allow entry names it. Verification counts them.
    """
    return [found for found, kept in _occurrences(findings, units, policy) if kept]


def _occurrences(
    findings: Sequence[Finding], units: Sequence[Unit], policy: Policy
) -> Iterator[tuple[Finding, bool]]:
    by_id = {unit.id: unit for unit in units}
    acted: list[Finding] = []
    for finding in findings:
        unit = by_id.get(finding.unit)
        if unit is None:
            continue
        if decide(finding, policy, unit.field).verdict is not Verdict.KEEP:
            acted.append(finding.with_span(finding.span, unit.text))
    wanted = _wanted(acted, by_id, policy)
    if not wanted:
        return
    covered = _Covered(acted)
    today = datetime.now(UTC).date()
    places: dict[str, list[tuple[Finding, bool]]] = {}
    for by_line in (False, True):
        searched = [unit for unit in units if unit.by_line is by_line and unit.text]
        for value, unit, span in _search(searched, list(wanted), by_line=by_line):
            if not covered.holds(unit.id, span):
                origin = wanted[value].origin
                found = _copy(origin, str(by_id[origin.unit].locator), unit, span)
                kept = skipped(unit, policy) or allowed(found, policy, today)
                places.setdefault(value, []).append((found, kept))
    for value, found_here in places.items():
        yield from _spelled_right(wanted[value], found_here)


def _spelled_right(
    target: _Wanted, places: list[tuple[Finding, bool]]
) -> list[tuple[Finding, bool]]:
    if not target.name:
        return places
    capital = [place for place in places if place[0].text[:1].isupper()]
    if target.capital_only:
        return capital
    # once a family name was redacted, verification looks for it in any spelling
    return places if any(not kept for _, kept in capital) else []


def _copy(origin: Finding, place: str, unit: Unit, span: Span) -> Finding:
    why = Why(
        Source.PROPAGATED,
        pattern="same value",
        detail=_rule_id(origin),
        base=confidence(origin),
        hotword=origin.why.hotword,
        origin=origin.why.origin or f"{place} [{origin.start}:{origin.end}]",
    )
    text = unit.text[span.start : span.end]
    return Finding(unit.id, span, origin.entity_type, origin.score, origin.recognizer, why, text)


def _rule_id(origin: Finding) -> str:
    why = origin.why
    if why.source in (Source.FIELD, Source.DENY):
        return why.pattern
    return why.detail if why.source is Source.PROPAGATED else ""


def _wanted(
    acted: Sequence[Finding], units: Mapping[str, Unit], policy: Policy
) -> dict[str, _Wanted]:
    strongest: dict[str, tuple[tuple[object, ...], Finding]] = {}
    names: dict[str, tuple[tuple[object, ...], Finding]] = {}
    for finding in acted:
        rank = strength(finding, policy, units[finding.unit].field)
        value = _fold(finding.text)
        if len(value) >= policy.leak_min_length:
            _keep_stronger(strongest, value, rank, finding)
        if finding.entity_type == "PERSON":
            family = _fold(_family_name(finding.text))
            if family:
                _keep_stronger(names, family, rank, finding)
    wanted = {value: _Wanted(origin) for value, (_, origin) in strongest.items()}
    for value, (_, origin) in names.items():
        if value not in wanted:
            wanted[value] = _Wanted(origin, True, len(value) < policy.leak_min_length)
    return wanted


def _keep_stronger(
    known: dict[str, tuple[tuple[object, ...], Finding]],
    value: str,
    rank: tuple[object, ...],
    finding: Finding,
) -> None:
    if value not in known or known[value][0] < rank:
        known[value] = (rank, finding)


def _family_name(text: str) -> str:
    """The family name in ``Ann Lee Okafor`` or ``Okafor, Ann``; empty when unsure."""
    before, comma, _ = text.partition(",")
    words = text.split()
    if len(words) < 2 or not all(word[0].isupper() for word in (words[0], words[-1])):
        return ""
    candidates = before.split() if comma else words
    while candidates and _NAME_SUFFIX.match(candidates[-1]):
        candidates.pop()
    last = candidates[-1] if candidates else ""
    usable = _NAME_PART.match(last) and last[0].isupper() and last.casefold() not in _COMMON
    return last if usable else ""


class _Covered:
    """Whether a span lies inside a finding that is acted upon anyway."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._spans: dict[str, list[Span]] = {}
        for finding in findings:
            self._spans.setdefault(finding.unit, []).append(finding.span)
        for spans in self._spans.values():
            spans.sort()

    def holds(self, unit: str, span: Span) -> bool:
        spans = self._spans.get(unit, [])
        at = bisect_right(spans, span.start, key=lambda other: other.start) - 1
        return at >= 0 and spans[at].covers(span)


class _Folds(dict[int, str]):
    """``str.translate`` table of the normalisation, filled as characters turn up."""

    def __init__(self, *, lines: bool) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if self._lines and char == "\n":
            folded = char
        elif char.isspace() or unicodedata.category(char) in ("Pd", "Cf"):
            folded = ""
        else:
            folded = unicodedata.normalize("NFKD", char).casefold()
        self[code] = folded
        return folded


_RUNNING = _Folds(lines=False)
_RECORDS = _Folds(lines=True)


_ASCII_SPACES = bytes(code for code in range(128) if chr(code).isspace())
_LOWER = bytes(range(256)).lower()


def _fold(text: str, *, by_line: bool = False) -> str:
    if text.isascii():
        dropped = _ASCII_SPACES.replace(b"\n", b"") if by_line else _ASCII_SPACES
        return text.encode("ascii").translate(_LOWER, dropped + b"-").decode("ascii")
    return text.translate(_RECORDS if by_line else _RUNNING)


def _search(
    units: Sequence[Unit], values: Sequence[str], *, by_line: bool
) -> Iterator[tuple[str, Unit, Span]]:
    """Every place where one of the normalised values stands as a token of its own."""
    texts = [_Text(unit, _fold(unit.text, by_line=by_line), by_line) for unit in units]
    starts, total = [], 0
    for text in texts:
        starts.append(total)
        total += len(text.folded) + 1
    # one search over all units, a NUL between them; a hit over a border is refused below
    joined = "\0".join(text.folded for text in texts)
    for position, value in _places(joined, values):
        number = bisect_right(starts, position) - 1
        span = texts[number].span(position - starts[number], len(value))
        if span is not None:
            yield value, units[number], span


def _places(joined: str, values: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where each value stands in the joined text."""
    if len(values) * len(joined) <= _FEW:
        for value in values:
            at = joined.find(value)
            while at >= 0:
                yield at, value
                at = joined.find(value, at + 1)
        return
    size = min(8, min(len(value) for value in values))
    # values that begin alike (addresses of one network) differ in few lengths
    lengths: dict[str, set[int]] = {}
    for value in values:
        lengths.setdefault(value[:size], set()).add(len(value))
    wanted = frozenset(values)
    for at in _beginnings_at(joined, list(lengths), size):
        for length in lengths.get(joined[at : at + size], ()):
            value = joined[at : at + length]
            if value in wanted:
                yield at, value


def _beginnings_at(joined: str, beginnings: Sequence[str], size: int) -> list[int]:
    """Positions where a beginning may stand: none is missed, a few are wrong."""
    import numpy as np  # only for many values in much text

    wide = np.uint8 if joined.isascii() else np.uint32
    encoding = "ascii" if wide is np.uint8 else "utf-32-le"

    def sums(text: str) -> Any:
        codes = np.frombuffer(text.encode(encoding, "surrogatepass"), wide).astype(np.uint32)
        length = len(codes) - size + 1
        if length <= 0:
            return np.zeros(0, np.uint32)
        result = np.zeros(length, np.uint32)
        for offset in range(size):
            result *= np.uint32(0x01000193)
            result ^= codes[offset : offset + length]
        return (result ^ (result >> np.uint32(15))) & np.uint32(0xFFFFF)

    wanted = np.zeros(1 << 20, np.bool_)
    for beginning in beginnings:
        if wide is np.uint32 or beginning.isascii():
            wanted[sums(beginning)] = True
    places: list[int] = np.flatnonzero(wanted[sums(joined)]).tolist()
    return places


class _Text:
    """A unit's normalised text and the way back to the original's code points."""

    def __init__(self, unit: Unit, folded: str, by_line: bool) -> None:
        self.unit = unit
        self.folded = folded
        self._table = _RECORDS if by_line else _RUNNING
        self._block_starts: list[int] | None = None
        self._blocks: dict[int, list[int]] = {}
        self._kept: Any = None

    def span(self, start: int, length: int) -> Span | None:
        """Original span of a stretch of the normalised text; None where it is no token."""
        if start + length > len(self.folded):
            return None
        text = self.unit.text
        first, end = self._origin(start), self._origin(start + length - 1) + 1
        if first and _kind(text[first - 1]) == _kind(text[first]) != "":
            return None
        if end < len(text) and _kind(text[end]) == _kind(text[end - 1]) != "":
            return None
        return Span(first, end)

    def _origin(self, position: int) -> int:
        """Where in the original the character at ``position`` of the normalised text is."""
        text = self.unit.text
        if text.isascii():
            if self._kept is None:
                self._kept = _kept(text, self._table is _RECORDS)
            return int(self._kept[position])
        if self._block_starts is None:
            self._block_starts, total = [], 0
            for start in range(0, len(text), _BLOCK):
                self._block_starts.append(total)
                total += len(text[start : start + _BLOCK].translate(self._table))
        # of blocks that hold nothing but white space, several begin at one place: the last
        number = bisect_right(self._block_starts, position) - 1
        block = self._blocks.get(number)
        if block is None:
            base = number * _BLOCK
            block = [
                base + offset
                for offset, char in enumerate(text[base : base + _BLOCK])
                for _ in range(len(self._table[ord(char)]))
            ]
            self._blocks[number] = block
        return block[position - self._block_starts[number]]


def _kept(text: str, by_line: bool) -> Any:
    """Of ASCII text the positions of the characters that its normalised form keeps."""
    dropped = _ASCII_SPACES + b"-"
    if len(text) < _BLOCK:  # numpy takes 60 ms to import
        return [
            at
            for at, code in enumerate(text.encode("ascii"))
            if code not in dropped or (by_line and code == 10)
        ]
    import numpy as np

    keep = np.ones(256, np.bool_)
    keep[list(dropped)] = False
    keep[10] = by_line
    return np.flatnonzero(keep[np.frombuffer(text.encode("ascii"), np.uint8)])


def _kind(char: str) -> str:
    """Class of a character at a token's edge: digit, letter (with its marks), or none."""
    if char.isdigit():
        return "digit"
    return "letter" if char.isalpha() or unicodedata.combining(char) else ""
