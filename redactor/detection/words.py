"""Words of a text, as lists and records compare them.

Letters of scripts written without spaces count as words of their own; so does every sign
that is neither letter nor digit. White space only separates. Comparing is in Unicode form
NFC, where asked for after case folding.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

# Thai, Lao, Myanmar, Khmer, kana, ideographs, Hangul: no spaces between words (or endings)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
TOKEN = re.compile(
    rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w\u0300-\u036f\u200b-\u200d\u00ad])+|[^\w\s]"
)
UNSPACED = re.compile(rf"[{_UNSPACED}]")
RUN = re.compile(r"[\w\u0300-\u036f\u200b-\u200d\u00ad]")
BREAK = re.compile(rf"[{_UNSPACED}]|[^\w\u0300-\u036f\u200b-\u200d\u00ad]")  # no word goes on here


def compose(text: str) -> str:
    """The text in form NFC."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """The text in form NFC, every run of white space one blank, none outside."""
    return compose(" ".join(text.split()))


def fold(text: str) -> str:
    """The text after case folding, in form NFC."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


def words_of(text: str, *, ignore_case: bool) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Words as they are compared; and whether white space stands behind each but the last."""
    matches = list(TOKEN.finditer(text))
    change = fold if ignore_case else compose
    words = tuple(change(match[0]) for match in matches)
    spaced = tuple(left.end() < right.start() for left, right in itertools.pairwise(matches))
    return words, spaced


def spelled(text: str, *, ignore_case: bool) -> str:
    """The words of a text with one blank where white space separates them."""
    if text.isascii():
        plain = " ".join(text.split())
        return plain.lower() if ignore_case else plain
    words, spaced = words_of(text, ignore_case=ignore_case)
    gaps = [" " if space else "" for space in spaced]
    return "".join(itertools.chain.from_iterable(itertools.zip_longest(words, gaps, fillvalue="")))
