"""Findings as SARIF 2.1.0 (OASIS), for code-scanning views. No values, no snippets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from redactor.version import __version__


def sarif(findings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One run with a rule for each entity type; ``findings`` as ``Seen.as_dict`` plus path.

    Columns are 1-based code points (``columnKind`` unicodeCodePoints).
    """
    entities = sorted({finding["entity_type"] for finding in findings})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "redactor",
                        "version": __version__,
                        "rules": [
                            {"id": entity, "shortDescription": {"text": f"{entity} in the text"}}
                            for entity in entities
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, entities) for finding in findings],
            }
        ],
    }


def _result(finding: dict[str, Any], entities: Sequence[str]) -> dict[str, Any]:
    entity = finding["entity_type"]
    location: dict[str, Any] = {
        "artifactLocation": {"uri": quote(PurePath(finding["path"]).as_posix())}
    }
    if finding["line"] is not None:
        location["region"] = {"startLine": finding["line"], "startColumn": finding["column"]}
    return {
        "ruleId": entity,
        "ruleIndex": entities.index(entity),
        "level": "error" if finding["verdict"] == "redact" else "note",
        "message": {"text": f"{entity} found by {finding['recognizer']} at {finding['place']}"},
        "locations": [{"physicalLocation": location}],
        "properties": {"score": finding["score"]},
    }
