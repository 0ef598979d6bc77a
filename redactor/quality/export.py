"""Hugging Face directory -> the form that ships: int8 ONNX, tokenizer, config, manifest."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redactor.errors import StateError

FILES = ("model.onnx", "tokenizer.json", "config.json")


def export(source: Path, out: Path, facts: Mapping[str, Any]) -> None:
    """Write ``model.onnx`` (dynamic int8), ``tokenizer.json``, ``config.json``, ``manifest.json``.

    Args:
        source: directory of a ``BertForTokenClassification`` with ``tokenizer.json``.
        out: folder to write; existing files of these names are replaced.
        facts: what the manifest says beside hashes (name, version, licence, training).

    Raises:
        StateError: the directory is not such a model, or ``[train]`` is not installed.
    """
    if not (source / "tokenizer.json").exists() or not (source / "config.json").exists():
        raise StateError("export needs a Hugging Face directory with config and tokenizer.json")
    try:
        import onnx
        import torch
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from transformers import BertForTokenClassification
    except ImportError:
        raise StateError("export needs more packages: pip install 'redactor[train]'") from None
    model = BertForTokenClassification.from_pretrained(str(source))
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecation notes of the exporter, not of ours
        whole = Path(scratch) / "whole.onnx"
        sample = torch.ones(2, 8, dtype=torch.long)
        axes = {0: "batch", 1: "tokens"}
        torch.onnx.export(
            _Logits(model, torch).module,
            (sample, sample, torch.zeros_like(sample)),
            str(whole),
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["logits"],
            dynamic_axes=dict.fromkeys(
                ("input_ids", "attention_mask", "token_type_ids", "logits"), axes
            ),
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    onnx.checker.check_model(str(out / "model.onnx"))
    (out / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    config = json.loads((source / "config.json").read_text())
    slim = {
        key: config[key]
        for key in (
            "architectures", "model_type", "hidden_size", "num_hidden_layers",
            "num_attention_heads", "intermediate_size", "hidden_act", "layer_norm_eps",
            "max_position_embeddings", "type_vocab_size", "vocab_size", "pad_token_id",
            "id2label", "label2id",
        )
        if key in config
    }  # fmt: skip
    (out / "config.json").write_text(json.dumps(slim, indent=1) + "\n")
    manifest = {
        **facts,
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


class _Logits:
    """The model as a module of positional inputs that returns the logits only."""

    def __init__(self, model: Any, torch: Any) -> None:
        class Module(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.inner = model

            def forward(self, ids: Any, mask: Any, types: Any) -> Any:
                return self.inner(input_ids=ids, attention_mask=mask, token_type_ids=types).logits

        self.module = Module()
