r"""Context words as Presidio's ``LemmaContextAwareEnhancer`` sees them.

Tokens are ``\w+`` or single other characters, keywords the tokens of word characters,
lower-cased in place of a lemma. Looked at are the token where a hit begins and the five
keywords before it; a context word counts where it is part of one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

WORDS_BEFORE = 5  # LemmaContextAwareEnhancer's context_prefix_count
_BACKWARD = regex.compile(r"(?r)\w+")
_WORD = regex.compile(r"\w*")
_TOKEN = regex.compile(r"\w+|[^\w\s]")


def supporting_word(text: str, start: int, context: Sequence[str]) -> str:
    """The first of the (lower-case) context words that supports a hit at ``start``, or ""."""
    words = words_at(text, start)
    return next((word for word in context if word in words), "")


def distance_of(text: str, start: int, word: str) -> tuple[int, int]:
    """How far before a hit at ``start`` a supporting word stands: (characters, words).

    Counted from the end of the nearest keyword that holds it; (0, 0) inside the hit.
    """
    for steps, match in enumerate(_keywords(text, start)):
        if word in match[0].lower():
            return (max(start - match.end(), 0), steps) if match.end() <= start else (0, 0)
    return 0, 0


def words_at(text: str, start: int) -> str:
    """The keywords that count for a hit at ``start``, lower-cased, one a line."""
    return "\n".join(match[0].lower() for match in _keywords(text, start))


def _keywords(text: str, start: int) -> Iterator[Any]:
    """The keyword where a hit begins, if there is one, and those before it, backwards."""
    if text[start].isspace():
        token = _TOKEN.search(text, start)
        end = start if token is None else token.end()
    else:
        word = _WORD.match(text, start)
        end = word.end() if word else start
    for number, match in enumerate(_BACKWARD.finditer(text, 0, end)):
        yield match
        if number == WORDS_BEFORE:
            return
