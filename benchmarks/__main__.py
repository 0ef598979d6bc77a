"""All measurements: ``python -m benchmarks [--quick] [--memory] [--json FILE]``.

Ratios of CPU seconds against a peer in the same run, at checked results. ``--memory`` adds
the 2 GB log, which takes half an hour; ``--quick`` is a smoke test, its figures mean little.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

# one thread on both sides, before anything numeric is imported
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

README = Path(__file__).resolve().parents[1] / "README.md"
_BEGIN, _END = "<!-- benchmarks begin -->", "<!-- benchmarks end -->"


def measure(*, quick: bool, memory: bool) -> dict[str, Any]:
    """Every figure."""
    import warnings

    warnings.filterwarnings("ignore")
    from benchmarks import detection, lists, scanner, startup, structured
    from benchmarks import memory as memory_

    result: dict[str, Any] = {
        "startup": startup.run(quick=quick),
        "scanner": scanner.run(quick=quick),
        "detection": detection.run(quick=quick),
        "structured": structured.run(quick=quick),
        "lists": lists.run(quick=quick),
    }
    if memory:
        result["memory"] = memory_.run(quick=quick)
    return result


def table(result: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        "| what | redactor | peer | ratio | results |",
        "|---|---|---|---|---|",
    ]
    for row in result["scanner"]:
        lines.append(
            f"| scanner, {row['name']} | {row['ours_mb_per_cpu_s']} MB per CPU-second | "
            f"Presidio `AnalyzerEngine` without NER {row['presidio_mb_per_cpu_s']} | "
            f"**{row['ratio']}x** | {row['findings']} findings, {row['differences']} differences, "
            f"{row['deliberate_differences']} deliberate |"
        )
    detection = result["detection"]
    ours, theirs = detection["cpu_ms_per_document"].values()
    lines.append(
        f"| rules + model, 2,000-character documents ({detection['documents']}) | {ours} CPU ms | "
        f"Presidio + `en_core_web_sm` {theirs} CPU ms | **{detection['ratio']}x** | see leaks |"
    )
    for name, leak in detection["leak"].items():
        mine, other = leak.values()
        lines.append(
            f"| leaked characters of names and places, {name} development set | {mine:.1%} | "
            f"Presidio + `en_core_web_sm` {other:.1%} | | lower is better |"
        )
    if "structured" in result:
        from benchmarks import structured

        lines += structured.rows(result["structured"])
    startup = result["startup"]
    lines.append(
        f"| cold start of `redactor scan`, one line, over bare Python | rules "
        f"{startup['rules_only_ms']} ms, with model {startup['with_model_ms']} ms | | | |"
    )
    lines += _list_rows(result["lists"])
    if "memory" in result:
        memory = dict(result["memory"])
        growth = memory.pop("growth")
        told = ", ".join(f"{size}: {f['peak_mib']} MiB" for size, f in memory.items())
        lines.append(f"| peak memory of redacting a log (both processes) | {told} | | {growth} | |")
    return "\n".join(lines)


def _list_rows(lists: dict[str, Any]) -> list[str]:
    rows = []
    for match in ("exact", "ignore-case", "fuzzy"):
        figures = lists[match]
        rows.append(
            f"| deny list of {lists['values']:,} values, {match} | compiled in "
            f"{figures['compile_cpu_s']} CPU s, loaded in {figures['load_ms']} ms "
            f"({figures['load_cpu_ms']} CPU ms) | the same scan without the list | "
            f"**{figures['speed']}x** the speed | every planted value found |"
        )
    records = lists["records"]
    rows.append(
        f"| {records['records']:,} own records, 4 columns hashed ({records['megabytes']} MB) | "
        f"built in {records['build_cpu_s']} CPU s | the same scan without them | "
        f"**{records['speed']}x** the speed | every planted value found |"
    )
    return rows


def main() -> int:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--readme", action="store_true", help="put the table into the README")
    options = parser.parse_args()
    result = measure(quick=options.quick, memory=options.memory)
    if options.json:
        if "memory" not in result and options.json.is_file():
            kept = json.loads(options.json.read_text()).get("memory")
            if kept:
                result["memory"] = kept
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    text = table(result)
    print(text)
    if options.readme:
        readme = README.read_text("utf-8")
        head, _, rest = readme.partition(_BEGIN)
        _, _, tail = rest.partition(_END)
        README.write_text(f"{head}{_BEGIN}\n{text}\n{_END}{tail}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
