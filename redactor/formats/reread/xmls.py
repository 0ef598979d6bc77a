"""XML read back by expat: the events in order, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat


def texts(document: str) -> Iterator[str]:
    """Text, attribute values, comments, CDATA and instructions, in order.

    Raises:
        ValueError: not well-formed.
    """
    found: list[str] = []
    pending: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True

    def flush() -> None:
        # also where nothing is: texts that were redacted away keep their number
        found.append("".join(pending))
        pending.clear()

    def start(name: str, attributes: list[str]) -> None:
        flush()
        found.extend(attributes[1::2])

    def other(*parts: str) -> None:
        flush()
        found.append(parts[-1])

    def doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
        flush()
        found.extend(part for part in (public, system) if part)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: flush()
    parser.CharacterDataHandler = pending.append
    parser.CommentHandler = other
    parser.ProcessingInstructionHandler = other
    parser.StartCdataSectionHandler = flush
    parser.EndCdataSectionHandler = flush
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(document.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise ValueError(f"not well-formed at line {error.lineno}") from None
    flush()
    return iter(found)
