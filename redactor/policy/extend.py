"""How policies build on each other: ``extends``, what may be loosened, and by whom.

A file over the files it extends is merged as :func:`redactor.policy.source.merge` says. Where
one of those is *protected* (it names ``laws``, says ``protected: true``, or extends such a
policy) two things hold:

* beside other policies it keeps its say: what another one would loosen stays as the protected
  policy has it, in whatever order they stand in ``extends``;
* the file itself may tighten freely; whatever it loosens (:mod:`redactor.policy.order`) needs
  an ``override_reason``, which stands in the policy and in the audit trail.

``base``, ``logs`` and ``secrets`` are not protected: they are starting points.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from redactor.errors import PolicyError
from redactor.policy.build import build, fill_in_defaults
from redactor.policy.laws import breaches
from redactor.policy.model import EntityRule, Override, Policy
from redactor.policy.order import Part, grouped, loosenings, part_name
from redactor.policy.source import (
    MAX_FILES,
    MIN_REASON,
    Loc,
    Place,
    Tree,
    extended,
    find,
    merge,
    read_file,
    take_part,
)

Problem = tuple[Place, str]
_BUILT_IN = EntityRule()
_PASSES = 3  # restoring one part can only make another looser where two guards disagree


@dataclass(frozen=True)
class Chain:
    """A policy file and all that it extends, merged.

    ``files`` are their bytes in the order they were read; ``overrides`` what they loosened
    with a reason, ``problems`` what without; ``unused`` where the first file gives a reason
    that nothing needs.
    """

    tree: Tree
    name: str
    files: tuple[bytes, ...] = ()
    overrides: tuple[Override, ...] = ()
    problems: tuple[Problem, ...] = ()
    protected: bool = False
    unused: tuple[Place, ...] = ()

    def policy(self) -> Policy:
        """The policy, validated; see :func:`redactor.policy.build.build`."""
        tree = Tree(deepcopy(self.tree.data), self.tree.places)
        return build(tree, self.name, self.overrides, protected=self.protected)


def load_chain(path: Path) -> tuple[Chain, Policy]:
    """Read, merge, validate and check by the laws named.

    Raises:
        PolicyError: not valid, loosened without a reason, or against a law it names.
    """
    chain = read_chain(path)
    policy = chain.policy()
    problems = [*chain.problems, *law_problems(chain.tree, policy)]
    if problems:
        lines = list(dict.fromkeys(f"{file}:{line}: {text}" for (file, line), text in problems))
        head = [] if len(lines) == 1 else [f"{len(lines)} problems in the policy:"]
        raise PolicyError("\n".join([*head, *lines]))
    return chain, policy


def law_problems(tree: Tree, policy: Policy) -> list[Problem]:
    """What the policy's laws forbid, with place and citation."""
    return [
        (tree.place(found.part), f"{found.message} [{found.rule}; {found.law}]")
        for found in breaches(policy)
    ]


def read_chain(path: Path) -> Chain:
    """A policy file and, in depth, those it extends, merged; not validated as a whole.

    Raises:
        PolicyError: a file is not valid, or an ``extends`` leads nowhere or in a circle.
    """
    files: list[bytes] = []
    chain = _read(path, (), files)
    return Chain(
        chain.tree, chain.name, tuple(files), chain.overrides, chain.problems, chain.protected,
        chain.unused,
    )  # fmt: skip


def _read(path: Path, above: tuple[Path, ...], files: list[bytes]) -> Chain:
    own, content = read_file(path)
    files.append(content)
    parents = []
    for index, name in enumerate(extended(own)):
        file, line = own.place(
            ("extends", index) if isinstance(own.data["extends"], list) else ("extends",)
        )
        try:
            parent = find(name, path.parent)
        except PolicyError as error:
            raise PolicyError(f"{file}:{line}: {error}") from None
        real, seen = parent.resolve(), (*above, path.resolve())
        if real in seen:
            circle = " -> ".join(item.name for item in (*seen[seen.index(real) :], real))
            raise PolicyError(f"{file}:{line}: policies extend each other in a circle: {circle}")
        if len(files) >= MAX_FILES:
            raise PolicyError(f"{file}:{line}: more than {MAX_FILES} files extend each other")
        parents.append(_read(parent, seen, files))
    protects = own.data.get("protected") is True or bool(own.data.get("laws"))
    if not parents:
        return Chain(own, path.stem, protected=protects, unused=_unused(own, ()))
    guards = [parent for parent in parents if parent.protected]
    merged = merge(_join(parents, guards), own)
    overrides = [override for parent in parents for override in parent.overrides]
    problems = [problem for parent in parents for problem in parent.problems]
    used: list[Loc] = []
    if guards and not problems:
        draft = Chain(merged, path.stem, protected=True).policy()
        for guard in guards:
            before = guard.policy()
            for part, said in grouped(loosenings(before, draft)).items():
                where = _reason_at(own, part)
                what = "; ".join(said)
                if where is not None:
                    used.append(where)
                    reason = _reason(own, where)
                    overrides.append(Override(part_name(part), what, reason, before.name))
                else:
                    problems.append((_blame(own, merged, part), _refusal(part, what, before)))
    return Chain(
        merged,
        path.stem,
        overrides=tuple(dict.fromkeys(overrides)),
        problems=tuple(dict.fromkeys(problems)),
        protected=protects or bool(guards),
        unused=_unused(own, used),
    )


def _join(parents: Sequence[Chain], guards: Sequence[Chain]) -> Tree:
    """The parents over each other, later ones first, but none of the guards loosened."""
    if len(parents) == 1:
        return parents[0].tree
    if not guards:
        joined = parents[0].tree
        for parent in parents[1:]:
            joined = merge(joined, parent.tree)
        return joined
    settled = {id(parent): _settled(parent.tree) for parent in parents}
    joined = settled[id(parents[0])]
    for parent in parents[1:]:
        joined = merge(joined, settled[id(parent)])
    for _ in range(_PASSES):
        changed = False
        for guard in guards:
            draft = Chain(joined, guard.name, protected=True).policy()
            for part in grouped(loosenings(guard.policy(), draft)):
                changed = _restore(joined, settled[id(guard)], part) or changed
        if not changed:
            break
    return joined


def _settled(tree: Tree) -> Tree:
    """The tree with every entity in full, so that other files' defaults do not change it."""
    settled = Tree(deepcopy(tree.data), dict(tree.places))
    switched_off = {
        name: rule for name, rule in (settled.data.get("entities") or {}).items() if rule is False
    }
    own_defaults = settled.data.get("defaults")
    usable = own_defaults if isinstance(own_defaults, dict) else {}
    settled.data["defaults"] = {"operator": "replace", "threshold": _BUILT_IN.threshold, **usable}
    fill_in_defaults(settled)
    if own_defaults is None:
        del settled.data["defaults"]
    else:
        settled.data["defaults"] = own_defaults
    if switched_off:
        settled.data["entities"].update(switched_off)
    return settled


def _restore(joined: Tree, guard: Tree, part: Part) -> bool:
    """Put a guard's say back; False where that is not possible."""
    key = str(part[0])
    if key == "entities":
        now = (joined.data.get("entities") or {}).get(part[1])
        take_part(joined, guard, part)
        rule = joined.data["entities"].get(part[1])
        thresholds = [
            item["threshold"]
            for item in (now, rule)
            if isinstance(item, dict) and isinstance(item.get("threshold"), int | float)
        ]
        if isinstance(rule, dict) and thresholds:
            rule["threshold"] = min(thresholds)
        return True
    if key in ("allow", "deny", "hotwords", "review", "recognizers"):
        return False  # lists add up: what a sibling adds cannot be taken back
    if key == "fields":
        mine = [item for item in guard.data.get("fields", []) if item in joined.data["fields"]]
        rest = [item for item in joined.data["fields"] if item not in mine]
        if joined.data["fields"] == [*mine, *rest]:
            return False
        places = {
            id(item): joined.place(("fields", index))
            for index, item in enumerate(joined.data["fields"])
        }
        joined.data["fields"] = [item for item in joined.data["fields"] if item in mine] + rest
        for index, item in enumerate(joined.data["fields"]):
            joined.places["fields", index] = places[id(item)]
        return True
    take_part(joined, guard, (key,))
    return True


def _reason_at(own: Tree, part: Part) -> Loc | None:
    """Where a file says why it loosens a part; None where it does not."""
    candidates: list[Loc] = [part]
    if part[0] == "allow" and len(part) == 2:
        candidates.append((*part, "reason"))
    if part[0] == "entities" and part[1] not in (own.data.get("entities") or {}):
        candidates.append(("defaults",))
    candidates += [(part[0],), ("override_reason", part[0])]
    return next((loc for loc in candidates if _reason(own, loc)), None)


def _reason(own: Tree, loc: Loc) -> str:
    if len(loc) == 3 and loc[0] == "allow":
        entries = own.data.get("allow")
        index = loc[1]
        if isinstance(entries, list) and isinstance(index, int) and index < len(entries):
            reason = entries[index].get("reason") if isinstance(entries[index], dict) else None
            if isinstance(reason, str) and len(reason.strip()) >= MIN_REASON:
                return reason.strip()
        return ""
    return own.reasons.get(loc, "")


def _blame(own: Tree, merged: Tree, part: Part) -> Place:
    """The line that loosens a part."""
    replaced = own.data.get("replace")
    candidates: list[Loc] = [part]
    if part[0] == "entities":
        candidates.append(("defaults",))
    if isinstance(replaced, list) and part[0] in replaced:
        candidates.append(("replace",))
    candidates.append((part[0],))
    for loc in candidates:
        if loc in own.places:
            return own.places[loc]
    return merged.place(part)


def _refusal(part: Part, what: str, before: Policy) -> str:
    here = part[0] in ("entities", "fields", "allow", "hotwords") and len(part) == 2
    where = "`override_reason` beside it" if here else f"`override_reason: {{{part[0]}: ...}}`"
    return (
        f"{part_name(part)}: {what}: looser than {before.name}, which is protected; say why in "
        f"{where} (at least {MIN_REASON} characters), or leave it as it is"
    )


def _unused(own: Tree, used: Sequence[Loc]) -> tuple[Place, ...]:
    return tuple(sorted({own.place(loc) for loc in own.reasons if loc not in used}))
