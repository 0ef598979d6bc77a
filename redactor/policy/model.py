"""The policy as the engine uses it: plain frozen values, no pydantic (170 ms to import).

``redactor.policy.schema`` validates YAML and makes these; a cache keeps them as JSON.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from redactor.values import Verdict

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EntityRule:
    """What to do with one entity type.

    ``threshold`` lowest score (0-1) that counts as a finding; ``priority`` decides the
    type of a region of overlapping findings (higher wins); ``params`` go to the operator.
    """

    verdict: Verdict = Verdict.REDACT
    operator: str = "replace"
    params: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    threshold: float = 0.35
    priority: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A whole column or key treated as one entity, or skipped.

    ``name`` is a glob over the column name or last key, ``path`` a glob over the whole
    JSON path (``user.emails[]``); case-insensitive; one of the two is set. ``entity`` the type that
    the whole value is; None with verdict ``keep`` means: do not scan this field.
    ``rule`` overrides the entity's rule where given.
    """

    entity: str | None
    name: str | None = None
    path: str | None = None
    rule: EntityRule | None = None
    id: str = ""

    def matches(self, field_name: str) -> bool:
        """True when the rule speaks of this field (``Unit.field``)."""
        whole = field_name.casefold()
        if self.path is not None:
            # fnmatch reads [] as a character class: escape the list mark on both sides
            return fnmatch.fnmatchcase(
                whole.replace("[]", "()"), self.path.casefold().replace("[]", "()")
            )
        last = whole.rsplit(".", 1)[-1].removesuffix("[]")
        name = (self.name or "").casefold()
        return fnmatch.fnmatchcase(last, name) or fnmatch.fnmatchcase(whole, name)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One allow or deny entry: exact values or a regular expression.

    Exact values match whole words, case-sensitively unless ``ignore_case``. ``expires``
    is an ISO date (UTC, last day that counts) or "". ``entity``: for deny the type given
    to hits; for allow the type it is limited to, or None for all.
    """

    id: str
    values: tuple[str, ...] = field(default=(), repr=False)
    pattern: str | None = field(default=None, repr=False)
    entity: str | None = None
    ignore_case: bool = False
    reason: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class NerOptions:
    """``use``: auto (model on everything but by-line logs), always, never.

    ``on_failure``: ``withhold`` or ``partial`` (go on with rules only, outcome partial).
    ``model``: ``embedded``, a folder, or a Hugging Face id; ``backend``: onnx, torch, spacy.
    """

    use: str = "auto"
    backend: str = "onnx"
    model: str = "embedded"
    on_failure: str = "withhold"


@dataclass(frozen=True)
class Policy:
    """A validated policy. ``hash`` names it in the audit trail (SHA-256 hex of its content).

    ``entities`` lists what is looked for, and nothing else is. ``default`` speaks for types
    that only a field rule, a deny entry or a person names.
    ``phone_needs_context``: a bare phone number needs a context word or a leading ``+``.
    ``plausible``: findings whose surroundings say that they are something else do not count
    (versions for IP addresses, attributes of programs for URLs); without it the results of
    Presidio's recognizers are exactly Presidio's.
    """

    name: str
    hash: str
    language: str = "en"
    description: str = ""
    entities: Mapping[str, EntityRule] = field(default_factory=dict)
    default: EntityRule = EntityRule()
    fields: tuple[FieldRule, ...] = ()
    allow: tuple[ListEntry, ...] = ()
    deny: tuple[ListEntry, ...] = ()
    ner: NerOptions = NerOptions()
    recognizers: tuple[str, ...] = ()  # extra recognizer files or folders, absolute paths
    propagate: bool = True
    phone_needs_context: bool = False
    plausible: bool = False
    leak_min_length: int = 6  # values shorter than this get the position check only
    requires_person: bool = False  # refuses --apply-proposed

    @cached_property
    def thresholds(self) -> Mapping[str, float]:
        """Lowest score per entity type looked for."""
        return {name: rule.threshold for name, rule in self.entities.items()}

    def field_rule(self, field_name: str | None) -> FieldRule | None:
        """The first field rule that matches, or None."""
        if field_name is None or not self.fields:
            return None
        return self._find_field_rule(field_name)

    @cached_property
    def _find_field_rule(self) -> Callable[[str], FieldRule | None]:
        # bounded: in some JSON every key is different
        @lru_cache(maxsize=4096)
        def find(field_name: str) -> FieldRule | None:
            return next((rule for rule in self.fields if rule.matches(field_name)), None)

        return find

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What rooms compile out of this policy and want to keep beside it."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what was validated, not what was derived from it."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


SAFE_ID = re.compile(r"[A-Za-z0-9_.\[\]-]{1,128}\Z")
