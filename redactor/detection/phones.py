"""Phone numbers by libphonenumber, as Presidio's PhoneRecognizer finds them, but quickly.

Presidio runs ``PhoneNumberMatcher`` for eight regions over every text, which is 85 % of its
time on logs. Here a candidate's digits are first compared with the national numbers that
libphonenumber's own metadata allows; only regions where some run of its digit groups could
be a number are asked. Results are equal, tested on random and real text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from redactor.detection.context import words_at

REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")  # PhoneRecognizer's own
LENIENCY = 1  # VALID
_FEWEST, _MOST = 4, 32  # digits of a number with its prefixes

# Four digits are the fewest that make a valid number in any region (German 1640), and a
# candidate never reaches across a line end; so the automaton speaks once for each line.
TRIGGER = r"^(?:[^0-9\n]*[0-9]){4}"
PLUS = r"\+[ ().\[\]-]{0,4}\d"

_WORD = re.compile(r"\w*")
_BLOCKS = re.compile(r"\d+", re.ASCII)
_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number",
    "voip", "pager", "uan", "voicemail",
)  # fmt: skip


def find_phones(
    text: str, near: Sequence[str] = (), regions: tuple[str, ...] = REGIONS
) -> list[tuple[int, int]]:
    """Spans of phone numbers of these regions, sorted; none inside another.

    ``near``: only numbers that begin with ``+`` or may have one of these words beside them
    are of any use to the caller; others may be left out.
    """
    spans: set[tuple[int, int]] = set()
    walking = dict.fromkeys(regions, True)  # those that have found nothing yet
    matchers: dict[str, Any] = {}
    for candidate, start, whole in _candidates(text):
        if near and "+" not in whole and not _has_near(text, start, start + len(whole), near):
            continue
        for region in possible_regions(whole, regions):
            if not walking[region]:
                continue
            if region not in matchers:
                matchers[region] = _matcher()(text, region, leniency=LENIENCY)
            matcher = matchers[region]
            match = matcher._extract_match(candidate, start)
            if match is None:
                continue
            spans.add((match.start, match.end))
            if match.end == start + len(candidate):
                continue
            # a number inside the candidate: the region goes on from there, not with the others
            walking[region] = False
            while (match := matcher._find(match.end)) is not None:
                spans.add((match.start, match.end))
        if not any(walking.values()):
            break
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not any(s <= start and end <= e for s, e in found):
            found.append((start, end))
    return found


def _has_near(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a number that begins in ``[start, end)`` can have one of the words as context."""
    last = _WORD.match(text, end)
    inside = text[start : last.end() if last else end].lower()
    before = words_at(text, start)
    return any(word in before or word in inside for word in words)


def _candidates(text: str) -> Iterator[tuple[str, int, str]]:
    """Candidates as the matcher walks them while it finds nothing: trimmed, start, untrimmed."""
    library = _library()
    match = library._PATTERN.search(text)
    while match is not None:
        candidate, start = match[0], match.start()
        if len(candidate) < _FEWEST:
            match = library._PATTERN.search(text, match.end())
            continue
        second = library._SECOND_NUMBER_START_PATTERN.search(candidate)
        if second is not None:
            candidate = candidate[: second.start()]
        yield candidate, start, match[0]
        match = library._PATTERN.search(text, start + len(candidate))


@lru_cache(maxsize=65536)
def possible_regions(candidate: str, regions: tuple[str, ...] = REGIONS) -> frozenset[str]:
    """Regions for which some run of the candidate's digit groups may be a valid number."""
    if "+" in candidate or not candidate.isascii():
        return frozenset(regions)
    blocks = tuple(_BLOCKS.findall(candidate))
    if len(blocks) == 1:
        return _leading(blocks, regions)
    return frozenset().union(*(_leading(blocks[n:], regions) for n in range(len(blocks))))


@lru_cache(maxsize=65536)
def _leading(blocks: tuple[str, ...], regions: tuple[str, ...]) -> frozenset[str]:
    """Regions for which the first block, or some first blocks together, may be a number."""
    found: set[str] = set()
    digits = ""
    for block in blocks:
        digits += block
        if len(digits) < _FEWEST:
            continue
        if len(digits) > _MOST:
            break
        for region in regions:
            if region not in found and _pattern(region).fullmatch(digits):
                found.add(region)
    return frozenset(found)


@cache
def _pattern(region: str) -> re.Pattern[str]:
    """One regex over bare digits: a region's prefixes, then a national number."""
    from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE
    from phonenumbers.phonemetadata import PhoneMetadata

    metadata: Any = PhoneMetadata.metadata_for_region(region)
    numbers = {
        description.national_number_pattern
        for name in _TYPES
        if (description := getattr(metadata, name)) and description.national_number_pattern
    }
    for other in _COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]:
        if other != region:  # a valid number of any region of the same calling code counts
            neighbour: Any = PhoneMetadata.metadata_for_region(other)
            numbers.add(neighbour.general_desc.national_number_pattern)
    prefix = metadata.national_prefix_for_parsing or ""
    prefix = prefix.replace(r"(\d{10,11})", "")  # carrier codes of Brazil
    prefix = f"(?:{prefix})?" if prefix else ""
    number = "|".join(f"(?:{pattern})" for pattern in sorted(numbers))
    country = f"(?:{metadata.country_code})?"
    abroad = f"(?:{metadata.international_prefix})\\d{{4,}}"
    return re.compile(f"{prefix}{country}{prefix}(?:{number})|{abroad}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Found:
    """A match's place, under the names the library uses."""

    start: int
    end: int


@lru_cache(maxsize=65536)
def _extracted(region: str, before: str, candidate: str, after: str) -> tuple[int, int] | None:
    """Where a number is in a candidate, which also depends on what stands beside it.

    The library looks at one character before, and at three after (the minutes of a time).
    Remembered, since logs repeat dates, ids and addresses.
    """
    matcher = _matcher()(before + candidate + after, region, leniency=LENIENCY)
    match = matcher.library_extract(candidate, len(before))
    return match and (match.start - len(before), match.end - len(before))


@cache
def _library() -> Any:
    from phonenumbers import phonenumbermatcher

    return phonenumbermatcher


@cache
def _matcher() -> Any:
    class Matcher(_library().PhoneNumberMatcher):  # type: ignore[misc]
        """The library's matcher, which thinks about promising candidates only."""

        def _extract_match(self, candidate: str, offset: int) -> Any:
            before = self.text[offset - 1 : offset]
            end = offset + len(candidate)
            found = _extracted(self.preferred_region, before, candidate, self.text[end : end + 3])
            return found and _Found(offset + found[0], offset + found[1])

        def library_extract(self, candidate: str, offset: int) -> Any:
            """The library's own answer."""
            return super()._extract_match(candidate, offset)

        def _parse_and_verify(self, candidate: str, offset: int) -> Any:
            if "+" not in candidate and candidate.isascii():
                blocks = tuple(_BLOCKS.findall(candidate))
                region = self.preferred_region
                if region not in _leading(blocks, REGIONS if region in REGIONS else (region,)):
                    return None
            return super()._parse_and_verify(candidate, offset)

    return Matcher
