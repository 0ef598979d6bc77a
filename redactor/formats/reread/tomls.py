"""TOML read back by tomlkit, which keeps comments: everything in the order it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts(document: str) -> Iterator[str]:
    """Keys, strings, numbers, dates and comments, in order.

    Raises:
        ValueError: not TOML.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        body = tomlkit.parse(document).body
    except TOMLKitError as error:
        raise ValueError(f"not TOML ({type(error).__name__})") from None
    found: list[str] = []
    _walk(body, found.append)
    return iter(found)


def _walk(body: Any, add: Any) -> None:
    for key, item in body:
        kind = type(item).__name__
        if kind == "Comment":
            add(_bare(item.trivia.comment))
        elif kind in ("Whitespace", "Null"):
            continue
        elif kind == "AoT":
            for table in item.body:
                _header(table, key, add)
        elif kind == "Table" and key.is_dotted():
            add(key.key)  # `a.b = 1`: a table without a header
            _walk(item.value.body, add)
        elif kind == "Table":
            _header(item, key, add)
        else:
            _keys(key, add)
            _value(item, add)
            _trailing(item, add)


def _header(table: Any, key: Any, add: Any) -> None:
    if not table.is_super_table():
        shown = table.display_name
        for name in _split(shown) if shown else [part.key for part in key]:
            add(name)
        _trailing(table, add)
    _walk(table.value.body, add)


def _split(shown: str) -> list[str]:
    """The parts of a dotted key; quoted parts are decoded by tomlkit."""
    import tomlkit

    parts, part, quote = [], "", ""
    for char in shown:
        if quote:
            part += char
            escaped = (len(part) - 1 - len(part[:-1].rstrip("\\"))) % 2 and quote == '"'
            if char == quote and not escaped:
                quote = ""
        elif char == ".":
            parts.append(part)
            part = ""
        else:
            quote = char if char in "\"'" else ""
            part += char
    parts = [name.strip(" \t") for name in [*parts, part]]
    return [
        str(tomlkit.parse(f"x = {name}")["x"]) if name[:1] in ("'", '"') else name for name in parts
    ]


def _keys(key: Any, add: Any) -> None:
    for part in key if key.is_multi() else [key]:
        add(part.key)


def _value(item: Any, add: Any) -> None:
    kind = type(item).__name__
    if kind == "Bool":
        return
    if kind == "Array":
        for group in item._value:
            if group.value is not None and type(group.value).__name__ != "Null":
                _value(group.value, add)
            if group.comment is not None:
                add(_bare(group.comment.trivia.comment))
    elif kind == "InlineTable":
        _walk(item.value.body, add)
    elif kind == "String":
        add(str(item))
    else:
        add(item.as_string())


def _trailing(item: Any, add: Any) -> None:
    comment = item.trivia.comment
    if comment:
        add(_bare(comment))


def _bare(comment: str) -> str:
    return comment.removeprefix("#").lstrip(" \t")
