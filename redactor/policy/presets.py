"""The one table of presets, made from what they say about themselves."""

from __future__ import annotations

from collections.abc import Iterable

from redactor.policy.diff import treatment
from redactor.policy.laws import LAWS
from redactor.policy.load import load_policy
from redactor.policy.model import EntityRule, Policy
from redactor.policy.source import presets

DISCLAIMER = "A preset is a start, not legal advice."


def preset_policies() -> list[Policy]:
    """Every preset, loaded, by name."""
    return [load_policy(name) for name in presets()]


def as_markdown() -> str:
    """``docs/presets.md``: the table, then a section for each preset."""
    policies = preset_policies()
    lines = [
        "# Presets",
        "",
        "<!-- made by `redactor policy presets --markdown`; tests compare -->",
        "",
        f"{DISCLAIMER} Each fails closed: what cannot be read or proven clean is withheld.",
        "",
        "| preset | what it is for | law | what a person has to look at | protected |",
        "|---|---|---|---|---|",
        *(_row(policy) for policy in policies),
        "",
        "*Protected* presets can be tightened freely; what a policy that extends one loosens "
        "needs an `override_reason`, which stands in `policy show` and in the audit trail. What "
        "the law forbids outright stays an error. `base`, `logs` and `secrets` are starting "
        "points and free.",
        "",
    ]
    for policy in policies:
        lines += _section(policy)
    return "\n".join(lines).rstrip() + "\n"


def _row(policy: Policy) -> str:
    about = policy.about
    cells = (
        f"[{policy.name}](#{policy.name})",
        about.purpose,
        about.law or "none",
        about.review or "nothing",
        "yes" if policy.protected else "no",
    )
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _section(policy: Policy) -> Iterable[str]:
    about = policy.about
    yield f"## {policy.name}"
    yield ""
    yield f"{policy.description} {about.note}".strip()
    yield ""
    for label, text in (
        ("Law", about.law),
        ("Checked by", ", ".join(LAWS[name].title for name in policy.laws)),
        ("What stays", about.stays),
        ("Metadata", about.metadata),
        ("Review", about.review),
        ("To be confirmed by a person", " ".join(policy.attest)),
    ):
        if text:
            yield f"* **{label}**: {' '.join(text.split())}"
    yield ""
    yield "| entity | what happens | from score | rule |"
    yield "|---|---|---|---|"
    for name, rule in policy.entities.items():
        law = _cell(rule.law or "-")
        yield f"| {name} | {_cell(_treated(rule))} | {rule.threshold:g} | {law} |"
    yield ""


def _treated(rule: EntityRule) -> str:
    code = f", code {rule.reason}" if rule.reason else ""
    return f"`{treatment(rule)}`{code}"
