"""Labelled training text from our own templates, filled by Faker in many locales.

Everything is made up. A template names its slots in braces; slots in ``_ENTITIES`` become
labelled spans (PERSON, LOCATION, ORGANIZATION), all others are filler that must stay
unlabelled: numbers, dates, products, months, code. Templates are ours; sets that the model
is judged by share none of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SLOT = re.compile(r"\{(\w+)\}")
_LOCALES = (
    "en_US", "en_GB", "en_IN", "de_DE", "fr_FR", "es_ES", "es_MX", "it_IT", "nl_NL", "pt_BR",
    "pl_PL", "cs_CZ", "sv_SE", "da_DK", "fi_FI", "hu_HU", "ro_RO", "tr_TR", "hr_HR", "id_ID",
    "vi_VN", "yo_NG", "ru_RU", "el_GR", "ar_AA", "zh_CN", "ja_JP", "ko_KR", "uk_UA", "he_IL",
)  # fmt: skip
_ENGLISH_SHARE = 0.45
_ENTITIES = {
    "person": "PERSON", "first": "PERSON", "last": "PERSON", "formal": "PERSON",
    "reversed": "PERSON", "initials": "PERSON",
    "city": "LOCATION", "country": "LOCATION", "address": "LOCATION", "street": "LOCATION",
    "org": "ORGANIZATION", "agency": "ORGANIZATION",
}  # fmt: skip
_TITLES = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Miss", "Herr", "Frau", "Mme", "M.", "Sr.", "Sra.")

_TEMPLATES = (
    "Dear {title} {last},\n\nthank you for your letter of {date}. {sentence}\n\nYours sincerely,\n{person}",
    "Hi {first},\n\n{sentence} Could you ask {person} from {org} to call me?\n\nThanks\n{first}",
    "Name: {person}\nAddress: {address}\nPhone: {phone}\nE-mail: {email}\nReference: {ref}",
    "full_name: {person}\nemail: {email}\nphone: {phone}\nbalance: {number}\nnote: {sentence}\n",
    "customer: {reversed}\ncity: {city}\norder: {ref}\ncomment: ask for {first} at the desk\n",
    "name: {person}\nship to: {address}\nip: {ip}\n",
    "Patient: {reversed}\nDOB: {date}\nReferred by {title} {last}, {org}, {city}\nComplaint: {sentence}",
    "{person} was born in {city} and lives at {address} with {first} and {first}.",
    "The claim was approved by {person} on {date}; please wire {number} to the account of {person}.",
    "From: {person} <{email}>\nTo: {person} <{email}>\nSubject: {subject}\n\n{first}, {sentence}\n\n{first}",
    "{org} announced on {date} that {person} will lead its office in {city}, {country}.",
    "According to {agency}, {person} travelled from {city} to {city} in {month}.",
    "{title} {last} said that {org} had not replied. {last} added: \"{sentence}\"",
    "MEETING NOTES {date}\nPresent: {person}, {person}, {first}\n- {first} to send the {product} report\n- {sentence}",
    "user={user} msg=\"password reset requested by {person}\" ip={ip} status={status}",
    "{timestamp} INFO crm: callback for {person} ({phone}) scheduled, ticket {ref}",
    "{timestamp} WARN {module}: retry {status} after {number} ms, order={ref} sku={product}",
    "{timestamp} ERROR {module}.{code}: connection to {host} lost, request {uuid}",
    "Agent: Hello, this is {first}, how can I help?\nCustomer: My name is {person}, I moved to {street}, {city}.",
    "{first}: are you in {city} next week?\n{first}: no, {sentence}",
    "This agreement is made between {org}, {address}, and {person} (the \"Tenant\") on {date}.",
    "Invoice {ref}\nBill to: {org}\nAttn. {person}\n{address}\nTotal: {number} due {date}",
    "CURRICULUM VITAE\n{person}\n{address}\n{email}\n\n{org}, {city}: {job}, since {month} {year}",
    "Please forward this to {first} {last} in {agency}. {sentence}",
    "I spoke to {initials} yesterday; {first} will bring the {product} to {city}.",
    "Wire to {person}, IBAN {ref}, bank {org}, purpose: {subject}.",
    "Witness {formal} stated that the defendant, {person}, left {street} at {time}.",
    "{person}'s {product} was delivered to {street} on {day}. {sentence}",
    "{{\"name\": \"{person}\", \"city\": \"{city}\", \"id\": {number}, \"tags\": [\"{product}\", \"{status}\"]}}",
    "lol {first} u coming to {city} 2nite?? {first} n i r at {street} #{product}",
    "@{user} met {person} at {org} today, so cool! {sentence}",
    "Said: \"call my wife {person} first\"",
    "Leave it with my neighbour {person}, phone {phone}.",
    "moved to {city}",
    "Prefers e-mail, not phone. Contact in {country}: {person}.",
    "{sentence} {sentence}",
    "The {product} ships in {month}; see section {number} and {code}({ref}).",
    "{month} may be late. {sentence} Order {ref}, version {version}.",
    "Section {number}. {subject}. {sentence} Effective {date}.",
    "Name\tCity\tCompany\n{person}\t{city}\t{org}\n{person}\t{city}\t{org}",
    "| {person} | {job} | {city} |\n| {person} | {job} | {city} |",
    "Kind regards,\n{person}\n{job}\n{org}",
    "Signed: {person}, {city}, {date}",
    "Ask {person} or {person}, who takes over while {first} is away. {last} knows.",
    "{agency} and {org} v. {person}, filed {date} in {city}, {country}",
)  # fmt: skip
_NON_LATIN = ("ru_RU", "el_GR", "ar_AA", "zh_CN", "ja_JP", "ko_KR", "uk_UA", "he_IL")
_SUBJECTS = (
    "Your claim", "Invoice overdue", "Re: lunch", "Contract renewal", "Delivery problem",
    "Quarterly report", "Change of address", "Complaint", "Test results", "Reset of your password",
)  # fmt: skip
_PRODUCTS = (
    "Laser Printer", "Galaxy", "toner", "router", "AX-4471", "Mercedes", "Widget Pro", "iPhone",
    "blender", "Kindle", "server rack", "Excel sheet", "Golf", "coffee machine", "SAP module",
)  # fmt: skip
_AGENCIES = (
    "the Ministry of Health", "the European Commission", "the Department of Justice", "NASA",
    "the University of {city}", "the City Council of {city}", "UNICEF", "the Federal Reserve",
    "the {city} Police Department", "St. Mary's Hospital", "the Red Cross", "FC {city}",
)  # fmt: skip
_MODULES = ("auth", "billing", "gateway", "mailer", "scheduler", "HttpServer", "TaskManager")


@dataclass(slots=True)
class _Filler:
    """Draws values for slots from one locale's Faker and one random source."""

    fake: Any
    rng: random.Random

    def draw(self, slot: str) -> str:
        fake, rng = self.fake, self.rng
        match slot:
            case "person":
                return rng.choice((self._plain, self._plain, self._middle, self._hyphen))()
            case "first":
                return str(fake.first_name())
            case "last":
                return str(fake.last_name())
            case "formal":
                return f"{fake.first_name()[0]}. {fake.last_name()}"
            case "reversed":
                return f"{fake.last_name()}, {fake.first_name()}"
            case "initials":
                return f"{fake.first_name()[0]}.{fake.first_name()[0]}. {fake.last_name()}"
            case "title":
                return rng.choice(_TITLES)
            case "city":
                return str(fake.city())
            case "country":
                return str(fake.country())
            case "street":
                return str(fake.street_address()).replace("\n", ", ")
            case "address":
                return str(fake.address()).replace("\n", rng.choice((", ", ", ", "\n")))
            case "org":
                return str(fake.company())
            case "agency":
                return rng.choice(_AGENCIES).format(city=fake.city())
            case "job":
                return str(fake.job())
            case _:
                return self._plain_filler(slot)

    def _plain(self) -> str:
        return f"{self.fake.first_name()} {self.fake.last_name()}"

    def _middle(self) -> str:
        return f"{self.fake.first_name()} {self.fake.first_name()[0]}. {self.fake.last_name()}"

    def _hyphen(self) -> str:
        return f"{self.fake.first_name()} {self.fake.last_name()}-{self.fake.last_name()}"

    def _plain_filler(self, slot: str) -> str:
        fake, rng = self.fake, self.rng
        digits = "".join(rng.choices("0123456789", k=rng.randint(4, 9)))
        match slot:
            case "sentence":
                return _sentence(rng)
            case "email":
                return str(fake.ascii_safe_email())
            case "phone":
                return str(fake.phone_number())
            case "date":
                dates = (fake.date(), fake.date("%d %B %Y"), fake.date("%m/%d/%Y"))
                return str(rng.choice(dates))
            case "timestamp":
                return str(fake.iso8601())
            case "time":
                return str(fake.time("%H:%M"))
            case "month":
                return rng.choice(("January", "March", "April", "May", "June", "August", "October"))
            case "day":
                return rng.choice(("Monday", "Tuesday", "Friday", "Sunday"))
            case "year":
                return str(rng.randint(1960, 2026))
            case "number":
                return rng.choice((digits, f"{digits[:3]}.{digits[:2]}", f"${digits[:3]},000"))
            case "ref":
                return rng.choice((f"A{digits}", f"{digits[:3]}-{digits}", f"INV/{digits}"))
            case "ip":
                return str(fake.ipv4())
            case "user":
                return str(fake.user_name())
            case "status":
                return rng.choice(("200", "404", "ok", "declined", "pending", "FAILED"))
            case "module":
                return rng.choice(_MODULES)
            case "code":
                return rng.choice(("parseHeader", "do_retry", "User.findById", "malloc", "onClick"))
            case "host":
                return f"{rng.choice(('mx1', 'db', 'node-7', 'web'))}.{fake.domain_name()}"
            case "uuid":
                return str(fake.uuid4())
            case "version":
                return f"{rng.randint(0, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}"
            case "product":
                return rng.choice(_PRODUCTS)
            case "subject":
                return rng.choice(_SUBJECTS)
        raise ValueError(f"no such slot: {slot}")


_OPENERS = (
    "We will", "I cannot", "They have to", "You should", "Nobody could", "The team must",
    "She wants to", "It may", "Our system did not", "He forgot to", "The court will",
)  # fmt: skip
_ACTIONS = (
    "send the payment", "check the order again", "cancel the contract", "open the attachment",
    "restart the server", "bring the documents", "reply before Friday", "review the second draft",
    "pay the open invoice", "reset the password", "call back tomorrow", "close this ticket",
    "change the address on file", "update the record", "hope for an early answer",
)  # fmt: skip
_TAILS = (
    "as agreed", "because the deadline is near", "if anything is wrong", "next week", "in May",
    "without further notice", "when the part arrives", "on Tuesday", "by the end of March",
    "according to the General Terms", "under the Data Protection Act", "at no extra cost",
)  # fmt: skip


def _sentence(rng: random.Random) -> str:
    return f"{rng.choice(_OPENERS)} {rng.choice(_ACTIONS)} {rng.choice(_TAILS)}."


def generate(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` records ``{"text", "spans": [[start, end, TYPE]], "source"}``.

    Offsets are half-open code points. Equal seeds give equal records.
    """
    from faker import Faker

    rng = random.Random(seed)
    fakes = {}
    for number, locale in enumerate(_LOCALES):
        fakes[locale] = Faker(locale)
        fakes[locale].seed_instance(seed * 1000 + number)
    for _ in range(count):
        english = rng.random() < _ENGLISH_SHARE
        locale = rng.choice(_LOCALES[:3] if english else _LOCALES)
        text, spans = _fill(rng.choice(_TEMPLATES), _Filler(fakes[locale], rng))
        text = _recase(text, rng) if locale not in _NON_LATIN else text
        yield {"text": text, "spans": spans, "source": "generated"}


def _fill(template: str, filler: _Filler) -> tuple[str, list[list[Any]]]:
    pieces: list[str] = []
    spans: list[list[Any]] = []
    size = at = 0
    template = template.replace("{{", "\x01").replace("}}", "\x02")
    for slot in _SLOT.finditer(template):
        before = template[at : slot.start()]
        value = filler.draw(slot[1]).strip()
        pieces += [before, value]
        size += len(before)
        if slot[1] in _ENTITIES and value:
            spans.append([size, size + len(value), _ENTITIES[slot[1]]])
        size += len(value)
        at = slot.end()
    pieces.append(template[at:])
    return "".join(pieces).replace("\x01", "{").replace("\x02", "}"), spans


def _recase(text: str, rng: random.Random) -> str:
    """Some texts come in lower case or in capitals, where that keeps every offset."""
    draw = rng.random()
    other = text.lower() if draw < 0.12 else text.upper() if draw < 0.2 else text
    return other if len(other) == len(text) else text
