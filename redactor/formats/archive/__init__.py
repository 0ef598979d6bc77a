"""ZIP and TAR archives of formats that are handled; see :mod:`redactor.formats.archive.members`."""

from redactor.formats.archive.tar import TarFormat
from redactor.formats.archive.zip import ZipFormat

__all__ = ["TarFormat", "ZipFormat"]
