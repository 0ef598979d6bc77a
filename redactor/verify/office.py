"""Check of a written Office document: its texts, and everything in it that is no text.

A redacted value must not stand in a text (as everywhere), nor in what no redaction could have
reached: other attributes, names of unknown elements, bytes of pictures, fonts and objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redactor.formats.office.reread import Copy, read_copy
from redactor.verify.report import digest_texts
from redactor.verify.search import GRAM, find_values, normalise
from redactor.verify.worker import Answer, Request, short_digest


def check_office(request: Request, data: bytes) -> Answer:
    """Re-read a written document and search all of it."""
    try:
        copy = read_copy(data, request.hints)
    except (ValueError, RecursionError) as error:
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    left = _left_over(copy, clean=request.hints["clean"], macros=request.hints["macros"])
    if left:
        return Answer(False, [], [], f"still holds what was to be cleaned away: {left}")
    equal = digest_texts(copy.texts) == (request.count, request.digest)
    hits = find_values(copy.texts, request.values, by_line=request.by_line)
    return Answer(
        equal,
        [] if equal else [short_digest(text) for text in copy.texts],
        [(hit.value, hit.text, hit.start, hit.end) for hit in hits],
        strays=[*_strays(copy, request.values), *_in_bytes(copy, request.values)],
    )


def _left_over(copy: Copy, *, clean: bool, macros: bool) -> str:
    marks = copy.marks - ({"macro"} if macros else set())
    if not clean:
        marks &= {"macro", "signature"}
    return ", ".join(sorted(marks))


def _strays(copy: Copy, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    texts = [text for _, text in copy.strays]
    for hit in find_values(texts, values):
        yield copy.strays[hit.text][0], texts[hit.text][hit.start : hit.end]


def _in_bytes(copy: Copy, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Values in parts that are no XML, as UTF-8, Latin-1 or UTF-16, whatever their case."""
    if not copy.blobs:
        return
    wanted = [(value, set(_spellings(value))) for value in values if len(normalise(value)) >= GRAM]
    for place, data in copy.blobs:
        folded = data.lower()
        for value, spellings in wanted:
            if any(spelling in folded for spelling in spellings):
                yield place, value


def _spellings(value: str) -> Iterator[bytes]:
    bare = "".join(char for char in value if not char.isspace() and char != "-")
    for text in (value, bare):
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            try:
                yield text.encode(encoding).lower()
            except UnicodeEncodeError:
                continue
