"""``redactor keys``: which keys are here, and new versions of them; never a secret."""

from __future__ import annotations

from typing import Annotated

import typer

from redactor.errors import StateError, UsageError

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List keys with their versions, ids and where they come from.

    redactor keys list
    """
    from redactor.keys import list_keys

    typer.echo("name\tversion\tid\tsource\tcurrent")
    for held in list_keys():
        current = "yes" if held.current else "no"
        typer.echo(f"{held.name}\t{held.version}\t{held.id}\t{held.source}\t{current}")


@app.command()
def new(name: Annotated[str, typer.Argument(help="Name of the key, as in a policy.")]) -> None:
    """Make a key, in the OS keyring (REDACTOR_KEYRING=1) or in the state folder.

    redactor keys new claims
    """
    from redactor.keys import get_key, key_versions

    if key_versions(name):
        raise UsageError(f"there is a key named {name}: see `redactor keys list`, or rotate it")
    typer.echo(f"{name}\t{get_key(name).id}")


@app.command()
def rotate(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Make a new version of a key; what earlier ones made can still be restored.

    New hashes, pseudonyms, fpe values and date shifts differ from those of the old version;
    recorded pseudonyms stay. After `rotate vault`, run `redactor vault rotate`.

    redactor keys rotate default
    """
    from redactor.audit import Ledger
    from redactor.keys import rotate_key

    old, fresh = rotate_key(name)
    with Ledger.open() as ledger:
        body = {"actor": "cli", "key": name, "old": old.id, "new": fresh.id}
        ledger.record("key-rotated", ledger.new_item(), body)
    typer.echo(f"{name}\t{old.id} -> {fresh.id}")


@app.command()
def public(
    name: Annotated[str, typer.Argument(help="auditor (X25519) or audit-signing (Ed25519).")],
) -> None:
    """Print a public key in hex, to be given to machines that only write or only check.

    redactor keys public auditor
    """
    from redactor.audit.chain import SIGNING_KEY, Signer
    from redactor.audit.fingerprints import AUDITOR_KEY, public_of
    from redactor.keys import get_key

    if name == AUDITOR_KEY:
        typer.echo(public_of(get_key(name, create=False)).hex())
    elif name == SIGNING_KEY:
        typer.echo(Signer(get_key(name, create=False)).public)
    else:
        raise StateError(f"the key {name} is secret only: {AUDITOR_KEY} and {SIGNING_KEY} are not")
