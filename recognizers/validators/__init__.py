"""Checks of found values: plain functions, no Presidio import.

A *validator* says True (certain: the score becomes 1.0), False (no such value: dropped) or
None (no opinion). An *invalidator* says True for what is to be dropped. Those of Presidio's
predefined recognizers are tested equal to Presidio's own. A *gate* also sees the text around
(``network_context``, ``number_context``) and says False for what is something else; only
policies that ask for plausible findings have them.

``stdnum.X.Y`` names a module of python-stdnum (LGPL, used unmodified): as a validator its
``is_valid`` says True or False, as an invalidator it drops what is not valid. It is imported
when it first has to check something.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recognizers.validators import (
    africa,
    asia_pacific,
    checksums,
    crypto,
    email,
    europe,
    finance,
    geo,
    iban,
    logins,
    network,
    network_context,
    number_context,
    people,
    secrets,
    us,
)
from recognizers.validators.plain import plain

Validator = Callable[[str], bool | None]
Invalidator = Callable[[str], bool]
Gate = Callable[[str, int, int, bool], bool]

VALIDATORS: dict[str, Validator] = {
    "aba": checksums.aba,
    "age": people.age,
    "au_abn": asia_pacific.au_abn,
    "au_acn": asia_pacific.au_acn,
    "au_medicare": asia_pacific.au_medicare,
    "au_tfn": asia_pacific.au_tfn,
    "basic_credentials": secrets.basic_credentials,
    "bic": finance.bic,
    "birth_date": people.birth_date,
    "card_track": finance.card_track,
    "coordinates": geo.coordinates,
    "credit_card": checksums.credit_card,
    "crypto": crypto.crypto,
    "de_bsnr": europe.de_bsnr,
    "de_health_insurance": europe.de_health_insurance,
    "de_id_card": europe.de_id_card,
    "de_lanr": europe.de_lanr,
    "de_passport": europe.de_passport,
    "de_social_security": europe.de_social_security,
    "de_tax_id": europe.de_tax_id,
    "de_vat_id": europe.de_vat_id,
    "dea": checksums.dea,
    "email_domain": email.has_public_domain,
    "es_nie": europe.es_nie,
    "es_nif": europe.es_nif,
    "fi_personal_identity_code": europe.fi_personal_identity_code,
    "host_of_a_person": logins.host_of_a_person,
    "iban": iban.iban,
    "iccid": checksums.iccid,
    "imei": checksums.imei,
    "in_aadhaar": asia_pacific.in_aadhaar,
    "in_gstin": asia_pacific.in_gstin,
    "in_vehicle": asia_pacific.in_vehicle,
    "it_fiscal_code": europe.it_fiscal_code,
    "it_vat_code": europe.it_vat_code,
    "jwt": secrets.jwt,
    "kr_brn": asia_pacific.kr_brn,
    "kr_driver_license": asia_pacific.kr_driver_license,
    "kr_frn": asia_pacific.kr_frn,
    "kr_rrn": asia_pacific.kr_rrn,
    "license_plate": checksums.license_plate,
    "login_of_a_person": logins.login_of_a_person,
    "login_of_two_names": logins.login_of_two_names,
    "ng_nin": africa.ng_nin,
    "nhs": checksums.nhs,
    "npi": us.npi,
    "payment_card": finance.payment_card,
    "pl_pesel": europe.pl_pesel,
    "random_token": secrets.random_token,
    "se_organisationsnummer": europe.se_organisationsnummer,
    "se_personnummer": europe.se_personnummer,
    "sg_uen": asia_pacific.sg_uen,
    "th_tnin": asia_pacific.th_tnin,
    "tr_license_plate": europe.tr_license_plate,
    "tr_national_id": europe.tr_national_id,
    "uk_driving_licence": europe.uk_driving_licence,
    "uk_vehicle_registration": europe.uk_vehicle_registration,
    "vin": checksums.vin,
    "za_company_registration": africa.za_company_registration,
    "za_driver_license": africa.za_driver_license,
    "za_id_number": africa.za_id_number,
    "za_income_tax": africa.za_income_tax,
    "za_license_plate": africa.za_license_plate,
    "za_passport": africa.za_passport,
    "za_traffic_register": africa.za_traffic_register,
    "za_vat_number": africa.za_vat_number,
}

INVALIDATORS: dict[str, Invalidator] = {
    "ca_sin": us.not_a_sin,
    "ip": network.not_an_address,
    "mac": network.not_a_mac,
    "not_a_bare_secret": secrets.not_a_bare_secret,
    "not_a_bare_token": secrets.not_a_bare_token,
    "not_a_login": logins.not_a_login,
    "not_a_secret": secrets.not_a_secret,
    "not_a_vin": checksums.not_a_vin,
    "not_an_email": email.not_an_address,
    "npi": us.not_an_npi,
    "ph_tin": asia_pacific.not_a_ph_tin,
    "us_ssn": us.not_an_ssn,
    "uuid": network.not_a_uuid,
    "za_mobile": africa.not_za_mobile,
    "za_telephone": africa.not_za_telephone,
}

GATES: dict[str, Gate] = {
    "aba": number_context.routing_number,
    "bank": number_context.bank_number,
    "card": number_context.card_number,
    "dea": number_context.dea_number,
    "driver_license": number_context.driver_license,
    "email": network_context.email,
    "ip": network_context.ip_address,
    "nhs": number_context.nhs_number,
    "passport": number_context.passport,
    "phone": number_context.phone_number,
    "ssn": number_context.social_security,
    "url": network_context.url,
}

_STDNUM = re.compile(r"stdnum(?:\.[a-z][a-z0-9_]*){1,2}\Z")
# what a check raises on a text that it was not made for
_NOT_MADE_FOR = (ValueError, LookupError, TypeError, AttributeError)


@cache
def is_stdnum(name: str) -> bool:
    """Whether the name is that of a python-stdnum module with ``is_valid``; imports nothing."""
    if not _STDNUM.match(name):
        return False
    package = find_spec("stdnum")
    folders = package.submodule_search_locations if package is not None else None
    for folder in folders or ():
        path = Path(folder, *name.split(".")[1:])
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return re.search(r"^def is_valid\(|import .*\bis_valid\b|^is_valid = ",
                                 file.read_text("utf-8"), re.MULTILINE) is not None  # fmt: skip
    return False


def validator(name: str) -> Validator | None:
    """The validator of this name; it refuses what it was not made for. None for no name."""
    check: Validator | None = _stdnum(name) if is_stdnum(name) else VALIDATORS.get(name)
    return None if check is None else lambda text: _sheltered(check, text, False)


def invalidator(name: str) -> Invalidator | None:
    """The invalidator of this name; it drops what it was not made for. None for no name."""
    check = _not_stdnum(name) if is_stdnum(name) else INVALIDATORS.get(name)
    return None if check is None else lambda text: bool(_sheltered(check, text, True))


def _sheltered(check: Validator, text: str, otherwise: bool) -> bool | None:
    try:
        return check(text)
    except _NOT_MADE_FOR:
        return otherwise


def _not_stdnum(name: str) -> Invalidator:
    valid = _stdnum(name)
    return lambda text: not valid(text)


def _stdnum(name: str) -> Callable[[str], bool]:
    """``is_valid`` of a module, which is imported at the first number; digits become ASCII."""

    @cache
    def is_valid() -> Any:
        return importlib.import_module(name).is_valid

    def check(text: str) -> bool:
        return bool(is_valid()(plain(text)))

    return check
