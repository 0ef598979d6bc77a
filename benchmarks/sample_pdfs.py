"""Writes the PDFs of ``sample_docs``: ``python -m benchmarks.sample_pdfs``.

A letter, a table and a form with annotations, each with the places where names hide. Every
person, number and address is made up (see ``sample_docs/README.md``). Equal runs give equal
bytes.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

FOLDER = Path(__file__).resolve().parents[1] / "sample_docs"

LETTER = """\
Harbour Mutual Insurance                                       4 March 2024

Ms. Eleanor Whitcombe
17 Juniper Lane
Springfield, IL 62704

Dear Ms. Whitcombe,

thank you for your call on Tuesday. As Tobias Renner told you on the phone, your claim was
approved and we will send the payment to the account GB82 WEST 1234 5698 7654 32 in the name
of Eleanor Whitcombe.

Please check what we hold about you:

    E-mail:          eleanor.whitcombe@example.com
    Telephone:       (217) 555-0142
    Date of birth:   12 June 1979
    SSN:             987-65-4321
    Card on file:    4111 1111 1111 1111

If anything is wrong, write to help@example.com.

Kind regards,
Tobias Renner
""".splitlines()

ROWS = [
    ("Customer", "E-mail", "Telephone", "Balance"),
    ("Amara Osei-Tutu", "amara.osei@example.com", "(312) 555-0117", "1,204.50"),
    ("Henrik Vasquez", "h.vasquez@example.org", "(415) 555-0163", "88.00"),
    ("Priya Raghunathan", "priya.r@example.net", "(646) 555-0188", "15,310.25"),
    ("Samuel Oyelaran", "samuel@example.com", "(206) 555-0129", "0.00"),
]


def main() -> int:
    """Write all three."""
    for name, pdf in (("letter.pdf", letter()), ("customers.pdf", table()), ("form.pdf", form())):
        pdf.save(FOLDER / name, deterministic_id=True, compress_streams=True)
    return 0


def letter() -> pikepdf.Pdf:
    """Running text, with an author in its properties and an outline."""
    pdf = _new([_text(72, 740 - 16 * row, 10.5, line) for row, line in enumerate(LETTER)])
    pdf.docinfo["/Author"] = "Tobias Renner"
    pdf.docinfo["/Title"] = "Letter to Eleanor Whitcombe"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Claim of Eleanor Whitcombe", 0))
    return pdf


def table() -> pikepdf.Pdf:
    """Cells with rules between them."""
    parts = [_text(72, 740, 14, "Accounts overdue")]
    columns = (72, 200, 370, 480)
    for number, row in enumerate(ROWS):
        y = 700 - 24 * number
        parts.append(b"0.6 w %d %d m 540 %d l S" % (72, y - 8, y - 8))
        parts += [_text(x, y, 10, cell) for x, cell in zip(columns, row, strict=True)]
    return _new(parts)


def form() -> pikepdf.Pdf:
    """Form fields, a comment, a link, and a black box that hides nothing."""
    labels = ["Full name", "Social security number", "E-mail"]
    values = ["Ignatius Pellworm", "987-65-4322", "i.pellworm@example.com"]
    parts = [_text(72, 740, 14, "Application for a library card")]
    parts += [_text(72, 690 - 40 * n, 10, label) for n, label in enumerate(labels)]
    parts.append(_text(72, 540, 10, "Guarantor: Rosalind Achterberg, born 3 May 1961"))
    parts.append(b"0 g 125 536 150 14 re f")
    pdf = _new(parts)
    fields = [
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String(label.lower().replace(" ", "_")),
                V=String(value),
                DA=String("/F1 10 Tf 0 g"),
                F=4,
                Rect=[220, 682 - 40 * n, 480, 702 - 40 * n],
                AP=Dictionary(N=_field(pdf, value)),
            )
        )
        for n, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    comment = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=[500, 540, 520, 560],
        T=String("Rosalind Achterberg"),
        Contents=String("Call Ignatius Pellworm at (217) 555-0175"),
        M=String("D:20240304101500Z"),
    )
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[72, 500, 200, 515],
        A=Dictionary(S=Name.URI, URI=String("mailto:i.pellworm@example.com")),
    )
    pdf.pages[0].Annots = Array([*fields, pdf.make_indirect(comment), pdf.make_indirect(link)])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array(fields), DA=String("/F1 10 Tf 0 g"), DR=Dictionary(Font=Dictionary(F1=_font()))
    )
    return pdf


def _new(parts: list[bytes]) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.Contents = Stream(pdf, b"\n".join(parts))
    page.Resources = Dictionary(Font=Dictionary(F1=_font()))
    return pdf


def _font() -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )


def _text(x: float, y: float, size: float, text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"BT /F1 %.1f Tf %.1f %.1f Td (%s) Tj ET" % (size, x, y, escaped.encode("cp1252"))


def _field(pdf: pikepdf.Pdf, value: str) -> Stream:
    stream = Stream(pdf, b"/Tx BMC q " + _text(3, 6, 10, value) + b" Q EMC")
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, 260, 20])
    stream.Resources = Dictionary(Font=Dictionary(F1=_font()))
    return stream


if __name__ == "__main__":
    raise SystemExit(main())
