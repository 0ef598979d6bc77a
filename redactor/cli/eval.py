"""``redactor eval``: how well detection does on labelled text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

HELP = """Measure detection on labelled text, systems side by side. Nothing is changed.

GOLD is JSON lines ({"text", "spans": [[start, end, TYPE]]}), or a set in the layout of
presidio-research, ai4privacy, Label Studio or CoNLL. The report holds no values.

Systems: redactor[:POLICY], rules[:POLICY], model, presidio[:SPACY], spacy:PIPELINE, hf:MODEL.

Exit code 1 when a gate or the baseline is broken.

Examples:

  redactor eval dev.jsonl --system redactor --system presidio --html report.html

  redactor eval dev.jsonl --gate gate.yaml --baseline last-good.json
"""


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD...", help="Labelled sets.")],
    systems: Annotated[
        list[str] | None, typer.Option("--system", help="What is measured; repeat to compare.")
    ] = None,
    types: Annotated[
        str | None,
        typer.Option("--types", help="Only these types, with commas; core: the core ones."),
    ] = None,
    gate: Annotated[Path | None, typer.Option("--gate", help="YAML file of bounds.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="--json of an earlier run to compare with.")
    ] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the scores here.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page for people.")] = None,
) -> None:
    """Measure detection on labelled text."""
    from redactor.quality.evaluate.gate import CORE, failures, read_gate, regressions
    from redactor.quality.evaluate.present import as_html, as_text
    from redactor.quality.evaluate.run import measure
    from redactor.quality.evaluate.systems import system

    bounds = read_gate(gate) if gate else None
    before = json.loads(baseline.read_text("utf-8")) if baseline else []
    wanted = CORE if types == "core" else types.split(",") if types else None
    reports = []
    for name in systems or ["redactor"]:
        find = system(name)
        reports += [measure(path, name, find, wanted) for path in gold]
    print(as_text(reports), end="")
    if as_json:
        as_json.write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    if html:
        html.write_text(as_html(reports), "utf-8")
    broken = []
    for report in reports:
        if bounds is not None and report["system"] == reports[0]["system"]:
            broken += [f"{report['set']}: {said}" for said in failures(bounds, report)]
        for old in before:
            if (old["set"], old["system"]) == (report["set"], report["system"]):
                broken += [f"{report['set']}: {said}" for said in regressions(old, report)]
    for said in broken:
        typer.echo(f"gate: {said}", err=True)
    raise typer.Exit(1 if broken else 0)


evaluate.__doc__ = HELP
