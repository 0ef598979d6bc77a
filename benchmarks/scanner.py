"""The fused scanner against Presidio's ``AnalyzerEngine`` without NER: CPU seconds, equal results.

Both sides look for the policy's entity types with Presidio's predefined recognizers at the
policy's thresholds, context on. Ours also runs its own recognizers for these types, and
throws their findings away. Results are compared text by text: without the gates that drop
implausible findings they have to be equal; what the gates drop counts as deliberate.
"""

from __future__ import annotations

import gc
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.corpus import documents, log_lines
from benchmarks.reference import Reference, comparable
from redactor.detection.patterns import Scanner
from redactor.policy import load_policy
from redactor.values import Finding, Locator, Unit

Key = tuple[str, int, int, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison."""

    name: str
    texts: int
    megabytes: float
    ours: float  # CPU seconds
    theirs: float
    found: int
    different: int
    listed: int  # differences that the program makes on purpose

    def as_dict(self) -> dict[str, Any]:
        """For the table."""
        return {
            "name": self.name,
            "texts": self.texts,
            "ours_mb_per_cpu_s": round(self.megabytes / self.ours, 2),
            "presidio_mb_per_cpu_s": round(self.megabytes / self.theirs, 4),
            "ratio": round(self.theirs / self.ours, 1),
            "findings": self.found,
            "differences": self.different,
            "deliberate_differences": self.listed,
        }


def compare(name: str, policy_name: str, texts: list[str], *, by_line: bool) -> Measured:
    """Measure both sides on the same texts."""
    policy = load_policy(policy_name)
    reference = Reference(policy)
    # types that Presidio has no recognizer for are left out on both sides
    policy = replace(
        policy, entities={e: r for e, r in policy.entities.items() if e in reference.entities}
    )
    scanner = Scanner.load(policy)
    plain = Scanner.load(replace(policy, plausible=False))  # exactly Presidio's results
    known = frozenset(rule.name for rule in scanner.rules if rule.source == "presidio")
    _warm(scanner, reference)
    gc.collect()
    began = time.process_time()
    for text in texts:
        reference.engine.analyze(text, "en", entities=list(reference.entities))
    theirs = time.process_time() - began
    units, starts = _units(texts, by_line=by_line)
    gc.collect()
    began = time.process_time()
    found = scanner.find(units)
    ours = time.process_time() - began
    mine = _by_text(found, texts, starts, known)
    exact = _by_text(plain.find(units), texts, starts, known)
    different = listed = total = 0
    for text, got, unfiltered in zip(texts, mine, exact, strict=True):
        expected = reference.find(text)
        total += len(got)
        plus = {key for key in unfiltered ^ expected if _is_plus_phone(key, text)}
        listed += len(plus) + len(unfiltered - got)
        different += len((unfiltered ^ expected) - plus) + len(got - unfiltered)
    size = sum(len(text.encode()) for text in texts) / 1e6
    return Measured(name, len(texts), size, ours, theirs, total, different, listed)


def _by_text(
    found: Sequence[Finding], texts: list[str], starts: list[int], known: frozenset[str]
) -> list[set[Key]]:
    """Findings of Presidio's recognizers in the reference's form, text by text."""
    mine: list[set[Key]] = [set() for _ in texts]
    for finding in found:
        number = bisect_right(starts, finding.start) - 1 if starts else int(finding.unit)
        offset = starts[number] if starts else 0
        for entity, start, end, score in comparable([finding], known):
            mine[number].add((entity, start - offset, end - offset, score))
    return mine


def _is_plus_phone(key: Key, text: str) -> bool:
    return key[0] == "PHONE_NUMBER" and text[key[1]] == "+"


def _units(texts: list[str], *, by_line: bool) -> tuple[list[Unit], list[int]]:
    if not by_line:
        return [Unit(str(n), text, Locator("text", str(n))) for n, text in enumerate(texts)], []
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return [Unit("log", "\n".join(texts), Locator("text", "0"), by_line=True)], starts


def _warm(scanner: Scanner, reference: Reference) -> None:
    """Compile regexes and load metadata on both sides; no text of the sample is used."""
    text = (
        "call 212-555-0100 or +44 20 7946 0958, mail a@example.com, https://example.org/a, "
        "203.0.113.1, 4111 1111 1111 1111, ssn 987-65-4329, GB82 WEST 1234 5698 7654 32"
    )
    for by_line in (True, False):
        scanner.scan_text(text, by_line=by_line)
    reference.engine.analyze(text, "en", entities=list(reference.entities))


def run(*, quick: bool = False) -> list[dict[str, Any]]:
    """All comparisons."""
    lines, source = log_lines(1500 if quick else 16000)
    texts, documents_source = documents(20 if quick else 120)
    return [
        compare(f"log lines ({source}), policy logs", "logs", lines, by_line=True).as_dict(),
        compare(f"log lines ({source}), policy base", "base", lines, by_line=True).as_dict(),
        compare(
            f"2,000-character documents ({documents_source}), policy base",
            "base", texts, by_line=False,
        ).as_dict(),
    ]  # fmt: skip
