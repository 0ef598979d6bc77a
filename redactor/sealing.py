"""AES-256-GCM around small secrets at rest: nonce, ciphertext and tag in one piece."""

from __future__ import annotations

import os

from redactor.errors import StateError

_NONCE = 12  # bytes, random: far below 2**32 seals under one key


def seal(key: bytes, data: bytes, associated: str) -> bytes:
    """Encrypt ``data`` so that it opens only under the same key and ``associated`` text."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, associated.encode())


def unseal(key: bytes, sealed: bytes, associated: str) -> bytes:
    """What :func:`seal` was given.

    Raises:
        StateError: other key, other ``associated``, or changed bytes.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], associated.encode())
    except (InvalidTag, ValueError):
        raise StateError(
            "sealed data of the state folder does not open: it was changed or its key is another"
        ) from None
