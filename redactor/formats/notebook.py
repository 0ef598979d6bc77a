"""Jupyter notebooks: cells, outputs and metadata; pictures in outputs are taken out.

A notebook is JSON; texts that it cuts into lists of lines (cell sources, outputs) are one unit
each, so that what spans lines is found. Pixels cannot be looked at here: the data of pictures and
other encoded media (``image/png``, ``application/pdf`` ..., attachments too) is replaced by an
empty string, and the chunk says so (``notices``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding
from redactor.formats.json_scan import Malformed, Value, distinct_keys, edits, values
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.patch import line_column, read_document
from redactor.formats.splice import Edit, apply_edits, by_unit
from redactor.values import Locator, Redaction, Span, Unit

_MEDIA = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
_READABLE = ("image/svg+xml",)
# keys of nbformat itself: structure, no texts
STRUCTURE = frozenset(
    [
        "cells",
        "worksheets",
        "cell_type",
        "source",
        "outputs",
        "output_type",
        "data",
        "text",
        "metadata",
        "attachments",
        "name",
        "traceback",
        "ename",
        "evalue",
        "execution_count",
        "prompt_number",
        "nbformat",
        "nbformat_minor",
        "kernelspec",
        "language_info",
        "display_name",
        "language",
        "version",
        "mimetype",
        "file_extension",
        "pygments_lexer",
        "codemirror_mode",
        "nbconvert_exporter",
        "input",
        "collapsed",
        "id",
        "tags",
        "png",
        "jpeg",
        "svg",
        "html",
        "latex",
        "javascript",
    ]
)
_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+\Z")
_LISTS = ("source", "text", "traceback")  # keys whose lists of lines are one text
_TEXT = tuple(
    f".data.{mime}"
    for mime in (
        "text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml",
        "application/javascript",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotebookChunk:
    """A whole notebook. ``parts`` unit id -> the JSON strings that its text is made of."""

    units: Sequence[Unit] = field(repr=False)
    text: str = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    parts: Mapping[str, Sequence[Value]] = field(repr=False)
    media: Sequence[Value] = field(repr=False)
    encoding: Encoding
    nested: Mapping[str, Nested] = field(default_factory=dict, repr=False)
    spec: Sequence[Any] = ()
    index: int = 0

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, length of the byte order mark, which strings hold JSON."""
        return {
            "encoding": self.encoding.name, "bom": len(self.encoding.bom), "nested": self.spec
        }  # fmt: skip

    @property
    def notices(self) -> Sequence[str]:
        """What was taken out without being looked at."""
        if not self.media:
            return ()
        return (f"{len(self.media)} pictures or other media were taken out: nothing can read them",)

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Keys kept distinct."""
        return distinct_keys(self.values, settle(redactions, self.nested))

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the notebook without media, redacted values replaced."""
        made: list[Edit] = [(value.start, value.end, '""') for value in self.media]
        for unit_id, mine in by_unit(fold(redactions, self.nested)).items():
            if unit_id in self.parts:
                for value, part in _spread(self.parts[unit_id], mine):
                    made += edits(self.text, value, part)
            else:
                made += edits(self.text, self.values[unit_id], mine)
        out.write(self.encoding.bom + self.encoding.encode(apply_edits(self.text, made)))


def _spread(
    parts: Sequence[Value], redactions: Sequence[Redaction]
) -> Iterator[tuple[Value, list[Redaction]]]:
    """Redactions of a joined text, as redactions of the strings it is made of.

    The replacement goes into the first string that a redaction touches.
    """
    start = 0
    for value in parts:
        end = start + len(value.text)
        mine = []
        for redaction in redactions:
            first, last = max(redaction.span.start, start), min(redaction.span.end, end)
            if first < last:
                new = redaction.replacement if redaction.span.start >= start else ""
                span = Span(first - start, last - start)
                mine.append(Redaction(redaction.unit, span, new, redaction.entity_type))
        if mine:
            yield value, mine
        start = end


class NotebookFormat:
    """A Jupyter notebook (nbformat 3 and 4)."""

    name = "notebook"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[NotebookChunk]:
        """The one chunk of the notebook.

        Raises:
            UnreadableError: not JSON, or not a notebook; names line and column.
        """
        text, encoding = read_document(source, options)
        try:
            found = list(values(text, options.max_depth))
            whole = json.loads(text)
        except Malformed as error:
            raise UnreadableError(f"{line_column(text, error.at)}: {error.what}") from None
        if not isinstance(whole, dict) or not ({"cells", "worksheets"} & whole.keys()):
            raise UnreadableError("no notebook: it has no cells; read it with --format json")
        yield _chunk(text, found, encoding, options)


def _chunk(
    text: str, found: Sequence[Value], encoding: Encoding, options: ReadOptions
) -> NotebookChunk:
    leaves = Leaves(options)
    single: dict[str, Value] = {}
    parts: dict[str, list[Value]] = {}
    media: list[Value] = []
    at = 0
    while at < len(found):
        value = found[at]
        kind = _kind(value)
        if value.kind == "key" and (value.text in STRUCTURE or _MIME.match(value.text)):
            at += 1
            continue
        if kind == "media":
            media.append(value)
            at += 1
            continue
        place = value.place
        run = [value]
        if kind == "lines":
            base = place.rpartition("/")[0]
            while at + len(run) < len(found) and (
                found[at + len(run)].place.rpartition("/")[0] == base
            ):
                run.append(found[at + len(run)])
            parts[place] = run
        joined = "".join(part.text for part in run)
        leaves.add(
            place, joined, Locator("json", place), value.path,
            closed=kind == "lines" or value.kind != "string",
        )  # fmt: skip
        if kind != "lines" and value.text:
            single[place] = value
        at += len(run)
    return NotebookChunk(
        leaves.units, text, single, parts, media, encoding, leaves.nested, leaves.spec
    )


def _kind(value: Value) -> str:
    """``media`` (to be taken out), ``lines`` (first of a list that is one text) or ``plain``."""
    if value.kind != "string" or value.path is None:
        return "plain"
    path = value.path
    listed = path.endswith("[]")
    name = path.removesuffix("[]")
    for prefix in ("data.", "attachments."):
        _, mark, mime = name.rpartition(prefix)
        mime = mime if prefix == "data." else mime.rpartition(".")[2]
        if mark and mime.startswith(_MEDIA) and not mime.startswith(_READABLE):
            return "media"
    if not listed:
        return "plain"
    last = name.rpartition(".")[2]
    return "lines" if last in _LISTS or name.endswith(_TEXT) else "plain"
