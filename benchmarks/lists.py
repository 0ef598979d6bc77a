"""Deny lists of a million values and a million own records: compile, load, scan.

CPU seconds, one thread. *Compile* makes the index of a list, *load* reads it in a fresh
process (imports of numpy and cryptography included), *scan* is the whole detector without
the model on log lines, with and without the list, results with the list checked against a
search for the planted values.
"""

from __future__ import annotations

import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.corpus import log_lines

_SYLLABLES = (
    "ba be bi bo bu da de di do du fa fe ka ke ki ko la le li lo ma me mi mo na ne ni no "
    "ra re ri ro sa se si so ta te ti to va ve vi vo za ze zi zo"
).split()
_PLANTED_EVERY = 100  # log lines

_LOAD = """
import sys, time
from redactor.policy import load_policy
from redactor.policy.override import with_deny
policy = with_deny(load_policy("logs"), [sys.argv[1]], entity="PERSON", match=sys.argv[2])
wall, cpu = time.perf_counter(), time.process_time()
from redactor.detection.lists import prepare
prepare(policy)
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


def run(*, quick: bool = False) -> dict[str, Any]:
    """All figures; ``quick`` takes a hundredth of the values."""
    size = 10_000 if quick else 1_000_000
    lines, source = log_lines(1500 if quick else 16000)
    with tempfile.TemporaryDirectory() as scratch, _home(Path(scratch) / "home"):
        names = list(made_up_names(size))
        path = Path(scratch) / "names.txt"
        path.write_text("\n".join(names) + "\n", "utf-8")
        text, planted = _with_planted(lines, names)
        result: dict[str, Any] = {"values": size, "text": source}
        plain = _scan(text, "logs", [])
        for match in ("exact", "ignore-case", "fuzzy"):
            result[match] = {
                "compile_cpu_s": round(_compile(path, match), 1),
                **_load(path, match, 2 if quick else 7),
                **_compared(_scan(text, "logs", [path], match), plain, planted),
            }
        result["records"] = _records(Path(scratch), names, lines)
        return result


def made_up_names(count: int, seed: int = 1) -> Iterator[str]:
    """Different two-word names."""
    rng, seen = random.Random(seed), set[str]()
    while len(seen) < count:
        words = ("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(2))
        name = " ".join(word.capitalize() for word in words)
        if name not in seen:
            seen.add(name)
            yield name


def _with_planted(lines: list[str], names: list[str]) -> tuple[str, list[str]]:
    rng = random.Random(2)
    planted = []
    made = list(lines)
    for number in range(0, len(made), _PLANTED_EVERY):
        planted.append(rng.choice(names))
        made[number] += f" by {planted[-1]};"
    return "\n".join(made), planted


@contextmanager
def _home(path: Path) -> Iterator[None]:
    before = os.environ.get("REDACTOR_HOME")
    os.environ["REDACTOR_HOME"] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["REDACTOR_HOME"]
        else:
            os.environ["REDACTOR_HOME"] = before


def _compile(path: Path, match: str) -> float:
    """CPU seconds of making the index of a list."""
    from redactor.detection.lists import prepare
    from redactor.policy import load_policy
    from redactor.policy.override import with_deny

    policy = with_deny(load_policy("logs"), [path], entity="PERSON", match=match)
    began = time.process_time()
    prepare(policy)
    return time.process_time() - began


def _load(path: Path, match: str, times: int) -> dict[str, int]:
    """Median milliseconds of loading the kept index in a fresh process."""
    command = [sys.executable, "-c", _LOAD, str(path), match]
    taken = []
    for _ in range(times):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        taken.append([float(part) * 1000 for part in done.stdout.split()])
    wall, cpu = (round(statistics.median(column)) for column in zip(*taken, strict=True))
    return {"load_ms": wall, "load_cpu_ms": cpu}


def _scan(
    text: str, policy_name: str, lists: list[Path], match: str = "exact"
) -> tuple[float, list[Any]]:
    """CPU seconds of detecting without the model, and the findings."""
    from redactor.policy import load_policy
    from redactor.policy.override import with_deny, with_ner

    policy = with_ner(load_policy(policy_name), use="never")
    return _timed(with_deny(policy, lists, entity="PERSON", match=match), text)


def _timed(policy: Any, text: str) -> tuple[float, list[Any]]:
    from redactor.detection.detect import Detector
    from redactor.values import Locator, Unit

    detector = Detector(policy)
    unit = Unit("log", text, Locator("text", "0"), by_line=True)
    detector.detect([Unit("warm", text[:100_000], Locator("text", "0"), by_line=True)])
    best, found = 1e9, []
    for _ in range(3):
        gc.collect()
        began = time.process_time()
        found = detector.detect([unit]).findings
        best = min(best, time.process_time() - began)
    return best, found


def _compared(
    with_list: tuple[float, list[Any]], plain: tuple[float, list[Any]], planted: list[str]
) -> dict[str, Any]:
    seconds, found = with_list
    texts = {finding.text.casefold() for finding in found}
    missed = sum(name.casefold() not in texts for name in planted)
    if missed:
        raise RuntimeError(f"{missed} of {len(planted)} planted values were not found")
    return {"speed": round(plain[0] / seconds, 2), "found": len(found)}


def _records(scratch: Path, names: list[str], lines: list[str]) -> dict[str, Any]:
    """A table of own records: name, e-mail, account, post code."""
    from redactor.detection import records_build, records_file
    from redactor.keys import get_key
    from redactor.policy import load_policy
    from redactor.policy.model import RecordsEntry
    from redactor.policy.override import with_ner

    rng = random.Random(3)
    source = scratch / "customers.csv"
    with source.open("w", encoding="utf-8") as out:
        out.write("name,email,account,zip\n")
        for number, name in enumerate(names):
            user = name.lower().replace(" ", ".")
            account = f"{rng.randrange(10**12):012d}"
            out.write(f"{name},{user}{number}@example.com,{account},{rng.randrange(10**5):05d}\n")
    columns = ("name", "email", "account", "zip")
    key = get_key("records")
    began = time.process_time()
    records = records_build.build(source, columns, records_file.hasher_of(key))
    data = records_file.dump(records, key)
    built = time.process_time() - began
    (scratch / "customers.records").write_bytes(data)
    text, planted = _with_planted(lines, names)
    policy = with_ner(load_policy("logs"), use="never")
    entry = RecordsEntry(
        "records[0]", str(scratch / "customers.records"), "", tuple((c, c.upper()) for c in columns)
    )
    from dataclasses import replace

    plain = _timed(policy, text)
    compared = _compared(_timed(replace(policy, records=(entry,)), text), plain, planted)
    return {
        "records": len(names),
        "megabytes": round(len(data) / 1e6, 1),
        "build_cpu_s": round(built, 1),
        **compared,
    }


if __name__ == "__main__":
    print(json.dumps(run(quick="--quick" in sys.argv), indent=1))
