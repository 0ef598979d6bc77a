"""``redactor scan``: look without touching."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redactor.cli.options import DenyAs, DenyFiles, DenyMatch
from redactor.errors import PartialError, RedactorError, UsageError

if TYPE_CHECKING:
    from redactor.formats.base import ReadOptions
    from redactor.scan import Seen

HELP = """Show what a policy would find; writes nothing.

Places, types, scores and reasons are shown, never the values. Line and column are 1-based,
start and end are code points (0-based, half-open) in the unit named by `place`.

Examples:

  redactor scan letters/ --format json

  redactor scan app.log -p logs --fail-on any
"""


def scan(
    sources: Annotated[list[str], typer.Argument(metavar="SRC...", help="Files, folders or -.")],
    format: Annotated[
        str, typer.Option("--format", help="Of the result: table, json, jsonl or sarif.")
    ] = "table",
    policy: Annotated[
        str, typer.Option("--policy", "-p", help="Preset name or policy file.")
    ] = "base",
    input_format: Annotated[
        str | None,
        typer.Option("--input-format", help="Read as this format; told by content otherwise."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text; detected otherwise.")
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option("--header/--no-header", help="CSV: a row names the columns, or none does."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            "--password",
            help="Opens protected documents; - asks for it. Or set REDACTOR_PASSWORD.",
        ),
    ] = None,
    ner: Annotated[
        str | None, typer.Option("--ner", help="Override the model's use: auto, always, never.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="embedded, a folder or a Hugging Face id.")
    ] = None,
    backend: Annotated[str | None, typer.Option("--backend", help="onnx, torch or spacy.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="What the sources are in (en, de ...).")
    ] = None,
    subject: Annotated[
        Path | None,
        typer.Option("--subject", help="Values of the person whose data stays (dsar)."),
    ] = None,
    deny: DenyFiles = None,
    deny_as: DenyAs = None,
    deny_match: DenyMatch = "exact",
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say why, and why something was not taken."),
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Exit 1 on findings: any, or entity types with commas."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks.")] = False,
) -> None:
    """Show what a policy would find; writes nothing."""
    from redactor.cli.password import asked_password
    from redactor.detection.detect import Detector
    from redactor.formats import FORMATS
    from redactor.formats.base import ReadOptions
    from redactor.policy import load_policy
    from redactor.policy.override import read_subject, with_deny, with_ner, with_subject

    if input_format is not None and input_format not in FORMATS:
        raise UsageError(f"--input-format is one of {', '.join(FORMATS)}, not {input_format}")
    if format not in ("table", "json", "jsonl", "sarif"):
        raise UsageError(f"--format is table, json, jsonl or sarif, not {format}")
    chosen = with_ner(load_policy(policy), use=ner, model=model, backend=backend)
    if subject is not None:
        chosen = with_subject(chosen, read_subject(subject))
    chosen = with_deny(chosen, deny or (), entity=deny_as, match=deny_match)
    failing = None if fail_on is None else _failing(fail_on, frozenset(chosen.entities))
    reading = ReadOptions(encoding=encoding, header=header, password=asked_password(password))
    run = _Run(Detector(chosen), input_format, reading, language, explain)
    rows: Iterator[tuple[str, Seen]] = run.rows(_sources(sources))
    found, hit = _write(rows, format, explain, failing)
    if format == "table":
        for message in run.failures:
            print(f"redactor: {message}", file=sys.stderr)
        print(f"{found} findings", file=sys.stderr)
    else:
        for message in run.failures:
            print(f"redactor: {message}", file=sys.stderr)
    raise typer.Exit(max(run.exit_code, 1 if hit else 0))


class _Run:
    """Scans sources one after another; a bad one is told and the rest goes on."""

    def __init__(
        self,
        detector: Any,
        input_format: str | None,
        reading: ReadOptions,
        language: str | None,
        explain: bool,
    ) -> None:
        self._detector = detector
        self._language = language
        self._explain = explain
        self._input_format = input_format
        self._reading = reading
        self.failures: list[str] = []
        self.exit_code = 0

    def rows(self, sources: list[tuple[str, Any, str]]) -> Iterator[tuple[str, Seen]]:
        from redactor.scan import ScanState
        from redactor.scan import scan as scan_item

        for name, source, refusal in sources:
            state = ScanState()
            try:
                if refusal:
                    raise UsageError(refusal)
                for seen in scan_item(
                    source,
                    self._detector,
                    name=name,
                    format_name=self._input_format,
                    options=self._reading,
                    state=state,
                    language=self._language,
                    explain=self._explain,
                ):
                    yield name, seen
                if state.without_model or (state.message and "only rules" in state.message):
                    raise PartialError(
                        state.message or "the model could not be asked: only rules looked at it"
                    )
                if state.message:
                    self._fail(name, state.message, 0)
            except RedactorError as error:
                self._fail(name, str(error), error.exit_code)
            except OSError as error:
                self._fail(name, f"cannot be read ({error.strerror})", 5)

    def _fail(self, name: str, message: str, code: int) -> None:
        from redactor.cli.show import printable

        self.failures.append(f"{printable(name)}: {message}")
        self.exit_code = max(self.exit_code, code)


def _sources(names: list[str]) -> list[tuple[str, Any, str]]:
    from redactor.plan import plan

    if "-" in names:
        if len(names) > 1:
            raise UsageError("standard input (-) cannot be mixed with files")
        return [("-", sys.stdin.buffer, "")]
    return [
        (str(entry.source), entry.source, entry.refusal)
        for entry in plan([Path(name) for name in names], None)
    ]


def _failing(fail_on: str, known: frozenset[str]) -> frozenset[str]:
    if fail_on == "any":
        return known
    wanted = frozenset(fail_on.split(","))
    if wanted - known:
        raise UsageError(f"the policy looks for no {', '.join(sorted(wanted - known))}")
    return wanted


def _write(
    rows: Iterator[tuple[str, Seen]], format: str, explain: bool, failing: frozenset[str] | None
) -> tuple[int, bool]:
    """Print rows as they come (json and sarif: at the end). Returns (count, fail-on hit)."""
    found, hit = 0, False
    collected: list[dict[str, Any]] = []
    for name, seen in rows:
        if seen.miss is None:
            found += 1
            hit = hit or (failing is not None and seen.decision.finding.entity_type in failing)
        elif format == "sarif":
            continue
        if format == "jsonl":
            print(json.dumps({"path": name, **seen.as_dict()}))
        elif format == "table":
            _print_row(name, seen, explain)
        else:
            collected.append({"path": name, **seen.as_dict()})
    if format == "json":
        print(json.dumps(collected, indent=1))
    elif format == "sarif":
        from redactor.cli.sarif import sarif

        print(json.dumps(sarif(collected), indent=1))
    return found, hit


def _print_row(name: str, seen: Seen, explain: bool) -> None:
    from redactor.cli import show

    finding = seen.decision.finding
    place = f"{seen.line}:{seen.column}" if seen.line is not None else seen.place
    action = f"{seen.decision.verdict}/{seen.decision.operator}"
    if seen.miss is not None:
        action = "not redacted"
    row = [show.printable(name), place, finding.entity_type, f"{finding.score:.2f}", action]
    if explain:
        row.append(show.explain(finding) if seen.miss is None else show.explain_miss(seen.miss))
    print("\t".join(row))


scan.__doc__ = HELP
