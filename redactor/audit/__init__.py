"""The tamper-evident audit trail: ledger, recovery, check.

:class:`Ledger` writes, :func:`recover` closes what a killed run left open, :func:`verify`
tells whether the trail is what was written.
"""

from __future__ import annotations

from redactor.audit.check import Verification, verify
from redactor.audit.ledger import Ledger, Prepared
from redactor.audit.recovery import Recovered, recover

__all__ = ["Ledger", "Prepared", "Recovered", "Verification", "recover", "verify"]
