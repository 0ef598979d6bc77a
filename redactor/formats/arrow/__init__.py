"""Columnar files: Parquet, Arrow IPC (file and stream, Feather 2); needs the ``arrow`` extra."""

from redactor.formats.arrow.ipc import IpcFormat
from redactor.formats.arrow.parquet import ParquetFormat

__all__ = ["IpcFormat", "ParquetFormat"]
