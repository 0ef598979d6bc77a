"""Spelling-independent comparison of text: white space, dashes and case do not count.

The same definition as propagation and verification have, each with its own code, so that a
fault in one is seen by the others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


class _Table(dict[int, str]):
    """``str.translate`` table, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace() or unicodedata.category(char) in ("Pd", "Cf", "Cc"):
            folded = ""
        else:
            folded = unicodedata.normalize("NFKD", char).casefold()
        self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The folded form."""
    return text.translate(_TABLE)


def origins(text: str) -> list[int]:
    """For every character of the folded form the position it came from."""
    return [at for at, char in enumerate(text) for _ in _TABLE[ord(char)]]


class Folded:
    """A text and its folded form; the way back is worked out when first needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self._origins: list[int] | None = None

    def occurrences(self, value: str) -> Iterator[tuple[int, int]]:
        """Places ``[start, end)`` of the text where a folded value stands as a whole token.

        A neighbour of the same class (digit, letter) makes it part of a longer token.
        """
        at = self.folded.find(value)
        if at < 0 or not value:
            return
        if self._origins is None:
            self._origins = origins(self.text)
        text, back = self.text, self._origins
        while at >= 0:
            start, end = back[at], back[at + len(value) - 1] + 1
            if not _goes_on(text, start - 1, start) and not _goes_on(text, end - 1, end):
                yield start, end
            at = self.folded.find(value, at + 1)


def occurrences(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Places of one folded value in one text: see :meth:`Folded.occurrences`."""
    return Folded(text).occurrences(value)


def _goes_on(text: str, left: int, right: int) -> bool:
    if left < 0 or right >= len(text):
        return False
    one, other = text[left], text[right]
    if ord(one) > 0x2E7F or ord(other) > 0x2E7F:
        return False  # Chinese and Japanese run on without blanks
    return (one.isdigit() and other.isdigit()) or (one.isalpha() and other.isalpha())
