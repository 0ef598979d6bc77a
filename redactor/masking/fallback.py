"""What an operator does with a value that it cannot work on; the policy says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.errors import WithheldError


def fallback(text: str, entity: str, params: Mapping[str, Any], why: str) -> str:
    """By rule ``replace`` its type, ``redact`` nothing, ``mask`` stars, ``withhold`` an error.

    Raises:
        WithheldError: the policy wants the item withheld; ``why`` says what could not be done.
    """
    rule = str(params.get("fallback", "replace"))
    if rule == "withhold":
        raise WithheldError(
            f"{why} (type {entity}): withheld, as the policy's `fallback` says; use another "
            "operator for such values, or fallback: replace"
        )
    if rule == "redact":
        return ""
    if rule == "mask":
        return "".join("*" if char.isalnum() or not char.isascii() else char for char in text)
    return f"<{entity}>"
