"""A written Office document read back: not by the writer's walk, but by expat's events.

The order of texts is the one that :mod:`redactor.formats.office.walk` states; the tables that
say what is text are shared, all that reads is not. Beside the texts it collects what should
hold none (other attributes, names of unknown vocabularies, bytes of pictures), so that redacted
values can be looked for there as well.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from redactor.formats.office import members, vocabulary
from redactor.formats.office.names import UNKNOWN, is_known, prefix_of
from redactor.formats.office.references import Sheets, sheet_tokens

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_CODED = re.compile("_([0-9A-Fa-f]{2,4})_|_")
_PERCENTS = re.compile("(?:%[0-9A-Fa-f]{2})+")
_BLANKS = re.compile("[ \t\r\n]+")
_MARKS_OF_EDITING = re.compile(r"(?:w:|kin:)(?:paragraph-)?rsid")


@dataclass(slots=True)
class Copy:
    """What a written document holds.

    ``texts`` in order; ``strays``: (where, text) of what is no unit; ``blobs``: (where, bytes)
    of parts that are no XML; ``marks``: traces that cleaning takes away, by name.
    """

    texts: list[str] = field(default_factory=list, repr=False)
    strays: list[tuple[str, str]] = field(default_factory=list, repr=False)
    blobs: list[tuple[str, bytes]] = field(default_factory=list, repr=False)
    marks: set[str] = field(default_factory=set)


def read_copy(data: bytes, hints: Mapping[str, Any]) -> Copy:
    """Everything in a written document.

    Raises:
        ValueError: it cannot be read.
    """
    copy = Copy()
    try:
        _package(data, hints.get("foreign", {}), copy, "")
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, IndexError, EOFError) as error:
        raise ValueError(type(error).__name__) from None
    return copy


def texts(data: bytes, hints: Mapping[str, Any]) -> Iterator[str]:
    """The texts alone, for :func:`redactor.formats.reread.reread`."""
    return iter(read_copy(data, hints).texts)


def _package(data: bytes, foreign: Mapping[str, Any], copy: Copy, label: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        parts = {entry.filename: archive.read(entry) for entry in entries}
        if archive.comment or any(entry.comment or entry.extra for entry in entries):
            copy.marks.add("a comment of the ZIP container")
    book = _Book(parts) if "[Content_Types].xml" in parts else None
    if book is not None and not book.sheets:
        book = None
    sheets = book.names if book is not None else Sheets()
    if "[Content_Types].xml" not in parts and "content.xml" in parts:
        sheets = _table_names(parts["content.xml"])
    groups: dict[tuple[str, str], None] = {}
    for number, (name, content) in enumerate(parts.items(), 1):
        shown = label + (name if members.is_own_member(name) else f"member {number}")
        if not members.is_own_member(name):
            copy.texts.append(vocabulary.unspread(name))
        kind = members.kind_of(name, content[:512])
        _note_marks(kind, copy)
        if kind == members.XML:
            if book is not None and name == book.strings_part:
                continue
            reader: _Part
            if book is not None and name in book.sheets:
                reader = _Sheet(copy, shown, sheets, groups, book)
            else:
                reader = _Part(copy, shown, sheets, groups)
            reader.relations = name.endswith(".rels")
            reader.parse(content)
        elif name in foreign:
            _inside(content, foreign[name], copy, shown)
        elif kind == members.PACKAGE and _is_office(content):
            _package(content, {}, copy, f"{shown}!")
        elif content:
            copy.blobs.append((shown, content))
    if book is not None and book.strings_part in parts:
        strings = _Strings(copy, label + book.strings_part, sheets, groups)
        strings.used = book.used
        strings.parse(parts[book.strings_part])
    copy.texts += [_identifier(raw) for _, raw in groups]


def _inside(content: bytes, hints: Any, copy: Copy, shown: str) -> None:
    if isinstance(hints, Mapping):
        _package(content, hints, copy, f"{shown}!")
        return
    from redactor.formats.reread import reread

    name, chunks = hints
    at = 0
    for length, inner in chunks:
        copy.texts += list(reread(name, content[at : at + length], inner))
        at += length


def _is_office(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"]


def _note_marks(kind: str, copy: Copy) -> None:
    if kind in (members.MACRO, members.THUMBNAIL, members.PRINTER, members.SIGNATURE):
        copy.marks.add(kind)


def _table_names(content: bytes) -> Sheets:
    names: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "table":
            names.update(
                value.casefold()
                for key, value in attributes.items()
                if key.rpartition(" ")[2] == "name"
            )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return Sheets(frozenset(names), calc=True)


@dataclass(slots=True)
class _Gathered:
    """Runs of a paragraph: (text, flag), flag 1 inserted, 2 deleted."""

    runs: list[tuple[str, int]] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)

    def add(self, text: str, flag: int | None = None) -> None:
        if flag is None:
            flag = self.changes[-1] if self.changes else 0
        self.runs.append((text, flag))


@dataclass(slots=True)
class _Open:
    name: str
    gathered: _Gathered | None
    own: bool = False
    change: int = 0


class _Part:
    """Texts of one XML part, by expat's events."""

    def __init__(
        self, copy: Copy, shown: str, sheets: Sheets, groups: dict[tuple[str, str], None]
    ) -> None:
        self.copy = copy
        self.relations = False
        self._shown = shown
        self._sheets = sheets
        self._groups = groups
        self._stack: list[_Open] = []
        self._names: dict[str, str] = {}
        self._run: list[str] = []  # characters since the last tag
        self._lone: list[str] = []
        self._lone_element = ""
        self._seen: set[str] = set()
        self._region = ""
        self._deleted: dict[str, str] = {}
        self._inserted: set[str] = set()
        self._inserting = False

    def parse(self, content: bytes) -> None:
        """Read the part."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._run.append
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = lambda target, data: self._comment(data)
        parser.StartNamespaceDeclHandler = self._namespace
        parser.Parse(content, True)

    def emit(self, text: str) -> None:
        """One more text."""
        if text:
            self.copy.texts.append(text)

    # ------------------------------------------------------------ events

    def _start(self, raw: str, flat: list[str]) -> None:
        name = self._name(raw)
        self._take_run()
        self._flush(name)
        above = self._stack[-1] if self._stack else None
        gathered = above.gathered if above else None
        entry = _Open(name, gathered)
        if name in vocabulary.PARAGRAPHS or (gathered and name in vocabulary.ASIDES):
            entry.gathered, entry.own = _Gathered(), True
        elif gathered is not None:
            if name in vocabulary.INSERTED or name in vocabulary.DELETED:
                entry.change = 2 if name in vocabulary.DELETED else 1
                gathered.changes.append(entry.change)
            elif name in vocabulary.CHANGE_MARKS:
                self._mark(name, self._pairs(flat), gathered)
            elif name in vocabulary.BREAKS and not (above and above.name == vocabulary.TAB_STOPS):
                gathered.add(self._break(name, flat))
        self._stack.append(entry)
        pairs = self._pairs(flat)
        if name == "text:changed-region":
            values = dict(pairs)
            self._region = values.get("text:id") or values.get("xml:id", "")
        elif name == "text:insertion":
            self._inserted.add(self._region)
        if not is_known(name):
            self._stray("element name", vocabulary.unspread(raw.rpartition(" ")[2]))
        self.opened(name, pairs)

    def _pairs(self, flat: list[str]) -> list[tuple[str, str]]:
        return [(self._name(flat[at]), flat[at + 1]) for at in range(0, len(flat), 2)]

    def _mark(self, name: str, pairs: list[tuple[str, str]], gathered: _Gathered) -> None:
        """Where text of OpenDocument was deleted, or an insertion begins or ends."""
        change = dict(pairs).get("text:change-id", "")
        if name == "text:change":
            gathered.add(self._deleted.get(change, ""), 2)
        elif change in self._inserted:
            self._inserting = name == "text:change-start"

    def opened(self, name: str, pairs: list[tuple[str, str]]) -> None:
        """An element begins: its attributes."""
        if self.relations:
            self._relation(name, pairs)
            return
        for attribute, value in pairs:
            self._attribute(name, attribute, value)

    def _relation(self, name: str, pairs: list[tuple[str, str]]) -> None:
        values = dict(pairs)
        if name == "rel:Relationship" and values.get("TargetMode") == "External":
            self._by_role(vocabulary.URI, values.get("Target", ""))

    def _attribute(self, element: str, attribute: str, value: str) -> None:
        role = vocabulary.attribute_role(element, attribute, value)
        if _MARKS_OF_EDITING.match(attribute):
            self.copy.marks.add("revision marks")
        if role is None:
            self._stray(f"attribute {attribute} of {element}", value)
        elif role != vocabulary.SHEET_REFERENCE:
            self._by_role(role, value)

    def _by_role(self, role: str, value: str) -> None:
        if not value:
            return
        if role == vocabulary.INSTRUCTION and vocabulary.is_harmless_instruction(value):
            return
        if role == vocabulary.URI:
            value = _PERCENTS.sub(_unquoted, value)
        elif role == vocabulary.FORMULA:
            value = _without_sheets(value, self._sheets)
        elif role == vocabulary.COLUMN:
            value = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
        elif role.startswith(vocabulary.NAME):
            self._groups[role, value] = None
            return
        self.emit(value)
        if role in vocabulary.SPREAD and vocabulary.is_spread(value):
            self.emit(vocabulary.unspread(value))

    def _break(self, name: str, flat: list[str]) -> str:
        text = vocabulary.BREAKS[name]
        if name == "text:s":
            for at in range(0, len(flat), 2):
                if self._name(flat[at]) == "text:c":
                    text = " " * (min(int(flat[at + 1]), 1000) if flat[at + 1].isdecimal() else 1)
        return text

    def _end(self, raw: str) -> None:
        self._take_run()
        self._flush(self._stack[-1].name)
        entry = self._stack[-1]
        self.closing(entry)
        self._stack.pop()
        if entry.gathered is None:
            return
        if entry.own:
            self.paragraph(entry.name, entry.gathered)
        elif entry.change:
            entry.gathered.changes.pop()

    def closing(self, entry: _Open) -> None:
        """An element is about to end."""

    def paragraph(self, name: str, gathered: _Gathered) -> None:
        """A paragraph is complete."""
        now = "".join(text for text, flag in gathered.runs if flag != 2)
        if any(entry.name == "text:deletion" for entry in self._stack):
            self._deleted[self._region] = self._deleted.get(self._region, "") + now
        self.emit(now)
        before = "".join(text for text, flag in gathered.runs if flag != 1)
        if any(flag for _, flag in gathered.runs) and before != now:
            self.emit(before)
        if gathered.instructions:
            self._by_role(vocabulary.INSTRUCTION, "".join(gathered.instructions))

    def _take_run(self) -> None:
        """Characters up to a tag: of a run, an instruction, or a text of their own."""
        if not self._run:
            return
        text = "".join(self._run)
        self._run.clear()
        if not self._stack:
            return
        entry = self._stack[-1]
        if self.characters(entry, text):
            return
        gathered, name = entry.gathered, entry.name
        if gathered is not None and name in vocabulary.RUNS:
            if name == "x:t":
                text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
            gathered.add(text)
        elif gathered is not None and name.startswith(vocabulary.INLINE_PREFIXES):
            gathered.add(_BLANKS.sub(" ", text), 1 if self._inserting else None)
        elif gathered is not None and name in vocabulary.INSTRUCTION_RUNS:
            gathered.instructions.append(text)
        elif self._lone or text.strip(" \t\r\n"):
            if not self._lone:
                self._lone_element = name
            self._lone.append(text)

    def characters(self, entry: _Open, text: str) -> bool:
        """Characters of an element; True: taken."""
        return False

    def _flush(self, tag: str) -> None:
        if not self._lone or tag.rpartition(":")[2].casefold() in vocabulary.INLINE:
            return
        text = "".join(self._lone)
        self._lone.clear()
        role = vocabulary.node_role(self._lone_element, text)
        if role is None:
            self._stray(f"text of {self._lone_element}", text)
        else:
            self._by_role(role, text)

    def _comment(self, text: str) -> None:
        if any(char.isalnum() for char in text):
            self.emit(text)

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if uri and prefix_of(uri) == UNKNOWN:
            self._stray("a namespace", uri)

    def _stray(self, what: str, text: str) -> None:
        if text in self._seen or vocabulary.is_structural(text) or vocabulary.is_fixed(text):
            return
        if text.startswith("/") and members.is_own_member(text[1:]):
            return
        self._seen.add(text)
        self.copy.strays.append((f"{self._shown} ({what})", text))
        if "_" in text:
            self.copy.strays.append((f"{self._shown} ({what})", vocabulary.unspread(text)))

    def _name(self, raw: str) -> str:
        known = self._names.get(raw)
        if known is None:
            uri, space, local = raw.rpartition(" ")
            prefix = prefix_of(uri) if space else ""
            known = self._names[raw] = f"{prefix}:{local}" if prefix else local
        return known


class _Strings(_Part):
    """Shared strings: those that no cell shows."""

    used: frozenset[int] = frozenset()
    _index = -1

    def paragraph(self, name: str, gathered: _Gathered) -> None:
        """A string, or how one is read aloud."""
        if name == "x:si":
            self._index += 1
            if self._index in self.used:
                return
        super().paragraph(name, gathered)


class _Sheet(_Part):
    """A worksheet: cells by their values, formats and formulas."""

    def __init__(
        self,
        copy: Copy,
        shown: str,
        sheets: Sheets,
        groups: dict[tuple[str, str], None],
        book: _Book,
    ) -> None:
        super().__init__(copy, shown, sheets, groups)
        self._book = book
        self._cell: dict[str, str] | None = None

    def opened(self, name: str, pairs: list[tuple[str, str]]) -> None:
        """A cell begins."""
        if name == "x:c":
            self._cell = {"t": "n", "s": "0", **dict(pairs), "v": "", "f": ""}
        elif name != "x:row" and not (self._cell is not None and name == "x:f"):
            super().opened(name, pairs)

    def characters(self, entry: _Open, text: str) -> bool:
        """Values and formulas."""
        if self._cell is None or entry.name not in ("x:v", "x:f"):
            return False
        self._cell[entry.name[2:]] += text
        return True

    def closing(self, entry: _Open) -> None:
        """A cell is complete."""
        cell = self._cell
        if entry.name != "x:c" or cell is None:
            return
        self._cell = None
        kind, value = cell["t"], cell["v"]
        if value:
            for text in self._book.shown(kind, value, cell["s"]):
                self.emit(text)
        if cell["f"]:
            self.emit(_without_sheets(cell["f"], self._sheets))


class _Book:
    """Sheets, formats and shared strings of a workbook; empty where it is none."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        from redactor.formats.office.reread_book import read_book

        found = read_book(parts)
        self.sheets = found.sheets
        self.names = Sheets(frozenset(found.sheet_names))
        self.strings_part = found.strings_part
        self._book = found
        self._used: set[int] = set()

    @property
    def used(self) -> frozenset[int]:
        """Shared strings that a cell showed."""
        return frozenset(self._used)

    def shown(self, kind: str, value: str, style: str) -> Iterator[str]:
        """What a cell shows, and the value behind it where that says more."""
        if kind == "s":
            self._used.add(int(value))
            yield self._book.strings[int(value)]
        elif kind == "str":
            yield _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
        elif kind == "b":
            yield "TRUE" if value.strip() == "1" else "FALSE"
        elif kind == "n":
            yield from self._book.displayed(value, style)
        elif kind not in ("e", "inlineStr"):
            yield value


def _without_sheets(formula: str, sheets: Sheets) -> str:
    kept, at = [], 0
    for start, end, _ in sheet_tokens(formula, sheets):
        kept.append(formula[at:start])
        at = end
    return "".join([*kept, formula[at:]])


def _unquoted(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match[0].replace("%", "")).decode()
    except ValueError:
        return match[0]


def _identifier(raw: str) -> str:
    return _CODED.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", raw)
