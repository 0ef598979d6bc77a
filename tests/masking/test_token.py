"""Tokens: numbers that tell nothing, one for each value."""

import pytest
from pydantic import ValidationError

from redactor.errors import UsageError
from redactor.policy.params import PARAMS
from redactor.vault import Vault
from tests.masking.helpers import apply, decision, document, masker

PEOPLE = [("Zoe Zimmer", "PERSON"), ("Ann Okafor", "PERSON"), ("ZOE  ZIMMER", "PERSON"),
          ("a@example.com", "EMAIL_ADDRESS")]  # fmt: skip


def test_numbers_follow_the_reading_order_and_begin_anew_in_each_document():
    expected = ["[PERSON_1]", "[PERSON_2]", "[PERSON_1]", "[EMAIL_ADDRESS_1]"]
    assert document(PEOPLE, "token") == expected
    assert document(PEOPLE, "token", doc="another") == expected
    assert document(PEOPLE, "token", label="PATIENT")[:3] == [
        "[PATIENT_1]", "[PATIENT_2]", "[PATIENT_1]",
    ]  # fmt: skip


def test_a_stream_keeps_its_numbers_from_chunk_to_chunk():
    one = masker()
    first = one.replacements([decision("Ann", "PERSON", "token")], [])
    second = one.replacements([decision(n, "PERSON", "token") for n in ("Bob", "Ann")], [])
    assert first + second == ["[PERSON_1]", "[PERSON_2]", "[PERSON_1]"]


def test_the_vault_gives_a_number_once(state_folder):
    with Vault.open() as vault:
        assert apply("Ann", "PERSON", "token", scope="vault", vault=vault) == "[PERSON_1]"
    with Vault.open() as vault:
        assert apply("Bob", "PERSON", "token", scope="vault", vault=vault) == "[PERSON_2]"
        assert apply("ANN", "PERSON", "token", scope="vault", doc="x", vault=vault) == "[PERSON_1]"
        of_case = apply("Ann", "PERSON", "token", scope="case", case="7", vault=vault)
        assert of_case == "[PERSON_3]", "a number is unique in the vault, whatever the scope"
        assert apply("Ann", "PERSON", "token", scope="document", record=True, vault=vault) not in (
            "[PERSON_1]", of_case,
        )  # fmt: skip
        assert vault.find("PERSON_2")[0].payload["text"] == "Bob"


def test_nothing_is_recorded_for_a_document(state_folder):
    document(PEOPLE, "token")
    assert not (state_folder / "vault").exists()


def test_wrong_parameters():
    with pytest.raises(ValidationError, match="need the vault"):
        PARAMS["token"].model_validate({"scope": "vault", "record": False})
    with pytest.raises(ValidationError):
        PARAMS["token"].model_validate({"label": "{x}"})
    with pytest.raises(UsageError, match="--case"):
        apply("Ann", "PERSON", "token", scope="case")
