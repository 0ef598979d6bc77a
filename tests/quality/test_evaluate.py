"""Scores by hand-counted examples; readers agree on one text in five layouts; gates break."""

import json

import pytest

from redactor.errors import UnreadableError, UsageError
from redactor.quality.evaluate.gate import failures, read_gate, regressions
from redactor.quality.evaluate.gold import make, read_gold
from redactor.quality.evaluate.score import (
    Hit,
    causes,
    evaluate,
    figures,
    shape,
    threshold_table,
    wilson,
)

TEXT = "Anna Lee lives in Rome ."
SPANS = [(0, 8, "PERSON"), (18, 22, "LOCATION")]


def test_one_text_in_every_layout(tmp_path):
    layouts = {
        "ours.jsonl": json.dumps({"text": TEXT, "spans": SPANS}),
        "research.json": json.dumps([{
            "full_text": TEXT,
            "spans": [{"entity_type": "PERSON", "start_position": 0, "end_position": 8},
                      {"entity_type": "GPE", "start_position": 18, "end_position": 22}]}]),
        "ai4.jsonl": json.dumps({"source_text": TEXT, "privacy_mask": [
            {"label": "GIVENNAME", "start": 0, "end": 4},
            {"label": "SURNAME", "start": 4, "end": 8},
            {"label": "CITY", "start": 18, "end": 22}]}),
        "studio.json": json.dumps([{"data": {"text": TEXT}, "annotations": [{"result": [
            {"value": {"start": 0, "end": 8, "labels": ["PER"]}},
            {"value": {"start": 18, "end": 22, "labels": ["LOC"]}}]}]}]),
        "words.conll": "Anna B-PER\nLee I-PER\nlives O\nin O\nRome S-LOC\n. O\n",
    }  # fmt: skip
    for name, content in layouts.items():
        (tmp_path / name).write_text(content)
        (record,) = read_gold(tmp_path / name)
        assert record.text == TEXT
        hits = [[Hit(0, 8, "PERSON"), Hit(18, 22, "LOCATION")]]
        assert evaluate([record], hits).over().strict == 2, name


def test_bad_sets_name_their_place(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "a", "spans": []}\n{"text": "abc", "spans": [[1, 9, "X"]]}\n')
    with pytest.raises(UnreadableError, match=r"bad.jsonl:2.*outside"):
        read_gold(bad)
    bad.write_text('{"text": "a"')
    with pytest.raises(UnreadableError, match="bad.jsonl:1"):
        read_gold(bad)


def test_counts_by_hand():
    gold = [
        make(
            "Anna Lee met Bob in Rome today",
            [(0, 8, "PERSON"), (13, 16, "PERSON"), (20, 24, "LOC")],
        )
    ]
    found = [
        [Hit(0, 4, "PERSON"), Hit(13, 16, "PERSON"), Hit(25, 30, "PERSON"), Hit(20, 24, "ORG")]
    ]
    result = evaluate(gold, found)
    person = figures(result.types["PERSON"])
    assert person["n"] == 2 and person["found"] == 3
    assert person["overlap"]["recall"] == 1.0
    assert person["overlap"]["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert person["strict"]["recall"] == 0.5
    # Lee (3 of 14 letters) is left readable; Rome is covered, if by another type
    assert result.leak == pytest.approx(3 / 14)
    assert result.char_precision == pytest.approx(11 / 16)
    assert {k: sum(v.values()) for k, v in causes(result.errors).items()} == {
        "too short": 1, "other type": 1, "spurious": 1,
    }  # fmt: skip
    assert not person["gates"]


def test_adjacent_parts_are_one_thing():
    gold = [make("1 Main St, Rome", [(0, 15, "ADDRESS")])]
    assert evaluate(gold, [[Hit(0, 9, "LOCATION"), Hit(11, 15, "LOCATION")]]).over().strict == 1


def test_thresholds_and_intervals():
    gold = [make("Anna Bob", [(0, 4, "PERSON")])]
    found = [[Hit(0, 4, "PERSON", 0.9), Hit(5, 8, "PERSON", 0.4)]]
    rows = {row["threshold"]: row for row in threshold_table(gold, found)}
    # the two touch with white space between, so they are one finding until the second drops out
    assert rows[0.5]["precision"] == rows[0.5]["recall"] == 1.0
    assert rows[0.95]["recall"] == 0.0 and rows[0.95]["leak"] == 1.0
    low, high = wilson(90, 100)
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)  # Wilson 1927, as tabulated
    assert wilson(0, 0) == (0.0, 1.0)


def test_shapes_hide_values():
    assert shape("Ab1-zz Top") == "Xx9-xx Xxx"
    assert "a" not in shape("aaaaaaaaaa")


def _report(recall, n=100):
    hits = int(recall * n)
    gold = [make("Anna x", [(0, 4, "PERSON")])] * n
    found = [[Hit(0, 4, "PERSON")]] * hits + [[]] * (n - hits)
    result = evaluate(gold, found)
    rows = {kind: figures(counts) for kind, counts in result.types.items()}
    return {
        "set": "s", "system": "x", "gold": n, "leak": result.leak, "char_precision": result.char_precision,
        "core": figures(result.over()), "types": rows,
    }  # fmt: skip


def test_gate(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(
        "sets:\n  s:\n    leak: {max: 0.05}\n    PERSON: {overlap.recall: {min: 0.95}}\n"
    )
    gate = read_gate(path)
    assert failures(gate, _report(0.97)) == []
    broken = failures(gate, _report(0.9))
    assert len(broken) == 2 and "PERSON overlap.recall is 0.9" in broken[1]
    assert failures(gate, _report(0.96, n=29)) == []  # too few to gate
    with pytest.raises(UsageError, match="does not hold"):
        failures({"sets": {"s": {"ORG": {"overlap.recall": {"min": 1}}}}}, _report(1.0))
    path.write_text("sets:\n  s:\n    PERSON: {overlap.recall: 0.9}\n")
    with pytest.raises(UsageError, match="needs `min` or `max`"):
        read_gate(path)


def test_a_fall_beyond_noise_is_a_regression():
    assert regressions(_report(0.9), _report(0.88)) == []
    assert "recall fell from 0.9" in regressions(_report(0.9), _report(0.7))[0]


def test_command_line(cli, tmp_path):
    gold = tmp_path / "gold.jsonl"
    value = "zebulon.quartermaine@example.com"
    gold.write_text(
        "".join(
            json.dumps({"text": f"Mail {value} or SSN 987-65-432{n % 10}",
                        "spans": [[5, 37, "EMAIL"], [45, 56, "SSN"]]}) + "\n"
            for n in range(40)
        )
    )  # fmt: skip
    done = cli(
        "eval", gold, "--system", "rules", "--json", tmp_path / "r.json", "--html",
        tmp_path / "r.html", code=0,
    )  # fmt: skip
    (report,) = json.loads((tmp_path / "r.json").read_text())
    assert report["leak"] == 0.0
    assert report["types"]["EMAIL_ADDRESS"]["strict"]["f1"] == 1.0
    for text in (done.stdout.decode(), (tmp_path / "r.html").read_text(), json.dumps(report)):
        assert "zebulon" not in text and "987-65" not in text
    gate = tmp_path / "gate.yaml"
    gate.write_text("sets:\n  gold.jsonl:\n    EMAIL_ADDRESS: {overlap.recall: {min: 0.9}}\n")
    cli(
        "eval", gold, "--system", "rules", "--gate", gate, "--baseline", tmp_path / "r.json", code=0
    )
    # a planted regression: a policy that does not look for addresses
    policy = tmp_path / "blind.yaml"
    policy.write_text("extends: base\nentities: {EMAIL_ADDRESS: off}\nner: {use: never}\n")
    done = cli("eval", gold, "--system", f"rules:{policy}", "--gate", gate, code=1)
    assert b"EMAIL_ADDRESS overlap.recall" in done.stderr
