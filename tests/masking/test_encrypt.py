"""AES-256-GCM by published vectors; tokens by round trips and damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.errors import StateError
from redactor.keys import find_key, get_key, rotate_key
from redactor.masking.encrypt import TOKEN, decrypt
from redactor.sealing import unseal
from tests.masking.helpers import apply, find, keys

# McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 13 to 15
VECTORS = [
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    (
        "00" * 32, "00" * 12, "00" * 16,
        "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (
        "feffe9928665731c6d6a8f9467308308" * 2, "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
        "b094dac5d93471bdec1a502270e3cc6c",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("key", "nonce", "plain", "cipher", "tag"), VECTORS)
def test_published_vectors(key, nonce, plain, cipher, tag):
    sealed = bytes.fromhex(nonce + cipher + tag)
    assert unseal(bytes.fromhex(key), sealed, "") == bytes.fromhex(plain)


@given(st.text(max_size=200))
def test_every_value_comes_back(text):
    token = apply(text, "X", "encrypt")
    assert TOKEN.fullmatch(token) and decrypt(token, find) == text
    assert "\n" not in token and token.isascii()


def test_bytes_that_are_no_text_come_back():
    assert decrypt(apply("a\udcff", "X", "encrypt"), find) == "a\udcff"


def test_equal_values_have_different_tokens():
    from tests.masking.helpers import decision, masker

    one = masker()
    made = one.replacements([decision("same", "X", "encrypt")] * 5, [])
    assert len(set(made)) == 5 and one.key_ids == {"default": keys("default").id}


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_token_does_not_open(at, by):
    token = apply("Zebulon Quartermaine", "X", "encrypt")
    start = token.index(":", 5) + 1
    at = start + at % (len(token) - 1 - start)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = letters[(letters.index(token[at]) + by) % 64]
    damaged = token[:at] + changed + token[at + 1 :]
    if damaged == token:
        return

    def any_key(name, id_):
        return keys(name)

    try:
        opened = decrypt(damaged, any_key)
    except ValueError:
        return
    # only bits that base64 does not use, or those of the key's id, change nothing
    assert opened == "Zebulon Quartermaine"


def test_a_key_is_found_by_its_version(state_folder):
    from tests.masking.helpers import decision, masker

    token = masker(source=get_key).replacements([decision("value", "X", "encrypt")], [])[0]
    rotate_key("default")
    fresh = masker(source=get_key).replacements([decision("value", "X", "encrypt")], [])[0]
    assert decrypt(token, find_key) == decrypt(fresh, find_key) == "value"
    assert token[:30] != fresh[:30], "the key version's id stands in the token"
    (state_folder / "keys" / "default.1.key").unlink()
    with pytest.raises(StateError, match="another key named default"):
        decrypt(token, find_key)
    assert decrypt(fresh, find_key) == "value"


@pytest.mark.parametrize("text", ["", "[enc:default:abc]", "[enc:Default:" + "A" * 60 + "]"])
def test_what_is_no_token(text):
    with pytest.raises(ValueError, match="not an encrypted token"):
        decrypt(text, find)
