"""Long deny and allow lists, searched by their indexes: all of a kind together (numpy)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from redactor.detection.hashing import Words
from redactor.detection.list_index import AllowIndex
from redactor.detection.list_store import Indexed, allow_index, deny_index, hasher
from redactor.detection.tokens import Piece, pieces, word_hashes
from redactor.policy.model import ListEntry
from redactor.values import Span, Unit

NEAR = "one character differs"  # detail of a hit with a typing mistake

Hit = tuple[Span, ListEntry, str]


class LongLists:
    """Entries of one kind (deny or allow) whose values are indexed.

    Raises:
        PolicyError: a list file has changed since the policy was read.
        StateError: the key or the state folder is not usable.
    """

    def __init__(self, entries: Sequence[ListEntry], *, allow: bool) -> None:
        self._hasher = hasher()
        self._deny: list[Indexed] = []
        self._allow: list[tuple[ListEntry, AllowIndex]] = []
        if allow:
            self._allow = [(entry, allow_index(entry)) for entry in entries]
        else:
            self._deny = [deny_index(entry) for entry in entries]

    def holding(self, text: str) -> list[ListEntry]:
        """Allow entries that have exactly this text, white space squeezed."""
        return [entry for entry, index in self._allow if index.holds(text, self._hasher)]

    def find(self, units: Sequence[Unit]) -> dict[str, list[Hit]]:
        """Unit id -> places where a deny entry hits; exact hits before those with a mistake."""
        reach = max(
            max(index.exact.longest, index.fuzzy.reach if index.fuzzy else 1)
            for index in self._deny
        )
        found: dict[str, dict[tuple[Span, str], Hit]] = {}
        for piece in pieces(units, reach):
            for start, end, entry, detail in self._in(piece):
                unit, span = _place(piece, start, end)
                found.setdefault(unit.id, {}).setdefault((span, entry.id), (span, entry, detail))
        return {unit: list(hits.values()) for unit, hits in found.items()}

    def _in(self, piece: Piece) -> Iterator[tuple[int, int, ListEntry, str]]:
        hashes: dict[bool, Words] = {}
        for index in self._deny:
            fold = index.exact.ignore_case
            if fold not in hashes:
                hashes[fold] = word_hashes(piece.batch, self._hasher, ignore_case=fold)
            for start, end in index.exact.find(piece.batch, hashes[fold], self._hasher):
                yield start, end, index.entry, ""
            if index.fuzzy is not None:
                for start, end in index.fuzzy.find(piece.batch, hashes[fold], self._hasher):
                    yield start, end, index.entry, NEAR


def _place(piece: Piece, start: int, end: int) -> tuple[Unit, Span]:
    """The unit that holds a stretch of the batch, and where in it."""
    at = bisect_right(piece.origins, start, key=lambda origin: origin[0]) - 1
    begin, unit, offset = piece.origins[at]
    return unit, Span(start - begin + offset, end - begin + offset)
