"""Every expected failure, with the exit code that a caller sees.

    RedactorError                 1   base; never raised itself
    ├── UsageError                2   wrong option, argument or combination
    ├── PolicyError               2   policy or recognizer file is not valid
    ├── PartialError              3   part of the work could not be done
    ├── WithheldError             4   nothing was released, on purpose
    │   └── VerificationError     4   the written copy failed its re-read
    ├── UnreadableError           5   the input cannot be read as what it claims to be
    ├── DestinationError          2   the output cannot be written there
    └── StateError                2   key, ledger, model or state folder is missing or damaged

Messages say what happened, to which item, and what to do next. They never hold text of a
document: name the place (page, row, byte), not the value.
"""

from __future__ import annotations


class RedactorError(Exception):
    """Base of all expected failures; ``exit_code`` is the process's exit status."""

    exit_code = 1


class UsageError(RedactorError):
    """The caller asked for something that cannot be asked for."""

    exit_code = 2


class PolicyError(RedactorError):
    """A policy or recognizer file is not valid; the message holds ``file:line``."""

    exit_code = 2


class DestinationError(RedactorError):
    """The output cannot be written at the place asked for; nothing was left there."""

    exit_code = 2


class StateError(RedactorError):
    """A key, ledger, model or the state folder is missing, damaged or too open."""

    exit_code = 2


class PartialError(RedactorError):
    """Part of the work could not be done (for example the model is missing)."""

    exit_code = 3


class WithheldError(RedactorError):
    """Nothing was released, because releasing could have leaked."""

    exit_code = 4


class VerificationError(WithheldError):
    """The written copy failed its independent re-read."""


class UnreadableError(RedactorError):
    """The input cannot be read as what it claims to be."""

    exit_code = 5
