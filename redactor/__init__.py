"""Find personal data, redact it by policy, prove that it is gone, record every decision.

The public API is :class:`redactor.api.Redactor` and :func:`redactor.policy.load_policy`,
re-exported here lazily so that ``import redactor`` stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redactor.version import __version__

if TYPE_CHECKING:
    from redactor.api import FileResult, Redactor, TextResult
    from redactor.policy import load_policy

__all__ = ["FileResult", "Redactor", "TextResult", "__version__", "load_policy"]


def __getattr__(name: str) -> Any:
    """Import the public names on first use (PEP 562)."""
    if name == "load_policy":
        from redactor.policy import load_policy

        return load_policy
    if name in {"Redactor", "TextResult", "FileResult"}:
        from redactor import api

        return getattr(api, name)
    raise AttributeError(f"module 'redactor' has no attribute {name!r}")
