"""Spreadsheet formulas in CSV: a cell that begins with one of a few characters is run.

OWASP, "CSV Injection": ``=``, ``+``, ``-``, ``@``, tab, carriage return, line feed and the
full-width forms. Such a cell gets an apostrophe in front, which spreadsheets read as "this
is text". A plain number is none, nor is a telephone number: digits alone run nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from redactor.values import Redaction, Span

STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
GUARD = "'"
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)%?\Z|\+\d[\d ().-]{5,24}\Z")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run this cell."""
    return text[:1] in STARTS and bool(text) and _NUMBER.match(text) is None


def guard(text: str) -> str:
    """The cell as a spreadsheet will take it for text."""
    return GUARD + text if is_formula(text) else text


def guard_redactions(text: str, redactions: Sequence[Redaction], new: str) -> list[Redaction]:
    """The redactions of a cell that would begin like a formula, through our doing, guarded.

    ``text`` is the cell as it was, ``new`` as it would be. A cell that began so before, at a
    place that is not redacted, is somebody else's formula and stays.
    """
    ordered = sorted(redactions, key=lambda entry: entry.span)
    if not is_formula(new) or ordered[0].span.start > 0:
        return ordered
    # also where the replacement is empty and what follows has come to the start
    first = ordered[0]
    return [replace(first, replacement=GUARD + first.replacement), *ordered[1:]]


def escape_existing(unit: str, text: str) -> Redaction | None:
    """A redaction that makes an existing formula text (policy ``csv.escape_formulas``)."""
    if not is_formula(text):
        return None
    return Redaction(unit, Span(0, 1), GUARD + text[0], "FORMULA")
