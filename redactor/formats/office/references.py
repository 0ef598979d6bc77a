"""Names of sheets inside formulas and addresses.

Excel writes ``'Jane Doe'!A1`` and ``Sheet1:Sheet3!A1``, OpenDocument ``[$'Jane Doe'.A1]``. A
sheet that is renamed is renamed in all of them, so its name is no part of a formula's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_EXCEL = re.compile(
    r'"(?:[^"]|"")*"'  # a literal: nothing in it is a name
    r"|'((?:[^']|'')+)'!"  # 1 quoted
    r"|([^\s'\"!+\-*/^&=<>(),;{}\[\]#@%]+)!"  # 2 bare, A:B for a range of sheets
)
_CALC = re.compile(
    r'"(?:[^"]|"")*"'
    r"|\$?'((?:[^']|'')+)'\."
    r"|\$?([^\s'\"!+\-*/^&=<>(),;:{}\[\]#@%.$]+)\.(?=\$?[A-Z]{1,3}\$?\d)"
)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of one workbook, names case-folded; ``calc``: written as OpenDocument does."""

    names: frozenset[str] = frozenset()
    calc: bool = False


def sheet_tokens(text: str, sheets: Sheets) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of the workbook's own sheets' names, quotes included."""
    if not sheets.names:
        return
    for match in (_CALC if sheets.calc else _EXCEL).finditer(text):
        quoted, bare = match[1], match[2]
        if quoted is None and bare is None:
            continue
        name = quoted.replace("''", "'") if quoted is not None else bare
        if all(part.casefold() in sheets.names for part in _parts(name, sheets)):
            start, end = match.span(1 if quoted is not None else 2)
            around = 1 if quoted is not None else 0
            yield start - around, end + around, name


def _parts(name: str, sheets: Sheets) -> list[str]:
    if name.casefold() in sheets.names or sheets.calc:
        return [name]
    return name.split(":")


def renamed(name: str, new_names: Mapping[str, str], sheets: Sheets) -> str | None:
    """The token for a sheet (or range of sheets) under its new name; None if it keeps it.

    ``new_names`` maps case-folded old names.
    """
    parts = _parts(name, sheets)
    if not any(part.casefold() in new_names for part in parts):
        return None
    new = ":".join(new_names.get(part.casefold(), part) for part in parts)
    return "'" + new.replace("'", "''") + "'"
