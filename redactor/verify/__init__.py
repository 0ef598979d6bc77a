"""The independent re-read: nothing is released before it agrees.

A fresh process (:mod:`redactor.verify.worker`) sees only the written bytes, reads them
with other parsers than the writer's, and answers two questions:

1. **Position**: are the texts it reads exactly the source's texts with the redactions
   applied? (compared by digest)
2. **Leak**: does any redacted value still stand anywhere, normalised as
   :mod:`redactor.verify.search` says?

:class:`Verifier` is the parent's side.
"""

from __future__ import annotations

from redactor.verify.client import Permitted, Verifier, check_text
from redactor.verify.report import Report, expected_text

__all__ = ["Permitted", "Report", "Verifier", "check_text", "expected_text"]
