"""Languages and countries: a type that is named is looked for, whatever its own."""

import pytest

from redactor.detection.patterns import Scanner, in_languages
from redactor.detection.rules import Rule, dump, parse, shipped_table
from redactor.policy.model import EntityRule, Policy


def scanner(*entities, **options):
    return Scanner.load(
        Policy("p", "", entities={entity: EntityRule() for entity in entities}, **options)
    )


NUMBERS = {
    "ES_NIF": "55555555K",
    "PL_PESEL": "44051401359",
    "KR_RRN": "901231-1234563",
    "TH_TNIN": "1112100023451",
    "TR_NATIONAL_ID": "10000000146",
    "SE_PERSONNUMMER": "811228-9874",
    "FI_PERSONAL_IDENTITY_CODE": "131052-308T",
    "IT_FISCAL_CODE": "RSSMRA85T10A562S",
    "DE_SOCIAL_SECURITY": "15070649C103",
    "ZA_ID_NUMBER": "8001015009087",
    "US_NPI": "1245319599",
    "CA_SIN": "130-692-544",
}


@pytest.mark.parametrize("language", ["en", "es", "xx"])
@pytest.mark.parametrize("entity", NUMBERS)
def test_a_type_asked_for_by_name_is_looked_for(entity, language):
    found = scanner(entity, language=language).scan_text(f"id: {NUMBERS[entity]}.")
    assert [(f.entity_type, f.text) for f in found] == [(entity, NUMBERS[entity])]


def test_languages_choose_context_words():
    text = "tarjeta 4111111111111111"

    def word(**options):
        rules = scanner("CREDIT_CARD", **options).rules
        return {word for rule in rules for word in rule.context}

    assert "tarjeta" not in word() and "tarjeta" in word(language="es")
    assert {"tarjeta", "credit"} <= word(languages=("es",))
    assert {"tarjeta", "credit"} <= word(language="xx")
    found = scanner("CREDIT_CARD", languages=("es", "it")).scan_text(text)
    assert len(found) == len({finding.recognizer for finding in found})  # not once a language


def test_variants_of_one_recognizer_become_one_rule():
    def rule(language, *context, name="A", entity="E"):
        return Rule(name, entity, language=language, context=context)

    english, spanish, other = rule("en", "a", "b"), rule("es", "b", "c"), rule("fr", name="B")
    assert in_languages([english, spanish, other], {"en"}) == [english, other]
    (joined,) = in_languages([english, spanish], {"en", "es"})
    assert joined.context == ("a", "b", "c")
    assert in_languages([english, spanish], {"de"})[0].context == ("a", "b", "c")


def test_the_table_is_read_in_parts():
    whole = shipped_table()
    text = dump(whole)
    assert parse(text) == whole
    part = parse(text, {"ES_NIF", "CREDIT_CARD"})
    assert part.entities == {"ES_NIF", "CREDIT_CARD"}
    assert set(part.rules) == {rule for rule in whole.rules if rule.entity in part.entities}


def test_command_line_shows_language_and_country(cli):
    rows = [
        row.split("\t") for row in cli("recognizers", "list", code=0).stdout.decode().splitlines()
    ]
    assert ["es", "es"] in [row[5:7] for row in rows if row[0] == "ES_NIF"]
    assert ["any", "-"] in [row[5:7] for row in rows if row[0] == "EMAIL_ADDRESS"]
