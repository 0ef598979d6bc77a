"""Cold start: ``redactor scan`` of a one-line file over bare ``python -c pass``, wall time."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def run(*, quick: bool = False) -> dict[str, Any]:
    """Median milliseconds over bare Python, after one run that fills the caches."""
    times = 3 if quick else 11
    with tempfile.TemporaryDirectory() as scratch:
        line = Path(scratch) / "line.txt"
        line.write_text("Ann Lee wrote from ann.lee@example.com on Monday.\n")
        environment = {**os.environ, "REDACTOR_HOME": str(Path(scratch) / "home")}
        program = [sys.executable, "-m", "redactor.cli.main", "scan", str(line)]
        commands = {
            "bare": [sys.executable, "-c", "pass"],
            "rules only": [*program, "--ner", "never"],
            "with the model": program,
        }
        medians = {name: _median(command, environment, times) for name, command in commands.items()}
    return {
        "rules_only_ms": round(medians["rules only"] - medians["bare"]),
        "with_model_ms": round(medians["with the model"] - medians["bare"]),
        "bare_python_ms": round(medians["bare"]),
    }


def _median(command: list[str], environment: dict[str, str], times: int) -> float:
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])
