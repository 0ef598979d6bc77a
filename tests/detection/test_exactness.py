"""The fused scanner equals Presidio's recognizers run one by one, context on."""

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recognizers.validators import GATES
from redactor.detection import automaton
from redactor.detection.patterns import Scanner
from redactor.policy import load_policy
from redactor.values import Locator, Unit

pytest.importorskip("presidio_analyzer")
from benchmarks.reference import Reference, comparable

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

PIECES = [
    "john.smith@example.com", "josé@example.com", "a@exämple.com", "x@localhost", "ſ1234567",
    "4111 1111 1111 1111", "4111-1111-1111-1112", "5555555555554444", "378282246310005",
    "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "gb82west12345698765432", "AL",
    "987-65-4329", "536904399", "536-90-4399", "536.90 4399", "000-12-3456", "111111111",
    "212-555-0123", "(212) 555-0123 x42", "+44 20 7946 0958", "0044 20 7946 0958", "164.0", "1640",
    "1-800-555-0199", "2015-10-17 15:37:56", "030/1234567", "555 0123", "9876543210",
    "203.0.113.7", "203.0.113.7/24", "256.1.1.1", "::1", "2001:db8::1", "::ffff:203.0.113.9",
    "fe80::1%eth0", "00:1B:44:11:3A:B7", "ff-ff-ff-ff-ff-ff", "0011.2233.4455",
    "https://example.org/a?b=1", "example.co.uk", "'foo.io'", '"https://x.com/y"', "foo.company",
    "www3.test.de/path", "file.py", "a.b.c", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "AB1234563", "F91234563", "943 476 5919",
    "9434765919", "A12345678", "H12345678", "12345678", "1234567890123456", "912-70-1234",
    "ssn", "social security", "passport", "card", "bank account", "call", "phone:", "mobile",
    "driver license", "iban", "ip", "nhs", "wallet", "medical certificate", "us", "tax", "lic",
    "user=alice", "password=hunter2", "é", "ﬁ", "🙂", "\u0660\u0661\u0662", "K", "ı", "\u00a0",
    "_", "-", "--", ".", ",", ":", ";", "(", ")", "/", "#", "@", "'", '"', "\t", "\x1c", "\x00",
]  # fmt: skip
texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=6), st.from_regex(r"\d{1,12}", fullmatch=True)),
    max_size=12,
).map("".join) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)  # fmt: skip
one_line = texts.map(lambda text: "".join(c for c in text if c not in "\n\r\v\f\x85\u2028\u2029"))


@pytest.fixture(scope="module")
def sides():
    made = {}
    for name in ("base", "logs"):
        policy = replace(load_policy(name), plausible=False)
        made[name] = Scanner.load(policy), Reference(policy)
    return made


def ours(scanner, text, **options):
    known = frozenset(rule.name for rule in scanner.rules if rule.source == "presidio")
    return comparable(scanner.scan_text(text, **options), known)


def without_plus(found, text):
    """What `logs` adds on purpose: numbers with a leading + need no context word."""
    return {key for key in found if not (key[0] == "PHONE_NUMBER" and text[key[1]] == "+")}


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(one_line)
@example("call 164.0 now")
@example("josé@example.com a@exämple.com ſ1234567 passport")
@example("phone +44 20 7946 0958 / 0044 20 7946 0958")
@example("iban gb82 west 1234 5698 7654 32 2 days")
def test_equal_on_texts_under_base(sides, text):
    scanner, reference = sides["base"]
    assert ours(scanner, text) == reference.find(text)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(one_line)
def test_equal_on_lines_under_logs(sides, text):
    scanner, reference = sides["logs"]
    expected = reference.find(text)
    got = ours(scanner, text, by_line=True)
    assert without_plus(got, text) == without_plus(expected, text)
    # and nothing that Presidio finds is missing
    assert {key[:3] for key in expected} <= {key[:3] for key in got}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(one_line, max_size=8))
def test_lines_and_cells_are_records_of_their_own(sides, lines):
    scanner, reference = sides["base"]
    known = frozenset(rule.name for rule in scanner.rules if rule.source == "presidio")
    text = "\n".join(lines)
    cells = [Unit(str(n), line, Locator("cell", f"1:{n}")) for n, line in enumerate(lines)]
    per_cell = {n: set() for n in range(len(lines))}
    for finding in scanner.find(cells):
        per_cell[int(finding.unit)] |= comparable([finding], known)
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    by_line = ours(scanner, text, by_line=True)
    for number, line in enumerate(lines):
        expected = reference.find(line)
        assert per_cell[number] == expected
        start = starts[number]
        mine = {
            (e, a - start, b - start, s) for e, a, b, s in by_line
            if start <= a and b <= start + len(line)
        }  # fmt: skip
        assert mine == expected
    assert len(by_line) == sum(len(reference.find(line)) for line in lines)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(one_line)
def test_gates_only_take_away(text):
    """With `plausible` nothing is found that was not, and what is gone a gate refused."""
    policy = load_policy("base")
    gated = {(f.recognizer, f.start, f.end, f.score) for f in PLAUSIBLE().scan_text(text)}
    gates = {rule.name: rule.gate for rule in PLAUSIBLE().rules}
    plain = PLAIN().scan_text(text)
    assert policy.plausible
    for finding in plain:
        key = (finding.recognizer, finding.start, finding.end, finding.score)
        gate = gates[finding.recognizer]
        wanted = not gate or GATES[gate](
            text, finding.start, finding.end, bool(finding.why.context)
        )
        assert (key in gated) == wanted
    assert gated <= {(f.recognizer, f.start, f.end, f.score) for f in plain}


@cache
def PLAUSIBLE():
    return Scanner.load(load_policy("base"))


@cache
def PLAIN():
    return Scanner.load(replace(load_policy("base"), plausible=False))


def test_long_documents_are_searched_in_windows(sides):
    scanner, reference = sides["base"]
    rng = random.Random(4)
    text = " ".join(rng.choice(PIECES[:60]) + rng.choice(" .,\n") for _ in range(900))
    assert ours(scanner, text) == reference.find(text)


def test_equal_on_log_samples(sides):
    files = sorted((SHARED_DATA / "logs").glob("*.log"))
    if not files:
        pytest.skip("log samples are not here")
    scanner, reference = sides["base"]
    for path in files:
        lines = path.read_text("utf-8", "replace").split("\n")
        for line in random.Random(9).sample(lines, 40):
            assert ours(scanner, line, by_line=True) == reference.find(line)


def test_without_the_automaton_the_same_is_found(sides, monkeypatch):
    scanner, _ = sides["base"]
    monkeypatch.setattr(automaton, "load", lambda expressions, **_: (None, frozenset()))
    slow = Scanner.load(replace(load_policy("base"), plausible=False))
    rng = random.Random(5)
    for _ in range(60):
        text = " ".join(rng.choices(PIECES, k=10))
        key = lambda f: (f.recognizer, f.start, f.end, f.score)  # noqa: E731
        assert set(map(key, slow.scan_text(text))) == set(map(key, scanner.scan_text(text)))
        assert set(map(key, slow.scan_text(text + "\n" + text, by_line=True))) == set(
            map(key, scanner.scan_text(text + "\n" + text, by_line=True))
        )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_bytes_give_byte_offsets(sides, text):
    scanner, _ = sides["base"]
    data = text.encode("utf-8", "replace")
    text = data.decode()
    from_bytes = scanner.scan_bytes(data, by_line=True)
    from_text = scanner.scan_text(text, by_line=True)
    assert [data[f.start : f.end].decode() for f in from_bytes] == [f.text for f in from_text]
    assert [f.text for f in from_text] == [text[f.start : f.end] for f in from_text]


def test_broken_utf8_does_not_stop_the_scan(sides):
    scanner, _ = sides["base"]
    found = scanner.scan_bytes(b"\xff\xfe jane@example.com \x80 203.0.113.7\n")
    assert {"EMAIL_ADDRESS", "IP_ADDRESS"} <= {f.entity_type for f in found}


def test_yaml_recognizers_of_ours_work_in_presidio():
    """Our files are in Presidio's schema: its registry finds what our scanner finds."""
    from presidio_analyzer import RecognizerRegistry

    from redactor.detection.rules import TABLE

    scanner = Scanner.load(load_policy("base"))
    text = (
        "user=alice.smith born on 12/03/1980 password=hunter2x AKIAIOSFODNN7EXAMPLE "
        "12 North Oak Street mail a@b.internal MRN: 12345678 eyJhbGciOi.eyJzdWIiOi.c2lnbmF0 "
        "https://bob:s3cret@example.com xoxb-123456789012-abc"
    )
    registry = RecognizerRegistry()
    for path in sorted(TABLE.parents[1].glob("*.yaml")):
        registry.add_recognizers_from_yaml(path)
    names = {recognizer.name for recognizer in registry.recognizers}
    theirs = {
        (r.name, result.start, result.end)
        for r in registry.recognizers
        for result in r.analyze(text, r.supported_entities, None)
        if result.score >= 0.5
    }
    mine = {
        (f.recognizer, f.start, f.end)
        for f in scanner.scan_text(text)
        if f.recognizer in names and f.score >= 0.5
    }
    assert mine == theirs
    assert len({name for name, _, _ in mine}) >= 8
