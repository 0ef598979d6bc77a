"""What the terminal sees: a line an item, a table at the end, progress on long work.

Tables and colours for people; in a pipe plain lines without either. Paths are shown here
and nowhere else; values never.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from redactor.policy.model import Policy
from redactor.values import Outcome, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from redactor.audit import Recovered
    from redactor.judge import Judgement
    from redactor.pipeline import Item, Observer, Result

_COLOURS = {
    Outcome.RELEASED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.REVIEW: "yellow",
    Outcome.WITHHELD: "red",
    Outcome.UNREADABLE: "red",
}
_QUIET_SECONDS = 1.0  # work shorter than this shows no progress


class Screen:
    """Writes to one stream (standard error where standard output carries data)."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._quiet = quiet
        self._console: Console | None = None
        if stream.isatty():
            from rich.console import Console

            self._console = Console(file=stream, highlight=False)

    def line(self, text: str, colour: str = "") -> None:
        """One line, coloured on a terminal."""
        if self._console is not None:
            from rich.markup import escape

            shown = escape(text)
            self._console.print(f"[{colour}]{shown}[/]" if colour else shown, soft_wrap=True)
        else:
            print(text, file=self._stream)

    def item(self, item: Item, result: Result) -> None:
        """The outcome of one item; failures are shown even when quiet."""
        ended_well = result.outcome is Outcome.RELEASED
        if self._quiet and ended_well:
            return
        name = str(item.source) if isinstance(item.source, Path) else "standard input"
        found = sum(result.counts.values())
        message = f": {result.message}" if result.message else ""
        self.line(
            f"{result.outcome:<10} {printable(name)}  {result.format or '-'}  "
            f"{found} findings{message}",
            _COLOURS[result.outcome],
        )
        for notice in result.notices:
            self.line(f"  note: {notice}", "yellow")

    def recovered(self, recovered: Sequence[Recovered]) -> None:
        """What a killed run had left open."""
        for entry in recovered:
            self.line(f"recovered an interrupted item: {entry.outcome}", "yellow")

    def summary(self, results: Sequence[Result], policy: Policy, *, dry_run: bool) -> None:
        """What was found and done, and the proof, over all items."""
        if self._quiet:
            return
        totals: Counter[tuple[str, str, str]] = Counter()
        for result in results:
            totals.update(result.counts)
        rows = [
            (
                entity,
                str(number),
                operator if verdict == Verdict.REDACT else f"{verdict} ({operator})",
            )
            for (entity, verdict, operator), number in sorted(totals.items())
        ]
        self.table(("entity", "found", "action"), rows)
        outcomes = Counter(result.outcome for result in results)
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        self.line(f"policy {policy.name} ({policy.hash[:12]}): {told or 'nothing to do'}")
        if dry_run:
            self.line("dry run: nothing was written")
            return
        units = sum(result.report.units for result in results)
        values = sum(result.report.values for result in results)
        problems = sum(1 for result in results if result.outcome is Outcome.WITHHELD)
        self.line(
            f"verified by a separate process: {units} texts re-read, {values} redacted values "
            f"searched for, {problems} items withheld"
        )
        self.line("recorded in the audit trail: check it with `redactor audit verify`")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table for people, tab-separated lines in a pipe."""
        if not rows:
            return
        if self._console is None:
            for row in (head, *rows):
                print("\t".join(row), file=self._stream)
            return
        from rich.table import Table

        table = Table(*head)
        for row in rows:
            table.add_row(*row)
        self._console.print(table)

    @contextmanager
    def progress(self, item: Item) -> Iterator[Observer]:
        """An observer that shows how far an item is, on terminals and long work only."""
        if self._console is None or self._quiet or not isinstance(item.source, Path):
            yield lambda judgement, result: None
            return
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

        size = item.source.stat().st_size
        started = time.monotonic()
        with Progress(
            "{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            console=self._console, transient=True,
        ) as bar:  # fmt: skip
            task = bar.add_task(printable(item.source.name), total=size, visible=False)

            def advance(judgement: Judgement, result: Result) -> None:
                visible = time.monotonic() - started > _QUIET_SECONDS
                bar.update(task, completed=result.bytes_in, visible=visible)

            yield advance

    def explainer(self, then: Observer) -> Observer:
        """An observer that also says of every finding why it was found."""
        return explainer(self.line, then)


def explainer(write: Callable[[str], None], then: Observer) -> Observer:
    """Explain each decision of a release unit through ``write``, then go on to ``then``."""

    def observe(judgement: Judgement, result: Result) -> None:
        places = {unit.id: unit.locator for unit in judgement.units}
        for decision in judgement.decisions:
            finding = decision.finding
            place = places[finding.unit]
            write(
                f"  {place} [{finding.start}:{finding.end}] {finding.entity_type} "
                f"{finding.score:.2f} {decision.verdict}/{decision.operator} "
                f"by {decision.rule}: {explain(decision.finding.why)}"
            )
        if judgement.columns is not None:
            for number, told in judgement.columns.rules.items():
                write(f"  column {number + 1}: {told}")
        then(judgement, result)

    return observe


def explain(why: object) -> str:
    """One line for a :class:`~redactor.values.Why`."""
    parts = [str(getattr(why, "source", ""))]
    for name in ("pattern", "validator", "context", "detail"):
        value = getattr(why, name, "")
        if value:
            parts.append(f"{name} {value}")
    return ", ".join(parts)


def printable(name: str) -> str:
    """A file name that cannot steer the terminal: control characters shown as escapes."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "replace").decode()
        for char in name.encode("utf-8", "replace").decode()
    )
