"""Proposals are encrypted at rest, listed without values, bound to their file."""

import pytest

from redactor.errors import StateError
from redactor.policy.model import Policy
from redactor.review import list_waiting, load, save_proposals
from redactor.values import Decision, Finding, Source, Span, Verdict, Why

ITEM = "0123456789abcdef" * 2


def proposal(text="Zoe Quill"):
    finding = Finding("u", Span(0, len(text)), "PERSON", 0.7, "m", Why(Source.MODEL), text)
    return Decision(finding, Verdict.REVIEW, "replace", rule="entities.PERSON")


def test_round_trip(state_folder):
    save_proposals(ITEM, Policy("p", "h"), 0, [proposal()], {"u": "text:0"})
    save_proposals(ITEM, Policy("p", "h"), 1, [proposal("Ann Lee")], {"u": "text:900"})
    (waiting,) = list_waiting()
    assert (waiting.item, waiting.policy, dict(waiting.counts)) == (ITEM, "p", {"PERSON": 2})
    assert [(p.text, p.place, p.end) for p in load(ITEM)] == [
        ("Zoe Quill", "text:0", 9),
        ("Ann Lee", "text:900", 7),
    ]
    for path in (state_folder / "review").iterdir():
        assert b"Quill" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert "Quill" not in repr(load(ITEM))


def test_a_changed_or_moved_file_is_told(state_folder):
    save_proposals(ITEM, Policy("p", "h"), 0, [proposal()], {})
    (path,) = (state_folder / "review").iterdir()
    path.rename(path.with_name(path.name.replace("00000000", "00000007")))
    with pytest.raises(StateError, match="does not open"):
        list_waiting()
