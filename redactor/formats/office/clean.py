"""What is taken out of a package before anything is looked for in it.

Goes, under ``metadata: clean``: revision marks (rsid), document ids, dates of changes and
comments, times and counters in the properties, paths of templates, the workbook's own path,
mail-merge connections, thumbnails, printer settings, layout caches, old versions kept inside,
logs of shared workbooks. Goes always: signatures (any change breaks them, and they name the
signer) and the zipped copies of drawings inside VML. Goes by policy: macros, pictures.
Authors are not cleaned here: they are findings, so that the audit trail counts them and the
same name is found in the text; what no entity names is blanked when the copy is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from redactor.formats.office import blanks, changes, markup, members
from redactor.formats.office.markup import Edit
from redactor.formats.office.package import CONTENT_TYPES, MANIFEST, WITHOUT_MACROS, Package
from redactor.formats.office.walk import Element, Hooks, Item, Places, Walk

_ELEMENTS = frozenset(
    {
        "w:rsids", "w14:docId", "w15:docId", "x15ac:absPath", "xr:revisionPtr", "w:mailMerge",
        "w:attachedTemplate", "cp:lastPrinted", "cp:revision", "dcterms:created",
        "dcterms:modified", "ep:TotalTime", "ep:Template", "meta:creation-date",
        "meta:print-date", "meta:editing-cycles", "meta:editing-duration", "meta:template",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "w:rsidR", "w:rsidRPr", "w:rsidRDefault", "w:rsidP", "w:rsidTr", "w:rsidSect",
        "w:rsidDel", "kin:rsid", "kin:paragraph-rsid", "w16du:dateUtc", "w16cex:dateUtc",
    }
)  # fmt: skip
_ONLY_OF = {
    "w:date": frozenset(
        {
            "w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:rPrChange", "w:pPrChange",
            "w:sectPrChange", "w:tblPrChange", "w:tblPrExChange", "w:tcPrChange", "w:trPrChange",
            "w:tblGridChange", "w:numberingChange", "w:cellIns", "w:cellDel", "w:cellMerge",
            "w:comment", "w:moveFromRangeStart", "w:moveToRangeStart", "w:customXmlInsRangeStart",
            "w:customXmlDelRangeStart", "w:customXmlMoveFromRangeStart",
            "w:customXmlMoveToRangeStart", "w:conflictIns", "w:conflictDel",
        }
    ),
    "dt": frozenset({"p:cm"}),
    "refreshedDate": frozenset({"x:pivotCacheDefinition"}),
    "refreshedDateIso": frozenset({"x:pivotCacheDefinition"}),
}  # fmt: skip
# Their schemas demand a date: it becomes one that tells nothing.
_FIXED = {
    ("tc:threadedComment", "dT"): "2000-01-01T00:00:00.00",
    ("p188:cm", "created"): "2000-01-01T00:00:00.000",
    ("p188:reply", "created"): "2000-01-01T00:00:00.000",
}
_FIXED_DATE = "2000-01-01T00:00:00"
_SETTINGS = frozenset(
    {"PrinterName", "PrinterSetup", "Rsid", "RsidRoot", "CurrentDatabaseDataSource"}
)
_TRIGGER = re.compile(
    r"rsid|dateUtc|:date=|\bdt=|\bdT=|created=|docId|absPath|revisionPtr|mailMerge"
    r"|attachedTemplate|lastPrinted|:revision>|dcterms:|TotalTime|<Template>|:Template>"
    r"|creation-date|print-date|editing-|meta:template|dc:date|PrinterName|PrinterSetup|Rsid"
    r"|refreshedDate|CurrentDatabaseDataSource"
)
_ALWAYS = re.compile(r"gfxdata")
_CUT_RELATIONS = re.compile(r"/(?:mailMerge\w*|recipientData|attachedTemplate)\Z")
_OLD = re.compile(r"xl/revisions/|Versions/|VersionList\.xml\Z|layout-cache\Z|\[trash\]/")


def prepare(package: Package) -> None:
    """Clean a package in place: ``changed``, ``dropped`` and ``notes`` are filled."""
    clean = package.options.metadata == "clean"
    _choose_members(package, clean)
    edits: dict[str, list[Edit]] = {}
    cut_ids = _cut_references(package, clean, edits)
    for name in package.names:
        if package.kind_of(name) == members.XML and not name.endswith(".rels"):
            _clean_part(package, name, clean, cut_ids.get(name, set()), edits)
    _apply(package, edits)
    if package.options.changes != "redact":
        changes.settle(package)


def _choose_members(package: Package, clean: bool) -> None:
    options = package.options
    for name in package.archive.members:
        kind = package.kind_of(name)
        if name.endswith(".rels"):
            continue
        if kind == members.SIGNATURE or (
            clean and (kind in (members.THUMBNAIL, members.PRINTER) or _OLD.match(name))
        ):
            package.dropped.add(name)
        elif kind == members.MACRO:
            if options.macros == "drop":
                package.dropped.add(name)
            else:
                package.note(members.MACRO)
        elif name.startswith("xl/macrosheets/"):
            package.note("macro sheet" if options.macros == "drop" else members.MACRO)
        elif kind in (members.IMAGE, members.SOUND, members.THUMBNAIL) or name.endswith(".svg"):
            _picture(package, name, kind)
    for name in package.archive.members:
        # what only speaks of parts that are gone, or of their parts
        folder, marker, file = name.rpartition("_rels/")
        owner = folder + file.removesuffix(".rels")
        if marker and owner in package.dropped:
            package.dropped.add(name)
        if name.startswith("_xmlsignatures/"):
            package.dropped.add(name)


def _picture(package: Package, name: str, kind: str) -> None:
    from redactor.formats.office.nested import picture_format

    if picture_format(package.read(name)) is not None:
        return  # something can look at it: it is a document of its own
    if package.options.images == "blank":
        empty = b"" if kind == members.SOUND else blanks.blank_image(package.read(name), name)
        if empty is not None:
            package.changed[name] = empty
            return
    package.note(members.IMAGE if kind == members.XML else kind)


def _cut_references(
    package: Package, clean: bool, edits: dict[str, list[Edit]]
) -> dict[str, set[str]]:
    """Take dropped members out of relationships and lists; returns ids gone, by part."""
    gone: dict[str, set[str]] = {}
    for relation in package.relations():
        dropped = not relation.external and relation.target in package.dropped
        if dropped or (clean and _CUT_RELATIONS.search(relation.type)):
            edits.setdefault(relation.part, []).append(Edit(relation.start, relation.end, ""))
            gone.setdefault(relation.source, set()).add(relation.id)
            if not relation.external:
                package.dropped.add(relation.target)
    if CONTENT_TYPES in package.archive.members:
        edits.setdefault(CONTENT_TYPES, []).extend(_content_type_edits(package))
    if MANIFEST in package.names:
        text, _ = package.text(MANIFEST)
        for name, values, start, end in markup.tags(text):
            if name == "file-entry" and values.get("manifest:full-path") in package.dropped:
                edits.setdefault(MANIFEST, []).append(Edit(start, end, ""))
    return gone


def _content_type_edits(package: Package) -> Iterable[Edit]:
    text, _ = package.text(CONTENT_TYPES)
    folded = {name.casefold() for name in package.dropped}
    for name, values, start, end in markup.tags(text):
        part = values.get("PartName", "").lstrip("/")
        if name == "Override" and part.casefold() in folded:
            yield Edit(start, end, "")
        kind = values.get("ContentType", "")
        if package.options.macros == "drop" and kind in WITHOUT_MACROS:
            at = text.index(kind, start, end)
            yield Edit(at, at + len(kind), WITHOUT_MACROS[kind])


def _clean_part(
    package: Package, name: str, clean: bool, gone: set[str], edits: dict[str, list[Edit]]
) -> None:
    text, _ = package.text(name)
    if not (gone or _ALWAYS.search(text) or (clean and _TRIGGER.search(text))):
        return
    hooks = _Cuts(clean, gone)
    for _ in Walk(text, hooks):
        pass
    if hooks.edits:
        edits.setdefault(name, []).extend(hooks.edits)


class _Cuts(Hooks):
    """Collects what goes; the walk itself yields nothing."""

    def __init__(self, clean: bool, gone: set[str]) -> None:
        self.edits: list[Edit] = []
        self._clean = clean
        self._gone = gone
        self._cut: set[int] = set()

    def start(self, walk: Walk, element: Element, places: Places) -> Iterable[Item]:
        """Note the attributes that go, and elements that go as a whole."""
        for place in places:
            name = walk.attribute_name(element, place.name)
            value = walk.text[place.start : place.end]
            fixed = _FIXED.get((element.name, name))
            if name == "o:gfxdata" or (name.startswith("r:") and value in self._gone):
                self.edits.append(Edit(place.first, place.end + 1, ""))
            elif not self._clean:
                continue
            elif name in _ATTRIBUTES or element.name in _ONLY_OF.get(name, ()):
                self.edits.append(Edit(place.first, place.end + 1, ""))
            elif fixed is not None and value != fixed:
                self.edits.append(Edit(place.start, place.end, fixed))
            elif name == "config:name" and value in _SETTINGS:
                self._cut.add(element.start)
        return ()

    def end(self, walk: Walk, element: Element, end: int) -> Iterable[Item]:
        """Note an element that goes."""
        if self._clean:
            date = element.name == "dc:date" and walk.stack[-2].name != "office:change-info"
            if element.name in _ELEMENTS or date or element.start in self._cut:
                self.edits.append(Edit(element.start, end, ""))
        return ()

    def text(self, walk: Walk, element: Element, start: int, end: int) -> bool:
        """Dates that must stay lose their meaning."""
        if self._clean and element.name == "dc:date" and walk.text[start:end] != _FIXED_DATE:
            self.edits.append(Edit(start, end, _FIXED_DATE))
        return True


def _apply(package: Package, edits: dict[str, list[Edit]]) -> None:
    for name, found in edits.items():
        if found and name not in package.dropped:
            text, spelling = package.text(name)
            package.changed[name] = spelling.encode(markup.apply(text, markup.outermost(found)))
