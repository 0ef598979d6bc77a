"""Text recognition (extra ``[ocr]``): words and their boxes out of pictures.

Two implementations of :class:`redactor.formats.ocr.Recogniser`: Tesseract through ``tesserocr``
(default; its wheel holds the engine) and RapidOCR through ``rapidocr-onnxruntime``. Which one is
taken says ``REDACTOR_OCR`` (``tesseract``, ``rapid``, ``off`` for none), else the first that is
installed.
"""

from __future__ import annotations

import importlib.util
import os
from functools import lru_cache

from redactor.errors import StateError
from redactor.formats.ocr import Recogniser

_MODULES = {"tesseract": "tesserocr", "rapid": "rapidocr_onnxruntime"}


def load() -> Recogniser | None:
    """The recogniser to use, or None where none is installed.

    Raises:
        StateError: ``REDACTOR_OCR`` names one that is not known or not installed.
    """
    return _load(os.environ.get("REDACTOR_OCR", ""))


@lru_cache(maxsize=4)
def _load(name: str) -> Recogniser | None:
    if name == "off":
        return None
    if name and name not in _MODULES:
        raise StateError(f"REDACTOR_OCR must be {', '.join(_MODULES)} or off, not {name}")
    for known, module in _MODULES.items():
        if name in ("", known) and importlib.util.find_spec(module) is not None:
            return _make(known)
    if name:
        raise StateError(
            f"the text recogniser {name} is not installed: pip install 'redactor[ocr]'"
        )
    return None


def _make(name: str) -> Recogniser:
    if name == "tesseract":
        from redactor.ocr.tesseract import Tesseract

        return Tesseract()
    from redactor.ocr.rapid import Rapid

    return Rapid()
