"""token: a numbered label, ``[PERSON_1]``, the same for the same value, derived from nothing.

Numbers are drawn in the order in which values come, so nothing about a value can be told
from its token (45 CFR 164.514(c) asks for that). Without a record (scope ``document``) they
begin anew in every document and link nothing beyond it; recorded, the vault draws them,
once, and a number is never given twice in a vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.masking.keyed import Keyed, canonical, how


def token(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """A numbered label.

    Args:
        text: what was found.
        entity: its type.
        params: ``label`` (``{entity}`` stands for the type), ``scope`` (``document``,
            ``case``, ``vault``), ``record``.
        keyed: the item's memory.

    Raises:
        StateError: the vault cannot be used.
        UsageError: scope ``case`` without a case.
        WithheldError: too many values for a document without a vault.
    """
    manner = how("token", params)
    label = str(params.get("label", "{entity}")).format(entity=entity)
    value = canonical(entity, text)
    made = keyed.numbered(
        manner, f"token/{label}/{entity}", value,
        lambda attempt: f"[{label}_{keyed.number(manner, label)}]",
    )  # fmt: skip
    keyed.note(manner, text, made, operator="token", entity=entity, core=made)
    return made
