"""Parameters of the operators, as people may write them in a policy: one model an operator.

Only imported with :mod:`redactor.policy.schema`. A new operator is a model and a line of
``PARAMS`` here, and a function in :mod:`redactor.masking`.
"""

from __future__ import annotations

import string
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

OperatorName = Literal[
    "redact", "replace", "mask", "hash", "encrypt", "fpe", "pseudonym", "token", "date_shift",
    "generalize", "initials", "keep",
]  # fmt: skip
KeyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class Strict(BaseModel):
    """Base of all that people write: no unknown keys, no silent conversions."""

    # a bool is no number and a number is no text: `values: [007]` must not become "7"
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NoParams(Strict):
    """redact, initials and keep take no parameters."""


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


TokenLabel = Annotated[str, StringConstraints(pattern=r"^(\{entity\}|[A-Z][A-Z0-9_]{0,31})$")]
Fallback = Literal["replace", "redact", "mask", "withhold"]
_FALLBACK: Any = Field(
    default="replace",
    description="What becomes of a value that the operator cannot work on. replace: `<ENTITY>`; "
    "redact: nothing; mask: stars; withhold: the item is withheld.",
)


class EncryptParams(Strict):
    """Parameters of encrypt (AES-256-GCM)."""

    key: KeyName = Field(default="default", description="Name of the key.")


class FpeParams(Strict):
    """Parameters of fpe (FF1, NIST SP 800-38G)."""

    key: KeyName = Field(default="default", description="Name of the key.")
    scope: Literal["global", "document", "case"] = Field(
        default="global",
        description="Where equal values have equal ciphertexts; part of the tweak, as the entity.",
    )
    alphabet: Literal["auto", "digits", "alnum"] = Field(
        default="auto",
        description="auto and alnum: digits and the letters A to Z; digits: digits only, other "
        "values take the fallback.",
    )
    luhn: bool = Field(
        default=False, description="A right check digit (cards, IMEI) stays a right one."
    )
    fallback: Fallback = _FALLBACK
    record: bool = Field(
        default=True,
        description="Note the ciphertext in the vault, so that restore finds it in text.",
    )


class PseudonymParams(Strict):
    """Parameters of pseudonym."""

    key: KeyName = Field(default="default", description="Name of the key.")
    scope: Literal["global", "vault", "case", "document"] = Field(
        default="global",
        description="Where a value has one pseudonym. global: everywhere, nothing is recorded; "
        "vault: everywhere, recorded; case: in the case named by --case; document: in each.",
    )
    record: bool | None = Field(
        default=None,
        description="Keep the value, sealed, in the vault: restore can undo it and no two values "
        "share a pseudonym. Yes for vault and case, no for global and document if missing.",
    )


class TokenParams(Strict):
    """Parameters of token."""

    label: TokenLabel = Field(
        default="{entity}",
        description="Word before the number, as PATIENT; `{entity}` is the entity type.",
    )
    scope: Literal["document", "case", "vault"] = Field(
        default="document",
        description="Where a value has one token. document: numbers begin anew in each.",
    )
    record: bool | None = Field(
        default=None,
        description="Keep the value, sealed, in the vault, which then gives out the numbers. Yes "
        "for vault and case, no for document if missing.",
    )

    @model_validator(mode="after")
    def _numbers_need_a_vault(self) -> TokenParams:
        if self.record is False and self.scope != "document":
            raise ValueError("tokens beyond one document need the vault: remove `record: false`")
        return self


class DateShiftParams(Strict):
    """Parameters of date_shift."""

    key: KeyName = Field(default="default", description="Name of the key.")
    days: int = Field(default=365, ge=1, le=3650, description="Most days in either direction.")
    subject: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None,
        description="Column or key (glob) that names whom the dates are about, in the same row or "
        "object; the document's dates move together if missing.",
    )
    scope: Literal["document", "case", "vault"] = Field(
        default="document", description="What moves together where no field names a subject."
    )
    ambiguous: Literal["mdy", "dmy", "refuse"] = Field(
        default="mdy", description="How 03/04/2021 is read; refuse: it takes the fallback."
    )
    fallback: Fallback = _FALLBACK
    record: bool = Field(
        default=True, description="Keep the date, sealed, in the vault, so that restore works."
    )


class GeneralizeParams(Strict):
    """Parameters of generalize."""

    kind: Literal["auto", "date", "zip", "age", "number", "coordinates", "ip", "place"] = Field(
        default="auto", description="What the value is; auto: by its entity type, else a number."
    )
    date: Literal["year", "month"] = Field(default="year", description="What is left of a date.")
    top_age: int = Field(
        default=90, ge=1, le=150, description="Ages from here on are one (45 CFR 164.514: 90)."
    )
    as_of: int | None = Field(
        default=None,
        ge=1900,
        le=2200,
        description="Year in which ages are counted for birth dates; this year if missing.",
    )
    bucket: int | None = Field(
        default=None, ge=1, description="Width of the buckets for ages, numbers and amounts."
    )
    decimals: int = Field(default=2, ge=0, le=4, description="Decimals left of coordinates.")
    ipv4_prefix: int = Field(default=24, ge=8, le=31, description="Bits left of an IPv4 address.")
    ipv6_prefix: int = Field(default=48, ge=16, le=64, description="Bits left of an IPv6 address.")
    ambiguous: Literal["mdy", "dmy", "refuse"] = Field(
        default="mdy", description="How 03/04/2021 is read; refuse: it takes the fallback."
    )
    fallback: Fallback = _FALLBACK


PARAMS: dict[str, type[Strict]] = {
    "redact": NoParams,
    "replace": ReplaceParams,
    "mask": MaskParams,
    "hash": HashParams,
    "encrypt": EncryptParams,
    "fpe": FpeParams,
    "pseudonym": PseudonymParams,
    "token": TokenParams,
    "date_shift": DateShiftParams,
    "generalize": GeneralizeParams,
    "initials": NoParams,
    "keep": NoParams,
}
assert set(PARAMS) == set(get_args(OperatorName))
