"""Policy files -> one merged tree, with the file and line of everything in it.

Merging, child over parent: a key of the child wins; mappings are merged key by key; the
lists ``fields``, ``allow``, ``deny``, ``records``, ``recognizers``, ``languages``,
``countries``, ``hotwords``, ``review``, ``laws`` and ``attest`` are added up, the child's
entries first; sections named in ``replace`` start empty. An entity that names an operator of
its own does not take over its parent's parameters for another operator. ``name``,
``description``, ``about``, ``extends`` and ``override_reason`` are each file's own. How files
extend each other: :mod:`redactor.policy.extend`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from redactor.errors import PolicyError

MAX_BYTES = 1 << 20  # of a policy file; long lists belong into files of their own
_MAX_NODES = 200_000  # aliases of aliases can make a small file enormous
_MAX_DEPTH = 32
MIN_REASON = 10  # characters of an override_reason
MAX_FILES = 64  # of one chain; files that extend two others each grow beyond bounds
_LISTS = (
    "fields", "allow", "deny", "records", "recognizers", "languages", "countries", "hotwords",
    "review", "laws", "attest",
)  # fmt: skip
_OWN = ("name", "description", "about", "extends", "replace", "override_reason")

Place = tuple[str, int]  # file as the user knows it, 1-based line
Loc = tuple[str | int, ...]


@dataclass
class Tree:
    """Plain data of one or more files, and where each part of it stands.

    ``reasons`` are the usable override reasons of one file, by the part they stand in.
    """

    data: dict[str, Any]
    places: dict[Loc, Place] = field(default_factory=dict)
    reasons: dict[Loc, str] = field(default_factory=dict)

    def place(self, loc: Loc) -> Place:
        """File and line of ``loc``, or of the nearest part around it."""
        while loc not in self.places and loc:
            loc = loc[:-1]
        return self.places.get(loc, ("policy", 1))


def preset_folder() -> Path:
    """Where the presets are: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_data" / "policies"
    return shipped if shipped.is_dir() else package.parent / "policies"


def presets() -> list[str]:
    """Names of the presets, sorted."""
    return sorted(path.stem for path in preset_folder().glob("*.yaml"))


def find(name: str, beside: Path | None = None) -> Path:
    """The file of a preset name or of a path (relative ones to the folder ``beside``).

    Raises:
        PolicyError: there is none.
    """
    if "/" not in name and "\\" not in name and not name.endswith((".yaml", ".yml")):
        path = preset_folder() / f"{name}.yaml"
        if path.is_file():
            return path
        raise PolicyError(
            f"there is no preset named {name}{did_you_mean(name, presets())}: the presets are "
            f"{', '.join(presets())}; a policy file's name ends in .yaml"
        )
    path = Path(name) if beside is None else beside / name
    if not path.is_file():
        raise PolicyError(f"there is no policy file {name}")
    return path


def did_you_mean(word: str, known: Iterator[str] | list[str]) -> str:
    """``, did you mean ...?`` or nothing."""
    import difflib  # only where something is wrong already

    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def read_bytes(path: Path) -> bytes:
    """A policy file's bytes.

    Raises:
        PolicyError: it cannot be read, or is too large to be a policy.
    """
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        raise PolicyError(f"{path}:1: too large for a policy; put long lists into `file:` entries")
    return data


def read_file(path: Path) -> tuple[Tree, bytes]:
    """One policy file, paths made absolute and short forms written out; and its bytes.

    Raises:
        PolicyError: not YAML, not a mapping, too large or not readable.
    """
    content = read_bytes(path)
    own = parse(content, path)
    _note_reasons(own)
    _expand_short_forms(own)
    _anchor_paths(own, path.parent)
    return own, content


def extended(own: Tree) -> list[str]:
    """Names and paths that a file extends.

    Raises:
        PolicyError: `extends` holds something else.
    """
    extends = own.data.get("extends", [])
    names = [extends] if isinstance(extends, str) else extends
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        file, line = own.place(("extends",))
        raise PolicyError(f"{file}:{line}: `extends` needs preset names or paths")
    return names


def merge(parent: Tree, child: Tree) -> Tree:
    """The child over its parent; see the module's docstring."""
    replaced = child.data.get("replace", [])
    replaced = replaced if isinstance(replaced, list) else []
    skipped = {*_OWN, *(name for name in replaced if isinstance(name, str))}
    merged = Tree(deepcopy(child.data), dict(child.places))
    if parent.data.get("protected") is True and "protected" in child.data:
        merged.data["protected"] = True
    for key, theirs in parent.data.items():
        if key in skipped:
            continue
        if key not in child.data:
            _take(merged, parent, (key,), theirs)
            continue
        ours = merged.data[key]
        if key in _LISTS and isinstance(ours, list) and isinstance(theirs, list):
            merged.data[key] = [*ours, *deepcopy(theirs)]
            for index, item in enumerate(theirs):
                _copy_places(merged, parent, (key, index), (key, len(ours) + index), item)
        elif isinstance(ours, dict) and isinstance(theirs, dict):
            merged.data[key] = _merge_mapping(merged, parent, (key,), ours, theirs)
    return merged


def _merge_mapping(
    merged: Tree, parent: Tree, loc: Loc, ours: dict[str, Any], theirs: dict[str, Any]
) -> dict[str, Any]:
    result = dict(ours)
    own_operator = "operator" in ours and ours["operator"] != theirs.get("operator")
    for key, value in theirs.items():
        if key == "override_reason" or (key == "params" and own_operator):
            continue  # a reason speaks of the file it stands in
        if key not in result:
            result[key] = deepcopy(value)
            _copy_places(merged, parent, (*loc, key), (*loc, key), value)
        elif isinstance(result[key], dict) and isinstance(value, dict):
            result[key] = _merge_mapping(merged, parent, (*loc, key), result[key], value)
    return result


def take_part(target: Tree, source: Tree, loc: Loc) -> None:
    """Put what stands at ``loc`` (one or two keys deep, in mappings) of one tree into another."""
    node, into = source.data, target.data
    for key in loc[:-1]:
        node = node[str(key)]
        into = into.setdefault(str(key), {})
    last = str(loc[-1])
    if last in node:
        into[last] = deepcopy(node[last])
        _copy_places(target, source, loc, loc, node[last])
    else:
        into.pop(last, None)


def _take(merged: Tree, parent: Tree, loc: Loc, value: Any) -> None:
    merged.data[str(loc[0])] = deepcopy(value)
    _copy_places(merged, parent, loc, loc, value)


def _copy_places(merged: Tree, parent: Tree, source: Loc, target: Loc, value: Any) -> None:
    if source in parent.places:
        merged.places[target] = parent.places[source]
    if isinstance(value, dict):
        for key, item in value.items():
            _copy_places(merged, parent, (*source, key), (*target, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _copy_places(merged, parent, (*source, index), (*target, index), item)


def _note_reasons(tree: Tree) -> None:
    """Collect the override reasons of entities, list items, ``ner`` and ``defaults``."""
    data = tree.data
    parts: list[tuple[Loc, Any]] = [((key,), data.get(key)) for key in ("ner", "defaults")]
    entities = data.get("entities")
    if isinstance(entities, dict):
        parts += [(("entities", name), rule) for name, rule in entities.items()]
    for key in ("fields", "allow", "hotwords"):
        items = data.get(key)
        if isinstance(items, list):
            parts += [((key, index), item) for index, item in enumerate(items)]
    found = [(loc, part.get("override_reason")) for loc, part in parts if isinstance(part, dict)]
    whole = data.get("override_reason")
    if isinstance(whole, dict):
        found += [(("override_reason", key), reason) for key, reason in whole.items()]
    tree.reasons = {
        loc: reason.strip()
        for loc, reason in found
        if isinstance(reason, str) and len(reason.strip()) >= MIN_REASON
    }


def _expand_short_forms(tree: Tree) -> None:
    """``PHONE: mask`` and ``PHONE: off`` in full, so that merging sees one form."""
    entities = tree.data.get("entities")
    if not isinstance(entities, dict):
        return
    for name, value in entities.items():
        if value == "off":
            entities[name] = False
        elif isinstance(value, str):
            entities[name] = {"operator": value}
        elif value is None:
            entities[name] = {}  # `PHONE:` with nothing behind it: as the defaults say
        elif isinstance(value, dict) and value.get("enabled") is False:
            entities[name] = False
        elif isinstance(value, dict) and value.get("enabled") is True:
            del value["enabled"]


def _anchor_paths(tree: Tree, folder: Path) -> None:
    """Paths are relative to the file they stand in: make them absolute before merging."""
    recognizers = tree.data.get("recognizers")
    if isinstance(recognizers, list):
        tree.data["recognizers"] = [
            str((folder / item).resolve()) if isinstance(item, str) and item else item
            for item in recognizers
        ]
    for section in ("allow", "deny", "records"):
        entries = tree.data.get(section)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("file"), str) and entry["file"]:
                entry["file"] = str((folder / entry["file"]).resolve())
    subject = tree.data.get("subject")
    if isinstance(subject, dict) and isinstance(subject.get("file"), str) and subject["file"]:
        subject["file"] = str((folder / subject["file"]).resolve())
    ner = tree.data.get("ner")
    if isinstance(ner, dict) and str(ner.get("model", "")).startswith(("./", "../")):
        ner["model"] = str((folder / ner["model"]).resolve())


def parse(content: bytes, path: Path) -> Tree:
    """YAML 1.2 (``no`` and ``off`` are words) as plain data with line numbers.

    Raises:
        PolicyError: not YAML, not a mapping, or nested or repeated beyond reason.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = content.decode("utf-8-sig")
        loaded = YAML(typ="rt").load(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError(f"{path}:{line}: not UTF-8: save the file as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        duplicate = isinstance(error, DuplicateKeyError)  # its message quotes values
        problem = "a key stands here twice" if duplicate else f"not valid YAML: {error.problem}"
        raise PolicyError(f"{path}:{line}: {problem}") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(f"{path}:1: not valid YAML ({type(error).__name__})") from None
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, Mapping):
        raise PolicyError(f"{path}:1: this is no mapping of keys to values")
    tree = Tree({})
    tree.places[()] = (str(path), 1)
    tree.data = _plain(loaded, (), tree, str(path), [_MAX_NODES])
    return tree


def _plain(node: Any, loc: Loc, tree: Tree, file: str, left: list[int]) -> Any:
    """Ruamel's nodes as plain dicts, lists and scalars; notes the line of each."""
    left[0] -= 1
    line = tree.place(loc)[1]
    if left[0] < 0 or len(loc) > _MAX_DEPTH:
        raise PolicyError(f"{file}:{line}: nested too deeply or repeated too often")
    if isinstance(node, Mapping | list) and getattr(getattr(node, "tag", None), "value", None):
        raise PolicyError(f"{file}:{line}: tags (!...) have no meaning here")
    if isinstance(node, Mapping):
        result: dict[str, Any] = {}
        for key, value in node.items():
            if not isinstance(key, str):
                raise PolicyError(f"{file}:{line}: keys must be text; put this one in quotes")
            inner = (*loc, str(key))
            tree.places[inner] = (file, _line(node, key, line))
            result[str(key)] = _plain(value, inner, tree, file, left)
        return result
    if isinstance(node, list):
        items = []
        for index, value in enumerate(node):
            inner = (*loc, index)
            tree.places[inner] = (file, _line(node, index, line))
            items.append(_plain(value, inner, tree, file, left))
        return items
    for kind in (bool, str, int, float):
        if isinstance(node, kind):
            return kind(node)
    if type(node).__name__ == "ScalarBoolean":
        return bool(node)
    if node is None or (isinstance(node, date) and not isinstance(node, datetime)):
        return node
    raise PolicyError(f"{file}:{line}: this kind of value has no meaning here; put it in quotes")


def _line(node: Any, key: str | int, default: int) -> int:
    """1-based line of a mapping's key or a list's item; merged-in keys have none."""
    try:
        place = node.lc.key(key) if isinstance(key, str) else node.lc.item(key)
    except (AttributeError, KeyError, TypeError, IndexError):
        return default
    return default if place is None else int(place[0]) + 1
