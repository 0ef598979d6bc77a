"""Validated policies kept in the state folder, so that a start needs no YAML and no pydantic.

An entry is a line with the SHA-256 of the rest, and the policy as JSON. It is trusted only
when it and its folder belong to the user, nobody else may write them, and the digest fits;
otherwise the policy is read anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from redactor.errors import StateError
from redactor.home import check_owned, folder, write_private
from redactor.policy.encode import from_data, to_data
from redactor.policy.model import Policy
from redactor.version import __version__

_SHAPE = "2"  # raise when the meaning of an entry or of a policy key changes


def key_of(name: str, files: Sequence[bytes]) -> str:
    """Key of a policy made of these files; the name is what it is called if it does not say."""
    state = hashlib.sha256(f"{_SHAPE}\0{__version__}\0{name}\0".encode("utf-8", "surrogatepass"))
    for content in files:
        state.update(hashlib.sha256(content).digest())
    return state.hexdigest()


def get(key: str) -> Policy | None:
    """The policy kept under a key, or None."""
    try:
        path = folder("cache") / f"policy-{key[:32]}"
        check_owned(path)
        content = path.read_bytes()
    except (OSError, StateError):
        return None  # missing or not to be trusted: the files themselves are read instead
    digest, _, payload = content.partition(b"\n")
    if digest != _digest(key, payload):
        return None
    try:
        return from_data(json.loads(payload))
    except (KeyError, TypeError):
        return None  # of another build of this version


def put(key: str, policy: Policy) -> None:
    """Keep a policy, unless it holds values or paths, or the state folder is not usable."""
    if policy.allow or policy.deny or policy.recognizers or policy.ner.model.startswith("/"):
        return
    payload = json.dumps(to_data(policy), separators=(",", ":")).encode()
    try:
        write_private(
            folder("cache") / f"policy-{key[:32]}", _digest(key, payload) + b"\n" + payload
        )
    except (OSError, StateError):
        return  # a cache that cannot be written only costs time


def _digest(key: str, payload: bytes) -> bytes:
    return hashlib.sha256(f"{key}\n".encode() + payload).hexdigest().encode()
