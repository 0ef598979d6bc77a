"""The public Python API: stable names, plain results.

>>> from redactor import Redactor
>>> print(Redactor("base").redact_text("Mail me: jane@example.com").text)  # doctest: +SKIP
Mail me: <EMAIL_ADDRESS>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from redactor.detection.detect import Detector
from redactor.errors import UsageError, VerificationError, WithheldError
from redactor.judge import Judge
from redactor.masking import Masker
from redactor.pipeline import Engine, Item, Options
from redactor.policy import load_policy
from redactor.policy.model import Policy
from redactor.policy.override import with_deny, with_ner
from redactor.values import Finding, Locator, Outcome, Unit
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
        deny: files of further values that are always found, one a line.
        deny_as: type of what they find; ``DENY_LIST`` if missing.
        deny_match: ``exact``, ``ignore-case``, or ``fuzzy`` (ignoring case and one mistake).

    Raises:
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
        deny: Sequence[str | Path] = (),
        deny_as: str | None = None,
        deny_match: str = "exact",
    ) -> None:
        loaded = policy if isinstance(policy, Policy) else load_policy(policy)
        loaded = with_ner(loaded, use=ner, model=model, backend=backend)
        self.policy = with_deny(loaded, deny, entity=deny_as, match=deny_match)
        self._detector = Detector(self.policy, ner_threads=threads)

    def scan_text(self, text: str, language: str = "en") -> list[Finding]:
        """Findings in a text, without overlaps, in order of start.

        Raises:
            UsageError: a language for which the policy has no rules.
        """
        return self.scan_texts([text], language)[0]

    def scan_texts(self, texts: Sequence[str], language: str = "en") -> list[list[Finding]]:
        """Findings for each text; each text is an item of its own, scanned in one batch."""
        self._check_language(language)
        units = [_unit(text, str(number)) for number, text in enumerate(texts)]
        found: list[list[Finding]] = [[] for _ in units]
        for finding in self._detector.detect(units, together=False).findings:
            found[int(finding.unit)].append(finding)
        return found

    def redact_text(self, text: str, language: str = "en") -> TextResult:
        """The text with the policy's operators applied, checked before it is returned.

        Raises:
            WithheldError: the policy wants a person to look first.
            VerificationError: a redacted value would still stand in the result.
        """
        self._check_language(language)
        unit = _unit(text, "0")
        masker = Masker(self.policy, scope=sha256(text.encode("utf-8", "replace")).hexdigest())
        judgement = Judge(self._detector, masker).judge([unit])
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
        options = Options(format=format, overwrite=overwrite, actor="api")
        with Engine(self.policy, options, detector=self._detector) as engine:
            result = engine.redact(Item(source, Path(dst), source.name))
        counts: dict[str, int] = {}
        for (entity, _, _), number in result.counts.items():
            counts[entity] = counts.get(entity, 0) + number
        return FileResult(result.outcome, result.message, counts, result.report, result.item)

    def _check_language(self, language: str) -> None:
        if language != self.policy.language:
            raise UsageError(
                f"policy {self.policy.name} is for {self.policy.language}, not {language}: "
                "load a policy whose `language` fits"
            )


def _unit(text: str, unit_id: str) -> Unit:
    return Unit(unit_id, text, Locator("text", unit_id))
