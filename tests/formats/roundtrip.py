"""What every format must do: unchanged bytes, faithful re-reading, redactions that read back."""

import io

from redactor.errors import WithheldError
from redactor.formats import FORMATS
from redactor.formats.base import ReadOptions
from redactor.formats.reread import reread
from redactor.values import Redaction, Span
from redactor.verify import expected_text

# what may come out of an operator: plain, empty, and everything that can mean something
REPLACEMENTS = [
    '<"X",\\>', "", "*****", "a\nb", "123", "'", "=x", "# c; d", "--]]>?>*/", "é😀\u2028", "${x}", "null",
]  # fmt: skip


def read(name, data, options=None):
    return list(FORMATS[name]().chunks(io.BytesIO(data), options or ReadOptions()))


def write(chunk, redactions=()):
    sink = io.BytesIO()
    chunk.write(list(redactions), sink)
    return sink.getvalue()


def spoken(texts):
    return [text for text in texts if text.strip()]


def expected(chunk, redactions):
    mine = {}
    for redaction in redactions:
        mine.setdefault(redaction.unit, []).append(redaction)
    texts = [
        expected_text(unit.text, mine[unit.id])[0] if unit.id in mine else unit.text
        for unit in chunk.units
    ]
    return spoken(texts)


def check_faithful(name, data, options=None):
    """No redactions: equal bytes, and the other parser reads the very same texts."""
    chunks = read(name, data, options)
    parts = [write(chunk, chunk.settle([])) for chunk in chunks]
    assert b"".join(parts) == data
    for chunk, part in zip(chunks, parts, strict=True):
        texts = [unit.text for unit in chunk.units]
        assert list(reread(name, part, chunk.hints)) == spoken(texts)
        assert len({unit.id for unit in chunk.units}) == len(chunk.units)
    return chunks


def check_redacted(name, data, options=None, skip=lambda chunk, unit: False, allow_withheld=False):
    """Whatever is put wherever, the other parser reads what was decided."""
    for replacement in REPLACEMENTS:
        for step, offset in ((1, 0), (2, 0), (2, 1)):
            for cut in (0, 3):
                for chunk in read(name, data, options):
                    made = [
                        Redaction(
                            u.id,
                            Span(len(u.text) // cut if cut else 0, len(u.text)),
                            replacement,
                            "X",
                        )
                        for u in list(chunk.units)[offset::step]
                        if not skip(chunk, u)
                    ]
                    made = list(chunk.settle(made))
                    try:
                        part = write(chunk, made)
                    except WithheldError:
                        assert allow_withheld, replacement
                        continue
                    assert list(reread(name, part, chunk.hints)) == expected(chunk, made), (
                        replacement,
                        part,
                    )
