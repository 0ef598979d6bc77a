"""Notebooks read back by the standard library's JSON parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from redactor.formats.notebook import STRUCTURE
from redactor.formats.reread.jsons import load

_MEDIA = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
_TEXT = (
    "text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml",
    "application/javascript",
)  # fmt: skip
_LISTS = ("source", "text", "traceback")


def texts(document: str) -> Iterator[str]:
    """Every text in order, lists of lines joined.

    Raises:
        ValueError: not JSON, or encoded media are still there.
    """
    return _walk(load(document), ())


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif type(value).__name__ == "_Object":
        for key, member in value:
            if not _is_structure(key):
                yield key
            if _is_media(key, path):
                if member and any(member):
                    raise ValueError("encoded media still stand in the notebook")
                continue
            yield from _walk(member, (*path, key))
    elif isinstance(value, list):
        last = path[-1] if path else ""
        in_data = len(path) > 1 and path[-2] == "data" and last in _TEXT
        if all(isinstance(item, str) for item in value) and (last in _LISTS or in_data):
            yield "".join(value)
        else:
            for item in value:
                yield from _walk(item, (*path, ""))


def _is_structure(key: str) -> bool:
    kind, slash, name = key.partition("/")
    if slash:
        return (
            kind.isascii()
            and kind.isalpha()
            and kind.islower()
            and bool(name)
            and all(
                char.isascii() and (char.islower() or char.isdigit() or char in ".+-")
                for char in name
            )
        )
    return key in STRUCTURE


def _is_media(key: str, path: tuple[str, ...]) -> bool:
    if not key.startswith(_MEDIA) or key.startswith("image/svg+xml"):
        return False
    return path[-1:] == ("data",) or "attachments" in path
