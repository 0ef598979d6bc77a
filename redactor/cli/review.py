"""``redactor review``: what waits for a person."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _verbs() -> None:
    """Findings that the policy leaves to a person."""


@app.command("list")
def list_() -> None:
    """List items that wait, with counts for each entity type; never a value.

    redactor review list
    """
    from redactor.review import list_waiting

    waiting = list_waiting()
    for entry in waiting:
        counts = ", ".join(f"{entity} {number}" for entity, number in sorted(entry.counts.items()))
        typer.echo(f"{entry.item}\t{entry.since}\t{entry.policy}\t{counts}")
    if not waiting:
        typer.echo("nothing waits for a person")
