"""Labelled sets in the usual layouts -> gold records.

| layout | looks like |
|---|---|
| ours | ``{"text", "spans": [[start, end, TYPE]]}`` a line |
| presidio-research ``InputSample`` | ``{"full_text", "spans": [{"entity_type", "start_position", "end_position"}]}`` |
| ai4privacy | ``{"source_text" or "unmasked_text", "privacy_mask": [{"label", "start", "end"}]}`` |
| Label Studio | ``[{"data": {"text"}, "annotations": [{"result": [{"value": {"start", "end", "labels"}}]}]}]`` |
| CoNLL | token and tag separated by white space, BIO or BIOES, empty line between texts |

Spans that overlap in a record are merged if of one type; otherwise the longer one stays.
"""  # noqa: E501

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redactor.errors import UnreadableError

# one name for what sets call by many; a label that is not here stays as it is
_NAMES = {
    "PER": "PERSON", "NAME": "PERSON", "FIRSTNAME": "PERSON", "LASTNAME": "PERSON",
    "MIDDLENAME": "PERSON", "GIVENNAME": "PERSON", "GIVENNAME1": "PERSON", "GIVENNAME2": "PERSON",
    "SURNAME": "PERSON", "LASTNAME1": "PERSON", "LASTNAME2": "PERSON", "LASTNAME3": "PERSON",
    "LOC": "LOCATION", "GPE": "LOCATION", "FAC": "LOCATION", "ADDRESS": "LOCATION",
    "STREET_ADDRESS": "LOCATION", "STREET": "LOCATION", "CITY": "LOCATION", "STATE": "LOCATION",
    "COUNTY": "LOCATION", "COUNTRY": "LOCATION", "ZIPCODE": "LOCATION", "ZIP_CODE": "LOCATION",
    "POSTCODE": "LOCATION", "BUILDINGNUMBER": "LOCATION", "BUILDING": "LOCATION",
    "BUILDINGNUM": "LOCATION", "SECONDARYADDRESS": "LOCATION", "SECADDRESS": "LOCATION",
    "ORG": "ORGANIZATION", "ORGANISATION": "ORGANIZATION", "COMPANYNAME": "ORGANIZATION",
    "COMPANY": "ORGANIZATION", "PHONE": "PHONE_NUMBER", "PHONENUMBER": "PHONE_NUMBER",
    "TELEPHONENUM": "PHONE_NUMBER", "TEL": "PHONE_NUMBER", "EMAIL": "EMAIL_ADDRESS",
    "CREDITCARDNUMBER": "CREDIT_CARD", "IBAN": "IBAN_CODE", "SSN": "US_SSN", "IP": "IP_ADDRESS",
    "IPV4": "IP_ADDRESS", "IPV6": "IP_ADDRESS", "DATE": "DATE_TIME", "TIME": "DATE_TIME",
    "DATE_OF_BIRTH": "DATE_TIME", "DOB": "DATE_TIME", "DATEOFBIRTH": "DATE_TIME",
    "BOD": "DATE_TIME", "NATIONALITY": "NRP", "NORP": "NRP", "PREFIX": "TITLE",
    "JOBTITLE": "TITLE", "DRIVERLICENSE": "US_DRIVER_LICENSE", "PASSPORT": "US_PASSPORT",
}  # fmt: skip
_TAG = re.compile(r"(?:([BIESLU])[-_])?(.+)\Z")


def canonical(label: str) -> str:
    """The one name of a type, for gold labels and for what systems report."""
    name = label.upper()
    return _NAMES.get(name, name)


@dataclass(frozen=True, slots=True)
class Gold:
    """One labelled text. ``spans`` are (start, end, type), sorted, without overlaps."""

    text: str = field(repr=False)
    spans: tuple[tuple[int, int, str], ...]


def read_gold(path: Path) -> list[Gold]:
    """All records of a file; the layout is told by the content.

    Raises:
        UnreadableError: names the line or record that is not of a known layout.
    """
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path.name} cannot be read ({type(error).__name__})") from None
    stripped = content.lstrip()
    if stripped.startswith("["):
        return _from_array(path, content)
    if stripped.startswith("{"):
        return list(_from_lines(path, content))
    return list(_from_conll(path, content))


def _from_array(path: Path, content: str) -> list[Gold]:
    try:
        records = json.loads(content)
    except ValueError:
        raise UnreadableError(f"{path.name} is not JSON") from None
    return [_record(entry, f"{path.name}, record {n}") for n, entry in enumerate(records, 1)]


def _from_lines(path: Path, content: str) -> Iterator[Gold]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            raise UnreadableError(f"{path.name}:{number}: not a JSON object") from None
        yield _record(entry, f"{path.name}:{number}")


def _record(entry: Any, where: str) -> Gold:
    try:
        if "full_text" in entry:
            text = entry["full_text"]
            raw = [(s["start_position"], s["end_position"], s["entity_type"])
                   for s in entry["spans"] or ()]  # fmt: skip
        elif "privacy_mask" in entry:
            text = entry.get("source_text") or entry["unmasked_text"]
            raw = [(s["start"], s["end"], s["label"]) for s in entry["privacy_mask"]]
        elif "data" in entry:
            text = entry["data"]["text"]
            raw = [
                (r["value"]["start"], r["value"]["end"], r["value"]["labels"][0])
                for a in entry["annotations"][:1]
                for r in a["result"]
                if "labels" in r["value"]
            ]
        else:
            text, raw = entry["text"], entry["spans"]
        return make(text, raw)
    except (KeyError, TypeError, IndexError):
        raise UnreadableError(f"{where}: not a labelled text of a known layout") from None
    except ValueError as error:
        raise UnreadableError(f"{where}: {error}") from None


def make(text: str, spans: Iterable[tuple[int, int, str]]) -> Gold:
    """A gold record of canonical types, white space at the ends of spans left out.

    Raises:
        ValueError: a span lies outside the text.
    """
    kept: list[tuple[int, int, str]] = []
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span [{start}, {end}) lies outside the text")
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        kind = canonical(label)
        if start == end:
            continue
        if kept and start < kept[-1][1]:
            if kept[-1][2] == kind:
                kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kind)
            continue  # sorted longest first: what begins inside another is the shorter one
        kept.append((start, end, kind))
    return Gold(text, tuple(kept))


def _from_conll(path: Path, content: str) -> Iterator[Gold]:
    words: list[tuple[str, str]] = []
    for number, line in enumerate([*content.split("\n"), ""], 1):
        parts = line.split()
        if not parts or line.startswith("-DOCSTART-"):
            if words:
                yield _sentence(words)
                words = []
        elif len(parts) < 2:
            raise UnreadableError(f"{path.name}:{number}: a token needs its tag")
        elif not line.startswith("# "):
            words.append((parts[0], parts[-1]))


def _sentence(words: list[tuple[str, str]]) -> Gold:
    text, spans = "", []
    open_: tuple[int, int, str] | None = None
    for word, tag in words:
        start = len(text) + (1 if text else 0)
        text = f"{text} {word}" if text else word
        match = _TAG.match(tag)
        prefix, kind = (match[1], match[2]) if match and tag != "O" else (None, "")
        if open_ and kind == open_[2] and prefix not in ("B", "S", "U"):
            open_ = (open_[0], len(text), kind)
            continue
        if open_:
            spans.append(open_)
        open_ = (start, len(text), kind) if kind else None
    if open_:
        spans.append(open_)
    return make(text, spans)
