"""A sink for libraries that write files, over anything with ``write``."""

from __future__ import annotations

import contextlib
import io
from typing import Any


class Gate(io.RawIOBase):
    """Writes only, and tells how much.

    Once the output was given up (and closed) the libraries' own clean-up must not fail: what
    they write then is forgotten. Nothing of a closed output can be released any more.
    """

    def __init__(self, out: Any) -> None:
        self._out = out
        self._size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Pass on."""
        block = bytes(data)
        with contextlib.suppress(ValueError):
            self._out.write(block)
        self._size += len(block)
        return len(block)

    def tell(self) -> int:
        """Bytes written so far."""
        return self._size

    def flush(self) -> None:
        """Pass on where there is something to flush."""
        flush = getattr(self._out, "flush", None)
        if flush is not None:
            with contextlib.suppress(ValueError):
                flush()

    def close(self) -> None:
        """The output itself stays open."""
