"""Recognizers that are Python classes: imported only where they run (:mod:`.python_worker`)."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redactor.errors import StateError


def classes(path: Path) -> Iterator[tuple[str, Any]]:
    """Recognizer classes that a file defines itself.

    Raises:
        StateError: Presidio is missing, or the file cannot be imported.
    """
    try:
        from presidio_analyzer import EntityRecognizer
    except ImportError:
        raise StateError(_missing(path.name)) from None
    module = _module(path)
    for name, value in vars(module).items():
        if (
            isinstance(value, type)
            and issubclass(value, EntityRecognizer)
            and value.__module__ == module.__name__
        ):
            yield name, value


def instance(reference: str) -> Any:
    """A new recognizer of the class that ``module:Class`` or ``file.py:Class`` names.

    Raises:
        StateError: it cannot be imported or made.
    """
    place, _, name = reference.rpartition(":")
    if place.endswith(".py"):
        for found, cls in classes(Path(place)):
            if found == name:
                return cls()
        raise StateError(f"{Path(place).name} has no recognizer {name} any more")
    try:
        return getattr(importlib.import_module(place), name)()
    except ImportError:
        raise StateError(_missing(name)) from None


def _module(path: Path) -> Any:
    try:
        source = path.read_bytes()
    except OSError as error:
        raise StateError(f"{path.name} cannot be read ({error.strerror})") from None
    name = f"redactor_user_{hashlib.sha256(source).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StateError(f"{path.name} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        # not exec_module: its cache takes a file of equal size and second for unchanged
        exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:  # whatever the user's module raises
        del sys.modules[name]
        raise StateError(f"{path.name} cannot be imported ({type(error).__name__})") from None
    return module


def _missing(name: str) -> str:
    return (
        f"recognizer {name} is a Python class and needs Presidio: pip install 'redactor[presidio]'"
    )
