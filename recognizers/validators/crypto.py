"""Bitcoin addresses: base58check (P2PKH, P2SH), bech32 (BIP 173) and bech32m (BIP 350)."""

from __future__ import annotations

from hashlib import sha256

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS = (1, 0x2BC830A3)


def crypto(text: str) -> bool:
    """Whether the checksum of the address holds."""
    if text.startswith(("1", "3")):
        return _base58_holds(text)
    return text.startswith("bc1") and _bech32_holds(text)


def _base58_holds(text: str) -> bool:
    stripped = text.lstrip("1")
    number = 0
    for char in stripped:
        value = _BASE58.find(char)
        if value < 0:
            return False
        number = number * 58 + value
    size = len(text) - len(stripped) + (number.bit_length() + 7) // 8
    data = number.to_bytes(size, "big")
    return data[-4:] == sha256(sha256(data[:-4]).digest()).digest()[:4]


def _bech32_holds(text: str) -> bool:
    if text not in (text.lower(), text.upper()) or len(text) > 90:
        return False
    lowered = text.lower()
    mark = lowered.rfind("1")
    if mark < 1 or mark + 7 > len(lowered):
        return False
    values = [_BECH32.find(char) for char in lowered[mark + 1 :]]
    if -1 in values:
        return False
    prefix = [ord(char) for char in lowered[:mark]]
    if any(not 33 <= code <= 126 for code in prefix):
        return False
    return (
        _polymod([code >> 5 for code in prefix] + [0] + [code & 31 for code in prefix] + values)
        in _CONSTANTS
    )


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit in range(5):
            check ^= _GENERATOR[bit] if (top >> bit) & 1 else 0
    return check
