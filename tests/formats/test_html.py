"""HTML: every place where a value can hide, markup untouched, both parsers of one mind."""

import io
import random
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.errors import WithheldError
from redactor.formats import FORMATS, ReadOptions, detect_format
from redactor.formats.reread import reread
from redactor.values import Redaction, Span
from redactor.verify.report import expected_text

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>About ZEBULON</title>
<meta name="author" content="ZEBULON &amp; sons">
<!-- written by ZEBULON -->
<style>.x::after { content: "ZEBULON"; }</style>
<script>var who = "\\x5aEBULON"; // ZEBULON
var more = 'say \\'ZEBULON\\'';</script>
<script type="application/ld+json">{"name": "Z\\u0045BULON"}</script>
</head><body>
<p>Dear <b>ZEB</b><i class=a>ULON</i>, hello.<br>ZEB<br/>ULON</p>
<p>&#90;EBULON and Z&#x45;BULON; <img src="/i.png" alt='ZEBULON&#39;s cat' title=ZEBULON></p>
<a href="mailto:%5AEBULON?subject=x%20ZEBULON&amp;a=1">mail</a>
<a href="data:text/plain;base64,WkVCVUxPTiBoZXJl">data</a>
<a href="data:text/plain,Z%45BULON">data</a>
<input value="ZEBULON" data-owner='{"n": "ZEBULON"}'><textarea>ZEBULON</textarea>
<td>neighbour one</td><td>ZEBULON</td><td title="neighbour two">neighbour three</td>
</body></html>
"""


def read(page):
    (chunk,) = FORMATS["html"]().chunks(io.BytesIO(page), ReadOptions())
    return chunk


def write(chunk, redactions):
    out = io.BytesIO()
    settled = chunk.settle(redactions)
    chunk.write(settled, out)
    return out.getvalue(), settled


def find(chunk, value, new="<PERSON>"):
    redactions = []
    for unit in chunk.units:
        flat = unit.text.replace("\n", "\0")
        at = 0
        while True:
            hits = [(flat.find(v, at), len(v)) for v in (value, value.replace("BU", "B\0U"))]
            hits = [hit for hit in hits if hit[0] >= 0]
            if not hits:
                break
            start, size = min(hits)
            redactions.append(Redaction(unit.id, Span(start, start + size), new, "PERSON"))
            at = start + size
    return redactions


def check(chunk, data, settled):
    expected = [
        text
        for unit in chunk.units
        if (text := expected_text(unit.text, [r for r in settled if r.unit == unit.id])[0]).strip()
    ]
    assert list(reread("html", data, chunk.hints)) == expected


def test_every_hiding_place():
    chunk = read(PAGE.encode())
    redactions = find(chunk, "ZEBULON")
    assert len(redactions) == 22
    data, settled = write(chunk, redactions)
    check(chunk, data, settled)

    class Words(HTMLParser):
        seen = ""

        def handle_data(self, data):
            self.seen += data

        def handle_starttag(self, tag, attrs):
            self.seen += repr(attrs)

    words = Words()
    words.feed(data.decode())
    for spelt in ("ZEBULON", "EBULON", "ULON", "WkVCVUxPTi", "BULON"):
        assert spelt not in data.decode()
        assert spelt not in words.seen
    for neighbour in ("neighbour one", "neighbour two", "neighbour three", "hello.", "&amp;a=1"):
        assert neighbour in data.decode()
    assert data.count(b"<br") == PAGE.encode().count(b"<br")
    again, settled = write(read(data), [])
    assert again == data and not find(read(data), "ZEBULON")


def test_untouched_markup_stays():
    chunk = read(PAGE.encode())
    data, _ = write(chunk, find(chunk, "neighbour", new="n-"))
    assert data == PAGE.encode().replace(b"neighbour", b"n-")


SOUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "</b>", "<br>", "<br/>", "</br>", "Ann ", "Lee", "&amp;", "&#65;", "&", "<",
         "&copy", "&notit;", '<a href="x%41%zz?a=1&b=2">', "<a title='q\"q'>", "<img alt=Ann>", "<!-- c -->",
         "<script>a = '\\x41\\u0042\\n'</script>", "<style>p{}</style>", "\n", " ", ">", "é", "😀",
         "<td nowrap>", "<?pi x>", "<!DOCTYPE html>", "</td>", '<i data-x="1">', "<INPUT VALUE=' Ann '>"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    SOUP,
    st.integers(0, 2**32),
    st.sampled_from(["", "<X>", "a'b\"c", "--", "&amp;", "Jo é 😀", "%41"]),
)
def test_both_parsers_agree_on_any_soup(page, seed, new):
    chunk = read(page.encode())
    assert write(chunk, [])[0] == page.encode()
    try:
        check(chunk, page.encode(), [])
    except (AssertionError, ValueError):
        # the two parsers read a broken page differently: it would be withheld, not leaked
        assert "<" in page.replace("<b>", "")
        return
    rng = random.Random(seed)
    redactions = []
    for unit in chunk.units:
        if rng.random() < 0.6:
            start = rng.randrange(len(unit.text))
            end = rng.randint(start + 1, len(unit.text))
            redactions.append(Redaction(unit.id, Span(start, end), new, "X"))
    data, settled = write(chunk, redactions)
    try:
        check(chunk, data, settled)
    except AssertionError:
        # a letter behind a stray "<" begins a tag: withheld by the check, not leaked
        assert re.search(r"<(?![a-zA-Z/!?])|&(?![a-z#])", page)


def test_ordinary_pages_are_read_alike():
    for page in (
        "<p>a &lt; b && c</p>", "<ul><li>one<li>two</ul>", "<a href='?a=1&b=2&copy=3'>x</a>", "<p>x", "",
        "just text", "<title>a & b</title>", "<p>1 < 2 and 3 > 2</p>", "<table><tr><td>a</table>",
        "<script>if (a < b) { x = '<p>' }</script><p>after", "<b>a</b> <i>b</i>",
    ):  # fmt: skip
        chunk = read(page.encode())
        check(chunk, page.encode(), [])


def test_embedded_content_that_is_no_text_withholds():
    with pytest.raises(WithheldError, match="image/png"):
        read(b'<img src="data:image/png;base64,AAAA">')


def test_encodings_and_sniffing():
    page = '<html><meta charset="windows-1252"><p>Zoë</p>'
    chunk = read(page.encode("cp1252"))
    assert any("Zoë" in unit.text for unit in chunk.units)
    assert write(chunk, [])[0] == page.encode("cp1252")
    assert detect_format("x.htm", b"<p>") == detect_format("", b"<!doctype HTML>\n<p>") == "html"


def test_command_line(cli, tmp_path):
    (tmp_path / "page.html").write_text(
        '<p>Mail <b>zebulon.quarter</b>maine@example.com</p><a href="mailto:zebulon.quartermaine%40example.com">x</a>'
    )
    cli("redact", tmp_path / "page.html", "-o", tmp_path / "out.html", "--ner", "never", code=0)
    written = (tmp_path / "out.html").read_text()
    assert "quarter" not in written and "&lt;EMAIL_ADDRESS&gt;" in written and "</b>" in written
