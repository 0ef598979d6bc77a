"""``redactor profile``: what the columns and keys of a file hold."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redactor.errors import UsageError

if TYPE_CHECKING:
    from redactor.profile import Profile

HELP = """Show what the columns or keys of a file hold: shares and counts, never values.

For CSV, TSV, JSON, JSON Lines, Parquet, Arrow, Avro, SQL dumps, XML, YAML and the like. Reads all
of the file, looks for personal data in a sample of each field (the same one every time), and
suggests `fields:` rules for a policy. Writes nothing.

Examples:

  redactor profile customers.csv

  redactor profile dump.sql.gz --sample 5000 --json
"""


def profile(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")],
    policy: Annotated[
        str, typer.Option("--policy", "-p", help="Preset name or policy file.")
    ] = "base",
    sample: Annotated[
        int, typer.Option("--sample", min=1, help="Values of each field that are looked at.")
    ] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of a table.")] = False,
    format: Annotated[
        str | None, typer.Option("--format", help="Read as this format; told by content otherwise.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text; detected otherwise.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="CSV delimiter; detected otherwise.")
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option("--header/--no-header", help="CSV: a row names the columns, or none does."),
    ] = None,
    ner: Annotated[
        str | None, typer.Option("--ner", help="Override the model's use: auto, always, never.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks.")] = False,
) -> None:
    """Show what the columns or keys of a file hold: shares and counts, never values."""
    from redactor.detection.detect import Detector
    from redactor.formats import FORMATS
    from redactor.formats.base import ReadOptions
    from redactor.policy import load_policy
    from redactor.policy.override import with_ner
    from redactor.profile import profile as look

    if format is not None and format not in FORMATS:
        raise UsageError(f"--format is one of {', '.join(FORMATS)}, not {format}")
    if source != "-" and not Path(source).is_file():
        raise UsageError("a profile is of one file: name a file, or - for standard input")
    # the policy's own field rules would only tell what it already says
    chosen = replace(with_ner(load_policy(policy), use=ner), fields=())
    detector = Detector(chosen)
    result = look(
        sys.stdin.buffer if source == "-" else Path(source),
        detector,
        name="" if source == "-" else source,
        format_name=format,
        options=ReadOptions(encoding=encoding, delimiter=delimiter, header=header),
        sample=sample,
    )
    if as_json:
        print(json.dumps(_as_dict(result), indent=1))
    else:
        _print(result)
    if result.without_model:
        print("redactor: the model could not be asked: only rules looked", file=sys.stderr)
        raise typer.Exit(3)


def _as_dict(result: Profile) -> dict[str, object]:
    return {
        "format": result.format,
        "records": result.records,
        "fields": [entry.as_dict() for entry in result.fields],
        "suggested_policy": result.snippet,
    }


def _print(result: Profile) -> None:
    from redactor.cli import show

    screen = show.Screen(sys.stdout)
    rows = []
    for entry in result.fields:
        holds = ", ".join(
            f"{held.entity} {held.share:.0%} ({held.confidence:.2f})" for held in entry.holds[:4]
        )
        rows.append(
            (
                show.printable(entry.name),
                f"{entry.values}",
                "?" if entry.empty is None else f"{entry.empty:.0%}",
                f"{entry.distinct}",
                f"{entry.longest}",
                holds or "-",
            )
        )
    screen.table(("field", "values", "empty", "distinct", "longest", "holds (confidence)"), rows)
    records = "" if result.records is None else f", {result.records} records"
    screen.line(f"{result.format}{records}, {len(result.fields)} fields; no values are shown")
    if result.snippet:
        screen.line("suggested for a policy:")
        screen.line(result.snippet)


profile.__doc__ = HELP
