"""RapidOCR through ``rapidocr-onnxruntime``: slower and line-wise, for scripts it knows better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redactor.formats.ocr import Word
from redactor.ocr.prepare import prepare


class Rapid:
    """Lines of RapidOCR, cut into words by the share of their characters."""

    name = "rapid"

    def __init__(self) -> None:
        self._engine: Any = None

    def recognise(self, image: Any, language: str) -> Sequence[Word]:
        """Words in reading order; ``language`` is not used: its models read Latin and Chinese."""
        import numpy as np

        if self._engine is None:
            from rapidocr_onnxruntime import RapidOCR

            self._engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
        prepared = prepare(image)
        result, _ = self._engine(np.asarray(prepared.image.convert("RGB")))
        found: list[Word] = []
        for number, (corners, text, confidence) in enumerate(result or (), 1):
            xs, ys = [point[0] for point in corners], [point[1] for point in corners]
            left, right = min(xs), max(xs)
            width = (right - left) / max(len(text), 1)
            at = 0
            for piece in text.split(" "):
                if piece:
                    box = (left + at * width, min(ys), left + (at + len(piece)) * width, max(ys))
                    found.append(Word(piece, prepared.original_box(box), float(confidence), number))
                at += len(piece) + 1
        return found
