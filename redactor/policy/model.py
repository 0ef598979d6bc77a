"""The policy as the engine uses it: plain frozen values, no pydantic (170 ms to import).

``redactor.policy.schema`` validates YAML and makes these; a cache keeps them as JSON.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from redactor.policy.paths import matches_path
from redactor.values import Verdict

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EntityRule:
    """What to do with one entity type.

    ``threshold`` lowest score (0-1) that counts as a finding; ``priority`` decides the
    type of a region of overlapping findings (higher wins); ``params`` go to the operator.
    ``reason`` is a reason or exemption code for the audit trail, ``law`` the citation of the
    rule behind it. ``optional``: it is no error when nothing installed finds the type.
    """

    verdict: Verdict = Verdict.REDACT
    operator: str = "replace"
    params: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    threshold: float = 0.35
    priority: int = 0
    reason: str = ""
    law: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A whole column or key treated as one entity, or skipped.

    ``name`` is a glob over the column name or last key, ``path`` a glob over the whole path
    (``user.emails[]``, see :mod:`redactor.policy.paths`); case-insensitive; one of the two is
    set. ``entity`` the type that the whole value is; None with verdict ``keep`` means: do not
    scan this field.
    ``rule`` overrides the entity's rule where given.
    """

    entity: str | None
    name: str | None = None
    path: str | None = None
    rule: EntityRule | None = None
    id: str = ""

    def matches(self, field_name: str) -> bool:
        """True when the rule speaks of this field (``Unit.field``)."""
        whole = field_name.casefold()
        if self.path is not None:
            return matches_path(self.path, field_name)
        last = whole.rsplit(".", 1)[-1].replace("[]", "")
        name = (self.name or "").casefold()
        return fnmatch.fnmatchcase(last, name) or fnmatch.fnmatchcase(whole, name)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One allow or deny entry: exact values or a regular expression.

    Exact values match whole words, case-sensitively unless ``ignore_case``. ``expires``
    is an ISO date (UTC, last day that counts) or "". ``entity``: for deny the type given
    to hits; for allow the type it is limited to, or None for all. ``place`` is the
    ``file:line`` it stands at, for the terminal only. ``fuzzy``: values of five characters and
    more also match with one typing mistake.

    A long list stays in its file: ``path`` is where, ``digest`` its SHA-256 (hex), and
    ``values`` is empty. ``count`` is the number of values.
    """

    id: str
    values: tuple[str, ...] = field(default=(), repr=False)
    pattern: str | None = field(default=None, repr=False)
    entity: str | None = None
    ignore_case: bool = False
    reason: str = ""
    expires: str = ""
    place: str = field(default="", repr=False, compare=False)
    fuzzy: bool = False
    path: str = field(default="", repr=False)
    digest: str = ""
    count: int = 0

    def counts_on(self, today: date) -> bool:
        """False once the entry has expired; ``today`` is a UTC date."""
        return not self.expires or today.isoformat() <= self.expires


@dataclass(frozen=True, slots=True)
class HotwordRule:
    """Words near a finding that change its score or what is done with it.

    Counts for findings of ``entities`` (all where empty) when one of ``words`` (whole words,
    case does not matter) or ``pattern`` stands in the ``before`` characters before or the
    ``after`` characters after it. ``change`` is ``raise``, ``lower``, ``set`` or "" and
    ``amount`` 0-1 says by or to how much. ``verdict`` and ``rule`` (with an operator of its own)
    say what happens then instead of what the entity's rule says, where given.
    """

    id: str
    entities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    pattern: str | None = None
    before: int = 50
    after: int = 0
    change: str = ""
    amount: float = 0.0
    verdict: Verdict | None = None
    rule: EntityRule | None = None
    reason: str = ""
    name: str = ""

    def speaks_of(self, entity_type: str) -> bool:
        """True when the rule counts for findings of this type."""
        return not self.entities or entity_type in self.entities

    def rescored(self, score: float) -> float:
        """The score once the rule has spoken."""
        if self.change == "raise":
            return min(score + self.amount, 1.0)
        if self.change == "lower":
            return max(score - self.amount, 0.0)
        return self.amount if self.change == "set" else score


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """What a person has to look at although the entity's rule would redact it.

    A finding is meant when it is of one of ``entities`` (all where empty), stands in a field
    that ``field`` (a glob over name or path) names, and its confidence lies in
    ``[score_from, score_below)``, or below its threshold plus ``margin``; what is None asks
    for nothing. ``more_than``: only where a document holds more such findings than that.
    ``scope`` ``document``: one finding that is meant makes all of its release unit wait.
    """

    id: str
    entities: tuple[str, ...] = ()
    field: str | None = None
    score_from: float | None = None
    score_below: float | None = None
    margin: float | None = None
    more_than: int | None = None
    scope: str = "finding"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The one person whose data stays (an access request); ``values`` are secret.

    ``required``: nothing can be done before the subject is named.
    """

    values: tuple[str, ...] = field(default=(), repr=False)
    reason: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which kept material may be purged; None: not said. Data for later steps."""

    workspace_days: int | None = None
    vault_days: int | None = None
    ledger_days: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A rule of a protected policy that was loosened on purpose.

    ``part`` names it (``entities.URL``), ``what`` says what changed, ``reason`` is its
    author's, ``policy`` the protected policy's name.
    """

    part: str
    what: str
    reason: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a preset tells people about itself; see ``redactor policy presets``."""

    purpose: str = ""
    law: str = ""
    stays: str = ""
    metadata: str = ""
    review: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordsEntry:
    """A file of hashed records (``redactor records build``) and what its columns are.

    ``columns`` are (name in the file, entity type); columns that are not named only support
    others. ``within``: characters between two columns of one record that support each
    other. ``at_least``: columns of one record that must stand together for a finding.
    ``digest`` is the file's SHA-256 (hex).
    """

    id: str
    path: str = field(repr=False)
    digest: str
    columns: tuple[tuple[str, str], ...]
    within: int = 200
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class NerOptions:
    """``use``: auto (model on everything but by-line logs), always, never.

    ``on_failure``: ``withhold`` or ``partial`` (go on with rules only, outcome partial).
    ``model``: ``embedded``, a folder, or a Hugging Face id; ``backend``: onnx, torch, spacy.
    """

    use: str = "auto"
    backend: str = "onnx"
    model: str = "embedded"
    on_failure: str = "withhold"


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """How PDF documents are written.

    ``box_color`` is ``#rrggbb``; ``label``: the replacement is printed inside the box where it
    fits; ``uniform_boxes``: boxes get few widths, so that they do not tell the word's;
    ``clean_under_boxes``: text that an opaque box hides already is removed;
    ``raster``: auto (a page that cannot be proven clean becomes a picture), never (such a
    document is withheld), always; ``unreadable``: withhold a document with text that only a
    person can see, or keep such text as it is.
    """

    keep_metadata: bool = False
    keep_encryption: bool = False
    clean_under_boxes: bool = True
    uniform_boxes: bool = False
    box_color: str = "#000000"
    label: bool = True
    raster: str = "auto"
    unreadable: str = "withhold"


@dataclass(frozen=True, slots=True)
class OfficeOptions:
    """What happens to the parts of Office documents that are no text.

    ``metadata``: clean or keep (authors left over, dates of changes, revision marks,
    thumbnails, printer settings); ``changes``: redact, accept or reject tracked changes;
    ``macros``: drop or keep; ``objects`` (embedded objects that cannot be looked into):
    withhold or drop; ``images`` (and sound, and film, where nothing looks at them):
    withhold, blank, flag (outcome partial) or keep.
    """

    metadata: str = "clean"
    changes: str = "redact"
    macros: str = "drop"
    objects: str = "withhold"
    images: str = "withhold"


@dataclass(frozen=True)
class Policy:
    """A validated policy. ``hash`` names it in the audit trail (SHA-256 hex of its content).

    ``entities`` lists what is looked for, and nothing else is. ``default`` speaks for types
    that only a field rule, a deny entry or a person names.
    ``languages`` are further languages of the texts; ``countries`` (ISO 3166-1, small letters)
    those whose types were put among the entities without being named.
    ``phone_needs_context``: a bare phone number needs a context word or a leading ``+``.
    ``laws`` name what :mod:`redactor.policy.laws` checks it by; ``protected`` policies may be
    loosened only with a reason, kept in ``overrides``. ``verification`` ``strict``: a redacted
    value must stand nowhere in the output, not even where it is kept on purpose.
    ``fingerprints`` False: the audit trail keeps counts only. ``codes`` are the reason codes
    that may be used, with their meaning; empty: any. ``attest`` what a person must confirm.
    ``two_person``, ``retention``, ``metadata`` and ``attest`` are data for later steps.
    ``plausible``: findings whose surroundings say that they are something else do not count
    (versions for IP addresses, attributes of programs for URLs); without it the results of
    Presidio's recognizers are exactly Presidio's.
    """

    name: str
    hash: str
    language: str = "en"
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    description: str = ""
    entities: Mapping[str, EntityRule] = field(default_factory=dict)
    default: EntityRule = EntityRule()
    fields: tuple[FieldRule, ...] = ()
    allow: tuple[ListEntry, ...] = ()
    deny: tuple[ListEntry, ...] = ()
    records: tuple[RecordsEntry, ...] = ()
    ner: NerOptions = NerOptions()
    pdf: PdfOptions = PdfOptions()
    office: OfficeOptions = OfficeOptions()
    recognizers: tuple[str, ...] = ()  # extra recognizer files or folders, absolute paths
    propagate: bool = True
    phone_needs_context: bool = False
    field_names: str = "auto"  # auto, context or off: what names of columns and keys may do
    escape_formulas: bool = False  # make existing CSV cells that a spreadsheet would run text
    plausible: bool = False
    leak_min_length: int = 6  # values shorter than this get the position check only
    requires_person: bool = False  # refuses --apply-proposed
    laws: tuple[str, ...] = ()
    protected: bool = False
    overrides: tuple[Override, ...] = ()
    about: About = About()
    hotwords: tuple[HotwordRule, ...] = ()
    review: tuple[ReviewRule, ...] = ()
    subject: Subject = Subject()
    on_unsupported_language: str = "withhold"  # or rules_only, go_on
    two_person: bool = False
    retention: Retention = Retention()
    verification: str = "standard"
    fingerprints: bool = True
    metadata: str = "remove"
    codes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    attest: tuple[str, ...] = ()

    @cached_property
    def thresholds(self) -> Mapping[str, float]:
        """Lowest score per entity type looked for."""
        return {name: rule.threshold for name, rule in self.entities.items()}

    @cached_property
    def floors(self) -> Mapping[str, float]:
        """Lowest score per type that may still count: a hotword could lift it so far."""
        floors = dict(self.thresholds)
        for hotword in self.hotwords:
            for name, rule in self.entities.items():
                if not hotword.speaks_of(name):
                    continue
                if hotword.change == "raise":
                    floors[name] = min(floors[name], max(rule.threshold - hotword.amount, 0.0))
                elif hotword.change == "set" and hotword.amount >= rule.threshold:
                    floors[name] = 0.0
        return floors

    def expired(self, today: date) -> tuple[ListEntry, ...]:
        """Allow and deny entries that have expired; ``today`` is a UTC date."""
        return tuple(e for e in (*self.allow, *self.deny) if not e.counts_on(today))

    def field_rule(self, field_name: str | None) -> FieldRule | None:
        """The first field rule that matches, or None."""
        if field_name is None or not self.fields:
            return None
        return self._find_field_rule(field_name)

    @cached_property
    def _find_field_rule(self) -> Callable[[str], FieldRule | None]:
        # bounded: in some JSON every key is different
        @lru_cache(maxsize=4096)
        def find(field_name: str) -> FieldRule | None:
            return next((rule for rule in self.fields if rule.matches(field_name)), None)

        return find

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What rooms compile out of this policy and want to keep beside it."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what was validated, not what was derived from it."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


SAFE_ID = re.compile(r"[A-Za-z0-9_.\[\]-]{1,128}\Z")
