"""Dates in many spellings: read right, written again the same, moved alike."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redactor.errors import WithheldError
from redactor.masking.dates import parse_date
from redactor.vault import Vault
from tests.masking.helpers import apply, decision, masker

# text, the day meant (None: month or year only), the text 40 days later
SPELLINGS = [
    ("2021-03-05", date(2021, 3, 5), "2021-04-14"),
    ("2021/3/5", date(2021, 3, 5), "2021/4/14"),
    ("05.03.2021", date(2021, 3, 5), "14.04.2021"),
    ("5.3.21", date(2021, 3, 5), "14.4.21"),
    ("13/04/2021", date(2021, 4, 13), "23/05/2021"),
    ("04/13/2021", date(2021, 4, 13), "05/23/2021"),
    ("20210305", date(2021, 3, 5), "20210414"),
    ("March 5, 2021", date(2021, 3, 5), "April 14, 2021"),
    ("MARCH 5, 2021", date(2021, 3, 5), "APRIL 14, 2021"),
    ("Mar. 5, 2021", date(2021, 3, 5), "Apr. 14, 2021"),
    ("5 March 2021", date(2021, 3, 5), "14 April 2021"),
    ("the 5th of March 2021", date(2021, 3, 5), "the 14th of April 2021"),
    ("21st March 2021", date(2021, 3, 21), "30th April 2021"),
    ("05MAR2021", date(2021, 3, 5), "14APR2021"),
    ("5-Mar-21", date(2021, 3, 5), "14-Apr-21"),
    ("5 Mar '21", date(2021, 3, 5), "14 Apr '21"),
    ("14 Jul 90", date(1990, 7, 14), "23 Aug 90"),
    ("Friday, 5 March 2021", date(2021, 3, 5), "Wednesday, 14 April 2021"),
    ("Fri, 5 Mar 2021 10:00:00 +0000", date(2021, 3, 5), "Wed, 14 Apr 2021 10:00:00 +0000"),
    ("2021-03-05T10:11:12.5Z", date(2021, 3, 5), "2021-04-14T10:11:12.5Z"),
    ("03/05/2021 9:05 PM", date(2021, 5, 3), "12/06/2021 9:05 PM"),
    ("5. März 2021", date(2021, 3, 5), "14. April 2021"),
    ("Freitag, 5. März 2021", date(2021, 3, 5), "Mittwoch, 14. April 2021"),
    ("1er mars 2021", date(2021, 3, 1), "10 avril 2021"),
    ("5 de marzo de 2021", date(2021, 3, 5), "14 de abril de 2021"),
    ("5 marzo 2021", date(2021, 3, 5), None),
    ("5 de março de 2021", date(2021, 3, 5), "14 de abril de 2021"),
    ("5 maart 2021", date(2021, 3, 5), "14 april 2021"),
    ("5 marca 2021", date(2021, 3, 5), "14 kwietnia 2021"),
    ("5 марта 2021 г.", date(2021, 3, 5), "14 апреля 2021 г."),
    ("2021年3月5日", date(2021, 3, 5), "2021年4月14日"),
    ("٠٥/٠٣/٢٠٢١", date(2021, 3, 5), "١٤/٠٤/٢٠٢١"),
    ("March 2021", None, "April 2021"),
    ("03/2021", None, "04/2021"),
    ("2021-03", None, "2021-04"),
    ("March 5", None, "April 14"),
    ("2021", None, "2021"),
    ("29 February 2020", date(2020, 2, 29), "9 April 2020"),
]
NO_DATES = [
    "", "hello", "31.02.2021", "2021-13-01", "12345", "1234567", "5 March 2021 in Rome", "Mayday",
    "March", "1/2/3/4", "99/99/99", "10:11", "March 5, 2021; 6 March 2021", "0000", "5 of",
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "later"), SPELLINGS)
def test_spellings(text, day, later):
    parsed = parse_date(text, "dmy")
    assert parsed is not None
    assert parsed.spelt(parsed.day) == text
    if day is not None:
        assert parsed.day == day and parsed.has_day
    if later is not None:
        assert parsed.shifted(40) == later


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text):
    assert parse_date(text) is None


def test_ambiguous_numbers_follow_the_policy():
    assert parse_date("03/04/2021", "mdy").day == date(2021, 3, 4)
    assert parse_date("03/04/2021", "dmy").day == date(2021, 4, 3)
    assert parse_date("03/04/2021", "refuse") is None
    assert parse_date("04/04/2021", "refuse").day == date(2021, 4, 4)
    assert parse_date("13/04/2021", "mdy").day == parse_date("04/13/2021", "dmy").day


FORMATS = [
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%B {d}, %Y", "{d} %b %Y", "%A, {d} %B %Y", "%Y%m%d",
    "%Y-%m-%dT08:15:00Z", "%d-%b-%Y 23:59",
]  # fmt: skip


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(FORMATS),
       st.integers(-3650, 3650))  # fmt: skip
def test_a_moved_date_is_what_strftime_makes_of_it(day, form, days):
    def written(day):
        return day.strftime(form.replace("{d}", str(day.day)))

    later = day + timedelta(days=days)
    assume("%b" not in form or 5 not in (day.month, later.month))  # May has no short form
    parsed = parse_date(written(day), "dmy")
    assert parsed.day == day
    assert parsed.shifted(days) == written(later)
    assert parse_date(parsed.shifted(days), "dmy").shifted(-days) == written(day)


@given(st.lists(st.dates(date(1900, 1, 1), date(2150, 1, 1)), min_size=2, max_size=6), st.text())
def test_intervals_hold_within_a_subject(days, doc):
    one = masker(doc)
    made = one.replacements(
        [decision(day.isoformat(), "DATE_TIME", "date_shift", {"record": False}) for day in days],
        [],
    )
    moved = [date.fromisoformat(text) for text in made]
    offsets = {(new - old).days for old, new in zip(days, moved, strict=True)}
    assert len(offsets) == 1 and 1 <= abs(offsets.pop()) <= 365


def test_subjects_keys_and_documents_have_offsets_of_their_own():
    def moved(**said):
        doc = said.pop("doc", "doc")
        text = apply("2000-01-01", "D", "date_shift", doc=doc, record=False, days=3650, **said)
        return (date.fromisoformat(text) - date(2000, 1, 1)).days

    offsets = [moved(doc=str(n)) for n in range(300)]
    assert 0 not in offsets and len(set(offsets)) > 250
    assert min(offsets) < -3000 and max(offsets) > 3000
    assert moved(scope="vault") == moved(scope="vault", doc="another")
    assert moved(scope="case", case="1") != moved(scope="case", case="2")
    assert moved(key="other") != moved()
    assert all(abs(moved(doc=str(n)) % 3650) for n in range(5))
    one_day = {apply("2000-01-02", "D", "date_shift", doc=str(n), record=False, days=1)
               for n in range(20)}  # fmt: skip
    assert one_day == {"2000-01-01", "2000-01-03"}


def test_what_is_no_date_takes_the_fallback(state_folder):
    assert apply("soon", "DATE_TIME", "date_shift") == "<DATE_TIME>"
    shifts = {apply("9999-12-31", "D", "date_shift", doc=str(n), record=False) for n in range(20)}
    assert "<D>" in shifts and all(text == "<D>" or text < "9999-12-31" for text in shifts)
    assert apply("03/04/2021", "D", "date_shift", ambiguous="refuse", fallback="redact") == ""
    with pytest.raises(WithheldError, match="not read as a date"):
        apply("soon", "D", "date_shift", fallback="withhold")


def test_a_year_that_stays_the_same_is_not_shown():
    made = {apply("1985", "D", "date_shift", doc=str(n), record=False) for n in range(40)}
    assert made <= {"<D>", "1984", "1986"} and "1985" not in made


def test_two_originals_of_one_spelling_are_never_guessed(state_folder):
    with Vault.open() as vault:
        for offset_doc in range(40):  # some document moves both months into one
            made = [
                apply(text, "D", "date_shift", doc=str(offset_doc), vault=vault)
                for text in ("February 2021", "March 2021")
            ]
            if made[0] == made[1]:
                break
        else:
            pytest.fail("no document moved two months into one")
        found = [found for found in vault.find(made[0]) if found.payload.get("doubt")]
        assert found
