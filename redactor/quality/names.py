"""The lists behind the checks of logins and host names, made from Faker's (MIT licence).

``python -m redactor.quality.names`` writes ``recognizers/data/given_names.txt``,
``family_names.txt``, ``common_words.txt`` and ``ordinary_words.txt``: one entry a line, lower
case, letters a-z only (``Jürgen`` as ``jurgen``, ``Søren`` as ``soren``), sorted. A login or a
host name has no other letters. Needs the ``train`` extra; the lists are shipped.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from redactor.errors import StateError

DATA = Path(__file__).parents[2] / "recognizers" / "data"
_LOCALES = """
    cs_CZ da_DK de_AT de_CH de_DE en en_GB en_IE en_IN en_KE en_NG en_NZ en_US es_AR es_CO es_ES
    es_MX fi_FI fr_BE fr_CA fr_CH fr_FR hr_HR hu_HU id_ID it_IT nl_BE nl_NL no_NO pl_PL pt_BR
    pt_PT ro_RO sk_SK sl_SI sv_SE tr_TR
""".split()
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})
_NAME = re.compile(r"[a-z]{3,16}\Z")
_WORD = re.compile(r"[a-z]{4,}\Z")
_TOKENIZER = Path(__file__).parents[2] / "recognizers" / "model" / "tokenizer.json"


def write(folder: Path = DATA) -> None:
    """Write the lists.

    Raises:
        StateError: Faker is not installed.
    """
    given, family = _names("first_names", _LOCALES), _names("last_names", _LOCALES)
    english = _names("first_names", [name for name in _LOCALES if name.startswith("en")])
    for name, entries in (
        ("given_names", given),
        ("family_names", family),
        ("common_words", _common()),
        ("ordinary_words", _ordinary(given | family) - english),
    ):
        text = "".join(f"{entry}\n" for entry in sorted(entries))
        (folder / f"{name}.txt").write_text(text, "ascii")


def _names(kind: str, locales: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for locale in locales:
        provider = _faker(f"person.{locale}")
        for attribute in vars(provider):
            values = getattr(provider, attribute)
            if attribute.startswith(kind) and isinstance(values, list | tuple | dict):
                found |= {_folded(value) for value in values}
    return {name for name in found if _NAME.match(name)}


def _common() -> set[str]:
    """English words that are hardly ever a login: Faker's word list for English texts."""
    words = _faker("lorem.en_US").word_list
    return {word.lower() for word in words if word.isascii() and word.isalpha()}


def _ordinary(names: set[str]) -> set[str]:
    """Words of the embedded model's vocabulary (Apache 2.0) that pass for a name.

    They are one themselves, or a name with a letter or two more: ``cases``, ``closed``, ``plane``.
    """
    vocabulary = json.loads(_TOKENIZER.read_text("utf-8"))["model"]["vocab"]
    return {
        word
        for word in vocabulary
        if _WORD.match(word)
        and any(part in names for part in (word, word[1:], word[2:], word[:-1]))
    }


def _faker(name: str) -> Any:
    try:
        return import_module(f"faker.providers.{name}").Provider
    except ImportError:
        raise StateError("Faker is not installed: pip install 'redactor[train]'") from None


def _folded(name: str) -> str:
    spelled = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return spelled.encode("ascii", "ignore").decode()


if __name__ == "__main__":
    write()
