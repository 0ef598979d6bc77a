"""Policies on policies: reasons for loosening, protected siblings, chains that go wrong."""

import json
import re

import pytest

from redactor.errors import PolicyError, UsageError
from redactor.policy import load_policy
from redactor.policy.override import with_ner

GUARD = """\
version: 1
name: guard
protected: true
entities:
  US_SSN: {operator: redact, threshold: 0.3}
  EMAIL_ADDRESS: {operator: replace}
ner: {use: always}
leak_min_length: 5
"""


def write(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


REASON = "agreed with the DPO on 2026-03-02"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (f"entities: {{US_SSN: {{verdict: keep, override_reason: {REASON}}}}}", "entities.US_SSN"),
        (f"entities: {{US_SSN: {{enabled: false, override_reason: {REASON}}}}}", "entities.US_SSN"),
        (f"entities: {{US_SSN: off}}\noverride_reason: {{entities: {REASON}}}", "entities.US_SSN"),
        (f"ner: {{use: auto, override_reason: {REASON}}}", "ner"),
        (f"leak_min_length: 9\noverride_reason: {{leak_min_length: {REASON}}}", "leak_min_length"),
        (f"allow: [{{values: [Ann], reason: {REASON}}}]", "allow[0]"),
        (f"fields: [{{name: x, verdict: keep, override_reason: {REASON}}}]", "fields[0]"),
        (f"hotwords: [{{words: [x], lower: 0.1, override_reason: {REASON}}}]", "hotwords[0]"),
        (f"defaults: {{threshold: 0.9, override_reason: {REASON}}}", "entities.EMAIL_ADDRESS"),
    ],
)
def test_a_reason_is_taken_and_kept(tmp_path, text, part):
    write(tmp_path, guard=GUARD, mine=f"version: 1\nextends: guard.yaml\n{text}\n")
    policy = load_policy(tmp_path / "mine.yaml")
    found = {override.part: override for override in policy.overrides}
    assert found[part].reason == REASON and found[part].policy == "guard"


def test_a_reason_must_say_something(tmp_path):
    write(
        tmp_path,
        guard=GUARD,
        mine="version: 1\nextends: guard.yaml\nentities:\n"
        "  US_SSN: {verdict: keep, override_reason: ok}\n",
    )
    with pytest.raises(PolicyError, match=r"mine\.yaml:4"):
        load_policy(tmp_path / "mine.yaml")


def test_a_reason_speaks_of_its_own_file_only(tmp_path):
    """A child of a policy with a reason needs one of its own to loosen further."""
    write(
        tmp_path,
        guard=GUARD,
        mid=f"version: 1\nname: mid\nextends: guard.yaml\n"
        f"entities: {{EMAIL_ADDRESS: {{operator: hash, override_reason: {REASON}}}}}\n",
        top="version: 1\nextends: mid.yaml\nentities: {EMAIL_ADDRESS: {verdict: keep}}\n",
        same="version: 1\nextends: mid.yaml\nentities: {VIN: {}}\n",
    )
    with pytest.raises(PolicyError, match=r"top\.yaml:3: entities\.EMAIL_ADDRESS: .*than mid"):
        load_policy(tmp_path / "top.yaml")
    inherited = load_policy(tmp_path / "same.yaml")
    assert [o.reason for o in inherited.overrides] == [REASON] and inherited.protected


def test_every_loosened_part_is_told_at_once(tmp_path):
    write(
        tmp_path,
        guard=GUARD,
        mine="version: 1\nextends: guard.yaml\nentities:\n  US_SSN: off\n"
        "  EMAIL_ADDRESS: {threshold: 0.9}\nleak_min_length: 9\n",
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "mine.yaml")
    for line, part in ((4, "entities.US_SSN"), (5, "entities.EMAIL_ADDRESS"), (6, "leak_min_len")):
        assert re.search(rf"mine\.yaml:{line}: {part}", str(caught.value)), str(caught.value)


@pytest.mark.parametrize("order", ["[guard.yaml, loose.yaml]", "[loose.yaml, guard.yaml]"])
def test_a_protected_policy_keeps_its_say_beside_others(tmp_path, order):
    loose = (
        "version: 1\nname: loose\ndefaults: {operator: mask, threshold: 0.8}\n"
        "entities: {US_SSN: hash, EMAIL_ADDRESS: {verdict: keep}, VIN: {threshold: 0.7}}\n"
        "fields: [{name: tax, entity: US_SSN}]\nner: {use: never}\nleak_min_length: 12\n"
    )
    write(tmp_path, guard=GUARD, loose=loose, mine=f"version: 1\nextends: {order}\n")
    policy = load_policy(tmp_path / "mine.yaml")
    assert policy.entities["US_SSN"].operator == "redact"
    assert policy.entities["US_SSN"].threshold == 0.3
    assert policy.entities["EMAIL_ADDRESS"].operator == "replace"
    assert (policy.entities["VIN"].operator, policy.entities["VIN"].threshold) == ("mask", 0.7)
    assert policy.ner.use == "always" and policy.leak_min_length == 5
    assert policy.overrides == () and len(policy.fields) == 1


def test_two_guards_give_the_stricter_of_both(tmp_path):
    other = (
        "version: 1\nname: other\nprotected: true\n"
        "entities: {US_SSN: {operator: mask, threshold: 0.1}, VIN: redact}\nleak_min_length: 4\n"
    )
    write(
        tmp_path,
        guard=GUARD,
        other=other,
        one="version: 1\nextends: [guard.yaml, other.yaml]\n",
        two="version: 1\nextends: [other.yaml, guard.yaml]\n",
    )
    one, two = load_policy(tmp_path / "one.yaml"), load_policy(tmp_path / "two.yaml")
    assert one.hash == two.hash
    assert (one.entities["US_SSN"].operator, one.entities["US_SSN"].threshold) == ("redact", 0.1)
    assert one.leak_min_length == 4 and one.ner.use == "always"


def test_what_a_sibling_adds_must_be_justified(tmp_path):
    """An allow entry of an unprotected sibling cannot be taken back: it is told."""
    write(
        tmp_path,
        guard=GUARD,
        sibling="version: 1\nallow:\n  - {values: [Ann]}\n",
        mine="version: 1\nextends: [guard.yaml, sibling.yaml]\n",
        said="version: 1\nextends: [guard.yaml, sibling.yaml]\n"
        f"override_reason: {{allow: {REASON}}}\n",
    )
    with pytest.raises(PolicyError, match=r"sibling\.yaml:3: allow\[0\]"):
        load_policy(tmp_path / "mine.yaml")
    assert load_policy(tmp_path / "said.yaml").overrides[0].reason == REASON


def test_base_and_logs_are_free():
    assert not load_policy("base").protected and not load_policy("logs").protected


def test_options_of_the_command_line_cannot_loosen(tmp_path):
    policy = load_policy(write(tmp_path, guard=GUARD) / "guard.yaml")
    with pytest.raises(UsageError, match="guard is protected"):
        with_ner(policy, use="never")
    assert with_ner(policy, use="always").ner.use == "always"
    assert with_ner(load_policy("base"), use="never").ner.use == "never"


def test_overrides_are_shown_and_audited(cli, tmp_path):
    write(
        tmp_path,
        guard=GUARD,
        mine=f"version: 1\nname: mine\nextends: guard.yaml\nner: {{use: never, "
        f"override_reason: {REASON}}}\n",
    )
    shown = json.loads(cli("policy", "show", "mine.yaml", "--json", code=0).stdout)
    assert shown["overrides"][0]["reason"] == REASON
    (tmp_path / "a.txt").write_text("mail zoe.quill@example.com")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "mine.yaml", code=0)
    assert REASON in done.stdout.decode()
    rows = [json.loads(line) for line in cli("audit", "export", code=0).stdout.splitlines()]
    (row,) = [row for row in rows if row["kind"] == "policy"]
    body = row["body"] if isinstance(row["body"], dict) else json.loads(row["body"])
    assert body["overrides"][0]["reason"] == REASON and body["name"] == "mine"
    assert cli("audit", "verify", code=0)


# -- chains that go wrong


def test_loops_name_file_and_line(tmp_path):
    write(
        tmp_path,
        a="version: 1\nname: a\nextends: b.yaml\n",
        b="version: 1\nname: b\n\nextends: [base, c.yaml]\n",
        c="version: 1\nextends: a.yaml\n",
    )
    with pytest.raises(PolicyError, match=r"c\.yaml:2: .*circle: a\.yaml -> b\.yaml -> c\.yaml"):
        load_policy(tmp_path / "a.yaml")


def test_chains_cannot_grow_without_bounds(tmp_path):
    for level in range(12):
        (tmp_path / f"l{level}.yaml").write_text(
            f"version: 1\nextends: [l{level + 1}.yaml, l{level + 1}.yaml]\n"
        )
    (tmp_path / "l12.yaml").write_text("version: 1\n")
    with pytest.raises(PolicyError, match=r"l\d+\.yaml:2: more than 64 files"):
        load_policy(tmp_path / "l0.yaml")


BAD = {
    "version: 1\nextends: hippa-safe-harbour\n": r"p\.yaml:2: there is no preset",
    "version: 1\nextends: ./gone.yaml\n": r"p\.yaml:2: there is no policy file",
    "version: 1\nextends: {a: b}\n": r"p\.yaml:2: `extends` needs",
    "version: 1\nextends:\n  - base\n  - 7\n": r"p\.yaml:2: `extends` needs",
    "version: 1\nlaws: [hippa]\n": r"p\.yaml:2: there is no law hippa",
    "version: 1\nprotected: perhaps\n": r"p\.yaml:2",
    "version: 1\noverride_reason: because\n": r"p\.yaml:2",
    "version: 1\noverride_reason: {nothing: because it is so}\n": r"p\.yaml:2",
    "version: 1\nhotwords: [{words: [x]}]\n": r"p\.yaml:2: .*raise",
    "version: 1\nhotwords: [{words: [x], pattern: y, raise: 0.1}]\n": r"p\.yaml:2: .*words",
    "version: 1\nhotwords: [{words: ['!'], raise: 0.1}]\n": r"p\.yaml:2: .*letters",
    "version: 1\nhotwords: [{words: [x], raise: 0.1, lower: 0.1}]\n": r"p\.yaml:2: .*one of",
    "version: 1\nhotwords:\n  - {words: [x], raise: 0.1,\n     befor: 3}\n": r"p\.yaml:4: .*before",
    "version: 1\nhotwords: [{pattern: '(', raise: 0.1}]\n": r"p\.yaml:2: not a regular",
    "version: 1\nhotwords: [{pattern: 'x*', raise: 0.1}]\n": r"p\.yaml:2: .*empty text",
    "version: 1\nhotwords: [{words: [x], operator: mask, params: {keep: 1}}]\n": r"p\.yaml:2.*keep",
    "version: 1\nreview: [{score_from: 0.9, score_below: 0.1}]\n": r"p\.yaml:2: .*score_from",
    "version: 1\nreview: [{reason: all}]\n": r"p\.yaml:2: .*condition",
    "version: 1\nentities: {URL: {threshold: .nan}}\n": r"p\.yaml:2",
    "version: 1\nentities: {URL: {threshold: .inf}}\n": r"p\.yaml:2",
    "version: 1\nentities: {URL: {threshold: yes}}\n": r"p\.yaml:2",
    "version: 1\nentities: {URL: {threshold: '0.5'}}\n": r"p\.yaml:2",
    "version: 1\nretention: {workspace_days: -1}\n": r"p\.yaml:2",
    "version: 1\nsubject: {name: [Ann Lee]}\n": r"p\.yaml:2: unknown key name .*names",
    "version: 1\nname: !!python/object/apply:os.system [ls]\n": r"p\.yaml:2",
    "version: 1\n--- \nversion: 1\n": r"p\.yaml:",
    "- version: 1\n": r"p\.yaml:1: this is no mapping of keys to values",
    "version: 1\n1: 2\n": r"p\.yaml:\d: keys must be text",
    "version: 1\nallow:\n  - {values: [a]}\n  - {values: [b], values: [c]}\n": r"p\.yaml:4.*twice",
    "\ufffe": r"p\.yaml",
    "version: 1\nname: a\tb: c: d\n": r"p\.yaml:2",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_policies_name_file_and_line(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=BAD[text]):
        load_policy(path)


def test_bad_bytes(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"version: 1\nname: \xff\xfe\n")
    with pytest.raises(PolicyError, match=r"p\.yaml:2: not UTF-8"):
        load_policy(path)
    path.write_bytes(b"version: 1\n#" + b"x" * (1 << 20))
    with pytest.raises(PolicyError, match=r"p\.yaml:1: too large"):
        load_policy(path)


def test_a_yaml_bomb_is_refused_quickly(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    path = tmp_path / "p.yaml"
    path.write_text("\n".join(lines))
    with pytest.raises(PolicyError, match="repeated too often"):
        load_policy(path)
    path.write_text("entities: " + "{a: " * 500 + "1" + "}" * 500)
    with pytest.raises(PolicyError, match=r"p\.yaml:1"):
        load_policy(path)


def test_a_bad_parent_is_told_by_its_own_line(tmp_path):
    write(
        tmp_path,
        parent="version: 1\nentities:\n  URL: {treshold: 1}\n",
        mine="version: 1\nextends: parent.yaml\n",
    )
    with pytest.raises(PolicyError, match=r"parent\.yaml:3: .*threshold"):
        load_policy(tmp_path / "mine.yaml")


def test_a_bad_policy_stops_before_anything_is_done(cli, tmp_path, state_folder):
    (tmp_path / "a.txt").write_text("mail zoe.quill@example.com")
    write(tmp_path, guard=GUARD, mine="version: 1\nextends: guard.yaml\nentities: {US_SSN: off}\n")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "mine.yaml", code=2)
    assert b"mine.yaml:3: entities.US_SSN" in done.stderr
    assert not (tmp_path / "b.txt").exists()
    assert not (state_folder / "ledger.sqlite").exists()
