"""``redactor redact``: sources in, redacted copies out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redactor.cli.options import DenyAs, DenyFiles, DenyMatch
from redactor.errors import UsageError

if TYPE_CHECKING:
    from redactor.pipeline import Engine, Item, Observer, Result
    from redactor.report import Reporting

HELP = """Redact files, folders or standard input by a policy.

Writes a redacted copy of every source; never touches the source. A copy appears only after
an independent process has re-read it and the audit row is on disk; otherwise the item is
withheld and the reason is shown. In an output folder, names are redacted like text.
Compressed input (gz, zst, bz2, xz) gives compressed output, an archive (zip, tar) an archive
of redacted members; standard output is never compressed.

Examples:

  redactor redact letters/ -o out/ -p base

  kubectl logs app | redactor redact - -p logs

  redactor redact letters/ -o out/ --deny staff.txt --deny-as PERSON --deny-match fuzzy
"""


def redact(
    sources: Annotated[list[str], typer.Argument(metavar="SRC...", help="Files, folders or -.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File, folder, or - for standard output.")
    ] = None,
    policy: Annotated[
        str, typer.Option("--policy", "-p", help="Preset name or policy file.")
    ] = "base",
    format: Annotated[
        str | None,
        typer.Option("--format", help="Read as this format; told by name and content otherwise."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text; detected otherwise.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="CSV delimiter; detected otherwise.")
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option("--header/--no-header", help="CSV: a row names the columns, or none does."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            "--password",
            help="Opens protected documents; - asks for it. On a command line other users of the "
            "machine can see it: prefer - or the variable REDACTOR_PASSWORD.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes for one document's pages.")
    ] = 1,
    ner: Annotated[
        str | None, typer.Option("--ner", help="Override the model's use: auto, always, never.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="embedded, a folder or a Hugging Face id.")
    ] = None,
    backend: Annotated[str | None, typer.Option("--backend", help="onnx, torch or spacy.")] = None,
    deny: DenyFiles = None,
    deny_as: DenyAs = None,
    deny_match: DenyMatch = "exact",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing outputs.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Find and decide, write nothing.")
    ] = False,
    language: Annotated[
        str | None, typer.Option("--language", help="What the sources are in (en, de ...).")
    ] = None,
    subject: Annotated[
        Path | None,
        typer.Option("--subject", help="Values of the person whose data stays (dsar)."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why, and why something was not redacted.")
    ] = False,
    apply_proposed: Annotated[
        bool, typer.Option("--apply-proposed", help="Redact what the policy would show a person.")
    ] = False,
    report: Annotated[
        list[Path] | None,
        typer.Option("--report", help="Write a report of the run: FILE.html or FILE.json."),
    ] = None,
    report_names: Annotated[
        bool, typer.Option("--report-names", help="Name the files in the report, not ids only.")
    ] = False,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write a certificate (HTML, PDF, JSON) beside each copy."
        ),
    ] = False,
    redaction_log: Annotated[
        str | None,
        typer.Option(
            "--redaction-log", help="Write a log of decisions beside each copy: csv, xlsx."
        ),
    ] = None,
    vault: Annotated[
        Path | None, typer.Option("--vault", help="Vault file; that of the state folder otherwise.")
    ] = None,
    case: Annotated[
        str, typer.Option("--case", help="Case for policies that keep pseudonyms per case.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks.")] = False,
) -> None:
    """Redact files, folders or standard input by a policy."""
    from redactor.cli import show
    from redactor.cli.password import asked_password
    from redactor.formats import FORMATS
    from redactor.formats.base import ReadOptions
    from redactor.pipeline import Engine, Options
    from redactor.policy import load_policy
    from redactor.policy.override import read_subject, with_deny, with_ner, with_subject
    from redactor.report import Reporting

    if format is not None and format not in FORMATS:
        raise UsageError(f"--format is one of {', '.join(FORMATS)}, not {format}")
    items, refused = plan_items(sources, output, dry_run)
    chosen = with_ner(load_policy(policy), use=ner, model=model, backend=backend)
    if subject is not None:
        chosen = with_subject(chosen, read_subject(subject))
    chosen = with_deny(chosen, deny or (), entity=deny_as, match=deny_match)
    options = Options(
        read=ReadOptions(
            encoding=encoding,
            delimiter=delimiter,
            header=header,
            password=asked_password(password),
            workers=workers,
        ),
        format=format,
        overwrite=overwrite,
        dry_run=dry_run,
        apply_proposed=apply_proposed,
        vault=vault,
        case=case,
        language=language,
        explain=explain,
    )
    to_stdout = any(not isinstance(item.destination, Path) for item in items) and not dry_run
    screen = show.Screen(sys.stderr if to_stdout else sys.stdout, quiet=quiet)
    reporting = Reporting(
        chosen,
        reports=report or (),
        certificates=certificate,
        log=redaction_log,
        names=report_names,
        dry_run=dry_run,
    )
    with Engine(chosen, options) as engine:
        screen.recovered(engine.recovered)
        screen.about(chosen, engine.expired)
        results = [_refuse(engine, item, reason) for item, reason in refused]
        for item, result in zip((i for i, _ in refused), results, strict=True):
            screen.item(item, result)
            reporting.ended(engine, item, result)
        for item in items:
            result = _one(engine, item, screen, explain, reporting)
            screen.item(item, result)
            reporting.ended(engine, item, result)
            results.append(result)
        screen.summary(results, chosen, dry_run=dry_run)
        reporting.finish(results, engine.versions)
    raise typer.Exit(max((result.outcome.exit_code for result in results), default=0))


def _one(
    engine: Engine, item: Item, screen: show.Screen, explain: bool, reporting: Reporting
) -> Result:
    with screen.progress(item) as advance:
        observe: Observer = screen.explainer(advance) if explain else advance
        folder = item.root
        if folder is None and isinstance(item.destination, Path):
            folder = item.destination.parent
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with reporting.item(engine, item, observe) as (observe, finish):
            result = engine.redact(item, observe)
            finish(result)
            return result


def _refuse(engine: Engine, item: Item, reason: str) -> Result:
    """An item that the plan could not take is recorded and shown like any other."""
    from redactor.pipeline import Result
    from redactor.values import Outcome

    result = Result(engine.ledger.new_item(), Outcome.WITHHELD, reason)
    engine.ledger.closed(result.item, result.outcome, reason)
    return result


def plan_items(
    sources: list[str], output: str | None, dry_run: bool
) -> tuple[list[Item], list[tuple[Item, str]]]:
    """What to do, and what the plan refuses with its reason."""
    from redactor.pipeline import Item
    from redactor.plan import plan

    if "-" in sources:
        if len(sources) > 1:
            raise UsageError("standard input (-) cannot be mixed with files")
        target = sys.stdout.buffer if output in (None, "-") else Path(str(output))
        return [Item(sys.stdin.buffer, target)], []
    if output == "-":
        if len(sources) > 1 or Path(sources[0]).is_dir():
            raise UsageError("only one file can go to standard output")
        return [Item(Path(sources[0]), sys.stdout.buffer, sources[0])], []
    if output is None and not dry_run:
        raise UsageError("say where the redacted copy goes: -o FILE, -o FOLDER or -o -")
    planned = plan([Path(source) for source in sources], Path(output) if output else None)
    items = [
        Item(entry.source, entry.destination, entry.source.name, entry.root)
        for entry in planned
        if not entry.refusal
    ]
    refused = [
        (Item(entry.source, entry.destination, entry.source.name), entry.refusal)
        for entry in planned
        if entry.refusal
    ]
    return items, refused


redact.__doc__ = HELP

if TYPE_CHECKING:
    from redactor.cli import show
