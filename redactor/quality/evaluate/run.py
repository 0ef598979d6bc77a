"""One set through one system: scores as plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from redactor.quality.evaluate.gate import CORE
from redactor.quality.evaluate.gold import Gold, read_gold
from redactor.quality.evaluate.score import causes, evaluate, figures, threshold_table
from redactor.quality.evaluate.systems import System

_BATCH = 64
_MOST_ERRORS = 500


def measure(
    path: Path, name: str, find: System, types: Iterable[str] | None = None
) -> dict[str, Any]:
    """Scores of one system on one file.

    ``types``: only these count, in gold and among findings (all of the set's, if None; what
    the set was not labelled for would look spurious otherwise).
    """
    gold = read_gold(path)
    labelled = {kind for record in gold for _, _, kind in record.spans}
    wanted = labelled & set(types) if types is not None else labelled
    records = [Gold(r.text, tuple(s for s in r.spans if s[2] in wanted)) for r in gold]
    everything = [
        hits for at in range(0, len(records), _BATCH)
        for hits in find([r.text for r in records[at : at + _BATCH]])
    ]  # fmt: skip
    found = [[hit for hit in hits if hit.type in wanted] for hits in everything]
    result = evaluate(records, found)
    # a gold value that a finding of any type covers does not leak
    whole = evaluate(records, everything)
    core = [kind for kind in CORE if kind in wanted]
    return {
        "set": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "system": name,
        "texts": len(records),
        "gold": sum(len(record.spans) for record in records),
        "leak": round(whole.leak, 4),
        "char_precision": round(result.char_precision, 4),
        "char_precision_all_types": round(whole.char_precision, 4),
        "core": {**figures(result.over(core)), "leak": figures(whole.over(core))["leak"]},
        "types": {
            kind: {**figures(counts), "leak": figures(whole.types[kind])["leak"]}
            for kind, counts in sorted(result.types.items())
            if kind in whole.types
        },
        "calibration": [
            {"from": n / 10, "found": all_, "right": right}
            for n, (all_, right) in enumerate(result.bands)
        ],
        "thresholds": threshold_table(records, found),
        "causes": {cause: dict(kinds) for cause, kinds in causes(result.errors).items()},
        "errors": [asdict(error) for error in result.errors[:_MOST_ERRORS]],
        "errors_left_out": max(0, len(result.errors) - _MOST_ERRORS),
    }
