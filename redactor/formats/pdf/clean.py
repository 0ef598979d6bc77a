"""What leaves every document, whatever was found in it.

Goes: Info and XMP, thumbnails, private data of programs (PieceInfo), attachments, scripts and
actions that run, send or open something, XFA, signatures (broken by any change), threads,
authors and dates of annotations; with a full save also old revisions and unused objects.
Stays, and is scanned as text: links, outlines, destinations, form values, alternative texts,
layer names. Not promised: that a form which lived by scripts still works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from redactor.formats.pdf import limits
from redactor.policy.model import PdfOptions

_CATALOG = (
    "/Metadata", "/AA", "/PieceInfo", "/Legal", "/Perms", "/DSS", "/Collection", "/AF",
    "/SpiderInfo", "/Threads", "/Requirements", "/URI",
)  # fmt: skip
_NAME_TREES = (
    "/EmbeddedFiles", "/JavaScript", "/AlternatePresentations", "/Renditions", "/URLS", "/IDS",
    "/Templates", "/Pages",
)  # fmt: skip
_EVERYWHERE = (
    "/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/AA", "/AF", "/B", "/Measure",
    "/Alternates", "/OPI",
)  # fmt: skip
_ACTIONS = frozenset(
    str(name)
    for name in (
        Name.JavaScript, Name.Launch, Name.SubmitForm, Name.ImportData, Name.Rendition, Name.Sound,
        Name.Movie, Name.RichMediaExecute, Name.GoToE, Name.Thread, Name.ResetForm,
    )
)  # fmt: skip
_ANNOTATIONS = frozenset(
    {"/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia", "/TrapNet"}
)
_HARMLESS = ("/Title", "/Subject", "/Keywords", "/Creator", "/Producer", "/Trapped")
_PERSONAL = ("/T", "/M", "/CreationDate", "/NM")  # of an annotation that is no form field


def clean(pdf: pikepdf.Pdf, options: PdfOptions) -> Counter[str]:
    """Drop all that leaves every document; returns what was dropped, by plain name."""
    dropped: Counter[str] = Counter()
    root = pdf.Root
    _info(pdf, options, dropped)
    for key in _CATALOG:
        _drop(root, key, dropped, _told(key))
    if _runs(root.get("/OpenAction")):
        _drop(root, "/OpenAction", dropped, "actions")
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key in _NAME_TREES:
            _drop(names, key, dropped, _told(key))
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary):
        _drop(form, "/XFA", dropped, "XFA forms")
        if "/SigFlags" in form:
            del form["/SigFlags"]
    for holder in every_dictionary(pdf):
        _dictionary(holder, options, dropped)
    return dropped


def _info(pdf: pikepdf.Pdf, options: PdfOptions, dropped: Counter[str]) -> None:
    info = pdf.trailer.get("/Info")
    if info is None:
        return
    if options.keep_metadata and isinstance(info, Dictionary):
        for key in list(info.keys()):
            if key not in _HARMLESS:
                _drop(info, key, dropped, "document properties")
        return
    dropped["document properties"] += len(info.keys()) if isinstance(info, Dictionary) else 1
    del pdf.trailer["/Info"]


def _told(key: str) -> str:
    return {
        "/Metadata": "XMP metadata",
        "/EmbeddedFiles": "attachments",
        "/AF": "attachments",
        "/JavaScript": "scripts",
        "/AA": "actions",
        "/PieceInfo": "private program data",
        "/Perms": "signatures",
        "/DSS": "signatures",
        "/Thumb": "thumbnails",
    }.get(key, "other entries")


def _drop(holder: Any, key: str, dropped: Counter[str], what: str) -> None:
    if key in holder:
        del holder[key]
        dropped[what] += 1


def _dictionary(holder: Any, options: PdfOptions, dropped: Counter[str]) -> None:
    keys = set(holder.keys())
    for key in _EVERYWHERE:
        if key in keys and not (key == "/Measure" and "/VP" in keys):
            if key == "/B" and holder.get("/Type") != Name.Page:
                continue
            _drop(holder, key, dropped, _told(key))
    for key in ("/A", "/Next", "/PA"):
        if key in keys and _runs(holder.get(key)):
            _drop(holder, key, dropped, "actions")
    if "/EF" in keys:
        _drop(holder, "/EF", dropped, "attachments")
    if "/FT" in keys and holder.get("/FT") == Name.Sig:
        _drop(holder, "/V", dropped, "signatures")
    if "/Annots" in keys and isinstance(holder.get("/Annots"), Array):
        _annotations(holder, dropped)
    markup = "/Subtype" in keys and "/Rect" in keys and holder.get("/Subtype") != Name.Widget
    if markup and not options.keep_metadata:
        for key in _PERSONAL:
            _drop(holder, key, dropped, "authors and dates of annotations")


def _annotations(page: Any, dropped: Counter[str]) -> None:
    kept = []
    for annotation in page.Annots:
        if not isinstance(annotation, Dictionary) or (
            str(annotation.get("/Subtype", "")) in _ANNOTATIONS
        ):
            dropped["attachments and media"] += 1
        else:
            kept.append(annotation)
    if len(kept) != len(page.Annots):
        page["/Annots"] = Array(kept)


def _runs(action: Any) -> bool:
    """Whether an action, or one that follows it, runs, sends or opens something."""
    for _ in range(64):
        if isinstance(action, Array):
            return any(_runs(item) for item in action)
        if not isinstance(action, Dictionary):
            return False
        if str(action.get("/S", "")) in _ACTIONS or "/JS" in action:
            return True
        action = action.get("/Next")
    return True


def every_dictionary(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """All dictionaries (of streams, too) of the document's objects, direct ones included."""
    number = 0
    for holder in pdf.objects:
        number += 1
        if number > limits.MAX_OBJECTS:
            return
        stack = [(holder, 0)]
        while stack:
            node, depth = stack.pop()
            if isinstance(node, (Dictionary, Stream)):
                yield node
                inner = list(node.values())
            elif isinstance(node, Array):
                inner = list(node)
            else:
                continue
            if depth > 60:
                continue
            for item in inner:
                if isinstance(item, (Dictionary, Array)) and not item.is_indirect:
                    stack.append((item, depth + 1))


def prune_unused(pdf: pikepdf.Pdf, used: set[tuple[int, int]]) -> int:
    """Take XObjects, patterns and soft masks that no page uses out of every resource list.

    What nobody draws nobody sees, and it was not searched; returns how many entries went.
    """
    gone = 0
    for holder in every_dictionary(pdf):
        resources = holder.get("/Resources")
        if not isinstance(resources, Dictionary):
            continue
        for category in ("/XObject", "/Pattern", "/ExtGState"):
            listed = resources.get(category)
            if not isinstance(listed, Dictionary):
                continue
            kept = {k: v for k, v in listed.items() if _is_used(category, v, used)}
            if len(kept) != len(listed.keys()):
                gone += len(listed.keys()) - len(kept)
                resources[category] = Dictionary(kept)
    return gone


def _is_used(category: str, value: Any, used: set[tuple[int, int]]) -> bool:
    if category == "/XObject":
        return isinstance(value, Stream) and value.objgen in used
    if category == "/Pattern":
        return not isinstance(value, Stream) or value.objgen in used
    mask = value.get("/SMask") if isinstance(value, Dictionary) else None
    group = mask.get("/G") if isinstance(mask, Dictionary) else None
    return not isinstance(group, Stream) or group.objgen in used


def prune_replaced(pdf: pikepdf.Pdf, replaced: set[tuple[int, int]]) -> None:
    """Take originals that got a redacted copy out of resources that list but do not draw them.

    Pages often share one list of all images; one that is still drawn elsewhere stays there.
    """
    if not replaced:
        return
    for holder in every_dictionary(pdf):
        resources = holder.get("/Resources")
        if not isinstance(resources, Dictionary):
            continue
        listed = resources.get("/XObject")
        if not isinstance(listed, Dictionary):
            continue
        suspects = [key for key, value in listed.items() if value.objgen in replaced]
        if not suspects:
            continue
        drawn = _drawn(holder)
        if drawn is None:
            continue
        gone = [key for key in suspects if key not in drawn]
        if gone:
            own = Dictionary(dict(resources.items()))
            own["/XObject"] = Dictionary(
                {key: value for key, value in listed.items() if key not in gone}
            )
            holder["/Resources"] = own


def _drawn(holder: Any) -> set[str] | None:
    """Names that a page or form draws; None where it cannot be told."""
    try:
        source = pikepdf.Page(holder) if holder.get("/Type") == Name.Page else holder
        if not isinstance(source, (pikepdf.Page, Stream)):
            return set()  # a node above pages: each page got its own copy or draws none
        ops = pikepdf.parse_content_stream(source, "Do")
        return {str(op.operands[0]) for op in ops if len(op.operands)}
    except (pikepdf.PdfError, TypeError, ValueError):
        return None


def drop_annotations(page: Any, gone: list[Any]) -> int:
    """Remove annotations with their popups and the replies to them; returns how many."""
    listed = page.get("/Annots")
    if not gone or not isinstance(listed, Array):
        return 0
    numbers = {item.objgen for item in gone if item.is_indirect}
    direct = [item for item in gone if not item.is_indirect]

    def goes(item: Any) -> bool:
        if item.is_indirect:
            return item.objgen in numbers
        return any(item == other for other in direct)

    changed = True
    while changed:  # popups and replies of replies
        changed = False
        for item in listed:
            if not isinstance(item, Dictionary) or goes(item) or not item.is_indirect:
                continue
            for key in ("/Parent", "/IRT"):
                above = item.get(key)
                if (
                    isinstance(above, Dictionary)
                    and above.is_indirect
                    and above.objgen in numbers
                    and item.get("/Subtype") != Name.Widget
                ):
                    numbers.add(item.objgen)
                    changed = True
    kept = [item for item in listed if isinstance(item, Dictionary) and not goes(item)]
    count = len(listed) - len(kept)
    page["/Annots"] = Array(kept)
    return count
