"""``redactor policy diff``: what two policies do differently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

HELP = """Show what two policies do differently, and which way: tighter or looser.

With --on, both look at the same files and the numbers of findings that they act upon are
compared. Nothing is written; values are not shown. Exit code 0, or 1 with --exit-code when
anything differs.

Examples:

  redactor policy diff base mine.yaml

  redactor policy diff old.yaml new.yaml --on golden/a.txt --on golden/b.csv
"""


def diff(
    first: Annotated[str, typer.Argument(help="Preset name or policy file.")],
    second: Annotated[str, typer.Argument(help="Preset name or policy file.")],
    on: Annotated[
        list[Path] | None,
        typer.Option("--on", help="File or folder that both look at; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 when anything differs.")
    ] = False,
) -> None:
    """Show what two policies do differently."""
    from redactor.policy import load_policy
    from redactor.policy.diff import differences

    old, new = load_policy(first), load_policy(second)
    changes = differences(old, new)
    shifts = []
    if on:
        from redactor.errors import UsageError
        from redactor.plan import plan
        from redactor.trial import compare_on

        planned = plan(on, None)
        refused = next((entry.refusal for entry in planned if entry.refusal), "")
        if refused:
            raise UsageError(f"a file under --on cannot be looked at: {refused}")
        shifts = compare_on([entry.source for entry in planned], old, new)
    if as_json:
        body = {
            "first": {"name": old.name, "hash": old.hash},
            "second": {"name": new.name, "hash": new.hash},
            "changes": [
                {"part": c.part, "what": c.what, "direction": c.direction} for c in changes
            ],
            "findings": [
                {"entity_type": s.entity, "first": s.before, "second": s.after} for s in shifts
            ],
        }
        typer.echo(json.dumps(body, indent=1))
    else:
        for change in changes:
            typer.echo(f"{change.direction}\t{change.part}\t{change.what}")
        if not changes:
            typer.echo("the two policies do the same")
        for shift in shifts:
            typer.echo(shift.sentence)
    differs = bool(changes) or any(shift.before != shift.after for shift in shifts)
    raise typer.Exit(1 if exit_code and differs else 0)


diff.__doc__ = HELP
