"""Token logits -> entities on whole words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redactor.detection.ner.base import NerHit
from redactor.detection.ner.labels import LabelMap
from redactor.detection.ner.tokens import Tokens
from redactor.values import Span

if TYPE_CHECKING:
    import numpy as np


def decode(
    text: str, tokens: Tokens, logits: np.ndarray[Any, Any], labels: LabelMap
) -> list[NerHit]:
    """Entities of one text.

    A word takes the type whose probability, averaged over its pieces, is highest, so that a
    word is never split; neighbouring words of one type join unless the second begins an
    entity by itself. The score is the mean probability over the words.

    Args:
        text: the text.
        tokens: its tokens.
        logits: [tokens, labels].
        labels: meaning of the columns.
    """
    if not len(tokens):
        return []
    import numpy as np

    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = shifted / shifted.sum(axis=1, keepdims=True)
    count = len(labels.types)
    by_type = np.zeros((len(tokens), count + 1), np.float32)  # last column: outside
    begins = np.zeros((len(tokens), count + 1), np.float32)
    for column, kind in enumerate(labels.column):
        by_type[:, kind] += chances[:, column]  # -1 is the last column
        if labels.starts[column]:
            begins[:, kind] += chances[:, column]
    words = np.asarray(tokens.words)
    firsts = np.flatnonzero(np.diff(words, prepend=words[0] - 1))
    sizes = np.diff(np.append(firsts, len(words)))
    per_word = np.add.reduceat(by_type, firsts, axis=0) / sizes[:, None]
    best = per_word.argmax(axis=1)
    hits: list[NerHit] = []
    previous = -2
    scores: list[float] = []
    for word in np.flatnonzero(best != count).tolist():
        kind = int(best[word])
        first, last = int(firsts[word]), int(firsts[word] + sizes[word] - 1)
        start, end = tokens.starts[first], tokens.ends[last]
        if end <= start:
            continue
        opens = begins[first, kind] * 2 > by_type[first, kind]
        same = hits and previous == word - 1 and hits[-1].entity_type == labels.types[kind]
        if same and not opens and start >= hits[-1].span.end:
            scores.append(float(per_word[word, kind]))
            span = Span(hits[-1].span.start, end)
            hits[-1] = NerHit(span, hits[-1].entity_type, _mean(scores), hits[-1].label)
        elif not hits or start >= hits[-1].span.end:
            scores = [float(per_word[word, kind])]
            kind_name = labels.types[kind]
            hits.append(NerHit(Span(start, end), kind_name, _mean(scores), kind_name))
        previous = word
    named = [hit for hit in hits if any(c.isalnum() for c in text[hit.span.start : hit.span.end])]
    return _with_handles(named, text)


def _with_handles(hits: list[NerHit], text: str) -> list[NerHit]:
    """The sign of a handle (``@name``, in some corpora ``@ name``) belongs to the name."""
    found: list[NerHit] = []
    end = 0
    for hit in hits:
        start = hit.span.start
        at = start - 2 if text[max(start - 1, 0) : start] == " " else start - 1
        if hit.entity_type == "PERSON" and at >= end and text[at] == "@":
            hit = NerHit(Span(at, hit.span.end), hit.entity_type, hit.score, hit.label)
        found.append(hit)
        end = hit.span.end
    return found


def _mean(scores: list[float]) -> float:
    return min(1.0, max(0.0, sum(scores) / len(scores)))
