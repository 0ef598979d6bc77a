"""The way back: find what reversible operators wrote into a text, and what it stood for.

Encrypted tokens tell themselves. Everything else is found through the vault: wherever a
text holds, from token to token, a replacement that was noted there, the longest first. A
text that merely looks like one (a kept name that is also a pseudonym) cannot be told from
it; redaction avoids such pseudonyms in the document where it can. Where the vault knows
several originals for one text (dates moved by different numbers of days), the row's or
the document's other values decide, and if they don't, the text stays and is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from redactor.keys import Key, find_key
from redactor.masking.encrypt import TOKEN as ENCRYPTED
from redactor.masking.encrypt import decrypt
from redactor.masking.fpe import undo_fpe
from redactor.masking.keyed import canonical, case_scope
from redactor.masking.persons import cased
from redactor.masking.subjects import holder
from redactor.masking.wholes import fill
from redactor.values import Redaction, Span, Unit
from redactor.vault import Found, Vault
from redactor.vault.marks import PREFIX, TOKEN, squash

NUMBERED = re.compile(r"\[[A-Z][A-Z0-9_]{0,63}_\d{1,9}\]")
_LABEL = re.compile(r"<[A-Z][A-Z0-9_]{1,63}>")
_GAP = 8  # most characters between two tokens of one replacement
_REMEMBERED = 65536  # texts that the vault was asked for; words repeat
_SHORT = 4  # replacements of fewer letters and digits are found only as they were spelt


@dataclass(slots=True)
class Tally:
    """What was undone and what was not. ``restored`` is (operator, entity) -> places.

    ``unknown``: tokens that the vault does not know; ``damaged``: encrypted tokens that do
    not open; ``ambiguous``: texts with several originals; ``labels``: ``<PERSON>`` and the
    like, which hold nothing to restore.
    """

    restored: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: int = 0
    damaged: int = 0
    ambiguous: int = 0
    labels: int = 0

    @property
    def missed(self) -> int:
        """Places that should have been restored and were not."""
        return self.unknown + self.damaged + self.ambiguous

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.restored.update(other.restored)
        self.unknown += other.unknown
        self.damaged += other.damaged
        self.ambiguous += other.ambiguous
        self.labels += other.labels


@dataclass(frozen=True, slots=True)
class Undone:
    """A place whose replacement was undone; ``text`` is the original, secret."""

    unit: str
    span: Span
    operator: str
    entity: str
    text: str = field(repr=False)

    def as_redaction(self) -> Redaction:
        """For a format's writer: put the original there."""
        return Redaction(self.unit, self.span, self.text, self.entity)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place in a unit and what the vault knows of it."""

    unit: Unit
    span: Span
    found: Sequence[Found] = field(repr=False)


class Undoer:
    """Undoes replacements of one item, release unit by release unit.

    Args:
        vault: an open vault, or None: only encrypted tokens can then be undone.
        case: prefer what was recorded in this case.
        key_source: (name, id) -> key.
    """

    def __init__(
        self,
        vault: Vault | None,
        *,
        case: str = "",
        key_source: Callable[[str, str], Key] = find_key,
    ) -> None:
        self._vault = vault
        self._find_key = key_source
        self._shapes = vault.shapes() if vault is not None else {}
        self._votes: Counter[bytes] = Counter()
        self._case = vault.marks.scope(case_scope(case)) if vault is not None and case else None
        self._lengths: dict[str, frozenset[int]] = {}
        self._find = lru_cache(maxsize=_REMEMBERED)(vault.find) if vault is not None else None

    def undo(self, units: Sequence[Unit]) -> tuple[list[Undone], Tally]:
        """What stands for something in a release unit, in reading order.

        Raises:
            StateError: a key that something was made with is not here, or the vault cannot
                be read.
        """
        tally, done = Tally(), []
        hits: list[_Hit] = []
        for unit in units:
            encrypted = list(self._encrypted(unit, tally))
            done += encrypted
            mine = list(self._search(unit, [one.span for one in encrypted]))
            hits += mine
            covered = [*(one.span for one in encrypted), *(hit.span for hit in mine)]
            tally.unknown += _uncovered(NUMBERED, unit.text, covered)
            tally.labels += _uncovered(_LABEL, unit.text, covered)
        for hit in hits:
            if len({_key(found) for found in hit.found}) == 1:
                self._votes[hit.found[0].scope] += 1
        rows = _Rows(units, self._vault)
        for hit in sorted(hits, key=lambda hit: len(hit.found)):
            found = self._choose(hit, rows)
            if found is None:
                tally.ambiguous += 1
                continue
            undone = self._undone(hit, found)
            if undone is None:
                tally.damaged += 1
                continue
            rows.learn(hit.unit, undone)
            done.append(undone)
        for undone in done:
            tally.restored[undone.operator, undone.entity] += 1
        order = {unit.id: at for at, unit in enumerate(units)}
        return sorted(done, key=lambda one: (order[one.unit], one.span)), tally

    def _encrypted(self, unit: Unit, tally: Tally) -> Iterator[Undone]:
        for match in ENCRYPTED.finditer(unit.text):
            try:
                text = decrypt(match[0], self._find_key)
            except ValueError:
                tally.damaged += 1
                continue
            yield Undone(unit.id, Span(*match.span()), "encrypt", "ENCRYPTED", text)

    def _search(self, unit: Unit, done: Sequence[Span]) -> Iterator[_Hit]:
        if not self._shapes:
            return
        text = unit.text
        tokens = [(match.start(), match.end(), squash(match[0])) for match in TOKEN.finditer(text)]
        at = 0
        while at < len(tokens):
            hit = self._at(unit, tokens, at)
            if hit is None or any(hit.span.overlaps(span) for span in done):
                at += 1
                continue
            yield hit
            while at < len(tokens) and tokens[at][0] < hit.span.end:
                at += 1

    def _at(self, unit: Unit, tokens: Sequence[tuple[int, int, str]], at: int) -> _Hit | None:
        """The longest replacement that begins at a token."""
        assert self._find is not None
        text, start = unit.text, tokens[at][0]
        ends: list[tuple[int, int]] = []  # length of the squash, end in the text
        whole, wanted = "", frozenset[int]()
        for number in range(at, len(tokens)):
            token_start, token_end, part = tokens[number]
            if number > at:
                gap = text[tokens[number - 1][1] : token_start]
                if len(gap) > _GAP or (unit.by_line and "\n" in gap):
                    break
            whole += part
            wanted = self._possible(whole)
            if len(whole) in wanted:
                ends.append((len(whole), token_end))
            if len(whole) >= PREFIX and (not wanted or len(whole) >= max(wanted)):
                break
            if len(whole) > 4096:
                break
        for length, end in reversed(ends):
            found = self._find(text[start:end])
            usable = [one for one in found if _usable(one, text[start:end], length)]
            if usable:
                return _Hit(unit, _widened(text, start, end, usable[0]), usable)
        return None

    def _possible(self, whole: str) -> frozenset[int]:
        """Lengths of replacements whose squash begins like this one."""
        start = whole[:PREFIX]
        known = self._lengths.get(start)
        if known is None:
            assert self._vault is not None
            known = self._shapes.get(self._vault.marks.prefix(start), frozenset())
            if len(self._lengths) > 200_000:
                self._lengths.clear()
            self._lengths[start] = known
        return known

    def _choose(self, hit: _Hit, rows: _Rows) -> Found | None:
        """The way of undoing that fits; None where several do."""
        options: dict[tuple[str, ...], list[Found]] = {}
        for found in hit.found:
            options.setdefault(_key(found), []).append(found)
        if len(options) == 1:
            return _certain(hit.found[0])
        for scopes in (rows.scopes(hit.unit), {self._case} if self._case else set()):
            fitting = [
                next(found for found in same if found.scope in scopes)
                for same in options.values()
                if any(found.scope in scopes for found in same)
            ]
            if len(fitting) == 1:
                return _certain(fitting[0])
        ranked = sorted(
            (max(self._votes[found.scope] for found in same), number, same[0])
            for number, same in enumerate(options.values())
        )
        if ranked[-1][0] > ranked[-2][0]:
            return _certain(ranked[-1][2])
        return None

    def _undone(self, hit: _Hit, found: Found) -> Undone | None:
        shown = hit.unit.text[hit.span.start : hit.span.end]
        payload = found.payload
        if found.operator == "fpe":
            try:
                text = undo_fpe(shown, payload, self._find_key)
            except ValueError:
                return None
        else:
            text = str(payload.get("text", ""))
            if not found.exact:
                text = _respelt(text, shown)
        return Undone(hit.unit.id, hit.span, found.operator, found.entity, text)


class _Rows:
    """Scopes of subjects that the rows and objects of a release unit may name."""

    def __init__(self, units: Sequence[Unit], vault: Vault | None) -> None:
        self._vault = vault
        self._texts: dict[str, dict[str, str]] = {}
        for unit in units:
            if unit.locator.kind != "text":
                self._texts.setdefault(holder(unit), {})[unit.id] = unit.text

    def learn(self, unit: Unit, undone: Undone) -> None:
        """A value of a row that is known again."""
        if unit.locator.kind != "text" and len(undone.span) >= len(unit.text.strip()):
            self._texts.setdefault(holder(unit), {})[unit.id] = undone.text

    def scopes(self, unit: Unit) -> set[bytes]:
        """Marks of every subject that a value beside this one, or above it, can be."""
        if self._vault is None or unit.locator.kind == "text":
            return set()
        found: set[bytes] = set()
        place = holder(unit)
        while True:
            for text in self._texts.get(place, {}).values():
                found.add(self._vault.marks.scope(f"subject\0{canonical('', text)}"))
            if "/" not in place:
                return found
            place = place.rpartition("/")[0]


def _key(found: Found) -> tuple[str, ...]:
    """What two ways of undoing must share to be one."""
    if found.operator == "fpe":
        return ("fpe", *(str(found.payload.get(name)) for name in ("key", "id", "tweak")))
    text = str(found.payload.get("text", ""))
    return (found.operator, text if found.exact else canonical("", text))


def _certain(found: Found) -> Found | None:
    """None for a replacement that the vault knows to stand for two originals."""
    return None if found.payload.get("doubt") else found


def _usable(found: Found, shown: str, length: int) -> bool:
    if found.exact:
        return True
    if length < _SHORT or found.operator == "date_shift":
        return False
    # a name in small letters is more likely a word; addresses are written so
    return any(map(str.isupper, shown)) or any(map(str.isdigit, shown)) or "@" in shown


def _widened(text: str, start: int, end: int, found: Found) -> Span:
    """The place with what the replacement had before and behind its tokens, where it stands."""
    lead, tail = str(found.payload.get("lead", "")), str(found.payload.get("tail", ""))
    if lead and text.endswith(lead, 0, start):
        start -= len(lead)
    if tail and text.startswith(tail, end):
        end += len(tail)
    return Span(start, end)


def _respelt(text: str, shown: str) -> str:
    """The original in the spelling in which its replacement was found."""
    letters = sum(map(str.isalnum, text))
    if any(map(str.isdigit, text)) and letters == sum(map(str.isalnum, shown)):
        return fill(shown, "".join(filter(str.isalnum, text)))
    return cased(shown, text.lower()) if shown.isupper() else text


def _uncovered(pattern: re.Pattern[str], text: str, covered: Sequence[Span]) -> int:
    if "[" not in text and "<" not in text:
        return 0
    places = (Span(*match.span()) for match in pattern.finditer(text))
    return sum(not any(place.overlaps(span) for span in covered) for place in places)
