"""ONNX Runtime backend: the default on CPUs, light and quick to load."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redactor.detection.ner import windows
from redactor.detection.ner.base import NerHit
from redactor.detection.ner.labels import LabelMap
from redactor.detection.ner.tokens import Tokeniser
from redactor.errors import StateError


class OnnxBackend:
    """A folder with ``model.onnx``, ``tokenizer.json``, ``config.json``, ``manifest.json``.

    Raises:
        StateError: a file is missing, differs from the manifest's SHA-256, or is no model.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        manifest = _read_manifest(folder)
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._labels = LabelMap.from_config(config["id2label"])
        self._shapes = config.get("type_vocab_size", 2) >= 4
        self._tokeniser = Tokeniser(folder / "tokenizer.json")
        self._special = (self._tokeniser.special("[CLS]"), self._tokeniser.special("[SEP]"))
        digest = manifest["files"]["model.onnx"][:12]
        self.name = f"onnx:{manifest.get('name', folder.name)}@{digest}"
        self.entity_types = frozenset(self._labels.types)
        self._session = _session(folder / "model.onnx", threads)
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def find(self, texts: Sequence[str]) -> list[list[NerHit]]:
        """Hits per text; see :class:`~redactor.detection.ner.base.NerBackend`."""
        tokenised = [self._tokeniser.encode(text) for text in texts]
        # one window at a time: int8 activations are scaled by batch, so in company a text's
        # scores would depend on its neighbours, and outputs on how work was cut up
        return windows.find(
            texts, tokenised, self._logits, self._labels, self._special,
            shapes=self._shapes, batch=1,
        )  # fmt: skip

    def _logits(self, ids: Any, mask: Any, types: Any) -> Any:
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        feed = {name: value for name, value in given.items() if name in self._inputs}
        return self._session.run(None, feed)[0]


def _read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, with every file checked against it."""
    path = folder / "manifest.json"
    if not path.exists():
        raise StateError(
            f"there is no model in {folder.name}: name a folder made by `redactor model export`"
        )
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        files: dict[str, str] = manifest["files"]
    except (ValueError, KeyError, UnicodeDecodeError):
        raise StateError("the model's manifest.json is damaged: export the model again") from None
    for name in ("model.onnx", "tokenizer.json", "config.json"):
        file = folder / name
        if not file.exists() or name not in files:
            raise StateError(f"the model's {name} is missing: reinstall or export it again")
        if hashlib.sha256(file.read_bytes()).hexdigest() != files[name]:
            raise StateError(
                f"the model's {name} is not the one in its manifest (SHA-256 differs): "
                "reinstall redactor, or export the model again"
            )
    return manifest


def _session(path: Path, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise StateError("the model needs onnxruntime: pip install onnxruntime") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # the default pool spins while it waits and ruins shared cores
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    # onnxruntime's own exceptions share no public base class
    except Exception as error:
        raise StateError(
            f"the model cannot be loaded ({type(error).__name__}): export it again"
        ) from None
