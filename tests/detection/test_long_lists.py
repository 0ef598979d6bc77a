"""Long lists: their indexes find what a naive search finds, and hold no value."""

import random
import time
from dataclasses import replace
from datetime import date

import naive_lists as naive
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redactor.detection import list_store, lists, long_lists, tokens
from redactor.detection.lists import allowed, deny_findings, prepare
from redactor.errors import PolicyError, StateError
from redactor.policy import listfile, load_policy
from redactor.policy.model import EntityRule, ListEntry, Policy
from redactor.policy.override import with_deny
from redactor.values import Finding, Locator, Source, Span, Unit, Why

PIECES = [
    "Oka", "for", "Okafor", "okafro", "OKAFOR", "Jane", "jane", "Jan", "e", " ", "  ", "\n", "\t", "\xa0", "\x1c",
    "-", "'", "x", "É", "é", "e\u0301", "ß", "ss", "ẞ", "İ", "ﬁ", "日", "本", "東京", "都", "ไทย", "한", "A", "b",
    "Å", "\u212b", "\u00ad", "\u200d", "\ud800", "🙂", "7", "42", "_", ".", "\u0928\u093c",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
values = st.lists(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5)
    .map("".join)
    .filter(lambda value: value.strip()),
    min_size=1,
    max_size=5,
)


def unit(text, unit_id="u", by_line=False):
    return Unit(unit_id, text, Locator("text", unit_id), None, by_line)


def policy(**options):
    return Policy("p", "h", entities={"PERSON": EntityRule()}, **options)


def spans(found):
    return {(finding.start, finding.end) for finding in found}


@pytest.fixture(scope="module")
def everything_indexed():
    """Also the shortest lists go through the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "LONG", 0)
        yield


@settings(max_examples=500, deadline=None)
@given(texts, values, st.booleans(), st.booleans())
@example("İ Jane", ["i\u0307 jane"], True, False)
@example("e\u0301x", ["éx"], False, False)
@example("Stra\u1e9ee", ["strasse"], True, False)
def test_the_index_finds_what_a_naive_search_finds(
    everything_indexed, text, values, ignore_case, by_line
):
    entry = ListEntry("deny[0]", values=tuple(values), ignore_case=ignore_case)
    found = deny_findings([unit(text, by_line=by_line)], policy(deny=(entry,)))
    assert spans(found) == naive.exact_hits(text, values, ignore_case, by_line)
    assert all(finding.text == text[finding.start : finding.end] for finding in found)


@settings(max_examples=500, deadline=None)
@given(texts, values, st.booleans(), st.booleans())
def test_one_at_a_time_finds_the_same(text, values, ignore_case, by_line):
    entry = ListEntry("deny[0]", values=tuple(values), ignore_case=ignore_case)
    found = deny_findings([unit(text, by_line=by_line)], policy(deny=(entry,)))
    assert spans(found) == naive.exact_hits(text, values, ignore_case, by_line)


@settings(max_examples=600, deadline=None)
@given(texts, values, st.booleans(), st.booleans())
@example("Okafor日", ["Okafor"], False, False)
@example("Oka-for Oka for", ["Okafor"], False, False)
@example("JaneOkafor Jane-Okafor Jane Okafro", ["Jane Okafor"], False, False)
def test_one_mistake_is_found_as_a_naive_search_finds_it(text, values, ignore_case, by_line):
    entry = ListEntry("deny[0]", values=tuple(values), ignore_case=ignore_case, fuzzy=True)
    found = deny_findings([unit(text, by_line=by_line)], policy(deny=(entry,)))
    exact = naive.exact_hits(text, values, ignore_case, by_line)
    near = naive.fuzzy_hits(text, values, ignore_case, by_line)
    assert spans(found) == exact | near
    told = {(f.start, f.end) for f in found if f.why.detail == long_lists.NEAR}
    assert told == near - exact


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=6), values, st.booleans(), st.integers(1, 40))
def test_units_are_apart_and_long_texts_are_cut_without_a_loss(
    everything_indexed, parts, values, by_line, size
):
    entries = (
        ListEntry("deny[0]", values=tuple(values), ignore_case=True),
        ListEntry("deny[1]", values=tuple(values[:1]), fuzzy=True),
    )
    units = [unit(text, str(n), by_line=by_line) for n, text in enumerate(parts)]
    units.append(unit(" ".join(parts), "long", by_line=by_line))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "BATCH", size)
        found = deny_findings(units, policy(deny=entries))
    for one in units:
        mine = {(f.start, f.end) for f in found if f.unit == one.id}
        assert mine == (
            naive.exact_hits(one.text, values, True, by_line)
            | naive.exact_hits(one.text, values[:1], False, by_line)
            | naive.fuzzy_hits(one.text, values[:1], False, by_line)
        )


@settings(max_examples=200, deadline=None)
@given(texts.filter(str.strip), values, st.booleans())
def test_allow_lists_are_exact(everything_indexed, text, values, ignore_case):
    short = ListEntry("allow[0]", values=tuple(values), ignore_case=ignore_case)
    found = Finding("u", Span(0, len(text)), "PERSON", 0.5, "r", Why(Source.MODEL), text)
    today = date(2026, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "LONG", 10**9)
        expected = allowed(found, policy(allow=(short,)), today)
    assert allowed(found, policy(allow=(short,)), today) is expected


def write_list(path, count, extra=()):
    rng = random.Random(count)
    lines = [f"{rng.randrange(10**9):x} Quill{n}feather" for n in range(count)]
    path.write_text("\n".join([*lines, *extra]) + "\n", "utf-8")
    return lines


def policy_file(tmp_path, body):
    (tmp_path / "p.yaml").write_text(f"version: 1\nname: p\nner: {{use: never}}\n{body}")
    return tmp_path / "p.yaml"


def test_a_long_file_is_indexed_under_a_key_and_kept(tmp_path, state_folder, monkeypatch):
    lines = write_list(tmp_path / "names.txt", 3000, ["  Zoe   Ünal ", "", "日本橋"])
    path = policy_file(
        tmp_path,
        "deny: [{file: names.txt, entity: PERSON, ignore_case: true, fuzzy: 1}]\n"
        "allow: [{file: names.txt}]\n",
    )
    loaded = load_policy(path)
    assert loaded.deny[0].values == () and loaded.deny[0].count == 3003
    text = f"by {lines[7].upper()}, zoe ünal, zoe ünaal, 日本橋で and {lines[8]}s"
    found = deny_findings([unit(text)], loaded)
    assert [(f.text, f.why.detail, f.entity_type) for f in sorted(found, key=lambda f: f.span)] == [
        (lines[7].upper(), "", "PERSON"),
        ("zoe ünal", "", "PERSON"),
        ("zoe ünaal", long_lists.NEAR, "PERSON"),
        ("日本橋", "", "PERSON"),
        (f"{lines[8]}s", long_lists.NEAR, "PERSON"),
    ]
    assert allowed(replace_text(lines[7]), loaded, date(2026, 1, 1))
    assert not allowed(replace_text(lines[7].upper()), loaded, date(2026, 1, 1))

    kept = sorted((state_folder / "cache").glob("list-*.sealed"))
    assert len(kept) == 3 and all(entry.stat().st_mode & 0o077 == 0 for entry in kept)
    for entry in (p for p in state_folder.rglob("*") if p.is_file()):
        content = entry.read_bytes()
        for value in ("Quill7feather", "quill7feather", "Ünal", "日本橋", str(tmp_path)):
            assert value.encode() not in content
            assert (
                value.encode("utf-16-le") not in content
                and value.encode("utf-32-le") not in content
            )

    monkeypatch.setattr(list_store, "read_long", None)  # now nothing may be made anew
    assert spans(deny_findings([unit(text)], load_policy(path))) == spans(found)


def replace_text(text):
    return Finding("u", Span(0, len(text)), "PERSON", 0.5, "r", Why(Source.MODEL), text)


def test_damage_and_other_keys_make_the_index_anew(tmp_path, state_folder, monkeypatch):
    lines = write_list(tmp_path / "names.txt", 2500)
    path = policy_file(tmp_path, "deny: [{file: names.txt}]\n")
    text = f"seen {lines[3]} there"
    prepare(load_policy(path))
    (kept,) = (state_folder / "cache").glob("list-*.sealed")
    content = kept.read_bytes()
    for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content[:100], b""):
        kept.write_bytes(damaged)
        assert len(deny_findings([unit(text)], load_policy(path))) == 1
        assert kept.stat().st_size == len(content)
    monkeypatch.setenv("REDACTOR_KEY_LISTS", "ab" * 32)
    assert len(deny_findings([unit(text)], load_policy(path))) == 1
    assert len(list((state_folder / "cache").glob("list-*.sealed"))) == 2
    kept.chmod(0o666)
    monkeypatch.delenv("REDACTOR_KEY_LISTS")
    with pytest.raises(StateError, match="writable by others"):
        prepare(load_policy(path))


def test_only_the_newest_indexes_are_kept(tmp_path, state_folder, monkeypatch):
    monkeypatch.setattr(list_store, "_KEPT", 2)
    for number in range(4):
        write_list(tmp_path / f"{number}.txt", 2000 + number)
        prepare(with_deny(load_policy("logs"), [tmp_path / f"{number}.txt"]))
        time.sleep(0.01)
    assert len(list((state_folder / "cache").glob("list-*.sealed"))) == 2


def test_a_file_that_changes_between_is_refused(tmp_path):
    write_list(tmp_path / "names.txt", 2500)
    loaded = load_policy(policy_file(tmp_path, "deny: [{file: names.txt}]\n"))
    write_list(tmp_path / "names.txt", 2501)
    with pytest.raises(PolicyError, match=r"deny\[0\]: the list file changed"):
        prepare(loaded)
    (tmp_path / "names.txt").unlink()
    with pytest.raises(PolicyError, match="cannot be read"):
        prepare(loaded)


BAD = {
    b"": "holds no values",
    b" \n\n": "holds no values",
    b"Zoe\nQuill\xff\n": r"not UTF-8 \(line 2\)",
    b"Zoe\n\nQuill\0feather\n": r"line 3 holds NUL",
    b"Zoe\n" + b"Quill" * 300: r"line 2 .* longer than 1,000",
}


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("content", BAD)
def test_bad_list_files_are_told_with_their_place(tmp_path, content, long, monkeypatch):
    content_now = content + b"\nx" * 2000 if long and content.strip() else content
    (tmp_path / "names.txt").write_bytes(content_now)
    path = policy_file(tmp_path, "allow: []\ndeny:\n  - {file: names.txt}\n")
    with pytest.raises(PolicyError, match=BAD[content]) as caught:
        prepare(load_policy(path))
    assert "Quill" not in str(caught.value)
    if not long:
        assert f"{path}:6: " in str(caught.value)


def test_limits(tmp_path, monkeypatch):
    (tmp_path / "names.txt").write_text("a\nb\nc\n")
    path = policy_file(tmp_path, "deny: [{file: names.txt}]\n")
    monkeypatch.setattr(listfile, "_MAX_VALUES", 2)
    with pytest.raises(PolicyError, match="more than 2 lines: split it"):
        load_policy(path)
    monkeypatch.setattr(listfile, "_MAX_BYTES", 3)
    with pytest.raises(PolicyError, match="larger than"):
        load_policy(path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("deny: [{pattern: abcdef, fuzzy: 1}]\n", "not for a `pattern`"),
        ("allow: [{values: [abcdef], fuzzy: 1}]\n", "allow is exact"),
        ("deny: [{values: [abcdef], fuzzy: 2}]\n", "must be one of 0, 1"),
    ],
)
def test_fuzzy_where_it_has_no_meaning(tmp_path, body, said):
    with pytest.raises(PolicyError, match=said) as caught:
        load_policy(policy_file(tmp_path, body))
    assert "p.yaml:4: " in str(caught.value)


def test_the_hash_names_the_list(tmp_path):
    write_list(tmp_path / "a.txt", 2500)
    write_list(tmp_path / "b.txt", 2501)
    base = load_policy("logs")
    hashes = {
        base.hash,
        with_deny(base, [tmp_path / "a.txt"]).hash,
        with_deny(base, [tmp_path / "b.txt"]).hash,
        with_deny(base, [tmp_path / "a.txt"], match="fuzzy").hash,
        with_deny(base, [tmp_path / "a.txt"], entity="PERSON").hash,
    }
    assert len(hashes) == 5
    one = load_policy(policy_file(tmp_path, "deny: [{file: a.txt}]\n"))
    (tmp_path / "a.txt").write_text("other\n" * 2500)
    assert load_policy(tmp_path / "p.yaml").hash != one.hash
    assert replace(one, deny=()).hash == one.hash  # only loading makes it


def test_command_line_and_api(cli, tmp_path, state_folder):
    from redactor import Redactor

    (tmp_path / "staff.txt").write_text("Zoe Quillfeather\nBluebird\n")
    write_list(tmp_path / "many.txt", 2500, ["Kestrel"])
    (tmp_path / "letter.txt").write_text("zoe quilfeather met Bluebird and Kestrel.\n")
    files = ["--deny", tmp_path / "staff.txt", "--deny", tmp_path / "many.txt", "--ner", "never"]
    rows = cli("scan", "letter.txt", *files, code=0).stdout.decode().splitlines()
    assert [row.split("\t")[1:3] for row in rows] == [["1:21", "DENY_LIST"], ["1:34", "DENY_LIST"]]
    files += ["--deny-as", "PERSON", "--deny-match", "fuzzy"]
    cli("redact", "letter.txt", "-o", "out.txt", *files, code=0)
    assert (tmp_path / "out.txt").read_text() == "<PERSON> met <PERSON> and <PERSON>.\n"
    assert cli("scan", "letter.txt", "--deny", "none.txt").returncode == 2
    said = cli("scan", "letter.txt", *files[:2], "--deny-match", "alike", code=2).stderr
    assert b"exact, ignore-case, fuzzy" in said
    assert b"capitals" in cli("scan", "letter.txt", *files[:2], "--deny-as", "x", code=2).stderr

    redactor = Redactor(
        "logs",
        ner="never",
        deny=[tmp_path / "staff.txt"],
        deny_as="PROJECT",
        deny_match="ignore-case",
    )
    assert redactor.redact_text("a BLUEBIRD").text == "a <PROJECT>"
