"""PDF: glyphs removed, pixels blacked, metadata cleaned; see :mod:`.document`."""
