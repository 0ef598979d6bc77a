"""The certificate of a released copy: what was done, how it was proven, where it is recorded.

It names the copy by its SHA-256 and holds no value and no file name, so it can travel with
the copy. Whoever has the copy compares the digest; whoever has the audit trail finds the rows
by number and hash (``redactor audit verify`` proves the chain around them).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from redactor.audit.chain import Row
from redactor.policy.model import Policy
from redactor.report import html, pdf

_STATEMENT = (
    "The copy named by the digest below was made by the policy named below. Before it was "
    "released, an independent process read its bytes back, compared them with what had been "
    "decided, and searched them for every redacted value of six characters or more. This "
    "certificate states what the program did; it does not state that nothing was overlooked."
)


def certificate(
    entry: Mapping[str, Any], rows: Sequence[Row], policy: Policy, public_key: str
) -> dict[str, Any]:
    """The certificate's data.

    Args:
        entry: the item's part of the report (:meth:`redactor.report.Collector.ended`).
        rows: the item's rows of the audit trail.
        policy: what it was redacted by.
        public_key: Ed25519, hex; checks the signatures of the trail.

    Raises:
        ValueError: the item was not released.
    """
    prepared = next((row for row in reversed(rows) if row.kind == "prepared"), None)
    released = next((row for row in reversed(rows) if row.kind == "released"), None)
    if prepared is None or released is None:
        raise ValueError("only a released copy gets a certificate")
    body = json.loads(prepared.body)
    return {
        "certificate": 1,
        "item": entry["item"],
        "released": released.time,
        "outcome": entry["outcome"],
        "format": entry["format"],
        "source_sha256": body["run"]["input"],
        "copy_sha256": body["output"],
        "policy": {"name": policy.name, "hash": policy.hash},
        "engine": body["run"]["engine"],
        "actor": body["actor"],
        "findings": entry["findings"],
        "by_type": entry["by_type"],
        "places": entry["places"],
        "places_left_out": entry["places_left_out"],
        "verification": body["verification"],
        "ledger": {
            "public_key": public_key,
            "rows": [
                {"seq": row.seq, "kind": row.kind, "time": row.time, "hash": row.hash,
                 "signature": row.signature}
                for row in (prepared, released)
            ],
        },
    }  # fmt: skip


def _facts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Released", data["released"]),
        ("Outcome", data["outcome"]),
        ("Format", data["format"]),
        ("SHA-256 of the copy", data["copy_sha256"]),
        ("SHA-256 of the source", data["source_sha256"]),
        ("Policy", data["policy"]["name"]),
        ("Hash of the policy", data["policy"]["hash"]),
        ("Decided by", data["actor"]),
        ("Item in the audit trail", data["item"]),
    ]


def _tables(data: Mapping[str, Any]) -> list[tuple[str, Sequence[str], list[list[Any]]]]:
    """Caption, head and rows of every table."""
    types = [
        [row[key] for key in ("entity_type", "found", "redacted", "kept", "review")]
        for row in data["by_type"]
    ]
    places = [
        [row[key] for key in ("place", "entity_type", "fate", "reason", "found")]
        for row in data["places"]
    ]
    if data["places_left_out"]:
        places.append(["further places", "", "", "", data["places_left_out"]])
    checks = [[name, _plain(value)] for name, value in sorted(data["verification"].items())]
    engine = [[part, version] for part, version in sorted(data["engine"].items())]
    rows = [[row["seq"], row["kind"], row["time"], row["hash"]] for row in data["ledger"]["rows"]]
    return [
        ("What was found", ("type", "found", "redacted", "kept", "for review"), types),
        ("Where", ("place", "type", "done", "reason", "found"), places),
        ("How the copy was checked", ("check", "result"), checks),
        ("Rows of the audit trail", ("row", "kind", "time", "hash"), rows),
        ("What took part", ("part", "version"), engine),
    ]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def as_html(data: Mapping[str, Any]) -> str:
    """The certificate as one self-contained page."""
    parts = [
        "<h1>Certificate of redaction</h1>",
        f"<p>{escape(_STATEMENT)}</p>",
        html.table(("", ""), _facts(data), "The copy"),
    ]
    for caption, head, rows in _tables(data):
        if rows:
            parts += [f"<h2>{escape(caption)}</h2>", html.table(head, rows, caption)]
    key = escape(data["ledger"]["public_key"])
    parts.append(f"<p>Signatures of the trail are checked with the key <code>{key}</code>.</p>")
    return html.document("Certificate of redaction", parts)


def as_pdf(data: Mapping[str, Any]) -> bytes:
    """The certificate as a PDF of A4 pages."""
    sheet = pdf.Sheet("Certificate of redaction")
    sheet.heading("Certificate of redaction")
    sheet.paragraph(_STATEMENT)
    sheet.table(("The copy", ""), [list(fact) for fact in _facts(data)])
    for caption, head, rows in _tables(data):
        if rows:
            sheet.heading(caption, small=True)
            sheet.table(head, rows)
    sheet.paragraph(f"Key of the trail's signatures: {data['ledger']['public_key']}")
    return sheet.finish()
