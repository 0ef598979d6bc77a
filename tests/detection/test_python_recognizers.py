"""Recognizers that are Python classes: in a process of their own, bounded, silent."""

import subprocess
import sys
import time

import pytest

from redactor.detection import python_host
from redactor.detection.patterns import Scanner
from redactor.errors import PolicyError, StateError, WithheldError
from redactor.policy import load_policy

pytest.importorskip("presidio_analyzer")

HEAD = (
    "from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult\n"
)
PYTHON = (
    HEAD
    + """
class Even(PatternRecognizer):
    def __init__(self):
        super().__init__("EVEN", patterns=[Pattern("n", r"\\bN\\d+\\b", 0.4)], context=["even"])

    def validate_result(self, pattern_text):
        return int(pattern_text[1:]) % 2 == 0

class Anywhere(EntityRecognizer):
    def __init__(self):
        super().__init__(["ANY", "OTHER"], name="Anywhere")

    def load(self):
        self.needles = {"needle": "ANY", "pin": "OTHER"}

    def analyze(self, text, entities, nlp_artifacts=None):
        return [
            RecognizerResult(entity, text.find(word), text.find(word) + len(word), 0.9)
            for word, entity in self.needles.items()
            if word in text and entity in entities
        ]

class Numbers(EntityRecognizer):
    '''As in Presidio's documentation.'''

    def __init__(self):
        super().__init__(["NUMBER"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts):
        return [
            RecognizerResult("NUMBER", token.idx, token.idx + len(token), 0.6)
            for token in nlp_artifacts.tokens
            if token.like_num
        ]

class Beside(EntityRecognizer):
    '''Raises its own hits where another recognizer's stands before them.'''

    def __init__(self):
        super().__init__(["BESIDE"], context=["never"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts):
        at = text.find("beside")
        return [RecognizerResult("BESIDE", at, at + 6, 0.2)] if at >= 0 else []

    def enhance_using_context(
        self, text, raw_recognizer_results, other_raw_recognizer_results, nlp_artifacts, context=None
    ):
        key = RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY
        for result in raw_recognizer_results:
            if any(o.entity_type == "EMAIL_ADDRESS" and o.end < result.start for o in other_raw_recognizer_results):
                result.score = 0.8
                result.recognition_metadata[key] = True
        return raw_recognizer_results
"""
)


@pytest.fixture(autouse=True, scope="module")
def no_process_is_left():
    yield
    python_host.host().close()


def scanner_of(tmp_path, text, entities):
    (tmp_path / "mine.py").write_text(text)
    (tmp_path / "p.yaml").write_text(
        f"version: 1\nname: p\nner: {{use: never}}\nentities: {entities}\nrecognizers: [mine.py]\n"
    )
    return Scanner.load(load_policy(tmp_path / "p.yaml"))


def told(found):
    return sorted((f.entity_type, f.text, round(f.score, 2)) for f in found)


def test_classes_find_what_they_find_in_presidio(tmp_path):
    scanner = scanner_of(
        tmp_path,
        PYTHON,
        "{EVEN: replace, ANY: replace, OTHER: replace, NUMBER: replace, BESIDE: replace, EMAIL_ADDRESS: replace}",
    )
    assert told(scanner.scan_text("N12 N13 a needle, a pin and three more \udc80🙂")) == [
        ("ANY", "needle", 0.9), ("EVEN", "N12", 1.0), ("NUMBER", "three", 0.6), ("OTHER", "pin", 0.9),
    ]  # fmt: skip
    assert told(scanner.scan_text("N12\nneedle\nN13", by_line=True)) == [
        ("ANY", "needle", 0.9), ("EVEN", "N12", 1.0)
    ]  # fmt: skip
    # its own view of the context, with what other recognizers found
    assert told(scanner.scan_text("it is beside nothing")) == []
    assert ("BESIDE", "beside", 0.8) in told(scanner.scan_text("a@example.com beside it"))


def test_only_the_types_that_are_wanted(tmp_path):
    scanner = scanner_of(tmp_path, PYTHON, "{OTHER: replace}")
    assert told(scanner.scan_text("a needle and a pin")) == [("OTHER", "pin", 0.9)]


BAD_CLASS = (
    HEAD
    + """
import os, sys, time

class Bad(EntityRecognizer):
    def __init__(self):
        super().__init__(["BAD"], name="MyBad")

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        %s
"""
)
FAULTS = {
    "raise ValueError(text)": r"MyBad failed on this text \(ValueError\)",
    "sys.exit(text)": r"MyBad failed on this text \(SystemExit\)",
    "return [7]": r"MyBad failed on this text \(AttributeError\)",
    "return [RecognizerResult('BAD', 0, 10**6, 0.5)]": "a place outside of the text",
    "return [RecognizerResult('BAD', 0, 1, 7.5)]": "outside of 0 to 1",
}
ENDS = ["os._exit(3)", "time.sleep(600)", "exec('while True: pass')"]
MENDED = BAD_CLASS % "return [RecognizerResult('BAD', 0, 1, 0.5)]"


def refused(scanner, tmp_path, said):
    with pytest.raises(WithheldError, match=said) as caught:
        scanner.scan_text("Quillfeather")
    assert "Quillfeather" not in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_a_recognizer_that_fails_withholds(tmp_path):
    scanner = scanner_of(tmp_path, BAD_CLASS % "return []", "{BAD: replace}")
    assert scanner.scan_text("fine") == []
    for fault, said in FAULTS.items():
        (tmp_path / "mine.py").write_text(BAD_CLASS % fault)
        refused(scanner, tmp_path, said)
    (tmp_path / "mine.py").write_text(MENDED)
    assert told(scanner.scan_text("again")) == [("BAD", "a", 0.5)]


@pytest.mark.parametrize("fault", ENDS)
def test_a_recognizer_that_ends_or_never_does_withholds(tmp_path, fault, monkeypatch):
    scanner = scanner_of(tmp_path, BAD_CLASS % "return []", "{BAD: replace}")
    assert scanner.scan_text("fine") == []  # its process is up
    monkeypatch.setattr(python_host, "SECONDS", 2)
    (tmp_path / "mine.py").write_text(BAD_CLASS % fault)
    refused(scanner, tmp_path, "MyBad ended its process or took more than")
    (tmp_path / "mine.py").write_text(MENDED)
    monkeypatch.setattr(python_host, "SECONDS", 60)
    assert told(scanner.scan_text("again")) == [("BAD", "a", 0.5)]


def test_the_file_is_withheld_and_the_next_one_is_not(tmp_path, cli):
    (tmp_path / "mine.py").write_text(BAD_CLASS % "assert 'Quill' not in text, text; return []")
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {BAD: replace}\nrecognizers: [mine.py]\n"
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("by Quillfeather\n")
    (tmp_path / "in" / "b.txt").write_text("by nobody\n")
    done = cli("redact", "in", "-o", "out", "-p", "p.yaml", code=4)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.txt"]
    said = done.stdout + done.stderr
    assert b"recognizer MyBad failed on this text (AssertionError)" in said and b"Quill" not in said
    assert b"Quill" not in cli("audit", "export", code=0).stdout


def test_what_a_recognizer_prints_goes_nowhere_and_it_sees_no_keys(tmp_path, cli):
    spy = (
        "print(text); sys.stderr.write(text); os.write(1, text.encode()); os.write(2, text.encode())\n"
        "        found = [name for name in os.environ if name.startswith('REDACTOR_KEY')]\n"
        "        return [RecognizerResult('BAD', 0, 1, 0.5)] if found else []"
    )
    (tmp_path / "mine.py").write_text("print('Quillfeather')\n" + BAD_CLASS % spy)
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {BAD: replace}\nrecognizers: [mine.py]\n"
    )
    done = cli(
        "redact", "-", "-p", "p.yaml", "--format", "text", stdin=b"by Quillfeather\n", code=0,
        env={"REDACTOR_KEY_SOME": "ab" * 32},
    )  # fmt: skip
    assert done.stdout == b"by Quillfeather\n" and b"Quill" not in done.stderr


BAD_FILES = {
    "import nothing_like_this\n": (StateError, "cannot be imported"),
    "raise SystemExit('Quillfeather')\n": (StateError, "cannot be imported"),
    "import os\nos._exit(0)\n": (StateError, "cannot be imported"),
    "def broken(:\n": (StateError, r"cannot be imported \(SyntaxError\)"),
    HEAD + "class A(PatternRecognizer):\n    pass\n": (PolicyError, r"A\(\) failed \(TypeError\)"),
    HEAD
    + "class A(PatternRecognizer):\n    def __init__(self):\n"
    + "        super().__init__('A', patterns=[Pattern('slow', '(a+)+b', 0.5)])\n": (
        PolicyError, r"mine\.py: pattern slow of A is catastrophic",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_FILES)
def test_files_that_are_not_usable_are_told(tmp_path, text):
    error, said = BAD_FILES[text]
    with pytest.raises(error, match=said) as caught:
        scanner_of(tmp_path, text, "{A: replace}")
    assert "mine.py" in str(caught.value) and "Quill" not in str(caught.value)


def test_a_file_is_imported_only_when_it_must_run(tmp_path, state_folder, monkeypatch):
    scanner_of(tmp_path, PYTHON.split("class Anywhere")[0], "{EVEN: replace}")  # compiled
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(1) or popen(*a, **k))
    python_host.host().close()
    scanner = Scanner.load(load_policy(tmp_path / "p.yaml"))
    assert scanner.scan_text("nothing here") == [] and not started
    assert len(scanner.scan_text("N12 N13")) == 1 and started == [1]
    assert "redactor_user" not in " ".join(sys.modules)
    for path in state_folder.rglob("*"):
        assert not path.is_file() or str(tmp_path).encode() not in path.read_bytes()


def test_the_process_ends_with_its_owner(tmp_path):
    (tmp_path / "mine.py").write_text(PYTHON)
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nner: {use: never}\nentities: {ANY: replace}\nrecognizers: [mine.py]\n"
    )
    script = (
        "from redactor.detection.patterns import Scanner\n"
        "from redactor.detection.python_host import host\n"
        "from redactor.policy import load_policy\n"
        f"Scanner.load(load_policy({str(tmp_path / 'p.yaml')!r})).scan_text('needle')\n"
        "print(host()._process.pid, flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    pid = int(done.stdout)
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except OSError:
            return
        time.sleep(0.1)
    raise AssertionError("the recognizers' process is still there")
