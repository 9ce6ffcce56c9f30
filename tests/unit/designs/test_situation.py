"""Changes as they are sent (EPSG:4326) become proposals on the street in metres."""

from __future__ import annotations

import pytest
from shapely import LineString, box

from app.designs.checks.street import Street, existing_thing
from app.designs.domain import Action, ChangeDraft
from app.designs.situation import proposals_of
from geodata import example_street
from geodata.catalogue import load


def test_a_facade_garden_sent_as_a_line_on_the_facade_takes_the_pavement_before_it() -> None:
    """5 m along the south façade (y = 0) and 0.45 m deep: 2.25 m² of pavement, nothing of the house."""
    house, pavement = box(10, -9, 20, 0), box(0, 0, 50, 2.4)
    street = Street(
        [
            existing_thing(1, "building", example_street.placed(house)),
            existing_thing(2, "pavement", example_street.placed(pavement)),
        ],
        {"building", "pavement"},
    )
    line = example_street.in_degrees(LineString([(12, 0), (17, 0)]))
    draft = ChangeDraft(Action.ADD, line, "facade_garden")
    (proposal,) = proposals_of([draft], street, example_street.SRID, load())
    garden = example_street.placed(box(12, 0, 17, 0.45))
    assert proposal.place.symmetric_difference(garden).area == pytest.approx(0, abs=0.01)
    assert proposal.place.area == pytest.approx(2.25, abs=0.01)
