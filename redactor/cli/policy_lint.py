"""``redactor policy lint``: what is wrong, unlawful or unwise in policy files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from redactor.errors import PolicyError

HELP = """Look for what is wrong, unlawful or unwise in policy files.

Errors are what no run accepts: not valid, looser than a protected preset without a reason,
or forbidden by a law that the policy names. Warnings are valid and probably not meant.
Several files are also checked together (card numbers cut in two ways).

Exit code 2 on errors (with --strict on warnings too), 0 otherwise. A check is a start, not
legal advice.

Examples:

  redactor policy lint mine.yaml

  redactor policy lint policies/*.yaml --strict --json
"""


def lint(
    files: Annotated[list[str], typer.Argument(help="Policy files or preset names.")],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Look for what is wrong, unlawful or unwise in policy files."""
    from redactor.detection.detect import findable_entities
    from redactor.policy import lint as linting
    from redactor.policy.source import find

    paths = [find(name) for name in files]
    issues = [issue for path in paths for issue in linting.lint(path, findable_entities(path))]
    if len(paths) > 1:
        issues += linting.lint_together(paths)
    if as_json:
        typer.echo(json.dumps([asdict(issue) for issue in issues], indent=1))
    else:
        for issue in issues:
            typer.echo(str(issue))
        if not issues:
            typer.echo("nothing to say")
    bad = {linting.ERROR, linting.WARNING} if strict else {linting.ERROR}
    if any(issue.severity in bad for issue in issues):
        raise typer.Exit(PolicyError.exit_code)


lint.__doc__ = HELP
