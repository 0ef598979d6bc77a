"""Look for what is wrong, unlawful or unwise in policy files; each finding has its place.

Errors are what loading refuses (not valid, looser than a protected policy without a reason,
against a law that the policy names). Warnings are valid and probably not meant. Notes may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from redactor.errors import PolicyError
from redactor.policy.extend import Chain, read_chain
from redactor.policy.laws import breaches
from redactor.policy.laws.pci import truncations
from redactor.policy.model import FieldRule, Policy
from redactor.policy.order import keeps, sample_name
from redactor.policy.source import Loc, Place
from redactor.values import Verdict

ERROR, WARNING, NOTE = "error", "warning", "note"
_TOLD = re.compile(r"(?P<file>.+):(?P<line>\d+): (?P<what>.+)\Z", re.DOTALL)
# nobody means an allow entry that takes all of these
_UNLIKE = ("Ann Okafor", "4111 1111 1111 1111", "a.okafor@example.com", "12 Main Street")
_MODEL_ONLY = ("PERSON", "LOCATION", "ORGANIZATION")
_WIDE = 300  # characters; words so far away say little about a finding


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about a policy file. ``file`` as it was named, ``line`` 1-based."""

    file: str
    line: int
    severity: str
    rule: str
    message: str
    law: str = ""

    def __str__(self) -> str:
        law = f"; {self.law}" if self.law else ""
        return f"{self.file}:{self.line}: {self.severity}: {self.message} [{self.rule}{law}]"


def lint(path: Path, findable: frozenset[str] | None = None) -> list[Issue]:
    """Everything about one policy file, by line.

    ``findable`` are the entity types that something installed finds; None: not checked.
    """
    try:
        chain = read_chain(path)
        policy = chain.policy()
    except PolicyError as error:
        return _invalid(error, path)
    issues = [Issue(file, line, ERROR, "loosened", what) for (file, line), what in chain.problems]
    for breach in breaches(policy):
        file, line = chain.tree.place(breach.part)
        issues.append(Issue(file, line, ERROR, breach.rule, breach.message, breach.law))
    today = datetime.now(UTC).date()
    for place, severity, rule, message in (
        *_entities(chain, policy, findable),
        *_field_rules(chain, policy),
        *_list_entries(chain, policy, today),
        *_hotwords(chain, policy),
        *_switches(chain, policy),
    ):
        issues.append(Issue(*place, severity, rule, message))
    return sorted(set(issues), key=lambda i: (i.file, i.line, i.rule, i.message))


def lint_together(paths: Sequence[Path]) -> list[Issue]:
    """What only several files together do wrong: card numbers cut in more than one way."""
    seen: dict[tuple[int, int], Path] = {}
    issues: list[Issue] = []
    for path in paths:
        try:
            chain = read_chain(path)
            policy = chain.policy()
        except PolicyError:
            continue  # told by lint
        if "pci-dss" not in policy.laws:
            continue
        for cut, part in truncations(policy).items():
            seen.setdefault(cut, path)
            if len(seen) > 1:
                file, line = chain.tree.place(part)
                issues.append(
                    Issue(
                        file, line, ERROR, "pci-two-truncations",
                        "card numbers are cut in another way than in "
                        f"{next(iter(seen.values())).name}: outputs of both show more than one",
                        "PCI DSS v4.0.1 3.5.1; FAQ 1117",
                    )
                )  # fmt: skip
                break
    return issues


_Found = Iterator[tuple[Place, str, str, str]]


def _invalid(error: PolicyError, path: Path) -> list[Issue]:
    issues = []
    for text in str(error).splitlines():
        told = _TOLD.match(text)
        if told is not None:
            issues.append(Issue(told["file"], int(told["line"]), ERROR, "invalid", told["what"]))
    return issues or [Issue(str(path), 1, ERROR, "invalid", str(error))]


def _entities(chain: Chain, policy: Policy, findable: frozenset[str] | None) -> _Found:
    tree = chain.tree
    raw = tree.data.get("entities") or {}
    named = {rule.entity for rule in policy.fields} | {entry.entity for entry in policy.deny}
    for name, rule in policy.entities.items():
        loc: Loc = ("entities", name)
        own = raw.get(name)
        own = own if isinstance(own, dict) else {}
        if rule.threshold >= 1.0:
            yield (
                tree.place((*loc, "threshold")), WARNING, "threshold-never",
                f"{name}: with a threshold of 1 only values that a check proves count",
            )  # fmt: skip
        elif rule.threshold == 0.0:
            yield (
                tree.place((*loc, "threshold")), WARNING, "threshold-zero",
                f"{name}: with a threshold of 0 every weak pattern counts",
            )  # fmt: skip
        if own.get("verdict") == "keep" and own.get("operator", "keep") != "keep":
            yield (
                tree.place((*loc, "operator")), WARNING, "keep-with-operator",
                f"{name} is kept: its operator does nothing",
            )  # fmt: skip
        if rule.operator == "mask":
            left = int(rule.params.get("keep_first", 0)) + int(rule.params.get("keep_last", 0))
            if left > 6:
                yield (
                    tree.place((*loc, "params")), WARNING, "mask-shows-much",
                    f"{name}: the mask leaves up to {left} characters",
                )  # fmt: skip
        if rule.operator == "hash" and int(rule.params.get("length", 16)) < 12:
            yield (
                tree.place((*loc, "params")), WARNING, "hash-short",
                f"{name}: under 12 digits two values soon share a hash",
            )  # fmt: skip
        if findable is not None and name not in findable:
            severity = NOTE if rule.optional or name in named else ERROR
            only = "only field rules and lists find" if name in named else "nothing installed finds"
            yield tree.place(loc), severity, "nothing-finds", f"{name}: {only} this type"


def _field_rules(chain: Chain, policy: Policy) -> _Found:
    for index, rule in enumerate(policy.fields):
        earlier = next((e for e in policy.fields[:index] if _shadows(e, rule)), None)
        if earlier is not None:
            file, line = chain.tree.place(("fields", policy.fields.index(earlier)))
            yield (
                chain.tree.place(("fields", index)), WARNING, "field-unreachable",
                f"an earlier rule ({Path(file).name}:{line}) takes every field that this one names",
            )  # fmt: skip
        acts = rule.rule is not None and rule.rule.operator != "keep"
        if keeps(rule) and acts:
            yield (
                chain.tree.place(("fields", index)), WARNING, "keep-with-operator",
                "the field is kept: its operator does nothing",
            )  # fmt: skip


def _shadows(earlier: FieldRule, rule: FieldRule) -> bool:
    if (earlier.name, earlier.path) == (rule.name, rule.path):
        return True
    if "*" in (earlier.name, earlier.path):
        return True
    glob = rule.name if rule.name is not None else rule.path
    literal = not set("*?[") & set(glob or "")
    return literal and rule.name is not None and earlier.matches(sample_name(rule))


def _list_entries(chain: Chain, policy: Policy, today: date) -> _Found:
    for section, entries in (("allow", policy.allow), ("deny", policy.deny)):
        for index, entry in enumerate(entries):
            place = chain.tree.place((section, index))
            if not entry.counts_on(today):
                yield (
                    place, WARNING, "entry-expired",
                    f"{entry.id} expired on {entry.expires} and no longer counts",
                )  # fmt: skip
            if entry.entity is not None and section == "allow":
                yield from _not_looked_for(place, entry.id, (entry.entity,), policy)
            if section == "allow":
                if not entry.reason:
                    yield place, WARNING, "allow-no-reason", f"{entry.id} gives no reason"
                if not entry.expires:
                    yield place, NOTE, "allow-no-expiry", f"{entry.id} never expires"
                if entry.pattern is not None and all(
                    re.search(r"\S", text) and _takes(entry.pattern, text) for text in _UNLIKE
                ):
                    yield place, WARNING, "allow-broad", f"{entry.id} lets nearly everything stand"
            elif any(len(value) < policy.leak_min_length for value in entry.values):
                yield (
                    place, NOTE, "deny-short",
                    f"{entry.id} holds values under {policy.leak_min_length} characters: the "
                    "output is not searched for them inside other words",
                )  # fmt: skip


def _takes(pattern: str, text: str) -> bool:
    import regex

    try:
        return regex.fullmatch(pattern, text, timeout=1.0) is not None
    except TimeoutError:
        return False


def _not_looked_for(place: Place, what: str, entities: Sequence[str], policy: Policy) -> _Found:
    known = {*policy.entities, *(r.entity for r in policy.fields), *(e.entity for e in policy.deny)}
    for name in entities:
        if name not in known:
            yield (
                place, WARNING, "type-not-looked-for",
                f"{what} speaks of {name}, which this policy does not look for",
            )  # fmt: skip


def _hotwords(chain: Chain, policy: Policy) -> _Found:
    for index, rule in enumerate(policy.hotwords):
        place = chain.tree.place(("hotwords", index))
        yield from _not_looked_for(place, rule.id, rule.entities, policy)
        if max(rule.before, rule.after) > _WIDE:
            yield place, WARNING, "hotword-wide", f"{rule.id} looks farther than {_WIDE} characters"
        for earlier in policy.hotwords[:index]:
            same = (earlier.words, earlier.pattern) == (rule.words, rule.pattern)
            covers = not earlier.entities or set(rule.entities) <= set(earlier.entities)
            reach = earlier.before >= rule.before and earlier.after >= rule.after
            if same and covers and reach and (rule.entities or not earlier.entities):
                yield place, WARNING, "hotword-unreachable", f"{earlier.id} always speaks before it"
                break
    for index, review in enumerate(policy.review):
        place = chain.tree.place(("review", index))
        yield from _not_looked_for(place, review.id, review.entities, policy)


def _switches(chain: Chain, policy: Policy) -> _Found:
    tree = chain.tree
    acting = [name for name, rule in policy.entities.items() if rule.verdict is not Verdict.KEEP]
    if policy.ner.use == "never":
        for name in sorted(set(_MODEL_ONLY) & set(acting)):
            yield (
                tree.place(("ner", "use")), WARNING, "names-without-model",
                f"{name} is looked for, and without the model only lists and fields find it",
            )  # fmt: skip
    if policy.ner.on_failure == "partial":
        yield (
            tree.place(("ner", "on_failure")), WARNING, "missing-model-goes-on",
            "names may leak when the model is missing",
        )  # fmt: skip
    if policy.on_unsupported_language == "go_on":
        yield (
            tree.place(("on_unsupported_language",)), WARNING, "language-goes-on",
            "texts in other languages are read as if they were in this one",
        )  # fmt: skip
    if not policy.propagate:
        yield (
            tree.place(("propagate",)), WARNING, "no-propagation",
            "a name found in one place may stay in another",
        )  # fmt: skip
    if not acting and not policy.fields and not policy.deny:
        yield tree.place(()), WARNING, "does-nothing", "this policy redacts nothing"
    for place in chain.unused:
        yield place, NOTE, "reason-unused", "a reason is given, and nothing is loosened here"
