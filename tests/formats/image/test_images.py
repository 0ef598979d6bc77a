"""Pictures end to end: words, bar codes, metadata; looked at with readers of other makers."""

import io
import json
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

pytest.importorskip("tesserocr")
from redactor.formats import detect_format
from redactor.formats.image.files import read_picture
from redactor.formats.image.words import as_numbers, frame_text
from redactor.formats.ocr import Word, find_recogniser

VALUES = ["zebulon.quartermaine@example.com", "987-65-4329"]
LINES = [
    "Dear customer, please check the data below.",
    "Mail: zebulon.quartermaine@example.com",
    "SSN: 987-65-4329",
    "Neighbour line that must stay readable.",
]


def page(mode="RGB", lines=LINES, size=(1100, 520)):
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(30)
    for number, line in enumerate(lines):
        draw.text((60, 50 + number * 100), line, "black", font=font)
    return image.convert(mode)


def redact(cli, tmp_path, name, code=0):
    out = tmp_path / f"out-{name}"
    done = cli("redact", tmp_path / name, "-o", out, "--ner", "never", code=code)
    return out, done


def read(path):
    """What a person would read of all frames."""
    recogniser = find_recogniser()
    with Image.open(path) as image:
        text = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            text += [word.text for word in recogniser.recognise(image.convert("RGB"), "en")]
    return " ".join(text)


@pytest.mark.parametrize(
    ("suffix", "mode", "options"),
    [
        ("png", "RGB", {}), ("png", "RGBA", {}), ("png", "P", {}), ("png", "1", {}), ("png", "LA", {}),
        ("jpg", "RGB", {"quality": 85}), ("jpg", "L", {"quality": 90}), ("jpg", "CMYK", {"quality": 90}),
        ("tif", "1", {"compression": "group4"}), ("tif", "RGB", {"compression": "tiff_lzw"}),
        ("webp", "RGB", {"quality": 90}), ("bmp", "RGB", {}),
    ],
)  # fmt: skip
def test_every_kind(cli, tmp_path, suffix, mode, options):
    name = f"scan.{suffix}"
    page(mode).save(tmp_path / name, **options)
    out, _ = redact(cli, tmp_path, name)
    with Image.open(tmp_path / name) as before, Image.open(out) as after:
        assert (before.format, before.size) == (after.format, after.size)
    text = read(out)
    assert "Neighbour line that must stay readable." in text
    assert "quarter" not in text and "987" not in text and "zebulon" not in text.lower()


def test_many_pages_and_metadata_in_every_place(cli, tmp_path):
    first, second = page("L"), page("L", ["Second page", "SSN: 987-65-4329"])
    exif = Image.Exif()
    exif[270] = "photo of Zebulon Quartermaine"
    exif[315] = VALUES[0]
    first.save(tmp_path / "scan.tif", save_all=True, append_images=[second],
               compression="tiff_adobe_deflate", exif=exif)  # fmt: skip
    out, _ = redact(cli, tmp_path, "scan.tif")
    with Image.open(out) as image:
        assert image.n_frames == 2
        assert 270 not in image.tag_v2 and 315 not in image.tag_v2
    assert "987" not in read(out) and "Second page" in read(out)
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zebulon Quartermaine")
    info.add_itxt("XML:com.adobe.xmp", f"<x>{VALUES[0]}</x>")
    clean = page(lines=["Nothing to find here at all."])
    clean.save(tmp_path / "clean.png", pnginfo=info, exif=exif)
    out, _ = redact(cli, tmp_path, "clean.png")
    data = out.read_bytes()
    chunks, at = [], 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        chunks.append(data[at + 4 : at + 8])
        at += size + 12
    assert set(chunks) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs", b"gAMA"}
    page().save(tmp_path / "photo.jpg", exif=exif, comment=b"by Zebulon", xmp=b"<x>Zebulon</x>")
    out, _ = redact(cli, tmp_path, "photo.jpg")
    assert b"Zebulon" not in out.read_bytes() and b"Exif" not in out.read_bytes()


def test_a_turned_photo_stays_upright(cli, tmp_path):
    exif = Image.Exif()
    exif[274] = 6  # shown turned by 90 degrees clockwise
    page().rotate(90, expand=True).save(tmp_path / "phone.jpg", quality=95, exif=exif)
    out, _ = redact(cli, tmp_path, "phone.jpg")
    with Image.open(out) as image:
        assert image.size == (1100, 520)
    assert "Neighbour" in read(out) and "987" not in read(out)


def test_nothing_to_do_is_nothing_done(cli, tmp_path):
    page(lines=["Nothing to find here at all."]).save(tmp_path / "plain.png")
    out, _ = redact(cli, tmp_path, "plain.png")
    assert out.read_bytes() == (tmp_path / "plain.png").read_bytes()


def test_a_second_run_changes_nothing(cli, tmp_path):
    page().save(tmp_path / "scan.png")
    out, _ = redact(cli, tmp_path, "scan.png")
    again, _ = redact(cli, tmp_path, out.name)
    assert again.read_bytes() == out.read_bytes()


def test_bar_codes(cli, tmp_path):
    zxingcpp = pytest.importorskip("zxingcpp")
    import numpy as np

    code = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(
            "mailto:zebulon.quartermaine@example.com", zxingcpp.BarcodeFormat.QRCode
        ),
        scale=6,
    )
    image = page(lines=["Scan the code below."])
    image.paste(Image.fromarray(np.array(code)).convert("RGB"), (500, 150))
    image.save(tmp_path / "code.png")
    assert zxingcpp.read_barcodes(image)
    out, _ = redact(cli, tmp_path, "code.png")
    with Image.open(out) as written:
        assert not zxingcpp.read_barcodes(written.convert("RGB"))
    assert "Scan the code below." in read(out)


def test_digits_that_were_misread():
    assert as_numbers("card 4l11 1111 llO1 1I11 ok") == "card 4111 1111 1101 1111 ok"
    assert as_numbers("Oslo, Bill and Zoo") is None
    text = frame_text([Word("a", (0, 0, 10, 10), 1, 1), Word("b", (12, 0, 20, 10), 1, 1),
                       Word("c", (0, 20, 10, 30), 1, 2)])  # fmt: skip
    assert text.text == "a b\nc"
    assert text.boxes(0, 3) == [(0, 0, 20, 10)]
    assert text.boxes(2, 5) == [(12, 0, 20, 10), (0, 20, 10, 30)]


def test_writing_that_nobody_can_read_withholds(cli, tmp_path):
    import math

    image = page(lines=["Signed by hand:"])
    draw = ImageDraw.Draw(image)
    for row in range(6):
        draw.line(
            [(80 + x, 220 + row * 45 + 14 * math.sin(x / 7) + 9 * math.sin(x / 2.3)) for x in range(900)
             for _ in (0,)] if False else
            [(80 + x, 220 + row * 45 + 14 * math.sin(x / 7) + 9 * math.sin(x / 2.3)) for x in range(900)],
            fill="black", width=6,
        )  # fmt: skip
    image.save(tmp_path / "hand.png")
    out, done = redact(cli, tmp_path, "hand.png", code=4)
    assert not out.exists() and b"cannot read" in done.stdout


def test_hostile_pictures(cli, tmp_path):
    good = io.BytesIO()
    page().save(good, "PNG")
    (tmp_path / "cut.png").write_bytes(good.getvalue()[:900])
    (tmp_path / "fake.png").write_bytes(b"not a picture")
    ihdr = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    (tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", ihdr)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    for name in ("cut.png", "fake.png", "bomb.png"):
        out, done = redact(cli, tmp_path, name, code=5)
        assert not out.exists()
        assert b"Traceback" not in done.stderr


def test_the_verifier_sees_a_box_that_is_missing():
    from redactor.verify.image import check_image
    from redactor.verify.worker import Request

    data = io.BytesIO()
    page().save(data, "PNG")
    hints = {"boxes": [[[50, 140, 700, 200]]], "color": "#000000", "language": "en"}
    request = Request("", 0, 0, "image", hints, False, 0, "", [VALUES[0]], [], data.getvalue())
    answer = check_image(request, data.getvalue())
    assert any("one colour" in entry.what for entry in answer.damage)
    assert answer.leaks and answer.leaks[0].boxes
    moved = page()
    moved.putpixel((5, 5), (9, 9, 9))
    other = io.BytesIO()
    moved.save(other, "PNG")
    hints["boxes"] = [[]]
    assert any("outside" in entry.what for entry in check_image(request, other.getvalue()).damage)


def test_sniffing_and_the_audit_row(cli, tmp_path):
    assert detect_format("x.txt", b"\x89PNG\r\n\x1a\n") == "image"
    page().save(tmp_path / "scan.png")
    redact(cli, tmp_path, "scan.png")
    rows = cli("audit", "export", code=0).stdout.decode()
    assert '"pages_redacted": 1' in rows or '"pages_redacted":1' in rows
    for value in VALUES:
        assert value not in rows
    assert json.loads(rows.splitlines()[0])
    assert read_picture((tmp_path / "out-scan.png").read_bytes()).dropped == ()
