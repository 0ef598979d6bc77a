"""Values refuse nonsense, are frozen, and keep document text to themselves."""

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.values import Decision, Finding, Locator, Outcome, Source, Span, Unit, Verdict, Why

spans = st.builds(lambda a, n: Span(a, a + n), st.integers(0, 50), st.integers(1, 50))


def finding(**changes):
    given_ = {
        "unit": "u", "span": Span(0, 9), "entity_type": "PERSON", "score": 0.5,
        "recognizer": "r", "why": Why(Source.MODEL), "text": "Zoe Quill",
    }  # fmt: skip
    return Finding(**{**given_, **changes})


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
def test_spans_refuse_nonsense(start, end):
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(spans, spans)
def test_spans_agree_with_sets(one, other):
    a, b = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == bool(a & b)
    assert one.covers(other) == (b <= a)
    assert a | b <= set(range(one.union(other).start, one.union(other).end))
    assert len(one) == len(a)


def test_findings_refuse_nonsense():
    for changes in ({"score": 1.01}, {"score": -0.1}, {"entity_type": ""}):
        with pytest.raises(ValueError):
            finding(**changes)


def test_text_is_secret():
    one = finding()
    assert "Zoe" not in repr(one) and "Zoe" not in repr(Decision(one, Verdict.KEEP, "keep"))
    assert b"Zoe" not in pickle.dumps(one)
    back = pickle.loads(pickle.dumps(one))
    assert back == one and back.text == ""
    unit = Unit("u", "Zoe Quill", Locator("cell", "2:1"), "zoe.mail")
    assert "Zoe" not in repr(unit) and "zoe" not in repr(unit)


def test_values_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding().score = 1.0


def test_exit_codes():
    assert [o.exit_code for o in Outcome] == [0, 3, 4, 4, 5]


def test_help_tells_exit_codes_and_completion(cli):
    told = cli("--help", code=0).stdout.decode()
    assert "Exit codes" in told and "--install-completion" in told
    assert b"redactor 0." in cli("--version", code=0).stdout
    assert cli("no-such-verb", code=2).stderr
    assert b"EMAIL_ADDRESS" in cli("scan", "-", stdin=b"mail ann.lee@example.com", code=0).stdout
