"""Put replacements into a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redactor.values import Redaction


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


def by_unit(redactions: Sequence[Redaction]) -> dict[str, list[Redaction]]:
    """Redactions grouped by unit id."""
    grouped: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        grouped.setdefault(redaction.unit, []).append(redaction)
    return grouped
