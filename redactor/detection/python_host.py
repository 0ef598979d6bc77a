"""The parent's side of recognizers that are Python classes: ask them, bound their time.

One child process (:mod:`.python_worker`) serves all of them and is started with the first
question. A recognizer that raises, never returns, ends its process or answers nonsense
withholds the item: "nothing found" never stands for "failed". After a failure of the
process the next question starts a new one.
"""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from redactor import errors
from redactor.detection.python_worker import KEY_VARIABLES, receive, send
from redactor.detection.rules import Rule, decode
from redactor.errors import PolicyError, RedactorError, StateError, WithheldError

SECONDS = 60.0  # most that recognizers may think about one text
START_SECONDS = 300.0  # importing them, and loading what they need
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORKER = "from redactor.detection.python_worker import main; raise SystemExit(main())"


@dataclass(frozen=True, slots=True)
class Ask:
    """A recognizer and the entity types wanted of it."""

    name: str
    reference: str
    language: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a recognizer found; ``boosted``: it looked at the context itself."""

    entity: str
    start: int
    end: int
    score: float
    boosted: bool


Other = tuple[str, int, int, float]  # type, start, end, score of what other rules found


class PythonHost:
    """One child process and its pipe."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._owner = 0
        self._known: set[str] = set()

    def describe(self, path: Path) -> list[Rule]:
        """The rules of a Python file, each ``reference`` a class name.

        Raises:
            StateError: it cannot be imported, or Presidio is missing.
            PolicyError: a recognizer cannot be made.
        """
        reply = self._talk({"do": "describe", "path": str(path)}, START_SECONDS)
        if reply is None:
            raise StateError(
                f"{path.name} cannot be imported (it ended the process, or took more than "
                f"{START_SECONDS:.0f} s)"
            )
        _raise(reply)
        if "rules" not in reply:
            raise StateError(f"{path.name} cannot be imported ({reply.get('kind', 'failed')})")
        return list(decode({"rules": reply["rules"], "versions": {}}).rules)

    def analyze(
        self, text: str, asks: Sequence[Ask], others: Sequence[Other]
    ) -> list[tuple[Ask, list[Hit]]]:
        """What recognizers find in one text.

        Raises:
            WithheldError: one of them failed, or took too long; names it, never the text.
            StateError: one of them cannot be imported or made any more.
        """
        new = {ask.reference for ask in asks} - self._known
        seconds = START_SECONDS if new or self._process is None else SECONDS
        request = {
            "do": "analyze",
            "text": _SURROGATES.sub("\ufffd", text),  # spaCy takes none
            "others": list(others),
            "asks": [
                {"reference": a.reference, "language": a.language, "entities": a.entities}
                for a in asks
            ],
        }
        reply = self._talk(request, seconds)
        names = ", ".join(dict.fromkeys(ask.name for ask in asks))
        if reply is None:
            raise WithheldError(
                f"recognizer {names} ended its process or took more than {seconds:.0f} s on one "
                "text: mend it, or take it out of the policy"
            )
        _raise(reply)
        if "hits" not in reply:
            failed = [ask.name for ask in asks if ask.reference == reply.get("failed")]
            raise WithheldError(
                f"recognizer {', '.join(dict.fromkeys(failed)) or names} failed on this text "
                f"({reply.get('kind', 'no answer')}): mend it, or take it out of the policy"
            )
        self._known |= new
        return [
            (ask, [_hit(ask, hit, len(text)) for hit in hits])
            for ask, hits in zip(asks, reply["hits"], strict=True)
        ]

    def close(self) -> None:
        """End the child process."""
        if self._process is not None and self._owner == os.getpid():
            _end(self._process)
        self._process = None
        self._known = set()

    def _talk(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        """The reply; None where the child died or took too long, which ends it."""
        to_child = self._started()
        try:
            send(request, to_child)
            reply = self._replies.get(timeout=seconds)
        except (OSError, queue.Empty):
            reply = None
        if reply is None:
            self.close()
        return reply

    def _started(self) -> BinaryIO:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # forked: the pipe belongs to the parent
        if self._process is None or self._process.poll() is not None:
            self._known = set()
            self._replies = queue.SimpleQueue()
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-c", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if not k.startswith(KEY_VARIABLES)},
            )
            weakref.finalize(self, _end, self._process)
            assert self._process.stdout is not None
            threading.Thread(
                target=_listen, args=(self._process.stdout, self._replies), daemon=True
            ).start()
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]


def _listen(source: Any, replies: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Put every reply into the queue, and None when there can be no more."""
    try:
        while (reply := receive(source)) is not None:
            replies.put(reply)
    except (OSError, ValueError):
        pass
    replies.put(None)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()


def _raise(reply: Mapping[str, Any]) -> None:
    """Raise here what was raised there, if it is an error of ours."""
    if "error" in reply:
        kind = getattr(errors, reply["error"], StateError)
        known = isinstance(kind, type) and issubclass(kind, RedactorError)
        raise (kind if known else PolicyError)(str(reply["message"]))


def _hit(ask: Ask, hit: Sequence[Any], length: int) -> Hit:
    found = Hit(*hit)
    if not (0 <= found.start <= found.end <= length and 0 <= found.score <= 1):
        raise WithheldError(
            f"recognizer {ask.name} gave a place outside of the text, or a score outside of 0 to "
            "1: mend it, or take it out of the policy"
        )
    return found


@lru_cache(maxsize=1)
def host() -> PythonHost:
    """The one of this process."""
    return PythonHost()
