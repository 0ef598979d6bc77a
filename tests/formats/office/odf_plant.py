"""OpenDocument text, spreadsheet and presentation with a value in every place."""

from plant import package

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("style", "style"), ("meta", "meta"), ("svg", "svg-compatible"), ("form", "form"),
        ("presentation", "presentation"), ("fo", "xsl-fo-compatible"), ("config", "config"),
        ("script", "script"), ("manifest", "manifest"), ("number", "datastyle"),
    )
) + (
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:officeooo="http://openoffice.org/2009/office"'
)  # fmt: skip


def document(kind, content, styles="", meta="", settings="", extra=None):
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    parts = {
        "mimetype": mimetype,
        "content.xml": f"{HEAD}<office:document-content {NS}>{content}</office:document-content>",
        "styles.xml": f"{HEAD}<office:document-styles {NS}>{styles}</office:document-styles>",
        "meta.xml": f"{HEAD}<office:document-meta {NS}><office:meta>{meta}</office:meta>"
        "</office:document-meta>",
        "settings.xml": f"{HEAD}<office:document-settings {NS}><office:settings>{settings}"
        "</office:settings></office:document-settings>",
        **(extra or {}),
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in parts
        if name != "mimetype"
    )
    parts["META-INF/manifest.xml"] = (
        f'{HEAD}<manifest:manifest {NS}><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{mimetype}"/>{entries}</manifest:manifest>'
    )
    return package(parts, first={"mimetype"})


def meta(plant):
    t = plant.text
    return (
        f"<dc:title>{t('title')}</dc:title><dc:creator>{plant('creator')}</dc:creator><dc:date>"
        "2024-01-02T03:04:05</dc:date><meta:initial-creator>"
        f"{plant('first author')}</meta:initial-creator><meta:printed-by>{plant('printed by')}"
        f"</meta:printed-by><meta:keyword>{t('keyword')}</meta:keyword><meta:user-defined "
        f'meta:name="{plant("property name")}">{t("property")}</meta:user-defined><meta:template '
        f'xlink:href="file:///home/{plant("template path")}/a.ott" xlink:title="'
        f'{plant("template title")}"/><meta:editing-cycles>7</meta:editing-cycles>'
    )


def text(plant):
    t = plant.text
    split, crossing = plant("split"), plant("across a change")
    note = (
        f"<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>"
        f"{t('footnote')}</text:p></text:note-body></text:note>"
    )
    annotation = (
        f'<office:annotation office:name="{plant("comment name")}"><dc:creator>'
        f"{plant('comment author')}</dc:creator><dc:date>2024-02-03T04:05:06</dc:date>"
        f"<meta:creator-initials>{plant('comment initials')}</meta:creator-initials><text:p>"
        f"{t('comment')}</text:p></office:annotation>"
    )
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"<office:change-info><dc:creator>{plant('change author')}</dc:creator><dc:date>"
        f"2024-02-03T04:05:06</dc:date></office:change-info><text:p>{t('deleted')}</text:p>"
        '</text:deletion></text:changed-region><text:changed-region text:id="c2"><text:deletion>'
        "<office:change-info><dc:creator>X</dc:creator></office:change-info><text:p>"
        f"{crossing[7:]}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    )
    fields = (
        f'<text:user-field-decls><text:user-field-decl text:name="{plant("field name")}" '
        f'office:value-type="string" office:string-value="{t("field value")}"/>'
        "</text:user-field-decls>"
    )
    box = (
        f'<draw:frame draw:name="{plant("frame name")}"><draw:text-box><text:p>{t("text box")}'
        f"</text:p></draw:text-box><svg:title>{t('alt title')}</svg:title><svg:desc>"
        f"{t('alt text')}</svg:desc></draw:frame>"
    )
    body = (
        f"{changes}{fields}<text:h>{t('heading')}</text:h><text:p>{t('body')}{note}{annotation}"
        f'<text:change text:change-id="c1"/></text:p><text:p>a{split[:4]}<text:span>{split[4:8]}'
        f'</text:span>{split[8:]}<text:s text:c="3"/>b<text:tab/>c</text:p><text:p>by '
        f'{crossing[:7]}<text:change text:change-id="c2"/></text:p>'
        f'<text:p><text:a xlink:href="mailto:{plant("link")}@x.example" xlink:title="'
        f'{t("link title")}">{t("link text")}</text:a><text:bookmark text:name="'
        f'{plant("bookmark")}"/><text:bookmark-ref text:ref-name="{plant.places["bookmark"]}">1'
        f'</text:bookmark-ref><text:user-field-get text:name="{plant.places["field name"]}">shown'
        f'</text:user-field-get><text:conditional-text text:condition="ooow:1" '
        f'text:string-value-if-true="{t("conditional text")}"/><text:hidden-text text:string-value="'
        f'{t("hidden text")}" text:condition="ooow:1"/><text:alphabetical-index-mark '
        f'text:string-value="{plant("index mark")}"/></text:p><text:p>{box}</text:p>'
        f'<table:table table:name="{plant("table name")}"><table:table-row><table:table-cell>'
        f"<text:p>{t('table')}</text:p></table:table-cell></table:table-row></table:table>"
        f'<text:section text:name="{plant("section name")}"><text:p>{t("section")}</text:p>'
        f'</text:section><form:form form:name="{plant("form name")}"><form:text form:label="'
        f'{t("form label")}" form:current-value="{t("form value")}"/></form:form>'
        f"<text:p>R<text:ruby><text:ruby-base>{plant('ruby base')}</text:ruby-base><text:ruby-text>"
        "reading aloud</text:ruby-text></text:ruby></text:p>"
    )
    content = (
        f'<office:automatic-styles><style:style style:name="P1" style:family="paragraph">'
        f'<style:text-properties officeooo:rsid="001a2b3c"/></style:style></office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body>"
    )
    styles = (
        f'<office:styles><style:style style:name="{plant("style id")}" style:display-name="'
        f'{t("style name")}"/><style:style style:name="B" style:parent-style-name="'
        f'{plant.places["style id"]}"/></office:styles><office:master-styles><style:master-page '
        f'style:name="Standard"><style:header><text:p>{t("header")}</text:p></style:header>'
        f"<style:footer><text:p>{t('footer')}</text:p></style:footer></style:master-page>"
        "</office:master-styles>"
    )
    settings = (
        '<config:config-item-set config:name="s"><config:config-item config:name="PrinterName" '
        f'config:type="string">{plant("printer")}</config:config-item><config:config-item config:name'
        f'="CurrentDatabaseDataSource">{plant("data source")}</config:config-item>'
        "</config:config-item-set>"
    )
    extra = {
        "Thumbnails/thumbnail.png": b"\x89PNG" + plant("thumbnail").encode(),
        "Object 1/content.xml": f"{HEAD}<office:document-content {NS}><office:body><text:p>"
        f"{t('embedded object')}</text:p></office:body></office:document-content>",
        "Basic/Standard/Module1.xml": f"{HEAD}<m>{plant('macro')}</m>",
    }
    return document("text", content, styles, meta(plant), settings, extra)


def cell(inner, **attributes):
    spelt = "".join(f' {name.replace("_", ":", 1)}="{v}"' for name, v in attributes.items())
    return f"<table:table-cell{spelt.replace('__', '-')}>{inner}</table:table-cell>"


def sheet(plant):
    t = plant.text
    sheet_name = f"S {plant('sheet name')}"
    rows = (
        "<table:table-row>"
        f'<table:table-cell office:value-type="string"><text:p>{t("cell")}</text:p>'
        f"<office:annotation><dc:creator>{plant('comment author')}</dc:creator><text:p>"
        f"{t('comment')}</text:p></office:annotation></table:table-cell>"
        '<table:table-cell office:value-type="string" office:string-value="'
        f'{(shown := plant("string value"))}" table:formula="of:=UPPER([.A1])"><text:p>{shown}'
        f'</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1" '
        f'table:formula="of:=IF([.A1]=&quot;{plant("formula literal")}&quot;;1;0)"><text:p>1</text:p>'
        f"</table:table-cell><table:table-cell table:formula=\"of:=['{sheet_name}'.A1]\" "
        'office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>'
        '</table:table-row><table:table-row table:visibility="collapse"><table:table-cell '
        f'office:value-type="string"><text:p>{t("hidden row")}</text:p></table:table-cell>'
        "</table:table-row>"
    )
    validations = (
        f'<table:content-validations><table:content-validation table:name="{plant("validation")}" '
        f'table:condition="of:cell-content-is-in-list(&quot;{plant("validation list")}&quot;)">'
        f'<table:help-message table:title="{t("help title")}"><text:p>{t("help")}</text:p>'
        f'</table:help-message><table:error-message table:title="{t("error title")}"><text:p>'
        f"{t('error')}</text:p></table:error-message></table:content-validation>"
        "</table:content-validations>"
    )
    names = (
        f'<table:named-expressions><table:named-range table:name="{plant("range name")}" '
        f"table:cell-range-address=\"$'{sheet_name}'.$A$1\"/></table:named-expressions>"
        f'<table:database-ranges><table:database-range table:name="{plant("database range")}" '
        f"table:target-range-address=\"'{sheet_name}'.A1:'{sheet_name}'.B2\"><table:filter>"
        f'<table:filter-condition table:value="{plant("filter")}"/></table:filter>'
        "</table:database-range></table:database-ranges><table:data-pilot-tables>"
        f'<table:data-pilot-table table:name="{plant("pilot")}"><table:data-pilot-field '
        f'table:source-field-name="{plant("pilot field")}"><table:data-pilot-member table:name="'
        f'{plant("pilot member")}"/></table:data-pilot-field></table:data-pilot-table>'
        "</table:data-pilot-tables>"
    )
    content = (
        f'<office:body><office:spreadsheet>{validations}<table:table table:name="{sheet_name}" '
        f"table:print-ranges=\"'{sheet_name}'.A1:'{sheet_name}'.B2\">{rows}</table:table>"
        f'<table:table table:name="{plant("hidden sheet name")}" table:style-name="ta2">'
        f"<table:table-row><table:table-cell><text:p>{t('hidden sheet')}</text:p></table:table-cell>"
        f"</table:table-row></table:table>{names}</office:spreadsheet></office:body>"
    )
    styles = (
        "<office:master-styles><style:master-page><style:header><text:p>"
        f"{t('page header')}</text:p></style:header></style:master-page></office:master-styles>"
    )
    return document("spreadsheet", content, styles, meta(plant))


def slides(plant):
    t = plant.text
    content = (
        '<office:body><office:presentation><presentation:footer-decl presentation:name="f">'
        f'{t("footer")}</presentation:footer-decl><draw:page draw:name="{plant("slide name")}">'
        f"<draw:frame><draw:text-box><text:p>{t('slide')}</text:p></draw:text-box></draw:frame>"
        f"<presentation:notes><draw:frame><draw:text-box><text:p>{t('notes')}</text:p>"
        "</draw:text-box></draw:frame></presentation:notes><office:annotation><dc:creator>"
        f"{plant('comment author')}</dc:creator><text:p>{t('comment')}</text:p></office:annotation>"
        "</draw:page></office:presentation></office:body>"
    )
    styles = (
        "<office:master-styles><style:master-page><draw:frame><draw:text-box><text:p>"
        f"{t('master')}</text:p></draw:text-box></draw:frame></style:master-page>"
        "</office:master-styles>"
    )
    return document("presentation", content, styles, meta(plant))
