"""Keys: where they come from, their versions, and every way in which they can be wrong."""

import os
import stat

import pytest

from redactor.errors import StateError
from redactor.keys import find_key, get_key, key_id, key_versions, list_keys, rotate_key

ONE, TWO = "11" * 32, "22" * 32


def test_made_once_and_owner_only(state_folder):
    assert get_key("default") == get_key("default")
    (path,) = (state_folder / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret" not in repr(get_key("default"))


def test_environment_before_file_before_state_folder(monkeypatch, tmp_path):
    made = get_key("default").id
    mounted = tmp_path / "mounted"
    mounted.write_text(TWO)
    mounted.chmod(0o400)
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT__FILE", str(mounted))
    assert get_key("default").id == key_id(bytes.fromhex(TWO)) != made
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT", ONE)
    assert get_key("default").id == key_id(bytes.fromhex(ONE))


@pytest.mark.parametrize("value", ["", "11" * 31, "11" * 33, "zz" * 32, "c2hvcnQ="])
def test_a_key_of_wrong_length_is_refused(monkeypatch, value, state_folder):
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT", value)
    with pytest.raises(StateError, match="32 bytes") as caught:
        get_key("default")
    assert not value or value not in str(caught.value)
    monkeypatch.delenv("REDACTOR_KEY_DEFAULT")
    get_key("mine")
    (state_folder / "keys" / "mine.key").write_text(value)
    with pytest.raises(StateError, match="32 bytes"):
        get_key("mine")


def test_a_key_that_others_can_read_is_refused(monkeypatch, tmp_path, state_folder):
    get_key("default")
    (state_folder / "keys" / "default.key").chmod(0o604)
    with pytest.raises(StateError, match="chmod 600"):
        get_key("default")
    mounted = tmp_path / "mounted"
    mounted.write_text(ONE)
    mounted.chmod(0o644)
    monkeypatch.setenv("REDACTOR_KEY_MINE__FILE", str(mounted))
    with pytest.raises(StateError, match="chmod 600"):
        get_key("mine")
    monkeypatch.setenv("REDACTOR_KEY_MINE__FILE", str(tmp_path / "missing"))
    with pytest.raises(StateError, match="cannot be read") as caught:
        get_key("mine")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_key_file_is_told(state_folder):
    get_key("default")
    (state_folder / "keys" / "default.key").chmod(0o000)
    with pytest.raises(StateError, match="cannot be read"):
        get_key("default")


def test_a_lost_key_is_not_replaced_by_a_new_one(state_folder):
    get_key("default")
    rotate_key("default")
    (state_folder / "keys" / "default.key").unlink()
    with pytest.raises(StateError, match="missing"):
        get_key("default")


def test_rotation_keeps_every_version_findable(state_folder):
    first = get_key("default")
    old, second = rotate_key("default")
    assert old == first and second.id != first.id
    rotate_key("default")
    third = get_key("default")
    assert [key.id for key in key_versions("default")] == [third.id, second.id, first.id]
    assert find_key("default", first.id) == first
    with pytest.raises(StateError, match="another key named default"):
        find_key("default", "0" * 16)
    with pytest.raises(StateError, match="is not here"):
        find_key("other", first.id)
    assert [(held.version, held.current) for held in list_keys()] == [
        (1, False), (2, False), (3, True),
    ]  # fmt: skip
    for path in (state_folder / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_crash_in_the_middle_of_a_rotation_leaves_the_old_key_current(monkeypatch):
    first = get_key("default")
    with monkeypatch.context() as patch:
        patch.setattr("redactor.keys.write_private", _fail)
        with pytest.raises(StateError, match="still current"):
            rotate_key("default")
    assert get_key("default") == first and len(key_versions("default")) == 1
    rotate_key("default")
    assert find_key("default", first.id) == first


def _fail(path, data):
    raise OSError(28, "No space left on device")


def test_keys_of_the_environment_are_rotated_there(monkeypatch):
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT", ONE)
    with pytest.raises(StateError, match="REDACTOR_KEY_DEFAULT__1"):
        rotate_key("default")
    monkeypatch.setenv("REDACTOR_KEY_DEFAULT__1", TWO)
    assert [key.id for key in key_versions("default")] == [
        key_id(bytes.fromhex(ONE)), key_id(bytes.fromhex(TWO)),
    ]  # fmt: skip
    assert {held.source for held in list_keys()} == {"environment"}


@pytest.mark.parametrize("name", ["audit-signing", "auditor", "workspace"])
def test_keys_that_history_hangs_on_are_not_rotated(name):
    get_key(name)
    with pytest.raises(StateError, match="not rotated"):
        rotate_key(name)


def test_the_keyring_holds_versions_too(monkeypatch):
    keyring = pytest.importorskip("keyring")
    held = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: held.get(name))
    monkeypatch.setattr(keyring, "set_password", lambda s, name, value: held.update({name: value}))
    monkeypatch.setenv("REDACTOR_KEYRING", "1")
    first = get_key("default")
    _, second = rotate_key("default")
    assert set(held) == {"default", "default.1"}
    assert find_key("default", first.id) == first and get_key("default") == second
