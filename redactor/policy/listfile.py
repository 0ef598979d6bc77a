"""List files of a policy: UTF-8, one value a line, blank lines and outer white space ignored.

A short list becomes part of the policy. A long one stays in its file: the policy holds its
path, size and SHA-256, and detection makes an index of it (:mod:`redactor.detection.lists`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from redactor.errors import PolicyError

LONG = 2_000  # values from which on a list is indexed and not held as text
_MAX_BYTES = 256 << 20
_MAX_VALUES = 5_000_000
_MAX_LINE = 1_000  # characters; a longer line is no value


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a list file holds; ``values`` is empty where it is long."""

    values: tuple[str, ...] = field(repr=False)
    count: int
    digest: str  # SHA-256 of the file, hex


def look_at(path: Path) -> ListFile:
    """Check a list file; read it whole only where it is short.

    Raises:
        PolicyError: not readable, not UTF-8, empty, or no list; the message names no value
            and not the file, which its reader knows: add where it was named.
    """
    content = _content(path)
    lines = content.count(b"\n") + 1
    if lines > _MAX_VALUES:
        raise PolicyError(f"the list file holds more than {_MAX_VALUES:,} lines: split it")
    text = _text(content)
    digest = sha256(content).hexdigest()
    if lines >= LONG:
        return ListFile((), lines - text.endswith("\n"), digest)
    values = tuple(dict.fromkeys(_values(text)))
    return ListFile(values, len(values), digest)


def read_long(path: Path, digest: str) -> list[str]:
    """The values of a long list file that has not changed since :func:`look_at`.

    Raises:
        PolicyError: it cannot be read, or has changed.
    """
    content = _content(path)
    if sha256(content).hexdigest() != digest:
        raise PolicyError("the list file changed since the policy was read: try again")
    return _values(_text(content))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            content = source.read(_MAX_BYTES + 1)
    except OSError as error:
        raise PolicyError(f"the list file cannot be read ({error.strerror})") from None
    if len(content) > _MAX_BYTES:
        raise PolicyError(f"the list file is larger than {_MAX_BYTES >> 20} MiB: split it")
    if not content.strip():
        raise PolicyError("the list file holds no values")
    return content


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError(f"the list file is not UTF-8 (line {line})") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PolicyError(f"the list file is no text file (line {line} holds NUL)")
    return text


def _values(text: str) -> list[str]:
    values = []
    for number, line in enumerate(text.split("\n"), start=1):
        value = line.strip()
        if len(value) > _MAX_LINE:
            raise PolicyError(
                f"line {number} of the list file is longer than {_MAX_LINE:,} characters: "
                "one value a line"
            )
        if value:
            values.append(value)
    if not values:
        raise PolicyError("the list file holds no values")
    return values
