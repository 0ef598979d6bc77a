"""What is shipped is what the compile step makes, and the presets need nothing else."""

import json

import pytest

from redactor.detection import automaton
from redactor.detection.analyse import describe
from redactor.detection.patterns import Scanner
from redactor.detection.rules import TABLE, decode, encode, shipped_table
from redactor.policy import load_policy


def test_the_shipped_table_is_what_compiling_gives(tmp_path):
    pytest.importorskip("presidio_analyzer")
    from redactor.detection.compile import compile_shipped

    (tmp_path / "compiled").mkdir()
    for path in TABLE.parents[1].glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = compile_shipped(tmp_path / "compiled" / "table.json", tmp_path / "data")
    shipped = shipped_table()
    if table.versions["presidio"] != shipped.versions["presidio"]:
        pytest.skip("another version of Presidio is installed")
    assert table == shipped
    for name in ("iban.json", "public_suffixes.txt"):
        assert (tmp_path / "data" / name).read_bytes() == (
            TABLE.parents[1] / "data" / name
        ).read_bytes()


def test_tables_survive_json():
    table = shipped_table()
    assert decode(json.loads(json.dumps(encode(table)))) == table


@pytest.mark.parametrize("name", ["base", "logs"])
def test_presets_start_from_shipped_automata(name, monkeypatch, state_folder):
    hyperscan = pytest.importorskip("hyperscan")
    if hyperscan.__version__ != "0.9.1":
        pytest.skip("the automata were made by another hyperscan")
    monkeypatch.setattr(automaton, "build", None)
    before = set((state_folder / "cache").glob("*.hs"))  # other tests' are handed on
    Scanner.load(load_policy(name))
    assert set((state_folder / "cache").glob("*.hs")) == before


def test_widths_and_triggers():
    assert describe("a", r"\b\d{3}-\d{2}\b", 0.5).width == 6
    assert describe("a", r"\w+@x", 0.5).width is None
    assert describe("a", r"abc$", 0.5).width == 3
    assert describe("a", r"ab(?=.{65})", 0.5).width is None
    assert describe("a", r"abc\Z", 0.5).trigger == "abc"
    assert describe("a", r"key=\Kvalue", 0.5).trigger == "key=value"
    assert describe("a", r"(?<![\w:])ab(?![\w:])", 0.5).trigger == r"(?:^|[^\w:])ab(?:[^\w:]|$)"
    assert describe("a", r"ab(?=cd)", 0.5).trigger == "ab(?:cd)"
    assert describe("a", "stra\u00dfe", 0.5).trigger == "stra_e"
    assert describe("a", "[^_]x", 0.5).ascii_only and not describe("a", r"[^\s]x", 0.5).ascii_only
    assert describe("a", "[\u00e0-\u00ff]x", 0.5).ascii_only


def test_a_mark_says_what_the_automaton_looks_for():
    plain = describe("a", r"\bkey=\K\w{2,40}", 0.5)
    assert (plain.trigger, plain.width, plain.reach) == (r"\bkey=\w{2,}", 44, 0)
    marked = describe("a", r"\bkey=(?:)\K\w{2,40}", 0.5)
    assert (marked.trigger, marked.width, marked.reach) == (r"\bkey=", 44, 40)
    middle = describe("a", r"\w{1,9}(?:)@x(?:)\w{0,5}", 0.5)
    assert (middle.trigger, middle.width, middle.reach) == ("@x", 16, 5)
    assert describe("a", r"(['\"])(?:)\w{1,5}\1", 0.5).reach >= 6


def test_every_pattern_has_an_automaton_of_its_own():
    """A trigger that hyperscan cannot take would run on every line."""
    hyperscan = pytest.importorskip("hyperscan")
    for rule in shipped_table().rules:
        for pattern in rule.patterns if rule.source.startswith("redactor/") else ():
            _, refused = automaton.build(hyperscan, [(str(pattern.trigger), pattern.flags)])
            assert not refused, (rule.name, pattern.name)
