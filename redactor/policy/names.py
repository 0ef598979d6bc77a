"""The usual ways to write a person's name."""

from __future__ import annotations


def forms_of_name(name: str) -> list[str]:
    """A person's full name, ``Given Family``, and the usual ways to write it.

    The family name alone is not among them: it may be a relative's.
    """
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return [name]
    given, family = words[0], words[-1]
    initial = given[0] + "."
    forms = [
        name,
        f"{given} {family}",
        f"{family}, {' '.join(words[:-1])}",
        f"{family}, {given}",
        f"{initial} {family}",
        f"{family}, {initial}",
        given,
    ]
    return list(dict.fromkeys(forms))
