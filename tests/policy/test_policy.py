"""Policies: validated with places and suggestions, extended, cached, decided."""

import json

import pytest

from redactor.errors import PolicyError
from redactor.policy import cache, decide, load_policy
from redactor.policy.schema import json_schema
from redactor.values import Finding, Source, Span, Verdict, Why


def write(tmp_path, text, name="p.yaml"):
    path = tmp_path / name
    path.write_text(text)
    return path


def load(tmp_path, text):
    return load_policy(write(tmp_path, text))


def finding(entity, source=Source.PATTERN, pattern="", extent="own"):
    return Finding("u", Span(0, 3), entity, 0.9, "r", Why(source, pattern), "abc", extent)


PROBLEMS = {
    "version: 1\nname: p\nentites: {}\n": ["p.yaml:3", "entities"],
    "version: 1\nentities:\n  EMAIL_ADDRESS:\n    treshold: 0.5\n": ["p.yaml:4", "threshold"],
    "version: 1\nentities:\n  EMAIL_ADDRESS: {threshold: 2}\n": ["p.yaml:3"],
    "version: 1\nentities:\n  EMAIL_ADDRESS: repalce\n": ["p.yaml:3", "replace"],
    "version: 1\nentities:\n  EMAIL_ADDRESS:\n    operator: mask\n    params: {keep: 4}\n": [
        "p.yaml:5",
        "keep",
    ],
    "version: 1\nentities: {email: replace}\n": ["p.yaml:2"],
    "version: 1\nextends: bsae\n": ["p.yaml:2", "base"],
    "version: 1\nextends: p.yaml\n": ["circle"],
    "version: 1\nallow:\n  - {pattern: '('}\n": ["p.yaml:3"],
    "version: 1\nentities: [\n": ["p.yaml:"],
    "version: 1\nentities:\n  EMAIL_ADDRESS: replace\n  EMAIL_ADDRESS: mask\n": ["p.yaml:4"],
    "version: 9\n": ["version"],
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_problems_name_file_line_and_suggestion(tmp_path, text):
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, text)
    for word in PROBLEMS[text]:
        assert word in str(caught.value), str(caught.value)


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, "version: 1\nentites: {}\nalow: []\nner: {use: sometimes}\n")
    assert all(f"p.yaml:{line}: " in str(caught.value) for line in (2, 3, 4))


@pytest.mark.parametrize("name", ["base", "logs"])
def test_presets_are_valid_and_find_what_they_name(name):
    from redactor.detection.detect import Detector

    policy = load_policy(name)
    assert policy.name == name and len(policy.entities) >= 20
    Detector(policy)  # refuses types that nothing finds


def test_a_type_that_nothing_finds_is_refused(tmp_path):
    from redactor.detection.detect import Detector

    policy = load(tmp_path, "version: 1\nentities: {EMAIL_ADRESS: replace}\n")
    with pytest.raises(PolicyError, match="EMAIL_ADDRESS"):
        Detector(policy)
    Detector(
        load(
            tmp_path,
            "version: 1\nentities: {BADGE: replace}\ndeny: [{values: [x], entity: BADGE}]\n",
        )
    )


def test_extends(tmp_path):
    write(
        tmp_path,
        "version: 1\nextends: base\nentities: {URL: redact, ORGANIZATION: off}\n",
        "mid.yaml",
    )
    policy = load(
        tmp_path,
        "version: 1\nname: top\nextends: mid.yaml\nentities: {PERSON: {operator: pseudonym}}\n"
        "deny: [{values: [Bluebird], entity: PROJECT}]\n",
    )
    assert policy.name == "top"
    assert policy.entities["URL"].operator == "redact"
    assert "ORGANIZATION" not in policy.entities
    person = policy.entities["PERSON"]
    assert (person.operator, person.threshold) == ("pseudonym", 0.4)
    assert dict(person.params) == {"key": "default", "scope": "global", "record": None}
    assert policy.entities["CREDIT_CARD"] == load_policy("base").entities["CREDIT_CARD"]
    assert policy.hash != load_policy("base").hash


def test_the_hash_names_the_content(tmp_path):
    one = load(tmp_path, "version: 1\nname: p\nentities: {URL: replace}\n")
    same = load(
        tmp_path, "# said otherwise\nversion: 1\nname: p\nentities:\n  URL: {operator: replace}\n"
    )
    other = load(
        tmp_path, "version: 1\nname: p\nentities: {URL: {operator: replace, threshold: 0.9}}\n"
    )
    assert one.hash == same.hash != other.hash


def test_the_cache_is_used_and_checked(tmp_path, state_folder):
    path = write(tmp_path, "version: 1\nname: p\nentities: {URL: replace}\n")
    first = load_policy(path)
    (entry,) = (state_folder / "cache").glob("policy-*")
    assert load_policy(path) == first
    data = entry.read_bytes()
    entry.write_bytes(data.replace(b"redact", b"review", 1))  # a digest tells
    assert load_policy(path) == first
    entry.chmod(0o666)
    assert cache.get(entry.name) is None


def test_values_of_lists_are_never_cached(tmp_path, state_folder):
    load(
        tmp_path,
        "version: 1\nentities: {URL: replace}\ndeny: [{values: [Secretname], entity: X}]\n",
    )
    for path in state_folder.rglob("*"):
        assert not path.is_file() or b"Secretname" not in path.read_bytes()


def test_decisions(tmp_path):
    policy = load(
        tmp_path,
        "version: 1\nname: p\n"
        "entities:\n  URL: {verdict: keep}\n  PERSON: {verdict: review, reason: art. 17}\n"
        "  CREDIT_CARD: {operator: mask, params: {keep_last: 4}}\n"
        "fields:\n  - {name: mail, entity: EMAIL_ADDRESS, operator: hash}\n"
        "deny:\n  - {values: [abc], entity: URL, reason: secret}\n",
    )
    kept = decide(finding("URL"), policy)
    assert (kept.verdict, kept.operator, kept.rule) == (Verdict.KEEP, "keep", "entities.URL")
    review = decide(finding("PERSON"), policy)
    assert (review.verdict, review.reason) == (Verdict.REVIEW, "art. 17")
    field = decide(finding("EMAIL_ADDRESS", Source.FIELD), policy, "mail")
    assert (field.operator, field.rule) == ("hash", "fields[0]")
    denied = decide(finding("URL", Source.DENY, "deny[0]"), policy)
    assert denied.verdict is Verdict.REDACT and denied.reason == "secret"
    joined = decide(finding("CREDIT_CARD", extent="joined"), policy)
    assert joined.params["keep_last"] == 0


def test_schema_describes_the_file():
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert {"entities", "fields", "allow", "deny", "extends", "ner"} <= set(schema["properties"])
    json.dumps(schema)


def test_command_line(cli, tmp_path):
    good = write(tmp_path, "version: 1\nextends: base\nallow: [{values: [Zebulon]}]\n", "good.yaml")
    bad = write(tmp_path, "version: 1\nentites: {}\n", "bad.yaml")
    assert b"valid" in cli("policy", "check", good, "base", "logs", code=0).stdout
    done = cli("policy", "check", good, bad, code=2)
    assert b"bad.yaml:2" in done.stderr and b"did you mean entities" in done.stderr
    shown = cli("policy", "show", good, "--json", code=0).stdout
    assert json.loads(shown)["allow"] == [{"matches": "1 values"}] and b"Zebulon" not in shown
    assert b"entities:" in cli("policy", "show", "logs", code=0).stdout
    assert json.loads(cli("policy", "schema", code=0).stdout)["type"] == "object"
