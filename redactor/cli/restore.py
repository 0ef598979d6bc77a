"""``redactor restore``: what reversible operators replaced, put back."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redactor.errors import UsageError

if TYPE_CHECKING:
    from redactor.cli import show
    from redactor.pipeline import Item
    from redactor.restore import Restored

HELP = """Put back what encrypt, fpe, pseudonym, token and date_shift replaced.

Needs the keys and the vault of the redaction; without them nothing is written and the exit
code is 2. Also works on texts that were edited since: whatever in them the vault knows is
restored. What was redacted, replaced by a label, masked, hashed or generalized is gone for
good. Tokens that the vault does not know stay and are counted: the outcome is then partial
(exit code 3). Every restoration is recorded in the audit trail; outputs are readable by
their owner only.

Examples:

  redactor restore redacted/letter.txt -o letter.txt

  redactor restore answer.txt -o - --vault /secure/vault.sqlite
"""


def restore(
    sources: Annotated[list[str], typer.Argument(metavar="SRC...", help="Files, folders or -.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File, folder, or - for standard output.")
    ] = None,
    vault: Annotated[
        Path | None, typer.Option("--vault", help="Vault file; that of the state folder otherwise.")
    ] = None,
    case: Annotated[
        str, typer.Option("--case", help="Where several originals fit, prefer this case's.")
    ] = "",
    format: Annotated[
        str | None, typer.Option("--format", help="Read as this format; detected otherwise.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text; detected otherwise.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="CSV delimiter; detected otherwise.")
    ] = None,
    actor: Annotated[
        str, typer.Option("--actor", help="Who restores, for the audit trail: an id, no name.")
    ] = "cli",
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the audit trail: a code or ticket number.")
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing outputs.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be restored, write nothing.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks.")] = False,
) -> None:
    """Put back what encrypt, fpe, pseudonym, token and date_shift replaced."""
    from redactor.cli import show
    from redactor.cli.redact import plan_items
    from redactor.formats import FORMATS
    from redactor.formats.base import ReadOptions
    from redactor.policy.model import SAFE_ID
    from redactor.restore import RestoreOptions, Restorer

    for name, said in (("--actor", actor), ("--reason", reason)):
        if said and not SAFE_ID.match(said):
            raise UsageError(f"{name} is a code of letters, digits and . _ - (no names, no spaces)")
    if format is not None and format not in FORMATS:
        raise UsageError(f"--format is one of {', '.join(FORMATS)}, not {format}")
    items, refused = plan_items(sources, output, dry_run)
    options = RestoreOptions(
        read=ReadOptions(encoding=encoding, delimiter=delimiter, guard_formulas=False),
        format=format,
        overwrite=overwrite,
        dry_run=dry_run,
        vault=vault,
        case=case,
        actor=actor,
        reason=reason,
    )
    to_stdout = any(not isinstance(item.destination, Path) for item in items) and not dry_run
    screen = show.Screen(sys.stderr if to_stdout else sys.stdout, quiet=quiet)
    worst = 4 if refused else 0
    for item, why in refused:
        screen.line(f"withheld   {_name(item)}: {why}", "red")
    results: list[Restored] = []
    with Restorer(options) as restorer:
        screen.recovered(restorer.recovered)
        for item in items:
            if isinstance(item.destination, Path) and not dry_run:
                item.destination.parent.mkdir(parents=True, exist_ok=True)
            result = restorer.restore(item)
            results.append(result)
            _show(screen, item, result, quiet=quiet)
    if not quiet:
        _summary(screen, results, dry_run=dry_run)
    raise typer.Exit(max((result.outcome.exit_code for result in results), default=worst) or worst)


def _show(screen: show.Screen, item: Item, result: Restored, *, quiet: bool) -> None:
    from redactor.values import Outcome

    if quiet and result.outcome is Outcome.RELEASED:
        return
    number = sum(result.tally.restored.values())
    message = f": {result.message}" if result.message else ""
    said = f"{result.outcome:<10} {_name(item)}  {result.format or '-'}  {number} restored{message}"
    screen.line(said, "green" if result.outcome is Outcome.RELEASED else "yellow")


def _summary(screen: show.Screen, results: list[Restored], *, dry_run: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for result in results:
        counts.update(result.tally.restored)
    rows = [(entity, str(n), operator) for (operator, entity), n in sorted(counts.items())]
    screen.table(("entity", "restored", "operator"), rows)
    if dry_run:
        screen.line("dry run: nothing was written")
    else:
        screen.line("recorded in the audit trail: see `redactor audit show`")


def _name(item: Item) -> str:
    from redactor.cli.show import printable

    return printable(str(item.source)) if isinstance(item.source, Path) else "standard input"


restore.__doc__ = HELP
