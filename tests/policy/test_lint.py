"""Lint: each smell at its line, silence where nothing is wrong, exit codes."""

import json

import pytest

from redactor.detection.detect import findable_entities
from redactor.policy.lint import lint
from redactor.policy.source import find, presets

SMELLS = {
    "threshold-never": (4, "entities:\n  URL: {threshold: 1.0}\n"),
    "threshold-zero": (4, "entities:\n  URL: {threshold: 0}\n"),
    "keep-with-operator": (4, "entities:\n  URL: {verdict: keep, operator: mask}\n"),
    "mask-shows-much": (4, "entities:\n  URL: {operator: mask, params: {keep_last: 8}}\n"),
    "hash-short": (4, "entities:\n  URL: {operator: hash, params: {length: 8}}\n"),
    "nothing-finds": (4, "entities:\n  EMAIL_ADRESS: {}\n"),
    "allow-no-reason": (4, "allow:\n  - {values: [Ann], expires: 2999-01-01}\n"),
    "allow-no-expiry": (4, "allow:\n  - {values: [Ann], reason: public}\n"),
    "allow-broad": (4, "allow:\n  - {pattern: '.+', reason: x, expires: 2999-01-01}\n"),
    "entry-expired": (4, "deny:\n  - {values: [Bluebird], expires: 2020-01-01}\n"),
    "deny-short": (4, "deny:\n  - {values: [Bo]}\n"),
    "type-not-looked-for": (4, "hotwords:\n  - {words: [x], entities: [VIN], raise: 0.1}\n"),
    "hotword-wide": (4, "hotwords:\n  - {words: [x], before: 900, raise: 0.1}\n"),
    "hotword-unreachable": (
        5, "hotwords:\n  - {words: [x], raise: 0.1}\n  - {words: [x], before: 9, lower: 0.1}\n"
    ),
    "field-unreachable": (5, "fields:\n  - {name: '*', entity: X}\n  - {name: ssn, entity: Y}\n"),
    "names-without-model": (3, "ner: {use: never}\nentities:\n  PERSON: {}\n"),
    "missing-model-goes-on": (3, "ner: {on_failure: partial}\n"),
    "language-goes-on": (3, "on_unsupported_language: go_on\n"),
    "no-propagation": (3, "propagate: false\n"),
    "does-nothing": (1, "description: x\n"),
    "reason-unused": (4, "entities:\n  URL: {override_reason: nothing is loosened here}\n"),
    "invalid": (3, "entites: {}\n"),
}  # fmt: skip


def found(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(f"version: 1\nname: p\n{text}")
    return {issue.rule: issue for issue in lint(path, findable_entities(path))}


@pytest.mark.parametrize("rule", SMELLS)
def test_each_smell_at_its_line(tmp_path, rule):
    line, text = SMELLS[rule]
    issues = found(tmp_path, text)
    assert rule in issues, issues
    issue = issues[rule]
    assert (issue.line, issue.file) == (line, str(tmp_path / "p.yaml"))
    assert str(issue).startswith(f"{issue.file}:{line}: {issue.severity}: ")


def test_what_is_fine_is_not_told(tmp_path):
    text = (
        "entities: {URL: {threshold: 0.5}, CREDIT_CARD: {operator: mask, params: {keep_last: 4}}}\n"
        "fields: [{name: a*, entity: URL}, {name: b*, entity: URL}, {path: a.b, entity: URL}]\n"
        "allow: [{values: [Ann], reason: public, expires: 2999-01-01}]\n"
        "hotwords: [{words: [x], entities: [URL], raise: 0.1}]\n"
    )
    assert found(tmp_path, text) == {}


@pytest.mark.parametrize("name", presets())
def test_presets_have_no_errors_and_no_warnings(name):
    path = find(name)
    issues = lint(path, findable_entities(path))
    assert [str(i) for i in issues if i.severity != "note"] == []


def test_errors_are_what_loading_refuses(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "version: 1\nextends: hipaa-safe-harbor\nentities:\n  URL: off\n"
        "  DATE_TIME: {operator: date_shift}\n"
    )
    issues = lint(path)
    errors = {(issue.rule, issue.line) for issue in issues if issue.severity == "error"}
    assert {("loosened", 4), ("loosened", 5), ("hipaa-date-shift", 5)} <= errors
    law = {issue.law for issue in issues if issue.rule == "hipaa-date-shift"}
    assert law == {"45 CFR 164.514(b)(2)(i)(C)"}


def test_command_line(cli, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "version: 1\nextends: pci-dss\nentities:\n  CARD_CVV: {operator: encrypt}\n"
    )
    (tmp_path / "warn.yaml").write_text("version: 1\nextends: base\npropagate: false\n")
    done = cli("policy", "lint", "bad.yaml", code=2)
    assert b"bad.yaml:4: error: " in done.stdout and b"PCI DSS v4.0.1 3.3.1" in done.stdout
    cli("policy", "lint", "warn.yaml", code=0)
    cli("policy", "lint", "warn.yaml", "--strict", code=2)
    assert b"nothing to say" in cli("policy", "lint", "base", code=0).stdout
    rows = json.loads(cli("policy", "lint", "bad.yaml", "warn.yaml", "--json", code=2).stdout)
    assert {"file", "line", "severity", "rule", "message", "law"} == set(rows[0])
    # the same error stops a run
    (tmp_path / "a.txt").write_text("x")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "bad.yaml", code=2)
    assert b"pci-sad" in done.stderr and not (tmp_path / "b.txt").exists()


def test_lint_shows_no_values(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: p\nallow:\n  - {values: [Zebulon], pattrn: Quartermaine}\n"
        "deny:\n  - {values: [Bo, Zebulon Quill], expires: 2020-01-01}\n"
    )
    done = cli("policy", "lint", "p.yaml")
    assert b"Zebulon" not in done.stdout + done.stderr and b"Quarter" not in done.stdout
