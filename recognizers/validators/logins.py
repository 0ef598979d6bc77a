"""Is a word a person's login, or a host named after a person?

A login is seldom a name as it stands: ``jsmith``, ``john.smith``, ``smithj2``, ``annak``.
Where the text around says that a login follows, everything counts but words that stand for
no person (:func:`not_a_login`); where it says little, the word itself has to look like a name
(:func:`login_of_a_person`).
"""

from __future__ import annotations

import re

from recognizers.validators.lists import (
    CODE_WORDS,
    SERVICE_ACCOUNTS,
    common_words,
    family_names,
    given_names,
    ordinary_words,
)

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FORMS = re.compile(
    r"""
    \d+(?:\.\d+)*                                     # a number, a version
    | [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}     # a UUID
    | [0-9a-f]{16,} | 0x[0-9a-f]+                     # a digest, an address
    | s-1-[\d-]+                                      # a Windows SID
    | .*[$%{}\[\]<>()*|~^`"'].* | .*\.\..* | x{2,} | .*%[sd].*
    | _.* | .*[._-] | [^a-z]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?!bl|br|ch|cl|cr|dr|fl|fr|gl|gr|ph|pl|pr|sc|sh|sk|sl|sm|sn|sp|st|sw|th|tr|tw|wh|wr)"
    r"[bcdfghjklmnpqrstvwxz]{2}[a-z]{4}"
)
_MACHINE = re.compile(r"(?:dwm|umfd)-\d+|.*\$|(?:svc|srv|sa|system|nt)[._-].*", re.IGNORECASE)
# given names that are words too; any other word is more often a word
_NAMES_AND_WORDS = frozenset(
    "art bill chance dom guy hope max may page rich summer travis will".split()
)
_SHORT, _FAMILY = 3, 4  # letters that a given, a family name in a login must have


def not_a_login(text: str) -> bool:
    """True for service accounts, placeholders, numbers, and words of prose and programs."""
    name = _account(text)
    lowered = name.lower()
    if lowered in _NAMES_AND_WORDS:
        return False
    if lowered in SERVICE_ACCOUNTS or _FORMS.fullmatch(name) or _MACHINE.fullmatch(name):
        return True
    if lowered in common_words() or lowered in CODE_WORDS:
        return True
    parts = [part.lower() for part in _PARTS.findall(name)]
    return len(parts) > 1 and all(
        part in CODE_WORDS or part in common_words() or part in SERVICE_ACCOUNTS
        for part in parts
        if not part.isdigit()
    )


def login_of_a_person(text: str) -> bool | None:
    """None where the word is made of a name as logins are, False otherwise."""
    if not_a_login(text):
        return False
    parts = [part for part in re.split(r"[._-]|\d+", _account(text).lower()) if part]
    if not parts or not all(part.isascii() and part.isalpha() for part in parts):
        return False
    if len(parts) == 1:
        return None if _is_made_of_a_name(parts[0]) else False
    named = sum(_is_given(part) or _is_family(part) for part in parts)
    strange = sum(part in CODE_WORDS or part in SERVICE_ACCOUNTS for part in parts)
    return None if named and not strange else False


def login_of_two_names(text: str) -> bool | None:
    """None for ``john.smith`` and ``smith_john``: both parts are names, one of each kind."""
    parts = re.sub(r"\d+\Z", "", text.lower()).split("." if "." in text else "_")
    if len(parts) != 2 or any(part in CODE_WORDS or part in common_words() for part in parts):
        return False
    one, two = parts
    named = (_is_given(one) and _is_family(two)) or (_is_given(two) and _is_family(one))
    return None if named else False


def host_of_a_person(text: str) -> bool | None:
    """None for ``annas-macbook-pro``, ``LAPTOP-JSMITH``; False for ``build-laptop``."""
    parts = [part for part in re.split(r"[^a-z]+", text.lower().replace("\u2019", "'")) if part]
    candidates = [part for part in parts if part not in _DEVICES and part not in ("s", "local")]
    for part in candidates:
        for name in (part, part.removesuffix("s")):
            if name in common_words() or name in CODE_WORDS or name in SERVICE_ACCOUNTS:
                continue
            if _is_made_of_a_name(name):
                return None
    return False


_DEVICES = frozenset(
    """
    air android book chromebook dell desktop dev galaxy hp imac ipad iphone lan laptop lap lenovo
    lt mac macbook max mba mbp mini nb notebook pad pc phone pixel pro surface tablet thinkpad vm
    watch wks workstation ws xps home corp internal lt ltp ultra plus probook elitebook latitude
    zenbook
    """.split()
)


def _account(text: str) -> str:
    r"""``alice`` of ``CORP\alice`` and of ``alice@corp.example``."""
    return re.split(r"[\\/]+", text)[-1].partition("@")[0]


def _is_given(word: str) -> bool:
    return len(word) >= _SHORT and word in given_names() and word not in CODE_WORDS


def _is_family(word: str) -> bool:
    return len(word) >= _FAMILY and word in family_names() and word not in CODE_WORDS


def _is_made_of_a_name(word: str) -> bool:
    """``anna``, ``jsmith``, ``smithj``, ``annak``, ``johnsmith``."""
    if word in ordinary_words() or word in common_words() or word in CODE_WORDS:
        return False
    if len(word) >= _FAMILY and word in given_names():
        return True
    if len(word) <= _FAMILY:
        return False
    # an initial or two before (jmsmith, no im-porter, no st-ringer), or one after
    if _is_family(word[1:]) or (_INITIALS.match(word) and _is_family(word[2:])):
        return True
    if _is_family(word[:-1]) or _is_given(word[:-1]):
        return True
    return any(
        _is_given(word[:at]) and _is_family(word[at:])
        for at in range(_SHORT, len(word) - _FAMILY + 1)
    )
