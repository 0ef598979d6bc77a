r"""Numbers written with other digits, dashes, blanks or line ends: a second, plainer look.

Rules see the text as it is. Where a number has full-width digits, a no-break space or an en
dash between its groups, a soft hyphen or a line end inside, the stretch around is read once
more in plain form (:mod:`recognizers.validators.plain`), as if somebody had typed it on an
ASCII keyboard: runs of separators become one, and a line end either one blank or nothing,
since lines break between groups as well as inside them. Where a number touches a letter of a
script that is written without blanks (Chinese, Japanese, Korean, Thai) a blank is put between.
Only rules for numbers are asked, and only findings that hold or touch such a place are new.
This adds to what Presidio finds, on purpose.

A line end inside a number is believed when a check passed; without a context word beside it
not in a column of figures, where the number begins its first line and ends its last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recognizers.validators.plain import DASHES, DOTS, INVISIBLE, plain, plain_char
from redactor.detection.context import needles, supporting_word
from redactor.detection.rules import Rule
from redactor.values import Finding

DETAIL = "read with plain digits and separators"  # Why.detail of what is found so

_BEFORE, _AFTER = 120, 60  # characters around a place: six words of context, one number
_JOINED = 48  # places nearer to each other than this are one stretch
_LONGEST = 400  # of a stretch; a table of full-width digits is cut into several
_COLUMN = re.compile(r"[ \t]*")
_NOT_NUMBERS = frozenset({"email_domain", "ip", "mac", "uuid"})  # checks of other things

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = f"{_SPACES}{DASHES}{DOTS}{INVISIBLE}"
_WIDE = "\uff21-\uff3a"  # full-width capital letters
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# a line end before digits, or before the capital letters of an IBAN or the like
_LINE_END = re.compile(
    rf"\n[ \t{_ODD}]{{0,40}}(?=\d|[A-Z{_WIDE}]{{1,4}}[ \t{_ODD}-]?\d|[A-Z{_WIDE}]{{4}}\b)"
)
# letters of scripts without blanks between words, and of Korean, whose particles join on
_UNSPACED = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBER_AFTER = re.compile(r"[A-Za-z]{0,4}[ -]?[0-9]{3}|[0-9]{2}[ .-][0-9]")
_NUMBER_BEFORE = re.compile(r"[0-9][ .-]?[0-9A-Za-z]{1,2}\Z")
_SEPARATORS = frozenset(f" \t\r.-{DASHES}{DOTS}{INVISIBLE}")
_DIGIT = re.compile(r"\d")
_GROUP = re.compile(r"[^\W_]+")
_ANY_GROUP = 4  # characters; a group this long may always be one that a line end has cut


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text in plain form.

    ``offsets[i]`` is where character ``i`` of ``text`` stands in the original, in code
    points; ``places`` the original ranges, sorted, that were read differently, empty ones
    where a blank was put in; ``gap`` what was read for a line end.
    """

    text: str
    offsets: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    gap: str

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that ``[start, end)`` of ``text`` stands for."""
        return self.offsets[start], self.offsets[end - 1] + 1


def is_for_numbers(rule: Rule) -> bool:
    """Whether a rule finds numbers that are the same however they are written."""
    if rule.kind not in ("patterns", "iban") or {rule.validator, rule.invalidator} & _NOT_NUMBERS:
        return False
    return bool(rule.validator or rule.invalidator or rule.country)


def stretches(text: str, *, by_line: bool) -> Iterator[Stretch]:
    """The stretches of a text that may hold such numbers; none reaches across a line of logs."""
    ascii_only = text.isascii()
    if by_line and ascii_only:
        return
    places: set[tuple[int, int]] = set()
    if not ascii_only:
        places.update(_odd_places(text))
    if not by_line:
        places.update(_line_ends(text))
        places.update(_spaced_dashes(text))
    for inside in _clusters(sorted(places), text if by_line else ""):
        start, end = _around(text, inside[0][0], inside[-1][1], by_line=by_line)
        broken = any("\n" in text[low:high] for low, high in inside)
        for gap in (" ", "") if broken else (" ",):
            yield _plain(text, start, end, inside, gap)


def _odd_places(text: str) -> Iterator[tuple[int, int]]:
    """Runs of characters that have a plainer form beside digits; numbers that touch letters."""
    for match in _NOT_ASCII.finditer(text):
        start, end = match.span()
        if plain(match[0]) == match[0]:
            if _UNSPACED.match(text[start]) and _NUMBER_BEFORE.search(
                text[max(start - 4, 0) : start]
            ):
                yield start, start
            if _UNSPACED.match(text[end - 1]) and _NUMBER_AFTER.match(text, end):
                yield end, end
            continue
        if _separates(match[0]):
            start, end = _widened(text, start, end)
            if not (start and text[start - 1].isalnum() and text[end : end + 1].isalnum()):
                continue
        if _DIGIT.search(text, max(start - 4, 0), end + 4):
            yield start, end


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A run of separators with the plain ones on either side of it."""
    while start and text[start - 1] in " .-":
        start -= 1
    while text[end : end + 1] in (" ", ".", "-"):
        end += 1
    return start, end


def _line_ends(text: str) -> Iterator[tuple[int, int]]:
    """Line ends between a digit and a digit or capital letter, with the blanks around."""
    for match in _LINE_END.finditer(text):
        start, end = match.span()
        least = max(start - 4, 0)
        while start > least and _may_stand_before(text[start - 1]):
            start -= 1
        left = text[start - 1 : start]
        if left.isdecimal() or left.isupper():
            yield start, end


def _may_stand_before(char: str) -> bool:
    return char in _SEPARATORS or (char.isspace() and char != "\n")


def _spaced_dashes(text: str) -> Iterator[tuple[int, int]]:
    at = text.find(" - ")
    while at >= 0:
        if text[at - 1 : at].isdecimal() and text[at + 3 : at + 4].isdecimal():
            yield at, at + 3
        at = text.find(" - ", at + 3)


def _clusters(places: list[tuple[int, int]], lines: str) -> Iterator[tuple[tuple[int, int], ...]]:
    """Places that may belong to one number; where a row of them is cut, both parts keep a few.

    ``lines``: a text whose line ends no number crosses, or "".
    """
    group: list[tuple[int, int]] = []
    for place in places:
        if group and (place[0] - group[-1][1] > _JOINED or "\n" in lines[group[-1][1] : place[0]]):
            yield tuple(group)
            group = []
        elif group and place[1] - group[0][0] > _LONGEST:
            yield tuple(group)
            group = [other for other in group if place[0] - other[1] <= _JOINED]
        if not group or place[0] >= group[-1][1]:
            group.append(place)
    if group:
        yield tuple(group)


def _around(text: str, first: int, last: int, *, by_line: bool) -> tuple[int, int]:
    """The range to read, cut at blanks; in logs at the ends of the line."""
    low, high = 0, len(text)
    if by_line:
        low = text.rfind("\n", 0, first) + 1
        stop = text.find("\n", last)
        high = len(text) if stop < 0 else stop
    start, end = max(first - _BEFORE, low), min(last + _AFTER, high)
    while start > low and not text[start - 1].isspace():
        start -= 1
    while end < high and not text[end].isspace():
        end += 1
    return start, end


def _plain(
    text: str, start: int, end: int, places: tuple[tuple[int, int], ...], gap: str
) -> Stretch:
    """The range in plain form; ``gap`` stands for a line end."""
    out: list[str] = []
    offsets: list[int] = []
    at = start
    for low, high in (*places, (end, end)):
        out.append(text[at:low])
        offsets.extend(range(at, low))
        if low == high:
            pieces = [] if low == end else [(low, " ")]
        elif _separates(text[low:high]):
            pieces = [(low, _one_separator(text[low:high], gap))]
        else:
            pieces = list(_characters(text, low, high))
        for index, piece in pieces:
            out.append(piece)
            offsets.extend([index] * len(piece))
        at = high
    return Stretch("".join(out), tuple(offsets), places, gap)


def _characters(text: str, low: int, high: int) -> Iterator[tuple[int, str]]:
    """Digits and letters in plain form, with a blank at the edge to a script without blanks."""
    before = text[low - 1 : low]
    for index in range(low, high + 1):
        char = text[index : index + 1]
        letter = _UNSPACED.match(char) is not None
        edge = char and before and letter != (_UNSPACED.match(before) is not None)
        if edge and (before if letter else char).isalnum():
            yield index, " "
        if index < high:
            yield index, plain_char(char) if ord(char) > 0x7F else char
        before = char


def _separates(piece: str) -> bool:
    return not any(char.isalnum() for char in piece)


def _one_separator(piece: str, gap: str) -> str:
    """What a run of separators amounts to: a dash, a dot, a blank or nothing."""
    folded = {plain_char(char) if ord(char) > 0x7F else char for char in piece} - {""}
    if "-" in folded:
        return "-" if "\n" not in folded or gap else ""
    if "\n" in folded:
        return gap
    if "." in folded:
        return "."
    return " " if folded else ""


def is_believed(finding: Finding, rule: Rule, stretch: Stretch, text: str) -> bool:
    """Whether what a rule found in a stretch is new and counts; ``text`` is the original."""
    start, end = stretch.original(finding.start, finding.end)
    inside = [
        (low, high)
        for low, high in stretch.places
        if (low < end and high > start) or low == high in (start, end)
    ]
    if not inside:
        return False
    if not any("\n" in text[low:high] for low, high in inside):
        return True
    if not (rule.validator or rule.invalidator):
        return False
    if not stretch.gap and not _is_one_number(finding, stretch, text):
        return False
    context = needles(rule.context, whole_words=rule.whole_words)
    if supporting_word(stretch.text, finding.start, context):
        return True
    return bool(finding.why.validator) and not _is_column(text, start, end)


def _is_one_number(finding: Finding, stretch: Stretch, text: str) -> bool:
    """Whether a group that was put together across a line end is no longer than the others."""
    whole, longest = [0], [_ANY_GROUP]
    for group in _GROUP.finditer(stretch.text, finding.start, finding.end):
        start, end = stretch.original(*group.span())
        cut = "\n" in text[start:end]
        (whole if cut else longest).append(len(group[0]))
    return len(longest) == 1 or max(whole) <= max(longest)


def _is_column(text: str, start: int, end: int) -> bool:
    """Whether the number begins its first line and ends its last."""
    line = text.rfind("\n", 0, start) + 1
    begins = _COLUMN.fullmatch(text, line, start) is not None
    after = _COLUMN.match(text, end)
    stop = after.end() if after else end
    return (begins and text[stop : stop + 2].startswith(("\n", "\r\n"))) or (
        begins and stop == len(text)
    )
