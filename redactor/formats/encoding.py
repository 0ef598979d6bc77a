"""Text encodings: which one, and bytes that come back exactly as they were."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from redactor.errors import UnreadableError, WithheldError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec and the byte order mark before the text (may be empty)."""

    name: str
    bom: bytes = b""

    def decode(self, data: bytes) -> str:
        """Decode bytes without their mark.

        Raises:
            UnreadableError: not this encoding; names the byte.
        """
        try:
            return data.decode(self.name)
        except UnicodeDecodeError as error:
            raise UnreadableError(
                f"byte {error.start} is not {self.name}: name the right --encoding"
            ) from None

    def encode(self, text: str) -> bytes:
        """Encode text, mark not included.

        Raises:
            WithheldError: a replacement holds a character that the encoding lacks.
        """
        try:
            return text.encode(self.name)
        except UnicodeEncodeError:
            raise WithheldError(
                f"a replacement cannot be written in {self.name}: use an operator with plain "
                "ASCII replacements, or convert the file to UTF-8"
            ) from None


def detect_encoding(data: bytes, forced: str | None = None, *, whole: bool = True) -> Encoding:
    """The encoding of a text: byte order mark, UTF-8, then a guess that round-trips.

    Args:
        data: the text, or its start where ``whole`` is False (a cut character at the end
            is then tolerated).
        forced: an encoding named by the user.
        whole: whether ``data`` is everything.

    Raises:
        UnreadableError: unknown encoding name, or no encoding fits.
    """
    for bom, name in _BOMS:
        if data.startswith(bom) and (forced is None or _same(forced, name)):
            return Encoding(name, bom)
    if forced is not None:
        try:
            return Encoding(codecs.lookup(forced).name)
        except LookupError:
            raise UnreadableError("there is no such encoding: see --encoding") from None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
        return Encoding("utf-8")
    except UnicodeDecodeError:
        pass
    return _guess(data)


def _same(forced: str, name: str) -> bool:
    wanted = forced.lower().replace("_", "-")
    return wanted == name or name.startswith(wanted.removesuffix("-sig"))


def _guess(data: bytes) -> Encoding:
    import charset_normalizer  # 22 ms: only for texts that are not UTF-8

    best = charset_normalizer.from_bytes(data[:65536]).best()
    for name in ([best.encoding] if best is not None else []) + ["cp1252", "latin-1"]:
        try:
            if data.decode(name).encode(name) == data:
                return Encoding(name)
        except (UnicodeError, LookupError):
            continue
    raise UnreadableError("no encoding fits this text: name one with --encoding")
