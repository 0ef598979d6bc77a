import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.verify.search import find_values, normalise

FOUND = [
    ("call 555-010-4477 now", "5550104477"),
    ("CALL JOHN  SMITH now", "John Smith"),
    ("jo­hn smith", "John Smith"),  # soft hyphen
    ("a ﬁlament here", "filament"),  # ligature
    ("the ＡＢＣ１２３４ key", "ABC1234"),  # full width
    ("cafe\u0301s-paris", "Cafés Paris"),  # decomposed
    ("john\nsmith", "John Smith"),
    ("x12345678", "12345678"),  # a letter beside a digit is no longer token
]
NOT_FOUND = [
    ("order 991234567899", "12345678"),  # a longer number is another number
    ("Johnsonville is a town", "Johnson"),
    ("john", "john"),  # too short to be searched
    ("", "John Smith"),
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_finds_other_spellings(text, value):
    hits = find_values([text], [value])
    assert len(hits) == 1
    assert normalise(text[hits[0].start : hits[0].end]) == normalise(value)


@pytest.mark.parametrize(("text", "value"), NOT_FOUND)
def test_leaves_other_tokens_alone(text, value):
    assert find_values([text], [value]) == []


def test_records_are_not_joined():
    assert find_values(["a 123\n456 b"], ["123456"], by_line=True) == []
    assert len(find_values(["a 123\n456 b"], ["123456"])) == 1


def test_texts_are_not_joined_and_are_numbered():
    assert find_values(["john", "smith"], ["john smith"]) == []
    hits = find_values(["", "x", "see john smith"], ["nobody there", "john smith"])
    assert [(h.value, h.text, h.start, h.end) for h in hits] == [(1, 2, 4, 14)]


def test_many_values_take_the_hashed_path():
    values = [f"person{n:04} someone" for n in range(500)]
    text = " ; ".join(values[::7])
    assert {h.value for h in find_values([text], values)} == set(range(0, 500, 7))
    accented = text.replace("person0007", "pérson0007")
    assert len(find_values([accented], values)) == len(values[::7]) - 1


@given(
    st.lists(st.text(max_size=30), max_size=4),
    st.text(min_size=6, max_size=12),
    st.integers(0, 20),
)
def test_a_planted_value_is_always_found(texts, value, many):
    padding = [f"filler value {n}" for n in range(many)]
    if len(normalise(value)) < 6:
        return
    planted = [*texts, f"( {value} )"]
    hits = find_values(planted, [*padding, value])
    assert any(h.value == many and h.text == len(texts) for h in hits)
