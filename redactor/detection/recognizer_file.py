"""What a recognizer file says, as plain values; :mod:`.recognizer_yaml` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from redactor.detection.rules import Rule


@dataclass(frozen=True, slots=True)
class Example:
    """A text for ``recognizers test``. ``finds``: the very texts to be found; None: any."""

    text: str = field(repr=False)
    match: bool
    finds: tuple[str, ...] | None
    line: int


@dataclass(frozen=True, slots=True)
class Custom:
    """A recognizer of a file: a rule for each language, and where its parts stand."""

    rules: tuple[Rule, ...]
    line: int
    pattern_lines: tuple[int, ...]
    allow_slow: bool
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a file says about a predefined recognizer.

    ``recognizer`` is its name, ``label`` the name it gets. ``languages`` are (language,
    context or None) pairs; empty: as they are. ``context`` None and ``entity`` "": as it is.
    """

    recognizer: str
    label: str
    enabled: bool
    line: int
    languages: tuple[tuple[str, tuple[str, ...] | None], ...] = ()
    context: tuple[str, ...] | None = None
    entity: str = ""
    thresholds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RecognizerFile:
    """Everything that one file says. ``notes`` are sentences for people, file and line first."""

    name: str
    custom: tuple[Custom, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
