"""Recognizer files: Presidio's schema in full, and every mistake with its line."""

import pytest

from redactor.detection.custom import rules_over
from redactor.detection.patterns import Scanner
from redactor.detection.recognizer_yaml import read_file
from redactor.detection.rules import shipped_table
from redactor.errors import PolicyError
from redactor.policy import load_policy

PATTERN = "patterns: [{name: p, regex: 'Q-[0-9]{4}', score: 0.5}]"


def file_of(tmp_path, text, name="m.yaml"):
    (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / name


def rules_of(tmp_path, text, language="en"):
    read = read_file(file_of(tmp_path, text), language=language)
    return [rule for recognizer in read.custom for rule in recognizer.rules]


def test_languages_with_context_words_of_their_own(tmp_path):
    rules = rules_of(
        tmp_path,
        f"""
recognizers:
  - name: Zip
    supported_languages:
      - {{language: en, context: [zip]}}
      - {{language: de-DE, context: [plz]}}
      - language: fr
    supported_entities: [ZIP]
    {PATTERN}
  - {{name: One, supported_language: es, supported_entity: A, context: [uno], {PATTERN}}}
  - {{name: Plain, supported_languages: [it], supported_entity: A, context: [due], {PATTERN}}}
  - {{name: None, supported_entity: A, {PATTERN}}}
""",
        language="pl",
    )
    assert [(rule.name, rule.language, rule.context) for rule in rules] == [
        ("Zip", "en", ("zip",)), ("Zip", "de", ("plz",)), ("Zip", "fr", ()), ("One", "es", ("uno",)),
        ("Plain", "it", ("due",)), ("None", "pl", ()),
    ]  # fmt: skip
    assert {rule.entity for rule in rules[:3]} == {"ZIP"}


def test_what_stands_on_top_of_a_registry_file(tmp_path):
    rules = rules_of(
        tmp_path,
        f"""
supported_languages: [en, de]
global_regex_flags: 8
supported_countries: [US]
recognizers:
  - {{name: Both, supported_entity: A, {PATTERN}}}
  - {{name: Mine, supported_language: fr, supported_entity: A, global_regex_flags: 2, country_code: us, {PATTERN}}}
  - {{name: Other, supported_entity: A, country_code: gb, {PATTERN}}}
  - {{name: Off, supported_entity: A, enabled: no, {PATTERN}}}
  - {{name: Words, supported_entity: A, deny_list: [Ann, "A+B"], deny_list_score: 0.7}}
""",
    )
    assert [(r.name, r.language, r.patterns[0].flags) for r in rules] == [
        ("Both", "en", 8), ("Both", "de", 8), ("Mine", "fr", 2), ("Words", "en", 8), ("Words", "de", 8),
    ]  # fmt: skip
    assert rules[-1].patterns[0].score == 0.7


def scan(tmp_path, text, body, entities="{A: replace}", language="en"):
    file_of(tmp_path, body, "r.yaml")
    file_of(
        tmp_path,
        f"version: 1\nname: p\nlanguage: {language}\nner: {{use: never}}\nentities: {entities}\nrecognizers: [r.yaml]\n",
        "p.yaml",
    )
    found = Scanner.load(load_policy(tmp_path / "p.yaml")).scan_text(text)
    return sorted((f.text, f.recognizer, round(f.score, 2)) for f in found)


def test_flags_and_verbose_patterns_are_honoured(tmp_path):
    body = """
recognizers:
  - {name: Exact, supported_entity: A, global_regex_flags: 0, patterns: [{name: p, regex: 'ab-[0-9]', score: 0.5}]}
  - name: Verbose
    supported_entity: A
    global_regex_flags: 66
    patterns:
      - name: p
        score: 0.5
        regex: "cd   # two letters\\n - [0-9]{2}"
  - {name: Ascii, supported_entity: A, global_regex_flags: 128, patterns: [{name: p, regex: '\\W\\W-7', score: 0.5}]}
"""
    assert scan(tmp_path, "ab-1 AB-2 cd-33 CD-44 é\u00fc-7", body) == [
        ("CD-44", "Verbose", 0.5), ("ab-1", "Exact", 0.5), ("cd-33", "Verbose", 0.5), ("é\u00fc-7", "Ascii", 0.5),
    ]  # fmt: skip


def test_long_deny_lists_are_cut_into_several_expressions(tmp_path):
    words = [f"word{number}" for number in range(1000)]
    body = f"recognizers:\n  - {{name: W, supported_entity: A, deny_list: [{', '.join(words)}]}}\n"
    assert scan(tmp_path, "word7 xword8 WORD999, word1000", body) == [
        ("WORD999", "W", 1.0), ("word7", "W", 1.0),
    ]  # fmt: skip


def test_recognizers_with_thresholds_of_their_own(tmp_path):
    body = f"""
recognizers:
  - {{name: High, supported_entity: A, score_thresholds: {{default: 0.6}}, {PATTERN}}}
  - {{name: Low, supported_entity: A, score_thresholds: {{default: 0.9, A: 0.1}}, patterns: [{{name: w, regex: 'Z-[0-9]', score: 0.2}}]}}
"""
    assert scan(tmp_path, "Q-1234 Z-5", body) == [("Z-5", "Low", 0.2)]


def test_predefined_recognizers_are_switched_and_changed(tmp_path):
    text = "ssn 536-90-4399, numéro 536-90-4399, 4111111111111111, jane@example.com"
    entities = (
        "{US_SSN: replace, CREDIT_CARD: replace, MY_CARD: replace, EMAIL_ADDRESS: {threshold: 0.6}}"
    )
    before = scan(
        tmp_path, text, f"recognizers: [{{name: X, supported_entity: A, {PATTERN}}}]", entities
    )
    assert {"UsSsnRecognizer", "CreditCardRecognizer", "EmailRecognizer"} <= {
        r for _, r, _ in before
    }
    body = """
recognizers:
  - {name: UsSsnRecognizer, type: predefined, enabled: false}
  - {name: MyCards, class_name: CreditCardRecognizer, type: predefined, supported_entity: MY_CARD}
  - EmailRecognizer
  - {name: AnyDomainEmailRecognizer, type: predefined, score_thresholds: {default: 0.95}}
  - {name: SpacyRecognizer, type: predefined, enabled: false}
"""
    after = scan(tmp_path, text, body, entities)
    assert {r for _, r, _ in after} == {
        "CreditCardRecognizer",
        "PaymentCardRecognizer",
        "MyCards",
        "EmailRecognizer",
    }


def test_predefined_recognizers_get_languages_and_context(tmp_path):
    body = """
recognizers:
  - name: UsSsnRecognizer
    supported_languages:
      - {language: fr, context: [numéro]}
"""
    weak = "{US_SSN: {threshold: 0.6}}"
    assert scan(tmp_path, "ssn 536-90-4399", body, weak, "fr") == []
    assert [r for _, r, _ in scan(tmp_path, "Numéro 536-90-4399", body, weak, "fr")] == [
        "UsSsnRecognizer"
    ]
    body = "recognizers: [{name: UsSsnRecognizer, context: [tax]}]"
    assert scan(tmp_path, "ssn 536-90-4399", body, weak) == []
    assert [r for _, r, _ in scan(tmp_path, "tax 536-90-4399", body, weak)] == ["UsSsnRecognizer"]


def test_an_unknown_predefined_recognizer_is_told(tmp_path):
    path = file_of(tmp_path, "recognizers:\n  - CreditCardRecogniser\n")
    with pytest.raises(PolicyError, match=r"m\.yaml:2: .* \(did you mean CreditCardRecognizer\?\)"):
        rules_over(shipped_table().rules, [str(path)], "en")


def test_presidios_own_example_file_is_read(tmp_path):
    presidio = pytest.importorskip("presidio_analyzer")
    from pathlib import Path

    conf = Path(presidio.__file__).parent / "conf"
    read = read_file(conf / "example_recognizers.yaml")
    assert [rule.entity for recognizer in read.custom for rule in recognizer.rules] == [
        "ZIP",
        "TITLE",
    ]
    read = read_file(conf / "default_recognizers.yaml")
    assert not read.custom and len(read.changes) > 40
    off = {change.recognizer for change in read.changes if not change.enabled}
    assert "UkPostcodeRecognizer" in off and "CreditCardRecognizer" not in off


def test_a_file_with_our_sections_works_in_presidio(tmp_path):
    pytest.importorskip("presidio_analyzer")
    from presidio_analyzer import RecognizerRegistry

    from redactor.detection.starter import starter

    path = file_of(tmp_path, starter("Badge", "BADGE_ID") + "allow_slow: [Badge]\nvalidators: {}\n")
    registry = RecognizerRegistry()
    registry.add_recognizers_from_yaml(path)
    (badge,) = [r for r in registry.recognizers if r.name == "Badge"]
    assert badge.analyze("a QQ-123456", ["BADGE_ID"], None)[0].start == 2


GOOD = f"recognizers:\n  - name: a\n    supported_entity: A\n    {PATTERN}\n"
BAD = {
    "recognizers: 7": (1, "list"),
    "recognizers: []": (1, "list"),
    "- a": (1, "no mapping"),
    "recognizers: [": (1, "not valid YAML"),
    "recognizers:\n - {name: a}\n - 7\n": (3, "a recognizer is a mapping"),
    "recognizers:\n - {supported_entity: A, " + PATTERN + "}": (2, "`name` is missing"),
    "recognizers:\n - {name: 7, supported_entity: A, " + PATTERN + "}": (2, "put it in quotes"),
    "recognizers:\n - {name: a, " + PATTERN + "}": (2, "`supported_entity` is missing"),
    "recognizers:\n - {name: a, supported_entity: badge, " + PATTERN + "}": (2, "like EMPLOYEE_ID"),
    "recognizers:\n - {name: a, supported_entity: A}": (2, "needs `patterns` or a `deny_list`"),
    GOOD.replace("Q-[0-9]{4}", "("): (4, "pattern p is no regex: missing"),
    GOOD.replace("Q-[0-9]{4}", "a{99999999999}"): (4, "pattern p is no regex"),
    GOOD.replace("0.5", "7"): (4, "between 0 and 1"),
    GOOD.replace("0.5", "'0.5'"): (4, "must be a number"),
    GOOD.replace("0.5", "true"): (4, "must be a number"),
    GOOD.replace("score: 0.5", "skore: 0.5"): (4, "unknown key skore (did you mean score?)"),
    GOOD.replace("patterns", "pattern"): (4, "unknown key pattern (did you mean patterns?)"),
    GOOD + "    contxt: [x]\n": (5, "unknown key contxt (did you mean context?)"),
    GOOD + "    context: x\n": (5, "a list of words"),
    GOOD + "    context: [x, 7]\n": (5, "put it in quotes"),
    GOOD + "    deny_list: [0123]\n": (5, "put it in quotes"),
    GOOD + "    deny_list: [a, ' ']\n": (5, "blank word"),
    GOOD + "    deny_list_score: 2\n": (5, "between 0 and 1"),
    GOOD + "    enabled: maybe\n": (5, "true or false"),
    GOOD + "    type: costum\n": (5, "did you mean custom?"),
    GOOD + "    type: predefined\n": (2, "no `patterns` or `deny_list` of its own"),
    GOOD + "    supported_language: english\n": (5, "written as en"),
    GOOD + "    supported_language: en\n    supported_languages: [de]\n": (6, "only one of the two"),
    GOOD + "    supported_entities: [B]\n": (5, "only one of the two"),
    GOOD + "    supported_languages: en\n": (5, "is a list"),
    GOOD + "    supported_languages: [{lang: en}]\n": (5, "unknown key lang"),
    GOOD + "    context: [x]\n    supported_languages: [en, de]\n": (5, "belongs to each of them"),
    GOOD + "    score_thresholds: 0.5\n": (5, "maps types"),
    GOOD + "    country_code: usa\n": (5, "two letters"),
    GOOD + "    global_regex_flags: 4\n": (5, "is the sum of"),
    GOOD + "    name: b\n": (5, "stands here twice"),
    GOOD + GOOD.partition("\n")[2]: (5, "stands here twice (line 2)"),
    "recognisers: []\n" + GOOD: (1, "unknown key recognisers (did you mean recognizers?)"),
    "supported_languages: [english]\n" + GOOD: (1, "written as en"),
    "supported_countries: us\n" + GOOD: (1, "is a list"),
    "validators: {a: nope}\n" + GOOD: (1, "no validator nope"),
    "validators: {a: credit_crad}\n" + GOOD: (1, "did you mean credit_card?"),
    "validators: {b: iban}\n" + GOOD: (1, "not in this file"),
    "validators: [iban]\n" + GOOD: (1, "not in this file"),
    "tests: {a: [x]}\n" + GOOD: (1, "`match` and `no_match`"),
    "tests: {a: {match: [7]}}\n" + GOOD: (1, "a text in quotes"),
    "tests: {a: {macth: [x]}}\n" + GOOD: (1, "did you mean match?"),
    "allow_slow: a\n" + GOOD: (1, "list of recognizers"),
    "allow_slow: [b]\n" + GOOD: (1, "not in this file"),
}  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_every_mistake_is_told_with_its_line(tmp_path, text):
    line, said = BAD[text]
    with pytest.raises(PolicyError) as caught:
        read_file(file_of(tmp_path, text))
    assert said in str(caught.value) and f"m.yaml:{line}: " in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_all_problems_at_once(tmp_path):
    text = GOOD.replace("0.5", "7") + "    contxt: [x]\n    enabled: 3\n"
    with pytest.raises(PolicyError) as caught:
        read_file(file_of(tmp_path, text))
    assert [line.partition(" ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "m.yaml:4:", "m.yaml:5:", "m.yaml:6:",
    ]  # fmt: skip


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "recognizers: *h\n",
    "deep": "recognizers: " + "[" * 2000 + "]" * 2000,
    "a loop": "recognizers: &r [*r]\n",
    "code": "recognizers: !!python/object/apply:os.system [true]\n",
    "merge": GOOD + "    <<: 7\n",
    "twice": "recognizers: []\n" + GOOD,
    "binary": "recognizers: [\x00]\n",
    "huge list": "recognizers:\n  - name: a\n    supported_entity: A\n    deny_list: ["
    + ", ".join(f"w{n}" for n in range(10_001)) + "]\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_files_end_in_an_error(tmp_path, name):
    with pytest.raises(PolicyError, match=r"m\.yaml:\d+: "):
        read_file(file_of(tmp_path, BOMBS[name]))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(PolicyError, match=r"^none\.yaml: cannot be read"):
        read_file(tmp_path / "none.yaml")
    (tmp_path / "m.yaml").write_bytes(b"recognizers: [\xff]\n")
    with pytest.raises(PolicyError, match=r"m\.yaml:1: not UTF-8"):
        read_file(tmp_path / "m.yaml")
    (tmp_path / "m.yaml").write_text("#" * (1 << 20) + "\n" + GOOD)
    with pytest.raises(PolicyError, match="too large"):
        read_file(tmp_path / "m.yaml")


def test_several_types_of_a_pattern_recognizer_are_noted(tmp_path):
    read = read_file(
        file_of(
            tmp_path, f"recognizers:\n  - name: a\n    supported_entities: [A, B]\n    {PATTERN}\n"
        )
    )
    assert read.custom[0].rules[0].entity == "A"
    assert read.notes[0].startswith("m.yaml:3: patterns find one type")
