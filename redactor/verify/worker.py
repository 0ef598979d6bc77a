"""The verifying process: ``python -m redactor.verify.worker``, fed over its standard input.

It never sees the source, only where written bytes lie, the digest that their texts must
have, and the values to search for. Messages are length-prefixed pickles between two
processes of one program and one user; nothing is written to a disk or a log.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from redactor.errors import RedactorError
from redactor.verify.report import digest_texts
from redactor.verify.search import find_values

_HEADER = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes ``[offset, offset + length)`` of a written file, and what must hold of them."""

    path: str = field(repr=False)
    offset: int
    length: int
    format: str
    hints: dict[str, Any]
    by_line: bool
    count: int
    digest: str
    values: list[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """``texts`` holds a short digest per text when position failed, to name the place.

    ``hits`` are (value, text, start, end); ``strays`` (where, what stands there) are values
    outside of all texts; ``error`` is a message without document text.
    """

    equal: bool
    texts: list[bytes]
    hits: list[tuple[int, int, int, int]] = field(repr=False)
    error: str = ""
    strays: list[tuple[str, str]] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """A whole (compressed) file: its decompressed bytes must have this SHA-256."""

    path: str = field(repr=False)
    sha256: str


def short_digest(text: str) -> bytes:
    """Eight bytes that tell two texts apart, for naming the first difference."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def answer(request: Request) -> Answer:
    """Re-read and search one release unit."""
    from redactor.formats.reread import reread

    with Path(request.path).open("rb") as written:
        written.seek(request.offset)
        data = written.read(request.length)
    if request.format in CHECKS:
        return CHECKS[request.format](request, data)
    try:
        texts = list(reread(request.format, data, request.hints))
    except (RedactorError, ValueError) as error:
        return Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
    equal = digest_texts(texts) == (request.count, request.digest)
    hits = find_values(texts, request.values, by_line=request.by_line)
    return Answer(
        equal,
        [] if equal else [short_digest(text) for text in texts],
        [(hit.value, hit.text, hit.start, hit.end) for hit in hits],
    )


def _office(request: Request, data: bytes) -> Answer:
    from redactor.verify.office import check_office

    return check_office(request, data)


# Formats whose written copies need more than their texts compared.
CHECKS: dict[str, Callable[[Request, bytes], Answer]] = {
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


_HANDLERS: dict[type, Callable[[Any], Answer]] = {Request: answer, StreamRequest: answer_stream}


def _requests(pipe: IO[bytes]) -> Iterator[Any]:
    while (request := receive(pipe)) is not None:
        yield request


def main() -> int:
    """Answer requests until the pipe closes."""
    for request in _requests(sys.stdin.buffer):
        try:
            reply = _HANDLERS[type(request)](request)
        except (OSError, MemoryError) as error:
            reply = Answer(False, [], [], f"cannot be read back ({type(error).__name__})")
        send(reply, sys.stdout.buffer)
    return 0
