"""``redactor policy``: check policy files, show what one says, print the JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.errors import PolicyError

if TYPE_CHECKING:
    from redactor.policy.model import EntityRule, ListEntry, Policy

app = typer.Typer(no_args_is_help=True)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Policy files or preset names.")],
) -> None:
    """Check policy files and list every problem with its file and line.

    Nothing is written. Exit code 0 when all are valid, 2 otherwise.

    redactor policy check mine.yaml

    redactor policy check policies/*.yaml
    """
    from redactor.policy import load_policy

    failed = 0
    for name in files:
        try:
            policy = load_policy(name)
            _check_recognizers(policy)
        except PolicyError as error:
            failed += 1
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{name}: valid, {len(policy.entities)} entity types, {policy.hash[:12]}")
    if failed:
        raise typer.Exit(PolicyError.exit_code)


def _check_recognizers(policy: Policy) -> None:
    """The policy's recognizer files, with everything that a run would refuse."""
    if policy.recognizers:
        from redactor.detection.custom import rules_over
        from redactor.detection.rules import shipped_table

        rules_over(shipped_table().rules, policy.recognizers, policy.language)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Preset name or policy file.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Show what a policy says with everything that it extends.

    Values of allow and deny entries are counted, not shown.

    redactor policy show base

    redactor policy show mine.yaml --json
    """
    from redactor.policy import load_policy

    data = _shown(load_policy(name))
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    import io

    from ruamel.yaml import YAML

    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 110
    yaml.dump(data, out)
    typer.echo(out.getvalue(), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of policy files, for editors.

    redactor policy schema > policy.schema.json
    """
    from redactor.policy.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


def _shown(policy: Policy) -> dict[str, Any]:
    ner = policy.ner
    return {
        "name": policy.name,
        "description": policy.description,
        "hash": policy.hash,
        "language": policy.language,
        "defaults": _rule(policy.default),
        "entities": {name: _rule(rule) for name, rule in policy.entities.items()},
        "fields": [
            {
                **({"name": item.name} if item.name is not None else {"path": item.path}),
                **({"entity": item.entity} if item.entity else {}),
                **(_rule(item.rule) if item.rule else {}),
            }
            for item in policy.fields
        ],
        "allow": [_entry(entry) for entry in policy.allow],
        "deny": [_entry(entry) for entry in policy.deny],
        "records": [
            {"columns": dict(item.columns), "within": item.within, "at_least": item.at_least}
            for item in policy.records
        ],
        "ner": {
            "use": ner.use,
            "backend": ner.backend,
            "model": ner.model,
            "on_failure": ner.on_failure,
        },
        "recognizers": list(policy.recognizers),
        "propagate": policy.propagate,
        "phone_needs_context": policy.phone_needs_context,
        "leak_min_length": policy.leak_min_length,
        "requires_person": policy.requires_person,
    }


def _rule(rule: EntityRule) -> dict[str, Any]:
    shown: dict[str, Any] = {"verdict": str(rule.verdict), "operator": rule.operator}
    if rule.params:
        shown["params"] = dict(rule.params)
    shown["threshold"] = rule.threshold
    if rule.priority:
        shown["priority"] = rule.priority
    if rule.reason:
        shown["reason"] = rule.reason
    return shown


def _entry(entry: ListEntry) -> dict[str, Any]:
    values = entry.count or len(entry.values)
    shown: dict[str, Any] = {"matches": "an expression" if entry.pattern else f"{values} values"}
    for name in ("entity", "ignore_case", "fuzzy", "reason", "expires"):
        if getattr(entry, name):
            shown[name] = getattr(entry, name)
    return shown
