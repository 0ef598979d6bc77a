"""Disturbing a labelled text as scanners, typists and screens do, offsets kept true."""

from __future__ import annotations

import random
from typing import Any

Spans = list[list[Any]]

# look-alikes of optical character recognition, one character for one
_OCR = {
    "O": "0", "0": "O", "l": "1", "1": "l", "I": "l", "S": "5", "5": "S", "B": "8", "e": "c",
    "c": "e", "a": "o", "n": "u", "u": "v", "h": "b", "g": "q", ",": ".", ".": ",", "t": "f",
}  # fmt: skip


def disturb(text: str, spans: Spans, rng: random.Random, *, cased: bool) -> tuple[str, Spans]:
    """Most texts stay; some change case, lose line ends or get misreadings.

    ``cased``: the script has letters of two cases.
    """
    draw = rng.random()
    if cased and draw < 0.13:
        return _same_length(text, text.lower()), spans
    if cased and draw < 0.20:
        return _same_length(text, text.upper()), spans
    if cased and draw < 0.23:
        return _same_length(text, text.title()), spans
    if draw < 0.28:
        return _misread(text, rng), spans
    if draw < 0.32:
        return text.replace("\n", " "), spans
    if draw < 0.37:
        return _wrapped(text, rng), spans
    if draw < 0.40:
        return _spaced(text, spans, rng)
    if cased and draw < 0.44:
        return _names_lowered(text, spans), spans
    return text, spans


def _same_length(text: str, other: str) -> str:
    return other if len(other) == len(text) else text


def _misread(text: str, rng: random.Random) -> str:
    rate = rng.choice((0.01, 0.02, 0.04))
    return "".join(_OCR.get(char, char) if rng.random() < rate else char for char in text)


def _wrapped(text: str, rng: random.Random) -> str:
    """Line ends in place of some spaces, as in a narrow column."""
    width, out, column = rng.randint(18, 60), [], 0
    for char in text:
        if char == " " and column >= width:
            char, column = "\n", 0
        column = 0 if char == "\n" else column + 1
        out.append(char)
    return "".join(out)


def _spaced(text: str, spans: Spans, rng: random.Random) -> tuple[str, Spans]:
    """Doubled spaces, as in tables and justified scans."""
    out: list[str] = []
    places = []
    size = 0
    for char in text:
        places.append(size)
        piece = char * 2 if char == " " and rng.random() < 0.3 else char
        out.append(piece)
        size += len(piece)
    moved = [[places[a], places[b - 1] + 1, kind] for a, b, kind in spans]
    return "".join(out), moved


def _names_lowered(text: str, spans: Spans) -> str:
    """Names typed without capitals in an otherwise ordinary text."""
    for start, end, kind in spans:
        if kind in ("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"):
            part = text[start:end]
            text = text[:start] + _same_length(part, part.lower()) + text[end:]
    return text
