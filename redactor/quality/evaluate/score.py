"""Scores of one system on one set.

**strict**: a finding counts where span and type equal a gold span's. **overlap**: a finding
and a gold span of one type that share a character; each gold span counts once for recall, each
finding once for precision. **leak rate**: share of gold characters (white space left out) that
no finding covers, whatever its type; **character precision**: share of found characters that
lie in gold. F2 weighs recall four times as much as precision. Intervals are Wilson's 95 %
(E. B. Wilson 1927). Joined first, in gold and among findings alike: neighbours of one type with
only spaces between them (given and family name), and LOCATIONs with only white space and commas
between them (the parts of an address are one thing).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from redactor.quality.evaluate.gold import Gold

SMALLEST = 30  # gold spans below which a number says nothing and never gates
_GAPS = {"LOCATION": re.compile(r"[\s,]*\Z")}  # parts of an address stand on lines
_GAP = re.compile(r"[ \u00a0]*\Z")
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a system found; ``type`` canonical, ``score`` 0-1."""

    start: int
    end: int
    type: str
    score: float = 1.0


@dataclass(slots=True)
class Counts:
    """Of one type: gold spans, findings, and what agrees."""

    gold: int = 0
    found: int = 0
    strict: int = 0
    gold_touched: int = 0
    found_touching: int = 0
    chars: int = 0
    leaked: int = 0


@dataclass(frozen=True, slots=True)
class Error:
    """One disagreement, without its value: cause, type, record (0-based), span, shape."""

    cause: str
    type: str
    record: int
    start: int
    end: int
    shape: str


@dataclass(slots=True)
class Result:
    """Scores of one system on one set."""

    types: dict[str, Counts] = field(default_factory=dict)
    found_chars: int = 0
    right_chars: int = 0
    errors: list[Error] = field(default_factory=list)
    bands: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(10)])

    @property
    def leak(self) -> float:
        """Share of gold characters left readable."""
        chars = sum(counts.chars for counts in self.types.values())
        return _share(sum(counts.leaked for counts in self.types.values()), chars)

    @property
    def char_precision(self) -> float:
        """Share of found characters that are gold."""
        return _share(self.right_chars, self.found_chars, empty=1.0)

    def over(self, types: Iterable[str] | None = None) -> Counts:
        """The counts of several types added up (all, if None)."""
        total = Counts()
        for name in self.types if types is None else types:
            counts = self.types.get(name, Counts())
            for part in Counts.__slots__:
                setattr(total, part, getattr(total, part) + getattr(counts, part))
        return total


def evaluate(
    gold: Sequence[Gold], found: Sequence[Sequence[Hit]], threshold: float = 0.0
) -> Result:
    """Compare findings (one list a record) with gold; findings below ``threshold`` are left out."""
    result = Result()
    for number, (record, hits) in enumerate(zip(gold, found, strict=True)):
        kept = [hit for hit in hits if hit.score >= threshold]
        _add(result, number, record, _joined(record.text, kept))
    return result


def threshold_table(
    gold: Sequence[Gold], found: Sequence[Sequence[Hit]], types: Iterable[str] | None = None
) -> list[dict[str, float]]:
    """What each threshold would give: overlap precision and recall, leak, F2."""
    types = list(types) if types is not None else None
    rows = []
    for threshold in THRESHOLDS:
        result = evaluate(gold, found, threshold)
        row = figures(result.over(types))
        rows.append({
            "threshold": threshold, "precision": row["overlap"]["precision"],
            "recall": row["overlap"]["recall"], "f2": row["overlap"]["f2"],
            "leak": round(result.leak, 4),
        })  # fmt: skip
    return rows


def figures(counts: Counts) -> dict[str, Any]:
    """Numbers of one type, JSON-able; ``gates`` False where n is too small to say anything."""
    return {
        "n": counts.gold,
        "found": counts.found,
        "gates": counts.gold >= SMALLEST,
        "strict": _measures(counts.strict, counts.strict, counts.gold, counts.found),
        "overlap": _measures(
            counts.gold_touched, counts.found_touching, counts.gold, counts.found
        ),
        "leak": round(_share(counts.leaked, counts.chars), 4),
    }  # fmt: skip


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share; (0, 1) where there is nothing."""
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, hits / total
    middle = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def shape(value: str) -> str:
    """What a value looks like without saying what it is: runs of X, x, 9 and marks, cut at 40."""
    kinds = "".join(
        "9" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else " " if c.isspace()
        else c for c in value
    )  # fmt: skip
    return re.sub(r"(.)\1{3,}", lambda m: m[1] * 3 + "~", kinds)[:40]


def _measures(gold_hits: int, found_hits: int, gold: int, found: int) -> dict[str, Any]:
    precision, recall = _share(found_hits, found, empty=1.0), _share(gold_hits, gold, empty=1.0)
    return {
        "precision": round(precision, 4),
        "precision_95": [round(x, 4) for x in wilson(found_hits, found)],
        "recall": round(recall, 4),
        "recall_95": [round(x, 4) for x in wilson(gold_hits, gold)],
        "f1": round(_f(precision, recall, 1.0), 4),
        "f2": round(_f(precision, recall, 2.0), 4),
    }


def _f(precision: float, recall: float, beta: float) -> float:
    weight = beta * beta
    below = weight * precision + recall
    return (1 + weight) * precision * recall / below if below else 0.0


def _share(part: int, whole: int, empty: float = 0.0) -> float:
    return part / whole if whole else empty


def _joined(text: str, hits: Iterable[Hit]) -> list[Hit]:
    joined: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, h.end)):
        last = joined[-1] if joined else None
        if last and last.type == hit.type and (
            hit.start <= last.end or _GAPS.get(hit.type, _GAP).match(text[last.end : hit.start])
        ):  # fmt: skip
            joined[-1] = Hit(
                last.start, max(last.end, hit.end), last.type, max(last.score, hit.score)
            )
        else:
            joined.append(hit)
    return joined


def _add(result: Result, number: int, record: Gold, hits: Sequence[Hit]) -> None:
    text = record.text
    gold = _joined(text, (Hit(start, end, kind) for start, end, kind in record.spans))
    covered = _mask(len(text), hits)
    wanted = _mask(len(text), gold)
    solid = [not char.isspace() for char in text]
    result.found_chars += sum(1 for a, s in zip(covered, solid, strict=True) if a and s)
    result.right_chars += sum(
        1 for a, b, s in zip(covered, wanted, solid, strict=True) if a and b and s
    )
    for span in gold:
        counts = result.types.setdefault(span.type, Counts())
        counts.gold += 1
        same = [h for h in hits if h.type == span.type and _touch(h, span)]
        exact = any((h.start, h.end) == (span.start, span.end) for h in same)
        counts.strict += exact
        counts.gold_touched += bool(same)
        inside = range(span.start, span.end)
        chars = sum(solid[at] for at in inside)
        leaked = sum(1 for at in inside if solid[at] and not covered[at])
        counts.chars += chars
        counts.leaked += leaked
        if not exact:
            cause = _cause(span, hits, same, leaked, chars)
            result.errors.append(
                Error(
                    cause,
                    span.type,
                    number,
                    span.start,
                    span.end,
                    shape(text[span.start : span.end]),
                )
            )
    for hit in hits:
        counts = result.types.setdefault(hit.type, Counts())
        counts.found += 1
        right = any(g.type == hit.type and _touch(hit, g) for g in gold)
        counts.found_touching += right
        band = result.bands[min(int(hit.score * 10), 9)]
        band[0] += 1
        band[1] += right
        if not any(_touch(hit, g) for g in gold):
            result.errors.append(
                Error(
                    "spurious",
                    hit.type,
                    number,
                    hit.start,
                    hit.end,
                    shape(text[hit.start : hit.end]),
                )
            )


def _cause(span: Hit, hits: Sequence[Hit], same: Sequence[Hit], leaked: int, chars: int) -> str:
    if same:
        if len(same) > 1:
            return "split"
        return "too short" if leaked else "too long"
    if any(_touch(hit, span) for hit in hits):
        return "other type" if not leaked else "other type, too short"
    return "missed" if leaked == chars else "missed in part"


def _touch(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _mask(size: int, hits: Iterable[Hit]) -> bytearray:
    mask = bytearray(size)
    for hit in hits:
        mask[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return mask


def causes(errors: Iterable[Error]) -> dict[str, Counter[str]]:
    """Cause -> type -> number, most frequent cause first."""
    grouped: dict[str, Counter[str]] = {}
    for error in errors:
        grouped.setdefault(error.cause, Counter())[error.type] += 1
    return dict(sorted(grouped.items(), key=lambda kv: -sum(kv[1].values())))
