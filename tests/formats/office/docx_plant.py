"""A Word document with a value in every place that Word can put one."""

from plant import package
from xlsx_plant import small_workbook

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
DOC = "application/vnd.openxmlformats-officedocument."


def rels(*entries):
    """(id, type, target[, external])."""
    rows = []
    for number, (kind, target, *external) in enumerate(entries, 1):
        mode = ' TargetMode="External"' if external else ""
        kind = kind if kind.startswith("http") else REL + kind
        rows.append(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"{mode}/>')
    return f"{HEAD}<Relationships {RELS}>{''.join(rows)}</Relationships>"


def p(text, properties=""):
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def split(text, at):
    """A value over three runs of different formatting."""
    value_at = text.index("Plantedvalue")
    first, second = value_at + 4, value_at + at
    return (
        f'<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text[:first]}</w:t></w:r>'
        f'<w:proofErr w:type="spellStart"/><w:r><w:rPr><w:i/></w:rPr><w:t>{text[first:second]}'
        f'</w:t></w:r><w:r w:rsidR="00AB12CD"><w:rPr><w:u w:val="single"/></w:rPr>'
        f"<w:t>{text[second:]}</w:t></w:r></w:p>"
    )


def body(plant):
    t = plant.text
    chart = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="9" '
        'name="Chart 9"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/'
        'drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/'
        '2006/chart" r:id="rId2"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    nested = f"<w:tbl><w:tr><w:tc>{p(t('nested table'))}</w:tc></w:tr></w:tbl>"
    table = (
        f'<w:tbl><w:tblPr><w:tblCaption w:val="{t("table caption")}"/></w:tblPr>'
        f"<w:tr><w:tc>{p(t('table'))}{nested}<w:p/></w:tc></w:tr></w:tbl>"
    )
    box = p(t("text box"))
    fallback = p(t("text box fallback"))
    textbox = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        f'<wp:docPr id="3" name="{plant("shape name")}" descr="{t("alt text")}" '
        f'title="{t("alt title")}"/><wp:positionH><wp:posOffset>12345</wp:posOffset>'
        "</wp:positionH><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>"
        f"{box}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        '</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape id="s1" alt="'
        f'{t("vml alt")}" style="width:10pt" o:gfxdata="UEsDBBQABgAI"><v:textbox><w:txbxContent>'
        f'{fallback}</w:txbxContent></v:textbox><v:textpath string="{plant("word art")}"/>'
        "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    control = (
        f'<w:sdt><w:sdtPr><w:alias w:val="{t("control title")}"/><w:tag w:val="'
        f'{plant("control tag")}"/><w:dropDownList><w:listItem w:displayText="{t("list item")}" '
        f'w:value="{plant("list value")}"/></w:dropDownList><w:dataBinding w:xpath="/a/'
        f'{plant("binding")}"/></w:sdtPr><w:sdtContent>{p(t("control"))}</w:sdtContent></w:sdt>'
    )
    date = (
        '<w:p><w:sdt><w:sdtPr><w:date w:fullDate="1980-03-05T00:00:00Z"/></w:sdtPr><w:sdtContent>'
        f"<w:r><w:t>{plant('date control')}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    mail = plant("field instruction")
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' HYPERLINK "mailto:{mail[:8]}</w:instrText></w:r><w:r><w:instrText>{mail[8:]}@x.example"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{t("field result")}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f'<w:fldSimple w:instr=" XE &quot;{plant("simple field")}&quot; "><w:r><w:t>'
        f"{plant('simple field result')}</w:t></w:r></w:fldSimple></w:p>"
    )
    form = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/><w:helpText '
        f'w:val="{t("form help")}"/><w:statusText w:val="{t("form status")}"/><w:textInput>'
        f'<w:default w:val="{t("form default")}"/></w:textInput><w:ddList><w:listEntry w:val="'
        f'{plant("form list")}"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>'
    )
    link = (
        f'<w:p><w:hyperlink r:id="rId1" w:tooltip="{t("tooltip")}"><w:r><w:t>{t("link text")}</w:t>'
        f'</w:r></w:hyperlink><w:hyperlink w:anchor="{plant("bookmark")}"><w:r><w:t>there</w:t>'
        f'</w:r></w:hyperlink></w:p><w:bookmarkStart w:id="1" w:name="{plant.places["bookmark"]}"/>'
        '<w:p/><w:bookmarkEnd w:id="1"/>'
    )
    moved = plant("moved")
    crossing = plant("across a change")
    changes = (
        f'<w:p><w:r><w:t>kept </w:t></w:r><w:ins w:id="5" w:author="{plant("inserting author")}" '
        f'w:date="2024-02-03T04:05:06Z"><w:r><w:t>{t("inserted")}</w:t></w:r></w:ins>'
        f'<w:del w:id="6" w:author="{plant("deleting author")}" w:date="2024-02-03T04:05:06Z"><w:r>'
        f"<w:delText>{t('deleted')}</w:delText></w:r></w:del></w:p>"
        f'<w:p><w:moveFrom w:id="7" w:author="A"><w:r><w:t>{moved}</w:t></w:r></w:moveFrom></w:p>'
        f'<w:p><w:moveTo w:id="8" w:author="A"><w:r><w:t>{moved}</w:t></w:r></w:moveTo></w:p>'
        f'<w:p><w:r><w:t>by {crossing[:6]}</w:t></w:r><w:del w:id="10" w:author="A"><w:r><w:delText>'
        f'{crossing[6:]}</w:delText></w:r></w:del><w:ins w:id="11" w:author="A"><w:r><w:t>rest</w:t>'
        f'</w:r></w:ins></w:p><w:p><w:pPr><w:rPr><w:rPrChange w:id="9" w:author="'
        f'{plant("formatting author")}" w:date="2024-02-03T04:05:06Z"><w:rPr/></w:rPrChange></w:rPr>'
        "</w:pPr></w:p>"
    )
    ruby = plant("ruby base")
    odd = (
        f"<w:p><w:r><w:t>a</w:t><w:tab/><w:t>{plant('after tab')}</w:t><w:br/></w:r><w:r><w:ruby>"
        f"<w:rt><w:r><w:t>reading aloud</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{ruby}</w:t></w:r>"
        f"</w:rubyBase></w:ruby></w:r></w:p><w:p><m:oMath><m:r><m:t>{plant('formula')}</m:t></m:r>"
        f"</m:oMath></w:p><w:p><w:r><w:t><![CDATA[{t('character data')}]]></w:t></w:r></w:p>"
        f"<!-- {t('xml comment')} --><w:p><w:r><w:t>&#80;lantedvalue{len(plant.places) - 1:03d}"
        f'</w:t></w:r></w:p><x:unknown xmlns:x="urn:acme:custom" x:who="{plant("unknown attribute")}'
        f'">{t("unknown element")}</x:unknown>'
    )
    hidden = f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{t('hidden text')}</w:t></w:r></w:p>"
    objects = (
        '<w:p><w:r><w:object><v:shape id="s2"/><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" '
        'ShapeID="s2" DrawAspect="Content" ObjectID="_1" r:id="rId3"/></w:object></w:r></w:p>'
        '<w:altChunk r:id="rId10"/>'
    )
    return "".join(
        (
            p(t("body")), split(t("split over runs"), 9), table, textbox, control, date, field,
            form, link, changes, odd, hidden, chart, objects,
        )
    )  # fmt: skip


def document(plant, *, macros=False):
    t = plant.text
    sect = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference '
        'w:type="default" r:id="rId5"/></w:sectPr>'
    )
    main = f"{HEAD}<w:document {W}><w:body>{body(plant)}{sect}</w:body></w:document>"
    note = lambda kind, text: (  # noqa: E731
        f'{HEAD}<w:{kind}s {W}><w:{kind} w:id="1">{p(text)}</w:{kind}></w:{kind}s>'
    )
    comments = (
        f'{HEAD}<w:comments {W}><w:comment w:id="1" w:author="{plant("comment author")}" '
        f'w:initials="{plant("comment initials")}" w:date="2024-02-03T04:05:06Z">'
        f"{p(t('comment'))}</w:comment></w:comments>"
    )
    people = (
        f'{HEAD}<w15:people {W}><w15:person w15:author="{plant("person")}"><w15:presenceInfo '
        f'w15:providerId="AD" w15:userId="S::{plant("account")}::0"/></w15:person></w15:people>'
    )
    styles = (
        f'{HEAD}<w:styles {W}><w:style w:type="paragraph" w:styleId="{plant("style id")}"><w:name '
        f'w:val="{t("style name")}"/></w:style><w:style w:type="paragraph" w:styleId="Two">'
        f'<w:name w:val="Two"/><w:basedOn w:val="{plant.places["style id"]}"/></w:style></w:styles>'
    )
    numbering = (
        f'{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText '
        f'w:val="{t("numbering")} %1"/></w:lvl></w:abstractNum></w:numbering>'
    )
    settings = (
        f'{HEAD}<w:settings {W}><w:attachedTemplate r:id="rId1"/><w:mailMerge><w:connectString '
        f'w:val="{plant("mail merge connection")}"/><w:query w:val="{plant("mail merge query")}"/>'
        f'</w:mailMerge><w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids><w:docVars><w:docVar '
        f'w:name="{plant("variable name")}" w:val="{t("variable")}"/></w:docVars><w15:docId '
        'w15:val="{12345678-1234-1234-1234-123456789012}"/></w:settings>'
    )
    glossary = (
        f'{HEAD}<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartPr><w:name w:val="'
        f'{plant("glossary name")}"/><w:description w:val="{t("glossary description")}"/>'
        f"</w:docPartPr><w:docPartBody>{p(t('glossary'))}</w:docPartBody></w:docPart></w:docParts>"
        "</w:glossaryDocument>"
    )
    dgm = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    smart = (
        f'{HEAD}<dgm:dataModel {dgm} {W}><dgm:ptLst><dgm:pt modelId="1"><dgm:prSet phldrT="'
        f'{plant("diagram placeholder")}"/><dgm:t><a:bodyPr/><a:p><a:r><a:t>{t("diagram")}</a:t>'
        "</a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    dsp = 'xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram"'
    smart_drawing = (
        f"{HEAD}<dsp:drawing {dsp} {W}><dsp:spTree><dsp:sp><dsp:txBody><a:p><a:r><a:t>"
        f"{t('diagram drawing')}</a:t></a:r></a:p></dsp:txBody></dsp:sp></dsp:spTree></dsp:drawing>"
    )
    c = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    chart = (
        f"{HEAD}<c:chartSpace {c} {W}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>"
        f"{t('chart title')}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:layout/><c:barChart>"
        f'<c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f'<c:tx><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>'
        f"{t('series name')}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef>"
        f'<c:f>Sheet1!$A$2</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{t("category")}</c:v></c:pt>'
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!$B$2</c:f><c:numCache>"
        '<c:ptCount val="1"/><c:pt idx="0"><c:v>5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/>'
        '<c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/>'
        '<c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea>'
        "</c:chart>"
        '<c:externalData r:id="rId1"/></c:chartSpace>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms='
        '"http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{t('title')}</dc:title><dc:subject>{t('subject')}</dc:subject><dc:creator>"
        f"{plant('creator')}</dc:creator><cp:keywords>{t('keywords')}</cp:keywords><dc:description>"
        f"{t('description')}</dc:description><cp:lastModifiedBy>{plant('modifier')}"
        f"</cp:lastModifiedBy><cp:revision>7</cp:revision><cp:category>{t('category property')}"
        '</cp:category><dcterms:created xsi:type="dcterms:W3CDTF">2024-01-02T03:04:05Z'
        "</dcterms:created></cp:coreProperties>"
    )
    app = (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-'
        f'properties"><Template>{plant("template")}</Template><TotalTime>42</TotalTime><Manager>'
        f"{plant('manager')}</Manager><Company>{plant('company')}</Company><Application>Microsoft "
        f"Office Word</Application><HyperlinkBase>{plant('link base')}</HyperlinkBase></Properties>"
    )
    custom = (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-'
        'properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="'
        f'{plant("property name")}"><vt:lpwstr>{t("property")}</vt:lpwstr></property></Properties>'
    )
    item = f'{HEAD}<root xmlns="urn:acme:data"><who><b>{t("custom xml")}</b></who></root>'
    overrides = {
        "word/document.xml": (
            "application/vnd.ms-word.document.macroEnabled.main+xml"
            if macros
            else DOC + "wordprocessingml.document.main+xml"
        ),
        **{
            f"word/{name}.xml": f"{DOC}wordprocessingml.{name}+xml"
            for name in ("styles", "settings", "comments", "footnotes", "endnotes", "numbering")
        },
        "word/header1.xml": DOC + "wordprocessingml.header+xml",
        "word/footer1.xml": DOC + "wordprocessingml.footer+xml",
        "word/charts/chart1.xml": DOC + "drawingml.chart+xml",
        "word/glossary/document.xml": DOC + "wordprocessingml.document.glossary+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": DOC + "extended-properties+xml",
        "docProps/custom.xml": DOC + "custom-properties+xml",
    }
    types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Default Extension="txt" ContentType="text/plain"/>'
        + "".join(
            f'<Override PartName="/{part}" ContentType="{kind}"/>'
            for part, kind in overrides.items()
        )
        + "</Types>"
    )
    header = f"{HEAD}<w:hdr {W}>{p(t('header'))}</w:hdr>"
    footer = f"{HEAD}<w:ftr {W}>{p(t('footer'))}</w:ftr>"
    target = f"mailto:{plant('link target')}%40x.example?subject={plant('encoded target')}%20y"
    named = f"word/embeddings/{plant('member name')}.xlsx"
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": rels(
            ("officeDocument", "word/document.xml"),
            ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
             "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"),
            ("custom-properties", "docProps/custom.xml"),
            ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
             "docProps/thumbnail.jpeg"),
        ),
        "word/_rels/document.xml.rels": rels(
            ("hyperlink", target, True), ("chart", "charts/chart1.xml"),
            ("package", f"embeddings/{named.rsplit('/', 1)[1]}"), ("header", "header1.xml"),
            ("footer", "footer1.xml"), ("styles", "styles.xml"), ("comments", "comments.xml"),
            ("footnotes", "footnotes.xml"), ("endnotes", "endnotes.xml"),
            ("aFChunk", "afchunk.txt"), ("settings", "settings.xml"),
            ("glossaryDocument", "glossary/document.xml"), ("customXml", "../customXml/item1.xml"),
            ("numbering", "numbering.xml"), ("diagramData", "diagrams/data1.xml"),
            *([("http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                "vbaProject.bin")] if macros else []),
        ),
        "word/_rels/settings.xml.rels": rels(
            ("attachedTemplate", f"file:///C:/Users/{plant('template path')}/a.dotx", True)
        ),
        "word/document.xml": main,
        "word/styles.xml": styles,
        "word/numbering.xml": numbering,
        "word/settings.xml": settings,
        "word/header1.xml": header,
        "word/footer1.xml": footer,
        "word/comments.xml": comments,
        "word/people.xml": people,
        "word/footnotes.xml": note("footnote", t("footnote")),
        "word/endnotes.xml": note("endnote", t("endnote")),
        "word/glossary/document.xml": glossary,
        "word/diagrams/data1.xml": smart,
        "word/diagrams/drawing1.xml": smart_drawing,
        "word/charts/chart1.xml": chart,
        "word/charts/_rels/chart1.xml.rels": rels(("package", "../embeddings/Sheet1.xlsx")),
        "word/embeddings/Sheet1.xlsx": small_workbook(t("chart workbook")),
        named: small_workbook(t("embedded workbook")),
        "word/afchunk.txt": t("text chunk"),
        "customXml/item1.xml": item,
        "docProps/core.xml": core,
        "docProps/app.xml": app,
        "docProps/custom.xml": custom,
        "docProps/thumbnail.jpeg": b"\xff\xd8\xff\xe0" + plant("thumbnail").encode(),
    }  # fmt: skip
    if macros:
        parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" + plant("macro").encode()
    return package(parts)
