"""Pages as a visitor, a resident and a planner read them: no JavaScript, only links and forms."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.projects.queries import assignment_by_slug
from tests.factories import Resident, addition, design_body, make_street, object_id, people, point_json
from tests.factories.briefs import brief_form, square, with_ids
from tests.factories.people import Browser, hidden_token, sign_in


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment."""
    with app.app_context():
        return make_street().slug


@pytest.fixture
def visitor(app: Flask, street: str) -> FlaskClient:
    """A browser without a cookie."""
    return app.test_client()


@pytest.fixture
def resident(app: Flask, street: str) -> Resident:
    """Somebody who takes part."""
    return Resident(app.test_client())


def submitted(resident: Resident, **body: Any) -> str:
    """The id of a submitted design of this resident."""
    design = resident.send("POST", "/api/designs", design_body(**body)).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return str(design)


def page(client: FlaskClient, path: str, status: int = 200) -> Any:
    """A page as a tree, after the checks that hold for every page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    return checked(answer.text)


def checked(text: str) -> Any:
    """The tree of a page with one h1, a title, unique ids, labelled fields and nothing inline."""
    tree = html.fromstring(text)
    assert len(tree.xpath("//h1")) == 1
    assert tree.xpath("string(//title)").endswith("– Stoepkrijt")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    assert not tree.xpath("//@style | //style | //script[not(@src)] | //@onclick")
    for field in tree.xpath("//input[not(@type='hidden')] | //textarea | //select"):
        assert (
            field.get("aria-label")
            or field.xpath("ancestor::label")
            or tree.xpath(f"//label[@for='{field.get('id')}']")
        )
    for form in tree.xpath("//form"):
        assert form.get("action")
        assert form.get("method") in ("post", "get")
    return tree


def words(tree: Any) -> str:
    """All text of a page, with single spaces."""
    return " ".join(tree.text_content().split())


def test_home_without_assignments_says_so(client: FlaskClient) -> None:
    assert "Er is nog geen opgave" in words(page(client, "/"))


def test_home_shows_the_open_assignment_and_its_designs(visitor: FlaskClient, resident: Resident) -> None:
    submitted(resident, title="Groene Kade")
    tree = page(visitor, "/")
    assert "De Kade opnieuw" in words(tree)
    assert "Groene Kade" in words(tree)
    assert "1 boom erbij" in words(tree)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/assignments",
        "/assignments/kade",
        "/how-it-works",
        "/privacy",
        "/accessibility",
        "/assignments/kade/map",
    ],
)
def test_reading_sets_no_cookie(visitor: FlaskClient, prefix: str, path: str) -> None:
    answer = visitor.get(prefix + path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_the_language_link_leads_to_the_same_page(visitor: FlaskClient) -> None:
    tree = page(visitor, "/assignments/kade")
    assert tree.xpath("//a[@hreflang='en']/@href") == ["/en/assignments/kade"]
    assert tree.get("lang") == "nl"
    english = page(visitor, "/en/assignments/kade")
    assert english.xpath("//a[@hreflang='nl']/@href") == ["/assignments/kade"]
    assert english.get("lang") == "en"
    assert "/en/assignments" in english.xpath("//header//a/@href")


def test_a_withdrawn_or_draft_design_is_not_listed(visitor: FlaskClient, resident: Resident) -> None:
    resident.send("POST", "/api/designs", design_body(title="Concept Kade"))
    withdrawn = submitted(resident, title="Ingetrokken Kade")
    resident.send("POST", f"/api/designs/{withdrawn}/withdraw")
    text = words(page(visitor, "/assignments/kade"))
    assert "Concept Kade" not in text
    assert "Ingetrokken Kade" not in text
    assert "ingetrokken" in words(page(visitor, f"/designs/{withdrawn}"))


def test_a_draft_is_only_for_its_author(visitor: FlaskClient, resident: Resident) -> None:
    draft = resident.send("POST", "/api/designs", design_body()).get_json()["id"]
    page(visitor, f"/designs/{draft}", 404)
    assert visitor.get(f"/designs/{draft}/map.svg").status_code == 404
    assert "Zend je ontwerp in" in words(page(resident.client, f"/designs/{draft}"))


def test_the_author_submits_a_draft_from_its_page(visitor: FlaskClient, resident: Resident) -> None:
    draft = resident.send("POST", "/api/designs", design_body()).get_json()["id"]
    answer = resident.client.post(f"/designs/{draft}/submit", data={"csrf_token": resident.token})
    assert answer.status_code == 303
    assert "Je ontwerp is ingezonden" in words(page(resident.client, f"/designs/{draft}"))
    assert "Groene Kade" in words(page(visitor, "/assignments/kade"))


def test_a_design_page_lists_every_change_with_what_and_where(
    app: Flask, visitor: FlaskClient, resident: Resident
) -> None:
    with app.app_context():
        bay = object_id("vak-1")
    removal = {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": bay}}
    design = resident.send(
        "POST", "/api/designs", design_body("kade", addition(20, 2, "bench"), removal)
    ).get_json()["id"]
    resident.send("POST", f"/api/designs/{design}/submit")
    text = words(page(visitor, f"/designs/{design}"))
    assert "Bank komt erbij bij Kade 2" in text
    assert "Parkeervak gaat weg" in text
    assert "Parkeerplekken 3 →wordt 2" in text, text


def test_an_old_version_stays_readable(visitor: FlaskClient, resident: Resident) -> None:
    design = submitted(resident)
    tag = resident.client.get(f"/api/designs/{design}").headers["ETag"]
    changed = design_body("kade", addition(20, 2), addition(30, 2), title="Groenere Kade")
    assert resident.send("PUT", f"/api/designs/{design}", changed, **{"If-Match": tag}).status_code == 200
    assert "Groenere Kade" in words(page(visitor, f"/designs/{design}"))
    old = words(page(visitor, f"/designs/{design}/versions/1"))
    assert "Groene Kade" in old
    assert "Dit is versie 1" in old
    assert visitor.get(f"/designs/{design}/versions/1/map.svg").status_code == 200
    page(visitor, f"/designs/{design}/versions/9", 404)


def test_a_remix_names_its_original_and_the_original_its_remixes(
    app: Flask, visitor: FlaskClient, resident: Resident
) -> None:
    original = submitted(resident)
    other = Resident(app.test_client())
    remix = submitted(other, title="Nog groener", remix_of=original)
    assert "Begonnen vanuit Groene Kade" in words(page(visitor, f"/designs/{remix}"))
    assert "Buren tekenden hierop verder Nog groener" in words(page(visitor, f"/designs/{original}"))


def test_a_visitor_supports_with_a_plain_form_and_takes_it_back(
    visitor: FlaskClient, resident: Resident
) -> None:
    design = submitted(resident)
    assert visitor.post(f"/designs/{design}/support", data={"support": "yes"}).status_code == 303
    text = visitor.get(f"/designs/{design}").text
    assert "Jij steunt dit ontwerp" in text
    token = hidden_token(text)
    visitor.post(f"/designs/{design}/support", data={"support": "yes", "csrf_token": token})
    assert "1 buur steunt dit ontwerp" in words(page(visitor, f"/designs/{design}"))
    visitor.post(f"/designs/{design}/support", data={"support": "no", "csrf_token": token})
    assert "0 buren steunen dit ontwerp" in words(page(visitor, f"/designs/{design}"))


def test_a_support_form_without_its_token_is_refused(resident: Resident) -> None:
    design = submitted(resident)
    assert resident.client.post(f"/designs/{design}/support", data={"support": "yes"}).status_code == 403


def test_a_visitor_comments_with_a_plain_form_and_becomes_a_guest(visitor: FlaskClient) -> None:
    answer = visitor.post("/assignments/kade/comments", data={"text": "Graag een bank.", "sentiment": "for"})
    assert answer.status_code == 303
    assert re.fullmatch(r"/assignments/kade#c-[0-9a-f-]{36}", answer.headers["Location"])
    text = words(page(visitor, "/assignments/kade"))
    assert "Graag een bank." in text
    assert "van jou" in text


def test_an_empty_comment_comes_back_with_the_problem_at_its_field(visitor: FlaskClient) -> None:
    answer = visitor.post("/assignments/kade/comments", data={"text": "  ", "sentiment": "against"})
    assert answer.status_code == 422
    tree = checked(answer.text)
    assert tree.xpath("//div[@role='alert']//a/@href") == ["#f-text"]
    assert tree.xpath("//textarea[@id='f-text']/@aria-invalid") == ["true"]
    assert tree.xpath("//input[@name='sentiment'][@checked]/@value") == ["against"]
    assert "Set-Cookie" not in answer.headers


def test_a_comment_hangs_on_one_change_of_a_design(visitor: FlaskClient, resident: Resident) -> None:
    design = submitted(resident)
    change = resident.client.get(f"/api/designs/{design}").get_json()["changes"]["features"][0]["id"]
    assert "selected" in visitor.get(f"/designs/{design}?about={change}").text
    visitor.post(f"/designs/{design}/comments", data={"text": "Te dicht bij mijn raam.", "change": change})
    assert "over: Boom" in words(page(visitor, f"/designs/{design}"))


def test_replies_stand_under_what_they_answer(app: Flask, visitor: FlaskClient, resident: Resident) -> None:
    first = resident.send(
        "POST", "/api/comments", {"assignment": "kade", "text": "Meer bankjes."}
    ).get_json()["id"]
    visitor.post("/assignments/kade/comments", data={"text": "Eens!", "parent": first})
    tree = page(app.test_client(), "/assignments/kade")
    assert tree.xpath("//ul[contains(@class,'replies')]//p[@class='text']/text()") == ["Eens!"]


def test_one_edits_and_removes_ones_own_comment(app: Flask, resident: Resident) -> None:
    comment = resident.send("POST", "/api/comments", {"assignment": "kade", "text": "Eerst zo."}).get_json()[
        "id"
    ]
    page(resident.client, f"/comments/{comment}/edit")
    form = {"csrf_token": resident.token, "text": "Nu zo.", "sentiment": "against", "revision": "1"}
    assert resident.client.post(f"/comments/{comment}/edit", data=form).status_code == 303
    assert "Nu zo." in words(page(app.test_client(), "/assignments/kade"))
    again = resident.client.post(f"/comments/{comment}/edit", data={**form, "text": "Oud venster."})
    assert again.status_code == 412
    assert "Nu zo." in again.text
    assert "Oud venster." in again.text
    page(resident.client, f"/comments/{comment}/remove")
    assert (
        resident.client.post(f"/comments/{comment}/remove", data={"csrf_token": resident.token}).status_code
        == 303
    )
    assert "Nu zo." not in words(page(app.test_client(), "/assignments/kade"))


def test_nobody_edits_the_comment_of_somebody_else(app: Flask, resident: Resident) -> None:
    comment = resident.send("POST", "/api/comments", {"assignment": "kade", "text": "Van mij."}).get_json()[
        "id"
    ]
    other = Resident(app.test_client())
    page(other.client, f"/comments/{comment}/edit", 403)


def test_what_people_write_is_text_and_never_markup(app: Flask, resident: Resident) -> None:
    evil = "<script>alert(1)</script><b>vet</b>"
    design = submitted(resident, title=evil)
    resident.send("POST", "/api/comments", {"assignment": "kade", "text": evil})
    for path in ("/", "/assignments/kade", f"/designs/{design}", f"/designs/{design}/map.svg"):
        text = app.test_client().get(path).text
        assert "<script>alert" not in text
        assert "<b>vet" not in text
        assert "&lt;script&gt;" in text


def test_a_closed_assignment_can_be_read_but_offers_no_forms(
    app: Flask, visitor: FlaskClient, resident: Resident
) -> None:
    design = submitted(resident)
    with app.app_context(), transaction():
        closed = assignment_by_slug("kade")
        closed.phases[0].ends_at = closed.closes_at = datetime.now(UTC) - timedelta(days=1)
    for path in ("/assignments/kade", f"/designs/{design}"):
        tree = page(visitor, path)
        assert not tree.xpath("//form")
        assert "gesloten" in words(tree).lower()
    assert visitor.post("/assignments/kade/comments", data={"text": "Te laat."}).status_code == 403


def test_pictures_are_svg_with_a_text_alternative_and_an_etag(
    visitor: FlaskClient, resident: Resident
) -> None:
    design = submitted(resident)
    for path in (
        f"/designs/{design}/thumb.svg",
        f"/designs/{design}/map.svg",
        "/assignments/kade/thumb.svg",
        "/assignments/kade/map.svg",
    ):
        answer = visitor.get(path)
        assert answer.mimetype == "image/svg+xml"
        root = html.fromstring(answer.data)
        assert root.xpath("string(.//*[local-name()='title'])")
        assert root.xpath("string(.//*[local-name()='desc'])")
        assert visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/assignments/bestaat-niet", "/designs/00000000-0000-0000-0000-000000000000", "/weg"]
)
def test_a_page_that_is_not_there_says_what_to_do(visitor: FlaskClient, path: str) -> None:
    text = words(page(visitor, path, 404))
    assert "Er is niets verloren" in text
    assert "Naar de beginpagina" in text


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999", "about=x"])
def test_a_strange_query_shows_the_page_all_the_same(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"/assignments/kade?{query}").status_code == 200


def test_the_desk_is_for_planners(app: Flask, visitor: FlaskClient, resident: Resident) -> None:
    assert visitor.get("/desk").status_code == 303
    planner = Browser(app.test_client())
    sign_in(planner, "planner@example.nl", Role.PLANNER)
    tree = page(planner.client, "/desk")
    assert "De Kade opnieuw" in words(tree)
    assert "/api/export/changes.gpkg?assignment=kade" in tree.xpath("//a/@href")
    assert "Bureau" in words(page(planner.client, "/"))


def test_a_planner_makes_and_changes_an_assignment_with_the_form(app: Flask, street: str) -> None:
    planner = Browser(app.test_client())
    sign_in(planner, "planner@example.nl", Role.PLANNER)
    tree = page(planner.client, "/desk/assignments/new")
    assert tree.xpath("//select[@name='neighbourhood']/option/@value") == ["kade-buurt"]
    wrong = planner.post(
        "/desk/assignments/new",
        {"title": "", "neighbourhood": "kade-buurt", "phases-0-type": "draw", "phases-0-starts_at": "morgen"},
    )
    assert wrong.status_code == 422
    problems = checked(wrong.text).xpath("//div[@role='alert']//a/@href")
    assert {"#f-title", "#f-question", "#f-phases-0-starts_at", "#f-area"} <= set(problems)
    with app.app_context():
        form = brief_form(square(*point_json(10, 5)["coordinates"]))
    made = planner.post("/desk/assignments/new", form)
    assert made.status_code == 303, made.text
    assert made.headers["Location"] == "/desk/assignments/hoek-van-de-kade/preview"
    tree = page(planner.client, "/desk/assignments/hoek-van-de-kade")
    assert tree.xpath("//input[@name='title']/@value") == ["Hoek van de Kade"]
    same = with_ids(form, tree.xpath("//input[@name='phases-0-id']/@value"))
    changed = planner.post(
        "/desk/assignments/hoek-van-de-kade", {**same, "title": "De hoek", "revision": "1"}
    )
    assert changed.status_code == 303, changed.text
    stale = planner.post("/desk/assignments/hoek-van-de-kade", {**same, "title": "Te laat", "revision": "1"})
    assert stale.status_code == 412
    assert "Te laat" in stale.text
    assert "collega" in stale.text


def test_when_the_database_is_away_the_page_says_so_in_the_readers_language() -> None:
    with people.site("postgresql://nobody@127.0.0.1:1/away?connect_timeout=1") as app:
        for path, said in (("/", "Even niet bereikbaar"), ("/en/", "Not available for a moment")):
            answer = app.test_client().get(path)
            assert answer.status_code == 503
            assert said in words(checked(answer.text))
            assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("address", "page_above"),
    [
        ("/assignments/kade/comments", "/assignments/kade"),
        ("/en/assignments/kade/follow", "/en/assignments/kade"),
        (f"/en/designs/{uuid.UUID(int=7)}/support", f"/en/designs/{uuid.UUID(int=7)}"),
        (f"/rounds/{uuid.UUID(int=7)}/check", f"/rounds/{uuid.UUID(int=7)}"),
        (f"/me/sessions/{uuid.UUID(int=7)}/end", "/me"),
        ("/sign-out", "/"),
        ("/en/sign-out", "/en/"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(visitor: FlaskClient, address: str, page_above: str) -> None:
    answer = visitor.get(address, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (302, page_above)
    # Programs are told what is wrong.
    told = visitor.get(address, headers={"Accept": "application/json"})
    assert (told.status_code, "POST" in told.headers["Allow"]) == (405, True)


def test_a_call_of_the_api_that_only_writes_stays_refused(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/check", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
