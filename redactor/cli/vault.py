"""``redactor vault``: look after what reversible operators remember; never a value."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.errors import UsageError

if TYPE_CHECKING:
    from redactor.vault import Vault

app = typer.Typer(no_args_is_help=True)

_Vault = Annotated[
    Path | None, typer.Option("--vault", help="Vault file; that of the state folder otherwise.")
]


@app.command()
def stats(vault: _Vault = None) -> None:
    """Count what the vault holds, and show its id, snapshot and key versions.

    redactor vault stats
    """
    from redactor.vault.maintain import stats as count

    with _open(vault) as opened:
        found = count(opened)
    typer.echo(f"vault\t{found.id}")
    typer.echo(f"snapshot\t{found.snapshot}")
    typer.echo(f"values with a pseudonym or token\t{found.values}")
    typer.echo(f"replacements that can be undone\t{found.replacements}")
    if found.first is not None:
        typer.echo(f"recorded from\t{found.first} to {found.last}")
    for version, rows in found.keys.items():
        typer.echo(f"sealed with key version {version}\t{rows}")
    typer.echo(f"its keys are wrapped by\tvault {found.root}")
    typer.echo(f"size in bytes\t{found.size}")


@app.command("list")
def list_(vault: _Vault = None) -> None:
    """List what was recorded, by day, operator, entity type and scope; never a value.

    redactor vault list
    """
    from redactor.vault.maintain import groups

    with _open(vault) as opened:
        typer.echo("day\toperator\tentity\tscope\tkey\treplacements")
        for group in groups(opened):
            typer.echo(
                f"{group.day}\t{group.operator}\t{group.entity}\t{group.scope}\t{group.key}\t"
                f"{group.count}"
            )


@app.command()
def rotate(vault: _Vault = None) -> None:
    """Seal everything anew with a fresh key, under the current key named vault.

    Old outputs stay restorable. To change the key named vault itself, run
    `redactor keys rotate vault` first; it is then no longer needed for this vault.

    redactor vault rotate
    """
    from redactor.vault.maintain import rotate as run

    with _open(vault) as opened, _recorded("vault-rotated", opened) as body:
        version, rows = run(opened)
        body.update({"version": version, "rows": rows})
    typer.echo(f"key version {version} seals {rows} rows now; the older ones are gone")


@app.command()
def purge(
    before: Annotated[
        str | None, typer.Option("--before", help="Only what was recorded before this day (UTC).")
    ] = None,
    case: Annotated[str, typer.Option("--case", help="Only what was recorded in this case.")] = "",
    values: Annotated[
        Path | None,
        typer.Option("--values", help="Only these originals: a file, UTF-8, one a line, or -."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything; needed where nothing else is said.")
    ] = False,
    vault: _Vault = None,
) -> None:
    """Forget what was recorded, for good: it can never be restored again.

    Names, places and organisations are recorded word by word, so give --values each word of
    a name on a line of its own; whoever shares the word is forgotten with it.

    redactor vault purge --before 2026-01-31

    redactor vault purge --values person.txt
    """
    from redactor.masking.keyed import case_scope
    from redactor.vault.maintain import parse_day
    from redactor.vault.maintain import purge as run

    if not (before or case or values is not None or everything):
        raise UsageError("say what goes: --before DAY, --case ID, --values FILE, or --all")
    try:
        day = parse_day(before) if before else None
    except ValueError:
        raise UsageError("--before is a day as 2026-12-31") from None
    matches = _matcher(values) if values is not None else None
    with _open(vault) as opened, _recorded("vault-purged", opened) as body:
        scope = case_scope(case) if case else None
        removed = run(opened, before=day, scope=scope, matches=matches)
        body.update({"replacements": removed, "before": str(day or ""), "by_case": bool(case)})
    typer.echo(f"{removed} replacements were forgotten")


def _open(path: Path | None) -> Vault:
    from redactor.vault import Vault

    return Vault.open(path, create=False)


class _recorded:
    """An audit row about what was done to a vault, when it was done."""

    def __init__(self, kind: str, vault: Vault) -> None:
        from redactor.audit import Ledger

        self._kind = kind
        self._body: dict[str, Any] = {"actor": "cli", "vault": vault.id}
        self._ledger = Ledger.open()

    def __enter__(self) -> dict[str, Any]:
        return self._body

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        with self._ledger as ledger:
            self._body["outcome"] = "done" if kind is None else "failed"
            ledger.record(self._kind, ledger.new_item(), self._body)


def _matcher(path: Path) -> Callable[[Mapping[str, Any]], bool]:
    """Accepts payloads whose original is one of the file's values, or a word of one."""
    from redactor.vault.marks import plain, squash

    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"the file of values cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise UsageError("the file of values is not UTF-8") from None
    wanted = {plain(line) for line in text.split("\n") if line.strip()}
    squashed = {squash(value) for value in wanted if any(map(str.isdigit, value))}
    if not wanted:
        raise UsageError("the file of values is empty")

    def matches(payload: Mapping[str, Any]) -> bool:
        original = str(payload.get("text", ""))
        return plain(original) in wanted or (bool(original) and squash(original) in squashed)

    return matches
