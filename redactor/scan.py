"""Look without touching: findings of an item with their places, nothing written."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from redactor.detection.detect import Detector
from redactor.formats import FORMATS, detect_format, open_source
from redactor.formats.base import ReadOptions
from redactor.policy.decide import decide_all
from redactor.policy.language import reading_of
from redactor.values import Decision, Miss, Unit, Verdict, Why


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision and where it stands. ``line`` and ``column`` are 1-based, for text only.

    Where ``miss`` is given it was not taken: the decision keeps it, and the miss says why.
    """

    decision: Decision
    place: str
    line: int | None
    column: int | None
    without_model: bool = False
    miss: Miss | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form; holds no document text."""
        finding, why = self.decision.finding, self.decision.finding.why
        record: dict[str, Any] = {
            "entity_type": finding.entity_type,
            "place": self.place,
            "line": self.line,
            "column": self.column,
            "start": finding.start,
            "end": finding.end,
            "score": round(finding.score, 4),
            "recognizer": finding.recognizer,
            "verdict": str(self.decision.verdict),
            "operator": self.decision.operator,
            "rule": self.decision.rule,
            "reason": self.decision.reason,
            "why": why_dict(why),
        }
        if self.miss is not None:
            record["not_redacted"] = {"cause": str(self.miss.cause), "detail": self.miss.detail}
        return record


def why_dict(why: Why) -> dict[str, Any]:
    """The evidence as JSON-able data: names of rules, scores and distances, never text."""
    return {
        "source": str(why.source),
        "pattern": why.pattern,
        "validator": why.validator,
        "context": why.context,
        "context_characters": why.distance if why.context else None,
        "context_words": why.words if why.context else None,
        "base_score": round(why.base, 4),
        "hotword": why.hotword,
        "origin": why.origin,
        "detail": why.detail,
    }


@dataclass(slots=True)
class ScanState:
    """What a scan learned beside the findings."""

    format: str = ""
    message: str = ""
    without_model: bool = False
    bytes_in: int = 0


def scan(
    source: Path | BinaryIO,
    detector: Detector,
    *,
    name: str = "",
    format_name: str | None = None,
    options: ReadOptions | None = None,
    state: ScanState | None = None,
    language: str | None = None,
    explain: bool = False,
) -> Iterator[Seen]:
    """Findings of one item in reading order, chunk by chunk.

    ``explain``: also what was not taken, after each chunk's findings. ``language`` is what
    the item is declared to be in.

    Raises:
        UnreadableError: the item cannot be read as its format.
        StateError: the model is missing and the policy says ``withhold``.
        WithheldError: the policy is for another language, and says ``withhold``.
    """
    reading = reading_of(detector.policy, language)
    options = replace(
        options or ReadOptions(),
        pdf=detector.policy.pdf,
        office=detector.policy.office,
        language=language or detector.policy.language,
    )
    state = state or ScanState()
    state.message = reading.message
    counted: Counter[str] = Counter()
    with open_source(source, options) as opened:
        state.format = format_name or detect_format(name, opened.peek(65536))
        lines_before = 0
        for chunk in FORMATS[state.format]().chunks(opened.stream, options):
            detection = detector.detect(chunk.units, use_model=reading.use_model, explain=explain)
            state.without_model = state.without_model or detection.without_model
            state.bytes_in = opened.bytes_read
            units = {unit.id: unit for unit in chunk.units}
            lines = _Lines(chunk.units, lines_before)
            fields = {unit.id: unit.field for unit in chunk.units}
            decisions = decide_all(detection.findings, detector.policy, fields, counted)
            kept = [(_kept(miss), miss) for miss in detection.misses]
            for decision, miss in [*((d, None) for d in decisions), *kept]:
                unit = units[decision.finding.unit]
                line, column = lines.place(unit, decision.finding.start)
                yield Seen(decision, str(unit.locator), line, column, miss=miss)
            lines_before = lines.total
        opened.finish()


def _kept(miss: Miss) -> Decision:
    return Decision(miss.finding, Verdict.KEEP, "keep", rule=str(miss.cause))


class _Lines:
    """Line numbers of text units; ends of lines are looked up once a unit."""

    def __init__(self, units: Sequence[Unit], before: int) -> None:
        self._ends: dict[str, tuple[int, list[int]]] = {}
        self._units = units
        self._before = before
        self._total: int | None = None

    @property
    def total(self) -> int:
        """Line ends up to the end of these units, from the start of the item."""
        if self._total is None:
            self._total = self._before + sum(
                unit.text.count("\n") for unit in self._units if unit.locator.kind == "text"
            )
        return self._total

    def place(self, unit: Unit, start: int) -> tuple[int | None, int | None]:
        if unit.locator.kind != "text":
            return None, None
        if unit.id not in self._ends:
            text, ends, at = unit.text, [], -1
            while (at := text.find("\n", at + 1)) >= 0:
                ends.append(at)
            self._ends[unit.id] = (self._before, ends)
        before, ends = self._ends[unit.id]
        row = bisect_right(ends, start - 1)
        return before + row + 1, start - (ends[row - 1] + 1 if row else 0) + 1
