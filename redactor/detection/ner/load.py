"""Which backend a policy's options mean."""

from __future__ import annotations

from pathlib import Path

from redactor.detection.ner.base import NerBackend
from redactor.errors import StateError
from redactor.policy.model import NerOptions

EMBEDDED = "embedded"
EMBEDDED_ENTITIES = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})


def embedded_folder() -> Path:
    """Folder of the model that ships with the program."""
    import recognizers

    return Path(recognizers.__file__).parent / "model"


def load_backend(options: NerOptions, *, threads: int = 1) -> NerBackend:
    """The backend that ``options`` name, with its model loaded.

    Raises:
        StateError: the model is missing or broken, or the extra it needs is not installed.
    """
    if options.backend == "onnx":
        from redactor.detection.ner.onnx import OnnxBackend

        named = options.model == EMBEDDED
        return OnnxBackend(embedded_folder() if named else Path(options.model), threads)
    if options.model == EMBEDDED:
        raise StateError(
            f"the embedded model runs on the onnx backend: for {options.backend} name a model "
            "(a folder, a Hugging Face id or a spaCy pipeline)"
        )
    if options.backend == "torch":
        from redactor.detection.ner.torch import TorchBackend

        return TorchBackend(options.model, threads)
    if options.backend == "spacy":
        from redactor.detection.ner.spacy import SpacyBackend

        return SpacyBackend(options.model)
    raise StateError(f"there is no NER backend {options.backend}: use onnx, torch or spacy")
