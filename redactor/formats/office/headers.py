"""Names of columns: the first row of a table that looks like names."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SEARCHED = 20  # rows in which a sheet's header is looked for: titles may stand above it


class Headers:
    """Column names of one table or sheet, found while its rows go by.

    Columns are 1-based. A row of names replaces an earlier one behind an empty row (another
    table begins), or if the earlier one was a single cell (a title).
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._row: dict[int, str] = {}
        self._texts = True
        self._rows = 0
        self._gap = False

    def add(self, column: int, text: str, *, is_text: bool = True) -> None:
        """A cell, or more of one, of the row that goes by."""
        self._row[column] = f"{self._row.get(column, '')} {text}".strip()
        self._texts = self._texts and is_text

    def end_row(self) -> None:
        """The row is complete."""
        row, texts = self._row, self._texts
        self._row, self._texts = {}, True
        if not row:
            self._gap = True
            return
        several = len(row) > 1
        wanted = (
            (not self.names and (several or not self._rows)) or (len(self.names) == 1 and several)
        ) and self._rows < _SEARCHED
        if (wanted or (self._gap and several)) and texts and looks_like_names(list(row.values())):
            self.names = row
        self._rows += 1
        self._gap = False

    def field(self, column: int) -> str:
        """The name of a column, for cells below the header."""
        return self.names.get(column, "")


def looks_like_names(cells: Sequence[str]) -> bool:
    """Whether the cells of a row are names of columns: distinct words, no values."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(set(filled)) < len(filled):
        return False
    return not any(
        len(cell) > 60
        or "@" in cell
        or not cell[:1].isalpha()
        or sum(char.isdigit() for char in cell) > 3
        for cell in filled
    )


# Words that forms and tables use for what stands beside them; a cell of nothing else holds none.
_WORDS = frozenset(
    """
    account address age amount annual area author balance bank base begin birth birthday birthdate
    born building business card case category cell children city class client code comment comments
    company contact cost count country county created credit currency customer data date day debit
    department description details diagnosis district dob doctor document due duration email
    employee employer end entry event expiry fax file first from full gender given grade gross
    group hired home house iban id identifier in insurance invoice item job join joined key kind
    language last leave level license limit line link list loan location mail maiden manager
    marital member method middle mobile month name names nationality net no note notes number of
    office on order organisation organization owner paid parent passport patient pay payment
    per percent period person personal phone place plan policy position post postal price private
    product project province purpose quantity quarter rate reason record reference region
    registration relation remark remarks result role route salary sales school score section sender
    sex signature since site social security size source spouse ssn staff start state status
    street student subject sum supervisor surname tax team tel telephone term text the time title to
    total town transaction type unit until update updated url user username value vat vehicle
    version visit week weight work year zip
    anschrift beruf betrag bemerkung datum ort plz land nachname vorname stadt geburtsdatum strasse
    telefon nummer abteilung kunde adresse nom ville pays naissance fecha nombre apellido ciudad
    direccion correo telefono
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+")


def is_label(text: str) -> bool:
    """Whether a short text is only the name of a column or of a line in a form."""
    if len(text) > 40:
        return False
    words = _WORD.findall(text.casefold())
    return bool(words) and all(word in _WORDS or len(word) == 1 for word in words)
