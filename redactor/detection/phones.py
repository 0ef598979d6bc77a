"""Phone numbers by libphonenumber, as Presidio's PhoneRecognizer finds them, but quickly.

Presidio runs ``PhoneNumberMatcher`` for eight regions over every text, which is 85 % of its
time on logs. Here a candidate's digits are first compared with the national numbers that
libphonenumber's own metadata allows; only regions where some run of its digit groups could
be a number are asked. Results are equal, tested on random and real text.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")  # PhoneRecognizer's own
LENIENCY = 1  # VALID

# five digits with little between them: the fewest that make a valid number in any region
TRIGGER = r"\d(?:[^0-9]{0,4}\d){4}(?:[^0-9]|$)"
PLUS = r"\+[ ().\[\]-]{0,4}\d"

_BLOCKS = re.compile(r"\d+", re.ASCII)
_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number",
    "voip", "pager", "uan", "voicemail",
)  # fmt: skip


def find_phones(text: str) -> list[tuple[int, int]]:
    """Spans of phone numbers, sorted; none inside another."""
    regions = _worth_asking(text)
    if not regions:
        return []
    matcher = _matcher()
    spans = {
        (match.start, match.end)
        for region in REGIONS
        if region in regions
        for match in matcher(text, region, leniency=LENIENCY)
    }
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not any(s <= start and end <= e for s, e in found):
            found.append((start, end))
    return found


def _worth_asking(text: str) -> frozenset[str]:
    """Regions in which some candidate of the text may be a number.

    Walks the candidates as the matcher does; while no region has found anything, all walk
    alike, so a region that no candidate speaks for finds nothing.
    """
    library = _library()
    found: frozenset[str] = frozenset()
    match = library._PATTERN.search(text)
    while match is not None:
        candidate = match[0]
        second = library._SECOND_NUMBER_START_PATTERN.search(candidate)
        if second is not None:
            candidate = candidate[: second.start()]
        # once something is found, the walks part: count both the whole and the trimmed text
        found |= possible_regions(match[0])
        match = library._PATTERN.search(text, match.start() + max(len(candidate), 1))
    return found


@lru_cache(maxsize=65536)
def possible_regions(candidate: str) -> frozenset[str]:
    """Regions for which some run of the candidate's digit groups may be a valid number."""
    if "+" in candidate or not candidate.isascii():
        return frozenset(REGIONS)
    blocks = _BLOCKS.findall(candidate)
    found: set[str] = set()
    patterns = _patterns()
    for first in range(len(blocks)):
        digits = ""
        for block in blocks[first:]:
            digits += block
            if len(digits) < 4:
                continue
            for region, pattern in patterns:
                if region not in found and pattern.fullmatch(digits):
                    found.add(region)
            if len(digits) > 24:
                break
    return frozenset(found)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """For each region one regex over bare digits: prefixes, then a national number."""
    from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE
    from phonenumbers.phonemetadata import PhoneMetadata

    patterns = []
    for region in REGIONS:
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
        whole = f"{prefix}{country}{prefix}(?:{number})|{abroad}"
        patterns.append((region, re.compile(whole, re.ASCII)))
    return patterns


@cache
def _library() -> Any:
    from phonenumbers import phonenumbermatcher

    return phonenumbermatcher


@cache
def _matcher() -> Any:
    class Matcher(_library().PhoneNumberMatcher):  # type: ignore[misc]
        """The library's matcher, which thinks about promising candidates only."""

        def _extract_match(self, candidate: str, offset: int) -> Any:
            if self.preferred_region not in possible_regions(candidate):
                return None
            return super()._extract_match(candidate, offset)

    return Matcher
