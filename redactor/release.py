"""Where redacted chunks go: written, re-read, recorded, and only then released.

:class:`FileOutput` collects a whole file under a temporary name and gives it its own name
once every chunk has passed. :class:`StreamOutput` lets each chunk go by itself: the weaker
guarantee of a live stream, and recorded as such.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from redactor.audit import Ledger, Prepared
from redactor.errors import DestinationError, VerificationError
from redactor.formats import open_sink
from redactor.formats.base import Assembler, Chunk, Container, ReportingChunk, StrongerChunk
from redactor.formats.csv_table import TableChunk
from redactor.home import folder
from redactor.judge import Judgement
from redactor.naming import OutputName
from redactor.staging import StagedFile
from redactor.values import Outcome, Run
from redactor.verify import Report, Verifier

_ATTEMPTS = 6  # at writing one document, by ever stronger methods


@dataclass(frozen=True, slots=True)
class Context:
    """What every output of an item needs."""

    item: str
    ledger: Ledger
    verifier: Verifier
    format: str
    actor: str
    private: bool = False  # the output is for its owner's eyes only
    container: Container | None = None


class Output(Protocol):
    """A destination that takes chunks one by one."""

    @property
    def size(self) -> int:
        """Bytes written so far, as they will stand in the output."""
        ...

    def add(self, chunk: Chunk, judgement: Judgement, run: Run) -> Report:
        """Write, re-read and record one chunk.

        Raises:
            VerificationError: the re-read disagrees; nothing of the chunk leaves.
        """
        ...

    def finish(self, run: Run, report: Report, outcome: Outcome) -> None:
        """Everything passed: release what has not left yet."""
        ...


class FileOutput:
    """A file, released whole. ``compression`` is the source's (None, ``gz``, ``zst`` ...).

    ``name`` is given where the destination's name comes from the source's and may change with
    what is found; it is final when everything has passed.
    """

    def __init__(
        self,
        context: Context,
        destination: Path,
        *,
        compression: str | None,
        overwrite: bool,
        cleanup: ExitStack,
        name: OutputName | None = None,
    ) -> None:
        folder = destination.parent if name is None else name.root
        if not folder.is_dir():
            raise DestinationError("the output's folder does not exist: make it first")
        mine = name is not None and name.is_given(destination)  # the next number will be free
        if destination.is_dir() or (destination.exists() and not overwrite and not mine):
            raise DestinationError("the output exists already: name another, or add --overwrite")
        self._context = context
        self._destination = destination
        self._overwrite = overwrite
        self._name = name
        self._extension: str | None = None
        context.ledger.working_in(folder)
        self._staged = cleanup.enter_context(StagedFile(folder, context.item))
        self._spool = self._staged
        self._sink: BinaryIO | None = None
        if compression is not None or context.container is not None:
            self._spool = cleanup.enter_context(StagedFile(folder, context.item, "chunk"))
        if compression is not None:
            self._sink = open_sink(self._staged, compression)
        self._assembler = _assembler(context, self._sink or self._staged)
        self._plain = sha256()

    @property
    def size(self) -> int:
        """Bytes written so far, as they will stand in the output."""
        return self._staged.size

    @property
    def destination(self) -> Path:
        """Where the file goes, or went."""
        return self._destination

    def add(self, chunk: Chunk, judgement: Judgement, run: Run) -> Report:
        """Write, re-read and record one chunk; see :class:`Output`."""
        if self._spool is not self._staged:
            self._spool.restart()
        report, digest = _write_and_check(self._context, self._spool, chunk, judgement)
        if self._assembler is not None:
            with self._spool.path.open("rb") as written:
                self._assembler.add(chunk, written)
        elif self._sink is not None:
            with self._spool.path.open("rb") as written:
                while block := written.read(1 << 20):
                    self._plain.update(block)
                    self._sink.write(block)
        self._context.ledger.chunk(_prepared(self._context, chunk, judgement, report, digest, run))
        if self._name is not None:
            self._name.note(judgement)
        self._extension = self._extension_for(chunk)
        return report

    def _extension_for(self, chunk: Chunk) -> str | None:
        """What the format wants the name to end in: a copy without macros is no .docm.

        Raises:
            DestinationError: its user chose a name that programs would refuse to open.
        """
        current = self._destination.suffix
        wanted = getattr(chunk, "extensions", {}).get(current.casefold())
        if wanted is not None and self._name is None:
            raise DestinationError(
                f"the copy has no macros: call the output {wanted}, not {current.casefold()}"
            )
        return None if wanted is None else str(wanted)

    def finish(self, run: Run, report: Report, outcome: Outcome) -> None:
        """Sync, record, rename, record; see :class:`Output`."""
        context = self._context
        manifest = self._assembler.finish() if self._assembler is not None else None
        if self._sink is not None:
            self._sink.close()
        self._staged.sync()
        if self._name is not None:
            self._destination = self._name.final(self._extension)
        if manifest is not None:
            _demand(context.verifier.check_assembled(self._staged.path, context.format, manifest))
        elif self._sink is not None:
            _demand(context.verifier.check_stream(self._staged.path, self._plain.hexdigest()))
        seq = context.ledger.prepared(
            Prepared(
                item=context.item,
                chunk=None,
                run=run,
                output_digest=self._staged.sha256,
                actor=context.actor,
                verification=_summary(report),
            ),
            destination=self._destination,
            temporary=self._staged.path,
        )
        self._staged.release(self._destination, overwrite=self._overwrite, private=context.private)
        context.ledger.released(seq, outcome)


def _assembler(context: Context, out: BinaryIO | StagedFile) -> Assembler | None:
    if context.container is None:
        return None
    return context.container.assembler(cast(BinaryIO, out))


class StreamedFile:
    """Standard output for a format that is put together: it leaves whole, once verified."""

    def __init__(self, context: Context, stream: BinaryIO, *, cleanup: ExitStack) -> None:
        self._context = context
        self._stream = stream
        context.ledger.working_in(folder("spool"))
        spool = folder("spool")
        self._staged = cleanup.enter_context(StagedFile(spool, context.item))
        self._spool = cleanup.enter_context(StagedFile(spool, context.item, "chunk"))
        self._assembler = _assembler(context, self._staged)

    @property
    def size(self) -> int:
        """Bytes written so far, as they will leave."""
        return self._staged.size

    def add(self, chunk: Chunk, judgement: Judgement, run: Run) -> Report:
        """Write, re-read and record one chunk; see :class:`Output`."""
        assert self._assembler is not None
        self._spool.restart()
        report, digest = _write_and_check(self._context, self._spool, chunk, judgement)
        with self._spool.path.open("rb") as written:
            self._assembler.add(chunk, written)
        self._context.ledger.chunk(_prepared(self._context, chunk, judgement, report, digest, run))
        return report

    def finish(self, run: Run, report: Report, outcome: Outcome) -> None:
        """Verify the whole, record it, let it go; see :class:`Output`."""
        assert self._assembler is not None
        context, manifest = self._context, self._assembler.finish()
        self._staged.sync()
        _demand(context.verifier.check_assembled(self._staged.path, context.format, manifest))
        seq = context.ledger.prepared(
            Prepared(
                item=context.item,
                chunk=None,
                run=run,
                output_digest=self._staged.sha256,
                actor=context.actor,
                verification=_summary(report),
            ),
            destination=None,
            temporary=None,
        )
        _copy_out(self._staged.path, self._stream)
        context.ledger.released(seq, outcome)


def _copy_out(path: Path, stream: BinaryIO) -> None:
    try:
        with path.open("rb") as written:
            shutil.copyfileobj(written, stream, 1 << 20)
        stream.flush()
    except OSError as error:
        raise DestinationError(
            f"standard output cannot be written ({error.strerror}): "
            "what went out before is whole and verified"
        ) from None


class StreamOutput:
    """Standard output: every chunk leaves as soon as it is verified and recorded."""

    def __init__(self, context: Context, stream: BinaryIO, *, cleanup: ExitStack) -> None:
        self._context = context
        self._stream = stream
        context.ledger.working_in(folder("spool"))
        self._spool = cleanup.enter_context(StagedFile(folder("spool"), context.item, "chunk"))
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes that have left."""
        return self._size

    def add(self, chunk: Chunk, judgement: Judgement, run: Run) -> Report:
        """Write, re-read, record and release one chunk; see :class:`Output`."""
        self._spool.restart()
        report, digest = _write_and_check(self._context, self._spool, chunk, judgement)
        ledger = self._context.ledger
        seq = ledger.prepared(
            _prepared(self._context, chunk, judgement, report, digest, run),
            destination=None,
            temporary=None,
        )
        _copy_out(self._spool.path, self._stream)
        self._size += self._spool.size
        outcome = Outcome.PARTIAL if judgement.without_model else Outcome.RELEASED
        ledger.released(seq, outcome)
        return report

    def finish(self, run: Run, report: Report, outcome: Outcome) -> None:
        """Nothing is left to release; the item's end is recorded."""
        self._context.ledger.record(
            "stream-ended",
            self._context.item,
            {"outcome": str(outcome), "verification": _summary(report)},
        )


def _write_and_check(
    context: Context, staged: StagedFile, chunk: Chunk, judgement: Judgement
) -> tuple[Report, str]:
    """Write a chunk and have it re-read. Returns the report and the bytes' SHA-256."""
    offset = staged.size
    columns = judgement.columns
    if columns is not None and isinstance(chunk, TableChunk):
        chunk = chunk.with_columns(columns.new)
    redactions = chunk.settle(judgement.redactions)
    for attempts in range(1, _ATTEMPTS + 1):  # noqa: B007
        counted: Any = _Digesting(staged)
        chunk.write(redactions, counted)
        staged.flush()
        notes: dict[str, Any] = {}
        reference = None
        if isinstance(chunk, ReportingChunk):
            notes, reference = dict(chunk.notes), chunk.reference
        place = (staged.path, offset, staged.size - offset)
        if columns is not None and isinstance(chunk, TableChunk):
            report = context.verifier.check_table(
                *place,
                format_name=context.format,
                hints=chunk.hints,
                table=chunk,
                kept=columns.kept,
                redactions=redactions,
                values=[*judgement.values, *columns.values],
                permitted=judgement.permitted,
            )
            break
        report = context.verifier.check_chunk(
            *place,
            format_name=context.format,
            hints=chunk.hints,
            units=judgement.units,
            redactions=redactions,
            values=judgement.values,
            permitted=judgement.permitted_anew(),
            reference=reference,
        )
        if report.passed or not _strengthened(chunk, report, offset):
            break
        staged.restart()
    _demand(report)
    if notes:
        report += Report(details={**notes, "attempts": attempts})
    return report, counted.hexdigest()


def _strengthened(chunk: Chunk, report: Report, offset: int) -> bool:
    """Whether the chunk can be written again by a stronger method; only where it stands alone."""
    return (
        offset == 0
        and bool(report.failures)
        and isinstance(chunk, StrongerChunk)
        and chunk.strengthen(report.failures)
    )


class _Digesting:
    """A binary sink that also keeps the SHA-256 of what passes."""

    def __init__(self, inner: StagedFile) -> None:
        self._inner = inner
        self._state = sha256()

    def write(self, data: bytes) -> int:
        self._state.update(data)
        return self._inner.write(data)

    def hexdigest(self) -> str:
        return self._state.hexdigest()


def _demand(report: Report) -> None:
    if not report.passed:
        more = f" (and {len(report.problems) - 1} more)" if len(report.problems) > 1 else ""
        raise VerificationError(
            f"{report.problems[0]}{more}: withheld. Lower the threshold or add the value to the "
            "deny list if it is personal data; add an allow entry if it is not"
        )


def _prepared(
    context: Context, chunk: Chunk, judgement: Judgement, report: Report, digest: str, run: Run
) -> Prepared:
    """The audit row of one chunk: counts and keyed fingerprints, never values."""
    counts: dict[str, dict[str, int]] = {}
    prints: dict[str, list[str]] = {}
    reasons: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for decision in judgement.decisions:
        entity, text = decision.finding.entity_type, decision.finding.text
        per_entity = counts.setdefault(entity, {})
        action = f"{decision.verdict}/{decision.operator}"
        per_entity[action] = per_entity.get(action, 0) + 1
        if decision.reason:
            reasons[decision.reason] = reasons.get(decision.reason, 0) + 1
        if judgement.fingerprints and (entity, text) not in seen:
            seen.add((entity, text))
            fingerprint = context.ledger.fingerprint(entity, text)
            if fingerprint is not None:
                prints.setdefault(entity, []).append(fingerprint)
    if judgement.columns is not None:
        for (entity, verdict, operator), number in judgement.columns.counts.items():
            action = f"{verdict}/{operator}"
            per_entity = counts.setdefault(entity, {})
            per_entity[action] = per_entity.get(action, 0) + number
        found = judgement.columns.found.items() if judgement.fingerprints else ()
        for (entity, _, _), texts in found:
            prints.setdefault(entity, []).extend(context.ledger.fingerprints(entity, texts))
    return Prepared(
        item=context.item,
        chunk=chunk.index,
        run=run,
        output_digest=digest,
        counts=counts,
        fingerprints={entity: sorted(set(found)) for entity, found in prints.items() if found},
        decisions={"reasons": reasons} if reasons else {},
        actor=context.actor,
        verification=_summary(report),
    )


def _summary(report: Report) -> Mapping[str, Any]:
    summary: dict[str, Any] = {
        "passed": report.passed,
        "units": report.units,
        "values": report.values,
        "kept": report.kept,
    }
    if report.details:
        summary["document"] = dict(report.details)
    return summary
