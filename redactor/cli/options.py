"""Options that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

DenyFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--deny",
        metavar="FILE",
        help="Values that are always found: UTF-8, one a line, a million is fine. Repeatable.",
    ),
]
DenyAs = Annotated[
    str | None,
    typer.Option("--deny-as", metavar="TYPE", help="Type of what --deny finds; else DENY_LIST."),
]
DenyMatch = Annotated[
    str,
    typer.Option(
        "--deny-match",
        help="exact, ignore-case, or fuzzy: ignoring case, and with one typing mistake.",
    ),
]
