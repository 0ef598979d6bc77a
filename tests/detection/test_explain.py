"""Why, and why not: each cause once, places only, and nothing on the normal path."""

import json

import pytest

from redactor.cli.show import explain, explain_miss
from redactor.detection.context import distance_of
from redactor.detection.detect import Detector
from redactor.policy import load_policy
from redactor.values import Cause, Locator, Unit

HEAD = "version: 1\nname: p\nner: {use: never}\n"


@pytest.fixture
def seen(tmp_path):
    """(policy, text) -> (findings, misses by entity)."""

    def run(policy, text, **unit):
        path = tmp_path / "p.yaml"
        path.write_text(HEAD + policy)
        loaded = load_policy(path)
        detection = Detector(loaded).detect(
            [Unit("u", text, Locator("text", "0"), **unit)], explain=True
        )
        return detection.findings, {m.finding.entity_type: m for m in detection.misses}

    return run


ENTITIES = "entities: {US_SSN: {}, CREDIT_CARD: {}, EMAIL_ADDRESS: {}, IBAN_CODE: {}}\n"


def test_below_the_threshold(seen):
    found, misses = seen(ENTITIES, "The code 536904399 is his.")
    assert found == []
    miss = misses["US_SSN"]
    assert miss.cause is Cause.THRESHOLD and "below 0.35" in miss.detail
    assert "social" in miss.detail  # the words that would have helped
    assert (miss.finding.start, miss.finding.end) == (9, 18) and miss.finding.text == ""


def test_a_check_that_refused(seen):
    _, misses = seen(ENTITIES, "Card 4111 1111 1111 1112 and GB82 WEST 1234 5698 7654 33")
    assert misses["CREDIT_CARD"].cause is Cause.CHECK
    assert misses["CREDIT_CARD"].detail == "refused by the check credit_card"
    assert misses["IBAN_CODE"].cause is Cause.CHECK and misses["IBAN_CODE"].finding.score == 0.0


def test_an_allow_entry_with_its_reason(seen):
    policy = ENTITIES + "allow: [{values: [help@example.com], reason: the public address}]\n"
    found, misses = seen(policy, "Mail help@example.com")
    assert found == []
    assert misses["EMAIL_ADDRESS"].cause is Cause.ALLOW
    assert misses["EMAIL_ADDRESS"].detail == "allow[0] allows it: the public address"


def test_an_expired_allow_entry_allows_nothing(seen):
    policy = ENTITIES + "allow: [{values: [help@example.com], expires: 2020-01-01}]\n"
    found, misses = seen(policy, "Mail help@example.com")
    assert [f.entity_type for f in found] == ["EMAIL_ADDRESS"] and "EMAIL_ADDRESS" not in misses


def test_an_expired_deny_entry(seen):
    policy = ENTITIES + "deny: [{values: [Bluebird], entity: PROJECT, expires: 2020-01-01}]\n"
    _, misses = seen(policy, "About Bluebird")
    assert misses["PROJECT"].cause is Cause.EXPIRED and "deny[0]" in misses["PROJECT"].detail


def test_a_field_that_is_kept(seen):
    policy = ENTITIES + "fields: [{name: notes, verdict: keep}]\n"
    found, misses = seen(policy, "Mail zoe@example.com", field="notes")
    assert found == [] and misses["EMAIL_ADDRESS"].cause is Cause.FIELD
    assert "fields[0]" in misses["EMAIL_ADDRESS"].detail


def test_a_type_that_is_not_looked_for(seen):
    _, misses = seen("entities: {US_SSN: {}}\n", "Mail zoe@example.com")
    assert misses["EMAIL_ADDRESS"].cause is Cause.TYPE


def test_what_another_finding_covers(seen):
    policy = "plausible: false\nentities: {EMAIL_ADDRESS: {priority: 9}, URL: {}}\n"
    found, misses = seen(policy, "Mail zoe.quill@example.com")
    assert [f.entity_type for f in found] == ["EMAIL_ADDRESS"]
    assert misses["URL"].cause is Cause.OVERLAP and "EMAIL_ADDRESS [5:26]" in misses["URL"].detail


def test_the_subjects_own_data(tmp_path):
    from redactor.policy.override import with_subject

    path = tmp_path / "p.yaml"
    path.write_text(HEAD + "subject: {required: true}\n" + ENTITIES)
    policy = with_subject(load_policy(path), ["zoe@example.com"])
    unit = Unit("u", "Mail zoe@example.com", Locator("text", "0"))
    detection = Detector(policy).detect([unit], explain=True)
    assert detection.findings == [] and detection.misses[0].cause is Cause.SUBJECT


def test_what_the_model_was_unsure_of(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("version: 1\nname: p\nentities: {PERSON: {threshold: 1.0}}\n")
    unit = Unit("u", "Dear Margaret Whitfield, thank you.", Locator("text", "0"))
    detection = Detector(load_policy(path)).detect([unit], explain=True)
    (miss,) = [m for m in detection.misses if m.finding.entity_type == "PERSON"]
    assert miss.cause is Cause.THRESHOLD and miss.detail.startswith("model score 0.")


def test_the_normal_path_makes_none_of_it(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(HEAD + ENTITIES)
    policy = load_policy(path)
    detector = Detector(policy)
    unit = Unit("u", "The code 536904399, mail zoe@example.com", Locator("text", "0"))
    plain = detector.detect([unit])
    assert plain.misses == () and "explaining scanner" not in policy.memo
    assert detector.detect([unit], explain=True).findings == plain.findings


def test_why_names_pattern_check_word_and_distance(seen):
    found, _ = seen(ENTITIES, "His social security number: 536-90-4399; card 4111 1111 1111 1111")
    ssn, card = found
    assert (ssn.why.context, ssn.why.words, ssn.why.distance) == ("social", 3, 18)
    assert ssn.why.base == 0.5 and ssn.score == 0.85
    line = explain(ssn)
    assert "score 0.50" in line and "'social' 18 characters (3 words) before it" in line
    assert f"check {card.why.validator} passed" in explain(card) and card.why.base == 0.3
    assert "536" not in line and "4111" not in explain(card)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("ssn: 123", "ssn", (2, 1)),
        ("ssn is: 123", "ssn", (5, 2)),
        ("SSN\n\n 123", "ssn", (3, 1)),
        ("ssn123", "ssn", (0, 0)),
        ("the ssn of the other ssn 123", "ssn", (1, 1)),
    ],
)
def test_distances(text, word, expected):
    start = text.index("123") if "ssn123" not in text else 0
    assert distance_of(text, start, word) == expected


def test_where_a_copy_comes_from(seen):
    text = "Mail zoe.quill@example.com now. Later Zoe.Quill@EXAMPLE.com wrote."
    found, _ = seen("entities: {EMAIL_ADDRESS: {}}\n", "x " + text)
    copies = [f for f in found if f.why.source == "propagated"]
    for copy in copies:
        assert copy.why.origin == "text:0 [7:28]" and "same value as at text:0" in explain(copy)


def test_json_rows_say_why_and_why_not(cli, tmp_path):
    (tmp_path / "a.txt").write_text("ssn 536-90-4399, card 4111 1111 1111 1112\n")
    (tmp_path / "p.yaml").write_text(HEAD + ENTITIES)
    done = cli("scan", "a.txt", "-p", "p.yaml", "--format", "json", "--explain", code=0)
    rows = {row["entity_type"]: row for row in json.loads(done.stdout)}
    why = rows["US_SSN"]["why"]
    assert (why["context"], why["context_characters"], why["context_words"]) == ("ssn", 1, 1)
    assert rows["CREDIT_CARD"]["not_redacted"]["cause"] == "check"
    assert b"536-90" not in done.stdout and b"1112" not in done.stdout
    plain = cli("scan", "a.txt", "-p", "p.yaml", "--format", "json", code=0)
    assert [row["entity_type"] for row in json.loads(plain.stdout)] == ["US_SSN"]
    # what was not taken fails nothing and is no SARIF result
    cli("scan", "a.txt", "-p", "p.yaml", "--explain", "--fail-on", "CREDIT_CARD", code=0)
    sarif = cli("scan", "a.txt", "-p", "p.yaml", "--explain", "--format", "sarif", code=0)
    assert len(json.loads(sarif.stdout)["runs"][0]["results"]) == 1


def test_redact_says_why_not(cli, tmp_path):
    (tmp_path / "a.txt").write_text("ssn 536-90-4399, card 4111 1111 1111 1112\n")
    (tmp_path / "p.yaml").write_text(HEAD + ENTITIES)
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "p.yaml", "--explain", code=0)
    assert b"not redacted: check: refused by the check credit_card" in done.stdout
    assert b"536-90" not in done.stdout and b"1112" not in done.stdout


def test_lines_are_one_line(seen):
    _, misses = seen(ENTITIES, "Card 4111 1111 1111 1112")
    assert "\n" not in explain_miss(misses["CREDIT_CARD"])
