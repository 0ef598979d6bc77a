"""One HTML page without scripts, fonts or links: it shows offline and sends nothing.

Everything that comes from outside is escaped; the page's own policy (CSP) forbids scripts and
requests even if something were not. Charts are inline SVG with their numbers as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d5dbe3;
  --bar: #2f6fab; --page: #ffffff; --bad: #a3261b; --good: #1f6b3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a4b0bf; --line: #3a4452;
  --bar: #6aa9e4; --page: #14181e; --bad: #ff8f84; --good: #7fd39b; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p.meta, caption, .soft { color: var(--soft); } caption { text-align: left; padding: .2rem 0; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.2rem; }
th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .9em; overflow-wrap: anywhere; } .bad { color: var(--bad); font-weight: 600; }
.good { color: var(--good); font-weight: 600; } svg text { fill: var(--ink); font-size: 12px; }
svg rect { fill: var(--bar); } details { margin: .3rem 0; }
@media print { body { margin: 0; max-width: none; } details { display: block; } }
"""
_CSP = "default-src 'none'; style-src 'unsafe-inline'"
_WELL = ("released",)
_MOST_ITEMS = 2000  # rows; a run of a million files is for the JSON report
_MOST_BARS = 24


def page(data: Mapping[str, Any]) -> str:
    """The report as HTML; ``data`` as :class:`redactor.report.collect.Collector` makes it."""
    totals, policy = data["totals"], data["policy"]
    body = [
        "<h1>Redaction report</h1>",
        f'<p class="meta">{escape(data["started"])} to {escape(data["ended"])}, '
        f"redactor {escape(data['tool']['version'])}, policy <b>{escape(policy['name'])}</b> "
        f"<code>{escape(policy['hash'])}</code></p>",
        "<p>Holds no values. Items are named as in the audit trail "
        "(<code>redactor audit show</code>).</p>",
        "<p><b>Dry run: nothing was written.</b></p>" if data["dry_run"] else "",
        _outcomes(totals),
        "<h2>Findings by type</h2>",
        bars([(row["entity_type"], row["found"]) for row in totals["by_type"]], "findings"),
        _types(totals["by_type"]),
        "<h2>Evidence and scores</h2>",
        bars(sorted(totals["by_evidence"].items(), key=lambda kv: -kv[1]), "findings"),
        bars([(f"{n / 10:.1f} to {(n + 1) / 10:.1f}", v) for n, v in enumerate(totals["scores"])],
             "findings with this score"),
        "<h2>What was not released</h2>",
        _withheld(data["items"]),
        "<h2>Items</h2>",
        _items(data["items"]),
        "<h2>What took part</h2>",
        table(("part", "version"), [(k, v) for k, v in data["engine"].items()], "Versions"),
    ]  # fmt: skip
    return document("Redaction report", body)


def document(title: str, body: Sequence[str]) -> str:
    """A whole page around parts that are HTML already."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body></html>\n"
    )


def bars(rows: Sequence[tuple[str, int]], unit: str) -> str:
    """Horizontal bars with their numbers; the longest ``_MOST_BARS``, the rest summed up."""
    shown, rest = list(rows[:_MOST_BARS]), rows[_MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} more", sum(number for _, number in rest)))
    most = max((number for _, number in shown), default=0)
    if not most:
        return '<p class="soft">none</p>'
    lines = []
    for index, (label, number) in enumerate(shown):
        y, width = index * 20, max(number * 460 // most, 1 if number else 0)
        lines.append(
            f'<text x="215" y="{y + 14}" text-anchor="end">{escape(label[:32])}</text>'
            f'<rect x="225" y="{y + 3}" width="{width}" height="14"/>'
            f'<text x="{232 + width}" y="{y + 14}">{number}</text>'
        )
    told = escape("; ".join(f"{label}: {number}" for label, number in shown), quote=True)
    return (
        f'<svg viewBox="0 0 760 {len(shown) * 20}" width="100%" role="img" '
        f'aria-label="{escape(unit)}: {told}">{"".join(lines)}</svg>'
    )


def _outcomes(totals: Mapping[str, Any]) -> str:
    verified = totals["verification"]
    rows = [(_outcome(name), number) for name, number in totals["outcomes"].items()]
    return (
        table(("outcome", "items"), rows, f"{totals['items']} items", raw=True)
        + f"<p>{totals['findings']} findings. An independent process read {verified['units']} "
        f"texts of the written copies back and searched them for {verified['values']} redacted "
        f"values; {verified['kept']} occurrences stay because the policy keeps them.</p>"
    )


def _outcome(name: str) -> str:
    return f'<span class="{"good" if name in _WELL else "bad"}">{escape(name)}</span>'


def _types(rows: Sequence[Mapping[str, Any]]) -> str:
    keys = ("entity_type", "found", "redacted", "kept", "review")
    return table(keys, [[row[key] for key in keys] for row in rows], "Findings by type")


def _withheld(items: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (item["item"], item["outcome"], item["message"])
        for item in items
        if item["outcome"] not in _WELL
    ]
    if not rows:
        return "<p>Everything was released.</p>"
    return table(("item", "outcome", "reason and next step"), rows[:_MOST_ITEMS], "Not released")


def _items(items: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for item in items[:_MOST_ITEMS]:
        name = f"{item['name']} · " if "name" in item else ""
        head = (
            f"{_outcome(item['outcome'])} {escape(name)}<code>{escape(item['item'])}</code> "
            f"{escape(item['format'] or '-')}, {item['findings']} findings"
        )
        places = [
            (row["place"], row["entity_type"], row["fate"], row["reason"], row["found"])
            for row in item["places"]
        ]
        left = item["places_left_out"]
        note = f'<p class="soft">{left} findings in further places</p>' if left else ""
        listed = (
            table(("place", "type", "done", "reason", "found"), places, "Where") if places else ""
        )
        parts.append(f"<details><summary>{head}</summary>{listed}{note}</details>")
    if len(items) > _MOST_ITEMS:
        parts.append(f"<p>{len(items) - _MOST_ITEMS} more items are in the JSON report.</p>")
    return "\n".join(parts)


def table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], caption: str, *, raw: bool = False
) -> str:
    """A table; numbers to the right; ``raw``: cells are HTML already."""
    if not rows:
        return ""
    classes = [' class="n"' if isinstance(cell, int) else "" for cell in rows[0]]

    def line(tag: str, cells: Sequence[Any], plain: bool) -> str:
        return "".join(
            f"<{tag}{kind}>{cell if plain else escape(str(cell))}</{tag}>"
            for cell, kind in zip(cells, classes, strict=True)
        )

    body = "".join(f"<tr>{line('td', row, raw)}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{line('th', head, False)}</tr></thead><tbody>{body}</tbody></table>"
    )
