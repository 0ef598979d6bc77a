r"""Context words as Presidio's ``LemmaContextAwareEnhancer`` sees them.

Tokens are ``\w+`` or single other characters, keywords the tokens of word characters,
lower-cased in place of a lemma. Looked at are the token where a hit begins and the five
keywords before it; a context word counts where it is part of one of them.

Rules with ``whole_words`` (ours) are stricter, since `tin` is part of `writing` and `nir` of
`souvenir`: words of up to three characters count as whole keywords only, and words with
blanks between them as keywords side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

WORDS_BEFORE = 5  # LemmaContextAwareEnhancer's context_prefix_count
_SHORT = 3
_BACKWARD = regex.compile(r"(?r)\w+")
_WORD = regex.compile(r"\w*")
_TOKEN = regex.compile(r"\w+|[^\w\s]")


def needles(words: Sequence[str], *, whole_words: bool) -> tuple[tuple[str, str], ...]:
    """Pairs: what to look for in :func:`words_at`, and the context word that it stands for."""
    return tuple((_needle(word.lower(), whole_words), word.lower()) for word in words)


def _needle(word: str, whole_words: bool) -> str:
    parts = word.split()
    if whole_words and (len(parts) > 1 or len(word) <= _SHORT):
        return "\n" + "\n".join(reversed(parts)) + "\n"
    return word


def rarest(word: str, *, whole_words: bool) -> str:
    """The part of a context word whose absence from a text rules the word out."""
    return max(word.split() or [""], key=len) if whole_words else word


def supporting_word(text: str, start: int, context: Sequence[tuple[str, str]]) -> str:
    """The first of the context words (:func:`needles`) that supports a hit at ``start``, or ""."""
    words = words_at(text, start)
    return next((word for needle, word in context if needle in words), "")


def distance_of(text: str, start: int, word: str) -> tuple[int, int]:
    """How far before a hit at ``start`` a supporting word stands: (characters, words).

    Counted from the end of the nearest keyword that holds it; (0, 0) inside the hit.
    """
    for steps, match in enumerate(_keywords(text, start)):
        if word in match[0].lower():
            return (max(start - match.end(), 0), steps) if match.end() <= start else (0, 0)
    return 0, 0


def words_at(text: str, start: int) -> str:
    """The keywords that count for a hit at ``start``, lower-cased, each between line feeds.

    The nearest comes first.
    """
    return "\n".join(["", *(match[0].lower() for match in _keywords(text, start)), ""])


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
