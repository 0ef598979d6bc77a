"""``redactor policy``: presets, checks, what a policy says, and the JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.cli import policy_diff, policy_explain, policy_lint, policy_try
from redactor.errors import PolicyError

if TYPE_CHECKING:
    from redactor.policy.model import EntityRule, HotwordRule, ListEntry, Policy

app = typer.Typer(no_args_is_help=True)
app.command("diff")(policy_diff.diff)
app.command("explain")(policy_explain.explain)
app.command("lint")(policy_lint.lint)
app.command("try")(policy_try.try_)


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


@app.command()
def presets(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The table as Markdown, as in docs/presets.md.")
    ] = False,
) -> None:
    """List the presets: what each is for, its law, what a person has to look at.

    A preset is a start, not legal advice.

    redactor policy presets
    """
    from redactor.policy.presets import as_markdown, preset_policies

    if markdown:
        typer.echo(as_markdown(), nl=False)
        return
    for policy in preset_policies():
        about = policy.about
        typer.echo(f"{policy.name}")
        typer.echo(f"  for       {about.purpose or policy.description}")
        typer.echo(f"  law       {about.law or 'none'}")
        typer.echo(f"  reviewer  {about.review or 'nobody has to look'}")
    typer.echo("A preset is a start, not legal advice. `redactor policy show NAME` says all.")


def _shown(policy: Policy) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": policy.name,
        "description": policy.description,
        "hash": policy.hash,
        "about": _said(policy.about),
        "laws": list(policy.laws),
        "protected": policy.protected,
        "overrides": [_said(item) for item in policy.overrides],
        "language": policy.language,
        "languages": list(policy.languages),
        "countries": list(policy.countries),
        "on_unsupported_language": policy.on_unsupported_language,
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
        "hotwords": [_hotword(item) for item in policy.hotwords],
        "review": [
            {**_said(item), **({"entities": list(item.entities)} if item.entities else {})}
            for item in policy.review
        ],
        "allow": [_entry(entry) for entry in policy.allow],
        "deny": [_entry(entry) for entry in policy.deny],
        "subject": {
            "values": f"{len(policy.subject.values)} values",
            "reason": policy.subject.reason,
            "required": policy.subject.required,
        },
        "records": [
            {"columns": dict(item.columns), "within": item.within, "at_least": item.at_least}
            for item in policy.records
        ],
        "ner": _said(policy.ner),
        "office": _said(policy.office),
        "recognizers": list(policy.recognizers),
        "codes": dict(policy.codes),
        "retention": _said(policy.retention),
        "attest": list(policy.attest),
    }
    for name in (
        "propagate", "phone_needs_context", "plausible", "leak_min_length", "requires_person",
        "two_person", "verification", "fingerprints", "metadata",
    ):  # fmt: skip
        shown[name] = getattr(policy, name)
    for name in (
        "records",
        "overrides",
        "hotwords",
        "review",
        "codes",
        "retention",
        "attest",
        "about",
    ):
        if not shown[name]:
            del shown[name]
    if not (policy.subject.required or policy.subject.values):
        del shown["subject"]
    return shown


def _said(value: Any) -> dict[str, Any]:
    """The fields of a plain value that say something."""
    found = {name: getattr(value, name) for name in type(value).__slots__}
    return {name: item for name, item in found.items() if item not in ("", None, ())}


def _hotword(rule: HotwordRule) -> dict[str, Any]:
    shown = _said(rule)
    shown["entities"] = list(rule.entities) or "all"
    shown["words"] = f"{len(rule.words)} words" if rule.words else "an expression"
    shown.pop("pattern", None)
    if rule.verdict is not None:
        shown["verdict"] = str(rule.verdict)
    if rule.rule is not None:
        shown["rule"] = _rule(rule.rule)
    return shown


def _rule(rule: EntityRule) -> dict[str, Any]:
    shown: dict[str, Any] = {"verdict": str(rule.verdict), "operator": rule.operator}
    if rule.params:
        shown["params"] = dict(rule.params)
    shown["threshold"] = rule.threshold
    for name in ("priority", "reason", "law", "optional"):
        if getattr(rule, name):
            shown[name] = getattr(rule, name)
    return shown


def _entry(entry: ListEntry) -> dict[str, Any]:
    values = entry.count or len(entry.values)
    shown: dict[str, Any] = {"matches": "an expression" if entry.pattern else f"{values} values"}
    for name in ("entity", "ignore_case", "fuzzy", "reason", "expires"):
        if getattr(entry, name):
            shown[name] = getattr(entry, name)
    return shown
