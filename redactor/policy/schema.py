"""What people may write in a policy file: one pydantic model, also the JSON Schema.

Only imported when a policy is not in the cache (pydantic costs about 170 ms). Files are
merged before they are validated (:mod:`redactor.policy.source`); the engine uses the plain
values of :mod:`redactor.policy.model` that :mod:`redactor.policy.build` makes of this.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import regex
from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from redactor.policy.params import PARAMS, OperatorName, Strict

VerdictName = Literal["redact", "keep", "review"]
Section = Literal["entities", "fields", "allow", "deny", "recognizers"]

EntityName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class RuleConfig(Strict):
    """What to do with a value."""

    operator: OperatorName | None = Field(default=None, description="How a value is replaced.")
    params: dict[str, Any] | None = Field(default=None, description="Parameters of the operator.")
    verdict: VerdictName | None = Field(
        default=None,
        description="redact: at once. keep: leave it. review: a person decides; until then "
        "nothing is released.",
    )

    @model_validator(mode="after")
    def _review_changes_something(self) -> RuleConfig:
        if self.verdict == "review" and self.operator == "keep":
            raise ValueError("a value that waits for review needs an operator that changes it")
        return self


class DefaultsConfig(RuleConfig):
    """What holds for every entity that does not say otherwise."""

    threshold: float | None = Field(
        default=None, ge=0, le=1, description="Lowest score that counts."
    )


class EntityConfig(DefaultsConfig):
    """What holds for one entity type. The name of an operator alone is short for it."""

    priority: int | None = Field(
        default=None, description="Of findings that overlap, the higher priority names the region."
    )
    reason: str | None = Field(default=None, description="Reason or exemption code for the audit.")


class FieldConfig(RuleConfig):
    """A CSV column or JSON key whose whole value is one entity, or is not scanned."""

    name: Text | None = Field(
        default=None, description="Glob over the column name or the last key; case does not matter."
    )
    path: Text | None = Field(default=None, description="Glob over the path, as `user.emails[]`.")
    entity: EntityName | None = Field(default=None, description="What the whole value is.")
    reason: str | None = Field(default=None, description="Reason or exemption code for the audit.")

    @model_validator(mode="after")
    def _says_something(self) -> FieldConfig:
        if (self.name is None) == (self.path is None):
            raise ValueError("a field rule needs either `name` or `path`")
        kept = self.verdict == "keep" or self.operator == "keep"
        if self.entity is None and not kept:
            raise ValueError("a field rule needs an `entity`, or `verdict: keep` to skip the field")
        return self


def _only_dates(value: object) -> object:
    # pydantic would take a number for seconds since 1970
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise ValueError("write a date as 2026-12-31")
    return value


class ListConfig(Strict):
    """Values, a regular expression or a file of values (UTF-8, one a line)."""

    values: list[Text] | None = Field(
        default=None, min_length=1, description="Exact values; they match whole words."
    )
    pattern: Text | None = Field(default=None, description="Expression for Python's regex.")
    file: Text | None = Field(
        default=None, description="File of values, UTF-8, one a line; relative to the policy file."
    )
    entity: EntityName | None = Field(
        default=None,
        description="deny: a hit's type. allow: the only type allowed; all if missing.",
    )
    ignore_case: bool = Field(default=False, description="Upper and lower case are the same.")
    reason: str = Field(default="", description="Why, for the audit trail.")
    expires: Annotated[date, Field(strict=False), BeforeValidator(_only_dates)] | None = Field(
        default=None, description="Last day (UTC) on which the entry counts, as 2026-12-31."
    )

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                compiled = regex.compile(value)
            except regex.error as error:
                # its message says what and where, and never quotes the expression
                raise ValueError(f"not a regular expression: {error}") from None
            if compiled.match("") is not None:
                raise ValueError("this expression matches the empty text: make it match something")
        return value

    @field_validator("values")
    @classmethod
    def _not_blank(cls, value: list[str] | None) -> list[str] | None:
        if value is not None and not all(item.strip() for item in value):
            raise ValueError("a blank value matches nothing: remove it")
        return value

    @model_validator(mode="after")
    def _one_source(self) -> ListConfig:
        if sum(part is not None for part in (self.values, self.pattern, self.file)) != 1:
            raise ValueError("an entry needs exactly one of `values`, `pattern` and `file`")
        return self


class NerConfig(Strict):
    """The model that finds names and places."""

    use: Literal["auto", "always", "never"] = Field(
        default="auto", description="auto: on everything but logs."
    )
    backend: Literal["onnx", "torch", "spacy"] = Field(
        default="onnx", description="What runs the model."
    )
    model: Text = Field(
        default="embedded",
        description="embedded, a folder (./ is the policy file's), or a Hugging Face id.",
    )
    on_failure: Literal["withhold", "partial"] = Field(
        default="withhold",
        description="When the model is missing or broken. partial: go on with rules only and say "
        "so; names may then leak.",
    )


class PolicyFile(Strict):
    """A policy of redactor: what is looked for, and what is done with it."""

    version: Literal[1] = Field(default=1, description="Version of this schema.")
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")] | None = Field(
        default=None, description="Short name; the file's name if missing."
    )
    description: str = Field(default="", description="One line for people.")
    extends: Text | list[Text] = Field(
        default=[],
        description="Policies this one builds on: preset names or paths relative to this file. "
        "Later ones win over earlier ones, this file wins over all.",
    )
    replace: list[Section] = Field(
        default=[],
        description="Sections that start empty here, not with those extended.",
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = Field(
        default="en", description="Language of the texts (ISO 639-1)."
    )
    defaults: DefaultsConfig = Field(
        default=DefaultsConfig(), description="What holds where an entity does not say otherwise."
    )
    entities: dict[EntityName, EntityConfig] = Field(
        default={},
        description="What is looked for, and nothing else; off: not looked for.",
    )
    fields: list[FieldConfig] = Field(
        default=[], description="Rules for columns and JSON keys; the first that matches counts."
    )
    allow: list[ListConfig] = Field(default=[], description="Values that are not personal data.")
    deny: list[ListConfig] = Field(default=[], description="Values that are always redacted.")
    ner: NerConfig = Field(
        default=NerConfig(), description="The model that finds names and places."
    )
    recognizers: list[Text] = Field(
        default=[], description="Files or folders of further recognizers, relative to this file."
    )
    propagate: bool = Field(
        default=True, description="Look for a value found once in the rest of the document, too."
    )
    phone_needs_context: bool = Field(
        default=False, description="A bare phone number needs a context word or a leading +."
    )
    plausible: bool = Field(
        default=True,
        description="Drop findings whose surroundings say that they are something else: a "
        "version for an IP address, obj.name for a URL. False gives exactly Presidio's results.",
    )
    leak_min_length: int = Field(
        default=6,
        ge=4,
        le=32,
        description="Shorter values (in characters) are not searched for in the rest of the "
        "document and in the output.",
    )
    requires_person: bool = Field(
        default=False, description="Findings under review cannot be applied without a person."
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy file, for editors."""
    schema = PolicyFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    definitions = schema["$defs"]
    for model in PARAMS.values():
        definitions[model.__name__] = model.model_json_schema()
    for name in ("DefaultsConfig", "EntityConfig", "FieldConfig"):
        definitions[name]["allOf"] = [
            {
                "if": {"properties": {"operator": {"const": operator}}, "required": ["operator"]},
                "then": {"properties": {"params": {"$ref": f"#/$defs/{model.__name__}"}}},
            }
            for operator, model in PARAMS.items()
        ]
    schema["properties"]["entities"]["additionalProperties"] = {
        "anyOf": [
            {"$ref": "#/$defs/EntityConfig"},
            {"enum": [*PARAMS, "off", False]},
        ]
    }
    return schema
