"""Decisions -> replacement texts. One file an operator; keys come from the state folder.

An operator is a plain function ``(text, entity, params, keyed) -> str``. ``params`` were
validated with the policy; ``keyed`` makes bytes out of a named key and a value, for those
that need one.
"""

from __future__ import annotations

from redactor.masking.masker import OPERATORS, Masker, Operator

__all__ = ["OPERATORS", "Masker", "Operator"]
