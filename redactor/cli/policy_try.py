"""``redactor policy try``: what a policy makes of a text, at once and in the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.errors import UsageError

if TYPE_CHECKING:
    from redactor.trial import Trial

HELP = """Show what a policy finds in a text and what it makes of it. Nothing is stored.

The text comes from --text, from standard input (-), or, on a terminal, line by line until
Ctrl-D. A text given by --text stays in your shell's history: prefer - for real ones. What
would wait for a person is shown as if it had been confirmed, and counted.

Examples:

  redactor policy try base --text "Mail jane@example.com"

  redactor policy try hipaa-safe-harbor - < note.txt
"""


def try_(
    name: Annotated[str, typer.Argument(help="Preset name or policy file.")],
    source: Annotated[str | None, typer.Argument(help="- for standard input.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="The text itself.")] = None,
    field: Annotated[
        str | None, typer.Option("--field", help="Column or key that holds the text.")
    ] = None,
    by_line: Annotated[
        bool, typer.Option("--by-line", help="Every line is a record of its own, as in logs.")
    ] = False,
    language: Annotated[
        str | None, typer.Option("--language", help="What the text is in (en, de ...).")
    ] = None,
    subject: Annotated[
        Path | None,
        typer.Option("--subject", help="Values of the person whose data stays (dsar)."),
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses/--no-misses", help="Say why something was not redacted.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Show what a policy makes of a text; nothing is stored."""
    from redactor.policy import load_policy
    from redactor.policy.override import read_subject, with_subject
    from redactor.trial import Trier

    if source not in (None, "-") or (source is not None and text is not None):
        raise UsageError("give the text by --text, or - for standard input")
    policy = load_policy(name)
    if subject is not None:
        policy = with_subject(policy, read_subject(subject))
    trier = Trier(policy, language=language, explain=misses)

    def show(one: str) -> None:
        trial = trier.text(one, by_line=by_line, field_name=field)
        if as_json:
            typer.echo(json.dumps(_as_dict(trial, misses), ensure_ascii=False))
        else:
            _print(trial, misses)

    if text is not None:
        show(text)
    elif source is None and sys.stdin.isatty():
        print("type a line, Ctrl-D to end", file=sys.stderr)
        for line in sys.stdin:
            show(line.rstrip("\n"))
    else:
        show(sys.stdin.buffer.read().decode("utf-8", "replace"))


def _as_dict(trial: Trial, misses: bool) -> dict[str, Any]:
    from redactor.scan import why_dict

    def row(finding: Any) -> dict[str, Any]:
        return {
            "entity_type": finding.entity_type,
            "start": finding.start,
            "end": finding.end,
            "score": round(finding.score, 4),
            "recognizer": finding.recognizer,
            "why": why_dict(finding.why),
        }

    body: dict[str, Any] = {
        "findings": [
            {
                **row(decision.finding),
                "verdict": str(decision.verdict),
                "operator": decision.operator,
                "rule": decision.rule,
                "reason": decision.reason,
            }
            for decision in trial.judgement.decisions
        ],
        "waits": trial.waits,
        "text": trial.text,
    }
    if misses:
        body["not_redacted"] = [
            {**row(miss.finding), "cause": str(miss.cause), "detail": miss.detail}
            for miss in trial.judgement.misses
        ]
    return body


def _print(trial: Trial, misses: bool) -> None:
    from redactor.cli.show import explain, explain_miss

    for decision in trial.judgement.decisions:
        finding = decision.finding
        code = f" {decision.reason}" if decision.reason else ""
        typer.echo(
            f"[{finding.start}:{finding.end}]\t{finding.entity_type}\t{finding.score:.2f}\t"
            f"{decision.verdict}/{decision.operator}{code}\tby {decision.rule}: {explain(finding)}"
        )
    for miss in trial.judgement.misses if misses else ():
        finding = miss.finding
        typer.echo(
            f"[{finding.start}:{finding.end}]\t{finding.entity_type}\t{finding.score:.2f}\t"
            f"not redacted\t{explain_miss(miss)}"
        )
    if trial.waits:
        typer.echo(f"{trial.waits} of these wait for a person; shown as if they were confirmed")
    typer.echo("---")
    typer.echo(trial.text, nl=not trial.text.endswith("\n"))


try_.__doc__ = HELP
