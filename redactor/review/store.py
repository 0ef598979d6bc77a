"""Write, list and load proposals; see :mod:`redactor.review`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redactor.errors import StateError
from redactor.home import folder, write_private
from redactor.keys import get_key
from redactor.policy.model import Policy
from redactor.sealing import seal, unseal
from redactor.values import Decision

_NAME = re.compile(r"([0-9a-f]{32})-(\d{8})\.sealed\Z")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding that waits. ``start``/``end`` are code points of the unit ``place``.

    ``reason`` is the reason or exemption code that the policy proposes.
    """

    entity_type: str
    place: str
    start: int
    end: int
    score: float
    operator: str
    rule: str
    text: str = field(repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item's proposals, without their texts. ``counts`` is entity type -> findings."""

    item: str
    policy: str
    since: str
    counts: Mapping[str, int]


def save_proposals(
    item: str,
    policy: Policy,
    chunk: int,
    proposals: Sequence[Decision],
    places: Mapping[str, str],
) -> None:
    """Keep the proposals of one chunk (0-based); ``places`` is unit id -> locator.

    Raises:
        StateError: the state folder cannot be written.
    """
    body = {
        "policy": policy.name,
        "hash": policy.hash,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "proposals": [
            {
                "entity_type": decision.finding.entity_type,
                "place": places.get(decision.finding.unit, ""),
                "start": decision.finding.start,
                "end": decision.finding.end,
                "score": decision.finding.score,
                "operator": decision.operator,
                "rule": decision.rule,
                "reason": decision.reason,
                "text": decision.finding.text,
            }
            for decision in proposals
        ],
    }
    path = folder("review") / f"{item}-{chunk:08d}.sealed"
    data = json.dumps(body).encode()
    try:
        write_private(path, seal(_key(), data, path.stem))
    except OSError as error:
        raise StateError(f"the proposals cannot be stored ({error.strerror})") from None


def list_waiting() -> list[Waiting]:
    """Every item that waits, oldest first.

    Raises:
        StateError: the store was changed, or its key is another one.
    """
    counts: dict[str, Counter[str]] = {}
    first: dict[str, tuple[str, str]] = {}
    for item, path in _files():
        body = _read(path)
        counts.setdefault(item, Counter()).update(p["entity_type"] for p in body["proposals"])
        first.setdefault(item, (body["since"], body["policy"]))
    return [
        Waiting(item, policy, since, counts[item])
        for item, (since, policy) in sorted(first.items(), key=lambda entry: entry[1])
    ]


def load(item: str) -> list[Proposal]:
    """The proposals of one item, with their texts: for the eyes of the person who decides."""
    return [
        Proposal(**proposal)
        for owner, path in _files()
        if owner == item
        for proposal in _read(path)["proposals"]
    ]


def _files() -> list[tuple[str, Path]]:
    entries = sorted(folder("review").iterdir())
    return [(match[1], path) for path in entries if (match := _NAME.match(path.name))]


def _read(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StateError(f"the proposals cannot be read ({error.strerror})") from None
    body: dict[str, Any] = json.loads(unseal(_key(), data, path.stem))
    return body


def _key() -> bytes:
    return get_key("workspace").derive("review")
