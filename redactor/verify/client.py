"""The parent's side of verification: start the fresh process, ask, judge its answer."""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redactor.formats.csv_table import TableChunk
from redactor.values import Redaction, Span, Unit
from redactor.verify import worker
from redactor.verify.report import Report, digest_texts, expected_text
from redactor.verify.search import GRAM, find_values, normalise_all
from redactor.verify.tables import CellPlaces, expected_cells

_WORKER = "from redactor.verify.worker import main; raise SystemExit(main())"

# (unit, text still standing in it) -> the policy left it there on purpose
Permitted = Callable[[Unit, str], bool]


class Verifier:
    """A context manager around one verifying process, started at the first question.

    ``min_length``: redacted values with fewer normalised characters get the position
    check only (never below the search's own minimum of six).
    """

    def __init__(self, min_length: int = GRAM) -> None:
        self._min_length = max(min_length, GRAM)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def check_chunk(
        self,
        written: Path,
        offset: int,
        length: int,
        *,
        format_name: str,
        hints: Mapping[str, Any],
        units: Sequence[Unit],
        redactions: Sequence[Redaction],
        values: Sequence[str],
        permitted: Permitted,
    ) -> Report:
        """Check the written bytes of one release unit.

        Args:
            written: file that holds the written, uncompressed bytes.
            offset: first byte of the unit in it.
            length: number of bytes.
            format_name: format to read them as.
            hints: the writer's reading hints (encoding, delimiter ...).
            units: the source's units, in reading order.
            redactions: what was done to them.
            values: the texts that were redacted.
            permitted: says of a unit and a text still standing there whether the policy
                left it on purpose; asked once for each hit.
        """
        expected, placed = _expect(units, redactions)
        if not all(map(str.strip, expected)):
            # what was redacted away altogether is not among the texts that are read back
            left = [number for number, text in enumerate(expected) if text.strip()]
            units = [units[number] for number in left]
            expected = [expected[number] for number in left]
            placed = [placed[number] for number in left]
        wanted = _searchable(values, self._min_length)
        by_line = any(unit.by_line for unit in units)
        place = (str(written), offset, length, format_name, dict(hints))
        reply = self._reread(place, expected, wanted, by_line=by_line)
        if reply.error:
            return Report(problems=(f"the written copy {reply.error}",))
        problems = [] if reply.equal else [_first_difference(units, expected, reply.texts)]
        leaks, allowed = _judge(reply.hits, expected, placed, permitted, units)
        return Report(len(units), len(wanted), allowed, (*problems, *leaks))

    def check_table(
        self,
        written: Path,
        offset: int,
        length: int,
        *,
        format_name: str,
        hints: Mapping[str, Any],
        table: TableChunk,
        kept: frozenset[int],
        redactions: Sequence[Redaction],
        values: Sequence[str],
        permitted: Permitted,
    ) -> Report:
        """Check a table whose columns were decided by name; ``kept`` are column numbers."""
        expected = expected_cells(table, redactions)
        wanted = _searchable(values, self._min_length)
        place = (str(written), offset, length, format_name, dict(hints))
        reply = self._reread(place, expected, wanted, by_line=False)
        if reply.error:
            return Report(problems=(f"the written copy {reply.error}",))
        places = CellPlaces(table, redactions)
        problems: list[str] = []
        if not reply.equal:
            pairs = zip(expected, reply.texts, strict=False)
            differing = (n for n, (t, d) in enumerate(pairs) if worker.short_digest(t) != d)
            problems.append(_differs(next(differing, None), places, len(expected), reply.texts))
        allowed = 0
        for _, number, start, end in reply.hits:
            row, column = places.at(number)
            if column in kept:
                allowed += 1
            elif column in table.new and column < len(table.names):
                continue  # our own replacement: all of the cell is
            else:
                unit = places.stray(row, column)
                text = expected[number][start:end]
                if unit is not None and permitted(unit, text):
                    allowed += 1
                else:
                    problems.append(f"a redacted value still stands at {places.name(number)}")
        return Report(len(expected), len(wanted), allowed, tuple(problems))

    def _reread(
        self,
        place: tuple[str, int, int, str, dict[str, Any]],
        expected: Sequence[str],
        wanted: list[str],
        *,
        by_line: bool,
    ) -> worker.Answer:
        count, digest = digest_texts(expected)
        return self._ask(worker.Request(*place, by_line, count, digest, wanted))

    def check_stream(self, written: Path, sha256: str) -> Report:
        """Check that a finished (compressed) file holds exactly the bytes verified before."""
        reply = self._ask(worker.StreamRequest(str(written), sha256))
        if reply.equal:
            return Report()
        return Report(problems=(f"the finished file {reply.error or 'holds other bytes'}",))

    def check_assembled(self, written: Path, format_name: str, manifest: Sequence[Any]) -> Report:
        """Check that a finished file holds exactly the chunks verified before."""
        reply = self._ask(worker.AssembledRequest(str(written), format_name, list(manifest)))
        if reply.equal:
            return Report()
        return Report(problems=(f"the finished file {reply.error}",))

    def _ask(self, request: object) -> worker.Answer:
        failed = worker.Answer(False, [], [], "could not be checked: the verifying process died")
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        to_child, from_child = self._process.stdin, self._process.stdout
        assert to_child is not None and from_child is not None
        try:
            worker.send(request, to_child)
            reply = worker.receive(from_child)
        except OSError:
            reply = None
        if isinstance(reply, worker.Answer):
            return reply
        # it died over this one; the next question gets a new one
        self._process.kill()
        self._process.communicate()
        self._process = None
        return failed


def check_text(
    unit: Unit,
    redacted: str,
    redactions: Sequence[Redaction],
    values: Sequence[str],
    permitted: Permitted,
    min_length: int = GRAM,
) -> Report:
    """The same two questions about a text in memory (no file, so no second process)."""
    expected, placed = _expect([unit], redactions)
    wanted = _searchable(values, max(min_length, GRAM))
    found = find_values([redacted], wanted, by_line=unit.by_line)
    hits = [(hit.value, hit.text, hit.start, hit.end) for hit in found]
    leaks, allowed = _judge(hits, [redacted], placed, permitted, [unit])
    problems = [] if expected == [redacted] else ["the redacted text is not what was decided"]
    return Report(1, len(wanted), allowed, (*problems, *leaks))


def _expect(
    units: Sequence[Unit], redactions: Sequence[Redaction]
) -> tuple[list[str], list[list[Span]]]:
    by_unit: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        by_unit.setdefault(redaction.unit, []).append(redaction)
    expected, placed = [], []
    for unit in units:
        mine = by_unit.get(unit.id)
        text, spans = expected_text(unit.text, mine) if mine else (unit.text, [])
        expected.append(text)
        placed.append(spans)
    return expected, placed


def _searchable(values: Sequence[str], min_length: int) -> list[str]:
    """Distinct spellings of the values that are long enough to be searched for."""
    unequal = list(dict.fromkeys(values))
    distinct = dict(zip(normalise_all(unequal), unequal, strict=True))
    return [value for folded, value in distinct.items() if len(folded) >= min_length]


def _judge(
    hits: Sequence[tuple[int, int, int, int]],
    texts: Sequence[str],
    placed: Sequence[Sequence[Span]],
    permitted: Permitted,
    units: Sequence[Unit],
) -> tuple[list[str], int]:
    """Problems among the hits, and how many hits the policy keeps on purpose.

    A hit inside one of our own replacements (a pseudonym may spell another person's name)
    is no finding.
    """
    problems, allowed = [], 0
    for _, number, start, end in hits:
        if number >= len(units):
            problems.append("a redacted value still stands in a text that should not be there")
            continue
        spans = placed[number]
        at = bisect_right(spans, start, key=lambda span: span.start) - 1
        if at >= 0 and end <= spans[at].end:
            continue
        if permitted(units[number], texts[number][start:end]):
            allowed += 1
            continue
        place = units[number].locator
        problems.append(f"a redacted value still stands at {place}, character {start}")
    return problems, allowed


def _differs(number: int | None, places: CellPlaces, count: int, digests: Sequence[bytes]) -> str:
    if number is not None:
        return f"the written copy differs from what was decided at {places.name(number)}"
    return f"the written copy holds {len(digests)} texts where {count} were decided"


def _first_difference(
    units: Sequence[Unit], expected: Sequence[str], digests: Sequence[bytes]
) -> str:
    for unit, text, digest in zip(units, expected, digests, strict=False):
        if worker.short_digest(text) != digest:
            return f"the written copy differs from what was decided at {unit.locator}"
    return f"the written copy holds {len(digests)} texts where {len(expected)} were decided"
