"""Checks of found values: plain functions, no Presidio import.

A *validator* says True (certain: the score becomes 1.0), False (no such value: dropped) or
None (no opinion). An *invalidator* says True for what is to be dropped. Those of Presidio's
predefined recognizers are tested equal to Presidio's own. A *gate* also sees the text around
(``network_context``, ``number_context``) and says False for what is something else; only
policies that ask for plausible findings have them.
"""

from __future__ import annotations

from collections.abc import Callable

from recognizers.validators import (
    checksums,
    crypto,
    email,
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

Validator = Callable[[str], bool | None]
Gate = Callable[[str, int, int, bool], bool]

VALIDATORS: dict[str, Validator] = {
    "aba": checksums.aba,
    "age": people.age,
    "basic_credentials": secrets.basic_credentials,
    "bic": finance.bic,
    "birth_date": people.birth_date,
    "card_track": finance.card_track,
    "coordinates": geo.coordinates,
    "credit_card": checksums.credit_card,
    "crypto": crypto.crypto,
    "dea": checksums.dea,
    "email_domain": email.has_public_domain,
    "host_of_a_person": logins.host_of_a_person,
    "iban": iban.iban,
    "iccid": checksums.iccid,
    "imei": checksums.imei,
    "jwt": secrets.jwt,
    "license_plate": checksums.license_plate,
    "login_of_a_person": logins.login_of_a_person,
    "login_of_two_names": logins.login_of_two_names,
    "nhs": checksums.nhs,
    "payment_card": finance.payment_card,
    "random_token": secrets.random_token,
    "vin": checksums.vin,
}

INVALIDATORS: dict[str, Callable[[str], bool]] = {
    "ip": network.not_an_address,
    "mac": network.not_a_mac,
    "not_a_bare_secret": secrets.not_a_bare_secret,
    "not_a_bare_token": secrets.not_a_bare_token,
    "not_a_login": logins.not_a_login,
    "not_a_secret": secrets.not_a_secret,
    "not_a_vin": checksums.not_a_vin,
    "not_an_email": email.not_an_address,
    "us_ssn": us.not_an_ssn,
    "uuid": network.not_a_uuid,
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
