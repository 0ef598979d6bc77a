"""A decoded text and where each stretch of it stands in the raw text that spells it.

HTML, mail headers and the like spell one text in many ways (references, escapes, tags in
between). A :class:`Mapped` text is what people read; its redactions become edits of the raw
text, and everything outside them stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from redactor.errors import WithheldError
from redactor.values import Redaction, Span

Edit = tuple[int, int, str]  # raw start, raw end, new raw text


@dataclass(frozen=True, slots=True)
class Stretch:
    """``size`` decoded code points from ``at`` that ``[start, end)`` of the raw text spells.

    ``plain``: character for character. ``fixed``: stands for structure (a line break) and is
    never taken out.
    """

    at: int
    size: int
    start: int
    end: int
    plain: bool = True
    fixed: bool = False


@dataclass(slots=True)
class Mapped:
    """Grows by :meth:`add`; ``text`` is what was added so far."""

    stretches: list[Stretch] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list, repr=False)
    size: int = 0

    @property
    def text(self) -> str:
        """The decoded text."""
        return "".join(self.pieces)

    def add(self, text: str, start: int, end: int, *, fixed: bool = False) -> None:
        """``text`` is spelt by the raw ``[start, end)``."""
        if text:
            plain = len(text) == end - start and not fixed
            self.stretches.append(Stretch(self.size, len(text), start, end, plain, fixed))
            self.pieces.append(text)
            self.size += len(text)

    def add_spelt(
        self, raw: str, shift: int, pattern: re.Pattern[str], decode: Callable[[str], str]
    ) -> None:
        """Raw text in which matches of ``pattern`` spell what ``decode`` says of them."""
        at = 0
        for match in pattern.finditer(raw):
            decoded = decode(match[0])
            if decoded == match[0]:
                continue
            self.add(raw[at : match.start()], shift + at, shift + match.start())
            # an escape that spells nothing is hidden with its neighbour, never left between
            self.add(decoded, shift + match.start(), shift + match.end())
            at = match.end()
        self.add(raw[at:], shift + at, shift + len(raw))

    def settle(self, redactions: Sequence[Redaction]) -> Iterator[Redaction]:
        """Redactions cut at fixed stretches and grown to whole escapes.

        The first part of one that is cut takes the replacement, the others are emptied.
        """
        starts = [stretch.at for stretch in self.stretches]
        for redaction in sorted(redactions, key=lambda entry: entry.span):
            first = bisect_right(starts, redaction.span.start) - 1
            parts: list[list[int]] = []
            for stretch in self.stretches[first:]:
                if stretch.at >= redaction.span.end:
                    break
                if stretch.fixed:
                    continue
                low = max(redaction.span.start, stretch.at)
                high = min(redaction.span.end, stretch.at + stretch.size)
                if parts and parts[-1][1] == low:
                    parts[-1][1] = high
                else:
                    parts.append([low, high])
            for number, (low, high) in enumerate(parts):
                new = redaction.replacement if number == 0 else ""
                yield replace(redaction, span=Span(low, high), replacement=new)

    def edits(
        self, redactions: Sequence[Redaction], escape: Callable[[str], str]
    ) -> Iterator[Edit]:
        """Edits of the raw text for redactions that :meth:`settle` made."""
        starts = [stretch.at for stretch in self.stretches]
        for redaction in sorted(redactions, key=lambda entry: entry.span):
            new = escape(redaction.replacement)
            first = bisect_right(starts, redaction.span.start) - 1
            for stretch in self.stretches[first:]:
                if stretch.at >= redaction.span.end:
                    break
                low = max(redaction.span.start - stretch.at, 0)
                high = min(redaction.span.end - stretch.at, stretch.size)
                if stretch.plain:
                    yield stretch.start + low, stretch.start + high, new
                else:
                    # what of a longer spelling stays is spelt out again, escaped
                    text = self.text[stretch.at : stretch.at + stretch.size]
                    yield stretch.start, stretch.end, escape(text[:low]) + new + escape(text[high:])
                new = ""


def apply(raw: str, edits: Sequence[Edit]) -> str:
    """The raw text with edits made.

    Raises:
        WithheldError: two redactions meet inside one escape.
    """
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        if start < at:
            raise WithheldError("two redactions meet in one escape: join them by hand")
        pieces += [raw[at:start], new]
        at = end
    return "".join([*pieces, raw[at:]])
