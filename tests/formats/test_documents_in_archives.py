"""Documents as members of archives: redacted, verified as documents, put back together."""

import io
import tarfile
import zipfile

import pytest

from redactor.report.pdf import Sheet

VALUES = ["zebulon.quartermaine@example.com", "987-65-4329"]


def letter():
    sheet = Sheet("letter")
    sheet.heading("A letter")
    sheet.paragraph("Mail zebulon.quartermaine@example.com and SSN: 987-65-4329, please.")
    sheet.paragraph("Neighbours stay.")
    return sheet.finish()


def read_pdf(data):
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(data)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("nested", [False, True])
def test_pdf_in_zip_and_in_tar_in_zip(cli, tmp_path, nested):
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        info = tarfile.TarInfo("letters/987-65-4329.pdf")
        info.size = len(letter())
        archive.addfile(info, io.BytesIO(letter()))
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.txt", "SSN: 987-65-4329 stays nowhere")
        if nested:
            archive.writestr("inner.tar", inner.getvalue())
        else:
            archive.writestr("a/letter SSN 987-65-4329.pdf", letter())
    cli("redact", tmp_path / "in.zip", "-o", tmp_path / "out.zip", "--ner", "never", code=0)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = archive.namelist()
        assert "987" not in str(names) and names[0] == "note.txt"
        data = archive.read(names[1])
        assert "987" not in archive.read("note.txt").decode()
    if nested:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            (member,) = archive.getmembers()
            data = archive.extractfile(member).read()
    text = read_pdf(data)
    assert "Neighbours stay." in text
    for value in VALUES:
        assert value not in text and value.encode() not in data


def test_a_document_that_is_withheld_withholds_the_archive(cli, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("broken.pdf", letter()[:300])
    done = cli("redact", tmp_path / "in.zip", "-o", tmp_path / "out.zip", "--ner", "never")
    assert done.returncode in (4, 5)
    assert b"member 1" in done.stdout
    assert not (tmp_path / "out.zip").exists()
