"""Operators: nothing of the value survives, equal values stay equal, shapes are kept."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizers.validators import VALIDATORS
from redactor.keys import Key, key_id
from redactor.masking import OPERATORS, Masker
from redactor.policy.model import Policy
from redactor.policy.params import PARAMS
from redactor.values import Decision, Finding, Source, Span, Verdict, Why


def keys(name):
    secret = hashlib.sha256(name.encode()).digest()
    return Key(name, key_id(secret), secret)


def decision(text, entity, operator, params):
    finding = Finding("u", Span(0, max(len(text), 1)), entity, 0.5, "r", Why(Source.PATTERN), text)
    return Decision(finding, Verdict.REDACT, operator, params)


def apply(text, entity="PERSON", operator="pseudonym", scope="s", source=keys, **params):
    masker = Masker(Policy("p", "h"), scope=scope, key_source=source)
    return masker.replacement(decision(text, entity, operator, params))


values = st.text(min_size=1, max_size=40)
entities = st.sampled_from(["PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "US_SSN",
                            "IBAN_CODE", "IP_ADDRESS", "MAC_ADDRESS", "URL", "DATE_OF_BIRTH",
                            "USERNAME", "LOCATION", "OTHER"])  # fmt: skip


def test_the_table_holds_every_operator_of_the_policy():
    assert set(OPERATORS) | {"keep"} == set(PARAMS)


@given(values)
def test_redact_and_replace(text):
    assert apply(text, operator="redact") == ""
    assert apply(text, "X_Y", "replace") == "<X_Y>"
    assert apply(text, "X_Y", "replace", new_value="[{entity}] gone") == "[X_Y] gone"


@given(values, st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_mask_keeps_length_and_at_most_half(text, first, last, separators):
    masked = apply(
        text, operator="mask", keep_first=first, keep_last=last, keep_separators=separators
    )
    assert len(masked) == len(text)
    shown = [a for a, b in zip(text, masked, strict=True) if a == b and a != "*"]
    content = [c for c in shown if c.isalnum() or not (c.isascii() or c.isspace())]
    total = [c for c in text if c.isalnum() or not (c.isascii() or c.isspace())]
    if separators and total:
        assert len(content) <= max(len(total) // 2, 0)
        assert len(content) <= first + last


def test_mask_shows_the_last_four_of_a_card():
    assert apply("4111 1111 1111 1111", "CREDIT_CARD", "mask", keep_last=4) == "**** **** **** 1111"
    assert apply("1234", "CREDIT_CARD", "mask", keep_last=4) == "****"


@given(values)
def test_hash_is_keyed_and_consistent(text):
    digest = apply(text, operator="hash")
    assert re.fullmatch(r"[0-9a-f]{16}", digest)
    assert digest == apply(text, operator="hash", scope="other document")
    assert digest != apply(text, operator="hash", key="another")
    assert len(apply(text, operator="hash", length=40)) == 40


@settings(max_examples=300, deadline=None)
@given(values, entities)
def test_pseudonyms_are_a_function_of_value_key_and_scope(text, entity):
    made = apply(text, entity)
    assert made == apply(text, entity)
    assert made == apply(text, entity, scope="another document")
    if any(char.isalnum() for char in text):
        assert made != text
    here = Masker(Policy("p", "h"), "one", keys).replacement(
        decision(text, entity, "pseudonym", {"scope": "document"})
    )
    again = Masker(Policy("p", "h"), "one", keys).replacement(
        decision(text, entity, "pseudonym", {"scope": "document"})
    )
    assert here == again


def test_spellings_of_one_value_have_one_pseudonym():
    assert apply("4111 1111 1111 1111", "CREDIT_CARD").replace(" ", "") == apply(
        "4111111111111111", "CREDIT_CARD"
    )
    shown = apply("Jane@Example.com", "EMAIL_ADDRESS")
    assert shown.lower() == apply("jane@example.com", "EMAIL_ADDRESS") and shown[0].isupper()
    assert apply("a-b@example.com", "EMAIL_ADDRESS") != apply("ab@example.com", "EMAIL_ADDRESS")


def test_a_family_name_stays_one_name():
    alone, whole, shouted = apply("Okafor"), apply("Ann Okafor"), apply("OKAFOR")
    assert whole.split()[1] == alone
    assert shouted == alone.upper()
    assert apply("J. Okafor") != "J. " + alone or apply("J. Okafor").endswith(alone)


def test_types_and_shapes_are_kept_where_nobody_real_can_be_hit():
    card = apply("4111-1111-1111-1111", "CREDIT_CARD")
    assert re.fullmatch(r"9\d{3}-\d{4}-\d{4}-\d{4}", card) and VALIDATORS["credit_card"](card)
    iban = apply("GB82 WEST 1234 5698 7654 32", "IBAN_CODE")
    assert iban[:2] == "GB" and VALIDATORS["iban"](iban) and len(iban) == 27
    assert re.fullmatch(r"9\d\d-\d\d-\d{4}", apply("987-65-4329", "US_SSN"))
    assert 240 <= int(apply("203.0.113.7", "IP_ADDRESS").split(".")[0]) <= 255
    assert apply("2001:db8::7", "IP_ADDRESS").startswith("2001:db8:")
    assert apply("203.0.113.7/24", "IP_ADDRESS").endswith("/24")
    mac = apply("00:1B:44:11:3A:B7", "MAC_ADDRESS")
    assert re.fullmatch(r"[0-9A-F]2(:[0-9A-F]{2}){5}", mac)
    assert re.fullmatch(r"[a-z]+@[a-z]+\.example", apply("jane@example.com", "EMAIL_ADDRESS"))
    assert apply("https://example.com/a", "URL").startswith("https://")
    day, month, year = map(int, apply("12/03/1980", "DATE_OF_BIRTH").split("/"))
    assert 1 <= day <= 12 and 1 <= month <= 12 and 1935 <= year < 2000


def test_many_values_have_many_pseudonyms():
    addresses = {apply(f"203.0.{a}.{b}", "IP_ADDRESS") for a in range(20) for b in range(100)}
    assert len(addresses) == 2000
    assert len({apply(f"user{n}@example.com", "EMAIL_ADDRESS") for n in range(2000)}) == 2000


def test_key_ids_are_told_and_unknown_operators_refused():
    masker = Masker(Policy("p", "h"), key_source=keys)
    masker.replacement(decision("x", "PERSON", "hash", {"key": "mine"}))
    assert masker.key_ids == {"mine": keys("mine").id}
    with pytest.raises(ValueError, match="no replacement"):
        masker.replacement(decision("x", "PERSON", "keep", {}))


def test_keys_are_made_once_and_owner_only(state_folder):
    first = Masker(Policy("p", "h")).replacement(decision("Ann", "PERSON", "hash", {}))
    second = Masker(Policy("p", "h")).replacement(decision("Ann", "PERSON", "hash", {}))
    assert first == second
    (file,) = (state_folder / "keys").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_keys_come_from_the_environment(monkeypatch, state_folder):
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT", "11" * 32)
    one = Masker(Policy("p", "h")).replacement(decision("Ann", "PERSON", "hash", {}))
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT", "22" * 32)
    assert one != Masker(Policy("p", "h")).replacement(decision("Ann", "PERSON", "hash", {}))
    assert not (state_folder / "keys").exists()
