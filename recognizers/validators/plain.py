"""Numbers in their plain ASCII form: digits of any script, dashes and spaces of any kind."""

from __future__ import annotations

import re
import unicodedata

# Hyphens, dashes, minus signs: Unicode's Pd and Sm that stand between digits in practice.
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Dots of full-width and ideographic writing, and the middle dot.
DOTS = "\uff0e\uff61\u3002\u00b7"
# Characters of no width that text extraction and web pages leave inside numbers.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class _Plain(dict[int, str]):
    """Code point -> its plain form; made when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            found = str(digit)
        elif char.isspace():
            found = " "
        elif 0xFF01 <= code <= 0xFF5E:  # full-width ASCII
            found = chr(code - 0xFEE0)
        else:
            found = char
        self[code] = found
        return found


_TABLE = _Plain(
    {
        **dict.fromkeys(map(ord, DASHES), "-"),
        **dict.fromkeys(map(ord, DOTS), "."),
        **dict.fromkeys(map(ord, INVISIBLE), ""),
    }
)


def plain_char(char: str) -> str:
    """The plain form of one character beyond ASCII: one ASCII character, itself, or nothing."""
    return _TABLE[ord(char)]


def plain(text: str) -> str:
    """The text with digits, dashes, dots, spaces and full-width letters as ASCII."""
    if text.isascii():
        return text
    return _NOT_ASCII.sub(lambda match: _TABLE[ord(match[0])], text)
