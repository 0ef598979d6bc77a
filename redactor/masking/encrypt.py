"""encrypt: AES-256-GCM; the ciphertext is a token that names its key and is found again in text.

``[enc:<key name>:<base64url>]``, where the encoded bytes are: format version (1), id of the
key version (8 bytes), nonce (12, random), ciphertext and tag (16). Equal values get
different tokens. Under one key version at most 2**32 values should be encrypted (random
nonces, NIST SP 800-38D section 8.3): `redactor keys rotate` begins another.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from redactor.errors import StateError
from redactor.keys import Key
from redactor.masking.keyed import Keyed
from redactor.sealing import seal, unseal

TOKEN = re.compile(r"\[enc:([a-z][a-z0-9-]{0,63}):([A-Za-z0-9_-]{48,})\]")
_VERSION = b"\x01"
_ID = 8
_PURPOSE, _LABEL = "encrypt", "redactor encrypt 1"


def encrypt(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """The value under the key named ``key``, as a token.

    Raises:
        StateError: the key cannot be had.
    """
    name = str(params.get("key", "default"))
    key = keyed.key(name)
    sealed = seal(key.derive(_PURPOSE), text.encode("utf-8", "surrogatepass"), _LABEL)
    body = base64.urlsafe_b64encode(_VERSION + bytes.fromhex(key.id) + sealed).decode().rstrip("=")
    return f"[enc:{name}:{body}]"


def decrypt(token: str, find_key: Callable[[str, str], Key]) -> str:
    """The value that a token holds.

    Args:
        token: as :func:`encrypt` made it.
        find_key: (name, id) -> key, e.g. :func:`redactor.keys.find_key`.

    Raises:
        StateError: the key is not here.
        ValueError: this is no token, or it was changed or cut.
    """
    match = TOKEN.fullmatch(token)
    if match is None:
        raise ValueError("not an encrypted token")
    name, body = match[1], match[2]
    try:
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("an encrypted token is damaged") from None
    if data[:1] != _VERSION:
        raise ValueError("an encrypted token of a format that is not known here")
    key = find_key(name, data[1 : 1 + _ID].hex())
    try:
        value = unseal(key.derive(_PURPOSE), data[1 + _ID :], _LABEL)
        return value.decode("utf-8", "surrogatepass")
    except (StateError, UnicodeDecodeError):
        raise ValueError("an encrypted token is damaged") from None
