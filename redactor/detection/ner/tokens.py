"""Text to word pieces with offsets in code points of the original text, and word shapes.

The encoder's vocabulary is lower case, so a token alone no longer knows that it was
``MIKKEL`` or ``mikkel``. The shape of the token's word (see :func:`word_shape`) goes in
through the token-type ids instead. Training and inference share this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redactor.errors import StateError

_WORD = re.compile(r"[^\W_]+")

# Longer texts are tokenised in pieces cut at white space, so memory stays bounded.
_CHUNK = 50_000

# Scripts written without spaces: a "word" of the tokenizer can be a whole sentence there.
_UNSPACED = re.compile(r"[\u0E00-\u109F\u1780-\u17FF\u3040-\u30FF]")
_LONGEST_WORD = 30


@dataclass(slots=True)
class Tokens:
    """Word pieces of one text, no special tokens; all lists have equal length.

    ``starts``/``ends`` are code points of the original text, ``words`` the 0-based number
    of the word that a piece belongs to (non-decreasing), ``shapes`` 0-3.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]
    words: list[int]
    shapes: list[int]

    def __len__(self) -> int:
        return len(self.ids)


def word_shape(word: str) -> int:
    """0 lower case or no case, 1 Capitalised, 2 UPPER (two letters or more), 3 miXed."""
    if word == word.lower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 1
    if word[0].isupper() and word[1:] == word[1:].lower():
        return 1
    return 3


class Tokeniser:
    """A ``tokenizer.json`` of the Hugging Face ``tokenizers`` library."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        # the Rust library raises bare Exception for every kind of broken file
        except Exception as error:
            raise StateError(
                f"the model's {path.name} cannot be read as a tokenizer: "
                "reinstall redactor, or export the model again"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def special(self, token: str) -> int:
        """Id of a special token such as ``[CLS]``."""
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise StateError(f"the model's tokenizer has no {token} token")
        return int(found)

    def encode(self, text: str) -> Tokens:
        """Tokenise a text of any length."""
        tokens = Tokens([], [], [], [], [])
        for start, end in _pieces(text):
            piece = text if end - start == len(text) else text[start:end]
            self._append(tokens, self._tokenizer.encode(piece, add_special_tokens=False), start)
        _split_unspaced(text, tokens)
        tokens.shapes = _shapes(text, tokens.starts)
        return tokens

    @staticmethod
    def _append(tokens: Tokens, encoding: Any, shift: int) -> None:
        first_word = tokens.words[-1] + 1 if tokens.words else 0
        tokens.ids += encoding.ids
        tokens.starts += [start + shift for start, _ in encoding.offsets]
        tokens.ends += [end + shift for _, end in encoding.offsets]
        tokens.words += [first_word + word for word in encoding.word_ids]


def _pieces(text: str) -> list[tuple[int, int]]:
    """Stretches of at most ``_CHUNK`` code points, cut after white space where there is any."""
    pieces = []
    start = 0
    while len(text) - start > _CHUNK:
        end = start + _CHUNK
        cut = max(text.rfind(" ", start + 1, end), text.rfind("\n", start + 1, end))
        end = cut + 1 if cut > start else end
        pieces.append((start, end))
        start = end
    if start < len(text):
        pieces.append((start, len(text)))
    return pieces


def _split_unspaced(text: str, tokens: Tokens) -> None:
    """Make every piece of an over-long or unspaced word a word of its own."""
    number = -1
    words = tokens.words
    total = len(words)
    index = 0
    while index < total:
        last = index
        while last + 1 < total and words[last + 1] == words[index]:
            last += 1
        start, end = tokens.starts[index], tokens.ends[last]
        whole = last == index or (
            end - start <= _LONGEST_WORD and not _UNSPACED.search(text, start, end)
        )
        for position in range(index, last + 1):
            if position == index or not whole:
                number += 1
            words[position] = number
        index = last + 1


def _shapes(text: str, starts: list[int]) -> list[int]:
    shapes = [0] * len(starts)
    words = _WORD.finditer(text)
    word = next(words, None)
    shape = word_shape(word.group()) if word else 0
    for index, start in enumerate(starts):
        while word is not None and word.end() <= start:
            word = next(words, None)
            shape = word_shape(word.group()) if word else 0
        if word is not None and word.start() <= start:
            shapes[index] = shape
    return shapes
