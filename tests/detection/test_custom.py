"""Recognizer files of a user: Presidio's YAML, deny lists, Python classes."""

import subprocess
import sys

import pytest

from redactor.detection import automaton
from redactor.detection.custom import read
from redactor.detection.patterns import Scanner
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

PYTHON = """
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

class Even(PatternRecognizer):
    def __init__(self):
        super().__init__("EVEN", patterns=[Pattern("n", r"\\bN\\d+\\b", 0.4)], context=["even"])

    def validate_result(self, pattern_text):
        return int(pattern_text[1:]) % 2 == 0

class Anywhere(EntityRecognizer):
    def __init__(self):
        super().__init__(["ANY"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        at = text.find("needle")
        return [RecognizerResult("ANY", at, at + 6, 0.9)] if at >= 0 else []
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
    (entry,) = (state_folder / "cache").glob("*.hs")
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


BAD = {
    "recognizers: 7": "list",
    "recognizers: [{name: a, patterns: [{name: p, regex: x, score: 1}]}]": "supported_entity",
    "recognizers: [{name: a, supported_entity: A}]": "patterns",
    "recognizers: [{name: a, supported_entity: A, patterns: [{name: p, regex: '(', score: 1}]}]": "no regex",
    "recognizers: [{name: a, supported_entity: A, patterns: [{name: p, regex: x, score: 7}]}]": "between 0 and 1",
    "recognizers: [{name: a, supported_entity: A, patterns: [{regex: x}]}]": "needs",
    "recognizers: [{name: a, type: predefined, supported_entity: A}]": "custom",
    "recognizers: [": "not YAML",
    "validators: {a: nope}\nrecognizers: [{name: a, supported_entity: A, patterns: [{name: p, regex: x, score: 1}]}]": "no validator",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_files_are_told(tmp_path, text):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=BAD[text]) as caught:
        read(path)
    assert "bad.yaml" in str(caught.value)
    with pytest.raises(PolicyError):
        read(tmp_path / "missing.yaml")


def test_a_folder_of_files(tmp_path):
    (tmp_path / "a.yaml").write_text(YAML, "utf-8")
    (tmp_path / "notes.txt").write_text("no recognizer")
    assert {rule.name for rule in read(tmp_path)} == {"Badge", "Codenames"}


def test_python_recognizers(tmp_path):
    pytest.importorskip("presidio_analyzer")
    (tmp_path / "mine.py").write_text(PYTHON)
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {EVEN: replace, ANY: replace}\nrecognizers: [mine.py]\n"
    )
    scanner = Scanner.load(load_policy(tmp_path / "p.yaml"))
    assert texts(scanner, "N12 N13 a needle") == ["N12", "needle"]
    assert texts(scanner, "N12\nneedle\nN13", by_line=True) == ["N12", "needle"]
    (tmp_path / "mine.py").write_text("import nothing_like_this\n")
    with pytest.raises(StateError, match="cannot be imported"):
        Scanner.load(load_policy(tmp_path / "p.yaml"))


def test_a_python_file_is_imported_only_when_it_must_run(tmp_path, state_folder):
    pytest.importorskip("presidio_analyzer")
    (tmp_path / "mine.py").write_text(PYTHON.split("class Anywhere")[0])
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {EVEN: replace}\nrecognizers: [mine.py]\n"
    )
    script = (
        "import sys\n"
        "from redactor.detection.patterns import Scanner\n"
        "from redactor.policy import load_policy\n"
        f"scanner = Scanner.load(load_policy({str(tmp_path / 'p.yaml')!r}))\n"
        "print(len(scanner.scan_text(sys.argv[1])), 'presidio_analyzer' in sys.modules)\n"
    )

    def run(text):
        done = subprocess.run([sys.executable, "-c", script, text], capture_output=True, check=True)
        return done.stdout.split()

    assert run("N12")[1] == b"True"  # compiled
    assert run("nothing here") == [b"0", b"False"]
    assert run("N12 N13") == [b"1", b"True"]
    for path in state_folder.rglob("*"):
        assert not path.is_file() or str(tmp_path).encode() not in path.read_bytes()


def test_a_pattern_that_never_ends_withholds(tmp_path, monkeypatch):
    from redactor.detection import confirm

    monkeypatch.setattr(confirm, "SECONDS", 0.2)
    (tmp_path / "m.yaml").write_text(
        "recognizers: [{name: a, supported_entity: A, patterns: [{name: slow, regex: '(.*x){30}y(?<=zy)', score: 1}]}]"
    )
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {A: replace}\nrecognizers: [m.yaml]\n"
    )
    scanner = Scanner.load(load_policy(tmp_path / "p.yaml"))
    with pytest.raises(WithheldError, match="slow"):
        scanner.scan_text("x" * 40 + "x " * 20000 + "xy")


def test_command_line(cli):
    rows = cli("recognizers", "list", code=0).stdout.decode().splitlines()
    assert len(rows) >= 70 and any("CreditCardRecognizer" in row for row in rows)
    used = cli("recognizers", "list", "-p", "logs", code=0).stdout.decode().splitlines()
    assert 20 <= len(used) < len(rows)
