"""URLs as Presidio's patterns find them, asking their 6 KB regexes only where it can pay.

Each pattern needs a host ``[a-z0-9.-]+``, a dot and one of 675 listed TLDs (without a
boundary after it: ``foo.company`` counts by ``.com``). A set of the TLDs tells of every dot
whether it can be that dot; the regexes run on the surrounding token only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

TRIGGER = r"[a-z0-9.\-]\.[a-z]{2}"  # reported two characters after the dot

_LISTED = regex.compile(r"\(\?:([a-z0-9-]+)\)")
_LABEL = regex.compile(r"[a-z0-9-]*")
_HOST_BACKWARD = regex.compile(r"(?ri)[a-z0-9.\-]*")
_STOP = regex.compile(r"[\s()<>\"']")
_BEFORE_HOST = 9  # a quote and https://


def tlds(pattern: str) -> frozenset[str]:
    """The TLDs that one of the patterns lists."""
    return frozenset(_LISTED.findall(pattern))


def may_match(pattern: str, text: str) -> bool:
    """Whether the text holds the marks that one of the patterns asks for: quotes, a scheme."""
    if pattern.startswith('(?i)["') and '"' not in text and "'" not in text:
        return False
    return "https?" not in pattern[:40] or "://" in text


def tokens(
    text: str, ends: Sequence[int] | None, known: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Windows ``[start, end)`` in which a URL may stand; ``ends`` None: look at every dot."""
    dots = (end - 3 for end in ends) if ends is not None else _dots(text)
    done = 0
    for dot in dots:
        if dot < done or not _is_listed(_label(text, dot + 1), known):
            continue
        host = _HOST_BACKWARD.match(text, 0, dot + 1)
        start = max((host.start() if host else dot) - _BEFORE_HOST, 0)
        stop = _STOP.search(text, dot)
        done = len(text) if stop is None else stop.start()
        yield start, min(done + 1, len(text))


def _dots(text: str) -> Iterator[int]:
    at = text.find(".")
    while at >= 0:
        yield at
        at = text.find(".", at + 1)


def _label(text: str, start: int) -> str:
    found = _LABEL.match(_lowered(text[start : start + 24]))
    return found[0] if found else ""


def _lowered(text: str) -> str:
    if text.isascii():
        return text.lower()
    from redactor.detection.proxy import to_proxy

    return to_proxy(text).lower()


@lru_cache(maxsize=16384)
def _is_listed(label: str, known: frozenset[str]) -> bool:
    return any(label[:size] in known for size in range(2, len(label) + 1))
