"""The vault: what reversible operators remember, sealed, so that `redactor restore` can undo it.

It lies below :mod:`redactor.masking`, which fills it, and knows nothing of operators: it
keeps marks (keyed hashes) and sealed bytes. :class:`Vault` is one process's hand on it;
:mod:`redactor.vault.maintain` counts, rotates and purges.
"""

from __future__ import annotations

from redactor.vault.store import Found, Vault

__all__ = ["Found", "Vault"]
