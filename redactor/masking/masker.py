"""The table of operators, and :class:`Masker`, which applies what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from redactor.keys import get_key
from redactor.masking.date_shift import date_shift
from redactor.masking.encrypt import encrypt
from redactor.masking.fpe import fpe
from redactor.masking.generalize import generalize
from redactor.masking.hashing import hash_value
from redactor.masking.initials import initials
from redactor.masking.keyed import Keyed, KeySource, case_scope, records
from redactor.masking.mask import mask
from redactor.masking.persons import Evidence, title_before
from redactor.masking.pseudonym import CONTACTS, pseudonym
from redactor.masking.replace import redact, replace
from redactor.masking.subjects import Subjects, record_of
from redactor.masking.token import token
from redactor.policy.model import EntityRule, Policy
from redactor.values import Decision, Unit
from redactor.vault import Vault
from redactor.vault.marks import TOKEN

Operator = Callable[[str, str, Mapping[str, Any], Keyed], str]

OPERATORS: dict[str, Operator] = {
    "redact": redact,
    "replace": replace,
    "mask": mask,
    "hash": hash_value,
    "encrypt": encrypt,
    "fpe": fpe,
    "pseudonym": pseudonym,
    "token": token,
    "date_shift": date_shift,
    "generalize": generalize,
    "initials": initials,
}  # keep is not here: a kept finding has no replacement

REVERSIBLE = ("encrypt", "fpe", "pseudonym", "token", "date_shift")
# a less exact value may equal the value (a year, an age below 90): it was left on purpose
MAY_STAY = frozenset({"generalize"})

_REMEMBERED = 65536  # replacements; logs repeat their values


class Masker:
    """Replacement texts of one item.

    Args:
        policy: says which operators are in use.
        scope: names the item for pseudonyms that hold inside one document only; use equal
            scopes for equal input, so that equal runs give equal bytes.
        key_source: gives named keys.
        vault: an open vault; needed where the policy records (:func:`needs_vault`).
        case: the case's name, for scope ``case``.
        whole: the item is a document that comes in one piece, so that its names can be
            told from each other and pseudonyms avoid the words it holds.

    Raises:
        UsageError: the policy keeps pseudonyms per case and none was named.
    """

    def __init__(
        self,
        policy: Policy,
        scope: str = "global",
        key_source: KeySource = get_key,
        *,
        vault: Vault | None = None,
        case: str = "",
        whole: bool = False,
    ) -> None:
        self.policy = policy
        self._keyed = Keyed(key_source, scope, case=case, vault=vault, whole=whole)
        self._vault, self._case, self._whole = vault, case, whole
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._make)
        self._evidence = lru_cache(maxsize=1024)(partial(Evidence.of, shared=False))
        self._names: tuple[str, ...] = ()  # those of the record at hand
        check_case(policy, case)

    def replacements(self, decisions: Sequence[Decision], units: Sequence[Unit]) -> list[str]:
        """The texts that take the findings' places, in their order.

        When this returns, what they need in the vault is on the disk.

        Args:
            decisions: what is to be redacted in one release unit.
            units: all of that release unit.

        Raises:
            StateError: a key or the vault cannot be used; nothing was recorded.
            WithheldError: an operator refuses a value.
        """
        self._look_at(decisions, units)
        beside = self._beside(decisions, units)
        subjects = Subjects(units, decisions)
        fields = {unit.id: unit.field or "" for unit in units}
        try:
            made = []
            for decision in decisions:
                self._keyed.subject = subjects.of(decision)
                self._keyed.field = fields.get(decision.finding.unit, "")
                self._names = beside.get(decision.finding.unit, ())
                made.append(self.replacement(decision))
            self._keyed.commit()
        except BaseException:
            self._keyed.rollback()
            raise
        finally:
            self._keyed.subject = self._keyed.field = ""
            self._names = ()
        return made

    def replacement(self, decision: Decision) -> str:
        """The text that takes one finding's place, without a look at its surroundings.

        Raises:
            StateError: a key cannot be had.
            ValueError: the decision is to keep the text.
        """
        finding = decision.finding
        params = tuple(sorted(decision.params.items()))
        keyed = self._keyed
        if decision.operator == "encrypt":  # equal values get different tokens
            return self._make("encrypt", finding.entity_type, finding.text, params, "", "", ())
        entity = finding.entity_type
        field = keyed.field if entity == "PERSON" else ""
        names = self._names if entity in CONTACTS else ()
        return self._remembered(
            decision.operator, entity, finding.text, params, keyed.subject, field, names
        )

    def _make(
        self,
        operator: str,
        entity: str,
        text: str,
        params: tuple[tuple[str, Any], ...],
        subject: str,
        field: str,
        names: tuple[str, ...],
    ) -> str:
        if operator not in OPERATORS:
            raise ValueError(f"operator {operator} has no replacement")
        if not self._whole:
            self._keyed.evidence = self._evidence(names) if names else None
        return OPERATORS[operator](text, entity, dict(params), self._keyed)

    def _look_at(self, decisions: Sequence[Decision], units: Sequence[Unit]) -> None:
        """Of a whole document: its words, and what its full names tell."""
        if not self._whole or not any(d.operator == "pseudonym" for d in decisions):
            return
        words = {token.casefold() for unit in units for token in TOKEN.findall(unit.text)}
        self._keyed.taken = frozenset(words)
        texts = {unit.id: unit.text for unit in units}
        names = []
        for decision in decisions:
            finding = decision.finding
            if decision.operator == "pseudonym" and finding.entity_type == "PERSON":
                title = title_before(texts.get(finding.unit, ""), finding.start)
                names.append(f"{title} {finding.text}" if title else finding.text)
        self._keyed.evidence = Evidence.of(names)

    def _beside(
        self, decisions: Sequence[Decision], units: Sequence[Unit]
    ) -> Mapping[str, tuple[str, ...]]:
        """In streams of rows and objects: unit -> names of persons in the same record.

        An address follows the person that its record names, wherever chunks are cut.
        """
        mine = [d for d in decisions if d.operator == "pseudonym"]
        if self._whole or not any(d.finding.entity_type in CONTACTS for d in mine):
            return {}
        records = {unit.id: record_of(unit) for unit in units}
        names: dict[str, set[str]] = {}
        for decision in mine:
            record = records.get(decision.finding.unit, "")
            if record and decision.finding.entity_type == "PERSON":
                names.setdefault(record, set()).add(decision.finding.text)
        told = {record: tuple(sorted(found)) for record, found in names.items()}
        return {unit: told[record] for unit, record in records.items() if record in told}

    @property
    def key_ids(self) -> Mapping[str, str]:
        """What the outputs so far depend on: ids of keys, the vault's snapshot, the case's mark.

        After :meth:`replacements` the snapshot holds all that they needed, so the same run
        over the same snapshot gives the same bytes.
        """
        used = dict(self._keyed.used)
        if self._vault is not None and self._vault.id:
            used["vault-snapshot"] = self._vault.snapshot
            if self._case:
                used["case"] = self._vault.marks.scope(case_scope(self._case)).hex()
        return used


def rules(policy: Policy) -> list[EntityRule]:
    """Every rule of a policy that can decide about a finding."""
    own = [field.rule for field in policy.fields if field.rule is not None]
    own += [hotword.rule for hotword in policy.hotwords if hotword.rule is not None]
    return [policy.default, *policy.entities.values(), *own]


def check_case(policy: Policy, case: str) -> None:
    """Refuse a policy that keeps pseudonyms per case where no case was named.

    Raises:
        UsageError: none was named.
    """
    if not case and any(rule.params.get("scope") == "case" for rule in rules(policy)):
        case_scope(case)


def needs_vault(policy: Policy) -> bool:
    """Whether some rule of the policy records what it replaces."""
    return any(records(rule.operator, rule.params) for rule in rules(policy))
