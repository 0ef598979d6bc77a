"""Gates of numbers: what the text around says about digits whose shape says little.

A check digit holds for one number in ten or eleven, and a telephone number may look like any
number at all. Asked and answering as :mod:`recognizers.validators.network_context`.
"""

from __future__ import annotations

import re

from recognizers.validators.finance import is_issued

_PHONE_WORD = re.compile(
    r"(?i)\b(?:tele)?(?:phones?|fon|fono|foon|fax)\b|\bt[eé]l\b|\bmob(?:ile|il)?\b"
    r"|\bcell(?:phone|ular)?\b|\bhandy\b|\bcall(?:ed|ing|s|back)?\b|\bdial(?:led|ed)?\b|\bcontact\b"
    r"|\bsms\b|\btext(?:ed)?\s(?:me|him|her|us|them)|\bwhatsapp\b|\bsignal\b|\breach(?:ed|able)?\b"
    r"|\brufnummer\b|\bhotline\b|\bvoicemail\b|\b[pmtf]:\s?\Z|\bphone"
)
_PHONE_SHAPES = re.compile(
    r"""(?x)
      \(\d{2,5}\)[\s.-]?\d[\d\s./-]{4,}                          # (212) 555-0100
    | (?:1[\s.-])?[2-9]\d{2}([-.\s])[2-9]\d{2}[-.\s]\d{4}.*      # 212-555-0100, 212.555.0100
    | 1[-.\s]\(?[2-9]\d{2}\)?[-.\s]\d{3}[-.\s]\d{4}.*
    | (?!(?:\D*\d){13})0\d{2,5}[\s/-]\d[\d\s/-]{4,}              # 030/1234567, 020 7946 0958
    | 0\d(?:[\s.-]\d{2}){4}                                      # 06 12 34 56 78
    | 00[\s-]?[1-9][\d\s./()-]{7,}                               # 0044 20 7946 0958
    | 0[1-9]\d{8,10}                                             # 07911123456
    | [6-9]\d{4}[\s-]\d{5}                                       # 98765 43210
    | [2-9]\d{2}[-.\s][2-9]\d{6}                                 # 212-5550100
    """
)
_DATE = re.compile(
    r"(?:19|20)\d{2}[-/.\s](?:0?[1-9]|1[0-2])[-/.\s]\d|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}"
    r"|0\d{4}-\d{4}\Z"  # ZIP+4
)
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\s?=\s?[\"']?\Z")
_LONGEST_PHONE = 15  # digits, ITU-T E.164; a time stamp and a thread number have more


def phone_number(text: str, start: int, end: int, supported: bool) -> bool:
    """With a plus, in a shape of phone numbers, or beside a word for one."""
    value, before = text[start:end].strip(), text[max(0, start - 1) : start]
    if value.startswith(("+", "\uff0b")):
        return True
    if (before and before in ".#\\%$€£") or text[end : end + 1] in ("%", "\u00b0"):
        return False
    if start == 0 and end == len(text):
        return True  # all there is: a cell, a value
    near = _before(text, start, 48)
    if re.search(r"\d[.,]\Z", near) or re.match(r"[.,]\d", text[end : end + 2]):
        return False  # part of a number with decimals
    if _PHONE_WORD.search(near[-40:]) and not re.fullmatch(r"\d+\.\d+", value):
        return True
    in_brackets = before in ("[", "{") or (before == "(" and value.isdigit())
    if _DATE.match(value) or in_brackets or (_ASSIGNED.search(near) and value.isdigit()):
        return False
    digits = sum(char.isdigit() for char in value)
    return digits <= _LONGEST_PHONE and _PHONE_SHAPES.fullmatch(value) is not None


_LICENSE_WORD = re.compile(
    r"(?i)\bdriv(?:er|ing)\b|\bdriver'?s\b|\b(?:dl|cdl|d/l)\b|licen[cs]e\s?(?:no\b|num|nr|id\b|#|is\b)"
    r"|\bpermit\s?(?:no|num|#)|\boperator'?s\slic|\blic\s?#|\bdmv\b|f[üu]hrerschein|\blicense:\s\Z"
)


def driver_license(text: str, start: int, end: int, supported: bool) -> bool:
    """Five places or more, three of them digits, beside words that speak of such a licence."""
    value = text[start:end]
    return (
        len(value) >= 5
        and sum(char.isdigit() for char in value) >= 3
        and _LICENSE_WORD.search(_before(text, start, 64)) is not None
        and not _is_glued(text, start, end)
    )


_PASSPORT_WORD = re.compile(r"(?i)pass\s?port|reisepass|travel\sdoc|pasaporte|passeport")


def passport(text: str, start: int, end: int, supported: bool) -> bool:
    """Beside the word passport."""
    return _PASSPORT_WORD.search(_before(text, start, 80)) is not None


_NHS_WORD = re.compile(
    r"(?i)\bn\.?h\.?s\b|health\s(?:service|auth|no|num|record)|\bpatient|\bgp\b|\bhospital"
)


def nhs_number(text: str, start: int, end: int, supported: bool) -> bool:
    """In its three groups, or beside words that speak of the health service."""
    grouped = re.fullmatch(r"\d{3}([ -])\d{3}\1\d{4}", text[start:end]) is not None
    near = _NHS_WORD.search(_before(text, start, 64)) is not None
    return (grouped or near) and not _is_glued(text, start, end)


_DEA_WORD = re.compile(
    r"(?i)\bdea\b|\bdoctor\b|\bdr\.|\bphysician|\bprescri|\bmedical|\bpractitioner|\bcertificate"
    r"|\blicen[cs]e"
)


def dea_number(text: str, start: int, end: int, supported: bool) -> bool:
    """In capitals, a word of its own, beside words that speak of a prescriber."""
    return (
        text[start:end].isupper()
        and not _is_glued(text, start, end)
        and _DEA_WORD.search(_before(text, start, 80)) is not None
    )


_BANK_WORD = re.compile(
    r"(?i)\b(?:bank(?:ing)?|acc(?:oun)?ts?|a/c|checking|savings?|debit|deposit|iban|konto|routing"
    r"|wire|cheque)\b"
)


def bank_number(text: str, start: int, end: int, supported: bool) -> bool:
    """Beside words that speak of a bank or an account."""
    near = _BANK_WORD.search(_before(text, start, 64)) is not None
    return near and not _is_glued(text, start, end)


_ROUTING_WORD = re.compile(r"(?i)\baba\b|\brouting|\brtn\b|\btransit|\bach\b|\bwire\b|\bbank")


def routing_number(text: str, start: int, end: int, supported: bool) -> bool:
    """Beside words that speak of routing: one number of nine digits in ten passes its check."""
    return _ROUTING_WORD.search(_before(text, start, 64)) is not None


def card_number(text: str, start: int, end: int, supported: bool) -> bool:
    """Issued by some network, and no decimals of a number."""
    digits = "".join(str(int(char)) for char in text[start:end] if char.isdecimal())
    return is_issued(digits) and not _is_glued(text, start, end)


_SSN_WORD = re.compile(r"(?i)\bssns?\b|\bsocial\b|\bss\s?(?:#|no)|\btax|\bitin\b|\btin\b|ssn")


def social_security(text: str, start: int, end: int, supported: bool) -> bool:
    """In its three groups, or beside words that speak of it."""
    grouped = re.fullmatch(r"\d{3}([- .])\d{2}\1\d{4}", text[start:end]) is not None
    near = _SSN_WORD.search(_before(text, start, 48)) is not None
    return (grouped or near) and not _is_glued(text, start, end)


def _before(text: str, start: int, reach: int) -> str:
    return text[max(0, start - reach) : start]


_GLUED_BEFORE = re.compile(r"\d[.,]\Z|[\w/\\#]\Z|\w-\Z")
_GLUED_AFTER = re.compile(r"[.,]\d|\w|-\w|/\w")


def _is_glued(text: str, start: int, end: int) -> bool:
    """Part of a longer number or word: 3.1415, 0xAB12, ab-12-cd."""
    return (
        _GLUED_BEFORE.search(text[max(0, start - 2) : start]) is not None
        or _GLUED_AFTER.match(text[end : end + 2]) is not None
    )
