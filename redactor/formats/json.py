"""JSON and JSON Lines: strings, numbers and keys are units; all else stays byte for byte.

Strings that hold JSON are opened (:mod:`redactor.formats.leaves`). A redacted number
becomes a string unless its replacement is a number again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.formats.encoding import Encoding, detect_encoding
from redactor.formats.json_scan import Malformed, Value, distinct_keys, edits, values
from redactor.formats.leaves import Leaves, Nested, fold, settle
from redactor.formats.log import line_blocks
from redactor.formats.splice import Edit, apply_edits, by_unit
from redactor.formats.text import read_whole
from redactor.values import Locator, Redaction, Unit


@dataclass(frozen=True, slots=True)
class JsonChunk:
    """A JSON document, or some lines of JSON Lines. ``records`` counts documents."""

    index: int
    units: Sequence[Unit] = field(repr=False)
    text: str = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    encoding: Encoding
    head: bytes = b""
    nested: Mapping[str, Nested] = field(default_factory=dict, repr=False)
    spec: Sequence[Any] = ()
    records: int = 1

    @property
    def hints(self) -> dict[str, Any]:
        """Encoding, length of the byte order mark, which strings hold JSON."""
        return {"encoding": self.encoding.name, "bom": len(self.head), "nested": self.spec}

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """Keys that would become equal in one object get ``#2``, ``#3`` ... appended."""
        return distinct_keys(self.values, settle(redactions, self.nested))

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the text with the redacted values replaced."""
        made: list[Edit] = []
        for unit_id, mine in by_unit(fold(redactions, self.nested)).items():
            made += edits(self.text, self.values[unit_id], mine)
        out.write(self.head + self.encoding.encode(apply_edits(self.text, made)))


class JsonFormat:
    """One JSON document."""

    name = "json"
    streaming = False

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[JsonChunk]:
        """The one chunk of the document.

        Raises:
            UnreadableError: not JSON; names line and column.
        """
        data = read_whole(source)
        encoding = detect_encoding(data, options.encoding)
        text = encoding.decode(data[len(encoding.bom) :])
        leaves, found = Leaves(options), dict[str, Value]()
        _read(text, 0, "", options, leaves, found)
        yield JsonChunk(
            0, leaves.units, text, found, encoding, encoding.bom, leaves.nested, leaves.spec
        )


class JsonLinesFormat:
    """One JSON document a line (NDJSON); UTF-8. Blank lines are kept."""

    name = "jsonl"
    streaming = True

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[JsonChunk]:
        """Chunks of whole lines.

        Raises:
            UnreadableError: a line is not JSON or not UTF-8; names the line.
        """
        line = 1
        head = b""
        for index, data in enumerate(line_blocks(source, options)):
            if index == 0:
                head = detect_encoding(data[:4], "utf-8", whole=False).bom
            encoding = Encoding("utf-8", head)
            text = encoding.decode(data[len(head) :])
            leaves, found = Leaves(options), dict[str, Value]()
            at = records = 0
            while at < len(text):
                end = text.find("\n", at) + 1 or len(text)
                if text[at:end].strip(" \t\r\n"):
                    _read(text[at:end], at, f"{line}#", options, leaves, found, line)
                    records += 1
                at, line = end, line + 1
            yield JsonChunk(
                index, leaves.units, text, found, encoding, head, leaves.nested, leaves.spec,
                records,
            )  # fmt: skip
            head = b""


def _read(
    text: str,
    offset: int,
    prefix: str,
    options: ReadOptions,
    leaves: Leaves,
    found: dict[str, Value],
    line: int | None = None,
) -> None:
    """Take in the values of one document; ``offset`` is added to every place."""
    try:
        for value in values(text, options.max_depth):
            place = prefix + value.place
            leaves.add(
                place, value.text, Locator("json", place), value.path,
                closed=value.kind != "string",
            )  # fmt: skip
            if value.text:
                start, end = value.start + offset, value.end + offset
                # an object's number is its own among all lines: a document is longer than
                # it has objects
                parent = value.parent + offset
                found[place] = replace(value, start=start, end=end, parent=parent)
    except Malformed as error:
        row = text.count("\n", 0, error.at) + 1 if line is None else line
        column = error.at - (text.rfind("\n", 0, error.at) + 1) + 1
        raise UnreadableError(
            f"line {row}, column {column}: {error.what}; mend the file, or read it with "
            "--format text"
        ) from None
