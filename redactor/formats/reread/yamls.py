"""YAML read back by ruamel.yaml's own parser (not libyaml): scalars and comments in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts(document: str) -> Iterator[str]:
    """Scalars, keys and comments as they stand in the document.

    Raises:
        ValueError: not YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    found: list[str] = []
    at = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(document):
            value = getattr(event, "value", None)
            if type(event).__name__ != "ScalarEvent":
                continue
            start, end = event.start_mark.index, event.end_mark.index
            found += _comments(document, at, start)
            if start != end:
                found += _head_comment(document, start, event)
                found.append(str(value))
            at = max(at, end)
    except YAMLError as error:
        raise ValueError(f"not YAML ({type(error).__name__})") from None
    found += _comments(document, at, len(document))
    return iter(found)


def _comments(document: str, start: int, end: int) -> Iterator[str]:
    """Comments between two scalars: from a # that nothing touches to the end of its line."""
    at = start
    while at < end:
        at = document.find("#", at, end)
        if at < 0:
            return
        if at and document[at - 1] not in " \t\r\n,[]{}":
            at += 1
            continue
        stop = min(
            (place for place in (document.find("\n", at), document.find("\r", at)) if place >= 0),
            default=len(document),
        )
        yield document[at + 1 : stop].lstrip(" \t")
        at = stop


def _head_comment(document: str, start: int, event: Any) -> Iterator[str]:
    """The comment in the head line of a block scalar."""
    if event.style not in ("|", ">"):
        return
    bar = document.index(event.style, start)
    head = document[bar:].split("\n", 1)[0].split("\r", 1)[0]
    _, mark, comment = head.partition(" #")
    if mark:
        yield comment.lstrip(" \t")
