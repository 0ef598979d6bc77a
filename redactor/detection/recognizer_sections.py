"""Sections of a recognizer file that Presidio ignores: checks, tests, leave to be slow."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from recognizers.validators import GATES, INVALIDATORS, VALIDATORS, is_stdnum
from redactor.detection.recognizer_file import Example
from redactor.detection.recognizer_values import Values, shown
from redactor.policy.source import Loc, did_you_mean

_CHECKS: dict[str, Collection[str]] = {
    "validators": VALIDATORS,
    "invalidators": INVALIDATORS,
    "gates": GATES,
}


class Sections(Values):
    """Reads what stands beside the recognizers."""

    def check(self, section: str, name: str) -> str:
        """The check that a section of the file names for a recognizer, or ""."""
        checks = self.data.get(section)
        if checks is None:
            return ""
        if not isinstance(checks, dict):
            self.wrong((section,), f"`{section}` maps names of recognizers to checks")
            return ""
        check = checks.get(name, "")
        known = sorted(_CHECKS[section])
        of_stdnum = section != "gates" and is_stdnum(str(check))
        if check and check not in known and not of_stdnum:
            hint = did_you_mean(str(check), known) or f": there are {', '.join(known)}"
            self.wrong(
                (section, name),
                f"there is no {section.removesuffix('s')} {shown(check)}{hint}, or a module of "
                "python-stdnum as stdnum.de.idnr",
            )
            return ""
        return str(check)

    def examples(self, name: str) -> tuple[Example, ...]:
        """The texts that the file has for testing a recognizer."""
        tests = self.data.get("tests")
        if tests is None:
            return ()
        if not isinstance(tests, dict):
            self.wrong(("tests",), "`tests` maps names of recognizers to `match` and `no_match`")
            return ()
        mine = tests.get(name)
        if mine is None:
            return ()
        loc: Loc = ("tests", name)
        if not isinstance(mine, dict):
            self.wrong(loc, "tests of a recognizer are `match` and `no_match`")
            return ()
        self.known_keys(loc, mine, ("match", "no_match"))
        found: list[Example] = []
        for key in ("match", "no_match"):
            listed = mine.get(key)
            if listed is not None and not isinstance(listed, list):
                self.wrong((*loc, key), f"`{key}` is a list of texts")
                continue
            for number, item in enumerate(listed or ()):
                found += self._example((*loc, key, number), item, match=key == "match")
        return tuple(found)

    def _example(self, loc: Loc, item: Any, *, match: bool) -> list[Example]:
        line = self.line(loc)
        if isinstance(item, str):
            return [Example(item, match, None, line)]
        if isinstance(item, dict) and match and isinstance(item.get("text"), str):
            self.known_keys(loc, item, ("text", "finds"))
            finds = self.words((*loc, "finds"), item.get("finds"))
            return [Example(item["text"], match, finds, line)]
        self.wrong(loc, "a test is a text in quotes, or under `match` {text: ..., finds: [...]}")
        return []

    def may_be_slow(self, name: str) -> bool:
        """Whether the file says that a recognizer's patterns may be slow."""
        allowed = self.data.get("allow_slow")
        if allowed is not None and not isinstance(allowed, bool | list):
            self.wrong(("allow_slow",), "`allow_slow` is a list of recognizers, or true for all")
        return allowed is True or (isinstance(allowed, list) and name in allowed)

    def refuse_strangers(self) -> None:
        """Sections that speak of recognizers must name some of this file."""
        entries = self.data.get("recognizers")
        names = [
            str(entry.get("name")) for entry in entries or () if isinstance(entry, dict)
        ] if isinstance(entries, list) else []  # fmt: skip
        allowed = self.data.get("allow_slow")
        sections: dict[str, Any] = {
            key: self.data.get(key) for key in ("validators", "invalidators", "gates", "tests")
        }
        sections["allow_slow"] = allowed if isinstance(allowed, list) else []
        for section, content in sections.items():
            for number, name in enumerate(content or ()):
                place = (section, name) if isinstance(content, dict) else (section, number)
                if str(name) not in names:
                    hint = did_you_mean(str(name), names)
                    self.wrong(
                        place, f"`{section}` names a recognizer that is not in this file{hint}"
                    )
