"""``redactor recognizers list|test|compile|new``."""

import json

import pytest

BADGES = r"""
tests:
  Badge:
    match:
      - {text: badge B-1234, finds: [B-1234]}
      - B-1234 without its word
    no_match: ["B-12", badge B-9999]
recognizers:
  - name: Badge
    supported_entity: BADGE
    context: [badge]
    patterns:
      - {name: short, regex: '\bB-\d{4}\b', score: 0.1}
      - {name: slow, regex: '(?:\w+\s?)+!', score: 0.5}
      - {name: lookbehind, regex: '(?<=id:\s*)Z\d+', score: 0.5}
"""


def test_list(cli):
    rows = cli("recognizers", "list", code=0).stdout.decode().splitlines()
    assert len(rows) >= 70 and any("CreditCardRecognizer" in row for row in rows)
    used = cli("recognizers", "list", "-p", "logs", code=0).stdout.decode().splitlines()
    assert 20 <= len(used) < len(rows)
    only = cli("recognizers", "list", "-e", "CREDIT_CARD", "--json", code=0).stdout
    listed = {row["recognizer"]: row["cost"] for row in map(json.loads, only.splitlines())}
    assert listed == {"CreditCardRecognizer": "windows", "PaymentCardRecognizer": "windows"}
    costs = {row.split("\t")[-1] for row in rows}
    assert {"windows", "whole text", "numbers"} <= costs
    assert (
        b"did you mean CREDIT_CARD?"
        in cli("recognizers", "list", "-e", "CREDIT_CRD", code=2).stderr
    )


def test_test_runs_examples_and_measures_patterns(cli, tmp_path):
    (tmp_path / "badges.yaml").write_text(BADGES)
    done = cli("recognizers", "test", "badges.yaml", "--text", "badge B-7777, id: Z99", code=1)
    out = done.stdout.decode()
    assert (
        "pattern short: score 0.10" in out and "automaton exact, longest match 6 characters" in out
    )
    assert "pattern lookbehind" in out and "automaton wider, longest match no limit" in out
    assert "ok\tline 5, match" in out and "ok\tline 7, no_match" in out
    assert "FAIL\tline 6, match: finds nothing where it should find something" in out
    assert "FAIL\tline 7, no_match: finds 1 things where it should find nothing" in out
    assert (
        "[6:12]\tBADGE\t0.45\tBadge" in out and "context word 'badge'" in out and "[18:21]" in out
    )
    assert "B-7777" not in out and "B-1234" not in out.replace("pattern", "")
    assert "badges.yaml:14: pattern slow of Badge is catastrophic" in done.stderr.decode()
    assert "4 examples, 2 failed, 1 catastrophic" in done.stderr.decode()
    (tmp_path / "t.txt").write_text("badge B-1234")
    mended = BADGES.replace("\n      - B-1234 without its word", "").replace(", badge B-9999", "")
    mended = mended.replace(r"(?:\w+\s?)+!", r"\w{1,40}!")
    (tmp_path / "badges.yaml").write_text(mended)
    done = cli("recognizers", "test", "badges.yaml", "--file", "t.txt", code=0)
    assert b"[6:12]" in done.stdout
    assert cli("recognizers", "test", "badges.yaml", "--file", "-", stdin=b"x\xff").returncode == 5
    assert cli("recognizers", "test", "badges.yaml", "--file", "none").returncode == 5


def test_test_takes_shipped_recognizers_and_folders(cli, tmp_path):
    out = cli("recognizers", "test", "UsSsnRecognizer", "--text", "ssn 536-90-4399", code=0).stdout
    assert b"[4:15]\tUS_SSN" in out and b"pattern SSN5 (medium)" in out
    said = cli("recognizers", "test", "UsSsnRecogniser", code=2).stderr
    assert b"did you mean UsSsnRecognizer?" in said
    (tmp_path / "mine").mkdir()
    for name in ("Badge", "Pass"):
        text = cli("recognizers", "new", name, "--entity", f"{name.upper()}_ID", code=0).stdout
        (tmp_path / "mine" / f"{name}.yaml").write_bytes(text)
    done = cli("recognizers", "test", "mine", code=0)
    assert b"2 recognizers, 8 examples, 0 failed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Badge", "--entity", "badge"), b"capitals"),
        (("Badge", "--entity", "BADGE", "--language", "english"), b"two letters"),
        ((" ", "--entity", "BADGE"), b"needs a name"),
    ],
)
def test_new_refuses_nonsense(cli, arguments, said):
    assert said in cli("recognizers", "new", *arguments, code=2).stderr


def test_a_new_recognizer_with_an_odd_name_works(cli, tmp_path):
    text = cli("recognizers", "new", 'Ausweis: "Nr. #7" \\', "--entity", "X9", code=0).stdout
    (tmp_path / "x.yaml").write_bytes(text)
    cli("recognizers", "test", "x.yaml", code=0)


def test_compile_checks_and_keeps(cli, tmp_path, state_folder):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "badge.yaml").write_bytes(
        cli("recognizers", "new", "Badge", "--entity", "BADGE", code=0).stdout
    )
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nextends: logs\nentities: {BADGE: replace}\nrecognizers: [mine]\n"
    )
    out = cli("recognizers", "compile", "mine", "-p", "p.yaml", code=0).stdout.decode()
    assert "1 rules with 1 patterns, checked and kept" in out and "automaton of" in out
    names = [path.name for path in (state_folder / "cache").iterdir()]
    assert any(name.startswith("checked-") for name in names) and any(
        ".hs" in name for name in names
    )
    (tmp_path / "mine" / "bad.yaml").write_text(BADGES)
    assert b"bad.yaml:14: pattern slow" in cli("recognizers", "compile", "mine", code=2).stderr
    assert cli("recognizers", "compile", "none").returncode == 2


def test_checking_a_policy_checks_its_recognizers(cli, tmp_path):
    (tmp_path / "badges.yaml").write_text(BADGES)
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nentities: {BADGE: replace}\nrecognizers: [badges.yaml]\n"
    )
    done = cli("policy", "check", "p.yaml", "base", code=2)
    assert b"badges.yaml:14: pattern slow of Badge is catastrophic" in done.stderr
    assert b"base: valid" in done.stdout
