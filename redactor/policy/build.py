"""Merged tree -> validated policy, or every problem in it with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from redactor.errors import PolicyError
from redactor.policy import schema
from redactor.policy.encode import policy_hash
from redactor.policy.model import EntityRule, FieldRule, ListEntry, NerOptions, Policy
from redactor.policy.params import PARAMS
from redactor.policy.source import Loc, Tree, did_you_mean
from redactor.values import Verdict

_PARTS: dict[str, type[BaseModel]] = {
    "defaults": schema.DefaultsConfig,
    "entities": schema.EntityConfig,
    "fields": schema.FieldConfig,
    "allow": schema.ListConfig,
    "deny": schema.ListConfig,
    "ner": schema.NerConfig,
}
_WORD = re.compile(r"[\w.-]{1,40}\Z")
DENY_ENTITY = "DENY_LIST"  # type of a denied value whose entry names none


def build(tree: Tree, fallback_name: str) -> Policy:
    """Validate a merged tree.

    Raises:
        PolicyError: all problems at once, one a line, as ``file:line: what``.
    """
    _fill_in_defaults(tree)
    problems: list[tuple[Loc, str]] = []
    config: schema.PolicyFile | None = None
    try:
        config = schema.PolicyFile.model_validate(tree.data)
    except ValidationError as error:
        problems += _problems(error, (), tree)
    problems += _param_problems(tree)
    if config is None or problems:
        raise PolicyError(_message(problems, tree))
    default = _rule(config.defaults)
    entities = {name: _rule(item) for name, item in sorted(config.entities.items())}
    policy = Policy(
        name=config.name or fallback_name,
        hash="",
        language=config.language,
        description=config.description,
        entities=entities,
        default=default,
        fields=tuple(
            _field_rule(index, item, entities, default) for index, item in enumerate(config.fields)
        ),
        allow=tuple(_entry("allow", i, item, tree) for i, item in enumerate(config.allow)),
        deny=tuple(_entry("deny", i, item, tree) for i, item in enumerate(config.deny)),
        ner=NerOptions(**config.ner.model_dump()),
        recognizers=tuple(_existing(tree, index) for index in range(len(config.recognizers))),
        propagate=config.propagate,
        phone_needs_context=config.phone_needs_context,
        plausible=config.plausible,
        leak_min_length=config.leak_min_length,
        requires_person=config.requires_person,
    )
    return replace(policy, hash=policy_hash(policy))


def _fill_in_defaults(tree: Tree) -> None:
    """Every entity in full, so that its parameters can be checked against its operator."""
    defaults = tree.data.get("defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
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


def _rule(config: schema.RuleConfig, under: EntityRule | None = None) -> EntityRule:
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
    return EntityRule(
        verdict=verdict,
        operator="keep" if verdict is Verdict.KEEP else operator,
        params={} if verdict is Verdict.KEEP else params,
        threshold=under.threshold if threshold is None else threshold,
        priority=under.priority if priority is None else priority,
        reason=under.reason if reason is None else reason,
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


def _entry(section: str, index: int, config: schema.ListConfig, tree: Tree) -> ListEntry:
    values = tuple(config.values or ())
    if config.file is not None:
        values = _read_values(Path(config.file), tree, (section, index, "file"))
    entity = config.entity
    if section == "deny" and entity is None:
        entity = DENY_ENTITY
    return ListEntry(
        id=f"{section}[{index}]",
        values=values,
        pattern=config.pattern,
        entity=entity,
        ignore_case=config.ignore_case,
        reason=config.reason,
        expires=config.expires.isoformat() if config.expires else "",
    )


def _read_values(path: Path, tree: Tree, loc: Loc) -> tuple[str, ...]:
    file, line = tree.place(loc)
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise PolicyError(
            f"{file}:{line}: the list file cannot be read ({error.strerror})"
        ) from None
    except UnicodeDecodeError:
        raise PolicyError(f"{file}:{line}: the list file is not UTF-8") from None
    values = tuple(dict.fromkeys(item.strip() for item in text.split("\n") if item.strip()))
    if not values:
        raise PolicyError(f"{file}:{line}: the list file holds no values")
    return values


def _existing(tree: Tree, index: int) -> str:
    path = str(tree.data["recognizers"][index])
    if not Path(path).exists():
        file, line = tree.place(("recognizers", index))
        raise PolicyError(f"{file}:{line}: there is no such recognizer file or folder")
    return path


def _param_problems(tree: Tree) -> list[tuple[Loc, str]]:
    """Parameters that their operator does not know or take."""
    problems: list[tuple[Loc, str]] = []
    defaults = tree.data.get("defaults")
    default_operator = defaults.get("operator") if isinstance(defaults, dict) else None
    for loc, rule in _rules(tree):
        params, operator = rule.get("params"), rule.get("operator")
        if loc[0] == "fields":
            entity = (tree.data.get("entities") or {}).get(rule.get("entity"))
            inherited = entity.get("operator") if isinstance(entity, dict) else default_operator
            operator = operator or inherited
        operator = operator or "replace"
        model = PARAMS.get(operator) if isinstance(operator, str) else None
        if model is None or not isinstance(params, dict):
            continue
        try:
            model.model_validate(params)
        except ValidationError as error:
            problems += _problems(error, (*loc, "params"), tree, model)
    return problems


def _rules(tree: Tree) -> list[tuple[Loc, dict[str, Any]]]:
    found: list[tuple[Loc, Any]] = [(("defaults",), tree.data.get("defaults"))]
    entities = tree.data.get("entities")
    if isinstance(entities, dict):
        found += [(("entities", name), rule) for name, rule in entities.items()]
    fields = tree.data.get("fields")
    if isinstance(fields, list):
        found += [(("fields", index), rule) for index, rule in enumerate(fields)]
    return [(loc, rule) for loc, rule in found if isinstance(rule, dict)]


def _problems(
    error: ValidationError, under: Loc, tree: Tree, model: type[BaseModel] | None = None
) -> list[tuple[Loc, str]]:
    """Pydantic's errors as (where, sentence); never the value itself."""
    found: list[tuple[Loc, str]] = []
    for item in error.errors(include_url=False, include_context=False):
        loc = (*under, *_own_loc(item["loc"], tree, under))
        found.append((loc, _sentence(item, loc, model)))
    return found


def _own_loc(loc: tuple[int | str, ...], tree: Tree, under: Loc) -> Loc:
    """Pydantic's location without the names it adds for the branches of a union."""
    node: Any = tree.data
    for part in under:
        node = node[part]
    kept: list[str | int] = []
    for position, part in enumerate(loc):
        inside = (isinstance(node, dict) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        )
        if inside:
            node = node[part]
            kept.append(part)
        elif position == len(loc) - 1 and part != "[key]" and isinstance(node, dict):
            kept.append(part)  # a key that is missing
    return tuple(kept)


def _sentence(item: Any, loc: Loc, model: type[BaseModel] | None) -> str:
    kind = item["type"]
    secret = bool(loc) and loc[0] in ("allow", "deny")  # may hold real values anywhere
    name = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        known = sorted((model or _model_at(loc[:-1])).model_fields)
        hint = did_you_mean(name, known)
        said = f" {name}" if _WORD.match(name) and (hint or not secret) else ""
        return f"unknown key{said}{hint or '; known here: ' + (', '.join(known) or 'none')}"
    if kind == "literal_error":
        known = _words_at(loc, model)
        given = item["input"]
        hint = did_you_mean(given, known) if isinstance(given, str) else ""
        where = f"`{name}` " if isinstance(loc[-1] if loc else 0, str) else ""
        return f"{where}must be one of {', '.join(known)}{hint}"
    if kind == "string_type":
        return "this must be text: put it in quotes"
    if kind == "model_type":
        return f"`{name}` needs keys and values"
    text = str(item["msg"]).removeprefix("Value error, ")
    text = text[:1].lower() + text[1:]
    if "[key]" in item["loc"]:
        return "an entity type is written in capitals, digits and _, as EMAIL_ADDRESS"
    return text if kind == "value_error" or not isinstance(loc[-1], str) else f"`{name}`: {text}"


def _model_at(loc: Loc) -> type[BaseModel]:
    if loc and isinstance(loc[0], str) and loc[0] in _PARTS:
        return _PARTS[loc[0]]
    return schema.PolicyFile


def _words_at(loc: Loc, model: type[BaseModel] | None) -> list[str]:
    """The words allowed at a place whose type is a Literal."""
    if loc and loc[0] == "replace":
        return list(get_args(schema.Section))
    if len(loc) == 2 and loc[0] == "entities":
        return [*PARAMS, "off"]
    owner = model or _model_at(loc[:-1])
    field = owner.model_fields.get(str(loc[-1])) if loc else None
    if field is None:
        return []
    words = get_args(field.annotation)
    nested = [word for part in words for word in get_args(part)]
    return [str(word) for word in nested or words if word is not type(None)]


def _message(problems: list[tuple[Loc, str]], tree: Tree) -> str:
    lines = list(
        dict.fromkeys(
            f"{file}:{line}: {text}"
            for (file, line), text in sorted((tree.place(loc), text) for loc, text in problems)
        )
    )
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"{len(lines)} problems in the policy:", *lines])
