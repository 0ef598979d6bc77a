"""Numbers with full-width digits, odd dashes and blanks, and line ends inside."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizers.validators.plain import DASHES, INVISIBLE, plain
from redactor.detection.folded import DETAIL, stretches
from redactor.detection.patterns import Scanner
from redactor.policy.model import EntityRule, Policy

ENTITIES = ("CREDIT_CARD", "IBAN_CODE", "US_SSN", "UK_NHS", "KR_RRN", "US_NPI", "US_DRIVER_LICENSE")


@pytest.fixture(scope="module")
def scanner():
    return Scanner.load(Policy("p", "", entities={name: EntityRule() for name in ENTITIES}))


def found(scanner, text, **options):
    return {(f.entity_type, f.text) for f in scanner.scan_text(text, **options)}


HITS = {
    "card 4111\u00a01111\u00a01111\u00a01111.": ("CREDIT_CARD", "4111\u00a01111\u00a01111\u00a01111"),
    "カード４１１１ １１１１ １１１１ １１１１。": ("CREDIT_CARD", "４１１１ １１１１ １１１１ １１１１"),
    "x 4111 - 1111 - 1111 - 1111": ("CREDIT_CARD", "4111 - 1111 - 1111 - 1111"),
    "4111\u00ad1111\u200b11111111 z": ("CREDIT_CARD", "4111\u00ad1111\u200b11111111"),
    "pay 4111 1111\r\n  1111 1111 now": ("CREDIT_CARD", "4111 1111\r\n  1111 1111"),
    "pay 41111\n11111111111 now": ("CREDIT_CARD", "41111\n11111111111"),
    "pay 4111 11\n11 1111 1111 now": ("CREDIT_CARD", "4111 11\n11 1111 1111"),
    "Card number:\n4111 1111\n1111 1111\n": ("CREDIT_CARD", "4111 1111\n1111 1111"),
    "GB82\nWEST 1234\n5698 7654 32 y": ("IBAN_CODE", "GB82\nWEST 1234\n5698 7654 32"),
    "ＧＢ８２ＷＥＳＴ１２３４５６９８７６５４３２": (
        "IBAN_CODE", "ＧＢ８２ＷＥＳＴ１２３４５６９８７６５４３２"
    ),
    "ssn 536–90–4399": ("US_SSN", "536–90–4399"),
    "ssn 536‑90-\n4399": ("US_SSN", "536‑90-\n4399"),
    "卡号4111111111111111是": ("CREDIT_CARD", "4111111111111111"),
    "번호는 901231-1234563입니다": ("KR_RRN", "901231-1234563"),
    "ที่943 476 5919และ": ("UK_NHS", "943 476 5919"),
    "901231–1234563": ("KR_RRN", "901231–1234563"),
    "tel 9434765919, nhs 943\u2009476\u20095919": ("UK_NHS", "943\u2009476\u20095919"),
}  # fmt: skip

MISSES = [
    "4111\n1111\n1111\n1111",  # a column of figures
    " 4111 1111 \n 1111 1111 \n",
    "pay 4111 1111\n1111 1112 now",  # wrong check digit
    "at 10:16\n081110 023456 x",  # two numbers, not one
    "driver 12787\n03 of them",  # nothing checks the number of a driving licence
    "94347\n\n65919 nhs",  # two paragraphs
    "from 536–90 to 4399",
]


@pytest.mark.parametrize("text", HITS)
def test_hits(scanner, text):
    assert HITS[text] in found(scanner, text)


@pytest.mark.parametrize("text", MISSES)
def test_near_misses(scanner, text):
    assert {f.text for f in scanner.scan_text(text) if f.why.detail == DETAIL} == set()


def test_lines_of_logs_stay_apart(scanner):
    text = "pay 4111 1111\n1111 1111 now\npay 4111–1111–1111–1111\n"
    assert found(scanner, text, by_line=True) == {("CREDIT_CARD", "4111–1111–1111–1111")}


SEPARATORS = ["", "-", " ", "\u00a0", "\u2009", "\u202f", *DASHES, *INVISIBLE, "\n", "\r\n", "-\n"]
GROUPS = {
    "CREDIT_CARD": (["5555", "5555", "5555", "4444"], ["3714", "496353", "98431"]),
    "IBAN_CODE": (["DE89", "3704", "0044", "0532", "0130", "00"],),
    "UK_NHS": (["943", "476", "5919"],),
}
numbers = st.sampled_from([(name, g) for name, groups in GROUPS.items() for g in groups])


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in text)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(numbers, st.lists(st.sampled_from(SEPARATORS), min_size=6, max_size=6), st.booleans())
def test_any_separators(scanner, number, separators, wide):
    entity, groups = number
    written = "".join(g + s for g, s in zip(groups, separators, strict=False)).rstrip(
        "".join(SEPARATORS)
    )
    written = _wide(written) if wide else written
    text = f"No. {written} was sent."
    assert (entity, written) in found(scanner, text)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["5555555555554444", "9434765919", "DE89370400440532013000"]), st.data())
def test_a_line_end_anywhere(scanner, number, data):
    at = data.draw(st.integers(1, len(number) - 1))
    written = number[:at] + "\n" + number[at:]
    assert written in {text for _, text in found(scanner, f"We sent {written} to you.")}


pieces = st.sampled_from(
    [
        *"0123456789 AZ-.\n\t",
        "\r\n",
        "é",
        "号",
        "１",
        "Ａ",
        "٣",
        *DASHES,
        *INVISIBLE,
        "\u00a0",
        " - ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=60).map("".join), st.booleans())
def test_stretches_lead_back_to_their_text(text, by_line):
    for stretch in stretches(text, by_line=by_line):
        assert len(stretch.offsets) == len(stretch.text)
        assert list(stretch.offsets) == sorted(stretch.offsets)
        assert not by_line or "\n" not in stretch.text
        for start in range(0, len(stretch.text), 3):
            low, high = stretch.original(start, len(stretch.text))
            kept = [c for c in plain(text[low:high]) if c.isalnum()]
            assert kept == [c for c in plain(stretch.text[start:]) if c.isalnum()]


@given(st.text(st.characters(max_codepoint=0x7F), max_size=200))
def test_lines_in_ascii_are_read_once(text):
    assert list(stretches(text, by_line=True)) == []
