"""The vault: nothing in clear, no two values with one pseudonym, safe with many writers."""

import sqlite3
import stat
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.errors import StateError
from redactor.keys import get_key, rotate_key
from redactor.vault import Vault, maintain
from redactor.vault.database import default_path
from redactor.vault.marks import TOKEN, squash

SECRET = "Zebulon Quartermaine"


def remember(vault, value=SECRET, core="pat lee", scope="", operator="pseudonym"):
    made = vault.assign("name", scope, value, lambda attempt: core if attempt == 0 else None)
    vault.note(made, operator=operator, entity="PERSON", scope=scope, payload={"text": value})
    vault.commit()
    return made


def raw(path):
    return b"".join(p.read_bytes() for p in path.parent.iterdir())


def test_values_and_pseudonyms_are_sealed_and_owner_only(state_folder):
    with Vault.open() as vault:
        remember(vault)
        path = default_path()
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        data = raw(path).lower()
        for part in (b"zebulon", b"quartermaine", b"pat lee", b"7a6562756c6f6e"):
            assert part not in data
        assert "Zebulon" not in repr(vault.find("pat lee"))


def test_what_was_noted_is_found_again(state_folder):
    with Vault.open() as vault:
        remember(vault)
    with Vault.open(create=False) as vault:
        (found,) = vault.find("pat lee")
        assert (found.operator, found.entity, found.exact) == ("pseudonym", "PERSON", True)
        assert found.payload == {"text": SECRET, "lead": "", "tail": ""}
        (loose,) = vault.find("PAT\n LEE")
        assert loose.payload["text"] == SECRET and not loose.exact
        assert vault.find("pat leo") == []
        prefixes = vault.shapes()
        assert prefixes[vault.marks.prefix("patl")] == {6}


def test_a_value_keeps_its_pseudonym_and_no_two_share_one(state_folder):
    names = ["alpha", "beta", "gamma", "delta"]
    with Vault.open() as vault:
        first = vault.assign("name", "", "one", lambda attempt: names[attempt % 4])
        second = vault.assign("name", "", "two", lambda attempt: names[attempt % 4])
        assert (first, second) == ("alpha", "beta")
        other = vault.assign("name", "case", "one", lambda attempt: names[attempt % 4])
        assert other == "gamma"
        vault.commit()
    with Vault.open() as vault:
        assert vault.assign("name", "", "two", lambda attempt: "never asked") == "beta"
        alias = vault.assign(
            "name", "", "two", lambda attempt: names[attempt % 4], unwanted={"beta"}.__contains__
        )
        assert alias == "delta"
        assert vault.assign("name", "", "two", names.__getitem__) == "beta"
        with pytest.raises(StateError, match="no name pseudonym is free"):
            vault.assign("name", "", "three", lambda attempt: names[attempt % 4])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=60, unique=True), st.data())
def test_assignments_are_injective_and_the_snapshot_knows_no_order(values, data):
    import random
    import tempfile
    from pathlib import Path

    def propose(value):
        draws = random.Random(value)
        cores = [str(draws.randrange(200)) for _ in range(4000)]
        return cores.__getitem__

    with tempfile.TemporaryDirectory() as folder, Vault.open(Path(folder) / "v") as vault:
        made = {value: vault.assign("n", "", value, propose(value)) for value in values}
        vault.commit()
        assert len(set(made.values())) == len(values)
        snapshot = vault.snapshot
        for value in data.draw(st.permutations(values)):
            assert vault.assign("n", "", value, propose(value)) == made[value]
        vault.commit()
        assert vault.snapshot == snapshot


def test_numbers_are_never_given_twice(state_folder):
    with Vault.open() as vault:
        assert [vault.number("", "PERSON") for _ in range(3)] == [1, 2, 3]
        assert vault.number("other", "PERSON") == 1
        vault.commit()
    with Vault.open() as vault:
        assert vault.number("", "PERSON") == 4


def test_what_was_not_committed_is_not_there(state_folder):
    with Vault.open() as vault:
        before = vault.snapshot
        vault.assign("name", "", "one", lambda attempt: "alpha")
        vault.rollback()
        assert vault.snapshot == before
        assert vault.assign("name", "", "two", lambda attempt: "alpha") == "alpha"
    with Vault.open() as vault:
        assert maintain.stats(vault).values == 0


def test_a_dry_vault_keeps_nothing(state_folder):
    with Vault.open(dry=True) as vault:
        assert vault.assign("name", "", "one", lambda attempt: "alpha") == "alpha"
        vault.commit()
    assert not default_path().exists()
    with Vault.open() as vault:
        remember(vault)
    with Vault.open(dry=True) as vault:
        assert vault.assign("name", "", SECRET, lambda attempt: None) == "pat lee"
        vault.assign("name", "", "one", lambda attempt: "alpha")
        vault.commit()
    with Vault.open() as vault:
        assert maintain.stats(vault).values == 1


WRITER = """
import sys
from redactor.vault import Vault
me = int(sys.argv[1])
with Vault.open() as vault:
    for chunk in range(20):
        for n in range(25):
            value = f"value {(chunk * 25 + n + me * 7) % 500}"
            number = int(value.split()[1])
            made = vault.assign(
                "n", "", value, lambda attempt: f"core {(number * 31 + attempt) % 997}"
            )
            vault.note(made, operator="pseudonym", entity="X", scope="", payload={"text": value})
        vault.commit()
"""


def test_many_writers_agree(state_folder):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(n)]) for n in range(4)]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    with Vault.open() as vault:
        seen = {vault.assign("n", "", f"value {n}", lambda a: None) for n in range(500)}
        assert len(seen) == 500
        counted = maintain.stats(vault)
        assert (counted.values, counted.replacements) == (500, 500)
        for core in list(seen)[:50]:
            assert len(vault.find(core)) == 1


def test_rotation_keeps_everything_readable(state_folder):
    with Vault.open() as vault:
        remember(vault)
        late = Vault.open()  # a process that was there before
        snapshot = vault.snapshot
        old_root = get_key("vault").id
        rotate_key("vault")
        sealed = vault.connection.execute("SELECT sealed FROM spellings").fetchone()
        version, rows = maintain.rotate(vault)
        assert (version, rows) == (2, 2)
        assert vault.connection.execute("SELECT sealed FROM spellings").fetchone() != sealed
        assert vault.snapshot == snapshot and vault.find("pat lee")[0].payload["text"] == SECRET
        late.find("pat lee")
        remember(late, "another", "sam poe")
        late.close()
        counted = maintain.stats(vault)
        assert dict(counted.keys) == {2: 4} and counted.root == get_key("vault").id != old_root
    (state := default_path().parent.parent / "keys" / "vault.1.key").unlink()
    assert not state.exists()
    with Vault.open(create=False) as vault:
        assert vault.find("sam poe")[0].payload["text"] == "another"


def test_a_rotation_that_is_cut_short_is_finished_by_the_next(state_folder, monkeypatch):
    monkeypatch.setattr(maintain, "_BATCH", 2)
    with Vault.open() as vault:
        for n in range(6):
            remember(vault, f"value {n}", f"core {n}")

        def stop(done):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            maintain.rotate(vault, stop)
    with Vault.open() as vault:
        assert len(maintain.stats(vault).keys) == 2
        assert all(vault.find(f"core {n}") for n in range(6))
        maintain.rotate(vault)
        assert list(maintain.stats(vault).keys) == [3]
        assert all(vault.find(f"core {n}") for n in range(6))


def test_purge_removes_bytes_and_leaves_the_rest(state_folder):
    with Vault.open() as vault:
        remember(vault, "one", "alpha")
        keep = vault.snapshot
        remember(vault, "two", "omega", scope="case 7")
        sealed = vault.connection.execute(
            "SELECT sealed FROM spellings WHERE scope = ?", (vault.marks.scope("case 7"),)
        ).fetchone()[0]
        assert sealed in raw(default_path())
        assert maintain.purge(vault, scope="case 7") == 1
        assert sealed not in raw(default_path())
        assert vault.snapshot == keep and not vault.find("omega") and vault.find("alpha")
        assert maintain.purge(vault, before=date.today() - timedelta(days=2)) == 0
        assert maintain.purge(vault, matches=lambda payload: payload["text"] == "nobody") == 0
        assert maintain.purge(vault, matches=lambda payload: payload["text"] == "one") == 1
        assert maintain.purge(vault) == 0
        assert [g.count for g in maintain.groups(vault)] == []


def test_a_vault_of_another_key_is_refused(state_folder):
    with Vault.open() as vault:
        remember(vault)
    (state_folder / "keys" / "vault.key").write_text("33" * 32)
    with pytest.raises(StateError, match="another key named vault"):
        Vault.open()
    (state_folder / "keys" / "vault.key").unlink()
    with pytest.raises(StateError, match="is not here"):
        Vault.open()
    assert not (state_folder / "keys" / "vault.key").exists(), "no new key beside an old vault"


@pytest.mark.parametrize("damage", ["garbage", "other", "newer", "emptied", "open", "link"])
def test_files_that_are_no_good_vault_are_refused(state_folder, damage):
    with Vault.open() as vault:
        remember(vault)
    path = default_path()
    if damage == "garbage":
        path.write_bytes(b"not a database at all, but long enough to be taken for one" * 99)
    elif damage == "other":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE t (x)")
        path.chmod(0o600)
    elif damage == "newer":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version=99")
    elif damage == "emptied":
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM keys")
    elif damage == "open":
        path.chmod(0o644)
    else:
        path.rename(path.with_name("real"))
        path.symlink_to(path.with_name("real"))
    expected = {
        "garbage": "damaged", "other": "no redactor vault", "newer": "upgrade",
        "emptied": "damaged", "open": "chmod 600", "link": "regular file",
    }  # fmt: skip
    with pytest.raises(StateError, match=expected[damage]) as caught:
        Vault.open()
    assert str(path) not in str(caught.value)


def test_a_changed_entry_does_not_open(state_folder):
    with Vault.open() as vault:
        remember(vault)
        remember(vault, "another", "sam poe")
        one, two = vault.connection.execute("SELECT exact, sealed FROM spellings").fetchall()
        vault.connection.execute(
            "UPDATE spellings SET sealed = ? WHERE exact = ?", (two[1], one[0])
        )
        with pytest.raises(StateError, match="changed or is damaged"):
            [vault.find(name) for name in ("pat lee", "sam poe")]


def test_a_missing_vault_is_told(state_folder, tmp_path):
    with pytest.raises(StateError, match="there is no vault"):
        Vault.open(create=False)
    with pytest.raises(StateError, match="there is no vault"):
        Vault.open(tmp_path / "nothing", create=False)
    with pytest.raises(StateError, match="cannot be opened"):
        Vault.open(tmp_path / "no folder" / "vault")


def test_a_locked_vault_is_told(state_folder):
    with Vault.open() as vault:
        remember(vault)
        other = Vault.open(busy_seconds=0.1)
        vault.assign("name", "", "one", lambda attempt: "alpha")
        with pytest.raises(StateError, match="another process holds it"):
            other.assign("name", "", "two", lambda attempt: "beta")
        other.close()


def test_a_full_disk_leaves_the_vault_as_it_was(state_folder):
    with Vault.open() as vault:
        remember(vault)
        before = vault.snapshot
        pages = vault.connection.execute("PRAGMA page_count").fetchone()[0]
        vault.connection.execute(f"PRAGMA max_page_count={pages + 2}")
        with pytest.raises(StateError, match="free some disk space"):
            for n in range(5000):
                vault.note(
                    f"core {n}", operator="o", entity="E", scope="", payload={"text": "x" * 500}
                )
            vault.commit()
        vault.rollback()
        assert vault.snapshot == before and vault.find("pat lee")


def test_tokens_and_squash():
    assert TOKEN.findall("Ann-Lee o'Neil_7, 王小明 शर्मा") == [
        "Ann", "Lee", "o", "Neil", "7", "王", "小", "明", "शर्मा",
    ]  # fmt: skip
    assert squash("Ａnn-LEE 7") == "annlee7"
