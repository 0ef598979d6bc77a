"""The parent's side of verification: start the fresh process, ask, judge its answer."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import threading
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redactor.formats.base import Failure
from redactor.formats.csv_table import TableChunk
from redactor.values import Locator, Redaction, Span, Unit
from redactor.verify import worker
from redactor.verify.report import Report, digest_texts, expected_text
from redactor.verify.search import GRAM, find_values, normalise, normalise_all
from redactor.verify.tables import CellPlaces, expected_cells

_WORKER = "from redactor.verify.worker import main; raise SystemExit(main())"

_PAGE = re.compile(r"page:\d+\Z")  # at the end of a locator, also of an archive's member

# (unit, text still standing in it) -> the policy left it there on purpose
Permitted = Callable[[Unit, str], bool]


class Verifier:
    """A context manager around one verifying process, started at the first question.

    ``min_length``: redacted values with fewer normalised characters get the position
    check only (never below the search's own minimum of six).
    """

    def __init__(self, min_length: int = GRAM, *, seconds: float = 900.0) -> None:
        self._min_length = max(min_length, GRAM)
        self._seconds = seconds
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
        reference: bytes | None = None,
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
            reference: the source's bytes, where the look of a document is compared.
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
        own = _spelled_by_us(wanted, redactions)
        document = worker.document_of(format_name, hints)
        names = expected[: _archives_around(format_name, hints)] if document else []
        reply = self._reread(place, expected, wanted, own, reference, names, by_line=by_line)
        if reply.error:
            return Report(problems=(f"the written copy {reply.error}",))
        if document:
            return _document_report(reply, wanted, units, permitted)
        problems = [] if reply.equal else [_first_difference(units, expected, reply.texts)]
        leaks, allowed = _judge(reply.hits, expected, placed, permitted, units)
        for stray, text in reply.strays:
            if permitted(Unit("stray", text, Locator("part", stray)), text):
                allowed += 1
            else:
                leaks.append(f"a redacted value still stands outside of all texts, in {stray}")
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
        reply = self._reread(place, expected, wanted, [], None, [], by_line=False)
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
        own: list[int],
        reference: bytes | None,
        names: list[str],
        *,
        by_line: bool,
    ) -> worker.Answer:
        count, digest = digest_texts(expected)
        return self._ask(
            worker.Request(*place, by_line, count, digest, wanted, own, reference, names)
        )

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
        process = self._process
        to_child, from_child = process.stdin, process.stdout
        assert to_child is not None and from_child is not None
        clock = threading.Timer(self._seconds, process.kill)
        clock.start()
        try:
            worker.send(request, to_child)
            reply = worker.receive(from_child)
        except (OSError, EOFError, pickle.UnpicklingError):
            reply = None
        finally:
            clock.cancel()
        if isinstance(reply, worker.Answer):
            return reply
        process.kill()
        process.communicate()
        self._process = None  # the next item gets a new one
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


def _archives_around(name: str, hints: Mapping[str, Any]) -> int:
    """How many archives a document is in whose member's name stands before these bytes."""
    count = 0
    while name in ("zip", "tar"):
        count += bool(hints.get("first"))
        name, hints = str(hints.get("format", "")), hints.get("inner") or {}
    return count


def _spelled_by_us(wanted: Sequence[str], redactions: Sequence[Redaction]) -> list[int]:
    """Numbers of the values that a replacement (a pseudonym) happens to hold."""
    own = [normalise(text) for text in {redaction.replacement for redaction in redactions}]
    return [
        number
        for number, value in enumerate(wanted)
        if any(normalise(value) in text for text in own)
    ]


def _document_report(
    reply: worker.Answer, wanted: Sequence[str], units: Sequence[Unit], permitted: Permitted
) -> Report:
    """Judge what a document's check saw; several readers see one occurrence several times."""
    by_place: dict[str, Unit] = {}
    for unit in units:
        inside = _PAGE.search(str(unit.locator))
        by_place.setdefault(inside[0] if inside else str(unit.locator), unit)
    most: dict[tuple[int, int | None], int] = {}
    for leak in reply.leaks:
        key = leak.value, leak.page
        most[key] = max(most.get(key, 0), leak.count)
    problems: list[str] = []
    allowed = 0
    bad: set[tuple[int, int | None]] = set()
    for (value, page), count in most.items():
        place = "the document" if page is None else f"page:{page + 1}"
        unit = by_place.get(place) or Unit("document", "", Locator("pdf", "document"))
        kept = sum(1 for _ in range(count) if permitted(unit, wanted[value]))
        allowed += kept
        if kept < count:
            bad.add((value, page))
    failures = []
    for leak in reply.leaks:
        if (leak.value, leak.page) in bad:
            place = "outside its pages" if leak.page is None else f"on page {leak.page + 1}"
            problems.append(f"a redacted value still stands {place} (seen by {leak.reader})")
            failures.append(Failure(leak.page, True, leak.boxes))
    for damage in reply.damage:
        place = "" if damage.page is None else f"page {damage.page + 1}: "
        problems.append(f"{place}{damage.what}")
        failures.append(Failure(damage.page, False))
    return Report(
        len(units), len(wanted), allowed, tuple(dict.fromkeys(problems)), tuple(failures),
        {"coincidences": reply.coincidences} if reply.coincidences else {},
    )  # fmt: skip


def _first_difference(
    units: Sequence[Unit], expected: Sequence[str], digests: Sequence[bytes]
) -> str:
    for unit, text, digest in zip(units, expected, digests, strict=False):
        if worker.short_digest(text) != digest:
            return f"the written copy differs from what was decided at {unit.locator}"
    return f"the written copy holds {len(digests)} texts where {len(expected)} were decided"
