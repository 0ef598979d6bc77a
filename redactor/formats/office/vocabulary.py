"""What in the XML of Office documents is text: tables, read by the writer and the re-reader.

The rule is *everything is text unless it is listed as something else*: every text node of
every XML part is a unit (or belongs to a paragraph), every attribute of a vocabulary that we
do not know, and of the known vocabularies the attributes listed here and whatever else looks
like text. What is left are numbers, identifiers and the words of the standards.
"""

from __future__ import annotations

import re

from redactor.formats.office.members import is_own_member
from redactor.formats.office.names import is_known

# ---------------------------------------------------------------- roles
TEXT = "text"  # running text
LABEL = "label"  # text that is no prose: names of styles, of shapes, paths
PERSON = "person"  # an author
ACCOUNT = "account"  # an author's account
COMPANY = "company"
URI = "uri"  # percent-encoded
FORMULA = "formula"  # names of the workbook's own sheets are not part of it
INSTRUCTION = "instruction"  # a Word field's
VALUE = "value"  # the value behind what a cell or a field of OpenDocument shows
SHADOW = "shadow"  # repeats what the element around it shows; goes when that is redacted
SHEET = "sheet"  # the name of a sheet: renamed everywhere
SHEET_REFERENCE = "sheet reference"  # its bare name again; no unit
COLUMN = "column"  # the name of a table's column: equal to its header cell
NAME = "name:"  # an identifier that others refer to, with its name space
SKIP = "skip"

ENTITIES = {PERSON: "PERSON", ACCOUNT: "USERNAME", COMPANY: "ORGANIZATION"}
PROSE = frozenset({TEXT, PERSON})

# Roles in which a blank may be written as _ or +: they are read a second time with blanks.
SPREAD = frozenset({LABEL, URI, INSTRUCTION})
_BLANKS = str.maketrans("_+", "  ")


def is_spread(text: str) -> bool:
    """Whether a text of these roles has a second view."""
    return "_" in text or "+" in text


def unspread(text: str) -> str:
    """The second view of a text."""
    return text.translate(_BLANKS)


# Authors that programs put where nobody is named.
STOCK_AUTHORS = frozenset(
    s.casefold()
    for s in (
        "author", "unknown author", "unknown", "administrator", "admin", "user", "windows user",
        "microsoft office user", "microsoft account", "office user", "guest user", "guest",
        "python-docx", "openpyxl", "xlsxwriter", "apache poi", "libreoffice", "openoffice.org",
        "docx4j", "aspose", "default", "root", "owner", "system", "none", "anonymous",
    )
)  # fmt: skip

# ---------------------------------------------------------------- structure
# Elements whose runs are one text.
PARAGRAPHS = frozenset({"w:p", "a:p", "x:si", "x:is", "x:text", "text:p", "text:h"})
# Elements inside a paragraph whose runs are a text of their own.
ASIDES = frozenset({"w:rt", "x:rPh", "text:ruby-text", "text:note-citation", "mc:Fallback"})
RUNS = frozenset({"w:t", "w:delText", "a:t", "m:t", "x:t"})
INSTRUCTION_RUNS = frozenset({"w:instrText", "w:delInstrText"})
# In OpenDocument text stands in the paragraph itself and in every element of these prefixes.
INLINE_PREFIXES = ("text:", "presentation:")
BREAKS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-",
    "w:softHyphen": "", "a:br": "\n", "text:tab": "\t", "text:line-break": "\n", "text:s": " ",
}  # fmt: skip
TAB_STOPS = "w:tabs"  # a w:tab in here is no character
INSERTED = frozenset({"w:ins", "w:moveTo"})
DELETED = frozenset({"w:del", "w:moveFrom"})
# Of OpenDocument: where changes are kept, and what marks their places in the text.
CHANGE_REGIONS = frozenset({"text:changed-region", "text:insertion"})
CHANGE_MARKS = frozenset({"text:change", "text:change-start", "text:change-end"})
# Markup inside running text of vocabularies that we do not know (and of VML text boxes).
INLINE = frozenset("b i u s a em strong font span sub sup small big br code mark".split())
RUBY_OWNERS = frozenset({"w:ruby", "text:ruby", "x:si", "x:is"})

# ---------------------------------------------------------------- text nodes
NODES: dict[str, str] = {
    "dc:creator": PERSON, "cp:lastModifiedBy": PERSON, "ep:Manager": PERSON, "ep:Company": COMPANY,
    "meta:initial-creator": PERSON, "meta:printed-by": PERSON, "meta:creator-initials": PERSON,
    "text:sender-initials": PERSON, "loext:sender-initials": PERSON, "x:author": PERSON,
    "ep:Application": LABEL, "ep:Template": LABEL, "ep:HyperlinkBase": LABEL,
    "meta:generator": LABEL, "c:f": FORMULA, "c15:f": FORMULA, "cx:f": FORMULA, "xm:f": FORMULA,
    "x:formula": FORMULA, "x:formula1": FORMULA, "x:formula2": FORMULA, "x:definedName": FORMULA,
    "x:calculatedColumnFormula": FORMULA, "x:totalsRowFormula": FORMULA, "c:formatCode": LABEL,
    "c15:formulaRef": FORMULA, "c15:sqref": FORMULA, "config:config-item": LABEL,
    "number:text": LABEL, "number:fill-character": LABEL, "o:FieldCodes": LABEL,
    "xl:FmlaMacro": LABEL, "xl:FmlaLink": FORMULA, "xl:FmlaRange": FORMULA,
    "xl:FmlaPict": FORMULA, "xl:FmlaGroup": FORMULA, "xl:FmlaTxbx": FORMULA,
    **dict.fromkeys(
        (
            # positions, sizes and counts
            "wp:posOffset", "wp:align", "wp14:pctWidth", "wp14:pctHeight", "wp14:pctPosHOffset",
            "wp14:pctPosVOffset", "xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff", "cdr:x",
            "cdr:y", "xl:Anchor", "xl:Row", "xl:Column", "xl:MoveWithCells", "xl:SizeWithCells",
            "xl:AutoFill", "xl:Visible", "xl:Locked", "xl:LockText", "xl:DefaultSize",
            "xl:PrintObject", "xl:TextHAlign", "xl:TextVAlign", "xl:AutoLine", "xl:Val", "xl:Min",
            "xl:Max", "xl:Inc", "xl:Page", "xl:Dx", "xl:Sel", "xl:SelType", "xl:CF", "xl:AutoPict",
            "ep:TotalTime", "ep:Pages", "ep:Words", "ep:Characters", "ep:Lines", "ep:Paragraphs",
            "ep:CharactersWithSpaces", "ep:Slides", "ep:Notes", "ep:HiddenSlides", "ep:MMClips",
            "ep:ScaleCrop", "ep:LinksUpToDate", "ep:SharedDoc", "ep:HyperlinksChanged",
            "ep:DocSecurity", "ep:AppVersion", "vt:i1", "vt:i2", "vt:bool", "cp:revision",
            "meta:editing-cycles", "meta:editing-duration", "xm:sqref", "xl:ListWidth",
            # times of the document itself
            "dcterms:created", "dcterms:modified", "cp:lastPrinted", "dc:date",
            "meta:creation-date", "meta:print-date",
            # encoded bytes: what they hold is looked at as a part of its own, or not at all
            "dsig:DigestValue", "dsig:SignatureValue", "dsig:X509Certificate", "inkml:trace",
            "xd:EncapsulatedOCSPValue", "xd:EncapsulatedTimeStamp",
            "xd:EncapsulatedX509Certificate", "xd:EncapsulatedCRLValue", "w:binData",
            "office:binary-data", "dsig:Modulus",
            "dsig:Exponent", "dsig:X509IssuerName", "dsig:X509SerialNumber",
        ),
        SKIP,
    ),
}  # fmt: skip
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?\Z")


def node_role(element: str, text: str) -> str | None:
    """Role of a text node that belongs to no paragraph, by the element it stands in."""
    role = NODES.get(element)
    if role == SKIP or (_GUID.match(text.strip()) and is_known(element)):
        return None
    if role in (PERSON, COMPANY) and text.strip().casefold() in STOCK_AUTHORS:
        return LABEL
    return role or TEXT


# ---------------------------------------------------------------- attributes
_FONTS = (
    "w:rFonts@w:ascii", "w:rFonts@w:hAnsi", "w:rFonts@w:cs", "w:rFonts@w:eastAsia",
    "w:font@w:name", "w:altName@w:val", "w:sym@w:font", "*:latin@typeface", "*:ea@typeface",
    "*:cs@typeface", "*:sym@typeface", "*:buFont@typeface", "*:font@typeface", "x:name@val",
    "x:rFont@val", "*@fo:font-family", "*@style:font-family-asian",
    "*@style:font-family-complex", "*@style:font-name", "*@style:font-name-asian",
    "*@style:font-name-complex", "*@svg:font-family", "*@style:font-style-name",
    "style:font-face@style:name", "w:lsdException@w:name",
)  # fmt: skip
_LITERAL = (
    # words, numbers and addresses of the standards
    "*@xsi:type", "*@xml:lang", "*@xml:space", "*@xml:id", "*@mc:Ignorable", "*@Requires",
    "*@mc:ProcessContent", "*@mc:MustUnderstand", "*@uri", "w:lang@w:val", "w:lang@w:eastAsia",
    "w:lang@w:bidi", "*@style", "*@path", "*@adj", "*@eqn", "*@coordsize", "*@coordorigin",
    "*@fmla", "*@svg:d", "*@svg:viewBox", "*@svg:points", "*@draw:points", "*@draw:glue-points",
    "*@draw:text-areas", "*@draw:enhanced-path", "*@draw:type", "*@d", "*@viewBox", "*@points",
    "*@transform", "*@o:gfxdata", "*@progId", "*@ProgID", "*@providerId", "*@w15:providerId",
    "*@table:cell-content-type", "*@hashValue", "*@saltValue", "*@w:hash", "*@w:salt",
    "*@w:hashValue", "*@w:saltValue", "*@hashData", "*@saltData", "*@cryptProviderType",
    "ct:Default@Extension", "ct:Default@ContentType", "ct:Override@PartName",
    "ct:Override@ContentType", "rel:Relationship@Id", "rel:Relationship@Type",
    "rel:Relationship@Target", "rel:Relationship@TargetMode",
    "manifest:file-entry@manifest:full-path", "manifest:file-entry@manifest:media-type",
    "*@panose", "w:panose1@w:val", "w:compatSetting@w:uri", "w:compatSetting@w:name",
    "m:mathFont@m:val", "*@contentType", "*@schemaLocation",
    "*@xlink:type", "*@xlink:show", "*@xlink:actuate", "*@dateTime", "*@w:date",
    "*@Algorithm", "*@Id", "*@URI", "*@sqref", "*@ref", "*@spans", "*@office:mimetype",
    "*@office:version", "config:config-item@config:name", "config:config-item@config:type",
    "config:config-item-set@config:name", "config:config-item-map-indexed@config:name",
    "config:config-item-map-named@config:name", "*@meta:value-type", "*@keys", "*@to", "*@from",
    "*@presName", "*@modelId", "*@uniqueId", "*@draw:transform", "*@svg:transform",
)  # fmt: skip
_TEXTS = (
    "*@descr", "*@title", "*@alt", "*@o:title", "*@tooltip", "w:hyperlink@w:tooltip",
    "w:listItem@w:displayText", "w:listItem@w:value", "w:docVar@w:val", "w:helpText@w:val",
    "w:statusText@w:val", "w:default@w:val", "w:listEntry@w:val", "w:tblCaption@w:val",
    "w:tblDescription@w:val", "w:lvlText@w:val", "w:attr@w:val", "w:placeholder@w:val",
    "w:description@w:val", "w:mailSubject@w:val", "w:alias@w:val", "w:tag@w:val",
    "w15:alias@w15:val", "p:tag@val", "p14:section@name", "dgm:title@val", "dgm:desc@val",
    "v:textpath@string", "o:signatureline@o:suggestedsigner2", "*:property@value",
    "o:signatureline@o:suggestedsigneremail", "o:signatureline@o:signinginstructions",
    "x:definedName@comment", "x:definedName@description", "x:definedName@help",
    "x:definedName@statusBar", "x:hyperlink@display", "x:table@comment",
    "x:tableColumn@totalsRowLabel", "*:dataValidation@promptTitle", "*:dataValidation@prompt",
    "*:dataValidation@errorTitle", "*:dataValidation@error", "*:cfRule@text", "*:filter@val",
    "*:customFilter@val", "x:scenario@name", "x:scenario@comment", "x:inputCells@val",
    "x:webPublishItem@title", "x:webPublishObject@title", "*:controlPr@altText",
    "x:commentPr@altText", "x:cacheField@caption", "x:s@v", "x:n@v", "x:d@v", "x:s@c", "x:n@c",
    "x:d@c", "x:pageItem@name", "x:pivotField@name", "x:item@n", "x:dataField@name",
    "x:pageField@cap", "*:filter@stringValue1", "*:filter@stringValue2", "x:member@name",
    "x:connection@description", "x:parameter@prompt", "x:parameter@string",
    "x:externalCell@val", "*:slicer@caption", "ax:ocxPr@ax:value", "*@label", "*@screentip",
    "*@supertip", "*@xlink:title", "*@text:description", "*@text:string-value",
    "*@text:string-value-if-true", "*@text:string-value-if-false", "*@text:key1", "*@text:key2",
    "*@text:current-value", "*@form:label", "*@form:value", "*@form:current-value",
    "*@form:title", "*@form:default-value", "table:data-pilot-member@table:name",
    "table:filter-condition@table:value", "table:filter-set-item@table:value",
    "table:help-message@table:title", "table:error-message@table:title",
    "table:scenario@table:comment", "*@loext:alias", "*@loext:tag", "*@loext:display-text",
    "*@loext:value", "*@loext:placeholder-text", "*@loext:current-date", "*@style:num-prefix",
    "*@style:num-suffix", "*@table:display-name", "*@chart:label-string",
)  # fmt: skip
_LABELS = (
    "*:cNvPr@name", "*:docPr@name", "w:hyperlink@w:docLocation", "w:dataBinding@w:xpath",
    "w:docPart@w:val", "w:docVar@w:name", "w:name@w:val", "w:category@w:val", "w:aliases@w:val",
    "w:entryMacro@w:val", "w:exitMacro@w:val", "w:connectString@w:val", "w:query@w:val",
    "w:addressFieldName@w:val", "w:udl@w:val", "w:table@w:val", "w:mappedName@w:val",
    "w:smartTag@w:element", "w:customXml@w:element", "w:attr@w:name", "w:uniqueTag@w:val",
    "w:moveFromRangeStart@w:name", "w:moveToRangeStart@w:name", "w:caption@w:name",
    "w:attachedSchema@w:val", "a:theme@name", "*:clrScheme@name", "*:fontScheme@name",
    "*:fmtScheme@name", "*:custClr@name", "*:tblStyle@styleName", "p:cSld@name", "p:tag@name",
    "p:custShow@name", "p:control@name", "p:oleObj@name", "*:snd@name", "p14:bmk@name",
    "p:strVal@val", "dgm:prSet@phldrT", "x:protectedRange@name", "x:cacheField@name",
    "x:webPublishItem@destinationFile", "x:webPublishObject@destinationFile", "x:control@name",
    "*:controlPr@macro", "*:sp@macro", "*:pic@macro", "x:sheetPr@codeName",
    "x:workbookPr@codeName", "x:cellStyle@name", "x:tableStyle@name", "x:tableStyleInfo@name",
    "x:numFmt@formatCode", "c:numFmt@formatCode", "x:pivotTableDefinition@name",
    "x:pivotTableDefinition@dataCaption", "x:connection@name", "x:connection@sourceFile",
    "x:connection@odcFile", "x:dbPr@connection", "x:dbPr@command", "x:dbPr@serverCommand",
    "x:webPr@url", "x:webPr@post", "x:webPr@editPage", "x:textPr@sourceFile",
    "x:olapPr@localConnection", "x:parameter@name", "x:queryTable@name",
    "x:queryTableField@name", "x:deletedField@name", "x:sheetName@val", "x:ddeLink@ddeService",
    "x:ddeLink@ddeTopic", "x:ddeItem@name", "x:oleItem@name", "x15ac:absPath@url",
    "*:slicer@name", "*:slicerCacheDefinition@name", "*:slicerCacheDefinition@sourceName",
    "x:Map@Name", "x:definedName@customMenu", "op:property@name", "op:property@linkTarget",
    "ax:ocxPr@ax:name", "*:property@name", "*@draw:name", "*@office:name",
    "*@presentation:name", "text:section@text:name", "text:user-defined@text:name",
    "meta:user-defined@meta:name", "*@form:name", "*@form:data-source", "*@form:command",
    "table:data-pilot-table@table:name", "table:data-pilot-field@table:source-field-name",
    "*@style:display-name", "*@draw:display-name", "*@text:table-name", "*@text:column-name",
    "*@text:database-name", "*@office:dde-application", "*@office:dde-topic",
    "*@office:dde-item", "table:content-validation@table:name", "*@svgimage:id",
    "o:signatureline@o:addlxml", "*@text:index-name", "table:database-range@table:name",
    "x:connection@singleSignOnId",
)  # fmt: skip
ATTRIBUTES: dict[str, str] = {
    **dict.fromkeys(_FONTS, SKIP),
    **dict.fromkeys(_LITERAL, SKIP),
    **dict.fromkeys(_TEXTS, TEXT),
    **dict.fromkeys(_LABELS, LABEL),
    **dict.fromkeys(
        (
            "*@w:author", "*@w:initials", "w15:person@w15:author", "p:cmAuthor@name",
            "p:cmAuthor@initials", "p188:author@name", "p188:author@initials",
            "x:fileSharing@userName", "*@userName", "x:scenario@user", "x:customWorkbookView@name",
            "x:pivotCacheDefinition@refreshedBy", "tc:person@displayName",
            "o:signatureline@o:suggestedsigner", "*@text:author", "*@office:author",
            "x:userInfo@name",
        ),
        PERSON,
    ),
    **dict.fromkeys(
        ("*@userId", "w15:presenceInfo@w15:userId", "w:permStart@w:ed", "w:permStart@w:edGrp"),
        ACCOUNT,
    ),
    **dict.fromkeys(("*@xlink:href", "v:imagedata@o:href", "*@href", "*@src"), URI),
    **dict.fromkeys(
        (
            "x:hyperlink@location", "x:calculatedItem@formula", "x:cacheField@formula",
            "*:controlPr@linkedCell", "*:controlPr@listFillRange", "*:formControlPr@fmlaLink",
            "*:formControlPr@fmlaRange", "*:sp@textlink", "*@table:formula", "*@table:condition",
            "*@text:formula", "*@text:condition", "*@table:cell-range-address",
            "*@table:base-cell-address", "*@table:target-range-address", "*@table:expression",
            "*@table:end-cell-address", "*@table:print-ranges", "*@table:cell-address",
            "*@table:source-cell-range-addresses", "*@chart:values-cell-range-address",
            "*@chart:label-cell-address", "*@calcext:target-range-address", "*@calcext:value",
            "*@calcext:expression", "*@calcext:base-cell-address", "*@form:linked-cell",
            "*@form:source-cell-range", "*@style:condition", "*@style:base-cell-address",
            "*@table:range-address", "x:definedName@refersTo",
        ),
        FORMULA,
    ),
    **dict.fromkeys(
        (
            "*@office:value", "*@office:date-value", "*@office:time-value",
            "*@office:string-value", "*@office:boolean-value",
        ),
        VALUE,
    ),
    **dict.fromkeys(("w:date@w:fullDate", "*@text:date-value", "*@text:time-value"), SHADOW),
    **dict.fromkeys(("x:sheet@name", "table:table@table:name"), SHEET),
    **dict.fromkeys(("x:worksheetSource@sheet", "x:rangeSet@sheet"), SHEET_REFERENCE),
    "x:tableColumn@name": COLUMN,
    "w:fldSimple@w:instr": INSTRUCTION,
    **dict.fromkeys(
        (
            "w:bookmarkStart@w:name", "w:hyperlink@w:anchor", "text:bookmark@text:name",
            "text:bookmark-start@text:name", "text:bookmark-end@text:name",
            "text:bookmark-ref@text:ref-name", "text:reference-mark@text:name",
            "text:reference-mark-start@text:name", "text:reference-mark-end@text:name",
            "text:reference-ref@text:ref-name",
        ),
        NAME + "bookmark",
    ),
    **dict.fromkeys(
        (
            "w:style@w:styleId", "w:pStyle@w:val", "w:rStyle@w:val", "w:tblStyle@w:val",
            "w:basedOn@w:val", "w:next@w:val", "w:link@w:val", "w:styleLink@w:val",
            "w:numStyleLink@w:val", "w:defaultTableStyle@w:val", "w:clickAndTypeStyle@w:val",
        ),
        NAME + "style",
    ),
    **dict.fromkeys(
        ("x:definedName@name", "table:named-range@table:name", "table:named-expression@table:name"),
        NAME + "defined",
    ),
    **dict.fromkeys(
        ("x:table@name", "x:table@displayName", "x:worksheetSource@name"), NAME + "table"
    ),
    **dict.fromkeys(
        (
            "text:user-field-decl@text:name", "text:user-field-get@text:name",
            "text:user-field-input@text:name", "text:variable-decl@text:name",
            "text:variable-set@text:name", "text:variable-get@text:name",
            "text:variable-input@text:name", "text:sequence-decl@text:name",
            "text:sequence@text:name",
        ),
        NAME + "field",
    ),
}  # fmt: skip
_STYLE_NAMES = re.compile(r"(?:style|text|table|draw|chart|presentation):[a-z-]*style-name\Z")
_BY_SHAPE = "by shape"
_OPEN = "open"
_ROLES: dict[tuple[str, str], str] = {}


def attribute_role(element: str, attribute: str, value: str) -> str | None:
    """Role of an attribute, or None where it is no text. An empty value has none."""
    if not value:
        return None
    key = (element, attribute)
    role = _ROLES.get(key)
    if role is None:
        role = _ROLES[key] = _listed(element, attribute)
        if len(_ROLES) > 50_000:  # hostile files make up names
            _ROLES.clear()
    if role == _BY_SHAPE:
        return LABEL if looks_like_text(value) and not is_fixed(value) else None
    if role == _OPEN:
        return None if _TRIVIAL.match(value) or is_fixed(value) else LABEL
    if role == PERSON and value.strip().casefold() in STOCK_AUTHORS:
        return LABEL
    if role == URI and is_own_member(value.removeprefix("./")):
        return None
    return None if role == SKIP else role


def _listed(element: str, attribute: str) -> str:
    local = element.rpartition(":")[2]
    for key in (f"{element}@{attribute}", f"*:{local}@{attribute}", f"*@{attribute}"):
        role = ATTRIBUTES.get(key)
        if role is not None:
            return role
    if attribute == "style:name" or _STYLE_NAMES.match(attribute):
        return NAME + "style"
    if element == "text:bibliography-mark":
        return TEXT
    return _BY_SHAPE if is_known(element) else _OPEN


_TRIVIAL = re.compile(
    r"\s*(?:true|false|yes|no|on|off|none|auto|[-+]?\d{1,4}(?:\.\d+)?|#?[0-9A-Fa-f]{3,8}"
    r"|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?)\s*\Z"
)
_WORDS = re.compile(r"[^\W\d_]{2,}[\s,;]+[^\W\d_]{2,}")  # two words beside each other
_ADDRESS = re.compile(r"\w@\w|://|\\\w+\\")  # mail, URL, Windows path
_DIGITS = re.compile(r"\d[\d ().-]{6,}\d")
_NUMBER = re.compile(
    r"-?[\d.]+(?:[a-z]{1,2}|%)?\Z"  # 12192000, 1.5pt
    r"|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?\Z"  # 2024-01-01T00:00:00Z
    r"|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?\Z"
    r"|(?:-?[\d.]+[ ,]+)+-?[\d.]+\Z"  # a list of numbers
)


_FIXED = re.compile(
    r"(?:https?://(?:schemas\.(?:openxmlformats|microsoft)|purl|www\.w3|openoffice)\.|urn:schemas-"
    r"|urn:oasis|urn:org:documentfoundation|application/|image/|text/|audio/|video/)"
)


def is_fixed(value: str) -> bool:
    """Whether a value is an address of a standard or a media type."""
    return bool(_FIXED.match(value))


def looks_like_text(value: str) -> bool:
    """Whether a value of a known vocabulary is more than a word or number of its standard."""
    if not value.isascii() and any(char.isalpha() and ord(char) > 127 for char in value):
        return True
    if _WORDS.search(value) or _ADDRESS.search(value):
        return True
    return bool(_DIGITS.search(value)) and not _NUMBER.match(value)


# What programs write of themselves: never a leak when it stands in an attribute.
STOCK = frozenset(
    s.casefold()
    for s in (
        "office", "office theme", "microsoft", "microsoft office word", "microsoft excel",
        "microsoft office powerpoint", "normal", "table grid", "table normal", "default",
        "standard", "heading", "heading 1", "heading 2", "heading 3", "title", "subtitle",
        "georgia", "calibri", "cambria", "verdana", "garamond", "helvetica", "arial", "tahoma",
        "courier", "courier new", "times new roman", "century", "century gothic", "consolas",
        "constantia", "corbel", "candara", "franklin gothic", "lucida sans", "palatino linotype",
        "trebuchet ms", "segoe ui", "liberation sans", "liberation serif", "dejavu sans",
        "carlito", "caladea", "book antiqua", "bookman old style", "rockwell", "baskerville",
        "optima", "futura", "aptos", "aptos display", "noto sans", "symbol", "wingdings",
    )
)  # fmt: skip
# A single word of a standard (``center``, ``bothSides``); values of documents rarely look so.
STANDARD_WORD = re.compile(r"[a-z][A-Za-z0-9-]*\Z")


def is_structural(value: str) -> bool:
    """Whether an attribute's value can only be a number, an identifier or a standard's word."""
    return bool(
        STANDARD_WORD.match(value)
        or _NUMBER.match(value)
        or _TRIVIAL.match(value)
        or value.casefold() in STOCK
    )


# ---------------------------------------------------------------- Word fields
_HARMLESS = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|TOC|SEQ|REF|PAGEREF|NOTEREF|DATE|TIME|CREATEDATE"
    r"|SAVEDATE|PRINTDATE|EDITTIME|NUMWORDS|NUMCHARS|STYLEREF|LISTNUM|FORMTEXT|FORMCHECKBOX"
    r"|FORMDROPDOWN|AUTHOR|TITLE|FILENAME|USERNAME|USERINITIALS|LASTSAVEDBY|INDEX)?"
    r"(?:\s+(?:_(?:Toc|Ref|Hlk)\d{0,10}|_GoBack|Figure|Table|Equation|\d))?"
    r"(?:\s+\\[a-zA-Z*@#!]\s*(?:\"[\w.,:;/ #%-]{0,24}\"|[A-Za-z]{1,16}|\d{1,3})?)*\s*\Z"
)


def is_harmless_instruction(text: str) -> bool:
    """Whether a field's instruction holds nothing but keywords, switches and formats."""
    return bool(_HARMLESS.match(text))
