"""Allow and deny lists, field rules, propagation through a release unit."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.detection.fields import field_findings, skipped
from redactor.detection.lists import allowed, deny_findings
from redactor.detection.propagate import propagate
from redactor.policy.model import EntityRule, FieldRule, ListEntry, Policy
from redactor.values import Finding, Locator, Source, Span, Unit, Verdict, Why
from redactor.verify.search import find_values


def unit(text, field=None, unit_id="u", by_line=False):
    return Unit(unit_id, text, Locator("text", unit_id), field, by_line)


def policy(**options):
    return Policy("p", "h", entities={"PERSON": EntityRule()}, **options)


def texts(found):
    return [finding.text for finding in found]


def test_deny_values_are_whole_words():
    deny = (ListEntry("deny[0]", values=("Project Blue", "Q7"), entity="PROJECT"),)
    found = deny_findings(
        [unit("Project  Blue, project blue; Q7 and Q77, Project\nBlue")], policy(deny=deny)
    )
    assert texts(found) == ["Project  Blue", "Q7", "Project\nBlue"]
    assert {f.entity_type for f in found} == {"PROJECT"}
    folded = (ListEntry("deny[0]", values=("project blue",), ignore_case=True),)
    assert len(deny_findings([unit("PROJECT BLUE")], policy(deny=folded))) == 1


def test_deny_expressions_and_expiry():
    deny = (
        ListEntry("deny[0]", pattern=r"EMP-\d{4}", entity="EMPLOYEE"),
        ListEntry("deny[1]", values=("old",), expires="2000-01-01"),
    )
    assert texts(deny_findings([unit("EMP-1234 old")], policy(deny=deny))) == ["EMP-1234"]


def test_allow_is_exact_and_may_be_limited():
    allow = (ListEntry("allow[0]", values=("Ann",), entity="PERSON", expires="2030-01-01"),)
    rules = policy(allow=allow)
    person = Finding("u", Span(0, 3), "PERSON", 0.5, "r", Why(Source.MODEL), "Ann")
    place = Finding("u", Span(0, 3), "LOCATION", 0.5, "r", Why(Source.MODEL), "Ann")
    longer = Finding("u", Span(0, 7), "PERSON", 0.5, "r", Why(Source.MODEL), "Ann Lee")
    today = date(2026, 1, 1)
    assert allowed(person, rules, today)
    assert not allowed(place, rules, today) and not allowed(longer, rules, today)
    assert not allowed(person, rules, date(2031, 1, 1))


def test_field_rules_take_whole_values_or_skip_them():
    fields = (
        FieldRule("PERSON", name="full_name", id="fields[0]"),
        FieldRule("EMAIL_ADDRESS", path="users[].mail", id="fields[1]"),
        FieldRule(None, name="ts", rule=EntityRule(verdict=Verdict.KEEP), id="fields[2]"),
    )
    rules = policy(fields=fields)
    units = [
        unit("whatever 7", "Full_Name", "a"),
        unit("x", "users[].mail", "b"),
        unit("x", "mail", "c"),
        unit("2024", "ts", "d"),
    ]
    found = field_findings(units, rules)
    assert [(f.unit, f.entity_type, f.text) for f in found] == [
        ("a", "PERSON", "whatever 7"),
        ("b", "EMAIL_ADDRESS", "x"),
    ]
    assert skipped(units[3], rules) and not skipped(units[0], rules)


def person(text, start, end, unit_id="u"):
    return Finding(
        unit_id, Span(start, end), "PERSON", 0.85, "m", Why(Source.MODEL), text[start:end]
    )


def test_a_name_is_found_in_the_whole_unit():
    text = "Zoe Quillfeather called. ZOE  QUILLFEATHER, Zoe-Quillfeather; Quillfeather, Quillfeathers, quillfeather"
    found = propagate([person(text, 0, 16)], [unit(text)], policy())
    assert texts(found) == [
        "ZOE  QUILLFEATHER",
        "Zoe-Quillfeather",
        "Quillfeather",
        "quillfeather",
    ] or ("Quillfeather" in texts(found) and "ZOE  QUILLFEATHER" in texts(found))
    assert "Quillfeathers" not in texts(found)
    assert {f.why.source for f in found} == {Source.PROPAGATED}


def test_names_do_not_cross_lines_of_a_log():
    text = "Zoe Quill wrote\nZoe\nQuill\n"
    found = propagate([person(text, 0, 9)], [unit(text, by_line=True)], policy())
    assert all("\n" not in f.text for f in found)


def test_other_units_are_searched_and_skipped_fields_left():
    rules = policy(
        fields=(FieldRule(None, name="ts", rule=EntityRule(verdict=Verdict.KEEP), id="f"),)
    )
    units = [unit("Zoe Quillfeather", None, "a"), unit("by zoe quillfeather", None, "b"),
             unit("Zoe Quillfeather", "ts", "c")]  # fmt: skip
    found = propagate([person(units[0].text, 0, 16, "a")], units, rules)
    assert [(f.unit, f.text) for f in found] == [("b", "zoe quillfeather")]


words = st.lists(
    st.sampled_from(["Zoe", "Quillfeather", "zoe", "ZOE", "QUILLFEATHER", "é", "ﬁ", "\u00ad", "-", " ", "\n", "7", "x", "ß", "SS", "İ"]),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(words, words, st.booleans())
def test_propagation_and_verification_share_one_definition(before, after, by_line):
    """Implemented twice; wherever verification would see the value, propagation covers it."""
    value = "Zoe Quillfeather"
    text = f"{before} {value} {after}"
    start = text.index(value)
    one = unit(text, by_line=by_line)
    found = [
        person(text, start, start + len(value)),
        *propagate([person(text, start, start + len(value))], [one], policy()),
    ]
    hits = find_values([text], [value], by_line=by_line)
    assert hits
    for hit in hits:
        covered = {at for f in found for at in range(f.start, f.end)}
        assert set(range(hit.start, hit.end)) <= covered


def test_an_expression_that_never_ends_withholds(monkeypatch):
    from redactor.detection import lists
    from redactor.errors import WithheldError

    monkeypatch.setattr(lists, "_PATTERN_SECONDS", 0.2)
    deny = (ListEntry("deny[0]", pattern=r"(.*x){30}y", entity="X"),)
    with pytest.raises(WithheldError):
        deny_findings([unit("x" * 40 + "x " * 20000)], policy(deny=deny))
