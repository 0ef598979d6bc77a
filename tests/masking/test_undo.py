"""What was replaced comes back, in any text that still holds it; what cannot is counted."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.errors import StateError
from redactor.masking.undo import Undoer
from redactor.values import Locator, Redaction, Span, Unit
from redactor.vault import Vault
from redactor.verify import expected_text
from tests.masking.helpers import decision, find, keys, masker

VAULT = {"scope": "vault"}
CHOICES = [
    ("PERSON", "pseudonym", VAULT), ("EMAIL_ADDRESS", "pseudonym", VAULT),
    ("PHONE_NUMBER", "pseudonym", VAULT), ("STREET_ADDRESS", "pseudonym", VAULT),
    ("ORGANIZATION", "pseudonym", VAULT), ("LOCATION", "pseudonym", VAULT),
    ("IP_ADDRESS", "pseudonym", VAULT), ("CREDIT_CARD", "pseudonym", VAULT),
    ("OTHER", "pseudonym", VAULT), ("PERSON", "token", VAULT), ("OTHER", "encrypt", {}),
    ("US_SSN", "fpe", {}), ("DATE_TIME", "date_shift", {}),
]  # fmt: skip
SAMPLES = {
    "PERSON": ["Chidi Okafor", "Dr. Ada Weber", "J. Okafor", "Okafor", "Мария Иванова", "王小明",
               "ANN LEE", "Sean O'Neil Jr.", "田中太郎", "Li Na"],
    "EMAIL_ADDRESS": ["chidi.okafor@acme.com", "Jane@Example.com", "x1@y.org", "info@acme.com"],
    "PHONE_NUMBER": ["+1 (212) 736-5000", "07911 123456", "212-736-5001", "+33 6 12 34 56 78"],
    "STREET_ADDRESS": ["12 Elm Street, Springfield, IL 62704", "Hauptstraße 5, 10115 Berlin"],
    "ORGANIZATION": ["Acme Corp", "IBM", "Bank of Acme", "Müller GmbH & Co. KG"],
    "LOCATION": ["New York", "Springfield", "Москва", "North Dakota"],
    "IP_ADDRESS": ["203.0.113.7", "2001:db8::7", "203.0.113.7/24"],
    "CREDIT_CARD": ["4111 1111 1111 1111", "4111-1111-1111-1112"],
    "OTHER": ["AB-1234-x", "Zebulon", "7"],
    "US_SSN": ["987-65-4329", "123 45 6789", "AB123456C"],
    "DATE_TIME": ["2021-03-05", "March 5, 2021", "5.3.21", "soon"],
}  # fmt: skip
GAPS = [" ", ", ", "\n", " met ", ": ", " (", ") and ", "; the ", " – ", "\t"]

pieces = st.lists(
    st.sampled_from(CHOICES).flatmap(
        lambda choice: st.tuples(
            st.just(choice), st.sampled_from(SAMPLES[choice[0]]), st.sampled_from(GAPS)
        )
    ),
    min_size=1,
    max_size=12,
)


def redacted(made_of, vault, whole=True, doc="doc"):
    """The text, its redacted form, and what was irreversible in it."""
    text, decisions = "start ", []
    for (entity, operator, params), value, gap in made_of:
        decisions.append(decision(value, entity, operator, params, "0", len(text)))
        text += value + gap
    unit = Unit("0", text, Locator("text", "0"))
    made = masker(doc, vault, whole=whole).replacements(decisions, [unit])
    redactions = [
        Redaction("0", d.finding.span, m, "X") for d, m in zip(decisions, made, strict=True)
    ]
    lost = [m for m in made if m.startswith("<") and m.endswith(">")]
    return text, expected_text(text, redactions)[0], lost, made


def restored(text, vault, **said):
    unit = Unit("0", text, Locator("text", "0"))
    undone, tally = Undoer(vault, key_source=find, **said).undo([unit])
    return expected_text(text, [one.as_redaction() for one in undone])[0], tally


def same(text):
    return text.casefold()


@settings(max_examples=150, deadline=None)
@given(pieces, st.booleans())
def test_round_trips(made_of, whole):
    # a token stands for every spelling of its value; the samples have one each
    with tempfile.TemporaryDirectory() as folder, Vault.open(Path(folder) / "v") as vault:
        text, hidden, lost, made = redacted(made_of, vault, whole)
        for (_, value, _), replacement in zip(made_of, made, strict=True):
            assert value != replacement
        back, tally = restored(hidden, vault)
        if lost:
            assert tally.labels >= len(set(lost))
        elif not tally.ambiguous:
            assert back == text
        assert not tally.unknown and not tally.damaged


def test_edited_text_is_restored_too(state_folder):
    with Vault.open() as vault:
        made_of = [(CHOICES[0], "Chidi Okafor", " "), (CHOICES[2], "+1 212 736 5000", ""),
                   (CHOICES[9], "Ann Lee", "")]  # fmt: skip
        _, _, _, (name, phone, token) = redacted(made_of, vault)
        given, family = name.split()
        digits = "".join(filter(str.isdigit, phone))
        edited = f"{family.upper()}, {given}: ring {digits} or {phone[3:]}. {token}'s {token[1:-1]}"
        back, tally = restored(edited, vault)
        assert back.startswith("OKAFOR, Chidi: ring 12127365000")
        assert "Ann Lee's Ann Lee" in back and tally.missed == 0
        # a pseudonym in small letters is more likely a word
        assert restored(f"the {family.lower()} tree", vault)[0] == f"the {family.lower()} tree"
        assert restored(f"{family}ish", vault)[0] == f"{family}ish"


def test_lines_of_a_log_are_kept_apart(state_folder):
    with Vault.open() as vault:
        _, hidden, _, _ = redacted([(CHOICES[3], SAMPLES["STREET_ADDRESS"][0], "")], vault)
        broken = hidden.replace(" ", "\n", 3)
        lines = Unit("0", broken, Locator("text", "0"), by_line=True)
        undone, _ = Undoer(vault, key_source=find).undo([lines])
        assert all(one.entity != "STREET_ADDRESS" or "\n" not in one.text for one in undone)


def test_unknown_damaged_and_irreversible_are_counted(state_folder):
    with Vault.open() as vault:
        _, _, _, made = redacted([(CHOICES[10], "secret", ""), (CHOICES[9], "Ann", "")], vault)
        damaged = made[0][:-6] + "AAAA" + made[0][-2:]
        text = f"{made[1]} [PERSON_99] [MRN_3] {damaged} {made[0]} <PERSON> a[0] x<y"
        back, tally = restored(text, vault)
        assert (tally.unknown, tally.damaged, tally.labels) == (2, 1, 1)
        assert back == f"Ann [PERSON_99] [MRN_3] {damaged} secret <PERSON> a[0] x<y"
        assert tally.missed == 3


def test_without_a_vault_only_encrypted_values_come_back():
    one = masker()
    token = one.replacements([decision("secret", "X", "encrypt")], [])[0]
    back, tally = restored(f"{token} [PERSON_1]", None)
    assert back == "secret [PERSON_1]" and tally.unknown == 1


def test_without_the_key_nothing_comes_back(state_folder):
    one = masker()
    token = one.replacements([decision("secret", "X", "encrypt")], [])[0]
    with pytest.raises(StateError, match="is not here"):
        Undoer(None).undo([Unit("0", token, Locator("text", "0"))])
    with Vault.open() as vault:
        hidden = redacted([(CHOICES[11], "987-65-4329", "")], vault)[1]
        with pytest.raises(StateError, match="is not here"):
            Undoer(vault).undo([Unit("0", hidden, Locator("text", "0"))])


def shifted_rows(rows, vault, subject="patient"):
    units, decisions = [], []
    for row, (patient, day) in enumerate(rows, 2):
        for column, (name, text) in enumerate((("patient", patient), ("visit", day)), 1):
            place = f"{row}:{column}"
            units.append(Unit(place, text, Locator("cell", place), name))
        params = {"subject": subject, "days": 3}
        decisions.append(decision(day, "DATE_TIME", "date_shift", params, f"{row}:2"))
        decisions.append(decision(patient, "PERSON", "token", {"scope": "vault"}, f"{row}:1"))
    made = masker(vault=vault).replacements(decisions, units)
    places = [d.finding.unit for d in decisions]
    return units, dict(zip(places, made, strict=True))


def test_dates_of_several_subjects_come_back_by_their_rows(state_folder):
    rows = [(f"P{n}", f"2021-03-{day:02}") for n in range(8) for day in (5, 6, 7, 8)]
    with Vault.open() as vault:
        units, made = shifted_rows(rows, vault)
        shown = [Unit(u.id, made[u.id], u.locator, u.field) for u in units]
        dates = [unit.text for unit in shown if unit.field == "visit"]
        assert len(set(dates)) < len(dates) / 2, "some dates must meet, or nothing is tested"
        undone, tally = Undoer(vault, key_source=find).undo(shown)
        assert tally.missed == 0
        back = {one.unit: one.text for one in undone}
        assert [back[u.id] for u in units] == [u.text for u in units]
        # one subject keeps its intervals in every document
        again = masker("other", vault).replacements(
            [decision("2021-03-05", "D", "date_shift", {"subject": "patient", "days": 3}, "2:2")],
            units,
        )
        assert again == [made["2:2"]]


def test_dates_of_objects_follow_the_nearest_subject(state_folder):
    def unit(pointer, text, field):
        return Unit(pointer, text, Locator("json", pointer), field)

    units = [
        unit("/0/0", "P1", "[].patient"), unit("/0/1/0/0", "2021-03-05", "[].visits[].day"),
        unit("/1/0", "P2", "[].patient"), unit("/1/1/0/0", "2021-03-05", "[].visits[].day"),
        unit("/2", "2021-03-05", "[]"),
    ]  # fmt: skip
    params = {"subject": "patient", "days": 3650, "record": False}
    made = masker().replacements(
        [decision(u.text, "D", "date_shift", params, u.id) for u in units if "2021" in u.text],
        units,
    )
    assert len(set(made)) == 3
    alone = masker("another document").replacements(
        [decision("2021-03-05", "D", "date_shift", params, units[1].id)], units
    )
    assert alone == made[:1]


def test_a_document_votes_where_two_fit(state_folder):
    with Vault.open() as vault:
        one = masker("one", vault)
        two = masker("two", vault)
        days = [f"2021-03-{day:02}" for day in range(1, 29)]
        shift = {"days": 5}
        first = one.replacements([decision(d, "D", "date_shift", shift) for d in days], [])
        second = two.replacements([decision(d, "D", "date_shift", shift) for d in days], [])
        if first != second:
            assert set(first) & set(second)
            for shown in (first, second):
                back, tally = restored(" ".join(shown), vault)
                assert tally.missed == 0 and back == " ".join(days)
        back, tally = restored(sorted(set(first) & set(second))[0], vault)
        assert tally.ambiguous == (first != second)


def test_equal_bytes_whatever_the_order_of_work(state_folder):
    """Over one snapshot of the vault; two items by two processes, in either order."""
    documents = {
        str(n): [(CHOICES[n % 10], SAMPLES[CHOICES[n % 10][0]][0], " "),
                 (CHOICES[0], f"Ann Lee{chr(97 + n)}", "")]
        for n in range(12)
    }  # fmt: skip
    with Vault.open() as vault:
        first = {doc: redacted(made_of, vault, doc=doc)[1] for doc, made_of in documents.items()}
        snapshot = vault.snapshot
    with Vault.open() as vault:
        again = {
            doc: redacted(made_of, vault, doc=doc)[1]
            for doc, made_of in reversed(documents.items())
        }
        assert again == first and vault.snapshot == snapshot


def test_key_ids_name_the_snapshot(state_folder):
    with Vault.open() as vault:
        one = masker(vault=vault, case="secret case")
        one.replacements([decision("Ann", "PERSON", "pseudonym", {"scope": "case"})], [])
        ids = dict(one.key_ids)
        assert ids["default"] == keys("default").id and ids["vault-snapshot"] == vault.snapshot
        assert "secret" not in str(ids) and len(ids["case"]) == 16


def test_spans_are_of_the_redacted_text(state_folder):
    with Vault.open() as vault:
        _, hidden, _, made = redacted([(CHOICES[2], "+1 (212) 736-5000", " x")], vault)
        (undone,), _ = Undoer(vault).undo([Unit("0", hidden, Locator("text", "0"))])
        assert undone.span == Span(6, 6 + len(made[0])) and "736" not in repr(undone)
