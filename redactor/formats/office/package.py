"""An Office package: which kind it is, its parts, and how they refer to each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from redactor.errors import UnreadableError
from redactor.formats.office import markup, members
from redactor.formats.office.container import MAX_XML, Archive, Budget
from redactor.policy.model import OfficeOptions

CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"

_ODF = {
    "text": "odt", "text-template": "odt", "text-master": "odt", "text-web": "odt",
    "spreadsheet": "ods", "spreadsheet-template": "ods", "presentation": "odp",
    "presentation-template": "odp",
}  # fmt: skip
_MAIN = (
    (r"wordprocessingml\.(?:document|template)\.main|ms-word\.(?:document|template)", "docx"),
    (r"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template|addin)\.macro", "xlsx"),
    (r"presentationml\.(?:presentation|template|slideshow)\.main", "pptx"),
    (r"ms-powerpoint\.(?:presentation|template|slideshow)\.macro", "pptx"),
)  # fmt: skip
_REFUSED = (
    ("ms-excel.sheet.binary", "a binary Excel workbook (xlsb)", "xlsx"),
    ("visio", "a Visio drawing", "pdf"),
    ("xps", "an XPS document", "pdf"),
    ("powerpoint.slide.macro", "a single PowerPoint slide", "pptx"),
    ("presentationml.slide.main", "a single PowerPoint slide", "pptx"),
)
# [MS-OFFMACRO2] 2.2: what a main part is called without its macros
WITHOUT_MACROS = {
    "application/vnd.ms-word.document.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml":
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "application/vnd.ms-powerpoint.template.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml":
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship. ``target`` is a member's name, or the address as spelt when ``external``.

    ``start``, ``end``: its element in the text of ``part`` (a ``.rels`` member).
    """

    source: str
    part: str
    id: str
    type: str
    target: str = field(repr=False)
    external: bool
    start: int
    end: int


class Package:
    """A package that was opened and recognised.

    ``kind`` is the format's name; ``label`` stands before member names in locators (empty for
    the document itself). ``changed`` holds the bytes of parts that cleaning changed,
    ``dropped`` the members that it took away. ``notes`` name what nothing looks at, by kind.

    Raises:
        UnreadableError: damaged, hostile, or a kind that is not handled.
    """

    def __init__(
        self,
        data: bytes,
        options: OfficeOptions,
        *,
        max_ratio: int,
        budget: Budget,
        label: str = "",
        depth: int = 0,
    ) -> None:
        self.archive = Archive(data, max_ratio=max_ratio, budget=budget)
        self.options = options
        self.label = label
        self.depth = depth
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self.notes: dict[str, int] = {}
        self._kinds: dict[str, str] = {}
        self.numbers = {name: at for at, name in enumerate(self.archive.members, 1)}
        self.kind = self._recognise()

    @property
    def names(self) -> list[str]:
        """Members that are left, in order."""
        return [name for name in self.archive.members if name not in self.dropped]

    @property
    def opendocument(self) -> bool:
        """Whether this is OpenDocument; else it is Office Open XML."""
        return self.kind.startswith("od")

    def read(self, name: str) -> bytes:
        """A member's bytes, cleaned."""
        known = self.changed.get(name)
        return self.archive.read(name) if known is None else known

    def text(self, name: str) -> tuple[str, markup.Spelling]:
        """An XML part, checked.

        Raises:
            UnreadableError: not well-formed, too large, or hostile; names the part.
        """
        data = self.read(name)
        if len(data) > MAX_XML:
            raise UnreadableError(
                f"{self.shown(name)} is larger than {MAX_XML >> 20} MiB: split it"
            )
        try:
            markup.check(data)
            return markup.decode(data)
        except UnreadableError as error:
            raise UnreadableError(f"{self.shown(name)}: {error}") from None

    def kind_of(self, name: str) -> str:
        """What kind of bytes a member holds: see :mod:`redactor.formats.office.members`."""
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = members.kind_of(name, self.archive.read(name)[:512])
        return kind

    def shown(self, name: str) -> str:
        """A member's name, or its number where the name may be personal data."""
        own = name if members.is_own_member(name) else f"member {self.numbers[name]}"
        return self.label + own

    def note(self, kind: str) -> None:
        """One more thing of this kind that nothing looked at."""
        self.notes[kind] = self.notes.get(kind, 0) + 1

    # ------------------------------------------------------------ what it is

    def _recognise(self) -> str:
        if CONTENT_TYPES in self.archive.members:
            return self._ooxml()
        if "mimetype" in self.archive.members:
            return self._odf()
        if any(name.startswith("Index/") or name == "Index.zip" for name in self.archive.members):
            raise UnreadableError(
                "this is a document of Pages, Numbers or Keynote: not handled, so nothing was "
                "released; export it as docx, xlsx or pptx"
            )
        raise UnreadableError("this ZIP archive holds no Office document")

    def _ooxml(self) -> str:
        types = dict(self.content_types())
        main = next(
            (r.target for r in self.relations("") if r.type.endswith("/officeDocument")), ""
        )
        found = types.get("/" + main, "") or self.archive.read(CONTENT_TYPES).decode("latin-1")
        for pattern, kind in _MAIN:
            if re.search(pattern, found):
                return kind
        for mark, what, other in _REFUSED:
            if mark in found.casefold():
                raise UnreadableError(
                    f"this is {what}: not handled, so nothing was released; save it as {other}"
                )
        raise UnreadableError("this Office package is of a kind that is not handled")

    def _odf(self) -> str:
        mimetype = self.archive.read("mimetype").decode("latin-1").strip()
        name = mimetype.removeprefix("application/vnd.oasis.opendocument.")
        kind = _ODF.get(name)
        if kind is None:
            what = re.sub(r"[^a-z.-]", "", name)[:40] if name != mimetype else "another ZIP format"
            raise UnreadableError(
                f"this is {what}, which is not handled, so nothing was released; "
                "odt, ods and odp are"
            )
        if "content.xml" not in self.archive.members:
            raise UnreadableError("this OpenDocument file has no content: it is damaged")
        if MANIFEST in self.archive.members and b"encryption-data" in self.archive.read(MANIFEST):
            raise UnreadableError(
                "the document is protected by a password: remove it and try again"
            )
        return kind

    # ------------------------------------------------------------ how parts refer to each other

    def content_types(self) -> Iterator[tuple[str, str]]:
        """(part name with its slash, content type) of the overrides."""
        text, _ = self.text(CONTENT_TYPES)
        for name, values, _, _ in markup.tags(text):
            if name == "Override":
                yield values.get("PartName", ""), values.get("ContentType", "")

    def relations(self, source: str | None = None) -> Iterator[Relation]:
        """Relationships of one part ("" for the package), or of all that are left."""
        for name in self.names:
            if not name.endswith(".rels") or "_rels/" not in f"/{name}":
                continue
            folder, _, file = name.rpartition("_rels/")
            owner = folder + file[: -len(".rels")]
            if source is None or owner == source:
                yield from self._relations(owner, name)

    def _relations(self, owner: str, name: str) -> Iterator[Relation]:
        text, _ = self.text(name)
        for tag, values, start, end in markup.tags(text):
            if tag != "Relationship":
                continue
            target = values.get("Target", "")
            external = values.get("TargetMode") == "External"
            if not external:
                target = self.resolve(owner, target)
            yield Relation(
                owner, name, values.get("Id", ""), values.get("Type", ""), target, external,
                start, end,
            )  # fmt: skip

    def resolve(self, owner: str, target: str) -> str:
        """The member that an internal target names, as the archive spells it."""
        path = target.partition("#")[0]
        if not path.startswith("/"):
            path = posixpath.join(posixpath.dirname(owner), path)
        path = posixpath.normpath(path).lstrip("/")
        if path in self.archive.members:
            return path
        folded = path.casefold()
        for name in self.archive.members:
            if name.casefold() == folded or name == unquote(path) or unquote(name) == path:
                return name
        return path
