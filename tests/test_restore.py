"""`redactor restore` in real processes: bytes come back, refusals are clear, nothing leaks."""

import gzip
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from redactor import Redactor
from redactor.restore import restore_text

ROOT = Path(__file__).resolve().parents[1]
POLICY = """
version: 1
name: reversible
extends: base
entities:
  PERSON: {operator: pseudonym, params: {scope: vault}}
  LOCATION: {operator: pseudonym, params: {scope: vault}}
  ORGANIZATION: {operator: pseudonym, params: {scope: vault}}
  STREET_ADDRESS: {operator: pseudonym, params: {scope: vault}}
  EMAIL_ADDRESS: {operator: pseudonym, params: {scope: vault}}
  PHONE_NUMBER: {operator: pseudonym, params: {scope: vault}}
  USERNAME: {operator: pseudonym, params: {scope: vault}}
  IP_ADDRESS: {operator: token, params: {scope: vault, label: HOST}}
  MAC_ADDRESS: {operator: pseudonym, params: {scope: vault}}
  US_SSN: {operator: fpe}
  US_ITIN: {operator: fpe}
  CREDIT_CARD: {operator: fpe, params: {luhn: true}}
  IBAN_CODE: {operator: encrypt}
  URL: {operator: encrypt}
  DATE_OF_BIRTH: {operator: date_shift}
ner: {use: never}
"""
VALUES = [
    "zebulon.quartermaine@example.com", "987-65-4329", "4111 1111 1111 1111",
    "GB82 WEST 1234 5698 7654 32", "203.0.113.77", "Zebulon", "Quartermaine", "+1 212 736 5000",
]  # fmt: skip
TEXT = (
    "Dear Mr. Quartermaine,\r\n\r\nwe write to zebulon.quartermaine@example.com and +1 212 736 5000 "
    "about card 4111 1111 1111 1111 and account GB82 WEST 1234 5698 7654 32.\r\nYour SSN: "
    "987-65-4329, last seen at 203.0.113.77.\r\n"
)
DENY = "deny: [{values: [Zebulon, Quartermaine], entity: PERSON}]\n"


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(POLICY + DENY)
    return path


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "letter.txt").write_bytes(TEXT.encode())
    (folder / "utf16.txt").write_bytes(TEXT.encode("utf-16"))
    line = "2024-01-01T00:00:00Z INFO mail=zebulon.quartermaine@example.com ip=203.0.113.77\n"
    (folder / "app.log").write_bytes((line * 5).encode())
    (folder / "old.log.gz").write_bytes(gzip.compress((line * 5).encode(), mtime=0))
    (folder / "people.csv").write_text(
        "full_name,email,ssn,dob,phone\r\n"
        "Zebulon Quartermaine,zebulon.quartermaine@example.com,987-65-4329,1985-02-03,\r\n"
        '"Quartermaine, Ann",ann@example.com,987-65-4320,1990-12-31,+1 212 736 5000\r\n'
    )
    record = {"full_name": "Zebulon Quartermaine", "note": TEXT, "dob": "3 May 1990", "n": 17}
    (folder / "record.json").write_text(json.dumps(record, indent=2))
    (folder / "events.jsonl").write_text((json.dumps(record) + "\n") * 3)
    return folder


def redact(cli, policy, source, out, *more, code=0):
    return cli("redact", source, "-o", out, "-p", policy, *more, code=code)


def everything(*folders):
    return b"\0".join(
        path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()
    )


def leaks(data):
    return [
        value for value in VALUES if value.encode() in data or value.encode("utf-16-le") in data
    ]


def test_every_format_comes_back_byte_for_byte(cli, tmp_path, policy, source, state_folder):
    out, back = tmp_path / "out", tmp_path / "back"
    done = redact(cli, policy, source, out)
    plain = b"".join(
        gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes()
        for p in out.iterdir()
    )
    assert not leaks(plain + done.stdout + done.stderr)
    assert not leaks(everything(state_folder)), "the vault is sealed"
    done = cli("restore", out, "-o", back, "--actor", "dpo-7", "--reason", "SAR-12", code=0)
    assert not leaks(done.stdout + done.stderr)
    for path in source.iterdir():
        made = (back / path.name).read_bytes()
        if path.suffix == ".gz":
            assert gzip.decompress(made) == gzip.decompress(path.read_bytes())
        else:
            assert made == path.read_bytes(), path.name
        assert stat.S_IMODE((back / path.name).stat().st_mode) == 0o600
    assert not leaks(everything(state_folder)), "no raw copy stays behind"
    rows = [json.loads(line) for line in cli("audit", "export", code=0).stdout.splitlines()]
    restored = [row for row in rows if row["kind"] == "restored"]
    assert len(restored) == len(list(source.iterdir()))
    assert all(row["body"]["actor"] == "dpo-7" for row in restored)
    assert all(row["body"]["reason"] == "SAR-12" for row in restored)
    assert sum(row["body"]["counts"].get("US_SSN", {}).get("restored/fpe", 0)
               for row in restored) == 8  # fmt: skip
    for row in restored:  # on the disk before the output has its name
        after = [r for r in rows if r["item"] == row["item"] and r["kind"] == "released"]
        assert after and after[0]["seq"] > row["seq"]
    assert cli("audit", "verify").returncode == 0


def test_streams_and_dry_runs(cli, tmp_path, policy, source, state_folder):
    out = tmp_path / "out"
    redact(cli, policy, source, out)
    log = (out / "app.log").read_bytes()
    done = cli("restore", "-", "-o", "-", stdin=log, code=0)
    assert done.stdout == (source / "app.log").read_bytes()
    before = everything(state_folder / "vault")
    done = cli("restore", out / "letter.txt", "--dry-run", code=0)
    assert b"nothing was written" in done.stdout and b"US_SSN\t1\tfpe" in done.stdout
    assert everything(state_folder / "vault") == before


def test_a_dry_redaction_records_nothing(cli, tmp_path, policy, source, state_folder):
    redact(cli, policy, source, tmp_path / "out", "--dry-run", "--explain")
    assert not (state_folder / "vault" / "vault.sqlite").exists()


def test_unknown_tokens_make_it_partial(cli, tmp_path, policy, source):
    redact(cli, policy, source / "letter.txt", tmp_path / "out.txt")
    text = (tmp_path / "out.txt").read_text() + "[HOST_99] <PERSON>"
    (tmp_path / "edited.txt").write_text(text)
    done = cli("restore", "edited.txt", "-o", "back.txt", code=3)
    assert b"1 tokens are not in this vault" in done.stdout
    assert b"1 labels hold nothing to restore" in done.stdout
    assert (tmp_path / "back.txt").read_text() == TEXT.replace("\r\n", "\n") + "[HOST_99] <PERSON>"


def refused(cli, tmp_path, *arguments, match, env=None):
    done = cli("restore", "out.txt", "-o", "back.txt", *arguments, code=2, env=env)
    assert match in done.stderr.decode(), done.stderr
    assert not (tmp_path / "back.txt").exists()
    assert not list(tmp_path.glob(".redactor-*"))
    assert not leaks(done.stdout + done.stderr)


def test_clear_refusals(cli, tmp_path, policy, source, state_folder):
    redact(cli, policy, source / "letter.txt", tmp_path / "out.txt")
    keys = state_folder / "keys"
    vault = state_folder / "vault" / "vault.sqlite"
    refused(cli, tmp_path, "--vault", tmp_path / "none", match="there is no vault")
    refused(cli, tmp_path, match="32 bytes", env={"REDACTOR_KEY_VAULT": "1234"})
    refused(cli, tmp_path, match="another key named vault", env={"REDACTOR_KEY_VAULT": "11" * 32})
    refused(
        cli, tmp_path, match="another key named default", env={"REDACTOR_KEY_DEFAULT": "11" * 32}
    )
    (keys / "vault.key").chmod(0o644)
    refused(cli, tmp_path, match="chmod 600")
    (keys / "vault.key").rename(keys / "vault.lost")
    refused(cli, tmp_path, match="the key named vault")
    assert not (keys / "vault.key").exists()
    (keys / "vault.lost").rename(keys / "vault.key")
    (keys / "vault.key").chmod(0o600)
    (keys / "default.key").rename(keys / "default.lost")
    refused(cli, tmp_path, match="the key named default")
    assert not (keys / "default.key").exists()
    (keys / "default.lost").rename(keys / "default.key")
    whole = vault.read_bytes()
    with closing(sqlite3.connect(vault)) as connection:
        connection.execute("PRAGMA user_version=99")
    refused(cli, tmp_path, match="upgrade redactor")
    vault.write_bytes(b"garbage" * 2000)
    refused(cli, tmp_path, match="damaged")
    vault.write_bytes(whole)
    cli("restore", "out.txt", "-o", "back.txt", code=0)
    assert (tmp_path / "back.txt").read_bytes() == TEXT.encode()
    cli("restore", "out.txt", "-o", "back.txt", "--actor", "Jane Roe", code=2)


def test_a_vault_that_cannot_be_used_withholds(cli, tmp_path, policy, source, state_folder):
    out = tmp_path / "out.txt"
    redact(cli, policy, source / "letter.txt", out)
    out.unlink()
    vault = state_folder / "vault" / "vault.sqlite"
    done = cli("redact", source / "letter.txt", "-o", out, "-p", policy, code=2,
               env={"REDACTOR_KEY_VAULT": "11" * 32})  # fmt: skip
    assert b"another key named vault" in done.stderr and not out.exists()
    vault.write_bytes(b"garbage" * 2000)
    done = redact(cli, policy, source / "letter.txt", out, code=2)
    assert b"damaged" in done.stderr and not out.exists() and not leaks(done.stderr)


def test_a_full_disk_under_the_vault_releases_nothing(tmp_path, policy, state_folder, monkeypatch):
    from redactor.pipeline import Engine, Item, Options
    from redactor.policy import load_policy
    from redactor.values import Outcome
    from redactor.vault import Vault

    rows = "".join(f"987-65-{n:04},Ann{n} Quartermaine{n}\n" for n in range(3000))
    (tmp_path / "in.csv").write_text("ssn,full_name\n" + rows)
    original = Vault.open.__func__

    def small(cls, *arguments, **named):
        vault = original(cls, *arguments, **named)
        pages = vault.connection.execute("PRAGMA page_count").fetchone()[0]
        vault.connection.execute(f"PRAGMA max_page_count={pages + 3}")
        return vault

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "open", classmethod(small))
        with Engine(load_policy(str(policy)), Options()) as engine:
            result = engine.redact(Item(tmp_path / "in.csv", tmp_path / "out.csv", "in.csv"))
    assert result.outcome is Outcome.WITHHELD and "free some disk space" in result.message
    assert not (tmp_path / "out.csv").exists() and not list(tmp_path.glob(".redactor-*"))
    from redactor.vault.maintain import stats

    with Vault.open(create=False) as vault:
        assert stats(vault).replacements == 0


def test_what_was_released_can_be_restored_after_a_kill(cli, tmp_path, policy, state_folder):
    rows = "".join(f"Ann{n} Quartermaine{n % 700},u{n}@example.com\n" for n in range(4000))
    source = tmp_path / "in.csv"
    source.write_text("full_name,email\n" + rows)
    chance, released = random.Random(5), 0
    for attempt in range(7):
        out = tmp_path / f"out{attempt}.csv"
        process = subprocess.Popen(
            [sys.executable, "-m", "redactor.cli.main", "redact", source, "-o", out, "-p", policy],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        if attempt < 6:
            deadline = time.monotonic() + chance.uniform(0.5, 5)
            while time.monotonic() < deadline and process.poll() is None and not out.exists():
                time.sleep(0.005)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if out.exists():
            released += 1
            back = tmp_path / f"back{attempt}.csv"
            cli("restore", out, "-o", back, code=0)
            assert back.read_bytes() == source.read_bytes()
    assert released, "the last one is never killed"
    assert cli("audit", "verify").returncode == 0


def test_many_processes_share_a_vault(cli, tmp_path, policy, state_folder):
    """Whoever comes first: afterwards everything is restorable, and a second run is equal."""
    names = [f"Ann{n} Quartermaine{n}" for n in range(120)]
    for n in range(4):
        random.Random(n).shuffle(names)
        (tmp_path / f"in{n}.csv").write_text("full_name\n" + "\n".join(names) + "\n")

    def run(prefix):
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "redactor.cli.main", "redact", tmp_path / f"in{n}.csv",
                 "-o", tmp_path / f"{prefix}{n}.csv", "-p", policy],
                stdout=subprocess.DEVNULL,
            )
            for n in range(4)
        ]  # fmt: skip
        assert [process.wait() for process in processes] == [0] * 4
        return [(tmp_path / f"{prefix}{n}.csv").read_bytes() for n in range(4)]

    first = run("first")
    assert len({tuple(sorted(data.split(b"\n"))) for data in first}) == 1
    for n in range(4):
        cli("restore", f"first{n}.csv", "-o", f"back{n}.csv", code=0)
        assert (tmp_path / f"back{n}.csv").read_bytes() == (tmp_path / f"in{n}.csv").read_bytes()
    assert run("second") == first


def test_cases_do_not_meet(cli, tmp_path, state_folder):
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: c\nextends: base\nner: {use: never}\n"
        "entities: {PERSON: {operator: pseudonym, params: {scope: case}}}\n" + DENY
    )
    (tmp_path / "in.txt").write_text("Zebulon met Quartermaine")
    done = cli("redact", "in.txt", "-o", "none.txt", "-p", "p.yaml", code=2)
    assert b"--case" in done.stderr and not (tmp_path / "none.txt").exists()
    for name, case in (("a", "Roe v. Poe"), ("b", "Roe v. Poe"), ("c", "Doe")):
        cli("redact", "in.txt", "-o", f"{name}.txt", "-p", "p.yaml", "--case", case, code=0)
    one, same, other = ((tmp_path / f"{name}.txt").read_text() for name in "abc")
    assert one == same != other and not set(one.split()) & set(other.split()) - {"met"}
    assert b"Roe v. Poe" not in everything(state_folder)
    cli("restore", "c.txt", "-o", "back.txt", code=0)
    assert (tmp_path / "back.txt").read_text() == "Zebulon met Quartermaine"
    assert b"2 replacements" in cli("vault", "purge", "--case", "Doe", code=0).stdout
    cli("restore", "c.txt", "-o", "gone.txt", code=0)
    assert (tmp_path / "gone.txt").read_text() == other
    cli("restore", "a.txt", "-o", "kept.txt", code=0)
    assert (tmp_path / "kept.txt").read_text() == "Zebulon met Quartermaine"


def test_keys_and_vault_are_looked_after(cli, tmp_path, policy, source, state_folder):
    redact(cli, policy, source / "letter.txt", tmp_path / "one.txt")
    old = cli("keys", "list", code=0).stdout.decode()
    assert "default\t1\t" in old and "vault\t1\t" in old
    for name in ("default", "vault"):
        cli("keys", "rotate", name, code=0)
    rotated = cli("vault", "rotate", code=0).stdout
    assert b"key version 2" in rotated
    redact(cli, policy, source / "record.json", tmp_path / "two.json")
    for name, original in (("one.txt", "letter.txt"), ("two.json", "record.json")):
        cli("restore", name, "-o", f"back-{name}", code=0)
        assert (tmp_path / f"back-{name}").read_bytes() == (source / original).read_bytes()
    shown = cli("vault", "stats", code=0).stdout + cli("vault", "list", code=0).stdout
    assert b"fpe\tUS_SSN" in shown and not leaks(shown)
    (tmp_path / "values.txt").write_text("zebulon.quartermaine@example.com\n+1 (212) 736-5000\n")
    purged = cli("vault", "purge", "--values", "values.txt", code=0).stdout
    assert b"2 replacements" in purged
    cli("restore", "one.txt", "-o", "rest.txt", code=0)
    rest = (tmp_path / "rest.txt").read_text()
    assert "987-65-4329" in rest and "zebulon.quartermaine@" not in rest and "736" not in rest
    assert cli("vault", "purge", code=2).returncode == 2
    cli("vault", "purge", "--all", code=0)
    kinds = cli("audit", "export", code=0).stdout.decode()
    for kind in ("key-rotated", "vault-rotated", "vault-purged"):
        assert f'"kind":"{kind}"' in kinds
    assert len(cli("keys", "new", "claims", code=0).stdout.split()) == 2
    assert cli("keys", "new", "claims").returncode == 2
    cli("keys", "public", "audit-signing", code=0)
    assert cli("keys", "public", "vault").returncode == 2
    secrets = [path.read_text().strip() for path in (state_folder / "keys").iterdir()]
    for command in ("list", "public auditor"):
        told = cli("keys", *command.split()).stdout.decode()
        assert not any(secret in told for secret in secrets)


def test_from_python(tmp_path, policy, state_folder):
    engine = Redactor(policy, vault=tmp_path / "mine.sqlite")
    made = engine.redact_text(TEXT).text
    assert not leaks(made.encode())
    assert restore_text(made, vault=tmp_path / "mine.sqlite")[0] == TEXT
    engine.redact_file(_written(tmp_path / "a.txt"), tmp_path / "b.txt")
    assert restore_text((tmp_path / "b.txt").read_bytes().decode(),
                        vault=tmp_path / "mine.sqlite")[0] == TEXT  # fmt: skip
    assert not (state_folder / "vault").exists() or not list((state_folder / "vault").iterdir())


def _written(path):
    path.write_bytes(TEXT.encode())
    return path


def test_a_state_left_on_purpose_passes_verification(cli, tmp_path):
    (tmp_path / "p.yaml").write_text(
        "version: 1\nname: g\nextends: base\nner: {use: never}\n"
        "entities: {LOCATION: {operator: generalize}}\n"
        "deny: [{values: [California, Springfield], entity: LOCATION}]\n"
    )
    (tmp_path / "in.txt").write_text("California and Springfield and California")
    cli("redact", "in.txt", "-o", "out.txt", "-p", "p.yaml", code=0)
    assert (tmp_path / "out.txt").read_text() == "California and <LOCATION> and California"


def test_a_pseudonym_that_spells_another_real_value(cli, tmp_path, policy, state_folder):
    """In a document it is avoided; in a stream it is no leak, and comes back right."""
    (tmp_path / "probe.csv").write_text("full_name\nOkafor\n")
    redact(cli, policy, tmp_path / "probe.csv", tmp_path / "probe-out.csv")
    spelt = (tmp_path / "probe-out.csv").read_text().split()[1]
    rows = f"full_name,note\nOkafor,seen\n{spelt},paid\nOkafor,gone\n"
    (tmp_path / "in.csv").write_text(rows)
    redact(cli, policy, tmp_path / "in.csv", tmp_path / "out.csv")
    made = (tmp_path / "out.csv").read_text()
    assert "Okafor" not in made and made.count(spelt) == 2
    cli("restore", "out.csv", "-o", "back.csv", code=0)
    assert (tmp_path / "back.csv").read_text() == rows
    policy.write_text(POLICY + f"deny: [{{values: [Okafor], entity: PERSON}}, "
                      f"{{values: [{spelt}], entity: PERSON}}]\n")  # fmt: skip
    (tmp_path / "in.txt").write_text(f"Okafor met {spelt}.")
    redact(cli, policy, tmp_path / "in.txt", tmp_path / "out.txt")
    assert spelt not in (tmp_path / "out.txt").read_text()
    cli("restore", "out.txt", "-o", "back.txt", code=0)
    assert (tmp_path / "back.txt").read_text() == f"Okafor met {spelt}."
