"""Labelled training text from our own templates, filled by Faker and our own name lists.

Everything is made up. A template names its slots in braces; slots in ``values.LABELLED``
become labelled spans, all others are filler that must stay unlabelled. Texts are split by
template and by name part, never by sentence: ``side`` 0 and 1 share neither. Sets that the
model is judged by share none of the templates, lists or code.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from redactor.quality.generate import noise
from redactor.quality.generate.lists import ENGLISH, LATIN, NOT_LATIN, OTHER_LATIN
from redactor.quality.generate.values import LABELLED, Filler

_FOLDER = Path(__file__).parent / "templates"
_SLOT = re.compile(r"\{(\w+)\}")
_COMPOSITE = {"titled": ("{title} {last}", "{title} {last}", "{title} {person}")}
# kind of document -> how often it is drawn; a file of templates each
KINDS = {
    "letters": 10, "mail": 12, "chat": 14, "forms": 14, "clinical": 9, "legal": 9, "work": 16,
    "finance": 9, "machine": 12, "clean": 12, "intl": 20,
}  # fmt: skip
_FOREIGN = 0.25  # of the English templates are filled with names of other Latin locales
_JOINED = 0.3  # of the texts are made of two or three templates

Record = dict[str, Any]
Spans = list[list[Any]]


@lru_cache(maxsize=1)
def templates() -> dict[str, tuple[str, ...]]:
    """Kind -> templates, from the files beside this module; escapes of line ends resolved."""
    found = {}
    for kind in KINDS:
        lines = (_FOLDER / f"{kind}.txt").read_text("utf-8").splitlines()
        found[kind] = tuple(
            line.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
            for line in lines
            if line and not line.startswith("# ")
        )
    return found


def side_of(template: str) -> int:
    """1 for the one template in eight that is kept for development, else 0."""
    return int(zlib.crc32(template.encode()) % 8 == 0)


def generate(count: int, seed: int, side: int = 0) -> Iterator[Record]:
    """Yield ``count`` records ``{"text", "spans": [[start, end, TYPE]], "source", "kind"}``.

    Offsets are half-open code points. Equal arguments give equal records. ``side`` 0 is for
    training, 1 for development.
    """
    from faker import Faker

    rng = random.Random(f"{seed}/{side}")
    fakes: dict[str, Any] = {}

    def filler(language: str) -> Filler:
        locale = rng.choice(_locales(language, rng))
        if locale not in fakes:
            fakes[locale] = Faker(locale)
            fakes[locale].seed_instance(zlib.crc32(f"{seed}/{side}/{locale}".encode()))
        return Filler(fakes[locale], rng, language, side)

    usable = {
        kind: [entry for entry in entries if side_of(entry) == side] or list(entries)
        for kind, entries in templates().items()
    }
    kinds, weights = list(KINDS), list(KINDS.values())
    for _ in range(count):
        kind = rng.choices(kinds, weights)[0]
        pieces: list[tuple[str, Spans]] = []
        language = ""
        for _ in range(1 if rng.random() >= _JOINED else rng.randint(2, 3)):
            language, template = _language(rng.choice(usable[kind]), language, rng)
            if template:
                pieces.append(_fill(template, filler(language)))
        text, spans = _join(pieces, rng)
        text, spans = noise.disturb(text, spans, rng, cased=language not in NOT_LATIN)
        yield {"text": text, "spans": spans, "source": "generated", "kind": kind}


def _language(entry: str, previous: str, rng: random.Random) -> tuple[str, str]:
    """Language and template of an entry; ``""`` where it does not go with ``previous``."""
    language, mark, template = entry.partition("|")
    if not mark or len(language) != 2 or not language.isalpha():
        language, template = "en", entry
    elif language == "xx":
        language = previous or rng.choice(list(NOT_LATIN))
    if previous and language != previous:
        return previous, ""
    return language, template


def _locales(language: str, rng: random.Random) -> Sequence[str]:
    if language in NOT_LATIN:
        return NOT_LATIN[language]
    if language in LATIN:
        return LATIN[language]
    if rng.random() < _FOREIGN:
        return OTHER_LATIN if rng.random() < 0.6 else [x for group in LATIN.values() for x in group]
    return ENGLISH


def _fill(template: str, filler: Filler) -> tuple[str, Spans]:
    template = _SLOT.sub(
        lambda m: filler.rng.choice(_COMPOSITE[m[1]]) if m[1] in _COMPOSITE else m[0], template
    )
    pieces: list[str] = []
    spans: Spans = []
    size = at = 0
    for slot in _SLOT.finditer(template):
        before = template[at : slot.start()]
        value = filler.draw(slot[1]).strip()
        pieces += [before, value]
        size += len(before)
        if slot[1] in LABELLED and value:
            spans.append([size, size + len(value), LABELLED[slot[1]]])
        size += len(value)
        at = slot.end()
    pieces.append(template[at:])
    return "".join(pieces), spans


def _join(pieces: list[tuple[str, Spans]], rng: random.Random) -> tuple[str, Spans]:
    gap = rng.choice(("\n", "\n\n", " "))
    text, spans = "", []
    for part, marked in pieces:
        shift = len(text) + (len(gap) if text else 0)
        text = f"{text}{gap}{part}" if text else part
        spans += [[start + shift, end + shift, kind] for start, end, kind in marked]
    return text, spans
