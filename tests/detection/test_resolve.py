"""Overlaps become unions, nothing of a redacted finding survives, order does not matter."""

from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.detection.resolve import resolve
from redactor.policy.decide import decide
from redactor.policy.model import EntityRule, ListEntry, Policy
from redactor.values import Finding, Locator, Source, Span, Unit, Verdict, Why

TEXT = "Ann Lee Okafor, 12 Oak Street, Springfield; ann@example.com, born 12/03/1980. " * 2
UNIT = Unit("u", TEXT, Locator("text", "0"))
POLICY = Policy(
    "p",
    "h",
    entities={
        "PERSON": EntityRule(),
        "EMAIL_ADDRESS": EntityRule(priority=30),
        "US_SSN": EntityRule(priority=15),
        "LOCATION": EntityRule(verdict=Verdict.KEEP, operator="keep"),
        "ORGANIZATION": EntityRule(verdict=Verdict.REVIEW),
    },
)


def finding(start, end, entity="PERSON", score=0.5, source=Source.PATTERN, recognizer="r"):
    return Finding("u", Span(start, end), entity, score, recognizer, Why(source), TEXT[start:end])


findings = st.lists(
    st.builds(
        lambda start, size, entity, score, source: finding(
            start, min(start + size, len(TEXT)), entity, score, source
        ),
        st.integers(0, len(TEXT) - 1),
        st.integers(1, 30),
        st.sampled_from(sorted(POLICY.entities)),
        st.sampled_from([0.3, 0.5, 0.85, 1.0]),
        st.sampled_from([Source.PATTERN, Source.MODEL, Source.VALIDATED, Source.DENY]),
    ),
    max_size=12,
)


def solve(found, policy=POLICY):
    return resolve(found, {"u": UNIT}, policy)


def redacted(found, policy=POLICY):
    return [f for f in found if decide(f, policy).verdict is Verdict.REDACT]


@settings(max_examples=300, deadline=None)
@given(findings, st.randoms(use_true_random=False))
def test_properties(found, rng):
    resolved = solve(found)
    ends = 0
    for one in resolved:  # no overlap is left, in order
        assert one.start >= ends
        ends = one.end
        assert one.text == TEXT[one.start : one.end]
    covered = {at for one in redacted(resolved) for at in range(one.start, one.end)}
    for one in redacted(found):  # nothing of a redacted finding survives
        assert {at for at in range(one.start, one.end) if not TEXT[at].isspace()} <= covered
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert solve(shuffled) == resolved
    assert solve(resolved) == resolved


@settings(max_examples=100, deadline=None)
@given(findings)
def test_what_waits_or_stays_never_shields_what_is_redacted(found):
    resolved = solve(found)
    taken = {
        at for one in redacted(found) for at in range(one.start, one.end) if not TEXT[at].isspace()
    }
    for one in resolved:
        if decide(one, POLICY).verdict is not Verdict.REDACT:
            assert taken.isdisjoint(range(one.start, one.end))


def one_type(*found, policy=POLICY):
    (only,) = solve(found, policy)
    return only.entity_type, only.start, only.end


def test_precedence_names_the_region():
    # validated > priority > longer > score; deny > validated
    long = finding(44, 60, "PERSON", 1.0)
    mail = finding(44, 59, "EMAIL_ADDRESS", 0.5)
    assert one_type(long, mail) == ("EMAIL_ADDRESS", 44, 60)
    valid = finding(46, 50, "PERSON", 0.3, Source.VALIDATED)
    assert one_type(mail, valid) == ("PERSON", 44, 59)
    denied = finding(45, 47, "US_SSN", 1.0, Source.DENY)
    assert one_type(mail, valid, denied) == ("US_SSN", 44, 59)
    assert one_type(finding(0, 3), finding(1, 8, "US_SSN"))[0] == "US_SSN"


def test_names_join_and_models_snap_to_words():
    given_name, family = finding(0, 3), finding(8, 14)
    assert one_type(given_name, finding(4, 7), family) == ("PERSON", 0, 14)
    assert one_type(finding(1, 2, source=Source.MODEL)) == ("PERSON", 0, 3)


def test_allow_removes_exact_spans_but_nothing_that_is_denied():
    allow = (ListEntry("allow[0]", values=("Ann",)),)
    policy = Policy("p", "h", entities=POLICY.entities, allow=allow)
    assert solve([finding(0, 3)], policy) == []
    assert len(solve([finding(0, 7)], policy)) == 1
    assert len(solve([finding(0, 3, source=Source.DENY)], policy)) == 1
    assert len(solve([finding(0, 3, source=Source.FIELD)], policy)) == 1
