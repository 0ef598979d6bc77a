r"""SQL read back by a lexer that walks from mark to mark, apart from the writer's regex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MEANINGS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a", "f": "\f"}
_COPY = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WORD_EXTRA = "_.$"


def texts(text: str, hints: Mapping[str, Any]) -> Iterator[str]:
    """Strings, numbers, comments and COPY fields in order.

    Raises:
        ValueError: a quote or comment is not closed.
    """
    at = 0
    if hints.get("copy"):
        at = yield from _copy_data(text, 0)
    mysql, backslash = bool(hints.get("mysql")), bool(hints.get("backslash"))
    words: list[str] = []
    depth = 0
    while at < len(text):
        char = text[at]
        pair = text[at : at + 2]
        if char == "'" or (char == '"' and mysql):
            prefixed = bool(words) and words[-1] in ("e", "E") and text[at - 1] in "eE"
            end = _string_end(text, at, char, slashes=backslash or prefixed)
            yield _string(text[at + 1 : end], char, slashes=backslash or prefixed)
            at = end + 1
        elif char in '"`':
            at = _string_end(text, at, char, slashes=False) + 1
        elif char == "[" and (close := _bracket(text, at)):
            at = close
        elif (pair == "--" and (not mysql or text[at + 2 : at + 3] in ("", *" \t\r\n\v\f"))) or (
            char == "#" and mysql
        ):
            end = _line_end(text, at)
            yield text[at + (1 if char == "#" else 2) : end].lstrip(" \t")
            at = end
        elif pair == "/*":
            end = text.find("*/", at)
            if end < at + 2:
                end = text.find("*/", at + 2)
            if end < 0:
                raise ValueError("a comment is not closed")
            yield text[at + 2 : end]
            at = end + 2
        elif char == "$" and (tag := _dollar(text, at)):
            end = text.find(tag, at + len(tag))
            if end < 0:
                raise ValueError("a dollar quote is not closed")
            yield text[at + len(tag) : end]
            at = end + len(tag)
        elif char == "\\" and (at == 0 or text[at - 1] == "\n"):
            end = _line_end(text, at)
            yield text[at + 1 : end]
            at = end
        elif char.isalnum() or char in _WORD_EXTRA:
            end = at
            while end < len(text) and (text[end].isalnum() or text[end] in _WORD_EXTRA):
                end += 1
            word = text[at:end]
            if (text[end : end + 1] != "'" and _is_number(word)) or (
                text[end : end + 1] != "'" and word[:2] in ("0x", "0X") and len(word) > 2
            ):
                yield word
            elif word.upper() == "NULL" and text[end : end + 1] != "'":
                yield ""
            words.append(word)
            at = end
        elif char == ";" and depth <= 0:
            lowered = [word.lower() for word in words]
            at += 1
            if lowered[:1] == ["copy"] and "from" in lowered and lowered[-1] != "stdout":
                at = _line_end(text, at)
                at = yield from _copy_data(text, text.find("\n", at) + 1 or len(text))
            words = []
        else:
            depth += (char == "(") - (char == ")")
            at += 1


def _is_number(word: str) -> bool:
    whole, dot, part = word.partition(".")
    return whole.isdecimal() and (not dot or part.isdecimal())


def _line_end(text: str, at: int) -> int:
    ends = [place for place in (text.find("\n", at), text.find("\r", at)) if place >= 0]
    return min(ends, default=len(text))


def _bracket(text: str, at: int) -> int:
    close = text.find("]", at)
    inside = text[at + 1 : close] if close > 0 else ""
    if not inside or not (inside[0] == "_" or (inside[0].isascii() and inside[0].isalpha())):
        return 0
    return 0 if any(char in inside for char in "\n'\"") else close + 1


def _dollar(text: str, at: int) -> str:
    close = text.find("$", at + 1)
    if close < 0:
        return ""
    tag = text[at + 1 : close]
    fine = not tag or (
        (tag[0] == "_" or (tag[0].isascii() and tag[0].isalpha()))
        and all(char.isalnum() or char == "_" for char in tag)
    )
    return text[at : close + 1] if fine else ""


def _string_end(text: str, at: int, quote: str, *, slashes: bool) -> int:
    place = at + 1
    while True:
        end = text.find(quote, place)
        if end < 0:
            raise ValueError("a quote is not closed")
        if slashes:
            count = 0
            while text[end - 1 - count] == "\\" and end - 1 - count >= place:
                count += 1
            if count % 2:
                place = end + 1
                continue
        if text[end + 1 : end + 2] == quote:
            place = end + 2
            continue
        return end


def _string(raw: str, quote: str, *, slashes: bool) -> str:
    if not slashes:
        return raw.replace(quote * 2, quote)
    made, place = [], 0
    while place < len(raw):
        char = raw[place]
        following = raw[place + 1 : place + 2]
        if char == "\\" and following:
            made.append(
                char + following if following in "%_" else _MEANINGS.get(following, following)
            )
            place += 2
        elif char == quote and following == quote:
            made.append(quote)
            place += 2
        else:
            made.append(char)
            place += 1
    return "".join(made)


def _copy_data(text: str, at: int) -> Any:
    """Fields of COPY data up to its end mark; returns where SQL goes on."""
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].removesuffix("\r")
        at = end + 1
        if line == "\\.":
            break
        for cell in line.split("\t"):
            yield "" if cell == "\\N" else _field(cell)
    return min(at, len(text))


def _field(raw: str) -> str:
    if "\\" not in raw:
        return raw
    made, place = [], 0
    while place < len(raw):
        char = raw[place]
        if char != "\\" or place + 1 >= len(raw):
            made.append(char)
            place += 1
            continue
        code = raw[place + 1]
        place += 2
        if code in "01234567":
            digits = code
            while len(digits) < 3 and raw[place : place + 1] in tuple("01234567"):
                digits += raw[place]
                place += 1
            made.append(chr(int(digits, 8) & 0xFF))
        elif code == "x" and raw[place : place + 1] in tuple("0123456789abcdefABCDEF"):
            digits = raw[place]
            place += 1
            if raw[place : place + 1] in tuple("0123456789abcdefABCDEF"):
                digits += raw[place]
                place += 1
            made.append(chr(int(digits, 16)))
        else:
            made.append(_COPY.get(code, code))
    return "".join(made)
