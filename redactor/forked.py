"""Run a function over parts of a job in forked copies of this process.

For work whose input is open already (a parsed document) and whose processes hold no threads.
Where the system cannot fork, the parts run one after another.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"


def map_forked(function: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """``function`` of every part, each in a process of its own; the first part runs here.

    What a part raises is raised here, after every process has ended.

    Raises:
        ChildDied: a process ended without an answer.
    """
    if len(parts) < 2 or not CAN_FORK:
        return [function(part) for part in parts]
    children = [_start(function, part) for part in parts[1:]]
    outcomes: list[tuple[bool, Any]] = []
    try:
        outcomes.append((True, function(parts[0])))
    except BaseException as error:
        outcomes.append((False, error))
    for pid, reading in children:
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        os.waitpid(pid, 0)
        outcomes.append(pickle.loads(data) if data else (False, ChildDied()))
    for good, value in outcomes:
        if not good:
            raise value
    return [value for _, value in outcomes]


class ChildDied(MemoryError):
    """A forked process ended without an answer: most likely out of memory."""


def _start(function: Callable[[Any], Any], part: Any) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        os.close(reading)
        try:
            outcome = True, function(part)
        except BaseException as error:
            outcome = False, error
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def shares(count: int, workers: int) -> list[range]:
    """``range(count)`` in interleaved shares, one a worker; at least 4 things in each."""
    number = max(1, min(workers, count // 4))
    return [range(start, count, number) for start in range(number)]
