"""Parameters of the operators, as people may write them in a policy: one model an operator.

Only imported with :mod:`redactor.policy.schema`. A new operator is a model and a line of
``PARAMS`` here, and a function in :mod:`redactor.masking`.
"""

from __future__ import annotations

import string
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

OperatorName = Literal["redact", "replace", "mask", "hash", "pseudonym", "keep"]
KeyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class Strict(BaseModel):
    """Base of all that people write: no unknown keys, no silent conversions."""

    # a bool is no number and a number is no text: `values: [007]` must not become "7"
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NoParams(Strict):
    """redact and keep take no parameters."""


class ReplaceParams(Strict):
    """Parameters of replace."""

    new_value: str = Field(
        default="<{entity}>",
        description="Replacement; `{entity}` stands for the entity type, `{reason}` for the rule's "
        "reason code, `{length}` for the number of characters removed.",
    )

    @field_validator("new_value")
    @classmethod
    def _known_placeholders(cls, value: str) -> str:
        try:
            parts = list(string.Formatter().parse(value))
        except ValueError:
            raise ValueError("write a brace that is meant as text twice: {{ or }}") from None
        for _, name, spec, conversion in parts:
            known = name is None or name in ("entity", "reason", "length")
            if not known or spec or conversion:
                raise ValueError("the placeholders are {entity}, {reason} and {length}")
        return value


class MaskParams(Strict):
    """Parameters of mask."""

    char: str = Field(
        default="*", min_length=1, max_length=1, description="Put for each character."
    )
    keep_first: int = Field(default=0, ge=0, le=8, description="Characters left at the start.")
    keep_last: int = Field(default=0, ge=0, le=8, description="Characters left at the end.")
    keep_separators: bool = Field(
        default=True,
        description="Leave spaces and punctuation, mask letters and digits.",
    )


class HashParams(Strict):
    """Parameters of hash (HMAC-SHA-256 under a named key)."""

    key: KeyName = Field(default="default", description="Name of the key.")
    length: int = Field(default=16, ge=8, le=64, description="Hex digits of the result.")


class PseudonymParams(Strict):
    """Parameters of pseudonym."""

    key: KeyName = Field(default="default", description="Name of the key.")
    scope: Literal["global", "document"] = Field(
        default="global",
        description="global: a value has one pseudonym everywhere; document: one in each document.",
    )


PARAMS: dict[str, type[Strict]] = {
    "redact": NoParams,
    "replace": ReplaceParams,
    "mask": MaskParams,
    "hash": HashParams,
    "pseudonym": PseudonymParams,
    "keep": NoParams,
}
assert set(PARAMS) == set(get_args(OperatorName))
