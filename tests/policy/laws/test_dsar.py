"""Access requests: the subject's own data stays in its usual forms, everybody else's goes."""

import json

import pytest

from redactor.errors import PolicyError, UsageError
from redactor.policy import load_policy
from redactor.policy.names import forms_of_name
from redactor.policy.override import read_subject, with_subject

PRESET = "dsar"
SUBJECT = (
    *forms_of_name("Jane Ann Roe"), "jane.roe@example.com", "+1 212-555-0123", "536-90-4399",
)  # fmt: skip


@pytest.fixture
def answer(applied):
    return lambda text, **more: applied(PRESET, text, subject=SUBJECT, **more)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Jane Ann Roe, thank you.",
        "Dear Ms. Jane Roe, thank you.",
        "Roe, Jane: complaint of 3 May",
        "Jane Roe's account was opened.",
        "Mail jane.roe@example.com or call +1 212-555-0123.",
        "JANE ANN ROE",
        "SSN 536-90-4399",
    ],
)
def test_the_subject_stays(answer, text):
    assert answer(text).text == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Jane Ann Roe was helped by Margaret Whitfield.", ["Margaret", "Whitfield"]),
        ("Cc: margaret.whitfield@example.com, jane.roe@example.com", ["margaret.whitfield"]),
        ("Call (212) 555-0187 or +1 212-555-0123.", ["555-0187"]),
        ("Neighbour at 12 Oak Street, Springfield, IL 62704", ["12 Oak"]),
        ("SSN 536-90-4399, spouse SSN 212-09-8765", ["212-09-8765"]),
        ("Card 4111 1111 1111 1111 of a colleague", ["1111"]),
    ],
)
def test_third_parties_go(answer, text, gone):
    made = answer(text).text
    assert [value for value in gone if value in made] == [], made
    for own in ("Jane Ann Roe", "jane.roe@example.com", "+1 212-555-0123", "536-90-4399"):
        assert made.count(own) == text.count(own)


def test_a_relative_of_the_same_name_goes(answer):
    made = answer("Her brother Peter Roe called. Jane Ann Roe was not told.").text
    assert "Peter" not in made and "Jane Ann Roe was not told." in made


def test_a_column_of_names(answer):
    assert answer("Jane Roe", field="full_name").text == "Jane Roe"
    assert answer("Margaret Whitfield", field="full_name").text == "<PERSON>"


def test_nothing_is_done_before_the_subject_is_named(cli, tmp_path):
    (tmp_path / "a.txt").write_text("Dear Jane Ann Roe")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", PRESET, code=2)
    assert b"--subject" in done.stderr and not (tmp_path / "b.txt").exists()
    assert b"--subject" in cli("scan", "a.txt", "-p", PRESET, code=2).stderr


def test_the_whole_way(cli, tmp_path, state_folder):
    source = (
        "Dear Jane Ann Roe,\nyour case was handled by Margaret Whitfield "
        "(margaret.whitfield@example.com).\nYour address jane.roe@example.com is noted. "
        "Peter Whitfield, a neighbour, wrote on 3 May. Whitfield was heard.\n"
    )
    (tmp_path / "a.txt").write_text(source)
    (tmp_path / "who.txt").write_text("Jane Ann Roe\njane.roe@example.com\n")
    cli("redact", "a.txt", "-o", "b.txt", "-p", PRESET, "--subject", "who.txt", code=0)
    made = (tmp_path / "b.txt").read_text()
    assert "Whitfield" not in made and "margaret" not in made
    assert "Dear Jane Ann Roe," in made and "jane.roe@example.com" in made
    for path in state_folder.rglob("*"):  # the subject is personal data, too
        assert not path.is_file() or b"jane.roe@" not in path.read_bytes()
    assert b"Jane" not in cli("audit", "export", code=0).stdout


def test_a_policy_of_ones_own_names_the_subject(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "version: 1\nname: request-114\nextends: dsar\nsubject:\n  names: [Jane Ann Roe]\n"
        "  reason: request 2026-114\n"
    )
    (tmp_path / "a.txt").write_text("Jane Roe met Margaret Whitfield.\n")
    cli("redact", "a.txt", "-o", "b.txt", "-p", "mine.yaml", code=0)
    made = (tmp_path / "b.txt").read_text()
    assert made.startswith("Jane Roe met ") and "Whitfield" not in made
    rows = [json.loads(line) for line in cli("audit", "export", code=0).stdout.splitlines()]
    assert any("request 2026-114" in json.dumps(row) for row in rows)
    shown = cli("policy", "show", "mine.yaml", code=0).stdout.decode()
    assert "request 2026-114" in shown and "Jane" not in shown


def test_the_subject_file(tmp_path):
    path = tmp_path / "who.txt"
    path.write_text("\ufeffJane Ann Roe\n\n+1 212-555-0123\n")
    assert read_subject(path) == [*forms_of_name("Jane Ann Roe"), "+1 212-555-0123"]
    path.write_text("\n")
    with pytest.raises(UsageError, match="holds no values"):
        read_subject(path)
    with pytest.raises(UsageError):
        read_subject(tmp_path / "gone.txt")


def test_a_family_name_alone_may_be_a_relatives():
    assert "Roe" not in forms_of_name("Jane Ann Roe")
    assert {"Roe, Jane", "J. Roe", "Jane"} <= set(forms_of_name("Jane Ann Roe"))


def test_only_dsar_has_a_subject():
    with pytest.raises(UsageError, match="dsar"):
        with_subject(load_policy("base"), ["Ann"])


def test_hash_names_the_subject():
    policy = load_policy(PRESET)
    one, two = with_subject(policy, ["Ann Lee"]), with_subject(policy, ["Bo Lee"])
    assert len({policy.hash, one.hash, two.hash}) == 3


def test_no_subject_no_preset(refused):
    said = "because nobody asked for it"
    told = refused(PRESET, f"subject: {{required: false}}\noverride_reason: {{entities: {said}}}")
    assert told and "dsar-subject" in told


def test_keeping_third_parties_needs_a_reason(refused):
    assert "entities.PERSON" in refused(PRESET, "entities: {PERSON: {verdict: keep}}")
    with pytest.raises(PolicyError):
        load_policy("no-such-preset")
