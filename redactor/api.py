"""The public Python API: stable names, plain results.

>>> from redactor import Redactor
>>> print(Redactor("base").redact_text("Mail me: jane@example.com").text)  # doctest: +SKIP
Mail me: <EMAIL_ADDRESS>
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from redactor.detection.detect import Detector
from redactor.errors import UsageError, VerificationError, WithheldError
from redactor.judge import Judge
from redactor.masking import Masker, check_case, needs_vault
from redactor.pipeline import Engine, Item, Options
from redactor.policy import load_policy
from redactor.policy.language import Reading, reading_of
from redactor.policy.model import Policy
from redactor.policy.override import with_deny, with_ner
from redactor.values import Finding, Locator, Outcome, Unit
from redactor.vault import Vault
from redactor.verify import Report, check_text, expected_text


@dataclass(frozen=True, slots=True)
class TextResult:
    """A redacted text and what was found in the original (offsets in code points)."""

    text: str = field(repr=False)
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file.

    ``outcome`` tells whether ``dst`` was written (released or partial); ``counts`` is
    entity type -> findings; ``item`` is the id in the audit trail.
    """

    outcome: Outcome
    message: str
    counts: dict[str, int]
    report: Report
    item: str


class Redactor:
    """Finds and redacts personal data under one policy. Make once, use often.

    Args:
        policy: preset name, path of a YAML file, or a loaded policy.
        ner: override of the policy's model use: ``auto``, ``always`` or ``never``.
        model: override of the model: ``embedded``, a folder or a Hugging Face id.
        backend: override of the backend: ``onnx``, ``torch`` or ``spacy``.
        threads: threads of the model.
        vault: another vault file than the state folder's, for policies that record.
        case: the case's name, for policies that keep pseudonyms per case.
        deny: files of further values that are always found, one a line.
        deny_as: type of what they find; ``DENY_LIST`` if missing.
        deny_match: ``exact``, ``ignore-case``, or ``fuzzy`` (ignoring case and one mistake).

    Raises:
        UsageError: the policy keeps pseudonyms per case and none was named.
        PolicyError: the policy is not valid.
        StateError: rules or model are missing.
    """

    def __init__(
        self,
        policy: str | Path | Policy = "base",
        *,
        ner: str | None = None,
        model: str | None = None,
        backend: str | None = None,
        threads: int = 1,
        vault: str | Path | None = None,
        case: str = "",
        deny: Sequence[str | Path] = (),
        deny_as: str | None = None,
        deny_match: str = "exact",
    ) -> None:
        loaded = policy if isinstance(policy, Policy) else load_policy(policy)
        loaded = with_ner(loaded, use=ner, model=model, backend=backend)
        self.policy = with_deny(loaded, deny, entity=deny_as, match=deny_match)
        check_case(self.policy, case)
        self._vault_path = Path(vault) if vault is not None else None
        self._case = case
        self._detector = Detector(self.policy, ner_threads=threads)

    def scan_text(self, text: str, language: str = "en") -> list[Finding]:
        """Findings in a text, without overlaps, in order of start.

        Raises:
            UsageError: another language than the policy's, and it says ``withhold``.
        """
        return self.scan_texts([text], language)[0]

    def scan_texts(self, texts: Sequence[str], language: str = "en") -> list[list[Finding]]:
        """Findings for each text; each text is an item of its own, scanned in one batch."""
        reading = self._reading(language)
        units = [_unit(text, str(number)) for number, text in enumerate(texts)]
        found: list[list[Finding]] = [[] for _ in units]
        detection = self._detector.detect(units, together=False, use_model=reading.use_model)
        for finding in detection.findings:
            found[int(finding.unit)].append(finding)
        return found

    def redact_text(self, text: str, language: str = "en") -> TextResult:
        """The text with the policy's operators applied, checked before it is returned.

        Raises:
            WithheldError: the policy wants a person to look first.
            StateError: a key or the vault cannot be used.
            VerificationError: a redacted value would still stand in the result.
        """
        reading = self._reading(language)
        unit = _unit(text, "0")
        with ExitStack() as closing:
            vault = None
            if needs_vault(self.policy):
                vault = closing.enter_context(Vault.open(self._vault_path))
            masker = Masker(
                self.policy,
                scope=sha256(text.encode("utf-8", "replace")).hexdigest(),
                vault=vault,
                case=self._case,
                whole=True,
            )
            judge = Judge(self._detector, masker, use_model=reading.use_model)
            judgement = judge.judge([unit])
        if judgement.proposals:
            raise WithheldError(
                f"{len(judgement.proposals)} findings wait for a person under policy "
                f"{self.policy.name}: review them, or use a policy without review verdicts"
            )
        redacted, _ = expected_text(text, judgement.redactions)
        report = check_text(
            unit, redacted, judgement.redactions, judgement.values, judgement.permitted,
            self.policy.leak_min_length,
        )  # fmt: skip
        if not report.passed:
            raise VerificationError(report.problems[0])
        return TextResult(redacted, [decision.finding for decision in judgement.decisions])

    def redact_file(
        self,
        src: str | Path,
        dst: str | Path,
        *,
        overwrite: bool = False,
        format: str | None = None,
    ) -> FileResult:
        """Take a file the whole way: redacted copy, verification, audit rows.

        Nothing stands at ``dst`` unless the outcome is released or partial.
        """
        source = Path(src)
        options = Options(
            format=format,
            overwrite=overwrite,
            actor="api",
            vault=self._vault_path,
            case=self._case,
        )
        with Engine(self.policy, options, detector=self._detector) as engine:
            result = engine.redact(Item(source, Path(dst), source.name))
        counts: dict[str, int] = {}
        for (entity, _, _), number in result.counts.items():
            counts[entity] = counts.get(entity, 0) + number
        return FileResult(result.outcome, result.message, counts, result.report, result.item)

    def _reading(self, language: str) -> Reading:
        try:
            return reading_of(self.policy, language)
        except WithheldError as error:
            raise UsageError(str(error)) from None


def _unit(text: str, unit_id: str) -> Unit:
    return Unit(unit_id, text, Locator("text", unit_id))
