"""The PDF check catches every kind of bad writer; a check that cannot fail proves nothing."""

import io
import sys
from pathlib import Path

import pikepdf
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "pdf"))
from pdf_traps import BOTH, KEPT, NAME, NUMBER, VALUES, done, new, shown
from pikepdf import Array, Dictionary, Name, Stream, String

from redactor.verify.pdf import check_pdf
from redactor.verify.pdf_raw import content_texts
from redactor.verify.worker import Request

SOURCE = done(new(BOTH))
BOX = [100.0, 645.0, 420.0, 645.0, 420.0, 665.0, 100.0, 665.0, "", "page"]
PAINT = b"\n0 g 100 645 m 420 645 l 420 665 l 100 665 l h f"
GONE = shown("Client")  # what is left of BOTH; "today" lies under the box as well


def check(written, source=SOURCE, boxes=(BOX,), values=VALUES, own=(), raster=False, pages=1):
    touched = {
        "0": {"boxes": [list(box) for box in boxes], "cleared": [], "raster": raster, "images": 0,
              "grey": [0, 255]}
    }  # fmt: skip
    hints = {"pages": pages, "touched": touched if boxes else {}}
    return check_pdf(
        Request("", 0, 0, "pdf", hints, False, 0, "", list(values), list(own), source), written
    )


def page(content, **more):
    """A document of one page with exactly this after the kept words."""
    return new(content, **more)


def readers(answer):
    return {leak.reader for leak in answer.leaks}


def test_a_faithful_copy_passes():
    answer = check(done(page(GONE + PAINT)))
    assert answer.equal, (answer.leaks, answer.damage)


def test_a_box_without_removal_is_seen_by_three_readers():
    answer = check(done(page(BOTH + PAINT)))
    assert {"PDFium", "pdfminer", "raw content stream"} <= readers(answer)
    leak = next(leak for leak in answer.leaks if leak.reader == "PDFium")
    assert leak.page == 0 and leak.boxes and NAME not in repr(leak)


def test_a_missing_box_is_damage():
    answer = check(done(page(GONE)))
    assert [d.what for d in answer.damage] == [
        "a box is not of one colour: something shows through"
    ]


def test_something_drawn_over_the_box_is_damage():
    answer = check(done(page(GONE + PAINT + b"\n1 0 0 rg 150 650 5 5 re f")))
    assert answer.damage


def test_a_lost_neighbour_is_damage():
    source = done(new(shown("A neighbour", y=500) + BOTH))
    answer = check(done(page(GONE + PAINT)), source)
    assert any("lost or moved" in d.what for d in answer.damage)
    assert any("pixels" in d.what for d in answer.damage)


def test_a_moved_neighbour_is_damage():
    source = done(new(shown("A neighbour", y=500) + BOTH))
    moved = done(page(shown("A neighbour", x=74, y=500) + GONE + PAINT))
    assert any("lost or moved" in d.what for d in check(moved, source).damage)


def test_new_text_outside_boxes_is_damage():
    answer = check(done(page(GONE + shown("an extra line", y=300) + PAINT)))
    assert any("new" in d.what for d in answer.damage)


def test_untouched_pages_must_be_the_same():
    answer = check(done(page(shown("else"))), done(new(shown("text"))), boxes=())
    assert answer.damage
    assert check(SOURCE, SOURCE, boxes=(), values=["something else"]).equal


def test_another_number_of_pages():
    answer = check(done(page(GONE + PAINT, pages=2)))
    assert "number of pages" in answer.error


def spell_utf16(pdf):
    pdf.Root.Extra = String(NAME)


def spell_hex_in_array(pdf):
    pdf.Root.Extra = Array([Array([NUMBER.encode("utf-16-be")])])


def spell_name(pdf):
    pdf.Root.Extra = Name("/" + NAME)


def spell_key(pdf):
    pdf.Root.Extra = Dictionary({"/" + NUMBER: 1})


def spell_xml(pdf):
    pdf.Root.Extra = pdf.make_stream(f"<a>Zebulon<b/> Quartermaine</a> {NUMBER}".encode())


def spell_utf16_stream(pdf):
    pdf.Root.Extra = pdf.make_stream(b"\x00\x01\x02\xff" * 9 + NAME.encode("utf-16-le"))


def spell_comment(pdf):
    body = pdf.pages[0].Contents.read_bytes()
    pdf.pages[0].Contents = Stream(pdf, body + b"\n% " + NAME.encode() + b"\n")


def spell_in_a_form_nobody_draws(pdf):
    stream = Stream(pdf, shown(NUMBER))
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    pdf.pages[0].Resources.XObject = Dictionary(Z=pdf.make_indirect(stream))


def spell_in_jpeg_exif(pdf):
    from PIL import Image

    target, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = NAME
    Image.new("L", (8, 8)).save(target, "JPEG", exif=exif)
    stream = Stream(pdf, target.getvalue())
    stream.update(
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, BitsPerComponent=8,
                   ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode)
    )  # fmt: skip
    pdf.pages[0].Resources.XObject = Dictionary(Im=pdf.make_indirect(stream))


SPELLINGS = [value for name, value in sorted(globals().items()) if name.startswith("spell_")]


@pytest.mark.parametrize("hide", SPELLINGS, ids=lambda hide: hide.__name__)
def test_a_value_outside_the_text_is_found(hide):
    pdf = page(GONE + PAINT)
    hide(pdf)
    answer = check(done(pdf))
    assert any(reader.startswith("raw") for reader in readers(answer)), hide.__name__


def test_our_own_label_is_no_leak_but_the_same_text_elsewhere_is():
    label = b"\nBT /F1 9 Tf 1 g 150 651 Td (%s) Tj ET" % NUMBER.encode()
    box = [*BOX[:8], NUMBER, "page"]
    written = done(page(GONE + PAINT + label))
    answer = check(written, boxes=(box,), own=[1])
    assert answer.equal, (answer.leaks, answer.damage)
    outside = done(page(GONE + PAINT + label + shown(NUMBER, y=400)))
    assert check(outside, boxes=(box,), own=[1]).leaks


def test_names_of_the_format_are_no_leaks():
    written = done(page(GONE + PAINT))
    assert check(written, values=["Contents", "MediaBox", "Helvetica"]).leaks == []


def test_content_strings_however_written():
    stream = rb"[(Zeb) 20 <756c6f6e>] TJ (\121\132\067) Tj % note" + b"\n/Name#20here gs (a\\)b) '"
    texts = list(content_texts(stream))
    assert "Zebulon" in texts and "QZ7" in texts and "% note" in texts and "a)b" in texts
    assert "Name here" in texts


def test_not_a_pdf():
    assert check(b"%PDF-1.7 nonsense").error


def test_kept_words_are_in_the_source():
    with pikepdf.open(io.BytesIO(SOURCE)) as pdf:
        assert KEPT.encode() in pdf.pages[0].Contents.read_bytes()
