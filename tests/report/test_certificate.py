"""Certificates and redaction logs: true, complete, without values, read by other readers."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest

from redactor.report import pdf
from redactor.report.log import sheet

VALUE, SSN = "zebulon.quartermaine@example.com", "987-65-4329"
POLICY = """extends: base
ner: {use: never}
entities:
  US_SSN: {reason: "(b)(6)"}
  EMAIL_ADDRESS: {reason: "=cmd()"}
"""


@pytest.fixture
def released(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(POLICY)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "letter.txt").write_text(f"Mail {VALUE}\n\nSSN: {SSN} and SSN: {SSN}\n")
    (tmp_path / "in" / "broken.json").write_text('{"a": ')
    (tmp_path / "out").mkdir()
    cli("redact", tmp_path / "in", "-o", tmp_path / "out", "-p", tmp_path / "p.yaml",
        "--certificate", "--redaction-log", "csv", code=5)  # fmt: skip
    return tmp_path / "out"


def test_the_certificate_names_the_copy_and_its_rows(cli, released):
    data = json.loads((released / "letter.txt.certificate.json").read_text())
    copy = (released / "letter.txt").read_bytes()
    assert data["copy_sha256"] == hashlib.sha256(copy).hexdigest()
    source = (released.parent / "in" / "letter.txt").read_bytes()
    assert data["source_sha256"] == hashlib.sha256(source).hexdigest()
    rows = {
        r["seq"]: r for r in map(json.loads, cli("audit", "export", code=0).stdout.splitlines())
    }
    for row in data["ledger"]["rows"]:
        assert rows[row["seq"]]["hash"] == row["hash"]
    assert [row["kind"] for row in data["ledger"]["rows"]] == ["prepared", "released"]
    assert data["verification"]["passed"] is True
    assert {r["entity_type"]: r["redacted"] for r in data["by_type"]} == {
        "US_SSN": 2,
        "EMAIL_ADDRESS": 1,
    }
    assert {row["reason"] for row in data["places"]} == {"(b)(6)", "=cmd()"}


def test_no_value_and_only_for_what_was_released(released):
    written = sorted(path.name for path in released.iterdir())
    assert written == [
        "letter.txt", "letter.txt.certificate.html", "letter.txt.certificate.json",
        "letter.txt.certificate.pdf", "letter.txt.redactions.csv",
    ]  # fmt: skip
    for path in released.iterdir():
        data = path.read_bytes()
        assert VALUE.encode() not in data and SSN.encode() not in data and b"quarter" not in data
        assert path.name == "letter.txt" or b"letter" not in data


def test_the_pdf_is_read_by_others(released):
    path = released / "letter.txt.certificate.pdf"
    data = json.loads((released / "letter.txt.certificate.json").read_text())
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
        ).stdout.decode()
    else:
        text = pytest.importorskip("pdfminer.high_level").extract_text(path)
    squeezed = "".join(text.split())
    assert "Certificateofredaction" in squeezed
    assert data["copy_sha256"] in squeezed and data["policy"]["hash"] in squeezed
    assert "US_SSN" in squeezed and VALUE not in squeezed


def test_the_log_has_a_row_a_decision(released):
    with (released / "letter.txt.redactions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["type"] for row in rows] == ["EMAIL_ADDRESS", "US_SSN", "US_SSN"]
    assert rows[1]["reason"] == "(b)(6)" and rows[0]["reason"] == "'=cmd()"
    assert rows[1]["done"] == "redacted" and rows[1]["rule"] == "entities.US_SSN"
    assert [row["number"] for row in rows] == ["1", "2", "3"]


def test_xlsx_log(cli, tmp_path):
    (tmp_path / "a.txt").write_text(f"Mail {VALUE}")
    cli("redact", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "--ner", "never",
        "--redaction-log", "xlsx", code=0)  # fmt: skip
    with zipfile.ZipFile(tmp_path / "b.txt.redactions.xlsx") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "EMAIL_ADDRESS" in text and VALUE not in text
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(tmp_path / "b.txt.redactions.xlsx")
    assert book.active["E2"].value == "EMAIL_ADDRESS" and book.active["A2"].value == 1


def test_sheets_are_equal_for_equal_rows():
    rows = [["a", "1"], ["<b>&", "x"]]
    assert sheet(iter(rows)) == sheet(iter(rows))
    with zipfile.ZipFile(io.BytesIO(sheet(iter(rows)))) as archive:
        assert "&lt;b&gt;&amp;" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_long_tables_take_more_pages():
    page = pdf.Sheet("t")
    page.table(("name", "digest"), [[f"row {n}", "ab" * 60] for n in range(120)])
    data = page.finish()
    assert data.count(b"/Type /Page ") > 3
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert not opened.check_pdf_syntax() if hasattr(opened, "check_pdf_syntax") else True
        assert len(opened.pages) == data.count(b"/Type /Page ")


def test_wrong_kinds_are_told(cli, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    done = cli(
        "redact", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "--redaction-log", "doc", code=2
    )
    assert b"csv or xlsx" in done.stderr and not (tmp_path / "b.txt").exists()
