"""What a row is and how rows hang together.

``hash`` = SHA-256 of the canonical JSON of ``[prev, seq, time, kind, item, body]``;
``prev`` is the hash of the row before, 64 zeros for the first. The last row of every
commit carries an Ed25519 signature of ledger id, seq and hash, so that a row appended
without the key is found as well; the same signature is what a checkpoint holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redactor.keys import Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

GENESIS = "0" * 64
SIGNING_KEY = "audit-signing"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``time`` is UTC in ISO 8601, ``body`` canonical JSON without values."""

    seq: int
    time: str
    kind: str
    item: str
    body: str
    prev: str
    hash: str
    signature: str | None = None

    def expected_hash(self) -> str:
        """The hash that the row's content calls for."""
        return row_hash(self.prev, self.seq, self.time, self.kind, self.item, self.body)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that row ``seq`` of a ledger has this hash; ``key`` is public, hex."""

    ledger: str
    seq: int
    hash: str
    key: str
    signature: str

    def is_signed_by(self, public: str) -> bool:
        """True when the signature is that of the public key (hex)."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message = _message(self.ledger, self.seq, self.hash)
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
            key.verify(bytes.fromhex(self.signature), message)
        except (InvalidSignature, ValueError):
            return False
        return self.key == public


class Signer:
    """Signs row hashes with the key ``audit-signing`` (its 32 bytes are the Ed25519 seed)."""

    def __init__(self, key: Key) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(key.secret)
        self.public = self._private.public_key().public_bytes_raw().hex()

    def sign(self, ledger: str, seq: int, hash_: str) -> Checkpoint:
        """A checkpoint of that row."""
        signature = self._private.sign(_message(ledger, seq, hash_)).hex()
        return Checkpoint(ledger, seq, hash_, self.public, signature)


def canonical(body: Mapping[str, Any]) -> str:
    """Compact JSON with sorted keys, ASCII only: equal bodies give equal bytes."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def row_hash(prev: str, seq: int, time: str, kind: str, item: str, body: str) -> str:
    """The chain's hash of a row, in hex."""
    framed = json.dumps([prev, seq, time, kind, item, body], separators=(",", ":"))
    return hashlib.sha256(framed.encode()).hexdigest()


def _message(ledger: str, seq: int, hash_: str) -> bytes:
    return json.dumps(["redactor checkpoint", ledger, seq, hash_]).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not for the ledger: {type(value).__name__}")
