"""Round trips: what is not redacted comes back byte for byte, what is can be re-read."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.errors import UnreadableError
from redactor.formats import FORMATS
from redactor.formats.base import ReadOptions
from redactor.formats.reread import reread
from redactor.values import Redaction, Span
from redactor.verify import expected_text

SMALL = ReadOptions(chunk_bytes=64)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12)


def read(name, data, options=SMALL):
    return list(FORMATS[name]().chunks(io.BytesIO(data), options))


def written(chunks, redactions=lambda chunk: []):
    out = []
    for chunk in chunks:
        sink = io.BytesIO()
        chunk.write(chunk.settle(redactions(chunk)), sink)
        out.append(sink.getvalue())
    return out


def spoken(texts):
    """What verification compares: texts that are more than white space."""
    return [text for text in texts if text.strip()]


def check_faithful(name, data, options=SMALL):
    """No redactions: equal bytes; and the other parser reads the very same texts."""
    chunks = read(name, data, options)
    parts = written(chunks)
    assert b"".join(parts) == data
    for chunk, part in zip(chunks, parts, strict=True):
        assert list(reread(name, part, chunk.hints)) == spoken(unit.text for unit in chunk.units)
    return chunks


def redact_every_second(chunk):
    """The middle of every second unit."""
    return [
        Redaction(unit.id, Span(len(unit.text) // 3, len(unit.text)), '<"X",\\>', "PERSON")
        for unit in list(chunk.units)[::2]
    ]


def check_redacted(name, data, options=SMALL):
    for chunk in read(name, data, options):
        redactions = list(chunk.settle(redact_every_second(chunk)))
        sink = io.BytesIO()
        chunk.write(redactions, sink)
        expected = []
        for unit in chunk.units:
            mine = [r for r in redactions if r.unit == unit.id]
            expected.append(expected_text(unit.text, mine)[0])
        assert list(reread(name, sink.getvalue(), chunk.hints)) == spoken(expected)


# ---------------------------------------------------------------- text and logs

ENCODED = [
    "Grüße, José\r\n".encode(),
    b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe",
    "Grüße\n".encode("utf-16"),
    "Grüße".encode("utf-16-be").join([b"\xfe\xff", b""]),
    "Straße und Gebäude für Ärzte, zum Beispiel in Köln und Düsseldorf\r\n".encode("cp1252"),
    b"",
    b"\n\n\r\n",
    b"no end of line",
]


@pytest.mark.parametrize("data", ENCODED)
def test_text_round_trip(data):
    check_faithful("text", data)
    check_redacted("text", data)


@given(st.binary(max_size=300))
def test_log_round_trip_of_any_bytes(data):
    check_faithful("log", data)
    check_redacted("log", data)


def test_log_chunks_end_at_line_ends():
    data = b"".join(b"line %d with some text\n" % n for n in range(50))
    chunks = read("log", data)
    assert len(chunks) > 5
    assert all(chunk.units[0].text.endswith("\n") for chunk in chunks)
    assert [int(c.units[0].locator.place) for c in chunks][0:2] == [0, len(chunks[0].units[0].text)]


def test_one_long_line_is_one_record():
    data = b"x" * 5000 + b"\nshort\n"
    assert len(read("log", data)[0].units[0].text) == 5001 + 6 or len(read("log", data)) == 2
    with pytest.raises(UnreadableError, match="longer than"):
        read("log", data, ReadOptions(chunk_bytes=64, max_record_bytes=1000))


def test_wrong_forced_encoding_is_told():
    with pytest.raises(UnreadableError, match="byte 1 is not utf-8"):
        read("text", b"a\xff\xfe", ReadOptions(encoding="utf-8"))
    with pytest.raises(UnreadableError, match="no such encoding"):
        read("text", b"a", ReadOptions(encoding="nonsense"))


# ---------------------------------------------------------------- csv


@settings(max_examples=150)
@given(
    st.lists(st.lists(st.text("ab1,;\"\n x'", max_size=6), min_size=1, max_size=4), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_csv_round_trip(rows, delimiter, quoting, end):
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows(rows)
    data = sink.getvalue().encode()
    options = ReadOptions(chunk_bytes=16, delimiter=delimiter)
    chunks = check_faithful("csv", data, options)
    texts = [unit.text for chunk in chunks for unit in chunk.units]
    assert texts == [cell for row in rows for cell in row if cell]
    check_redacted("csv", data, options)


@given(st.text('ab,"\n\r ', max_size=40))
def test_csv_of_any_shape_is_read_alike_by_both_parsers(text):
    options = ReadOptions(chunk_bytes=8, delimiter=",")
    try:
        check_faithful("csv", text.encode(), options)
        check_redacted("csv", text.encode(), options)
    except UnreadableError:
        assert '"' in text


def test_csv_names_and_places():
    data = b'name,ssn\nAnna,078-05-1120\n"Smith, J",\n'
    (chunk,) = read("csv", data, ReadOptions())
    found = [(u.text, u.locator.place, u.field) for u in chunk.units]
    assert found == [
        ("name", "1:1", None), ("ssn", "1:2", None), ("Anna", "2:1", "name"),
        ("078-05-1120", "2:2", "ssn"), ("Smith, J", "3:1", "name"),
    ]  # fmt: skip


def test_csv_without_header_has_no_names():
    (chunk,) = read("csv", b"1,anna@example.com\n2,bob@example.com\n", ReadOptions())
    assert {unit.field for unit in chunk.units} == {None}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_detected(delimiter):
    rows = [["id", "name", "note"], ["1", "Anna", "a b"], ["2", "Bo", "c"]]
    data = "".join(delimiter.join(row) + "\r\n" for row in rows).encode()
    (chunk,) = read("csv", data, ReadOptions())
    assert chunk.delimiter == delimiter
    assert len(chunk.units) == 9


@pytest.mark.parametrize("where", [1, 40])
def test_csv_open_quote_names_the_row(where):
    rows = ["a,b,c"] * 50
    rows[where - 1] = 'a,"b,c'
    with pytest.raises(UnreadableError, match=f"row {where}:"):
        read("csv", "\n".join(rows).encode())


def test_csv_ragged_rows_and_stray_quotes():
    check_faithful("csv", b'a,b\n1\n1,2,3,4\nx 5" pipe,"q"tail\n\n,,\n', ReadOptions())


def test_csv_with_mark_and_cp1252():
    check_faithful("csv", b"\xef\xbb\xbfname,city\nJos\xc3\xa9,K\xc3\xb6ln\n")
    check_faithful(
        "csv", "name;stadt\nJürgen Müller;Köln am Rhein\n".encode("cp1252"), ReadOptions()
    )


# ---------------------------------------------------------------- json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_json_round_trip(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    data = text.encode("utf-8", "surrogatepass" if ascii_only else "replace")
    check_faithful("json", data)
    check_redacted("json", data)


@given(st.lists(JSON, max_size=6))
def test_jsonl_round_trip(records):
    data = "\n\n".join(json.dumps(record) for record in records).encode()
    check_faithful("jsonl", data)
    check_redacted("jsonl", data)


def test_json_keeps_spelling_and_names_paths():
    data = b'{ "user" : {"emails": ["a\\u0040b"], "n": 1.50e3}, "x":[{"id":-0.0}] }'
    (chunk,) = check_faithful("json", data)
    assert {u.text: u.field for u in chunk.units if u.field} == {
        "a@b": "user.emails[]", "1.50e3": "user.n", "-0.0": "x[].id",
    }  # fmt: skip


def test_json_redaction_inside_escapes():
    data = b'{"k": "x\\u00e9\\ud83d\\ude00John\\n"}'
    (chunk,) = read("json", data)
    unit = next(u for u in chunk.units if "John" in u.text)
    at = unit.text.index("John")
    assert at == 3  # the emoji is one code point
    (out,) = written([chunk], lambda c: [Redaction(unit.id, Span(at, at + 4), '"', "PERSON")])
    assert out == b'{"k": "x\\u00e9\\ud83d\\ude00\\"\\n"}'


def test_json_number_stays_a_number_only_if_it_is_one():
    (chunk,) = read("json", b'{"a": 123456, "b": 123456}')
    numbers = [u for u in chunk.units if u.field]
    new = ["999999", "<SSN>"]
    redactions = [
        Redaction(u.id, Span(0, 6), text, "US_SSN") for u, text in zip(numbers, new, strict=True)
    ]
    assert written([chunk], lambda c: redactions) == [b'{"a": 999999, "b": "<SSN>"}']


def test_json_keys_stay_distinct():
    (chunk,) = read("json", b'{"a@example.com": 1, "b@example.com": 2, "<E>": {"a": 3}}')
    keys = [u for u in chunk.units if "@" in u.text]
    redactions = [Redaction(u.id, Span(0, len(u.text)), "<E>", "EMAIL") for u in keys]
    assert written([chunk], lambda c: redactions) == [b'{"<E>#2": 1, "<E>#3": 2, "<E>": {"a": 3}}']


BAD_JSON = [
    (b'{"a": ', "line 1, column 7"), (b'{"a": 1,}', "column 9"), (b"[1 2]", "column 4"),
    (b"{'a': 1}", "column 2"), (b"[NaN]", "column 2"), (b"01", "column 1"), (b"[1]]", "column 4"),
    (b'\n\n["a\nb"]', "line 3, column 2"), (b"", "column 1"), (b"[" * 300, "nesting"),
    (b'{"a" 1}', "column 6"), (b"{,}", "column 2"), (b"[,]", "column 2"), (b'{"a"}', "column 5"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "place"), BAD_JSON)
def test_malformed_json_names_its_place(data, place):
    with pytest.raises(UnreadableError, match=place):
        read("json", data)
    if data:
        with pytest.raises(ValueError):
            json.loads(data, parse_constant=int)


def test_malformed_json_line_names_its_line():
    with pytest.raises(UnreadableError, match="line 3, column"):
        read("jsonl", b'{"a": 1}\n\n{"a": }\n{"a": 2}\n', ReadOptions())
