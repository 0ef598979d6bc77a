"""XML, YAML, TOML, INI, .env, properties, SQL dumps and notebooks."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roundtrip import check_faithful, check_redacted, read, write

from redactor.errors import UnreadableError
from redactor.formats.base import ReadOptions
from redactor.values import Redaction, Span

XML = b"""<?xml version="1.0" encoding="UTF-8"?>\r
<!-- made by Jane Roe -->
<?proc jane@example.com?>
<customers xmlns:x="u">\n <customer id='7' x:mail="a&amp;b@example.com\tq">
  <name>J&#246;hn &lt;Smith&gt;</name><note><![CDATA[ <raw> & Jane ]]></note>
  <field name="ssn">123</field><e/><js>{"email": "a@example.com", "n": 5}</js></customer></customers>
"""

YAML = """# people of ACME
a: "x\\n😀 \\u00e9 Jane"   # c1
b: 'it''s Jane'
list:
  - plain Jane Roe
  - {k: v, "q": [1, 2]}
lit: |
  two
   Jane

  end
fold: >-
  folded
  text

  more
anch: &a !!str Jane
ref: *a
? complex
: val
num: 5551234
empty:
mail@example.com: {x: '{"email": "a@example.com"}'}
---
second: doc # x#y
...
""".encode()

TOML = b'''# c Jane
title = "TOML \\u00e9 Jane" # t
[owner."x y"]
name = 'lit'
dob = 1979-05-27T07:32:00Z
n = 123_456\x20
f = 1.5
b = true
[db]
ports = [ 8001, # first
 8002 ]
data = [ ["delta", "phi"], [3.14] ]
t = { cpu = 79.5, case = "x", in.ner = 1 }
ml = """
first \\
   second
 Jane "q" """
ml2 = \'\'\'
raw \\ Jane\'\'\'
a.b.c = "d"
[[people]]
name = "A"
[[people]]
name = "B"
[owner.z]
k=1
'''

INI = b"""; comment Jane
[section one] ; sc
key = value Jane ; inline
path="C:\\x"\x20
quoted = 'it is'
flag
multi = a
   b
url: http://x#y

[two]
a=b
"""

ENV = b"""# c Jane
export A=plain value # cc
B="double \\"q\\" \\n Jane" # d
C='single $x'
D=
E="multi
line Jane"
F=`tick`
"""

PROPERTIES = b"""# c Jane
! c2
key.one = value one
key\\ two: v\\u00e9 Jane\\
    continued
url=http\\://x
lone
empty=
"""

MYSQL = rb"""-- MySQL dump 10.13
/*!40101 SET NAMES utf8 */;
# hash Jane
CREATE TABLE `users` (
  `id` int(11) NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  `dob` date,
  `phone` bigint,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
INSERT INTO `users` VALUES (1,'O\'Brien \\ \"x\"','1980-01-02',-5551234),(2,'it''s','1980-01-02',NULL);
INSERT INTO `users` (`name`,`id`) VALUES ("dq \"in\" Jane",3);
UPDATE users SET name='Jane; DROP', id = 5 WHERE dob='1990-01-01';
INSERT INTO b VALUES (0xDEADBEEF,_binary 'a\0b',X'41','{"email": "a@example.com", "n": [1]}');
"""

POSTGRES = rb"""-- PostgreSQL database dump
SET standard_conforming_strings = on;
\connect db
CREATE TABLE public.people (
    id integer NOT NULL,
    full_name text,
    "E-mail" character varying(255),
    born date
);
CREATE FUNCTION f() RETURNS text AS $body$ select 'Jane; x'; $body$ LANGUAGE sql;
COPY public.people (id, full_name, "E-mail", born) FROM stdin;
1	Jane\tRoe \\ x	j@example.com	1980-01-02
2	\N	\N	\N
3	Zoe \303	{"a": "b"}	1990-01-01
\.

INSERT INTO people VALUES (4, 'back\slash', E'esc\'d \n', '2000-01-01'), (5,'',N'x','2000-01-01');
/* block
 Jane */
SELECT pg_catalog.setval('public.s', 5, true);
"""

NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "source": ["import x\n", "print('Jane Roe')"],
            "outputs": [
                {
                    "output_type": "display_data",
                    "data": {
                        "image/png": "",
                        "text/plain": ["<Fig\n", "Jane>"],
                        "application/json": {"a": ["x", "y"]},
                    },
                    "metadata": {},
                },
                {"output_type": "stream", "text": ["a\n", "b Jane\n"]},
                {"output_type": "error", "ename": "E", "traceback": ["l1", "l2"]},
            ],
            "metadata": {"author": "Jane"},
            "execution_count": 3,
        },
        {"cell_type": "markdown", "source": "# T Jane"},
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

DOCUMENTS = {
    "xml": XML, "yaml": YAML, "toml": TOML, "ini": INI, "env": ENV, "properties": PROPERTIES,
    "notebook": json.dumps(NOTEBOOK, indent=1).encode(),
}  # fmt: skip


def toml_key(chunk, unit):
    """Keys of tables that would become equal make a document invalid: the re-read refuses it."""
    return getattr(chunk.tokens.get(unit.id), "kind", "") == "key"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_round_trip(name):
    check_faithful(name, DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_redactions_read_back(name):
    check_redacted(name, DOCUMENTS[name], skip=toml_key if name == "toml" else lambda c, u: False)


@pytest.mark.parametrize("name", ["xml", "yaml", "toml", "ini", "env"])
def test_crlf_and_bom(name):
    data = b"\xef\xbb\xbf" + DOCUMENTS[name].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    check_faithful(name, data)


@pytest.mark.parametrize("data", [MYSQL, POSTGRES])
@pytest.mark.parametrize("size", [1 << 20, 64])
def test_sql(data, size):
    options = ReadOptions(chunk_bytes=size)
    check_faithful("sql", data, options)
    check_redacted("sql", data, options)


def fields(name, data):
    return {unit.text: unit.field for chunk in read(name, data) for unit in chunk.units}


def test_fields():
    xml = fields("xml", XML)
    assert xml["Jöhn <Smith>"] == "customers.customer.name"
    assert xml["7"] == "customers.customer.id"
    assert xml["123"] == "customers.customer.field.ssn"
    assert xml["a@example.com"] == "customers.customer.js.email"
    assert fields("yaml", YAML)["plain Jane Roe"] == "list[]"
    assert fields("yaml", YAML)["a@example.com"] == "mail@example.com.x.email"
    assert fields("toml", TOML)["lit"] == "owner.x y.name"
    assert fields("toml", TOML)["B"] == "people[].name"
    assert fields("ini", INI)["value Jane"] == "section one.key"
    mysql, postgres = fields("sql", MYSQL), fields("sql", POSTGRES)
    assert mysql['O\'Brien \\ "x"'] == "users.name" and mysql["5551234"] == "users.phone"
    assert mysql["Jane; DROP"] == "users.name" and mysql["1990-01-01"] == "users.dob"
    assert postgres["Jane\tRoe \\ x"] == "people.full_name"
    assert postgres["j@example.com"] == "people.E-mail"
    assert postgres["esc'd \n"] == "people.E-mail"


def redact(name, data, text, replacement):
    """The document with one text replaced."""
    out = b""
    for chunk in read(name, data):
        made = [
            Redaction(u.id, Span(0, len(u.text)), replacement, "X")
            for u in chunk.units
            if u.text == text
        ]
        out += write(chunk, chunk.settle(made))
    return out


def test_sql_types_stay():
    """A value of a number or date column goes to NULL unless the replacement is one again."""
    assert b"'1980-01-02',NULL)" in redact("sql", MYSQL, "5551234", "<PHONE>")
    assert b"'1980-01-02',-99)" in redact("sql", MYSQL, "5551234", "99")
    assert b"dob=NULL" in redact("sql", MYSQL, "1990-01-01", "<DATE>")
    assert b"dob='1991-02-03'" in redact("sql", MYSQL, "1990-01-01", "1991-02-03")
    assert b"\tj@example.com\t\\N\n" in redact("sql", POSTGRES, "1980-01-02", "<DATE>")
    assert b"'<X>'" in redact("sql", MYSQL, "it's", "<X>")


def test_plain_scalars_are_quoted_where_they_would_mean_something_else():
    assert redact("yaml", b"a: John Roe\n", "John Roe", "*****") == b'a: "*****"\n'
    assert redact("yaml", b"a: John Roe\n", "John Roe", "null") == b'a: "null"\n'
    assert redact("yaml", b"a: John Roe\n", "John Roe", "") == b'a: ""\n'
    assert redact("yaml", b"a: John Roe # c\n", "John Roe", "<PERSON>") == b"a: <PERSON> # c\n"
    assert redact("toml", b"a = 12\n", "12", "<X>") == b'a = "<X>"\n'
    assert redact("ini", b"a = x ; c\n", "x", "") == b'a = "" ; c\n'
    assert redact("env", b"A=x y\n", "x y", "<A>;b") == b"A=<A>_b\n"


def test_notebook_pictures_are_taken_out_with_a_notice():
    picture = json.dumps(NOTEBOOK).replace('"image/png": ""', '"image/png": "iVBORw0KGgo="')
    (chunk,) = read("notebook", picture.encode())
    assert "1 pictures" in chunk.notices[0]
    assert b"iVBOR" not in write(chunk)
    attached = {**NOTEBOOK["cells"][1], "attachments": {"a.png": {"image/png": "aGk="}}}
    (chunk,) = read("notebook", json.dumps({**NOTEBOOK, "cells": [attached]}).encode())
    assert b"aGk" not in write(chunk)


BOMB = '<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
XXE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
BAD = [
    ("xml", "<a><b></a>", "line 1, column 9"),
    ("xml", BOMB, "internal subset"),
    ("xml", XXE, "internal subset"),
    ("xml", "<a>&x;</a>", "line 1"),
    ("xml", "<a>" * 300 + "</a>" * 300, "nested deeper"),
    ("xml", "\n\n<a", "line 3"),
    ("yaml", "a: [1,\nb: 2", "line 3"),
    ("yaml", "[" * 500, "nested deeper"),
    ("yaml", "a: b: c", "line 1"),
    ("toml", "a = 1\nb = \n", "line 2"),
    ("toml", "a = 1\na = 2\n", "TOML"),
    ("sql", "INSERT INTO t VALUES ('a');\nINSERT INTO t VALUES ('b\n", "line 2"),
    ("sql", "SELECT 1;\n/* x", "line 2"),
    ("sql", "COPY t (a) FROM stdin WITH (FORMAT csv);\na\n\\.\n", "line 1"),
    ("notebook", '{"cells": [', "line 1, column 12"),
    ("notebook", '{"a": 1}', "no notebook"),
]


@pytest.mark.parametrize(("name", "text", "place"), BAD)
def test_bad_input_names_its_place(name, text, place):
    with pytest.raises(UnreadableError, match=place) as caught:
        read(name, text.encode())
    assert "passwd" not in str(caught.value)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=10
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3), max_size=4))
def test_any_yaml(value):
    import yaml

    for style in (None, '"', "'", "|", ">"):
        data = yaml.safe_dump(value, allow_unicode=True, default_style=style).encode()
        check_faithful("yaml", data)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.text("abc-", min_size=1, max_size=4), TEXT | st.integers(0, 10**6), max_size=4
    )
)
def test_any_toml(value):
    import tomlkit

    check_faithful("toml", tomlkit.dumps(value).encode())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_any_xml(pairs):
    from xml.sax.saxutils import escape, quoteattr

    body = "".join(f"<e a={quoteattr(a)}>{escape(b)}</e>" for a, b in pairs)
    data = f"<r>{body}</r>".encode()
    check_faithful("xml", data)
    check_redacted("xml", data)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("ab'\\\"\n;-/* ", max_size=8), max_size=4), st.booleans())
def test_any_sql(values, mysql):
    head = "-- MySQL dump\n" if mysql else "-- PostgreSQL database dump\n"

    def quote(text):
        text = text.replace("\\", "\\\\") if mysql else text
        return "'" + text.replace("'", "''") + "'"

    rows = ",".join(f"({n},{quote(value)})" for n, value in enumerate(values))
    data = f"{head}INSERT INTO t (id, v) VALUES {rows or '(1,2)'};\n".encode()
    for size in (1 << 20, 32):
        check_faithful("sql", data, ReadOptions(chunk_bytes=size))
    texts = [u.text for c in read("sql", data) for u in c.units if u.field == "t.v"]
    assert texts == [value for value in values if value.strip()] or not rows
