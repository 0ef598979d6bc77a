"""redact: nothing in its place. replace: a label in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed


def redact(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """Remove the text; takes no parameters."""
    return ""


def replace(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """``new_value`` with ``{entity}`` filled in; ``<ENTITY>`` by default."""
    return str(params.get("new_value", "<{entity}>")).format(entity=entity)
