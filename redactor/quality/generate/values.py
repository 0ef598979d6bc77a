"""Values for the slots of templates: labelled ones and look-alikes that must stay unlabelled.

Names, places and companies come from Faker's locales, from part-lists here, and from
combinations of both. Every name part belongs to one side of a split by its hash: a generator
for training never draws a part of the development side, nor the reverse.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redactor.quality.generate import lists, phrases

# slot -> label; composite slots (titled, address lines) label their own parts
LABELLED = {
    "person": "PERSON", "first": "PERSON", "last": "PERSON", "formal": "PERSON",
    "reversed": "PERSON", "initials": "PERSON", "initials2": "PERSON",
    "city": "LOCATION", "country": "LOCATION", "state": "LOCATION",
    "address": "STREET_ADDRESS", "street": "STREET_ADDRESS", "zip": "STREET_ADDRESS",
    "org": "ORGANIZATION", "agency": "ORGANIZATION", "school": "ORGANIZATION",
    "hospital": "ORGANIZATION",
    "phone": "PHONE_NUMBER", "date": "DATE_TIME", "dob": "DATE_TIME", "age": "AGE",
    "nrp": "NRP", "user": "USERNAME", "role": "TITLE", "title": "TITLE",
    "id": "ID_NUMBER", "ssn": "ID_NUMBER", "card": "ID_NUMBER", "iban": "ID_NUMBER",
}  # fmt: skip

_LATEST = datetime(2025, 12, 31)


@dataclass(slots=True)
class Filler:
    """Draws values for slots.

    ``side`` 0 draws from the training part of every name list, 1 from the development part;
    ``fake`` is one locale's Faker, ``language`` its language.
    """

    fake: Any
    rng: random.Random
    language: str = "en"
    side: int = 0

    def part(self, draw: Callable[[], str]) -> str:
        """A name part of our side of the split (one in eight belongs to development)."""
        value = draw()
        for _ in range(60):
            if (zlib.crc32(value.casefold().encode()) % 8 == 0) == bool(self.side):
                break
            value = draw()
        return value

    @property
    def _plain_latin(self) -> bool:
        return self.language not in lists.NOT_LATIN

    def _first(self) -> str:
        rng = self.rng
        if self._plain_latin and rng.random() < 0.3:
            pools = (lists.WORD_NAMES, lists.NICKNAMES, lists.OTHER_FIRST, lists.OTHER_FIRST)
            return self.part(lambda: rng.choice(rng.choice(pools)))
        return self.part(lambda: str(self.fake.first_name()))

    def _last(self) -> str:
        rng = self.rng
        if not self._plain_latin:
            return self.part(lambda: str(self.fake.last_name()))
        if rng.random() < 0.22:
            pools = (lists.WORD_SURNAMES, lists.OTHER_LAST, lists.OTHER_LAST)
            name = self.part(lambda: rng.choice(rng.choice(pools)))
        else:
            name = self.part(lambda: str(self.fake.last_name()))
        if rng.random() < 0.06:
            name = rng.choice(lists.PARTICLES) + name
        elif rng.random() < 0.05:
            name = f"{name}-{self.part(lambda: str(self.fake.last_name()))}"
        return name

    def person(self) -> str:
        """A full name in one of its usual forms."""
        rng = self.rng
        first, last = self._first(), self._last()
        if self.language in ("zh", "ja", "ko"):
            return f"{last}{first}"
        draw = rng.random()
        if draw < 0.62:
            return f"{first} {last}"
        if draw < 0.72:
            return f"{first} {self._first()[0]}. {last}"
        if draw < 0.78:
            return f"{first} {self._first()} {last}"
        if draw < 0.82:
            return f"{first} {last} {rng.choice(lists.SUFFIXES)}" if self._plain_latin else first
        if draw < 0.86:
            return f"{first[0]}. {last}"
        if draw < 0.89:
            return f"{first} {last} {self._last()}"
        if draw < 0.92:
            return f"{first} {last[0]}."
        if draw < 0.94 and self._plain_latin:
            return f'{first} "{rng.choice(lists.NICKNAMES)}" {last}'
        if draw < 0.97:
            return f"{last} {first}"
        return f"{first} {last}"

    def org(self) -> str:
        """A company of one of several makes."""
        rng = self.rng
        draw = rng.random()
        if not self._plain_latin or draw < 0.35:
            return str(self.fake.company())
        if draw < 0.65:
            return f"{rng.choice(lists.ORG_HEADS)} {rng.choice(lists.ORG_KINDS)}{rng.choice(lists.ORG_ENDS)}"
        if draw < 0.78:
            return f"{self._last()} {rng.choice(('& Sons', '& Partners', 'Brothers', 'Group'))}"
        if draw < 0.88:
            return f"{self._last()}, {self._last()} & {self._last()}{rng.choice(lists.ORG_ENDS)}"
        letters = "".join(rng.choices("ABCDEGHIKLMNPRST", k=rng.randint(2, 4)))
        return f"{letters}{rng.choice(lists.ORG_ENDS)}"

    def street(self) -> str:
        """A street with its number."""
        rng = self.rng
        if self.language not in ("en", "xx") or rng.random() < 0.35:
            return str(self.fake.street_address()).replace("\n", ", ")
        name = rng.choice(lists.STREET_NAMES) if rng.random() < 0.6 else self._last()
        unit = rng.choice(("", "", "", "", f", Apt {rng.randint(1, 99)}", f" #{rng.randint(1, 40)}",
                           f", Suite {rng.randint(1, 900)}", f", Flat {rng.randint(1, 30)}"))  # fmt: skip
        return f"{rng.randint(1, 9999)} {name} {rng.choice(lists.STREETS)}{unit}"

    def address(self) -> str:
        """A whole address on one line or several."""
        rng = self.rng
        gap = rng.choice((", ", ", ", "\n", " "))
        if self.language not in ("en", "xx") or rng.random() < 0.4:
            return str(self.fake.address()).replace("\n", gap)
        if rng.random() < 0.06:
            return f"P.O. Box {rng.randint(1, 99999)}{gap}{self.city()}"
        tail = rng.choice((self.zip(), f"{self.state()} {self.zip()}", self.state(), ""))
        return f"{self.street()}{gap}{self.city()}{', ' + tail if tail else ''}"

    def city(self) -> str:
        """A town: mostly a real one in English text, the locale's own elsewhere."""
        if self.language == "en" and self.rng.random() < 0.65:
            return self.part(lambda: self.rng.choice(lists.CITIES))
        return str(self.fake.city())

    def country(self) -> str:
        """A country, by its usual short name in English text."""
        if self.language == "en" and self.rng.random() < 0.7:
            return self.rng.choice(lists.COUNTRIES)
        return str(self.fake.country())

    def state(self) -> str:
        """A state, province or county, often abbreviated."""
        for name in ("state_abbr", "state", "province", "county", "city"):
            if hasattr(self.fake, name) and self.rng.random() < 0.6:
                return str(getattr(self.fake, name)())
        return str(self.fake.city())

    def zip(self) -> str:
        """A postcode."""
        return str(self.fake.postcode())

    def phone(self) -> str:
        """A telephone number in one of many spellings."""
        rng = self.rng
        draw = rng.random()

        def digits(count: int) -> str:
            return "".join(rng.choices("0123456789", k=count))

        if draw < 0.4 and hasattr(self.fake, "phone_number"):
            return str(self.fake.phone_number())
        if draw < 0.7:
            a, b, c = str(rng.randint(201, 989)), digits(3), digits(4)
            body = rng.choice((f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"{a} {b} {c}",
                               f"{a}{b}{c}", f"({a}){b}-{c}", f"{b}-{c}"))  # fmt: skip
            body = rng.choice(("", "", "+1 ", "1-", "001-")) + body
            return body + rng.choice(("", "", "", f" x{digits(3)}", f" ext. {digits(4)}"))
        code = rng.choice(("44", "49", "33", "34", "39", "31", "351", "48", "91", "234", "61", "7"))
        gap = rng.choice((" ", "-", ".", ""))
        body = gap.join(digits(rng.randint(2, 4)) for _ in range(rng.randint(2, 4)))
        return f"{rng.choice(('+', '00'))}{code}{gap}{rng.choice(('', '(0)', ''))}{body}"

    def date(self) -> str:
        """A calendar date in one of many spellings."""
        rng = self.rng
        forms = ("%Y-%m-%d", "%d %B %Y", "%m/%d/%Y", "%d.%m.%Y", "%B %d, %Y", "%d-%b-%Y", "%d/%m/%y",
                 "%b %d, %Y", "%A, %d %B %Y", "%d %b", "%B %Y", "%d/%m/%Y", "%Y/%m/%d")  # fmt: skip
        return str(self.fake.date(rng.choice(forms), end_datetime=_LATEST))

    def number(self, shape: str) -> str:
        """``#`` becomes a digit, ``?`` a capital letter."""
        rng = self.rng
        return "".join(
            rng.choice("0123456789") if char == "#" else
            rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if char == "?" else char
            for char in shape
        )  # fmt: skip

    def draw(self, slot: str) -> str:
        """The value of a slot.

        Raises:
            ValueError: there is no such slot.
        """
        maker = _MAKERS.get(slot)
        if maker is None:
            raise ValueError(f"no such slot: {slot}")
        return maker(self)


def _user(f: Filler) -> str:
    rng = f.rng
    first, last = str(f.fake.first_name()).lower(), str(f.fake.last_name()).lower()
    if not (first + last).isascii():
        return str(f.fake.user_name())
    first, last = first.replace(" ", ""), last.replace(" ", "").replace("'", "")
    return rng.choice((
        f"{first[0]}{last}", f"{first}.{last}", f"{first}_{last}", f"{first}{rng.randint(1, 99)}",
        f"{last}{first[0]}", f"{first}{last[0]}", f"{first}-{last}", first, str(f.fake.user_name()),
    ))  # fmt: skip


def _of(parts: tuple[str, ...]) -> Callable[[Filler], str]:
    def make(f: Filler) -> str:
        return f.rng.choice(parts).format(city=f.city(), first=f._first(), last=f._last())

    return make


def _any(parts: tuple[str, ...]) -> Callable[[Filler], str]:
    return lambda f: f.rng.choice(parts)


def _shape(*shapes: str) -> Callable[[Filler], str]:
    return lambda f: f.number(f.rng.choice(shapes))


_MAKERS: dict[str, Callable[[Filler], str]] = {
    "person": Filler.person, "first": Filler._first, "last": Filler._last,
    "formal": lambda f: f"{f._first()[0]}. {f._last()}",
    "reversed": lambda f: f"{f._last()}, {f._first()}",
    "initials": lambda f: f"{f._first()[0]}.{f.rng.choice(('', ' '))}{f._first()[0]}. {f._last()}",
    "initials2": lambda f: f.rng.choice((f"{f._first()[0]}.{f._last()[0]}.", f"{f._first()} {f._last()}")),
    "title": _any(lists.TITLES), "role": lambda f: f.rng.choice((f.rng.choice(lists.ROLES), str(f.fake.job()))),
    "city": Filler.city, "country": Filler.country,
    "state": Filler.state, "zip": Filler.zip, "street": Filler.street, "address": Filler.address,
    "org": Filler.org, "agency": _of(lists.AGENCIES), "school": _of(lists.SCHOOLS), "hospital": _of(lists.HOSPITALS),
    "phone": Filler.phone, "date": Filler.date, "dob": Filler.date,
    "time": lambda f: str(f.fake.time(f.rng.choice(("%H:%M", "%I:%M %p", "%H:%M:%S")), end_datetime=_LATEST)),
    "age": lambda f: str(f.rng.randint(1, 104)), "nrp": _any(lists.NRP), "user": _user,
    "id": _shape("#########", "?#######", "??######", "#######-##", "???-##-####", "#### #### ##",
                 "?##-##-####", "##########", "?########", "########?", "###-####-###"),
    "ssn": _shape("###-##-####", "### ## ####", "#########"),
    "card": lambda f: str(f.fake.credit_card_number()), "iban": lambda f: str(f.fake.iban()),
    "email": lambda f: str(f.fake.ascii_safe_email()), "url": lambda f: str(f.fake.url()),
    "ip": lambda f: str(f.fake.ipv4()), "uuid": lambda f: str(f.fake.uuid4()),
    "hash": lambda f: "".join(f.rng.choices("0123456789abcdef", k=f.rng.choice((7, 12, 40)))),
    "host": lambda f: f.rng.choice(("mx1", "db", "node-7", "web", "ip-10-0-0-4")),
    "ts": lambda f: str(f.fake.iso8601(end_datetime=_LATEST)) if f.rng.random() < 0.6 else str(f.fake.date("%b %d %H:%M:%S", end_datetime=_LATEST)),
    "ref": _shape("A######", "###-######", "INV/#####", "#######", "??-####-##", "REF######", "##/####"),
    "sku": _shape("??-####", "###-??", "?####", "?##?-##"),
    "num": _shape("#", "##", "###", "####", "#,###", "#.##", "1#"),
    "money": _shape("$#,###", "$##.##", "£###.##", "EUR ####", "#.###,## €", "##,### USD", "$###"),
    "version": _shape("#.#", "#.##.#", "v#.#.#", "20##.#"),
    "module": _any(phrases.MODULES), "code": _any(phrases.CODES), "word": _any(phrases.WORDS),
    "status": _any(phrases.STATUSES), "subject": _any(phrases.SUBJECTS), "law": _any(phrases.LAWS),
    "product": _any(phrases.PRODUCTS), "month": _any(phrases.MONTHS), "month_": _any(phrases.MONTHS),
    "day": _any(phrases.DAYS), "relation": _any(phrases.RELATIONS),
    "year": lambda f: str(f.rng.randint(1930, 2026)),
    "sentence": lambda f: phrases.sentence(f.rng, f.language), "en": lambda f: phrases.sentence(f.rng),
}  # fmt: skip
