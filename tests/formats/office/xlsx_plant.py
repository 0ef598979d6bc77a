"""Excel workbooks by hand: a small one to embed, and one with a value in every place."""

from plant import package

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
X = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def rels(*entries):
    rows = []
    for number, (kind, target, *external) in enumerate(entries, 1):
        mode = ' TargetMode="External"' if external else ""
        kind = kind if kind.startswith("http") else REL + kind
        rows.append(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"{mode}/>')
    return f"{HEAD}<Relationships {RELS}>{''.join(rows)}</Relationships>"


def types(**overrides):
    rows = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items()
    )
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.'
        'vmlDrawing"/><Default Extension="bin" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.printerSettings"/>{rows}</Types>'
    )


def book(sheets, *, strings=(), formats=(), extra=None, extra_rels=(), workbook="", main=None):
    """``sheets``: name -> sheetData and what follows; ``formats``: number formats by style 1, 2 ..."""
    numbers = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(formats)
    )
    xfs = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    styles = (
        f'{HEAD}<styleSheet {X}><numFmts count="{len(formats)}">{numbers}</numFmts><cellStyleXfs>'
        f'<xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{xfs}</cellXfs></styleSheet>'
    )
    parts = {
        "[Content_Types].xml": "",
        "_rels/.rels": rels(
            ("officeDocument", "xl/workbook.xml"),
            ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
             "docProps/core.xml"),
        ),
        "xl/workbook.xml": f"{HEAD}<workbook {X}><sheets>"
        + "".join(
            f'<sheet name="{name}" sheetId="{at}" {state} r:id="rId{at}"/>'
            for at, (name, state) in enumerate(
                ((name, 'state="veryHidden"' if at else "") for at, name in enumerate(sheets)), 1
            )
        )
        + f"</sheets>{workbook}</workbook>",
        "xl/styles.xml": styles,
    }  # fmt: skip
    entries = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    entries += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"), *extra_rels]
    parts["xl/_rels/workbook.xml.rels"] = rels(*entries)
    for at, content in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = f"{HEAD}<worksheet {X}>{content}</worksheet>"
    items = "".join(s if s.startswith("<si") else f"<si><t>{s}</t></si>" for s in strings)
    parts["xl/sharedStrings.xml"] = (
        f'{HEAD}<sst {X} count="{len(strings)}" uniqueCount="{len(strings)}">{items}</sst>'
    )
    parts["docProps/core.xml"] = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties"/>'
    )
    parts.update(extra or {})
    parts["[Content_Types].xml"] = types(
        **{
            "xl/workbook.xml": main or SHEET + "sheet.main+xml",
            "xl/styles.xml": SHEET + "styles+xml",
            "xl/sharedStrings.xml": SHEET + "sharedStrings+xml",
            **{
                f"xl/worksheets/sheet{at}.xml": SHEET + "worksheet+xml"
                for at in range(1, len(sheets) + 1)
            },
            **({"xl/calcChain.xml": SHEET + "calcChain+xml"} if extra and "xl/calcChain.xml" in
               extra else {}),
        }
    )  # fmt: skip
    return package(parts)


def data(*rows):
    """Rows of ``<c>`` contents: (attributes, inner) by column letter."""
    out = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(64 + column)}{number}" {attributes}>{inner}</c>'
            for column, (attributes, inner) in enumerate(row, 1)
            if inner is not None
        )
        out.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(out)}</sheetData>"


def s(index):
    return 't="s"', f"<v>{index}</v>"


def inline(text):
    return 't="inlineStr"', f"<is><t>{text}</t></is>"


def n(value, style=0):
    return f's="{style}"', f"<v>{value}</v>"


def f(formula, value, kind="str"):
    return f't="{kind}"', f"<f>{formula}</f><v>{value}</v>"


def small_workbook(text):
    return book({"Sheet1": data([inline("Header"), s(0)])}, strings=[text])


def workbook(plant):
    """Everything at once; strings are planted as text, in names of sheets and in numbers' formats."""
    t = plant.text
    strings = [
        t("shared string"),
        f"<si><r><rPr><b/></rPr><t>rich {(rich := plant('rich string'))[:6]}</t></r><r><t>{rich[6:]}"
        f'</t></r><rPh sb="0" eb="4"><t>{plant("phonetic")}</t></rPh></si>',
        t("unused string"),
        f"escaped_x0009_{plant('escaped string')}",
    ]
    sheet_name = f"S {plant('sheet name')}"
    hidden_name = plant("hidden sheet name")
    first = (
        f'<sheetPr codeName="{plant("code name")}"/>'
        + data(
            [s(0), s(1), s(3), inline(t("inline string"))],
            [
                f("CONCATENATE(&quot;x&quot;)", t("formula result")),
                f(f"IF(A1=&quot;{plant('formula literal')}&quot;,1,0)", "1", "n"),
                f(f"'{sheet_name}'!A1", "5", "n"),
                n(5, 1),
            ],
        )
        + f'<autoFilter ref="A1:B9"><filterColumn colId="0"><filters><filter val="{plant("filter")}"/>'
        "</filters></filterColumn></autoFilter>"
        '<conditionalFormatting sqref="A1"><cfRule type="containsText" priority="1" operator='
        f'"containsText" text="{plant("rule text")}"><formula>NOT(ISERROR(SEARCH(&quot;'
        f"{plant('rule formula')}&quot;,A1)))</formula></cfRule></conditionalFormatting>"
        '<dataValidations><dataValidation type="list" sqref="A1" promptTitle="'
        f'{t("prompt title")}" prompt="{t("prompt")}" errorTitle="{t("error title")}" error="'
        f'{t("error text")}"><formula1>&quot;{plant("validation list")},other&quot;</formula1>'
        "</dataValidation></dataValidations>"
        f'<hyperlinks><hyperlink ref="A1" r:id="rId1" tooltip="{t("tooltip")}" display="'
        f'{t("display")}"/><hyperlink ref="A2" location="\'{sheet_name}\'!A1"/></hyperlinks>'
        '<pageSetup orientation="portrait" r:id="rId2"/><headerFooter><oddHeader>&amp;L'
        f'{t("page header")}&amp;R&amp;P</oddHeader></headerFooter><legacyDrawing r:id="rId4"/>'
    )
    rows = [[inline("Id"), inline(f"H {plant('header cell')}")], [n(1), inline("two")]]
    second = data(*rows) + '<tableParts><tablePart r:id="rId1"/></tableParts>'
    table = (
        f'{HEAD}<table {X} id="1" name="{plant("table name")}" displayName="'
        f'{plant.places["table name"]}" ref="A1:B2" comment="{t("table comment")}"><tableColumns>'
        f'<tableColumn id="1" name="Id"/><tableColumn id="2" name="H {plant.places["header cell"]}"/>'
        "</tableColumns></table>"
    )
    comments = (
        f"{HEAD}<comments {X}><authors><author>{plant('comment author')}</author></authors>"
        f'<commentList><comment ref="A1" authorId="0"><text><r><t>{t("comment")}</t></r></text>'
        "</comment></commentList></comments>"
    )
    tc = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    threaded = (
        f'{HEAD}<ThreadedComments {tc}><threadedComment ref="A1" dT="2024-02-03T04:05:06.70" '
        f'personId="{{11111111-1111-1111-1111-111111111111}}" id="{{22222222-2222-2222-2222-'
        f'222222222222}}"><text>{t("threaded comment")}</text></threadedComment></ThreadedComments>'
    )
    persons = (
        f'{HEAD}<personList {tc}><person displayName="{plant("person")}" id="{{11111111-1111-1111-'
        f'1111-111111111111}}" userId="{plant("account")}" providerId="AD"/></personList>'
    )
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_s1"><v:textbox>'
        f'<div><font>{t("note box")}</font></div></v:textbox><x:ClientData ObjectType="Note">'
        "<x:Anchor>1, 2, 3, 4</x:Anchor></x:ClientData></v:shape></xml>"
    )
    cache = (
        f'{HEAD}<pivotCacheDefinition {X} refreshedBy="{plant("pivot refresher")}" refreshedDate='
        f'"45000.5" r:id="rId1"><cacheSource type="worksheet"><worksheetSource ref="A1:B2" sheet='
        f'"{sheet_name}"/></cacheSource><cacheFields><cacheField name="{plant("pivot field")}">'
        f'<sharedItems><s v="{t("pivot item")}"/></sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>"
    )
    records = (
        f'{HEAD}<pivotCacheRecords {X}><r><s v="{t("pivot record")}"/></r></pivotCacheRecords>'
    )
    pivot = (
        f'{HEAD}<pivotTableDefinition {X} name="{plant("pivot name")}"><pivotFields><pivotField '
        f'name="{t("pivot caption")}"><items><item n="{t("pivot item caption")}"/></items>'
        f'</pivotField></pivotFields><dataFields><dataField name="{t("pivot data field")}"/>'
        "</dataFields></pivotTableDefinition>"
    )
    link = (
        f'{HEAD}<externalLink {X}><externalBook r:id="rId1"><sheetNames><sheetName val="'
        f'{plant("external sheet")}"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
        f'<cell r="A1" t="str"><v>{t("external value")}</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>"
    )
    connections = (
        f'{HEAD}<connections {X}><connection id="1" name="{plant("connection name")}" description="'
        f'{t("connection description")}"><dbPr connection="Provider=x;User ID='
        f'{plant("connection string")}" command="SELECT {plant("connection command")}"/>'
        "</connection></connections>"
    )
    query = (
        f'{HEAD}<queryTable {X} name="{plant("query name")}"><queryTableRefresh><queryTableFields>'
        f'<queryTableField id="1" name="{plant("query field")}"/></queryTableFields>'
        "</queryTableRefresh></queryTable>"
    )
    xdr = (
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    drawing = (
        f"{HEAD}<xdr:wsDr {xdr}><xdr:twoCellAnchor><xdr:from><xdr:col>12345678</xdr:col></xdr:from>"
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="Box 1" descr="{t("alt text")}"/></xdr:nvSpPr>'
        f"<xdr:txBody><a:p><a:r><a:t>{t('shape text')}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    revisions = f'{HEAD}<headers {X}><header userName="{plant("revision user")}"/></headers>'
    names = (
        f'<definedNames><definedName name="{plant("defined name")}" comment="{t("name comment")}">'
        f"'{sheet_name}'!$A$1</definedName><definedName name=\"Constant\">&quot;"
        f'{plant("constant")}&quot;</definedName></definedNames><calcPr calcId="1"/>'
    )
    sharing = f'<fileSharing userName="{plant("reserved by")}"/>'
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/'
        f'spreadsheetml/2010/11/ac" url="C:\\Users\\{plant("workbook path")}\\x"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels(
            ("hyperlink", f"file:///C:/{plant('link target')}.txt", True),
            ("printerSettings", "../printerSettings/printerSettings1.bin"),
            ("comments", "../comments1.xml"), ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("queryTable", "../queryTables/queryTable1.xml"),
            ("drawing", "../drawings/drawing1.xml"),
            ("http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
             "../threadedComments/threadedComment1.xml"),
            ("pivotTable", "../pivotTables/pivotTable1.xml"),
        ),
        "xl/worksheets/_rels/sheet2.xml.rels": rels(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": table,
        "xl/comments1.xml": comments,
        "xl/threadedComments/threadedComment1.xml": threaded,
        "xl/persons/person.xml": persons,
        "xl/drawings/vmlDrawing1.vml": vml,
        "xl/drawings/drawing1.xml": drawing,
        "xl/pivotCache/pivotCacheDefinition1.xml": cache,
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": rels(
            ("pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/pivotCache/pivotCacheRecords1.xml": records,
        "xl/pivotTables/pivotTable1.xml": pivot,
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": rels(
            ("externalLinkPath", f"file:///{plant('external path')}.xlsx", True)
        ),
        "xl/connections.xml": connections,
        "xl/queryTables/queryTable1.xml": query,
        "xl/printerSettings/printerSettings1.bin": plant("printer").encode("utf-16-le"),
        "xl/revisions/revisionHeaders.xml": revisions,
        "xl/calcChain.xml": f'{HEAD}<calcChain {X}><c r="A2" i="1"/></calcChain>',
        "docProps/app.xml": f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/'
        'officeDocument/2006/extended-properties" xmlns:vt="http://schemas.openxmlformats.org/'
        'officeDocument/2006/docPropsVTypes"><TitlesOfParts><vt:vector size="2" baseType="lpstr">'
        f"<vt:lpstr>{sheet_name}</vt:lpstr><vt:lpstr>{hidden_name}</vt:lpstr></vt:vector>"
        "</TitlesOfParts></Properties>",
    }  # fmt: skip
    return book(
        {sheet_name: first, hidden_name: second},
        strings=strings,
        formats=[f"&quot;{plant('number format')} &quot;0"],
        extra=extra,
        extra_rels=[
            ("calcChain", "calcChain.xml"), ("connections", "connections.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"),
            ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("http://schemas.microsoft.com/office/2017/10/relationships/person",
             "persons/person.xml"),
        ],
        workbook=names + sharing + path,
    )  # fmt: skip
