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
from typing import Any, BinaryIO, Protocol

from redactor.audit import Ledger, Prepared
from redactor.errors import DestinationError, VerificationError
from redactor.formats import open_sink
from redactor.formats.base import Chunk
from redactor.home import folder
from redactor.judge import Judgement
from redactor.naming import OutputName
from redactor.staging import StagedFile
from redactor.values import Outcome, Run
from redactor.verify import Report, Verifier


@dataclass(frozen=True, slots=True)
class Context:
    """What every output of an item needs."""

    item: str
    ledger: Ledger
    verifier: Verifier
    format: str
    actor: str


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
    """A file, released whole. ``compression`` is the source's (None, ``gz`` or ``zst``).

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
        if compression is not None:
            self._spool = cleanup.enter_context(StagedFile(folder, context.item, "chunk"))
            self._sink = open_sink(self._staged, compression)
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
        if self._sink is not None:
            self._spool.restart()
        report, digest = _write_and_check(self._context, self._spool, chunk, judgement)
        if self._sink is not None:
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
        if self._sink is not None:
            self._sink.close()
        self._staged.sync()
        if self._name is not None:
            self._destination = self._name.final(self._extension)
        if self._sink is not None:
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
        self._staged.release(self._destination, overwrite=self._overwrite)
        context.ledger.released(seq, outcome)


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
        try:
            with self._spool.path.open("rb") as written:
                shutil.copyfileobj(written, self._stream, 1 << 20)
            self._stream.flush()
        except OSError as error:
            raise DestinationError(
                f"standard output cannot be written ({error.strerror}): "
                "what went out before is whole and verified"
            ) from None
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
    counted: Any = _Digesting(staged)
    redactions = chunk.settle(judgement.redactions)
    chunk.write(redactions, counted)
    staged.flush()
    report = context.verifier.check_chunk(
        staged.path,
        offset,
        staged.size - offset,
        format_name=context.format,
        hints=chunk.hints,
        units=judgement.units,
        redactions=redactions,
        values=judgement.values,
        permitted=judgement.permitted,
    )
    _demand(report)
    return report, counted.hexdigest()


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
    seen: set[tuple[str, str]] = set()
    for decision in judgement.decisions:
        entity, text = decision.finding.entity_type, decision.finding.text
        per_entity = counts.setdefault(entity, {})
        action = f"{decision.verdict}/{decision.operator}"
        per_entity[action] = per_entity.get(action, 0) + 1
        if (entity, text) not in seen:
            seen.add((entity, text))
            fingerprint = context.ledger.fingerprint(entity, text)
            if fingerprint is not None:
                prints.setdefault(entity, []).append(fingerprint)
    return Prepared(
        item=context.item,
        chunk=chunk.index,
        run=run,
        output_digest=digest,
        counts=counts,
        fingerprints={entity: sorted(found) for entity, found in prints.items()},
        actor=context.actor,
        verification=_summary(report),
    )


def _summary(report: Report) -> Mapping[str, Any]:
    return {
        "passed": report.passed,
        "units": report.units,
        "values": report.values,
        "kept": report.kept,
    }
