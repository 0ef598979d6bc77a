"""Keyed fingerprints of found values: they join findings across items, and tell nothing.

A fingerprint is HMAC-SHA-256, cut to 128 bits, of entity type and normalised value under
a random *epoch key*. That key lives in the memory of the writing process; at rest it is
sealed to the auditor's X25519 public key (ephemeral X25519, HKDF-SHA-256, AES-256-GCM).
A process that can unseal it (the auditor's key is on this machine) joins the month's
epoch; any other begins one of its own. An epoch lasts for the run that opened it.
Destroying its sealed key is erasure: its fingerprints can be linked to nothing any more.

No fingerprint is made where so few values exist that whoever holds the epoch key could
simply try them all: ages, dates, ZIP and post codes and the like; names, places and
organisations of a single word; anything with fewer than six letters and digits.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from redactor.errors import StateError
from redactor.keys import Key, get_key
from redactor.sealing import seal, unseal

AUDITOR_KEY = "auditor"
PUBLIC_VARIABLE = "REDACTOR_AUDITOR_PUBLIC"
_MIN_CHARACTERS = 6
_NOT_ALNUM = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_ALNUM_NOR_NUL = _NOT_ALNUM.replace(b"\0", b"")
_ODD_SPACE = re.compile(r"  |[\t\n\r\v\f\x1c-\x1f]|(?:\A|\0) | (?:\0|\Z)")
_FEW_VALUES = frozenset(
    {
        "AGE", "BIRTH_YEAR", "CITY", "COUNTRY", "COUNTY", "DATE", "DATE_OF_BIRTH", "DATE_TIME",
        "DOB", "FAMILY_NAME", "FIRST_NAME", "GENDER", "GIVEN_NAME", "LAST_NAME", "MIDDLE_NAME",
        "NATIONALITY", "NRP", "POSTAL_CODE", "POSTCODE", "PREFIX", "RELIGION", "SEX", "STATE",
        "SURNAME", "TIME", "TITLE", "UK_POSTCODE", "US_STATE", "US_ZIP_CODE", "ZIP", "ZIPCODE",
        "ZIP_CODE",
    }
)  # fmt: skip
_NAMES = frozenset({"ADDRESS", "GPE", "LOC", "LOCATION", "ORG", "ORGANIZATION", "PER", "PERSON"})


@dataclass(frozen=True, slots=True)
class Epoch:
    """A fingerprint key and its id; the key is secret."""

    id: str
    key: bytes = field(repr=False)

    def fingerprint(self, entity_type: str, text: str) -> str | None:
        """32 hex digits, or None where too few values exist."""
        value = normalise(text)
        if is_guessable(entity_type, value):
            return None
        message = f"{entity_type}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, message, "sha256")[:16].hex()

    def fingerprints(self, entity_type: str, texts: Collection[str]) -> list[str]:
        """Those of many texts, without the ones that have none: a column of a table."""
        joined = "\0".join(texts)
        plain = joined.isascii() and joined.count("\0") == len(texts) - 1
        if not plain or _ODD_SPACE.search(joined) or entity_type in _FEW_VALUES:
            made = (self.fingerprint(entity_type, text) for text in texts)
            return [entry for entry in made if entry is not None]
        # the same as one by one, with the work on characters done for all at once
        folded = joined.lower().encode()
        counts = map(len, folded.translate(None, _NOT_ALNUM_NOR_NUL).split(b"\0"))
        head, key, digest = f"{entity_type}\0".encode(), self.key, hmac.digest
        part = b" " if entity_type in _NAMES else b""
        return [
            digest(key, head + value, "sha256")[:16].hex()
            for value, count in zip(folded.split(b"\0"), counts, strict=True)
            if count >= _MIN_CHARACTERS and part in value
        ]


def normalise(text: str) -> str:
    """Spelling differences that mean nothing: form, case, runs of white space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def is_guessable(entity_type: str, value: str) -> bool:
    """Whether so few values exist that a fingerprint would tell the value."""
    if entity_type in _FEW_VALUES or len(value) < _MIN_CHARACTERS:
        return True
    if entity_type in _NAMES and " " not in value:
        return True
    if value.isascii():
        return len(value.encode("ascii").translate(None, _NOT_ALNUM)) < _MIN_CHARACTERS
    return sum(map(str.isalnum, value)) < _MIN_CHARACTERS


class Auditor:
    """Whom epoch keys are sealed to. ``public`` is raw X25519, ``id`` names it.

    The public key is ``$REDACTOR_AUDITOR_PUBLIC`` (64 hex digits) where set, so that a
    machine that writes need not be able to look up; otherwise that of the key ``auditor``.

    Raises:
        StateError: the variable is not a public key.
    """

    def __init__(self) -> None:
        named = os.environ.get(PUBLIC_VARIABLE)
        self._private: Key | None
        if named is None:
            self._private = get_key(AUDITOR_KEY)
            self.public = public_of(self._private)
        else:
            self.public = _read_public(named)
            self._private = _private_for(self.public)
        self.id = hashlib.sha256(b"redactor auditor\0" + self.public).hexdigest()[:16]

    def seal(self, epoch: Epoch) -> bytes:
        """The epoch's key for the auditor's eyes: ephemeral public key, then ciphertext."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        ephemeral = X25519PrivateKey.generate()
        public = ephemeral.public_key().public_bytes_raw()
        key = _shared(ephemeral.private_bytes_raw(), self.public, public + self.public)
        return public + seal(key, epoch.key, epoch.id)

    def unseal(self, epoch_id: str, sealed: bytes) -> Epoch | None:
        """The epoch, or None where the auditor's private key is not on this machine.

        Raises:
            StateError: the sealed key was changed, or is for another auditor.
        """
        if self._private is None:
            return None
        ephemeral, box = sealed[:32], sealed[32:]
        if len(ephemeral) != 32:
            raise StateError(f"fingerprint epoch {epoch_id} is damaged")
        key = _shared(self._private.secret, ephemeral, ephemeral + self.public)
        return Epoch(epoch_id, unseal(key, box, epoch_id))


def _shared(private: bytes, public: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    try:
        secret = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError:
        raise StateError("the auditor's public key, or a key sealed to it, is not valid") from None
    return HKDF(SHA256(), 32, salt, b"redactor fingerprint epoch").derive(secret)


def public_of(key: Key) -> bytes:
    """The X25519 public key (raw) of a named key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(key.secret).public_key().public_bytes_raw()


def _read_public(text: str) -> bytes:
    try:
        public = bytes.fromhex(text.strip())
    except ValueError:
        public = b""
    if len(public) != 32:
        raise StateError(f"{PUBLIC_VARIABLE} is not a public key: it must hold 64 hex digits")
    return public


def _private_for(public: bytes) -> Key | None:
    try:
        key = get_key(AUDITOR_KEY, create=False)
    except StateError:
        return None  # the usual case: this machine only writes
    return key if public_of(key) == public else None
