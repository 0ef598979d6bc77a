"""What docs/bring-your-own.md says works as it stands there."""

import re
from pathlib import Path

import pytest

from redactor.detection.detect import Detector
from redactor.policy import load_policy

PAGE = Path(__file__).parents[1] / "docs" / "bring-your-own.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
YAML = [text for kind, text in BLOCKS if kind == "yaml"]
COMMANDS = [line for kind, text in BLOCKS if kind == "bash" for line in text.splitlines()]


@pytest.fixture
def at_hand(tmp_path, cli):
    """The files that the page speaks of."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("To Zoe Quilfeather.\n")
    (tmp_path / "staff.txt").write_text("Zoe Quillfeather\n")
    (tmp_path / "public_names.txt").write_text("Ann Abelard\n")
    (tmp_path / "customers.csv").write_text(
        "name,email,account,zip\nZoe Quillfeather,zoe@example.com,12345678,90210\n"
    )
    return tmp_path


def test_the_commands(at_hand, cli):
    """In their order; a model is not needed for any of them."""
    for command in COMMANDS:
        words = re.findall(r'"([^"]*)"|(\S+)', command)
        arguments = [quoted or plain for quoted, plain in words]
        assert arguments.pop(0) == "redactor"
        target = None
        if ">" in arguments:
            at = arguments.index(">")
            target, arguments = arguments[at + 1], arguments[:at]
        if arguments[0] == "redact":
            arguments += ["--ner", "never"]
        done = cli(*arguments, code=0)
        if target:
            (at_hand / target).write_bytes(done.stdout)
    assert (at_hand / "out" / "a.txt").read_text() == "To <PERSON>.\n"
    assert (at_hand / "customers.records").is_file()


def test_the_policies_and_the_recognizer_file(at_hand, cli):
    cli(
        "records",
        "build",
        "customers.csv",
        "-c",
        "name,email,account,zip",
        "-o",
        "customers.records",
        code=0,
    )
    checked = 0
    for text in YAML:
        if text.startswith("version:"):
            text += "ner: {use: never}\n"
            (at_hand / "p.yaml").write_text(text)
            Detector(load_policy(at_hand / "p.yaml"))
            checked += 1
        else:
            (at_hand / "badge.yaml").write_text(text)
            cli("recognizers", "test", "badge.yaml", code=0)
    assert checked == 2
