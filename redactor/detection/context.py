r"""Context words as Presidio's ``LemmaContextAwareEnhancer`` sees them.

Tokens are ``\w+`` or single other characters, keywords the tokens of word characters,
lower-cased in place of a lemma. Looked at are the token where a hit begins and the five
keywords before it; a context word counts where it is part of one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

WORDS_BEFORE = 5  # LemmaContextAwareEnhancer's context_prefix_count
_BACKWARD = regex.compile(r"(?r)\w+")
_WORD = regex.compile(r"\w*")
_TOKEN = regex.compile(r"\w+|[^\w\s]")


def supporting_word(text: str, start: int, context: Sequence[str]) -> str:
    """The first of the (lower-case) context words that supports a hit at ``start``, or ""."""
    words = words_at(text, start)
    return next((word for word in context if word in words), "")


def words_at(text: str, start: int) -> str:
    """The keywords that count for a hit at ``start``, lower-cased, one a line."""
    if text[start].isspace():
        token = _TOKEN.search(text, start)
        end = start if token is None else token.end()
    else:
        word = _WORD.match(text, start)
        end = word.end() if word else start
    words = []
    for match in _BACKWARD.finditer(text, 0, end):
        words.append(match[0].lower())
        if len(words) > WORDS_BEFORE:
            break
    return "\n".join(words)
