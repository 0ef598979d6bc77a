"""The report of a run: true numbers, no values, one self-contained page."""

import json
import re
from html.parser import HTMLParser

import pytest

VALUES = ["zebulon.quartermaine@example.com", "987-65-4329", "Zebulon Quartermaine", "Bluebird"]


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "in Bluebird"
    folder.mkdir()
    (folder / "letter.txt").write_text(
        "Mail zebulon.quartermaine@example.com, SSN: 987-65-4329\n" * 2
    )
    (folder / "people.csv").write_text("note,ssn\nhello,987-65-4329\nmail a@b.example.org,x\n")
    (folder / "log.jsonl").write_text('{"a": {"b": "zebulon.quartermaine@example.com"}}\n')
    (folder / "broken.json").write_text('{"ssn": "987-65-4329", ')
    return folder


def run(cli, sources, tmp_path, *more):
    return cli(
        "redact", sources, "-o", tmp_path / "out", "--ner", "never",
        "--report", tmp_path / "r.json", "--report", tmp_path / "r.html", *more, code=5,
    )  # fmt: skip


def test_numbers_are_those_of_the_run(cli, sources, tmp_path):
    run(cli, sources, tmp_path)
    data = json.loads((tmp_path / "r.json").read_text())
    totals = data["totals"]
    assert totals["items"] == 4
    assert totals["outcomes"] == {"released": 3, "unreadable": 1}
    types = {row["entity_type"]: row for row in totals["by_type"]}
    assert types["EMAIL_ADDRESS"]["found"] == 4
    assert types["US_SSN"]["redacted"] == 4
    assert totals["findings"] == sum(row["found"] for row in totals["by_type"])
    assert totals["findings"] == sum(item["findings"] for item in data["items"])
    assert sum(totals["scores"]) == totals["findings"] == sum(totals["by_evidence"].values())
    assert totals["verification"]["values"] > 0
    places = {
        (place["place"], place["entity_type"]): place["found"]
        for item in data["items"]
        for place in item["places"]
    }
    assert places["column 2", "US_SSN"] == 2
    assert places["column 1", "EMAIL_ADDRESS"] == 1
    assert places["member /0/0", "EMAIL_ADDRESS"] == 1
    assert places["0-10 % of the text", "EMAIL_ADDRESS"] == 1
    assert places["50-60 % of the text", "EMAIL_ADDRESS"] == 1
    broken = next(item for item in data["items"] if item["outcome"] == "unreadable")
    assert broken["message"]
    exported = cli("audit", "export", code=0).stdout.decode()
    for item in data["items"]:
        assert item["item"] in exported  # the report leads into the audit trail
    assert data["policy"]["hash"] in exported


def test_no_value_and_no_name(cli, sources, tmp_path):
    run(cli, sources, tmp_path)
    for name in ("r.json", "r.html"):
        text = (tmp_path / name).read_text()
        for value in [*VALUES, "letter.txt", "people.csv", str(tmp_path)]:
            assert value not in text
    run(cli, sources, tmp_path, "--report-names", "--overwrite")
    assert "letter.txt" in (tmp_path / "r.html").read_text()


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_well_formed_and_asks_for_nothing(cli, sources, tmp_path):
    (sources / "<script>alert(1)</script>.txt".replace("/", "")).write_text("a@b.example.org")
    run(cli, sources, tmp_path, "--report-names")
    text = (tmp_path / "r.html").read_text()
    page = Page()
    page.feed(text)
    assert page.open == []
    tags = {tag for tag, _ in page.seen}
    assert "script" not in tags and "link" not in tags and "img" not in tags
    assert not re.search(r"https?://", text)
    csp = next(a["content"] for t, a in page.seen if a.get("http-equiv"))
    assert "default-src 'none'" in csp
    shown = " ".join(page.text)
    assert "EMAIL_ADDRESS" in shown and "unreadable" in shown
    labels = [a["aria-label"] for t, a in page.seen if t == "svg"]
    assert any("EMAIL_ADDRESS: 5" in label for label in labels)


def test_a_bad_target_is_told_before_the_work(cli, sources, tmp_path):
    for target in (tmp_path / "r.pdf", tmp_path / "nowhere" / "r.html"):
        done = cli("redact", sources, "-o", tmp_path / "out", "--report", target, code=2)
        assert b"report" in done.stderr
    assert not (tmp_path / "out").exists()


def test_memory_is_bounded():
    from redactor.detection.detect import Detector
    from redactor.judge import Judge
    from redactor.masking import Masker
    from redactor.pipeline import Result
    from redactor.policy import load_policy
    from redactor.policy.override import with_ner
    from redactor.report.collect import MOST_PLACES, Collector
    from redactor.values import Locator, Unit

    policy = with_ner(load_policy("base"), use="never")
    judge = Judge(Detector(policy), Masker(policy))
    units = [
        Unit(str(n), f"user{n}@example.org", Locator("cell", f"2:{n}"))
        for n in range(MOST_PLACES + 70)
    ]
    collector, result = Collector(policy), Result("item")
    collector.observe(judge.judge(units), result)
    collector.ended(result)
    item = collector.as_dict([result], {})["items"][0]
    assert len(item["places"]) == MOST_PLACES
    assert item["places_left_out"] == 70
    assert item["findings"] == MOST_PLACES + 70
