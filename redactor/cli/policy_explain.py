"""``redactor policy explain``: what happens to an entity, and which line says so."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from redactor.policy.explain import Explanation

HELP = """Say what a policy does with an entity type, and which line of which file says so.

Without ENTITY every type is listed in a line.

Examples:

  redactor policy explain hipaa-safe-harbor DATE_TIME

  redactor policy explain mine.yaml
"""


def explain(
    name: Annotated[str, typer.Argument(help="Preset name or policy file.")],
    entity: Annotated[str | None, typer.Argument(help="Entity type, as EMAIL_ADDRESS.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Say what a policy does with an entity type, and which line says so."""
    from redactor.policy.explain import explain_entity
    from redactor.policy.extend import load_chain
    from redactor.policy.source import find

    chain, policy = load_chain(find(name))
    wanted = [entity] if entity else sorted(policy.entities)
    explained = [explain_entity(chain, policy, item) for item in wanted]
    if as_json:
        typer.echo(json.dumps([asdict(item) for item in explained], indent=1))
    elif entity:
        _print(explained[0], policy.name)
    else:
        for item in explained:
            where = next(said.place for said in item.said if said.key == "operator")
            typer.echo(f"{item.entity}\t{item.does}\t{where}\t{item.law}".rstrip())


def _print(item: Explanation, policy: str) -> None:
    from redactor.detection.rules import shipped_table

    typer.echo(f"{item.entity} under {policy}: {item.does}")
    if item.leaves:
        typer.echo(f"  afterwards {item.leaves}")
    for said in item.said:
        typer.echo(f"  {said.key}: {said.value}  ({said.place})")
    for said in item.others:
        typer.echo(f"  {said.key}: {said.value}  ({said.place})")
    rules = [rule for rule in shipped_table().rules if rule.entity == item.entity]
    for rule in rules:
        check = rule.validator or rule.invalidator
        told = f", check {check}" if check else ""
        words = f", context words: {', '.join(rule.context[:8])}" if rule.context else ""
        typer.echo(f"  found by {rule.name} ({rule.source}){told}{words}")
    if item.looked_for and not rules:
        typer.echo("  found by no shipped rule: by the model, a field rule, a list or a recognizer")


explain.__doc__ = HELP
