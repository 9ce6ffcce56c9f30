"""Polls, pledges and consent in a browser: no JavaScript, keyboard, a phone; axe in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from shapely import Point

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.projects.queries import assignment_by_slug
from app.votes.consent.domain import Reply
from app.votes.letters.domain import shown
from app.votes.polls import service as polls
from app.votes.polls.domain import Kind
from app.votes.polls.models import PollAnswer
from geodata import example_street as krijt
from tests.e2e.axe import all_faults, at_both_sizes, faults
from tests.e2e.conftest import DESKTOP, PHONE, Visit, cookie_of, map_ready, open_as
from tests.factories import PLANNER
from tests.factories.consent import DAY, NOW, SLUG, bay_design, krijtstraat, public_bay, reply, sent

pytestmark = pytest.mark.browser


@pytest.fixture
def change(app: Flask, clean: None) -> str:
    """A bay that a public design changes, in the Krijtstraat."""
    return public_bay(app)


def ask_poll(app: Flask, *, answers: int = 0) -> str:
    """A scale about a place; answers its path. With `answers` of nobody in particular it is over."""
    with app.test_request_context("/"), transaction():
        draft = polls.PollDraft(
            "Hoe veilig steek je hier over?",
            Kind.SCALE,
            NOW - DAY,
            NOW + 9 * DAY,
            low_words="heel onveilig",
            high_words="heel veilig",
            asks_relation=True,
            place=krijt.in_degrees(Point(62, 7)),
        )
        made = polls.make_poll(PLANNER, assignment_by_slug(SLUG), draft)
        for number in range(answers):
            relation = ("here", "near")[number % 2]
            db.session.add(PollAnswer(poll_id=made.id, chosen=[number % 5 + 1], relation=relation))
        db.session.flush()
        if answers:
            polls.end_poll(PLANNER, made.id, "Genoeg gehoord.", NOW)
        return f"/polls/{made.id}"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels?.[0]?.innerText || e.innerText || e.ariaLabel || '').trim(); }"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"Tab does not reach “{name}”")


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no-javascript"])
def test_a_poll_is_answered_by_keyboard_on_a_phone(
    app: Flask, visit: Visit, change: str, script: bool
) -> None:
    page = visit(ask_poll(app), touch=True, script=script)
    assert page.context.cookies() == []
    expect(page.get_by_text("Je ziet de antwoorden als je zelf hebt geantwoord")).to_be_visible()
    if script:
        tab_to(page, "1: heel onveilig")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        tab_to(page, "Geef je antwoord")
        page.keyboard.press("Enter")
    else:
        page.get_by_label("3", exact=True).check()
        page.get_by_role("button", name="Geef je antwoord").click()
    expect(page.get_by_text("Je antwoord staat erbij.")).to_be_visible()
    expect(page.get_by_label("3", exact=True)).to_be_checked()
    expect(page.get_by_text("We laten de antwoorden zien vanaf 5 mensen.")).to_be_visible()


def test_a_poll_is_found_where_it_is_about(app: Flask, visit: Visit, change: str) -> None:
    address = ask_poll(app)
    page = visit(f"/assignments/{SLUG}/map")
    map_ready(page)
    page.locator("[data-at]").get_by_role("button", name="Toon op de kaart").click()
    left, top = page.evaluate(
        """() => new Promise(done => {
            const { map } = window.stoepkrijt;
            map.once('idle', () => {
                const [poll] = map.queryRenderedFeatures(undefined, { layers: ['polls'] });
                const box = map.getCanvas().getBoundingClientRect();
                const at = map.project(poll.geometry.coordinates);
                done([box.left + at.x, box.top + at.y]);
            });
            map.triggerRepaint();
        })"""
    )
    # The balloon stands above its place.
    page.mouse.click(left, top - 12)
    panel = page.locator("section.map-panel")
    expect(panel).to_contain_text("Hoe veilig steek je hier over?")
    panel.get_by_role("link", name="Naar de peiling").click()
    page.wait_for_url(f"**{address}")


def test_a_neighbour_answers_from_a_letter_by_keyboard_and_changes_it(
    app: Flask, visit: Visit, change: str
) -> None:
    _id, number, codes = sent(app, change)
    page = visit(f"/consent/{number}", touch=True)
    tab_to(page, "Code uit je brief")
    page.keyboard.type(shown(codes["9"]).lower())
    tab_to(page, "Ja, ik stem in")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Verstuur je antwoord")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Zeg waarom je bezwaar maakt")
    expect(page.get_by_label("Code uit je brief")).to_have_value(shown(codes["9"]).lower())
    assert faults(page) == []
    page.get_by_label("Reden").fill("Daar draai ik mijn oprit op.")
    page.get_by_role("button", name="Verstuur je antwoord").click()
    expect(page.get_by_text("Krijtstraat 9: Ik maak bezwaar.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Terug naar de vraag").click()
    page.get_by_label("Code uit je brief").fill(codes["9"])
    page.get_by_label("Ja, ik stem in").check()
    page.get_by_role("button", name="Verstuur je antwoord").click()
    expect(page.get_by_text("Krijtstraat 9: Ja, ik stem in.")).to_be_visible()
    assert page.context.cookies() == []


def test_a_planner_asks_from_a_design_and_downloads_the_letters(
    app: Flask, visit: Visit, clean: None
) -> None:
    with app.app_context():
        krijtstraat()
    design, _change = bay_design(app)
    page = visit(f"/designs/{design}", cookie=cookie_of(app, Role.PLANNER))
    page.get_by_role("link", name="Vraag buren om instemming").click()
    page.get_by_label("Zoals Nijmegen").check()
    page.get_by_label("Eerste dag").fill((NOW - DAY).date().isoformat())
    page.get_by_label("Laatste dag").fill((NOW + 20 * DAY).date().isoformat())
    page.get_by_role("button", name="Zoek de adressen").click()
    expect(page.locator(".consent-list > li")).to_have_count(4)
    page.get_by_text("Niet vragen").first.click()
    page.get_by_label("Waarom niet").first.fill("Staat leeg.")
    page.get_by_role("button", name="Niet vragen").first.click()
    expect(page.locator(".consent-list s")).to_have_text("Krijtstraat 5")
    # Before its script is in, the form is sent the plain way, and the page stays as it is.
    page.wait_for_selector("form[data-ready]")
    with page.expect_download() as download:
        page.get_by_role("button", name="Maak 3 brieven").click()
    assert download.value.suggested_filename == "brieven.pdf"
    # The page comes again by itself and says what was made.
    expect(page.get_by_text("3 brieven zijn gemaakt. Bewaar de PDF: hij komt niet terug.")).to_be_visible()
    expect(page.get_by_role("heading", name="Stand op dit moment")).to_be_visible()
    expect(page.get_by_text("Als het zo blijft, is de regel gehaald.")).to_be_visible()


def test_a_tree_is_looked_after_without_javascript(app: Flask, visit: Visit, change: str) -> None:
    page = visit(f"/assignments/{SLUG}/care", touch=True, script=False)
    page.get_by_role("link", name="Ik zorg hiervoor").first.click()
    page.get_by_label("Een groep").check()
    page.get_by_label("Naam die iedereen ziet").fill("De Groene Duimen")
    page.get_by_role("button", name="Ik zorg hiervoor").click()
    expect(page.get_by_text("De Groene Duimen zorgt hiervoor")).to_be_visible()
    expect(page.get_by_role("button", name="Verleng")).to_be_visible()


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_axe_finds_nothing_and_targets_are_large_enough(
    app: Flask, browser: Browser, live_server: str, change: str, size: Any, prefix: str
) -> None:
    poll, over = ask_poll(app), ask_poll(app, answers=20)
    consent_id, number, _codes = sent(app, change)
    draft, _n, _c = sent(app, change)
    reply(app, consent_id, "9", Reply.OBJECTION, "Mijn oprit.")
    found: dict[str, list[str]] = {}
    for role, paths in (
        (None, (poll, over, f"/consent/{number}", f"/assignments/{SLUG}/care", f"/assignments/{SLUG}")),
        (
            Role.PLANNER,
            (
                f"/desk/assignments/{SLUG}/polls",
                f"/desk/assignments/{SLUG}/polls/new",
                f"/desk/assignments/{SLUG}/consent",
                f"/desk/consent/new?change={change}",
                f"/desk/consent/{consent_id}",
                f"/desk/consent/{draft}",
                "/desk",
            ),
        ),
    ):
        context = open_as(browser, live_server, size, cookie_of(app, role) if role else "")
        page = context.new_page()
        for path in paths:
            page.goto(prefix + path)
            found[path] = at_both_sizes(page, all_faults)
        context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_square_on_a_letter_fills_in_its_code_and_no_server_hears_of_it(
    app: Flask, change: str, visit: Visit
) -> None:
    _id, number, codes = sent(app, change)
    page = visit("/")
    told: list[str] = []
    page.on(
        "request",
        lambda one: told.append(f"{one.url} {one.headers.get('referer', '')} {one.post_data or ''}"),
    )
    page.goto(f"/consent/{number}#code={codes['9']}")
    field = page.get_by_label("Code uit je brief")
    expect(field).to_have_value(shown(codes["9"]))
    expect(page.get_by_text("De code uit je brief is ingevuld.")).to_be_visible()
    # Gone from the address, and so from the history of a shared computer and from what is copied.
    assert page.url.endswith(f"/consent/{number}")
    page.get_by_role("link", name="Toegankelijkheid").click()
    page.wait_for_url("**/accessibility")
    assert told and not [one for one in told if codes["9"] in one or shown(codes["9"]) in one]
    # A second letter, read while the page is open.
    page.goto(f"/consent/{number}#code={codes['9']}")
    page.goto(f"/consent/{number}#code={codes['11']}")
    expect(field).to_have_value(shown(codes["11"]))
    expect(page.get_by_text("De code uit je brief is ingevuld.")).to_have_count(1)
