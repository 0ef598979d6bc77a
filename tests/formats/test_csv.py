"""Header rows, JSON in cells, formulas, and tables that are decided by column name."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roundtrip import check_faithful, check_redacted, read, write

from redactor.columns import decided
from redactor.formats.base import ReadOptions
from redactor.formats.csv_table import TableChunk
from redactor.formats.formula import STARTS, guard, is_formula
from redactor.judge import Judge
from redactor.masking import Masker
from redactor.policy.model import EntityRule, FieldRule, NerOptions, Policy
from redactor.values import Redaction, Span, Verdict
from redactor.verify import Verifier


def names(data, **options):
    """Text -> field of every cell."""
    (chunk,) = read("csv", data, ReadOptions(**options))
    return {unit.text: unit.field for unit in chunk.units}


HEADERS = [
    (b"name,ssn\nAnna Roe,078-05-1120\n", "ssn"),
    (b"Export of 2024-01-01\n\nname,ssn\nAnna Roe,078-05-1120\n", "ssn"),
    (b"Report,\nof customers,\n\nFull Name,SSN\nAnna Roe,078-05-1120\n", "SSN"),
    (b"Kundennummer;Vorname\n4711;078-05-1120\n4712;x\n", "Vorname"),
    (b"col_a,col_b\nAnna Roe,078-05-1120\n", "col_b"),
    (b"Personal,,Work\nname,x,ssn\nAnna,y,078-05-1120\n", "ssn"),
    (b"Anna Roe,078-05-1120\nBob Lee,078-05-1121\n", None),
    (b"1,078-05-1120\n2,x\n", None),
]


@pytest.mark.parametrize(("data", "field"), HEADERS)
def test_header_is_told(data, field):
    assert names(data)["078-05-1120"] == field


def test_header_can_be_said():
    data = b"Anna,Roe\nBob,Lee\n"
    assert names(data)["Lee"] == "Roe"  # perhaps a header: the row is looked at as data, too
    assert names(data, header=True)["Lee"] == "Roe"
    assert names(data, header=False)["Lee"] is None
    assert names(b"name,ssn\nAnna,1\n", header=False)["Anna"] is None


def test_only_a_sure_header_is_kept_from_the_model():
    (chunk,) = read("csv", b"name,ssn\nAnna,1\n")
    assert [u.locator.kind for u in chunk.units] == ["header", "header", "cell", "cell"]
    (chunk,) = read("csv", b"Anna,Roe\nBob,Lee\n", ReadOptions())
    assert {u.locator.kind for u in chunk.units} == {"cell"}


def test_json_in_cells():
    data = b'id,payload\n1,"{""user"": {""email"": ""a@example.com""}, ""n"": [1]}"\n2,plain\n3,{broken\n'
    (chunk,) = check_faithful("csv", data)
    found = {u.text: (u.field, u.locator.place) for u in chunk.units}
    assert found["a@example.com"] == ("payload.user.email", "2:2!/0/0")
    assert found["1"][0] in ("id", "payload.n[]")
    assert found["{broken"][0] == "payload"
    check_redacted("csv", data)
    unit = next(u for u in chunk.units if u.text == "a@example.com")
    out = write(chunk, [Redaction(unit.id, Span(0, 13), "<E>", "X")])
    assert out == data.replace(b"a@example.com", b"<E>")


def test_json_in_json_in_json():
    import json

    inner = json.dumps({"mail": "a@example.com", "k": [1, "x"]})
    middle = json.dumps({"inner": inner, "a": "b"})
    data = json.dumps({"middle": middle}).encode()
    (chunk,) = check_faithful("json", data)
    assert next(u for u in chunk.units if "@" in u.text).field == "middle.inner.mail"
    check_redacted("json", data)
    check_redacted("jsonl", data + b"\n" + data)


# ---------------------------------------------------------------- formulas

FORMULAS = ["=1+1", "+1 2", "-x", "@SUM(A1)", "\tx", "\rx", "\uff1dx", '=cmd|" /C calc"!A0']


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_what_is_put_in_is_no_formula(name, formula):
    delimiter = "," if name == "csv" else "\t"
    data = f"note{delimiter}id\nJohn{delimiter}1\nJohn=2{delimiter}1\n".encode()
    for chunk in read(name, data, ReadOptions(header=True)):
        made = [Redaction(u.id, Span(0, 4), formula, "X") for u in chunk.units if u.text[0] == "J"]
        out = write(chunk, chunk.settle(made)).decode()
        for row in csv.reader(io.StringIO(out, newline=""), delimiter=delimiter):
            assert not any(is_formula(cell) for cell in row), out


def test_what_comes_to_the_start_is_no_formula():
    (chunk,) = read("csv", b"note,x\nJohn=1+1,y\n")
    unit = next(u for u in chunk.units if u.text == "John=1+1")
    out = write(chunk, chunk.settle([Redaction(unit.id, Span(0, 4), "", "X")]))
    assert b"\n'=1+1,y\n" in out


def test_other_peoples_formulas_stay_unless_asked():
    data = b'note,x\n=SUM(A1) John,-5\n+1 2,"=a,b"\n'
    (chunk,) = read("csv", data)
    unit = next(u for u in chunk.units if "John" in u.text)
    made = [Redaction(unit.id, Span(9, 13), "<P>", "PERSON")]
    assert write(chunk, chunk.settle(made)) == data.replace(b"John", b"<P>")
    (chunk,) = read("csv", data, ReadOptions(escape_formulas=True))
    out = write(chunk, chunk.settle([])).decode()
    assert out == "note,x\n'=SUM(A1) John,-5\n'+1 2,\"'=a,b\"\n"


@given(st.text(max_size=6))
def test_guarded_text_is_no_formula(text):
    assert not is_formula(guard(text))
    assert is_formula(text) <= (text[:1] in STARTS)


# ---------------------------------------------------------------- tables

REPLACE = EntityRule(operator="replace", params={"new_value": "<{entity}>"})


def column_policy(**more):
    return Policy(
        "map", "h", entities={}, ner=NerOptions(use="never"), propagate=False,
        fields=(
            FieldRule("PERSON", name="name", rule=REPLACE, id="fields[0]"),
            FieldRule("PHONE_NUMBER", name="phone", id="fields[1]",
                      rule=EntityRule(operator="mask", params={"char": "*", "keep_last": 2})),
            FieldRule("PASSWORD", name="pw", rule=EntityRule(operator="redact"), id="fields[2]"),
            FieldRule(None, name="*", rule=EntityRule(verdict=Verdict.KEEP), id="fields[3]"),
        ), **more,
    )  # fmt: skip


class NoDetector:
    """A detector of field rules alone, which the long way needs."""

    def __init__(self, policy):
        self.policy = policy

    def detect(self, units, **options):
        from redactor.detection.detect import Detection
        from redactor.detection.fields import field_findings
        from redactor.detection.resolve import resolve

        found = field_findings(units, self.policy)
        return Detection(resolve(found, {u.id: u for u in units}, self.policy))


def redacted(data, policy, options):
    """The copy, checked chunk by chunk."""
    judge = Judge(NoDetector(policy), Masker(policy))
    out, counts = b"", {}
    for chunk in read("csv", data, options):
        judgement = judge.judge_chunk(chunk)
        if judgement.columns is not None:
            chunk = chunk.with_columns(judgement.columns.new)
            for key, number in judgement.columns.counts.items():
                counts[key] = counts.get(key, 0) + number
        for decision in judgement.decisions:
            key = (decision.finding.entity_type, str(decision.verdict), decision.operator)
            counts[key] = counts.get(key, 0) + 1
        out += write(chunk, chunk.settle(judgement.redactions))
    return out, {key: number for key, number in counts.items() if number}


CELLS = st.text("ab1 ,;\"\n'=+", max_size=5)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(8, 64),
)
def test_the_quick_way_gives_what_the_long_way_gives(rows, quoting, end, size):
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, quoting=quoting, lineterminator=end)
    writer.writerows([["name", "phone", "pw", "note"], *rows])
    data = sink.getvalue().encode()
    policy = column_policy()
    options = dict(delimiter=",", header=True)
    long = redacted(data, policy, ReadOptions(**options))
    for chunk_bytes in (1 << 20, size):
        quick = redacted(
            data, policy, ReadOptions(**options, decided=decided(policy), chunk_bytes=chunk_bytes)
        )
        assert quick == long or chunk_bytes == size and quick[0] == long[0]


def test_the_quick_way_is_taken_and_verified(tmp_path):
    policy = column_policy()
    data = b'name,phone,pw,note\nAnna Roe,555-0100,secret,"a ""b"""\nBob,555-0101,,x,stray\n'
    head, table = read("csv", data, ReadOptions(decided=decided(policy)))
    assert isinstance(table, TableChunk) and [u.text for u in table.units] == ["stray"]
    judgement = Judge(NoDetector(policy), Masker(policy)).judge_chunk(table)
    chunk = table.with_columns(judgement.columns.new)
    out = write(chunk, [])
    assert out == b'<PERSON>,***-**00,,"a ""b"""\n<PERSON>,***-**01,,x,stray\n'
    path = tmp_path / "out"

    def check(data, kept=judgement.columns.kept):
        path.write_bytes(data)
        with Verifier() as verifier:
            return verifier.check_table(
                path, 0, len(data), format_name="csv", hints=chunk.hints, table=chunk, kept=kept,
                redactions=[], values=judgement.columns.values, permitted=lambda u, t: False,
            )  # fmt: skip

    assert check(out).passed
    assert "cell:2:1" in check(out.replace(b"<PERSON>", b"Anna Roe", 1)).problems[0]
    assert "cell:3:4" in check(out.replace(b",x,", b",y,")).problems[0]
    assert not check(out.replace(b",x,stray", b",x")).passed
    assert "cell:3:5" in check(out.replace(b"stray", b"secret")).problems[-1]


@pytest.mark.parametrize(
    "fields",
    [
        (FieldRule("PERSON", name="name", id="f"),),  # note is left to be looked at
        (
            FieldRule("PERSON", name="name", id="f",
                      rule=EntityRule(verdict=Verdict.REVIEW, operator="replace")),
            FieldRule(None, name="*", rule=EntityRule(verdict=Verdict.KEEP), id="g"),
        ),
    ],
)  # fmt: skip
def test_undecided_columns_are_looked_at(fields):
    policy = Policy("p", "h", fields=fields)
    chunks = read("csv", b"name,note\nAnna,hi\n", ReadOptions(decided=decided(policy)))
    assert not any(isinstance(chunk, TableChunk) for chunk in chunks)
