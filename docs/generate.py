"""Reference pages out of the code: a page for each recognizer, operator and preset.

    python docs/generate.py            write docs/reference/
    python docs/generate.py --check    exit 1 where a page is missing, old or too many

A page says what the code says; nothing here is written by hand but the frames.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

TARGET = Path(__file__).parent / "reference"
_HOW = {
    "patterns": "the patterns' own regular expressions, then the check",
    "iban": "the patterns, shortened group by group until the check digits fit",
    "url": "the patterns, where the host ends in a public top-level domain",
    "phone": "libphonenumber",
    "python": "the recognizer's own Python class (needs the `presidio` extra)",
}
_EXAMPLES: Mapping[str, Sequence[tuple[str, str, dict[str, Any]]]] = {
    "redact": [("Ann Lee", "PERSON", {})],
    "replace": [("Ann Lee", "PERSON", {"new_value": "<{entity}>"})],
    "mask": [("4111 1111 1111 1111", "CREDIT_CARD", {"keep_last": 4})],
    "generalize": [("1985-02-03", "DATE_OF_BIRTH", {"as_of": 2026})],
    "initials": [("Jane Ann Doe", "PERSON", {})],
}

_PROTECTED = "yes: loosening it needs an `override_reason`"


def pages() -> dict[str, str]:
    """Path below the target folder -> content of the page."""
    made: dict[str, str] = {}
    for kind, entries in (
        ("recognizers", _recognizers()), ("operators", _operators()), ("presets", _presets()),
    ):  # fmt: skip
        listed = []
        for name, summary, content in entries:
            made[f"{kind}/{name}.md"] = content
            listed.append(f"| [{name}]({kind}/{name}.md) | {_cell(summary)} |")
        made[f"{kind}.md"] = (
            f"# {kind.capitalize()}\n\nMade by `python docs/generate.py`; do not edit.\n\n"
            f"| name | what |\n|---|---|\n" + "\n".join(listed) + "\n"
        )
    return made


def _recognizers() -> Iterator[tuple[str, str, str]]:
    from redactor.detection.rules import shipped_table

    uses = _uses()
    by_name: dict[str, list[Any]] = {}
    for rule in shipped_table().rules:
        by_name.setdefault(rule.name, []).append(rule)
    for name, rules in sorted(by_name.items()):
        entities = sorted({rule.entity for rule in rules})
        lines = [f"# {name}", "", f"Finds **{', '.join(entities)}**.", ""]
        for rule in rules:
            if len(rules) > 1:
                lines += [f"## {rule.entity}, language {rule.language}", ""]
            lines += _rule_lines(rule)
        presets = sorted({preset for entity in entities for preset in uses.get(entity, ())})
        told = (
            ", ".join(f"[{p}](../presets/{p}.md)" for p in presets) or "none; name it in a policy"
        )
        lines += [f"Presets that look for it: {told}", ""]
        yield name, ", ".join(entities), "\n".join(lines)


def _rule_lines(rule: Any) -> list[str]:
    where = "Presidio's predefined recognizers" if rule.source == "presidio" else (
        f"`recognizers/{rule.source.removeprefix('redactor/')}.yaml`, with the source of the format"
    )  # fmt: skip
    facts = [
        ("comes from", where),
        ("language", rule.language),
        ("country", getattr(rule, "country", "") or "any"),
        ("confirmed by", _HOW[rule.kind]),
        ("check that makes a hit certain", f"`{rule.validator}`" if rule.validator else "none"),
        ("check that drops a hit", f"`{rule.invalidator}`" if rule.invalidator else "none"),
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {_cell(value)} |" for name, value in facts), ""]
    if rule.patterns:
        lines += ["| pattern | score before context and check |", "|---|---|"]
        lines += [f"| {_cell(p.name)} | {p.score:g} |" for p in rule.patterns]
        lines += [""]
    if rule.context:
        words = ", ".join(_cell(word) for word in rule.context)
        lines += [f"Context words (each adds 0.35, up to at least 0.4): {words}", ""]
    return lines


def _operators() -> Iterator[tuple[str, str, str]]:
    from redactor.masking.masker import OPERATORS, REVERSIBLE
    from redactor.policy.params import PARAMS

    for name, model in PARAMS.items():
        function = OPERATORS.get(name)
        summary = "leave the text as it is; the decision is recorded"
        lines = [f"# {name}", ""]
        if function is not None:
            summary = _summary(name, sys.modules[function.__module__].__doc__ or "")
            lines += [_doc(function.__doc__ or ""), ""]
        lines[2:2] = [f"{summary[:1].upper()}{summary[1:]}.", ""]
        fields = model.model_fields
        if fields:
            lines += ["| parameter | default | values | what |", "|---|---|---|---|"]
            lines += [
                f"| {key} | {_cell(repr(field.default))} | {_cell(_values(field.annotation))} | "
                f"{_cell(field.description or '')} |"
                for key, field in fields.items()
            ]
        else:
            lines += ["It takes no parameters."]
        lines += [
            "",
            f"Can be undone by `redactor restore`: {'yes' if name in REVERSIBLE else 'no'}.",
        ]
        lines += ["", *_example(name, function)]
        yield name, summary, "\n".join(lines).rstrip() + "\n"


def _example(name: str, function: Callable[..., str] | None) -> list[str]:
    from redactor.masking.keyed import Keyed
    from redactor.policy.params import PARAMS

    lines = []
    for text, entity, params in _EXAMPLES.get(name, ()):
        assert function is not None
        full = PARAMS[name].model_validate(params).model_dump()
        made = function(text, entity, full, Keyed(_no_key, "document"))
        lines.append(f"Example: `{text}` ({entity}) becomes `{made}`." if made else
                     f"Example: `{text}` ({entity}) becomes nothing.")  # fmt: skip
    return lines


def _no_key(name: str) -> Any:
    raise AssertionError(f"an example must not need the key {name}")


def _presets() -> Iterator[tuple[str, str, str]]:
    from redactor.policy import load_policy
    from redactor.policy.source import presets

    for name in presets():
        policy = load_policy(name)
        about = policy.about
        lines = [f"# {name}", "", policy.description, ""]
        for label in ("purpose", "law", "stays", "metadata", "review", "note"):
            value = getattr(about, label, "")
            if value:
                lines.append(f"* **{label}**: {value}")
        lines += [
            f"* **protected**: {_PROTECTED if policy.protected else 'no'}",
            f"* **a person has to decide**: {'yes' if policy.requires_person else 'no'}",
            f"* **model**: {policy.ner.use}",
            "", "| entity | verdict | operator | parameters | least score | reason or law |",
            "|---|---|---|---|---|---|",
        ]  # fmt: skip
        for entity, rule in policy.entities.items():
            params = ", ".join(
                f"{key} {value}" for key, value in rule.params.items() if value != ""
            )
            why = " ".join(filter(None, (rule.reason, getattr(rule, "law", ""))))
            lines.append(
                f"| {entity} | {rule.verdict} "
                f"| [{rule.operator}](../operators/{rule.operator}.md) | "
                f"{_cell(params)} | {rule.threshold:g} | {_cell(why)} |"
            )
        yield name, policy.description, "\n".join(lines) + "\n"


def _uses() -> dict[str, list[str]]:
    from redactor.policy import load_policy
    from redactor.policy.source import presets

    found: dict[str, list[str]] = {}
    for name in presets():
        for entity in load_policy(name).entities:
            found.setdefault(entity, []).append(name)
    return found


def _summary(name: str, doc: str) -> str:
    """The sentence that a module's first line says of the operator."""
    first = doc.strip().split("\n")[0]
    match = re.search(rf"(?:^|\. ){name}: (.+?)(?:\. \w+: |\.?$)", first)
    return match[1] if match else first.rstrip(".")


def _doc(text: str) -> str:
    """A docstring without its sections on arguments and errors."""
    body = re.split(r"\n\s*(?:Args|Raises|Returns):", text)[0]
    return "\n".join(line.strip() for line in body.strip().splitlines())


def _values(annotation: Any) -> str:
    words = [word for word in get_args(annotation) if isinstance(word, str)]
    if words:
        return ", ".join(words)
    name = getattr(annotation, "__name__", None)
    return name or re.sub(r"\btyping\.|Annotated\[(\w+).*\]", r"\1", str(annotation))


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wanted = pages()
    there = {str(p.relative_to(TARGET)): p for p in TARGET.rglob("*.md")}
    wrong = sorted(there.keys() - wanted.keys())
    wrong += [
        name for name, content in wanted.items()
        if name not in there or there[name].read_text("utf-8") != content
    ]  # fmt: skip
    if check:
        for name in wrong:
            print(f"docs/reference/{name} is not what the code says: python docs/generate.py")
        return 1 if wrong else 0
    for name in there.keys() - wanted.keys():
        there[name].unlink()
    for name, content in wanted.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    print(f"{len(wanted)} pages, {len(wrong)} changed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
