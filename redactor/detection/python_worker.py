"""The child process in which recognizers that are Python classes run.

A user's code gets texts and nothing else: no keys (their variables are taken out of the
environment), no terminal and no output (what it prints goes nowhere), and no say over the
process that writes copies. Of an exception only the name of its type leaves this process.

Messages are JSON, each behind its length (four bytes, little-endian). Requests: ``describe``
(path of a file) -> its rules; ``analyze`` (text, recognizers with the types wanted of each,
what other rules found) -> what each found.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from redactor.detection.python_rules import classes
from redactor.detection.rules import Table, encode
from redactor.errors import PolicyError, RedactorError

KEY_VARIABLES = "REDACTOR_KEY"
_OWN_CONTEXT = "enhance_using_context"


def main() -> int:
    """Answer until the pipe is closed."""
    from_parent = os.fdopen(os.dup(0), "rb")
    to_parent = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    for name in [name for name in os.environ if name.startswith(KEY_VARIABLES)]:
        del os.environ[name]
    host = _Host()
    while (request := receive(from_parent)) is not None:
        send(host.answer(request), to_parent)
    return 0


def send(message: object, out: BinaryIO) -> None:
    """Write one message."""
    data = json.dumps(message).encode("ascii")
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()


def receive(source: BinaryIO) -> dict[str, Any] | None:
    """Read one message; None where the other side has gone."""
    head = source.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack("<I", head)
    data = source.read(length)
    if len(data) < length:
        return None
    message: dict[str, Any] = json.loads(data)
    return message


class _Host:
    """Keeps recognizers once they were made."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[int, int], Any]] = {}
        self._engines: dict[str, Any] = {}

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One reply for one request; failures are part of it."""
        try:
            if request["do"] == "describe":
                return {"rules": describe(Path(request["path"]))}
            return {"hits": [self._analyze(ask, request) for ask in request["asks"]]}
        except RedactorError as error:
            return {"error": type(error).__name__, "message": str(error)}
        except _Failed as error:
            return {"failed": error.reference, "kind": error.kind}
        except (Exception, SystemExit) as error:  # whatever a user's code raises
            return {"failed": "", "kind": type(error).__name__}

    def _analyze(self, ask: Mapping[str, Any], request: Mapping[str, Any]) -> list[list[Any]]:
        """[type, start, end, score, boosted] of each result of one recognizer."""
        reference = ask["reference"]
        text = request["text"]
        try:
            recognizer = self._recognizer(reference)
            if not getattr(recognizer, "is_loaded", True):
                recognizer.load()
                recognizer.is_loaded = True
            artifacts = self._artifacts(text, ask["language"] or "xx")
            results = list(recognizer.analyze(text, list(ask["entities"]), artifacts) or ())
            if results and _has_own_context(recognizer):
                results = self._boosted(recognizer, text, results, request["others"], artifacts)
            return [_plain(result) for result in results]
        except RedactorError:
            raise
        except (Exception, SystemExit) as error:  # whatever a user's code raises
            raise _Failed(reference, type(error).__name__) from None

    def _boosted(
        self,
        recognizer: Any,
        text: str,
        results: Sequence[Any],
        others: Sequence[Sequence[Any]],
        artifacts: Any,
    ) -> list[Any]:
        from presidio_analyzer import RecognizerResult

        for result in results:
            metadata = dict(result.recognition_metadata or {})
            metadata.setdefault(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, recognizer.id)
            metadata.setdefault(RecognizerResult.RECOGNIZER_NAME_KEY, recognizer.name)
            result.recognition_metadata = metadata
        found = [RecognizerResult(*other) for other in others]
        return list(
            recognizer.enhance_using_context(
                text=text,
                raw_recognizer_results=results,
                other_raw_recognizer_results=found,
                nlp_artifacts=artifacts,
                context=None,
            )
        )

    def _recognizer(self, reference: str) -> Any:
        from redactor.detection.python_rules import instance

        place = reference.rpartition(":")[0]
        mark = (0, 0)
        if place.endswith(".py"):
            info = Path(place).stat()
            mark = (info.st_mtime_ns, info.st_size)
        known = self._made.get(reference)
        if known is None or known[0] != mark:
            known = self._made[reference] = mark, instance(reference)
        return known[1]

    def _artifacts(self, text: str, language: str) -> Any:
        """Tokens of spaCy's plain tokenizer; a token's lemma is the token in lower case."""
        from presidio_analyzer.nlp_engine import NlpArtifacts

        if language not in self._engines:
            self._engines[language] = _Tokenizer(language)
        engine = self._engines[language]
        tokens = engine.split(text)
        return NlpArtifacts(
            entities=[],
            tokens=tokens,
            tokens_indices=[token.idx for token in tokens],
            lemmas=[token.lower_ for token in tokens],
            nlp_engine=engine,
            language=language,
        )


class _Failed(Exception):
    def __init__(self, reference: str, kind: str) -> None:
        self.reference, self.kind = reference, kind


class _Tokenizer:
    """What Presidio's artifacts ask of an NLP engine."""

    def __init__(self, language: str) -> None:
        import spacy

        try:
            self._nlp = spacy.blank(language)
        except ImportError:  # a language that spaCy does not know
            self._nlp = spacy.blank("xx")

    def split(self, text: str) -> Any:
        """A spaCy document without annotations."""
        self._nlp.max_length = max(self._nlp.max_length, len(text) + 1)
        return self._nlp.make_doc(text)

    def is_stopword(self, word: str, language: str) -> bool:
        """As spaCy's list for the language has it."""
        return bool(self._nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        """As spaCy's vocabulary has it."""
        return bool(self._nlp.vocab[word].is_punct)


def describe(path: Path) -> list[dict[str, Any]]:
    """The rules of a file's recognizers, each ``reference`` a class name.

    Raises:
        StateError: the file cannot be imported, or Presidio is missing.
        PolicyError: a recognizer cannot be made, or is not usable.
    """
    from redactor.detection.compile import rule_of

    rules = []
    for name, cls in classes(path):
        try:
            recognizer = cls()
            entities = [str(entity) for entity in recognizer.supported_entities]
            rule = rule_of(recognizer, source=path.name, reference=name)
            limits = dict(recognizer.score_thresholds)
        except (Exception, SystemExit) as error:  # whatever the user's constructor raises
            raise PolicyError(
                f"{path.name}: {name}() failed ({type(error).__name__}): it must need no arguments"
            ) from None
        rules += [
            replace(rule, entity=entity, threshold=limits.get(entity, limits.get("default")))
            for entity in entities
        ]
    found: list[dict[str, Any]] = encode(Table(tuple(rules)))["rules"]
    return found


def _has_own_context(recognizer: Any) -> bool:
    from presidio_analyzer import EntityRecognizer

    own = getattr(type(recognizer), _OWN_CONTEXT, None)
    return own is not None and own is not EntityRecognizer.enhance_using_context


def _plain(result: Any) -> list[Any]:
    from presidio_analyzer import RecognizerResult

    metadata = result.recognition_metadata or {}
    return [
        str(result.entity_type), int(result.start), int(result.end), float(result.score),
        bool(metadata.get(RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY)),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
