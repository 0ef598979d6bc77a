"""Named-entity recognition: backends over one protocol (:class:`NerBackend`)."""

from __future__ import annotations

from redactor.detection.ner.base import NerBackend, NerHit
from redactor.detection.ner.load import load_backend

__all__ = ["NerBackend", "NerHit", "load_backend"]
