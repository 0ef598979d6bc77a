"""Glyphs -> text in reading order and in other orders, every character with its way back.

Reading order is pdfplumber's. What other programs read differently is kept as further lines:
the order of the content stream, words joined over line ends, letters set one by one with gaps,
and what PDFium reads. A line that the reading order holds already is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from pdfplumber.utils.text import chars_to_textmap

from redactor.formats.pdf.fold import fold
from redactor.formats.pdf.geometry import Box, Matrix, multiply, rotation
from redactor.formats.pdf.records import Glyph, MarkedText

Ref = Glyph | Box | MarkedText | None  # what a character of a view stands for

_X_RATIO = 0.17  # of the size: a wider gap inside a line is a blank
_Y_TOLERANCE = 3.0  # points
_HYPHENS = "-\u00ad\u2010\u2011"
# a line end that cuts something: a hyphen, or inside an address (a full stop ends sentences)
_BREAKS = re.compile(r"[-\u00ad\u2010\u2011@/_]\Z|\S*(?:@|://|www\.)\S*[.:]\Z")
_CONTINUES = re.compile(r"[@/_]\S")
_TOKENS = 3  # words on either side of a line end that are joined
_SPACED = re.compile(r"(?<!\S)\S(?:[ \t]{1,4}\S){3,}(?!\S)")
_WIDEST = 1.2  # of the size: single characters further apart are a table's cells


@dataclass(frozen=True, slots=True)
class View:
    """A text and, character by character, what it stands for on the page."""

    text: str = field(repr=False)
    refs: Sequence[Ref] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.text) != len(self.refs):
            raise ValueError("a view needs a reference for every character")


EMPTY = View("", ())


def join(views: Iterable[View]) -> View:
    """Views one under the other."""
    texts: list[str] = []
    refs: list[Ref] = []
    for view in views:
        if not view.text:
            continue
        if texts:
            texts.append("\n")
            refs.append(None)
        texts.append(view.text)
        refs += view.refs
    return View("".join(texts), refs)


def lines(view: View) -> list[View]:
    """Its lines that hold anything."""
    found, start = [], 0
    for line in view.text.split("\n"):
        end = start + len(line)
        if line.strip():
            found.append(View(line, view.refs[start:end]))
        start = end + 1
    return found


# ---------------------------------------------------------------- reading order


def reading_order(glyphs: Sequence[Glyph], to_reading: Matrix) -> View:
    """The text map by pdfplumber of the glyphs; turned text comes after the upright text.

    ``to_reading`` takes user space to a frame with y downwards.
    """
    groups: dict[tuple[int, bool], list[Glyph]] = {}
    for glyph in glyphs:
        groups.setdefault((_direction(glyph, to_reading), glyph.vertical), []).append(glyph)
    ordered = sorted(groups, key=lambda key: (key[0] != 0, key[1], key[0]))
    return join(
        _text_map(groups[key], multiply(to_reading, rotation(-key[0])), vertical=key[1])
        for key in ordered
    )


def _direction(glyph: Glyph, matrix: Matrix) -> int:
    """The baseline's angle in whole steps of 5 degrees; near-level lines count as level."""
    dx, dy = glyph.x1 - glyph.x0, glyph.y1 - glyph.y0
    if abs(dx) + abs(dy) < 1e-6:  # no width: the height tells
        dx, dy = glyph.y3 - glyph.y0, glyph.x0 - glyph.x3
    x, y = matrix[0] * dx + matrix[2] * dy, matrix[1] * dx + matrix[3] * dy
    if abs(y) < 0.05 * x:
        return 0
    angle = round(math.degrees(math.atan2(y, x)) / 5) * 5 % 360
    return 0 if angle == 360 else angle


def _text_map(glyphs: Sequence[Glyph], matrix: Matrix, *, vertical: bool) -> View:
    chars = _distinct(_chars(glyphs, matrix))
    if not chars:
        return EMPTY
    directions = {"line_dir": "rtl", "char_dir": "ttb"} if vertical else {}
    tuples = chars_to_textmap(
        chars, x_tolerance_ratio=_X_RATIO, y_tolerance=_Y_TOLERANCE, **directions
    ).tuples
    return View(
        "".join(char for char, _ in tuples),
        [None if source is None else source["glyph"] for _, source in tuples],
    )


def _chars(glyphs: Sequence[Glyph], matrix: Matrix) -> list[dict[str, Any]]:
    a, b, c, d, e, f = matrix
    found = []
    for glyph in glyphs:
        x0, y0, x2, y2 = glyph.x0, glyph.y0, glyph.x2, glyph.y2
        left, right = a * x0 + c * y0 + e, a * x2 + c * y2 + e
        top, bottom = b * x2 + d * y2 + f, b * x0 + d * y0 + f
        if left > right:
            left, right = right, left
        if top > bottom:
            top, bottom = bottom, top
        if not (abs(left) < 1e7 and abs(right) < 1e7 and abs(top) < 1e7 and abs(bottom) < 1e7):
            continue  # also not-a-number: nowhere
        found.append(
            {
                "text": glyph.text, "x0": left, "x1": right, "top": top, "bottom": bottom,
                "doctop": top, "upright": True, "size": bottom - top, "glyph": glyph,
            }
        )  # fmt: skip
    return found


def _distinct(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without letters set again within a point (fake bold, shadows)."""
    if not _some_stand_twice(chars):
        return chars
    seen: dict[tuple[str, int, int], None] = {}
    kept = []
    for char in chars:
        text = char["text"]
        if text != " ":
            x, y = int(char["x0"]), int(char["top"])
            if (text, x, y) in seen:
                continue
            # the cells around are the letter's as well, so that one look is enough
            for i in (x - 1, x, x + 1):
                seen[text, i, y - 1] = seen[text, i, y] = seen[text, i, y + 1] = None
        kept.append(char)
    return kept


def _some_stand_twice(chars: list[dict[str, Any]]) -> bool:
    """Whether two equal letters stand within a point of each other.

    Such letters share a cell of 2 x 2 points in at least one of four grids.
    """
    table = np.array(
        [(ord(char["text"][0]), char["x0"], char["top"]) for char in chars if char["text"] != " "],
        np.float64,
    ).reshape(-1, 3)
    for dx in (0.0, 1.0):
        for dy in (0.0, 1.0):
            columns = np.floor((table[:, 1] + dx) / 2)
            rows = np.floor((table[:, 2] + dy) / 2)
            keys = (table[:, 0] * 4e7 + columns) * 4e7 + rows
            if len(np.unique(keys)) < len(keys):
                return True
    return False


# ---------------------------------------------------------------- other orders


def stream_order(glyphs: Sequence[Glyph]) -> View:
    """Glyphs as the content streams show them; a new line where the baseline changes."""
    text: list[str] = []
    refs: list[Ref] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None:
            gap = glyph.x0 - last.x1
            # the usual case first: the next letter on the same level line
            if glyph.y0 != last.y1 or last.y0 != last.y1 or not -1.0 < gap < 0.5:
                between = _between(last, glyph)
                if between:
                    text.append(between)
                    refs.append(None)
        if len(glyph.text) == 1:
            text.append(glyph.text)
            refs.append(glyph)
        else:
            text += glyph.text
            refs += [glyph] * len(glyph.text)
        last = glyph
    return View("".join(text), refs)


def _between(last: Glyph, glyph: Glyph) -> str:
    """What stands between two glyphs that were shown one after the other."""
    ux, uy = last.x1 - last.x0, last.y1 - last.y0
    dx, dy = glyph.x0 - last.x1, glyph.y0 - last.y1
    height = math.hypot(last.x3 - last.x0, last.y3 - last.y0) or 1.0
    width = math.hypot(ux, uy) or 1.0
    if abs(ux * dy - uy * dx) / width > 0.5 * height or last.vertical != glyph.vertical:
        return "\n"
    return " " if math.hypot(dx, dy) > 0.22 * height and not glyph.text.isspace() else ""


def joined_lines(view: View) -> list[View]:
    """Around line ends that cut a word (hyphen) or an address, the words made whole."""
    listed = lines(view)
    found = []
    for upper, lower in pairwise(listed):
        end = len(upper.text.rstrip())
        start = len(lower.text) - len(lower.text.lstrip())
        if not (_BREAKS.search(upper.text[:end]) or _CONTINUES.match(lower.text[start:])):
            continue
        if _ends_sentence(upper.text[:end], lower.text[start:]):
            continue
        cut = end
        if upper.text[end - 1] in _HYPHENS and end > 1 and not upper.text[end - 2].isdigit():
            cut = end - 1
        first = _back(upper.text, cut)
        last = _forth(lower.text, start)
        found.append(
            View(
                upper.text[first:cut] + lower.text[start:last],
                [*upper.refs[first:cut], *lower.refs[start:last]],
            )
        )
    return found


def _ends_sentence(upper: str, lower: str) -> bool:
    """A full stop or colon before a new sentence cuts no word: ``please.`` ``Nice`` is no host."""
    if upper[-1:] not in ".:" or not lower[:1].isupper():
        return False
    around = upper.rpartition(" ")[2] + lower.partition(" ")[0]
    return not any(mark in around for mark in ("@", "://", "www."))


def _back(text: str, end: int) -> int:
    for _ in range(_TOKENS):
        end = text.rfind(" ", 0, end)
        if end < 0:
            return 0
    return end + 1


def _forth(text: str, start: int) -> int:
    for _ in range(_TOKENS):
        start = text.find(" ", start + 1)
        if start < 0:
            return len(text)
    return start


def spaced_letters(view: View) -> list[View]:
    """Runs of single letters with gaps, closed up; a clearly wider gap stays a blank."""
    found = []
    for match in _SPACED.finditer(view.text):
        places = [at for at in range(*match.span()) if not view.text[at].isspace()]
        gaps = [_gap(view.refs[one], view.refs[other]) for one, other in pairwise(places)]
        usual = sorted(gaps)[len(gaps) // 2]
        first = view.refs[places[0]]
        if not isinstance(first, Glyph) or usual > _WIDEST * _height(first):
            continue
        text, refs = [view.text[places[0]]], [view.refs[places[0]]]
        for gap, place in zip(gaps, places[1:], strict=True):
            if gap > 1.6 * usual + 0.1:
                text.append(" ")
                refs.append(None)
            text.append(view.text[place])
            refs.append(view.refs[place])
        found.append(View("".join(text), refs))
    return found


def _gap(one: Ref, other: Ref) -> float:
    if isinstance(one, Glyph) and isinstance(other, Glyph):
        return math.hypot(other.x0 - one.x1, other.y0 - one.y1)
    return 0.0


def _height(glyph: Glyph) -> float:
    return math.hypot(glyph.x3 - glyph.x0, glyph.y3 - glyph.y0)


def unseen(found: Iterable[View], known: Sequence[str]) -> list[View]:
    """The views whose folded text none of the ``known`` folded texts holds."""
    kept, seen = [], set()
    for view in found:
        folded = fold(view.text)
        if len(folded) < 2 or folded in seen or any(folded in text for text in known):
            continue
        seen.add(folded)
        kept.append(view)
    return kept
