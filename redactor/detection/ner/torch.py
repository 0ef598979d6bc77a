"""transformers/torch backend: any Hugging Face token-classification directory or id."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redactor.detection.ner import windows
from redactor.detection.ner.base import NerHit
from redactor.detection.ner.labels import LabelMap
from redactor.detection.ner.tokens import Tokeniser
from redactor.errors import StateError


class TorchBackend:
    """A model run by torch, on a GPU where there is one.

    A folder is read from the disk; a hub id is looked for in the local cache first and
    only then fetched by transformers, if the user's machine allows that.

    Raises:
        StateError: the extra is missing, or the model is not a token classifier with a
            fast tokenizer.
    """

    def __init__(self, model: str, threads: int = 1) -> None:
        try:
            import torch
            from transformers import AutoModelForTokenClassification, AutoTokenizer
        except ImportError:
            raise StateError("the torch backend needs: pip install 'redactor[torch]'") from None
        torch.set_num_threads(threads)
        try:
            fast = AutoTokenizer.from_pretrained(model, use_fast=True)
            loaded = AutoModelForTokenClassification.from_pretrained(model)
        except (OSError, ValueError, KeyError) as error:
            raise StateError(
                f"the model cannot be loaded ({type(error).__name__}): name a folder or id of "
                "a token-classification model"
            ) from None
        inner = getattr(fast, "backend_tokenizer", None)
        if inner is None:
            raise StateError("the model has no fast tokenizer: convert it to tokenizer.json")
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "tokenizer.json"
            inner.save(str(path))
            self._tokeniser = Tokeniser(path)
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = loaded.eval().to(self._device)
        config = loaded.config
        self._labels = LabelMap.from_config(config.id2label)
        first = fast.cls_token_id if fast.cls_token_id is not None else fast.bos_token_id
        last = fast.sep_token_id if fast.sep_token_id is not None else fast.eos_token_id
        if first is None or last is None:
            raise StateError("the model's tokenizer names no begin and end tokens")
        self._special = (int(first), int(last))
        kinds = int(getattr(config, "type_vocab_size", 0) or 0)
        self._typed = kinds >= 2
        self._shapes = kinds == 4  # models of ours; no public one has four token types
        self.name = f"torch:{Path(model).name}@{getattr(config, '_commit_hash', None) or 'local'}"
        self.entity_types = frozenset(self._labels.types)

    def find(self, texts: Sequence[str]) -> list[list[NerHit]]:
        """Hits per text; see :class:`~redactor.detection.ner.base.NerBackend`."""
        tokenised = [self._tokeniser.encode(text) for text in texts]
        return windows.find(
            texts, tokenised, self._logits, self._labels, self._special, shapes=self._shapes
        )

    def _logits(self, ids: Any, mask: Any, types: Any) -> Any:
        torch = self._torch
        feed = {
            "input_ids": torch.from_numpy(ids).to(self._device),
            "attention_mask": torch.from_numpy(mask).to(self._device),
        }
        if self._typed:
            feed["token_type_ids"] = torch.from_numpy(types).to(self._device)
        with torch.inference_mode():
            return self._model(**feed).logits.float().cpu().numpy()
