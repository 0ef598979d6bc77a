"""Parts of a policy file that stand on their own: rules, hotwords, review, subject.

Only imported with :mod:`redactor.policy.schema`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import regex
from pydantic import Field, StringConstraints, field_validator, model_validator

from redactor.policy.params import OperatorName, Strict
from redactor.policy.source import MIN_REASON

VerdictName = Literal["redact", "keep", "review"]
EntityName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Reason = Annotated[str, StringConstraints(min_length=MIN_REASON, strip_whitespace=True)]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=0, le=36_500)]


def override_reason() -> Any:
    """The field for why a protected policy is loosened."""
    return Field(
        default=None,
        description="Why this loosens a protected policy; stands in the audit trail. "
        "At least ten characters.",
    )


def usable_expression(expression: str | None) -> str | None:
    """A regular expression that compiles and cannot match nothing."""
    if expression is not None:
        try:
            compiled = regex.compile(expression)
        except regex.error as error:
            # its message says what and where, and never quotes the expression
            raise ValueError(f"not a regular expression: {error}") from None
        if compiled.match("") is not None:
            raise ValueError("this expression matches the empty text: make it match something")
    return expression


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


class HotwordConfig(RuleConfig):
    """Words near a finding that change its score, or what is done with it."""

    name: Text | None = Field(default=None, description="Short name, for people.")
    entities: list[EntityName] = Field(
        default=[], description="Types whose findings it counts for; all if missing."
    )
    words: list[Text] | None = Field(
        default=None, min_length=1, description="Whole words or phrases; case does not matter."
    )
    pattern: Text | None = Field(
        default=None, description="Expression for Python's regex, instead of words."
    )
    before: int = Field(
        default=50, ge=0, le=1000, description="Characters before a finding that are looked at."
    )
    after: int = Field(
        default=0, ge=0, le=1000, description="Characters after a finding that are looked at."
    )
    raise_: Score | None = Field(default=None, alias="raise", description="Add to the score.")
    lower: Score | None = Field(default=None, description="Take from the score.")
    set: Score | None = Field(default=None, description="Take this score instead.")
    reason: str | None = Field(default=None, description="Reason or exemption code for the audit.")
    override_reason: Reason | None = override_reason()

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return usable_expression(value)

    @field_validator("words")
    @classmethod
    def _have_letters(cls, value: list[str] | None) -> list[str] | None:
        if value is not None and not all(regex.search(r"\w", word) for word in value):
            raise ValueError("a hotword needs letters or digits; use `pattern` for other signs")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> HotwordConfig:
        if (self.words is None) == (self.pattern is None):
            raise ValueError("a hotword rule needs either `words` or `pattern`")
        if not self.before and not self.after:
            raise ValueError("a hotword rule needs `before` or `after` above 0")
        changes = sum(part is not None for part in (self.raise_, self.lower, self.set))
        if changes > 1:
            raise ValueError("a hotword rule takes one of `raise`, `lower` and `set`")
        if not changes and self.verdict is None and self.operator is None:
            raise ValueError(
                "a hotword rule needs one of `raise`, `lower`, `set`, `verdict` and `operator`"
            )
        return self


class ReviewConfig(Strict):
    """Findings that a person has to look at although they would be redacted."""

    entities: list[EntityName] = Field(default=[], description="Types meant; all if missing.")
    field: Text | None = Field(
        default=None, description="Glob over the column's or key's name, or the whole path."
    )
    score_from: Score | None = Field(default=None, description="Confidence from here on ...")
    score_below: Score | None = Field(default=None, description="... and below this.")
    margin: Score | None = Field(
        default=None, description="Confidence less than this over the threshold."
    )
    more_than: int | None = Field(
        default=None, ge=0, description="Only where a document holds more of them than this."
    )
    scope: Literal["finding", "document"] = Field(
        default="finding", description="document: one that is meant makes all of it wait."
    )
    reason: str = Field(default="", description="Why, for the person and the audit trail.")

    @model_validator(mode="after")
    def _says_something(self) -> ReviewConfig:
        if self.margin is not None and self.score_below is not None:
            raise ValueError("a review rule takes `margin` or `score_below`, not both")
        if (
            self.score_from is not None
            and self.score_below is not None
            and self.score_from >= self.score_below
        ):
            raise ValueError("`score_from` must lie below `score_below`")
        conditions = (
            self.entities or None, self.field, self.score_from, self.score_below, self.margin,
            self.more_than,
        )  # fmt: skip
        if all(part is None for part in conditions):
            raise ValueError(
                "a review rule needs a condition: entities, field, scores, margin or more_than"
            )
        return self


class SubjectConfig(Strict):
    """The one person whose data stays: an access request."""

    names: list[Text] = Field(
        default=[],
        description="Full names as `Given Family`; usual forms are added, a bare family name not.",
    )
    values: list[Text] = Field(
        default=[], description="The subject's own e-mail, phone, numbers, as they are written."
    )
    file: Text | None = Field(
        default=None, description="File of values, UTF-8, one a line; relative to the policy file."
    )
    reason: str = Field(default="", description="The request's reference, for the audit trail.")
    required: bool = Field(
        default=False, description="true: nothing is done before the subject is named."
    )


class RetentionConfig(Strict):
    """Days after which what is kept may be purged."""

    workspace_days: Days | None = Field(default=None, description="Copies that wait for review.")
    vault_days: Days | None = Field(default=None, description="What reverses pseudonyms.")
    ledger_days: Days | None = Field(default=None, description="The audit trail.")


class AboutConfig(Strict):
    """What a preset tells people about itself."""

    purpose: str = Field(default="", description="What it is for.")
    law: str = Field(default="", description="The law or standard behind it, as cited.")
    stays: str = Field(default="", description="What is left in the text.")
    metadata: str = Field(default="", description="What happens to a document's metadata.")
    review: str = Field(default="", description="What a person has to look at.")
    note: str = Field(default="", description="What it does not promise.")
