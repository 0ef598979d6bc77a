"""Scores for people: tables for the terminal and one self-contained HTML page; no values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any


def as_text(reports: Sequence[Mapping[str, Any]]) -> str:
    """Tables for the terminal: systems side by side, then each type."""
    lines = []
    for set_name in dict.fromkeys(report["set"] for report in reports):
        mine = [report for report in reports if report["set"] == set_name]
        lines.append(f"{set_name}: {mine[0]['texts']} texts")
        lines.append(
            f"{'system':<28} {'leak':>7} {'char P':>7} {'core P':>7} {'core R':>7} {'core F2':>7}"
        )
        for report in mine:
            core = report["core"]["overlap"]
            lines.append(
                f"{report['system']:<28} {report['leak']:>7.3f} {report['char_precision']:>7.3f} "
                f"{core['precision']:>7.3f} {core['recall']:>7.3f} {core['f2']:>7.3f}"
            )
        for report in mine:
            lines += ["", f"{report['system']}, by type (overlap; strict F1)"]
            lines.append(
                f"{'type':<22} {'n':>6} {'P':>6} {'R':>6} {'95 %':>13} {'F2':>6} {'strict':>6} {'leak':>6}"
            )
            for kind, row in report["types"].items():
                o = row["overlap"]
                low, high = o["recall_95"]
                few = "" if row["gates"] else "  (n < 30: says little)"
                lines.append(
                    f"{kind:<22} {row['n']:>6} {o['precision']:>6.3f} {o['recall']:>6.3f} "
                    f"{low:>6.3f}-{high:<6.3f} {o['f2']:>6.3f} {row['strict']['f1']:>6.3f} {row['leak']:>6.3f}{few}"
                )
            told = ", ".join(f"{c} {sum(k.values())}" for c, k in report["causes"].items())
            lines.append(f"errors: {told or 'none'}")
        lines.append("")
    return "\n".join(lines)


def as_html(reports: Sequence[Mapping[str, Any]]) -> str:
    """One self-contained page: tables, calibration and threshold curves, errors by cause."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Detection quality</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\"><style>body{font:15px/1.5 system-ui;max-width:70rem;"
        "margin:2rem auto;padding:0 1rem;color-scheme:light dark}table{border-collapse:collapse}"
        "td,th{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #8884}"
        "td:first-child,th:first-child{text-align:left}.few{opacity:.5}</style>"
        "<h1>Detection quality</h1><p>No values: errors are named by record and offset.</p>"
    ]
    for report in reports:
        parts.append(f"<h2>{escape(report['set'])}: {escape(report['system'])}</h2>")
        parts.append(
            f"<p>{report['texts']} texts, leak rate <b>{report['leak']:.2%}</b>, character "
            f"precision {report['char_precision']:.2%}</p>"
        )
        rows = []
        for kind, row in report["types"].items():
            o, s = row["overlap"], row["strict"]
            rows.append(
                f"<tr{'' if row['gates'] else ' class=few'}><td>{escape(kind)}</td><td>{row['n']}</td>"
                f"<td>{o['precision']:.3f}</td><td>{o['recall']:.3f}</td>"
                f"<td>{o['recall_95'][0]:.3f} to {o['recall_95'][1]:.3f}</td><td>{o['f2']:.3f}</td>"
                f"<td>{s['f1']:.3f}</td><td>{row['leak']:.3f}</td></tr>"
            )
        parts.append(
            "<table><tr><th>type</th><th>n</th><th>precision</th><th>recall</th><th>95 %</th>"
            f"<th>F2</th><th>strict F1</th><th>leak</th></tr>{''.join(rows)}</table>"
        )
        bands = [
            (b["from"] + 0.05, b["right"] / b["found"]) for b in report["calibration"] if b["found"]
        ]
        parts.append(
            "<h3>Calibration: score against share that is right</h3>" + _plot([("", bands)])
        )
        curve = [(r["threshold"], r["precision"]) for r in report["thresholds"]]
        recall = [(r["threshold"], r["recall"]) for r in report["thresholds"]]
        parts.append(
            "<h3>Threshold: precision (solid) and recall (dashed)</h3>"
            + _plot([("", curve), ("4 3", recall)])
        )
        causes_ = "".join(
            f"<tr><td>{escape(cause)}</td><td>{sum(kinds.values())}</td>"
            f"<td>{escape(', '.join(f'{k} {n}' for k, n in sorted(kinds.items(), key=lambda kv: -kv[1])))}</td></tr>"
            for cause, kinds in report["causes"].items()
        )
        parts.append(f"<h3>Errors by cause</h3><table>{causes_}</table>")
    return "\n".join(parts) + "</html>\n"


def _plot(lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    drawn = "".join(
        f'<polyline fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="{dash}" points="'
        + " ".join(f"{30 + x * 260:.0f},{170 - y * 150:.0f}" for x, y in points) + '"/>'
        for dash, points in lines
    )  # fmt: skip
    told = "; ".join(f"{x:.2f}: {y:.3f}" for x, y in lines[0][1])
    return (
        f'<svg viewBox="0 0 300 190" width="420" role="img" aria-label="{told}">'
        '<path d="M30 20V170H290" fill="none" stroke="currentColor"/>'
        '<path d="M30 170L290 20" stroke="currentColor" stroke-opacity=".25"/>'
        f'{drawn}<text x="2" y="24" font-size="11">1</text><text x="280" y="186" font-size="11">1</text></svg>'
    )
