"""Named destinations: when a name must go, every link gets its target written out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from redactor.formats.pdf.clean import every_dictionary
from redactor.formats.pdf.fonts import name_text

_DEPTH = 32


def legacy_names(pdf: pikepdf.Pdf) -> list[str]:
    """Names of PDF 1.1 destinations: keys of a dictionary, which no string holds."""
    listed = pdf.Root.get("/Dests")
    return [str(key)[1:] for key in listed] if isinstance(listed, Dictionary) else []


def write_out(pdf: pikepdf.Pdf) -> None:
    """Replace every name by its target and drop the names."""
    targets: dict[str, Any] = {}
    legacy = pdf.Root.get("/Dests")
    if isinstance(legacy, Dictionary):
        for key, value in legacy.items():
            targets[str(key)[1:]] = _target(value)
        del pdf.Root["/Dests"]
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/Dests" in names:
        for text, value in _leaves(names.Dests, 0):
            targets[text] = _target(value)
        del names["/Dests"]
    for holder in every_dictionary(pdf):
        for key in ("/Dest", "/D"):
            value = holder.get(key)
            name = _name(value)
            if name is None or (key == "/D" and "/S" not in holder):
                continue
            target = targets.get(name)
            if isinstance(target, Array):
                holder[key] = target
            else:
                del holder[key]


def _name(value: Any) -> str | None:
    if isinstance(value, Name):
        return name_text(value)
    return str(value) if isinstance(value, String) else None


def _target(value: Any) -> Any:
    return value.get("/D") if isinstance(value, Dictionary) else value


def _leaves(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if not isinstance(node, Dictionary) or depth > _DEPTH:
        return
    listed = node.get("/Names")
    if isinstance(listed, Array):
        for at in range(0, len(listed) - 1, 2):
            yield str(listed[at]), listed[at + 1]
    below = node.get("/Kids")
    if isinstance(below, Array):
        for child in below:
            yield from _leaves(child, depth + 1)
