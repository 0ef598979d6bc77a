"""Standard input to standard output: a live stream is answered while it is still open."""

import contextlib
import os
import subprocess
import sys

LINE = b"2024-01-01T00:00:00Z INFO login of ann.lee@example.com from 203.0.113.7\n"


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "redactor.cli.main", "redact", "-", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ},
    )


def test_a_live_stream_is_not_held_back():
    process = start("-p", "logs")
    for _ in range(3):
        process.stdin.write(LINE)
        process.stdin.flush()
        answer = process.stdout.readline()  # the test would time out here
        assert answer.startswith(b"2024-01-01T00:00:00Z INFO login of ")
        assert b"ann.lee" not in answer and b"203.0.113.7" not in answer
    rest, told = process.communicate()
    assert process.returncode == 0 and rest == b""
    assert b"1 released" in told


def test_a_reader_that_leaves_ends_the_run_without_a_traceback(cli):
    process = start("-p", "logs")
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):  # it may be gone before it has read all
        process.stdin.write(LINE * 50_000)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 4
    assert b"Traceback" not in told and b"ann.lee" not in told
    assert cli("audit", "verify").returncode == 0


def test_without_hyperscan_one_notice_and_the_same_result(tmp_path):
    script = (
        "import sys\n"
        "sys.modules['hyperscan'] = None\n"
        "sys.argv = ['redactor', 'redact', '-', '-p', 'logs']\n"
        "from redactor.cli.main import main\n"
        "raise SystemExit(main())\n"
    )
    slow = subprocess.run(
        [sys.executable, "-c", script], input=LINE * 3, capture_output=True, check=True
    )
    fast = subprocess.run(
        [sys.executable, "-m", "redactor.cli.main", "redact", "-", "-p", "logs"],
        input=LINE * 3, capture_output=True, check=True,
    )  # fmt: skip
    assert slow.stdout == fast.stdout
    assert slow.stderr.count(b"hyperscan is not installed") == 1
