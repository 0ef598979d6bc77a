"""Single values of a recognizer file, checked; what is wrong is collected with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import regex

from redactor.policy.source import Loc, Tree, did_you_mean

_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?\Z")
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z")
_SHOWN = re.compile(r"[\w.-]{1,40}\Z")
_YES = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_USABLE_FLAGS = int(regex.I | regex.M | regex.S | regex.X | regex.A | regex.U)


class Values:
    """Reads values at places of a file; ``problems`` are (line, sentence) pairs.

    ``notes`` are sentences for people, file and line first. A value that is wrong is noted
    and stands in as something harmless, so that the rest can be checked as well.
    """

    def __init__(self, tree: Tree, name: str) -> None:
        self._tree = tree
        self.data = tree.data
        self._name = name
        self.problems: list[tuple[int, str]] = []
        self.notes: list[str] = []

    def text(self, loc: Loc, value: Any, missing: str = "this must not be empty") -> str:
        """A text that is not empty; ``missing`` says what is wrong where there is none."""
        if value is None or value == "":
            self.wrong(loc, missing)
            return ""
        if not isinstance(value, str):
            self.wrong(loc, f"`{loc[-1]}` must be text: put it in quotes")
            return ""
        return value

    def words(self, loc: Loc, value: Any) -> tuple[str, ...] | None:
        """A list of texts; None where nothing stands there."""
        if value is None:
            return None
        if not isinstance(value, list):
            self.wrong(loc, f"`{loc[-1]}` is a list of words")
            return ()
        for number, item in enumerate(value):
            if not isinstance(item, str):
                # what YAML reads as a number or a date would be found in another spelling
                self.wrong((*loc, number), "a word must be text: put it in quotes")
            elif not item.strip():
                self.wrong((*loc, number), "a blank word matches nothing: remove it")
        return tuple(item for item in value if isinstance(item, str))

    def score(self, loc: Loc, value: Any) -> float:
        """A number between 0 and 1."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:
            said = "must lie between 0 and 1" if number else "must be a number between 0 and 1"
            self.wrong(loc, f"`{loc[-1]}` {said}")
            return 0.0
        return float(value)

    def switch(self, loc: Loc, value: Any) -> bool:
        """True or false."""
        if isinstance(value, str) and value.lower() in _YES:
            return _YES[value.lower()]  # booleans of YAML 1.1, which Presidio reads
        if not isinstance(value, bool):
            self.wrong(loc, f"`{loc[-1]}` must be true or false")
            return True
        return value

    def known_keys(self, loc: Loc, entry: dict[str, Any], known: Sequence[str]) -> None:
        """Complain of keys that mean nothing here."""
        for key in entry:
            if key not in known:
                hint = did_you_mean(key, list(known)) or f": known here are {', '.join(known)}"
                self.wrong((*loc, key), f"unknown key {shown(key)}{hint}")

    def line(self, loc: Loc) -> int:
        """The 1-based line where a part of the file stands."""
        return self._tree.place(loc)[1]

    def wrong(self, loc: Loc, problem: str) -> None:
        """Note a problem."""
        self.problems.append((self.line(loc), problem))

    def note(self, loc: Loc, sentence: str) -> None:
        """Note something that people should know, and that is no problem."""
        self.notes.append(f"{self._name}:{self.line(loc)}: {sentence}")

    def code(self, loc: Loc, value: Any) -> str:
        """A language, two letters; a region behind it is dropped."""
        if value is False:
            value = "no"  # Norwegian, to whom YAML 1.1 is unkind
        if not isinstance(value, str) or not _LANGUAGE.match(value):
            self.wrong(loc, "a language is written as en or en-US")
            return ""
        return value[:2]

    def country(self, loc: Loc, value: Any) -> str:
        """A country in small letters, or ""."""
        if value is None:
            return ""
        if value is False:
            value = "no"
        if not isinstance(value, str) or not _COUNTRY.match(value.strip()):
            self.wrong(loc, "a country is written as two letters (ISO 3166-1), as us")
            return ""
        return value.strip().lower()

    def regex_flags(self, loc: Loc, entry: dict[str, Any], otherwise: int) -> int:
        """Flags of regexes as the ``regex`` module takes them."""
        flags = entry.get("global_regex_flags")
        if flags is None:
            return otherwise
        if not isinstance(flags, int) or isinstance(flags, bool) or flags & ~_USABLE_FLAGS:
            self.wrong(
                (*loc, "global_regex_flags"),
                "`global_regex_flags` is the sum of 2 (ignore case), 8 (multiline), 16 (dot takes "
                "line ends), 64 (verbose) and 128 (ASCII)",
            )
            return otherwise
        return int(flags) & ~int(regex.U)


def shown(value: Any) -> str:
    """A word of the file in a message; nothing that could be more than a name."""
    text = str(value)
    return text if _SHOWN.match(text) else "(not shown)"
