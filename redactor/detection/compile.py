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
from redactor.detection.rules import TABLE, Pattern, Rule, Table, encode
from redactor.errors import StateError

_DATA = TABLE.parents[1] / "data"

# recognizers whose own checks are plain functions of ours, tested equal
_VALIDATORS = {
    "AbaRoutingRecognizer": "aba",
    "CreditCardRecognizer": "credit_card",
    "CryptoRecognizer": "crypto",
    "EmailRecognizer": "email_domain",
    "IbanRecognizer": "iban",
    "MedicalLicenseRecognizer": "dea",
    "NhsRecognizer": "nhs",
}
_INVALIDATORS = {
    "IpRecognizer": "ip",
    "MacAddressRecognizer": "mac",
    "UsSsnRecognizer": "us_ssn",
    "UuidRecognizer": "uuid",
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
_KINDS = {"IbanRecognizer": "iban", "UrlRecognizer": "url", "PhoneRecognizer": "phone"}
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
    try:
        import presidio_analyzer
        from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
    except ImportError:
        raise StateError("Presidio is not installed: pip install 'redactor[presidio]'") from None
    from ruamel.yaml import YAML

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    path = Path(presidio_analyzer.__file__).parent / "conf" / "default_recognizers.yaml"
    configuration = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    chosen = []
    for entry in configuration["recognizers"]:
        if any(name in entry["name"] for name in _NEEDS_SERVICE):
            continue
        if not only_default and entry.get("enabled") is False:
            entry = {**entry, "enabled": True}
        chosen.append(entry)
    configuration = {**configuration, "recognizers": chosen, "supported_languages": [language]}
    registry = RecognizerRegistryProvider(
        registry_configuration=configuration
    ).create_recognizer_registry()
    return [
        recognizer
        for recognizer in registry.get_recognizers(language=language, all_fields=True)
        if not any(name in type(recognizer).__name__ for name in _NEEDS_SERVICE)
    ]


def rule_of(recognizer: Any, source: str = "presidio", reference: str = "") -> Rule:
    """A Presidio recognizer as a rule; ``reference`` names its class for ``python`` rules."""
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
    where = reference or f"{cls.__module__}:{cls.__qualname__}"
    return Rule(
        name=recognizer.name if source != "presidio" else cls.__name__,
        entity=recognizer.supported_entities[0],
        kind=kind,
        language=recognizer.supported_language,
        patterns=patterns,
        context=tuple(recognizer.context or ()),
        validator=validator,
        invalidator=invalidator,
        gate=_GATES.get(cls.__name__, "") if source == "presidio" else "",
        reference=where if kind == "python" else "",
        score=float(getattr(recognizer, "SCORE", 0.0)) if kind == "phone" else 0.0,
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

    rules = [rule_of(recognizer) for recognizer in predefined()]
    ours = sorted(target.parents[1].glob("*.yaml"))
    for path in ours:
        rules += read_yaml(path, source=f"redactor/{path.stem}")
    versions = {"presidio": version("presidio-analyzer"), "rules": _digest(ours)}
    table = Table(tuple(sorted(rules, key=lambda r: (r.entity, r.name))), versions)
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(encode(table), indent=1, sort_keys=True) + "\n", "utf-8")
    data.mkdir(exist_ok=True)
    _write_iban(data / "iban.json")
    _write_suffixes(data / "public_suffixes.txt")
    return table


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


def _write_suffixes(path: Path) -> None:
    import tldextract

    snapshot = Path(tldextract.__file__).parent / ".tld_set_snapshot"
    icann = snapshot.read_text("utf-8").partition("// ===END ICANN DOMAINS===")[0]
    lines = (line.strip() for line in icann.splitlines())
    rules = sorted({line.split()[0] for line in lines if line and not line.startswith("//")})
    path.write_text("\n".join(rules) + "\n", "utf-8")
