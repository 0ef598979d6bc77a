"""What a run leaves for people and programs to read: counts, places, reasons; never a value.

Items are named by their ids in the audit trail. File names are personal data too: they are
in a report only where the caller asks for them.
"""

from __future__ import annotations

from redactor.report.collect import Collector
from redactor.report.run import Reporting
from redactor.report.write import check_target, write_report

__all__ = ["Collector", "Reporting", "check_target", "write_report"]
