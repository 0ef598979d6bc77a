"""Decisions -> replacement texts. One file an operator; keys come from the state folder.

An operator is a plain function ``(text, entity, params, keyed) -> str``. ``params`` were
validated with the policy; ``keyed`` makes bytes out of a named key and a value, and
remembers what was given out. :mod:`redactor.masking.undo` is the way back.
"""

from __future__ import annotations

from redactor.masking.masker import MAY_STAY, OPERATORS, REVERSIBLE, Masker, Operator, needs_vault

__all__ = ["MAY_STAY", "OPERATORS", "REVERSIBLE", "Masker", "Operator", "needs_vault"]
