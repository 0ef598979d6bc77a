"""What a text recogniser (OCR) is; the implementations live in ``redactor.ocr`` (extra [ocr]).

Formats ask :func:`find_recogniser` and go on without one where there is none: then a page or
picture whose text only a person can see is withheld.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

_IMPLEMENTATION = "redactor.ocr"  # offers load() -> Recogniser


@dataclass(frozen=True, slots=True)
class Word:
    """A word seen in a picture.

    ``box`` is (left, top, right, bottom) in pixels of that picture, origin at the top left;
    ``confidence`` is 0.0-1.0; words of one ``line`` (any number) stand beside each other.
    """

    text: str = field(repr=False)
    box: tuple[float, float, float, float]
    confidence: float
    line: int = 0


class Recogniser(Protocol):
    """Finds words in pictures."""

    def recognise(self, image: Any, language: str) -> Sequence[Word]:
        """Words in reading order.

        Args:
            image: a ``PIL.Image.Image``, 8-bit grey or RGB, best at 200 to 300 dpi.
            language: ISO 639-1 code of the text.
        """
        ...


def find_recogniser() -> Recogniser | None:
    """The installed recogniser, or None."""
    try:
        module = importlib.import_module(_IMPLEMENTATION)
    except ModuleNotFoundError:
        return None
    return cast("Recogniser | None", module.load())
