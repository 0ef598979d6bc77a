"""JSON read back by the standard library's parser; JSON inside of texts opened again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any


class _Object(list[tuple[str, Any]]):
    """The members of a JSON object in order, duplicates included."""


def strings(text: str) -> Iterator[str]:
    """Keys, strings and numbers (as they are spelt) of a document, in order."""
    return _walk(load(text))


def load(text: str) -> Any:
    """The document; objects as lists of pairs, numbers as text.

    Raises:
        ValueError: not JSON.
    """
    return json.loads(text, object_pairs_hook=_Object, parse_int=str, parse_float=str)


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, _Object):
        for key, member in value:
            yield key
            yield from _walk(member)
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member)


def opened(texts: Iterable[str], spec: Sequence[Any]) -> Iterator[str]:
    """The texts, with those that ``spec`` numbers replaced by the values inside them."""
    if not spec:
        return iter(texts)
    return _opened(texts, dict(spec))


def _opened(texts: Iterable[str], inside: dict[int, Sequence[Any]]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number in inside:
            yield from opened(strings(text), inside[number])
        else:
            yield text
