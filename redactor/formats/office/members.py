"""Members of an Office package: whether a name is a program's own, and what kind of bytes it has.

Names that programs give (``word/header2.xml``) may be shown; any other may hold personal data.
"""

from __future__ import annotations

import re

_FOLDERS = frozenset(
    """
    _rels docprops word xl ppt customxml _xmlsignatures customui meta-inf thumbnails pictures
    basic configurations2 objectreplacements media layout-cache versions glossary theme charts
    drawings worksheets chartsheets dialogsheets macrosheets diagrams embeddings fonts slides
    slidelayouts slidemasters notesslides notesmasters handoutmasters tags comments
    threadedcomments persons tables pivottables pivotcache printersettings externallinks
    querytables ctrlprops activex ink webextensions customdata revisions richdata model slicers
    slicercaches timelines timelinecaches customproperty standard accelerator images bitmaps
    floater menubar popupmenu progressbar statusbar toolbar toolpanel docmetadata changes
    """.split()
)
_STEMS = frozenset(
    """
    document header footer footnotes endnotes comments commentsextended commentsids
    commentsextensible people settings websettings styles styleswitheffects numbering fonttable
    theme themeoverride themeoverrides image chart chartex colors style drawing vmldrawing data
    layout quickstyle sheet sharedstrings workbook table calcchain connections metadata
    pivottable pivotcachedefinition pivotcacherecords printersettings externallink querytable
    ctrlprop activex presentation presprops viewprops tablestyles slide slidelayout slidemaster
    notesslide notesmaster handoutmaster tag tags comment commentauthors authors moderncomment
    person threadedcomment core app custom thumbnail item itemprops vbaproject vbadata
    vbaprojectsignature vbaprojectsignatureagile oleobject font content meta manifest mimetype
    object graphicframe customizations ink hdphoto media microsoft_excel_sheet
    microsoft_excel_worksheet microsoft_word_document microsoft_powerpoint_presentation
    microsoft_powerpoint_slide microsoft_excel_macro-enabled_worksheet microsoft_excel_chart
    usershapes revisionheaders revisionlog usernames slicer slicercache timeline timelinecache
    documentsignatures macrosignatures origin sig webextension taskpanes recipientdata
    rdrichvalue rdrichvaluestructure rdrichvaluetypes richstyles rdarray
    rdsupportingpropertybag rdsupportingpropertybagstructure rdrichvaluewebimage
    featurepropertybag xmlmaps customui current versionlist tasks labelinfo commentextensible
    script-lb script-lc dialog-lb dialog-lc module package picture layout-cache userpicture
    package1 embeddedobject [content_types]
    """.split()
)
_OBJECT = re.compile(r"Object \d{1,4}\Z")
_NUMBERED = re.compile(r"[-_ ]?\d{0,6}\Z")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{16,48}\Z")
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,8}\Z")


def is_own_member(name: str) -> bool:
    """Whether a member's name is one that programs give, so that it may be shown."""
    *folders, last = name.split("/")
    for folder in folders:
        if folder.casefold() not in _FOLDERS and not _OBJECT.match(folder):
            return False
    if not last or _OBJECT.match(last):
        return True
    stem, *extensions = last.split(".")
    if not all(_EXTENSION.match(extension) for extension in extensions):
        return False
    if not stem:
        return extensions == ["rels"]
    return bool(_HEXADECIMAL.match(stem)) or _NUMBERED.sub("", stem).casefold() in _STEMS


# ---------------------------------------------------------------- kinds of bytes
XML = "xml"
IMAGE = "image"
SOUND = "sound"  # or film
FONT = "font"
MACRO = "macro"
PRINTER = "printer"
OBJECT = "object"  # holds who knows what
SIGNATURE = "signature"
THUMBNAIL = "thumbnail"
PACKAGE = "package"  # a ZIP inside
EMPTY = "empty"
FIXED = "fixed"  # holds a few words of the standard

_IMAGES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\x01\0\0\0",
    b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"II\xbc\x01", b"\x00\x00\x01\x00", b"VCLMTF",
)  # fmt: skip
_IMAGE_NAMES = frozenset(
    "png jpg jpeg jpe jfif gif bmp dib tif tiff emf wmf emz wmz ico wdp hdp jxr svm webp pict pct "
    "pcz eps cgm heic avif glb".split()
)
_SOUNDS = frozenset(
    "wav mp3 mp4 m4a m4v avi wmv wma mov mpg mpeg mid midi aiff au ogg ogv oga webm flac aac asf "
    "swf mkv 3gp".split()
)
_FONTS = frozenset("fntdata odttf ttf otf ttc woff woff2 eot".split())
_MACROS = re.compile(
    r"(?:.*/)?(?:vbaProject\.bin|vbaData\.xml|vbaProjectSignature\w*\.bin)\Z|Basic/|Scripts/"
    r"|(?:.*/)?attachedToolbars\.bin\Z",
    re.IGNORECASE,
)
_SIGNATURES = re.compile(
    r"_xmlsignatures/|META-INF/(?:document|macro|package)signatures\.xml\Z", re.IGNORECASE
)
_THUMBNAILS = re.compile(r"docProps/thumbnail\.|Thumbnails/", re.IGNORECASE)
_PRINTERS = re.compile(r".*printerSettings\d*\.bin\Z", re.IGNORECASE)
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z_]|\xff\xfe<\0|\xfe\xff\0<")


def kind_of(name: str, head: bytes) -> str:
    """What kind of bytes a member holds, by its first bytes and its name."""
    if name.endswith("/") or not head:
        return EMPTY
    if _MACROS.match(name):
        return MACRO
    if _SIGNATURES.match(name):
        return SIGNATURE
    if _THUMBNAILS.match(name):
        return THUMBNAIL
    if _XML_START.match(head):
        return XML
    if head.startswith(b"PK\x03\x04"):
        return PACKAGE
    extension = name.rpartition(".")[2].casefold()
    if _PRINTERS.match(name):
        return PRINTER
    if extension in _SOUNDS:
        return SOUND
    if extension in _FONTS:
        return FONT
    if extension in _IMAGE_NAMES or head.startswith(_IMAGES) or head[8:12] == b"WEBP":
        return IMAGE
    if name.startswith("ObjectReplacements/"):
        return IMAGE
    return FIXED if name == "mimetype" else OBJECT
