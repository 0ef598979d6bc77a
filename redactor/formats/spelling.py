"""Values of typed columns as texts, and texts as values again.

One spelling for writer and re-reader: a number as Python writes it, a date or time in ISO 8601
with no fraction where it is zero, bytes as UTF-8 (what is no UTF-8 kept byte by byte).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_EPOCH = datetime(1970, 1, 1)


def spell(value: object) -> str:
    """The text of a value; "" for nothing, truth values and lengths of time."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | timedelta):
        return ""
    if isinstance(value, bytes):
        return str(value.decode("utf-8", "surrogateescape"))
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return repr(value) if isinstance(value, float) else str(value)


def spell_epoch(value: int, unit: str) -> str:
    """The text of a count of ``unit`` (s, ms, us, ns) since 1970."""
    seconds, fraction = divmod(value, _UNITS[unit])
    try:
        text = (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return str(value)
    if not fraction:
        return text
    digits = str(fraction).zfill(len(str(_UNITS[unit])) - 1)
    digits = digits.ljust(6, "0")
    return f"{text}.{digits if len(digits) == 6 else digits.removesuffix('000')}"


def unspell(text: str, like: Any) -> Any:
    """A text as a value of the type of ``like``; None where it is none."""
    try:
        if isinstance(like, str):
            return text
        if isinstance(like, bytes):
            return text.encode("utf-8", "surrogateescape")
        if isinstance(like, bool):
            return None
        if isinstance(like, int):
            return int(text)
        if isinstance(like, float):
            return float(text)
        if isinstance(like, Decimal):
            made = Decimal(text)
            return made.quantize(like) if made.is_finite() else None
        if isinstance(like, datetime):
            parsed = datetime.fromisoformat(text)
            return parsed.replace(tzinfo=UTC) if like.tzinfo is not None else parsed
        if isinstance(like, date):
            return date.fromisoformat(text)
        if isinstance(like, time):
            return time.fromisoformat(text)
    except (ValueError, InvalidOperation, OverflowError):
        return None
    return None
