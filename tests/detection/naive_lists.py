"""What lists find, written down as slowly and plainly as possible: the tests' reference."""

import unicodedata

UNSPACED = [
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
]  # fmt: skip


def kind(char):
    if char.isspace():
        return "space"
    if any(low <= ord(char) <= high for low, high in UNSPACED):
        return "alone"
    part = (
        char.isalnum()
        or char == "_"
        or 0x300 <= ord(char) <= 0x36F
        or char in "\u200b\u200c\u200d\u00ad"
    )
    return "word" if part else "sign"


def tokens(text):
    """(start, end, kind) of every word."""
    found, at = [], 0
    while at < len(text):
        end = at + 1
        if kind(text[at]) == "word":
            while end < len(text) and kind(text[end]) == "word":
                end += 1
        if kind(text[at]) != "space":
            found.append((at, end, kind(text[at])))
        at = end
    return found


def same(word, ignore_case):
    return unicodedata.normalize("NFC", word.casefold() if ignore_case else word)


def stretches(text, by_line, limit=60):
    """Every stretch of words: (first token, last token, words, gaps)."""
    all_tokens = tokens(text)
    for first in range(len(all_tokens)):
        words, gaps = [], []
        for last in range(first, min(first + limit, len(all_tokens))):
            if last > first:
                gap = text[all_tokens[last - 1][1] : all_tokens[last][0]]
                if by_line and "\n" in gap:
                    break
                gaps.append(bool(gap))
            words.append(text[all_tokens[last][0] : all_tokens[last][1]])
            yield all_tokens[first], all_tokens[last], list(words), list(gaps)


def split_value(value, ignore_case):
    value = unicodedata.normalize("NFC", value)
    parts = tokens(value)
    words = [same(value[a:b], ignore_case) for a, b, _ in parts]
    gaps = [left[1] < right[0] for left, right in zip(parts, parts[1:], strict=False)]
    return words, gaps


def exact_hits(text, values, ignore_case, by_line):
    wanted = [split_value(value, ignore_case) for value in values]
    return {
        (first[0], last[1])
        for first, last, words, gaps in stretches(text, by_line)
        if ([same(word, ignore_case) for word in words], gaps) in wanted
    }


def joined(words, gaps):
    text = words[0]
    for word, gap in zip(words[1:], gaps, strict=True):
        text += (" " if gap else "") + word
    return text


def distance(a, b):
    """Optimal string alignment."""
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def fuzzy_hits(text, values, ignore_case, by_line, shortest=5):
    wanted = {joined(*split_value(value, ignore_case)) for value in values}
    wanted = {value for value in wanted if len(value) >= shortest}
    return {
        (first[0], last[1])
        for first, last, words, gaps in stretches(text, by_line)
        if first[2] != "sign"
        and last[2] != "sign"
        and any(
            distance(joined([same(word, ignore_case) for word in words], gaps), value) <= 1
            for value in wanted
        )
    }
