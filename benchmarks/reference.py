"""Presidio one recognizer at a time: the reference that the scanner has to equal.

Its ``LemmaContextAwareEnhancer`` is fed with artifacts of our tokenizer, a token's lemma
being the lower-cased token. Used by the tests and the benchmark; slow on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from redactor.detection.compile import predefined_everywhere
from redactor.detection.folded import DETAIL
from redactor.policy.model import Policy
from redactor.values import Finding

# the list it ships with, as everywhere without a network
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\w")


class TokenEngine(NlpEngine):
    """An NLP engine that only splits into tokens."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Tokens, with lower-cased tokens as lemmas and words as keywords."""
        matches = list(_TOKEN.finditer(text))
        tokens = [match[0] for match in matches]
        lemmas = [token.lower() for token in tokens]
        artifacts = NlpArtifacts(
            entities=[], tokens=_Tokens(tokens), tokens_indices=[m.start() for m in matches],
            lemmas=lemmas, nlp_engine=self, language=language,
        )  # fmt: skip
        artifacts.keywords = [lemma for lemma in lemmas if _WORD.match(lemma)]
        return artifacts

    def process_batch(self, texts: Iterable[str], language: str, **_: object):  # noqa: ANN201
        """One by one."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """None is."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Single characters that are no words."""
        return not _WORD.match(word)

    def get_supported_entities(self) -> list[str]:
        """It finds none itself."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English, as the predefined recognizers here."""
        return ["en"]


class _Tokens(list):  # type: ignore[type-arg]
    """Tokens; Presidio only asks for their texts and number."""


class Reference:
    """Presidio's predefined recognizers for a policy's entity types.

    Those of other languages take part as they do with us: where a type is named that has no
    recognizer in the policy's languages.
    """

    def __init__(self, policy: Policy, entities: Iterable[str] | None = None) -> None:
        self._policy = policy
        wanted = set(entities if entities is not None else policy.entities) & set(policy.entities)
        everywhere = [
            (recognizer, language)
            for recognizer, language in predefined_everywhere()
            if recognizer.supported_entities[0] in wanted
        ]
        languages = {"", policy.language, *policy.languages}
        spoken = {type(found) for found, language in everywhere if language in languages}
        self.recognizers = [
            recognizer
            for recognizer, language in everywhere
            if language in languages or type(recognizer) not in spoken
        ]
        self.entities = {recognizer.supported_entities[0] for recognizer in self.recognizers}
        registry = RecognizerRegistry(recognizers=self.recognizers, supported_languages=["en"])
        self.engine = AnalyzerEngine(
            registry=registry, nlp_engine=TokenEngine(), supported_languages=["en"]
        )

    def find(self, text: str) -> set[tuple[str, int, int, float]]:
        """(entity, start, end, score) at or above the policy's thresholds, overlaps and all."""
        artifacts = self.engine.nlp_engine.process_text(text, "en")
        raw: list[RecognizerResult] = []
        for recognizer in self.recognizers:
            results = recognizer.analyze(text, recognizer.supported_entities, artifacts)
            for result in results or ():
                metadata = result.recognition_metadata
                metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY] = recognizer.id
            raw += results or ()
        if not raw:
            return set()
        enhanced = self.engine.context_aware_enhancer.enhance_using_context(
            text, raw, artifacts, self.recognizers
        )
        return {
            (result.entity_type, result.start, result.end, round(result.score, 6))
            for result in enhanced
            if result.score >= self._policy.entities[result.entity_type].threshold
        }


def comparable(
    findings: Iterable[Finding], sources: frozenset[str]
) -> set[tuple[str, int, int, float]]:
    """Ours in the reference's form; only recognizers named in ``sources``.

    What was read with plain digits and separators is left out: Presidio does not look there.
    """
    return {
        (f.entity_type, f.start, f.end, round(f.score, 6))
        for f in findings
        if f.recognizer in sources and f.why.detail != DETAIL
    }
