"""A recognizer file to start from."""

from __future__ import annotations

import json
import re

from recognizers.validators import INVALIDATORS, VALIDATORS
from redactor.errors import UsageError

_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{0,63}\Z")
_LANGUAGE = re.compile(r"[a-z]{2}\Z")

_TEMPLATE = """\
# A recognizer in Presidio's schema. Try it:   redactor recognizers test FILE
# Use it in a policy:                          recognizers: [FILE]
#                                              entities: {{{entity}: replace}}
recognizers:
  - name: {name}
    supported_entity: {entity}
    supported_language: {language}
    # words that stand before a hit raise its score by 0.35, to 0.4 at least
    context: [{word}]
    patterns:
      # Case does not matter; (?-i:...) is exact. \\K leaves what stands before it out of the
      # hit. Give every repetition an upper bound.
      - name: two letters and six digits
        regex: '\\b(?-i:[A-Z]{{2}})-\\d{{6}}\\b'
        score: 0.5   # under a policy's threshold (0.35) a hit counts only beside a context word
    # deny_list: [first word, second word]

# What follows is read by redactor and ignored by Presidio.
tests:
  {name}:
    match:
      - {{text: "{word} AB-123456 of today", finds: [AB-123456]}}
    no_match:
      - "AB-12345"
      - "XAB-123456"
      - "ab-123456"

# A check that every hit must pass: {checks}
# validators: {{{name}: credit_card}}
"""


def starter(name: str, entity: str, language: str = "en") -> str:
    """YAML of a recognizer with one pattern and tests that it passes.

    Raises:
        UsageError: not the name of a type, a recognizer or a language.
    """
    if not _ENTITY.match(entity):
        raise UsageError("an entity type is written in capitals, digits and _, as EMPLOYEE_ID")
    if not name.strip() or not name.isprintable():
        raise UsageError("a recognizer needs a name, as Badge")
    if not _LANGUAGE.match(language):
        raise UsageError("a language is written as two letters, as en")
    word = re.sub(r"[^a-z]+", " ", entity.lower()).split()
    checks = ", ".join(sorted(VALIDATORS.keys() | INVALIDATORS.keys()))
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) is not None
    return _TEMPLATE.format(
        name=name if plain else json.dumps(name, ensure_ascii=False),
        entity=entity,
        language=f'"{language}"',
        word=word[0] if word else "number",
        checks=checks,
    )
