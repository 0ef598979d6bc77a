"""Plant values in every place of every format, run everything, then look for them in bytes.

The search is a plain byte search over every file the run left behind (outputs, state
folder with ledger, WAL, caches and review store, temporary files), its standard output and
its error output; the readers of the product are not used.
"""

import base64
import gzip
import json

import zstandard

VALUES = [
    "zebulon.quartermaine@example.com",
    "987-65-4329",
    "4111 1111 1111 1111",
    "GB82 WEST 1234 5698 7654 32",
    "203.0.113.77",
    "Zebulon Quartermaine",
]
TEXT = (
    "Dear Zebulon Quartermaine,\r\n\r\nwe write to zebulon.quartermaine@example.com about card "
    "4111 1111 1111 1111 and account GB82 WEST 1234 5698 7654 32.\r\nYour SSN: 987-65-4329, "
    "last seen at 203.0.113.77.\r\nYours, Mr. Zebulon Quartermaine\r\n"
)
NEIGHBOURS = ["Dear ", "we write to", "last seen at", "Yours, "]


def plant(folder):
    """One file a format, each holding every value."""
    folder.mkdir()
    (folder / "letter.txt").write_bytes(TEXT.encode())
    (folder / "utf16.txt").write_bytes(TEXT.encode("utf-16"))
    (folder / "app.log").write_bytes(
        b"".join(f"2024-01-01T00:00:00Z INFO line {v}\n".encode() for v in TEXT.split("\r\n"))
    )
    cells = ",".join(f'"{value}"' for value in VALUES)
    (folder / "people.csv").write_text(f"mail,ssn,card,iban,ip,full_name\n{cells}\n{cells}\n")
    record = {"note": TEXT, "who": {"name": VALUES[5]}, "list": VALUES, VALUES[0]: 1}
    (folder / "record.json").write_text(json.dumps(record, indent=2))
    (folder / "events.jsonl").write_text((json.dumps(record) + "\n") * 3)
    (folder / "old.log.gz").write_bytes(gzip.compress(TEXT.encode()))
    (folder / "old.log.zst").write_bytes(zstandard.compress(TEXT.encode()))
    (folder / "broken.json").write_text('{"mail": "zebulon.quartermaine@example.com", ')
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 100 + TEXT.encode())


def spellings(value):
    compact = value.replace(" ", "").replace("-", "")
    for text in {value, compact, value.lower(), value.upper()}:
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield raw.hex().encode()
        yield base64.b64encode(raw)[:-4]


def leaks(data):
    return [value for value in VALUES if any(s in data for s in spellings(value))]


def content(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def test_no_value_survives_anywhere(cli, tmp_path, state_folder):
    plant(tmp_path / "in")
    out = tmp_path / "out"
    transcript = b""
    # the broken and the binary file are refused; everything else is released
    done = cli("redact", "in", "-o", out, "-p", "base", "--explain", code=5)
    transcript += done.stdout + done.stderr
    for arguments in (
        ("scan", "in", "--format", "json"),
        ("scan", "in", "--format", "sarif"),
        ("scan", "in", "--format", "table", "--explain"),
        ("redact", "in", "--dry-run", "--explain"),
        ("redact", "in/app.log", "-o", "-", "-p", "logs", "--ner", "always"),
        ("redact", "in/broken.json", "-o", "x.json", "-v"),
    ):
        done = cli(*arguments)
        assert done.returncode in (0, 5), done.stderr
        transcript += done.stdout + done.stderr
    for arguments in (("show",), ("export",), ("verify",)):
        done = cli("audit", *arguments, code=0)
        transcript += done.stdout + done.stderr
    assert leaks(transcript) == []
    released = sorted(path.name for path in out.iterdir())
    assert released == [
        "app.log", "events.jsonl", "letter.txt", "old.log.gz", "old.log.zst", "people.csv",
        "record.json", "utf16.txt",
    ]  # fmt: skip
    for path in out.iterdir():
        assert leaks(content(path)) == [], path.name
    state = [path for path in state_folder.rglob("*") if path.is_file()]
    assert any(path.name == "ledger.sqlite" for path in state)
    for path in state:
        assert leaks(path.read_bytes()) == [], path.name
    assert leaks(TEXT.encode()) == VALUES  # the search itself can see them


def test_neighbours_survive(cli, tmp_path):
    plant(tmp_path / "in")
    cli("redact", "in/letter.txt", "-o", "letter.txt", code=0)
    text = (tmp_path / "letter.txt").read_bytes().decode()
    for neighbour in NEIGHBOURS:
        assert neighbour in text
    assert text.count("\r\n") == TEXT.count("\r\n")


def test_a_second_run_changes_nothing(cli, tmp_path):
    plant(tmp_path / "in")
    cli("redact", "in/letter.txt", "-o", "once.txt", code=0)
    cli("redact", "once.txt", "-o", "twice.txt", code=0)
    assert (tmp_path / "once.txt").read_bytes() == (tmp_path / "twice.txt").read_bytes()


def test_equal_runs_give_equal_bytes(cli, tmp_path):
    plant(tmp_path / "in")
    for name in ("one", "two"):
        cli("redact", "in", "-o", name, "-p", "logs")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
