"""An index of very many list values: keyed hashes only, quick to load and to search.

Of a deny list are kept: for every value the hash of its words (:mod:`.tokens`) and 64 bits
of a keyed BLAKE2b that confirm a hit, and a filter that tells which words begin a value of
how many words. Of an allow list 128 bits of the BLAKE2b of every value. A hit is found by
its hash, so a value that is not in the list is taken for one that is with a chance of
2**-100; the values themselves are nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from redactor.detection.hashing import (
    Filter,
    Hasher,
    Ints,
    Words,
    found_in,
    mixed,
    pack,
    times,
    unpack,
)
from redactor.detection.tokens import Batch, Stretches, split, word_hashes
from redactor.detection.words import compose, fold, spelled, squeeze

_CHUNK = 50_000  # values that are hashed together


@dataclass(frozen=True, slots=True)
class DenyIndex:
    """Values that are looked for in texts. ``lengths``: of how many words there are values."""

    ignore_case: bool
    lengths: tuple[int, ...]
    starts: Filter
    keys: Words
    tags: Words

    @classmethod
    def of(cls, values: Sequence[str], hasher: Hasher, *, ignore_case: bool) -> Self:
        """Index values; blank ones and repetitions do not matter."""
        parts = [
            _hashed(values[at : at + _CHUNK], hasher, ignore_case=ignore_case)
            for at in range(0, len(values), _CHUNK)
        ]
        keys, tags, firsts, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((tags, keys))
        keys, tags = keys[order], tags[order]
        different = np.ones(len(keys), np.bool_)
        different[1:] = (keys[1:] != keys[:-1]) | (tags[1:] != tags[:-1])
        begins = np.concatenate((_begins(firsts, 0, hasher), _begins(firsts, counts, hasher)))
        return cls(
            ignore_case,
            tuple(np.unique(counts).tolist()),
            Filter.of(np.unique(begins)),
            keys[different],
            tags[different],
        )

    @property
    def longest(self) -> int:
        """Words of the longest value."""
        return self.lengths[-1]

    def find(self, batch: Batch, hashes: Words, hasher: Hasher) -> Iterator[tuple[int, int]]:
        """Stretches of the batch's text that are in the list, as (start, end)."""
        if not batch.count:
            return
        first = np.flatnonzero(self.starts(_begins(hashes, 0, hasher)))
        if not len(first):
            return
        stretches = Stretches(batch, hashes, hasher)
        for count in self.lengths:
            usable = first[self.starts(_begins(hashes[first], count, hasher))]
            usable = usable[stretches.whole(usable, count)]
            if not len(usable):
                continue
            places = found_in(self.keys, stretches.hashes(usable, count))
            hit = np.flatnonzero(places >= 0)
            for word, place in zip(usable[hit].tolist(), places[hit].tolist(), strict=True):
                start, end = int(batch.starts[word]), int(batch.ends[word + count - 1])
                if self._confirmed(batch.text[start:end], place, hasher):
                    yield start, end

    def _confirmed(self, text: str, place: int, hasher: Hasher) -> bool:
        tag = hasher.tags([spelled(text, ignore_case=self.ignore_case)])[0]
        key = self.keys[place]
        while place < len(self.keys) and self.keys[place] == key:
            if self.tags[place] == tag:
                return True
            place += 1
        return False


def _hashed(
    values: Sequence[str], hasher: Hasher, *, ignore_case: bool
) -> tuple[Words, Words, Words, Ints]:
    """Of each value: hash, tag, hash of the first word, number of words."""
    composed = [compose(value) for value in values]
    batch = split(composed)
    hashes = word_hashes(batch, hasher, ignore_case=ignore_case)
    lengths = np.fromiter(map(len, composed), np.int64, len(composed))
    begin = np.cumsum(lengths + 1) - lengths - 1
    first = np.searchsorted(batch.starts, begin)
    count = np.diff(first, append=batch.count)
    kept = np.flatnonzero(count)
    first, count = first[kept], count[kept]
    stretches = Stretches(batch, hashes, hasher)
    keys = stretches.hashes(first, count) if len(first) else np.zeros(0, np.uint64)
    texts = [spelled(composed[number], ignore_case=ignore_case) for number in kept.tolist()]
    return keys, hasher.tags(texts), hashes[first], count


def _begins(first: Words, count: Any, hasher: Hasher) -> Words:
    """What stands in the filter for a first word of a value of ``count`` words; 0: of any."""
    return mixed(first ^ times(count, hasher.place))


@dataclass(frozen=True, slots=True)
class AllowIndex:
    """Values that a finding's whole text is compared with."""

    ignore_case: bool
    high: Words
    low: Words

    @classmethod
    def of(cls, values: Sequence[str], hasher: Hasher, *, ignore_case: bool) -> Self:
        """Index values."""
        parts = [
            hasher.long_tags([_whole(v, ignore_case=ignore_case) for v in values[at : at + _CHUNK]])
            for at in range(0, len(values), _CHUNK)
        ]
        high, low = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((low, high))
        return cls(ignore_case, high[order], low[order])

    def holds(self, text: str, hasher: Hasher) -> bool:
        """Whether the text, white space squeezed, is in the list."""
        high, low = hasher.long_tags([_whole(text, ignore_case=self.ignore_case)])
        place = int(found_in(self.high, high)[0])
        while 0 <= place < len(self.high) and self.high[place] == high[0]:
            if self.low[place] == low[0]:
                return True
            place += 1
        return False


def _whole(text: str, *, ignore_case: bool) -> str:
    squeezed = squeeze(text)
    return fold(squeezed) if ignore_case else squeezed


def dump(index: DenyIndex | AllowIndex) -> bytes:
    """The index as bytes; see :func:`load`."""
    if isinstance(index, DenyIndex):
        head = {"ignore_case": index.ignore_case, "lengths": index.lengths}
        return pack(head, [index.starts.bits, index.keys, index.tags])
    return pack({"ignore_case": index.ignore_case}, [index.high, index.low])


def load(data: bytes) -> DenyIndex | AllowIndex:
    """What :func:`dump` was given; arrays are views of ``data``.

    Raises:
        ValueError: these bytes are none.
    """
    head, arrays = unpack(data)
    first, second = arrays[-2].view(np.uint64), arrays[-1].view(np.uint64)
    if "lengths" in head:
        lengths = tuple(head["lengths"])
        return DenyIndex(head["ignore_case"], lengths, Filter(arrays[0]), first, second)
    return AllowIndex(head["ignore_case"], first, second)
