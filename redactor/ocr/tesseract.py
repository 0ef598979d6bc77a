"""Tesseract 5 through ``tesserocr``, whose wheel holds the engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from redactor.formats.ocr import Word
from redactor.ocr.languages import model_for, orientation_model
from redactor.ocr.prepare import prepare

# pages run in processes side by side: threads inside one page only take turns
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

_SURE = 5.0  # Tesseract's confidence that a page lies on its side, from which it is believed


class Tesseract:
    """Reads a picture upright first, then straightened; keeps its engines between pages."""

    name = "tesseract"

    def __init__(self) -> None:
        self._engines: dict[str, Any] = {}
        self._orientation: Any = None

    def recognise(self, image: Any, language: str) -> Sequence[Word]:
        """Words in reading order; see :class:`redactor.formats.ocr.Recogniser`.

        Raises:
            StateError: no model for the language is installed.
        """
        turn = self._turn(image)
        prepared = prepare(image, turn)
        engine = self._engine(language)
        import tesserocr

        engine.SetImage(prepared.image)
        engine.Recognize()
        level = tesserocr.RIL
        found: list[Word] = []
        line = 0
        iterator = engine.GetIterator()
        if iterator is None:
            return found
        for word in tesserocr.iterate_level(iterator, level.WORD):
            if word.IsAtBeginningOf(level.TEXTLINE):
                line += 1
            try:
                text = word.GetUTF8Text(level.WORD)
            except RuntimeError:  # how the binding says that there is no text
                continue
            box = word.BoundingBox(level.WORD)
            if not text.strip() or box is None:
                continue
            confidence = max(0.0, min(word.Confidence(level.WORD) / 100, 1.0))
            found.append(Word(text.strip(), prepared.original_box(box), confidence, line))
        engine.Clear()
        return found

    def _engine(self, language: str) -> Any:
        if language not in self._engines:
            import tesserocr

            folder, name = model_for(language)
            self._engines[language] = tesserocr.PyTessBaseAPI(
                path=str(folder), lang=name, psm=tesserocr.PSM.AUTO
            )
        return self._engines[language]

    def _turn(self, image: Any) -> int:
        """Degrees that the picture must be turned counterclockwise to stand upright."""
        folder = orientation_model()
        if folder is None or min(image.size) < 100:
            return 0
        import tesserocr

        if self._orientation is None:
            self._orientation = tesserocr.PyTessBaseAPI(
                path=str(folder), lang="osd", psm=tesserocr.PSM.OSD_ONLY
            )
        self._orientation.SetImage(image.convert("L"))
        told = self._orientation.DetectOrientationScript()
        self._orientation.Clear()
        if not told or told["orient_conf"] < _SURE:
            return 0
        return int(told["orient_deg"]) % 360
