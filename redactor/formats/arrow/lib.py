"""pyarrow, imported when a columnar file is at hand."""

from __future__ import annotations

from typing import Any

from redactor.errors import WithheldError


def load() -> tuple[Any, Any]:
    """The modules ``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        WithheldError: they are not installed.
    """
    try:
        import polars  # noqa: F401  # reads the copy back
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise WithheldError(
            "Parquet and Arrow files need the `arrow` extra: pip install 'redactor[arrow]'"
        ) from None
    return pyarrow, pyarrow.parquet
