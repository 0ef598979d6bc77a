"""redactor profile: shares and counts of every field, never a value, always the same."""

import json
import random

import pytest

from redactor.detection.detect import Detector
from redactor.policy import load_policy
from redactor.policy.override import with_ner
from redactor.profile import profile

MAIL = "zoe{}@quill.example"


def table(rows=400):
    rng = random.Random(1)
    lines = ["id,mail,note,empty,ssn"]
    for n in range(rows):
        mail = MAIL.format(n) if n % 4 else ""
        note = f"write to {MAIL.format(n)}" if n % 10 == 0 else "fine"
        lines.append(
            f"{n},{mail},{note},,{rng.randrange(1, 650):03d}-22-{rng.randrange(1, 9999):04d}"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def detector():
    from dataclasses import replace

    return Detector(replace(with_ner(load_policy("base"), use="never"), fields=()))


def test_csv(tmp_path, detector):
    path = tmp_path / "t.csv"
    path.write_text(table())
    result = profile(path, detector, name="t.csv", sample=100)
    fields = {entry.name: entry for entry in result.fields}
    assert result.records == 400 and list(fields) == ["id", "mail", "note", "ssn"]
    mail, note = fields["mail"], fields["note"]
    assert (mail.values, mail.empty, mail.distinct, mail.sampled) == (300, 0.25, 300, 100)
    assert mail.holds[0].entity == "EMAIL_ADDRESS" and mail.holds[0].share == 1.0
    assert 0.02 < note.holds[0].share < 0.25 and note.holds[0].whole == 0.0
    assert mail.suggestion.startswith('- {name: "mail", entity: EMAIL_ADDRESS}')
    assert note.suggestion == "" and "ssn" in result.snippet
    assert fields["id"].longest == 3 and fields["id"].holds == ()
    again = profile(path, detector, name="t.csv", sample=100)
    assert again == result
    assert "quill" not in repr(result) and "quill" not in json.dumps(
        [f.as_dict() for f in result.fields]
    )


def test_the_suggested_rules_are_a_policy(tmp_path, detector):
    path = tmp_path / "t.csv"
    path.write_text(table())
    policy = tmp_path / "p.yaml"
    snippet = profile(path, detector, name="t.csv").snippet
    policy.write_text(f"version: 1\nname: p\nextends: base\n{snippet}\n")
    assert load_policy(policy).field_rule("mail").entity == "EMAIL_ADDRESS"


def test_distinct_is_an_estimate_beyond_a_thousand(tmp_path, detector):
    path = tmp_path / "t.csv"
    path.write_text("id,b\n" + "".join(f"{n % 8000},x\n" for n in range(20000)))
    ids = profile(path, detector, name="t.csv", sample=10).fields[0]
    assert ids.values == 20000 and abs(ids.distinct - 8000) < 800


def test_json_keys_and_paths(tmp_path, detector):
    path = tmp_path / "t.json"
    users = [{"mail": MAIL.format(n), "tags": ["a", "b"], "age": 3} for n in range(4)]
    users[0]["mail"] = None
    path.write_text(json.dumps({"users": users, "by": {MAIL.format(7): {"x": "y"}}}))
    result = profile(path, detector, name="t.json")
    fields = {entry.name: entry for entry in result.fields}
    assert fields["users[].mail"].empty == 0.25 and fields["users[].tags[]"].values == 8
    assert fields["users[].mail"].suggestion.startswith('- {path: "users[].mail"')
    assert not any("quill" in name for name in fields)  # a key that is personal data


OTHERS = {
    "t.jsonl": '{"mail": "zoe@quill.example"}\n{"mail": null}\n',
    "t.xml": "<r><c><mail>zoe@quill.example</mail></c><c><mail/></c></r>",
    "t.sql": "CREATE TABLE c (id int, mail text);\nINSERT INTO c VALUES (1,'zoe@quill.example'),(2,NULL);\n",
    "t.yaml": "- mail: zoe@quill.example\n- mail: ann@quill.example\n",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats(cli, tmp_path, name):
    (tmp_path / name).write_text(OTHERS[name])
    done = cli("profile", name, "--ner", "never", "--json", code=0)
    fields = json.loads(done.stdout)["fields"]
    assert any(
        "EMAIL_ADDRESS" in str(entry["holds"]) for entry in fields if "mail" in entry["field"]
    )
    assert b"quill" not in done.stdout + done.stderr
    assert b"EMAIL_ADDRESS 100%" in cli("profile", name, "--ner", "never", code=0).stdout


def test_bad_input(cli, tmp_path):
    (tmp_path / "a.txt").write_text("just text\n")
    assert b"no columns or keys" in cli("profile", "a.txt", code=2).stderr
    assert b"one file" in cli("profile", ".", code=2).stderr
    assert b"--format is one of" in cli("profile", "a.txt", "--format", "x", code=2).stderr
    (tmp_path / "b.json").write_text('{"a": ')
    assert b"line 1" in cli("profile", "b.json", code=5).stderr
