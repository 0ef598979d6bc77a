"""IP and MAC addresses, UUIDs."""

from __future__ import annotations

import ipaddress
import re

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)
_MAC = re.compile(r"[0-9A-Fa-f]{12}")


def not_an_address(text: str) -> bool:
    """True for what is neither an IPv4 nor an IPv6 address, with or without a prefix length."""
    if _IPV4.fullmatch(text):
        return False  # most of them, without the library's exceptions
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return True
    return False


def not_a_mac(text: str) -> bool:
    """True for other lengths, broadcast and all zeros (IEEE 802)."""
    digits = re.sub(r"[:\-.]", "", text)
    return _MAC.fullmatch(digits) is None or digits.upper() in ("F" * 12, "0" * 12)


def not_a_uuid(text: str) -> bool:
    """True for a wrong version or variant (RFC 9562) and the nil UUID."""
    groups = text.lower().split("-")
    if len(groups) != 5 or not all(groups) or text.strip("0-") == "":
        return True
    return groups[2][0] not in "12345678" or groups[3][0] not in "89ab"
