"""Checkpoints beside the ledger (``checkpoints.jsonl``) and anchors kept elsewhere.

Both are JSON, one signed checkpoint a line. A line without its line end is an interrupted
write and counts for nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

from redactor.audit.chain import Checkpoint
from redactor.errors import StateError

_TAIL = 4096  # bytes; a checkpoint line takes about 400


def beside(ledger: Path) -> Path:
    """The checkpoint file of a ledger file."""
    return ledger.with_name("checkpoints.jsonl")


def to_line(checkpoint: Checkpoint) -> bytes:
    """One line of JSON."""
    return json.dumps(asdict(checkpoint), separators=(",", ":")).encode() + b"\n"


def append(path: Path, checkpoint: Checkpoint) -> None:
    """Add a checkpoint durably, unless a later one stands there already.

    Raises:
        StateError: the file cannot be written.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - _TAIL)
            file.seek(start)
            tail = file.read()
            whole = tail[: tail.rfind(b"\n") + 1]
            if _last_seq(whole) >= checkpoint.seq:
                return
            file.seek(start + len(whole))
            file.truncate()
            file.write(to_line(checkpoint))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StateError(
            f"the audit checkpoint cannot be written ({error.strerror}): "
            "free some disk space or make its folder writable"
        ) from None


def read(path: Path) -> tuple[list[Checkpoint], list[str]]:
    """Every whole checkpoint of a file, and what is wrong with the others.

    Raises:
        StateError: the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise StateError(f"the checkpoint file cannot be read ({error.strerror})") from None
    found: list[Checkpoint] = []
    problems: list[str] = []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        checkpoint = _parse(line)
        if checkpoint is None:
            problems.append(f"checkpoint line {number} is not a checkpoint")
        else:
            found.append(checkpoint)
    return found, problems


def _last_seq(lines: bytes) -> int:
    last = lines.rstrip(b"\n").rpartition(b"\n")[2]
    checkpoint = _parse(last)
    return checkpoint.seq if checkpoint else 0


def _parse(line: bytes) -> Checkpoint | None:
    try:
        value = json.loads(line)
        checkpoint = Checkpoint(**value)
    except (ValueError, TypeError):
        return None
    texts = (checkpoint.ledger, checkpoint.hash, checkpoint.key, checkpoint.signature)
    if not isinstance(checkpoint.seq, int) or not all(isinstance(text, str) for text in texts):
        return None
    return checkpoint
