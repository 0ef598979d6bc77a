import gzip
import io
import zlib
from hashlib import sha256

import pytest
import zstandard

from redactor.errors import UnreadableError
from redactor.formats import detect_format, open_sink, open_source
from redactor.formats.base import ReadOptions

TEXT = b"2024-01-01 some log line with text\n" * 5000


def read(data, **options):
    with open_source(io.BytesIO(data), ReadOptions(**options)) as source:
        return source.stream.read(), source


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_round_trip_and_determinism(kind):
    packed = []
    for _ in range(2):
        raw = io.BytesIO()
        sink = open_sink(raw, kind)
        sink.write(TEXT)
        sink.close()
        packed.append(raw.getvalue())
    assert packed[0] == packed[1]
    content, source = read(packed[0])
    assert content == TEXT
    assert (source.compression, source.digest) == (kind, sha256(packed[0]).hexdigest())


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_several_members(pack):
    assert read(pack(b"one\n") + pack(b"two\n"))[0] == b"one\ntwo\n"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("cut", [1, 20, 60])
def test_truncated(pack, cut):
    with pytest.raises(UnreadableError, match="truncated|damaged"):
        read(pack(TEXT)[:-cut])


def test_damaged_gzip():
    data = bytearray(gzip.compress(TEXT))
    data[-6] ^= 0xFF
    with pytest.raises(UnreadableError, match="damaged"):
        read(bytes(data))


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_bomb(kind):
    zeros = b"\0" * (1 << 20)
    if kind == "gz":
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(packer.compress(zeros) for _ in range(100)) + packer.flush()
    else:
        bomb = zstandard.ZstdCompressor().compress(zeros * 100)
    source = open_source(io.BytesIO(bomb), ReadOptions())
    with source, pytest.raises(UnreadableError, match="bomb"):
        while source.stream.read(1 << 20):
            pass


def test_size_limit():
    with pytest.raises(UnreadableError, match="limit of 1000"):
        read(TEXT, max_bytes=1000)


def test_plain_and_empty():
    assert read(TEXT)[0] == TEXT
    assert read(b"")[0] == b""
    assert read(b"\x1f")[0] == b"\x1f"


def test_unread_rest_is_noticed():
    with open_source(io.BytesIO(TEXT), ReadOptions()) as source:
        source.stream.read(10)
        with pytest.raises(UnreadableError, match="not read to its end"):
            source.finish()


KINDS = [
    ("a.csv", b"x,y", "csv"), ("a.tsv.gz", b"x\ty", "tsv"), ("a.json", b"{}", "json"),
    ("A.JSONL", b"{}", "jsonl"), ("a.ndjson.zst", b"{}", "jsonl"), ("a.log", b"a\0b", "log"),
    ("letter.txt", b"Dear", "text"), ("", b"Dear Sir,\nhello\n", "text"),
    ("x", b'{"a": 1}', "json"),
    ("x", b'{"a": 1}\n{"a": 2}\n', "jsonl"), ("syslog", b"2024-01-01T0 a\n2024-01-01T1 b\n", "log"),
    ("access", b'1.2.3.4 - - [01/Jan/2024:0] "GET"\n' * 3, "log"), ("", b"", "text"),
    ("a.log", "x".encode("utf-16"), "text"), ("x", b"[draft] of a letter\nnot json", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "head", "kind"), KINDS)
def test_detect(name, head, kind):
    assert detect_format(name, head) == kind


@pytest.mark.parametrize(
    "head",
    [b"GIF89a", b"\x7fELF", b"a\0b\0\1\2\3" * 9, b"BZh91AY"],
)
def test_binary_is_refused_whatever_its_name(head):
    for name in ("a.txt", "a.csv", "a", ""):
        with pytest.raises(UnreadableError):
            detect_format(name, head)


def test_documents_and_pictures_are_never_taken_for_text():
    for name in ("a.txt", "a.csv", "a.docx"):
        with pytest.raises(UnreadableError):
            detect_format(name, b"%PDF-1.7")
    assert detect_format("a", b"%PDF-1.7") == "pdf"
    for name in ("a.txt", "a.csv", "a", "a.docx"):
        assert detect_format(name, b"\x89PNG\r\n") == "image"
