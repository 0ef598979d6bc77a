"""Tracked changes accepted or rejected, all of them, before anything is looked for.

Markup that no change touches is put together again from the very text that it was read from.
A deleted (or, when rejecting, inserted) paragraph mark joins its paragraph to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from redactor.errors import UnreadableError, WithheldError
from redactor.formats.office import markup, members
from redactor.formats.office.names import prefix_of
from redactor.formats.office.package import Package

_WRAPPERS = {"ins": "in", "moveTo": "in", "del": "out", "moveFrom": "out"}
_RANGES = frozenset(
    """
    moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart
    customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart
    customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd numberingChange
    cellMerge
    """.split()
)
_OLD_PROPERTIES = frozenset(
    """
    rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tcPrChange trPrChange tblGridChange
    """.split()
)
# Children of a properties element that its tracked old version does not speak of.
_BESIDE = frozenset("rPr sectPr headerReference footerReference ins del cellIns cellDel".split())
_PROPERTIES = frozenset("rPr trPr tcPr".split())
_MARKS = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "Change")


@dataclass(slots=True)
class _Node:
    """An element as spelt; ``name`` is its local name if it is WordprocessingML, else ""."""

    name: str
    open: str
    close: str = ""
    children: list[_Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[_Node]:
        return (child for child in self.children if isinstance(child, _Node))

    def find(self, *names: str) -> _Node | None:
        """Follow child names down."""
        node: _Node | None = self
        for name in names:
            node = next((c for c in node.elements() if c.name == name), None) if node else None
        return node


def settle(package: Package) -> None:
    """Accept or reject all changes of a package, as its options say.

    Raises:
        WithheldError: rejecting is asked of a format for which it is not possible.
    """
    accept = package.options.changes == "accept"
    for name in package.names:
        if package.kind_of(name) != members.XML or name.endswith(".rels"):
            continue
        text, spelling = package.text(name)
        if package.opendocument:
            new = _accept_opendocument(text, accept)
        elif any(mark in text for mark in _MARKS):
            new = settle_text(text, accept=accept)
        else:
            continue
        if new != text:
            package.changed[name] = spelling.encode(new)


def settle_text(text: str, *, accept: bool) -> str:
    """One part of a Word document with its changes settled."""
    root = _parse(text)
    _walk(root, accept)
    return _render(root)


def _parse(text: str) -> _Node:
    root = _Node("", "")
    stack = [root]
    scopes: list[dict[str, str]] = [{}]
    for match in markup.TOKEN.finditer(text):
        raw = match[0]
        if match[2] is None:
            stack[-1].children.append(raw)
        elif match[1]:
            stack.pop().close = raw
            scopes.pop()
        else:
            scope = scopes[-1]
            if "xmlns" in match[3]:
                scope = dict(scope)
                for place in markup.attributes(match[3], match.start(3)):
                    if place.name.startswith("xmlns"):
                        scope[place.name[6:]] = text[place.start : place.end]
            prefix, _, local = match[2].rpartition(":")
            own = prefix_of(scope.get(prefix, "")) == "w"
            node = _Node(local if own else "", raw)
            stack[-1].children.append(node)
            if not match[4]:
                if len(stack) > markup.MAX_DEPTH:
                    raise UnreadableError("a part nests too deeply: taken for an attack")
                stack.append(node)
                scopes.append(scope)
    return root


def _render(node: _Node) -> str:
    pieces: list[str] = []

    def add(part: _Node | str) -> None:
        if isinstance(part, str):
            pieces.append(part)
            return
        pieces.append(part.open)
        for child in part.children:
            add(child)
        pieces.append(part.close)

    add(node)
    return "".join(pieces)


def _walk(node: _Node, accept: bool) -> None:
    gone = "out" if accept else "in"
    kept: list[_Node | str] = []
    pending: list[_Node | str] = []  # runs of a paragraph whose mark is gone
    for at, child in enumerate(node.children):
        if isinstance(child, str):
            kept.append(child)
            continue
        name = child.name
        side = _WRAPPERS.get(name)
        mark = _mark(child)
        if name in _RANGES or name in ("cellIns", "cellDel"):
            continue
        if side is not None and node.name in _PROPERTIES:
            continue  # the mark of a paragraph or row, looked at with it
        if gone in (side, mark if name in ("tr", "tc") else None):
            continue
        _walk(child, accept)
        if side is not None:
            kept += child.children
        elif name in _OLD_PROPERTIES:
            if not accept:
                _restore(node, kept, child)
        elif name == "tbl" and child.find("tr") is None:
            continue  # all of its rows are gone
        elif name == "p" and mark == gone and _followed_by_paragraph(node, at):
            pending += [part for part in child.children if not _is(part, "pPr")]
        else:
            if name == "p" and pending:
                _prepend(child, pending)
                pending = []
            kept.append(child)
    node.children = kept
    if not accept and node.name in ("delText", "delInstrText"):
        new = {"delText": "t", "delInstrText": "instrText"}[node.name]
        node.open = node.open.replace(node.name, new, 1)
        node.close = node.close.replace(node.name, new, 1)
        node.name = new


def _mark(node: _Node) -> str | None:
    """Whether a paragraph's mark, a row or a cell came in or went out."""
    if node.name == "tc":
        properties = node.find("tcPr")
        names = {part.name for part in properties.elements()} if properties else set()
        return "in" if "cellIns" in names else "out" if "cellDel" in names else None
    properties = node.find("pPr", "rPr") if node.name == "p" else None
    if node.name == "tr":
        properties = node.find("trPr")
    for part in properties.elements() if properties else ():
        if part.name in _WRAPPERS:
            return _WRAPPERS[part.name]
    return None


def _is(part: _Node | str, name: str) -> bool:
    return isinstance(part, _Node) and part.name == name


def _followed_by_paragraph(node: _Node, at: int) -> bool:
    following = next((part for part in node.children[at + 1 :] if isinstance(part, _Node)), None)
    return following is not None and following.name == "p"


def _prepend(paragraph: _Node, runs: list[_Node | str]) -> None:
    at = next((n + 1 for n, part in enumerate(paragraph.children) if _is(part, "pPr")), 0)
    if not paragraph.close:
        tag = paragraph.open[1:].split(None, 1)[0].rstrip("/>")
        paragraph.open = paragraph.open.rstrip(">").rstrip("/") + ">"
        paragraph.close = f"</{tag}>"
    paragraph.children[at:at] = runs


def _restore(node: _Node, kept: list[_Node | str], change: _Node) -> None:
    """Put the old properties that a change remembers in the place of the new ones."""
    old = next(change.elements(), None)
    beside = [part for part in kept if isinstance(part, _Node) and part.name in _BESIDE]
    if node.name == "rPr":
        beside = []
    first = [part for part in beside if part.name.endswith("Reference")]
    last = [part for part in beside if not part.name.endswith("Reference")]
    kept[:] = [*first, *(old.children if old is not None else []), *last]


def _accept_opendocument(text: str, accept: bool) -> str:
    found = []
    depth_of: dict[str, int] = {}
    start = -1
    for match in markup.TOKEN.finditer(text):
        name = match[2]
        if name is None or name.rpartition(":")[0] not in ("text", "table"):
            continue
        local = name.rpartition(":")[2]
        if local == "tracked-changes":
            if match[1]:
                depth_of[name] -= 1
                found.append(markup.Edit(start, match.end(), ""))
            elif match[4]:
                found.append(markup.Edit(match.start(), match.end(), ""))
            else:
                depth_of[name] = depth_of.get(name, 0) + 1
                start = match.start()
        elif name in ("text:change", "text:change-start", "text:change-end"):
            found.append(markup.Edit(match.start(), match.end(), ""))
    if found and not accept:
        raise WithheldError(
            "tracked changes of OpenDocument files can be accepted or redacted, not rejected: "
            "set `office: {changes: accept}` or `redact`"
        )
    return markup.apply(text, markup.outermost(found)) if found else text
