"""Generated training text: marked spans are what they say, equal seeds give equal text, and
training and development share neither templates nor name parts."""

import random

import pytest

pytest.importorskip("faker")
from redactor.quality.generate import KINDS, generate, noise, side_of, templates
from redactor.quality.generate.lists import LATIN, NOT_LATIN
from redactor.quality.generate.values import LABELLED
from redactor.quality.train import ENTITIES, token_labels


def test_spans_are_inside_and_typed():
    kinds = set()
    for record in generate(600, seed=1):
        end = 0
        for start, stop, kind in record["spans"]:
            assert end <= start < stop <= len(record["text"])
            assert record["text"][start:stop].strip() == record["text"][start:stop]
            kinds.add(kind)
            end = stop
    assert kinds == set(ENTITIES) == set(LABELLED.values())


def test_equal_seeds_give_equal_text():
    assert list(generate(30, 7)) == list(generate(30, 7)) != list(generate(30, 8))


def test_clean_texts_hold_nothing():
    clean = [r for r in generate(600, 2) if r["kind"] == "clean"]
    assert clean
    assert all(not r["spans"] for r in clean)


def test_every_template_is_filled():
    import re

    known = set(LABELLED)
    for kind, entries in templates().items():
        assert kind in KINDS and entries
        for entry in entries:
            known |= set(re.findall(r"\{(\w+)\}", entry))
    text = "".join(r["text"] for r in generate(3000, 3))
    for slot in known:
        assert "{" + slot + "}" not in text
    languages = {e.split("|")[0] for e in templates()["intl"]}
    assert set(LATIN) | set(NOT_LATIN) <= languages


def test_the_sides_share_no_name_part():
    import zlib

    def firsts(side):
        return {
            word.casefold()
            for record in generate(400, 4, side)
            for start, end, kind in record["spans"]
            if kind == "PERSON" and record["kind"] == "clinical"
            for word in record["text"][start:end].split()
            if len(word) > 3
        }

    known = {word for word in firsts(0) if zlib.crc32(word.encode()) % 8 == 0}
    other = {word for word in firsts(1) if zlib.crc32(word.encode()) % 8 != 0}
    # suffixes and particles are on both sides; nearly everything else is on its own
    assert len(known) < 0.15 * len(firsts(0))
    assert len(other) < 0.4 * len(firsts(1))
    assert any(side_of(entry) for entry in templates()["work"])


def test_noise_keeps_offsets_true():
    text, spans = "Ask Anna Lee in Rome.", [[4, 12, "PERSON"], [16, 20, "LOCATION"]]
    seen = set()
    for seed in range(300):
        other, moved = noise.disturb(text, spans, random.Random(seed), cased=True)
        squeezed = " ".join(other.split())
        seen.add(other)
        assert len(squeezed) == len(text)
        for (start, end, kind), (a, b, same) in zip(moved, spans, strict=True):
            assert kind == same
            found, wanted = " ".join(other[start:end].split()), text[a:b]
            assert len(found) == len(wanted)
            if other.casefold() == text.casefold():
                assert found.casefold() == wanted.casefold()
    assert len(seen) > 8


def test_token_labels():
    labels = token_labels([(0, 3), (4, 7), (8, 9)], [[0, 7, "PERSON"]])
    assert labels[0] != labels[1] != labels[2] == 0
