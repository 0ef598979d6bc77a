"""A report as a file: JSON for programs, one self-contained HTML page for people."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redactor.errors import DestinationError, UsageError
from redactor.staging import StagedFile

_KINDS = (".html", ".htm", ".json")


def check_target(path: Path) -> None:
    """Refuse a report file before the work begins, not after it.

    Raises:
        UsageError: its name does not end in ``.html`` or ``.json``.
        DestinationError: its folder is missing, or it is a folder itself.
    """
    if path.suffix.lower() not in _KINDS:
        raise UsageError(f"the report {path.name} must end in .html or .json")
    if not path.absolute().parent.is_dir():
        raise DestinationError("the report's folder does not exist: make it first")
    if path.is_dir():
        raise DestinationError("the report's name is that of a folder: name a file")


def write_report(data: Mapping[str, Any], path: Path) -> None:
    """Write ``data`` (:meth:`Collector.as_dict`) whole or not at all; replaces an older report.

    Raises:
        DestinationError: it cannot be written.
    """
    check_target(path)
    if path.suffix.lower() == ".json":
        text = json.dumps(data, indent=1) + "\n"
    else:
        from redactor.report.html import page

        text = page(data)
    write_bytes(text.encode("utf-8", "backslashreplace"), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Write a file whole or not at all; replaces an older one.

    Raises:
        DestinationError: it cannot be written.
    """
    with StagedFile(path.absolute().parent, uuid.uuid4().hex, "report") as staged:
        staged.write(data)
        staged.sync()
        staged.release(path.absolute(), overwrite=True)
