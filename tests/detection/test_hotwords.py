"""Hotwords and review rules on real detections: near, far, in fields, over lines, on the model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.detection.detect import Detector
from redactor.policy import decide, load_policy
from redactor.policy.decide import confidence, decide_all
from redactor.policy.model import EntityRule, HotwordRule, Policy, ReviewRule
from redactor.values import Finding, Locator, Source, Span, Unit, Verdict, Why

HEAD = "version: 1\nname: p\nner: {use: never}\n"


@pytest.fixture
def found(tmp_path):
    """(policy text, text) -> [(entity, verdict, score, hotword)] in order."""

    def run(policy, text, *, field=None, by_line=False, explain=False):
        path = tmp_path / "p.yaml"
        path.write_text(HEAD + policy)
        loaded = load_policy(path)
        unit = Unit("u", text, Locator("text", "0"), field=field, by_line=by_line)
        detection = Detector(loaded).detect([unit], explain=explain)
        decisions = decide_all(detection.findings, loaded, {"u": field})
        rows = [
            (
                d.finding.entity_type,
                str(d.verdict),
                round(d.finding.score, 2),
                d.finding.why.hotword,
            )
            for d in decisions
        ]
        return (rows, detection.misses) if explain else rows

    return run


CARD = "4111 1111 1111 1111"
SAMPLE = (
    "entities: {CREDIT_CARD: {operator: mask}}\n"
    "hotwords: [{words: [test card, sample], before: 30, verdict: keep}]\n"
)


def test_a_verdict_near_a_word(found):
    assert found(SAMPLE, f"Use the Test  card {CARD} here") == [
        ("CREDIT_CARD", "keep", 1.0, "hotwords[0]")
    ]
    assert found(SAMPLE, f"Card {CARD} here") == [("CREDIT_CARD", "redact", 1.0, "")]


def test_too_far_after_and_inside_other_words(found):
    far = "sample" + " word" * 8 + f" {CARD}"
    after = f"{CARD} is a sample"
    inside = f"samples resampled {CARD}"
    for text in (far, after, inside):
        assert found(SAMPLE, text) == [("CREDIT_CARD", "redact", 1.0, "")], text


def test_after_counts_where_it_is_asked_for(found):
    policy = SAMPLE.replace("before: 30", "before: 0, after: 11")
    assert found(policy, f"{CARD} is a sample")[0][1] == "redact"  # ends past the window
    assert found(policy, f"{CARD}, sample")[0][1] == "keep"
    assert found(policy, f"sample {CARD}")[0][1] == "redact"
    assert found(policy, f"{CARD} (a sampled one)")[0][1] == "redact"  # a word cut at the edge


def test_not_over_line_ends_in_logs(found):
    assert found(SAMPLE, f"sample\n{CARD}", by_line=True)[0][1] == "redact"
    assert found(SAMPLE, f"sample {CARD}\nx", by_line=True)[0][1] == "keep"
    assert found(SAMPLE, f"sample\n{CARD}")[0][1] == "keep"


def test_a_field_name_stands_before_its_value(found):
    assert found(SAMPLE, CARD, field="order.sample_number")[0][1] == "keep"
    assert found(SAMPLE, CARD, field="order.number")[0][1] == "redact"


RAISE = (
    "plausible: false\n"
    "entities: {US_BANK_NUMBER: {threshold: 0.4}}\n"
    "hotwords: [{words: [kto], entities: [US_BANK_NUMBER], before: 10, raise: 0.5}]\n"
)


def test_raise_lifts_what_was_below_the_threshold(found):
    text = "kto 123456789 and 987654321"
    assert found(RAISE, text) == [("US_BANK_NUMBER", "redact", 0.55, "hotwords[0]")]
    assert found("entities: {US_BANK_NUMBER: {threshold: 0.4}}\n", text) == []


def test_raise_too_little_and_set(found):
    assert found(RAISE.replace("0.5}", "0.3}"), "kto 123456789") == []
    policy = RAISE.replace("raise: 0.5", "set: 0.9")
    assert found(policy, "kto 123456789") == [("US_BANK_NUMBER", "redact", 0.9, "hotwords[0]")]


def test_lower_drops_and_says_so(found):
    policy = (
        "entities: {EMAIL_ADDRESS: {threshold: 0.6}}\n"
        "hotwords: [{pattern: 'docs?:', lower: 0.5, before: 20}]\n"
    )
    text = "docs: zoe.quill@example.com"
    rows, misses = found(policy, text, explain=True)
    assert rows == []
    (miss,) = [m for m in misses if m.finding.entity_type == "EMAIL_ADDRESS"]
    assert miss.cause == "hotword" and "hotwords[0]" in miss.detail and not miss.finding.text
    assert found(policy, "mail zoe.quill@example.com")[0][0] == "EMAIL_ADDRESS"


def test_the_first_rule_that_hits_speaks(found):
    policy = (
        "entities: {EMAIL_ADDRESS: {}}\nhotwords:\n"
        "  - {words: [public], before: 20, verdict: keep}\n"
        "  - {words: [mail], before: 20, verdict: review}\n"
    )
    assert found(policy, "public mail zoe@example.com")[0][1:] == ("keep", 1.0, "hotwords[0]")
    assert found(policy, "our mail zoe@example.com")[0][1:] == ("review", 1.0, "hotwords[1]")


def test_copies_follow_their_original(found):
    policy = (
        "entities: {EMAIL_ADDRESS: {}}\n"
        "hotwords: [{words: [witness], before: 20, verdict: review}]\n"
    )
    text = "The witness zoe.quill@example.com spoke. " + "x " * 40 + "Zoe.Quill@example.com left."
    rows = found(policy, text)
    assert [row[1] for row in rows] == ["review", "redact"] or [r[1] for r in rows] == [
        "review"
    ] * 2


def test_deny_entries_and_fields_are_certain(found):
    policy = (
        "entities: {EMAIL_ADDRESS: {}}\ndeny: [{values: [zoe@example.com], entity: EMAIL_ADDRESS}]\n"
        "fields: [{name: mail, entity: EMAIL_ADDRESS}]\n"
        "hotwords: [{words: [public, mail], before: 20, verdict: keep}]\n"
    )
    assert found(policy, "public zoe@example.com")[0][1] == "redact"
    assert found(policy, "ann@example.com", field="mail")[0][1] == "redact"


def test_a_slow_expression_withholds(found):
    from redactor.errors import WithheldError

    policy = (
        "entities: {EMAIL_ADDRESS: {}}\n"
        "hotwords: [{pattern: '(a|aa)+$', before: 1000, raise: 0.1}]\n"
    )
    try:
        found(policy, "a" * 900 + "! zoe@example.com")
    except WithheldError as error:
        assert "hotwords[0]" in str(error)


# -- review rules


def finding(entity="PERSON", score=0.9, source=Source.PATTERN, base=0.0):
    return Finding("u", Span(0, 3), entity, score, "r", Why(source, base=base), "abc")


def policy(*review, **entities):
    rules = {name: EntityRule(threshold=threshold) for name, threshold in entities.items()}
    return Policy("p", "h", entities=rules, review=tuple(review))


def test_a_band_of_scores():
    asked = policy(ReviewRule("review[0]", score_from=0.4, score_below=0.6), PERSON=0.3)
    for score, verdict in ((0.39, "redact"), (0.4, "review"), (0.59, "review"), (0.6, "redact")):
        decision = decide(finding(score=score), asked)
        assert decision.verdict == verdict, score
        assert decision.rule == ("review[0]" if verdict == "review" else "entities.PERSON")


def test_the_models_own_score_counts():
    asked = policy(ReviewRule("review[0]", score_below=0.6), PERSON=0.3)
    unsure = finding(score=0.85, source=Source.MODEL, base=0.5)
    assert confidence(unsure) == 0.5 and decide(unsure, asked).verdict == "review"
    copy = finding(score=0.85, source=Source.PROPAGATED, base=0.5)
    assert decide(copy, asked).verdict == "review"
    sure = finding(score=0.85, source=Source.MODEL, base=0.95)
    assert decide(sure, asked).verdict == "redact"


def test_low_confidence_is_near_the_threshold():
    asked = policy(ReviewRule("review[0]", margin=0.1), PERSON=0.3, EMAIL_ADDRESS=0.7)
    assert decide(finding(score=0.39), asked).verdict == "review"
    assert decide(finding(score=0.41), asked).verdict == "redact"
    assert decide(finding("EMAIL_ADDRESS", 0.79), asked).verdict == "review"


def test_an_entity_in_a_field():
    asked = policy(
        ReviewRule("review[0]", entities=("PERSON",), field="note*"), PERSON=0.3, US_SSN=0.3
    )
    assert decide(finding(), asked, "case.notes[]").verdict == "review"
    assert decide(finding(), asked, "case.name").verdict == "redact"
    assert decide(finding(), asked).verdict == "redact"
    assert decide(finding("US_SSN"), asked, "case.notes[]").verdict == "redact"


def test_what_is_kept_or_certain_is_not_asked_about():
    rules = {"URL": EntityRule(verdict=Verdict.KEEP, operator="keep"), "PERSON": EntityRule()}
    asked = Policy("p", "h", entities=rules, review=(ReviewRule("review[0]", score_below=2.0),))
    assert decide(finding("URL"), asked).verdict == "keep"
    assert decide(finding(source=Source.DENY), asked).verdict == "redact"
    assert decide(finding(source=Source.REVIEWER), asked).verdict == "redact"


def places(number):
    return [
        Finding("u", Span(i * 4, i * 4 + 3), "PERSON", 0.9, "r", Why(Source.PATTERN), "abc")
        for i in range(number)
    ]


def test_more_than_a_number_over_a_whole_item():
    from collections import Counter

    asked = policy(ReviewRule("review[0]", entities=("PERSON",), more_than=5), PERSON=0.3)
    counted = Counter()
    verdicts = [
        {str(d.verdict) for d in decide_all(places(3), asked, {}, counted)} for _ in range(3)
    ]
    assert verdicts == [{"redact"}, {"review"}, {"review"}]
    assert {str(d.verdict) for d in decide_all(places(5), asked, {})} == {"redact"}


def test_a_whole_document_waits():
    asked = policy(
        ReviewRule("review[0]", entities=("PERSON",), score_below=0.5, scope="document"),
        PERSON=0.3, US_SSN=0.3,
    )  # fmt: skip
    both = [finding("US_SSN"), finding(score=0.4)]
    assert [d.verdict for d in decide_all(both, asked, {})] == ["review", "review"]
    assert [d.verdict for d in decide_all(both[:1], asked, {})] == ["redact"]


def test_review_rules_withhold_a_file(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        HEAD
        + "entities: {EMAIL_ADDRESS: {}}\nreview: [{entities: [EMAIL_ADDRESS], more_than: 2}]\n"
    )
    (tmp_path / "two.txt").write_text("a.b@example.com c.d@example.com")
    (tmp_path / "three.txt").write_text("a.b@example.com c.d@example.com e.f@example.com")
    cli("redact", "two.txt", "-o", "out2.txt", "-p", "p.yaml", code=0)
    cli("redact", "three.txt", "-o", "out3.txt", "-p", "p.yaml", code=4)
    assert (tmp_path / "out2.txt").exists() and not (tmp_path / "out3.txt").exists()
    cli("redact", "three.txt", "-o", "out3.txt", "-p", "p.yaml", "--apply-proposed", code=0)


# -- laws of the scores


@given(
    st.floats(0, 1), st.floats(0, 1), st.sampled_from(["raise", "lower", "set", ""]),
)  # fmt: skip
def test_a_changed_score_stays_a_score(score, amount, change):
    rule = HotwordRule("hotwords[0]", change=change, amount=amount)
    changed = rule.rescored(score)
    assert 0.0 <= changed <= 1.0
    if change == "raise":
        assert changed >= score
    elif change == "lower":
        assert changed <= score


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_floor_lets_through_all_that_a_hotword_could_lift(threshold, amount, score):
    rule = HotwordRule("hotwords[0]", entities=("PERSON",), change="raise", amount=amount)
    made = Policy("p", "h", entities={"PERSON": EntityRule(threshold=threshold)}, hotwords=(rule,))
    if rule.rescored(score) >= threshold:
        assert score >= made.floors["PERSON"] - 1e-9
