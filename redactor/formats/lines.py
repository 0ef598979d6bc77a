r"""INI, .env and Java .properties: values, keys, section names and comments are units.

These have dialects without number; what they share is read: a comment line, ``[section]``,
``key = value``. In INI and .env a value's outer quotes stay outside the unit, a comment begins
after a blank; ``.env`` values in double quotes may span lines and hold ``\n``-style escapes. In
``.properties`` backslash escapes and lines that go on are decoded (java.util.Properties).
Outside redactions every byte stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.patch import (
    PatchedChunk,
    Token,
    line_column,
    patched,
    read_document,
    splice_raw,
)
from redactor.formats.splice import splice
from redactor.values import Redaction

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_INI_COMMENT = re.compile(r"[ \t]*[#;][ \t]*([^\r\n]*)")
_SECTION = re.compile(r"[ \t]*\[([^\r\n]*)\][ \t]*(?:[#;][ \t]*([^\r\n]*))?")
_INI_PAIR = re.compile(r"([ \t]*)([^=:\r\n]*?)[ \t]*(?:([=:])[ \t]*([^\r\n]*))?(?=[\r\n]|\Z)")
_INLINE = re.compile(r"(?<=[ \t])[#;][ \t]*([^\r\n]*)\Z")
_ENV_COMMENT = re.compile(r"[ \t]*#[ \t]*([^\r\n]*)")
_ENV_PAIR = re.compile(r"[ \t]*(?:export[ \t]+)?([^=\s#]+)[ \t]*[=:][ \t]*")
_ENV_VALUE = re.compile(
    r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|`([^`]*)`|([^\r\n]*?)(?=[ \t]*(?:[ \t]#|[\r\n]|\Z))',
    re.DOTALL,
)
_ENV_REST = re.compile(r"[ \t]*(?:#[ \t]*([^\r\n]*))?(?:\r\n|\n|\r|\Z)")
_ENV_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PROPERTY_COMMENT = re.compile(r"[ \t\f]*[#!][ \t]*([^\r\n]*)")
_PROPERTY = re.compile(
    r"[ \t\f]*((?:\\(?:\r\n|.)|[^\\=:\s])+)[ \t\f]*[=:]?[ \t\f]*((?:\\(?:\r\n|.)|[^\\\r\n])*)",
    re.DOTALL,
)
_PROPERTY_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(?:\r\n|\n|\r)[ \t\f]*|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


class IniFormat:
    """Sections of ``key = value`` lines."""

    name = "ini"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the file."""
        text, encoding = read_document(source, options)
        yield patched(
            0, text, _ini(text), encoding, _rewrite, options, locator="ini", head=encoding.bom,
            adjust=_one_line,
        )  # fmt: skip


class EnvFormat:
    """``KEY=value`` lines of a .env file."""

    name = "env"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the file.

        Raises:
            UnreadableError: a line that is none of its kinds; names it.
        """
        text, encoding = read_document(source, options)
        yield patched(
            0, text, _env(text), encoding, _rewrite, options, locator="env", head=encoding.bom,
            adjust=_one_line,
        )  # fmt: skip


class PropertiesFormat:
    """Java properties."""

    name = "properties"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the file."""
        text, encoding = read_document(source, options)
        yield patched(
            0, text, _properties(text), encoding, _rewrite, options, locator="properties",
            head=encoding.bom, adjust=_one_line,
        )  # fmt: skip


def _ini(text: str) -> Iterator[Token]:
    section, key, parent, at = "", "", 0, 0
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        start, at = at, line.end()
        content = line[0].strip()
        if not content:
            continue
        if comment := _INI_COMMENT.match(text, start):
            yield _token(comment, 1, "comment")
        elif header := _SECTION.match(text, start):
            section, parent = header[1].strip(), start + 1
            yield _token(header, 1, "section")
            if header[2] is not None:
                yield _token(header, 2, "comment")
        elif pair := _INI_PAIR.match(text, start):
            if pair[1] and key and pair[3] is None:
                # a value goes on in an indented line
                for token in _value(text, pair.start(2), pair.end(2), _joined(section, key)):
                    yield replace(token, kind="more") if token.kind == "value" else token
                continue
            key = pair[2]
            yield _token(pair, 2, "key", parent=parent)
            if pair[4] is not None:
                yield from _value(text, *pair.span(4), _joined(section, key))


def _joined(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _value(text: str, start: int, end: int, path: str) -> Iterator[Token]:
    """A value without its quotes, and the comment behind it."""
    raw = text[start:end]
    comment = _INLINE.search(raw)
    body = raw[: comment.start()].rstrip(" \t") if comment else raw.rstrip(" \t")
    kind = "value"
    first, last = start, start + len(body)
    if len(body) > 1 and body[0] == body[-1] and body[0] in "\"'":
        first, last, kind = first + 1, last - 1, f"value{body[0]}"
    yield Token(first, last, text[first:last], str(first), path, kind)
    if comment:
        begin = start + comment.start(1)
        yield Token(begin, start + comment.end(1), comment[1], str(begin), None, "comment", True)


def _env(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        if not line[0].strip():
            at = line.end()
            continue
        if comment := _ENV_COMMENT.match(text, at):
            yield _token(comment, 1, "comment")
            at = line.end()
            continue
        pair = _ENV_PAIR.match(text, at)
        if pair is None:
            # a name alone, as `export NAME`
            stripped = line[0].rstrip()
            yield Token(at, at + len(stripped), stripped, str(at), None, "comment", True)
            at = line.end()
            continue
        yield _token(pair, 1, "key")
        value = _ENV_VALUE.match(text, pair.end())
        rest = _ENV_REST.match(text, value.end()) if value else None
        if value is None or rest is None:
            raise UnreadableError(
                f"{line_column(text, at)}: a value that is quoted wrongly; mend the file, or read "
                "it with --format text"
            )
        group = value.lastindex or 4
        kind = {1: 'env"', 2: "env'", 3: "env`", 4: "value"}[group]
        decoded = _unescape_env(value[group])[0] if group == 1 else value[group]
        start, end = value.span(group)
        yield Token(start, end, decoded, str(start), pair[1], kind)
        if rest[1] is not None:
            yield _token(rest, 1, "comment")
        at = rest.end()


def _properties(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        if not line[0].strip():
            at = line.end()
            continue
        if comment := _PROPERTY_COMMENT.match(text, at):
            yield _token(comment, 1, "comment")
            at = line.end()
            continue
        pair = _PROPERTY.match(text, at)
        if pair is None or pair.end() == at:
            # no key at all (`=value`): the line is one text
            stripped = line[0].rstrip("\r\n")
            yield Token(at, at + len(stripped), stripped, str(at), None, "comment", True)
            at = line.end()
            continue
        key = _unescape_property(pair[1])[0]
        yield Token(*pair.span(1), key, str(pair.start(1)), None, "property-key", True, 0)
        value = _unescape_property(pair[2])[0]
        yield Token(*pair.span(2), value, f"{pair.start(2)}v", key, "property")
        rest = _LINE.match(text, pair.end())
        assert rest is not None
        at = rest.end()


def _token(match: re.Match[str], group: int, kind: str, *, parent: int = -1) -> Token:
    start, end = match.span(group)
    return Token(start, end, match[group], f"{start}{kind[0]}", None, kind, True, parent)


def _unescape_env(raw: str) -> tuple[str, list[int] | None]:
    if "\\" not in raw:
        return raw, None
    return _decode(raw, _ENV_ESCAPE, lambda m: _SIMPLE.get(m[1], m[1]))


def _unescape_property(raw: str) -> tuple[str, list[int] | None]:
    if "\\" not in raw:
        return raw, None

    def meaning(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _SIMPLE.get(match[2], match[2]) if match[2] else ""

    return _decode(raw, _PROPERTY_ESCAPE, meaning)


def _decode(raw: str, pattern: re.Pattern[str], meaning: object) -> tuple[str, list[int]]:
    pieces: list[str] = []
    positions: list[int] = []
    at = 0
    for match in pattern.finditer(raw):
        new = meaning(match)  # type: ignore[operator]
        pieces += [raw[at : match.start()], new]
        positions += range(at, match.start())
        positions += [match.start()] * len(new)
        at = match.end()
    return "".join([*pieces, raw[at:]]), [*positions, *range(at, len(raw)), len(raw)]


def _one_line(token: Token, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
    """Replacements that the place can hold: no line ends, no closing quotes, no comment marks."""
    kind = token.kind
    made = []
    for redaction in redactions:
        new = redaction.replacement
        if not kind.startswith("property") and kind != 'env"':
            new = re.sub(r"[\r\n]+", " ", new)
        if kind == "section":
            new = new.replace("]", ")")
        elif kind == "key":
            new = re.sub(r"[=:#;\s\[\]]", "_", new)
        elif kind in ("value", "more"):
            new = re.sub(r"[=:]", "_", new) if kind == "more" else new
            new = re.sub(r"[#;\"'`]", "_", new).strip(" \t") if new.strip() else ""
        elif kind in ("value'", "env'", "env`", 'value"'):
            new = new.replace(kind[-1], "_")
        made.append(replace(redaction, replacement=new))
    if kind in ("key", "property-key") and not "".join(splice(token.text, made)):
        made[0] = replace(made[0], replacement="_")  # a line needs a key
    return made


def _rewrite(raw: str, token: Token, redactions: Sequence[Redaction]) -> str:
    kind = token.kind
    if kind == 'env"':
        _, positions = _unescape_env(raw)
        return splice_raw(raw, positions, redactions, lambda t: re.sub(r'(["\\$`])', r"\\\1", t))
    if kind.startswith("property"):
        _, positions = _unescape_property(raw)
        return splice_raw(raw, positions, redactions, _escape_property)
    # nothing would let a comment behind it become the value
    return splice_raw(raw, None, redactions, lambda t: t) or ('""' if kind == "value" else "")


def _escape_property(text: str) -> str:
    made = []
    for char in text:
        if char in "\\=:#! ":
            made.append("\\" + char)
        elif char in "\n\r\t\f":
            made.append({"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}[char])
        else:
            made.append(char)
    return "".join(made)
