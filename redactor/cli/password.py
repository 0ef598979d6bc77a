"""Passwords of protected documents: from an option, the environment or a prompt; never shown."""

from __future__ import annotations

import os
import sys

from redactor.errors import UsageError

VARIABLE = "REDACTOR_PASSWORD"


def asked_password(given: str | None) -> str | None:
    """The password: as given, or of ``REDACTOR_PASSWORD``; ``-`` asks for it on the terminal.

    Raises:
        UsageError: asked for where nobody can answer.
    """
    if given is None:
        return os.environ.get(VARIABLE) or None
    if given != "-":
        return given or None
    if not sys.stdin.isatty():
        raise UsageError("--password - asks on a terminal: set REDACTOR_PASSWORD instead")
    import getpass

    return getpass.getpass("Password of the documents: ") or None
