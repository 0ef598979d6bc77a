"""generalize: less exact, but still something to count with.

By type of value: a date becomes its year or month; a US ZIP code its first three digits, or
``000`` where 20,000 people or fewer live there (45 CFR 164.514(b)(2)(i)(B),
``data/zip3.json``), a UK postcode its area; an age from 90 becomes ``90+``; numbers and
amounts become buckets; coordinates lose decimals; an IP address becomes its network; of a
place the state or country stays. What cannot be read takes the ``fallback``. There is no
way back.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from redactor.masking.dates import parse_date
from redactor.masking.fallback import fallback
from redactor.masking.keyed import Keyed
from redactor.masking.regions import kept_region

_DATA = Path(__file__).with_name("data") / "zip3.json"
_ZIP = re.compile(r"(\d{3})\d\d(?:[- ]?\d{4})?", re.ASCII)
_UK = re.compile(r"([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE | re.ASCII)
_CANADA = re.compile(r"([ABCEGHJ-NPRSTVXY])\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE | re.ASCII)
_AGE = re.compile(
    r"(?i)((?:aged?[:=]?|age of|alter|édad|edad|âge)?\s*)(\d{1,3})"
    r"((?:[- ]?(?:years?|yrs?|y/?o|jahre|ans|años)(?:[- ]?(?:old|of age|alt))?\.?)?)"
)
_AMOUNT = re.compile(
    r"([^\d\w+-]*[A-Z]{0,3}[^\d\w+-]*)([+-]?)(\d(?:[\d,.' ]*\d)?)((?:\s?[^\d\s]{0,4})?)"
)
_DECIMAL = re.compile(r"[+-]?\d{1,3}\.\d+")
_COORDINATES = re.compile(r"[\s\d.,;:+\-°()/NSEWnsew]*(?:(?:lat|lon|lng|long)\w*[\s\d.,;:=+\-°]*)*")

_BIRTH = frozenset({"DATE_OF_BIRTH", "BIRTH_DATE", "DOB"})
_KINDS = {
    "date": _BIRTH | {"DATE", "DATE_TIME"},
    "zip": frozenset(
        {"POSTAL_CODE", "POSTCODE", "UK_POSTCODE", "US_ZIP_CODE", "ZIP", "ZIPCODE", "ZIP_CODE"}
    ),
    "age": frozenset({"AGE"}),
    "coordinates": frozenset(
        {"COORDINATES", "GEO_COORDINATES", "GPS", "LATITUDE", "LAT_LON", "LONGITUDE"}
    ),
    "ip": frozenset({"IP_ADDRESS"}),
    "place": frozenset({"CITY", "GPE", "LOCATION", "STATE", "STREET_ADDRESS"}),
}


def generalize(text: str, entity: str, params: Mapping[str, Any], keyed: Keyed) -> str:
    """A less exact value.

    Args:
        text: what was found.
        entity: its type; says what kind of value it is unless ``kind`` does.
        params: ``kind``; ``date`` (``year``, ``month``); ``top_age`` and ``as_of`` (year,
            today's if missing: a birth date of somebody that old tells no year); ``bucket``
            (width for ages and numbers); ``decimals``; ``ipv4_prefix``, ``ipv6_prefix``;
            ``ambiguous`` as in date_shift; ``fallback``.
        keyed: not used.

    Raises:
        WithheldError: the value cannot be read and the policy says ``withhold``.
    """
    kind = str(params.get("kind") or "auto")
    if kind == "auto":
        kind = next((name for name, types in _KINDS.items() if entity in types), "number")
    made = _WAYS[kind](text.strip(), entity, params)
    if made is None:
        return fallback(text, entity, params, f"a value is not read as {kind}")
    lead = text[: len(text) - len(text.lstrip())]
    return lead + made + text[len(text.rstrip()) :] if text.strip() else made


def _date(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    parsed = parse_date(text, str(params.get("ambiguous", "mdy")))
    if parsed is None or not parsed.has_year:
        return None
    year = parsed.day.year
    if entity in _BIRTH:
        as_of = int(params.get("as_of") or datetime.now(UTC).year)
        oldest = as_of - int(params.get("top_age", 90))
        if year <= oldest:
            return f"{oldest} or earlier"
    if params.get("date", "year") == "month" and parsed.has_month:
        word = parsed.month_word
        return f"{word} {year:04}" if word else f"{year:04}-{parsed.day.month:02}"
    return f"{year:04}"


def _zip(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    if match := _ZIP.fullmatch(text):
        return "000" if match[1] in _small_areas() else match[1]
    if match := _UK.fullmatch(text) or _CANADA.fullmatch(text):
        return match[1].upper()
    return None


def _age(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    match = _AGE.fullmatch(text)
    if match is None:
        return None
    age, top, bucket = int(match[2]), int(params.get("top_age", 90)), params.get("bucket")
    if age >= top:
        shown = f"{top}+"
    elif bucket:
        low = age - age % int(bucket)
        shown = f"{low}-{min(low + int(bucket), top) - 1}"
    else:
        shown = str(age)
    return f"{match[1]}{shown}{match[3]}"


def _number(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    bucket = params.get("bucket")
    match = _AMOUNT.fullmatch(text)
    if not bucket or match is None:
        return None
    before, sign, digits, after = match.groups()
    value = _value(digits)
    if value is None:
        return None
    width = Decimal(str(bucket))
    signed = -value if sign == "-" else value
    low = (signed / width).to_integral_value(ROUND_FLOOR) * width
    shown = [
        f"{edge:,f}" if re.search(r"[,.' ]", digits) else f"{edge:f}" for edge in (low, low + width)
    ]
    if re.search(r"\.\d{3}(?:\D|\Z)", digits) and re.search(r",\d{1,2}\Z", digits):
        shown = [edge.translate(str.maketrans(",.", ".,")) for edge in shown]
    return f"{before}{shown[0]} to {shown[1]}{after}"


def _value(digits: str) -> Decimal | None:
    """A number with separators: the last of . and , parts off decimals, unless it groups by 3."""
    plain = re.sub(r"[ ']", "", digits)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Decimal(plain)
    mark, other = plain[last], "," if plain[last] == "." else "."
    whole, part = plain[:last].replace(other, ""), plain[last + 1 :]
    groups = whole.count(mark) or (len(part) == 3 and other not in plain[:last])
    if not part.isdigit() or not whole.replace(mark, "").isdigit():
        return None
    if groups and mark == "." and plain.count(".") == 1 and len(part) == 3 and "," not in plain:
        groups = 0  # 12.345: a decimal point, as in most data
    return Decimal(whole.replace(mark, "") + part) if groups else Decimal(f"{whole}.{part}")


def _coordinates(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    if not _COORDINATES.fullmatch(text) or not _DECIMAL.search(text):
        return None
    decimals = int(params.get("decimals", 2))

    def rounded(match: re.Match[str]) -> str:
        return f"{round(Decimal(match[0]), decimals):.{decimals}f}"

    return _DECIMAL.sub(rounded, text)


def _ip(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    try:
        interface = ipaddress.ip_interface(text.split("%")[0])
    except ValueError:
        return None
    name, usual = ("ipv4_prefix", 24) if interface.version == 4 else ("ipv6_prefix", 48)
    prefix = min(int(params.get(name) or usual), interface.network.prefixlen)
    return str(ipaddress.ip_network(f"{interface.ip}/{prefix}", strict=False))


def _place(text: str, entity: str, params: Mapping[str, Any]) -> str | None:
    return kept_region(text)


_WAYS: dict[str, Callable[[str, str, Mapping[str, Any]], str | None]] = {
    "date": _date,
    "zip": _zip,
    "age": _age,
    "number": _number,
    "coordinates": _coordinates,
    "ip": _ip,
    "place": _place,
}


@cache
def _small_areas() -> frozenset[str]:
    data = json.loads(_DATA.read_text("utf-8"))
    return frozenset(data["small"]) | frozenset(data["nobody_counted"])
