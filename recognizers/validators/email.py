"""Is the domain of an address registered under a suffix of the Public Suffix List?

``recognizers/data/public_suffixes.txt`` holds the ICANN part of the list (publicsuffix.org,
MPL 2.0), as tldextract ships it; the compile step writes it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).parents[1] / "data" / "public_suffixes.txt"
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


def has_public_domain(text: str) -> bool:
    """Whether a domain stands below a public suffix: ``x@example.com``, not ``x@co.uk``."""
    labels = _host(text).rstrip(".\u3002\uff0e\uff61").translate(_DOTS).split(".")
    suffix = _suffix_index(labels)
    return suffix is not None and suffix > 0 and bool(labels[suffix - 1])


def _host(text: str) -> str:
    # an address is read as a URL's authority would be
    start = text.find("//")
    if start == 0 or (start >= 2 and text[start - 1] == ":" and _is_scheme(text[: start - 1])):
        text = text[start + 2 :]
    for mark in "/?#":
        text = text.partition(mark)[0]
    return text.rpartition("@")[2].partition(":")[0].strip()


def _is_scheme(text: str) -> bool:
    return all(char.isascii() and (char.isalnum() or char in "+-.") for char in text)


def _suffix_index(labels: list[str]) -> int | None:
    """Position of the suffix's first label; None where the list knows none."""
    rules, nodes = _rules()
    path, at, found = "", len(labels), len(labels)
    for label in reversed(labels):
        decoded = _decoded(label)
        longer = f"{decoded}.{path}" if path else decoded
        if longer in nodes:
            at, path = at - 1, longer
            found = at if longer in rules else found
            continue
        if f"*.{path}" in rules:
            return at if f"!{longer}" in rules else at - 1
        break
    return None if found == len(labels) else found


def _decoded(label: str) -> str:
    lowered = label.lower()
    if lowered.startswith("xn--"):
        try:
            return lowered[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return lowered
    return lowered


@cache
def _rules() -> tuple[frozenset[str], frozenset[str]]:
    """The rules, and every ending of a rule (a node of their tree)."""
    rules = frozenset(_LIST.read_text("utf-8").split())
    nodes = set(rules)
    for rule in rules:
        while "." in rule:
            rule = rule.partition(".")[2]
            nodes.add(rule)
    return rules, frozenset(nodes)


def not_an_address(text: str) -> bool:
    """True for ``git@host`` of a clone URL and for a domain that is a number or code."""
    local, _, domain = text.rpartition("@")
    last = domain.rpartition(".")[2]
    return local in ("git", "hg", "svn") or not last[:1].isalpha() or len(last) < 2
