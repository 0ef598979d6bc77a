"""A quick way to redact a PDF through the whole journey."""

from dataclasses import replace

import pytest

from redactor.formats.isolated import close_helpers
from redactor.pipeline import Engine, Item, Options
from redactor.policy import load_policy
from redactor.policy.model import ListEntry, NerOptions, PdfOptions


@pytest.fixture
def no_recogniser(monkeypatch):
    """Documents are read without text recognition, as where the extra is missing."""
    monkeypatch.setenv("REDACTOR_OCR", "off")
    close_helpers()  # they have the environment of their start
    yield
    close_helpers()


@pytest.fixture
def redact(tmp_path):
    """Redact bytes through the whole journey; returns (result, path of the output)."""

    def run(data, values, name="in.pdf", ner="never", base="base", read=None, **pdf):
        policy = load_policy(base)
        entries = (ListEntry("deny[0]", tuple(values), None, "SECRET"),) if values else ()
        policy = replace(
            policy, entities=policy.entities if ner != "never" else {}, fields=(), deny=entries,
            ner=NerOptions(use=ner), pdf=replace(PdfOptions(), **pdf),
        )  # fmt: skip
        source, out = tmp_path / name, tmp_path / f"out-{name}"
        source.write_bytes(data)
        out.unlink(missing_ok=True)
        options = Options(**({"read": read} if read else {}))
        with Engine(policy, options) as engine:
            result = engine.redact(Item(source, out, name))
        return result, out

    return run
