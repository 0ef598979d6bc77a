"""Everything that a run may leave to read, in one hand: report, certificates, redaction logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redactor.errors import UsageError
from redactor.judge import Judgement
from redactor.pipeline import Engine, Item, Observer, Result
from redactor.policy.model import Policy
from redactor.report.certificate import as_html, as_pdf, certificate
from redactor.report.collect import Collector
from redactor.report.log import KINDS, RedactionLog
from redactor.report.write import check_target, write_bytes, write_report
from redactor.values import Outcome


class Reporting:
    """Made before the run, told of every item, finished after it.

    Args:
        policy: of the run.
        reports: files of the run's report, ``.html`` or ``.json``.
        certificates: write ``NAME.certificate.html`` and ``.pdf`` and ``.json`` beside each copy.
        log: ``csv`` or ``xlsx``: write ``NAME.redactions.csv`` beside each copy.
        names: name the files in the report.
        dry_run: nothing is written, so there are no copies to certify.

    Raises:
        UsageError: a report cannot be of that kind.
        DestinationError: a report cannot be written there.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        reports: Sequence[Path] = (),
        certificates: bool = False,
        log: str | None = None,
        names: bool = False,
        dry_run: bool = False,
    ) -> None:
        for path in reports:
            check_target(path)
        if log is not None and log not in KINDS:
            raise UsageError(f"--redaction-log is {' or '.join(KINDS)}, not {log}")
        self._policy, self._reports = policy, reports
        self._certificates, self._log = certificates and not dry_run, log if not dry_run else None
        wanted = bool(reports) or self._certificates
        self._collector = Collector(policy, dry_run=dry_run, names=names) if wanted else None

    @contextmanager
    def item(
        self, engine: Engine, item: Item, then: Observer
    ) -> Iterator[tuple[Observer, Callable[[Result], None]]]:
        """Around one item: the observer to hand on, and what to call with the result."""
        target = item.destination if isinstance(item.destination, Path) else None
        observers = [then]
        if self._collector is not None:
            observers.append(self._collector.observe)

        def observe(judgement: Judgement, result: Result) -> None:
            for observer in observers:
                observer(judgement, result)

        if self._log is None or target is None:
            yield observe, lambda result: None
            return
        engine.ledger.working_in(target.absolute().parent)
        with RedactionLog(target, engine.ledger.new_item(), self._log) as log:
            observers.append(log.observe)
            yield observe, log.finish

    def ended(self, engine: Engine, item: Item, result: Result) -> None:
        """Note an item that was not worked on, or is done."""
        if self._collector is None:
            return
        name = str(item.source) if isinstance(item.source, Path) else "-"
        entry = self._collector.ended(result, name)
        target = result.renamed or item.destination
        if self._certificates and isinstance(target, Path):
            self._certify(engine, entry, target, result)

    def finish(self, results: Sequence[Result], versions: Mapping[str, str]) -> None:
        """Write the report of the run."""
        if self._collector is not None and self._reports:
            data = self._collector.as_dict(results, versions)
            for path in self._reports:
                write_report(data, path)

    def _certify(
        self, engine: Engine, entry: Mapping[str, Any], target: Path, result: Result
    ) -> None:
        if result.outcome not in (Outcome.RELEASED, Outcome.PARTIAL):
            return
        rows = engine.ledger.rows_of(result.item)
        data = certificate(entry, rows, self._policy, engine.ledger.public_key)
        stem = target.name + ".certificate"
        write_bytes(as_html(data).encode(), target.with_name(stem + ".html"))
        write_bytes(as_pdf(data), target.with_name(stem + ".pdf"))
        write_bytes((json.dumps(data, indent=1) + "\n").encode(), target.with_name(stem + ".json"))
