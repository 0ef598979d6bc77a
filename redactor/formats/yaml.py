r"""YAML: scalars, keys and comments are units; all else stays byte for byte.

libyaml says where every scalar stands. A redacted one keeps its style where it can (plain,
quoted, literal block); a plain scalar whose new text would mean something else (``*****`` is an
alias, nothing is null) is quoted, and a folded or many-line flow scalar is spelled anew in
double quotes. Aliases are not followed, so nothing can grow. Names of anchors and tags are
structure and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.base import ReadOptions
from redactor.formats.patch import PatchedChunk, Token, patched, read_document, splice_raw
from redactor.formats.splice import splice
from redactor.values import Redaction, Span

LARGEST = 16 << 20  # characters; the independent re-read takes a minute for so many
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t\r\n]+)*")
_COMMENT = re.compile(r"(?:^|(?<=[\s,\[\]{}]))#[ \t]*([^\r\n]*)", re.MULTILINE)
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[ \t]*([^\r\n]*))?(\r\n|\n|\r|\Z)")
_PLAIN = re.compile(r"(?:[^\W_]|[<(_])(?:[\w<>()@./+=*$%^~;-]|[ ](?=[\w<>()@./+=*$%^~;-]))*\Z")
_TYPED = re.compile(
    r"(?:~|null|true|false|yes|no|on|off|y|n|<<|=|[-+.]?\d.*|[-+]?\.(?:inf|nan))\Z", re.I
)
_BREAK = re.compile(r"\r\n|\n|\r")


class YamlFormat:
    """A YAML stream of one or more documents."""

    name = "yaml"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """The one chunk of the stream.

        Raises:
            UnreadableError: not YAML, nested too deep, or too large; names line and column.
        """
        text, encoding = read_document(source, options)
        if len(text) > LARGEST:
            raise UnreadableError(
                f"larger than {LARGEST >> 20} MiB, too large for YAML: split it, or read it with "
                "--format log"
            )
        tokens = sorted(_tokens(text, options.max_depth), key=lambda token: token.start)
        yield patched(
            0, text, tokens, encoding, _rewrite, options, locator="yaml", head=encoding.bom,
            adjust=_adjust,
        )  # fmt: skip


@dataclass(slots=True)
class _Level:
    mapping: bool
    number: int
    key: str | None = None
    expects_key: bool = True


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise UnreadableError(
            f"{where}not valid YAML; mend the file, or read it with --format text"
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(f"not valid YAML ({type(error).__name__})") from None


def _tokens(text: str, max_depth: int) -> Iterator[Token]:
    levels: list[_Level] = []
    at = number = mappings = 0
    for event in _events(text):
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(levels) >= max_depth:
                line = event.start_mark.line + 1
                raise UnreadableError(f"line {line}: nested deeper than {max_depth}")
            mappings += 1
            levels.append(_Level(kind[0] == "M", mappings))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            levels.pop()
            _after_value(levels)
        elif kind == "AliasEvent":
            _after_value(levels, None)
        elif kind == "ScalarEvent":
            start, end = event.start_mark.index, event.end_mark.index
            for token in _comments(text, at, start, number):
                number += 1
                yield token
            at = end
            number += 1
            yield from _scalar(text, start, end, event, levels, number)
            _after_value(levels, event.value)
    yield from _comments(text, at, len(text), number)


def _after_value(levels: list[_Level], key: str | None = None) -> None:
    """One node has passed: the next of a mapping is a value, or a key."""
    if levels and levels[-1].mapping:
        top = levels[-1]
        top.key = key if top.expects_key else None
        top.expects_key = not top.expects_key


def _scalar(
    text: str, start: int, end: int, event: Any, levels: list[_Level], number: int
) -> Iterator[Token]:
    if start == end:
        return  # null, by nothing
    begin = _PROPERTIES.match(text, start, end)
    start = begin.end() if begin else start
    style = event.style or "plain"
    if style in "|>":
        header = _HEADER.match(text, start)
        if header is not None and header[1] is not None:
            yield Token(*header.span(1), header[1], f"{number}h", None, "comment", True)
            start = header.end()  # the header's comment is a token of its own
        style = f"{style}{'' if header is None else text[header.start() : header.end()]}"
    is_key = bool(levels) and levels[-1].mapping and levels[-1].expects_key
    parent = levels[-1].number if is_key else -1
    path = None if is_key else _path(levels)
    yield Token(start, end, event.value, str(number), path, style, parent=parent)


def _path(levels: Sequence[_Level]) -> str | None:
    path = ""
    for level in levels:
        if not level.mapping:
            path += "[]"
        elif level.key is not None:
            path += f".{level.key}" if path else level.key
    return path or None


def _comments(text: str, start: int, end: int, number: int) -> Iterator[Token]:
    # a gap is looked at with the character before it, so that `a#b` stays what it is
    for match in _COMMENT.finditer(text, start, end):
        yield Token(*match.span(1), match[1], f"{match.start()}c", None, "comment", True)


def _rewrite(raw: str, token: Token, redactions: Sequence[Redaction]) -> str:
    new = "".join(splice(token.text, redactions))
    kind = token.kind
    if kind == "comment":
        return new
    if kind == "plain":
        return _plain(new, token.text)
    if kind == "'" and "\n" not in raw and "\r" not in raw and new.isprintable():
        return "'" + new.replace("'", "''") + "'"
    if kind == '"' and "\\" not in raw and "\n" not in raw and "\r" not in raw:
        return splice_raw(raw, range(1, len(raw)), redactions, lambda t: _quote(t)[1:-1])
    if kind[0] in "|>":
        return _block(raw, token, redactions, new)
    return _quote(new)


def _plain(new: str, old: str) -> str:
    if _PLAIN.match(new) and (not _TYPED.match(new) or _TYPED.match(old)):
        return new
    return _quote(new)


def _quote(text: str) -> str:
    """In double quotes: JSON's escapes are YAML's, but for pairs of surrogates."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _adjust(token: Token, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
    """The line ends that close a block stay, and a comment has one line."""
    made = []
    body = len(token.text.rstrip("\n"))
    for redaction in redactions:
        new, end = redaction.replacement, redaction.span.end
        if token.kind == "comment":
            new = _BREAK.sub(" ", new)
        elif token.kind[0] in "|>" and end > body:
            new = new.rstrip("\n") + token.text[max(body, redaction.span.start) : end]
        made.append(replace(redaction, replacement=new))
    return made


def _block(raw: str, token: Token, redactions: Sequence[Redaction], new: str) -> str:
    header = _HEADER.match(token.kind[1:])
    start = header.end() if header is not None and raw.startswith(("|", ">")) else 0
    positions = _literal(raw, token.text, start) if token.kind[0] == "|" else None
    simple = new.isprintable() or all(c.isprintable() or c == "\n" for c in new)
    begins = new.lstrip("\n")[:1]
    if positions is not None and simple and begins.strip():
        indent = _indent(raw, positions)
        redactions = list(_inside(token.text, redactions))
        return splice_raw(raw, positions, redactions, lambda t: t.replace("\n", "\n" + indent))
    tail = raw[len(raw.rstrip(" \t\r\n")) :]
    if start:
        return _quote(new) + (tail if tail.startswith(("\n", "\r")) else "\n" + tail)
    # the head, with a comment, is a token of its own and stays
    lines = new.rstrip("\n").split("\n")
    if not simple or any(line[:1].isspace() for line in lines):
        raise WithheldError(
            "a block scalar with a comment in its head cannot hold this replacement: move the "
            "comment to a line of its own"
        )
    indent = raw[: len(raw) - len(raw.lstrip(" \n\r"))].rsplit("\n", 1)[-1]
    gap = "\n\n" if token.kind[0] == ">" else "\n"
    return gap.join(indent + line if line else "" for line in lines) + tail


def _inside(text: str, redactions: Sequence[Redaction]) -> Iterator[Redaction]:
    """Without the closing line ends, which _adjust has put behind the replacement again."""
    body = len(text.rstrip("\n"))
    for redaction in redactions:
        start, end = redaction.span.start, redaction.span.end
        if end <= body:
            yield redaction
        elif start < body:
            new = redaction.replacement[: len(redaction.replacement) - (end - body)]
            yield replace(redaction, span=Span(start, body), replacement=new)


def _literal(raw: str, text: str, start: int) -> list[int] | None:
    """Where each code point of a literal block stands in it, or None where unsure."""
    positions: list[int] = []
    lines: list[tuple[int, str, str]] = []
    at = start
    while at < len(raw):
        match = _BREAK.search(raw, at)
        end, after = (len(raw), len(raw)) if match is None else match.span()
        lines.append((at, raw[at:end], raw[end:after]))
        at = after
    contents = [line for line in lines if line[1].strip(" ")]
    if not contents:
        return None
    first = contents[0][1]
    for indent in range(len(first) - len(first.lstrip(" ")), 0, -1):
        made: list[str] = []
        positions = []
        for place, line, ending in lines:
            body = line[indent:]
            made += [body, "\n" if ending else ""]
            skipped = len(line) - len(body)
            positions += range(place + skipped, place + len(line))
            if ending:
                positions.append(place + len(line))
        decoded = "".join(made)
        if decoded.startswith(text) and not decoded[len(text) :].strip("\n"):
            return [*positions[: len(text)], [*positions, len(raw)][len(text)]]
    return None


def _indent(raw: str, positions: Sequence[int]) -> str:
    start = positions[0]
    line = raw.rfind("\n", 0, start) + 1
    return " " * (start - line)
