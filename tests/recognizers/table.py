"""Rows of hits and near misses, checked with policy ``base``: rules alone, gates and all."""

from functools import cache

from redactor.detection.patterns import Scanner
from redactor.policy import load_policy


@cache
def scanner(policy="base"):
    """Made once: an automaton takes a moment to load."""
    return Scanner.load(load_policy(policy))


def found(text, entity, policy="base", by_line=False):
    """Texts of the findings of one type, widest where they overlap, in order."""
    spans = {
        (finding.start, finding.end)
        for finding in scanner(policy).scan_text(text, by_line=by_line)
        if finding.entity_type == entity
    }
    widest = [
        (a, b)
        for a, b in spans
        if not any((c, d) != (a, b) and c <= a and b <= d for c, d in spans)
    ]
    return [text[a:b] for a, b in sorted(widest)]


def check_hits(rows, entity, **options):
    """Every row is ``text`` with what has to be found in double angle brackets."""
    wrong = []
    for row in rows:
        parts = row.replace("«", "\0").replace("»", "\0").split("\0")
        expected = parts[1::2]
        got = found("".join(parts), entity, **options)
        if got != expected:
            wrong.append((row, got))
    assert not wrong, "\n".join(f"{row!r}\n    found {got!r}" for row, got in wrong)


def check_misses(rows, entity, **options):
    """Nothing of the type is found in any row."""
    wrong = [(row, got) for row in rows if (got := found(row, entity, **options))]
    assert not wrong, "\n".join(f"{row!r}\n    found {got!r}" for row, got in wrong)
