r"""INI, .env and .properties read back character by character, apart from their writers."""

from __future__ import annotations

from collections.abc import Iterator

_ENDS = "\r\n"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def _lines(text: str) -> Iterator[str]:
    yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def ini(text: str) -> Iterator[str]:
    """Comments, sections, keys and values, in order."""
    key = ""
    for line in _lines(text):
        body = line.strip(" \t")
        if not body.strip():
            continue
        if body[0] in "#;":
            yield body[1:].lstrip(" \t") if line.rstrip() else ""
        elif body[0] == "[" and "]" in body:
            close, comment = _section_end(body)
            if close < 0:
                yield from _pair(line, key)
                continue
            yield body[1:close]
            if comment is not None:
                yield comment
        else:
            found = list(_pair(line, key))
            if found and found[0][:1] == "\0":
                key = found[0][1:]
                found[0] = key
            yield from found


def _section_end(body: str) -> tuple[int, str | None]:
    """Where the section's name ends: at the last bracket that only a comment follows."""
    at = len(body)
    while (at := body.rfind("]", 0, at)) > 0:
        rest = body[at + 1 :].strip(" \t")
        if not rest:
            return at, None
        if rest[0] in "#;":
            return at, rest[1:].lstrip(" \t")
    return -1, None


def _pair(line: str, key: str) -> Iterator[str]:
    """A key is marked by a NUL in front, for the caller."""
    marks = [at for at in (line.find("="), line.find(":")) if at >= 0]
    if not marks:
        if line[:1] in " \t" and key:
            yield from _value(line.strip(" \t"))
        else:
            yield "\0" + line.strip(" \t")
        return
    at = min(marks)
    yield "\0" + line[:at].strip(" \t")
    yield from _value(line[at + 1 :].lstrip(" \t"))


def _value(raw: str) -> Iterator[str]:
    comment = None
    for at in range(1, len(raw)):
        if raw[at] in "#;" and raw[at - 1] in " \t":
            comment, raw = raw[at + 1 :].lstrip(" \t"), raw[:at]
            break
    raw = raw.rstrip(" \t")
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        raw = raw[1:-1]
    yield raw
    if comment is not None:
        yield comment


def env(text: str) -> Iterator[str]:
    """Comments, names and values, in order.

    Raises:
        ValueError: a quote is never closed.
    """
    at = 0
    while at < len(text):
        stop = _stop(text, at)
        line = text[at:stop]
        body = line.lstrip(" \t")
        if not body.strip():
            at = stop + 1
            continue
        if body[0] == "#":
            yield body[1:].lstrip(" \t")
            at = stop + 1
            continue
        name_end = min((p for p in (body.find("="), body.find(":")) if p >= 0), default=-1)
        name = body[:name_end].rstrip(" \t")
        if name.startswith(("export ", "export\t")):
            name = name[6:].lstrip(" \t")
        if name_end < 0 or not name or any(c.isspace() or c == "#" for c in name):
            yield line.rstrip()
            at = stop + 1
            continue
        yield name
        at = at + len(line) - len(body) + name_end + 1
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        quote = text[at : at + 1]
        if quote and quote in "\"'`" and (end := _closing(text, at, quote)) > 0:
            raw = text[at + 1 : end]
            yield _unescaped(raw) if quote == '"' else raw
            at = end + 1
        else:
            raw = text[at : _stop(text, at)]
            cut = min((p for p in (raw.find(" #"), raw.find("\t#")) if p >= 0), default=len(raw))
            if raw[:1] == "#" and text[at - 1] in " \t":
                cut = 0
            yield raw[:cut].rstrip(" \t")
            at += cut
        stop = _stop(text, at)
        rest = text[at:stop].strip(" \t")
        if rest and rest[0] != "#":
            raise ValueError("a value is quoted wrongly")
        if rest:
            yield rest[1:].lstrip(" \t")
        at = stop + 1


def _stop(text: str, at: int) -> int:
    """Where the line ends; of CR LF the CR is its end, and LF a blank line."""
    return min((p for p in (text.find("\n", at), text.find("\r", at)) if p >= 0), default=len(text))


def _closing(text: str, at: int, quote: str) -> int:
    place = at + 1
    while place < len(text):
        if text[place] == "\\" and quote == '"':
            place += 2
        elif text[place] == quote:
            return place
        else:
            place += 1
    return -1


def _unescaped(raw: str) -> str:
    made, place = [], 0
    while place < len(raw):
        if raw[place] == "\\" and place + 1 < len(raw):
            made.append(_ESCAPES.get(raw[place + 1], raw[place + 1]))
            place += 2
        else:
            made.append(raw[place])
            place += 1
    return "".join(made)


def properties(text: str) -> Iterator[str]:
    """Comments, keys and values as java.util.Properties loads them, in order."""
    lines = _lines(text)
    for line in lines:
        body = line.lstrip(" \t\f")
        if not body.strip():
            continue
        if body[0] in "#!":
            yield body[1:].lstrip(" \t")
            continue
        logical = body
        while (len(logical) - len(logical.rstrip("\\"))) % 2:
            following = next(lines, None)
            if following is None:
                break
            logical = logical[:-1] + following.lstrip(" \t\f")
        key, value = _split_property(logical)
        if not key:
            yield line
            continue
        yield _property(key)
        yield _property(value)


def _split_property(line: str) -> tuple[str, str]:
    place = 0
    while place < len(line):
        if line[place] == "\\":
            place += 2
            continue
        if line[place] in "=: \t\f":
            break
        place += 1
    key = line[:place]
    rest = line[place:].lstrip(" \t\f")
    if rest[:1] in ("=", ":"):
        rest = rest[1:].lstrip(" \t\f")
    return key, rest


def _property(raw: str) -> str:
    made, place = [], 0
    while place < len(raw):
        if raw[place] != "\\" or place + 1 >= len(raw):
            made.append(raw[place] if raw[place] != "\\" else "")
            place += 1
        elif raw[place + 1] == "u" and _is_hex(raw[place + 2 : place + 6]):
            made.append(chr(int(raw[place + 2 : place + 6], 16)))
            place += 6
        else:
            made.append(_ESCAPES.get(raw[place + 1], raw[place + 1]))
            place += 2
    return "".join(made)


def _is_hex(text: str) -> bool:
    return len(text) == 4 and all(char in "0123456789abcdefABCDEF" for char in text)
