"""Inside a document's process: what it serves, and under which limits.

Started by :mod:`redactor.formats.isolated`; a new document format is a line in both tables.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import signal
import socket
import struct
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from redactor.errors import RedactorError, WithheldError
from redactor.formats.base import Failure, ReadOptions
from redactor.values import Redaction, Unit

HEADER = struct.Struct("<QQ")  # lengths of the JSON (or pickle) and of the bytes after it


class Document(Protocol):
    """What a format does inside the document's process."""

    @property
    def hints(self) -> Mapping[str, Any]:
        """How to read the written bytes back; JSON-able, complete after writing."""
        ...

    @property
    def notes(self) -> Mapping[str, Any]:
        """Figures and methods for report and audit; JSON-able, no values."""
        ...

    def units(self) -> Sequence[Unit]:
        """Every text of the document."""
        ...

    def write(self, redactions: Sequence[Redaction]) -> bytes:
        """The redacted copy; may be called again after :meth:`strengthen`."""
        ...

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """See :class:`redactor.formats.base.StrongerChunk`."""
        ...


def _pdf(data: bytes, options: ReadOptions) -> Document:
    from redactor.formats.pdf.document import PdfDocument

    return PdfDocument(data, options)


def _image(data: bytes, options: ReadOptions) -> Document:
    from redactor.formats.image.document import ImageDocument

    return ImageDocument(data, options)


DOCUMENTS: dict[str, Callable[[bytes, ReadOptions], Document]] = {
    "pdf": _pdf,
    "image": _image,
}
# imported by the helper before it forks
PRELOAD: dict[str, str] = {
    "pdf": "redactor.formats.pdf.document",
    "image": "redactor.formats.image.document",
}


def main(what: str, descriptor: int) -> None:
    """Entry point of the processes started here."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end = socket.socket(fileno=descriptor)
    if what == "document":
        serve(end)
    else:
        _fork_for_each(end, what.removeprefix("helper "))


def _fork_for_each(control: socket.socket, name: str) -> None:
    importlib.import_module(PRELOAD[name])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            try:
                serve(socket.socket(fileno=descriptors[0]))
            finally:
                os._exit(0)
        os.close(descriptors[0])


def serve(end: socket.socket) -> None:
    """Handle one document: answer until the other side closes."""
    _reply(end, {"pid": os.getpid()})
    document: Document | None = None
    stream = end.makefile("rb")
    while len(head := stream.read(HEADER.size)) == HEADER.size:
        verb, argument = pickle.loads(stream.read(HEADER.unpack(head)[0]))
        data = b""
        try:
            if verb == "open":
                name, source, options = argument
                _limit(options)
                document = DOCUMENTS[name](source, options)
                reply: dict[str, Any] = {
                    "units": [
                        [u.id, u.text, u.locator.kind, u.locator.place, u.field]
                        for u in document.units()
                    ]
                }
            elif document is None:
                raise WithheldError("no document is open")
            elif verb == "write":
                data = document.write(argument)
                reply = {"hints": dict(document.hints), "notes": dict(document.notes)}
            else:
                reply = {"stronger": document.strengthen(argument)}
        except RedactorError as error:
            reply = {"error": type(error).__name__, "message": str(error)}
        except MemoryError:
            os._exit(1)  # the parent tells what that means
        except RecursionError:
            reply = {
                "error": "WithheldError",
                "message": "the document is nested too deeply: withheld",
            }
        except Exception as error:  # any fault of a library or of ours withholds the document
            reply = {
                "error": "WithheldError",
                "message": f"the document cannot be handled ({type(error).__name__}): withheld; "
                "open it in a viewer and print it to a new file, or report it",
                "frames": "".join(traceback.format_tb(error.__traceback__)),
            }
        _reply(end, reply, data)


def _reply(end: socket.socket, reply: Mapping[str, Any], data: bytes = b"") -> None:
    text = json.dumps(reply).encode()
    end.sendall(HEADER.pack(len(text), len(data)) + text)
    if data:
        end.sendall(data)


def _limit(options: ReadOptions) -> None:
    """Bound this process's memory and processor time."""
    try:
        import resource
    except ImportError:
        return  # no such limits on this system; the parent's clock still ends it
    if options.memory:
        _lower(resource.RLIMIT_AS, options.memory)
    _lower(resource.RLIMIT_CPU, int(options.seconds * 8) + 60)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (bound, hard))
