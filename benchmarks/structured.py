"""CSV: a column -> operator map against presidio-structured, a scan against BatchAnalyzerEngine.

Both in CPU seconds, one thread. The map: ours is the whole command (start, copy, the verifying
process, the audit trail), the peer's is reading by pandas, its ``StructuredEngine`` and writing by
pandas, measured on the first rows of the same file and scaled by rows; the outputs for these rows
must be equal. The scan: the same cells, the policy's types that Presidio has recognizers for, no
NER on either side, column names as context on both, results compared cell by cell.

presidio-structured is not a dependency. Put it into a folder of its own:

    pip install --no-deps --target DIR presidio-structured pandas python-dateutil pytz tzdata six
    REDACTOR_BENCH_PEERS=DIR python -m benchmarks.structured

    python -m benchmarks.structured [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

_FIRST = ("ann", "bob", "cyrus", "dora", "emil", "fatima", "goran", "hanna")
_LAST = ("okafor", "meyer", "nair", "hale", "duarte", "sato", "lindqvist", "moreau")
_HEAD = ("id", "full_name", "email", "card", "signup", "plan", "note")

_POLICY = """
version: 1
name: map
propagate: false
ner: {use: never}
entities: {}
fields:
  - {name: full_name, entity: PERSON, operator: replace, params: {new_value: "<PERSON>"}}
  - {name: email, entity: EMAIL_ADDRESS, operator: replace, params: {new_value: "<EMAIL>"}}
  - {name: card, entity: CREDIT_CARD, operator: mask, params: {keep_last: 4}}
  - {name: "*", verdict: keep}
"""

_PEER = """
import resource, sys, warnings
warnings.filterwarnings("ignore")
sys.path[:0] = sys.argv[3:]
import pandas
from presidio_anonymizer.entities import OperatorConfig
from presidio_structured import StructuredEngine
from presidio_structured.config import StructuredAnalysis
import time
began = time.process_time()
frame = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
analysis = StructuredAnalysis(
    {"full_name": "PERSON", "email": "EMAIL_ADDRESS", "card": "CREDIT_CARD"}
)
mask = {"masking_char": "*", "chars_to_mask": 12, "from_end": False}
out = StructuredEngine().anonymize(frame, analysis, {
    "PERSON": OperatorConfig("replace", {"new_value": "<PERSON>"}),
    "EMAIL_ADDRESS": OperatorConfig("replace", {"new_value": "<EMAIL>"}),
    "CREDIT_CARD": OperatorConfig("mask", mask),
})
out.to_csv(sys.argv[2], index=False)
print(time.process_time() - began, pandas.__version__)
"""


def write_table(path: Path, rows: int, seed: int = 7) -> None:
    """Made-up customers; every value of the mapped columns is different."""
    rng = random.Random(seed)
    with path.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_HEAD)
        for number in range(rows):
            first, last = rng.choice(_FIRST), rng.choice(_LAST)
            writer.writerow(
                (
                    number,
                    f"{first.title()} {last.title()} {'abcdefghij'[number % 10]}{number}",
                    f"{first}.{last}{number}@example.com",
                    4000000000000000 + rng.randrange(10**15),
                    f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}",
                    ("free", "pro", "team")[number % 3],
                    f"order {rng.randrange(10**6)}, sent on time" if number % 7 else "",
                )
            )


def run(*, quick: bool = False) -> dict[str, Any]:
    """Both comparisons."""
    return {"map": run_map(quick=quick), "scan": run_scan(quick=quick)}


def run_map(*, quick: bool) -> dict[str, Any]:
    """The column -> operator map: CPU seconds for all rows on both sides."""
    rows, peer_rows = (20_000, 5_000) if quick else (1_000_000, 50_000)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_table(folder / "all.csv", rows)
        write_table(folder / "some.csv", peer_rows)
        (folder / "map.yaml").write_text(_POLICY)
        _ours(folder, "some.csv")  # fills the caches, and is what the peer's is compared with
        ours = _ours(folder, "all.csv")
        result: dict[str, Any] = {
            "rows": rows, "columns": len(_HEAD), "mapped": 3, "cpu_s": round(ours, 1),
            "rows_per_cpu_s": round(rows / ours),
        }  # fmt: skip
        peer = _peer(folder, "some.csv")
        if peer is None:
            return {
                **result,
                "peer": "presidio-structured is not installed (see benchmarks/structured.py)",
            }
        seconds, version = peer
        scaled = seconds / peer_rows * rows
        equal = (folder / "some.csv.out").read_bytes() == (folder / "some.csv.peer").read_bytes()
        return {
            **result,
            "peer": f"presidio-structured, pandas {version}",
            "peer_rows": peer_rows,
            "peer_cpu_s": round(scaled, 1),
            "ratio": round(scaled / ours, 1),
            "equal_output": equal,
        }


def _ours(folder: Path, name: str) -> float:
    environment = {**os.environ, "REDACTOR_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "redactor.cli.main", "redact", name, "-o", f"{name}.out"]
    root = Path(__file__).resolve().parents[1]
    environment["PYTHONPATH"] = str(root)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*command, "-p", "map.yaml", "-q", "--overwrite"], cwd=folder, env=environment, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _peer(folder: Path, name: str) -> tuple[float, str] | None:
    places = [
        place for place in os.environ.get("REDACTOR_BENCH_PEERS", "").split(os.pathsep) if place
    ]
    done = subprocess.run(
        [sys.executable, "-c", _PEER, name, f"{name}.peer", *places],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        return None
    seconds, version = done.stdout.split()[-2:]
    return float(seconds), version


def run_scan(*, quick: bool) -> dict[str, Any]:
    """Every cell scanned: CPU seconds and results for a sample, column names as context."""
    from presidio_analyzer import BatchAnalyzerEngine

    from benchmarks.reference import Reference
    from redactor.detection.field_names import FieldNames
    from redactor.detection.patterns import Scanner
    from redactor.policy import load_policy

    rows = 40 if quick else 300
    columns = _sample(rows)
    policy = load_policy("base")
    reference = Reference(policy)
    policy = replace(
        policy, field_names="context",
        entities={e: r for e, r in policy.entities.items() if e in reference.entities},
    )  # fmt: skip
    batch = BatchAnalyzerEngine(reference.engine)
    wanted = list(reference.entities)
    list(batch.analyze_dict({k: v[:2] for k, v in columns.items()}, "en", entities=wanted))
    began = time.process_time()
    results = list(batch.analyze_dict(columns, "en", entities=wanted))
    theirs = time.process_time() - began
    scanner = Scanner.load(policy)
    names = FieldNames(policy, scanner)
    known = frozenset(rule.name for rule in scanner.rules if rule.source == "presidio")
    names.find(_units(_text({k: v[:2] for k, v in columns.items()})))
    text = _text(columns)
    repeat = 1 if quick else 20
    began = time.process_time()
    for _ in range(repeat):
        units = _units(text)
        found = [*scanner.find(units), *names.find(units)]
    ours = (time.process_time() - began) / repeat
    mine: dict[tuple[str, str, int, int], float] = {}
    for finding in found:
        if finding.recognizer in known:
            key = (finding.unit, finding.entity_type, finding.start, finding.end)
            mine[key] = max(mine.get(key, 0.0), round(finding.score, 4))
    reference_found: dict[tuple[str, str, int, int], float] = {}
    for number, result in enumerate(results, 1):
        for row, cells in enumerate(result.recognizer_results, 2):
            for cell in cells:
                if cell.score >= policy.entities[cell.entity_type].threshold:
                    key = (f"{row}:{number}", cell.entity_type, cell.start, cell.end)
                    reference_found[key] = max(reference_found.get(key, 0.0), round(cell.score, 4))
    more, less = mine.keys() - reference_found.keys(), reference_found.keys() - mine.keys()
    cells = rows * len(columns)
    return {
        "cells": cells,
        "ours_cells_per_cpu_s": round(cells / ours),
        "peer_cells_per_cpu_s": round(cells / theirs),
        "ratio": round(theirs / ours, 1),
        "findings": len(mine),
        "only_ours": len(more),
        "only_theirs": len(less),
        "only_theirs_types": sorted({key[1] for key in less}),
        "only_ours_types": sorted({key[1] for key in more}),
    }


def _sample(rows: int) -> dict[str, list[str]]:
    rng = random.Random(11)
    columns: dict[str, list[str]] = {
        name: []
        for name in ("id", "full_name", "email", "phone", "ssn", "card", "ip", "city", "note")
    }
    for number in range(rows):
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        values = (
            str(1000 + number),
            f"{first.title()} {last.title()}",
            f"{first}.{last}{number}@example.com",
            f"+1 212-555-{rng.randrange(10**4):04d}",
            f"{rng.randrange(1, 650):03d}-{rng.randrange(1, 99):02d}-{rng.randrange(1, 9999):04d}",
            rng.choice(("4111111111111111", "5500005555555559", "4000000000000001")),
            f"203.0.113.{rng.randrange(256)}",
            rng.choice(("Springfield", "Lyon", "Graz", "Porto")),
            rng.choice(
                (
                    "called twice, no answer",
                    f"write to {first}@example.org about order {rng.randrange(10**6)}",
                    f"paid {rng.randrange(10**4)}.50 on 2024-03-{1 + rng.randrange(28):02d}",
                    "see https://example.com/help for the form",
                )
            ),
        )
        for name, value in zip(columns, values, strict=True):
            columns[name].append(value)
    return columns


def _text(columns: dict[str, list[str]]) -> bytes:
    import io

    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return sink.getvalue().encode()


def _units(data: bytes) -> list[Any]:
    import io

    from redactor.formats import FORMATS, ReadOptions

    chunks = FORMATS["csv"]().chunks(io.BytesIO(data), ReadOptions(header=True))
    return [u for chunk in chunks for u in chunk.units if u.locator.kind == "cell"]


def rows(result: dict[str, Any]) -> list[str]:
    """The figures as rows of the README's table."""
    mapped, scan = result["map"], result["scan"]
    peer = mapped["peer"]
    if "ratio" in mapped:
        peer += f" {mapped['peer_cpu_s']} s"
        equal = "equal output" if mapped["equal_output"] else "**outputs differ**"
        ratio = f"**{mapped['ratio']}x**"
    else:
        equal = ratio = ""
    return [
        f"| CSV of {mapped['rows']:,} rows, column map on 3 of 7 columns, verified and recorded | "
        f"{mapped['cpu_s']} CPU s | {peer} | {ratio} | {equal} |",
        f"| CSV, every cell scanned (rules, column names as context) | "
        f"{scan['ours_cells_per_cpu_s']:,} cells per CPU-second | Presidio `BatchAnalyzerEngine` "
        f"without NER {scan['peer_cells_per_cpu_s']:,} | **{scan['ratio']}x** | {scan['findings']} "
        f"findings, {scan['only_ours']} only ours, {scan['only_theirs']} only theirs |",
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    import warnings

    warnings.filterwarnings("ignore")
    result = run(quick=options.quick)
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[_variable] = "1"
    raise SystemExit(main())
