"""Recognizer files in Presidio's YAML schema, read without Presidio, with line numbers.

All of a registry file is understood: ``supported_languages``, ``global_regex_flags`` and
``supported_countries`` on top, custom recognizers, and predefined ones that are switched
off or get other languages, context words, types or thresholds. Beside Presidio's keys a file
may have sections that Presidio's ``add_recognizers_from_yaml`` ignores:

``validators``  recognizer -> check: a hit that passes is certain, one that fails is none
``invalidators`` recognizer -> check: a hit that fails is none, one that passes keeps its score
``gates``       recognizer -> gate, a check that sees the text around
``whole_words`` true: context words count as whole words (:mod:`redactor.detection.context`)
``tests``       recognizer -> ``match`` and ``no_match``: texts for ``recognizers test``
``allow_slow``  recognizers (or true for all) whose patterns may be slow

Checks are ours (:mod:`recognizers.validators`) or modules of python-stdnum, as
``stdnum.de.idnr``. Where Presidio drops what a file says, this does not: ``context`` beside
one plain ``supported_languages`` entry, and ``global_regex_flags`` of a single recognizer,
count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import regex

from redactor.detection.analyse import describe
from redactor.detection.recognizer_file import Change, Custom, RecognizerFile
from redactor.detection.recognizer_sections import Sections
from redactor.detection.rules import FLAGS, Pattern, Rule
from redactor.errors import PolicyError
from redactor.policy.source import Loc, Tree, did_you_mean, parse, read_bytes

_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_WORDS_A_PATTERN = 400  # of a deny list; an automaton takes no longer expressions
_MOST_WORDS = 10_000

_TOP = (
    "recognizers", "supported_languages", "global_regex_flags", "supported_countries",
    "validators", "invalidators", "gates", "whole_words", "tests", "allow_slow",
)  # fmt: skip
_COMMON = (
    "name", "class_name", "type", "enabled", "supported_language", "supported_languages",
    "supported_entity", "supported_entities", "context", "score_thresholds", "country_code",
)  # fmt: skip
_CUSTOM = (
    *_COMMON, "patterns", "deny_list", "deny_list_score", "global_regex_flags", "version",
)  # fmt: skip
# recognizers of Presidio that need a model or a service: the policy's `ner` decides about these
_MODELS = re.compile(
    r"(?:Spacy|Stanza|Transformers|GLiNER|HuggingFaceNer|MedicalNER|Flair|BasicLangExtract"
    r"|AzureOpenAILangExtract|AzureAILanguage|AzureHealthDeid|Ollama\w*|Lm)Recognizer\Z"
)


def read_file(path: Path, *, source: str = "", language: str = "en") -> RecognizerFile:
    """Read a file.

    Args:
        path: the file.
        source: what its rules say they come from; its name if empty.
        language: of recognizers that name none.

    Raises:
        PolicyError: every problem of the file, each with its line.
    """
    try:
        tree = parse(read_bytes(path), Path(path.name))
    except PolicyError as error:
        raise PolicyError(str(error).replace(str(path), path.name)) from None
    reader = _Reader(tree, path.name, source or path.name, language)
    found = reader.file()
    if reader.problems:
        lines = sorted(set(reader.problems))
        told = [f"{path.name}:{line}: {problem}" for line, problem in lines]
        head = [f"{len(told)} problems in {path.name}:"] if len(told) > 1 else []
        raise PolicyError("\n".join([*head, *told]))
    return found


class _Reader(Sections):
    """Checks a file part by part; collects what is wrong with it."""

    def __init__(self, tree: Tree, name: str, source: str, language: str) -> None:
        super().__init__(tree, name)
        self._source = source
        self._language = language

    def file(self) -> RecognizerFile:
        """The file, as far as it is right."""
        self.known_keys((), self.data, _TOP)
        entries = self.data.get("recognizers")
        if not isinstance(entries, list) or not entries:
            self.wrong(("recognizers",), "a list `recognizers` is missing")
            entries = []
        self._top_languages = self._languages((), self.data)
        self._flags = self.regex_flags((), self.data, FLAGS)
        self._countries = self._country_list()
        custom: list[Custom] = []
        changes: list[Change] = []
        for number, entry in enumerate(entries):
            loc = ("recognizers", number)
            if isinstance(entry, str):
                entry = {"name": entry, "type": "predefined"}
            if not isinstance(entry, dict):
                self.wrong(loc, "a recognizer is a mapping, or the name of a predefined one")
            elif self._is_custom(loc, entry):
                custom += self._custom(loc, entry)
            else:
                changes += self._change(loc, entry)
        self._refuse_repeated(custom, changes)
        self.refuse_strangers()
        return RecognizerFile(self._name, tuple(custom), tuple(changes), tuple(self.notes))

    # recognizers

    def _is_custom(self, loc: Loc, entry: dict[str, Any]) -> bool:
        kind = entry.get("type")
        has_own = "patterns" in entry or "deny_list" in entry
        if kind not in (None, "custom", "predefined"):
            hint = did_you_mean(str(kind), ["custom", "predefined"])
            self.wrong((*loc, "type"), f"`type` must be custom or predefined{hint}")
        if kind == "predefined" and has_own:
            self.wrong(loc, "a predefined recognizer has no `patterns` or `deny_list` of its own")
        return kind == "custom" or has_own or (kind is None and not self._is_name(entry))

    @staticmethod
    def _is_name(entry: dict[str, Any]) -> bool:
        """Whether nothing but a predefined recognizer can be meant."""
        return str(entry.get("class_name") or entry.get("name")).endswith("Recognizer")

    def _custom(self, loc: Loc, entry: dict[str, Any]) -> list[Custom]:
        before = len(self.problems)
        self.known_keys(loc, entry, _CUSTOM)
        name = self.text((*loc, "name"), entry.get("name"), "`name` is missing")
        entity = self._entity(loc, entry, needed=True)
        flags = self.regex_flags(loc, entry, self._flags)
        patterns, lines = self._patterns(loc, entry, flags)
        denied = self._deny_list(loc, entry, flags)
        lines += [self.line((*loc, "deny_list"))] * len(denied)
        patterns += denied
        if not patterns and len(self.problems) == before:
            self.wrong(loc, "a recognizer needs `patterns` or a `deny_list`")
        languages = self._variants(loc, entry)
        thresholds = dict(self._thresholds(loc, entry))
        validator = self.check("validators", name)
        invalidator = self.check("invalidators", name)
        gate = self.check("gates", name)
        whole_words = self.switch(("whole_words",), self.data.get("whole_words", False))
        enabled = self.switch((*loc, "enabled"), entry.get("enabled", True))
        country = self.country((*loc, "country_code"), entry.get("country_code"))
        examples = self.examples(name)
        if not enabled or len(self.problems) > before or self._excluded(country):
            return []
        rule = Rule(
            name=name,
            entity=entity,
            patterns=tuple(patterns),
            country={"uk": "gb"}.get(country, country),
            validator=validator,
            invalidator=invalidator,
            gate=gate,
            whole_words=whole_words,
            source=self._source,
            threshold=thresholds.get(entity, thresholds.get("default")),
        )
        rules = tuple(
            replace(rule, language=language, context=words or ()) for language, words in languages
        )
        return [Custom(rules, self.line(loc), tuple(lines), self.may_be_slow(name), examples)]

    def _change(self, loc: Loc, entry: dict[str, Any]) -> list[Change]:
        before = len(self.problems)
        label = self.text((*loc, "name"), entry.get("name"), "`name` is missing")
        recognizer = label
        if entry.get("class_name") is not None:
            recognizer = self.text((*loc, "class_name"), entry["class_name"])
        enabled = self.switch((*loc, "enabled"), entry.get("enabled", True))
        if _MODELS.match(recognizer):
            if enabled:
                self.note(loc, f"{recognizer}: the policy's `ner` decides about models")
            return []
        self.known_keys(loc, entry, _COMMON)
        entity = self._entity(loc, entry, needed=False)
        context = self.words((*loc, "context"), entry.get("context"))
        languages: tuple[tuple[str, tuple[str, ...] | None], ...] = ()
        if entry.get("supported_language") or entry.get("supported_languages"):
            languages = tuple(self._variants(loc, entry))
        thresholds = self._thresholds(loc, entry)
        self.country((*loc, "country_code"), entry.get("country_code"))
        if len(self.problems) > before:
            return []
        line = self.line(loc)
        return [Change(recognizer, label, enabled, line, languages, context, entity, thresholds)]

    def _refuse_repeated(self, custom: Sequence[Custom], changes: Sequence[Change]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for recognizer in custom:
            for rule in recognizer.rules:
                self._refuse_second(seen, (rule.name, rule.entity, rule.language), recognizer.line)
        for change in changes:
            for language, _ in change.languages or (("", None),):
                self._refuse_second(seen, (change.label, language), change.line)

    def _refuse_second(
        self, seen: dict[tuple[str, ...], int], key: tuple[str, ...], line: int
    ) -> None:
        first = seen.setdefault(key, line)
        if first != line:
            self.problems.append((line, f"recognizer {key[0]} stands here twice (line {first})"))

    # parts of a recognizer

    def _patterns(
        self, loc: Loc, entry: dict[str, Any], flags: int
    ) -> tuple[list[Pattern], list[int]]:
        listed = entry.get("patterns")
        if listed is None:
            return [], []
        if not isinstance(listed, list):
            self.wrong((*loc, "patterns"), "`patterns` is a list")
            return [], []
        found, lines = [], []
        for number, item in enumerate(listed):
            inner = (*loc, "patterns", number)
            if not isinstance(item, dict):
                self.wrong(inner, "a pattern needs `name`, `regex` and `score`")
                continue
            self.known_keys(inner, item, ("name", "regex", "score"))
            missing = [key for key in ("name", "regex", "score") if item.get(key) is None]
            if missing:
                self.wrong(inner, f"a pattern needs `{missing[0]}`")
                continue
            name = self.text((*inner, "name"), item["name"])
            text = self.text((*inner, "regex"), item["regex"])
            score = self.score((*inner, "score"), item["score"])
            if text and self._is_regex((*inner, "regex"), name, text, flags):
                found.append(describe(name, text, score, flags))
                lines.append(self.line((*inner, "regex")))
        return found, lines

    def _is_regex(self, loc: Loc, name: str, text: str, flags: int) -> bool:
        try:
            regex.compile(text, flags=flags)
        except (regex.error, ValueError, OverflowError, RecursionError, MemoryError) as error:
            said = str(error) if isinstance(error, regex.error) else type(error).__name__
            self.wrong(loc, f"pattern {name} is no regex: {said}")
            return False
        return True

    def _deny_list(self, loc: Loc, entry: dict[str, Any], flags: int) -> list[Pattern]:
        place = (*loc, "deny_list")
        score = self.score((*loc, "deny_list_score"), entry.get("deny_list_score", 1.0))
        words = self.words(place, entry.get("deny_list"))
        if not words:
            return []
        if len(words) > _MOST_WORDS:
            self.wrong(
                place,
                f"a `deny_list` of more than {_MOST_WORDS:,} words: put it into a file of its own "
                "and name that under `deny` in the policy",
            )
            return []
        parts = (words[at : at + _WORDS_A_PATTERN] for at in range(0, len(words), _WORDS_A_PATTERN))
        return [
            describe(
                "deny_list",
                rf"(?:^|(?<=\W))({'|'.join(map(re.escape, part))})(?:(?=\W)|$)",
                score,
                flags,
            )
            for part in parts
        ]

    def _entity(self, loc: Loc, entry: dict[str, Any], *, needed: bool) -> str:
        one, several = entry.get("supported_entity"), entry.get("supported_entities")
        place = (*loc, "supported_entity" if several is None else "supported_entities")
        if one is not None and several is not None:
            self.wrong(place, "`supported_entity` and `supported_entities`: only one of the two")
            return ""
        if several is not None:
            if not isinstance(several, list) or not several:
                self.wrong(place, "`supported_entities` is a list of types")
                return ""
            if len(several) > 1:
                self.note(
                    place,
                    "patterns find one type: the first of `supported_entities`, as in Presidio",
                )
            one = several[0]
        if one is None and not needed:
            return ""
        if not isinstance(one, str) or not _ENTITY.match(one):
            said = "is missing" if one is None else "must be like EMPLOYEE_ID"
            self.wrong(place, f"`supported_entity` {said}")
            return ""
        return one

    def _variants(
        self, loc: Loc, entry: dict[str, Any]
    ) -> list[tuple[str, tuple[str, ...] | None]]:
        """Languages of a recognizer, each with its context words or None for none said."""
        context = self.words((*loc, "context"), entry.get("context"))
        listed = self._languages(loc, entry)
        if not listed:
            listed = [(language, None) for language, _ in self._top_languages]
        elif context and len(listed) > 1:
            self.wrong(
                (*loc, "context"), "with several languages, `context` belongs to each of them"
            )
        if not listed:
            listed = [(self._language, None)]
        return [(language, context if words is None else words) for language, words in listed]

    def _languages(
        self, loc: Loc, entry: dict[str, Any]
    ) -> list[tuple[str, tuple[str, ...] | None]]:
        one, several = entry.get("supported_language"), entry.get("supported_languages")
        if one is not None and several:
            self.wrong(
                (*loc, "supported_languages"),
                "`supported_language` and `supported_languages`: only one of the two",
            )
        if one is not None:
            return [(self.code((*loc, "supported_language"), one), None)]
        if several is None:
            return []
        place = (*loc, "supported_languages")
        if not isinstance(several, list):
            self.wrong(place, "`supported_languages` is a list")
            return []
        found: list[tuple[str, tuple[str, ...] | None]] = []
        for number, item in enumerate(several):
            inner = (*place, number)
            if isinstance(item, dict):
                self.known_keys(inner, item, ("language", "context"))
                words = self.words((*inner, "context"), item.get("context"))
                found.append((self.code((*inner, "language"), item.get("language")), words))
            else:
                found.append((self.code(inner, item), None))
        return found

    def _thresholds(self, loc: Loc, entry: dict[str, Any]) -> tuple[tuple[str, float], ...]:
        given = entry.get("score_thresholds")
        place = (*loc, "score_thresholds")
        if given is None:
            return ()
        if not isinstance(given, dict):
            self.wrong(place, "`score_thresholds` maps types, or default, to scores")
            return ()
        return tuple((name, self.score((*place, name), value)) for name, value in given.items())

    def _country_list(self) -> tuple[str, ...] | None:
        listed = self.data.get("supported_countries")
        if listed is None:
            return None
        if not isinstance(listed, list):
            self.wrong(("supported_countries",), "`supported_countries` is a list as [us, gb]")
            return None
        return tuple(
            self.country(("supported_countries", number), item)
            for number, item in enumerate(listed)
        )

    def _excluded(self, country: str) -> bool:
        return bool(country) and self._countries is not None and country not in self._countries
