"""Peak memory of redacting a generated log: it must not grow with the log.

Measured over the whole process tree (the program and its verifying process): the peak of
the sum of resident sets, sampled.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.corpus import made_up_log

_BLOCK_LINES = 40_000


def run(*, quick: bool = False) -> dict[str, Any]:
    """Peak MiB for a small and a ten times larger log, and seconds for each."""
    small = 20 if quick else 200
    figures = {f"{size} MB": _measure(size) for size in (small, 10 * small)}
    peaks = [figure["peak_mib"] for figure in figures.values()]
    return {**figures, "growth": round(peaks[1] / peaks[0], 3)}


def _measure(megabytes: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "big.log"
        _write(source, megabytes)
        environment = {**os.environ, "REDACTOR_HOME": str(Path(scratch) / "home")}
        command = [sys.executable, "-m", "redactor.cli.main", "redact", str(source)]
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, "-o", str(Path(scratch) / "out.log"), "-p", "logs", "-q"], env=environment
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(0.05)
        if process.returncode != 0:
            raise RuntimeError(f"redact ended with {process.returncode}")
        seconds = time.perf_counter() - began
    return {"peak_mib": round(peak / 2**20, 1), "seconds": round(seconds, 1)}


def _resident(pid: int) -> int:
    try:
        parent = psutil.Process(pid)
        return sum(p.memory_info().rss for p in (parent, *parent.children(recursive=True)))
    except psutil.Error:
        return 0


def _write(path: Path, megabytes: int) -> None:
    """Blocks of made-up lines, each different, up to the size."""
    with path.open("w") as out:
        seed = 0
        while out.tell() < megabytes * 1_000_000:
            out.write("\n".join(made_up_log(_BLOCK_LINES, seed)) + "\n")
            seed += 1
