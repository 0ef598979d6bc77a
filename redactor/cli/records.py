"""``redactor records``: hash own records, so that a policy can look for their values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redactor.errors import DestinationError, UsageError

if TYPE_CHECKING:
    from redactor.detection.records_file import Records

app = typer.Typer(no_args_is_help=True)


@app.command()
def build(
    source: Annotated[Path, typer.Argument(help="CSV, TSV, JSON or JSON Lines, also gz or zst.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    columns: Annotated[
        str, typer.Option("--columns", "-c", help="Columns to hash, with commas; paths in JSON.")
    ],
    key: Annotated[str, typer.Option("--key", help="Name of the key.")] = "records",
    format: Annotated[
        str | None, typer.Option("--format", help="Read as csv, tsv, json or jsonl.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text; detected otherwise.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="CSV delimiter; detected otherwise.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output.")] = False,
) -> None:
    """Hash columns of your own records under a key, for the `records` of a policy.

    The file that is written holds keyed hashes only and is encrypted; the source is not
    changed. Common values (first names, places, dates, short numbers) count only beside
    another column of the same record; such a column alone is refused. The key is looked for
    as REDACTOR_KEY_<NAME>, in the keyring, or made in the state folder: whoever scans needs
    it, too.

    redactor records build customers.csv -c name,email,account -o customers.records

    redactor records info customers.records
    """
    from redactor.detection import records_build, records_file
    from redactor.formats.base import ReadOptions
    from redactor.home import write_private
    from redactor.keys import get_key

    if output.exists() and not overwrite:
        raise DestinationError(f"{output} exists already: name another, or add --overwrite")
    if not source.is_file():
        raise UsageError(f"there is no such file: {source}")
    if output.exists() and output.samefile(source):
        raise DestinationError("source and output are the same file: name another output")
    named = [name.strip() for name in columns.split(",") if name.strip()]
    secret = get_key(key)
    records = records_build.build(
        source,
        named,
        records_file.hasher_of(secret),
        ReadOptions(encoding=encoding, delimiter=delimiter),
        format,
    )
    try:
        write_private(output, records_file.dump(records, secret))
    except OSError as error:
        raise DestinationError(f"{output} cannot be written ({error.strerror})") from None
    _tell(records)
    typer.echo(f"hashed under key {secret.name} (id {secret.id}): scanning needs the same key")


@app.command()
def info(
    file: Annotated[Path, typer.Argument(help="What `records build` wrote.")],
) -> None:
    """Show the columns of a file of records and how their values count. Never a value.

    redactor records info customers.records
    """
    from redactor.detection import records_file

    records, _ = records_file.load(file)
    _tell(records)


def _tell(records: Records) -> None:
    typer.echo(f"{records.records} records")
    for column in records.columns:
        counts = f"{column.values} values, {column.alone} of them count alone"
        if column.together:
            counts = f"{column.values} values, each only beside another column of its record"
        left_out = f"; {column.left_out} too short or too long" if column.left_out else ""
        typer.echo(f"{column.name}: {counts}{left_out}")
