"""Generated training text: marked spans are what they say, and equal seeds give equal text."""

import pytest

pytest.importorskip("faker")
from redactor.quality.generate import generate
from redactor.quality.train import ENTITIES, token_labels


def test_spans_are_inside_and_typed():
    kinds = set()
    for record in generate(200, seed=1):
        end = 0
        for start, stop, kind in record["spans"]:
            assert end <= start < stop <= len(record["text"])
            assert record["text"][start:stop].strip() == record["text"][start:stop]
            kinds.add(kind)
            end = stop
    assert kinds >= set(ENTITIES)


def test_equal_seeds_give_equal_text():
    assert list(generate(30, 7)) == list(generate(30, 7)) != list(generate(30, 8))


def test_token_labels():
    labels = token_labels([(0, 3), (4, 7), (8, 9)], [[0, 7, "PERSON"]])
    assert labels[0] != labels[1] != labels[2] == 0
