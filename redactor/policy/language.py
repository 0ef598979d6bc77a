"""What happens to a text whose declared language is not the policy's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.errors import UsageError, WithheldError
from redactor.policy.model import Policy

_CODE = re.compile(r"[a-z]{2}\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read. ``message`` says what people must know; empty when all is well.

    ``use_model`` False: rules only, and the outcome is partial.
    """

    use_model: bool = True
    message: str = ""


def reading_of(policy: Policy, declared: str | None) -> Reading:
    """How a text of the declared language (ISO 639-1, None: not said) is read.

    Raises:
        UsageError: not a language code.
        WithheldError: the policy is for another language and says ``withhold``.
    """
    if declared is None or declared == policy.language:
        return Reading()
    if not _CODE.match(declared):
        raise UsageError("--language takes two lower-case letters (ISO 639-1), as en or de")
    said = (
        f"the text is declared to be in {declared}, policy {policy.name} is for {policy.language}"
    )
    if policy.on_unsupported_language == "rules_only":
        return Reading(False, f"{said}: only rules looked at this item")
    if policy.on_unsupported_language == "go_on":
        return Reading(True, f"{said}: read as if it were {policy.language}")
    raise WithheldError(
        f"{said}: withheld; use a policy whose `language` is {declared}, or say what to do in "
        "`on_unsupported_language`"
    )
