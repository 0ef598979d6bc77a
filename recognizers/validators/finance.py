"""Cards and banks."""

from __future__ import annotations

import re

from recognizers.validators.checksums import luhn

# first and last issuer number, and lengths: the networks' published ranges (ISO/IEC 7812-1)
_NETWORKS: tuple[tuple[str, str, frozenset[int]], ...] = tuple(
    (first, last, frozenset(lengths))
    for first, last, lengths in (
        ("4", "4", (13, 16, 19)),  # Visa
        ("51", "55", (16,)),  # Mastercard
        ("2221", "2720", (16,)),
        ("34", "34", (15,)),  # American Express
        ("37", "37", (15,)),
        ("6011", "6011", (16, 17, 18, 19)),  # Discover
        ("644", "649", (16, 17, 18, 19)),
        ("65", "65", (16, 17, 18, 19)),
        ("62", "62", (16, 17, 18, 19)),  # UnionPay
        ("3528", "3589", (16, 17, 18, 19)),  # JCB
        ("300", "305", (14, 16)),  # Diners Club
        ("3095", "3095", (14, 16)),
        ("36", "36", (14, 16)),
        ("38", "39", (14, 16)),
        ("50", "50", (16, 18, 19)),  # Maestro; shorter ones are too like other numbers
        ("56", "58", (16, 18, 19)),
        ("60", "60", (16,)),  # RuPay
        ("63", "63", (16, 18, 19)),
        ("67", "67", (16, 18, 19)),
        ("2200", "2204", (16, 17, 18, 19)),  # Mir
    )
)
_PAN = re.compile(r"\d{12,19}")

# ISO 3166-1 alpha-2, and XK, which SWIFT uses for Kosovo
_COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA
    ZM ZW
    """.split()
)


def payment_card(text: str) -> bool:
    """Luhn, and an issuer number of a network that has numbers of this length."""
    digits = "".join(str(int(char)) for char in text if char.isdecimal())
    return luhn(digits) and is_issued(digits)


def is_issued(digits: str) -> bool:
    """Whether some network issues numbers that begin so and are so long."""
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last
        for first, last, lengths in _NETWORKS
    )


def card_track(text: str) -> bool:
    """Whether the number on the track passes Luhn."""
    number = _PAN.search(text)
    return number is not None and luhn(number[0])


def bic(text: str) -> bool | None:
    """None where the fifth and sixth letter are a country (ISO 9362), False otherwise."""
    return None if text[4:6].upper() in _COUNTRIES else False
