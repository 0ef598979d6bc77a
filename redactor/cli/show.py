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

from redactor.policy.model import ListEntry, Policy
from redactor.values import Finding, Miss, Outcome, Source, Verdict

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
        told = result.message or _notable(result)
        message = f": {told}" if told else ""
        if result.renamed is not None:
            message = f", as {printable(result.renamed.name)}{message}"
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

    def about(self, policy: Policy, expired: Sequence[ListEntry]) -> None:
        """What people must know about the policy before they trust the result."""
        if self._quiet:
            return
        for entry in expired:
            where = f" ({entry.place})" if entry.place else ""
            self.line(
                f"{entry.id}{where} expired on {entry.expires} and no longer counts: renew or "
                "remove it",
                "yellow",
            )
        for override in policy.overrides:
            self.line(
                f"looser than {override.policy}: {override.part}: {override.what} "
                f"(because: {override.reason})",
                "yellow",
            )

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
        for sentence in policy.attest:
            self.line(
                f"before the copy is given away a person has to confirm: {sentence}", "yellow"
            )

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


def _notable(result: Result) -> str:
    """What a person should know about how a document was written."""
    details = result.report.details
    notes = []
    pages = details.get("pages_rastered") or []
    if pages:
        listed = ", ".join(map(str, pages[:8])) + (" ..." if len(pages) > 8 else "")
        notes.append(f"page {listed} became a picture (its text could not be proven clean)")
    if details.get("glyphs_under_old_boxes"):
        notes.append("text under boxes that the source already had was removed")
    return "; ".join(notes)


def explainer(write: Callable[[str], None], then: Observer) -> Observer:
    """Explain each decision of a release unit through ``write``, then go on to ``then``."""

    def observe(judgement: Judgement, result: Result) -> None:
        places = {unit.id: unit.locator for unit in judgement.units}
        for decision in judgement.decisions:
            finding = decision.finding
            write(
                f"  {places[finding.unit]} [{finding.start}:{finding.end}] {finding.entity_type} "
                f"{finding.score:.2f} {decision.verdict}/{decision.operator} "
                f"by {decision.rule}: {explain(finding)}"
            )
        for miss in judgement.misses:
            finding = miss.finding
            write(
                f"  {places[finding.unit]} [{finding.start}:{finding.end}] {finding.entity_type} "
                f"{finding.score:.2f} not redacted: {explain_miss(miss)}"
            )
        if judgement.columns is not None:
            for number, told in judgement.columns.rules.items():
                write(f"  column {number + 1}: {told}")
        then(judgement, result)

    return observe


def explain(finding: Finding) -> str:
    """One line saying why something was found; names of rules, scores and distances only."""
    why = finding.why
    if why.source is Source.MODEL:
        parts = [f"model label {why.pattern}, score {why.detail}"]
    elif why.source is Source.PROPAGATED:
        parts = [f"same value as at {why.origin}" if why.origin else "same value as elsewhere"]
        parts += [f"by {why.detail}"] if why.detail else []
    elif why.source is Source.FIELD:
        parts = [f"field rule {why.pattern}"]
    elif why.source is Source.DENY:
        parts = [f"list entry {why.pattern}"]
    elif why.source is Source.REVIEWER:
        parts = ["marked by a person"]
    else:
        parts = [f"pattern {why.pattern} of {finding.recognizer}, score {why.base:.2f}"]
    if why.validator:
        parts.append(f"check {why.validator} passed")
    if why.context:
        place = "inside it"
        if why.words or why.distance:
            place = f"{why.distance} characters ({_count(why.words, 'word')}) before it"
        parts.append(f"context word {why.context!r} {place}")
    if why.hotword:
        parts.append(f"hotword rule {why.hotword}")
    if finding.extent == "joined":
        parts.append("joined with what it overlaps")
    return "; ".join(parts)


def explain_miss(miss: Miss) -> str:
    """One line saying why something was not taken."""
    who = miss.finding.why.pattern or miss.finding.recognizer
    return f"{miss.cause}: {miss.detail} (seen by {who})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def printable(name: str) -> str:
    """A file name that cannot steer the terminal: control characters shown as escapes."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "replace").decode()
        for char in name.encode("utf-8", "replace").decode()
    )
