"""Gates of IP addresses, URLs and e-mail addresses: what the text around says about a match.

A pattern sees ``1.2.3.4`` and not the ``>=`` before it. Each function is asked with the whole
text, the span of a match (code points, half-open) and whether the rule's own context words stand
before it; False says that the match is something else. Gates only ever take findings away.
"""

from __future__ import annotations

import re

from recognizers.validators.lists import CODE_WORDS

_REACH = 48  # characters before a match that are looked at

# what stands before a version, a section's number, a file's name
_VERSION = re.compile(
    r"""(?ix)
    (?: (?<![=<>~!])(?:[<>~!]=?|==)\s?
      | \bv(?:er(?:sion)?s?)?[.\s:=]{0,3}
      | \bversions?\s(?:is\s|of\s|=\s?)?["']?
      | \b(?:release|rev|revision|build|firmware|upgrade[ds]?\sto|section|sec|chapter|clause|figure
            |fig|table|appendix|article|step|paragraph|rule|annex)\.?[\s:=(]{0,3}["']?
      | §\s?
      | \b(?:chrom(?:e|ium)|headlesschrome|edge?|edga|edgios|opr|opera|firefox|safari|crios|mozilla
            |applewebkit|samsungbrowser|ya(?:browser)?|vivaldi|electron|brave|silk|msie|trident|curl
            |wget|python|java|okhttp|cfnetwork|darwin)[/\s]
      | [a-z_][-_] | \d\. | ~~
    )\Z"""
)
_FILE_AFTER = re.compile(
    r"\.\d|[-_.]?(?:tar|zip|jar|whl|exe|dll|msi|gz|deb|rpm|apk|dmg|so|py|el\d|win|linux)\b"
    r"|-(?:alpha|beta|rc|snapshot)",
    re.IGNORECASE,
)
_ADDRESS_WORD = re.compile(
    r"(?i)(?<![a-z])(?:ip(?:v?[46])?(?:_?addr\w*)?|addr\w*|(?:l|r)?host|listen\w*|bind|inet6?"
    r"|interface|nameserver|dns|gateway|subnet|cidr|peer|ping)\b"
)
_OID = re.compile(r"(?i)(?:\b(?:oid|mib|snmp)|objectidentifier)[\s:=(]{0,12}[\"']?\Z")
_LINE_START = re.compile(r"(?m)^[ \t#*]*\Z")
_HEADING_WORD = re.compile(r"\.?[ \t]{1,4}[A-Z][a-z]")
_SLICE = re.compile(r"[\w)\]]\s?\[\Z|[\w)\]]\[[^\]\n]{0,20}[,:]\s?\Z")
_HEX = frozenset("0123456789abcdefABCDEF")


def ip_address(text: str, start: int, end: int, supported: bool) -> bool:
    """Not a version, an object identifier, a slice ``[1::3]`` or a lone ``::``."""
    value, before = text[start:end], _before(text, start)
    if ":" in value:
        return _is_ipv6(value, before, text[end : end + 1])
    if (_FILE_AFTER.match(text, end) and "/" not in value) or re.search(r"\d\.\Z", before):
        return False
    if _OID.search(before):
        return False
    octets = [int(part) for part in value.partition("/")[0].split(".")]
    root_of_oids = octets[:2] in ([1, 3], [2, 5]) and octets[2] < 30
    if root_of_oids or (octets[0] == 0 and any(octets)):
        return bool(_ADDRESS_WORD.search(before))
    if _VERSION.search(before):
        return bool(_ADDRESS_WORD.search(before[-20:]))
    heading = _LINE_START.search(before) and max(octets) < 20 and _HEADING_WORD.match(text, end)
    return not heading


def _is_ipv6(value: str, before: str, after: str) -> bool:
    digits = [char for char in value if char in _HEX]
    if "." in value or len(digits) >= 6 or _ADDRESS_WORD.search(before[-24:]):
        return value != "::" or re.search(r"[\"'\[(= ]\Z", before) is not None
    last = before[-1:]
    if last and last in "\"'" and after == last:
        return value in ("::", "::1") or len(digits) > 2
    if _SLICE.search(before):
        return False
    if value == "::1":
        return after in ("", *" \n/],);") and last in ("", *" \n[(/=@")
    # two to five hex digits: fe80::1 is one, a::b and 1::3 are none
    return len(digits) >= 4 and any(char.isdigit() for char in digits) and last != "`"


# top-level domains that are hardly ever an attribute or a file's ending
_PLAIN_TLDS = frozenset("com org edu gov mil biz".split())
# those that are both: a path after them or a word before them decides
_OFTEN_WORDS = frozenset(
    """
    ai app blog cc cloud co dev info io link me name net online page shop site store tech tv web xyz
    """.split()
)
_FILE_ENDINGS = frozenset(
    """
    ad am app bar bat cat cc cs do hs js la md mm mov ml pl pm ps py rs sc sh so st td tf tk ts vb
    zip
    """.split()
)
_COUNTRIES = frozenset(
    """
    ar at au be br ca ch cl cn cz de dk es eu fi fr gr hk hu ie in it jp kr mx nl no nz pl pt ru se
    sg tr tw uk us za
    """.split()
)
_SECOND_LEVEL = frozenset("ac co com edu gov net org".split())
# first labels of attribute chains and of package names (com.example, org.apache)
_CODE_HOSTS = CODE_WORDS | frozenset(
    "ax cls com df fs io java javax net nn np org os pd plt self sys tf torch".split()
)
_HOST = re.compile(r"[\w.-]+")
_PATH = re.compile(r"(?::\d{2,5})?/[A-Za-z]\w")
_SITE_WORD = re.compile(
    r"(?i)\b(?:visit|web|(?:web)?site|domain|homepage|home page|online at|blog at)\b[^\n]{0,16}\Z"
)
_CODE_BEFORE = re.compile(
    r"[=(\[{,]\s?\Z|\b(?:import|from|def|return|class|if|for|in|not|and|or)\s\Z|>>>"
)


def url(text: str, start: int, end: int, supported: bool) -> bool:
    """With a scheme; or a host that is no attribute, no file and no package name."""
    value = text[start:end].strip("\"'")
    if "://" in value:
        return True
    found = _HOST.match(value)
    if found is None:
        return False
    host, path = found[0].lower().rstrip("."), value[found.end() :]
    labels = host.split(".")
    if host.startswith("www.") and len(labels) > 2:
        return True
    if _goes_on(text, start, end) or _is_of_a_program(labels):
        return False
    return _is_plausible_host(text, start, labels, path, supported)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the match is a piece of a longer name or of a call."""
    before, after, second = (
        text[max(0, start - 1) : start],
        text[end : end + 1],
        text[end + 1 : end + 2],
    )
    if before and before in "._-$\\%":
        return True
    if after.isalnum() or (after and after in "([=_"):
        return True
    return after in (".", "-") and second.isalnum()


def _is_of_a_program(labels: list[str]) -> bool:
    name = labels[-2] if len(labels) > 1 else ""
    if labels[0] in _CODE_HOSTS and len(labels) < 4:
        return True
    return (
        any("_" in label for label in labels)
        or len(name) < 2
        or not any(char.isalpha() for char in name)
    )


def _is_plausible_host(
    text: str, start: int, labels: list[str], path: str, supported: bool
) -> bool:
    tld, name = labels[-1], labels[-2]
    if tld in _PLAIN_TLDS:
        return True
    if len(labels) == 2 and name in _SECOND_LEVEL:
        return False  # a public suffix
    supported = supported or _SITE_WORD.search(_before(text, start)) is not None
    line = text[text.rfind("\n", 0, start) + 1 : start]
    in_code = _CODE_BEFORE.search(line[-40:]) is not None
    has_path = _PATH.match(path) is not None
    if tld in _FILE_ENDINGS and not supported:
        return False
    if tld in _COUNTRIES:
        named = len(name) > 3 and not in_code
        return name in _SECOND_LEVEL or len(labels) > 3 or named or has_path
    if tld in _OFTEN_WORDS and (has_path or (supported and not in_code)):
        return True
    return len(labels) > 2 and has_path and not in_code


def email(text: str, start: int, end: int, supported: bool) -> bool:
    """Not ``a@b.T`` of a program, and no user of a clone URL."""
    after = text[end : end + 1]
    return after not in ("(", "[") and not (after == ":" and text[start : start + 4] == "git@")


def _before(text: str, start: int) -> str:
    return text[max(0, start - _REACH) : start]
