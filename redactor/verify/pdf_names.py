"""Names that PDF itself uses (ISO 32000-1 and -2): a value spelt like one is no leak there.

Six letters and more; case matters, so `/Figure` is PDF's and `/figure` is somebody's.
"""

from __future__ import annotations

VOCABULARY = frozenset(
    """
    AbsoluteColorimetric AcroForm Action ActualText AESV2 AESV3 AfterSpacing Alternate
    Alternates AlternatePresentations Annots Annotation Announcement Appearance Appended ArtBox
    Artifact Article Aside Ascent ASCII85Decode ASCIIHexDecode Attached Attestation Author
    AvgWidth Background BackgroundColor BaseEncoding BaseFont BaseState BaseVersion
    BaseLineShift Before BitsPerComponent BitsPerCoordinate BitsPerFlag BitsPerSample BleedBox
    Block BlockAlign BlockQuote BlackIs1 BlackPoint Border BorderColor BorderStyle
    BorderThickness Bounds Button ByteRange CalCMYK CalGray CalRGB CapHeight Caption Category
    CCITTFaxDecode Center CharProcs CharSet CIDFontType0 CIDFontType0C CIDFontType2 CIDInit
    CIDSet CIDSystemInfo CIDToGIDMap Circle ClassMap CMapName Collection ColorBurn ColorDodge
    ColorSpace ColorTransform Colorants Colors Columns ColSpan ColumnCount ColumnGap
    ColumnWidths Compatible Components Configs ContactInfo Contents Coords Count Courier
    CourierNew CreationDate Creator CropBox Crypt CryptFilter DamagedRowsBeforeError Darken
    DCTDecode Decode DecodeParms Default DefaultCMYK DefaultGray DefaultRGB Descent
    DescendantFonts DestOutputProfile Dests DeviceCMYK DeviceColorant DeviceGray DeviceN
    DeviceRGB Difference Differences Direction DisplayDocTitle Dingbats DocMDP DocOpen Document
    DocumentFragment Domain Double Drawing DuplexFlipLongEdge Duplex DW2 Dynamic EarlyChange
    Embedded EmbeddedFile EmbeddedFiles EncryptMetadata Encode EncodedByteAlign Encoding
    EncodeParms Encrypt EndIndent EndOfBlock EndOfLine Endnote Exclusion Expanded Export
    ExportState ExtGState Extend Extends Extensions FDecodeParms FFilter FigureFunction Figure
    Fields Filespec Filter FirstChar FirstPage FitBH FitBV FitWindow FixedPrint Flags
    FlateDecode FontBBox FontDescriptor FontFamily FontFile FontFile2 FontFile3 FontMatrix
    FontName FontStretch FontWeight Footer Footnote FormEx Formula FormType FreeText
    FreeTextCallout FreeTextTypeWriter Function FunctionType Functions GlyphOrientationVertical
    Group HalftoneType Halftone HalftoneName Hanging HardLight Header Headers Height Helvetica
    HideMenubar HideToolbar HideWindowUI Highlight Hyphenated ICCBased Identity IdentityH Image
    ImageB ImageC ImageI ImageMask Import ImportData Indexed Inline InlineAlign InlineShape
    InkList Inset Intent Interpolate IsMap ItalicAngle JBIG2Decode JBIG2Globals JavaScript
    JPXDecode Justify KeepFirst Keywords Kerning Label LabelRange Landscape LastChar
    LastModified LastPage Launch Leading LegalAttestation Length Length1 Length2 Length3
    LetterSpacing Lighten Limits LineArrow LineEnding LineHeight LineThrough Linearized Listbox
    ListNumbering Listing Location LowerAlpha LowerRoman Luminosity LZWDecode MacExpertEncoding
    MacRomanEncoding MainImage Marked MarkInfo MarkStyle Matrix MaxLen MaxWidth MediaBox Medium
    Metadata Middle MissingWidth ModDate Movie Multiply Named Names NeedAppearances NewWindow
    NextPage NonFullScreenPageMode NonStruct Normal NumCopies ObjStm OCProperties OneColumn
    OpenAction OpenType Optional Options Ordering Ordered Outlines Output OutputCondition
    OutputConditionIdentifier OutputIntent OutputIntents Overlay OverPrint Padding PageElement
    PageLabel PageLabels PageLayout PageMode Pagination PaintType Paragraph Parent ParentTree
    ParentTreeNextKey Part Pattern PatternType Perceptual Perms PickTrayByPDFSize PieceInfo
    PlaceContent Placement Polygon PolyLine Portrait Predictor PresSteps Previous PrevPage
    PrinterMark PrintArea PrintClip PrintPageRange PrintScaling PrintState Private ProcSet
    ProcSets Producer Properties PubSec Quote RadioButton Range Reason Rectangle Redact
    Reference Registry RegistryName RelativeColorimetric Remote Rendition Requirements ResetForm
    Resources Resource RichMedia RoleMap Rotate RowSpan Rulers RunLengthDecode Saturation Schema
    Screen Section Separation SetOCGState Shading ShadingType Signature SigFlags SimplexDuplex
    Simplex SinglePage SMaskInData Softlight SoftLight Solid Sound SpaceAfter SpaceBefore
    SpiderInfo Square Squiggly StampImage Stamp Standard StandardEncoding Start StartIndent
    Status StemH StemV StmOwn StrikeOut String StructElem StructParent StructParents
    StructTreeRoot Subject SubmitForm Subtype Summary Supplement Suspects SwashEncoding Symbol
    Table TableBody TableHead TBorderStyle Templates TextAlign TextDecorationType TextIndent
    Thread Threads Thumb TilingType Times TimesNewRoman TimesNewRomanPS Title ToUnicode
    TrailerDict Transparency TransferFunction Trapped TrimBox TrueType TwoColumnLeft
    TwoColumnRight TwoPageLeft TwoPageRight Type0 Type1 Type1C Type3 Underline UniGB UpperAlpha
    UpperRoman Usage UseAttachments UseCMap UseNone UseOutlines UseThumbs UserProperties
    UserUnit Version Vertices ViewArea ViewClip ViewState ViewerPreferences Watermark WhitePoint
    Widget Widths Width WinAnsiEncoding WordSpacing WritingMode XHeight XObject XStep YStep
    ZapfDingbats
    """.split()  # noqa: SIM905
)
