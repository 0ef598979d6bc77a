"""Which entity types are numbers and documents of which country.

The compile step writes the list out of the recognizers; ISO 3166-1 alpha-2 in small letters.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from redactor.errors import StateError

_FILE = Path(__file__).parents[2] / "recognizers" / "compiled" / "countries.json"
_ALSO = {"uk": "gb"}  # as entity types begin


def entities_of(country: str) -> list[str] | None:
    """The types of a country, sorted; None for a country of which there are none.

    Raises:
        StateError: the list is missing or damaged.
    """
    return _table().get(_ALSO.get(country, country))


def known() -> list[str]:
    """The countries, sorted."""
    return sorted(_table())


@cache
def _table() -> dict[str, list[str]]:
    try:
        table: dict[str, list[str]] = json.loads(_FILE.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise StateError(
            f"the list of countries cannot be read ({type(error).__name__}): reinstall redactor"
        ) from None
    return table
