"""The reference is complete and says what the code says; every command and option has help."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest
import typer

from redactor.cli.main import app
from redactor.detection.rules import shipped_table
from redactor.policy.params import PARAMS
from redactor.policy.source import presets

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_generate"] = module
    spec.loader.exec_module(module)
    return module


def test_reference_is_what_the_code_says(generate):
    wanted = generate.pages()
    there = {str(p.relative_to(generate.TARGET)) for p in generate.TARGET.rglob("*.md")}
    assert there == set(wanted), "run: python docs/generate.py"
    old = [n for n, text in wanted.items() if (generate.TARGET / n).read_text("utf-8") != text]
    assert not old, "run: python docs/generate.py"


def test_reference_is_complete():
    folder = DOCS / "reference"
    assert {p.stem for p in (folder / "operators").glob("*.md")} == set(PARAMS)
    assert {p.stem for p in (folder / "presets").glob("*.md")} == set(presets())
    names = {rule.name for rule in shipped_table().rules}
    assert {p.stem for p in (folder / "recognizers").glob("*.md")} == names


def commands(group, before=()):
    for name, command in getattr(group, "commands", {}).items():
        yield (*before, name), command
        yield from commands(command, (*before, name))


def test_every_command_and_option_has_help():
    missing = []
    for name, command in commands(typer.main.get_command(app)):
        if not (command.help or "").strip():
            missing.append(" ".join(name))
        for param in command.params:
            if param.param_type_name == "option" and not param.help and param.name != "help":
                missing.append(f"{' '.join(name)} --{param.name}")
    assert missing == []


def test_links_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
