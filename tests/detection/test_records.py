"""Own records: found by keyed hashes whatever their spelling; nothing but hashes rests."""

import csv
import io
import json
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.detection import records, records_build, records_file
from redactor.detection.records import RecordsSearch
from redactor.detection.squashed import squash
from redactor.errors import PolicyError, StateError, UsageError
from redactor.keys import get_key
from redactor.policy import load_policy
from redactor.policy.model import RecordsEntry
from redactor.values import Locator, Unit

CUSTOMERS = """name,first,email,zip,dob,account,note
Zoe Quillfeather,Zoe,zoe.q@example.com,90210,1980-03-12,1234 5678,n/a
Ann Abelard,Ann,ann@example.org,10001,1970-01-02,8765-4321,x
José Ñandú-Ruiz,José,jose@example.org,10001,1970-01-02,55556666,Unknown
"""
COLUMNS = {
    "name": "PERSON", "first": "PERSON", "email": "EMAIL_ADDRESS", "zip": "ZIP", "dob": "DATE_OF_BIRTH",
    "account": "ACCOUNT",
}  # fmt: skip


def unit(text, unit_id="u", by_line=False):
    return Unit(unit_id, text, Locator("text", unit_id), None, by_line)


def build(tmp_path, text=CUSTOMERS, columns=tuple(COLUMNS), name="c.csv"):
    source = tmp_path / name
    source.write_text(text, "utf-8")
    key = get_key("records")
    made = records_build.build(source, columns, records_file.hasher_of(key))
    (tmp_path / "c.records").write_bytes(records_file.dump(made, key))
    return made


def search(tmp_path, columns=COLUMNS, **options):
    entry = RecordsEntry(
        "records[0]", str(tmp_path / "c.records"), "", tuple(columns.items()), **options
    )
    return RecordsSearch(entry)


def told(found):
    return [(f.text, f.entity_type, f.score) for f in sorted(found, key=lambda f: f.span)]


@pytest.fixture
def customers(tmp_path):
    build(tmp_path)
    return search(tmp_path)


SPELLINGS = {
    "zoe quillfeather": "Zoe Quillfeather", "ZOE\n  Quillfeather": "Zoe Quillfeather",
    "Zoe-Quillfeather": "Zoe Quillfeather", "JOSÉ ÑANDÚ RUIZ": "José Ñandú-Ruiz",
    "Jose\u0301 N\u0303andu\u0301-Ruiz": "José Ñandú-Ruiz", "12345678": "1234 5678",
    "12-34-56-78": "1234 5678", "１２３４ ５６７８": "1234 5678", "ZOE.Q@EXAMPLE.COM": "zoe.q@example.com",
    "8765.4321": "8765-4321",
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("around", ["%s", "é (%s), 日", "acc:%s.", "x %s\ny"])
def test_case_spaces_and_separators_do_not_matter(customers, spelling, around):
    text = around % spelling
    (found,) = customers.find([unit(text)])
    assert found.text == spelling and found.score == 0.9
    assert found.why.pattern.startswith("records[0].") and not found.why.detail


NO_HITS = [
    "azoe quillfeather", "zoe quillfeathers", "112345678", "123456789", "1234/;:5678", "Zoe, who is Quillfeather",
    "1234" + " " * 40 + "5678", "Zoe", "zip 90210", "born 1980-03-12", "n/a", "x",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_HITS)
def test_near_misses(customers, text):
    assert customers.find([unit(text)]) == []


def test_values_do_not_cross_lines_of_records(customers):
    assert customers.find([unit("1234\n5678", by_line=True)]) == []
    assert len(customers.find([unit("1234\n5678")])) == 1


def test_two_columns_of_one_record_support_each_other(customers, tmp_path):
    text = "Zoe of 90210 (not 10001), born 1980/03/12"
    assert told(customers.find([unit(text)])) == [
        ("Zoe", "PERSON", 0.95), ("90210", "ZIP", 0.95), ("1980/03/12", "DATE_OF_BIRTH", 0.95),
    ]  # fmt: skip
    # of another record: no support
    assert customers.find([unit("Zoe of 10001")]) == []
    assert customers.find([unit("Zoe" + " " * 201 + "90210")]) == []
    assert len(customers.find([unit("Zoe" + " " * 200 + "90210")])) == 2
    assert told(customers.find([unit("12345678 for Zoe")])) == [
        ("12345678", "ACCOUNT", 1.0), ("Zoe", "PERSON", 0.95)
    ]  # fmt: skip
    # through cells of a row, but not through lines of a log
    cells = [unit("Zoe", "1"), unit("90210", "2")]
    assert [f.unit for f in customers.find(cells)] == ["1", "2"]
    assert customers.find([unit("Zoe\n90210", by_line=True)]) == []
    assert len(customers.find([unit("a\nZoe 90210\nb", by_line=True)])) == 2
    # a name inside a longer value is no second column
    (found,) = customers.find([unit("Zoe Quillfeather")])
    assert found.score == 0.9


def test_columns_that_are_not_named_only_support(customers, tmp_path):
    quiet = search(tmp_path, {"zip": "ZIP"})
    assert told(quiet.find([unit("Zoe 90210 zoe.q@example.com")])) == [("90210", "ZIP", 0.95)]


def test_at_least_demands_one_and_the_same_record(tmp_path):
    build(tmp_path)
    strict = search(tmp_path, at_least=3)
    assert strict.find([unit("12345678 Zoe")]) == []
    assert len(strict.find([unit("12345678 Zoe 90210")])) == 3
    # two neighbours, but each of another record
    assert strict.find([unit("Ann 10001 José")]) == []
    assert len(search(tmp_path, at_least=2).find([unit("Ann 10001 José")])) == 3


def test_common_values_never_count_alone(tmp_path):
    rng = random.Random(7)
    rows = [
        {
            "customer": f"{n:06d}", "long": f"{rng.randrange(10**12):012d}", "plan": "Gold Family Plan",
            "dense": f"{1000000 + n}", "plate": f"AB{rng.randrange(10**4):04d}C",
        }
        for n in range(12000)
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    made = build(tmp_path, out.getvalue(), tuple(rows[0]))
    counts = {column.name: not column.together for column in made.columns}
    # 12,000 of 10 million numbers of seven digits are more than one in a thousand
    assert counts == {"customer": False, "long": True, "plan": False, "dense": False, "plate": True}
    assert made.records == 12000


@pytest.mark.parametrize("column", ["first", "zip", "dob"])
def test_a_common_column_alone_is_refused(tmp_path, column):
    with pytest.raises(UsageError, match="met by chance") as caught:
        build(tmp_path, columns=(column,))
    assert column in str(caught.value) and "Quill" not in str(caught.value)
    assert build(tmp_path, columns=("first", "zip")).columns[0].together


def test_columns_that_are_not_there(tmp_path):
    with pytest.raises(UsageError, match=r"no column emial \(did you mean email\?\)"):
        build(tmp_path, columns=("name", "emial"))
    with pytest.raises(UsageError, match="nothing that could be looked for"):
        build(tmp_path, columns=("name", "note"))
    with pytest.raises(UsageError, match="each once"):
        build(tmp_path, columns=("name", "name"))
    with pytest.raises(UsageError, match="not from text"):
        build(tmp_path, "Zoe", ("name",), "c.txt")


def test_json_lines_and_lists(tmp_path):
    rows = [
        {"id": 7, "who": {"name": "Zoe Quillfeather", "zip": 90210}},
        {"who": {"name": "Ann Abelard"}},
    ]
    for name, text in (
        ("c.jsonl", "\n".join(map(json.dumps, rows)) + "\n"),
        ("c.json", json.dumps(rows)),
    ):
        made = build(tmp_path, text, ("who.name", "who.zip"), name)
        assert made.records == 2
        found = search(tmp_path, {"who.name": "PERSON", "who.zip": "ZIP"}).find(
            [unit("zoe quillfeather, 90210, ann abelard")]
        )
        assert told(found) == [
            ("zoe quillfeather", "PERSON", 1.0), ("90210", "ZIP", 0.95), ("ann abelard", "PERSON", 0.9),
        ]  # fmt: skip


PIECES = [
    "Zoe", "Quill", "quillfeather", "ZOE QUILLFEATHER", "Ann", "Abelard", "1234", "5678", "87654321", " ", "  ", "\n", "-",
    ".", "@", "é", "e\u0301", "José", "Ñandú", "Ruiz", "日", "ﬁ", "２", "x", "\u00ad", "\ud800", "90210",
]  # fmt: skip


def naive(text, values):
    """Every stretch whose letters and digits are a value's, and that no token continues."""

    def kind(char):
        if 0x3400 <= ord(char) <= 0x9FFF:
            return "alone"
        if not squash(char):
            return ""
        return "digit" if char.isdigit() else "letter"

    found = set()
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + 60) + 1):
            part = text[start:end]
            if not kind(part[0]) or not kind(part[-1]) or squash(part) not in values:
                continue
            left = start and kind(text[start - 1]) == kind(text[start]) != "alone"
            right = end < len(text) and kind(text[end]) == kind(text[end - 1]) != "alone"
            gap = longest = signs = most = 0
            for char in part:
                if char.isalnum() or unicodedata.combining(char):
                    gap = signs = 0
                else:
                    gap, signs = gap + 1, signs + (not char.isspace())
                longest, most = max(longest, gap), max(most, signs)
            if not left and not right and longest <= 32 and most <= 2:
                found.add((start, end))
    return found


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDACTOR_KEY_RECORDS", "cd" * 32)
        folder = tmp_path_factory.mktemp("records")
        build(folder)
        yield (
            search(folder),
            {
                squash(value)
                for row in csv.DictReader(io.StringIO(CUSTOMERS))
                for name, value in row.items()
                if name in COLUMNS
            },
        )


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.integers(0, 60))
def test_places_are_those_of_a_naive_search(shared, text, size):
    found, values = shared
    with pytest.MonkeyPatch.context() as patch:
        if size:  # long texts in overlapping pieces
            patch.setattr(records, "_OVERLAP", 64)
            patch.setattr(records, "_BATCH", 64 + size)
        hits = {(hit.span.start, hit.span.end) for hit in found._hits([unit(text)])}
    assert hits == naive(text, values)


def test_nothing_but_hashes_rests(tmp_path, state_folder, cli):
    (tmp_path / "c.csv").write_text(CUSTOMERS, "utf-8")
    told = cli("records", "build", "c.csv", "-o", "c.records", "-c", ",".join(COLUMNS), code=0)
    assert b"email: 3 values, 3 of them count alone" in told.stdout
    assert (tmp_path / "c.records").stat().st_mode & 0o077 == 0
    rest = [
        tmp_path / "c.records",
        *(path for path in state_folder.rglob("*") if path.is_file() and path.suffix != ".hs"),
    ]  # automata of shipped rules
    content = b"".join(path.read_bytes() for path in rest) + told.stdout + told.stderr
    for value in (
        "Quillfeather",
        "quillfeather",
        "zoe",
        "90210",
        "12345678",
        "1234 5678",
        "example.org",
    ):
        for encoding in ("utf-8", "utf-16-le", "utf-32-le"):
            assert value.encode(encoding) not in content
    info = cli("records", "info", "c.records", code=0).stdout
    assert b"zip: 2 values, each only beside another column" in info
    assert cli("records", "build", "c.csv", "-o", "c.records", "-c", "name").returncode == 2
    assert cli("records", "build", "none.csv", "-o", "d", "-c", "name").returncode == 2
    cli("records", "build", "c.csv", "-o", "c.records", "-c", "name", "--overwrite", code=0)
    assert not list(tmp_path.glob(".*"))


POLICY = """version: 1
name: p
ner: {use: never}
records:
  - file: c.records
    columns: {name: PERSON, account: ACCOUNT}
"""


def test_a_policy_names_the_file(tmp_path, cli, state_folder):
    build(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY)
    (tmp_path / "t.txt").write_text("Zoe Quillfeather paid from 1234-5678.\n")
    cli("redact", "t.txt", "-o", "out.txt", "-p", "p.yaml", code=0)
    assert (tmp_path / "out.txt").read_text() == "<PERSON> paid from <ACCOUNT>.\n"
    rows = json.loads(cli("scan", "t.txt", "-p", "p.yaml", "--format", "json", code=0).stdout)
    assert [row["why"]["source"] for row in rows] == ["record", "record"]

    with_other_key = cli("scan", "t.txt", "-p", "p.yaml", env={"REDACTOR_KEY_RECORDS": "ab" * 32})
    assert (
        with_other_key.returncode == 2
        and b"made under key records with id" in with_other_key.stderr
    )
    (state_folder / "keys" / "records.key").unlink()
    without = cli("redact", "t.txt", "-o", "no.txt", "-p", "p.yaml")
    assert without.returncode == 2 and b"no key named records" in without.stderr
    assert not (tmp_path / "no.txt").exists()


def test_bad_files_and_entries(tmp_path):
    build(tmp_path)
    with pytest.raises(PolicyError, match=r"no column nam \(did you mean name\?\)"):
        search(tmp_path, {"nam": "PERSON"})
    content = (tmp_path / "c.records").read_bytes()
    for bad, said in (
        (content[:-1], "damaged"),
        (content.replace(b'"version": 1', b'"version": 9'), "another version"),
        (content.replace(b"redactor-records", b"redactor-recipes"), "not a file of records"),
        (b"", "not a file of records"),
        (b"\xff\xfe\n", "not a file of records"),
        (content.partition(b"\n")[0], "damaged"),
    ):
        (tmp_path / "c.records").write_bytes(bad)
        with pytest.raises(StateError, match=said):
            search(tmp_path)
    Path(tmp_path / "c.records").unlink()
    (tmp_path / "p.yaml").write_text(POLICY)
    with pytest.raises(PolicyError, match=r"p\.yaml:5: the file of records cannot be read"):
        load_policy(tmp_path / "p.yaml")
    for body, said in (
        ("{file: x}", "`columns`"),
        ("{file: x, columns: {a: person}}", "should match pattern"),
        ("{file: x, columns: {a: A}, withn: 3}", "did you mean within"),
        ("{file: x, columns: {a: A}, at_least: 2, within: 0}", "needs `within`"),
    ):
        (tmp_path / "p.yaml").write_text(f"version: 1\nname: p\nrecords:\n  - {body}\n")
        with pytest.raises(PolicyError, match=said) as caught:
            load_policy(tmp_path / "p.yaml")
        assert "p.yaml:4: " in str(caught.value)


def test_allow_entries_win_over_records(tmp_path, cli):
    build(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY + "allow: [{values: [1234 5678]}]\n")
    (tmp_path / "t.txt").write_text("Zoe Quillfeather paid from 1234 5678.\n")
    cli("redact", "t.txt", "-o", "out.txt", "-p", "p.yaml", code=0)
    assert (tmp_path / "out.txt").read_text() == "<PERSON> paid from 1234 5678.\n"


def test_bad_sources_leave_nothing(tmp_path, cli):
    (tmp_path / "bad.csv").write_text('name,email\nZoe Quillfeather,"never closed\n')
    (tmp_path / "bad.jsonl").write_text('{"name": "Zoe Quillfeather"\n')
    (tmp_path / "good.csv").write_text(CUSTOMERS, "utf-8")
    build_it = ("records", "build")
    for name, code in (("bad.csv", 5), ("bad.jsonl", 5)):
        done = cli(*build_it, name, "-o", "x.records", "-c", "name", code=code)
        assert b"Quill" not in done.stderr + done.stdout
    for key in ("ab", "zz" * 32):
        done = cli(
            *build_it, "good.csv", "-o", "x.records", "-c", "name", code=2,
            env={"REDACTOR_KEY_RECORDS": key},
        )  # fmt: skip
        assert b"is not a key" in done.stderr
    assert (
        cli(*build_it, "good.csv", "-o", "x.records", "-c", "name", "--key", "A B").returncode == 2
    )
    assert cli(*build_it, "good.csv", "-o", "no/x.records", "-c", "name").returncode == 2
    assert cli(*build_it, "good.csv", "-o", "good.csv", "-c", "name", "--overwrite").returncode == 2
    assert (tmp_path / "good.csv").read_text("utf-8") == CUSTOMERS
    assert {path.name for path in tmp_path.iterdir()} == {"bad.csv", "bad.jsonl", "good.csv"}
