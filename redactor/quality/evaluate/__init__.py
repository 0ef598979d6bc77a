"""Measuring detection against labelled text: readers, scores, gates, reports.

A gold text is ``{"text", "spans": [[start, end, TYPE]]}``, one JSON object a line, offsets in
half-open code points. Gold text is somebody's data: no report holds a value of it, only
record numbers, offsets, types and the shape of a value.
"""

from __future__ import annotations
