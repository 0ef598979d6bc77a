"""An allow entry spares all of its text, where it stands whole, and nothing else."""

import pytest

from redactor import Redactor
from redactor.policy import load_policy


@pytest.fixture
def redactor(tmp_path):
    (tmp_path / "p.yaml").write_text(
        "extends: base\nner: {use: never}\n"
        "allow:\n  - {values: [help@example.com], reason: public}\n"
        "deny:\n  - {values: [help], entity: PROJECT}\n"
    )
    return Redactor(load_policy(tmp_path / "p.yaml"))


def test_parts_of_an_allowed_text_stay_and_other_places_do_not(tmp_path):
    (tmp_path / "p.yaml").write_text(
        "extends: base\nner: {use: never}\n"
        "allow:\n  - {values: [help@example.com], reason: public}\n"
    )
    redactor = Redactor(load_policy(tmp_path / "p.yaml"))
    text = redactor.redact_text(
        "Ask help@example.com, see www.example.com, or http://example.com"
    ).text
    assert text == "Ask help@example.com, see <URL>, or <URL>"


def test_deny_stands_above(redactor):
    assert "help" not in redactor.redact_text("Ask help@example.com today").text


def test_files_are_released_with_the_spared_value_elsewhere_redacted(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        "extends: base\nner: {use: never}\n"
        "allow:\n  - {values: [help@example.com], reason: public}\n"
    )
    (tmp_path / "a.txt").write_text("Ask help@example.com\nor https://example.com/\n")
    cli("redact", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "-p", tmp_path / "p.yaml", code=0)
    written = (tmp_path / "b.txt").read_text()
    assert "help@example.com" in written and "https://example.com" not in written
