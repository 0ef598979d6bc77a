r"""SQL dumps, streamed: literals, comments and COPY data are units; columns name them.

Columns come from the statement (``INSERT INTO t (a, b)``, ``COPY t (a, b)``, ``SET a =``) or from
the dump's ``CREATE TABLE``. A value of a number or date column whose replacement is neither
becomes NULL, so that the dump can still be loaded. Outside redactions every byte stays.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.patch import PatchedChunk, Token, patched, splice_raw
from redactor.formats.splice import splice
from redactor.formats.sql.lexer import (
    Dialect,
    Lexeme,
    Unclosed,
    detect_dialect,
    lex,
    uncopy,
    unquote,
)
from redactor.formats.sql.statement import ColumnName, Statement
from redactor.values import Redaction, Span

_HEX = re.compile(r"0[xX][0-9A-Fa-f]+\Z")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?\Z"
    r"|\d\d:\d\d(?::\d\d)?\Z"
)


class SqlFormat:
    """A dump of SQL statements."""

    name = "sql"
    streaming = True

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[PatchedChunk]:
        """Chunks of whole statements; COPY data are cut at line ends.

        Raises:
            UnreadableError: a quote is never closed, COPY data in another format, or a
                statement that is too long; names the line.
        """
        first = source.read(options.chunk_bytes)
        encoding = _encoding(first, options)
        decoder = codecs.getincrementaldecoder(encoding.name)(errors=encoding.errors)
        pending = decoder.decode(first[len(encoding.bom) :])
        dump = _Dump(detect_dialect(pending[:65536]))
        head, index, done = encoding.bom, 0, False
        while not done:
            block = source.read(options.chunk_bytes)
            done = not block
            more = decoder.decode(block, done)
            inside, before = dump.copy is not None, dump.line
            tokens, used = dump.read(pending, last=done)
            if used or (done and (pending or head)):
                yield patched(
                    index, pending[:used], tokens, encoding, _rewrite, options, locator="sql",
                    head=head, adjust=_adjust, records=dump.rows,
                    extra={
                        "backslash": dump.dialect.backslash, "mysql": dump.dialect.mysql,
                        "copy": inside, "errors": encoding.errors,
                    },
                )  # fmt: skip
                index, head, dump.rows = index + 1, b"", 0
            pending = pending[used:] + more
            if len(pending) > options.max_record_bytes:
                raise UnreadableError(f"the statement at line {before} is too long")


@dataclass(frozen=True, slots=True)
class _SqlEncoding(Encoding):
    """UTF-8 in which every invalid byte is kept: dumps hold binary strings."""

    errors: str = "strict"

    def encode(self, text: str) -> bytes:
        if self.errors != "strict":
            return text.encode(self.name, self.errors)
        return Encoding.encode(self, text)


def _encoding(first: bytes, options: ReadOptions) -> _SqlEncoding:
    if options.encoding is None and not first.startswith((b"\xff\xfe", b"\xfe\xff")):
        bom = codecs.BOM_UTF8 if first.startswith(codecs.BOM_UTF8) else b""
        return _SqlEncoding("utf-8", bom, "surrogateescape")
    found = detect_encoding(first, options.encoding, whole=False)
    return _SqlEncoding(found.name, found.bom)


@dataclass(slots=True)
class _Dump:
    """What is known of the dump so far; ``line`` is the 1-based line that comes next."""

    dialect: Dialect
    tables: dict[str, list[ColumnName]] = field(default_factory=dict)
    copy: list[ColumnName] | None = None
    line: int = 1
    rows: int = 0

    def read(self, text: str, *, last: bool) -> tuple[list[Token], int]:
        """Tokens of the whole statements at the start of ``text``, and what they use of it.

        State advances by exactly what is used.
        """
        tokens: list[Token] = []
        used = 0
        while used < len(text):
            before = used
            if self.copy is not None:
                more, used = self._copied(text, used, last=last)
            else:
                more, used = self._statement(text, used, last=last)
            tokens += more
            self.line += text.count("\n", before, used)
            if used == before:
                break
        return tokens, used

    def _statement(self, text: str, start: int, *, last: bool) -> tuple[list[Token], int]:
        statement = Statement(self.tables)
        tokens: list[Token] = []
        rows = 0
        try:
            for lexeme in lex(text, start, self.dialect):
                if lexeme.end == len(text) and not last and lexeme.kind != ";":
                    return [], start
                if lexeme.kind == ";" and statement.depth <= 0:
                    self.rows += rows
                    end = lexeme.end
                    columns = statement.copies
                    if columns is not None:
                        newline = text.find("\n", end)
                        if newline < 0 and not last:
                            return [], start
                        if statement.csv:
                            raise UnreadableError(
                                f"line {self.line}: COPY data in CSV format are not handled; dump "
                                "in text format"
                            )
                        end = newline + 1 or len(text)
                        self.copy = columns
                    return tokens, end
                if lexeme.kind == "(" and statement.state == "values" and statement.depth == 0:
                    rows += 1
                token = _take(text, lexeme, statement, self)
                if token is not None:
                    tokens.append(token)
        except Unclosed as error:
            if last:
                line = self.line + text.count("\n", start, error.at)
                raise UnreadableError(
                    f"line {line}: a quote or comment is opened and never closed; mend the file, "
                    "or read it with --format log"
                ) from None
            return [], start
        if not last:
            return [], start
        self.rows += rows
        return tokens, len(text)

    def _copied(self, text: str, start: int, *, last: bool) -> tuple[list[Token], int]:
        """One line of COPY data."""
        newline = text.find("\n", start)
        if newline < 0 and not last:
            return [], start
        end = len(text) if newline < 0 else newline
        after = end + 1 if newline >= 0 else end
        stop = end - 1 if text[start:end].endswith("\r") else end
        if text[start:stop] == "\\.":
            self.copy = None
            return [], after
        self.rows += 1
        tokens, at = [], start
        columns = self.copy or []
        for number, raw in enumerate(text[start:stop].split("\t")):
            column = columns[number] if number < len(columns) else None
            kind = f"copy:{column.kind if column else 'text'}"
            name = column.path if column else None
            place = f"{self.line}:{number + 1}"
            value = "" if raw == "\\N" else uncopy(raw)[0]
            tokens.append(Token(at, at + len(raw), value, place, name, kind))
            at += len(raw) + 1
        return tokens, after


def _take(text: str, lexeme: Lexeme, statement: Statement, dump: _Dump) -> Token | None:
    """The token of a lexeme, if it holds a text; tells the statement of it."""
    kind = lexeme.kind
    raw = text[lexeme.first : lexeme.last]
    if kind == "word":
        statement.word(raw)
        # counted like an empty text, since a redacted number becomes NULL
        return Token(lexeme.first, lexeme.last, "", "", None) if raw.upper() == "NULL" else None
    if kind == "name" or (kind == "double" and not dump.dialect.mysql):
        statement.word(raw, quoted=True)
        return None
    if len(kind) == 1:
        statement.mark(kind)
        return None
    place = f"{dump.line}:{lexeme.start}"
    if kind in ("comment", "meta", "dollar", "hex"):
        return Token(lexeme.first, lexeme.last, raw, place, None, kind, True)
    column = statement.column()
    name = column.path if column else None
    typed = f"{kind}:{column.kind if column else 'text'}"
    if kind == "number":
        first = lexeme.first
        if text[first - 1 : first] == "-" and _follows_mark(text, first - 1):
            first -= 1  # the sign goes with a number that becomes NULL
        return Token(first, lexeme.last, raw, place, name, typed)
    backslash = kind == "escaped" or dump.dialect.backslash
    quote = '"' if kind == "double" else "'"
    decoded = unquote(raw, quote, backslash=backslash)[0]
    # the whole literal, quotes and an E in front included: it may have to become NULL
    mark = "\\" if backslash else ""
    return Token(lexeme.start, lexeme.end, decoded, place, name, f"{typed}{mark}")


def _follows_mark(text: str, at: int) -> bool:
    while at and text[at - 1].isspace():
        at -= 1
    return at > 0 and text[at - 1] in "(,="


def _adjust(token: Token, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
    """A number or date that no longer is one goes altogether (it is written as NULL)."""
    kind = token.kind
    if kind in ("comment", "meta", "dollar"):
        return [replace(r, replacement=_harmless(r.replacement, kind)) for r in redactions]
    if not _must_be(kind):
        return redactions
    new = "".join(splice(token.text, redactions))
    fits = _HEX if kind == "hex" else _DATE if ":date" in kind else _NUMBER
    if fits.match(new):
        return redactions
    return [Redaction(redactions[0].unit, Span(0, len(token.text)), "", redactions[0].entity_type)]


def _must_be(kind: str) -> bool:
    return kind.startswith(("number", "hex")) or ":number" in kind or ":date" in kind


def _harmless(text: str, kind: str) -> str:
    text = re.sub(r"[\r\n]+", " ", text)
    return text.replace("*/", "* /").replace("$", "_") if kind != "meta" else text


def _rewrite(raw: str, token: Token, redactions: Sequence[Redaction]) -> str:
    kind = token.kind
    if kind in ("comment", "meta", "dollar"):
        return splice_raw(raw, None, redactions, lambda t: t)
    new = "".join(splice(token.text, redactions))
    if kind == "hex":
        return new or "NULL"
    if kind.startswith("copy"):
        if not new and _must_be(kind):
            return "\\N"
        return splice_raw(raw, uncopy(raw)[1], redactions, _copy_escape)
    if not new and _must_be(kind):
        return "NULL"
    if kind.startswith("number"):
        return raw[: len(raw) - len(token.text)] + new
    quote = '"' if kind.startswith("double") else "'"
    backslash = kind.endswith("\\")
    start = raw.index(quote) + 1
    inner = raw[start:-1]
    positions = unquote(inner, quote, backslash=backslash)[1]

    def escape(text: str) -> str:
        text = text.replace("\\", "\\\\").replace("\0", "\\0") if backslash else text
        return text.replace(quote, quote * 2)

    return raw[:start] + splice_raw(inner, positions, redactions, escape) + quote


def _copy_escape(text: str) -> str:
    for char, spelled in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(char, spelled)
    return text
