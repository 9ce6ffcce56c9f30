"""The planner's form: rows that come and go, times by the clock, concepts that are seen first, starters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.designs.catalogue import catalogue
from app.projects import starters
from app.projects.queries import assignment_by_slug
from tests.factories import make_street, point_json
from tests.factories.briefs import brief_form, square, with_ids
from tests.factories.people import Browser, sign_in

NEW = "/desk/assignments/new"
HOEK = "/desk/assignments/hoek-van-de-kade"


@pytest.fixture
def planner(app: Flask, clean: None) -> Browser:
    with app.app_context():
        make_street()
    browser = Browser(app.test_client())
    sign_in(browser, "planner@example.nl", Role.PLANNER)
    return browser


@pytest.fixture
def area(app: Flask) -> str:
    with app.app_context():
        return square(*point_json(10, 5)["coordinates"])


def tree_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def errors(answer: Any) -> dict[str, str]:
    """The list at the top: field and sentence."""
    found = tree_of(answer).xpath("//div[@role='alert']//a")
    return {link.get("href").removeprefix("#f-"): link.text_content() for link in found}


def test_a_whole_brief_is_kept_shown_and_changed(planner: Browser, area: str, app: Flask) -> None:
    form = brief_form(
        area,
        phases=(("draw", "2027-01-04T09:00", "2027-02-01T00:00"), ("choose", "2027-02-01T00:00", "")),
        zones=(("fixed", "Hier staan de oude bomen.", area),),
        degree="co-produce",
        planning="In mei begint het werk.",
        budget_eur="250.000",
        min_parking_bays="3",
        min_clear_width_m="1,80",
    )
    assert planner.post(NEW, form).headers["Location"] == f"{HOEK}/preview"
    with app.app_context():
        kept = assignment_by_slug("hoek-van-de-kade", concepts=True)
        assert kept.published_at is None
        assert (kept.degree, kept.budget_eur, kept.min_parking_bays, kept.min_clear_width_m) == (
            "co-produce", 250_000.0, 3, 1.8,
        )  # fmt: skip
        # Nine o'clock in Delft in January is eight o'clock UTC.
        assert [(one.type, one.starts_at) for one in kept.phases] == [
            ("draw", datetime(2027, 1, 4, 8, tzinfo=UTC)),
            ("choose", datetime(2027, 1, 31, 23, tzinfo=UTC)),
        ]
        assert [(zone.kind, zone.reason) for zone in kept.zones] == [("fixed", "Hier staan de oude bomen.")]
    tree = tree_of(planner.client.get(HOEK))
    assert tree.xpath("//input[@name='degree'][@checked]/@value") == ["co-produce"]
    assert tree.xpath("//input[@name='min_clear_width_m']/@value") == ["1.8"]
    assert tree.xpath("//input[@name='phases-1-starts_at']/@value") == ["2027-02-01T00:00"]
    preview = planner.client.get(f"{HOEK}/preview").get_data(as_text=True)
    assert "Zo gaan bewoners het zien." in preview
    assert "Hier staan de oude bomen." in preview
    assert "In mei begint het werk." in preview


def test_a_concept_is_for_planners_until_it_is_put_online(planner: Browser, area: str, app: Flask) -> None:
    planner.post(NEW, brief_form(area, phases=(("draw", "2026-01-01T00:00", ""),)))
    public = app.test_client()
    paths = ["/assignments/hoek-van-de-kade", "/assignments/hoek-van-de-kade/draw"]
    paths += ["/assignments/hoek-van-de-kade/map.svg", "/assignments/hoek-van-de-kade/map"]
    # What lies in its area would tell where it is.
    paths += ["/api/export/street-objects.geojson?assignment=hoek-van-de-kade"]
    assert {public.get(path, buffered=True).status_code for path in paths} == {404}
    assert public.get(f"{HOEK}/preview").status_code == 303
    for listed in ("/", "/assignments", "/api/collections/assignments/items"):
        assert "hoek-van-de-kade" not in public.get(listed).get_data(as_text=True), listed
    rows = public.get("/api/export/assignments.csv", buffered=True).get_data(as_text=True)
    assert rows.count("hoek-van-de-kade") == 0
    assert planner.post(f"{HOEK}/publish").headers["Location"] == "/assignments/hoek-van-de-kade"
    assert {public.get(path, buffered=True).status_code for path in paths} == {200}
    assert "hoek-van-de-kade" in public.get("/api/collections/assignments/items").get_data(as_text=True)
    assert planner.post(f"{HOEK}/discard").status_code == 409


def test_a_brief_that_leaves_people_guessing_does_not_go_online(planner: Browser, area: str) -> None:
    planner.post(NEW, brief_form(area, contact="", who_decides=""))
    answer = planner.post(f"{HOEK}/publish")
    assert answer.status_code == 422
    assert set(errors(answer)) == {"contact", "who_decides"}


def test_a_concept_can_be_thrown_away(planner: Browser, area: str) -> None:
    planner.post(NEW, brief_form(area))
    assert planner.post(f"{HOEK}/discard").headers["Location"] == "/desk"
    assert planner.client.get(HOEK).status_code == 404


def test_rows_come_and_go_without_losing_what_was_typed(planner: Browser, area: str) -> None:
    form = brief_form(area, phases=(("talk", "2027-01-04T09:00", "2027-02-01T00:00"),), title="Half af")
    more = tree_of(planner.post(NEW, {**form, "rows": "add-phase"}))
    assert more.xpath("//input[@name='title']/@value") == ["Half af"]
    # A phase more begins where the last one ends.
    starts = "//input[starts-with(@name, 'phases-') and contains(@name, 'starts_at')]/@value"
    assert more.xpath(starts) == ["2027-01-04T09:00", "2027-02-01T00:00"]
    assert more.xpath("//*[@autofocus]/@id") == ["f-phases-1-type"]
    assert not more.xpath("//div[@role='alert']")
    zone = tree_of(planner.post(NEW, {**form, "rows": "add-zone"}))
    assert len(zone.xpath("//textarea[@name='zones-0-geometry']")) == 1
    less = tree_of(planner.post(NEW, {**form, "rows": "remove-phase-0"}))
    assert not less.xpath("//input[starts-with(@name, 'phases-')]")
    odd = ("remove-phase-00007", "remove-phase-" + "9" * 5000, "remove-phase-x", "remove-zone-99999999")
    for strange in ("remove-phase-7", *odd, "add", "add-party", "-"):
        assert planner.post(NEW, {**form, "rows": strange}).status_code == 200


def test_everything_that_is_wrong_is_told_at_its_field(planner: Browser, area: str) -> None:
    form = brief_form(
        "[]",
        phases=(
            ("draw", "2027-01-04T09:00", "2027-01-04T09:00"),
            ("draw", "", ""),
            ("party", "2027-03-28T02:30", "2027-10-31T02:30"),
        ),
        zones=(("fixed", "", area), ("soms", "Omdat", "{}")),
        budget_eur="veel",
        min_parking_bays="2.5",
        min_clear_width_m="nan",
        degree="rule",
    )
    answer = planner.post(NEW, form)
    assert answer.status_code == 422
    found = errors(answer)
    assert set(found) == {
        "phases-1-starts_at",
        "phases-2-starts_at",
        "phases-2-ends_at",
        "zones-0-reason",
        "zones-1-kind",
        "zones-1-geometry",
        "budget_eur",
        "min_parking_bays",
        "min_clear_width_m",
        "degree",
        "area",
    }
    assert "Fase 3" in found["phases-2-starts_at"] and "slaat de klok" in found["phases-2-starts_at"]
    assert "twee keer" in found["phases-2-ends_at"]
    # Every link leads to a field that is there.
    ids = set(tree_of(answer).xpath("//@id"))
    assert {f"f-{name}" for name in found} <= ids
    second = errors(planner.post(NEW, {**form, "area": area,
        "phases-1-starts_at": "2027-01-05T00:00", "phases-2-starts_at": "2027-03-28T03:30",
        "phases-2-ends_at": "", "zones-0-reason": "Daarom", "zones-1-kind": "free",
        "zones-1-geometry": area, "budget_eur": "0", "min_parking_bays": "", "min_clear_width_m": "9",
        "degree": "advise"
    }))  # fmt: skip
    assert set(second) == {
        "phases-0-ends_at",
        "phases-2-type",
        "budget_eur",
        "min_clear_width_m",
    }


def test_a_moment_that_was_left_alone_keeps_its_seconds(planner: Browser, app: Flask) -> None:
    """Also in the hour that comes twice, where the form shows a time that nobody could type."""
    second_time = datetime(2027, 10, 31, 1, 30, 12, 345678, tzinfo=UTC)
    with app.app_context(), transaction():
        kade = assignment_by_slug("kade")
        kade.phases[0].ends_at = kade.closes_at = second_time
    tree = tree_of(planner.client.get("/desk/assignments/kade"))
    assert tree.xpath("//input[@name='phases-0-ends_at']/@value") == ["2027-10-31T02:30"]
    form = {name: tree.xpath(f"//*[@name='{name}']/@value")[0] for name in tree.xpath("//form//input/@name")}
    texts = {area.get("name"): area.text_content().lstrip("\n") for area in tree.xpath("//form//textarea")}
    form |= {**texts, "which_kinds": "all", "degree": "advise", "title": "Andere titel"}
    assert planner.post("/desk/assignments/kade", form).status_code == 303
    with app.app_context():
        assert assignment_by_slug("kade").phases[0].ends_at == second_time
        assert assignment_by_slug("kade").title == "Andere titel"


def test_dates_of_a_public_assignment_move_with_a_reason_that_everybody_reads(
    planner: Browser, area: str, app: Flask
) -> None:
    now = datetime.now(UTC)
    end = (now + timedelta(days=20)).strftime("%Y-%m-%dT00:00")
    form = brief_form(area, phases=(("draw", "2026-01-01T00:00", end),))
    planner.post(NEW, form)
    planner.post(f"{HOEK}/publish")
    later = (now + timedelta(days=40)).strftime("%Y-%m-%dT00:00")
    row = tree_of(planner.client.get(HOEK)).xpath("//input[@name='phases-0-id']/@value")
    changed = {**with_ids(form, row), "phases-0-ends_at": later, "revision": "2"}
    without = planner.post(HOEK, changed)
    assert without.status_code == 422
    assert set(errors(without)) == {"reason"}
    begun = planner.post(HOEK, {**changed, "phases-0-starts_at": "2026-02-01T00:00", "reason": "Zomaar"})
    assert set(errors(begun)) == {"phases-0-starts_at"}
    assert planner.post(HOEK, {**changed, "reason": "Het vriest te hard."}).status_code == 303
    page = app.test_client().get("/assignments/hoek-van-de-kade").get_data(as_text=True)
    assert "1 datum is veranderd" in page
    assert "Het vriest te hard." in page


@pytest.mark.parametrize("case", starters.STARTERS, ids=lambda case: case.id)
def test_a_starter_fills_a_form_that_only_lacks_its_place_and_contact(
    planner: Browser, area: str, case: starters.Starter
) -> None:
    with planner.client.application.app_context():
        assert set(case.kinds) <= set(catalogue().kinds)
    tree = tree_of(planner.client.get(f"{NEW}?starter={case.id}"))
    form: dict[str, Any] = {}
    for field in tree.xpath("//main//form[1]//*[@name]"):
        name, kind = field.get("name"), field.get("type")
        if (kind in ("radio", "checkbox") and not field.get("checked")) or field.tag == "button":
            continue
        if field.tag == "select":
            form[name] = (field.xpath("option[@selected]/@value") or field.xpath("option/@value"))[0]
        elif name == "kinds":
            form.setdefault(name, []).append(field.get("value"))
        else:
            form[name] = field.get("value") if field.tag == "input" else field.text_content().lstrip("\n")
    answer = planner.post(NEW, form)
    assert set(errors(answer)) == {"area"}
    form |= {"area": area, "slug": "proef"}
    assert planner.post(NEW, form).status_code == 303
    refused = planner.post("/desk/assignments/proef/publish")
    assert set(errors(refused)) == {"contact", "title"}


@pytest.mark.parametrize("path", [f"{NEW}?starter=onzin", f"{NEW}?neighbourhood=zz"])
def test_a_strange_starter_is_an_empty_form(planner: Browser, path: str) -> None:
    assert planner.client.get(path).status_code == 200


def test_everything_that_is_wrong_is_told_at_once(planner: Browser, area: str) -> None:
    """Also where something cannot be read at all, so that nobody corrects a form twice."""
    form = brief_form(
        area,
        phases=(("draw", "2027-02-01T00:00", "2027-01-04T09:00"),),
        zones=(("fixed", "", "geen vlak"),),
        slug="Niet Goed",
        budget_eur="-5",
        min_parking_bays="99999",
        min_clear_width_m="77",
    )
    answer = planner.post(NEW, form)
    assert answer.status_code == 422
    told = errors(answer)
    assert set(told) == {
        "slug", "budget_eur", "min_parking_bays", "min_clear_width_m",
        "phases-0-ends_at", "zones-0-reason", "zones-0-geometry",
    }  # fmt: skip
    # Which field of which row.
    assert told["zones-0-reason"].startswith("Zone 1, Waarom: ")
    assert told["phases-0-ends_at"].startswith("Fase 1, Tot: ")


def test_who_comes_second_reads_what_the_first_stored_before_it_is_replaced(
    planner: Browser, area: str, app: Flask
) -> None:
    form = brief_form(area, title="Hoek van de Kade")
    planner.post(NEW, form)
    opened = tree_of(planner.client.get(HOEK)).xpath("//input[@name='revision']/@value")[0]
    with app.app_context():
        kept = assignment_by_slug("hoek-van-de-kade", concepts=True)
        mine = with_ids(form, [phase.id for phase in kept.phases])
    first = {**mine, "revision": opened, "title": "Hoek aan het water", "budget_eur": "5.000"}
    assert planner.post(HOEK, first).status_code == 303
    late = planner.post(HOEK, {**mine, "revision": opened, "who_decides": "De buurt."})
    assert late.status_code == 412
    told = errors(late)
    # With a way to begin with what the colleague stored.
    assert set(told) == {"title", "who_decides", "budget_eur", HOEK}
    assert "Nu is bewaard: Hoek aan het water" in told["title"]
    assert "Nu is bewaard: 5000" in told["budget_eur"]
    tree = tree_of(late)
    assert tree.xpath("//textarea[@name='who_decides']")[0].text == "De buurt."
    assert "in de plaats van wat er nu bewaard is" in tree.xpath("//div[@role='alert']")[0].text_content()
    # Knowing that, one can choose for one's own, once: a third planner's work is again told first.
    told_about = tree.xpath("//input[@name='revision']/@value")[0]
    assert planner.post(HOEK, {**mine, "revision": told_about, "title": "Van mij"}).status_code == 303
    assert planner.post(HOEK, {**mine, "revision": told_about, "title": "Nog een"}).status_code == 412
