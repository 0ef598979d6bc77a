"""The journey of one item: read, find, decide, mask, write, verify, record, release.

:meth:`Engine.redact` states the order; everything else here is a step of it. What is found
in, verified and recorded together is a *chunk* (release unit): a whole document, or a
piece of a stream. A file leaves when every chunk has passed and the audit row is on disk;
standard output leaves chunk by chunk, each verified and recorded before its bytes go out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from redactor.audit import Ledger, Recovered, recover
from redactor.columns import decided
from redactor.detection.detect import Detector
from redactor.errors import DestinationError, RedactorError, UsageError
from redactor.formats import FORMATS, Source, detect_format, open_source
from redactor.formats.base import Chunk, Container, Format, ReadOptions
from redactor.judge import Judge, Judgement
from redactor.masking import Masker, check_case, needs_vault
from redactor.naming import Namer, OutputName
from redactor.policy.language import Reading, reading_of
from redactor.policy.model import Policy
from redactor.release import Context, FileOutput, Output, StreamedFile, StreamOutput
from redactor.review import save_proposals
from redactor.values import Outcome, Run
from redactor.vault import Vault
from redactor.verify import Report, Verifier
from redactor.version import __version__

_HEAD = 65536  # bytes looked at to tell the format and to scope a document's pseudonyms


@dataclass(frozen=True, slots=True)
class Options:
    """How a run treats its items.

    ``format`` forces a format by name; ``actor`` stands in the audit trail. ``vault`` is
    another vault file than the state folder's, ``case`` names the case for policies that
    keep pseudonyms per case; both are personal data, perhaps. ``language`` is what the
    sources are declared to be in (ISO 639-1); ``explain``: say what was not taken.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    format: str | None = None
    overwrite: bool = False
    dry_run: bool = False
    apply_proposed: bool = False
    actor: str = "cli"
    vault: Path | None = field(default=None, repr=False)
    case: str = field(default="", repr=False)
    language: str | None = None
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One source and where its redacted copy goes; ``destination`` None: nowhere.

    ``name`` only tells the format. ``root``: the output folder, where the destination's name
    below it comes from the source's and is redacted like text; None: its user chose the name.
    Paths are personal data: out of ``repr``.
    """

    source: Path | BinaryIO = field(repr=False)
    destination: Path | BinaryIO | None = field(repr=False)
    name: str = field(default="", repr=False)
    root: Path | None = field(default=None, repr=False)


@dataclass(slots=True)
class Result:
    """What became of an item. ``counts`` is (entity, verdict, operator) -> findings.

    ``renamed``: the output's path, if it is another than planned.
    """

    item: str
    outcome: Outcome = Outcome.RELEASED
    message: str = ""
    format: str = ""
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    proposals: int = 0
    report: Report = field(default_factory=Report)
    chunks: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    notices: list[str] = field(default_factory=list)
    renamed: Path | None = field(default=None, repr=False)


Observer = Callable[[Judgement, Result], None]


class Engine:
    """Policy, detector, ledger and verifier of one run; use as a context manager.

    Opening it closes what a killed run left open (``recovered``), and records what was
    loosened about a protected policy. ``expired`` are list entries that no longer count.

    Raises:
        UsageError: ``apply_proposed`` under a policy that demands a person, or no case
            under one that keeps pseudonyms per case.
        StateError: the state folder, ledger, vault or model cannot be used.
    """

    def __init__(
        self,
        policy: Policy,
        options: Options | None = None,
        *,
        detector: Detector | None = None,
    ) -> None:
        self.policy = policy
        self.options = options or Options()
        if self.options.apply_proposed and policy.requires_person:
            raise UsageError(
                f"policy {policy.name} demands a person's decision: --apply-proposed is refused"
            )
        check_case(policy, self.options.case)
        self.detector = detector or Detector(policy, ner_threads=self.options.read.workers)
        self.recovered: list[Recovered] = []
        self.expired = policy.expired(datetime.now(UTC).date())
        self._closing = ExitStack()
        self._namer: Namer | None = None
        self._used_names: set[Path] = set()

    def __enter__(self) -> Self:
        try:
            return self._open()
        except BaseException:
            self._closing.close()
            raise

    def _open(self) -> Self:
        self.ledger = self._closing.enter_context(Ledger.open())
        self.recovered = recover(self.ledger)
        self._vault: Vault | None = None
        if needs_vault(self.policy):
            opened = Vault.open(self.options.vault, dry=self.options.dry_run)
            self._vault = self._closing.enter_context(opened)
        told = self._about_policy()
        if told:
            self.ledger.record("policy", self.ledger.new_item(), told)
        self._verifier = self._closing.enter_context(Verifier(self.policy.leak_min_length))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def _about_policy(self) -> dict[str, Any]:
        """What the audit trail must say about the policy beyond its hash, if anything."""
        policy = self.policy
        told: dict[str, Any] = {}
        if policy.laws:
            told["laws"] = list(policy.laws)
        if policy.overrides:
            told["overrides"] = [
                {"part": o.part, "what": o.what, "reason": o.reason, "of": o.policy}
                for o in policy.overrides
            ]
        if self.expired:
            told["expired"] = [entry.id for entry in self.expired]
        if policy.subject.reason:
            told["subject"] = policy.subject.reason
        return {"policy": policy.hash, "name": policy.name, **told} if told else {}

    def redact(self, item: Item, observe: Observer | None = None) -> Result:
        """Take one item the whole way. Expected failures end in the result's outcome.

        Raises:
            StateError: the ledger itself cannot be written; nothing more can be released.
        """
        result = Result(self.ledger.new_item())
        try:
            self._journey(item, result, observe)
        except (RedactorError, OSError, MemoryError, RecursionError) as error:
            result.outcome = outcome_of(error)
            result.message = message_of(error)
        except KeyboardInterrupt:
            self.ledger.closed(result.item, Outcome.WITHHELD, "interrupted by its user")
            raise
        if result.outcome not in (Outcome.RELEASED, Outcome.PARTIAL):
            self.ledger.closed(result.item, result.outcome, result.message)
        return result

    def _journey(self, item: Item, result: Result, observe: Observer | None) -> None:
        refuse_same_file(item)
        reading = reading_of(self.policy, self.options.language)
        result.message = reading.message
        with ExitStack() as cleanup:
            source = cleanup.enter_context(open_source(item.source, self.options.read))
            head = source.peek(_HEAD)
            result.format = self.options.format or detect_format(item.name, head)
            format_ = FORMATS[result.format]()
            masker = Masker(
                self.policy,
                scope=sha256(head).hexdigest(),
                vault=self._vault,
                case=self.options.case,
                whole=not format_.streaming,
            )
            judge = Judge(
                self.detector,
                masker,
                apply_proposed=self.options.apply_proposed,
                use_model=reading.use_model,
                explain=self.options.explain,
            )
            output = self._output(item, result, source, format_, cleanup)
            options = replace(
                self.options.read,
                decided=decided(self.policy),
                escape_formulas=self.policy.escape_formulas,
                pdf=self.policy.pdf,
                office=self.policy.office,
                language=self.options.language or self.policy.language,
            )
            for chunk in format_.chunks(source.stream, options):
                judgement = judge.judge_chunk(chunk)
                self._count(judgement, result, reading)
                self._count_unseen(chunk, result)
                if observe is not None:
                    observe(judgement, result)
                if judgement.proposals and not self.options.apply_proposed:
                    result.proposals += len(judgement.proposals)
                    places = {unit.id: str(unit.locator) for unit in judgement.units}
                    save_proposals(
                        result.item, self.policy, chunk.index, judgement.proposals, places
                    )
                elif output is not None and not result.proposals:
                    result.report += output.add(chunk, judgement, self._run(masker))
                    result.bytes_out = output.size
                result.notices += [*getattr(chunk, "notices", ())]
                result.chunks += 1
                result.bytes_in = source.bytes_read
            source.finish()
            if result.proposals:
                result.outcome = Outcome.REVIEW
                result.message = (
                    f"{result.proposals} findings wait for a person: see `redactor review list`, "
                    "or redact them all with --apply-proposed"
                )
            elif output is not None:
                run = self._run(masker, source.digest)
                output.finish(run, result.report, result.outcome)
                result.bytes_out = output.size
                if isinstance(output, FileOutput) and output.destination != item.destination:
                    result.renamed = output.destination

    def _output(
        self, item: Item, result: Result, source: Source, format_: Format, cleanup: ExitStack
    ) -> Output | None:
        if item.destination is None or self.options.dry_run:
            return None
        context = Context(
            result.item,
            self.ledger,
            self._verifier,
            result.format,
            self.options.actor,
            container=format_ if isinstance(format_, Container) else None,
        )
        if isinstance(item.destination, Path):
            destination, name = item.destination, None
            if item.root is not None:
                destination, name = self._named(item.root, destination)
            return FileOutput(
                context,
                destination,
                compression=source.compression,
                overwrite=self.options.overwrite,
                cleanup=cleanup,
                name=name,
            )
        if context.container is not None:
            return StreamedFile(context, item.destination, cleanup=cleanup)
        return StreamOutput(context, item.destination, cleanup=cleanup)

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the program, the rules and the model."""
        return {"redactor": __version__, **self.detector.versions}

    def _named(self, root: Path, planned: Path) -> tuple[Path, OutputName]:
        """A planned path below the output folder without the findings in it."""
        if self._namer is None:
            masker = Masker(self.policy, scope="names", vault=self._vault, case=self.options.case)
            self._namer = Namer(self.detector, masker)
        relative = planned.relative_to(root)
        wanted = self._namer.path(relative)
        return root / wanted, OutputName(root, wanted, self._used_names)

    def _run(self, masker: Masker, input_digest: str = "") -> Run:
        return Run(self.policy.hash, self.versions, dict(masker.key_ids), input_digest)

    def _count_unseen(self, chunk: Chunk, result: Result) -> None:
        """A chunk may hold what nothing looked at and the policy lets leave (``caveat``)."""
        caveat = getattr(chunk, "caveat", "")
        if caveat:
            result.outcome = Outcome.PARTIAL
            result.message = "; ".join(filter(None, (result.message, caveat)))

    def _count(self, judgement: Judgement, result: Result, reading: Reading) -> None:
        for decision in judgement.decisions:
            key = (decision.finding.entity_type, str(decision.verdict), decision.operator)
            result.counts[key] += 1
        if judgement.columns is not None:
            result.counts.update(judgement.columns.counts)
        if not reading.use_model:
            result.outcome = Outcome.PARTIAL
        elif judgement.without_model:
            result.outcome = Outcome.PARTIAL
            result.message = "the model could not be asked: only rules looked at this item"


def outcome_of(error: BaseException) -> Outcome:
    """How an item ends that failed this way."""
    codes = {outcome.exit_code: outcome for outcome in Outcome if outcome is not Outcome.REVIEW}
    if isinstance(error, RedactorError):
        return codes.get(error.exit_code, Outcome.WITHHELD)
    return Outcome.UNREADABLE if isinstance(error, OSError) else Outcome.WITHHELD


def message_of(error: BaseException) -> str:
    """A sentence for people, free of document text and of paths."""
    if isinstance(error, RedactorError):
        return str(error)
    if isinstance(error, OSError):
        return f"the source cannot be read ({error.strerror or type(error).__name__})"
    return f"too much for this machine ({type(error).__name__}): withheld; split the item"


def refuse_same_file(item: Item) -> None:
    """Refuse to write an item over itself.

    Raises:
        DestinationError: source and destination are one file.
    """
    if not (isinstance(item.source, Path) and isinstance(item.destination, Path)):
        return
    if item.destination.exists() and item.source.exists():
        if item.source.samefile(item.destination):
            raise DestinationError("source and output are the same file: name another output")
    elif item.source.resolve() == item.destination.resolve():
        raise DestinationError("source and output are the same file: name another output")
