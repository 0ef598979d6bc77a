"""File names are text as well: what an output is called when its name holds a finding.

Only names below an output folder are changed, since they come from the sources; a name that
its user chose stays. A part of a path changes where rules, lists or (names of several words)
the model find something in it, and where a value that was redacted in the document itself
stands in it. Two outputs never share a name.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from redactor.detection.detect import Detector
from redactor.judge import Judge, Judgement
from redactor.masking import Masker
from redactor.values import Locator, Redaction, Source, Span, Unit
from redactor.verify.search import find_values

_UNUSABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_JOINTS = str.maketrans("_+", "  ")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_NAME_PART = re.compile(r"[^\W\d_]{5,}")  # shorter ones are too often other words
_LONGEST = 120  # characters of a replacement; file systems take 255 bytes a name


class Namer:
    """Looks for personal data in the parts of paths; each part once."""

    def __init__(self, detector: Detector, masker: Masker) -> None:
        self._judge = Judge(detector, masker, apply_proposed=True)
        self._known: dict[str, str] = {}

    def path(self, relative: PurePath) -> PurePath:
        """The path with what is found in its parts replaced; extensions stay."""
        *folders, name = relative.parts
        stem, extension = _split(name)
        return PurePath(*map(self._part, folders), self._part(stem) + extension)

    def _part(self, part: str) -> str:
        if part not in self._known:
            views = (part, _spaced(part))
            new = part
            for view in dict.fromkeys(views):
                redactions = self._redactions(view)
                if redactions:
                    new = _apply(part, redactions)
                    break
            self._known[part] = new
        return self._known[part]

    def _redactions(self, text: str) -> list[Redaction]:
        if not text.strip():
            return []
        judgement = self._judge.judge([Unit("name", text, Locator("text", "0"))])
        unsure = {
            decision.finding.span
            for decision in judgement.decisions
            if decision.finding.why.source is Source.MODEL
            and (" " not in decision.finding.text or decision.finding.entity_type != "PERSON")
        }
        return [r for r in judgement.redactions if r.span not in unsure]


class OutputName:
    """The name of one output below a folder, until it is final.

    ``used``: paths that this run gave already; a second output of one name gets a number.
    """

    def __init__(self, root: Path, relative: PurePath, used: set[Path]) -> None:
        self.root = root
        self._relative = relative
        self._used = used
        self._texts = [_spaced(part) for part in relative.parts]
        self._found: dict[str, str] = {}

    def is_given(self, path: Path) -> bool:
        """Whether another output of this run has that name."""
        return path in self._used

    def note(self, judgement: Judgement) -> None:
        """Look for what was redacted in a release unit, and for parts of persons' names."""
        for hit in find_values(self._texts, judgement.values):
            text = self._texts[hit.text][hit.start : hit.end]
            self._found.setdefault(text, judgement.redactions[hit.value].replacement)
        for redaction, value in zip(judgement.redactions, judgement.values, strict=True):
            if redaction.entity_type == "PERSON":
                self._note_name(value, redaction.replacement)

    def _note_name(self, person: str, replacement: str) -> None:
        for word in _NAME_PART.findall(person):
            pattern = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
            for text in self._texts:
                for match in pattern.finditer(text):
                    self._found.setdefault(match[0], replacement)

    def final(self, extension: str | None) -> Path:
        """The path that the output gets; folders on the way to it are made.

        Args:
            extension: what the format wants the name to end in, or None for the source's.
        """
        parts = [self._without_found(part) for part in self._relative.parts]
        stem, own = _split(parts[-1])
        own = own if extension is None else extension
        number, path = 1, self.root.joinpath(*parts[:-1], stem + own)
        while path in self._used:
            number += 1
            path = self.root.joinpath(*parts[:-1], f"{stem} {number}{own}")
        self._used.add(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _without_found(self, part: str) -> str:
        spaced = _spaced(part)
        redactions = []
        for text, replacement in sorted(self._found.items(), key=lambda item: -len(item[0])):
            at = spaced.find(text)
            while at >= 0:
                redactions.append(Redaction("name", Span(at, at + len(text)), replacement, ""))
                at = spaced.find(text, at + len(text))
        return _apply(part, redactions) if redactions else part


def _split(name: str) -> tuple[str, str]:
    """Stem and extension (``.docx``, ``.csv.gz``)."""
    extension = ""
    while match := _EXTENSION.search(name):
        if match.start() == 0 or len(extension) > 8 or match[0][1:].isdecimal():
            break
        name, extension = name[: match.start()], match[0] + extension
        if extension.casefold() not in (".gz", ".zst", ".gzip", ".zstd"):
            break
    return name, extension


def _spaced(part: str) -> str:
    """A name as it reads; the length stays. Dots are joints unless it holds a mail address."""
    spaced = part if "@" in part else part.translate(_JOINTS)
    return spaced if "@" in part else re.sub(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})", " ", spaced)


def _apply(part: str, redactions: list[Redaction]) -> str:
    pieces: list[str] = []
    at = 0
    for redaction in sorted(redactions, key=lambda r: (r.span.start, -r.span.end)):
        if redaction.span.start < at:
            continue
        replacement = _UNUSABLE.sub("", redaction.replacement).strip(" .")[:_LONGEST]
        pieces += [part[at : redaction.span.start], replacement or "redacted"]
        at = redaction.span.end
    return "".join([*pieces, part[at:]]).strip() or "redacted"
