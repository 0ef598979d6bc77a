"""A value in every hiding place of every format: gone from every byte, neighbours intact."""

import docx_plant
import odf_plant
import pptx_plant
import pytest
import xlsx_plant
from plant import Plant, leaks, parts_of, read, redact

BUILDERS = {
    "docx": docx_plant.document,
    "xlsx": xlsx_plant.workbook,
    "pptx": pptx_plant.presentation,
    "odt": odf_plant.text,
    "ods": odf_plant.sheet,
    "odp": odf_plant.slides,
}


@pytest.fixture(params=BUILDERS)
def planted(request):
    plant = Plant()
    return request.param, BUILDERS[request.param](plant), plant


def test_every_place_is_looked_at(planted):
    """Without cleaning everything but a few encoded bytes is a text."""
    kind, data, plant = planted
    chunk = read(kind, data, metadata="keep", images="keep", objects="drop", macros="keep")
    found = "\n".join(unit.text for unit in chunk.units)
    unseen = {"thumbnail", "printer", "macro"}
    missing = [
        place for place, value in plant.places.items() if value not in found and place not in unseen
    ]
    assert missing == []


def test_no_value_survives(planted):
    kind, data, plant = planted
    values = list(plant.places.values())
    apart = {"across a change"}  # OpenDocument keeps what was deleted elsewhere
    whole = [value for place, value in plant.places.items() if place not in apart]
    assert set(whole) <= set(leaks(data, values))  # the search itself sees them
    written = redact(kind, data)
    left = leaks(written, values)
    assert left == [], [place for place, value in plant.places.items() if value in left]


def test_neighbours_survive(planted):
    kind, data, plant = planted
    everything = b"".join(parts_of(redact(kind, data)).values()).decode("latin-1")
    missing = [word for word in plant.neighbours if word not in everything]
    assert missing == []


def test_a_second_run_changes_nothing(planted):
    kind, data, _ = planted
    once = redact(kind, data)
    assert redact(kind, once) == once


def test_equal_runs_give_equal_bytes(planted):
    kind, data, _ = planted
    assert redact(kind, data) == redact(kind, data)
