"""Recognizer files of a user: Presidio's YAML, deny lists, Python classes."""

import pytest

from redactor.detection import automaton, custom
from redactor.detection.custom import rules_over
from redactor.detection.patterns import Scanner
from redactor.detection.rules import shipped_table
from redactor.errors import PolicyError, StateError, WithheldError
from redactor.policy import load_policy

YAML = """
recognizers:
  - name: Badge
    supported_entity: BADGE
    supported_language: en
    context: [badge, führerschein]
    patterns:
      - {name: badge, regex: 'B-[0-9]{4}', score: 0.1}
      - {name: lookaround, regex: '(?<!x)C(?=-)-(\\d)\\1{2}(?!9)', score: 0.8}
      - {name: look-behind of any length, regex: '(?<=id:\\s*)Z\\d+', score: 0.8}
      - {name: recursion, regex: '(?<p>\\[(?:[^][]|(?&p))*\\])', score: 0.9}
  - name: Codenames
    supported_entity: BADGE
    deny_list: [Bluebird, "A+B"]
  - name: Off
    enabled: false
    supported_entity: OFF
    patterns: [{name: x, regex: x, score: 1}]
"""


@pytest.fixture
def scanner(tmp_path):
    (tmp_path / "mine.yaml").write_text(YAML, "utf-8")
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {BADGE: replace}\nrecognizers: [mine.yaml]\n"
    )
    return Scanner.load(load_policy(tmp_path / "p.yaml"))


def texts(scanner, text, **options):
    return sorted({f.text for f in scanner.scan_text(text, **options)})


@pytest.mark.parametrize("prefix", ["", "é🙂 "])
def test_yaml_recognizers(scanner, prefix):
    assert texts(scanner, prefix + "B-1234") == []  # weak without its context word
    assert texts(scanner, prefix + "badge B-1234") == ["B-1234"]
    assert texts(scanner, prefix + "Führerschein B-1234") == ["B-1234"]
    assert texts(scanner, prefix + "C-111 xC-111 C-1119 C-112") == ["C-111"]
    assert texts(scanner, prefix + "id:    Z42 Z43") == ["Z42"]
    assert texts(scanner, prefix + "a [b [c] d] e") == ["[b [c] d]"]
    assert texts(scanner, prefix + "bluebird, Bluebirds, A+B") == ["A+B", "bluebird"]


def test_the_automaton_is_cached_owner_only_and_checked(scanner, tmp_path, state_folder):
    # encrypted: it holds the words of a deny list
    (entry,) = (state_folder / "cache").glob("*.hs.sealed")
    assert b"luebird" not in b"".join(
        path.read_bytes().lower() for path in state_folder.rglob("*") if path.is_file()
    )
    assert entry.stat().st_mode & 0o077 == 0
    made = []
    build, automaton.build = automaton.build, lambda *a: made.append(1) or build(*a)
    try:
        Scanner.load(load_policy(tmp_path / "p.yaml"))
        assert made == []
        entry.write_bytes(entry.read_bytes()[:-1] + b"x")  # damaged: made anew
        again = Scanner.load(load_policy(tmp_path / "p.yaml"))
        assert made == [1]
    finally:
        automaton.build = build
    assert texts(again, "badge B-1234") == ["B-1234"]
    entry.chmod(0o666)
    with pytest.raises(StateError, match="writable by others"):
        Scanner.load(load_policy(tmp_path / "p.yaml"))


def test_a_folder_of_files(tmp_path):
    (tmp_path / "a.yaml").write_text(YAML, "utf-8")
    (tmp_path / "notes.txt").write_text("no recognizer")
    shipped = shipped_table().rules
    own = [rule for rule in rules_over(shipped, [str(tmp_path)], "en") if rule not in shipped]
    assert {rule.name for rule in own} == {"Badge", "Codenames"}


def test_a_pattern_that_never_ends_withholds(tmp_path, monkeypatch):
    from redactor.detection import confirm

    (tmp_path / "m.yaml").write_text(
        "allow_slow: true\nrecognizers: [{name: a, supported_entity: A, patterns: [{name: slow, regex: '(.*x){30}y(?<=zy)', score: 1}]}]"
    )
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {A: replace}\nrecognizers: [m.yaml]\n"
    )
    scanner = Scanner.load(load_policy(tmp_path / "p.yaml"))
    monkeypatch.setattr(confirm, "SECONDS", 0.2)
    with pytest.raises(WithheldError, match="slow"):
        scanner.scan_text("x" * 40 + "x " * 20000 + "xy")


CATASTROPHIC = [
    "(a+)+b",
    "(a|a)*b",
    r"(\\w+\\s?)+!",
    r"\\w*\\w*\\w*;",
    "(.*x){30}y",
    r"(?:\\d+,?)+;",
]


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_catastrophic_patterns_are_refused_with_their_line(tmp_path, pattern, state_folder):
    text = (
        "recognizers:\n  - name: Bad\n    supported_entity: A\n    patterns:\n"
        f"      - {{name: fine, regex: 'A-[0-9]{{4}}', score: 1}}\n      - {{name: slow, regex: \"{pattern}\", score: 1}}\n"
    )
    (tmp_path / "m.yaml").write_text(text)
    with pytest.raises(PolicyError, match="pattern slow of Bad is catastrophic") as caught:
        rules_over((), [str(tmp_path / "m.yaml")], "en")
    assert str(caught.value).startswith("m.yaml:6: ")
    (tmp_path / "m.yaml").write_text("allow_slow: [Bad]\n" + text)
    assert len(rules_over((), [str(tmp_path / "m.yaml")], "en")[0].patterns) == 2


def test_the_check_is_made_once(tmp_path, state_folder, monkeypatch):
    (tmp_path / "m.yaml").write_text(YAML, "utf-8")
    rules_over((), [str(tmp_path / "m.yaml")], "en")
    for path in state_folder.rglob("*"):
        assert not path.is_file() or b"Bluebird" not in path.read_bytes()
    monkeypatch.setattr(custom, "check", None)
    rules_over((), [str(tmp_path / "m.yaml")], "en")


def test_too_broad_patterns_are_told_once(tmp_path, caplog):
    (tmp_path / "m.yaml").write_text(
        "recognizers:\n- name: Wide\n  supported_entity: A\n  patterns:\n"
        "  - {name: words, regex: '[a-z]+', score: 0.1}\n"
        "  - {name: years, regex: '\\b[0-9]{4}\\b', score: 0.5}\n"
        "  - {name: weak years, regex: '\\b[0-9]{4}\\b', score: 0.1}\n"
        "  - {name: empty, regex: 'B?', score: 0.5}\n"
    )
    custom.tell_once.cache_clear()
    for _ in range(2):
        rules_over((), [str(tmp_path / "m.yaml")], "en")
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(": pattern ")[0] for line in told] == [
        "m.yaml:5",
        "m.yaml:6",
        "m.yaml:8",
    ]
    assert "nearly every word" in told[0] and "ordinary text" in told[1] and "empty" in told[2]


def test_recognizers_of_several_files_must_differ(tmp_path):
    (tmp_path / "a.yaml").write_text(YAML, "utf-8")
    (tmp_path / "b.yaml").write_text(YAML, "utf-8")
    with pytest.raises(PolicyError, match=r"b\.yaml:3: recognizer Badge stands in a\.yaml:3, too"):
        rules_over((), [str(tmp_path)], "en")
    (tmp_path / "b.yaml").write_text(YAML.replace("name: Badge", "name: UsSsnRecognizer"), "utf-8")
    with pytest.raises(PolicyError, match="UsSsnRecognizer is a predefined recognizer"):
        rules_over(shipped_table().rules, [str(tmp_path / "b.yaml")], "en")
