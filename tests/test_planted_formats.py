"""Plant values in every place of the document, table and archive formats, then look for them.

As in test_planted_values, the search is a byte search over all that a run leaves behind; files
are unpacked here by the standard library, and columnar files also by their own libraries into
plain bytes. The readers of the product are not used.
"""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest
from test_planted_values import TEXT, VALUES, leaks

MAIL, SSN, CARD, IBAN, IP, NAME = VALUES
ONE_LINE = " ".join(TEXT.split())


def xml():
    attributes = " ".join(f'a{n}="{value}"' for n, value in enumerate(VALUES))
    return (
        f'<?xml version="1.0"?>\n<!-- {ONE_LINE} -->\n<?note {ONE_LINE}?>\n<r {attributes}>'
        f"<c><![CDATA[{TEXT}]]></c><full_name>{NAME}</full_name>{TEXT}</r>\n"
    )


def yaml():
    block = "\n".join(f"  {line}" for line in TEXT.split("\r\n"))
    return (
        f"# {ONE_LINE}\nfull_name: {NAME} # {MAIL}\nssn: '{SSN}'\nn: {json.dumps(ONE_LINE)}\n"
        f"text: |\n{block}\nfolded: >\n{block}\n{MAIL}: key\nlist: [{IP}, {{card: '{CARD}'}}]\n"
        f"---\njson: '{json.dumps({'email': MAIL})}'\n"
    )


def toml():
    return (
        f'# {ONE_LINE}\nfull_name = {json.dumps(NAME)} # {MAIL}\n"{MAIL}" = 1\n'
        f'note = """\n{ONE_LINE}"""\nraw = \'{ONE_LINE}\'\n[people]\nssn = "{SSN}"\n'
        f'ips = ["{IP}", # {MAIL}\n "x"]\nt = {{iban = "{IBAN}", card = "{CARD}"}}\n'
    )


def lines(mark, quote):
    body = "".join(f"v{n}={quote}{value}{quote}\n" for n, value in enumerate(VALUES))
    return f"{mark} {ONE_LINE}\n{body}full_name={quote}{NAME}{quote}\n"


def sql():
    def quoted(value):
        return "'" + value.replace("'", "''") + "'"

    values = ", ".join(quoted(value) for value in [NAME, MAIL, SSN, CARD, IBAN, IP])
    row = "\t".join([NAME, MAIL, SSN, CARD, IBAN, IP])
    return (
        f"-- PostgreSQL database dump\n-- {ONE_LINE}\n/* {ONE_LINE} */\n"
        "CREATE TABLE c (full_name text, mail text, ssn text, card text, iban text, ip text);\n"
        f"INSERT INTO c VALUES ({values});\nUPDATE c SET mail = {quoted(MAIL)};\n"
        f"COPY c (full_name, mail, ssn, card, iban, ip) FROM stdin;\n{row}\n\\.\n"
        f"INSERT INTO c (mail) VALUES ({quoted(json.dumps({'email': MAIL}))}), (E'x\\'{MAIL}');\n"
    )


def notebook():
    source = [f"# {ONE_LINE}\n", f"x = {MAIL!r}"]
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": TEXT.splitlines(keepends=True)},
        {"output_type": "display_data", "metadata": {"by": NAME}, "data": {
            "image/png": "aGVsbG8=", "text/html": [f"<b>{MAIL}</b>"], "text/plain": ONE_LINE}},
        {"output_type": "error", "ename": "E", "evalue": MAIL, "traceback": [ONE_LINE]},
    ]  # fmt: skip
    cells = [
        {"cell_type": "code", "source": source, "outputs": outputs, "metadata": {"tags": [MAIL]}},
        {"cell_type": "markdown", "source": ONE_LINE, "metadata": {}},
    ]
    return json.dumps(
        {"cells": cells, "metadata": {"author": MAIL}, "nbformat": 4, "nbformat_minor": 5}
    )


def nested_csv():
    import csv

    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["full_name", "payload", "note"])
    inner = json.dumps(
        {"user": {"email": MAIL}, "text": ONE_LINE, "deep": json.dumps({"ssn": SSN})}
    )
    writer.writerows([[NAME, inner, ONE_LINE]] * 2)
    return f"Customers of {NAME}\n\n{sink.getvalue()}"


DOCUMENTS = {
    "a.xml": xml(), "a.yaml": yaml(), "a.toml": toml(), "a.ini": "[s]\n" + lines(";", ""),
    "q.ini": "[s]\n" + lines("#", '"'), "a.env": lines("#", '"'), "a.properties": lines("#", ""),
    "a.sql": sql(), "a.ipynb": notebook(), "a.csv": nested_csv(),
}  # fmt: skip


def tables():
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    return pa.table(
        {
            "full_name": [NAME, None], "mail": pa.array([MAIL, MAIL]).dictionary_encode(),
            "note": [ONE_LINE, ONE_LINE], "raw": pa.array([ONE_LINE.encode(), None]),
            "nest": [{"ips": [IP, IP], "card": CARD}] * 2, "ssn": pa.array([987654329, 1]), "visits": [1, 2],
            "js": [json.dumps({"iban": IBAN, "email": MAIL})] * 2, MAIL: [1, 2],
        }
    ).replace_schema_metadata({"owner": MAIL, MAIL: "x"})  # fmt: skip


def plant(folder):
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, newline="")
    (folder / "b.xml.bz2").write_bytes(bz2.compress(xml().encode()))
    (folder / "b.sql.xz").write_bytes(lzma.compress(sql().encode()))
    members = {f"{NAME.replace(' ', '_')}/{MAIL}.txt": TEXT, **DOCUMENTS}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        archive.comment = ONE_LINE.encode()
    (folder / "c.zip").write_bytes(packed.getvalue())
    with tarfile.open(folder / "c.tar.gz", "w:gz", pax_headers={"comment": MAIL}) as archive:
        for name, data in [("x.zip", packed.getvalue()), ("y.txt", TEXT.encode())]:
            info = tarfile.TarInfo(name)
            info.size, info.uname = len(data), "zebulon.quartermaine"
            archive.addfile(info, io.BytesIO(data))


def plant_columnar(folder):
    import fastavro
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    table = tables()
    folder.mkdir()
    pa.parquet.write_table(table, folder / "d.parquet", row_group_size=1)
    pa.feather.write_feather(table, str(folder / "d.feather"))
    with pa.ipc.new_stream(str(folder / "d.arrows"), table.schema) as writer:
        writer.write_table(table)
    fields = [
        {"name": "full_name", "type": "string"}, {"name": "note", "type": ["null", "string"]},
        {"name": "tags", "type": {"type": "map", "values": "string"}},
        {"name": "ssn", "type": ["null", "long"]}, {"name": "raw", "type": "bytes"},
    ]  # fmt: skip
    record = {
        "full_name": NAME, "note": ONE_LINE, "tags": {MAIL: IP, "card": CARD}, "ssn": 987654329,
        "raw": ONE_LINE.encode(),
    }  # fmt: skip
    with (folder / "d.avro").open("wb") as sink:
        schema = {"type": "record", "name": "R", "fields": fields}
        fastavro.writer(sink, schema, [record] * 2, codec="deflate", metadata={"owner": MAIL})


def unpacked(data):
    """Every byte of a file, with compression and archives undone; also the raw bytes."""
    yield data
    if data[:2] == b"\x1f\x8b":
        yield from unpacked(gzip.decompress(data))
    elif data[:3] == b"BZh":
        yield from unpacked(bz2.decompress(data))
    elif data[:6] == b"\xfd7zXZ\0":
        yield from unpacked(lzma.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for info in archive.infolist():
                yield info.filename.replace("_", " ").encode() + info.comment + info.extra
                yield from unpacked(archive.read(info))
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for info in archive:
                yield repr((info.name, info.uname, info.gname, info.pax_headers)).encode()
                yield from unpacked(archive.extractfile(info).read() if info.isreg() else b"")
    elif data[:4] == b"PAR1" or data[:6] == b"ARROW1" or data[:4] == b"\xff\xff\xff\xff":
        yield columnar(data)
    elif data[:4] == b"Obj\x01":
        import fastavro

        reader = fastavro.reader(io.BytesIO(data))
        yield repr((reader.metadata, list(reader))).encode()


def columnar(data):
    import pyarrow as pa
    import pyarrow.parquet as pq

    if data[:4] == b"PAR1":
        file = pq.ParquetFile(io.BytesIO(data))
        table, more = file.read(), repr(file.metadata.to_dict())
    else:
        opener = pa.ipc.open_file if data[:6] == b"ARROW1" else pa.ipc.open_stream
        table, more = opener(io.BytesIO(data)).read_all(), ""
    # the buffers themselves: dictionaries, values under nulls and all
    raw = b"".join(
        buffer.to_pybytes()
        for column in table.columns
        for chunk in column.chunks
        for buffer in _buffers(chunk)
    )
    return repr((table.to_pylist(), table.schema, table.schema.metadata, more)).encode() + raw


def _buffers(array):
    yield from (buffer for buffer in array.buffers() if buffer is not None)
    if hasattr(array, "dictionary"):
        yield from _buffers(array.dictionary)


def check(cli, tmp_path, state_folder, planter):
    planter(tmp_path / "in")
    before = {path.name: path.read_bytes() for path in (tmp_path / "in").iterdir()}
    # what is planted can be found
    assert all(any(leaks(piece) for piece in unpacked(data)) for data in before.values())
    transcript = b""
    done = cli("redact", "in", "-o", "out", "-p", "base", "--explain", code=0)
    transcript += done.stdout + done.stderr
    for arguments in (("scan", "in", "--format", "json"), ("scan", "in", "--explain")):
        done = cli(*arguments, code=0)
        transcript += done.stdout + done.stderr
    for arguments in (("show",), ("export",), ("verify",)):
        transcript += cli("audit", *arguments, code=0).stdout
    assert leaks(transcript) == []
    out = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert out.keys() == before.keys()
    for name, data in out.items():
        for piece in unpacked(data):
            assert leaks(piece) == [], (name, leaks(piece))
            assert b"quartermaine" not in piece.lower(), name
    for path in state_folder.rglob("*"):
        if path.is_file():
            assert leaks(path.read_bytes()) == [], path.name
    assert {p.name: p.read_bytes() for p in (tmp_path / "in").iterdir()} == before
    return out


def test_documents_and_archives(cli, tmp_path, state_folder):
    out = check(cli, tmp_path, state_folder, plant)
    from xml.etree import ElementTree

    ElementTree.fromstring(out["a.xml"])
    json.loads(out["a.ipynb"])
    assert out["a.sql"].count(b"\n") == sql().count("\n")
    assert bz2.decompress(out["b.xml.bz2"]) == out["a.xml"]


def test_columnar_files(cli, tmp_path, state_folder):
    pytest.importorskip("fastavro")
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    out = check(cli, tmp_path, state_folder, plant_columnar)
    after, before = pq.read_table(io.BytesIO(out["d.parquet"])), tables()
    assert after.schema.types == before.schema.types
    assert after["visits"].to_pylist() == [1, 2] and pa.__version__


BROKEN = {
    "bomb.xml": (b'<!DOCTYPE a [<!ENTITY x "zebulon">]><a>&x;</a>', "line 1"),
    "open.sql": (b"INSERT INTO t VALUES ('a');\nINSERT INTO t VALUES ('zebulon\n", "line 2"),
    "bad.yaml": (b"a: zebulon\nb: [\n", "line 3"),
    "bad.toml": (b"a = 1\nb = zebulon\n", "line 2"),
    "cut.parquet": (b"PAR1" + b"zebulon" * 50 + b"\xff\xff\xff\x00PAR1", "footer"),
    "cut.zip": (b"PK\x03\x04zebulon", "cannot be read"),
    "cut.xml.bz2": (bz2.compress(b"<a>zebulon</a>" * 99)[:-20], "truncated"),
    "bad.xml.xz": (b"\xfd7zXZ\x00zebulon zebulon zebulon", "damaged"),
    "deep.json": (b"[" * 100_000, "nesting"),
}  # fmt: skip


def test_bad_input_is_told_and_the_rest_goes_on(cli, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, (data, _) in BROKEN.items():
        (folder / name).write_bytes(data)
    (folder / "zz.ini").write_text(f"mail = {MAIL}\n")
    done = cli("redact", folder, "-o", "out", code=5)
    told = {
        line.split()[1].rsplit("/", 1)[-1]: line
        for line in done.stdout.decode().splitlines()
        if "in/" in line
    }
    for name, (_, words) in BROKEN.items():
        assert told[name].startswith("unreadable") and words in told[name], told[name]
    assert b"zebulon" not in done.stdout.replace(MAIL.encode(), b"") + done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["zz.ini"]
    assert not list(tmp_path.rglob(".redactor-*"))


def test_archive_to_standard_output_and_streams(cli, tmp_path):
    plant(tmp_path / "in")
    done = cli("redact", "in/c.zip", "-o", "-", code=0)
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == len(DOCUMENTS) + 1
    piped = cli("redact", "-", "-o", "p.zip", stdin=(tmp_path / "in/c.zip").read_bytes(), code=0)
    assert piped.returncode == 0 and (tmp_path / "p.zip").read_bytes() == done.stdout
