"""``redactor audit``: verify, show, export and anchor the audit trail."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.errors import DestinationError, StateError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redactor.audit.chain import Row

app = typer.Typer(no_args_is_help=True)

_Ledger = Annotated[
    Path | None, typer.Option("--ledger", help="Ledger file; that of the state folder otherwise.")
]


@app.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", help="Checkpoint file kept elsewhere.")
    ] = None,
    ledger: _Ledger = None,
) -> None:
    """Check chain, signatures and checkpoints of the audit trail.

    Exit code 0 when the trail is what was written, 4 when it was changed.

    redactor audit verify

    redactor audit verify --anchor /safe/place/anchor.json
    """
    from redactor.audit import verify as check

    result = check(ledger, anchor)
    for problem in result.problems:
        typer.echo(f"PROBLEM  {problem}")
    if result.open_items:
        typer.echo(f"{result.open_items} items are being released, or their run was killed")
    if not result.passed:
        typer.echo(f"the audit trail was changed: {len(result.problems)} problems")
        raise typer.Exit(4)
    typer.echo(f"audit trail intact: {result.rows} rows, chain and signatures hold")
    if result.anchored is None:
        typer.echo(
            f"checkpoints reach row {result.provable}; completeness after it is not provable, and "
            "against somebody who holds the signing key only --anchor FILE is a proof"
        )
    else:
        typer.echo(
            f"the anchor vouches for rows 1 to {result.anchored}; "
            "completeness after it is not provable"
        )


@app.command()
def show(
    last: Annotated[int, typer.Option("--last", "-n", help="How many rows, newest last.")] = 20,
    item: Annotated[str | None, typer.Option("--item", help="Only rows of this item id.")] = None,
    ledger: _Ledger = None,
) -> None:
    """Show the newest rows: time, kind, item, outcome and counts. Never a value or a path.

    redactor audit show -n 50
    """
    rows = [row for row in _rows(ledger) if item is None or row.item == item]
    for row in rows[-max(last, 0) :] if last else []:
        typer.echo(f"{row.seq}\t{row.time}\t{row.kind}\t{row.item[:16]}\t{_told(row)}")


@app.command()
def export(
    format: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    ledger: _Ledger = None,
) -> None:
    """Write every row to standard output, for a SIEM or an archive.

    redactor audit export --format csv > trail.csv
    """
    if format not in ("jsonl", "csv"):
        raise UsageError(f"--format is jsonl or csv, not {format}")
    if format == "jsonl":
        for row in _rows(ledger):
            print(json.dumps(_exported(row), separators=(",", ":")))
        return
    names = ("seq", "time", "kind", "item", "body", "prev", "hash", "signature")
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    for row in _rows(ledger):
        writer.writerow([getattr(row, name) for name in names])


@app.command()
def anchor(
    out: Annotated[Path, typer.Argument(help="New file, to be kept somewhere else.")],
    ledger: _Ledger = None,
) -> None:
    """Write a signed checkpoint of the newest row, to be kept where this machine cannot write.

    redactor audit anchor anchor.json
    """
    from redactor.audit import Ledger
    from redactor.audit.checkpoints import to_line
    from redactor.audit.database import default_path

    if not (ledger or default_path()).is_file():
        raise StateError("there is no audit ledger yet: redact something first, or use --ledger")
    with Ledger.open(ledger) as opened:
        checkpoint = opened.checkpoint()
    try:
        with out.open("xb") as file:
            file.write(to_line(checkpoint))
    except OSError as error:
        raise DestinationError(f"the anchor cannot be written ({error.strerror})") from None
    typer.echo(f"anchored row {checkpoint.seq}: keep the file where this machine cannot write")


def _rows(ledger: Path | None) -> Iterator[Row]:
    from redactor.audit.database import connect_to_read, default_path, read_rows, told

    connection = connect_to_read(ledger or default_path())
    try:
        with told():
            yield from read_rows(connection)
    finally:
        connection.close()


def _exported(row: Row) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "time": row.time,
        "kind": row.kind,
        "item": row.item,
        "body": json.loads(row.body),
        "prev": row.prev,
        "hash": row.hash,
        "signature": row.signature,
    }


def _told(row: Row) -> str:
    body: dict[str, Any] = json.loads(row.body)
    parts = [str(body[name]) for name in ("outcome", "reason") if body.get(name)]
    counts: dict[str, dict[str, int]] = body.get("counts") or {}
    parts += [f"{entity} {sum(found.values())}" for entity, found in sorted(counts.items())]
    return ", ".join(parts)
