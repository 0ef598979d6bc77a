"""date_shift: every date of a subject moved by the same number of days.

The number is drawn from a key for each subject: between 1 and ``days``, forwards or
backwards, never 0. Intervals between a subject's dates stay what they were; format,
spelling, language and precision of each date, too. A date of a month or a year is moved
from its middle, so intervals between such dates hold roughly. Not a HIPAA Safe Harbor
method: dates there become years (45 CFR 164.514(b)(2)(i)(C)).

The subject is the document, unless ``subject`` names a column or key: then the value that
stands there in the same row or object names whom the dates are about, across documents;
where a row has no such value, the document's own shift holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redactor.masking.dates import parse_date
from redactor.masking.fallback import fallback
from redactor.masking.keyed import Draws, Keyed, canonical, how


def date_shift(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """The date, moved.

    Args:
        text: what was found.
        entity: its type; dates of all types move together.
        params: ``key``, ``days`` (most days in either direction), ``subject`` (name of a
            column or key), ``scope`` (whom the dates are about where no field says:
            ``document``, ``case``, ``vault``), ``ambiguous`` (``mdy``, ``dmy``, ``refuse``),
            ``fallback`` (for what is not read as a date), ``record``.
        keyed: the item's keys, and the subject of this value.

    Raises:
        StateError: the key or the vault cannot be used.
        WithheldError: the text is no date and the policy says ``withhold``.
    """
    manner = how("date_shift", params)
    parsed = parse_date(text, str(params.get("ambiguous", "mdy")))
    if parsed is None:
        return fallback(text, entity, params, "a value is not read as a date")
    if keyed.subject:
        scope, name = "global", f"subject\0{canonical('', keyed.subject)}"
        place = name
    else:
        scope, name = manner.scope, ""
        place = keyed.scope(scope)
    draws = Draws(keyed.digest(manner.key, "date_shift", "DATE", name, scope=scope))
    days = offset(draws, int(params.get("days", 365)))
    try:
        made = parsed.shifted(days)
    except ValueError:
        return fallback(text, entity, params, "a date cannot be moved that far")
    if made == text:  # a year that is still the same
        return fallback(text, entity, params, "a date stays the same when it is moved")
    keyed.note(manner, text, made, operator="date_shift", entity=entity, scope=place)
    return made


def offset(draws: Draws, most: int) -> int:
    """A number of days from -``most`` to ``most``, without 0."""
    number = draws.below(2 * most) - most
    return number if number < 0 else number + 1
