"""One picture file in its own process: what is in it, and the copy with boxes painted.

Texts are found by recognition (page by page where there are several frames), in bar codes,
and once more with look-alikes of digits read as digits. Faces, where a finder is installed,
and photographs are told as texts of their own (``face``, ``photo`` in fields of these names),
so that a policy's field rules decide about them. Boxes cover whole words in the picture's own
resolution. Writing that cannot be read withholds the picture, unless the policy keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redactor.errors import WithheldError
from redactor.formats.base import Failure, ReadOptions
from redactor.formats.image.files import Picture, read_picture, write_picture
from redactor.formats.image.marks import barcodes, faces, is_photo, unread_ink
from redactor.formats.image.words import Box, FrameText, as_numbers, frame_text
from redactor.formats.ocr import find_recogniser
from redactor.values import Locator, Redaction, Unit

_UNSURE = 0.5  # confidence below which a word is told as unsure
_MOST_ROUNDS = 3


class ImageDocument:
    """One picture; see the module's text.

    Raises:
        UnreadableError: not a picture that can be read.
        WithheldError: no text recognition is installed.
    """

    def __init__(self, data: bytes, options: ReadOptions) -> None:
        self._data = data
        self._options = options
        self._picture: Picture = read_picture(data)
        self._recogniser = find_recogniser()
        if self._recogniser is None and options.pdf.unreadable == "withhold":
            raise WithheldError(
                "the text of a picture can be read with the [ocr] extra only: install it, or allow "
                "unread pictures with `pdf: {unreadable: keep}`"
            )
        self._texts: list[FrameText] = []
        self._boxes: dict[str, list[Box]] = {}  # of units that are no recognised text
        self._extra: list[list[Box]] = [[] for _ in self._picture.frames]
        self._rounds = 0
        self._unsure = 0
        self.notes: dict[str, Any] = {}
        self.hints: dict[str, Any] = {}

    def units(self) -> list[Unit]:
        """Every text of the picture.

        Raises:
            WithheldError: a frame holds writing that cannot be read.
        """
        found: list[Unit] = []
        for number, frame in enumerate(self._picture.frames):
            found += self._frame_units(number, frame)
        return found

    def _frame_units(self, number: int, frame: Any) -> list[Unit]:
        words = []
        if self._recogniser is not None:
            words = list(self._recogniser.recognise(frame, self._options.language))
        self._unsure += sum(word.confidence < _UNSURE for word in words)
        text = frame_text(words)
        self._texts.append(text)
        page = str(number + 1)
        found = []
        if text.text:
            found.append(Unit(f"f{number}", text.text, Locator("page", page)))
            numbers = as_numbers(text.text)
            if numbers is not None:
                found.append(Unit(f"f{number}n", numbers, Locator("page", f"{page}/as-numbers")))
        known: list[Box] = []
        for count, (content, box) in enumerate(barcodes(frame)):
            known.append(box)
            found.append(self._mark(f"f{number}b{count}", content, f"{page}/barcode", None, box))
        seen = faces(frame)
        photo = is_photo(frame)
        for count, box in enumerate(seen or ()):
            known.append(box)
            found.append(self._mark(f"f{number}c{count}", "face", f"{page}/face", "face", box))
        if photo and seen is None:
            whole = (0.0, 0.0, float(frame.width), float(frame.height))
            found.append(self._mark(f"f{number}p", "photo", f"{page}/photo", "photo", whole))
        unread = not photo and unread_ink(frame, words, known)
        if unread and self._options.pdf.unreadable == "withhold":
            raise WithheldError(
                f"page {page} holds writing or drawing that text recognition cannot read: have a "
                "person look at it, or allow it with `pdf: {unreadable: keep}`"
            )
        return found

    def _mark(self, unit_id: str, text: str, place: str, name: str | None, box: Box) -> Unit:
        self._boxes[unit_id] = [box]
        return Unit(unit_id, text, Locator("page", place), name)

    def write(self, redactions: Sequence[Redaction]) -> bytes:
        """The redacted copy; the source's bytes where there is nothing to take out."""
        boxes: list[list[Box]] = [list(extra) for extra in self._extra]
        for redaction in redactions:
            number = int(redaction.unit[1:].rstrip("np").split("b")[0].split("c")[0])
            if redaction.unit in self._boxes:
                boxes[number] += self._boxes[redaction.unit]
            else:
                span = redaction.span
                boxes[number] += self._texts[number].boxes(span.start, span.end)
        frames, painted = [], []
        for frame, wanted in zip(self._picture.frames, boxes, strict=True):
            frame, done = _painted(frame, wanted, self._options.pdf.box_color)
            frames.append(frame)
            painted.append(done)
        untouched = not any(painted) and not self._picture.dropped
        self.notes = {
            "pages": len(frames),
            "pages_redacted": sum(bool(done) for done in painted),
            "boxes": sum(len(done) for done in painted),
            "dropped": list(self._picture.dropped),
            "unsure_words": self._unsure,
            "recogniser": getattr(self._recogniser, "name", "none"),
        }
        self.hints = {
            "boxes": painted,
            "color": self._options.pdf.box_color,
            "language": self._options.language,
        }
        return self._data if untouched else write_picture(self._picture, frames)

    def strengthen(self, failures: Sequence[Failure]) -> bool:
        """Paint over what the verifier still read; False when that was tried already."""
        if self._rounds >= _MOST_ROUNDS:
            return False
        self._rounds += 1
        added = False
        for failure in failures:
            if failure.page is None or not failure.leak:
                return False
            for box in failure.boxes:
                self._extra[failure.page].append(box)
                added = True
        return added


def _painted(frame: Any, boxes: Sequence[Box], color: str) -> tuple[Any, list[list[int]]]:
    """A frame with boxes painted, and the boxes in whole pixels (right and bottom excluded)."""
    from PIL import ImageColor, ImageDraw

    if not boxes:
        return frame, []
    if frame.mode == "P":
        frame = frame.convert("RGBA" if "transparency" in frame.info else "RGB")
    frame = frame.copy()
    draw = ImageDraw.Draw(frame)
    ink = _ink(frame.mode, ImageColor.getrgb(color))
    done = []
    for left, top, right, bottom in boxes:
        pad = 2 + (bottom - top) * 0.12  # recognised boxes cut hooks and dots off
        x0, y0 = max(0, int(left - pad)), max(0, int(top - pad))
        x1, y1 = min(frame.width, int(right + pad) + 1), min(frame.height, int(bottom + pad) + 1)
        if x1 > x0 and y1 > y0:
            draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=ink)
            done.append([x0, y0, x1, y1])
    return frame, done


def _ink(mode: str, rgb: tuple[int, ...]) -> Any:
    grey = (rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114) // 1000
    match mode:
        case "RGB" | "YCbCr" | "LAB" | "HSV":
            return rgb[:3]
        case "RGBA":
            return (*rgb[:3], 255)
        case "LA":
            return (grey, 255)
        case "1":
            return 1 if grey > 127 else 0
        case "CMYK":
            return (255 - rgb[0], 255 - rgb[1], 255 - rgb[2], 0)
        case "I" | "I;16" | "F":
            return grey * 257
        case _:
            return grey
