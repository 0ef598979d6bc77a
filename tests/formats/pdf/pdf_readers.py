"""Readers that the product does not use for its own output."""

import io
import re
import shutil
import subprocess
import unicodedata

import pikepdf


def squashed(text):
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in text if c.isalnum())


def poppler(path):
    if shutil.which("pdftotext") is None:
        return ""
    found = [
        subprocess.run(
            ["pdftotext", "-q", *more, str(path), "-"], capture_output=True, timeout=60
        ).stdout
        for more in ([], ["-raw"], ["-layout"])
    ]
    return b"\n".join(found).decode("utf-8", "replace")


def mupdf(path):
    if shutil.which("mutool") is None:
        return ""
    done = subprocess.run(
        ["mutool", "draw", "-q", "-F", "txt", str(path)], capture_output=True, timeout=60
    )
    return done.stdout.decode("utf-8", "replace")


def raw_text(path):
    """Every decompressed stream and every string, in several readings, as one text."""
    parts = [path.read_bytes().decode("latin-1")]
    with pikepdf.open(path) as pdf:
        for holder in [pdf.trailer, *pdf.objects]:
            if isinstance(holder, pikepdf.Stream):
                try:
                    data = holder.read_bytes()
                except pikepdf.PdfError:
                    data = holder.read_raw_bytes()
                parts.append(data.decode("latin-1"))
                parts.append(data.decode("utf-16-be", "replace"))
                for digits in re.findall(rb"<([0-9A-Fa-f]{6,})>", data):
                    if len(digits) % 2 == 0:
                        parts.append(bytes.fromhex(digits.decode()).decode("latin-1"))
                octal = re.sub(
                    rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8) & 255]), data
                ).decode("latin-1")
                parts.append(re.sub(r"\)\s*-?[\d.]+\s*\(", "", octal))
            for text in re.findall(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]+>", holder.unparse(True)):
                parts.append(str(pikepdf.Object.parse(text)))
            parts.append(holder.unparse(True).decode("latin-1"))
    return "\n".join(parts)


def leaks(path, values):
    """(reader, value) for every value that a reader still sees; squashed spelling."""
    readers = {"poppler": poppler(path), "mupdf": mupdf(path), "raw": raw_text(path)}
    return [
        (reader, value)
        for reader, text in readers.items()
        for value in values
        if squashed(value) in squashed(text)
    ]


def reopened(path):
    return pikepdf.open(io.BytesIO(path.read_bytes()))
