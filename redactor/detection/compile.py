"""The compile step: walk Presidio's registry once and write the rule table.

Needs the ``presidio`` extra and takes seconds; its result is shipped, so that nothing a
user waits for imports Presidio. Run it again after an upgrade of Presidio, with
``redactor recognizers compile``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from redactor.detection.analyse import describe
from redactor.detection.rules import FLAGS, TABLE, Pattern, Rule, Table, dump
from redactor.errors import StateError

_DATA = TABLE.parents[1] / "data"
_OURS = ("", "national/")  # folders of our own files, below recognizers/

# recognizers whose own checks are plain functions of ours, tested equal
_VALIDATORS = {
    "AbaRoutingRecognizer": "aba",
    "AuAbnRecognizer": "au_abn",
    "AuAcnRecognizer": "au_acn",
    "AuMedicareRecognizer": "au_medicare",
    "AuTfnRecognizer": "au_tfn",
    "CreditCardRecognizer": "credit_card",
    "CryptoRecognizer": "crypto",
    "DeBsnrRecognizer": "de_bsnr",
    "DeHealthInsuranceRecognizer": "de_health_insurance",
    "DeIdCardRecognizer": "de_id_card",
    "DeLanrRecognizer": "de_lanr",
    "DePassportRecognizer": "de_passport",
    "DeSocialSecurityRecognizer": "de_social_security",
    "DeTaxIdRecognizer": "de_tax_id",
    "DeVatIdRecognizer": "de_vat_id",
    "EmailRecognizer": "email_domain",
    "EsNieRecognizer": "es_nie",
    "EsNifRecognizer": "es_nif",
    "FiPersonalIdentityCodeRecognizer": "fi_personal_identity_code",
    "IbanRecognizer": "iban",
    "InAadhaarRecognizer": "in_aadhaar",
    "InGstinRecognizer": "in_gstin",
    "InVehicleRegistrationRecognizer": "in_vehicle",
    "ItFiscalCodeRecognizer": "it_fiscal_code",
    "ItVatCodeRecognizer": "it_vat_code",
    "KrBrnRecognizer": "kr_brn",
    "KrDriverLicenseRecognizer": "kr_driver_license",
    "KrFrnRecognizer": "kr_frn",
    "KrRrnRecognizer": "kr_rrn",
    "MedicalLicenseRecognizer": "dea",
    "NgNinRecognizer": "ng_nin",
    "NhsRecognizer": "nhs",
    "PlPeselRecognizer": "pl_pesel",
    "SeOrganisationsnummerRecognizer": "se_organisationsnummer",
    "SePersonnummerRecognizer": "se_personnummer",
    "SgUenRecognizer": "sg_uen",
    "ThTninRecognizer": "th_tnin",
    "TrLicensePlateRecognizer": "tr_license_plate",
    "TrNationalIdRecognizer": "tr_national_id",
    "UkDrivingLicenceRecognizer": "uk_driving_licence",
    "UkVehicleRegistrationRecognizer": "uk_vehicle_registration",
    "UsNpiRecognizer": "npi",
    "ZaCompanyRegistrationRecognizer": "za_company_registration",
    "ZaDriverLicenseRecognizer": "za_driver_license",
    "ZaIdNumberRecognizer": "za_id_number",
    "ZaIncomeTaxNumberRecognizer": "za_income_tax",
    "ZaLicensePlateRecognizer": "za_license_plate",
    "ZaPassportRecognizer": "za_passport",
    "ZaTrafficRegisterNumberRecognizer": "za_traffic_register",
    "ZaVatNumberRecognizer": "za_vat_number",
}
_INVALIDATORS = {
    "CaSinRecognizer": "ca_sin",
    "IpRecognizer": "ip",
    "MacAddressRecognizer": "mac",
    "PhTinRecognizer": "ph_tin",
    "UsNpiRecognizer": "npi",
    "UsSsnRecognizer": "us_ssn",
    "UuidRecognizer": "uuid",
    "ZaMobileNumberRecognizer": "za_mobile",
    "ZaTelephoneNumberRecognizer": "za_telephone",
}
# the gates of policies that want plausible findings only
_GATES = {
    "AbaRoutingRecognizer": "aba",
    "CreditCardRecognizer": "card",
    "EmailRecognizer": "email",
    "IpRecognizer": "ip",
    "MedicalLicenseRecognizer": "dea",
    "NhsRecognizer": "nhs",
    "PhoneRecognizer": "phone",
    "UrlRecognizer": "url",
    "UsBankRecognizer": "bank",
    "UsLicenseRecognizer": "driver_license",
    "UsPassportRecognizer": "passport",
    "UsSsnRecognizer": "ssn",
}
_KINDS = {
    "IbanRecognizer": "iban",
    "PhoneRecognizer": "phone",
    "UrlRecognizer": "url",
    "ZaMobileNumberRecognizer": "phone",
    "ZaTelephoneNumberRecognizer": "phone",
}
_NO_LANGUAGES = frozenset({"kr"})  # a country, listed as a language beside ko
_ISO_COUNTRIES = {"uk": "gb"}  # ISO 3166-1 has no uk
_OWN_LOGIC = ("analyze", "validate_result", "invalidate_result", "enhance_using_context")
_NEEDS_SERVICE = (
    "Azure", "GLiNER", "HuggingFace", "LangExtract", "Lm", "MedicalNER", "Ollama", "Stanza",
    "Transformers", "Spacy",
)  # fmt: skip


def predefined(language: str = "en", *, only_default: bool = False) -> list[Any]:
    """Presidio's own recognizers for a language; ``only_default``: those it enables itself.

    Raises:
        StateError: Presidio is not installed.
    """
    return _registered(_entries(only_default=only_default), language)


def predefined_everywhere() -> list[tuple[Any, str]]:
    """Presidio's own recognizers in every language, each with its language; ``""`` for any.

    Raises:
        StateError: Presidio is not installed.
    """
    everywhere: list[dict[str, Any]] = []
    by_language: list[dict[str, Any]] = []
    for entry in _entries():
        (by_language if entry.get("supported_languages") else everywhere).append(entry)
    found = [(recognizer, "") for recognizer in _registered(everywhere, "en")]
    languages = {str(language) for entry in by_language for language in _languages(entry)}
    for language in sorted(languages - _NO_LANGUAGES):
        found += [(recognizer, language) for recognizer in _registered(by_language, language)]
    return found


def _entries(*, only_default: bool = False) -> list[dict[str, Any]]:
    """Presidio's list of its recognizers, all enabled; without those that need a service."""
    try:
        import presidio_analyzer
    except ImportError:
        raise StateError("Presidio is not installed: pip install 'redactor[presidio]'") from None
    from ruamel.yaml import YAML

    path = Path(presidio_analyzer.__file__).parent / "conf" / "default_recognizers.yaml"
    configuration = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return [
        {**entry, "enabled": True}
        for entry in configuration["recognizers"]
        if not any(name in entry["name"] for name in _NEEDS_SERVICE)
        and not (only_default and entry.get("enabled") is False)
    ]


def _languages(entry: dict[str, Any]) -> list[str]:
    return [
        language["language"] if isinstance(language, dict) else language
        for language in entry["supported_languages"]
    ]


def _registered(entries: list[dict[str, Any]], language: str) -> list[Any]:
    from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    configuration = {
        "supported_languages": [language],
        "global_regex_flags": FLAGS,
        "recognizers": entries,
    }
    registry = RecognizerRegistryProvider(
        registry_configuration=configuration
    ).create_recognizer_registry()
    return [
        recognizer
        for recognizer in registry.get_recognizers(language=language, all_fields=True)
        if not any(name in type(recognizer).__name__ for name in _NEEDS_SERVICE)
    ]


def rule_of(
    recognizer: Any, source: str = "presidio", reference: str = "", language: str | None = None
) -> Rule:
    """A Presidio recognizer as a rule.

    ``reference`` names its class for ``python`` rules; ``language`` None takes its own.
    """
    from presidio_analyzer import PatternRecognizer

    cls = type(recognizer)
    patterns: tuple[Pattern, ...] = ()
    if isinstance(recognizer, PatternRecognizer):
        flags = int(recognizer.global_regex_flags)
        patterns = tuple(describe(p.name, p.regex, p.score, flags) for p in recognizer.patterns)
    own = any(name in vars(base) for base in _custom(cls) for name in _OWN_LOGIC)
    validator = _VALIDATORS.get(cls.__name__, "")
    invalidator = _INVALIDATORS.get(cls.__name__, "")
    kind = _KINDS.get(cls.__name__, "patterns")
    if kind == "patterns" and own and not (validator or invalidator):
        kind = "python"
    country = str(recognizer.country_code() or "")
    where = reference or f"{cls.__module__}:{cls.__qualname__}"
    return Rule(
        name=recognizer.name if source != "presidio" else cls.__name__,
        entity=recognizer.supported_entities[0],
        kind=kind,
        language=recognizer.supported_language if language is None else language,
        country=_ISO_COUNTRIES.get(country, country),
        patterns=patterns,
        context=tuple(recognizer.context or ()),
        validator=validator,
        invalidator=invalidator,
        gate=_GATES.get(cls.__name__, "") if source == "presidio" else "",
        reference=where if kind == "python" else "",
        score=float(getattr(recognizer, "SCORE", 0.0)) if kind == "phone" else 0.0,
        regions=tuple(recognizer.supported_regions) if kind == "phone" else (),
        source=source,
    )


def _custom(cls: type) -> Iterable[type]:
    """The class and its bases below Presidio's own base classes."""
    for base in cls.__mro__:
        if base.__name__ in ("PatternRecognizer", "LocalRecognizer", "EntityRecognizer"):
            return
        yield base


def compile_shipped(target: Path = TABLE, data: Path = _DATA) -> Table:
    """Write the table of Presidio's predefined recognizers and ours, and their data.

    Raises:
        StateError: Presidio is not installed.
    """
    from importlib.metadata import version

    from redactor.detection.custom import read_yaml

    rules = [rule_of(found, language=language) for found, language in predefined_everywhere()]
    ours = sorted(path for folder in _OURS for path in target.parents[1].glob(f"{folder}*.yaml"))
    for path in ours:
        rules += read_yaml(path, source=f"redactor/{path.stem}", language="")
    versions = {"presidio": version("presidio-analyzer"), "rules": _digest(ours)}
    table = Table(tuple(sorted(rules, key=lambda r: (r.entity, r.name, r.language))), versions)
    target.parent.mkdir(exist_ok=True)
    target.write_text(dump(table), "utf-8")
    countries = json.dumps(entities_by_country(table), indent=0, sort_keys=True)
    (target.parent / "countries.json").write_text(countries + "\n", "ascii")
    data.mkdir(exist_ok=True)
    _write_offices(data / "in_vehicle.json")
    _write_iban(data / "iban.json")
    _write_suffixes(data / "public_suffixes.txt")
    return table


def entities_by_country(table: Table) -> dict[str, list[str]]:
    """Country -> the entity types that only its rules find."""
    of: dict[str, set[str]] = {}
    for rule in table.rules:
        of.setdefault(rule.entity, set()).add(rule.country)
    found: dict[str, list[str]] = {}
    for entity in sorted(of):
        for country in of[entity] if "" not in of[entity] else ():
            found.setdefault(country, []).append(entity)
    return found


def _digest(paths: Iterable[Path]) -> str:
    from hashlib import sha256

    state = sha256()
    for path in paths:
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


def _write_iban(path: Path) -> None:
    from presidio_analyzer.predefined_recognizers.generic import iban_recognizer

    formats = dict(sorted(iban_recognizer.regex_per_country.items()))
    path.write_text(json.dumps(formats, indent=0) + "\n", "ascii")


def _write_offices(path: Path) -> None:
    from presidio_analyzer.predefined_recognizers import InVehicleRegistrationRecognizer as India

    table = India.state_rto_district_map
    used = sorted(table.keys() & India().two_factor_registration_prefix)
    offices = {state: " ".join(sorted(table[state])) for state in used}
    path.write_text(json.dumps(offices, indent=0) + "\n", "ascii")


def _write_suffixes(path: Path) -> None:
    import tldextract

    snapshot = Path(tldextract.__file__).parent / ".tld_set_snapshot"
    icann = snapshot.read_text("utf-8").partition("// ===END ICANN DOMAINS===")[0]
    lines = (line.strip() for line in icann.splitlines())
    rules = sorted({line.split()[0] for line in lines if line and not line.startswith("//")})
    path.write_text("\n".join(rules) + "\n", "utf-8")
