"""Try a policy: on a text, or two policies on the same files. Nothing is written or kept.

Keys that exist are used, so that pseudonyms are those of a real run; where there is none an
ephemeral one takes its place and is forgotten.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from redactor.detection.detect import Detector
from redactor.errors import StateError
from redactor.judge import Judge, Judgement
from redactor.keys import Key, get_key, key_id
from redactor.masking import Masker
from redactor.masking.masker import needs_vault
from redactor.policy.language import reading_of
from redactor.policy.model import Policy
from redactor.scan import scan
from redactor.values import Locator, Unit, Verdict
from redactor.vault import Vault
from redactor.verify import expected_text


@dataclass(frozen=True, slots=True)
class Trial:
    """What a policy makes of a text: the decisions, and the text with all of them applied.

    ``waits`` is how many of them a person would have to confirm first.
    """

    judgement: Judgement
    text: str = field(repr=False)
    waits: int


class Trier:
    """Tries one policy on texts; ``explain`` False: without what was not taken.

    Raises:
        PolicyError: the policy looks for a type that nothing finds, or demands a subject.
        StateError: the model is missing and the policy says ``withhold``.
    """

    def __init__(
        self, policy: Policy, *, language: str | None = None, explain: bool = True
    ) -> None:
        self._policy = policy
        self._explain = explain
        self._reading = reading_of(policy, language)
        self._detector = Detector(policy)
        self._keys: dict[str, Key] = {}

    def text(self, text: str, *, by_line: bool = False, field_name: str | None = None) -> Trial:
        """Find, decide and mask; ``field_name`` is the column or key that holds the text."""
        unit = Unit("0", text, Locator("text", "0"), field=field_name, by_line=by_line)
        scope = sha256(text.encode("utf-8", "replace")).hexdigest()
        with ExitStack() as closing:
            vault = None
            if needs_vault(self._policy):
                vault = closing.enter_context(Vault.open(dry=True))
            masker = Masker(
                self._policy, scope=scope, key_source=self._key, vault=vault, case="try",
                whole=True,
            )  # fmt: skip
            judge = Judge(
                self._detector,
                masker,
                apply_proposed=True,
                use_model=self._reading.use_model,
                explain=self._explain,
            )
            judgement = judge.judge([unit])
        masked, _ = expected_text(text, judgement.redactions)
        return Trial(judgement, masked, len(judgement.proposals))

    def _key(self, name: str) -> Key:
        if name not in self._keys:
            try:
                self._keys[name] = get_key(name, create=False)
            except StateError:
                secret = secrets.token_bytes(32)
                self._keys[name] = Key(name, key_id(secret), secret)
        return self._keys[name]


Counts = Counter[tuple[str, Verdict]]


def count_findings(files: Iterable[Path], policy: Policy) -> Counts:
    """(entity type, verdict) -> findings, over all files.

    Raises:
        UnreadableError: a file cannot be read as its format.
        StateError: the model is missing and the policy says ``withhold``.
    """
    detector = Detector(policy)
    counts: Counts = Counter()
    for path in files:
        for seen in scan(path, detector, name=path.name):
            counts[seen.decision.finding.entity_type, seen.decision.verdict] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Shift:
    """Findings of a type that are acted upon, under the first policy and under the second."""

    entity: str
    before: int
    after: int

    @property
    def sentence(self) -> str:
        """``DATE_TIME findings fell from 412 to 0``."""
        if self.before == self.after:
            return f"{self.entity} findings stay at {self.before}"
        way = "rose" if self.after > self.before else "fell"
        return f"{self.entity} findings {way} from {self.before} to {self.after}"


def compare_on(files: Sequence[Path], old: Policy, new: Policy) -> list[Shift]:
    """How many findings each policy acts upon, by type; kept ones do not count."""
    before, after = count_findings(files, old), count_findings(files, new)
    return [
        Shift(name, _acted(before, name), _acted(after, name))
        for name in sorted({entity for entity, _ in (*before, *after)})
    ]


def _acted(counts: Counts, entity: str) -> int:
    return sum(
        number
        for (name, verdict), number in counts.items()
        if name == entity and verdict is not Verdict.KEEP
    )
