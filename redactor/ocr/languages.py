"""Languages of texts (ISO 639-1) and the names that Tesseract's models have; where those are."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

from redactor.errors import StateError

# ISO 639-1 -> ISO 639-2/T as Tesseract uses it (tessdata's own list)
MODELS = {
    "en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por",
    "pl": "pol", "sv": "swe", "da": "dan", "no": "nor", "fi": "fin", "cs": "ces", "sk": "slk",
    "hu": "hun", "ro": "ron", "tr": "tur", "ru": "rus", "uk": "ukr", "el": "ell", "ar": "ara",
    "he": "heb", "hi": "hin", "ja": "jpn", "ko": "kor", "zh": "chi_sim", "th": "tha", "vi": "vie",
}  # fmt: skip
_PLACES = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
           "/usr/share/tessdata", "/usr/local/share/tessdata")  # fmt: skip


def folders() -> list[Path]:
    """Folders that may hold models: named by the user, of this Python, of the system."""
    named = os.environ.get("TESSDATA_PREFIX")
    listed = [Path(named)] if named else []
    listed += [Path(sys.prefix) / "share" / "tessdata", *map(Path, _PLACES)]
    return [folder for folder in listed if folder.is_dir()]


@lru_cache(maxsize=32)
def model_for(language: str) -> tuple[Path, str]:
    """Folder and name of the model for a language.

    Raises:
        StateError: no model for it is installed; says how to get one.
    """
    name = MODELS.get(language, language)
    for folder in folders():
        if (folder / f"{name}.traineddata").is_file():
            return folder, name
    raise StateError(
        f"no text-recognition model for language {language} ({name}.traineddata): install the "
        f"package tessdata-fast-{name} or tesseract-ocr-{name}, or point TESSDATA_PREFIX to a "
        "folder that holds it"
    )


def orientation_model() -> Path | None:
    """Folder of the model that tells which way up a page is, if it is installed."""
    return next((f for f in folders() if (f / "osd.traineddata").is_file()), None)
