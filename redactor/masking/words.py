"""Word lists of the operators (``data/words.json``), read when first needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data") / "words.json"


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The words of a list, in order."""
    text = str(_read()[name])
    return tuple(text.split(", ") if ", " in text else text.split())


@cache
def word_set(*names: str) -> frozenset[str]:
    """The words of some lists together."""
    return frozenset(word for name in names for word in word_list(name))


@cache
def states() -> Mapping[str, str]:
    """Code -> name of the states of the USA, DC and Puerto Rico."""
    return dict(_read()["states"])


@cache
def _read() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data
