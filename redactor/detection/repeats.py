"""Cells repeat: short texts that are equal are scanned once, and remembered.

Only what a scan of the text alone finds is remembered, never what its neighbours add.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from redactor.values import Finding, Unit

_SHORT = 80  # characters; longer texts hardly repeat
_REMEMBERED = 50_000  # texts; their findings take some 20 MB at most

Scan = Callable[[Sequence[Unit]], list[Finding]]


class Repeats:
    """Answers of a scan, by text and by what else the scan of a unit depends on."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._known: dict[tuple[Hashable, str], tuple[Finding, ...]] = {}

    def find(self, units: Sequence[Unit], key: Callable[[Unit], Hashable]) -> list[Finding]:
        """What the scan finds in all units; ``key`` says what it depends on beside the text."""
        found: list[Finding] = []
        asked: list[Unit] = []
        same: dict[tuple[Hashable, str], list[str]] = {}
        for unit in units:
            text = unit.text
            if len(text) > _SHORT or unit.by_line or unit.locator.text_kind == "text":
                asked.append(unit)
                continue
            name = key(unit), text
            known = self._known.get(name)
            if known is not None:
                found += [_moved(finding, unit.id) for finding in known]
            elif name in same:
                same[name].append(unit.id)
            else:
                same[name] = []
                asked.append(unit)
        new = self._scan(asked)
        answers: dict[str, list[Finding]] = {}
        for finding in new:
            answers.setdefault(finding.unit, []).append(finding)
        found += new
        for unit in asked:
            name = key(unit), unit.text
            copies = same.get(name)
            if copies is None:
                continue
            mine = tuple(answers.get(unit.id, ()))
            for copy in copies:
                found += [_moved(finding, copy) for finding in mine]
            self._remember(name, mine)
        return found

    def _remember(self, name: tuple[Hashable, str], mine: tuple[Finding, ...]) -> None:
        if len(self._known) >= _REMEMBERED:
            for old in list(self._known)[: _REMEMBERED // 2]:
                del self._known[old]
        self._known[name] = mine


def _moved(finding: Finding, unit: str) -> Finding:
    return Finding(
        unit, finding.span, finding.entity_type, finding.score, finding.recognizer, finding.why,
        finding.text, finding.extent,
    )  # fmt: skip
