"""XML: text, attribute values, comments, CDATA and processing instructions are units.

Refused: internal DTD subsets (entities, XXE, "billion laughs") and entity references that
XML itself does not define. Nothing external is ever loaded. Element and attribute names are
structure: they stay, and name the field of what they hold (``customers.customer.ssn``).
Outside redactions every byte stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO
from xml.parsers import expat

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.base import ReadOptions
from redactor.formats.patch import (
    PatchedChunk,
    Token,
    line_column,
    patched,
    read_document,
    splice_raw,
)
from redactor.values import Redaction

_NAME = r"[^\s<>/=\"'!?&;]+"
_MARKUP = re.compile(
    r"<!--(.*?)-->"  # 1 comment
    r"|<!\[CDATA\[(.*?)\]\]>"  # 2 CDATA
    rf"|<\?({_NAME})(.*?)\?>"  # 3 target, 4 instruction
    r"|<!DOCTYPE(.*?)>"  # 5 document type, without an internal subset
    rf"|</({_NAME})\s*>"  # 6 end tag
    rf"|<({_NAME})((?:\s+{_NAME}\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>",  # 7 8 9 start tag
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"({_NAME})\s*=\s*(\"[^\"]*\"|'[^']*')")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w[\w.-]*));|\r\n?|[\t\n]")
_RETURN = re.compile(r"\r\n?")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMING = ("name", "key", "field")  # attributes that name what the element holds


class XmlFormat:
    """One XML document."""

    name = "xml"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the document.

        Raises:
            UnreadableError: not well-formed, a DTD, unknown entities, nested too deep; names
                line and column.
        """
        text, encoding = read_document(source, options, _declared)
        _check(text, options.max_depth)
        yield patched(
            0, text, _tokens(text), encoding, _rewrite, options, locator="xml",
            head=encoding.bom, adjust=_adjust,
        )  # fmt: skip


def _declared(head: bytes) -> str | None:
    if head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return None
    match = _DECLARED.search(head)
    return match[1].decode("ascii") if match else None


def _check(text: str, max_depth: int) -> None:
    """Well-formed, no entities, not too deep."""
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def start(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > max_depth:
            raise UnreadableError(
                f"line {parser.CurrentLineNumber}: elements are nested deeper than {max_depth}"
            )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(name: str, system: object, public: object, internal: int) -> None:
        if internal:
            raise UnreadableError(
                f"line {parser.CurrentLineNumber}: the document type declaration has an internal "
                "subset, which can define entities: refused; remove it if it is not needed"
            )

    def entity(*_: object) -> None:
        raise UnreadableError("the document declares entities: refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise UnreadableError(
            f"line {error.lineno}, column {error.offset + 1}: not well-formed XML "
            f"({expat.ErrorString(error.code)}); mend the file, or read it with --format text"
        ) from None


def _tokens(text: str) -> Iterator[Token]:
    names: list[str] = []  # open elements
    named: list[str] = []  # what an attribute calls their content
    at = number = 0
    for markup in _MARKUP.finditer(text):
        start, end = markup.span()
        kind = markup.lastindex
        if markup[3] is not None and markup[3].lower() == "xml":
            at = end
            continue
        # what is between two pieces of markup counts as a text even where it is empty
        number += 1
        yield _token(text, at, start, number, _path(names, named), "text")
        at = end
        number += 1
        if kind == 1:
            yield _token(text, *markup.span(1), number, _path(names, named), "comment")
        elif kind == 2:
            yield _token(text, *markup.span(2), number, _path(names, named), "cdata")
        elif markup[3] is not None:
            begin, stop = markup.span(4)
            begin += len(markup[4]) - len(markup[4].lstrip(" \t\r\n"))
            yield _token(text, begin, stop, number, None, "instruction")
        elif kind == 5:
            for literal in _LITERAL.finditer(text, *markup.span(5)):
                begin, stop = literal.span()
                yield _token(text, begin + 1, stop - 1, number, None, "doctype")
                number += 1
        elif kind == 6:
            names.pop()
            named.pop()
        else:
            names.append(markup[7].rpartition(":")[2])
            label = ""
            for attribute in _ATTRIBUTE.finditer(text, *markup.span(8)):
                key = attribute[1].rpartition(":")[2]
                begin, stop = attribute.span(2)
                number += 1
                path = ".".join([*names, key])
                kind_ = "'" if attribute[2][0] == "'" else '"'
                token = _token(text, begin + 1, stop - 1, number, path, kind_)
                if key.lower() in _NAMING and len(token.text) <= 60:
                    label = token.text
                yield token
            if markup[9]:
                names.pop()
                yield _token(text, end, end, number + 1, None, "text")
                number += 1
            else:
                named.append(label)
    yield _token(text, at, len(text), number + 1, None, "text")


def _path(names: Sequence[str], named: Sequence[str]) -> str | None:
    if not names:
        return None
    path = ".".join(names)
    return f"{path}.{named[-1]}" if named and named[-1] else path


def _token(text: str, start: int, end: int, number: int, path: str | None, kind: str) -> Token:
    decoded = _decode(text[start:end], kind, text, start)[0]
    return Token(start, end, decoded, str(number), path, kind)


def _decode(raw: str, kind: str, text: str = "", base: int = 0) -> tuple[str, list[int] | None]:
    """What a spelling says, as XML 1.0 (2.11, 3.3.3, 4.6) reads it, and the way back."""
    if kind not in ("text", '"', "'"):
        if "\r" not in raw:
            return raw, None
        pattern = _RETURN
    else:
        if "\r" not in raw and "&" not in raw and kind == "text":
            return raw, None
        pattern = _REFERENCE
    pieces: list[str] = []
    positions: list[int] = []
    at = 0
    for match in pattern.finditer(raw):
        new = _meaning(match, kind)
        if new is None:
            place = line_column(text, base + match.start())
            raise UnreadableError(f"{place}: an entity that XML does not define: refused")
        pieces += [raw[at : match.start()], new]
        positions += [*range(at, match.start()), match.start()]
        at = match.end()
    pieces.append(raw[at:])
    return "".join(pieces), [*positions, *range(at, len(raw)), len(raw)]


def _meaning(match: re.Match[str], kind: str) -> str | None:
    token = match[0]
    if token[0] != "&":
        if kind in ('"', "'"):
            return " "  # attribute values are normalised
        return "\n" if token[0] == "\r" else token
    if match[1]:
        return chr(int(match[1]))
    return chr(int(match[2], 16)) if match[2] else _ENTITIES.get(match[3])


def _adjust(token: Token, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
    """Replacements that a comment, instruction or CDATA section can hold."""
    if token.kind not in ("comment", "instruction", "cdata", "doctype"):
        return redactions
    made = []
    for redaction in redactions:
        new = redaction.replacement
        if token.kind == "comment":
            while "--" in new:
                new = new.replace("--", "- -")
            if "-" in (new[:1], new[-1:]):
                new = f"_{new.strip('-')}_"
        elif token.kind == "doctype":
            new = re.sub(r"[\"'<>&]", "_", new)
        else:
            new = new.replace("]]>", "]] >").replace("?>", "? >")
        made.append(replace(redaction, replacement=new))
    return made


def _rewrite(raw: str, token: Token, redactions: Sequence[Redaction]) -> str:
    if any(_FORBIDDEN.search(redaction.replacement) for redaction in redactions):
        raise WithheldError("a replacement holds characters that XML cannot: use another operator")
    _, positions = _decode(raw, token.kind)
    kind = token.kind

    def escape(new: str) -> str:
        if kind not in ("text", '"', "'"):
            return new
        new = new.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        new = new.replace("\r", "&#13;")
        if kind == "text":
            return new
        quote = "&quot;" if kind == '"' else "&apos;"
        return new.replace(kind, quote).replace("\n", "&#10;").replace("\t", "&#9;")

    return splice_raw(raw, positions, redactions, escape)
