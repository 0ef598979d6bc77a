"""Word shape: how a word is cased, fed to the model through its token-type embedding.

The encoder's vocabulary is lower-cased, so case would be lost; four token-type rows carry
it (worth +4 points of F1 on our development sets). Training and every backend share this.
"""

from __future__ import annotations

from collections.abc import Sequence

LOWER, TITLE, UPPER, MIXED = 0, 1, 2, 3


def word_shape(word: str) -> int:
    """Shape of one word: 0 no upper case, 1 Title, 2 UPPER (two letters or more), 3 miXed."""
    if word == word.lower() or not any(char.isalpha() for char in word):
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if word[0].isupper() and word[1:] == word[1:].lower():
        return TITLE
    return MIXED


def token_shapes(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Shape of the word that each token lies in.

    Args:
        text: the text that was tokenized.
        offsets: (start, end) of each token in code points, in order; empty ones are
            special tokens and get 0. A word is a maximal run of letters and digits.
    """
    shapes: list[int] = []
    first = last = shape = 0
    for start, end in offsets:
        if start == end:
            shapes.append(LOWER)
            continue
        if not (first <= start and end <= last):
            first, last = _word_around(text, start, end)
            shape = word_shape(text[first:last])
        shapes.append(shape)
    return shapes


def _word_around(text: str, start: int, end: int) -> tuple[int, int]:
    # the reach is bounded so that a megabyte without a space stays linear
    lowest, highest = max(0, start - 64), min(len(text), end + 64)
    while start > lowest and text[start - 1].isalnum():
        start -= 1
    while end < highest and text[end].isalnum():
        end += 1
    return start, end
