"""What operators get beside the value: keyed bytes, and a memory of what they gave out.

:class:`Keyed` belongs to one item (document or stream). Bytes are HMAC-SHA-256 of a value
under a named key and a scope. A *core* is a pseudonym in its canonical form; who gives a
value its core depends on the operator's parameters (:class:`How`):

* recorded: the vault, in which no two values share a core;
* scope ``document`` of a whole document: a memory of this item, with the same promise;
* anything else: a function of value, key and scope alone, which remembers nothing, so two
  values may meet in one core.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from redactor.errors import UsageError, WithheldError
from redactor.keys import Key
from redactor.vault import Vault

KeySource = Callable[[str], Key]
Propose = Callable[[int], str | None]

# One number in several spellings is one value: only its letters, digits and + count.
NUMBERS = frozenset(
    {
        "CREDIT_CARD", "IBAN_CODE", "IMEI", "MAC_ADDRESS", "PHONE_NUMBER", "UK_NHS",
        "US_BANK_NUMBER", "US_ITIN", "US_SSN", "VIN",
    }
)  # fmt: skip
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_ATTEMPTS = 4096
_MOST_NUMBERED = 2_000_000  # distinct values of one item that get numbers without a vault


@dataclass(frozen=True, slots=True)
class How:
    """Which key, where a pseudonym holds, and whether the vault records it.

    ``scope``: ``global`` and ``vault`` everywhere, ``case`` in the case named on the
    command line, ``document`` in this item.
    """

    key: str
    scope: str
    record: bool


def records(operator: str, params: Mapping[str, Any]) -> bool:
    """Whether an operator with these parameters leaves entries in the vault."""
    said = params.get("record")
    if operator in ("fpe", "date_shift"):
        return said is None or bool(said)
    if operator in ("pseudonym", "token"):
        return bool(said) if said is not None else params.get("scope") in ("case", "vault")
    return False


def how(operator: str, params: Mapping[str, Any]) -> How:
    """The common parameters of operators that give out pseudonyms."""
    scope = params.get("scope") or ("global" if operator == "pseudonym" else "document")
    return How(str(params.get("key", "default")), str(scope), records(operator, params))


class Keyed:
    """Keys, scope and memory of one item. ``used`` tells key name -> key id, for the Run record.

    Args:
        source: gives named keys.
        document: names the item for what holds inside one only; equal for equal input.
        case: the case's name, "" where none was given.
        vault: an open vault, or None where nothing is recorded.
        whole: the item is one document that is masked at once (no stream).
    """

    def __init__(
        self,
        source: KeySource,
        document: str,
        *,
        case: str = "",
        vault: Vault | None = None,
        whole: bool = False,
    ) -> None:
        self._source = source
        self._document = document
        self._case = case
        self._vault = vault
        self._whole = whole
        self._secrets: dict[tuple[str, str], bytes] = {}
        self._memory: dict[tuple[str, str], str] = {}
        self._given: set[str] = set()
        self._numbers: dict[str, int] = {}
        self.used: dict[str, str] = {}
        # set by the Masker before the operator runs
        self.subject = ""  # whom the value at hand is about, where a field names them
        self.field = ""  # the column or key that holds it
        self.taken: frozenset[str] = frozenset()  # words of this document, folded
        self.evidence: Any = None  # what its names tell about each other

    def digest(
        self, key: str, purpose: str, entity: str, text: str, *, scope: str = "global"
    ) -> bytes:
        """32 bytes for a value: equal for equal values of one type, key and scope."""
        value = canonical(entity, text)
        message = "\0".join((self.scope(scope), entity, value)).encode("utf-8", "surrogatepass")
        return hmac.digest(self.secret(key, purpose), message, "sha256")

    def scope(self, scope: str) -> str:
        """The text that stands for a scope in keyed bytes and in the vault.

        Raises:
            UsageError: scope ``case`` and no case was named.
        """
        if scope == "document":
            return self._document
        if scope == "case":
            return case_scope(self._case)
        return ""

    def key(self, name: str) -> Key:
        """The current key of that name; its use is noted."""
        key = self._source(name)
        self.used[name] = key.id
        return key

    def secret(self, name: str, purpose: str) -> bytes:
        """32 bytes of a named key for one purpose."""
        if (name, purpose) not in self._secrets:
            self._secrets[name, purpose] = self.key(name).derive(purpose)
        return self._secrets[name, purpose]

    def assign(
        self, manner: How, kind: str, value: str, propose: Propose, *, but: frozenset[str]
    ) -> str:
        """The core of a value; see the module about who remembers it.

        Args:
            manner: the operator's parameters.
            kind: what sort of value it is.
            value: its canonical form.
            propose: attempt -> core.
            but: cores that will not do here; words of the document are avoided as well,
                as long as there is another.
        """
        taken = self.taken

        def unwanted(core: str) -> bool:
            return core in but or core in taken

        scope = self.scope(manner.scope)
        if manner.record:
            return self._open_vault().assign(kind, scope, value, propose, unwanted=unwanted)
        if manner.scope == "document" and self._whole:
            return self._remember(kind, value, propose, unwanted)
        fallback: str | None = None
        for attempt in range(_ATTEMPTS):
            core = propose(attempt)
            if core is not None and core not in but:
                if core not in taken:
                    return core
                fallback = fallback or core
                if attempt > 64:
                    break
        if fallback is None:
            raise WithheldError(f"no {kind} pseudonym can be made that differs from the value")
        return fallback

    def note(
        self,
        manner: How,
        original: str,
        replacement: str,
        *,
        operator: str,
        entity: str,
        core: str = "",
        scope: str | None = None,
        number: bool = False,
        recipe: Mapping[str, Any] | None = None,
    ) -> None:
        """Record how a replacement is undone, where the parameters say so.

        ``recipe`` takes the original's place where a key and the replacement are enough;
        ``scope`` is a scope's text where it is none of the usual ones.
        """
        if not manner.record:
            return
        payload = dict(recipe) if recipe is not None else {"text": original}
        if core:
            payload["core"] = core
        self._open_vault().note(
            replacement,
            operator=operator,
            entity=entity,
            scope=self.scope(manner.scope) if scope is None else scope,
            payload=payload,
            number=number,
        )

    def number(self, manner: How, label: str) -> int:
        """The next number of a label: of the vault where recorded, of this item otherwise."""
        if manner.record:
            return self._open_vault().number("", label)
        self._numbers[label] = self._numbers.get(label, 0) + 1
        if self._numbers[label] > _MOST_NUMBERED:
            raise WithheldError(
                f"more than {_MOST_NUMBERED} different values of one type: number them in the "
                "vault (scope: vault), or use another operator"
            )
        return self._numbers[label]

    def numbered(self, manner: How, kind: str, value: str, propose: Propose) -> str:
        """The token of a value; kept for the whole item, stream or not."""
        scope = self.scope(manner.scope)
        if manner.record:
            return self._open_vault().assign(kind, scope, value, propose)
        return self._remember(kind, value, propose, lambda core: False)

    def commit(self) -> None:
        """Bring to the disk what was recorded for the values so far."""
        if self._vault is not None:
            self._vault.commit()

    def rollback(self) -> None:
        """Forget what was recorded since the last commit."""
        if self._vault is not None:
            self._vault.rollback()

    def _open_vault(self) -> Vault:
        if self._vault is None:
            raise UsageError(
                "this policy records pseudonyms in the vault: open one (Vault.open) and pass it on"
            )
        return self._vault

    def _remember(
        self, kind: str, value: str, propose: Propose, unwanted: Callable[[str], bool]
    ) -> str:
        known = self._memory.get((kind, value))
        if known is not None:
            return known
        for attempt in range(_ATTEMPTS):
            core = propose(attempt)
            if core is not None and core not in self._given and not unwanted(core):
                self._memory[kind, value] = core
                self._given.add(core)
                return core
        raise WithheldError(
            f"no {kind} pseudonym is free in this document any more: use the operator token"
        )


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

    def syllables(self, count: int) -> str:
        """A word that can be spoken and means nothing."""
        return "".join(_SYLLABLES[self.below(len(_SYLLABLES))] for _ in range(count))

    @staticmethod
    def _stream(seed: bytes) -> Iterator[int]:
        counter = 0
        while True:
            yield from hmac.digest(seed, counter.to_bytes(8, "big"), "sha256")
            counter += 1


def case_scope(case: str) -> str:
    """The text that stands for a case.

    Raises:
        UsageError: no case was named.
    """
    if not case:
        raise UsageError("this policy keeps pseudonyms per case: name it with --case ID")
    return f"case\0{case}"


def canonical(entity: str, text: str) -> str:
    """What makes two spellings one value: form NFKC, case folded, white space squeezed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if entity in NUMBERS:
        return "".join(char for char in folded if char.isalnum() or char == "+") or folded
    return " ".join(folded.split())
