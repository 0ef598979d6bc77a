"""``redactor recognizers``: what can be found, and the compile step."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="Only what this policy uses.")
    ] = None,
) -> None:
    """List rules: entity type, recognizer, check, patterns, source, language and country.

    The language is that of the context words, `any` where it does not matter. A type that a
    policy names is looked for whatever its language or country.

    redactor recognizers list -p base
    """
    from redactor.detection.rules import shipped_table

    rules = shipped_table().rules
    if policy is not None:
        from redactor.detection.patterns import Scanner
        from redactor.policy import load_policy

        rules = Scanner.load(load_policy(policy)).rules
    for rule in rules:
        check = rule.validator or rule.invalidator or rule.kind
        typer.echo(
            f"{rule.entity}\t{rule.name}\t{check}\t{len(rule.patterns)}\t{rule.source}"
            f"\t{rule.language or 'any'}\t{rule.country or '-'}"
        )


@app.command()
def compile() -> None:
    """Write the rule table anew from Presidio's registry and our files, with its automata.

    Needed after an upgrade of Presidio only; the result is shipped.
    """
    from redactor.detection.compile import compile_shipped
    from redactor.detection.patterns import ship_automata
    from redactor.policy import load_policy

    table = compile_shipped()
    names = ship_automata([load_policy("base"), load_policy("logs")])
    typer.echo(f"{len(table.rules)} rules written; automata {', '.join(names)}")
