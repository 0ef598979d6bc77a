"""Keyed bytes for operators: HMAC-SHA-256 of a value under a named key, and a scope."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterator

from redactor.keys import Key

KeySource = Callable[[str], Key]

# One number in several spellings is one value: only its letters, digits and + count.
_NUMBERS = frozenset(
    {
        "CREDIT_CARD", "IBAN_CODE", "IMEI", "MAC_ADDRESS", "PHONE_NUMBER", "UK_NHS",
        "US_BANK_NUMBER", "US_ITIN", "US_SSN", "VIN",
    }
)  # fmt: skip


class Keyed:
    """Named keys of one item. ``used`` tells key name -> key id, for the Run record.

    ``scope`` names the document for operators that are consistent only inside one.
    """

    def __init__(self, source: KeySource, scope: str) -> None:
        self._source = source
        self._scope = scope
        self._secrets: dict[tuple[str, str], bytes] = {}
        self.used: dict[str, str] = {}

    def digest(
        self, key: str, purpose: str, entity: str, text: str, *, in_document: bool = False
    ) -> bytes:
        """32 bytes for a value: equal for equal values of one type, key and scope."""
        value = canonical(entity, text)
        scope = self._scope if in_document else ""
        message = "\0".join((scope, entity, value)).encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret(key, purpose), message, "sha256")

    def _secret(self, name: str, purpose: str) -> bytes:
        if (name, purpose) not in self._secrets:
            key = self._source(name)
            self.used[name] = key.id
            self._secrets[name, purpose] = key.derive(purpose)
        return self._secrets[name, purpose]


class Draws:
    """Numbers drawn from a seed, the same for the same seed: HMAC in counter mode."""

    def __init__(self, seed: bytes) -> None:
        self._bytes = self._stream(seed)

    def below(self, limit: int) -> int:
        """A number in ``[0, limit)``; ``limit`` far below 2**64, so the bias is nothing."""
        return int.from_bytes(bytes(next(self._bytes) for _ in range(8)), "big") % limit

    def pick(self, choices: str) -> str:
        """One character of ``choices``."""
        return choices[self.below(len(choices))]

    @staticmethod
    def _stream(seed: bytes) -> Iterator[int]:
        counter = 0
        while True:
            yield from hmac.digest(seed, counter.to_bytes(8, "big"), "sha256")
            counter += 1


def canonical(entity: str, text: str) -> str:
    """What makes two spellings one value: form NFKC, case folded, white space squeezed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if entity in _NUMBERS:
        return "".join(char for char in folded if char.isalnum() or char == "+") or folded
    return " ".join(folded.split())
