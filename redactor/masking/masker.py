"""The table of operators, and :class:`Masker`, which applies what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from redactor.keys import get_key
from redactor.masking.hashing import hash_value
from redactor.masking.keyed import Keyed, KeySource
from redactor.masking.mask import mask
from redactor.masking.pseudonym import pseudonym
from redactor.masking.replace import redact, replace
from redactor.policy.model import Policy
from redactor.values import Decision

Operator = Callable[[str, str, Mapping[str, Any], Keyed], str]

OPERATORS: dict[str, Operator] = {
    "redact": redact,
    "replace": replace,
    "mask": mask,
    "hash": hash_value,
    "pseudonym": pseudonym,
}  # keep is not here: a kept finding has no replacement

_REMEMBERED = 65536  # replacements; logs repeat their values


class Masker:
    """Replacement texts of one item.

    ``scope`` names the item for pseudonyms that hold inside one document only; use equal
    scopes for equal input, so that equal runs give equal bytes.
    """

    def __init__(
        self, policy: Policy, scope: str = "global", key_source: KeySource = get_key
    ) -> None:
        self.policy = policy
        self._keyed = Keyed(key_source, scope)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._make)

    def replacement(self, decision: Decision) -> str:
        """The text that takes the finding's place.

        Raises:
            StateError: a key cannot be had.
            ValueError: the decision is to keep the text.
        """
        finding = decision.finding
        params = tuple(sorted(decision.params.items()))
        return self._remembered(decision.operator, finding.entity_type, finding.text, params)

    def _make(
        self, operator: str, entity: str, text: str, params: tuple[tuple[str, Any], ...]
    ) -> str:
        if operator not in OPERATORS:
            raise ValueError(f"operator {operator} has no replacement")
        return OPERATORS[operator](text, entity, dict(params), self._keyed)

    @property
    def key_ids(self) -> Mapping[str, str]:
        """Key name -> key id of the keys used so far."""
        return self._keyed.used
