"""Pictures: words found by text recognition, their pixels painted over; see :mod:`.document`."""
