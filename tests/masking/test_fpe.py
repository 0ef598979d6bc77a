"""FF1 by NIST's published vectors; the operator by round trips and refusals."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recognizers.validators.checksums import luhn
from redactor.errors import StateError, WithheldError
from redactor.masking.fpe import undo_fpe
from redactor.masking.keyed import Keyed
from redactor.vault import Vault
from tests.masking.helpers import apply, find, keys

KEY = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94"
# NIST, "FF1 Samples" (csrc.nist.gov, Cryptographic Standards: Examples), all nine
SAMPLES = [
    (32, 10, "", "0123456789", "2433477484"),
    (32, 10, "39383736353433323130", "0123456789", "6124200773"),
    (32, 36, "3737373770717273373737", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (48, 10, "", "0123456789", "2830668132"),
    (48, 10, "39383736353433323130", "0123456789", "2496655549"),
    (48, 36, "3737373770717273373737", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (64, 10, "", "0123456789", "6657667009"),
    (64, 10, "39383736353433323130", "0123456789", "1001623463"),
    (64, 36, "3737373770717273373737", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]


@pytest.mark.parametrize(("length", "radix", "tweak", "plain", "cipher"), SAMPLES)
def test_the_library_passes_nists_samples(length, radix, tweak, plain, cipher):
    from ffx import FF1

    ff1 = FF1(bytes.fromhex(KEY[:length]), radix=radix)
    assert ff1.encrypt(plain, tweak=bytes.fromhex(tweak)) == cipher
    assert ff1.decrypt(cipher, tweak=bytes.fromhex(tweak)) == plain


def test_a_value_of_digits_is_plain_ff1_under_the_derived_key():
    from ffx import FF1

    ff1 = FF1(keys("default").derive("fpe"), radix=10)
    expected = ff1.encrypt("5551234567", tweak=b"PHONE_NUMBER\0")
    made = apply("(555) 123-4567", "PHONE_NUMBER", "fpe", record=False)
    assert re.sub(r"\D", "", made) == expected and re.fullmatch(r"\(\d{3}\) \d{3}-\d{4}", made)


class Noted(Keyed):
    """Keeps the recipe instead of writing it to a vault."""

    def note(self, manner, original, replacement, **said):
        self.recipe = said["recipe"]


def round_trip(text, **params):
    from redactor.masking.fpe import fpe

    keyed = Noted(keys, "doc")
    made = fpe(text, "X", {"record": True, **params}, keyed)
    return made, undo_fpe(made, keyed.recipe, find) if hasattr(keyed, "recipe") else None


def form(text):
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"[0-9]", "0", text)))


@given(st.from_regex(r"[0-9]{6,19}", fullmatch=True), st.booleans())
def test_digits_come_back(text, with_check_digit):
    made, back = round_trip(text, luhn=with_check_digit)
    if back is None:
        assert made == "<X>" and (len(text) < 7 or made != text)
    else:
        assert back == text and len(made) == len(text) and made != text


@given(st.from_regex(r"[A-Z]{2}[- ]?[0-9a-z]{4,12}[./]?[A-Za-z0-9]{1,6}", fullmatch=True))
def test_letters_and_digits_keep_their_form_and_come_back(text):
    made, back = round_trip(text)
    assert back == text and form(made) == form(text) and made != text


@given(st.from_regex(r"[0-9]{12,18}", fullmatch=True))
def test_a_right_check_digit_stays_right(body):
    from redactor.masking.numbers import luhn_digit

    card = body + luhn_digit(body)
    made, back = round_trip(card, luhn=True)
    assert luhn(made) and back == card
    wrong = body + str((int(card[-1]) + 3) % 10)
    made, back = round_trip(wrong, luhn=True)
    assert not luhn(made) and back == wrong


@given(st.lists(st.from_regex(r"[0-9]{7}", fullmatch=True), unique=True, min_size=2, max_size=50))
def test_no_two_values_share_a_ciphertext(values):
    assert len({apply(value, "X", "fpe", record=False) for value in values}) == len(values)


@pytest.mark.parametrize("text", ["12345", "AB12", "ABCD", "Müller 1234567", "1234567²", "", "---"])
def test_short_or_strange_values_take_the_fallback(text):
    assert apply(text, "X_Y", "fpe") == "<X_Y>"
    assert apply(text, "X_Y", "fpe", fallback="redact") == ""
    masked = apply(text, "X_Y", "fpe", fallback="mask")
    assert not any(char.isalnum() for char in masked) and len(masked) == len(text)
    with pytest.raises(WithheldError, match="X_Y") as caught:
        apply(text, "X_Y", "fpe", fallback="withhold")
    assert not text or text not in str(caught.value)


def test_limits_of_the_domain():
    assert apply("999999", "X", "fpe", record=False) != "<X>"  # 10**6 values
    assert apply("999999", "X", "fpe", luhn=True) == "<X>"  # 10**5 with a check digit
    assert apply("AB12", "X", "fpe") == "<X>"  # 26**2 * 10**2
    assert apply("ABC123", "X", "fpe", record=False) != "<X>"  # 26**3 * 10**3
    assert apply("ABC123", "X", "fpe", alphabet="digits") == "<X>"
    assert apply("ABC1234567", "X", "fpe", luhn=True) == "<X>"


def test_type_scope_and_key_are_part_of_it():
    made = {
        apply("5551234567", "A", "fpe", record=False),
        apply("5551234567", "B", "fpe", record=False),
        apply("5551234567", "A", "fpe", record=False, key="other"),
        apply("5551234567", "A", "fpe", record=False, scope="document"),
        apply("5551234567", "A", "fpe", record=False, scope="case", case="7"),
        apply("5551234567", "A", "fpe", record=False, scope="case", case="8"),
    }
    assert len(made) == 6


def test_digits_of_other_scripts_stay_of_their_script():
    made, back = round_trip("١٢٣٤٥٦٧٨")
    assert back == "١٢٣٤٥٦٧٨" and all("٠" <= char <= "٩" for char in made)


def test_the_vault_holds_no_value_and_the_key_is_needed(state_folder):
    with Vault.open() as vault:
        made = apply("987-65-4329", "US_SSN", "fpe", vault=vault)
        (found,) = vault.find(made)
        assert "text" not in found.payload and "987" not in str(found.payload)
        assert vault.find(made.replace("-", " "))[0].payload == found.payload
        assert undo_fpe(made, found.payload, find) == "987-65-4329"
        from redactor.keys import find_key

        with pytest.raises(StateError, match="is not here"):
            undo_fpe(made, found.payload, find_key)


@given(st.text(min_size=1, max_size=12))
def test_no_value_survives(text):
    assume(any(char.isalnum() for char in text))
    made = apply(text, "X", "fpe", record=False)
    assert made != text
