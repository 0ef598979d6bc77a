"""Presidio's own classes over our engine, so that its users change one import.

>>> from redactor.presidio import AnalyzerEngine, AnonymizerEngine  # doctest: +SKIP

They speak Presidio's score scale: rules as Presidio scores them, 0.85 for what the model
accepts. Needs the ``presidio`` extra; importing this module imports Presidio.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from redactor.errors import StateError, UsageError

try:
    import regex
    from presidio_analyzer import (
        AnalysisExplanation,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer import AnalyzerEngine as _PresidioAnalyzer
except ImportError:
    raise StateError("Presidio is not installed: pip install 'redactor[presidio]'") from None

from redactor.detection.detect import MODEL_SCORE
from redactor.detection.ner import load_backend
from redactor.detection.ner.base import NerBackend
from redactor.detection.patterns import Scanner
from redactor.detection.rules import boosted, shipped_table
from redactor.policy.model import EntityRule, NerOptions, Policy
from redactor.presidio_operators import AnonymizerEngine, DeanonymizeEngine
from redactor.values import Finding

_LANGUAGE = regex.compile(r"[a-z]{2}\Z")

__all__ = ["AnalyzerEngine", "AnonymizerEngine", "DeanonymizeEngine", "TransformerRecognizer"]


class TransformerRecognizer(EntityRecognizer):
    """A Presidio recognizer over one of our NER backends.

    Args:
        model: ``embedded``, a folder, or a Hugging Face id.
        backend: ``onnx``, ``torch`` or ``spacy``.
        threshold: least model score (0-1) that counts; accepted hits score 0.85.
        supported_language: the language it is registered for.
        threads: threads of the model.

    Raises:
        StateError: the model is missing or broken.
    """

    def __init__(
        self,
        model: str = "embedded",
        backend: str = "onnx",
        *,
        threshold: float = 0.4,
        supported_language: str = "en",
        threads: int = 1,
    ) -> None:
        self._backend: NerBackend = load_backend(
            NerOptions(model=model, backend=backend), threads=threads
        )
        self._threshold = threshold
        super().__init__(
            supported_entities=sorted(self._backend.entity_types),
            name="TransformerRecognizer",
            supported_language=supported_language,
        )

    def load(self) -> None:
        """Nothing: the model was loaded when this was made."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """What the model sees of the entities asked for; offsets in code points."""
        wanted = set(entities or self.supported_entities)
        return [
            RecognizerResult(
                hit.entity_type,
                hit.span.start,
                hit.span.end,
                MODEL_SCORE,
                AnalysisExplanation(
                    recognizer=self.name,
                    original_score=hit.score,
                    textual_explanation=f"{self._backend.name}: {hit.label}",
                ),
                {
                    RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for hit in self._backend.find([text])[0]
            if hit.entity_type in wanted and hit.score >= self._threshold
        ]


class AnalyzerEngine(_PresidioAnalyzer):
    """Presidio's ``AnalyzerEngine`` over our scanner and model.

    Args:
        registry: its recognizers of your own are asked as well; Presidio's predefined ones
            are in our table already.
        default_score_threshold: as Presidio's.
        ner: False leaves the model out.
        model: as for :class:`TransformerRecognizer`.
        backend: as for :class:`TransformerRecognizer`.
        supported_languages: ISO 639-1; types that Presidio enables for these are found when
            none are named. A type that is named is found whatever its language or country.
    """

    def __init__(
        self,
        registry: RecognizerRegistry | None = None,
        *,
        default_score_threshold: float = 0,
        ner: bool = True,
        model: str = "embedded",
        backend: str = "onnx",
        supported_languages: Sequence[str] = ("en",),
    ) -> None:
        unknown = [name for name in supported_languages if not _LANGUAGE.match(name)]
        if unknown or not supported_languages:
            raise UsageError("supported_languages must be ISO 639-1 codes, as en")
        self.supported_languages = list(supported_languages)
        self.default_score_threshold = default_score_threshold
        self.registry = registry or RecognizerRegistry(supported_languages=self.supported_languages)
        self._own = [r for r in self.registry.recognizers if not _is_predefined(r)]
        self._model = TransformerRecognizer(model, backend) if ner else None
        self._scanners: dict[tuple[str, frozenset[str]], Scanner] = {}
        table = shipped_table()
        # what Presidio enables itself; the others are found when they are asked for by name
        self._context: dict[str, tuple[str, ...]] = {}
        for rule in table.rules:
            self._context[rule.name] = (*self._context.get(rule.name, ()), *rule.context)
        self._known = table.entities
        self._default = {name: _default_entities(name) for name in self.supported_languages}

    def get_supported_entities(self, language: str | None = None) -> list[str]:
        """Entity types found when none are named."""
        own = {entity for recognizer in self._own for entity in recognizer.supported_entities}
        model = set(self._model.supported_entities) if self._model else set()
        asked = self.supported_languages if language is None else [language]
        rules = {entity for name in asked for entity in self._default.get(name, ())}
        return sorted(rules | own | model)

    def get_recognizers(self, language: str | None = None) -> list[EntityRecognizer]:
        """Your own recognizers and the model; the rules are no objects here."""
        return [*self._own, *([self._model] if self._model else [])]

    def analyze(
        self,
        text: str,
        language: str,
        entities: list[str] | None = None,
        correlation_id: str | None = None,
        score_threshold: float | None = None,
        return_decision_process: bool | None = False,
        ad_hoc_recognizers: list[EntityRecognizer] | None = None,
        context: list[str] | None = None,
        allow_list: list[str] | None = None,
        allow_list_match: str | None = "exact",
        regex_flags: int | None = regex.DOTALL | regex.MULTILINE | regex.IGNORECASE,
        nlp_artifacts: Any = None,
    ) -> list[RecognizerResult]:
        """As Presidio's ``analyze``.

        Raises:
            ValueError: a language without rules.
        """
        if language not in self.supported_languages:
            raise ValueError("No matching recognizers were found to serve the request.")
        wanted = frozenset(entities or self.get_supported_entities(language))
        least = self.default_score_threshold if score_threshold is None else score_threshold
        results = [
            self._result(finding, context or ())
            for finding in self._scanner(wanted, language).scan_text(text)
        ]
        asked = [*self._own, *(ad_hoc_recognizers or ()), *([self._model] if self._model else [])]
        for recognizer in asked:
            if wanted & set(recognizer.supported_entities) or recognizer in (
                ad_hoc_recognizers or ()
            ):
                results += self._ask(recognizer, text, wanted, nlp_artifacts)
        results = [result for result in results if result.score >= least]
        results = EntityRecognizer.remove_duplicates(results)
        if allow_list:
            results = self._remove_allow_list(
                results, allow_list, text, regex_flags, allow_list_match
            )
        if not return_decision_process:
            for result in results:
                result.analysis_explanation = None
        return list(results)

    def _scanner(self, wanted: frozenset[str], language: str) -> Scanner:
        key = language, wanted
        if key not in self._scanners:
            everything = EntityRule(threshold=0.0)
            entities = {entity: everything for entity in wanted & self._known}
            policy = Policy("presidio", "", language=language, entities=entities)
            self._scanners[key] = Scanner.load(policy)
        return self._scanners[key]

    def _result(self, finding: Finding, context: Sequence[str]) -> RecognizerResult:
        score, word = finding.score, finding.why.context
        if context and not word and score < 1.0:
            beside = [given.lower() for given in context]
            for candidate in self._context.get(finding.recognizer, ()):
                if any(candidate.lower() in given for given in beside):
                    score, word = boosted(score), candidate
                    break
        explanation = AnalysisExplanation(
            recognizer=finding.recognizer,
            original_score=finding.score,
            pattern_name=finding.why.pattern,
            validation_result=True if finding.why.validator else None,
        )
        explanation.set_improved_score(score)
        explanation.set_supportive_context_word(word)
        return RecognizerResult(
            finding.entity_type,
            finding.start,
            finding.end,
            score,
            explanation,
            {
                RecognizerResult.RECOGNIZER_NAME_KEY: finding.recognizer,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: finding.recognizer,
            },
        )

    @staticmethod
    def _ask(
        recognizer: EntityRecognizer, text: str, wanted: Iterable[str], artifacts: Any
    ) -> list[RecognizerResult]:
        supported = [e for e in recognizer.supported_entities if e in set(wanted)]
        asked = supported or recognizer.supported_entities
        results = recognizer.analyze(text, asked, artifacts) or []
        for result in results:
            metadata = result.recognition_metadata or {}
            metadata.setdefault(RecognizerResult.RECOGNIZER_NAME_KEY, recognizer.name)
            metadata.setdefault(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, recognizer.id)
            result.recognition_metadata = metadata
        return list(results)


def _default_entities(language: str) -> frozenset[str]:
    from redactor.detection.compile import predefined

    found = predefined(language, only_default=True)
    return frozenset(recognizer.supported_entities[0] for recognizer in found)


def _is_predefined(recognizer: EntityRecognizer) -> bool:
    return type(recognizer).__module__.startswith("presidio_analyzer.predefined_recognizers")
