"""Pseudonyms: made-up people of the same kind, one for each, told by nothing but the key."""

import json
import re
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import redactor.masking
from recognizers.validators import VALIDATORS
from redactor.errors import UsageError
from redactor.masking.names import FAMILY, GIVEN, name_lists
from redactor.masking.persons import WORD, Evidence, parse
from redactor.vault import Vault
from tests.masking.helpers import apply, decision, document, masker

NAMES = json.loads(
    (Path(redactor.masking.__file__).parent / "data" / "names.json").read_text("utf-8")
)["locales"]


def listed(key):
    return {name.casefold() for lists in NAMES.values() for name in lists.get(key, "").split()}


def test_given_and_family_names_are_never_drawn_from_both_lists():
    assert not (listed("m") | listed("f")) & listed("l")
    for locale, lists in NAMES.items():
        assert not set(lists["m"].split()) & set(lists["f"].split()), locale


ROLES = [
    ("Chidi Okafor", "GF"), ("Dr. Okafor", "-F"), ("Okafor, Chidi", "FG"), ("Chidi", "F"),
    ("Thomas", "G"), ("Ms. Thomas", "-F"), ("Prof. Dr. Ada Weber", "--GF"),
    ("Ludwig van Beethoven", "G-F"), ("vincent de Groot", "G-F"), ("María García López", "GFF"),
    ("Anna-Lena Schmidt-Weber", "GGFF"), ("Sean O'Neil Jr.", "GF-"), ("John Q. Public", "GIF"),
    ("J. Okafor", "IF"), ("Mary Ann Weber", "GGF"), ("Dr.", "F"), ("van Dyke", "-F"),
    ("John Smith, Ph.D.", "GF--"), ("Иван Петров", "GF"), ("Phil Okafor", "GF"),
    ("Don Okafor", "GF"), ("Pan Wei", "GF"), ("Justice Okafor", "GF"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "roles"), ROLES)
def test_words_of_a_name(name, roles):
    letters = {GIVEN: "G", FAMILY: "F", "initial": "I", "": "-"}
    assert "".join(letters[part.role] for part in parse(name)) == roles


def test_columns_tell_what_a_word_is():
    assert [part.role for part in parse("Thomas", column="last_name")] == [FAMILY]
    assert [part.role for part in parse("Okafor", column="customer.first_name")] == [GIVEN]


def test_title_and_family_name_go_with_the_full_name():
    values = [("Chidi Okafor", "PERSON"), ("Dr. Okafor", "PERSON"), ("OKAFOR", "PERSON"),
              ("Okafor, Chidi", "PERSON"), ("Chidi", "PERSON")]  # fmt: skip
    full, titled, loud, turned, alone = document(values)
    given, family = full.split()
    assert titled == f"Dr. {family}" and loud == family.upper() and alone == given
    assert turned == f"{family}, {given}"
    assert given.casefold() in listed("m") | listed("f") and family.casefold() in listed("l")


@pytest.mark.parametrize(
    ("name", "gender"),
    [("Mr. Robin Qwertz", "m"), ("Ms. Robin Qwertz", "f"), ("Thomas Qwertz", "m"),
     ("Elizabeth Qwertz", "f"), ("Herr Robin Qwertz", "m"), ("Sra. Robin Qwertz", "f")],
)  # fmt: skip
def test_gender_is_kept(name, gender):
    for key in "abcdefgh":
        given = apply(name, "PERSON", "pseudonym", key=key).split()[-2].casefold()
        assert given in listed(gender)


def test_a_title_elsewhere_tells_the_gender():
    text = "Dear Ms. Qwertz, the file of Xanthi Qwertz is here."
    made = document([("Qwertz", "PERSON"), ("Xanthi Qwertz", "PERSON")], text=text)
    assert made[1].split()[0].casefold() in listed("f") and made[1].split()[1] == made[0]


SCRIPTS = [
    ("Мария Иванова", "Cyrillic"), ("Γιώργος Παπαδόπουλος", "Greek"), ("محمد علي", "Arabic"),
    ("דוד לוי", "Hebrew"), ("राजेश शर्मा", "Devanagari"), ("王小明", "Han"), ("김철수", "Hangul"),
    ("田中太郎", "Han"), ("สมชาย ใจดี", "Thai"), ("Արամ Պետրոսյան", "Armenian"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "script"), SCRIPTS)
def test_script_is_kept(name, script):
    import regex

    made = apply(name, "PERSON", "pseudonym")
    allowed = rf"[\p{{{script}}}\p{{M}}\s-]+" if name != "田中太郎" else r"[\p{Han}\p{Hiragana}]+"
    assert regex.fullmatch(allowed, made) and not set(made.split()) & set(name.split())


def test_language_is_kept():
    german = apply("Jürgen Müller", "PERSON", "pseudonym").split()
    assert german[1] in NAMES["de"]["l"].split()
    assert apply("Okafor", "PERSON", "pseudonym") in NAMES["ng"]["l"].split()


def test_sister_and_brother_keep_one_family_name():
    assert apply("Иванова", "PERSON", "pseudonym") in {
        apply("Иванов", "PERSON", "pseudonym") + "а", apply("Иванов", "PERSON", "pseudonym"),
    }  # fmt: skip


def test_addresses_and_user_names_follow_their_person():
    values = [("Chidi Okafor", "PERSON"), ("chidi.okafor@acme.com", "EMAIL_ADDRESS"),
              ("cokafor@acme.com", "EMAIL_ADDRESS"), ("C.Okafor@mail.com", "EMAIL_ADDRESS"),
              ("okafor_c", "USERNAME"), ("chidiokafor77", "USERNAME"),
              ("info@acme.com", "EMAIL_ADDRESS")]  # fmt: skip
    full, mail, short, dotted, user, joined, desk = document(values)
    given, family = full.casefold().split()
    assert re.fullmatch(rf"{given}\.{family}@[a-z]+\.example", mail)
    assert short.startswith(f"{given[0]}{family}@") and short.split("@")[1] == mail.split("@")[1]
    assert dotted.casefold().startswith(f"{given[0]}.{family}@") and dotted[0].isupper()
    assert user == f"{family}_{given[0]}" and re.fullmatch(rf"{given}{family}\d\d", joined)
    assert desk == "info@" + mail.split("@")[1]


def test_in_tables_an_address_follows_the_person_of_its_row():
    from redactor.values import Locator, Unit

    rows = [("Chidi Okafor", "c.okafor@a.com"), ("Carla Okafor", "c.okafor@b.com")]
    units, decisions = [], []
    for row, (name, mail) in enumerate(rows, 2):
        for column, (text, entity) in enumerate(((name, "PERSON"), (mail, "EMAIL_ADDRESS")), 1):
            place = f"{row}:{column}"
            units.append(Unit(place, text, Locator("cell", place), "x"))
            decisions.append(decision(text, entity, "pseudonym", {}, place))
    made = masker().replacements(decisions, units)
    assert made[1][0] == made[0][0].lower() and made[3][0] == made[2][0].lower()
    # rows that are masked one by one come out the same
    one = masker()
    assert made == [
        text
        for row in (0, 2)
        for text in one.replacements(decisions[row : row + 2], units[row : row + 2])
    ]


PHONES = [
    ("+1 (212) 736-5000", r"\+1 \(\d{3}\) 555-01\d\d"), ("212-736-5000", r"\d{3}-555-01\d\d"),
    ("1 800 736 5000", r"1 \d{3} 555 01\d\d"), ("736-5000", r"555-01\d\d"),
    ("07911 123456", r"07700 900\d{3}"), ("+44 7911 123456", r"\+44 7700 900\d{3}"),
    ("+44 (0)20 7123 4567", r"\+44 \(0\)\d\d \d{4} \d{4}"),
    ("+33 6 12 34 56 78", r"\+33 6 39 98 \d\d \d\d"), ("01 42 68 53 00", r"0\d( \d\d){4}"),
    ("+61 2 9374 4000", r"\+61 \d (5550|7010) \d{4}"), ("+49 30 22730000", r"\+49 \d\d \d{8}"),
    ("+46 8 786 50 00", r"\+46 \d \d{3} \d\d \d\d"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "shape"), PHONES)
def test_phone_numbers_are_nobodys(number, shape):
    made = apply(number, "PHONE_NUMBER", "pseudonym")
    assert re.fullmatch(shape, made), made
    assert re.sub(r"\d", "0", made) == re.sub(r"\d", "0", number)


@pytest.mark.parametrize("number", ["+55 11 98765-4321", "+81 3-3224-5000", "+7 495 697-03-49"])
def test_where_no_range_is_kept_the_number_does_not_exist(number):
    made = apply(number, "PHONE_NUMBER", "pseudonym")
    assert made[:3] == number[:3] or made[:2] == number[:2] == "+7"
    assert not phonenumbers.is_valid_number(phonenumbers.parse(made))


def test_letters_of_a_phone_number_do_not_stay():
    made = apply("1-800-FLOWERS", "PHONE_NUMBER", "pseudonym")
    assert "FLOWERS" not in made and len(made) == len("1-800-FLOWERS")


def test_places_and_organisations_keep_what_says_only_their_kind():
    values = [("Acme", "ORGANIZATION"), ("Acme Corporation", "ORGANIZATION"),
              ("Bank of Acme", "ORGANIZATION"), ("IBM", "ORGANIZATION"),
              ("North Carolina", "LOCATION"), ("Hauptstraße 5, 10115 Berlin", "STREET_ADDRESS"),
              ("12 Elm Street, Springfield, IL 62704", "STREET_ADDRESS")]  # fmt: skip
    acme, whole, bank, short, north, haupt, elm = document(values)
    assert whole == f"{acme} Corporation" and bank == f"Bank of {acme}"
    assert re.fullmatch(r"[A-Z]{3}", short) and north.startswith("North ")
    assert re.fullmatch(r"[A-Z]\w+straße \d, \d{5} [A-Z]\w+", haupt, re.IGNORECASE), haupt
    assert re.fullmatch(r"\d\d [A-Z]\w+ Street, [A-Z]\w+, [A-Z]{2} \d{5}", elm), elm
    for word in ("Acme", "IBM", "Carolina", "Haupt", "Berlin", "Elm", "Springfield", "62704"):
        assert word not in " ".join([acme, whole, bank, short, north, haupt, elm])


words = st.text(st.characters(categories=("L", "M")), min_size=1, max_size=10)
values = st.one_of(
    st.builds(" ".join, st.lists(words, min_size=1, max_size=4)), st.text(min_size=1, max_size=30)
)
entities = st.sampled_from(
    ["PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS", "EMAIL_ADDRESS", "USERNAME", "URL",
     "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS", "CREDIT_CARD", "US_SSN", "IBAN_CODE",
     "DATE_OF_BIRTH", "OTHER"]
)  # fmt: skip
scopes = st.sampled_from(["global", "document", "case"])


@settings(max_examples=400, deadline=None)
@given(values, entities, scopes)
def test_a_pseudonym_is_another_value_and_the_same_again(text, entity, scope):
    said = {"scope": scope, "record": False, "case": "7"}
    made = apply(text, entity, "pseudonym", **said)
    assert made == apply(text, entity, "pseudonym", **said)
    assert made.casefold().split() != text.casefold().split() or not any(map(str.isalnum, text))
    assert scope == "document" or made == apply(text, entity, "pseudonym", doc="other", **said)


LISTED = [name for lists in NAMES.values() for key in "ml" for name in lists[key].split()[:6]]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(words.filter(lambda w: len(w) > 2), st.sampled_from(LISTED)),
                min_size=2, max_size=3))  # fmt: skip
def test_no_word_of_a_name_survives(parts):
    name = " ".join(parts)
    made = apply(name, "PERSON", "pseudonym")
    staying = {part.text.casefold() for part in parse(name) if not part.role}
    left = set(WORD.findall(made.casefold())) & set(WORD.findall(name.casefold()))
    assert left <= staying | {word for word in left if len(word) == 1}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(values, entities), min_size=1, max_size=25, unique=True), st.randoms())
def test_recorded_pseudonyms_are_injective_and_know_no_order_after_the_fact(pairs, chance):
    import tempfile

    from redactor.masking.keyed import canonical

    with tempfile.TemporaryDirectory() as folder, Vault.open(Path(folder) / "v") as vault:
        made = {pair: apply(*pair, "pseudonym", scope="vault", vault=vault) for pair in pairs}
        first = vault.snapshot
        chance.shuffle(pairs)
        again = {pair: apply(*pair, "pseudonym", scope="vault", vault=vault) for pair in pairs}
        assert made == again and vault.snapshot == first
        by_entity = {}
        for (text, entity), replacement in made.items():
            if replacement == f"<{entity}>":
                continue  # its shape has no other value
            key = (entity, replacement.casefold())
            by_entity.setdefault(key, set()).add(canonical(entity, text))
        for (entity, _), originals in by_entity.items():
            if entity not in ("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"):
                assert len(originals) == 1


def test_two_thousand_people_have_two_thousand_names(state_folder):
    given = NAMES["en"]["m"].split()[:40]
    family = NAMES["en"]["kl"].split()[:50]
    people = [f"{one} {two}" for one in given for two in family]
    with Vault.open() as vault:
        one = masker(vault=vault)
        made = one.replacements(
            [decision(name, "PERSON", "pseudonym", {"scope": "vault"}) for name in people], []
        )
    assert len(set(made)) == len(people) == 2000


def test_names_with_digits_or_initials_are_told_apart(state_folder):
    names = [f"Ann{n} Okafor" for n in range(300)] + [f"{c}. Okafor" for c in "ABCDEFGHIJKLMNOPQR"]
    names += [f"{c}. {d}. Okafor" for c in "ABCD" for d in "ABCDEFG"]
    with Vault.open() as vault:
        one = masker(vault=vault)
        made = one.replacements(
            [decision(name, "PERSON", "pseudonym", {"scope": "vault"}) for name in names], []
        )
    assert len(set(made)) == len(names)
    assert len({name.split()[-1] for name in made if not name[-1].isdigit()}) == 1


def test_a_pseudonym_is_no_word_of_its_document():
    name = "Ann Okafor"
    given, family = document([(name, "PERSON")])[0].split()
    text = f"{name} was seen by {given} {family.upper()}"
    made = document([(name, "PERSON")], text=text)[0]
    assert given not in made and family not in made
    # in the vault the other one belongs to the same value, and only this document uses it
    assert document([(name, "PERSON")])[0] == f"{given} {family}"


def test_the_vault_keeps_both_pseudonyms_of_a_value(state_folder):
    with Vault.open() as vault:
        usual = apply("Okafor", "PERSON", "pseudonym", scope="vault", vault=vault)
        text = f"Okafor met {usual}"
        other = document([("Okafor", "PERSON")], text=text, vault=vault, scope="vault")[0]
        assert other != usual
        assert vault.find(other)[0].payload["text"] == vault.find(usual)[0].payload["text"]
        assert apply("Okafor", "PERSON", "pseudonym", scope="vault", vault=vault) == usual


def test_scopes(state_folder):
    def made(**said):
        return apply("Okafor", "PERSON", "pseudonym", **said)

    with Vault.open() as vault:
        assert made() == made(doc="other") == made(scope="vault", vault=vault)
        assert made(scope="document") == made(scope="document")
        assert len({made(scope="document", doc=str(n)) for n in range(20)}) > 10
        one = made(scope="case", case="1", vault=vault)
        assert one == made(scope="case", case="1", doc="other", vault=vault)
        assert one != made(scope="case", case="2", vault=vault)
        assert made(scope="case", case="1", record=False) is not None
    with pytest.raises(UsageError, match="--case"):
        made(scope="case", record=False)


def test_recorded_pseudonyms_survive_a_change_of_the_lists(state_folder, monkeypatch):
    with Vault.open() as vault:
        before = [
            apply(text, entity, "pseudonym", scope="vault", vault=vault)
            for text, entity in (("Ann Okafor", "PERSON"), ("+1 212 736 5000", "PHONE_NUMBER"))
        ]
    lists = name_lists()
    monkeypatch.setattr(lists, "_lists", {k: {**v, "l": ("Zzyzx",), "m": ("Qx",), "f": ("Qy",)}
                                          for k, v in lists._lists.items()})  # fmt: skip
    with Vault.open() as vault:
        after = [
            apply(text, entity, "pseudonym", scope="vault", vault=vault)
            for text, entity in (("Ann Okafor", "PERSON"), ("+1 212 736 5000", "PHONE_NUMBER"))
        ]
    assert before == after


def test_evidence_does_not_depend_on_order():
    names = ["Chidi Okafor", "Ms. Okafor", "Okafor", "Ann Lee", "Lee Ann"]
    assert Evidence.of(names) == Evidence.of(reversed(names))


def test_check_digits_hold():
    assert VALIDATORS["credit_card"](apply("4111111111111111", "CREDIT_CARD", "pseudonym"))
    assert VALIDATORS["iban"](apply("DE89370400440532013000", "IBAN_CODE", "pseudonym"))
