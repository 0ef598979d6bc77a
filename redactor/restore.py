"""The way back of one item: read, find what stands for something, put the originals there.

Undoes encrypt, fpe, pseudonym, token and date_shift, with the keys and the vault that made
them; redact, replace, mask, hash and generalize hold nothing to restore. The output goes
the way of every output: a temporary name, an independent re-read, an audit row on the
disk, then its own name, readable by its owner only. What was restored stands in the audit
trail as ``restored`` (actor, reason, counts), before the output can be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redactor.audit import Ledger, Recovered, recover
from redactor.errors import RedactorError, StateError
from redactor.formats import FORMATS, detect_format, open_source
from redactor.formats.base import ReadOptions
from redactor.judge import Judgement
from redactor.masking.undo import Tally, Undoer, Undone
from redactor.pipeline import Item, message_of, outcome_of, refuse_same_file
from redactor.release import Context, FileOutput, Output, StreamOutput
from redactor.values import (
    Decision,
    Finding,
    Locator,
    Outcome,
    Run,
    Source,
    Span,
    Unit,
    Verdict,
    Why,
)
from redactor.vault import Vault
from redactor.vault.database import default_path
from redactor.verify import Report, Verifier, expected_text
from redactor.version import __version__

_HEAD = 65536  # bytes looked at to tell the format


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """How items are restored.

    ``vault``: another vault file than the state folder's. ``case``: prefer what was
    recorded in this case. ``actor`` and ``reason`` stand in the audit trail.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    format: str | None = None
    overwrite: bool = False
    dry_run: bool = False
    vault: Path | None = field(default=None, repr=False)
    case: str = field(default="", repr=False)
    actor: str = "cli"
    reason: str = ""


@dataclass(slots=True)
class Restored:
    """What became of an item; ``tally`` counts what was undone and what was not."""

    item: str
    outcome: Outcome = Outcome.RELEASED
    message: str = ""
    format: str = ""
    tally: Tally = field(default_factory=Tally)
    bytes_in: int = 0
    bytes_out: int = 0


Observer = Callable[[Restored], None]


class Restorer:
    """Vault, ledger and verifier of one run; use as a context manager.

    Raises:
        StateError: the vault is damaged, of another key, or its key is not here; the ledger
            cannot be used.
    """

    def __init__(self, options: RestoreOptions | None = None) -> None:
        self.options = options or RestoreOptions()
        self.recovered: list[Recovered] = []
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._vault = open_vault(self._closing, self.options.vault)
            self.ledger = self._closing.enter_context(Ledger.open())
            self.recovered = recover(self.ledger)
            self._verifier = self._closing.enter_context(Verifier())
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def restore(self, item: Item, observe: Observer | None = None) -> Restored:
        """Take one item the whole way. Expected failures end in the result's outcome.

        Raises:
            StateError: a key that something was made with is not here, or the vault or the
                ledger cannot be used; nothing was written.
        """
        result = Restored(self.ledger.new_item())
        try:
            self._journey(item, result, observe)
        except StateError as error:
            self.ledger.closed(result.item, Outcome.WITHHELD, message_of(error))
            raise
        except (RedactorError, OSError, MemoryError, RecursionError) as error:
            result.outcome, result.message = outcome_of(error), message_of(error)
        except KeyboardInterrupt:
            self.ledger.closed(result.item, Outcome.WITHHELD, "interrupted by its user")
            raise
        if result.outcome not in (Outcome.RELEASED, Outcome.PARTIAL):
            self.ledger.closed(result.item, result.outcome, result.message)
        return result

    def _journey(self, item: Item, result: Restored, observe: Observer | None) -> None:
        refuse_same_file(item)
        with ExitStack() as cleanup:
            source = cleanup.enter_context(open_source(item.source, self.options.read))
            head = source.peek(_HEAD)
            result.format = self.options.format or detect_format(item.name, head)
            undoer = Undoer(self._vault, case=self.options.case)
            output = self._output(item, result, source.compression, cleanup)
            report = Report()
            for chunk in FORMATS[result.format]().chunks(source.stream, self.options.read):
                undone, tally = undoer.undo(chunk.units)
                result.tally.add(tally)
                if output is not None:
                    report += output.add(chunk, _judgement(chunk.units, undone), self._run())
                result.bytes_in = source.bytes_read
                if observe is not None:
                    observe(result)
            source.finish()
            result.message = _told(result.tally)
            if result.tally.missed:
                result.outcome = Outcome.PARTIAL
            if output is None:
                return
            run = self._run(source.digest)
            self.ledger.record("restored", result.item, self._row(result, run))
            output.finish(run, report, result.outcome)
            result.bytes_out = output.size

    def _output(
        self, item: Item, result: Restored, compression: str | None, cleanup: ExitStack
    ) -> Output | None:
        if item.destination is None or self.options.dry_run:
            return None
        context = Context(
            result.item, self.ledger, self._verifier, result.format, self.options.actor, True
        )
        if not isinstance(item.destination, Path):
            return StreamOutput(context, item.destination, cleanup=cleanup)
        return FileOutput(
            context,
            item.destination,
            compression=compression,
            overwrite=self.options.overwrite,
            cleanup=cleanup,
        )

    def _run(self, input_digest: str = "") -> Run:
        keys = {"vault-snapshot": self._vault.snapshot} if self._vault is not None else {}
        return Run("restore", {"redactor": __version__}, keys, input_digest)

    def _row(self, result: Restored, run: Run) -> dict[str, Any]:
        counts: dict[str, dict[str, int]] = {}
        for (operator, entity), number in sorted(result.tally.restored.items()):
            counts.setdefault(entity, {})[f"restored/{operator}"] = number
        tally = result.tally
        return {
            "actor": self.options.actor,
            "reason": self.options.reason,
            "outcome": result.outcome,
            "counts": counts,
            "unknown": tally.unknown,
            "damaged": tally.damaged,
            "ambiguous": tally.ambiguous,
            "input": run.input_digest,
            "keys": run.keys,
        }


def open_vault(closing: ExitStack, path: Path | None) -> Vault | None:
    """The vault to restore from; None where none is named and the state folder has none.

    Raises:
        StateError: the named one is missing; it is damaged, or its key is not here.
    """
    if path is None and not default_path().exists():
        return None
    return closing.enter_context(Vault.open(path, create=False))


def restore_text(
    text: str, *, vault: str | Path | None = None, case: str = ""
) -> tuple[str, Tally]:
    """A text with its originals, and what was undone. Leaves no audit row: record it yourself.

    Raises:
        StateError: a key or the vault is not here, or is another one.
    """
    unit = Unit("0", text, Locator("text", "0"))
    with ExitStack() as closing:
        opened = open_vault(closing, Path(vault) if vault is not None else None)
        undone, tally = Undoer(opened, case=case).undo([unit])
    restored, _ = expected_text(text, [one.as_redaction() for one in undone])
    return restored, tally


def _judgement(units: Any, undone: list[Undone]) -> Judgement:
    """What goes to the writer and into the chunk's audit row: counts, keyed fingerprints."""
    decisions = [
        Decision(
            Finding(
                one.unit,
                Span(one.span.start, one.span.start + max(len(one.text), 1)),
                one.entity,
                1.0,
                "restore",
                Why(Source.REVIEWER),
                one.text,
            ),
            Verdict.KEEP,
            f"restored-{one.operator}",
        )
        for one in undone
    ]
    return Judgement(
        units=units,
        decisions=decisions,
        redactions=[one.as_redaction() for one in undone],
        values=[],
        proposals=[],
        permitted_anew=lambda: _anything,
        without_model=False,
    )


def _anything(unit: Unit, text: str) -> bool:
    """What was restored is meant to stand in the copy."""
    return True


def _told(tally: Tally) -> str:
    parts = []
    if tally.unknown:
        parts.append(f"{tally.unknown} tokens are not in this vault")
    if tally.damaged:
        parts.append(f"{tally.damaged} encrypted tokens are damaged")
    if tally.ambiguous:
        parts.append(f"{tally.ambiguous} texts have several originals and stay")
    if tally.labels:
        parts.append(f"{tally.labels} labels hold nothing to restore")
    return "; ".join(parts)
