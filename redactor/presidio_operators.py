"""Our operators as Presidio's, and engines that know them; reached by :mod:`redactor.presidio`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from typing import Any

from redactor.errors import StateError, UsageError

try:
    from presidio_anonymizer import AnonymizerEngine as _PresidioAnonymizer
    from presidio_anonymizer import DeanonymizeEngine as _PresidioDeanonymizer
    from presidio_anonymizer.operators import Operator, OperatorType
except ImportError:
    raise StateError("Presidio is not installed: pip install 'redactor[presidio]'") from None

from redactor.keys import find_key, get_key
from redactor.masking import OPERATORS
from redactor.masking.encrypt import decrypt
from redactor.masking.keyed import Keyed, records
from redactor.restore import restore_text
from redactor.vault import Vault


class AnonymizerEngine(_PresidioAnonymizer):
    """Presidio's ``AnonymizerEngine`` that also knows our operators, with their parameters.

    ``pseudonym``, ``token``, ``fpe``, ``date_shift``, ``generalize``, ``hmac`` (our
    ``hash``) and ``encrypt_gcm`` (our ``encrypt``), beside Presidio's own by their usual
    names in ``OperatorConfig``. What records uses the vault.

    Args:
        vault: another vault file than the state folder's.
        case: the case's name, for scope ``case``.
    """

    def __init__(self, *, vault: str | Path | None = None, case: str = "") -> None:
        super().__init__()
        self._vault = Path(vault) if vault is not None else None
        self._case = case
        for operator in _ANONYMIZERS:
            self.add_anonymizer(operator)

    def anonymize(self, text: str, *arguments: Any, **named: Any) -> Any:
        """As Presidio's ``anonymize``; scope ``document`` is one call, one text."""
        given = named.get("operators") or (arguments[1] if len(arguments) > 1 else None) or {}
        ours = {operator.shown: operator.ours for operator in _ANONYMIZERS}
        recording = any(
            records(ours[config.operator_name], config.params or {})
            for config in given.values()
            if config.operator_name in ours
        )
        document = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        with ExitStack() as closing:
            vault = closing.enter_context(Vault.open(self._vault)) if recording else None
            keyed = Keyed(get_key, document, case=self._case, vault=vault)
            closing.callback(_CURRENT.reset, _CURRENT.set(keyed))
            result = super().anonymize(text, *arguments, **named)
            keyed.commit()
        return result


class DeanonymizeEngine(_PresidioDeanonymizer):
    """Presidio's ``DeanonymizeEngine`` that also undoes our operators.

    ``decrypt_gcm`` opens what ``encrypt_gcm`` made; ``restore`` undoes whatever the vault
    knows (pseudonym, token, fpe, date_shift), and encrypted tokens. Neither has parameters.

    Args:
        vault: another vault file than the state folder's.
        case: prefer what was recorded in this case.
    """

    def __init__(self, *, vault: str | Path | None = None, case: str = "") -> None:
        super().__init__()
        self._vault = Path(vault) if vault is not None else None
        self._case = case
        self.add_deanonymizer(_Decrypt)
        self.add_deanonymizer(_Restore)

    def deanonymize(self, *arguments: Any, **named: Any) -> Any:
        """As Presidio's ``deanonymize``.

        Raises:
            StateError: a key or the vault is not here, or is another one.
            UsageError: a text is none that was made here, or was changed.
        """
        token = _RESTORING.set((self._vault, self._case))
        try:
            return super().deanonymize(*arguments, **named)
        finally:
            _RESTORING.reset(token)


# the item that an engine works on; operators get no other way to it from Presidio
_CURRENT: ContextVar[Keyed | None] = ContextVar("keyed", default=None)
_RESTORING: ContextVar[tuple[Path | None, str]] = ContextVar("restoring", default=(None, ""))


class _Ours(Operator):
    """One of our operators in Presidio's form."""

    ours = ""
    shown = ""

    def operate(self, text: str = "", params: Mapping[str, Any] | None = None) -> str:
        entity, given = self._checked(params)
        keyed = _CURRENT.get()
        if keyed is not None:
            return OPERATORS[self.ours](text, entity, given, keyed)
        with ExitStack() as closing:  # in Presidio's own engine
            vault = closing.enter_context(Vault.open()) if records(self.ours, given) else None
            keyed = Keyed(get_key, "text", vault=vault)
            made = OPERATORS[self.ours](text, entity, given, keyed)
            keyed.commit()
        return made

    def validate(self, params: Mapping[str, Any] | None = None) -> None:
        self._checked(params)

    def _checked(self, params: Mapping[str, Any] | None) -> tuple[str, Mapping[str, Any]]:
        from pydantic import ValidationError

        from redactor.policy.params import PARAMS

        given = dict(params or {})
        entity = str(given.pop("entity_type", ""))
        try:
            return entity, PARAMS[self.ours].model_validate(given).model_dump()
        except ValidationError as error:
            names = sorted({str(item["loc"][0]) for item in error.errors() if item["loc"]})
            raise UsageError(
                f"operator {self.shown} does not take these parameters, or not these values: "
                f"{', '.join(names)}; it knows {', '.join(PARAMS[self.ours].model_fields)}"
            ) from None

    def operator_name(self) -> str:
        return self.shown

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize


class _Pseudonym(_Ours):
    ours = shown = "pseudonym"


class _Hmac(_Ours):
    ours, shown = "hash", "hmac"


class _Encrypt(_Ours):
    ours, shown = "encrypt", "encrypt_gcm"


class _Fpe(_Ours):
    ours = shown = "fpe"


class _Token(_Ours):
    ours = shown = "token"


class _DateShift(_Ours):
    ours = shown = "date_shift"


class _Generalize(_Ours):
    ours = shown = "generalize"


_ANONYMIZERS = (_Pseudonym, _Hmac, _Encrypt, _Fpe, _Token, _DateShift, _Generalize)


class _Decrypt(Operator):
    """Opens an encrypted token."""

    shown = "decrypt_gcm"

    def operate(self, text: str = "", params: Mapping[str, Any] | None = None) -> str:
        try:
            return decrypt(text, find_key)
        except ValueError as error:
            raise UsageError(f"{error}: nothing was restored") from None

    def validate(self, params: Mapping[str, Any] | None = None) -> None:
        unknown = sorted(set(params or {}) - {"entity_type"})
        if unknown:
            raise UsageError(f"operator {self.shown} has no parameters: {', '.join(unknown)}")

    def operator_name(self) -> str:
        return self.shown

    def operator_type(self) -> OperatorType:
        return OperatorType.Deanonymize


class _Restore(_Decrypt):
    """Undoes whatever the vault knows."""

    shown = "restore"

    def operate(self, text: str = "", params: Mapping[str, Any] | None = None) -> str:
        path, case = _RESTORING.get()
        restored, tally = restore_text(text, vault=path, case=case)
        if tally.missed or not tally.restored:
            raise UsageError("the vault knows no such replacement: nothing was restored")
        return restored
