"""Values that every room speaks. Frozen; they refuse nonsense when made.

All offsets are **code points** of the text they refer to, 0-based and half-open,
unless a name says bytes. Document text is secret: it never appears in a ``repr``,
and pickling a :class:`Finding` drops it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` in code points of a text; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """True when every code point of ``other`` is in this span."""
        return self.start <= other.start and other.end <= self.end

    def union(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a unit lives in its container. ``kind`` says how to read ``place``.

    ``text``  place = 0-based byte offset of the unit in the decompressed source
    ``cell``  place = ``row:column``, both 1-based, the file's first row = row 1
    ``header`` the same, of a cell that names its column
    ``json``  place = JSON pointer (RFC 6901) with keys replaced by their 0-based
              position among their object's members, since keys may be personal data;
              for JSON Lines the 1-based line comes first: ``12#/0/3``
    ``key``   the same for a key of YAML, TOML, INI, .env or properties: most are structure
    ``xml``, ``yaml``, ``toml``, ``ini``, ``env``, ``properties``
              place = number or code point of the text in the document
    ``sql``   place = 1-based line of the statement, then the column of COPY data or a code point
    ``metadata`` place = number of a key-value pair in the head of a columnar file
    ``member`` place = 1-based number of the member of an archive (its name), then ``/`` and the
              locator inside the member: ``3/cell:2:1``

    ``!`` in a place leads into JSON that a text holds: ``2:3!/0/1``.
    ``part``  place = ``member#thing``: a member of an Office package and what it is there,
              counted from 1: ``word/document.xml#p12`` (paragraph), ``#a3`` (attribute),
              ``#t4`` (other text), ``xl/worksheets/sheet1.xml#B2`` (cell; ``#B2=`` its
              formula, ``#B2~`` its value behind the format). A member whose name is not
              one of the format's own is ``member N``, since names may be personal data;
              what is embedded comes after a ``!``: ``word/embeddings/a.xlsx!xl/...``
    """

    kind: str
    place: str

    @property
    def text_kind(self) -> str:
        """``kind`` of the text itself: for what stands in a member of an archive, the inner."""
        kind, place = self.kind, self.place
        while kind == "member" and "/" in place:
            kind, _, place = place.partition("/")[2].partition(":")
        return kind

    def __str__(self) -> str:
        return f"{self.kind}:{self.place}"


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of text in reading order.

    ``id`` is unique inside its release unit and holds no document text.
    ``by_line`` says that every line is a record of its own (logs): patterns and context
    words never reach across a line end. ``field`` is the column name or the JSON path
    (``user.email``; list positions as ``[]``) that holds the text: evidence for field
    rules; treat it as secret like the text.

    ``entity`` is set where the container itself says what the whole text is (``PERSON`` for
    the author of a comment). ``same_as`` names another unit that shows the same value (a
    number and how its cell displays it): what is redacted in one is redacted in both.
    ``prose`` False: no running text (a path, a label, a formula); the model is not asked.
    """

    id: str
    text: str = field(repr=False)
    locator: Locator
    field: str | None = field(default=None, repr=False)
    by_line: bool = False
    entity: str | None = None
    same_as: str | None = None
    prose: bool = True


class Source(enum.StrEnum):
    """What kind of evidence a finding rests on."""

    REVIEWER = "reviewer"
    FIELD = "field"
    DENY = "deny"
    RECORD = "record"
    VALIDATED = "validated"
    PATTERN = "pattern"
    FIELD_NAME = "field-name"
    MODEL = "model"
    PROPAGATED = "propagated"


@dataclass(frozen=True, slots=True)
class Why:
    """Why something was found. Holds names of rules only, never text of the document.

    ``pattern``    name of the pattern, model label, or id of the field rule or deny entry
    ``validator``  name of the check that passed, if there was one
    ``context``    the recognizer's own context word that raised the score
    ``detail``     the model's own score, the rule that a propagated value follows and the like
    ``base``       score before check, context word and hotword; of a model its own (0-1)
    ``distance``   characters between the end of the context word and the finding, 0 when inside
    ``words``      the context word is this many words before the finding, 0 when inside
    ``hotword``    id of the policy's hotword rule that spoke
    ``origin``     place of the finding that a propagated one is a copy of
    """

    source: Source
    pattern: str = ""
    validator: str = ""
    context: str = ""
    detail: str = ""
    base: float = 0.0
    distance: int = 0
    words: int = 0
    hotword: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a recognizer saw an entity.

    ``score`` is 0.0-1.0, after validation and context. ``text`` is secret. ``extent`` is
    ``""`` as found; after overlaps were resolved ``own`` (this evidence covers the span) or
    ``joined`` (the span is wider: other findings are part of it). Equality is by place and
    evidence, not by text or extent.
    """

    unit: str
    span: Span
    entity_type: str
    score: float
    recognizer: str
    why: Why
    text: str = field(repr=False, compare=False, default="")
    extent: str = field(repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score out of range: {self.score}")
        if not self.entity_type:
            raise ValueError("a finding needs an entity type")

    @property
    def start(self) -> int:
        """First code point of the finding in its unit's text."""
        return self.span.start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.span.end

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without the text: what goes to a disk or a queue holds no raw value."""
        return (
            Finding,
            (
                self.unit,
                self.span,
                self.entity_type,
                self.score,
                self.recognizer,
                self.why,
                "",
                self.extent,
            ),
        )

    def with_span(self, span: Span, text: str) -> Finding:
        """The same evidence over another stretch of the unit's text."""
        own = text[span.start : span.end]
        if span == self.span and own == self.text:
            return self
        return Finding(
            self.unit, span, self.entity_type, self.score, self.recognizer, self.why, own,
            self.extent,
        )  # fmt: skip


class Cause(enum.StrEnum):
    """Why something that looked like personal data was not taken for it."""

    THRESHOLD = "threshold"
    CHECK = "check"
    ALLOW = "allow"
    FIELD = "field"
    OVERLAP = "overlap"
    HOTWORD = "hotword"
    SUBJECT = "subject"
    TYPE = "type"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Miss:
    """A place that was looked at and not taken, and why. Holds no text.

    ``finding`` is what it would have been, with the score that it reached; ``detail`` names
    the threshold, check, list entry, field rule, hotword or other finding that spoke.
    """

    finding: Finding
    cause: Cause
    detail: str


class Verdict(enum.StrEnum):
    """What a policy says about a finding."""

    REDACT = "redact"
    KEEP = "keep"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding and what is to be done with it.

    ``rule`` names the policy's rule (``entities.EMAIL_ADDRESS``, ``fields[2]``,
    ``allow[0]``), ``actor`` who decided (``policy`` or a person's id), ``reason`` a
    reason or exemption code.
    """

    finding: Finding
    verdict: Verdict
    operator: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    rule: str = ""
    actor: str = "policy"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Where to put which replacement. Formats know nothing of operators."""

    unit: str
    span: Span
    replacement: str
    entity_type: str


class Outcome(enum.StrEnum):
    """How an item ended: one list for exit codes, ledger, metrics, API and app."""

    RELEASED = "released"
    PARTIAL = "partial"
    REVIEW = "review"
    WITHHELD = "withheld"
    UNREADABLE = "unreadable"

    @property
    def exit_code(self) -> int:
        """Process exit status of a run whose worst item ended so."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Outcome.RELEASED: 0,
    Outcome.PARTIAL: 3,
    Outcome.REVIEW: 4,
    Outcome.WITHHELD: 4,
    Outcome.UNREADABLE: 5,
}


@dataclass(frozen=True, slots=True)
class Run:
    """What made an output. Equal Run, input and vault snapshot give equal bytes.

    ``policy`` is the policy's hash; ``engine`` the versions of program, rule table and
    model by name; ``keys`` the ids of the keys used by name; ``input_digest`` the
    SHA-256 (hex) of the source as read.
    """

    policy: str
    engine: Mapping[str, str]
    keys: Mapping[str, str]
    input_digest: str = ""
