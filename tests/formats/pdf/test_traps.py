"""Every hiding place: the values are gone for readers we did not write, neighbours stay."""

import pytest
from pdf_readers import leaks, mupdf, poppler, squashed
from pdf_traps import KEPT, TRAPS, VALUES

from redactor.values import Outcome


@pytest.mark.parametrize("name", TRAPS)
def test_values_are_gone_and_neighbours_stay(redact, tmp_path, name):
    data = TRAPS[name]()
    source = tmp_path / "source.pdf"
    source.write_bytes(data)
    assert leaks(source, VALUES), "the trap holds no value: the test could not fail"
    result, out = redact(data, VALUES)
    assert result.outcome is Outcome.RELEASED, result.message
    assert leaks(out, VALUES) == []
    text = poppler(out) + mupdf(out)
    assert squashed(KEPT) in squashed(text)
