"""Texts outside the page contents: found by walking every object, written back redacted.

Each distinct text is one unit; a redaction of it holds wherever it stands. Nothing is listed
by kind, so nothing can be forgotten; kinds only name the place (``outline/2``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from redactor.formats.pdf.limits import decoded
from redactor.formats.splice import splice
from redactor.values import Redaction

# strings that are no text: ids, encodings, drawing instructions, signatures
_NO_TEXT = frozenset(
    {
        "/ID", "/CharSet", "/DA", "/DS", "/Lang", "/Registry", "/Ordering", "/Panose", "/Cert",
        "/Contents-of-signature", "/OID", "/PANOSE", "/Style",
    }
)  # fmt: skip
# entries that lead to no text, upwards, or out of the document
_NOT_WALKED = frozenset(
    {
        "/Parent", "/Font", "/ColorSpace", "/Shading", "/Function", "/Halftone", "/Metadata",
        "/CharProcs", "/FontDescriptor", "/Group", "/ColorSpaces",
    }
)  # fmt: skip
_STREAM_TEXTS = frozenset({"/V", "/DV", "/RV", "/RC"})
_AREAS = {
    "/Outlines": "outline", "/AcroForm": "form", "/StructTreeRoot": "structure",
    "/OCProperties": "layer", "/Dests": "destination", "/PageLabels": "page-label",
}  # fmt: skip
_MARKUP = re.compile(r"<[^>]{0,4000}>")
_NAMELESS = re.compile(r"(?:text|field|untitled|undefined|box|feld|champ|f|t)?[\W_]*\d*\Z", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DEPTH = 80


@dataclass(slots=True)
class Place:
    """Where a text stands: ``holder[key]``; ``markup`` texts were read without their tags."""

    holder: Any = field(repr=False)
    key: Any
    markup: bool = False


@dataclass(slots=True)
class DocumentText:
    """A distinct text outside the page contents and everywhere it stands.

    ``place`` names the first one, ``areas`` the kinds of all; ``name`` is the form field's
    name, if it is a value.
    """

    text: str = field(repr=False)
    place: str
    page: int | None
    name: str | None = field(repr=False)
    places: list[Place] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)


def document_texts(pdf: pikepdf.Pdf) -> list[DocumentText]:
    """Every text outside the content streams, in a fixed order."""
    walk = _Walk()
    for number, page in enumerate(pdf.pages, 1):
        listed = page.obj.get("/Annots")
        if isinstance(listed, Array):
            for index, annotation in enumerate(listed, 1):
                walk.into(annotation, f"annotation/{index}", number, counted=False)
    root = pdf.Root
    for key, area in _AREAS.items():
        if key in root:
            walk.into(root[key], area, None)
    if "/Names" in root:
        walk.into(root.Names, "destination", None)
    info = pdf.trailer.get("/Info")
    if info is not None:
        walk.into(info, "info", None)
    for number, page in enumerate(pdf.pages, 1):
        walk.into(page.obj, "object", number)
    walk.into(root, "object", None)
    return list(walk.found.values())


class _Walk:
    def __init__(self) -> None:
        self.found: dict[tuple[str, str | None], DocumentText] = {}
        self._seen: set[tuple[int, int]] = set()
        self._counts: dict[tuple[str, int | None], int] = {}

    def into(self, start: Any, area: str, page: int | None, *, counted: bool = True) -> None:
        """Collect from an object and all that it leads to."""
        stack: list[tuple[Any, int]] = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            if not isinstance(node, (Dictionary, Stream, Array)) or depth > _DEPTH:
                continue
            if node.is_indirect:
                if node.objgen in self._seen:
                    continue
                self._seen.add(node.objgen)
            inner: list[tuple[Any, int]] = []
            for key, value in _entries(node):
                if isinstance(value, String):
                    self._add(node, key, str(value), area, page, counted)
                elif isinstance(value, Stream) and key in _STREAM_TEXTS:
                    self._add(node, key, _stream_text(value), area, page, counted)
                elif isinstance(value, (Dictionary, Stream, Array)):
                    inner.append((value, depth + 1))
            stack += reversed(inner)

    def _add(
        self, holder: Any, key: Any, text: str, area: str, page: int | None, counted: bool
    ) -> None:
        markup = key in ("/RC", "/RV") and "<" in text
        shown = _MARKUP.sub(" ", text) if markup else text
        if key == "/URI":
            shown = unquote(shown)
        if len(_CONTROL.findall(shown)) * 4 > len(shown) or not any(map(str.isalnum, shown)):
            return  # binary, or nothing to find in it
        name = _field_name(holder, key)
        known = self.found.get((shown, name))
        if known is None:
            spot = area
            if counted:
                count = self._counts[area, page] = self._counts.get((area, page), 0) + 1
                spot = f"{area}/{count}"
            elif isinstance(key, str):
                spot = f"{area}/{key[1:]}" if key[1:].isalnum() else area
            known = self.found[shown, name] = DocumentText(shown, spot, page, name)
        known.places.append(Place(holder, key, markup))
        known.areas.add(area.partition("/")[0])


def _entries(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, Array):
        if len(node) and node[0] in (Name.Indexed, Name("/I")):
            return  # a palette, not a text
        yield from enumerate(node)
        return
    signature = node.get("/Type") == Name.Sig or "/ByteRange" in node
    for key, value in node.items():
        if key in _NOT_WALKED or key in _NO_TEXT or (signature and key == "/Contents"):
            continue
        yield key, value


def _stream_text(stream: Any) -> str:
    try:
        data = decoded(stream)
    except pikepdf.PdfError:
        return ""
    return str(String(data))


def _field_name(holder: Any, key: Any) -> str | None:
    """The full name of the form field whose value this is."""
    if key not in ("/V", "/DV", "/RV") or not isinstance(holder, Dictionary):
        return None
    parts: list[str] = []
    told = None
    node = holder
    for _ in range(32):
        if isinstance(node.get("/T"), String):
            parts.append(str(node["/T"]))
        if told is None and isinstance(node.get("/TU"), String):
            told = str(node["/TU"])
        above = node.get("/Parent")
        if not isinstance(above, Dictionary):
            break
        node = above
    name = ".".join(reversed(parts))
    if told and (not name or _NAMELESS.match(parts[0] if parts else "")):
        return told
    return name or None


@dataclass(slots=True)
class Changed:
    """What followed from redacted texts.

    ``links``: dictionaries whose target went; ``fields``: form fields with the texts taken out
    of their value (None: the whole value); ``destinations``: names of destinations that went.
    """

    links: list[Any] = field(default_factory=list)
    fields: list[tuple[Any, list[str] | None]] = field(default_factory=list)
    destinations: bool = False
    count: int = 0


def put_back(texts: Mapping[str, DocumentText], redactions: Sequence[Redaction]) -> Changed:
    """Write redacted texts into the document; ``texts`` is unit id -> text."""
    changed = Changed()
    by_unit: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        if redaction.unit in texts:
            by_unit.setdefault(redaction.unit, []).append(redaction)
    for unit, mine in by_unit.items():
        source = texts[unit]
        new = "".join(splice(source.text, mine))
        taken = [source.text[r.span.start : r.span.end] for r in mine]
        whole = not re.sub(r"\W", "", _rest(source.text, mine))
        for place in source.places:
            changed.count += 1
            holder, key = place.holder, place.key
            if isinstance(key, str) and not isinstance(holder.get(key), (String, Stream)):
                continue  # gone with another text of the object, or written out
            if key == "/URI" and isinstance(holder, Dictionary):
                del holder[key]
                changed.links.append(holder)
            elif place.markup:
                del holder[key]
            else:
                holder[key] = String(new)
                if isinstance(key, str) and key in ("/V", "/DV"):
                    for stale in ("/RV", "/DS"):
                        if stale in holder:
                            del holder[stale]
                    changed.fields.append((holder, None if whole else taken))
                elif key == "/Contents" and "/RC" in holder:
                    del holder["/RC"]
            if source.place.startswith("destination") or isinstance(key, int) or key in (
                "/D", "/Dest",
            ):  # fmt: skip
                changed.destinations = True
    return changed


def _rest(text: str, redactions: Sequence[Redaction]) -> str:
    kept, at = [], 0
    for redaction in sorted(redactions, key=lambda item: item.span):
        kept.append(text[at : redaction.span.start])
        at = redaction.span.end
    return "".join([*kept, text[at:]])
