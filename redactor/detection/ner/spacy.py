"""spaCy backend: any installed pipeline with an entity recognizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redactor.detection.ner.base import NerHit
from redactor.detection.ner.labels import entity_of
from redactor.errors import StateError
from redactor.values import Span

_PIECE = 100_000  # code points; spaCy refuses more than a million
_SCORE = 0.85  # spaCy gives no probability; Presidio's customary score


class SpacyBackend:
    """An installed spaCy pipeline, by package name or folder.

    Raises:
        StateError: spaCy or the pipeline is not installed, or finds no entities.
    """

    def __init__(self, model: str) -> None:
        try:
            import spacy
        except ImportError:
            raise StateError("the spacy backend needs: pip install 'redactor[presidio]'") from None
        try:
            self._nlp = spacy.load(model, exclude=["lemmatizer", "textcat"])
        except (OSError, ValueError) as error:
            raise StateError(
                f"the spaCy pipeline cannot be loaded ({type(error).__name__}): install it, or "
                "name another"
            ) from None
        if "ner" not in self._nlp.pipe_names:
            raise StateError("the spaCy pipeline has no entity recognizer: name another")
        labels = self._nlp.get_pipe("ner").labels
        self.name = f"spacy:{model}@{self._nlp.meta.get('version', '?')}"
        self.entity_types = frozenset(
            entity for entity in map(entity_of, labels) if entity is not None
        )

    def find(self, texts: Sequence[str]) -> list[list[NerHit]]:
        """Hits per text; see :class:`~redactor.detection.ner.base.NerBackend`."""
        pieces = [
            (number, start, end)
            for number, text in enumerate(texts)
            for start, end in _pieces(text)
        ]
        found: list[list[NerHit]] = [[] for _ in texts]
        documents = self._nlp.pipe(texts[number][start:end] for number, start, end in pieces)
        for (number, start, _), document in zip(pieces, documents, strict=True):
            for entity in document.ents:
                kind = entity_of(entity.label_)
                if kind is not None and entity.end_char > entity.start_char:
                    span = Span(start + entity.start_char, start + entity.end_char)
                    found[number].append(NerHit(span, kind, _SCORE, entity.label_))
        return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        cut = text.rfind("\n", start + 1, end) if end < len(text) else -1
        end = cut + 1 if cut > start else end
        yield start, end
        start = end
