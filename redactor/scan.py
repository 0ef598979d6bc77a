"""Look without touching: findings of an item with their places, nothing written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from redactor.detection.detect import Detector
from redactor.formats import FORMATS, detect_format, open_source
from redactor.formats.base import ReadOptions
from redactor.policy.decide import decide
from redactor.values import Decision, Unit


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision and where it stands. ``line`` and ``column`` are 1-based, for text only."""

    decision: Decision
    place: str
    line: int | None
    column: int | None
    without_model: bool = False

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
            "why": {
                "source": str(why.source),
                "pattern": why.pattern,
                "validator": why.validator,
                "context": why.context,
                "detail": why.detail,
            },
        }
        return record


@dataclass(slots=True)
class ScanState:
    """What a scan learned beside the findings."""

    format: str = ""
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
) -> Iterator[Seen]:
    """Findings of one item in reading order, chunk by chunk.

    Raises:
        UnreadableError: the item cannot be read as its format.
        StateError: the model is missing and the policy says ``withhold``.
    """
    options = replace(options or ReadOptions(), office=detector.policy.office)
    state = state or ScanState()
    with open_source(source, options) as opened:
        state.format = format_name or detect_format(name, opened.peek(65536))
        lines_before = 0
        for chunk in FORMATS[state.format]().chunks(opened.stream, options):
            detection = detector.detect(chunk.units)
            state.without_model = state.without_model or detection.without_model
            state.bytes_in = opened.bytes_read
            units = {unit.id: unit for unit in chunk.units}
            lines = _Lines(chunk.units, lines_before)
            for finding in detection.findings:
                unit = units[finding.unit]
                line, column = lines.place(unit, finding.start)
                decision = decide(finding, detector.policy, unit.field)
                yield Seen(decision, str(unit.locator), line, column)
            lines_before = lines.total
        opened.finish()


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
