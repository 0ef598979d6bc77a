"""What a spreadsheet shows for a number: number formats of ECMA-376 part 1, 18.8.30 and 18.8.31.

Enough of them to read a number as a person does: dates and times, leading zeros and the
literals of ``000-00-0000``, thousands, percent, fractions, scientific, conditions and the
sections for negative numbers. Colours and widths are left out, names are English. What is
shown is only what is searched for personal data; the number itself is searched as well.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

GENERAL = "General"
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 27: "yyyy-mm-dd", 28: "yyyy-mm-dd", 29: "yyyy-mm-dd",
    30: "yyyy-mm-dd", 31: "yyyy-mm-dd", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
    36: "yyyy-mm-dd", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy-mm-dd",
    51: "yyyy-mm-dd", 52: "yyyy-mm-dd", 53: "yyyy-mm-dd", 54: "yyyy-mm-dd", 55: "yyyy-mm-dd",
    56: "yyyy-mm-dd", 57: "yyyy-mm-dd", 58: "yyyy-mm-dd",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TOKEN = re.compile(
    r'"([^"]*)"'  # 1 literal
    r"|\\(.)|_(.)|\*(.)"  # 2 literal character, 3 as wide as it, 4 fills
    r"|\[([^\]]*)\]"  # 5 colour, condition, currency, elapsed time
    r"|(General)"  # 6
    r"|(AM/PM|A/P|am/pm|a/p)"  # 7
    r"|([Ee][+-])"  # 8
    r"|([yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[bBeEgG]+)"  # 9 dates
    r"|([0#?])"  # 10
    r"|(.)",  # 11
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\Z")
_ELAPSED = re.compile(r"[hH]+|[mM]+|[sS]+")


def display(value: str, code: str, *, date1904: bool = False) -> str:
    """What a cell with this number and format shows; the number itself where it cannot be said.

    Args:
        value: the number as the file spells it.
        code: the number format.
        date1904: days are counted from 1904-01-01, not from 1899-12-31.
    """
    number = _decimal(value)
    if number is None:
        return value
    section = _choose(code, number)
    if section is None:
        return plain(value)
    tokens, magnitude = section
    if any(kind in ("date", "elapsed", "ampm") for kind, _ in tokens):
        moment = moment_of(number, date1904=date1904)
        return plain(value) if moment is None else _date(tokens, moment, number)
    if any(kind == "general" for kind, _ in tokens) or not any(
        kind in ("digit", "text") for kind, _ in tokens
    ):
        text = "".join(plain(str(magnitude)) if k == "general" else t for k, t in tokens)
        return text or plain(value)
    return _number(tokens, magnitude)


def is_date(code: str) -> bool:
    """Whether a format shows dates or times."""
    return any(
        kind in ("date", "elapsed", "ampm") for section in _sections(code) for kind, _ in section[1]
    )


def plain(value: str) -> str:
    """The number without exponent and trailing zeros; the text itself if it is none."""
    number = _decimal(value)
    if number is None:
        return value
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(), "f")


def iso(value: str, *, date1904: bool = False) -> str:
    """The date (and time, if any) of a serial number as ISO 8601; "" where it is none."""
    number = _decimal(value)
    moment = moment_of(number, date1904=date1904) if number is not None else None
    if moment is None:
        return ""
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.replace(microsecond=0).isoformat(" ")


def moment_of(number: Decimal, *, date1904: bool) -> datetime | None:
    """The moment of a serial number; None beyond the years 1899 to 9999."""
    if not 0 <= number < 2958466:
        return None
    days = int(number)
    seconds = int(((number - days) * 86400).to_integral_value(ROUND_HALF_UP))
    # Lotus believed in 1900-02-29, and Excel with it
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 31 if days < 60 else 30)
    try:
        return start + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > 300 or number.adjusted() < -300:
        return None
    # a double has 15 to 17 digits: 0.1 + 0.2 is written as 0.30000000000000004
    if len(number.as_tuple().digits) > 15 and number != number.to_integral_value():
        number = Decimal(format(float(number), ".15g"))
    return number


Tokens = tuple[tuple[str, str], ...]


@lru_cache(maxsize=2048)
def _sections(code: str) -> tuple[tuple[str, Tokens], ...]:
    """(condition, tokens) of each section of a format."""
    sections: list[tuple[str, list[tuple[str, str]]]] = [("", [])]
    for match in _TOKEN.finditer(code[:512]):
        tokens = sections[-1][1]
        if match[11] == ";":
            sections.append(("", []))
        elif match[5] is not None:
            inner = match[5]
            if _CONDITION.match(inner):
                sections[-1] = (inner, tokens)
            elif inner.startswith("$"):
                tokens.append(("literal", inner[1:].split("-")[0]))  # [$€-407]
            elif _ELAPSED.fullmatch(inner):
                tokens.append(("elapsed", inner.lower()))
        else:
            tokens += _meaning(match)
    return tuple((condition, tuple(tokens)) for condition, tokens in sections)


def _meaning(match: re.Match[str]) -> list[tuple[str, str]]:
    if match[1] is not None or match[2] is not None:
        return [("literal", match[1] or match[2] or "")]
    if match[3] is not None:
        return [("literal", " ")]
    if match[4] is not None:
        return []
    for group, kind in ((6, "general"), (7, "ampm"), (8, "exponent"), (9, "date"), (10, "digit")):
        if match[group] is not None:
            return [(kind, match[group])]
    char = match[11]
    kinds = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}
    return [(kinds.get(char, "literal"), char)]


def _choose(code: str, number: Decimal) -> tuple[Tokens, Decimal] | None:
    """The section for a number, and the number as that section shows it (without its sign)."""
    sections = _sections(code)
    for condition, tokens in sections:
        match = _CONDITION.match(condition)
        if match and _holds(number, match[1], Decimal(match[2])):
            return tokens, number
    if any(condition for condition, _ in sections):
        rest = [tokens for condition, tokens in sections if not condition]
        return (rest[0], number) if rest else None
    numeric = [tokens for _, tokens in sections[:3]]
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _holds(number: Decimal, operator: str, bound: Decimal) -> bool:
    return {
        "<": number < bound,
        ">": number > bound,
        "=": number == bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "<>": number != bound,
    }[operator]


# ---------------------------------------------------------------- numbers


def _number(tokens: Tokens, number: Decimal) -> str:
    kinds = [kind for kind, _ in tokens]
    number = number * Decimal(100) ** kinds.count("percent")
    if "exponent" in kinds:
        places = (
            sum(1 for k, _ in tokens[kinds.index("point") :] if k == "digit")
            if ("point" in kinds)
            else 0
        )
        return format(number, f".{max(places - 2, 0)}E")
    if "slash" in kinds and "digit" in kinds:
        return _fraction(tokens, number)
    if "text" in kinds:
        return "".join(plain(str(number)) if k == "text" else t for k, t in tokens)
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = [at for at, kind in enumerate(kinds) if kind == "digit"]
    whole = [at for at in digits if at < point]
    part = [at for at in digits if at > point]
    thousands = False
    for at, kind in enumerate(kinds):
        if kind != "comma" or not whole:
            continue
        if whole[0] < at < whole[-1]:
            thousands = True
        elif at > digits[-1]:
            number /= 1000
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    text = format(rounded, "f")
    before, _, after = text.partition(".")
    sign = "-" if number < 0 and rounded else ""
    return sign + _fill(tokens, before, after, whole, part, thousands)


def _fill(
    tokens: Tokens, before: str, after: str, whole: list[int], part: list[int], thousands: bool
) -> str:
    """Digits put where the placeholders stand; literals between them stay (``000-00-0000``)."""
    shown: dict[int, str] = {}
    left = "" if before == "0" else before
    if thousands:
        zeros = sum(1 for at in whole if tokens[at][1] == "0")
        shown[whole[0]] = f"{int(left or '0'):,}" if left or zeros else ""
        if zeros > len(left):
            shown[whole[0]] = left.zfill(zeros)
        left = ""
        whole = []
    for at in reversed(whole):
        shown[at] = left[-1:] or {"0": "0", "?": " ", "#": ""}[tokens[at][1]]
        left = left[:-1]
    if left and whole:
        shown[whole[0]] = left + shown[whole[0]]
    for place, at in enumerate(part):
        optional = tokens[at][1] != "0" and not after[place:].strip("0")
        shown[at] = "" if optional else after[place : place + 1]
    text = "".join(
        shown.get(at, "") if kind == "digit" else "" if kind == "comma" else text
        for at, (kind, text) in enumerate(tokens)
    )
    return text.strip()


def _fraction(tokens: Tokens, number: Decimal) -> str:
    slash = [kind for kind, _ in tokens].index("slash")
    places = sum(1 for kind, _ in tokens[slash:] if kind == "digit")
    fraction = Fraction(abs(number)).limit_denominator(10 ** max(places, 1) - 1)
    whole, rest = divmod(fraction.numerator, fraction.denominator)
    sign = "-" if number < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return (
        f"{sign}{whole} {rest}/{fraction.denominator}"
        if whole
        else (f"{sign}{rest}/{fraction.denominator}")
    )


# ---------------------------------------------------------------- dates


def _date(tokens: Tokens, moment: datetime, number: Decimal) -> str:
    twelve = any(kind == "ampm" for kind, _ in tokens)
    times = [
        (at, t.lower()[0]) for at, (kind, t) in enumerate(tokens) if kind in ("date", "elapsed")
    ]
    minutes = set()
    for place, (at, letter) in enumerate(times):
        if letter == "m":
            before = times[place - 1][1] if place else ""
            after = times[place + 1][1] if place + 1 < len(times) else ""
            if before == "h" or after == "s":
                minutes.add(at)
    result: list[str] = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "date":
            result.append(_field(text.lower(), moment, at in minutes, twelve))
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            result.append(str(int(number * 86400 / unit)).zfill(len(text)))
        elif kind == "ampm":
            result.append("AM" if moment.hour < 12 else "PM")
        else:
            result.append(text)
    return "".join(result)


def _field(text: str, moment: datetime, minutes: bool, twelve: bool) -> str:
    letter, width = text[0], len(text)
    if letter in ("y", "e"):
        return f"{moment.year:04d}" if width > 2 or letter == "e" else f"{moment.year % 100:02d}"
    if letter == "d":
        name = _DAYS[moment.weekday()]
        return (str(moment.day), f"{moment.day:02d}", name[:3])[width - 1] if width < 4 else name
    if letter == "h":
        hour = (moment.hour % 12 or 12) if twelve else moment.hour
        return f"{hour:02d}" if width > 1 else str(hour)
    if letter == "s":
        return f"{moment.second:02d}" if text.startswith("ss") else str(moment.second)
    if letter == "m" and minutes:
        return f"{moment.minute:02d}" if width > 1 else str(moment.minute)
    if letter == "m":
        name = _MONTHS[moment.month - 1]
        if width <= 2:
            return f"{moment.month:02d}" if width == 2 else str(moment.month)
        return name[:3] if width == 3 else name[:1] if width == 5 else name
    return ""
