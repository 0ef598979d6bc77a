"""Names of columns and keys as evidence, through the whole detector."""

from dataclasses import replace

import pytest

from redactor.detection.detect import Detector
from redactor.errors import PolicyError
from redactor.policy import load_policy
from redactor.policy.model import EntityRule, FieldRule
from redactor.values import Locator, Source, Unit, Verdict


@pytest.fixture(scope="module")
def base():
    policy = load_policy("base")
    return replace(policy, ner=replace(policy.ner, use="never"), fields=())


def cells(*pairs):
    return [
        Unit(f"2:{n}", text, Locator("cell", f"2:{n}"), field)
        for n, (field, text) in enumerate(pairs)
    ]


def found(policy, *pairs):
    units = cells(*pairs)
    fields = {unit.id: unit.field for unit in units}
    return {
        (fields[f.unit], f.entity_type, f.text) for f in Detector(policy).detect(units).findings
    }


def test_a_name_counts_like_a_context_word(base):
    """Nine bare digits are nothing; in a column that says so they are a number."""
    weak = replace(base, field_names="context")
    assert found(weak, ("ref", "536904399")) == set()
    assert found(weak, ("ssn", "536904399")) == {("ssn", "US_SSN", "536904399")}
    assert found(weak, ("patientSSN", "ssn is 536904399")) == {
        ("patientSSN", "US_SSN", "536904399")
    }
    off = replace(base, field_names="off")
    assert found(off, ("ssn", "536904399")) == set()


def test_a_name_and_a_shape_make_the_whole_value(base):
    pairs = (
        ("patient_name", " Zoe Quill "), ("Telefon", "030 123456-7"), ("email", "zoe(at)quill"),
        ("fecha_nacimiento", "2.1.1980"), ("dob", "unknown"), ("user.email", "z@qq"),
    )  # fmt: skip
    assert found(base, *pairs) == {
        ("patient_name", "PERSON", "Zoe Quill"), ("Telefon", "PHONE_NUMBER", "030 123456-7"),
        ("fecha_nacimiento", "DATE_OF_BIRTH", "2.1.1980"), ("user.email", "EMAIL_ADDRESS", "z@qq"),
    }  # fmt: skip
    (finding,) = Detector(base).detect(cells(("vorname", "Zoe"))).findings
    assert finding.why.source is Source.FIELD_NAME and "vorname" in finding.why.pattern
    context = replace(base, field_names="context")
    assert found(context, ("vorname", "Zoe")) == set()


def test_a_bare_name_needs_a_person_beside_it(base):
    assert found(base, ("name", "Blue Widget"), ("price", "7")) == set()
    beside = found(base, ("name", "Zoe Quill"), ("email", "zoe@quill.example"))
    assert ("name", "PERSON", "Zoe Quill") in beside
    apart = found(base, ("item.name", "Blue Widget"), ("buyer.email", "zoe@quill.example"))
    assert not any(field == "item.name" for field, _, _ in apart)


def test_the_policys_own_rule_wins(base):
    keep = FieldRule(None, name="ssn", rule=EntityRule(verdict=Verdict.KEEP), id="fields[0]")
    assert found(replace(base, fields=(keep,)), ("ssn", "536904399")) == set()
    other = FieldRule("MEDICAL_RECORD_NUMBER", name="ssn", id="fields[0]")
    assert found(replace(base, fields=(other,)), ("ssn", "536904399")) == {
        ("ssn", "MEDICAL_RECORD_NUMBER", "536904399")
    }


def test_types_that_the_policy_does_not_look_for_stay_out(base):
    entities = {name: rule for name, rule in base.entities.items() if name != "PERSON"}
    assert found(replace(base, entities=entities), ("patient_name", "Zoe Quill")) == set()


def test_equal_cells_are_scanned_once_and_found_everywhere(base):
    detector = Detector(base)
    units = [
        Unit(str(n), f"write to zoe{n % 2}@quill.example", Locator("cell", str(n)), "note")
        for n in range(6)
    ]
    for _ in range(2):
        assert [f.unit for f in detector.detect(units).findings] == [str(n) for n in range(6)]


def test_a_type_that_only_names_tell_may_be_asked_for(base):
    policy = replace(base, entities={**base.entities, "CUSTOMER_ID": EntityRule()})
    assert found(policy, ("Kundennummer", "K-4711"), ("note", "K-4711")) >= {
        ("Kundennummer", "CUSTOMER_ID", "K-4711")
    }
    with pytest.raises(PolicyError, match="CUSTOMER_ID"):
        Detector(replace(policy, field_names="context"))
