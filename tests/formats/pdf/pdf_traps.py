"""One-trap PDFs: each hides the same made-up values in one place.

``TRAPS`` is name -> function that returns the bytes. Every page also says ``Kept words here``,
which must survive. Values: a name, a number without blanks.
"""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw, ImageFont

NAME = "Zebulon Quartermaine"
NUMBER = "QZ7741290"
VALUES = [NAME, NUMBER]
KEPT = "Kept words here"
TRAPS = {}


def trap(function):
    TRAPS[function.__name__] = function
    return function


def font(**more):
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, **more)


def new(content=b"", pages=1, size=(612, 792), **resources):
    """A document whose pages show KEPT and the content; fonts F1."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        body = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET\n%s" % (KEPT.encode(), content)
        page.Contents = Stream(pdf, body)
        fonts = Dictionary(F1=font())
        for key, value in dict(resources.get("Font", {})).items():
            fonts[key] = value
        page.Resources = Dictionary(Font=fonts)
        for key, value in resources.items():
            if key != "Font":
                page.Resources["/" + key] = value
    return pdf


def done(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def shown(text, x=72, y=650, size=12, before=b""):
    return b"BT %s /F1 %d Tf %d %d Td (%s) Tj ET\n" % (before, size, x, y, text.encode())


BOTH = shown(f"Client {NAME} with file {NUMBER} today")


# ---------------------------------------------------------------- show operators


@trap
def plain():
    return done(new(BOTH))


@trap
def kerned():
    body = b"[(Client Ze)20(bul)-15(on )(Quar)10(term)-5(aine)-250(QZ)30(774)10(1290)-250(end)] TJ"
    return done(new(b"BT /F1 12 Tf 72 650 Td %s ET" % body))


@trap
def next_line_operators():
    body = b"BT /F1 12 Tf 14 TL 72 650 Td (start) Tj (%s) ' 3 1 (%s) \" (after) ' ET" % (
        NAME.encode(), NUMBER.encode(),
    )  # fmt: skip
    return done(new(body))


@trap
def hex_and_octal():
    octal = "".join(f"\\{ord(c):03o}" for c in NAME).encode()
    body = b"BT /F1 12 Tf 72 650 Td <%s> Tj 0 -20 Td (%s) Tj ET" % (
        NUMBER.encode().hex().encode(), octal,
    )  # fmt: skip
    return done(new(body))


@trap
def scaled_and_spaced_state():
    body = b"BT /F1 12 Tf 2 Tc 5 Tw 80 Tz 3 Ts 72 650 Td (a %s b %s c) Tj ET" % (
        NAME.encode(), NUMBER.encode(),
    )  # fmt: skip
    return done(new(body))


@trap
def fake_bold():
    return done(
        new(
            b"".join(shown(f"{NAME} {NUMBER}", 72 + dx, 650) for dx in (0, 0))
            + b"BT /F1 12 Tf 1 0 0 1 72.35 650.2 Tm (%s %s) Tj ET"
            % (NAME.encode(), NUMBER.encode())
        )
    )


@trap
def hyphenated_over_lines():
    body = shown("so we wrote to Mr Zebulon Quarter-", y=650) + shown(
        "maine about QZ7741290 then", y=635
    )
    return done(new(body))


@trap
def letters_one_by_one():
    at, body = 72, b""
    for char in f"{NAME} {NUMBER}":
        if char != " ":
            body += shown(char, at, 640)
        at += 14 if char != " " else 10
    return done(new(body))


@trap
def name_over_two_lines():
    return done(
        new(shown("told by Zebulon", 400, 650) + shown(f"Quartermaine on {NUMBER}", 72, 635))
    )


# ---------------------------------------------------------------- hidden from the eye


@trap
def invisible_mode():
    return done(new(shown(f"{NAME} {NUMBER}", before=b"3 Tr")))


@trap
def white_on_white():
    return done(new(b"q 1 g " + BOTH + b"Q"))


@trap
def tiny():
    return done(new(b"BT /F1 0.4 Tf 72 650 Td (%s %s) Tj ET" % (NAME.encode(), NUMBER.encode())))


@trap
def off_page():
    return done(new(shown(f"{NAME} {NUMBER}", 900, 1200)))


@trap
def clipped_away():
    return done(new(b"q 0 0 10 10 re W n " + BOTH + b"Q"))


@trap
def under_black_box():
    pdf = new(BOTH + b"0 g 70 640 400 22 re f")
    return done(pdf)


@trap
def hidden_layer():
    pdf = new(b"/OC /Hidden BDC " + BOTH + b" EMC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"Layer of {NAME} {NUMBER}")))
    pdf.Root.OCProperties = Dictionary(
        OCGs=[layer], D=Dictionary(OFF=[layer], Order=[layer], BaseState=Name.ON)
    )
    pdf.pages[0].Resources.Properties = Dictionary(Hidden=layer)
    return done(pdf)


@trap
def cropped_rotated_scaled_unit():
    pdf = new(BOTH)
    page = pdf.pages[0]
    page.MediaBox = Array([-100, -50, 612, 792])
    page.CropBox = Array([20, 30, 600, 780])
    page.Rotate = 90
    page.UserUnit = 2
    return done(pdf)


@trap
def rotated_text():
    body = b"BT /F1 12 Tf 0 1 -1 0 300 300 Tm (%s) Tj ET BT /F1 12 Tf .707 .707 -.707 .707 350 300 Tm (%s) Tj ET" % (
        NAME.encode(), NUMBER.encode(),
    )  # fmt: skip
    return done(new(body))


@trap
def text_as_clip():
    body = (
        b"q BT 7 Tr /F1 40 Tf 72 600 Td (Open %s) Tj ET 0 0 1 rg 0 0 612 792 re f Q"
        % NUMBER.encode()
    )
    return done(new(body + shown(NAME, y=500)))


# ---------------------------------------------------------------- nested streams


def form(pdf, data, **more):
    stream = Stream(pdf, data)
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 612, 792])
    for key, value in more.items():
        stream["/" + key] = value
    return pdf.make_indirect(stream)


@trap
def form_shared_by_pages():
    pdf = new(b"/Fm Do", pages=2)
    shared = form(pdf, BOTH, Resources=Dictionary(Font=Dictionary(F1=font())))
    for page in pdf.pages:
        page.Resources.XObject = Dictionary(Fm=shared)
    return done(pdf)


@trap
def form_in_form_without_resources():
    pdf = new(b"q 1 0 0 1 5 -20 cm /Outer Do Q")
    inner = form(pdf, BOTH)
    outer = form(pdf, b"q .9 0 0 .9 0 0 cm /Inner Do Q", Matrix=Array([1, 0, 0, 1, 3, 4]))
    pdf.pages[0].Resources.XObject = Dictionary(Inner=inner, Outer=outer)
    return done(pdf)


@trap
def tiling_pattern():
    pdf = new(b"/Pattern cs /P1 scn 72 400 300 200 re f")
    pattern = Stream(pdf, BOTH)
    pattern.update(
        Dictionary(
            Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 612, 792],
            XStep=612, YStep=792, Resources=Dictionary(Font=Dictionary(F1=font())),
        )
    )  # fmt: skip
    pdf.pages[0].Resources.Pattern = Dictionary(P1=pdf.make_indirect(pattern))
    return done(pdf)


@trap
def soft_mask():
    pdf = new(b"q /Gs gs 0 0 1 rg 0 0 612 792 re f Q")
    group = form(
        pdf, b"1 g " + BOTH,
        Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray),
        Resources=Dictionary(Font=Dictionary(F1=font())),
    )  # fmt: skip
    state = Dictionary(Type=Name.ExtGState, SMask=Dictionary(S=Name.Luminosity, G=group))
    pdf.pages[0].Resources.ExtGState = Dictionary(Gs=state)
    return done(pdf)


@trap
def text_inside_a_type3_glyph():
    pdf = new(b"BT /T3 1 Tf 72 600 Td (A) Tj ET")
    procedure = Stream(pdf, b"400 0 d0 " + shown(f"{NAME} {NUMBER}", 0, 0))
    pdf.pages[0].Resources.Font.T3 = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 400, 20], FontMatrix=[1, 0, 0, 1, 0, 0],
        CharProcs=Dictionary(a=pdf.make_indirect(procedure)), FirstChar=65, LastChar=65,
        Widths=[400], Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name.a])),
        Resources=Dictionary(Font=Dictionary(F1=font())),
    )  # fmt: skip
    return done(pdf)


@trap
def type3_letters():
    pdf = new()
    text = f"{NAME} {NUMBER}"
    letters = sorted(set(text))
    codes = {char: number for number, char in enumerate(letters, 1)}
    square = pdf.make_stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f")
    pdf.pages[0].Resources.Font.T3 = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 700],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0], CharProcs=Dictionary(g=square), FirstChar=1,
        LastChar=len(letters), Widths=[600] * len(letters), Resources=Dictionary(),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1] + [Name.g] * len(letters))),
        ToUnicode=pdf.make_stream(to_unicode({codes[c]: c for c in letters}, 1)),
    )  # fmt: skip
    data = bytes(codes[char] for char in text).hex().encode()
    page = pdf.pages[0]
    page.Contents = Stream(
        pdf, page.Contents.read_bytes() + b" BT /T3 12 Tf 72 600 Td <%s> Tj ET" % data
    )
    return done(pdf)


# ---------------------------------------------------------------- fonts


def to_unicode(table, width):
    rows = "\n".join(
        f"<{code:0{2 * width}x}> <{text.encode('utf-16-be').hex()}>" for code, text in table.items()
    )
    top = "f" * 2 * width
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 "
        f"def 1 begincodespacerange <{'0' * 2 * width}> <{top}> endcodespacerange\n"
        f"{len(table)} beginbfchar\n{rows}\nendbfchar endcmap end end"
    ).encode()


def composite(pdf, encoding, table=None, base="Trap", ordering="Identity", **more):
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/" + base), DW=600,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=ordering.encode(), Supplement=0),
        FontDescriptor=Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/" + base), Flags=4, FontBBox=[0, -200, 1000, 800],
            ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80,
        ),
        **more,
    )  # fmt: skip
    above = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/" + base), Encoding=encoding,
        DescendantFonts=Array([pdf.make_indirect(below)]),
    )  # fmt: skip
    if table is not None:
        above.ToUnicode = pdf.make_stream(to_unicode(table, 2))
    return pdf.make_indirect(above)


def composite_page(text, encoding="/Identity-H", place=b"72 600 Td", **more):
    pdf = new()
    letters = {code: char for code, char in enumerate(sorted(set(text)), 36)}
    codes = {char: code for code, char in letters.items()}
    pdf.pages[0].Resources.Font.C1 = composite(pdf, Name(encoding), letters, **more)
    data = b"".join(codes[char].to_bytes(2, "big") for char in text).hex().encode()
    page = pdf.pages[0]
    page.Contents = Stream(
        pdf, page.Contents.read_bytes() + b" BT /C1 12 Tf %s <%s> Tj ET" % (place, data)
    )
    return pdf


@trap
def cid_identity():
    return done(composite_page(f"x {NAME} y {NUMBER} z"))


@trap
def cid_vertical():
    return done(composite_page(f"{NAME} {NUMBER}", "/Identity-V", b"300 650 Td"))


@trap
def cid_embedded_cmap():
    pdf = composite_page("")
    text = f"{NAME} {NUMBER}"
    letters = sorted(set(text))
    # one-byte codes for a composite font: only the embedded CMap says so
    rows = "\n".join(f"<{0x41 + n:02x}> {n + 1}" for n in range(len(letters)))
    cmap = Stream(
        pdf,
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def "
            "/CMapType 1 def 1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(letters)} begincidchar\n{rows}\nendcidchar endcmap end end"
        ).encode(),
    )
    cmap.Type, cmap.CMapName = Name.CMap, Name.Own
    cmap.CIDSystemInfo = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
    fnt = composite(pdf, pdf.make_indirect(cmap))
    fnt.ToUnicode = pdf.make_stream(
        to_unicode({0x41 + n: char for n, char in enumerate(letters)}, 1)
    )
    page = pdf.pages[0]
    page.Resources.Font.C2 = fnt
    data = bytes(0x41 + letters.index(char) for char in text).hex().encode()
    page.Contents = Stream(
        pdf, page.Contents.read_bytes() + b" BT /C2 12 Tf 72 550 Td <%s> Tj ET" % data
    )
    return done(pdf)


@trap
def gbk_font_name():
    pdf = composite_page(f"{NAME} {NUMBER}")
    options = pikepdf.ObjectStreamMode.disable
    raw = done(pdf, object_stream_mode=options).replace(b"/Trap", b"/\xcb\xce\xcc\xe5")
    assert raw.count(b"/\xcb\xce") > 1
    return raw


@trap
def ligature():
    return done(composite_page(f"{NAME.replace('ma', 'ma')} \ufb01le {NUMBER}"))


@trap
def missing_font():
    return done(
        new(b"BT /Nowhere 12 Tf 72 600 Td (%s %s) Tj ET" % (NAME.encode(), NUMBER.encode()))
    )


# ---------------------------------------------------------------- texts beside the text


@trap
def actual_text_inline():
    body = b"/Span <</ActualText (%s)>> BDC " % NAME.encode() + shown("xyzzy") + b"EMC "
    return done(new(body + shown(NUMBER, y=600)))


@trap
def actual_text_in_properties():
    pdf = new(b"/Span /Mc0 BDC " + shown(f"{NAME} {NUMBER}") + b" EMC")
    pdf.pages[0].Resources.Properties = Dictionary(
        Mc0=pdf.make_indirect(Dictionary(ActualText=String(NAME), Alt=String(NUMBER), MCID=0))
    )
    return done(pdf)


@trap
def structure_tree():
    pdf = new(b"/P <</MCID 0>> BDC " + BOTH + b" EMC")
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.P, Pg=pdf.pages[0].obj, K=0, Alt=String(f"About {NAME}"),
            ActualText=String(NUMBER), E=String(NAME), T=String(f"Title {NUMBER}"),
        )
    )  # fmt: skip
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([element])))
    element.P = tree
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return done(pdf)


@trap
def comment_in_content():
    return done(
        new(b"% drawn for " + NAME.encode() + b" " + NUMBER.encode() + b"\n" + shown("text"))
    )


@trap
def outline_and_labels():
    pdf = new()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"Letter to {NAME}", 0))
        outline.root.append(pikepdf.OutlineItem(f"File {NUMBER}", 0))
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(f"{NUMBER}-"), S=Name.D)]))
    return done(pdf)


@trap
def named_destinations():
    pdf = new()
    target = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(NAME), target])))
    pdf.Root.Dests = Dictionary({"/" + NUMBER: target})
    links = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[72, 500, 200, 520], Dest=String(NAME)),
        Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[72, 470, 200, 490],
            A=Dictionary(S=Name.GoTo, D=Name("/" + NUMBER)),
        ),
    ]  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(link) for link in links])
    return done(pdf)


@trap
def metadata_everywhere():
    pdf = new()
    pdf.docinfo["/Author"] = NAME
    pdf.docinfo["/Custom"] = NUMBER
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{NAME}</a><b>{NUMBER}</b></x:xmpmeta>".encode()
    pdf.Root.Metadata = pdf.make_stream(xmp)
    page = pdf.pages[0].obj
    page.Metadata = pdf.make_stream(xmp)
    page.PieceInfo = Dictionary(App=Dictionary(Private=String(NAME)))
    page.Thumb = pdf.make_stream(NAME.encode())
    page.LastModified = String("D:20200101")
    pdf.Root.PieceInfo = Dictionary(App=Dictionary(Private=pdf.make_stream(NUMBER.encode())))
    return done(pdf)


@trap
def attachments_and_scripts():
    pdf = new()
    pdf.attachments[f"{NAME}.txt"] = NUMBER.encode()
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{NAME}')"))
    pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=String(NUMBER)))
    pdf.Root.Names.JavaScript = Dictionary(
        Names=Array(
            [String(NAME), Dictionary(S=Name.JavaScript, JS=pdf.make_stream(NUMBER.encode()))]
        )
    )
    file = pdf.make_stream(NUMBER.encode())
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[10, 10, 30, 30],
        FS=Dictionary(Type=Name.Filespec, F=String(NAME), EF=Dictionary(F=file)),
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])
    return done(pdf)


@trap
def old_revision():
    first = done(new(BOTH), compress_streams=False)
    at = first.rindex(b"startxref") + 10
    start = int(first[at:].split()[0])
    pdf = pikepdf.open(io.BytesIO(first))
    number = pdf.pages[0].Contents.objgen[0]
    size = int(pdf.trailer.Size)
    root = pdf.Root.objgen[0]
    body = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % KEPT.encode()
    update = b"\n%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        len(body),
        body,
    )
    xref = len(first) + len(update)
    entry = b"%010d 00000 n \n" % (len(first) + 1)
    tail = b"xref\n%d 1\n%strailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        number, entry, size, root, start, xref,
    )  # fmt: skip
    return first + update + tail


@trap
def unused_objects():
    pdf = new()
    page = pdf.pages[0]
    page.Resources.XObject = Dictionary(Never=form(pdf, BOTH))
    return done(pdf)


# ---------------------------------------------------------------- annotations and forms


def appearance(pdf, text, box=(0, 0, 300, 30)):
    stream = Stream(pdf, b"/Tx BMC BT /F1 12 Tf 2 8 Td (%s) Tj ET EMC" % text.encode())
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array(list(box))
    stream.Resources = Dictionary(Font=Dictionary(F1=font()))
    return pdf.make_indirect(stream)


@trap
def free_text_and_popup():
    pdf = new()
    note = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, Rect=[72, 500, 372, 530],
            Contents=String(f"Call {NAME}"), RC=String(f"<body><p>Call <b>{NAME}</b></p></body>"),
            DA=String("/F1 12 Tf"), T=String(NAME), Subj=String(NUMBER),
            AP=Dictionary(N=appearance(pdf, f"{NAME} {NUMBER}")),
        )
    )  # fmt: skip
    popup = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Popup, Rect=[400, 500, 500, 560], Parent=note,
            Contents=String(NUMBER),
        )
    )  # fmt: skip
    note.Popup = popup
    pdf.pages[0].Annots = Array([note, popup])
    return done(pdf)


@trap
def form_fields():
    pdf = new()
    parent = pdf.make_indirect(
        Dictionary(
            FT=Name.Tx, T=String("client"), V=String(NAME), DV=String(NAME), DA=String("/F1 12 Tf")
        )
    )
    kid = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, Rect=[72, 500, 372, 530], Parent=parent, F=4,
            AP=Dictionary(N=appearance(pdf, NAME)), MK=Dictionary(CA=String(NUMBER)),
        )
    )  # fmt: skip
    parent.Kids = Array([kid])
    choice = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Ch, T=String("pick"), Rect=[72, 450, 372, 480],
            Opt=Array([String("other"), Array([String(NUMBER), String(f"{NUMBER} {NAME}")])]),
            V=String(NUMBER), TU=String(f"file of {NAME}"), F=4,
            AP=Dictionary(N=appearance(pdf, NUMBER)),
        )
    )  # fmt: skip
    pdf.pages[0].Annots = Array([kid, choice])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([parent, choice]), DR=Dictionary(Font=Dictionary(F1=font())),
        DA=String("/F1 12 Tf"), XFA=pdf.make_stream(f"<xdp>{NAME} {NUMBER}</xdp>".encode()),
    )  # fmt: skip
    return done(pdf)


@trap
def links():
    pdf = new(shown("see here", y=600))
    urls = [
        f"mailto:x@example.com?subject={NAME}", f"https://example.com/{NUMBER}",
        "https://example.com/?who=Zebulon%20Quartermaine",
    ]  # fmt: skip
    pdf.pages[0].Annots = Array(
        [
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, Rect=[72, 400 + 30 * n, 200, 420 + 30 * n],
                    A=Dictionary(S=Name.URI, URI=String(url)),
                )
            )
            for n, url in enumerate(urls)
        ]
    )  # fmt: skip
    return done(pdf)


# ---------------------------------------------------------------- pixels


def drawn(mode="RGB", size=(600, 80)):
    """A picture of both values."""
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text(
        (10, 20), f"{NAME} {NUMBER}", fill=0, font=ImageFont.load_default(36)
    )
    return image.convert(mode)


def image_object(pdf, mode="RGB", jpeg=False, **more):
    image = drawn(mode)
    if jpeg:
        target = io.BytesIO()
        image.save(target, "JPEG", quality=90)
        stream = Stream(pdf, target.getvalue())
        stream.Filter = Name.DCTDecode
    else:
        stream = Stream(pdf, image.tobytes())
    space = {
        "RGB": Name.DeviceRGB,
        "L": Name.DeviceGray,
        "1": Name.DeviceGray,
        "CMYK": Name.DeviceCMYK,
    }
    stream.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=image.size[0], Height=image.size[1],
            ColorSpace=space[mode], BitsPerComponent=1 if mode == "1" else 8,
        )
    )  # fmt: skip
    for key, value in more.items():
        stream["/" + key] = value
    return pdf.make_indirect(stream)


PLACE = b"q 450 0 0 60 72 560 cm /Im Do Q "
OCR_LAYER = b"BT 3 Tr /F1 27.4 Tf 79.5 579 Td (%s %s) Tj ET" % (NAME.encode(), NUMBER.encode())


def scan(make, pages=1):
    pdf = new(PLACE + OCR_LAYER, pages=pages)
    picture = make(pdf)
    for page in pdf.pages:
        page.Resources.XObject = Dictionary(Im=picture)
    return done(pdf)


@trap
def scan_rgb():
    return scan(lambda pdf: image_object(pdf))


@trap
def scan_jpeg():
    return scan(lambda pdf: image_object(pdf, "L", jpeg=True))


@trap
def scan_one_bit():
    return scan(lambda pdf: image_object(pdf, "1"))


@trap
def scan_cmyk_with_soft_mask():
    def make(pdf):
        mask = image_object(pdf, "L")
        return image_object(pdf, "CMYK", SMask=mask)

    return scan(make)


@trap
def scan_with_decode_array():
    return scan(lambda pdf: image_object(pdf, "L", Decode=Array([1, 0])))


@trap
def scan_stencil():
    def make(pdf):
        stream = Stream(pdf, drawn("1").tobytes())
        stream.update(
            Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=600, Height=80, ImageMask=True,
                       BitsPerComponent=1)
        )  # fmt: skip
        return pdf.make_indirect(stream)

    return scan(make)


@trap
def scan_ccitt():
    def make(pdf):
        target = io.BytesIO()
        drawn("1").save(target, "TIFF", compression="group4", strip_size=1 << 20)
        tiff = Image.open(io.BytesIO(target.getvalue()))
        offset, count = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        stream = Stream(pdf, target.getvalue()[offset : offset + count])
        black = tiff.tag_v2[262] == 0
        stream.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=600, Height=80, BitsPerComponent=1,
                ColorSpace=Name.DeviceGray, Filter=Name.CCITTFaxDecode,
                DecodeParms=Dictionary(K=-1, Columns=600, Rows=80, BlackIs1=not black),
            )
        )  # fmt: skip
        return pdf.make_indirect(stream)

    return scan(make)


@trap
def scan_jpeg2000():
    def make(pdf):
        target = io.BytesIO()
        drawn("RGB").save(target, "JPEG2000")
        stream = Stream(pdf, target.getvalue())
        stream.update(
            Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=600, Height=80,
                       Filter=Name.JPXDecode, ColorSpace=Name.DeviceRGB, BitsPerComponent=8)
        )  # fmt: skip
        return pdf.make_indirect(stream)

    return scan(make)


@trap
def scan_indexed():
    def make(pdf):
        levels = drawn("L").point(lambda value: 1 if value > 127 else 0)
        stream = Stream(pdf, levels.tobytes())
        stream.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=600, Height=80, BitsPerComponent=8,
                ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 1, b"\x00\x00\x00\xff\xff\xff"]),
            )
        )  # fmt: skip
        return pdf.make_indirect(stream)

    return scan(make)


@trap
def scan_shared_and_listed_elsewhere():
    """Two pages share one list of images; only the first draws the picture."""
    pdf = new(PLACE + OCR_LAYER, pages=1)
    picture = image_object(pdf)
    resources = pdf.make_indirect(
        Dictionary(Font=Dictionary(F1=font()), XObject=Dictionary(Im=picture))
    )
    pdf.pages[0].Resources = resources
    second = pdf.add_blank_page(page_size=(612, 792))
    second.Contents = Stream(pdf, shown(KEPT))
    second.Resources = resources
    return done(pdf)


@trap
def scan_inline_image():
    image = drawn("L", (600, 80))
    data = zlib.compress(image.tobytes()).hex().encode() + b">"
    body = (
        b"q 450 0 0 60 72 560 cm BI /W 600 /H 80 /CS /G /BPC 8 /F [/AHx /Fl] ID " + data + b" EI Q "
    )
    return done(new(body + OCR_LAYER))


@trap
def signature_drawing():
    """Strokes over a name that is text, too: the drawing must go with it."""
    curve = b"q 0.8 w 75 652 m 90 670 100 640 110 655 c 120 668 130 640 140 655 c S Q "
    return done(new(shown(f"{NAME} {NUMBER}") + curve))


@trap
def right_to_left():
    text = "\u05e9\u05dc\u05d5\u05dd" + f" {NUMBER} "  # Hebrew beside a number
    return done(composite_page(text[::-1].replace(NUMBER[::-1], NUMBER) + f" {NAME}"))


@trap
def beside_chinese():
    return done(composite_page(f"\u5ba2\u6237{NUMBER}\u7535\u8bdd {NAME}"))
