"""Comparing designs: for programs and for people without JavaScript, and what nobody else may see."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.factories import Resident, addition, design_body, make_street, object_id
from tests.integration.test_pages import checked, page, words

NOBODY = UUID(int=7)


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment."""
    with app.app_context():
        return make_street().slug


@pytest.fixture
def resident(app: Flask, street: str) -> Resident:
    """Somebody who takes part."""
    return Resident(app.test_client())


@pytest.fixture
def visitor(app: Flask, street: str) -> FlaskClient:
    """A browser without a cookie."""
    return app.test_client()


def away(number: int, action: str = "remove") -> dict[str, Any]:
    """A change to a street object."""
    return {"type": "Feature", "geometry": None, "properties": {"action": action, "object": number}}


def draft(resident: Resident, *features: dict[str, Any], title: str = "Groene Kade", **more: Any) -> str:
    """The id of a draft."""
    answer = resident.send("POST", "/api/designs", design_body("kade", *features, title=title, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def submitted(resident: Resident, *features: dict[str, Any], **more: Any) -> str:
    """The id of a submitted design."""
    design = draft(resident, *features, **more)
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return design


@pytest.fixture
def two(app: Flask, resident: Resident) -> tuple[str, str]:
    """Two designs: in B a tree stands 3 m east, a bench is turned, a bay stays; each has one bench more."""
    with app.app_context():
        bay = object_id("vak-1")
    a = submitted(
        resident,
        addition(20, 2),
        addition(30, 2, "bench", rotation_deg=0),
        addition(80, 2, "bench"),
        away(bay),
        addition(40, 2),
    )
    b = submitted(
        resident,
        addition(40, 2),
        away(bay, "keep"),
        addition(23, 2),
        addition(30, 2, "bench", rotation_deg=90),
        addition(90, 18, "bench"),
        title="Zitten aan de Kade",
    )
    return a, b


def differences(client: FlaskClient, a: str, b: str, status: int = 200, **query: Any) -> Any:
    """The answer of the API."""
    answer = client.get(f"/api/designs/{a}/differences", query_string={"with": b, **query})
    assert answer.status_code == status, answer.text
    return answer.get_json()


# --- for programs ---


def test_every_difference_is_told_by_change(visitor: FlaskClient, two: tuple[str, str]) -> None:
    found = differences(visitor, *two)
    assert (found["assignment"], found["a"]["title"], found["b"]["title"]) == (
        "kade",
        "Groene Kade",
        "Zitten aan de Kade",
    )
    assert [one["standing"] for one in found["differences"]] == [
        *["different"] * 3,
        "only_a",
        "only_b",
        "same",
    ]
    said = [
        (
            (one["a"]["properties"]["kind"] or one["a"]["properties"]["object_kind"]),
            one["moved"],
            one["turned_deg"],
            one["other_action"],
        )
        for one in found["differences"][:3]
    ]
    assert sorted(said, key=str) == [
        ("bench", None, 90.0, False),
        ("parking", None, None, True),
        ("tree_small", {"distance_m": 3.0, "direction": "e"}, None, False),
    ]
    assert found["differences"][3]["b"] is None
    assert found["differences"][4]["a"] is None


def test_the_other_way_round_is_the_mirror_image(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = next(one for one in differences(visitor, *two[::-1])["differences"] if one["moved"])
    assert tree["moved"] == {"distance_m": 3.0, "direction": "w"}


def test_figures_stand_side_by_side(visitor: FlaskClient, two: tuple[str, str]) -> None:
    found = {one["name"]: one for one in differences(visitor, *two)["effects"]}
    # Both plant two trees beside the two that stand in the street; A takes one of three bays.
    trees, bays = found["trees"], found["parking_places"]
    assert (trees["before"], trees["a"]["after"], trees["b"]["after"], trees["ratio"], trees["by"]) == (
        2,
        4,
        4,
        "equal",
        0,
    )
    assert (bays["before"], bays["a"]["after"], bays["b"]["after"], bays["ratio"]) == (3, 2, 3, "b_more")
    assert found["cost_eur"]["ratio"] == "about_equal"


def test_against_the_street_as_it_is(visitor: FlaskClient, two: tuple[str, str]) -> None:
    found = differences(visitor, two[0], "now")
    assert found["b"] == {"id": "now", "version": None, "title": None}
    assert {one["standing"] for one in found["differences"]} == {"only_a"}
    assert next(one for one in found["effects"] if one["name"] == "trees")["ratio"] == "a_more"


def test_two_versions_of_one_design(visitor: FlaskClient, resident: Resident) -> None:
    design = submitted(resident, addition(20, 2), addition(30, 2, "bench"))
    tag = resident.client.get(f"/api/designs/{design}").headers["ETag"]
    changed = design_body("kade", addition(20, 2), title="Zonder bank")
    assert resident.send("PUT", f"/api/designs/{design}", changed, **{"If-Match": tag}).status_code == 200
    found = differences(visitor, design, design, version=1)
    assert [one["standing"] for one in found["differences"]] == ["only_a", "same"]
    assert (found["a"]["version"], found["b"]["version"]) == (1, 2)
    text = words(page(visitor, f"/assignments/kade/compare?a={design}&a_version=1&b={design}"))
    assert "Groene Kade (versie 1)" in text
    assert "Alleen in A: Groene Kade (versie 1) (1) Bank komt erbij" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"with": ""}, 400),
        ({"with": "now", "wiht": "now"}, 400),
        ({"with": "geen-kenmerk"}, 404),
        ({"with": str(NOBODY)}, 404),
        ({"with": "now", "version": "2"}, 404),
        ({"with": "now", "version": "0"}, 404),
        ({"with": "now", "version": "-1"}, 404),
        ({"with": "now", "version": "99999999999999999999"}, 404),
        ({"with": "now", "version": "١"}, 404),
    ],
)
def test_what_cannot_be_compared_is_refused(
    visitor: FlaskClient, two: tuple[str, str], query: dict[str, str], status: int
) -> None:
    answer = visitor.get(f"/api/designs/{two[0]}/differences", query_string=query)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_a_draft_is_compared_by_its_author_only(
    app: Flask, visitor: FlaskClient, resident: Resident, two: tuple[str, str]
) -> None:
    own = draft(resident, addition(20, 2))
    other = Resident(app.test_client())
    for client in (visitor, other.client):
        differences(client, own, two[0], 404)
        differences(client, two[0], own, 404)
        for path in ("compare", "compare/a.svg", "compare/b.svg"):
            for query in (f"a={own}&b=now", f"a={two[0]}&b={own}"):
                answer = client.get(f"/assignments/kade/{path}?{query}")
                assert answer.status_code == 404, (path, query)
        assert own not in client.get("/assignments/kade/compare").text
    assert differences(resident.client, own, two[0])["a"]["id"] == own
    picture = resident.client.get(f"/assignments/kade/compare/a.svg?a={own}&b=now")
    assert picture.status_code == 200
    assert "private" in picture.headers["Cache-Control"]
    assert own in resident.client.get("/assignments/kade/compare").text


def test_a_withdrawn_design_that_was_public_can_still_be_compared(
    visitor: FlaskClient, resident: Resident, two: tuple[str, str]
) -> None:
    assert resident.send("POST", f"/api/designs/{two[0]}/withdraw").status_code == 200
    differences(visitor, *two)


def test_designs_of_two_assignments_are_not_compared(
    app: Flask, resident: Resident, visitor: FlaskClient
) -> None:
    here = submitted(resident)
    with app.app_context():
        make_street("gracht")
    there = resident.send("POST", "/api/designs", design_body("gracht")).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{there}/submit").status_code == 200
    problem = differences(visitor, here, there, 422)
    assert problem["errors"][0]["pointer"] == "/with"
    for a, b in ((here, there), (there, here), (there, "now")):
        answer = visitor.get(f"/assignments/kade/compare?a={a}&b={b}")
        assert answer.status_code == 422
        assert "horen bij verschillende opgaven" in words(checked(answer.text))
    assert visitor.get(f"/assignments/kade/compare/a.svg?a={here}&b={there}").status_code == 422


# --- for people, without JavaScript ---


def test_two_ticked_designs_are_compared(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = page(visitor, "/assignments/kade")
    boxes = tree.xpath("//input[@type='checkbox'][@name='design'][@form='vergelijk']/@value")
    assert set(boxes) == set(two)
    assert tree.xpath("//form[@id='vergelijk']/@action") == ["/assignments/kade/compare"]
    answer = visitor.get(f"/assignments/kade/compare?design={two[0]}&design={two[1]}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/assignments/kade/compare?a={two[0]}&b={two[1]}"


def test_the_page_says_every_difference_in_words(visitor: FlaskClient, two: tuple[str, str]) -> None:
    text = words(page(visitor, f"/assignments/kade/compare?a={two[0]}&b={two[1]}"))
    assert "In allebei, maar anders (3)" in text
    assert "In B staat het 3 m meer naar het oosten. bij Kade" in text
    assert "In B is het 90 graden rechtsom gedraaid." in text
    assert "Parkeervak In A: gaat weg. In B: blijft staan." in text
    assert "Alleen in A: Groene Kade (1) Bank komt erbij" in text
    assert "Alleen in B: Zitten aan de Kade (1) Bank komt erbij" in text
    assert "In allebei hetzelfde (1)" in text
    english = words(page(visitor, f"/en/assignments/kade/compare?a={two[0]}&b={two[1]}"))
    assert "In B it stands 3 m further to the east." in english


def test_figures_on_the_page(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a={two[0]}&b={two[1]}")
    rows = {
        words(row.xpath("th")[0]): [words(cell) for cell in row.xpath("td")]
        for row in tree.xpath("//tbody/tr")
    }
    assert rows["Bomen nu 2, gelijk"] == ["4", "4"]
    # Whether more parking is better depends on whom one asks: the word is there, the yellow is not.
    assert rows["Parkeerplekken nu 3 plekken"] == ["2 plekken", "3 plekken meer"]
    (more,) = tree.xpath("//td[contains(., '3')][small='meer']")
    assert not more.xpath(".//*[@class='win']")
    assert any(name.startswith("Kosten") and "ongeveer gelijk" in name for name in rows)


def test_yellow_is_for_what_is_aimed_for_and_never_for_the_street_as_it_is(
    visitor: FlaskClient, two: tuple[str, str]
) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a=now&b={two[1]}")
    win = {
        words(row.xpath("th")[0]): row.xpath("count(td[.//*[@class='win']]/preceding-sibling::td)")
        for row in tree.xpath("//tbody/tr[.//*[@class='win']]")
    }
    assert win["Bomen nu 2"] == 1
    assert set(win.values()) == {1}, "only B"
    rows = {words(row.xpath("th")[0]): words(row.xpath("td")[0]) for row in tree.xpath("//tbody/tr")}
    assert rows["Kosten zonder opslag"] == "€ 0 lager"
    assert rows["Controle"] == "niets te controleren"


def test_verdicts_stand_side_by_side(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a={two[0]}&b={two[1]}")
    (row,) = tree.xpath("//tbody/tr[th='Controle']")
    for cell, design in zip(row.xpath("td"), two, strict=True):
        stored = visitor.get(f"/api/designs/{design}").get_json()["changes"]["features"]
        told = [words(one).split(" ", 1) for one in cell.xpath(".//span[contains(@class, 'v-')]")]
        names = {
            "conflict": "kan niet zo",
            "conditional": "kan, mits",
            "unchecked": "niet gecontroleerd",
            "fits": "kan",
        }
        counted = Counter(names[one["properties"]["verdict"]] for one in stored)
        assert {name: int(count) for count, name in told} == counted


def test_a_difference_is_shown_on_both_drawn_maps(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a={two[0]}&b={two[1]}")
    links = tree.xpath("//a[@data-show]/@href")
    assert len(links) == 6
    path, _, fragment = links[0].partition("#")
    assert fragment == "kaart"
    shown = page(visitor, path)
    assert len(shown.xpath("//li[@aria-current='true']")) == 1
    assert shown.xpath("//*[@id='kaart']")
    for picture in shown.xpath("//img[@data-picture]/@src"):
        drawn = visitor.get(picture)
        assert drawn.mimetype == "image/svg+xml"
        # Close by and in the middle: 720 by 460 pixels.
        rings = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="27"', drawn.text)
        assert len(rings) == 2, "a ring is drawn as two circles"
        x, y = map(float, rings[0])
        assert abs(x - 360) < 60 and abs(y - 230) < 60
    plain = [visitor.get(src).text for src in tree.xpath("//img[@data-picture]/@src")]
    assert all('r="27"' not in drawn for drawn in plain)
    # Both maps show the same part of the street.
    assert len({html.fromstring(drawn.encode()).xpath("string(.//path/@d)") for drawn in plain}) == 1


@pytest.mark.parametrize("show", ["x", str(NOBODY), "../.."])
def test_a_difference_that_is_not_there_is_not_shown(
    visitor: FlaskClient, two: tuple[str, str], show: str
) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a={two[0]}&b={two[1]}&show={show}")
    assert not tree.xpath("//li[@aria-current]")


def test_choosing_two(visitor: FlaskClient, two: tuple[str, str]) -> None:
    tree = page(visitor, f"/assignments/kade/compare?a={two[0]}")
    assert tree.xpath("//select[@name='a']/option[@selected]/@value") == [two[0]]
    assert tree.xpath("//select[@name='b']/option[@selected]/@value") == [two[1]]
    assert set(tree.xpath("//select[@name='b']/option/@value")) == {*two, "now"}


@pytest.mark.parametrize(
    "query",
    ["design={0}", "design={0}&design={0}", "design={0}&design={1}&design=now", "a={0}&b={0}", "a=now&b=now"],
)
def test_anything_but_two_different_ones_is_asked_again(
    visitor: FlaskClient, two: tuple[str, str], query: str
) -> None:
    tree = page(visitor, "/assignments/kade/compare?" + query.format(*two), 422)
    assert tree.xpath("//div[@role='alert']")
    assert tree.xpath("//select[@name='a']")


@pytest.mark.parametrize(
    "path",
    [
        "/assignments/weg/compare",
        "/assignments/kade/compare?a=x&b=now",
        f"/assignments/kade/compare?a={NOBODY}&b=now",
        "/assignments/kade/compare/c.svg?a=now&b=now",
        "/assignments/kade/compare/a.svg",
    ],
)
def test_what_is_not_there_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_design_offers_what_it_can_be_compared_with(
    app: Flask, visitor: FlaskClient, resident: Resident
) -> None:
    original = submitted(resident, addition(20, 2))
    remix = submitted(
        Resident(app.test_client()), addition(20, 2), addition(40, 2), title="Meer", remix_of=original
    )
    tree = page(visitor, f"/designs/{remix}")
    links = dict(
        zip(
            tree.xpath("//section[@aria-labelledby='vergelijken']//a/text()"),
            tree.xpath("//section[@aria-labelledby='vergelijken']//a/@href"),
            strict=True,
        )
    )
    assert list(links) == ["Met hoe het nu is", "Met het origineel", "Met een ander ontwerp"]
    assert links["Met hoe het nu is"] == f"/assignments/kade/compare?a=now&b={remix}"
    text = words(page(visitor, links["Met het origineel"]))
    assert "Alleen in B: Meer (1) Boom" in text
    assert "In allebei hetzelfde (1)" in text
    assert "Zo is het nu" in words(page(visitor, links["Met hoe het nu is"]))


def test_comparing_sets_no_cookie(visitor: FlaskClient, two: tuple[str, str]) -> None:
    assert "Set-Cookie" not in visitor.get(f"/assignments/kade/compare?a={two[0]}&b={two[1]}").headers


def test_what_people_write_is_text(visitor: FlaskClient, resident: Resident, two: tuple[str, str]) -> None:
    evil = submitted(resident, title="<script>alert(1)</script>\"'")
    text = visitor.get(f"/assignments/kade/compare?a={evil}&b={two[0]}").text
    assert "<script>alert" not in text
    checked(text)


def test_a_draft_without_anything_can_be_looked_at(resident: Resident, two: tuple[str, str]) -> None:
    answer = resident.send(
        "POST",
        "/api/designs",
        {**design_body("kade"), "changes": {"type": "FeatureCollection", "features": []}},
    )
    empty = answer.get_json()["id"]
    for query in (f"a={empty}&b={two[0]}", f"a=now&b={empty}"):
        page(resident.client, f"/assignments/kade/compare?{query}")
        assert resident.client.get(f"/assignments/kade/compare/a.svg?{query}").status_code == 200
