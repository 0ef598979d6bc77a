"""Catastrophic and too broad patterns are told apart from ordinary ones."""

import pytest

from redactor.detection.analyse import describe
from redactor.detection.hazards import PROBE_CHARS, catastrophic, cost, ordinary_text, too_broad
from redactor.detection.patterns import Scanner
from redactor.detection.rules import Rule, shipped_table
from redactor.policy import load_policy

CATASTROPHIC = [
    "(a+)+b", "(a|a)*b", "(a|aa)+$", "(.*x){30}y", r"\s*\s*\s*x", r"(\w+\s?)+!", r"^(([a-z])+.)+[A-Z]([a-z])+$",
    "(x+x+)+y", "(?:a{1,10}){1,10}b", r"(?:[A-Za-z]+\s*)*\d{4}", r"(\d+,?)+;", r"\w*\w*\w*;", "(a*)*$",
    r"(\d{1,3}(?:,\d{3})*)+%",
]  # fmt: skip
FINE = [
    r"B-\d{4}", r"\w+@\w+", r"[\w.]+@[\w.]+\.com", r"(?:\w+\.)+com", r"\w+\s+\w+\s+\d", r"^\s+|\s+$",
    r"(?<p>\[(?:[^][]|(?&p))*\])", r"(?<=id:\s*)Z\d+", "(?>a+)+b", r"\b\d{3}-\d{2}-\d{4}\b", r"(?:a{1,3}-){2,8}b", r"key=\K\w{1,40}",
]  # fmt: skip


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_catastrophic(pattern):
    found = catastrophic(describe("p", pattern, 0.5))
    assert found is not None and len(found.pump) < 50


@pytest.mark.parametrize("pattern", FINE)
def test_fine(pattern):
    assert catastrophic(describe("p", pattern, 0.5)) is None


def test_no_shipped_pattern_is_catastrophic():
    for rule in shipped_table().rules:
        if rule.kind == "url":
            continue  # 1,400 alternatives behind each dot: confirmed in small windows only
        for pattern in rule.patterns:
            assert catastrophic(pattern) is None, (rule.name, pattern.name)


BROAD = {
    r"\b\w+\b": "nearly every word", r"\d*": "the empty text", r"\b\d{4}\b": "ordinary text", ".+": "nearly every word",
    r"\b(?-i:[A-Z])[a-z]+\b": "ordinary text", r"\bAB-\d{6}\b": "", r"\w+@\w+": "", r"(?-i:[A-Z]{2}\d{6})": "",
}  # fmt: skip


@pytest.mark.parametrize("pattern", BROAD)
def test_too_broad(pattern):
    rule = Rule("r", "R")
    said = too_broad(cost(rule, describe("p", pattern, 0.5)), counts_alone=True)
    assert BROAD[pattern] in said and bool(said) == bool(BROAD[pattern])


def test_weak_patterns_and_checks_may_be_broad():
    years = describe("p", r"\b\d{4}\b", 0.1)
    assert too_broad(cost(Rule("r", "R"), years), counts_alone=False) == ""
    checked = Rule("r", "R", validator="iban")
    assert cost(checked, describe("p", r"\d{2,}", 0.5)).hits_a_kb == 0


def test_the_ordinary_text_holds_nothing_personal():
    scanner = Scanner.load(load_policy("base"))
    found = {(f.entity_type, f.text) for f in scanner.scan_text(ordinary_text())}
    assert found == set()
    assert len(ordinary_text()) > PROBE_CHARS
