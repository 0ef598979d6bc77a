"""Values planted in every hiding place, and a search that shares nothing with the product.

Every value is ``Plantedvalue`` and a number of three digits, so it can stand in running text,
in names that allow letters and digits only, in addresses and in file names alike.
"""

import io
import re
import zipfile

from redactor.formats.base import ReadOptions
from redactor.formats.office.document import OfficeFormat
from redactor.formats.office.reread import read_copy
from redactor.policy.model import OfficeOptions
from redactor.values import Redaction, Span
from redactor.verify.report import expected_text

VALUE = re.compile(r"Plantedvalue\d{3}", re.IGNORECASE)


class Plant:
    """Hands out values; remembers where each went."""

    def __init__(self):
        self.places = {}
        self.neighbours = []

    def __call__(self, place):
        assert place not in self.places, place
        value = f"Plantedvalue{len(self.places):03d}"
        self.places[place] = value
        return value

    def text(self, place):
        """A sentence around a value; what is around it must survive."""
        number = len(self.places)
        words = (f"before{number:03d}x", f"behind{number:03d}x")
        self.neighbours += words
        return f"{words[0]} {self(place)} {words[1]}"


def package(parts, first=()):
    """A ZIP of parts (name -> text or bytes); ``first`` are stored, not deflated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            data = content.encode() if isinstance(content, str) else content
            info = zipfile.ZipInfo(name, (2024, 5, 17, 12, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in first else zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()


def parts_of(data):
    """Every member of a ZIP, those of ZIPs inside it too: path -> bytes."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            content = archive.read(info)
            found[info.filename] = content
            if content[:4] == b"PK\x03\x04":
                inner = parts_of(content)
                found.update({f"{info.filename}!{name}": part for name, part in inner.items()})
    return found


def leaks(data, values):
    """Values that stand anywhere: in names, bytes, UTF-16, or with markup and dashes taken out."""
    everything = []
    for name, content in parts_of(data).items():
        everything.append(name.encode().lower())
        lowered = content.lower()
        everything.append(lowered)
        everything.append(re.sub(rb"<[^>]*>", b"", lowered))  # runs squashed
    found = []
    for value in values:
        low = value.lower()
        spellings = [low.encode(), low.encode("utf-16-le"), low.encode("utf-16-be")]
        if any(s in content for s in spellings for content in everything):
            found.append(value)
    return found


def read(kind, data, **office):
    options = ReadOptions(office=OfficeOptions(**office))
    (chunk,) = OfficeFormat(kind).chunks(io.BytesIO(data), options)
    return chunk


def find(units, pattern=VALUE, replacement="<PERSON>"):
    """Redactions of every value, and of what the container says is a person."""
    redactions = []
    for unit in units:
        if unit.entity is not None:
            redactions.append(Redaction(unit.id, Span(0, len(unit.text)), "<AUTHOR>", unit.entity))
            continue
        for match in pattern.finditer(unit.text):
            redactions.append(Redaction(unit.id, Span(*match.span()), replacement, "PERSON"))
    return redactions


def redact(kind, data, *, pattern=VALUE, replacement="<PERSON>", redactions=None, **office):
    """The redacted bytes; the re-reader must read exactly what the plan says."""
    chunk = read(kind, data, **office)
    wanted = find(chunk.units, pattern, replacement) if redactions is None else redactions(chunk)
    settled = chunk.settle(wanted)
    out = io.BytesIO()
    chunk.write(settled, out)
    written = out.getvalue()
    assert read_copy(written, chunk.hints).texts == expected(chunk.units, settled)
    return written


def expected(units, redactions):
    by_unit = {}
    for redaction in redactions:
        by_unit.setdefault(redaction.unit, []).append(redaction)
    texts = (expected_text(unit.text, by_unit.get(unit.id, []))[0] for unit in units)
    return [text for text in texts if text]


def text_of(data, name):
    return parts_of(data)[name].decode()
