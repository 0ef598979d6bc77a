"""A policy with other model options, as the command line and the API allow."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from redactor.errors import UsageError
from redactor.policy.model import NerOptions, Policy


def with_ner(
    policy: Policy,
    *,
    use: str | None = None,
    model: str | None = None,
    backend: str | None = None,
) -> Policy:
    """The policy with other model options; its hash then names both.

    Raises:
        UsageError: an option has no such value.
    """
    changed: dict[str, Any] = {
        key: value
        for key, value in (("use", use), ("model", model), ("backend", backend))
        if value is not None
    }
    if not changed:
        return policy
    if use not in (None, "auto", "always", "never"):
        raise UsageError(f"ner must be auto, always or never, not {use}")
    if backend not in (None, "onnx", "torch", "spacy"):
        raise UsageError(f"backend must be onnx, torch or spacy, not {backend}")
    ner: NerOptions = replace(policy.ner, **changed)
    mark = sha256(f"{policy.hash}:{sorted(changed.items())}".encode()).hexdigest()
    return replace(policy, ner=ner, hash=mark)
