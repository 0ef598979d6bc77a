"""CSV read back by the standard library's reader."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from typing import Any


def cells(text: str, hints: Mapping[str, Any]) -> Iterator[str]:
    """Every cell, empty ones too; a blank row counts as one empty cell.

    Raises:
        ValueError: there are not as many cells as were read (``hints["cells"]``).
    """
    csv.field_size_limit(sys.maxsize)
    count = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=hints["delimiter"]):
        count += len(row) or 1
        yield from row or ("",)
    if count != hints.get("cells", count):
        raise ValueError(f"{count} cells where {hints['cells']} were decided")
