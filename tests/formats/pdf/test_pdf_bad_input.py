"""Bad PDFs: a clear message, the right outcome, never half a file."""

import io
import random
import zlib

import pikepdf
import pytest
from pdf_readers import leaks
from pdf_traps import BOTH, NAME, TRAPS, VALUES, composite, done, font, form, new, shown
from pikepdf import Array, Dictionary, Name, Stream

from redactor.formats.base import ReadOptions
from redactor.values import Outcome


def raw_pdf(objects, root=1, version=b"1.7"):
    """A PDF of these object bodies (number -> bytes), with a right cross-reference table."""
    out = bytearray(b"%PDF-" + version + b"\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, start)
    return bytes(out)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"


def empty():
    return b""


def only_a_header():
    return b"%PDF-1.7 ..."


def no_pages():
    return raw_pdf({1: CATALOG, 2: b"<</Type/Pages/Kids[]/Count 0>>"})


def circular_pages():
    return raw_pdf({1: CATALOG, 2: b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"})


def claims_100_000_pages():
    return raw_pdf({1: CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 100000>>", 3: PAGE})


def really_100_000_pages():
    kids = b" ".join([b"3 0 R"] * 100_000)
    return raw_pdf({1: CATALOG, 2: b"<</Type/Pages/Count 100000/Kids[%s]>>" % kids, 3: PAGE})


def huge_media_box():
    pdf = new(BOTH)
    pdf.pages[0].MediaBox = Array([0, 0, 10**9, 10**9])
    return done(pdf)


def encrypted():
    return done(new(BOTH), encryption=pikepdf.Encryption(owner="o", user="u"))


def font_without_a_map():
    pdf = new()
    pdf.pages[0].Resources.Font.C1 = composite(pdf, Name("/Identity-H"))
    page = pdf.pages[0]
    page.Contents = Stream(
        pdf, page.Contents.read_bytes() + b" BT /C1 12 Tf 72 600 Td <00240025002600270028> Tj ET"
    )
    return done(pdf)


def scan_without_text():
    pdf = pikepdf.open(io.BytesIO(TRAPS["scan_rgb"]()))
    pdf.pages[0].Contents = Stream(pdf, b"q 612 0 0 792 0 0 cm /Im Do Q")
    return done(pdf)


def letters_as_shapes():
    curve = b"%d 600 m %d 610 %d 590 %d 600 c f "
    body = b"".join(curve % (x, x + 1, x + 2, x + 3) for x in range(50, 450, 2))
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792)).Contents = Stream(pdf, body)
    return done(pdf)


def deep_nesting():
    return raw_pdf(
        {1: CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
         3: PAGE[:-2] + b"/X " + b"[" * 50_000 + b"]" * 50_000 + b">>"}
    )  # fmt: skip


def stream_bomb():
    packed = zlib.compress(b"0 g " * (80 << 20), 9)
    return raw_pdf(
        {1: CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE[:-2] + b"/Contents 4 0 R>>",
         4: b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)}
    )  # fmt: skip


def nested_stream_bomb():
    packed = b"0 g " * (60 << 20)
    for _ in range(3):
        packed = zlib.compress(packed, 9)
    return raw_pdf(
        {1: CATALOG, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE[:-2] + b"/Contents 4 0 R>>",
         4: b"<</Filter[/FlateDecode/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream"
            % (len(packed), packed)}
    )  # fmt: skip


def form_bomb():
    """Forms that draw ten forms that draw ten forms ..."""
    pdf = new(b"/F0 Do")
    last = form(pdf, shown("x"), Resources=Dictionary(Font=Dictionary(F1=font())))
    for _ in range(9):
        last = form(pdf, b"/N Do " * 10, Resources=Dictionary(XObject=Dictionary(N=last)))
    pdf.pages[0].Resources.XObject = Dictionary(F0=last)
    return done(pdf)


CASES = {
    empty: (Outcome.UNREADABLE, "empty"),
    only_a_header: (Outcome.UNREADABLE, "PDF"),
    no_pages: (Outcome.UNREADABLE, "no pages"),
    circular_pages: (Outcome.UNREADABLE, "PDF"),
    really_100_000_pages: (Outcome.UNREADABLE, "pages"),
    huge_media_box: (Outcome.UNREADABLE, "size"),
    encrypted: (Outcome.UNREADABLE, "--password"),
    font_without_a_map: (Outcome.WITHHELD, "[ocr]"),
    scan_without_text: (Outcome.WITHHELD, "[ocr]"),
    letters_as_shapes: (Outcome.WITHHELD, "[ocr]"),
    stream_bomb: (None, ""),
    nested_stream_bomb: (None, ""),
    form_bomb: (Outcome.UNREADABLE, "bomb"),
}


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
@pytest.mark.usefixtures("no_recogniser")
def test_refused_with_a_reason(redact, tmp_path, make):
    outcome, words = CASES[make]
    result, out = redact(make(), VALUES)
    if outcome is None:
        assert result.outcome in (Outcome.UNREADABLE, Outcome.WITHHELD)
    else:
        assert result.outcome is outcome, result.message
    assert words in result.message
    assert NAME not in result.message
    assert not out.exists() and list(tmp_path.glob(".redactor-*")) == []


@pytest.mark.parametrize("make", [claims_100_000_pages, deep_nesting], ids=lambda m: m.__name__)
def test_harmless_or_refused(redact, make):
    result, out = redact(make(), VALUES)
    assert result.outcome is not Outcome.RELEASED or len(pikepdf.open(out).pages) == 1


def test_a_broken_table_of_objects_is_rebuilt_and_redacted(redact):
    data = done(new(BOTH), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    at = data.rindex(b"startxref")
    broken = data[:at] + b"startxref\n7\n%%EOF\n"
    result, out = redact(broken, VALUES)
    if result.outcome is Outcome.RELEASED:
        assert leaks(out, VALUES) == []
    else:
        assert not out.exists()


def test_circular_references_end(redact):
    pdf = new(b"/Fm Do")
    loop = form(pdf, BOTH + b"/Fm Do", Resources=Dictionary(Font=Dictionary(F1=font())))
    loop.Resources.XObject = Dictionary(Fm=loop)
    pdf.pages[0].Resources.XObject = Dictionary(Fm=loop)
    result, out = redact(done(pdf), VALUES)
    assert result.outcome is not Outcome.RELEASED or leaks(out, VALUES) == []


@pytest.mark.parametrize(("name", "words"), [("letter.csv", "PDF"), ("letter.txt", "PDF")])
def test_a_wrong_name_is_told(redact, name, words):
    result, out = redact(TRAPS["plain"](), VALUES, name=name)
    assert result.outcome is Outcome.UNREADABLE and words in result.message
    assert not out.exists()


def test_something_else_named_pdf(redact):
    result, out = redact(b"just text " * 50 + NAME.encode(), VALUES)
    assert result.outcome is Outcome.UNREADABLE and ".pdf" in result.message
    assert not out.exists()


def test_without_a_name_the_content_tells(redact):
    result, out = redact(TRAPS["plain"](), VALUES, name="letter")
    assert result.outcome is Outcome.RELEASED and result.format == "pdf"


# ---------------------------------------------------------------- the process may die


def test_too_slow_is_stopped(redact, tmp_path):
    data = done(new(BOTH, pages=300))
    result, out = redact(data, VALUES, read=ReadOptions(seconds=0.3))
    assert result.outcome is Outcome.WITHHELD and "stopped" in result.message
    assert not out.exists()


def test_too_much_memory_is_withheld(redact):
    result, out = redact(TRAPS["plain"](), VALUES, read=ReadOptions(memory=64 << 20))
    assert result.outcome is Outcome.WITHHELD, result.message
    assert not out.exists()
    result, out = redact(TRAPS["plain"](), VALUES)  # the next document is not harmed
    assert result.outcome is Outcome.RELEASED


# ---------------------------------------------------------------- fuzz

FUZZED = [
    "plain", "kerned", "form_in_form_without_resources", "cid_embedded_cmap", "form_fields",
    "structure_tree", "scan_jpeg", "named_destinations", "type3_letters", "hidden_layer",
]  # fmt: skip


def mutated(data, chance):
    """Bytes flipped, cut out, doubled or replaced."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 20])):
        at = chance.randrange(len(data))
        kind = chance.randrange(5)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + chance.randrange(1, 40)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randrange(1, 60)]
        elif kind == 3:
            data[at : at + 4] = chance.randbytes(4)
        else:
            words = [b" 0 R", b"<<", b">>", b"[", b"]", b"/Kids", b"endstream", b"-1", b"99999999"]
            data[at:at] = chance.choice(words)
        if not data:
            return b"%PDF-"
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("name", FUZZED)
def test_mutations_neither_leak_nor_hang(redact, tmp_path, name):
    chance = random.Random(name)
    plain = io.BytesIO(TRAPS[name]())
    with pikepdf.open(plain) as pdf:
        readable = done(
            pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False
        )
    for _ in range(12):
        data = mutated(readable, chance)
        result, out = redact(data, VALUES, read=ReadOptions(seconds=20))
        assert not list(tmp_path.glob(".redactor-*"))
        if result.outcome is Outcome.RELEASED:
            # what poppler or mupdf repair differently than we do may show other things, but
            # never a value that was found
            found = sum(result.counts.values())
            assert not found or leaks(out, VALUES) == [], name
        else:
            assert not out.exists()
            assert NAME not in result.message
