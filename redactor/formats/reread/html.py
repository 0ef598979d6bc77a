"""HTML by the standard library's parser: the texts that our own tokeniser calls units."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, unquote_to_bytes

from redactor.formats.html import INLINE, LINKS

_RUN = re.compile(r"((?:%[0-9a-fA-F]{2})+)")
_BACKSLASH = re.compile(
    r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\"'\\/`bfnrtv])"
)
_CONTROL = {"b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def texts(page: str) -> Iterator[str]:
    """Texts in order of their appearance; blank ones are left out.

    Raises:
        ValueError: the page cannot be parsed.
    """
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError:  # how that parser gives up on broken declarations
        raise ValueError("a broken declaration") from None
    reader.flush()
    return (text for text in reader.found if text.strip())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._text: list[str] = []
        self._inside = ""

    def flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        self.found.append(_script(text) if self._inside == "script" else text)
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._text.append("\n")
        elif tag not in INLINE:
            self.flush()
        self.found += [_value(name, value) for name, value in attrs if value and value.strip()]
        if tag in ("script", "style"):
            self._inside = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            self._text.append("\n")
        elif tag not in INLINE:
            self.flush()

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)

    def unknown_decl(self, data: str) -> None:
        self.found.append(data)


def _value(name: str, value: str) -> str:
    if name not in LINKS:
        return value
    if value.lstrip()[:5].lower() == "data:":
        head, _, payload = value.partition(",")
        data = unquote_to_bytes(payload)
        if head.replace(" ", "").lower().endswith(";base64"):
            data = base64.b64decode(data)
        return data.decode("utf-8", "surrogateescape")
    return "".join(_run(part) if part.startswith("%") else part for part in _RUN.split(value))


def _run(run: str) -> str:
    try:
        return unquote(run, errors="strict")
    except UnicodeDecodeError:
        return run


def _script(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        body = match[1]
        if body[0] not in "ux":
            return chr(_CONTROL[body]) if body in _CONTROL else body
        number = int(body.strip("ux{}"), 16)
        usable = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
        return chr(number) if usable else match[0]

    return _BACKSLASH.sub(character, text)
