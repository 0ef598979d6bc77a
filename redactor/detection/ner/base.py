"""What a NER backend is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from redactor.values import Span


@dataclass(frozen=True, slots=True)
class NerHit:
    """An entity that a model saw: span in code points of the text, score 0-1."""

    span: Span
    entity_type: str
    score: float
    label: str  # the model's own label, for explanation


class NerBackend(Protocol):
    """Token classification over whole texts of any length."""

    @property
    def name(self) -> str:
        """``backend:model@version`` for the Run record."""
        ...

    @property
    def entity_types(self) -> frozenset[str]:
        """Entity types that it can return, in our names."""
        ...

    def find(self, texts: Sequence[str]) -> list[list[NerHit]]:
        """Hits per text, in order of start, not overlapping within a text.

        Texts may be empty, hold NUL, emoji, combining marks, CRLF, or be one line of
        megabytes; windows overlap on token boundaries inside.

        Raises:
            StateError: the model is missing or broken.
        """
        ...
