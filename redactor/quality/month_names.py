"""Write ``redactor/masking/data/months.json``: names of months and weekdays by language.

    pip install babel && python -m redactor.quality.month_names

From Unicode's CLDR (Unicode licence) by way of Babel. Forms stand in a fixed order (as in a
date, its abbreviation, alone, its abbreviation), so that a word is replaced by one of the
same form.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "masking" / "data" / "months.json"
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro",
    "tr", "hr", "sl", "ca", "el", "ru", "uk", "bg", "lt", "lv", "et",
)  # fmt: skip
_FORMS = (
    ("format", "wide"),
    ("format", "abbreviated"),
    ("stand-alone", "wide"),
    ("stand-alone", "abbreviated"),
)


def main() -> int:
    """Read CLDR, write the file."""
    from babel import Locale

    languages: dict[str, Any] = {}
    for name in LANGUAGES:
        locale = Locale(name)
        languages[name] = {
            "months": [
                [_word(locale.months[context][width][number]) for context, width in _FORMS]
                for number in range(1, 13)
            ],
            "days": [
                [_word(locale.days[context][width][number]) for context, width in _FORMS]
                for number in range(7)
            ],
        }
    body = {
        "source": "Unicode CLDR (Unicode License v3), by way of Babel",
        "languages": languages,
    }
    TARGET.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(languages)} languages")
    return 0


def _word(name: str) -> str:
    return name.casefold().rstrip(".")


if __name__ == "__main__":
    raise SystemExit(main())
