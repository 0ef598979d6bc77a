"""XML namespaces of Office documents, by the prefixes that their standards use.

ECMA-376 / ISO 29500 (transitional and strict), Microsoft's extensions ([MS-DOCX], [MS-XLSX],
[MS-PPTX]) and OpenDocument 1.3 with LibreOffice's extensions. Elements and attributes are
named ``prefix:local`` everywhere in this package, whatever prefix a file uses.
"""

from __future__ import annotations

_OOXML = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MS = "http://schemas.microsoft.com/office/"
_VML = "urn:schemas-microsoft-com:"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_LO = "urn:org:documentfoundation:names:experimental:"

PREFIXES: dict[str, str] = {
    f"{_OOXML}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_OOXML}spreadsheetml/2006/main": "x",
    f"{_STRICT}spreadsheetml/main": "x",
    f"{_OOXML}presentationml/2006/main": "p",
    f"{_STRICT}presentationml/main": "p",
    f"{_OOXML}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_OOXML}drawingml/2006/chart": "c",
    f"{_STRICT}drawingml/chart": "c",
    f"{_OOXML}drawingml/2006/chartDrawing": "cdr",
    f"{_STRICT}drawingml/chartDrawing": "cdr",
    f"{_OOXML}drawingml/2006/diagram": "dgm",
    f"{_STRICT}drawingml/diagram": "dgm",
    f"{_OOXML}drawingml/2006/picture": "pic",
    f"{_STRICT}drawingml/picture": "pic",
    f"{_OOXML}drawingml/2006/wordprocessingDrawing": "wp",
    f"{_STRICT}drawingml/wordprocessingDrawing": "wp",
    f"{_OOXML}drawingml/2006/spreadsheetDrawing": "xdr",
    f"{_STRICT}drawingml/spreadsheetDrawing": "xdr",
    f"{_OOXML}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_OOXML}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_OOXML}officeDocument/2006/extended-properties": "ep",
    f"{_STRICT}officeDocument/extendedProperties": "ep",
    f"{_OOXML}officeDocument/2006/custom-properties": "op",
    f"{_STRICT}officeDocument/customProperties": "op",
    f"{_OOXML}officeDocument/2006/docPropsVTypes": "vt",
    f"{_STRICT}officeDocument/docPropsVTypes": "vt",
    f"{_OOXML}officeDocument/2006/customXml": "ds",
    f"{_STRICT}officeDocument/customXml": "ds",
    f"{_OOXML}officeDocument/2006/bibliography": "b",
    f"{_STRICT}officeDocument/bibliography": "b",
    f"{_OOXML}package/2006/relationships": "rel",
    f"{_OOXML}package/2006/content-types": "ct",
    f"{_OOXML}package/2006/metadata/core-properties": "cp",
    f"{_OOXML}package/2006/digital-signature": "mdssi",
    f"{_OOXML}markup-compatibility/2006": "mc",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/2000/09/xmldsig#": "dsig",
    "http://uri.etsi.org/01903/v1.3.2#": "xd",
    "http://www.w3.org/1998/Math/MathML": "math",
    "http://www.w3.org/2003/InkML": "inkml",
    "http://www.w3.org/2000/svg": "svgimage",
    f"{_VML}vml": "v",
    f"{_VML}office:office": "o",
    f"{_VML}office:word": "w10",
    f"{_VML}office:excel": "xl",
    f"{_VML}office:powerpoint": "pp",
    f"{_MS}2006/activeX": "ax",
    f"{_MS}word/2010/wordml": "w14",
    f"{_MS}word/2012/wordml": "w15",
    f"{_MS}word/2016/wordml/cid": "w16cid",
    f"{_MS}word/2018/wordml/cex": "w16cex",
    f"{_MS}word/2023/wordml/word16du": "w16du",
    f"{_MS}word/2010/wordprocessingDrawing": "wp14",
    f"{_MS}word/2010/wordprocessingShape": "wps",
    f"{_MS}drawing/2008/diagram": "dsp",
    f"{_MS}drawing/2012/chart": "c15",
    f"{_MS}drawing/2014/chartex": "cx",
    f"{_MS}powerpoint/2010/main": "p14",
    f"{_MS}powerpoint/2012/main": "p15",
    f"{_MS}powerpoint/2018/8/main": "p188",
    f"{_MS}spreadsheetml/2009/9/main": "x14",
    f"{_MS}spreadsheetml/2010/11/ac": "x15ac",
    f"{_MS}spreadsheetml/2014/revision": "xr",
    f"{_MS}spreadsheetml/2018/threadedcomments": "tc",
    f"{_MS}excel/2006/main": "xm",
    f"{_ODF}office:1.0": "office",
    f"{_ODF}text:1.0": "text",
    f"{_ODF}table:1.0": "table",
    f"{_ODF}drawing:1.0": "draw",
    f"{_ODF}style:1.0": "style",
    f"{_ODF}meta:1.0": "meta",
    f"{_ODF}datastyle:1.0": "number",
    f"{_ODF}svg-compatible:1.0": "svg",
    f"{_ODF}xsl-fo-compatible:1.0": "fo",
    f"{_ODF}presentation:1.0": "presentation",
    f"{_ODF}chart:1.0": "chart",
    f"{_ODF}form:1.0": "form",
    f"{_ODF}script:1.0": "script",
    f"{_ODF}config:1.0": "config",
    f"{_ODF}dr3d:1.0": "dr3d",
    f"{_ODF}animation:1.0": "anim",
    f"{_ODF}smil-compatible:1.0": "smil",
    f"{_ODF}manifest:1.0": "manifest",
    f"{_LO}office:xmlns:loext:1.0": "loext",
    f"{_LO}calc:xmlns:calcext:1.0": "calcext",
    f"{_LO}ooo-ms-interop:xmlns:field:1.0": "field",
}

# Other vocabularies of the same makers: known in kind, without entries of their own.
_KIN = (
    _OOXML, _STRICT, "http://schemas.microsoft.com/", _VML, "urn:oasis:names:tc:opendocument:",
    "urn:org:documentfoundation:", "http://openoffice.org/", "http://www.w3.org/",
    "http://purl.org/dc/",
)  # fmt: skip
KIN = "kin"
UNKNOWN = "?"


def prefix_of(uri: str) -> str:
    """The standard's prefix of a namespace, ``kin``, ``?`` for an unknown one, "" for none."""
    if not uri:
        return ""
    known = PREFIXES.get(uri)
    if known is not None:
        return known
    return KIN if uri.startswith(_KIN) else UNKNOWN


def is_known(name: str) -> bool:
    """Whether an element or attribute (``prefix:local``) is of a vocabulary that we know."""
    prefix, colon, _ = name.partition(":")
    return bool(colon) and prefix != UNKNOWN
