"""Which column a literal of a statement belongs to, read from the words around it."""

from __future__ import annotations

from dataclasses import dataclass, field

_NO_COLUMN = frozenset(
    [
        "PRIMARY",
        "KEY",
        "UNIQUE",
        "CONSTRAINT",
        "FOREIGN",
        "CHECK",
        "INDEX",
        "FULLTEXT",
        "SPATIAL",
        "EXCLUDE",
        "LIKE",
        "PERIOD",
    ]
)
_NUMBERS = ("INT", "SERIAL", "NUM", "DEC", "FLOAT", "REAL", "DOUBLE", "MONEY", "BIT", "NUMBER")
_DATES = ("DATE", "TIME", "YEAR")


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column of a table; ``kind``: number, date or text (what its type can hold)."""

    path: str
    kind: str = "text"


@dataclass(slots=True)
class Statement:
    """Reads one statement word by word. ``tables`` is kept over the whole dump."""

    tables: dict[str, list[ColumnName]]
    verb: str = ""
    words: int = 0
    table: list[str] = field(default_factory=list)
    columns: list[ColumnName] = field(default_factory=list)
    depth: int = 0
    place: int = 0  # column number inside a row of values
    state: str = "start"  # start | table | list | values | set | create
    last: str = ""
    assigned: str = ""
    fresh: bool = True  # CREATE TABLE: a new item begins
    csv: bool = False

    def word(self, text: str, *, quoted: bool = False) -> None:
        """A keyword, a name or a type."""
        upper = "" if quoted else text.upper()
        self.words += 1
        if self.words == 1:
            self.verb = upper
        if self.state == "start":
            self._begin(upper)
        elif self.state == "table" and self.depth == 0:
            if upper in ("VALUES", "VALUE"):
                self._values()
            elif upper in ("SELECT", "FROM"):
                self.state = "done" if upper == "SELECT" else "copy"
            elif upper == "SET":
                self.state = "set"
            elif upper not in ("IF", "NOT", "EXISTS", "ONLY", "LOW_PRIORITY", "IGNORE", "AS"):
                self.table = [part for part in text.split(".") if part] if not quoted else [text]
        elif self.state == "table" and self.verb in ("INSERT", "REPLACE", "COPY"):
            self.columns.append(ColumnName(self._named(text)))
        elif self.state == "create" and self.depth == 1:
            self._define(text, upper)
        elif self.state == "copy" and upper == "CSV":
            self.csv = True
        self.last = text

    def _begin(self, upper: str) -> None:
        if (
            (upper == "INTO" and self.verb in ("INSERT", "REPLACE"))
            or upper in ("COPY", "UPDATE")
            or (upper == "TABLE" and self.verb == "CREATE")
        ):
            self.state = "table"

    def _named(self, column: str) -> str:
        table = self.table[-1] if self.table else ""
        return f"{table}.{column}" if table else column

    def _values(self) -> None:
        self.state = "values"
        if not self.columns:
            self.columns = self.tables.get(".".join(self.table[-1:]), [])
        else:
            self.columns = self._typed()

    def _typed(self) -> list[ColumnName]:
        known = {item.path: item for item in self.tables.get(".".join(self.table[-1:]), [])}
        return [known.get(item.path, item) for item in self.columns]

    def _define(self, text: str, upper: str) -> None:
        if self.fresh:
            self.fresh = False
            if upper not in _NO_COLUMN:
                self.columns.append(ColumnName(self._named(text)))
                self.assigned = text
            else:
                self.assigned = ""
        elif self.assigned and self.columns:
            kind = "text"
            if upper.startswith(_NUMBERS) or upper.endswith(("INT", "SERIAL")):
                kind = "number"
            elif upper.startswith(_DATES):
                kind = "date"
            self.columns[-1] = ColumnName(self.columns[-1].path, kind)
            self.assigned = ""

    def mark(self, text: str) -> None:
        """A punctuation mark."""
        if text == "(":
            self.depth += 1
            if self.state == "values" and self.depth == 1:
                self.place = 0
            elif self.state == "table" and self.verb == "CREATE" and self.depth == 1:
                self.state, self.fresh = "create", True
        elif text == ")":
            self.depth -= 1
            if self.state == "create" and self.depth == 0 and self.table:
                self.tables[self.table[-1]] = self.columns
                self.state = "done"
        elif text == ",":
            if self.depth == 1:
                self.place += 1
                self.fresh = True
        elif text == "=":
            self.assigned = self.last

    def column(self) -> ColumnName | None:
        """The column that a literal here is for."""
        if self.state == "values" and self.depth >= 1:
            return self.columns[self.place] if self.place < len(self.columns) else None
        if self.state == "set" and self.assigned:
            path = self._named(self.assigned)
            known = {item.path: item for item in self.tables.get(".".join(self.table[-1:]), [])}
            return known.get(path, ColumnName(path))
        return None

    @property
    def copies(self) -> list[ColumnName] | None:
        """The columns of the data that follow a COPY ... FROM stdin; else None."""
        if self.verb != "COPY" or self.state != "copy" or self.last.lower() == "stdout":
            return None
        return self._typed() if self.columns else self.tables.get(".".join(self.table[-1:]), [])
