"""The trail tells of every change; recovery closes what a killed run left."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from redactor.audit import Ledger, Prepared, recover, verify
from redactor.audit.fingerprints import Epoch, is_guessable
from redactor.errors import StateError
from redactor.values import Outcome, Run

RUN = Run("policy-hash", {"redactor": "0"}, {"default": "id"}, "ab" * 32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


def fill(path, items=4):
    with Ledger.open(path) as ledger:
        for number in range(items):
            item = ledger.new_item()
            prints = {
                "EMAIL_ADDRESS": [ledger.fingerprint("EMAIL_ADDRESS", f"jane{number}@example.com")]
            }
            counts = {"EMAIL_ADDRESS": {"redact/replace": 1}}
            ledger.chunk(Prepared(item, 0, RUN, "cd" * 32, counts, prints))
            seq = ledger.prepared(
                Prepared(item, None, RUN, "cd" * 32), destination=path.parent / "o"
            )
            ledger.released(seq, Outcome.RELEASED)
    return path


def tamper(path, *statements):
    """As somebody with a SQLite shell would: the triggers go first."""
    connection = sqlite3.connect(path)
    for trigger in ("rows_stay", "rows_hold"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def problems(path, anchor=None):
    return "; ".join(verify(path, anchor).problems)


def test_an_untouched_ledger_verifies(path):
    result = verify(fill(path))
    assert result.passed and result.rows == 14 and result.provable == 14
    assert result.anchored is None


def test_the_database_refuses_changes(path):
    fill(path)
    connection = sqlite3.connect(path)
    for statement in (
        "DELETE FROM rows WHERE seq = 3",
        "UPDATE rows SET body = '{}' WHERE seq = 3",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


CHANGES = {
    "edit": (["UPDATE rows SET body = replace(body, 'released', 'withheld') WHERE seq = 5"], "row 5 was changed"),
    "edit of the outcome": (["UPDATE rows SET kind = 'closed' WHERE seq = 6"], "row 6 was changed"),
    "deletion": (["DELETE FROM rows WHERE seq = 5"], "rows 5 to 5 are missing"),
    "deletion, renumbered": (
        ["DELETE FROM rows WHERE seq = 5", "UPDATE rows SET seq = -seq WHERE seq > 5",
         "UPDATE rows SET seq = -seq - 1 WHERE seq < 0"],
        "does not follow",
    ),
    "reorder": (
        ["UPDATE rows SET seq = -5 WHERE seq = 5", "UPDATE rows SET seq = 5 WHERE seq = 6",
         "UPDATE rows SET seq = 6 WHERE seq = -5"],
        "does not follow",
    ),
    "insertion": (
        ["UPDATE rows SET seq = -seq WHERE seq > 5", "UPDATE rows SET seq = -seq + 1 WHERE seq < 0",
         "INSERT INTO rows SELECT 6, time, kind, item, body, prev, hash, signature FROM rows WHERE seq = 5"],
        "does not follow",
    ),
    "truncation at a commit": (["DELETE FROM rows WHERE seq > 11"], "missing: truncated"),
    "truncation inside a commit": (["DELETE FROM rows WHERE seq > 12"], "truncated"),
    "everything": (["DELETE FROM rows"], "empty"),
    "signature": (["UPDATE rows SET signature = NULL"], "carry no signature"),
    "first row": (["DELETE FROM rows WHERE seq = 1"], "missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_reported(path, name):
    statements, words = CHANGES[name]
    tamper(fill(path), *statements)
    assert words in problems(path)


def rebuilt(path):
    """Rows after 5 replaced by others, chained and signed anew, checkpoints included."""
    other = path.parent / "other"
    other.mkdir()
    shutil.copy(path, other / path.name)
    tamper(other / path.name, "DELETE FROM rows WHERE seq > 5", "DELETE FROM open")
    fill(other / path.name, items=5)
    return other / path.name


def test_only_an_anchor_tells_of_a_rebuild_with_the_key(path, tmp_path):
    fill(path)
    anchor = tmp_path / "anchor.json"
    with Ledger.open(path) as ledger:
        checkpoint = ledger.checkpoint()
    anchor.write_text(
        json.dumps({name: getattr(checkpoint, name) for name in checkpoint.__slots__}) + "\n"
    )
    assert verify(path, anchor).anchored == 14
    copy = rebuilt(path)
    assert "had a checkpoint" not in problems(copy)
    assert "row 14 is not the one its anchor was made of" in problems(copy, anchor)
    fill(path)
    assert verify(path, anchor).passed  # a longer ledger still holds the anchored row
    with pytest.raises(StateError):
        verify(path, tmp_path / "none.json")


def test_another_key_is_told(path, monkeypatch):
    fill(path)
    monkeypatch.setenv("REDACTOR_KEY_AUDIT_SIGNING", "33" * 32)
    assert "another" in problems(path)


def test_rows_hold_no_value_and_no_path(path):
    fill(path)
    data = b"".join(p.read_bytes() for p in path.parent.rglob("*") if p.is_file())
    assert b"jane" not in data and str(path.parent).encode() not in data


def test_fingerprints_join_and_tell_nothing(path):
    with Ledger.open(path) as ledger:
        first = ledger.fingerprint("EMAIL_ADDRESS", "Jane@example.com")
        assert first == ledger.fingerprint("EMAIL_ADDRESS", "jane@example.com")
        assert first != ledger.fingerprint("URL", "jane@example.com")
        assert ledger.fingerprint("DATE_OF_BIRTH", "12/03/1980") is None
        assert ledger.fingerprint("PERSON", "Ann") is None
    with Ledger.open(path) as ledger:  # the same month, another run: the epoch is joined
        assert first == ledger.fingerprint("EMAIL_ADDRESS", "jane@example.com")
    assert Epoch("x", b"1" * 32).fingerprint("EMAIL_ADDRESS", "jane@example.com") != first
    assert is_guessable("AGE", "45") and not is_guessable("US_SSN", "987-65-4329")


def test_destroying_an_epoch_key_is_erasure(path):
    with Ledger.open(path) as ledger:
        first = ledger.fingerprint("EMAIL_ADDRESS", "jane@example.com")
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM epochs")
    connection.commit()
    connection.close()
    with Ledger.open(path) as ledger:
        assert ledger.fingerprint("EMAIL_ADDRESS", "jane@example.com") != first
    assert verify(path).passed


def test_a_machine_that_only_writes_cannot_look_up(path, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    public = X25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    monkeypatch.setenv("REDACTOR_AUDITOR_PUBLIC", public)
    seen = set()
    for _ in range(2):
        with Ledger.open(path) as ledger:
            seen.add(ledger.fingerprint("EMAIL_ADDRESS", "jane@example.com"))
    assert len(seen) == 2  # each run has an epoch of its own


def test_recovery_leaves_living_runs_alone(path, tmp_path):
    with Ledger.open(path) as alive:
        item = alive.new_item()
        alive.prepared(Prepared(item, None, RUN, "00"), destination=tmp_path / "x", temporary=None)
        with Ledger.open(path) as other:
            assert recover(other) == []
        alive.closed(item, Outcome.WITHHELD, "changed my mind")
    with Ledger.open(path) as later:
        assert recover(later) == []
    assert verify(path).passed


def test_groups_are_committed_and_the_clock_is_utc(path):
    moments = iter([datetime(2026, 1, 1, tzinfo=UTC)] * 1000)
    with Ledger.open(path, clock=lambda: next(moments)) as ledger:
        item = ledger.new_item()
        for number in range(200):
            ledger.chunk(Prepared(item, number, RUN, "00"))
        reader = sqlite3.connect(path)
        (committed,) = reader.execute("SELECT count(*) FROM rows").fetchone()
        reader.close()
        assert 1 < committed <= 201
    assert verify(path).rows == 201
    connection = sqlite3.connect(path)
    assert {t for (t,) in connection.execute("SELECT time FROM rows")} == {
        "2026-01-01T00:00:00.000+00:00"
    }
    connection.close()


def test_a_planted_ledger_is_refused(tmp_path):
    open_to_all = tmp_path / "ledger.sqlite"
    open_to_all.touch(0o666)
    Path(open_to_all).chmod(0o666)
    with pytest.raises(StateError, match="writable by others"):
        Ledger.open(open_to_all)


def test_command_line(cli, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("mail jane.roe@example.com")
    assert cli("audit", "verify", code=2).stderr
    cli("redact", source, "-o", "b.txt", code=0)
    assert b"intact" in cli("audit", "verify", code=0).stdout
    assert b"released" in cli("audit", "show", code=0).stdout
    rows = [json.loads(line) for line in cli("audit", "export", code=0).stdout.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    table = cli("audit", "export", "--format", "csv", code=0).stdout.decode().splitlines()
    assert len(table) == len(rows) + 1
    cli("audit", "anchor", "anchor.json", code=0)
    assert b"anchor vouches" in cli("audit", "verify", "--anchor", "anchor.json", code=0).stdout
    cli("audit", "anchor", "anchor.json", code=2)


def test_many_fingerprints_are_those_of_each_one():
    from redactor.audit.fingerprints import Epoch

    epoch = Epoch("e", b"k" * 32)
    texts = [
        "Ann Lee",
        "ann  lee",
        "x",
        "",
        "Zoë Quill",
        "12-34-56",
        "Mono",
        "a\tb c d e f",
        " Ann Lee",
    ]
    for entity in ("PERSON", "US_SSN", "ZIP"):
        for some in (texts, ["Ann Lee", "Bob Roe 7", "--- ---", "Mononymous"], ["x"], []):
            each = [epoch.fingerprint(entity, text) for text in some]
            assert epoch.fingerprints(entity, some) == [entry for entry in each if entry]
