"""The verifying process: ``python -m redactor.verify.worker``, fed over its standard input.

It never sees the source, only where written bytes lie, the digest that their texts must
have, and the values to search for. Messages are length-prefixed pickles between two
processes of one program and one user; nothing is written to a disk or a log.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pickle
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from redactor.errors import RedactorError
from redactor.verify.report import digest_texts
from redactor.verify.search import find_values

_HEADER = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes ``[offset, offset + length)`` of a written file, and what must hold of them.

    ``own``: numbers of values that our own replacements spell. ``reference``: the source, for
    formats whose look is compared; never searched. ``names``: what the archive members around
    a document must be called, outermost first.
    """

    path: str = field(repr=False)
    offset: int
    length: int
    format: str
    hints: dict[str, Any]
    by_line: bool
    count: int
    digest: str
    values: list[str] = field(repr=False)
    own: list[int] = field(default_factory=list)
    reference: bytes | None = field(default=None, repr=False)
    names: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Leak:
    """Value number ``value`` still stands in a document, ``count`` times at one place.

    ``page`` is 0-based, None outside the pages; ``boxes`` say where on the page (PDF user
    space), as far as the reader knows; ``reader`` names who saw it.
    """

    value: int
    page: int | None
    reader: str
    count: int = 1
    boxes: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """Something else that is wrong on a page (0-based; None: with the whole document)."""

    page: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``texts`` holds a short digest per text when position failed, to name the place.

    ``hits`` are (value, text, start, end); ``error`` is a message without document text.
    ``leaks`` and ``damage`` are what the checks of documents answer with instead.
    ``strays`` (where, what stands there) are values outside of all texts.
    """

    equal: bool
    texts: list[bytes]
    hits: list[tuple[int, int, int, int]] = field(repr=False)
    error: str = ""
    leaks: list[Leak] = field(default_factory=list, repr=False)
    damage: list[Damage] = field(default_factory=list)
    coincidences: int = 0
    strays: list[tuple[str, str]] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """A whole (compressed) file: its decompressed bytes must have this SHA-256."""

    path: str = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class AssembledRequest:
    """A whole file put together from verified chunks: ``manifest`` says what it must hold."""

    path: str = field(repr=False)
    format: str
    manifest: list[Any] = field(repr=False)


def short_digest(text: str) -> bytes:
    """Eight bytes that tell two texts apart, for naming the first difference."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def answer(request: Request) -> Answer:
    """Re-read and search one release unit, as its format wants it."""
    with Path(request.path).open("rb") as written:
        written.seek(request.offset)
        data = written.read(request.length)
    return answer_for(request, data)


def answer_for(request: Request, data: bytes) -> Answer:
    """Check bytes as their format wants it."""
    if request.format in ("zip", "tar"):
        if document_of(request.format, request.hints) is not None:
            return _check_member(request, data)
        return dataclasses.replace(check_texts(request, data), strays=_strays(request, data))
    return CHECKS.get(request.format, check_texts)(request, data)


def _strays(request: Request, data: bytes) -> list[tuple[str, str]]:
    """Values outside of all texts of a document that is a member of an archive."""
    from redactor.formats.archive.members import HEADER

    while request.format in ("zip", "tar") and len(data) >= HEADER.size:
        (length,) = HEADER.unpack(data[: HEADER.size])
        data = data[HEADER.size + max(length, 0) :]
        inner = str(request.hints.get("format", "")), dict(request.hints.get("inner") or {})
        request = dataclasses.replace(request, format=inner[0], hints=inner[1])
    check = CHECKS.get(request.format)
    return check(request, data).strays if check is not None else []


def document_of(name: str, hints: Mapping[str, Any]) -> str | None:
    """The document format that a chunk is of, also as a member of an archive; else None."""
    while name in ("zip", "tar"):
        name, hints = str(hints.get("format", "")), hints.get("inner") or {}
    return name if name in LOOKED_AT else None


def _check_member(request: Request, data: bytes) -> Answer:
    """A document that is a member of an archive: its name stands before its bytes."""
    from redactor.formats.archive.members import HEADER, spoken

    (length,) = HEADER.unpack(data[: HEADER.size])
    at = HEADER.size + max(length, 0)
    name = spoken(data[HEADER.size : at].decode("utf-8", "surrogateescape"))
    hints = request.hints
    inner = dataclasses.replace(
        request, format=hints["format"], hints=hints["inner"], names=request.names[1:]
    )
    check = answer_for(inner, data[at:])
    damage = list(check.damage)
    if (length >= 0) != hints["first"] or (hints["first"] and name != request.names[0]):
        damage.append(Damage(None, "a member's name is not what was decided"))
    leaks = [*check.leaks]
    leaks += [
        Leak(hit.value, None, "a member's name") for hit in find_values([name], request.values)
    ]
    return dataclasses.replace(
        check, equal=check.equal and not damage and not leaks, leaks=leaks, damage=damage
    )


def check_texts(request: Request, data: bytes) -> Answer:
    """Formats that are sequences of texts: compare them all, search them all."""
    from redactor.formats.reread import reread

    try:
        texts = list(reread(request.format, data, request.hints))
    except Exception as error:  # whatever breaks a parser: the bytes are not fit to leave
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    equal = digest_texts(texts) == (request.count, request.digest)
    hits = find_values(texts, request.values, by_line=request.by_line)
    return Answer(
        equal,
        [] if equal else [short_digest(text) for text in texts],
        [(hit.value, hit.text, hit.start, hit.end) for hit in hits],
    )


def _check_pdf(request: Request, data: bytes) -> Answer:
    from redactor.verify.pdf import check_pdf

    return check_pdf(request, data)


def _check_image(request: Request, data: bytes) -> Answer:
    from redactor.verify.image import check_image

    return check_image(request, data)


def _office(request: Request, data: bytes) -> Answer:
    from redactor.verify.office import check_office

    return check_office(request, data)


# formats that are looked at as documents: they answer with leaks and damage
LOOKED_AT = frozenset({"pdf", "image"})
# format -> its check; all others are sequences of texts
CHECKS: dict[str, Callable[[Request, bytes], Answer]] = {
    "pdf": _check_pdf,
    "image": _check_image,
    "docx": _office,
    "xlsx": _office,
    "pptx": _office,
    "odt": _office,
    "ods": _office,
    "odp": _office,
}


def answer_stream(request: StreamRequest) -> Answer:
    """Decompress a finished file and compare its content's digest."""
    from redactor.formats import ReadOptions, open_source

    state = hashlib.sha256()
    try:
        with open_source(Path(request.path), ReadOptions(max_ratio=0)) as source:
            while block := source.stream.read(1 << 20):
                state.update(block)
    except RedactorError as error:
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    return Answer(state.hexdigest() == request.sha256, [], [])


def answer_assembled(request: AssembledRequest) -> Answer:
    """Read a finished file and compare it with what was verified piece by piece."""
    from redactor.formats.reread import check_assembled

    try:
        check_assembled(Path(request.path), request.format, request.manifest)
    except RedactorError as error:
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    except ValueError as error:
        return Answer(False, [], [], f"does not hold what was verified: {error}")
    except Exception as error:  # a damaged file can break a parser in any way
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    return Answer(True, [], [])


def send(message: object, pipe: IO[bytes]) -> None:
    """Write one message."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEADER.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message, or None at the end of the stream."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    return pickle.loads(pipe.read(_HEADER.unpack(header)[0]))


_HANDLERS: dict[type, Callable[[Any], Answer]] = {
    Request: answer,
    StreamRequest: answer_stream,
    AssembledRequest: answer_assembled,
}


def _requests(pipe: IO[bytes]) -> Iterator[Any]:
    while (request := receive(pipe)) is not None:
        yield request


def main() -> int:
    """Answer requests until the pipe closes."""
    replies = os.fdopen(os.dup(1), "wb")
    _silence()
    for request in _requests(sys.stdin.buffer):
        try:
            reply = _HANDLERS[type(request)](request)
        except (OSError, MemoryError, RecursionError) as error:
            reply = Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
        send(reply, replies)
    return 0


def _silence() -> None:
    """Close both outputs to the libraries: they quote what they choke on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
