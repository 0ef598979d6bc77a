"""The whole journey of PDFs: methods, pixels, options, determinism."""

import io
import json

import pikepdf
import pypdfium2
import pytest
from pdf_readers import leaks, mupdf, poppler, squashed
from pdf_traps import KEPT, NAME, NUMBER, TRAPS, VALUES, done, drawn, new, shown
from PIL import Image

from redactor.formats.base import ReadOptions
from redactor.values import Outcome

SCANS = [name for name in TRAPS if name.startswith("scan_")]
MASKS = {"scan_stencil", "scan_with_decode_array"}  # white and black change places


def images_of(path):
    """Every image of a document as 8-bit grey, decoded by PDFium."""
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
                yield pikepdf.PdfImage(item).as_pil_image().convert("L")


@pytest.mark.parametrize("name", SCANS)
def test_pixels_under_a_box_are_gone(redact, name):
    result, out = redact(TRAPS[name](), VALUES)
    assert result.report.details["pages_rastered"] == [], result.report.details
    assert result.report.details["images_rewritten"] >= 1
    original = drawn("L")
    found = list(images_of(out))
    assert found
    for image in found:
        assert image.size == (600, 80)
        # every column that had ink is one colour over the height of the letters
        for column in range(600):
            strip = (column, 28, column + 1, 62)
            if original.crop(strip).getextrema()[0] < 100:
                low, high = image.crop(strip).getextrema()
                assert high - low <= 8, f"letters are left in column {column}"
        # beside the text the picture is as it was
        if name not in MASKS and "soft_mask" not in name:
            assert image.getpixel((595, 5)) > 250


@pytest.mark.parametrize("name", [name for name in TRAPS if name not in SCANS])
def test_removal_not_rastering(redact, name):
    result, _ = redact(TRAPS[name](), VALUES)
    assert result.report.details["pages_rastered"] == []


def test_the_box_hides_what_the_eye_saw_and_prints_the_label(redact, tmp_path):
    result, out = redact(TRAPS["plain"](), VALUES)
    assert result.report.details["pages_redacted"] == 1
    assert poppler(out).count("<SECRET>") == 3 * 2  # three ways of reading
    document = pypdfium2.PdfDocument(out)
    picture = document[0].render(scale=2).to_pil().convert("L")
    # the name begins after "Client ": about 111 points from the left
    black = picture.crop((2 * 115, 2 * (792 - 658), 2 * 130, 2 * (792 - 656)))
    assert black.getextrema() == (0, 0)


def test_neighbours_do_not_move(redact):
    data = TRAPS["kerned"]()
    _, out = redact(data, VALUES)
    places = []
    for source in (data, out.read_bytes()):
        page = pypdfium2.PdfDocument(source)[0].get_textpage()
        text = page.get_text_range()
        at = text.rindex("end")
        places.append([page.get_charbox(at + n) for n in range(3)])
    for before, after in zip(*places, strict=True):
        assert before == pytest.approx(after, abs=0.02)


def test_untouched_pages_keep_their_bytes(redact):
    pdf = new(pages=3)
    body = pdf.pages[1].Contents.read_bytes() + shown(NAME)
    pdf.pages[1].Contents = pikepdf.Stream(pdf, body)
    data = done(pdf)
    _, out = redact(data, VALUES)
    with pikepdf.open(out) as after, pikepdf.open(io.BytesIO(data)) as before:
        for number in (0, 2):
            assert (
                after.pages[number].Contents.read_bytes()
                == before.pages[number].Contents.read_bytes()
            )
        assert len(after.pages) == 3


def test_equal_runs_give_equal_bytes_and_workers_do_not_matter(redact):
    data = done(new(shown(f"{NAME} {NUMBER}"), pages=9))
    outputs = []
    for read in (None, None, ReadOptions(workers=2)):
        result, out = redact(data, VALUES, read=read)
        assert result.outcome is Outcome.RELEASED
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]


@pytest.mark.parametrize("name", ["plain", "form_fields", "scan_jpeg", "outline_and_labels"])
def test_a_second_run_changes_nothing(redact, name):
    _, out = redact(TRAPS[name](), VALUES)
    once = plainly(out)
    result, out = redact(out.read_bytes(), VALUES)
    assert result.outcome is Outcome.RELEASED and sum(result.counts.values()) == 0
    assert plainly(out) == once
    # and what the second run wrote, a third writes byte for byte
    twice = out.read_bytes()
    assert redact(twice, VALUES)[1].read_bytes() == twice


def content(item):
    if not isinstance(item, pikepdf.Stream):
        return b""
    return item.read_raw_bytes() if item.get("/Filter") == "/DCTDecode" else item.read_bytes()


def plainly(path):
    """Every object of a document, decompressed; the order of keys does not matter."""
    with pikepdf.open(path) as pdf:
        return [
            (item.unparse(True), content(item))
            for item in pdf.objects
            if not isinstance(item, pikepdf.Stream) or item.get("/Type") not in ("/ObjStm", "/XRef")
        ]


def test_a_clean_document_keeps_its_look(redact, tmp_path):
    data = done(new(shown("nothing to hide")))
    result, out = redact(data, VALUES)
    assert result.outcome is Outcome.RELEASED
    pictures = [pypdfium2.PdfDocument(source)[0].render(scale=1).to_pil() for source in (data, out)]
    assert pictures[0].tobytes() == pictures[1].tobytes()


# ---------------------------------------------------------------- options


def box_widths(path):
    with pikepdf.open(path) as pdf:
        last = pdf.pages[0].Contents[-1].read_bytes().decode("latin-1")
    rows = [line.split() for line in last.split("\n") if line.endswith("h f")]
    return [float(row[3]) - float(row[0]) for row in rows]


def test_uniform_boxes_do_not_tell_the_width(redact):
    data = done(new(shown("Ann Lee", y=650) + shown("Maximiliane Featherstonehaugh", y=600)))
    names = ["Ann Lee", "Maximiliane Featherstonehaugh"]
    _, out = redact(data, names)
    assert len({round(width) for width in box_widths(out)}) == 2
    result, out = redact(data, names, uniform_boxes=True)
    assert result.outcome is Outcome.RELEASED, result.message
    assert all(abs(width % 72) < 0.01 or abs(width % 72 - 72) < 0.01 for width in box_widths(out))
    assert leaks(out, names) == []


def test_colour_and_label(redact):
    data = TRAPS["plain"]()
    _, out = redact(data, VALUES, box_color="#ff0000", label=False)
    assert "SECRET" not in poppler(out)
    picture = pypdfium2.PdfDocument(out)[0].render(scale=1).to_pil().convert("RGB")
    assert picture.getpixel((125, 792 - 655)) == (255, 0, 0)


def test_old_boxes_are_cleaned_only_if_the_policy_says_so(redact):
    data = done(new(shown("Hidden words of somebody") + b"0 g 60 640 400 25 re f"))
    result, out = redact(data, VALUES)
    assert squashed("Hidden words") not in squashed(poppler(out) + mupdf(out))
    assert result.report.details["glyphs_under_old_boxes"] == 21
    _, out = redact(data, VALUES, clean_under_boxes=False)
    assert squashed("Hidden words") in squashed(poppler(out))


def test_a_heading_on_a_dark_bar_is_no_hidden_text(redact):
    data = done(new(b"0 g 60 640 400 25 re f 1 g " + shown("Heading in white")))
    result, out = redact(data, VALUES)
    assert "Heading in white" in poppler(out)
    assert result.report.details["glyphs_under_old_boxes"] == 0


def test_metadata_is_kept_by_choice_and_scanned(redact):
    pdf = new(shown("text"))
    pdf.docinfo["/Title"] = f"Letter to {NAME} of May"
    pdf.docinfo["/Author"] = "Somebody Else"
    data = done(pdf)
    _, out = redact(data, VALUES)
    with pikepdf.open(out) as after:
        assert "/Info" not in after.trailer and "/Metadata" not in after.Root
    _, out = redact(data, VALUES, keep_metadata=True)
    with pikepdf.open(out) as after:
        title = str(after.docinfo["/Title"])
        assert title == "Letter to <SECRET> of May" and "/Author" not in after.docinfo


def test_raster_always_never(redact):
    data = TRAPS["plain"]()
    result, out = redact(data, VALUES, raster="always")
    assert result.outcome is Outcome.RELEASED, result.message
    assert result.report.details["pages_rastered"] == [1]
    assert leaks(out, VALUES) == []
    assert squashed(KEPT) in squashed(poppler(out))  # the survivors stay searchable
    result, out = redact(data, VALUES, raster="never")
    assert result.report.details["pages_rastered"] == []


@pytest.mark.parametrize(
    "name",
    ["cropped_rotated_scaled_unit", "tiling_pattern", "soft_mask", "rotated_text", "scan_rgb",
     "form_fields", "cid_vertical", "right_to_left"],
)  # fmt: skip
def test_a_page_as_a_picture_holds_no_value(redact, name):
    result, out = redact(TRAPS[name](), VALUES, raster="always")
    assert result.outcome is Outcome.RELEASED, result.message
    assert result.report.details["pages_rastered"] == [1]
    assert leaks(out, VALUES) == []
    assert squashed(KEPT) in squashed(poppler(out))


def test_encryption_is_kept_by_choice(redact):
    pdf = new(shown(NAME))
    data = done(pdf, encryption=pikepdf.Encryption(owner="owner", user="secret-word"))
    result, out = redact(data, VALUES)
    assert result.outcome is Outcome.UNREADABLE and not out.exists()
    read = ReadOptions(password="secret-word")
    assert "secret-word" not in repr(read)
    result, out = redact(data, VALUES, read=read)
    assert result.outcome is Outcome.RELEASED, result.message
    assert not pikepdf.open(out).is_encrypted
    result, out = redact(data, VALUES, read=read, keep_encryption=True)
    assert result.outcome is Outcome.RELEASED, result.message
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(out)
    assert pikepdf.open(out, password="secret-word").is_encrypted


# ---------------------------------------------------------------- forms and links


def test_a_field_shows_what_it_holds(redact):
    _, out = redact(TRAPS["form_fields"](), VALUES)
    with pikepdf.open(out) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == ["client", "pick"]
        assert str(fields[0].V) == "<SECRET>" and "/XFA" not in pdf.Root.AcroForm
        assert len(pdf.pages[0].Annots) == 2


def test_only_links_that_hold_a_value_go(redact):
    pdf = pikepdf.open(io.BytesIO(TRAPS["links"]()))
    keep = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[300, 300, 350, 320],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.com/terms")),
    )  # fmt: skip
    pdf.pages[0].Annots.append(pdf.make_indirect(keep))
    _, out = redact(done(pdf), VALUES)
    with pikepdf.open(out) as after:
        assert [str(item.A.URI) for item in after.pages[0].Annots] == ["https://example.com/terms"]


def test_a_note_beside_redacted_text_stays(redact):
    """Annotations are not dropped because a box touches them."""
    pdf = new(shown(f"{NAME} wrote a long line of other words here"))
    mark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[60, 600, 500, 700],
        Contents=pikepdf.String("please check"),
    )  # fmt: skip
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(mark)])
    result, out = redact(done(pdf), VALUES)
    assert result.outcome is Outcome.RELEASED, result.message
    with pikepdf.open(out) as after:
        assert str(after.pages[0].Annots[0].Contents) == "please check"


def test_links_keep_working_when_a_destination_loses_its_name(redact):
    _, out = redact(TRAPS["named_destinations"](), VALUES)
    with pikepdf.open(out) as pdf:
        first, second = pdf.pages[0].Annots
        assert first.Dest[0].objgen == pdf.pages[0].obj.objgen
        assert second.A.D[0].objgen == pdf.pages[0].obj.objgen


def test_a_drawing_over_the_name_goes_with_it(redact):
    _, out = redact(TRAPS["signature_drawing"](), VALUES)
    with pikepdf.open(out) as pdf:
        body = pdf.pages[0].Contents[0].read_bytes()
    assert b" c" not in body.replace(b"\n", b" ")


# ---------------------------------------------------------------- audit and privacy


def test_report_and_ledger_tell_the_method_and_no_value(cli, tmp_path):
    (tmp_path / "in.pdf").write_bytes(
        done(new(shown("Mail zebulon.quartermaine@example.com or SSN: 987-65-4329 today")))
    )
    run = cli("redact", "in.pdf", "-o", "out.pdf", "--ner", "never", "--explain", code=0)
    rows = cli("audit", "export", code=0).stdout
    assert b"zebulon" not in run.stdout + run.stderr + rows
    prepared = [json.loads(line) for line in rows.splitlines()]
    details = next(
        row["body"]["verification"]["document"] for row in prepared if row["kind"] == "prepared"
    )
    assert details["pages"] == 1 and details["pages_rastered"] == []
    scanned = cli("scan", "in.pdf", "--ner", "never", "--format", "json", code=0)
    assert {row["place"] for row in json.loads(scanned.stdout)} == {"page:1"}
    cli("redact", "in.pdf", "-o", "-", "--ner", "never", code=0)
    piped = cli("redact", "-", "-o", "piped.pdf", "--ner", "never",
                stdin=(tmp_path / "in.pdf").read_bytes(), code=0)  # fmt: skip
    assert b"released" in piped.stdout
    assert (tmp_path / "piped.pdf").read_bytes() == (tmp_path / "out.pdf").read_bytes()


@pytest.mark.usefixtures("no_recogniser")
def test_text_that_only_a_recogniser_sees(redact, monkeypatch):
    """Without one a scan is withheld; the recogniser's words are text with boxes."""
    from redactor.formats import ocr
    from redactor.formats.pdf import document

    pdf = pikepdf.open(io.BytesIO(TRAPS["scan_rgb"]()))
    page = pdf.pages[0]
    page.Contents = pikepdf.Stream(pdf, b"q 450 0 0 60 72 560 cm /Im Do Q")
    page.MediaBox = pikepdf.Array([0, 500, 612, 640])
    data = done(pdf)
    result, out = redact(data, VALUES)
    assert result.outcome is Outcome.WITHHELD and "[ocr]" in result.message
    assert not out.exists()

    class Reader:
        def recognise(self, image, language):
            assert isinstance(image, Image.Image) and language == "en"
            scale = image.size[0] / 612
            left, top = 72 * scale, (640 - 620) * scale
            return [
                ocr.Word("Zebulon", (left, top, left + 170 * scale, top + 60 * scale), 0.9, 1),
                ocr.Word("Quartermaine", (left + 171 * scale, top, left + 449 * scale, top + 60 * scale), 0.9, 1),
            ]  # fmt: skip

    monkeypatch.setattr(document, "find_recogniser", lambda: Reader())
    opened = document.PdfDocument(data, ReadOptions())
    units = [unit for unit in opened.units() if "Zebulon Quartermaine" in unit.text]
    assert len(units) == 1
    from redactor.values import Redaction, Span

    at = units[0].text.index(NAME)
    span = Span(at, at + len(NAME))
    written = opened.write([Redaction(units[0].id, span, "", "PERSON")])
    with pikepdf.open(io.BytesIO(written)) as after:
        image = next(
            pikepdf.PdfImage(item).as_pil_image().convert("L")
            for item in after.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        )
    assert image.crop((10, 10, 590, 70)).getextrema()[1] < 5
