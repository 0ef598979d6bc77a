"""What is wrong with a policy, as sentences with file and line that quote no value."""

from __future__ import annotations

import re
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from redactor.policy import parts, schema
from redactor.policy.laws import LAWS
from redactor.policy.params import PARAMS
from redactor.policy.source import Loc, Tree, did_you_mean

_PARTS: dict[str, type[BaseModel]] = {
    "defaults": schema.DefaultsConfig,
    "entities": schema.EntityConfig,
    "fields": schema.FieldConfig,
    "allow": schema.ListConfig,
    "deny": schema.ListConfig,
    "ner": schema.NerConfig,
    "csv": schema.CsvConfig,
    "records": schema.RecordsConfig,
    "pdf": schema.PdfConfig,
    "office": schema.OfficeConfig,
    "hotwords": parts.HotwordConfig,
    "review": parts.ReviewConfig,
    "subject": parts.SubjectConfig,
    "retention": parts.RetentionConfig,
    "about": parts.AboutConfig,
}
_SECRET = ("allow", "deny", "subject")  # may hold real values anywhere
_WORD = re.compile(r"[\w.-]{1,40}\Z")


def param_problems(tree: Tree) -> list[tuple[Loc, str]]:
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
        elif loc[0] == "hotwords":
            operator = operator or default_operator
        operator = operator or "replace"
        model = PARAMS.get(operator) if isinstance(operator, str) else None
        if model is None or not isinstance(params, dict):
            continue
        try:
            model.model_validate(params)
        except ValidationError as error:
            problems += problems_of(error, (*loc, "params"), tree, model)
    return problems


def law_names(tree: Tree) -> list[tuple[Loc, str]]:
    """Laws that nobody knows."""
    laws = tree.data.get("laws")
    return [
        (("laws", index), f"there is no law {name}{did_you_mean(name, sorted(LAWS))}; known are "
         f"{', '.join(sorted(LAWS))}")
        for index, name in enumerate(laws if isinstance(laws, list) else [])
        if isinstance(name, str) and name not in LAWS
    ]  # fmt: skip


def _rules(tree: Tree) -> list[tuple[Loc, dict[str, Any]]]:
    found: list[tuple[Loc, Any]] = [(("defaults",), tree.data.get("defaults"))]
    entities = tree.data.get("entities")
    if isinstance(entities, dict):
        found += [(("entities", name), rule) for name, rule in entities.items()]
    for section in ("fields", "hotwords"):
        items = tree.data.get(section)
        if isinstance(items, list):
            found += [((section, index), rule) for index, rule in enumerate(items)]
    return [(loc, rule) for loc, rule in found if isinstance(rule, dict)]


def problems_of(
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
    secret = bool(loc) and loc[0] in _SECRET
    name = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        fields = (model or _model_at(loc[:-1])).model_fields
        known = sorted(field.alias or name for name, field in fields.items())
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
    if "[key]" in item["loc"] and loc[0] == "entities":
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
    if loc and loc[0] == "override_reason":
        return list(get_args(schema.Loosened))
    if len(loc) == 2 and loc[0] == "entities":
        return [*PARAMS, "off"]
    owner = model or _model_at(loc[:-1])
    field = owner.model_fields.get(str(loc[-1])) if loc else None
    if field is None:
        return []
    words = get_args(field.annotation)
    nested = [word for part in words for word in get_args(part)]
    return [str(word) for word in nested or words if word is not type(None)]


def message(problems: list[tuple[Loc, str]], tree: Tree) -> str:
    """Problems one a line, by file and line."""
    lines = list(
        dict.fromkeys(
            f"{file}:{line}: {text}"
            for (file, line), text in sorted((tree.place(loc), text) for loc, text in problems)
        )
    )
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"{len(lines)} problems in the policy:", *lines])
