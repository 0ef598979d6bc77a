"""Documents in processes of their own, which may die: hostile input is normal.

:class:`IsolatedFormat` is the parent's side. Where the system can fork, one helper process
imports a format's libraries once and forks for every document; elsewhere each document gets
a fresh interpreter. A document's process has limits of time and memory, no output but its
socket, and answers in JSON and plain bytes: what a hostile document may have taken over is
never unpickled.
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Self

from redactor import errors
from redactor.errors import RedactorError, UnreadableError, WithheldError
from redactor.formats.base import Failure, ReadOptions
from redactor.formats.isolation import HEADER
from redactor.values import Locator, Redaction, Unit

LARGEST = 256 << 20  # bytes of one document, which is held in memory whole
_CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"
_DIED = (
    "the process that handled this document died: it needs too much memory, or the document is "
    "built to crash readers; withheld"
)


# ---------------------------------------------------------------- the parent's side


@dataclass(slots=True)
class IsolatedChunk:
    """A whole document, held by a process of its own."""

    units: Sequence[Unit] = field(repr=False)
    reference: bytes = field(repr=False)
    process: _Process = field(repr=False)
    hints: dict[str, Any] = field(default_factory=dict, repr=False)
    notes: dict[str, Any] = field(default_factory=dict)
    index: int = 0

    def settle(self, redactions: Sequence[Redaction]) -> Sequence[Redaction]:
        """As they are."""
        return redactions

    def write(self, redactions: Sequence[Redaction], out: BinaryIO) -> None:
        """Write the redacted copy."""
        reply, data = self.process.ask("write", list(redactions))
        self.hints, self.notes = reply["hints"], reply["notes"]
        view = memoryview(data)
        for start in range(0, len(view), 1 << 20):
            out.write(view[start : start + (1 << 20)])

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """Prepare a stronger method; see :class:`redactor.formats.base.StrongerChunk`."""
        reply, _ = self.process.ask("strengthen", list(failures))
        return bool(reply["stronger"])


class IsolatedFormat:
    """A document format whose work is done in another process.

    Raises:
        UnreadableError: the document is no such document, or damaged.
        WithheldError: its process died or took too long.
    """

    streaming = False

    def __init__(self, name: str) -> None:
        self.name = name

    def chunks(self, source: BinaryIO, options: ReadOptions) -> Iterator[IsolatedChunk]:
        """The one chunk of the document."""
        data = source.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnreadableError(f"larger than {LARGEST >> 20} MiB: too large for a document")
        with _Process(self.name, options) as process:
            reply, _ = process.ask("open", (self.name, data, options))
            units = [
                Unit(item[0], item[1], Locator(item[2], item[3]), item[4])
                for item in reply["units"]
            ]
            yield IsolatedChunk(units, data, process)


class _Process:
    """One document's process, from the parent."""

    def __init__(self, name: str, options: ReadOptions) -> None:
        self._seconds = options.seconds
        self._popen: subprocess.Popen[bytes] | None = None
        self._pid = 0
        ours, theirs = socket.socketpair()
        self._socket = ours
        ours.settimeout(options.seconds)
        with theirs:
            if _CAN_FORK:
                _helper(name).give(theirs)
            else:
                self._popen = _spawn("document", theirs)
        try:
            first, _ = self._receive()
            self._pid = int(first["pid"])
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, verb: str, argument: Any) -> tuple[dict[str, Any], bytes]:
        """Ask the document's process; its errors come back as ours.

        Raises:
            WithheldError: it died or took longer than ``ReadOptions.seconds``.
        """
        message = pickle.dumps((verb, argument), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._socket.sendall(HEADER.pack(len(message), 0) + message)
            reply, data = self._receive()
        except TimeoutError:
            self._kill()
            raise WithheldError(
                f"the document took longer than {self._seconds:g} seconds and was stopped: "
                "withheld; split it, or allow more time"
            ) from None
        except OSError:
            raise WithheldError(_DIED) from None
        if "error" in reply:
            raise _error(reply)
        return reply, data

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        head = self._exactly(HEADER.size)
        length, size = HEADER.unpack(head)
        reply = json.loads(self._exactly(length))
        data = self._exactly(size)
        if not isinstance(reply, dict):
            raise WithheldError(_DIED)
        return reply, data

    def _exactly(self, size: int) -> bytes:
        buffer = bytearray(size)
        view, at = memoryview(buffer), 0
        while at < size:
            count = self._socket.recv_into(view[at:])
            if not count:
                raise WithheldError(_DIED)
            at += count
        return bytes(buffer)

    def _kill(self) -> None:
        if self._popen is not None:
            self._popen.kill()
        elif self._pid > 0:
            # the document's process leads a group: whatever it forked goes with it
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process; harmless a second time."""
        self._socket.close()
        self._kill()
        if self._popen is not None:
            self._popen.wait()


def _error(reply: Mapping[str, Any]) -> RedactorError:
    kind = getattr(errors, str(reply["error"]), None)
    if not (isinstance(kind, type) and issubclass(kind, RedactorError)):
        kind = WithheldError
    error: RedactorError = kind(str(reply["message"])[:1000])
    if reply.get("frames"):
        error.add_note(str(reply["frames"]))
    return error


class _Helper:
    """A process that has imported a format's libraries and forks for each document."""

    def __init__(self, name: str) -> None:
        ours, theirs = socket.socketpair()
        self._control = ours
        with theirs:
            self._process = _spawn(f"helper {name}", theirs)

    def give(self, document: socket.socket) -> None:
        """Have a fresh process serve the other end of ``document``."""
        socket.send_fds(self._control, [b"d"], [document.fileno()])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


_HELPERS: dict[str, _Helper] = {}


def _helper(name: str) -> _Helper:
    helper = _HELPERS.get(name)
    if helper is None or not helper.alive:
        if not _HELPERS:
            atexit.register(close_helpers)
        helper = _HELPERS[name] = _Helper(name)
    return helper


def close_helpers() -> None:
    """End all helper processes (done at exit)."""
    while _HELPERS:
        _HELPERS.popitem()[1].close()


def _spawn(what: str, end: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = end.fileno()
    code = f"from redactor.formats.isolation import main; main({what!r}, {descriptor})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # libraries quote what they choke on
    )
