"""Texts -> words with their places and keyed hashes, whole batches at once (numpy).

The same words as :mod:`redactor.detection.words` makes one by one. Characters are looked up
in tables that fill as characters turn up; the few words in which case folding or composing
changes the number of characters are folded one by one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from redactor.detection.hashing import Hasher, Ints, Words, codes_of, mixed, times
from redactor.detection.words import BREAK, RUN, UNSPACED, compose, fold
from redactor.values import Unit

BATCH = 1 << 20  # code points that are looked at together; bounds memory

# classes of characters
SPACE, WORD, ALONE, SIGN = 1, 2, 3, 4  # ALONE: a letter that is a word; SIGN: neither
# what stands behind a word
JOINED, SPACED, CUT = 0, 1, 2  # CUT: nothing reaches over it


@dataclass(slots=True)
class Batch:
    """Words of texts that were joined by line ends; offsets in code points of ``text``.

    ``gaps[i]`` tells what stands behind word ``i``; ``cuts[i]`` how many of the words
    before ``i`` have a CUT behind them.
    """

    text: str
    codes: Any
    starts: Ints
    ends: Ints
    kinds: Any
    gaps: Any
    cuts: Ints

    @property
    def count(self) -> int:
        """Number of words."""
        return len(self.starts)


class _Characters:
    """Class, folded form and hardness of every code point, filled on first sight."""

    def __init__(self) -> None:
        self.kind = np.zeros(0x110000, np.uint8)
        self.folded = np.zeros(0x110000, np.uint32)
        # bit 0: composing may change a word that holds it; bit 1: so may folding
        self.hard = np.zeros(0x110000, np.uint8)
        self.learn(np.arange(128, dtype=np.uint32))

    def learn(self, codes: Any) -> None:
        """Make sure that all of ``codes`` are known."""
        unknown = codes[self.kind[codes] == 0]
        if not len(unknown):
            return
        for code in np.unique(unknown).tolist():
            char = chr(code)
            self.kind[code] = _kind(char)
            lower = char.casefold()
            composing = _composes(char)
            plain = len(lower) == 1 and not _composes(lower)
            self.folded[code] = ord(lower) if plain else code
            self.hard[code] = composing + 2 * (composing or not plain)


def _kind(char: str) -> int:
    if char.isspace():
        return SPACE
    if UNSPACED.match(char):
        return ALONE
    return WORD if RUN.match(char) else SIGN


def _composes(char: str) -> bool:
    """Whether form NFC may change or join it: more often yes than true."""
    code = ord(char)
    return code >= 0x300 and (
        not unicodedata.is_normalized("NFC", char)
        or 0x1100 <= code < 0x1200
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
    )


_characters: list[_Characters] = []  # seven megabytes of mostly untouched pages: on first use


def _table() -> _Characters:
    if not _characters:
        _characters.append(_Characters())
    return _characters[0]


def split(texts: Sequence[str], *, by_line: bool = False) -> Batch:
    """The words of several texts; nothing reaches over the end of one.

    ``by_line``: nor over a line end.
    """
    text = texts[0] if len(texts) == 1 else "\n".join(texts)
    codes = codes_of(text)
    table = _table()
    if codes.dtype != np.uint8:
        table.learn(codes)
    kinds = table.kind[codes]
    run = kinds == WORD
    edge = np.empty(len(codes) + 1, np.bool_)  # edge[i]: one of i - 1 and i is not in a run
    edge[0] = edge[-1] = True
    np.not_equal(run[1:], run[:-1], out=edge[1:-1])
    other = kinds >= ALONE
    starts = np.flatnonzero((run & edge[:-1]) | other)
    ends = np.flatnonzero((run & edge[1:]) | other) + 1
    gaps = np.full(len(starts), JOINED, np.uint8)
    gaps[:-1][starts[1:] > ends[:-1]] = SPACED
    if by_line:
        _cut(gaps, starts, np.flatnonzero(codes == 10))
    if len(texts) > 1:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        _cut(gaps, starts, np.cumsum(lengths + 1) - 1)
    if len(gaps):
        gaps[-1] = CUT
    cuts = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(gaps == CUT, out=cuts[1:])
    return Batch(text, codes, starts, ends, kinds[starts], gaps, cuts)


def _cut(gaps: Any, starts: Ints, places: Ints) -> None:
    behind = np.searchsorted(starts, places) - 1
    gaps[behind[behind >= 0]] = CUT


def word_hashes(batch: Batch, hasher: Hasher, *, ignore_case: bool) -> Words:
    """The hash of every word as it is compared."""
    codes, hard = batch.codes, None
    table = _table()
    if codes.dtype != np.uint8:
        if ignore_case or not unicodedata.is_normalized("NFC", batch.text):
            hard = (table.hard[codes] & (2 if ignore_case else 1)) != 0
        if ignore_case:
            codes = table.folded[codes]
    elif ignore_case:
        codes = np.frombuffer(codes.tobytes().lower(), np.uint8)
    prefixes = hasher.letters.prefixes(hasher.numbers_of(codes))
    hashes = mixed(hasher.letters.stretch(prefixes, batch.starts, batch.ends))
    if hard is not None and hard.any():
        places = np.unique(np.searchsorted(batch.starts, np.flatnonzero(hard), "right") - 1)
        change = fold if ignore_case else compose
        texts = [
            change(batch.text[a:b])
            for a, b in zip(batch.starts[places].tolist(), batch.ends[places].tolist(), strict=True)
        ]
        hashes[places] = hasher.of_texts(texts)
    return hashes


class Stretches:
    """Hashes of stretches of words of one batch."""

    def __init__(self, batch: Batch, hashes: Words, hasher: Hasher) -> None:
        self._batch = batch
        self._hashes = hashes
        self._hasher = hasher
        behind = np.array([hasher.joined, hasher.spaced, 0], np.uint64)
        self._prefixes = hasher.words.prefixes(hashes + behind[batch.gaps])

    def whole(self, first: Ints, count: Any) -> Any:
        """True where ``count`` words from each of ``first`` on belong to one stretch."""
        last = first + count - 1
        inside = last < self._batch.count
        cuts = self._batch.cuts
        return inside & (cuts[np.where(inside, last, first)] == cuts[first])

    def hashes(self, first: Ints, count: Any) -> Words:
        """The hash of ``count`` words from each of ``first`` on; see :meth:`whole`."""
        point = self._hasher.words
        last = first + count - 1
        total = point.stretch(self._prefixes, first, last)
        total += self._hashes[last] * point.up(int(np.max(count)))[count - 1]
        return mixed(total + times(count, self._hasher.length))


@dataclass(frozen=True, slots=True)
class Piece:
    """A batch and where its texts come from: (unit, start in the batch, start in the unit)."""

    batch: Batch
    origins: tuple[tuple[int, Unit, int], ...]


def pieces(units: Sequence[Unit], longest: int) -> Iterator[Piece]:
    """Units in batches; the batches of one long text overlap by ``longest`` words."""
    waiting: dict[tuple[bool, bool], list[Unit]] = {}
    sizes: dict[tuple[bool, bool], int] = {}
    for unit in units:
        if not unit.text:
            continue
        if len(unit.text) > BATCH:
            yield from _long(unit, longest)
            continue
        key = (unit.by_line, unit.text.isascii())
        if sizes.get(key, 0) + len(unit.text) > BATCH:
            yield _joined(waiting.pop(key), by_line=key[0])
            sizes[key] = 0
        waiting.setdefault(key, []).append(unit)
        sizes[key] = sizes.get(key, 0) + len(unit.text)
    for key, group in waiting.items():
        yield _joined(group, by_line=key[0])


def _joined(units: Sequence[Unit], *, by_line: bool) -> Piece:
    origins, at = [], 0
    for unit in units:
        origins.append((at, unit, 0))
        at += len(unit.text) + 1
    return Piece(split([unit.text for unit in units], by_line=by_line), tuple(origins))


def _long(unit: Unit, longest: int) -> Iterator[Piece]:
    text, start, size = unit.text, 0, BATCH
    while start < len(text):
        end = _word_end(text, start + size)
        batch = split([text[start:end]], by_line=unit.by_line)
        if end < len(text) and batch.count <= longest:
            size *= 2  # words longer than a batch
            continue
        yield Piece(batch, ((0, unit, start),))
        if end == len(text):
            return
        size = BATCH
        start += int(batch.starts[1 - longest]) if longest > 1 else end - start


def _word_end(text: str, at: int) -> int:
    """A place at or behind ``at`` where no word is cut."""
    found = BREAK.search(text, min(at, len(text)))
    return found.start() if found else len(text)
