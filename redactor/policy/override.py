"""A policy with other model options or further deny lists, as command line and API allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from redactor.errors import PolicyError, UsageError
from redactor.policy.listfile import look_at
from redactor.policy.model import ListEntry, NerOptions, Policy, Subject
from redactor.policy.names import forms_of_name

DENY_ENTITY = "DENY_LIST"  # type of a denied value whose entry names none
MATCHES = ("exact", "ignore-case", "fuzzy")
_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_NAME = re.compile(r"[^\W\d_][^\W\d_.'\u2019-]*(?: [^\W\d_][^\W\d_.'\u2019-]*){1,4}\Z")


def with_ner(
    policy: Policy,
    *,
    use: str | None = None,
    model: str | None = None,
    backend: str | None = None,
) -> Policy:
    """The policy with other model options; its hash then names both.

    Raises:
        UsageError: an option has no such value, or would loosen a protected policy.
    """
    changed: dict[str, Any] = {
        key: value
        for key, value in (("use", use), ("model", model), ("backend", backend))
        if value is not None
    }
    if not changed:
        return policy
    if use not in (None, "auto", "always", "never"):
        raise UsageError(f"ner must be auto, always or never, not {use}")
    if backend not in (None, "onnx", "torch", "spacy"):
        raise UsageError(f"backend must be onnx, torch or spacy, not {backend}")
    ner: NerOptions = replace(policy.ner, **changed)
    if policy.protected:
        _refuse_looser(policy, replace(policy, ner=ner))
    mark = sha256(f"{policy.hash}:{sorted(changed.items())}".encode()).hexdigest()
    return replace(policy, ner=ner, hash=mark)


def _refuse_looser(policy: Policy, changed: Policy) -> None:
    from redactor.policy.order import loosenings  # a start without such a policy needs none

    for found in loosenings(policy, changed):
        raise UsageError(
            f"policy {policy.name} is protected, and this option loosens it "
            f"({found.name}: {found.what}): write a policy that extends it and says why in "
            "`override_reason`"
        )


def with_subject(policy: Policy, values: Sequence[str], reason: str = "") -> Policy:
    """The policy with the person named whose data stays.

    Raises:
        UsageError: the policy has no room for one.
    """
    if not policy.subject.required:
        raise UsageError(
            f"policy {policy.name} keeps nobody's data: a subject needs the preset dsar, or a "
            "policy that extends it"
        )
    known = tuple(dict.fromkeys((*policy.subject.values, *values)))
    subject = Subject(known, reason or policy.subject.reason, True)
    listed = "\0".join(known).encode("utf-8", "surrogatepass")
    mark = sha256(f"{policy.hash}:subject:{sha256(listed).hexdigest()}".encode()).hexdigest()
    return replace(policy, subject=subject, hash=mark)


def read_subject(path: Path) -> list[str]:
    """The subject's own values, one a line (UTF-8); usual forms of names are added.

    A line of two to five words, letters only, is taken for a full name, ``Given Family``.

    Raises:
        UsageError: the file cannot be read, or holds nothing.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the subject file cannot be read ({type(error).__name__})") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise UsageError("the subject file holds no values")
    return [
        form for line in lines for form in (forms_of_name(line) if _NAME.match(line) else [line])
    ]


def with_deny(
    policy: Policy, files: Sequence[str | Path], *, entity: str | None = None, match: str = "exact"
) -> Policy:
    """The policy with further deny lists, one value a line; its hash then names both.

    Args:
        policy: what they are added to.
        files: UTF-8 files.
        entity: type of the hits; ``DENY_LIST`` if missing.
        match: ``exact``; ``ignore-case``; ``fuzzy``: ignoring case, values of five characters
            and more also with one typing mistake.

    Raises:
        UsageError: no such way of matching, or not the name of a type.
        PolicyError: a file cannot be read, or holds no list.
    """
    if not files:
        return policy
    if match not in MATCHES:
        raise UsageError(f"values of a deny list match {', '.join(MATCHES)}, not {match}")
    if entity is not None and not _ENTITY.match(entity):
        raise UsageError("an entity type is written in capitals, digits and _, as EMAIL_ADDRESS")
    entries = []
    for number, file in enumerate(files):
        path = Path(file).resolve()
        try:
            listed = look_at(path)
        except PolicyError as error:
            raise PolicyError(f"{file}: {error}") from None
        entries.append(
            ListEntry(
                id=f"option.deny[{number}]",
                values=listed.values,
                entity=entity or DENY_ENTITY,
                ignore_case=match != "exact",
                fuzzy=match == "fuzzy",
                path="" if listed.values else str(path),
                digest=listed.digest,
                count=listed.count,
            )
        )
    told = [(entry.digest, entry.entity, match) for entry in entries]
    mark = sha256(f"{policy.hash}:deny:{told}".encode()).hexdigest()
    return replace(policy, deny=(*policy.deny, *entries), hash=mark)
