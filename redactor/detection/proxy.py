r"""An ASCII stand-in of equal length, so that byte offsets are code points.

The automaton works on bytes. Text beyond ASCII is translated character by character:
letters (and whatever else ``\w`` takes) to ``_``, digits of any script to their value,
white space to a blank, the rest to DEL; the four characters that case-insensitive regexes
take for ASCII letters to those letters. What matches in the text then matches in the
stand-in, for patterns without negated classes and ranges beyond ASCII; those patterns are
run in full on such text (:attr:`redactor.detection.rules.Pattern.ascii_only`).
"""

from __future__ import annotations

import re
import unicodedata

import regex

# the module that confirms is the judge: its Unicode tables may be newer than Python's
_WORD, _DIGIT, _SPACE = regex.compile(r"\w"), regex.compile(r"\d"), regex.compile(r"\s")

# characters whose case folding is an ASCII letter: long s, Kelvin sign, dotted and dotless i
_FOLDS = {0x017F: "s", 0x212A: "k", 0x0130: "i", 0x0131: "i"}
# ASCII control characters that \s takes in Python and not in the automaton
_SPACES = range(0x1C, 0x20)
_BLANKS = bytes(0x20 if code in _SPACES else code for code in range(256))


class _Proxy(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code < 0x80:
            found = char
        elif _DIGIT.match(char):
            found = str(unicodedata.decimal(char, 0))
        elif _SPACE.match(char):
            found = " "
        else:
            found = "_" if _WORD.match(char) else "\x7f"
        self[code] = found
        return found


_TABLE = _Proxy(_FOLDS)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def to_proxy(text: str) -> str:
    """The stand-in, one ASCII character for each code point."""
    return _NOT_ASCII.sub(lambda match: match[0].translate(_TABLE), text)


def to_bytes(text: str) -> bytes:
    """The stand-in as bytes: byte offset = code point offset."""
    data = (text if text.isascii() else to_proxy(text)).encode("ascii")
    return data.translate(_BLANKS) if any(code in data for code in _SPACES) else data
