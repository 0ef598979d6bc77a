"""A PowerPoint presentation with a value in every place."""

from docx_plant import HEAD, rels
from plant import package
from xlsx_plant import small_workbook

P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
KIND = "application/vnd.openxmlformats-officedocument.presentationml."


def shape(text, name="Title 1", extra=""):
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="{name}"{extra}/></p:nvSpPr><p:txBody><a:bodyPr/>'
        f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def presentation(plant):
    t = plant.text
    halves = plant("split")
    table = (
        "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>"
        f"{t('table')}</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData>"
        "</a:graphic></p:graphicFrame>"
    )
    slide = (
        f'{HEAD}<p:sld {P}><p:cSld name="{plant("slide name")}"><p:spTree>'
        + shape(
            t("title"),
            plant("shape name"),
            f' descr="{t("alt text")}" title="{t("alt title")}"',
        )
        + f'<p:sp><p:txBody><a:p><a:r><a:rPr b="1"/><a:t>x {halves[:5]}</a:t></a:r><a:r><a:t>'
        f'{halves[5:]}</a:t></a:r><a:br/><a:r><a:rPr><a:hlinkClick r:id="rId1" tooltip="'
        f'{t("tooltip")}"/></a:rPr><a:t>{t("link text")}</a:t></a:r></a:p></p:txBody></p:sp>'
        f"{table}</p:spTree></p:cSld></p:sld>"
    )
    notes = (
        f"{HEAD}<p:notes {P}><p:cSld><p:spTree>{shape(t('notes'))}</p:spTree></p:cSld></p:notes>"
    )
    master = (
        f"{HEAD}<p:sldMaster {P}><p:cSld><p:spTree>{shape(t('master'))}</p:spTree></p:cSld>"
        "</p:sldMaster>"
    )
    layout = (
        f'{HEAD}<p:sldLayout {P}><p:cSld name="{plant("layout name")}"><p:spTree>'
        f"{shape(t('layout'))}</p:spTree></p:cSld></p:sldLayout>"
    )
    handout = (
        f"{HEAD}<p:handoutMaster {P}><p:cSld><p:spTree>{shape(t('handout'))}</p:spTree></p:cSld>"
        "</p:handoutMaster>"
    )
    authors = (
        f'{HEAD}<p:cmAuthorLst {P}><p:cmAuthor id="0" name="{plant("comment author")}" initials="'
        f'{plant("comment initials")}"/></p:cmAuthorLst>'
    )
    comments = (
        f'{HEAD}<p:cmLst {P}><p:cm authorId="0" dt="2024-02-03T04:05:06.000" idx="1"><p:text>'
        f"{t('comment')}</p:text></p:cm></p:cmLst>"
    )
    p188 = 'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
    modern_authors = (
        f'{HEAD}<p188:authorLst {p188}><p188:author id="{{1}}" name="{plant("modern author")}" '
        f'initials="{plant("modern initials")}" userId="S::{plant("modern account")}" '
        'providerId="AD"/></p188:authorLst>'
    )
    modern = (
        f'{HEAD}<p188:cmLst {p188} {P}><p188:cm id="{{2}}" authorId="{{1}}" created='
        f'"2024-02-03T04:05:06.789"><p188:txBody><a:p><a:r><a:t>{t("modern comment")}</a:t></a:r>'
        f"</a:p></p188:txBody></p188:cm></p188:cmLst>"
    )
    tags = (
        f'{HEAD}<p:tagLst {P}><p:tag name="{plant("tag name")}" val="{t("tag value")}"/></p:tagLst>'
    )
    p14 = 'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'
    main = (
        f'{HEAD}<p:presentation {P}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        f'<p:custShowLst><p:custShow name="{plant("show name")}" id="0"/></p:custShowLst><p:extLst>'
        f'<p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst {p14}><p14:section '
        f'name="{t("section")}" id="{{33333333-3333-3333-3333-333333333333}}"/></p14:sectionLst>'
        "</p:ext></p:extLst></p:presentation>"
    )
    dgm = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    smart = (
        f"{HEAD}<dgm:dataModel {dgm} {P}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>{t('diagram')}"
        "</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    c = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    chart = (
        f"{HEAD}<c:chartSpace {c} {P}><c:chart><c:plotArea><c:ser><c:cat><c:strRef><c:f>Sheet1!$B$1"
        f"</c:f><c:strCache><c:pt><c:v>{t('category')}</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        '</c:ser></c:plotArea></c:chart><c:externalData r:id="rId1"/></c:chartSpace>'
    )
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{KIND}presentation.main+xml"/>'
        f'<Override PartName="/ppt/slides/slide1.xml" ContentType="{KIND}slide+xml"/></Types>',
        "_rels/.rels": rels(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": main,
        "ppt/_rels/presentation.xml.rels": rels(
            ("slide", "slides/slide1.xml"), ("slideMaster", "slideMasters/slideMaster1.xml")
        ),
        "ppt/slides/slide1.xml": slide,
        "ppt/slides/_rels/slide1.xml.rels": rels(
            ("hyperlink", f"https://x.example/{plant('link target')}", True),
            ("notesSlide", "../notesSlides/notesSlide1.xml"), ("chart", "../charts/chart1.xml"),
            ("audio", f"file:///C:/{plant('sound path')}.wav", True),
        ),
        "ppt/notesSlides/notesSlide1.xml": notes,
        "ppt/slideMasters/slideMaster1.xml": master,
        "ppt/slideLayouts/slideLayout1.xml": layout,
        "ppt/handoutMasters/handoutMaster1.xml": handout,
        "ppt/commentAuthors.xml": authors,
        "ppt/comments/comment1.xml": comments,
        "ppt/authors.xml": modern_authors,
        "ppt/comments/modernComment_1.xml": modern,
        "ppt/tags/tag1.xml": tags,
        "ppt/diagrams/data1.xml": smart,
        "ppt/charts/chart1.xml": chart,
        "ppt/charts/_rels/chart1.xml.rels": rels(("package", "../embeddings/a.xlsx")),
        "ppt/embeddings/a.xlsx": small_workbook(t("chart workbook")),
    }  # fmt: skip
    return package(parts)
