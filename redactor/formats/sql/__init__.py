"""SQL dumps: the literals of INSERT, UPDATE and COPY, and every comment; streamed."""

from redactor.formats.sql.format import SqlFormat

__all__ = ["SqlFormat"]
