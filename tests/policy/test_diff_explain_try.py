"""`policy diff`, `explain`, `try`, `presets`, and the declared language."""

import json

import pytest

from redactor.errors import UsageError, WithheldError
from redactor.policy import load_policy
from redactor.policy.diff import differences
from redactor.policy.explain import explain_entity
from redactor.policy.extend import load_chain
from redactor.policy.language import reading_of
from redactor.policy.presets import as_markdown
from redactor.policy.source import find, presets

ROOT = find("base").parents[1]
HEAD = "version: 1\nname: p\nner: {use: never}\n"


def load(tmp_path, name, text):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text)
    return load_policy(path)


DIFFERENCES = [
    ("entities: {URL: {}}", "entities: {URL: redact}", "entities.URL", "changed"),
    ("entities: {URL: {}}", "entities: {}", "entities.URL", "looser"),
    ("entities: {}", "entities: {URL: {}}", "entities.URL", "tighter"),
    ("entities: {URL: {}}", "entities: {URL: {verdict: keep}}", "entities.URL", "looser"),
    ("entities: {URL: hash}", "entities: {URL: replace}", "entities.URL", "tighter"),
    ("entities: {URL: {threshold: 0.2}}", "entities: {URL: {threshold: 0.4}}", "entities.URL",
     "looser"),
    ("entities: {URL: {operator: hash, threshold: 0.2}}",
     "entities: {URL: {operator: redact, threshold: 0.4}}", "entities.URL", "mixed"),
    ("propagate: true", "propagate: false", "propagate", "looser"),
    ("ner: {use: never}", "ner: {use: always}", "ner", "tighter"),
    ("deny: [{values: [A], entity: X}]", "deny: [{values: [B], entity: X}]", "deny", "mixed"),
    ("allow: []", "allow: [{values: [A]}]", "allow", "looser"),
    ("fields: []", "fields: [{name: a, verdict: keep}]", "fields", "looser"),
    ("language: en", "language: de", "language", "changed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "part", "direction"), DIFFERENCES)
def test_differences(tmp_path, old, new, part, direction):
    one = load(tmp_path, "one", f"version: 1\n{old}\n")
    two = load(tmp_path, "two", f"version: 1\n{new}\n")
    assert (part, direction) in {(c.part, c.direction) for c in differences(one, two)}
    assert differences(one, one) == []
    back = {"looser": "tighter", "tighter": "looser"}.get(direction, direction)
    assert (part, back) in {(c.part, c.direction) for c in differences(two, one)}


def test_equal_hashes_mean_no_differences(tmp_path):
    one = load(tmp_path, "one", "version: 1\ndescription: a\nentities: {URL: {}}\n")
    two = load(tmp_path, "two", "version: 1\ndescription: b\nentities: {URL: replace}\n")
    assert one.hash == two.hash and differences(one, two) == []


def test_diff_on_golden_files(cli, tmp_path):
    (tmp_path / "one.yaml").write_text(HEAD + "entities: {DATE_OF_BIRTH: {}, EMAIL_ADDRESS: {}}\n")
    (tmp_path / "two.yaml").write_text(
        HEAD + "entities: {DATE_OF_BIRTH: {verdict: keep}, EMAIL_ADDRESS: {}}\n"
    )
    golden = tmp_path / "golden"
    golden.mkdir()
    (golden / "a.txt").write_text("born on 03/14/1978, born 04/05/1980, a@example.com\n")
    (golden / "b.csv").write_text("x\nborn 05/06/1990\n")
    done = cli("policy", "diff", "one.yaml", "two.yaml", "--on", "golden", code=0).stdout.decode()
    assert "DATE_OF_BIRTH findings fell from 3 to 0" in done
    assert "EMAIL_ADDRESS findings stay at 1" in done
    assert "looser\tentities.DATE_OF_BIRTH\treplace(new_value=<{entity}>) -> keep" in done
    assert "1978" not in done and "example.com" not in done
    cli("policy", "diff", "one.yaml", "two.yaml", "--exit-code", code=1)
    cli("policy", "diff", "one.yaml", "one.yaml", "--exit-code", code=0)
    body = json.loads(
        cli("policy", "diff", "one.yaml", "two.yaml", "--on", "golden", "--json", code=0).stdout
    )
    assert {"entity_type": "DATE_OF_BIRTH", "first": 3, "second": 0} in body["findings"]


def test_explain_names_the_line_that_says_so(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "version: 1\nextends: base\ndefaults:\n  threshold: 0.9\nentities:\n  URL: off\n"
        "  VIN: {operator: hash,\n        reason: art. 9}\n"
        "fields:\n  - {name: vehicle, entity: VIN}\n"
    )
    chain, policy = load_chain(path)
    vin = explain_entity(chain, policy, "VIN")
    places = {said.key: said.place for said in vin.said}
    assert places["operator"] == f"{path}:7" and places["reason"] == f"{path}:8"
    assert places["threshold"] == f"{path}:4" and places["verdict"] == "built in"
    assert ("fields[0]", f"{path}:10") in {(said.key, said.place) for said in vin.others}
    url = explain_entity(chain, policy, "URL")
    assert not url.looked_for and f"{path}:6" in url.does
    assert "nothing in this policy names it" in explain_entity(chain, policy, "NOTHING").does
    mail = explain_entity(chain, policy, "EMAIL_ADDRESS")
    assert any(said.place.startswith("base.yaml:") for said in mail.said)


def test_every_entity_of_every_preset_can_be_explained():
    for name in presets():
        chain, policy = load_chain(find(name))
        for entity in policy.entities:
            told = explain_entity(chain, policy, entity)
            assert told.looked_for and told.does and told.leaves
            assert all(said.place for said in told.said)


def test_explain_on_the_command_line(cli):
    text = cli("policy", "explain", "hipaa-safe-harbor", "DATE_TIME", code=0).stdout.decode()
    assert "generalize" in text and "164.514(b)(2)(i)(C)" in text
    assert "hipaa-safe-harbor.yaml:" in text and "found by" in text
    rows = cli("policy", "explain", "pci-dss", code=0).stdout.decode().splitlines()
    assert any(row.startswith("CREDIT_CARD\tmask") and "PCI DSS" in row for row in rows)
    body = json.loads(cli("policy", "explain", "pci-dss", "CARD_CVV", "--json", code=0).stdout)
    assert body[0]["law"].startswith("PCI DSS")


def test_try_shows_and_stores_nothing(cli, tmp_path, state_folder):
    policy = (
        HEAD + "entities: {EMAIL_ADDRESS: pseudonym, US_SSN: {}, "
        "PHONE_NUMBER: {operator: token, params: {scope: vault}}}\n"
    )
    (tmp_path / "p.yaml").write_text(policy)
    text = "Mail zoe.quill@example.com, ssn 536-90-4399, call +1 212-555-0123, code 212098765"
    done = cli("policy", "try", "p.yaml", "--text", text, code=0).stdout.decode()
    assert "EMAIL_ADDRESS" in done and "context word 'ssn'" in done
    assert "not redacted\tthreshold: " in done
    result = done.rsplit("---\n", 1)[1]
    assert "zoe.quill" not in result and "<US_SSN>" in result and "[PHONE_NUMBER_1]" in result
    piped = cli("policy", "try", "p.yaml", "-", "--json", stdin=text.encode(), code=0)
    body = json.loads(piped.stdout)
    assert body["text"].startswith("Mail ") and body["not_redacted"] and body["waits"] == 0
    left = [p for p in state_folder.rglob("*") if p.is_file() and "cache" not in p.parts]
    assert left == [], left  # no key, no vault, no ledger, no review
    for path in state_folder.rglob("*"):
        assert not path.is_file() or b"zoe.quill" not in path.read_bytes()


def test_try_in_a_field_and_under_review(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        HEAD + "entities: {X: {verdict: review}}\nfields: [{name: who, entity: X}]\n"
    )
    done = cli("policy", "try", "p.yaml", "--text", "Zoe", "--field", "who", code=0).stdout
    assert done.decode().endswith("---\n<X>\n") and b"1 of these wait for a person" in done
    cli("policy", "try", "p.yaml", "nonsense", code=2)


# -- presets


def test_the_table_of_presets_is_the_one_in_the_docs():
    assert (ROOT / "docs" / "presets.md").read_text("utf-8") == as_markdown(), (
        "run: redactor policy presets --markdown > docs/presets.md"
    )


def test_every_preset_says_what_it_must(cli):
    told = cli("policy", "presets", code=0).stdout.decode()
    for name in presets():
        about = load_policy(name).about
        assert name in told
        for part in ("purpose", "law", "stays", "metadata", "review", "note"):
            assert getattr(about, part), (name, part)
        assert "A preset is a start, not legal advice" in about.note, name


def test_which_presets_are_protected():
    free = {name for name in presets() if not load_policy(name).protected}
    assert free == {"base", "logs", "secrets"}
    for name in set(presets()) - free:
        assert load_policy(name).laws == (name,)


# -- a declared language


def policy_for(tmp_path, how):
    return load(tmp_path, "lang", f"version: 1\nname: p\non_unsupported_language: {how}\n")


def test_languages(tmp_path):
    assert reading_of(load_policy("base"), None).use_model
    assert reading_of(load_policy("base"), "en").message == ""
    with pytest.raises(WithheldError, match="declared to be in de"):
        reading_of(load_policy("base"), "de")
    only = reading_of(policy_for(tmp_path, "rules_only"), "de")
    assert not only.use_model and "only rules" in only.message
    on = reading_of(policy_for(tmp_path, "go_on"), "de")
    assert on.use_model and "as if it were en" in on.message
    with pytest.raises(UsageError):
        reading_of(load_policy("base"), "German")


@pytest.mark.parametrize(("how", "code"), [("withhold", 4), ("rules_only", 3), ("go_on", 0)])
def test_a_declared_language_on_the_command_line(cli, tmp_path, how, code):
    (tmp_path / "p.yaml").write_text(
        f"version: 1\nname: p\nner: {{use: never}}\non_unsupported_language: {how}\n"
        "entities: {EMAIL_ADDRESS: {}}\n"
    )
    (tmp_path / "a.txt").write_text("Schreib an zoe.quill@example.com")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "p.yaml", "--language", "de", code=code)
    assert b"declared to be in de" in done.stdout
    assert (tmp_path / "b.txt").exists() is (code != 4)
    done = cli("scan", "a.txt", "-p", "p.yaml", "--language", "de", code=code)
    assert b"declared to be in de" in done.stderr
    cli("redact", "a.txt", "-o", "c.txt", "-p", "p.yaml", "--language", "en", code=0)


def test_expired_entries_are_told_in_runs_and_in_the_trail(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        HEAD + "entities: {EMAIL_ADDRESS: {}}\nallow:\n"
        "  - {values: [zoe.quill@example.com], reason: was public, expires: 2020-01-01}\n"
    )
    (tmp_path / "a.txt").write_text("Mail zoe.quill@example.com")
    done = cli("redact", "a.txt", "-o", "b.txt", "-p", "p.yaml", code=0)
    assert b"p.yaml:6) expired on 2020-01-01" in done.stdout and b"zoe" not in done.stdout
    assert "zoe" not in (tmp_path / "b.txt").read_text()
    rows = [json.loads(line) for line in cli("audit", "export", code=0).stdout.splitlines()]
    assert any("allow[0]" in json.dumps(row) for row in rows)


def test_strict_verification_withholds_what_is_kept_elsewhere(cli, tmp_path):
    """A value that is redacted in one place and kept in another on purpose."""
    base = (
        HEAD + "entities: {EMAIL_ADDRESS: {}}\nfields: [{name: keep, verdict: keep}]\n"
        "verification: HOW\n"
    )
    (tmp_path / "a.csv").write_text("keep,text\nzoe.quill@example.com,mail zoe.quill@example.com\n")
    for how, code in (("standard", 0), ("strict", 4)):
        (tmp_path / "p.yaml").write_text(base.replace("HOW", how))
        cli("redact", "a.csv", "-o", f"{how}.csv", "-p", "p.yaml", code=code)
        assert (tmp_path / f"{how}.csv").exists() is (code == 0)
