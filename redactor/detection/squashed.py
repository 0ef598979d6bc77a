"""Texts with only their letters and digits left, as records are compared (numpy).

Every character is decomposed (NFKD) and case-folded; what is then neither letter, digit nor
mark is dropped: spaces, separators, punctuation, invisible characters. A hit may begin and
end where the class of the character changes (digit, letter), or anywhere among letters of
scripts written without spaces.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np

from redactor.detection.hashing import Ints, codes_of
from redactor.detection.words import UNSPACED

_OTHER, _LETTER, _DIGIT, _ALONE = 1, 2, 3, 4


def squash(text: str) -> str:
    """The letters and digits of a text, folded."""
    if text.isascii():
        return text.encode("ascii").translate(_ASCII_LOWER, _ASCII_DROPPED).decode("ascii")
    return text.translate(_folds)


class _Folds(dict[int, str]):
    """``str.translate`` table, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        kept = "".join(char for char in folded if char.isalnum() or unicodedata.combining(char))
        self[code] = kept
        return kept


_folds = _Folds()
_ASCII_LOWER = bytes(range(256)).lower()
_ASCII_DROPPED = bytes(code for code in range(128) if not chr(code).isalnum())


class _Tables:
    """Class of every code point and how many characters it leaves, filled on first sight."""

    def __init__(self) -> None:
        self.kind = np.zeros(0x110000, np.uint8)
        self.size = np.zeros(0x110000, np.uint8)
        self.learn(np.arange(128, dtype=np.uint32))

    def learn(self, codes: Any) -> None:
        """Make sure that all of ``codes`` are known."""
        for code in np.unique(codes[self.kind[codes] == 0]).tolist():
            self.size[code] = len(_folds[code])
            self.kind[code] = _kind(chr(code)) if self.size[code] else _OTHER


def _kind(char: str) -> int:
    if UNSPACED.match(char):
        return _ALONE
    return _DIGIT if char.isdigit() or char.isnumeric() else _LETTER


_tables: list[_Tables] = []  # megabytes of mostly untouched pages: on first use


@dataclass(frozen=True, slots=True)
class Squashed:
    """A text squashed, with the way back.

    ``origins[i]`` is the code point of the text that character ``i`` comes from;
    ``begins`` are characters where a hit may begin, ``ends_after[i]`` whether one may end
    with character ``i``.
    """

    codes: Any
    origins: Ints
    begins: Ints
    ends_after: Any

    @classmethod
    def of(cls, text: str) -> Squashed:
        """Squash a text."""
        if not _tables:
            _tables.append(_Tables())
        tables, codes = _tables[0], codes_of(text)
        if codes.dtype != np.uint8:
            tables.learn(codes)
        kinds, sizes = tables.kind[codes], tables.size[codes]
        edge = np.ones(len(codes) + 1, np.bool_)  # edge[i]: between characters i - 1 and i
        edge[1:-1] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE)
        origins = np.repeat(np.arange(len(codes)), sizes)
        first = np.ones(len(origins) + 1, np.bool_)  # of those that come from one code point
        first[1:-1] = origins[1:] != origins[:-1]
        return cls(
            codes_of(squash(text)),
            origins,
            np.flatnonzero(edge[origins] & first[:-1]),
            edge[origins + 1] & first[1:],
        )
