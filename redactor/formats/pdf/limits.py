"""Bounds for hostile documents; beyond them a document is refused, never cut off."""

from __future__ import annotations

from typing import Any

from redactor.errors import UnreadableError

MAX_DOCUMENT = 256 << 20  # bytes of a PDF file
MAX_PAGES = 20_000
MAX_OBJECTS = 4_000_000
MAX_STREAM = 256 << 20  # decoded bytes of one stream
MAX_CONTENT = 64 << 20  # decoded bytes of one page's or form's content
MAX_FONT_BYTES = 48 << 20
MAX_RATIO = 1000  # decoded bytes for one stored byte, once a stream is larger than _RATIO_FROM
MAX_OPERATORS = 1_500_000  # interpreted for one page, forms included
MAX_FORMS = 20_000  # drawn on one page
MAX_GLYPHS = 400_000  # on one page
MAX_PIXELS = 120_000_000  # of one image or one rendered page
FORM_DEPTH = 24
_RATIO_FROM = 16 << 20


def decoded(stream: Any, limit: int = MAX_STREAM) -> bytes:
    """The decoded bytes of a pikepdf stream.

    Raises:
        UnreadableError: larger than ``limit``, or packed beyond :data:`MAX_RATIO`.
        pikepdf.PdfError: the data is damaged.
    """
    data = bytes(stream.read_bytes())
    size = len(data)
    if size > limit:
        raise UnreadableError(f"a stream unpacks to more than {limit >> 20} MiB: refused")
    if size > _RATIO_FROM and size > MAX_RATIO * max(len(stream.get_raw_stream_buffer()), 1):
        raise UnreadableError(
            f"a stream unpacks to more than {MAX_RATIO} times its size: taken for a bomb"
        )
    return data
