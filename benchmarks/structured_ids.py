"""Identifiers with a check digit: recall and precision for every rule that has a validator.

Generated, so every answer is known. Values stand beside the word for them, plain and as people and
programs write them (grouped with blanks or hyphens, broken over two lines, in full-width digits,
with no-break blanks, in brackets); look-alikes are values with a wrong check digit, values inside
longer numbers and words, and order numbers, time stamps, versions and digests without any context.

Recall: the value is covered by findings of its type. Precision: findings of the type on values
against all its findings on values and look-alikes. Policy ``base`` with every such type in it;
rules alone; before overlaps are resolved.

    python -m benchmarks.structured_ids [--json FILE] [--examples]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.id_makers import MAKERS, sampled
from recognizers.validators import VALIDATORS
from redactor.detection.patterns import Scanner
from redactor.detection.rules import Rule, shipped_table
from redactor.policy import load_policy
from redactor.policy.model import EntityRule

BOUND = 0.99
EACH = 40  # values of a kind in each form

# checks that judge a word or a quantity, not an identifier
NO_IDENTIFIER = {
    "age": "a number of years",
    "birth_date": "a date",
    "coordinates": "a place",
    "email_domain": "an address; ours takes any domain",
    "host_of_a_person": "a name",
    "license_plate": "no check digit; shapes differ by country",
    "login_of_a_person": "a name",
    "login_of_two_names": "a name",
    "random_token": "entropy",
}
# what stands before a value; otherwise the rule's first context word
_WORDS = {
    "CREDIT_CARD": "card", "IBAN_CODE": "IBAN", "ABA_ROUTING_NUMBER": "routing number", "UK_NHS": "NHS number",
    "MEDICAL_LICENSE": "DEA number", "CRYPTO": "wallet", "IMEI": "IMEI", "ICCID": "ICCID", "VIN": "VIN",
    "CARD_TRACK_DATA": "track", "SWIFT_CODE": "SWIFT code", "JWT": "token", "PASSWORD": "Authorization",
}  # fmt: skip
_FULL_WIDTH = str.maketrans({str(digit): chr(0xFF10 + digit) for digit in range(10)})
# values that are one token: nobody groups them
_SOLID = frozenset("basic_credentials bic card_track crypto dea jwt vin".split())
# made and read by programs alone: no full-width digits, and a value stays one inside other text
_ENCODED = frozenset("basic_credentials card_track crypto jwt".split())


@dataclass(slots=True)
class Tally:
    """What happened to one entity type."""

    values: int = 0
    missed: Counter[str] = field(default_factory=Counter)  # form -> values not covered
    forms: Counter[str] = field(default_factory=Counter)
    lookalikes: int = 0
    wrong: Counter[str] = field(default_factory=Counter)  # kind of look-alike -> findings

    def as_dict(self) -> dict[str, Any]:
        """Figures of the type."""
        hits = self.values - self.missed.total()
        return {
            "n": self.values,
            "recall": round(hits / max(1, self.values), 4),
            "lookalikes": self.lookalikes,
            "precision": round(hits / max(1, hits + self.wrong.total()), 4),
            "missed": {
                form: f"{n} of {self.forms[form]}" for form, n in sorted(self.missed.items())
            },
            "wrong": dict(sorted(self.wrong.items())),
        }


def forms(value: str, check: str) -> Iterator[tuple[str, str]]:
    """A value as it is written: name of the form, text."""
    solid = check in _SOLID
    compact = value if solid else value.replace(" ", "")
    yield "plain", compact
    if check not in _ENCODED and any(char.isdigit() for char in value):
        yield "full-width digits", compact.translate(_FULL_WIDTH)
    if solid or " " not in value:
        return
    yield "blanks", value
    yield "hyphens", value.replace(" ", "-")
    yield "no-break blanks", value.replace(" ", "\u00a0")
    first, _, rest = value.partition(" ")
    yield "line break", f"{first}\n{rest}"
    yield "full-width digits, blanks", value.translate(_FULL_WIDTH)


def frames(word: str, text: str, check: str, rng: random.Random) -> str:
    """A sentence around it, the word in front."""
    if check == "basic_credentials":  # has a syntax (RFC 7617)
        return rng.choice(("{w}: Basic {t}", '"{w}": "Basic {t}"', "-H '{w}: Basic {t}'")).format(
            w=word, t=text
        )
    return rng.choice(
        ("{w}: {t}", "{w} {t}.", "The {w} is {t}, as agreed.", "({w} {t})", "{w}={t};", "Please note {w}: {t} - thanks")
    ).format(w=word, t=text)  # fmt: skip


def lookalikes(value: str, check: str, word: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Texts without such a value: kind, text."""
    holds = VALIDATORS[check]
    compact = value.replace(" ", "")
    wrong = _wrong(compact, holds, rng)
    if wrong:
        yield "wrong check digit", f"{word}: {wrong}"
        yield "wrong check digit, no context", f"see {wrong} there"
    digits = "".join(char for char in compact if char.isdigit())
    if len(digits) >= 7 and compact.isdigit():
        yield "in a longer number", f"{word}: {_digits(rng, 3)}{compact}{_digits(rng, 4)}"
        yield "decimals", f"value 0.{compact}"
        yield "in a word", f"id_{compact}abc"
        yield (
            "order number",
            f"Order no. {rng.randrange(1, 10)}{_digits(rng, len(digits) - 1)} was shipped",
        )
    elif check not in _ENCODED:
        yield "in a word", f"{word}: xk{compact}k9z7"


def common_lookalikes(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Texts that hold no identifier of anybody."""
    for _ in range(EACH):
        moment = 1_600_000_000 + rng.randrange(150_000_000)
        yield "time stamp", f"at {moment} or {moment}{_digits(rng, 3)} or {moment}{_digits(rng, 9)}"
        yield (
            "time stamp",
            f"2024{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}",
        )
        yield "digest", f"commit {rng.randbytes(20).hex()} image sha256:{rng.randbytes(32).hex()}"
        yield (
            "UUID",
            f"request {rng.randbytes(4).hex()}-{rng.randbytes(2).hex()}-4{rng.randbytes(2).hex()[:3]}-a{rng.randbytes(2).hex()[:3]}-{rng.randbytes(6).hex()}",
        )
        yield (
            "version",
            f"version {rng.randrange(20)}.{rng.randrange(20)}.{rng.randrange(20)}.{rng.randrange(300)}",
        )
        yield (
            "order number",
            f"order {_digits(rng, rng.choice((8, 9, 10, 11, 12, 15, 16)))} is late",
        )
        yield (
            "amount",
            f"total {rng.randrange(10**6)}.{_digits(rng, 2)}, ratio 0.{_digits(rng, 16)}",
        )


def run(examples: bool = False) -> dict[str, Any]:
    """Figures for every type, and what could not be measured."""
    rules = [
        rule
        for rule in shipped_table().rules
        if rule.validator and rule.validator not in NO_IDENTIFIER
    ]
    tallies: dict[str, Tally] = defaultdict(Tally)
    problems: list[str] = []
    shown: list[str] = []
    for language in sorted({rule.language for rule in rules}):
        mine = [rule for rule in rules if rule.language == language]
        scanner = _scanner(mine, language)
        for rule in mine:
            try:
                _measure(rule, scanner, tallies[rule.entity], shown)
            except ValueError as error:
                problems.append(f"{rule.name} ({rule.validator}): {error}")
    result = {
        "bound": BOUND,
        "types": {entity: tally.as_dict() for entity, tally in sorted(tallies.items())},
        "not_identifiers": NO_IDENTIFIER,
        "problems": problems,
    }
    hits = sum(t.values - t.missed.total() for t in tallies.values())
    values, wrong = (
        sum(t.values for t in tallies.values()),
        sum(t.wrong.total() for t in tallies.values()),
    )
    result["all"] = {
        "n": values,
        "recall": round(hits / max(1, values), 4),
        "precision": round(hits / max(1, hits + wrong), 4),
    }
    if examples:
        print("\n".join(shown), file=sys.stderr)
    return result


def _scanner(rules: list[Rule], language: str) -> Scanner:
    """Policy base and every type of these rules."""
    policy = load_policy("base")
    wanted = {rule.entity: policy.entities.get(rule.entity, EntityRule()) for rule in rules}
    return Scanner.load(replace(policy, language=language, entities=wanted))


def _measure(rule: Rule, scanner: Scanner, tally: Tally, shown: list[str]) -> None:
    rng = random.Random(zlib.crc32(f"{rule.name}/{rule.validator}".encode()))
    holds = VALIDATORS[rule.validator]
    maker = MAKERS.get(rule.validator) or sampled([p.regex for p in rule.patterns], holds)
    word = _WORDS.get(rule.entity) or (rule.context[0] if rule.context else "number")
    for _ in range(EACH):
        value = maker(rng)
        for form, written in forms(value, rule.validator):
            text = frames(word, written, rule.validator, rng)
            tally.values += 1
            tally.forms[form] += 1
            if not _covered(scanner, rule.entity, text, text.index(written), len(written)):
                tally.missed[form] += 1
                shown.append(f"missed {rule.entity} {form}: {text!r}")
        for kind, text in lookalikes(value, rule.validator, word, rng):
            _count_wrong(scanner, rule, tally, kind, text, shown)
    for kind, text in common_lookalikes(rng):
        _count_wrong(scanner, rule, tally, kind, text, shown)


def _covered(scanner: Scanner, entity: str, text: str, start: int, size: int) -> bool:
    covered: set[int] = set()
    for finding in scanner.scan_text(text):
        if finding.entity_type == entity:
            covered |= set(range(finding.start, finding.end))
    return all(at in covered for at in range(start, start + size) if not text[at].isspace())


def _count_wrong(
    scanner: Scanner, rule: Rule, tally: Tally, kind: str, text: str, shown: list[str]
) -> None:
    tally.lookalikes += 1
    found = [f for f in scanner.scan_text(text) if f.entity_type == rule.entity]
    if found:
        tally.wrong[kind] += 1
        shown.append(f"wrong {rule.entity} {kind}: {text!r} -> {found[0].text!r}")


def _wrong(compact: str, holds: Any, rng: random.Random) -> str:
    """The value with one digit or letter changed so that the check fails; "" where none does."""
    places = [at for at, char in enumerate(compact) if char.isdigit()] or list(range(len(compact)))
    for _ in range(60):
        at = rng.choice(places)
        alphabet = "0123456789" if compact[at].isdigit() else "ABCDEFGHJKLMNPRSTUVWXYZ"
        changed = compact[:at] + rng.choice(alphabet.replace(compact[at], "")) + compact[at + 1 :]
        if holds(changed) is False:
            return changed
    return ""


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def main() -> int:
    """Measure; exit code 1 where a type stays below the bound or could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--examples", action="store_true", help="print every miss and wrong hit")
    options = parser.parse_args()
    result = run(options.examples)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    for entity, figures in result["types"].items():
        print(
            f"{entity:28} n {figures['n']:5}  recall {figures['recall']:.4f}  "
            f"precision {figures['precision']:.4f}  {figures['missed'] or ''} {figures['wrong'] or ''}"
        )
    print(result["all"], *result["problems"], sep="\n")
    below = [
        entity
        for entity, figures in result["types"].items()
        if min(figures["recall"], figures["precision"]) < BOUND
    ]
    return 1 if below or result["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
