"""What waits for a person: a minimal store of proposals, encrypted at rest.

One file for each chunk of an item, AES-256-GCM under a key derived from ``workspace``. It
holds the texts that a person will have to judge, so nothing of it is readable without the
key; file names are item ids and numbers.
"""

from __future__ import annotations

from redactor.review.store import Proposal, Waiting, list_waiting, load, save_proposals

__all__ = ["Proposal", "Waiting", "list_waiting", "load", "save_proposals"]
