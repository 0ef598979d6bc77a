"""Checks of found values: plain functions, no Presidio import.

A *validator* says True (certain: the score becomes 1.0), False (no such value: dropped) or
None (no opinion). An *invalidator* says True for what is to be dropped. Those of Presidio's
predefined recognizers are tested equal to Presidio's own.
"""

from __future__ import annotations

from collections.abc import Callable

from recognizers.validators import checksums, crypto, email, iban, network, us

Validator = Callable[[str], bool | None]

VALIDATORS: dict[str, Validator] = {
    "aba": checksums.aba,
    "credit_card": checksums.credit_card,
    "crypto": crypto.crypto,
    "dea": checksums.dea,
    "email_domain": email.has_public_domain,
    "iban": iban.iban,
    "imei": checksums.imei,
    "nhs": checksums.nhs,
    "vin": checksums.vin,
}

INVALIDATORS: dict[str, Callable[[str], bool]] = {
    "ip": network.not_an_address,
    "mac": network.not_a_mac,
    "us_ssn": us.not_an_ssn,
    "uuid": network.not_a_uuid,
}
