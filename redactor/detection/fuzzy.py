"""List values with one typing mistake: a deletion index over candidate stretches of words.

One mistake is one character left out, added or exchanged, or two neighbours swapped
(optimal string alignment distance 1). Compared are the spelled-out forms
(:func:`redactor.detection.words.spelled`) of the value and of a stretch of words that begins
and ends with a word, not a sign. Values under :data:`SHORTEST` characters must be exact:
every second short word is one mistake away from another.

For every value are kept: its hash, and the hash of every form with one character left out
together with the place of that character. Then a text *t* is one mistake away from a value

* with a character too many: if *t* without it is a value;
* with a character too few: if *t* with the place is a form that is kept;
* with another character: if *t* without it, with the place, is a form that is kept;
* with two neighbours swapped: if *t* with them swapped back is a value.

So nothing but hashes has to be kept to be sure. Which stretches are candidates: single
words, and stretches that begin or end with a word that begins or ends a value, since a
mistake cannot touch both ends; and words that a sign or blank cuts in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from redactor.detection.hashing import (
    Filter,
    Hasher,
    Ints,
    Words,
    codes_of,
    found_in,
    mixed,
    pack,
    unpack,
)
from redactor.detection.tokens import JOINED, SIGN, WORD, Batch
from redactor.detection.words import compose, fold, spelled, words_of

SHORTEST = 5  # characters of a value that is looked for with a mistake
_CHUNK = 20_000  # values that are hashed together
_FORMS = 1 << 20  # forms that are looked up together
_CUT_WORD = (2, 3)  # words of a single word that a blank, or a sign, cuts in two


@dataclass(frozen=True, slots=True)
class FuzzyIndex:
    """Hashes of values and of their forms with one character left out."""

    ignore_case: bool
    lengths: tuple[int, ...]  # of how many words there are values
    shortest: int  # characters
    longest: int
    values: Words
    forms: Words
    may_be_value: Filter
    may_be_form: Filter
    ends: Filter  # words that begin or end a value of several words

    @classmethod
    def of(cls, values: Sequence[str], hasher: Hasher, *, ignore_case: bool) -> Self | None:
        """Index the values that are long enough; None where there are none."""
        kept, forms, ends = [], [], []
        lengths: set[int] = set()
        sizes: set[int] = set()
        for at in range(0, len(values), _CHUNK):
            composed = [compose(value) for value in values[at : at + _CHUNK]]
            texts = [spelled(value, ignore_case=ignore_case) for value in composed]
            usable = [number for number, text in enumerate(texts) if len(text) >= SHORTEST]
            if not usable:
                continue
            strings = _Strings([texts[number] for number in usable], hasher)
            kept.append(strings.whole())
            forms.append(strings.at_place(strings.without()))
            sizes.update(map(len, strings.texts))
            counts, outer = _ends([composed[number] for number in usable], hasher, ignore_case)
            lengths |= counts
            ends.append(outer)
        if not kept:
            return None
        whole, left_out = np.unique(np.concatenate(kept)), np.unique(np.concatenate(forms))
        return cls(
            ignore_case, tuple(sorted(lengths)), min(sizes), max(sizes), whole, left_out,
            Filter.of(whole), Filter.of(left_out), Filter.of(np.unique(np.concatenate(ends))),
        )  # fmt: skip

    @property
    def reach(self) -> int:
        """Most words of a stretch that can hit."""
        return self.lengths[-1] + 2

    def find(self, batch: Batch, hashes: Words, hasher: Hasher) -> list[tuple[int, int]]:
        """Stretches of the batch's text one mistake away from a value, as (start, end)."""
        if not batch.count:
            return []
        line = _Line(batch, self.ignore_case)
        found: set[tuple[int, int]] = set()
        at_end = self.ends(hashes)
        for count in self._counts():
            first = np.arange(max(batch.count - count + 1, 0))
            last = first + count - 1
            usable = batch.cuts[last] == batch.cuts[first]
            size = line.ends[last] - line.starts[first]
            usable &= (size >= self.shortest - 1) & (size <= self.longest + 1)
            usable &= (batch.kinds[first] != SIGN) & (batch.kinds[last] != SIGN)
            wide = usable & (at_end[first] | at_end[last]) if count > 1 else usable
            found |= self._hits(batch, line, first[wide], count, hasher)
            if count in _CUT_WORD and self.lengths[0] == 1:
                cut = usable & ~wide & self._cuts_a_word(batch, first, count)
                found |= self._hits(batch, line, first[cut], count, hasher)
        return sorted(found)

    def _counts(self) -> list[int]:
        counts = {n for words in self.lengths for n in range(max(1, words - 2), words + 3)}
        return sorted(counts | {1})

    @staticmethod
    def _cuts_a_word(batch: Batch, first: Ints, count: int) -> Any:
        """Where the words may be one with a blank, a sign or a letter of another script in it."""
        if count == 2:
            return np.ones(len(first), np.bool_)
        joined = (batch.gaps[first] == JOINED) & (batch.gaps[first + 1] == JOINED)
        return joined & (batch.kinds[first + 1] != WORD)

    def _hits(
        self, batch: Batch, line: _Line, first: Ints, count: int, hasher: Hasher
    ) -> set[tuple[int, int]]:
        """Of candidate stretches those that hit; each spelling is looked up once."""
        last = first + count - 1
        by_text: dict[str, list[int]] = {}
        spans = zip(line.starts[first].tolist(), line.ends[last].tolist(), strict=True)
        for number, (start, end) in enumerate(spans):
            by_text.setdefault(line.text[start:end], []).append(number)
        texts = list(by_text)
        near: set[str] = set()
        at, size = 0, 0
        for number, text in enumerate(texts):
            size += len(text)
            if size > _FORMS or number == len(texts) - 1:
                near |= self._near(texts[at : number + 1], hasher)
                at, size = number + 1, 0
        return {
            (int(batch.starts[first[number]]), int(batch.ends[last[number]]))
            for text in near
            for number in by_text[text]
        }

    def _near(self, texts: Sequence[str], hasher: Hasher) -> set[str]:
        strings = _Strings(texts, hasher)
        without = strings.without()
        near = set(self._among_values(mixed(without), strings.owner))
        near |= self._among_forms(strings.at_place(without), strings.owner)
        near |= self._among_values(*strings.swapped())
        near |= self._among_forms(*strings.with_a_gap())
        return {texts[number] for number in near}

    def _among_values(self, hashes: Words, owner: Ints) -> set[int]:
        likely = np.flatnonzero(self.may_be_value(hashes))
        return set(owner[likely[found_in(self.values, hashes[likely]) >= 0]].tolist())

    def _among_forms(self, hashes: Words, owner: Ints) -> set[int]:
        likely = np.flatnonzero(self.may_be_form(hashes))
        return set(owner[likely[found_in(self.forms, hashes[likely]) >= 0]].tolist())


def _ends(values: Sequence[str], hasher: Hasher, ignore_case: bool) -> tuple[set[int], Words]:
    """Numbers of words, and the hashes of the first and last words of values of several."""
    counts: set[int] = set()
    outer: set[str] = set()
    for value in values:
        words, _ = words_of(value, ignore_case=ignore_case)
        counts.add(len(words))
        if len(words) > 1:
            outer |= {words[0], words[-1]}
    return counts, hasher.of_texts(sorted(outer))


class _Line:
    """A batch spelled out, one blank for white space, and where each word stands in that."""

    def __init__(self, batch: Batch, ignore_case: bool) -> None:
        change = fold if ignore_case else compose
        text = change(batch.text) if batch.text.isascii() else ""
        words = [
            text[start:end] if text else change(batch.text[start:end])
            for start, end in zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
        ]
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        blanks = (batch.gaps != JOINED).astype(np.int64)
        self.ends = np.cumsum(lengths + blanks) - blanks
        self.starts = self.ends - lengths
        gaps = [" " if blank else "" for blank in blanks.tolist()]
        self.text = "".join([part for pair in zip(words, gaps, strict=True) for part in pair])


class _Strings:
    """Texts and the hashes of all that is one character away from them.

    ``owner`` is the number of the text for each character of all of them.
    """

    def __init__(self, texts: Sequence[str], hasher: Hasher) -> None:
        self.texts = texts
        self._hasher = hasher
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._ends = np.cumsum(lengths)
        self._starts = self._ends - lengths
        self._numbers = hasher.numbers_of(codes_of("".join(texts)))
        self._sums = hasher.letters.prefixes(self._numbers)
        self.owner = np.repeat(np.arange(len(texts)), lengths)
        self._at = np.arange(len(self._numbers))
        self._inside = self._at - self._starts[self.owner]  # place of the character in its text
        self._polynomials = hasher.letters.stretch(self._sums, self._starts, self._ends)

    def whole(self) -> Words:
        """Of every text its hash."""
        return mixed(self._polynomials)

    def without(self) -> Words:
        """Of every character the polynomial of its text without it."""
        down = self._hasher.letters.down(len(self._sums) + 1)
        start, end = self._starts[self.owner], self._ends[self.owner]
        before = (self._sums[self._at] - self._sums[start]) * down[start]
        # what follows moves one place down
        behind = (self._sums[end] - self._sums[self._at + 1]) * down[start + 1]
        left_out: Words = before + behind
        return left_out

    def at_place(self, polynomials: Words) -> Words:
        """Hash of a text without a character, and of the place of that."""
        return self._placed(polynomials, self._inside)

    def with_a_gap(self) -> tuple[Words, Ints]:
        """Of every text its hash with each place where a character could be missing."""
        owner = np.repeat(np.arange(len(self.texts)), self._ends - self._starts + 1)
        place = np.arange(len(owner)) - (self._starts + np.arange(len(self.texts)))[owner]
        return self._placed(self._polynomials[owner], place), owner

    def swapped(self) -> tuple[Words, Ints]:
        """Of every text its hash with each two neighbours swapped."""
        left = np.flatnonzero(self._at + 1 < self._ends[self.owner])
        owner, powers = self.owner[left], self._hasher.letters.up(len(self._numbers) + 1)
        step = self._numbers[left + 1] - self._numbers[left]
        inside = self._inside[left]
        change = step * powers[inside] - step * powers[inside + 1]
        return mixed(self._polynomials[owner] + change), owner

    def _placed(self, polynomials: Words, place: Ints) -> Words:
        return mixed(polynomials + (place + 1).astype(np.uint64) * self._hasher.place)


def dump(index: FuzzyIndex | None) -> bytes:
    """The index as bytes; see :func:`load`."""
    if index is None:
        return b"null\n"
    arrays = [
        index.values, index.forms, index.may_be_value.bits, index.may_be_form.bits, index.ends.bits
    ]  # fmt: skip
    head = {
        "ignore_case": index.ignore_case,
        "lengths": index.lengths,
        "shortest": index.shortest,
        "longest": index.longest,
    }
    return pack(head, arrays)


def load(data: bytes) -> FuzzyIndex | None:
    """What :func:`dump` was given; arrays are views of ``data``."""
    if data == b"null\n":
        return None
    head, arrays = unpack(data)
    values, forms = arrays[0].view(np.uint64), arrays[1].view(np.uint64)
    return FuzzyIndex(
        head["ignore_case"], tuple(head["lengths"]), head["shortest"], head["longest"],
        values, forms, *map(Filter, arrays[2:]),
    )  # fmt: skip
