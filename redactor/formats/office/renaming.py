"""New names for sheets, identifiers, columns and members that hold a finding.

A name that others refer to cannot be cut: it becomes another one, distinct from all others,
wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from redactor.formats.office import markup

_NOT_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_SHEET, _LONGEST_IDENTIFIER = 31, 30  # Excel's limit; Word's for bookmarks is 40


def distinct(wanted: str, taken: Iterable[str], longest: int, joint: str = " ") -> str:
    """``wanted``, cut to ``longest`` and numbered where its like is taken already."""
    folded = {name.casefold() for name in taken}
    name, number = wanted[:longest], 1
    while name.casefold() in folded:
        number += 1
        tail = f"{joint}{number}"
        name = wanted[: longest - len(tail)] + tail
    return name


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that Excel and Calc take for a sheet."""
    cleaned = _NOT_SHEET.sub("", wanted).strip("' ") or "Sheet"
    return distinct(cleaned, taken, _LONGEST_SHEET)


def identifier(wanted: str, taken: Iterable[str]) -> str:
    """A name for bookmarks, styles, defined names and tables, as spelt.

    Letters and digits only: it reads back as it is, and no formula takes it for a cell.
    """
    cleaned = _NOT_IDENTIFIER.sub("", wanted)
    if not cleaned[:1].isalpha():
        cleaned = "name" + cleaned
    return distinct(f"{cleaned}x" if len(cleaned) < 4 else cleaned, taken, _LONGEST_IDENTIFIER, "x")


def member_name(old: str, taken: Iterable[str]) -> str:
    """A member's new name, in the same folder and of the same extension."""
    folder, slash, file = old.rpartition("/")
    stem, dot, extension = file.rpartition(".")
    if not re.fullmatch(r"[A-Za-z0-9]{1,8}", extension) or not stem:
        stem, dot, extension = file, "", ""
    known = {name.casefold() for name in taken}
    number = 1
    while True:
        name = f"{folder}{slash}redacted-{number}{dot}{extension}"
        if name.casefold() not in known:
            return name
        number += 1


def read_back(spelling: str) -> str:
    """What an identifier's unit says for this spelling."""
    return markup.text_of(markup.identifier([markup.Piece(0, len(spelling), spelling, 0)]))


def column_names(wanted: Mapping[int, str], kept: Mapping[int, str]) -> dict[int, str]:
    """Distinct names of a table's columns, by place; those ``kept`` do not change."""
    taken = [name.casefold() for name in kept.values()]
    result: dict[int, str] = {}
    for place, name in sorted(wanted.items()):
        new = distinct(name.strip() or "Column", taken, 255)
        taken.append(new.casefold())
        result[place] = new
    return result
