"""Search for redacted values in text, whatever their spelling.

Definition, shared with propagation (implemented there on its own, so that a fault in one
is seen by the other): every character is decomposed (NFKD) and case-folded; white space,
dashes (Unicode category Pd) and invisible format characters (Cf) are dropped. A value is
hit where its normalised form stands in the normalised text, unless a neighbouring
character of the original continues the hit's edge with the same class (digit beside
digit, letter beside letter): that is another, longer token. In a text of records
(``by_line``) a hit never crosses a line end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

GRAM = 6  # characters hashed at once; shorter values are not searched
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class _Folding(dict[int, str]):
    """``str.translate`` table, filled on first sight of a character."""

    def __init__(self, keep_newline: bool) -> None:
        super().__init__()
        if keep_newline:
            self[10] = "\n"

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace() or unicodedata.category(char) in ("Pd", "Cf"):
            folded = ""
        else:
            folded = unicodedata.normalize("NFKD", char).casefold()
        self[code] = folded
        return folded


_DROPPED = b"-" + "".join(c for c in map(chr, range(128)) if c.isspace()).encode("ascii")
_DROPPED_BY_LINE = _DROPPED.replace(b"\n", b"")

_SQUASH = _Folding(keep_newline=False)
_BY_LINE = _Folding(keep_newline=True)


def normalise(text: str, *, by_line: bool = False) -> str:
    """The spelling-independent form of a text; see the module's definition."""
    if text.isascii():
        drop = _DROPPED_BY_LINE if by_line else _DROPPED
        return text.lower().encode("ascii").translate(None, drop).decode("ascii")
    return text.translate(_BY_LINE if by_line else _SQUASH)


def normalise_all(texts: Sequence[str]) -> list[str]:
    """:func:`normalise` of each text; plain ones all at once."""
    joined = "\0".join(texts)
    if joined.isascii() and joined.count("\0") == len(texts) - 1:
        return normalise(joined).split("\0")  # NUL stays
    return [normalise(text) for text in texts]


@dataclass(frozen=True, slots=True)
class Hit:
    """Value number ``value`` stands in text number ``text`` at ``[start, end)``."""

    value: int
    text: int
    start: int  # code points of the original text
    end: int


def find_values(texts: Sequence[str], values: Sequence[str], *, by_line: bool = False) -> list[Hit]:
    """All places where one of ``values`` still stands; values under GRAM are ignored.

    Several short texts are searched as one, but a hit never spans two of them.
    """
    wanted: dict[str, dict[str, int]] = {}
    for number, folded in enumerate(normalise_all(values)):
        if len(folded) >= GRAM:
            wanted.setdefault(folded[:GRAM], {}).setdefault(folded, number)
    if not wanted:
        return []
    # U+0000 cannot be part of a match across texts: a value holding it is matched inside
    joined = _joined(texts, by_line=by_line)
    hits: list[Hit] = []
    bounds = _Bounds(texts, by_line)
    for position in _candidates(joined, list(wanted)):
        for folded, number in wanted[joined[position : position + GRAM]].items():
            if joined.startswith(folded, position):
                hit = bounds.hit(position, position + len(folded), number)
                if hit is not None:
                    hits.append(hit)
    return hits


def _joined(texts: Sequence[str], *, by_line: bool) -> str:
    """The normalised texts with a NUL between them."""
    whole = "\0".join(texts)
    if whole.isascii():
        return normalise(whole, by_line=by_line)  # NUL stays: all texts at once
    return "\0".join(normalise(text, by_line=by_line) for text in texts)


def _candidates(text: str, grams: list[str]) -> list[int]:
    """Positions in ``text`` where one of the grams (all GRAM long) stands."""
    if len(text) < GRAM:
        return []
    if len(grams) <= 8:
        return sorted(position for gram in grams for position in _occurrences(text, gram))
    import numpy as np

    def codes(part: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        if part.isascii():
            return np.frombuffer(part.encode(), np.uint8).astype(np.uint64)
        return np.frombuffer(part.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)

    def rolling(
        array: np.ndarray[tuple[int], np.dtype[np.uint64]],
    ) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        count = len(array) - GRAM + 1
        total = np.zeros(count, np.uint64)
        for offset in range(GRAM):
            total = total * np.uint64(0x9E3779B97F4A7C15) + array[offset : offset + count]
        return total ^ (total >> np.uint64(29))

    # all grams in one row: of its rolling sums every GRAM-th is one gram's own
    gram_codes = rolling(codes("".join(grams)))[::GRAM]
    mask = np.uint64((1 << 20) - 1)
    table = np.zeros(1 << 20, bool)
    table[gram_codes & mask] = True
    hashes = rolling(codes(text))
    rough = np.flatnonzero(table[hashes & mask])
    known = set(grams)
    return [at for at in rough.tolist() if text[at : at + GRAM] in known]


def _occurrences(text: str, gram: str) -> list[int]:
    found, at = [], text.find(gram)
    while at >= 0:
        found.append(at)
        at = text.find(gram, at + 1)
    return found


class _Bounds:
    """Maps positions of the joined, normalised texts back; built only when there are hits."""

    def __init__(self, texts: Sequence[str], by_line: bool) -> None:
        self._texts = texts
        self._folding = _BY_LINE if by_line else _SQUASH
        self._starts: list[int] | None = None
        self._maps: dict[int, list[int]] = {}

    def hit(self, start: int, end: int, value: int) -> Hit | None:
        from bisect import bisect_right

        if self._starts is None:
            self._starts, at = [], 0
            for text in self._texts:
                self._starts.append(at)
                at += len(normalise(text, by_line=self._folding is _BY_LINE)) + 1
        number = bisect_right(self._starts, start) - 1
        origin = self._maps.get(number)
        text = self._texts[number]
        if origin is None:
            origin = []
            if text.isascii():
                drop = _DROPPED_BY_LINE if self._folding is _BY_LINE else _DROPPED
                origin = [at for at, code in enumerate(text.encode("ascii")) if code not in drop]
            for position, char in enumerate("" if origin else text):
                origin.extend([position] * len(self._folding[ord(char)]))
            self._maps[number] = origin
        first, last = start - self._starts[number], end - self._starts[number]
        if last > len(origin):
            return None  # would reach into the next text
        a, b = origin[first], origin[last - 1] + 1
        if a and same_class(text[a - 1], text[a]):
            return None
        if b < len(text) and same_class(text[b - 1], text[b]):
            return None
        return Hit(value, number, a, b)


def same_class(left: str, right: str) -> bool:
    """True when two neighbours belong to one token: both digits, or both letters."""
    if left.isdigit():
        return right.isdigit()
    if left.isalpha() or unicodedata.combining(left):
        return right.isalpha() or bool(unicodedata.combining(right))
    return False
