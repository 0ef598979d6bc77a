"""Preset name or YAML file -> policy; from the cache where nothing has changed.

The cache key is made of the program's version and the bytes of every file of the
``extends`` chain. On the way in the chain is found by a look at the ``extends:`` lines
alone, without a YAML parser; an entry is only written when the parser found the same chain,
so a key never stands for less than what was read. Policies with list entries or recognizers
are not cached: values and paths may be personal data, and their files can change.
"""

from __future__ import annotations

import re
from pathlib import Path

from redactor.errors import PolicyError
from redactor.policy import cache
from redactor.policy.model import Policy
from redactor.policy.source import find, read_bytes

_EXTENDS = re.compile(rb"^extends:[ \t]*(.*?)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_NAME = re.compile(rb"[\w./-]+\Z")
_MAX_FILES = 32


def load_policy(name_or_path: str | Path) -> Policy:
    """A validated policy: a preset's name (``base``) or a YAML file.

    Raises:
        PolicyError: not found, not valid, against a law that it names, or looser than a
            protected policy without saying why; lists every problem as ``file:line: what``.
    """
    path = name_or_path if isinstance(name_or_path, Path) else find(name_or_path)
    files: list[bytes] = []
    complete = _collect(path, files)
    key = cache.key_of(path.stem, files) if complete else None
    if key is not None:
        cached = cache.get(key)
        if cached is not None:
            return cached
    from redactor.policy.extend import load_chain

    chain, policy = load_chain(path)
    if key is not None and chain.files == tuple(files):
        cache.put(key, policy)
    return policy


def _collect(path: Path, files: list[bytes]) -> bool:
    """Put the bytes of a file and all that it extends into ``files``; False when unsure."""
    if len(files) >= _MAX_FILES:
        return False  # a circle, most likely: the parser will say so
    content = read_bytes(path)
    files.append(content)
    for match in _EXTENDS.finditer(content):
        for name in match[1].strip(b"[]").split(b","):
            name = name.strip().strip(b"'\"")
            if not _NAME.match(name):
                return False
            try:
                if not _collect(find(name.decode(), path.parent), files):
                    return False
            except PolicyError:
                return False  # the parser will say it with its line
    return True
