"""hash: HMAC-SHA-256 of the value under a named key, so that equal values stay equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed


def hash_value(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """``length`` hex digits under the key named ``key``.

    Without the key nobody can try values out (a plain hash of a phone number or an SSN is
    undone in seconds); whoever holds it can.
    """
    key, length = str(params.get("key", "default")), int(params.get("length", 16))
    return keyed.digest(key, "hash", entity, text).hex()[:length]
