"""Watching a run, item by item, and putting what happened into plain data (JSON-able).

Layout of the data, version 1 (all counts are findings unless said otherwise)::

    {"report": 1, "tool": {name, version}, "started", "ended" (ISO 8601, UTC),
     "policy": {name, hash}, "engine": {part: version}, "dry_run": bool,
     "totals": {"items", "outcomes": {outcome: items}, "findings", "bytes_in", "bytes_out",
                "by_type": [{"entity_type", "found", "redacted", "kept", "review"}],
                "by_evidence": {source: n}, "scores": [10 counts, 0.0-0.1 .. 0.9-1.0],
                "verification": {"units", "values", "kept"}},
     "items": [{"item", "outcome", "message", "format", "findings", "bytes_in", "bytes_out",
                "chunks", "by_type": [...],
                "places": [{"place", "entity_type", "fate", "reason", "found"}],
                "places_left_out": n, "verification": {...}, "name" (only if asked for)}]}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redactor.judge import Judgement
from redactor.pipeline import Result
from redactor.policy.model import Policy
from redactor.values import Decision, Unit, Verdict
from redactor.version import __version__

MOST_PLACES = 500  # distinct (place, type) pairs kept for an item; the rest is counted
_PARTS = 10  # a document without pages is told apart by tenths of its length


@dataclass(slots=True)
class _Seen:
    """What was seen of one item."""

    types: Counter[tuple[str, str]] = field(default_factory=Counter)  # entity, fate
    evidence: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    left_out: int = 0
    scores: list[int] = field(default_factory=lambda: [0] * 10)


class Collector:
    """Give :meth:`observe` to :meth:`Engine.redact <redactor.pipeline.Engine.redact>`.

    Memory stays bounded whatever the size of the input. ``names``: source names, as given
    to :meth:`ended`, stand in the report.
    """

    def __init__(self, policy: Policy, *, dry_run: bool = False, names: bool = False) -> None:
        self._policy = policy
        self._dry_run = dry_run
        self._names = names
        self._started = datetime.now(UTC)
        self._seen: dict[str, _Seen] = {}
        self._items: list[dict[str, Any]] = []
        self._all = _Seen()

    def observe(self, judgement: Judgement, result: Result) -> None:
        """Count the decisions of one release unit."""
        seen = self._seen.setdefault(result.item, _Seen())
        units = {unit.id: unit for unit in judgement.units}
        for decision in judgement.decisions:
            finding = decision.finding
            key = finding.entity_type, fate_of(decision)
            band = min(int(finding.score * 10), 9)
            for count in (seen, self._all):
                count.types[key] += 1
                count.evidence[str(finding.why.source)] += 1
                count.scores[band] += 1
            place = place_of(units[finding.unit], finding.start, result)
            spot = place, *key, decision.reason
            if spot in seen.places or len(seen.places) < MOST_PLACES:
                seen.places[spot] += 1
            else:
                seen.left_out += 1

    def ended(self, result: Result, name: str = "") -> dict[str, Any]:
        """Note how an item ended; ``name`` is used only where names were asked for.

        Returns the item's part of the report.
        """
        seen = self._seen.pop(result.item, _Seen())
        entry: dict[str, Any] = {
            "item": result.item,
            "outcome": str(result.outcome),
            "message": result.message,
            "format": result.format,
            "findings": sum(seen.types.values()),
            "bytes_in": result.bytes_in,
            "bytes_out": result.bytes_out,
            "chunks": result.chunks,
            "by_type": _by_type(seen.types),
            "places": [
                {
                    "place": place,
                    "entity_type": entity,
                    "fate": fate,
                    "reason": reason,
                    "found": number,
                }
                for (place, entity, fate, reason), number in seen.places.items()
            ],
            "places_left_out": seen.left_out,
            "verification": _verification([result]),
        }
        if self._names and name:
            entry["name"] = name
        self._items.append(entry)
        return entry

    def as_dict(self, results: Iterable[Result], engine: Mapping[str, str]) -> dict[str, Any]:
        """The whole report; ``engine`` names what took part and its version."""
        results = list(results)
        outcomes = Counter(str(result.outcome) for result in results)
        return {
            "report": 1,
            "tool": {"name": "redactor", "version": __version__},
            "started": self._started.isoformat(timespec="seconds"),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "policy": {"name": self._policy.name, "hash": self._policy.hash},
            "engine": dict(sorted(engine.items())),
            "dry_run": self._dry_run,
            "totals": {
                "items": len(results),
                "outcomes": dict(sorted(outcomes.items())),
                "findings": sum(self._all.types.values()),
                "bytes_in": sum(result.bytes_in for result in results),
                "bytes_out": sum(result.bytes_out for result in results),
                "by_type": _by_type(self._all.types),
                "by_evidence": dict(sorted(self._all.evidence.items())),
                "scores": self._all.scores,
                "verification": _verification(results),
            },
            "items": self._items,
        }


def place_of(unit: Unit, start: int, result: Result) -> str:
    """A place that people can find and that groups findings; holds no document text."""
    kind, place = unit.locator.kind, unit.locator.place
    if kind == "cell":
        return f"column {place.partition(':')[2]}"
    if kind == "json":
        levels = place.rpartition("#")[2].split("/")
        return f"member {'/'.join(levels[:3]) or '/'}"
    if kind == "text":
        if unit.by_line:
            return f"chunk {result.chunks + 1}"
        part = start * _PARTS // max(len(unit.text), 1)
        return f"{part * 100 // _PARTS}-{(part + 1) * 100 // _PARTS} % of the text"
    return f"{kind} {place.partition('/')[0]}"


def fate_of(decision: Decision) -> str:
    """redacted, kept or review."""
    if decision.verdict is Verdict.REVIEW:
        return "review"
    if decision.verdict is Verdict.KEEP or decision.operator == "keep":
        return "kept"
    return "redacted"


def _by_type(types: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for (entity, fate), number in sorted(types.items()):
        row = rows.setdefault(
            entity, {"entity_type": entity, "found": 0, "redacted": 0, "kept": 0, "review": 0}
        )
        row["found"] += number
        row[fate] += number
    return sorted(rows.values(), key=lambda row: (-row["found"], row["entity_type"]))


def _verification(results: Iterable[Result]) -> dict[str, int]:
    reports = [result.report for result in results]
    return {
        "units": sum(report.units for report in reports),
        "values": sum(report.values for report in reports),
        "kept": sum(report.kept for report in reports),
    }
