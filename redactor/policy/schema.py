"""What people may write in a policy file: one pydantic model, also the JSON Schema.

Only imported when a policy is not in the cache (pydantic costs about 170 ms). Files are
merged before they are validated (:mod:`redactor.policy.source`); the engine uses the plain
values of :mod:`redactor.policy.model` that :mod:`redactor.policy.build` makes of this.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from redactor.policy.params import PARAMS, Strict
from redactor.policy.parts import (
    AboutConfig,
    EntityName,
    HotwordConfig,
    Reason,
    RetentionConfig,
    ReviewConfig,
    RuleConfig,
    Score,
    SubjectConfig,
    Text,
    override_reason,
    usable_expression,
)

Section = Literal[
    "entities", "fields", "allow", "deny", "records", "recognizers", "languages", "countries",
    "hotwords", "review",
]  # fmt: skip
# parts that a protected policy lets nobody loosen in silence; entities, fields, hotwords and
# allow entries also take the reason themselves
Loosened = Literal[
    "entities", "fields", "allow", "deny", "hotwords", "review", "defaults", "ner", "propagate",
    "phone_needs_context", "leak_min_length", "requires_person", "two_person", "retention",
    "verification", "fingerprints", "metadata", "codes", "attest", "on_unsupported_language",
]  # fmt: skip


def _two_letters(value: str) -> str:
    if not re.fullmatch("[a-z]{2}", value):
        raise ValueError("a language or country is written as two small letters, as de")
    return value


Code = Annotated[str, AfterValidator(_two_letters)]  # ISO 639-1 or 3166-1


class DefaultsConfig(RuleConfig):
    """What holds for every entity that does not say otherwise."""

    threshold: Score | None = Field(default=None, description="Lowest score that counts.")
    reason: str | None = Field(default=None, description="Reason or exemption code for the audit.")
    override_reason: Reason | None = override_reason()


class EntityConfig(DefaultsConfig):
    """What holds for one entity type. The name of an operator alone is short for it."""

    priority: int | None = Field(
        default=None, description="Of findings that overlap, the higher priority names the region."
    )
    law: str | None = Field(default=None, description="The rule of law behind it, as cited.")
    optional: bool | None = Field(
        default=None, description="true: no error where nothing installed finds this type."
    )
    enabled: bool | None = Field(
        default=None, description="false: not looked for, as `off`, with room for a reason."
    )


class FieldConfig(RuleConfig):
    """A CSV column or JSON key whose whole value is one entity, or is not scanned."""

    name: Text | None = Field(
        default=None, description="Glob over the column name or the last key; case does not matter."
    )
    path: Text | None = Field(
        default=None,
        description="Glob over the path, as `user.emails[]`, `orders[].*.name` or `**.email`.",
    )
    entity: EntityName | None = Field(default=None, description="What the whole value is.")
    reason: str | None = Field(default=None, description="Reason or exemption code for the audit.")
    override_reason: Reason | None = override_reason()

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
    fuzzy: Literal[0, 1] = Field(
        default=0,
        description="deny: 1 finds values of 5 characters and more with one typing mistake, too.",
    )
    reason: str = Field(default="", description="Why, for the audit trail.")
    expires: Annotated[date, Field(strict=False), BeforeValidator(_only_dates)] | None = Field(
        default=None, description="Last day (UTC) on which the entry counts, as 2026-12-31."
    )
    override_reason: Reason | None = override_reason()

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return usable_expression(value)

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
        if self.fuzzy and self.pattern is not None:
            raise ValueError("`fuzzy` is for `values` and `file`, not for a `pattern`")
        return self


class RecordsConfig(Strict):
    """Own records, hashed under a key by ``redactor records build``."""

    file: Text = Field(description="What `redactor records build` wrote; relative to this file.")
    columns: dict[Text, EntityName] = Field(
        min_length=1,
        description="Column -> entity type. Columns of the file that are not named here are "
        "not looked for, but support others.",
    )
    within: int = Field(
        default=200,
        ge=0,
        le=5000,
        description="Characters between values of two columns of one record that support each "
        "other: the score rises, and values too common to count alone count.",
    )
    at_least: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Columns of one record that must stand together before anything counts.",
    )

    @model_validator(mode="after")
    def _enough(self) -> RecordsConfig:
        if self.at_least > 1 and self.within == 0:
            raise ValueError("`at_least` needs `within`: how far apart the columns may stand")
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
    override_reason: Reason | None = override_reason()


class CsvConfig(Strict):
    """How CSV and TSV are written."""

    escape_formulas: bool = Field(
        default=False,
        description="Put ' before every cell that a spreadsheet would run as a formula, also "
        "before those that were in the file. What redactor itself writes is never one.",
    )


class PdfConfig(Strict):
    """How PDF documents are written."""

    keep_metadata: bool = Field(
        default=False,
        description="Keep title, subject, keywords and programs (scanned like text), and the "
        "authors and dates of annotations. XMP always goes.",
    )
    keep_encryption: bool = Field(
        default=False,
        description="Encrypt the copy with the password that opened the source (AES-256; such "
        "copies are never byte-equal). Otherwise it is not encrypted.",
    )
    clean_under_boxes: bool = Field(
        default=True, description="Remove text that an opaque box hides already."
    )
    uniform_boxes: bool = Field(
        default=False,
        description="Round the width of boxes up, so that it does not tell the word; characters "
        "that a wider box covers are removed as well.",
    )
    box_color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        default="#000000", description="Colour of the boxes, as #rrggbb."
    )
    label: bool = Field(
        default=True, description="Print the replacement inside the box where it fits."
    )
    raster: Literal["auto", "never", "always"] = Field(
        default="auto",
        description="auto: a page that cannot be proven clean becomes a picture. never: such a "
        "document is withheld. always: every page with a redaction becomes a picture.",
    )
    unreadable: Literal["withhold", "keep"] = Field(
        default="withhold",
        description="What happens to a document with text that only a person can see (scans, "
        "fonts without a map) where no text recognition is installed.",
    )


class OfficeConfig(Strict):
    """Word, Excel, PowerPoint and OpenDocument files: what is not text in them."""

    metadata: Literal["clean", "keep"] = Field(
        default="clean",
        description="clean: also drop authors that no entity names, dates of changes, revision "
        "marks, thumbnails, printer settings and signatures. keep: only redact what is found.",
    )
    changes: Literal["redact", "accept", "reject"] = Field(
        default="redact",
        description="Tracked changes. redact: keep them and redact inside. accept or reject: "
        "settle them all first, so that nothing of the other version is left.",
    )
    macros: Literal["drop", "keep"] = Field(
        default="drop", description="keep: macros stay and are not looked into."
    )
    objects: Literal["withhold", "drop"] = Field(
        default="withhold",
        description="Embedded objects that cannot be looked into (OLE, data models, ActiveX). "
        "drop: they are emptied.",
    )
    images: Literal["withhold", "blank", "flag", "keep"] = Field(
        default="withhold",
        description="Pictures, sound and film that nothing looks at. blank: pictures become "
        "empty ones. flag: they stay and the outcome is partial. keep: they stay.",
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
    languages: list[Code] = Field(
        default=[],
        description="Further languages of the texts: context words in these count as well.",
    )
    countries: list[Code] = Field(
        default=[],
        description="Countries (ISO 3166-1: de, fr) all of whose types are looked for as the "
        "defaults say, beside those named under `entities`. A type that is named needs no country.",
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
    records: list[RecordsConfig] = Field(
        default=[], description="Own records whose values are looked for (exact-data match)."
    )
    ner: NerConfig = Field(
        default=NerConfig(), description="The model that finds names and places."
    )
    pdf: PdfConfig = Field(default=PdfConfig(), description="How PDF documents are written.")
    office: OfficeConfig = Field(
        default=OfficeConfig(), description="What is not text in Office documents."
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
    field_names: Literal["auto", "context", "off"] = Field(
        default="auto",
        description="Names of columns and keys as evidence. auto: a value that has the shape its "
        "field's name promises is the entity. context: only like context words. off: not at all.",
    )
    csv: CsvConfig = Field(default=CsvConfig(), description="How CSV and TSV are written.")
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
    about: AboutConfig = Field(
        default=AboutConfig(), description="What this file tells people about itself."
    )
    laws: list[Text] = Field(
        default=[],
        description="Laws that this policy and all that build on it are checked by.",
    )
    protected: bool = Field(
        default=False,
        description="Policies that build on this one loosen it only with an override_reason.",
    )
    override_reason: dict[Loosened, Reason] = Field(
        default={}, description="Why a whole part of a protected policy is loosened."
    )
    hotwords: list[HotwordConfig] = Field(
        default=[], description="Words near a finding; the first rule that hits speaks."
    )
    review: list[ReviewConfig] = Field(
        default=[], description="What a person has to look at before anything is released."
    )
    subject: SubjectConfig = Field(
        default=SubjectConfig(), description="The one person whose data stays."
    )
    on_unsupported_language: Literal["withhold", "rules_only", "go_on"] = Field(
        default="withhold",
        description="When the text's declared language is not `language`. rules_only: without "
        "the model, outcome partial. go_on: as if it were.",
    )
    two_person: bool = Field(
        default=False, description="A second person must approve before anything is released."
    )
    retention: RetentionConfig = Field(
        default=RetentionConfig(), description="Days after which what is kept may be purged."
    )
    verification: Literal["standard", "strict"] = Field(
        default="standard",
        description="strict: a redacted value may stand nowhere in the output, not even where "
        "it is kept on purpose.",
    )
    fingerprints: bool = Field(
        default=True,
        description="Keyed fingerprints of found values in the audit trail; false: counts only.",
    )
    metadata: Literal["remove", "keep"] = Field(
        default="remove", description="A document's metadata."
    )
    codes: dict[Text, Text] = Field(
        default={}, description="Reason codes that may be used, with their meaning; empty: any."
    )
    attest: list[Text] = Field(
        default=[], description="Sentences that a person has to confirm about the output."
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy file, for editors."""
    schema = PolicyFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    definitions = schema["$defs"]
    for model in PARAMS.values():
        definitions[model.__name__] = model.model_json_schema()
    for name in ("DefaultsConfig", "EntityConfig", "FieldConfig", "HotwordConfig"):
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
