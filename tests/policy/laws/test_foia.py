"""FOIA: nothing without a person, the exemption and the amount at the place of removal."""

import json
import re

import pytest

from redactor.policy import load_policy
from redactor.values import Verdict

PRESET = "foia"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Statement of Margaret Whitfield about the bridge.", "Margaret Whitfield"),
        ("Mail margaret.whitfield@example.com for it.", "margaret.whitfield@example.com"),
        ("Call (212) 555-0187 at noon.", "(212) 555-0187"),
        ("SSN 536-90-4399 on file.", "536-90-4399"),
        ("Born on 03/14/1978 in Ohio.", "03/14/1978"),
        ("Card 4111 1111 1111 1111 was used.", "4111 1111 1111 1111"),
        ("password: hunter2hunter2", "hunter2hunter2"),
    ],
)
def test_6_is_proposed_with_code_and_amount(applied, text, value):
    trial = applied(PRESET, text)
    assert f"[(b)(6): {len(value)} characters]" in trial.text, trial.text
    assert value not in trial.text
    assert trial.waits == len(trial.judgement.decisions) > 0
    assert all(
        d.verdict is Verdict.REVIEW and d.reason == "(b)(6)" for d in trial.judgement.decisions
    )


def test_nothing_leaves_without_a_person(cli, tmp_path, state_folder):
    (tmp_path / "a.txt").write_text("Statement of Margaret Whitfield, SSN 536-90-4399.")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", PRESET, code=4)
    assert b"wait for a person" in done.stdout and not (tmp_path / "b.txt").exists()
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", PRESET, "--apply-proposed", code=2)
    assert b"demands a person" in done.stderr and not (tmp_path / "b.txt").exists()


def test_proposals_carry_their_code(tmp_path, monkeypatch, state_folder):
    from redactor.pipeline import Engine, Item
    from redactor.review import list_waiting
    from redactor.review.store import load

    source = tmp_path / "a.txt"
    source.write_text("Mail margaret.whitfield@example.com.")
    policy = load_policy(PRESET)
    with Engine(policy) as engine:
        engine.redact(Item(source, tmp_path / "b.txt", source.name))
    (waiting,) = list_waiting()
    assert {p.reason for p in load(waiting.item)} == {"(b)(6)"}


def test_a_clean_record_is_released(cli, tmp_path):
    (tmp_path / "a.txt").write_text("The bridge was closed for repairs.\n")
    cli("redact", "a.txt", "-o", "b.txt", "-p", PRESET, code=0)
    assert (tmp_path / "b.txt").read_text() == (tmp_path / "a.txt").read_text()


def test_organisations_stay(applied):
    assert applied(PRESET, "Budget of Acme Bridge Corporation for 2020").waits == 0


def test_law_enforcement_records_take_one_line(tmp_path, applied):
    path = tmp_path / "leo.yaml"
    path.write_text('version: 1\nextends: foia\ndefaults: {reason: "(b)(7)(C)"}\n')
    trial = applied(str(path), "Mail margaret.whitfield@example.com.")
    assert "[(b)(7)(C): 30 characters]" in trial.text


def test_several_codes_and_statutes(refused):
    assert refused(PRESET, 'entities: {US_SSN: {reason: "(b)(6), (b)(7)(C)"}}') is None
    assert refused(PRESET, 'entities: {US_SSN: {reason: "(b)(3): 26 U.S.C. 6103"}}') is None
    assert "foia-statute" in refused(PRESET, 'entities: {US_SSN: {reason: "(b)(3)"}}')
    assert "foia-code" in refused(PRESET, 'entities: {US_SSN: {reason: "(b)(10)"}}')


@pytest.mark.parametrize("code", [
    "(b)(1)", "(b)(2)", "(b)(4)", "(b)(5)", "(b)(6)", "(b)(7)(A)", "(b)(7)(B)", "(b)(7)(C)",
    "(b)(7)(D)", "(b)(7)(E)", "(b)(7)(F)", "(b)(8)", "(b)(9)", "(j)(2)", "(k)(2)",
])  # fmt: skip
def test_every_exemption_can_be_named(refused, code):
    assert refused(PRESET, f'defaults: {{reason: "{code}"}}') is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("entities: {PERSON: {verdict: redact}}", "foia-automatic"),
        ("defaults: {verdict: redact}", "foia-automatic"),
        ("requires_person: false", "foia-person"),
        ('entities: {PERSON: {params: {new_value: "[withheld]"}}}', "foia-mark"),
        ('entities: {PERSON: {params: {new_value: "[{reason}]"}}}', "foia-amount"),
        ("entities: {PERSON: {operator: mask}}", "foia-mark"),
        ("entities: {PERSON: {operator: pseudonym}}", "foia-mark"),
        ('entities: {PERSON: {reason: ""}}', "foia-code"),
        ("hotwords: [{words: [x], entities: [PERSON], verdict: redact}]", "foia-automatic"),
        ("deny: [{values: [Bluebird], entity: PROJECT}]", None),
    ],
)
def test_what_the_act_forbids_no_reason_permits(refused, text, rule):
    said = "because the agency has agreed to it"
    sections = ("entities", "requires_person", "hotwords", "defaults")
    reasons = ", ".join(f"{name}: {said}" for name in sections)
    told = refused(PRESET, f"{text}\noverride_reason: {{{reasons}}}")
    if rule is None:
        assert told is None
    else:
        assert told and rule in told and "5 U.S.C. 552" in told
        assert re.search(r"\.yaml:\d+: ", told)


def test_deny_entries_are_proposed_too(tmp_path, applied):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "version: 1\nextends: foia\n"
        'deny: [{values: [Bluebird], entity: PROJECT, reason: "(b)(5)"}]\n'
    )
    trial = applied(str(path), "The Bluebird draft")
    assert trial.text == "The [(b)(5): 8 characters] draft" and trial.waits == 1


def test_codes_stand_in_the_audit_trail_and_in_show(cli):
    shown = json.loads(cli("policy", "show", PRESET, "--json", code=0).stdout)
    assert shown["codes"]["(b)(6)"] and shown["requires_person"] is True
