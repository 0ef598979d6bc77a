"""One multi-pattern automaton over bytes (hyperscan), made once and kept.

Shipped for the presets; otherwise made on first use (half a second) and kept in the state
folder's cache, owner-only and checked by digest. Without the hyperscan wheel there is none
and :func:`load` says so once: the scanner then runs every regex on every record.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.detection.rules import TABLE
from redactor.errors import StateError
from redactor.home import check_owned, folder, write_private
from redactor.keys import get_key

_log = logging.getLogger("redactor")
_SHIPPED = TABLE.parent

# bits of regex flags -> hyperscan's
_IGNORECASE, _MULTILINE, _DOTALL = 2, 8, 16

Expression = tuple[str, int]  # pattern over the ASCII stand-in, regex flags
Scan = Callable[[bytes], list[tuple[int, int]]]


def load(
    expressions: Sequence[Expression], *, secret: bool = False
) -> tuple[Scan | None, frozenset[int]]:
    """A function from bytes to hits ``(expression, end)`` in order of end, 0-based ends.

    Returns also the expressions that the automaton cannot hold: they may match anywhere.
    None in place of the function where hyperscan is not installed. ``secret``: expressions
    hold values, so the automaton is kept encrypted.
    """
    try:
        import hyperscan
    except ImportError:
        _tell_once()
        return None, frozenset()
    key = _key(expressions, _version(hyperscan))
    keep = _Sealed() if secret else _Plain()
    database, refused = _read(hyperscan, key, keep) or _make(hyperscan, key, expressions, keep)
    return _scanner(hyperscan, database), refused


def fit(pattern: str, flags: int) -> str:
    """How well the automaton holds an expression.

    ``exact``; ``wider``: it reports more than matches; ``no``: not at all; ``none``: there is
    no hyperscan here.
    """
    try:
        import hyperscan
    except ImportError:
        return "none"
    bits = _bits(hyperscan, flags)
    if _compiles(hyperscan, pattern, bits):
        return "exact"
    wider = _compiles(hyperscan, pattern, bits | hyperscan.HS_FLAG_PREFILTER)
    return "wider" if wider else "no"


def compile_to(expressions: Sequence[Expression], target: Path) -> str:
    """Make the automaton and write it into ``target``; returns its file name."""
    import hyperscan

    key = _key(expressions, _version(hyperscan))
    database, refused = build(hyperscan, expressions)
    (target / f"{key}.hs").write_bytes(_packed(hyperscan, database, refused))
    return f"{key}.hs"


def build(hyperscan: Any, expressions: Sequence[Expression]) -> tuple[Any, frozenset[int]]:
    """Compile; what hyperscan cannot express exactly is a prefilter, what not at all refused."""
    chosen: list[tuple[int, bytes, int]] = []
    refused: set[int] = set()
    for number, (pattern, flags) in enumerate(expressions):
        bits = _bits(hyperscan, flags)
        for extra in (0, hyperscan.HS_FLAG_PREFILTER):
            if _compiles(hyperscan, pattern, bits | extra):
                chosen.append((number, pattern.encode("ascii"), bits | extra))
                break
        else:
            refused.add(number)
    if not chosen:  # an automaton needs something to look for
        chosen = [(len(expressions), b"\\x00{9}\\xff\\x00{9}", 0)]
    ids, patterns, flags_ = zip(*chosen, strict=True)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(patterns), ids=list(ids), elements=len(chosen), flags=list(flags_)
    )
    return database, frozenset(refused)


def _bits(hyperscan: Any, flags: int) -> int:
    bits = 0
    for ours, theirs in (
        (_IGNORECASE, hyperscan.HS_FLAG_CASELESS),
        (_MULTILINE, hyperscan.HS_FLAG_MULTILINE),
        (_DOTALL, hyperscan.HS_FLAG_DOTALL),
    ):
        bits |= theirs if flags & ours else 0
    return bits


def _compiles(hyperscan: Any, pattern: str, bits: int) -> bool:
    try:
        probe = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        probe.compile(expressions=[pattern.encode("ascii")], ids=[0], elements=1, flags=[bits])
    except (hyperscan.HyperscanError, UnicodeEncodeError):
        return False
    return True


def _scanner(hyperscan: Any, database: Any) -> Scan:
    scratch = hyperscan.Scratch(database)

    def scan(data: bytes) -> list[tuple[int, int]]:
        hits: list[tuple[int, int]] = []
        add = hits.append

        def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
            add((number, end))

        database.scan(data, match_event_handler=on_match, scratch=scratch)
        return hits

    return scan


def _version(hyperscan: Any) -> str:
    return str(hyperscan.__version__)


def _key(expressions: Sequence[Expression], version: str) -> str:
    text = json.dumps([1, version, list(expressions)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _packed(hyperscan: Any, database: Any, refused: frozenset[int]) -> bytes:
    body: bytes = json.dumps(sorted(refused)).encode() + b"\n" + hyperscan.dumpb(database)
    return hashlib.sha256(body).digest() + body


class _Plain:
    """How an automaton is kept that holds nothing secret."""

    suffix = ".hs"

    def close(self, data: bytes, name: str) -> bytes:
        return data

    def open(self, data: bytes, name: str) -> bytes:
        return data


class _Sealed:
    """Under AES-256-GCM, with the key of the lists."""

    suffix = ".hs.sealed"

    def __init__(self) -> None:
        self._key = get_key("lists").derive("automaton")

    def close(self, data: bytes, name: str) -> bytes:
        from redactor.sealing import seal

        return seal(self._key, data, name)

    def open(self, data: bytes, name: str) -> bytes:
        from redactor.sealing import unseal

        return unseal(self._key, data, name)


def _read(hyperscan: Any, key: str, keep: _Plain | _Sealed) -> tuple[Any, frozenset[int]] | None:
    """From the shipped files or the cache; None where it is in neither or does not fit."""
    shipped = _SHIPPED / f"{key}.hs"
    if shipped.is_file():
        data = shipped.read_bytes()
    else:
        path = folder("cache") / f"{key}{keep.suffix}"
        if not path.is_file():
            return None
        check_owned(path)
        try:
            data = keep.open(path.read_bytes(), key)
        except StateError:
            return None  # another key, or damaged: made anew
    digest, body = data[:32], data[32:]
    if not hmac.compare_digest(digest, hashlib.sha256(body).digest()):
        return None
    refused, _, serialized = body.partition(b"\n")
    try:
        return hyperscan.loadb(serialized, mode=hyperscan.HS_MODE_BLOCK), frozenset(
            json.loads(refused)
        )
    except (hyperscan.HyperscanError, ValueError):
        return None  # made for another kind of processor, or another version


def _make(
    hyperscan: Any, key: str, expressions: Sequence[Expression], keep: _Plain | _Sealed
) -> tuple[Any, frozenset[int]]:
    database, refused = build(hyperscan, expressions)
    try:
        data = keep.close(_packed(hyperscan, database, refused), key)
        write_private(folder("cache") / f"{key}{keep.suffix}", data)
    except (OSError, StateError):
        _log.debug("the automaton could not be kept in the cache")
    return database, refused


@lru_cache(maxsize=1)
def _tell_once() -> None:
    _log.warning("hyperscan is not installed: scanning is exact but slow")
