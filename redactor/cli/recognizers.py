"""``redactor recognizers``: what can be found, trying and writing one's own, the compile step."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redactor.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from redactor.detection.trial import Report, Trial

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="Only what this policy uses.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", "-e", help="Only what finds this type.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one object a rule.")] = False,
) -> None:
    """List rules: entity, recognizer, check, patterns, source, language, country, cost.

    The language is that of the context words, `any` where it does not matter. A type that a
    policy names is looked for whatever its language or country. The cost is how much text a
    rule is confirmed in: windows around hits of the automaton, numbers (candidates for phone
    numbers), the whole text of a hit, a Python class, or every text.

    redactor recognizers list -p base

    redactor recognizers list -e CREDIT_CARD --json
    """
    from redactor.detection.rules import shipped_table
    from redactor.detection.trial import cost_class

    rules = shipped_table().rules
    if policy is not None:
        from redactor.detection.patterns import Scanner
        from redactor.policy import load_policy

        rules = Scanner.load(load_policy(policy)).rules
    if entity is not None:
        known = sorted({rule.entity for rule in rules})
        rules = tuple(rule for rule in rules if rule.entity == entity)
        if not rules:
            from redactor.policy.source import did_you_mean

            raise UsageError(f"no recognizer finds {entity}{did_you_mean(entity, known)}")
    for rule in rules:
        row = {
            "entity": rule.entity,
            "recognizer": rule.name,
            "check": rule.validator or rule.invalidator or rule.kind,
            "patterns": len(rule.patterns),
            "source": rule.source,
            "language": rule.language or "any",
            "country": rule.country or "-",
            "cost": cost_class(rule),
        }
        typer.echo(json.dumps(row) if as_json else "\t".join(map(str, row.values())))


@app.command()
def test(
    target: Annotated[
        str, typer.Argument(help="Recognizer file, folder, or name of a recognizer.")
    ],
    text: Annotated[str | None, typer.Option("--text", help="A text to search.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="A UTF-8 file to search; - for standard input.")
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0, max=1, help="Lowest score that counts.")
    ] = 0.35,
) -> None:
    """Try recognizers: run their tests, measure their patterns, search a text with them.

    A YAML file may hold examples beside Presidio's keys (Presidio ignores the section):

        tests: {Badge: {match: ["badge B-1234"], no_match: ["B-12"]}}

    For each pattern: its score, CPU microseconds for 1,000 characters of ordinary text,
    whether the automaton finds it (exact, wider, no), the longest match (or no limit), and
    hits in 1,000 characters of ordinary text. Found places are shown as offsets, never as
    text. Exit code 1 when an example fails or a pattern is catastrophic.

    redactor recognizers test badges.yaml

    redactor recognizers test UsSsnRecognizer --text "SSN 987-65-4329"
    """
    from redactor.detection.trial import find, try_recognizers

    trial = try_recognizers(target, threshold=threshold)
    for report in trial.reports:
        _tell(report)
    for sentence in (*trial.notes, *trial.problems):
        typer.echo(sentence, err=True)
    searched = _text(text, file)
    if searched is not None:
        found = find(trial, searched, threshold=threshold)
        for finding in found:
            from redactor.cli.show import explain

            typer.echo(
                f"[{finding.start}:{finding.end}]\t{finding.entity_type}\t{finding.score:.2f}\t"
                f"{finding.recognizer}\t{explain(finding)}"
            )
        typer.echo(f"{len(found)} findings", err=True)
    _sum_up(trial)


@app.command()
def compile(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Recognizer files or folders of yours.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="Also make this policy's automaton.")
    ] = None,
) -> None:
    """Check recognizer files and keep what a start needs, or make the shipped rule table anew.

    With files or a policy: every file is checked, Python recognizers are read, the automaton
    is made, and all is kept in the state folder's cache, so that the first run does not wait.
    Without: writes the table of Presidio's registry and our files, with its automata; needed
    after an upgrade of Presidio only, the result is shipped.

    redactor recognizers compile my-recognizers/ -p mine.yaml
    """
    if paths or policy:
        _compile_own(paths or [], policy)
        return
    from redactor.detection.compile import compile_shipped
    from redactor.detection.patterns import ship_automata
    from redactor.policy import load_policy

    table = compile_shipped()
    names = ship_automata([load_policy("base"), load_policy("logs")])
    typer.echo(f"{len(table.rules)} rules written; automata {', '.join(names)}")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the recognizer, as Badge.")],
    entity: Annotated[str, typer.Option("--entity", "-e", help="Type that it finds, as BADGE.")],
    language: Annotated[str, typer.Option("--language", help="Language of the texts.")] = "en",
) -> None:
    """Print a recognizer file to start from, with tests; it passes `recognizers test`.

    redactor recognizers new Badge --entity BADGE > badge.yaml
    """
    from redactor.detection.starter import starter

    typer.echo(starter(name, entity, language), nl=False)


def _compile_own(paths: list[Path], policy: str | None) -> None:
    from redactor.detection.custom import rules_over
    from redactor.detection.rules import shipped_table

    shipped = shipped_table().rules
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no such file or folder: {path}")
    rules = rules_over(shipped, [str(path) for path in paths], "en")
    own = [rule for rule in rules if rule not in shipped]
    if paths:
        patterns = sum(len(rule.patterns) for rule in own)
        typer.echo(f"{len(own)} rules with {patterns} patterns, checked and kept")
    if policy is not None:
        from redactor.detection.patterns import Scanner
        from redactor.policy import load_policy

        scanner = Scanner.load(load_policy(policy))
        typer.echo(f"automaton of {len(scanner.rules)} rules made for policy {policy}")


def _text(text: str | None, file: str | None) -> str | None:
    if text is not None and file is not None:
        raise UsageError("--text and --file: only one of the two")
    if file is None:
        return text
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{file}: byte {error.start} is not UTF-8") from None


def _tell(report: Report) -> None:
    languages = ", ".join(dict.fromkeys(report.languages))
    typer.echo(f"{report.name}\t{report.entity}\t{languages}\t{report.place}")
    for pattern in report.patterns:
        width = "no limit" if pattern.width is None else f"{pattern.width} characters"
        typer.echo(
            f"  pattern {pattern.name}: score {pattern.score:.2f}, "
            f"{pattern.measured.micros_a_kb:.0f} µs/KB, automaton {pattern.trigger}, "
            f"longest match {width}, {pattern.measured.hits_a_kb:.1f} hits/KB of ordinary text"
        )
        if pattern.too_broad:
            typer.echo(f"    too broad: {pattern.too_broad}")
    for example in report.examples:
        kind = "match" if example.match else "no_match"
        typer.echo(f"  {'FAIL' if example.said else 'ok'}\tline {example.line}, {kind}"
                   + (f": {example.said}" if example.said else ""))  # fmt: skip


def _sum_up(trial: Trial) -> None:
    examples = sum(len(report.examples) for report in trial.reports)
    failed = sum(report.failed for report in trial.reports)
    typer.echo(
        f"{len(trial.reports)} recognizers, {examples} examples, {failed} failed, "
        f"{len(trial.problems)} catastrophic patterns",
        err=True,
    )
    if not trial.holds:
        raise typer.Exit(1)
