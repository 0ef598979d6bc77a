"""Marks: keyed hashes under which the vault finds things again, and the shape of a text.

A text is cut into **tokens**: runs of letters, digits and combining marks, and single
characters of scripts that are written without spaces. Its **squash** is its letters and
digits, folded (NFKC, case): the first four and their number are what a search in a long
text looks for, before it asks the vault for the whole.
"""

from __future__ import annotations

import hmac
import unicodedata
from functools import lru_cache

import regex

PREFIX = 4
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
TOKEN = regex.compile(rf"[{_UNSPACED}]\p{{M}}*|[\w\p{{M}}--[_{_UNSPACED}]]+", regex.V1)


def squash(text: str) -> str:
    """Letters and digits of a text, folded."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))


def plain(text: str) -> str:
    """A text as it is compared when its letter case and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def affixes(text: str) -> tuple[str, str, str]:
    """What stands before the first token of a text, from there to the last, and behind it."""
    tokens = list(TOKEN.finditer(text))
    if not tokens:
        return text, "", ""
    start, end = tokens[0].start(), tokens[-1].end()
    return text[:start], text[start:end], text[end:]


class Marks:
    """Makes marks under one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.prefix = lru_cache(maxsize=65536)(self._prefix)

    def of(self, *parts: str) -> bytes:
        """16 bytes: equal for equal parts only."""
        framed = "".join(f"{len(part)}:{part}" for part in parts)
        message = framed.encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, "sha256")[:16]

    def scope(self, scope: str) -> bytes:
        """8 bytes for a scope's text."""
        return self.of("scope", scope)[:8]

    def _prefix(self, start: str) -> int:
        """31 bits for the first characters of a squash."""
        return int.from_bytes(self.of("prefix", start)[:4], "big") >> 1

    def loose(self, text: str, *, number: bool) -> bytes:
        """For a replacement spelt in another way; of a number only its characters count."""
        return self.of("loose", squash(text) if number else plain(text), "n" if number else "t")
