"""initials: one letter a word, nothing more, and nothing of what is no name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.masking.initials import initials

CASES = {
    "Jane Doe": "J.D.",
    "Jane Ann Doe": "J.A.D.",
    "Doe, Jane Ann": "J.A.D.",
    "Jane": "J.",
    "Miss Zoë O'Brien-Quill": "Z.O.Q.",
    "Ann van der Berg Jr.": "A.v.d.B.",
    "jane.doe@example.com": "<PERSON>",
    "Jane Doe 4111": "<PERSON>",
    "---": "<PERSON>",
}


@pytest.mark.parametrize("text", CASES)
def test_initials(text):
    assert initials(text, "PERSON", {}, None) == CASES[text]


@given(st.text(max_size=40))
def test_no_two_letters_of_a_word_are_left(text):
    made = initials(text, "PERSON", {}, None)
    assert made == "<PERSON>" or all(len(part) == 1 for part in made.rstrip(".").split("."))
