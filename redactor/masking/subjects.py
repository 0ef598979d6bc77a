"""Whom a value is about: what a named column or key says in the same row or object.

``date_shift`` moves all dates of one subject alike. In a table that is the cell of the
named column in the same row; in JSON the nearest object around the value that has the key.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from redactor.values import Decision, Unit


class Subjects:
    """Subjects of one release unit; looked for only where a decision names a field."""

    def __init__(self, units: Sequence[Unit], decisions: Sequence[Decision]) -> None:
        names = {str(d.params["subject"]) for d in decisions if d.params.get("subject")}
        self._by_id = {unit.id: unit for unit in units} if names else {}
        self._holders: dict[str, dict[str, str]] = {
            name: {
                holder(unit): unit.text.strip()
                for unit in units
                if unit.field and matches(name, unit.field)
            }
            for name in names
        }

    def of(self, decision: Decision) -> str:
        """The subject of a finding; "" where no field names one."""
        name = decision.params.get("subject")
        unit = self._by_id.get(decision.finding.unit)
        if not name or unit is None:
            return ""
        holders = self._holders[str(name)]
        place = holder(unit)
        while True:
            if place in holders:
                return holders[place]
            if "/" not in place:
                return ""
            place = place.rpartition("/")[0]


def matches(name: str, field: str) -> bool:
    """Whether a field is the one named: a glob over the whole path or its last part."""
    whole, wanted = field.casefold().replace("[]", ""), name.casefold()
    return fnmatch.fnmatchcase(whole.rpartition(".")[2], wanted) or fnmatch.fnmatchcase(
        whole, wanted
    )


def record_of(unit: Unit) -> str:
    """The row of a cell or the line of JSON Lines; "" for anything else."""
    kind, place = unit.locator.kind, unit.locator.place
    if kind == "cell":
        return place.partition(":")[0]
    line, mark, _ = place.partition("#")
    return line if kind == "json" and mark else ""


def holder(unit: Unit) -> str:
    """The row of a cell, or the pointer of the object or list around a JSON value."""
    place = unit.locator.place
    if unit.locator.kind == "cell":
        return place.partition(":")[0]
    return place.rpartition("/")[0]
