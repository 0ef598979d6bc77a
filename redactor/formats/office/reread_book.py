"""What the re-reader must know of a workbook: sheets, strings and number formats, by expat."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

from redactor.formats.office import numbers

Attributes = dict[str, str]
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class Book:
    """Members that are sheets, names of sheets (case-folded), shared strings, formats."""

    sheets: set[str] = field(default_factory=set)
    sheet_names: set[str] = field(default_factory=set, repr=False)
    strings_part: str = ""
    strings: list[str] = field(default_factory=list, repr=False)
    codes: list[str] = field(default_factory=list)
    date1904: bool = False

    def displayed(self, value: str, style: str) -> Iterator[str]:
        """A number as its cell shows it, and the number or date behind it if that says more."""
        at = int(style) if style.isdecimal() else 0
        code = self.codes[at] if at < len(self.codes) else numbers.GENERAL
        shown = numbers.display(value, code, date1904=self.date1904)
        yield shown
        if numbers.is_date(code):
            date = numbers.iso(value, date1904=self.date1904)
            if date and date not in shown:
                yield date
            return
        bare = numbers.plain(value)
        if bare == shown.translate({ord("-"): None, ord(" "): None}):
            return
        digits = re.sub(r"\D", "", shown).strip("0")
        if digits != re.sub(r"\D", "", bare).strip("0") or len(digits) >= 6:
            yield bare


def read_book(parts: Mapping[str, bytes]) -> Book:
    """The workbook among a package's parts; an empty one where there is none."""
    book = Book()
    main = _main_part(parts)
    if main not in parts:
        return book
    targets: dict[str, tuple[str, str]] = {}
    folder, _, file = main.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    for values in _elements(parts.get(relations, b"<r/>"), "Relationship"):
        path = _find(parts, _path(main, values.get("Target", "")))
        targets[values.get("Id", "")] = (values.get("Type", "").rpartition("/")[2], path)
    for values in _elements(parts[main], "sheet"):
        book.sheet_names.add(values.get("name", "").casefold())
        for key, value in values.items():
            if key.rpartition(" ")[2] == "id" and " " in key and value in targets:
                book.sheets.add(targets[value][1])
    for values in _elements(parts[main], "workbookPr"):
        book.date1904 = values.get("date1904") in ("1", "true", "on")
    for kind, path in targets.values():
        if kind == "sharedStrings" and path in parts:
            book.strings_part = path
            book.strings = _strings(parts[path])
        elif kind == "styles" and path in parts:
            book.codes = _codes(parts[path])
    return book


def _main_part(parts: Mapping[str, bytes]) -> str:
    for values in _elements(parts.get("_rels/.rels", b"<r/>"), "Relationship"):
        if values.get("Type", "").endswith("/officeDocument"):
            return _find(parts, _path("", values.get("Target", "")))
    return ""


def _path(owner: str, target: str) -> str:
    target = target.partition("#")[0]
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(owner), target)).lstrip("/")


def _find(parts: Mapping[str, bytes], path: str) -> str:
    if path in parts:
        return path
    for name in parts:
        if name.casefold() == path.casefold() or unquote(path) == name or unquote(name) == path:
            return name
    return path


def _parse(content: bytes, start: Callable[[str, Attributes], None], **handlers: object) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    parser.Parse(content, True)


def _elements(content: bytes, wanted: str) -> list[Attributes]:
    found: list[Attributes] = []

    def start(name: str, attributes: Attributes) -> None:
        if name.rpartition(" ")[2] == wanted:
            found.append(attributes)

    _parse(content, start)
    return found


def _codes(content: bytes) -> list[str]:
    """Number format of each cell style."""
    known = dict(numbers.BUILT_IN)
    result: list[str] = []
    inside = [False]

    def start(name: str, attributes: Attributes) -> None:
        local = name.rpartition(" ")[2]
        number = attributes.get("numFmtId", "0")
        if local == "cellXfs":
            inside[0] = True
        elif local == "numFmt" and number.isdecimal() and not result:
            known[int(number)] = attributes.get("formatCode", "")
        elif local == "xf" and inside[0]:
            result.append(known.get(int(number) if number.isdecimal() else 0, numbers.GENERAL))

    def end(name: str) -> None:
        if name.rpartition(" ")[2] == "cellXfs":
            inside[0] = False

    _parse(content, start, EndElementHandler=end)
    return result


def _strings(content: bytes) -> list[str]:
    """Shared strings; how they are read aloud is left out."""
    result: list[str] = []
    pieces: list[str] = []
    run: list[str] = []
    state = {"t": False, "rPh": False}

    def start(name: str, _: Attributes) -> None:
        local = name.rpartition(" ")[2]
        if local in state:
            state[local] = True
        elif local == "si":
            pieces.clear()

    def end(name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "t" and not state["rPh"]:
            pieces.append(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(run)))
        if local in state:
            state[local] = False
            run.clear()
        elif local == "si":
            result.append("".join(pieces))

    def characters(text: str) -> None:
        if state["t"]:
            run.append(text)

    _parse(content, start, EndElementHandler=end, CharacterDataHandler=characters, buffer_text=True)
    return result
