"""The brief binds: zones, money, parking places and room on the pavement, each refused with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.transaction import transaction
from app.extensions import db
from app.maps.models import StreetObject
from app.projects.models import Zone
from app.projects.phases import Degree, PhaseDraft
from app.projects.queries import assignment_by_slug
from app.projects.zones import ZoneDraft
from tests.factories import Resident, addition, design_body, make_street, object_id, rd_box

ROOTS = "Hier liggen de wortels van de oude linde."
GARDEN = "In de noordstoep is ruimte."


def street(app: Flask, **brief: Any) -> Resident:
    with app.app_context():
        make_street(**brief)
    return Resident(app.test_client())


def pointers(answer: Any) -> dict[str, str]:
    return {problem["pointer"]: problem["message"] for problem in answer.get_json()["errors"]}


@pytest.fixture
def zoned(app: Flask, clean: None) -> Resident:
    """A fixed zone over the west end of the south pavement (x 0 to 40, y 0 to 4)."""
    return street(app, zones=(ZoneDraft("fixed", rd_box(0, 0, 40, 4), ROOTS),))


def test_nothing_changes_in_a_fixed_zone(zoned: Resident, app: Flask) -> None:
    answer = zoned.send("POST", "/api/designs", design_body("kade", addition(50, 2), addition(20, 2)))
    assert answer.status_code == 422
    assert list(pointers(answer)) == ["/changes/features/1/geometry"]
    assert ROOTS in pointers(answer)["/changes/features/1/geometry"]
    assert zoned.send("POST", "/api/check", design_body("kade", addition(20, 2))).status_code == 422
    assert zoned.send("POST", "/api/designs", design_body("kade", addition(50, 2))).status_code == 201


def test_the_edge_of_a_fixed_zone_is_free(zoned: Resident) -> None:
    """On the edge, and 3 cm over it, is a slip of the hand; 10 cm over it is in the zone."""
    for x, status in ((40.0, 201), (39.97, 201), (39.9, 422)):
        body = design_body("kade", addition(x, 2, "bench"))
        assert zoned.send("POST", "/api/designs", body).status_code == status, x


def test_placing_one_element_obeys_zones_too(zoned: Resident) -> None:
    design = zoned.send("POST", "/api/designs", design_body("kade", addition(50, 2))).get_json()["id"]
    refused = zoned.send("POST", f"/api/designs/{design}/changes", addition(20, 2))
    assert refused.status_code == 422
    assert ROOTS in pointers(refused)["/geometry"]
    assert zoned.send("POST", f"/api/designs/{design}/changes", addition(60, 3)).status_code == 201


def test_a_thing_in_a_fixed_zone_cannot_go_or_move_but_may_be_kept(app: Flask, clean: None) -> None:
    resident = street(app, zones=(ZoneDraft("fixed", rd_box(45, 0, 100, 4), ROOTS),))
    with app.app_context():
        tree = object_id("boom-1")
    for action, status in (("remove", 422), ("keep", 201)):
        change = {"type": "Feature", "geometry": None, "properties": {"action": action, "object": tree}}
        answer = resident.send("POST", "/api/designs", design_body("kade", change))
        assert answer.status_code == status, answer.text
    moved = addition(20, 2)
    moved["properties"] = {"action": "move", "object": tree}
    assert resident.send("POST", "/api/designs", design_body("kade", moved)).status_code == 422


def test_with_free_zones_only_they_are_free(app: Flask, clean: None) -> None:
    halves = tuple(ZoneDraft("free", rd_box(x, 16, x + 50, 20), GARDEN) for x in (0, 50))
    resident = street(app, zones=halves)
    across = {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [addition(x, 18)["geometry"]["coordinates"] for x in (45, 55)],
        },
        "properties": {"action": "add", "kind": "hedge"},
    }
    assert resident.send("POST", "/api/designs", design_body("kade", addition(20, 18))).status_code == 201
    # Two free zones that touch are one: what lies over both is free.
    assert resident.send("POST", "/api/designs", design_body("kade", across)).status_code == 201
    answer = resident.send("POST", "/api/designs", design_body("kade", addition(20, 2)))
    assert answer.status_code == 422
    assert GARDEN in pointers(answer)["/changes/features/0/geometry"]
    design = resident.send("POST", "/api/designs", design_body("kade", addition(20, 18))).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/changes", addition(20, 2)).status_code == 422


def test_a_zone_that_came_after_a_draft_stops_it_at_handing_in(app: Flask, clean: None) -> None:
    resident = street(app)
    design = resident.send("POST", "/api/designs", design_body("kade", addition(20, 2))).get_json()["id"]
    with app.app_context(), transaction():
        from app.core.geometry import to_wkb
        from app.projects.service import _multi

        kade = assignment_by_slug("kade")
        kade.zones.append(Zone(kind="fixed", reason=ROOTS, geom=to_wkb(_multi(rd_box(0, 0, 40, 4)))))
    answer = resident.send("POST", f"/api/designs/{design}/submit")
    assert answer.status_code == 422
    assert ROOTS in pointers(answer)["/changes/features/0/geometry"]


def limits(answer: Any) -> dict[str, str]:
    return {one["limit"]: one["verdict"] for one in answer.get_json()["limits"]}


def removal(number: int) -> dict[str, Any]:
    return {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": number}}


def test_every_limit_is_told_in_a_draft_and_refuses_handing_in(app: Flask, clean: None) -> None:
    """Three bays of which two must stay, ten euros, and a tree in the middle of 4 m of pavement."""
    resident = street(app, budget_eur=10.0, min_parking_bays=2, min_clear_width_m=2.5)
    with app.app_context():
        bays = [object_id(f"vak-{n}") for n in range(3)]
    body = design_body("kade", removal(bays[0]), removal(bays[1]), addition(30, 2, "tree_small"))
    told = resident.send("POST", "/api/check", body)
    assert told.status_code == 200, told.text
    assert limits(told) == {
        "budget_eur": "conflict",
        "min_parking_bays": "conflict",
        "min_clear_width_m": "conflict",
    }
    draft = resident.send("POST", "/api/designs", body)
    assert draft.status_code == 201
    refused = resident.send("POST", f"/api/designs/{draft.get_json()['id']}/submit")
    assert refused.status_code == 422
    said = [problem["message"] for problem in refused.get_json()["errors"]]
    assert len(said) == 3
    assert [
        word in text for word, text in zip(("€\u00a010", "parkeerplek", "2,50 m"), said, strict=True)
    ] == [True] * 3


def guessed(app: Flask, source_id: str) -> None:
    """From now on the width of this surface is an estimate."""
    with app.app_context(), transaction():
        row = db.session.scalar(db.select(StreetObject).where(StreetObject.source_id == source_id))
        row.certainty, row.imported_at = "estimated", datetime.now(UTC)


def clear_width(answer: Any) -> tuple[str, float, str]:
    [found] = [one for one in answer.get_json()["limits"] if one["limit"] == "min_clear_width_m"]
    return found["verdict"], found["value"], found["message"]


def test_a_width_that_is_estimated_is_told_and_refuses_nothing(app: Flask, clean: None) -> None:
    """A pit of 1.5 m in the middle of 4 m of pavement leaves 1.25 m on both sides; 1.8 m is asked for."""
    resident = street(app, min_clear_width_m=1.8)
    body = design_body("kade", addition(30, 2, "tree_small"))
    verdict, left, message = clear_width(resident.send("POST", "/api/check", body))
    assert (verdict, left) == ("conflict", pytest.approx(1.25, abs=0.01))
    assert "geschat" not in message
    guessed(app, "stoep-zuid")
    verdict, left, message = clear_width(resident.send("POST", "/api/check", body))
    assert (verdict, left) == ("conditional", pytest.approx(1.25, abs=0.01))
    assert "1,25 m" in message
    assert "1,80 m" in message
    assert "De breedte is geschat: meet het na." in message
    design = resident.send("POST", "/api/designs", body).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200


def test_a_guess_at_one_place_does_not_excuse_what_is_sure_at_another(app: Flask, clean: None) -> None:
    """On the guessed pavement 1.25 m is left; on the measured one (y 16 to 20) 16 to 17.45: 1.45 m. That is
    more, and still surely less than 1.8."""
    resident = street(app, min_clear_width_m=1.8)
    guessed(app, "stoep-zuid")
    body = design_body("kade", addition(30, 2, "tree_small"), addition(40, 18.2, "tree_small"))
    verdict, left, message = clear_width(resident.send("POST", "/api/check", body))
    assert (verdict, left) == ("conflict", pytest.approx(1.45, abs=0.01))
    assert "geschat" not in message
    design = resident.send("POST", "/api/designs", body).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 422


def test_a_design_within_the_limits_is_handed_in(app: Flask, clean: None) -> None:
    resident = street(app, budget_eur=1_000_000.0, min_parking_bays=2, min_clear_width_m=1.0)
    with app.app_context():
        bay = object_id("vak-0")
    body = design_body("kade", removal(bay), addition(30, 2, "bench"))
    assert set(limits(resident.send("POST", "/api/check", body)).values()) == {"fits"}
    design = resident.send("POST", "/api/designs", body).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200


def test_a_new_version_of_a_public_design_keeps_the_limits_too(app: Flask, clean: None) -> None:
    resident = street(app, min_parking_bays=3)
    with app.app_context():
        bay = object_id("vak-0")
    made = resident.send("POST", "/api/designs", design_body("kade", addition(30, 2, "bench")))
    design = made.get_json()["id"]
    submitted = resident.send("POST", f"/api/designs/{design}/submit")
    tag = submitted.headers["ETag"]
    worse = design_body("kade", removal(bay))
    assert resident.send("PUT", f"/api/designs/{design}", worse, **{"If-Match": tag}).status_code == 422
    better = design_body("kade", addition(35, 2, "bench"))
    assert resident.send("PUT", f"/api/designs/{design}", better, **{"If-Match": tag}).status_code == 200


def test_a_street_that_has_too_few_bays_already_may_stay_as_it_is(app: Flask, clean: None) -> None:
    """Five must stay, three are there: who takes none away is not to blame."""
    resident = street(app, min_parking_bays=5)
    with app.app_context():
        bay = object_id("vak-0")
    still = resident.send("POST", "/api/check", design_body("kade", addition(30, 2, "bench")))
    assert limits(still) == {"min_parking_bays": "fits"}
    fewer = resident.send("POST", "/api/check", design_body("kade", removal(bay)))
    assert limits(fewer) == {"min_parking_bays": "conflict"}


def test_the_brief_is_on_the_page_before_anybody_starts(app: Flask, clean: None) -> None:
    resident = street(
        app,
        budget_eur=250_000.0,
        min_parking_bays=2,
        min_clear_width_m=1.8,
        planning="In september begint het werk.",
        zones=(ZoneDraft("fixed", rd_box(0, 0, 40, 4), ROOTS),),
    )
    for path in ("/assignments/kade", "/assignments/kade/draw"):
        text = resident.client.get(path).get_data(as_text=True)
        for words in ("De huizen blijven.", "De stoep en de vakken.", "De gemeenteraad, in juni.", ROOTS):
            assert words in text, (path, words)
        assert "250.000" in text
        assert "1,80" in text
    text = resident.client.get("/assignments/kade").get_data(as_text=True)
    assert "kade@delft.example" in text
    assert "In september begint het werk." in text


def test_the_brief_is_one_document_for_machines(app: Flask, clean: None) -> None:
    street(app, budget_eur=250_000.0, zones=(ZoneDraft("fixed", rd_box(0, 0, 40, 4), ROOTS),))
    answer = app.test_client().get("/api/assignments/kade", headers={"Accept-Language": "nl"})
    brief = answer.get_json()
    assert brief["degree"] == {
        "id": "advise",
        "title": "Adviseren",
        "about": "Bewoners tekenen en kiezen. Dat is een advies: de gemeente mag ervan afwijken, en legt dan"
        " uit waarom.",
    }
    assert brief["what_is_fixed"] == "De huizen blijven."
    assert brief["limits"]["budget_eur"] == 250_000
    (phase,) = brief["phases"]
    assert (phase["type"], phase["title"]) == ("draw", "Tekenen")
    assert phase["opens"] == ["comments.place", "designs.draw", "designs.support", "polls.answer"]
    (zone,) = brief["zones"]["features"]
    assert zone["properties"] == {"kind": "fixed", "reason": ROOTS}
    assert zone["geometry"]["type"] == "MultiPolygon"
    assert app.test_client().get("/api/assignments/nergens").status_code == 404


def test_the_collection_tells_degree_phases_and_limits_flat(app: Flask, clean: None) -> None:
    now = datetime(2027, 5, 10, 9, 30, tzinfo=UTC)
    street(
        app,
        now=now,
        phases=(
            PhaseDraft("choose", now + timedelta(days=1)),
            PhaseDraft("draw", now, now + timedelta(days=1)),
        ),
        degree=Degree.DECIDE,
        min_parking_bays=2,
    )
    answer = app.test_client().get("/api/collections/assignments/items")
    properties = answer.get_json()["features"][0]["properties"]
    assert properties["degree"] == "decide"
    assert properties["min_parking_bays"] == 2
    assert properties["budget_eur"] is None
    assert json.loads(properties["phases"]) == [
        {"type": "draw", "starts_at": "2027-05-10T09:30:00Z", "ends_at": "2027-05-11T09:30:00Z"},
        {"type": "choose", "starts_at": "2027-05-11T09:30:00Z", "ends_at": None},
    ]
    filtered = app.test_client().get("/api/collections/assignments/items?degree=inform,consult")
    assert filtered.get_json()["features"] == []
