"""Write ``redactor/masking/data/names.json``: common names, from which pseudonyms are drawn.

    python -m redactor.quality.name_lists /usr/share/dict/words

The names are those of Faker's providers (MIT), which took them from public statistics.
Per locale: given names by gender, family names, each the names to draw from, and further
ones that only tell gender and origin of a name that is found. Never drawn: a name that is
also an ordinary English word or is given as well as family name anywhere, so that a
pseudonym can be told from its surroundings, and a given name from a family name.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import regex

TARGET = Path(__file__).parents[1] / "masking" / "data" / "names.json"
_GIVEN, _FAMILY, _FURTHER = 200, 600, 600  # most names of a list
_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]{1,13}")
_ONE = regex.compile(r"\p{L}{1,8}")

# our locale -> Faker's, in the order in which a name is looked for
LOCALES = {
    "en": ("en_US", "en_GB", "en_NZ", "en_IE"),
    "es": ("es_ES", "es_MX", "es_CO", "es_CL", "es_AR"),
    "de": ("de_DE", "de_AT", "de_CH"),
    "fr": ("fr_FR", "fr_BE", "fr_CH", "fr_CA"),
    "it": ("it_IT",),
    "pt": ("pt_BR", "pt_PT"),
    "nl": ("nl_NL", "nl_BE"),
    "pl": ("pl_PL",),
    "sv": ("sv_SE",),
    "da": ("da_DK", "no_NO"),
    "fi": ("fi_FI",),
    "cs": ("cs_CZ", "sk_SK"),
    "hu": ("hu_HU",),
    "ro": ("ro_RO",),
    "tr": ("tr_TR",),
    "hr": ("hr_HR", "sl_SI"),
    "in": ("en_IN",),
    "ng": ("yo_NG", "ig_NG", "ha_NG", "en_NG"),
    "gh": ("tw_GH",),
    "ke": ("en_KE",),
    "vi": ("vi_VN",),
    "id": ("id_ID",),
    "ru": ("ru_RU",),
    "uk": ("uk_UA",),
    "bg": ("bg_BG",),
    "el": ("el_GR",),
    "he": ("he_IL",),
    "ar": ("ar_AA", "ar_SA", "ar_DZ"),
    "fa": ("fa_IR",),
    "hi": ("hi_IN", "ne_NP"),
    "zh": ("zh_CN", "zh_TW"),
    "ja": ("ja_JP",),
    "ko": ("ko_KR",),
    "th": ("th_TH",),
    "hy": ("hy_AM",),
    "ka": ("ka_GE",),
}
_UNSPACED = ("zh", "ja", "ko")
# months, places and words that the dictionary lists with a capital only
_NEVER = frozenset(
    re.findall(
        r"\w+",
        """
        april august june july mars dallas austin paris london sydney chelsea brooklyn asia india
        china israel jordan kenya georgia virginia carolina dakota montana florence vienna geneva
        madison lincoln washington houston jackson denver boston cleveland trenton lisbon milan
        roma valencia cordoba sevilla navarro toledo leon granada murcia santiago berlin hamburg
        bremen essen hessen bayer sachs wales england ireland holland france christian muslim
        english french german dutch welsh irish scott angel jesus amen
        """,
    )
)


def main(words: str) -> int:
    """Read Faker's lists, leave out what must never be drawn, write the file."""
    dictionary = {
        word.strip() for word in Path(words).read_text("utf-8").splitlines() if word[:1].islower()
    }
    raw = {locale: _raw(locale, providers) for locale, providers in LOCALES.items()}
    all_given = {n.casefold() for lists in raw.values() for n in (*lists["m"], *lists["f"])}
    taken: set[str] = set()
    out: dict[str, dict[str, str]] = {}
    for locale, lists in raw.items():
        bad = {word for word in dictionary | _NEVER if word.isascii()}
        family = _some([n for n in lists["l"] if n.casefold() not in bad | all_given], _FAMILY)
        taken |= {name.casefold() for name in family}
        men, women = set(lists["m"]), set(lists["f"])
        male = _some([n for n in lists["m"] if n.casefold() not in bad and n not in women], _GIVEN)
        female = _some([n for n in lists["f"] if n.casefold() not in bad and n not in men], _GIVEN)
        further = {
            "km": _some([n for n in lists["m"] if n not in set(male)], _FURTHER),
            "kf": _some([n for n in lists["f"] if n not in set(female)], _FURTHER),
            "kl": _some([n for n in lists["l"] if n not in set(family)], _FURTHER),
        }
        chosen = {"m": male, "f": female, "l": family, "lf": _some(lists["lf"], _FAMILY), **further}
        out[locale] = {key: " ".join(names) for key, names in chosen.items() if names}
    for lists_ in out.values():  # a family name is nobody's given name, here or elsewhere
        for key in ("m", "f"):
            kept = [n for n in lists_[key].split() if n.casefold() not in taken]
            lists_[key] = " ".join(kept)
    body = {
        "source": "Faker (MIT licence, github.com/joke2k/faker), providers of personal names",
        "locales": out,
    }
    TARGET.write_text(json.dumps(body, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(out)} locales")
    return 0


def _some(names: Sequence[str], most: int) -> list[str]:
    """The first names of a list by frequency; of an alphabetical one every so many."""
    if len(names) <= most:
        return list(names)
    if list(names[:50]) != sorted(names[:50]):
        return list(names[:most])
    return [names[at * len(names) // most] for at in range(most)]


def _raw(locale: str, providers: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {"m": {}, "f": {}, "l": {}, "lf": {}}
    shape = _ONE if locale in _UNSPACED else _LETTERS
    for name in providers:
        provider = importlib.import_module(f"faker.providers.person.{name}").Provider
        men = getattr(provider, "last_names_male", None) or getattr(
            provider, "male_last_names", None
        )
        plain = getattr(provider, "unisex_last_names", None)
        if men is None:
            men = plain if plain is not None else getattr(provider, "last_names", ())
        elif plain is not None:
            men = [*men, *plain]
        women = getattr(provider, "last_names_female", ())
        for key, names in (
            ("m", provider.first_names_male),
            ("f", provider.first_names_female),
            ("l", men),
            ("lf", women),
        ):
            found[key].update((n, None) for n in _plain(names) if shape.fullmatch(n))
    both = found["lf"].keys() & found["l"].keys()
    return {key: [n for n in names if key != "lf" or n not in both] for key, names in found.items()}


def _plain(names: Any) -> list[str]:
    return [str(name).strip() for name in names]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
