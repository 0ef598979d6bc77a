"""Archives: names, limits, hostile members, and that the copy holds what was decided."""

import gzip
import io
import lzma
import re
import tarfile
import zipfile

import pytest
from roundtrip import read

from redactor.errors import UnreadableError, WithheldError
from redactor.formats import FORMATS
from redactor.formats.base import ReadOptions
from redactor.formats.reread import check_assembled, reread
from redactor.values import Redaction, Span

LETTER = b"Dear Jane Roe,\nthank you.\n"


def make_zip(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.external_attr = 0o640 << 16
            archive.writestr(info, data, method)
    return out.getvalue()


def make_tar(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode, info.uname = len(data), 1600000000, 0o640, "jane"
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


MEMBERS = {
    "a/letter_Jane_Roe.txt": LETTER, "people.csv": b"name,x\nJane Roe,1\n", "empty.log": b"",
    "log.gz": gzip.compress(LETTER), "d.json.xz": lzma.compress(b'{"name": "Jane Roe"}'),
    "inner.zip": make_zip({"x.xml": b"<a>Jane Roe</a>", "y.tar": make_tar({"z.txt": LETTER})}),
}  # fmt: skip
MAKERS = {"zip": make_zip, "tar": make_tar}


def copy(kind, data, path, options=None, replace=b"Jane Roe"):
    """The archive with a name taken out of all texts, put together and checked."""
    out = io.BytesIO()
    assembler = FORMATS[kind]().assembler(out)
    for chunk in read(kind, data, options):
        made = []
        for unit in chunk.units:
            made += [
                Redaction(unit.id, Span(*match.span()), "<P_1>", "PERSON")
                for match in re.finditer(replace.decode(), unit.text)
            ]
        made = list(chunk.settle(made))
        piece = io.BytesIO()
        chunk.write(made, piece)
        texts = list(reread(kind, piece.getvalue(), chunk.hints))
        assert not any(replace.decode() in text for text in texts)
        piece.seek(0)
        assembler.add(chunk, piece)
    manifest = assembler.finish()
    path.write_bytes(out.getvalue())
    check_assembled(path, kind, manifest)
    return out.getvalue(), manifest


def contents(data):
    """Every byte of an archive, archives and compression inside undone, by the standard library."""
    found = {}
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            members = {m.name: archive.extractfile(m).read() for m in archive if m.isreg()}
    elif data[:2] == b"\x1f\x8b":
        members = {"": gzip.decompress(data)}
    elif data[:4] == b"\xfd7zX":
        members = {"": lzma.decompress(data)}
    else:
        return {"": data}
    for name, content in members.items():
        for inner, raw in contents(content).items():
            found[f"{name}|{inner}"] = raw
    return found


@pytest.mark.parametrize("kind", MAKERS)
def test_every_member_is_redacted_and_dates_stay(kind, tmp_path):
    data, manifest = copy(kind, MAKERS[kind](MEMBERS), tmp_path / "out")
    found = contents(data)
    assert len(found) == len(MEMBERS) + 1
    for name, raw in found.items():
        assert b"Jane" not in raw and "Jane" not in name.replace("_", " ")
    assert found["a/letter_-P-1-.txt|"] == LETTER.replace(b"Jane Roe", b"<P_1>")
    again, _ = copy(kind, MAKERS[kind](MEMBERS), tmp_path / "again")
    assert again == data
    if kind == "zip":
        info = zipfile.ZipFile(io.BytesIO(data)).infolist()[0]
        assert info.date_time == (2020, 1, 2, 3, 4, 6) and info.external_attr >> 16 == 0o640
    else:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            info = archive.getmembers()[0]
        assert (info.mtime, info.mode, info.uname) == (1600000000, 0o640, "")


@pytest.mark.parametrize("kind", MAKERS)
def test_unchanged_members_come_back_as_they_were(kind, tmp_path):
    data, _ = copy(kind, MAKERS[kind](MEMBERS), tmp_path / "out", replace=b"nobody")
    assert contents(data) == contents(MAKERS[kind](MEMBERS))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_copy_that_holds_something_else_is_refused(kind, tmp_path):
    path = tmp_path / "out"
    data, manifest = copy(kind, MAKERS[kind](MEMBERS), path)
    for other in (
        MAKERS[kind](MEMBERS),
        MAKERS[kind]({**MEMBERS, "more.txt": b"x"}),
        path.read_bytes()[: len(data) // 2],
        path.read_bytes() + b"Jane Roe",
    ):
        path.write_bytes(other)
        with pytest.raises((ValueError, UnreadableError, IndexError, EOFError)):
            check_assembled(path, kind, manifest)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_of_compression(method, tmp_path):
    data, _ = copy("zip", make_zip({"a.txt": LETTER * 50}, method), tmp_path / "out")
    info = zipfile.ZipFile(io.BytesIO(data)).infolist()[0]
    assert info.compress_type == method


def test_names_stay_distinct_and_safe(tmp_path):
    members = {
        "Jane Roe.txt": b"a",
        "Jane_Roe.txt": b"b",
        "<P_1>.txt": b"c",
        "Jane Roe/x.txt": b"d",
    }
    data, _ = copy("zip", make_zip(members), tmp_path / "out")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len({name.casefold() for name in names}) == 4
    assert not any("Jane" in name for name in names)


HOSTILE_NAMES = ["../x.txt", "/etc/x.txt", "a/../../x.txt", "..\\x.txt", "C:x.txt"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_that_lead_out_are_refused(name):
    for kind, make in MAKERS.items():
        with pytest.raises(UnreadableError, match="member 2"):
            read(kind, make({"a.txt": b"x", name: b"x"}))


def test_two_members_of_one_name_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.txt", b"x")
        archive.writestr("a.txt", b"y")
    with pytest.raises(UnreadableError, match="member 2 has the name of another"):
        read("zip", out.getvalue())


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(UnreadableError, match="member 1 is a link or a device"):
        read("tar", out.getvalue())
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableError, match="member 1 is a link"):
        read("zip", packed.getvalue())


def nested(depth):
    data = make_zip({"a.txt": b"x"})
    for _ in range(depth):
        data = make_zip({"a.zip": data})
    return data


BOMBS = [
    (make_zip({"a.txt": b"\n" * (40 << 20)}), {}, "bomb"),
    (make_zip({"a.zip": make_zip({"a.txt": b"\n" * (40 << 20)})}), {}, "bomb"),
    (nested(3), {}, "deeper than 3"),
    (make_zip({f"{n}.txt": b"x" for n in range(30)}), {"max_members": 20}, "more than 20 members"),
    (make_zip({"a.txt": b"x" * 5000}), {"max_unpacked": 4000}, "more than 4000 bytes"),
]


@pytest.mark.parametrize(("data", "limits", "words"), BOMBS)
def test_bombs(data, limits, words):
    with pytest.raises(UnreadableError, match=words):
        read("zip", data, ReadOptions(**limits))


def test_tar_bomb_inside_compression():
    packed = make_tar({"a.log.gz": gzip.compress(b"\n" * (80 << 20))})
    with pytest.raises(UnreadableError, match="member 1.*bomb"):
        read("tar", packed)


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_not_handled_withholds_the_archive(kind):
    with pytest.raises(WithheldError, match="member 2.*GIF.*withheld"):
        read(kind, MAKERS[kind]({"a.txt": b"x", "b.txt": b"GIF89a"}))


def test_encrypted_members_withhold():
    data = bytearray(make_zip({"a.txt": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(WithheldError, match="member 1 is encrypted"):
        read("zip", bytes(data))


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("cut", [30, 200, 600])
def test_truncated(kind, cut):
    data = MAKERS[kind](MEMBERS)
    data = data[: len(data) - cut] if kind == "zip" else data[: 512 * 3 + cut]
    with pytest.raises(UnreadableError, match="cut off|damaged|checksum|cannot be read"):
        read(kind, data)


def test_damaged_content():
    data = bytearray(make_zip({"a.txt": LETTER * 20}, zipfile.ZIP_STORED))
    data[80] ^= 0xFF
    with pytest.raises(UnreadableError, match="checksum"):
        read("zip", bytes(data))


def test_malformed_member_names_its_place():
    with pytest.raises(UnreadableError, match="member 2: line 1, column 7"):
        read("zip", make_zip({"a.txt": b"x", "b.json": b'{"a": }'}))
