"""The public Python API, and what importing and using it may not import."""

import subprocess
import sys

import pytest

import redactor
from redactor import Redactor, load_policy
from redactor.errors import PolicyError, UsageError, WithheldError
from redactor.values import Outcome

TEXT = "Mail jane.roe@example.com or call +1 212-555-0123. Regards, Margaret Whitfield"


@pytest.fixture(scope="module")
def base():
    return Redactor("base")


def test_scan_text(base):
    found = {f.entity_type: f for f in base.scan_text(TEXT)}
    assert {"EMAIL_ADDRESS", "PHONE_NUMBER", "PERSON"} <= set(found)
    mail = found["EMAIL_ADDRESS"]
    assert TEXT[mail.start : mail.end] == "jane.roe@example.com" == mail.text
    assert 0 <= mail.score <= 1 and mail.recognizer
    assert "jane" not in repr(mail)


def test_scan_texts_are_items_of_their_own(base):
    texts = [TEXT, "", "plain words", "Whitfield"]
    batched = base.scan_texts(texts)
    assert len(batched) == 4 and batched[1] == [] == batched[2]
    assert [f.text for f in batched[0]] == [f.text for f in base.scan_text(TEXT)]


def test_redact_text(base):
    result = base.redact_text(TEXT)
    assert result.text.startswith("Mail <EMAIL_ADDRESS> or call <PHONE_NUMBER>.")
    assert "Whitfield" not in result.text
    assert len(result.findings) >= 3
    assert "jane" not in repr(result)
    assert base.redact_text("").text == ""


def test_redact_file(base, tmp_path):
    source, target = tmp_path / "a.txt", tmp_path / "b.txt"
    source.write_text(TEXT)
    result = base.redact_file(source, target)
    assert result.outcome is Outcome.RELEASED and result.counts["EMAIL_ADDRESS"] == 1
    assert "jane" not in target.read_text()
    assert base.redact_file(source, target).outcome is Outcome.WITHHELD
    assert base.redact_file(source, target, overwrite=True).outcome is Outcome.RELEASED


def test_review_verdicts_withhold(tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "version: 1\nner: {use: never}\nentities: {EMAIL_ADDRESS: {verdict: review}}\n"
    )
    with pytest.raises(WithheldError, match="wait for a person"):
        Redactor(policy).redact_text(TEXT)


def test_wrong_use():
    with pytest.raises(PolicyError):
        Redactor("no-such-policy")
    with pytest.raises(UsageError):
        Redactor("base").scan_text("x", language="tlh")
    with pytest.raises(UsageError):
        Redactor("base", ner="perhaps")
    with pytest.raises(AttributeError):
        redactor.nothing  # noqa: B018


def test_load_policy_and_rules_only():
    rules_only = Redactor(load_policy("logs"), ner="never")
    assert rules_only.policy.hash != load_policy("logs").hash
    assert {f.entity_type for f in rules_only.scan_text(TEXT)} >= {"EMAIL_ADDRESS"}


HEAVY = ("presidio_analyzer", "presidio_anonymizer", "spacy", "torch", "transformers", "pandas")


@pytest.mark.parametrize("ner", ["never", "always"])
@pytest.mark.parametrize("verb", ["scan", "redact"])
def test_nothing_heavy_is_imported(tmp_path, verb, ner):
    source = tmp_path / "a.txt"
    source.write_text(TEXT)
    target = ["-o", str(tmp_path / "b.txt")] if verb == "redact" else []
    script = (
        "import sys\n"
        f"sys.argv = ['redactor', '{verb}', {str(source)!r}, '--ner', '{ner}', *{target!r}]\n"
        "from redactor.cli.main import main\n"
        "code = main()\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "light = ['pydantic', 'ruamel', 'numpy', 'onnxruntime'] if code == 0 else []\n"
        "print('HEAVY', heavy, file=sys.stderr)\n"
        "print('ALSO', [n for n in light if n in sys.modules], file=sys.stderr)\n"
        "raise SystemExit(code)\n"
    )
    for _ in range(2):  # the second start finds the policy in the cache
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
        (tmp_path / "b.txt").unlink(missing_ok=True)
    assert done.returncode == 0, done.stderr
    assert "HEAVY []" in done.stderr
    if verb == "scan" and ner == "never":
        assert "ALSO []" in done.stderr


def test_importing_the_package_is_cheap():
    script = (
        "import sys, redactor\n"
        "assert 'redactor.api' not in sys.modules and 'regex' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
