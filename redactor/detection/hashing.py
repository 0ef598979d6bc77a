"""Keyed 64-bit hashes of words and stretches of words, whole texts at once (numpy).

A word's hash is a polynomial over its characters (each replaced by a keyed 64-bit number)
at a secret odd point modulo 2**64, then mixed; a stretch's is the same over its words and
what stands between them. Sums over all prefixes make the hash of any stretch two look-ups
and a product. Secret, but no cryptographic promise: what rests on a disk is encrypted, and
where a wrong hit would matter a keyed BLAKE2b decides (:func:`tag`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

Words: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]
Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Bytes: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]

_MASK = (1 << 64) - 1
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(values: Words) -> Words:
    """splitmix64's finalizer: every bit depends on every other. A new array."""
    out = values ^ (values >> np.uint64(30))
    out *= _M1
    out ^= out >> np.uint64(27)
    out *= _M2
    out ^= out >> np.uint64(31)
    return out


def times(numbers: Any, factor: np.uint64) -> Any:
    """The product modulo 2**64 of small numbers (one or an array) and a secret factor."""
    if isinstance(numbers, int):
        return np.uint64(numbers * int(factor) & _MASK)  # numpy warns of scalars that overflow
    return np.asarray(numbers, np.uint64) * factor


class Point:
    """Powers of a secret odd number and of its inverse, made as far as they are needed."""

    def __init__(self, base: int) -> None:
        self.base = base | 1
        self._inverse = pow(self.base, -1, 1 << 64)
        self._up = self._down = np.ones(1, np.uint64)

    def up(self, count: int) -> Words:
        """base**0 ... base**(count - 1), at least."""
        if len(self._up) < count:
            self._up = _powers(self.base, count)
        return self._up

    def down(self, count: int) -> Words:
        """The same of the inverse."""
        if len(self._down) < count:
            self._down = _powers(self._inverse, count)
        return self._down

    def prefixes(self, values: Words) -> Words:
        """Sums of values times powers, before each place; one longer than ``values``."""
        sums = np.empty(len(values) + 1, np.uint64)
        sums[0] = 0
        np.cumsum(values * self.up(len(values))[: len(values)], out=sums[1:])
        return sums

    def stretch(self, prefixes: Words, starts: Ints, ends: Ints) -> Words:
        """The polynomial over ``values[start:end]`` for each pair."""
        part: Words = prefixes[ends] - prefixes[starts]
        part *= self.down(len(prefixes))[starts]
        return part


def _powers(base: int, count: int) -> Words:
    size = 1 << max(count - 1, 1023).bit_length()
    factors = np.full(size, base & _MASK, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


class Hasher:
    """Everything secret that hashes depend on, out of one seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        numbers = iter(np.frombuffer(_stretch(seed, 64), "<u8").tolist())
        self.letters = Point(next(numbers))
        self.words = Point(next(numbers))
        self._char = np.uint64(next(numbers))
        self.joined, self.spaced = np.uint64(next(numbers)), np.uint64(next(numbers))
        self.length = np.uint64(next(numbers) | 1)
        self.place = np.uint64(next(numbers) | 1)
        self._ascii = mixed(np.arange(256, dtype=np.uint64) * self.length + self._char)
        self._tag_key = hmac.digest(seed, b"tag", "sha256")

    def numbers_of(self, codes: Any) -> Words:
        """A keyed number for each code point; ``codes`` are uint8 or uint32."""
        if codes.dtype == np.uint8:
            known: Words = self._ascii[codes]
            return known
        return mixed(codes.astype(np.uint64) * self.length + self._char)

    def of_texts(self, texts: Sequence[str]) -> Words:
        """The hash of each text, taken as one word."""
        codes = codes_of("".join(texts))
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1])) if len(ends) else ends
        prefixes = self.letters.prefixes(self.numbers_of(codes))
        return mixed(self.letters.stretch(prefixes, starts, ends))

    def tags(self, texts: Sequence[str]) -> Words:
        """Keyed BLAKE2b of each text, 64 bits."""
        key, hashed = self._tag_key, hashlib.blake2b
        digests = [
            hashed(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
            for text in texts
        ]
        return np.frombuffer(b"".join(digests), "<u8")

    def long_tags(self, texts: Sequence[str]) -> tuple[Words, Words]:
        """Keyed BLAKE2b of each text, 128 bits in two halves."""
        key, hashed = self._tag_key, hashlib.blake2b
        digests = [
            hashed(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key).digest()
            for text in texts
        ]
        both = np.frombuffer(b"".join(digests), "<u8")
        return both[0::2].copy(), both[1::2].copy()


def codes_of(text: str) -> Any:
    """Code points as an array: uint8 of ASCII text, uint32 of other."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class Filter:
    """A set of hashes that sometimes says yes wrongly and never no: one bit each."""

    def __init__(self, bits: Bytes) -> None:
        self.bits = bits
        self._shift = np.uint64(64 - (len(bits) * 8 - 1).bit_length())

    @classmethod
    def of(cls, hashes: Words, spread: int = 16) -> Filter:
        """A filter with about ``spread`` bits for each hash."""
        size = 1 << max(16, (len(hashes) * spread - 1).bit_length())
        bits = np.zeros(size, np.bool_)
        bits[hashes >> np.uint64(64 - (size - 1).bit_length())] = True
        return cls(np.packbits(bits, bitorder="little"))

    def __call__(self, hashes: Words) -> Any:
        """True where a hash may be in the set."""
        place = hashes >> self._shift
        bit = (place & np.uint64(7)).astype(np.uint8)
        return (self.bits[place >> np.uint64(3)] >> bit) & np.uint8(1) != 0


def found_in(known: Words, hashes: Words) -> Ints:
    """For each hash the first place where it stands in the sorted ``known``, or -1."""
    if not len(known):
        return np.full(len(hashes), -1, np.int64)
    places = np.searchsorted(known, hashes)
    places[places == len(known)] = 0
    return np.where(known[places] == hashes, places, -1)


def pack(head: dict[str, Any], arrays: Sequence[Any]) -> bytes:
    """A line of JSON, then the arrays one after another, each from a multiple of eight on."""
    line = json.dumps({**head, "sizes": [array.nbytes for array in arrays]}).encode()
    line += b" " * (-(len(line) + 1) % 8) + b"\n"
    parts = [line]
    for array in arrays:
        parts += [array.tobytes(), b"\0" * (-array.nbytes % 8)]
    return b"".join(parts)


def unpack(data: bytes) -> tuple[dict[str, Any], list[Bytes]]:
    """What :func:`pack` was given; the arrays are views of ``data``, as bytes.

    Raises:
        ValueError: these bytes are none.
    """
    line, _, _ = data.partition(b"\n")
    head = json.loads(line)
    at, arrays = len(line) + 1, []
    for size in head["sizes"]:
        arrays.append(np.frombuffer(data, np.uint8, size, at))
        at += size + -size % 8
    return head, arrays


def _stretch(seed: bytes, size: int) -> bytes:
    blocks = (
        hmac.digest(seed, b"hash" + bytes([number]), "sha256") for number in range(size // 32 + 1)
    )
    return b"".join(blocks)[:size]
