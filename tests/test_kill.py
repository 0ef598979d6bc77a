"""A real ``kill -9`` at random points: no output, or a complete verified one."""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

LINES = 6000


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "in.log"
    with path.open("w") as out:
        for n in range(LINES):
            out.write(
                f"2024-01-01T00:00:00Z INFO user{n}@example.com from 203.0.113.{n % 250} ok\n"
            )
    return path


def start(*arguments, stdout=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, "-m", "redactor.cli.main", *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_file_is_whole_or_absent(cli, tmp_path, log):
    began = time.monotonic()
    cli("redact", log, "-o", "whole.log", "-p", "logs", code=0)
    length = time.monotonic() - began
    whole = (tmp_path / "whole.log").read_bytes()
    assert whole.count(b"\n") == LINES
    chance = random.Random(7)
    seen = set()
    for attempt in range(8):
        target = tmp_path / f"out{attempt}.log"
        process = start("redact", log, "-o", target, "-p", "logs")
        time.sleep(chance.uniform(0.1, 1.1) * length)
        kill(process)
        present = target.exists()
        if present:
            assert target.read_bytes() == whole
        seen.add(present)
        verified = cli("audit", "verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr
    # the next run recovers: no temporary file is left, every prepared row is closed
    cli("redact", log, "-o", "after.log", "-p", "logs", code=0)
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".redactor-")]
    assert cli("audit", "verify").returncode == 0


def test_standard_output_holds_verified_chunks_only(cli, tmp_path, log):
    cli("redact", log, "-o", "whole.log", "-p", "logs", code=0)
    whole = (tmp_path / "whole.log").read_bytes()
    captured = tmp_path / "captured"
    with captured.open("wb") as out:
        process = start("redact", log, "-o", "-", "-p", "logs", stdout=out)
        time.sleep(random.Random(3).uniform(0.3, 1.5))
        kill(process)
    assert whole.startswith(captured.read_bytes())
    assert cli("audit", "verify").returncode == 0


def test_recovery_tells_the_outcome(cli, tmp_path, log):
    """Killed after the row was prepared and before it was closed: the digest decides."""
    from redactor.audit import Ledger, recover
    from redactor.values import Outcome

    target = tmp_path / "done.txt"
    target.write_bytes(b"redacted")
    digest = hashlib.sha256(b"redacted").hexdigest()
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from redactor.audit import Ledger, Prepared\n"
        "from redactor.values import Run\n"
        "ledger = Ledger.open().__enter__()\n"
        "for name, digest in (('done.txt', sys.argv[1]), ('lost.txt', sys.argv[1])):\n"
        "    ledger.prepared(Prepared(item=ledger.new_item(), chunk=None,\n"
        "        run=Run('p', {}, {}), output_digest=digest),\n"
        "        destination=Path(name), temporary=Path('.redactor-x.out.tmp'))\n"
        "os._exit(9)\n"
    )
    (tmp_path / ".redactor-x.out.tmp").write_bytes(b"half")
    subprocess.run([sys.executable, "-c", script, digest], cwd=tmp_path, check=False)
    with Ledger.open() as ledger:
        outcomes = sorted(str(entry.outcome) for entry in recover(ledger))
    assert outcomes == [str(Outcome.RELEASED), str(Outcome.WITHHELD)]
    assert not (tmp_path / ".redactor-x.out.tmp").exists()


def test_interrupting_leaves_nothing_and_is_recorded(cli, tmp_path, log):
    cli("scan", log, "-p", "logs", code=0)  # the policy is in the cache
    process = start("redact", log, "-o", tmp_path / "out.log", "-p", "logs")
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".redactor-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait() in (130, 0)
    assert not list(tmp_path.glob(".redactor-*"))
    rows = cli("audit", "export", code=0).stdout
    assert b"interrupted" in rows or (tmp_path / "out.log").exists()
    assert cli("audit", "verify").returncode == 0
