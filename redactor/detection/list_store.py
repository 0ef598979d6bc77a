"""Indexes of long lists: made once, kept encrypted in the state folder's cache.

An index holds keyed hashes only, and rests under AES-256-GCM with the key named ``lists``
(:mod:`redactor.keys`): who copies the state folder without that key learns nothing about the
values, and a changed file does not open. It is found by the digest of the list, the way of
comparing, and the versions that its hashes depend on. Another key, another version or a
damaged file: it is made anew. The newest :data:`_KEPT` indexes are kept.
"""

from __future__ import annotations

import contextlib
import logging
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from redactor.errors import PolicyError, StateError
from redactor.home import check_owned, folder, write_private
from redactor.keys import get_key
from redactor.policy.listfile import read_long
from redactor.policy.model import ListEntry
from redactor.sealing import seal, unseal

if TYPE_CHECKING:
    from redactor.detection.fuzzy import FuzzyIndex
    from redactor.detection.hashing import Hasher
    from redactor.detection.list_index import AllowIndex, DenyIndex

_log = logging.getLogger("redactor")
_KEY = "lists"
_SHAPE = "1"  # raise when an index's bytes or hashes change their meaning
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Indexed:
    """A long deny list, ready to be searched for."""

    entry: ListEntry
    exact: DenyIndex
    fuzzy: FuzzyIndex | None


@lru_cache(maxsize=4)
def _hasher(seed: bytes) -> Hasher:
    from redactor.detection.hashing import Hasher

    return Hasher(seed)


def hasher() -> Hasher:
    """What hashes the words of lists and texts on this machine.

    Raises:
        StateError: the key is not usable.
    """
    return _hasher(get_key(_KEY).derive("hashes of lists"))


def deny_index(entry: ListEntry) -> Indexed:
    """The index of a long deny entry, from the cache or made now.

    Raises:
        PolicyError: its file is gone or has changed.
        StateError: the key or the state folder is not usable.
    """
    from redactor.detection import list_index

    values = _Values(entry)

    def make() -> bytes:
        index = list_index.DenyIndex.of(values.read(), hasher(), ignore_case=entry.ignore_case)
        return list_index.dump(index)

    exact = list_index.load(_kept(values, "deny", entry.ignore_case, make))
    assert isinstance(exact, list_index.DenyIndex)
    return Indexed(entry, exact, _fuzzy_index(values, entry) if entry.fuzzy else None)


def _fuzzy_index(values: _Values, entry: ListEntry) -> FuzzyIndex | None:
    from redactor.detection import fuzzy

    def make() -> bytes:
        index = fuzzy.FuzzyIndex.of(values.read(), hasher(), ignore_case=entry.ignore_case)
        return fuzzy.dump(index)

    return fuzzy.load(_kept(values, "fuzzy", entry.ignore_case, make))


def allow_index(entry: ListEntry) -> AllowIndex:
    """The index of a long allow entry; raises as :func:`deny_index`."""
    from redactor.detection import list_index

    values = _Values(entry)

    def make() -> bytes:
        index = list_index.AllowIndex.of(values.read(), hasher(), ignore_case=entry.ignore_case)
        return list_index.dump(index)

    index = list_index.load(_kept(values, "allow", entry.ignore_case, make))
    assert isinstance(index, list_index.AllowIndex)
    return index


class _Values:
    """The values of an entry, read from its file only when they are needed."""

    def __init__(self, entry: ListEntry) -> None:
        self._entry = entry
        self._read: Sequence[str] | None = None
        if entry.path:
            self.digest = entry.digest
        else:
            state = sha256()
            for value in entry.values:
                data = value.encode("utf-8", "surrogatepass")
                state.update(len(data).to_bytes(8, "big") + data)
            self.digest = state.hexdigest()

    def read(self) -> Sequence[str]:
        entry = self._entry
        if self._read is None and entry.path:
            try:
                self._read = read_long(Path(entry.path), entry.digest)
            except PolicyError as error:
                raise PolicyError(f"{entry.id}: {error}") from None
        return entry.values if self._read is None else self._read


def _kept(values: _Values, kind: str, ignore_case: bool, make: Callable[[], bytes]) -> bytes:
    """The bytes of an index: from the cache, or made and put there."""
    key = get_key(_KEY)
    mark = f"{_SHAPE}\0{kind}\0{ignore_case}\0{unicodedata.unidata_version}\0{key.id}\0"
    name = f"list-{sha256((mark + values.digest).encode()).hexdigest()[:32]}.sealed"
    path = folder("cache") / name
    secret = key.derive("index of a list")
    if path.is_file():
        check_owned(path)
        try:
            data = unseal(secret, path.read_bytes(), name)
        except (OSError, StateError):
            _log.debug("an index of the cache does not open: it is made anew")
        else:
            with contextlib.suppress(OSError):
                os.utime(path)  # the newest are kept
            return data
    data = make()
    try:
        write_private(path, seal(secret, data, name))
        _forget_old(path.parent)
    except (OSError, StateError):
        _log.debug("the index of a list could not be kept in the cache")
    return data


def _forget_old(cache: Path) -> None:
    newest = sorted(
        cache.glob("list-*.sealed"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in newest[_KEPT:]:
        path.unlink(missing_ok=True)
