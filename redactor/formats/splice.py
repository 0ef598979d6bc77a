"""Put replacements into a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from redactor.values import Redaction

Edit = tuple[int, int, str]  # start, end (code points of a text), what stands there instead


def splice(text: str, redactions: Sequence[Redaction]) -> Iterator[str]:
    """Pieces of ``text`` with the redactions of one unit applied, in order.

    Raises:
        ValueError: redactions overlap or reach beyond the text.
    """
    at = 0
    for redaction in sorted(redactions, key=lambda entry: entry.span):
        if redaction.span.start < at or redaction.span.end > len(text):
            raise ValueError("redactions overlap or reach beyond their text")
        yield text[at : redaction.span.start]
        yield redaction.replacement
        at = redaction.span.end
    yield text[at:]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with the edits made, which may come in any order.

    Raises:
        ValueError: edits overlap or reach beyond the text.
    """
    pieces: list[str] = []
    at = 0
    for start, end, new in sorted(edits):
        if start < at or end > len(text):
            raise ValueError("edits overlap or reach beyond their text")
        pieces += [text[at:start], new]
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def by_unit(redactions: Sequence[Redaction]) -> dict[str, list[Redaction]]:
    """Redactions grouped by unit id."""
    grouped: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        grouped.setdefault(redaction.unit, []).append(redaction)
    return grouped
