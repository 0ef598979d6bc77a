"""Text documents whose values are rewritten in place; everything else stays byte for byte.

A format's scanner yields :class:`Token`: where a text stands in the document and what it
says. :class:`PatchedChunk` makes units of them, opens JSON inside (see
:mod:`redactor.formats.leaves`) and asks the format's ``rewrite`` for the new spelling of a
token that is redacted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.json_scan import Value, distinct_keys
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.splice import apply_edits, by_unit
from redactor.formats.text import read_whole
from redactor.values import Locator, Redaction, Unit


@dataclass(frozen=True, slots=True)
class Token:
    """A text in a document.

    ``start``/``end`` where its spelling stands (code points of the document); ``text`` what it
    says; ``place`` for its locator; ``field`` its name or path; ``kind`` the format's word for
    how it is spelled; ``closed``: JSON in it stays text; ``parent``: number of the mapping
    that it is a key of, so that keys stay distinct.
    """

    start: int
    end: int
    text: str = field(repr=False)
    place: str
    field: str | None = field(default=None, repr=False)
    kind: str = ""
    closed: bool = False
    parent: int = -1


_KEYS = ("key", "property-key", "section")

# spelling of the token, the token, its redactions -> new spelling
Rewrite = Callable[[str, Token, Sequence[Redaction]], str]
Adjust = Callable[[Token, Sequence[Redaction]], Sequence[Redaction]]


@dataclass(frozen=True, slots=True)
class PatchedChunk:
    """A document, or a piece of one. ``records`` counts rows where the format has any."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    text: str = field(repr=False)
    tokens: Mapping[str, Token] = field(repr=False)
    encoding: Encoding
    rewrite: Rewrite
    head: bytes = b""
    nested: Mapping[str, Nested] = field(default_factory=dict, repr=False)
    spec: Sequence[Any] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    adjust: Adjust | None = None
    records: int = 1
    notices: Sequence[str] = ()

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, length of the byte order mark, which texts hold JSON."""
        return {
            "encoding": self.encoding.name, "bom": len(self.head), "nested": self.spec,
            **self.extra,
        }  # fmt: skip

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """As the format can write them."""
        redactions = settle(redactions, self.nested)
        grouped = by_unit(redactions)
        if any(u in self.tokens and self.tokens[u].parent >= 0 for u in grouped):
            redactions = distinct_keys(_keys(self.tokens), redactions)
        if self.adjust is None:
            return redactions
        made: list[Redaction] = []
        for unit_id, mine in by_unit(redactions).items():
            token = self.tokens.get(unit_id)
            made += mine if token is None else self.adjust(token, mine)
        return made

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the document with the redacted tokens spelled anew."""
        edits = []
        for unit_id, mine in by_unit(fold(redactions, self.nested)).items():
            token = self.tokens[unit_id]
            raw = self.text[token.start : token.end]
            edits.append((token.start, token.end, self.rewrite(raw, token, mine)))
        out.write(self.head + self.encoding.encode(apply_edits(self.text, edits)))


def _keys(tokens: Mapping[str, Token]) -> dict[str, Value]:
    return {
        place: Value(token.start, token.end, token.text, place, None, "key", token.parent)
        for place, token in tokens.items()
        if token.parent >= 0
    }


def patched(
    index: int,
    text: str,
    tokens: Iterable[Token],
    encoding: Encoding,
    rewrite: Rewrite,
    options: ReadOptions,
    *,
    locator: str,
    head: bytes = b"",
    adjust: Adjust | None = None,
    **more: Any,
) -> PatchedChunk:
    """A chunk out of a document's tokens; white space alone is no text."""
    leaves = Leaves(options)
    kept: dict[str, Token] = {}
    for token in tokens:
        blank = not token.text or token.text.isspace()
        is_key = token.parent >= 0 or token.kind in _KEYS
        kind = "key" if is_key else locator
        leaves.add(
            token.place, "" if blank else token.text, Locator(kind, token.place), token.field,
            closed=token.closed or is_key,
        )  # fmt: skip
        if not blank:
            kept[token.place] = token
    return PatchedChunk(
        index, leaves.units, text, kept, encoding, rewrite, head, leaves.nested, leaves.spec,
        adjust=adjust, **more,
    )  # fmt: skip


def read_document(
    source: BinaryIO, options: ReadOptions, declared: Callable[[bytes], str | None] | None = None
) -> tuple[str, Encoding]:
    """A whole document's text; ``declared`` finds the encoding that it names itself.

    Raises:
        UnreadableError: too large, not the encoding, or bytes that would not come back.
    """
    data = read_whole(source)
    named = options.encoding or (declared(data[:1024]) if declared is not None else None)
    encoding = detect_encoding(data, named)
    text = encoding.decode(data[len(encoding.bom) :])
    if encoding.bom + encoding.encode(text) != data:
        raise UnreadableError(
            f"the bytes are not clean {encoding.name} and would change on writing: "
            "name the right --encoding"
        )
    return text, encoding


def splice_raw(
    raw: str,
    positions: Sequence[int] | None,
    redactions: Sequence[Redaction],
    escape: Callable[[str], str],
) -> str:
    """The spelling ``raw`` with redactions made, replacements escaped.

    ``positions``: where in ``raw`` each decoded code point starts, and one entry for the end;
    None where spelling and text are the same.
    """
    edits = []
    for redaction in redactions:
        start, end = redaction.span.start, redaction.span.end
        if positions is not None:
            start, end = positions[start], positions[end]
        edits.append((start, end, escape(redaction.replacement)))
    return apply_edits(raw, edits)


def line_column(text: str, at: int) -> str:
    """``line L, column C`` (1-based) of a code point."""
    row = text.count("\n", 0, at) + 1
    return f"line {row}, column {at - text.rfind(chr(10), 0, at)}"
