"""Merged tree -> validated policy, or every problem in it with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from redactor.errors import PolicyError
from redactor.policy import countries, parts, schema
from redactor.policy.encode import policy_hash
from redactor.policy.listfile import look_at
from redactor.policy.model import (
    About,
    EntityRule,
    FieldRule,
    HotwordRule,
    ListEntry,
    NerOptions,
    OfficeOptions,
    Override,
    PdfOptions,
    Policy,
    RecordsEntry,
    Retention,
    ReviewRule,
    Subject,
)
from redactor.policy.names import forms_of_name
from redactor.policy.override import DENY_ENTITY
from redactor.policy.params import PARAMS
from redactor.policy.problems import law_names, message, param_problems, problems_of
from redactor.policy.source import Loc, Tree, did_you_mean
from redactor.values import Verdict

_CODE = re.compile(r"[a-z]{2}\Z")


def build(
    tree: Tree, fallback_name: str, overrides: Sequence[Override] = (), *, protected: bool = False
) -> Policy:
    """Validate a merged tree, which is filled in on the way.

    ``overrides`` are what its files loosened with a reason, ``protected`` whether one of them
    is protected.

    Raises:
        PolicyError: all problems at once, one a line, as ``file:line: what``.
    """
    problems = _fill_in_countries(tree)
    fill_in_defaults(tree)
    config: schema.PolicyFile | None = None
    try:
        config = schema.PolicyFile.model_validate(tree.data)
    except ValidationError as error:
        problems += problems_of(error, (), tree)
    problems += param_problems(tree) + law_names(tree)
    if config is None or problems:
        raise PolicyError(message(problems, tree))
    default = _rule(config.defaults)
    entities = {name: _rule(item) for name, item in sorted(config.entities.items())}
    policy = Policy(
        name=config.name or fallback_name,
        hash="",
        language=config.language,
        languages=tuple(dict.fromkeys(config.languages)),
        countries=tuple(dict.fromkeys(config.countries)),
        description=config.description,
        entities=entities,
        default=default,
        fields=tuple(
            _field_rule(index, item, entities, default) for index, item in enumerate(config.fields)
        ),
        allow=tuple(_entry("allow", i, item, tree) for i, item in enumerate(config.allow)),
        deny=tuple(_entry("deny", i, item, tree) for i, item in enumerate(config.deny)),
        records=tuple(_records(i, item, tree) for i, item in enumerate(config.records)),
        ner=NerOptions(**config.ner.model_dump(exclude={"override_reason"})),
        pdf=PdfOptions(**config.pdf.model_dump()),
        office=OfficeOptions(**config.office.model_dump()),
        recognizers=tuple(_existing(tree, index) for index in range(len(config.recognizers))),
        propagate=config.propagate,
        phone_needs_context=config.phone_needs_context,
        field_names=config.field_names,
        escape_formulas=config.csv.escape_formulas,
        plausible=config.plausible,
        leak_min_length=config.leak_min_length,
        requires_person=config.requires_person,
        laws=tuple(dict.fromkeys(config.laws)),
        protected=protected or config.protected or bool(config.laws),
        overrides=tuple(overrides),
        about=About(**config.about.model_dump()),
        hotwords=tuple(
            _hotword(index, item, default) for index, item in enumerate(config.hotwords)
        ),
        review=tuple(_review(index, item) for index, item in enumerate(config.review)),
        subject=_subject(config.subject, tree),
        on_unsupported_language=config.on_unsupported_language,
        two_person=config.two_person,
        retention=Retention(**config.retention.model_dump()),
        verification=config.verification,
        fingerprints=config.fingerprints,
        metadata=config.metadata,
        codes=dict(config.codes),
        attest=tuple(dict.fromkeys(config.attest)),
    )
    return replace(policy, hash=policy_hash(policy))


def _fill_in_countries(tree: Tree) -> list[tuple[Loc, str]]:
    """The types of the policy's countries beside those it names, also those it names as off."""
    listed, entities = tree.data.get("countries"), tree.data.setdefault("entities", {})
    problems: list[tuple[Loc, str]] = []
    for index, country in enumerate(listed if isinstance(listed, list) else []):
        if not _CODE.match(str(country)) or not isinstance(entities, dict):
            continue  # said by the model
        types = countries.entities_of(country)
        if types is None:
            hint = did_you_mean(country, countries.known())
            known = ", ".join(countries.known())
            problems.append((("countries", index), f"there are no types of this country{hint}; "
                             f"known here: {known}"))  # fmt: skip
        for name in types or ():
            entities.setdefault(name, {})
    return problems


def fill_in_defaults(tree: Tree) -> None:
    """Write out every entity in full, so that its parameters fit its operator's."""
    defaults = tree.data.get("defaults")
    defaults = dict(defaults) if isinstance(defaults, dict) else {}
    defaults.pop("override_reason", None)
    entities = tree.data.get("entities")
    if not isinstance(entities, dict):
        return
    for name, rule in list(entities.items()):
        if rule is False:
            del entities[name]  # switched off
        elif isinstance(rule, dict):
            entities[name] = _over_defaults(rule, defaults)


def _over_defaults(rule: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    usable = dict(defaults)
    if rule.get("operator", defaults.get("operator")) != defaults.get("operator"):
        usable.pop("params", None)
    if rule.get("operator") == "keep" and "verdict" not in rule:
        usable.pop("verdict", None)
    return {**usable, **rule}


def _rule(config: parts.RuleConfig, under: EntityRule | None = None) -> EntityRule:
    """The rule as the engine uses it; what is not said comes from ``under``."""
    under = under or EntityRule()
    operator = config.operator or under.operator
    if config.params is not None or operator != under.operator or not under.params:
        params = PARAMS[operator].model_validate(config.params or {}).model_dump()
    else:
        params = dict(under.params)
    verdict = Verdict(config.verdict) if config.verdict else under.verdict
    if config.operator == "keep":
        verdict = Verdict.KEEP
    elif config.operator and not config.verdict and under.verdict is Verdict.KEEP:
        verdict = Verdict.REDACT  # who names an operator wants it to work
    threshold = getattr(config, "threshold", None)
    priority = getattr(config, "priority", None)
    reason = getattr(config, "reason", None)
    law = getattr(config, "law", None)
    optional = getattr(config, "optional", None)
    return EntityRule(
        verdict=verdict,
        operator="keep" if verdict is Verdict.KEEP else operator,
        params={} if verdict is Verdict.KEEP else params,
        threshold=under.threshold if threshold is None else threshold,
        priority=under.priority if priority is None else priority,
        reason=under.reason if reason is None else reason,
        law=under.law if law is None else law,
        optional=under.optional if optional is None else optional,
    )


def _field_rule(
    index: int,
    config: schema.FieldConfig,
    entities: Mapping[str, EntityRule],
    default: EntityRule,
) -> FieldRule:
    said = (config.operator, config.params, config.verdict, config.reason)
    rule = None
    if any(part is not None for part in said):
        under = entities.get(config.entity, default) if config.entity else default
        rule = _rule(config, under)
    return FieldRule(config.entity, config.name, config.path, rule, f"fields[{index}]")


def _hotword(index: int, config: parts.HotwordConfig, default: EntityRule) -> HotwordRule:
    changes = (("raise", config.raise_), ("lower", config.lower), ("set", config.set))
    change, amount = next(((name, by) for name, by in changes if by is not None), ("", 0.0))
    return HotwordRule(
        id=f"hotwords[{index}]",
        entities=tuple(config.entities),
        words=tuple(config.words or ()),
        pattern=config.pattern,
        before=config.before,
        after=config.after,
        change=change,
        amount=amount,
        verdict=Verdict(config.verdict) if config.verdict else None,
        rule=_rule(config, default) if config.operator else None,
        reason=config.reason or "",
        name=config.name or "",
    )


def _review(index: int, config: parts.ReviewConfig) -> ReviewRule:
    said = config.model_dump()
    return ReviewRule(**{**said, "id": f"review[{index}]", "entities": tuple(config.entities)})


def _subject(config: parts.SubjectConfig, tree: Tree) -> Subject:
    values = [form for name in config.names for form in forms_of_name(name)]
    values += config.values
    if config.file is not None:
        file, line = tree.place(("subject", "file"))
        try:
            listed = look_at(Path(config.file))
        except PolicyError as error:
            raise PolicyError(f"{file}:{line}: {error}") from None
        if not listed.values:
            raise PolicyError(f"{file}:{line}: too many values for one person")
        values += listed.values
    return Subject(tuple(dict.fromkeys(values)), config.reason, config.required)


def _entry(section: str, index: int, config: schema.ListConfig, tree: Tree) -> ListEntry:
    values, path, digest = tuple(config.values or ()), "", ""
    count = len(values)
    if config.file is not None:
        try:
            listed = look_at(Path(config.file))
        except PolicyError as error:
            file, line = tree.place((section, index, "file"))
            raise PolicyError(f"{file}:{line}: {error}") from None
        values, count = listed.values, listed.count
        if not values:
            path, digest = config.file, listed.digest
    if config.fuzzy and section == "allow":
        file, line = tree.place((section, index, "fuzzy"))
        raise PolicyError(f"{file}:{line}: `fuzzy` is for deny entries: allow is exact")
    entity = config.entity
    if section == "deny" and entity is None:
        entity = DENY_ENTITY
    file, line = tree.place((section, index))
    return ListEntry(
        id=f"{section}[{index}]",
        values=values,
        pattern=config.pattern,
        entity=entity,
        ignore_case=config.ignore_case,
        reason=config.reason,
        expires=config.expires.isoformat() if config.expires else "",
        place=f"{file}:{line}",
        fuzzy=bool(config.fuzzy),
        path=path,
        digest=digest,
        count=count,
    )


def _records(index: int, config: schema.RecordsConfig, tree: Tree) -> RecordsEntry:
    try:
        with Path(config.file).open("rb") as source:
            digest = file_digest(source, "sha256").hexdigest()
    except OSError as error:
        file, line = tree.place(("records", index, "file"))
        raise PolicyError(
            f"{file}:{line}: the file of records cannot be read ({error.strerror}): make one with "
            "`redactor records build`"
        ) from None
    return RecordsEntry(
        id=f"records[{index}]",
        path=config.file,
        digest=digest,
        columns=tuple(sorted(config.columns.items())),
        within=config.within,
        at_least=config.at_least,
    )


def _existing(tree: Tree, index: int) -> str:
    path = str(tree.data["recognizers"][index])
    if not Path(path).exists():
        file, line = tree.place(("recognizers", index))
        raise PolicyError(f"{file}:{line}: there is no such recognizer file or folder")
    return path
