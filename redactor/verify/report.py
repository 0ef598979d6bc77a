"""What a verification says, and the text that it expects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redactor.formats.base import Failure
from redactor.values import Redaction, Span


@dataclass(frozen=True, slots=True)
class Report:
    """Result for one release unit.

    ``units`` texts compared, ``values`` distinct values searched for, ``kept`` hits that
    the policy keeps on purpose, ``problems`` plain sentences naming places, never values;
    ``failures`` the same for the writer's next, stronger attempt; ``details`` figures about
    how a document was written and checked (JSON-able).
    """

    units: int = 0
    values: int = 0
    kept: int = 0
    problems: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True when the written bytes may leave."""
        return not self.problems

    def __add__(self, other: Report) -> Report:
        return Report(
            self.units + other.units,
            self.values + other.values,
            self.kept + other.kept,
            self.problems + other.problems,
            self.failures + other.failures,
            {**self.details, **other.details},
        )


def expected_text(text: str, redactions: Sequence[Redaction]) -> tuple[str, list[Span]]:
    """The text with redactions applied, and where the replacements stand in the result.

    Empty replacements leave no span. Works from the end of the text backwards, where the
    formats' writers go forwards, so that an offset slip in one shows against the other.
    """
    ordered = sorted(redactions, key=lambda r: r.span)
    pieces: list[str] = []
    cursor = len(text)
    for redaction in reversed(ordered):
        pieces.append(text[redaction.span.end : cursor])
        pieces.append(redaction.replacement)
        cursor = redaction.span.start
    pieces.append(text[:cursor])
    placed, shift = [], 0
    for redaction in ordered:
        start = redaction.span.start + shift
        shift += len(redaction.replacement) - len(redaction.span)
        if redaction.replacement:
            placed.append(Span(start, start + len(redaction.replacement)))
    return "".join(reversed(pieces)), placed


def digest_texts(texts: Iterable[str]) -> tuple[int, str]:
    """Count and digest of a sequence of texts; equal only for equal sequences."""
    listed = list(texts)
    joined = "\0".join(listed)
    # NUL tells the texts apart; where one stands in a text their lengths do
    plain = joined.count("\0") == max(len(listed) - 1, 0)
    lengths = "" if plain else ",".join(str(len(text)) for text in listed)
    state = hashlib.sha256(lengths.encode())
    state.update(b"\0")
    state.update(joined.encode("utf-8", "surrogatepass"))
    return len(listed), state.hexdigest()
