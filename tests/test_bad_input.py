"""Bad input: a clear message, the right exit code, the source untouched, nothing half-done."""

import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
import zlib

import pytest

MAIL = "zoe.quill@example.com"


def check_refused(cli, tmp_path, source, code, words, *options):
    """The item is refused, its source untouched, no output and an audit row are there."""
    before = source.read_bytes()
    done = cli("redact", source, "-o", "out", *options)
    assert done.returncode == code, (done.stdout, done.stderr)
    text = (done.stdout + done.stderr).decode()
    assert words in text, text
    assert "Traceback" not in text and MAIL not in text
    assert source.read_bytes() == before
    assert not (tmp_path / "out").exists()
    assert [p for p in tmp_path.rglob(".redactor-*")] == []
    rows = cli("audit", "export", code=0).stdout.decode()
    assert ("withheld" if code == 4 else "unreadable") in rows


CASES = {
    "binary.txt": (b"\x00\x01\x02\xff" * 64, 5, "binary"),
    "really.csv": (b"%PDF-1.7 ...", 5, "PDF"),
    "cut.log.gz": (gzip.compress(b"mail zoe.quill@example.com\n" * 999)[:-30], 5, "truncated"),
    "mid.json": (b'{"a": "zoe.quill@example.com",\n "b": }', 5, "line 2, column 7"),
    "mid.jsonl": (b'{"m": "zoe.quill@example.com"}\n' * 9 + b"{oops}\n", 5, "line 10"),
    "mid.csv": (b'a,b\n1,zoe.quill@example.com\n"open,2\n', 5, "row 3"),
}


@pytest.mark.parametrize("name", CASES)
def test_unreadable(cli, tmp_path, name):
    data, code, words = CASES[name]
    source = tmp_path / name
    source.write_bytes(data)
    check_refused(cli, tmp_path, source, code, words)


def test_wrong_encoding(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes("Ärger für zoe.quill@example.com".encode("cp1252"))
    check_refused(cli, tmp_path, source, 5, "not utf-8", "--encoding", "utf-8")


def test_gzip_bomb(cli, tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    source = tmp_path / "bomb.log.gz"
    source.write_bytes(
        b"".join(packer.compress(b"\n" * (1 << 20)) for _ in range(100)) + packer.flush()
    )
    check_refused(cli, tmp_path, source, 5, "bomb", "-p", "logs")


def test_a_line_of_100_megabytes(cli, tmp_path):
    source = tmp_path / "long.log"
    filler = b"abcdefgh " * (1 << 17)
    source.write_bytes(filler * 85 + b" " + MAIL.encode() + b" " + filler * 10 + b"\nnext\n")
    cli("redact", source, "-o", "out.log", "-p", "logs", code=0)
    text = (tmp_path / "out.log").read_bytes()
    assert MAIL.encode() not in text
    assert text.endswith(b"\nnext\n") and len(text) > 95 << 20


def test_missing_source_and_missing_folder(cli, tmp_path):
    assert cli("redact", "nothing.txt", "-o", "x", code=2).stderr.startswith(b"redactor: ")
    assert b"-o" in cli("redact", tmp_path, code=2).stderr


def test_unwritable_destination(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"mail {MAIL}")
    done = cli("redact", source, "-o", "/proc/nowhere.txt", code=4)
    assert b"cannot be written" in done.stdout + done.stderr


def test_output_is_the_source(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"mail {MAIL}")
    os.link(source, tmp_path / "same.txt")
    for name in ("a.txt", "same.txt"):
        done = cli("redact", source, "-o", name, "--overwrite", code=4)
        assert b"same file" in done.stdout + done.stderr
    assert MAIL in source.read_text()


def test_existing_output_needs_overwrite(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"mail {MAIL}")
    (tmp_path / "b.txt").write_text("mine")
    done = cli("redact", source, "-o", "b.txt", code=4)
    assert b"--overwrite" in done.stdout + done.stderr
    assert (tmp_path / "b.txt").read_text() == "mine"
    cli("redact", source, "-o", "b.txt", "--overwrite", code=0)
    assert MAIL not in (tmp_path / "b.txt").read_text()


def test_the_rest_goes_on(cli, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text("{broken")
    (folder / "b.txt").write_text(f"mail {MAIL}")
    (folder / "loop").symlink_to(folder)
    done = cli("redact", folder, "-o", "out", code=5)
    text = done.stdout.decode()
    assert "unreadable" in text and "released" in text and "symbolic link" in text
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["b.txt"]


def test_disk_full(tmp_path, state_folder):
    """A file-size limit stands in for a full disk: the write fails half way."""
    source = tmp_path / "a.log"
    source.write_text(f"2024-01-01 mail {MAIL} padding padding padding\n" * 60000)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    done = subprocess.run(
        [sys.executable, "-m", "redactor.cli.main", "redact", source, "-o", "out.log"],
        cwd=tmp_path, capture_output=True, preexec_fn=limit, timeout=200,
    )  # fmt: skip
    assert done.returncode in (2, 4), (done.stdout, done.stderr)
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "out.log").exists()
    assert not list(tmp_path.glob(".redactor-*"))


def test_policy_errors_are_exit_2(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("x")
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nname: bad\nentites: {}\n")
    done = cli("redact", source, "-o", "out.txt", "-p", bad, code=2)
    assert b"bad.yaml:3" in done.stderr and b"entities" in done.stderr
    assert cli("redact", source, "-o", "out.txt", "-p", "nosuch", code=2).stderr


def test_review_withholds_and_can_be_applied(cli, tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "version: 1\nname: p\nner: {use: never}\n"
        "entities:\n  EMAIL_ADDRESS: {verdict: review, operator: replace}\n"
    )
    source = tmp_path / "a.txt"
    source.write_text(f"mail {MAIL}")
    done = cli("redact", source, "-o", "out.txt", "-p", policy, code=4)
    assert b"wait for a person" in done.stdout
    assert not (tmp_path / "out.txt").exists()
    listed = cli("review", "list", code=0).stdout
    assert b"EMAIL_ADDRESS" in listed and MAIL.encode() not in listed
    cli("redact", source, "-o", "out.txt", "-p", policy, "--apply-proposed", code=0)
    assert MAIL not in (tmp_path / "out.txt").read_text()
    policy.write_text(policy.read_text() + "requires_person: true\n")
    done = cli("redact", source, "-o", "o2.txt", "-p", policy, "--apply-proposed", code=2)
    assert b"demands a person" in done.stderr


def test_missing_model_is_partial_only_if_the_policy_says_so(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"Anna Quill, {MAIL}")
    policy = tmp_path / "p.yaml"
    text = "version: 1\nname: p\nextends: base\nner: {use: always, model: ./no-model"
    policy.write_text(text + "}\n")
    done = cli("redact", source, "-o", "out.txt", "-p", policy)
    assert done.returncode in (2, 4)
    assert not (tmp_path / "out.txt").exists()
    policy.write_text(text + ", on_failure: partial}\n")
    done = cli("redact", source, "-o", "out.txt", "-p", policy, code=3)
    assert b"only rules" in done.stdout
    assert MAIL not in (tmp_path / "out.txt").read_text()


def test_a_damaged_ledger_releases_nothing(cli, tmp_path, state_folder):
    source = tmp_path / "a.txt"
    source.write_text(f"mail {MAIL}")
    cli("redact", source, "-o", "one.txt", code=0)
    ledger = next(state_folder.rglob("ledger.sqlite"))
    for extra in ledger.parent.glob("ledger.sqlite-*"):
        extra.unlink()
    ledger.write_bytes(b"this is not a database" * 100)
    done = cli("redact", source, "-o", "two.txt")
    assert done.returncode == 2, done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "two.txt").exists()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(ledger).execute("select * from sqlite_master").fetchall()


def test_scan_formats_and_fail_on(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"first line\nmail {MAIL} now\n")
    rows = json.loads(cli("scan", source, "--format", "json", code=0).stdout)
    found = next(row for row in rows if row["entity_type"] == "EMAIL_ADDRESS")
    assert (found["line"], found["column"]) == (2, 6)
    assert found["end"] - found["start"] == len(MAIL)
    sarif = json.loads(cli("scan", source, "--format", "sarif", code=0).stdout)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == 2
    lines = cli("scan", source, "--format", "jsonl", code=0).stdout.splitlines()
    assert len(lines) == len(rows)
    cli("scan", source, "--fail-on", "any", code=1)
    cli("scan", source, "--fail-on", "US_SSN", code=0)
    cli("scan", source, "--fail-on", "NO_SUCH", code=2)


def test_stdin_to_stdout(cli):
    text = f"2024-01-01 ok\n2024-01-02 mail {MAIL}\n".encode()
    done = cli("redact", "-", "-p", "logs", stdin=text, code=0)
    assert done.stdout.startswith(b"2024-01-01 ok\n2024-01-02 mail ")
    assert MAIL.encode() not in done.stdout + done.stderr
