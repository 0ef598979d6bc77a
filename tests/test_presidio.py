"""Presidio's classes over our engine, beside Presidio's own."""

import pytest

pytest.importorskip("presidio_analyzer")
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer import RecognizerResult as Result
from presidio_anonymizer.entities import OperatorConfig

from benchmarks.reference import Reference, TokenEngine
from redactor.errors import StateError, UsageError
from redactor.policy.model import EntityRule, Policy
from redactor.presidio import (
    AnalyzerEngine,
    AnonymizerEngine,
    DeanonymizeEngine,
    TransformerRecognizer,
)

TEXT = "Margaret Whitfield, card 4111 1111 1111 1111, mail jane@example.com, ssn 987-65-4329"


@pytest.fixture(scope="module")
def engine():
    return AnalyzerEngine()


def spans(results):
    return {(r.entity_type, r.start, r.end, round(r.score, 4)) for r in results}


def test_analyze_speaks_presidio(engine):
    results = engine.analyze(text=TEXT, language="en")
    assert all(isinstance(result, Result) for result in results)
    found = {r.entity_type: r for r in results}
    assert found["CREDIT_CARD"].score == 1.0 and found["PERSON"].score == 0.85
    assert TEXT[found["PERSON"].start : found["PERSON"].end] == "Margaret Whitfield"
    only = engine.analyze(TEXT, "en", entities=["EMAIL_ADDRESS"])
    assert {r.entity_type for r in only} == {"EMAIL_ADDRESS"}
    assert engine.analyze(TEXT, "en", score_threshold=0.99) and all(
        r.score >= 0.99 for r in engine.analyze(TEXT, "en", score_threshold=0.99)
    )
    with pytest.raises(ValueError, match="No matching"):
        engine.analyze(TEXT, "tlh")
    with pytest.raises(UsageError):
        AnalyzerEngine(supported_languages=["tlh"])


def test_equal_to_presidios_engine_without_ner():
    entities = ["CREDIT_CARD", "US_SSN", "PHONE_NUMBER", "IP_ADDRESS", "UK_NHS", "US_ITIN"]
    policy = Policy("p", "", entities={e: EntityRule(threshold=0.0) for e in entities})
    theirs = Reference(policy).engine
    ours = AnalyzerEngine(ner=False)
    for text in (TEXT, "call 212-555-0123 from 203.0.113.7, ssn 536904399", "943 476 5919 nhs"):
        assert spans(ours.analyze(text, "en", entities=entities)) == spans(
            theirs.analyze(text, "en", entities=entities)
        )


def test_context_allow_list_and_explanations(engine):
    text = "see 536-90-4399"
    plain = engine.analyze(text, "en", entities=["US_SSN"])
    lifted = engine.analyze(text, "en", entities=["US_SSN"], context=["ssn"])
    assert plain[0].score == 0.5 and lifted[0].score == 0.85
    assert plain[0].analysis_explanation is None
    explained = engine.analyze(text, "en", entities=["US_SSN"], return_decision_process=True)
    assert explained[0].analysis_explanation.pattern_name == "SSN5 (medium)"
    assert engine.analyze(text, "en", entities=["US_SSN"], allow_list=["536-90-4399"]) == []


class ZipRecognizer(EntityRecognizer):
    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        at = text.find("90210")
        return [Result("ZIP", at, at + 5, 0.7)] if at >= 0 else []


def test_own_and_ad_hoc_recognizers():
    registry = RecognizerRegistry()
    registry.add_recognizer(ZipRecognizer(supported_entities=["ZIP"]))
    engine = AnalyzerEngine(registry=registry, ner=False)
    assert "ZIP" in engine.get_supported_entities("en")
    assert spans(engine.analyze("at 90210", "en", entities=["ZIP"])) == {("ZIP", 3, 8, 0.7)}
    badge = PatternRecognizer("BADGE", patterns=[Pattern("b", r"B-\d{3}", 0.6)])
    found = engine.analyze("B-123", "en", ad_hoc_recognizers=[badge], entities=["BADGE"])
    assert spans(found) == {("BADGE", 0, 5, 0.6)}


def test_anonymize(engine):
    results = engine.analyze(TEXT, "en")
    anonymizer = AnonymizerEngine()
    plain = anonymizer.anonymize(TEXT, results).text
    assert "Whitfield" not in plain and "<CREDIT_CARD>" in plain
    keyed = anonymizer.anonymize(
        TEXT,
        results,
        {
            "CREDIT_CARD": OperatorConfig("pseudonym", {"key": "default"}),
            "EMAIL_ADDRESS": OperatorConfig("hmac", {"length": 12}),
            "DEFAULT": OperatorConfig("redact", {}),
        },
    ).text
    assert "4111" not in keyed and "card 9" in keyed and "jane" not in keyed
    with pytest.raises(UsageError):
        anonymizer.anonymize(TEXT, results, {"DEFAULT": OperatorConfig("hmac", {"salt": "x"})})


def test_transformer_recognizer_in_presidios_own_engine():
    from presidio_analyzer import AnalyzerEngine as PresidioEngine

    recognizer = TransformerRecognizer()
    registry = RecognizerRegistry(recognizers=[recognizer], supported_languages=["en"])
    engine = PresidioEngine(registry=registry, nlp_engine=TokenEngine(), supported_languages=["en"])
    (person,) = engine.analyze("🙂 Yesterday Margaret Whitfield called.", "en", entities=["PERSON"])
    assert (person.start, person.end, person.score) == (12, 30, 0.85)
    assert person.recognition_metadata["recognizer_name"] == "TransformerRecognizer"


def anonymized(text, engine=None, **operators):
    found = []
    for entity, (value, name, params) in operators.items():
        start = text.index(value)
        found.append(Result(entity, start, start + len(value), 1.0))
        operators[entity] = OperatorConfig(name, params)
    return (engine or AnonymizerEngine()).anonymize(text, found, operators)


def test_our_operators_and_their_way_back(tmp_path):
    text = "Ann Okafor, ssn 987-65-4329, card 4111 1111 1111 1111, born 1985-02-03, 203.0.113.7"
    result = anonymized(
        text,
        PERSON=("Ann Okafor", "pseudonym", {"scope": "vault"}),
        US_SSN=("987-65-4329", "encrypt_gcm", {}),
        CREDIT_CARD=("4111 1111 1111 1111", "fpe", {"luhn": True}),
        DATE_OF_BIRTH=("1985-02-03", "date_shift", {}),
        IP_ADDRESS=("203.0.113.7", "token", {"scope": "vault", "label": "HOST"}),
    )
    for value in ("Ann", "Okafor", "987-65", "4111 1111", "1985-02-03", "203.0"):
        assert value not in result.text
    assert "[HOST_1]" in result.text
    back = DeanonymizeEngine().deanonymize(
        result.text, result.items, {"DEFAULT": OperatorConfig("restore"),
                                    "US_SSN": OperatorConfig("decrypt_gcm")},
    )  # fmt: skip
    assert back.text == text
    with pytest.raises(StateError, match="there is no vault"):
        DeanonymizeEngine(vault=tmp_path / "none").deanonymize(
            result.text, result.items, {"DEFAULT": OperatorConfig("restore")}
        )
    with pytest.raises(UsageError, match="not an encrypted token"):
        DeanonymizeEngine().deanonymize(
            result.text, result.items, {"DEFAULT": OperatorConfig("decrypt_gcm")}
        )


def test_tokens_are_numbered_in_each_text_and_parameters_checked():
    engine = AnonymizerEngine()
    text = "Ann and Bob and Ann"
    found = [Result("PERSON", *span, 1.0) for span in ((0, 3), (8, 11), (16, 19))]
    once = engine.anonymize(text, found, {"PERSON": OperatorConfig("token", {})}).text
    assert once == engine.anonymize(text, found, {"PERSON": OperatorConfig("token", {})}).text
    assert sorted(set(once.split(" and "))) == ["[PERSON_1]", "[PERSON_2]"]
    with pytest.raises(UsageError, match="it knows key, days"):
        anonymized(text, PERSON=("Ann", "date_shift", {"salt": "x"}))
    with pytest.raises(UsageError, match="--case"):
        anonymized(text, PERSON=("Ann", "pseudonym", {"scope": "case"}))


def test_our_operators_in_presidios_own_engine():
    from presidio_anonymizer import AnonymizerEngine as PresidioEngine

    engine = PresidioEngine()
    for operator in ("pseudonym", "token", "generalize"):
        engine.add_anonymizer(AnonymizerEngine().operators_factory.get_anonymizers()[operator])
    text = "born 1985-02-03"
    found = [Result("DATE_OF_BIRTH", 5, 15, 1.0)]
    config = {"DEFAULT": OperatorConfig("generalize", {"as_of": 2026})}
    assert engine.anonymize(text, found, config).text == "born 1985"


def test_other_languages_and_types_asked_for_by_name():
    engine = AnalyzerEngine(ner=False, supported_languages=["en", "es"])
    text = "NIF 55555555K y PESEL 44051401359"
    assert "ES_NIF" in engine.get_supported_entities("es")
    assert "ES_NIF" not in engine.get_supported_entities("en")
    assert {r.entity_type for r in engine.analyze(text, "es")} >= {"ES_NIF"}
    named = engine.analyze(text, "en", entities=["ES_NIF", "PL_PESEL"])
    assert {r.entity_type for r in named} == {"ES_NIF", "PL_PESEL"}
    with pytest.raises(ValueError):
        engine.analyze(text, "fr")
    with pytest.raises(UsageError):
        AnalyzerEngine(ner=False, supported_languages=["english"])
