"""The redaction log: one row a decision, for lawyers and auditors; CSV or XLSX, no values.

Rows go to a temporary file beside the copy while the item is worked on, and get their name
only if the copy is released; memory stays bounded.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from redactor.errors import UsageError
from redactor.judge import Judgement
from redactor.pipeline import Result
from redactor.report.collect import fate_of
from redactor.staging import StagedFile
from redactor.values import Decision, Outcome, Unit

COLUMNS = (
    "number", "place", "start", "end", "type", "done", "operator", "reason", "rule", "decided by",
    "evidence", "recognizer", "score",
)  # fmt: skip
KINDS = ("csv", "xlsx")
_MOST_ROWS = 1_048_575  # of a sheet, without its head (ECMA-376 readers)


def _beside(copy: Path, kind: str) -> Path:
    return copy.with_name(f"{copy.name}.redactions.{kind}")


class RedactionLog:
    """The log of one item, as a context manager.

    Args:
        copy: where the redacted copy goes; the log stands beside it.
        item: the item's id, for the temporary name.
        kind: ``csv`` or ``xlsx``.
    """

    def __init__(self, copy: Path, item: str, kind: str) -> None:
        if kind not in KINDS:
            raise UsageError(f"a redaction log is csv or xlsx, not {kind}")
        self._target = _beside(copy, kind)
        self._kind = kind
        self._count = 0
        self._closing = ExitStack()
        self._rows = self._closing.enter_context(StagedFile(copy.absolute().parent, item, "log"))
        self._item = item
        self._write(COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def observe(self, judgement: Judgement, result: Result) -> None:
        """Take in the decisions of one release unit."""
        units = {unit.id: unit for unit in judgement.units}
        for decision in judgement.decisions:
            self._count += 1
            self._write(_row(self._count, decision, units[decision.finding.unit]))

    def finish(self, result: Result) -> None:
        """Give the log its name if the copy was released; nothing is left otherwise.

        Raises:
            DestinationError: it cannot be written.
            UsageError: more rows than a sheet can hold.
        """
        if result.outcome not in (Outcome.RELEASED, Outcome.PARTIAL):
            return
        if result.renamed is not None:
            self._target = _beside(result.renamed, self._kind)
        if self._kind == "csv":
            self._rows.sync()
            self._rows.release(self._target.absolute(), overwrite=True)
            return
        if self._count > _MOST_ROWS:
            raise UsageError("more redactions than a sheet has rows: ask for a csv log")
        self._rows.flush()
        with StagedFile(self._target.absolute().parent, self._item, "sheet") as staged:
            staged.write(sheet(_read_rows(self._rows.path)))
            staged.sync()
            staged.release(self._target.absolute(), overwrite=True)

    def _write(self, row: Sequence[Any]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow([_harmless(cell) for cell in row])
        self._rows.write(line.getvalue().encode())


def _row(number: int, decision: Decision, unit: Unit) -> list[Any]:
    finding, why = decision.finding, decision.finding.why
    return [
        number, str(unit.locator), finding.start, finding.end, finding.entity_type,
        fate_of(decision), decision.operator, decision.reason, decision.rule, decision.actor,
        str(why.source), finding.recognizer, f"{finding.score:.2f}",
    ]  # fmt: skip


def _harmless(cell: Any) -> Any:
    """Reasons are written by people: none of them becomes a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _read_rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def sheet(rows: Iterator[list[str]]) -> bytes:
    """Rows as a minimal XLSX workbook (ECMA-376); every run gives the same bytes."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Redactions" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                _info(name), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'
            )
        with archive.open(_info("xl/worksheets/sheet1.xml"), "w") as part:
            part.write(
                b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns='
                b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            )
            for row in rows:
                cells = "".join(
                    f"<c><v>{cell}</v></c>" if cell.isascii() and cell.isdigit() else
                    f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
                    for cell in row
                )  # fmt: skip
                part.write(f"<row>{cells}</row>".encode())
            part.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
