"""Recognised words -> the text of a frame, and boxes of stretches of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from redactor.formats.ocr import Word

Box = tuple[float, float, float, float]

# what recognition takes for digits' look-alikes inside numbers, and back
_DIGITS = str.maketrans("OoQDlIi|!zZSsBGq", "0000111112255869")
_NUMBERISH = re.compile(r"(?<![^\W_])[\dOoQDlIi|!zZSsBGq]{2,}(?![^\W_])")


@dataclass(frozen=True, slots=True)
class FrameText:
    """The text of one frame; ``places`` are (start, end, word) in order of start."""

    text: str = field(repr=False)
    places: Sequence[tuple[int, int, Word]] = field(repr=False)

    def boxes(self, start: int, end: int) -> list[Box]:
        """Boxes of the words that ``[start, end)`` touches; neighbours of a line are one box."""
        found: list[tuple[int, Box]] = []
        for first, last, word in self.places:
            if first >= end:
                break
            if last <= start:
                continue
            if found and found[-1][0] == word.line:
                found[-1] = (word.line, _union(found[-1][1], word.box))
            else:
                found.append((word.line, word.box))
        return [box for _, box in found]


def frame_text(words: Sequence[Word]) -> FrameText:
    """Words of a line with spaces between, lines with line ends."""
    pieces: list[str] = []
    places = []
    size = 0
    previous: Word | None = None
    for word in words:
        if previous is not None:
            pieces.append(" " if word.line == previous.line else "\n")
            size += 1
        places.append((size, size + len(word.text), word))
        pieces.append(word.text)
        size += len(word.text)
        previous = word
    return FrameText("".join(pieces), places)


def as_numbers(text: str) -> str | None:
    """The text with look-alikes of digits read as digits inside what may be numbers.

    Of equal length, so that places stay; None where nothing changes. Check digits then tell
    whether ``4l11 11ll`` was a card number.
    """

    def digits(match: re.Match[str]) -> str:
        found = match[0]
        return found.translate(_DIGITS) if any(map(str.isdigit, found)) else found

    changed = _NUMBERISH.sub(digits, text)
    return changed if changed != text else None


def _union(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    )  # fmt: skip
