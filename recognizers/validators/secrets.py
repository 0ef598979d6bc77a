"""Is a string a secret, or only something that stands where secrets stand?"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from itertools import pairwise

from recognizers.validators.lists import CODE_WORDS, SERVICE_ACCOUNTS, common_words

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]+")
# a value that stands for another: ${NAME}, $NAME, <your key>, {{ x }}, %(x)s, xxxx, ****
_PLACEHOLDER = re.compile(
    r"""
    <.* | [\[{(].* | \$[A-Za-z_]+ | %[A-Za-z_]+%? | @[A-Za-z_.]+@ | [%@][sdr(].*
    | .*(?:\$[{(]|\{\{|\}\}|%\(|<[a-z_ -]+>|\.\.\.|\u2026|\*{3}|\u2022{3}).*
    | (.)\1* | .*(?:x{4}|X{4}).*
    | (?:your|my|the|some|enter|insert|put|add|replace|change|paste|example|sample|dummy|fake|test)
      [-_. ].*(?:key|token|secret|passw(?:or)?d|here|value|me|credential)s?
    | .*[-_. ]here | .*redacted.* | .*(?:placeholder|example[-_]?(?:key|token|secret)).*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# what programs have on the right of `password =`: a path of names, a call, an index, a name
_EXPRESSION = re.compile(
    r"""
    [A-Za-z_]\w*(?:(?:\.|::|->|\?\.)[A-Za-z_]\w*)+           # self.token, std::string
    | (?:.*[A-Za-z_\]])?[(\[].*                              # get(...), secret[2]
    | [\w.$]+@[0-9a-f]{4,8}                                   # java.lang.Object@1b2c3d
    | [fbru]{1,2}["'].*
    | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+                          # A_CONSTANT
    | [A-Z]?[a-z]+(?:[A-Z][a-z]+)+                           # camelCase, ClassName
    | _*[a-z]+(?:_[a-z]+)+                                   # snake_case
    """,
    re.VERBOSE,
)
_NOTHING = frozenset(
    """
    any bool boolean bytes char default dict empty false float int integer list missing nil no none
    null object off on optional required secretstr str string text true tuple undefined unset
    varchar void yes
    """.split()
)


def jwt(text: str) -> bool:
    """True where the header is a JSON object that names an algorithm (RFC 7515, 4.1.1)."""
    head = text.partition(".")[0]
    try:
        header = json.loads(_unpadded(head, urlsafe=True))
    except (ValueError, binascii.Error):
        return False
    return isinstance(header, dict) and ("alg" in header or "enc" in header)


def basic_credentials(text: str) -> bool:
    """True for the base64 of ``user:password`` in UTF-8 (RFC 7617)."""
    try:
        decoded = _unpadded(text, urlsafe=False).decode("utf-8")
    except (ValueError, binascii.Error):
        return False
    return ":" in decoded and decoded.isprintable()


def not_a_secret(text: str) -> bool:
    """True for placeholders, words of programs and expressions: what only names a secret."""
    value = text.strip("\"'`,;")
    lowered = value.lower()
    if len(value) < 3 or lowered in _NOTHING or _PLACEHOLDER.fullmatch(value):
        return True
    if lowered in CODE_WORDS or lowered in SERVICE_ACCOUNTS:
        return True
    parts = [part.lower() for part in _PARTS.findall(value)]
    return len(parts) > 1 and all(part in CODE_WORDS for part in parts)


def not_a_bare_secret(text: str) -> bool:
    """The same for a value without quotes, where a program would have an expression."""
    value = text.rstrip(",;")
    return (
        not_a_secret(value)
        or _EXPRESSION.fullmatch(value) is not None
        or value.lower() in common_words()
    )


def not_a_bare_token(text: str) -> bool:
    """The same for keys and tokens, which are no words: every one has a digit."""
    value = text.rstrip(",;")
    return not_a_bare_secret(value) or not any(char.isdigit() for char in value)


def random_token(text: str) -> bool | None:
    """None where the characters are as mixed as a random string's, False otherwise.

    Shannon entropy in bits per character; a random string of n characters reaches nearly
    log2(min(n, size of its alphabet)). UUIDs, words and placeholders are no secrets.
    """
    value = text.strip("\"'`")
    if _UUID.fullmatch(value) or not_a_secret(value):
        return False
    if not any(char.isdigit() for char in value) or not any(char.isalpha() for char in value):
        return False
    if _HEX.fullmatch(value):
        return None if entropy(value.lower()) >= 2.6 else False
    # letters that alternate with digits and case changes: words have few of them
    turns = sum(_kind(a) != _kind(b) for a, b in pairwise(value))
    mixed = turns >= len(value) / 6
    return None if mixed and entropy(value) >= 0.72 * math.log2(min(len(value), 64)) else False


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())


def _kind(char: str) -> int:
    return 0 if char.islower() else 1 if char.isupper() else 2 if char.isdigit() else 3


def _unpadded(text: str, *, urlsafe: bool) -> bytes:
    data = text.rstrip("=")
    data += "=" * (-len(data) % 4)
    altchars = b"-_" if urlsafe else None
    return base64.b64decode(data.encode("ascii"), altchars, validate=True)
