"""A round of voting in a browser: by keyboard alone, on a phone, with a letter, on paper, without a line."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.votes.letters.domain import Addressed, shown
from app.votes.rounds import service
from app.votes.rounds.drafts import OptionDraft
from app.votes.rounds.models import Ballot
from app.votes.rounds.queries import options_of
from tests.e2e.axe import all_faults, at_both_sizes
from tests.e2e.conftest import DESKTOP, PHONE, Visit, cookie_of, map_ready, open_as
from tests.factories import Resident, addition, design_body, rounds

RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
MOST_TABS = 90
PAPER = {"paper_ballots": "5"}


@pytest.fixture
def world(app: Flask, clean: None) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.remove()


def opened(kind: str = "approval", **fields: Any) -> uuid.UUID:
    """A round of three options of 1,000, 2,000 and 4,000 euros."""
    found = rounds.open_round(kind=kind, **fields)
    db.session.remove()
    return found


def cast() -> list[Any]:
    """What every voter's last ballot says."""
    db.session.remove()
    rows = db.session.execute(db.select(Ballot.voter, Ballot.choices).order_by(Ballot.voter, Ballot.version))
    return list({row.voter: row.choices for row in rows}.values())


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement?.matches(one)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_a_whole_vote_with_the_keyboard_alone(world: Flask, visit: Visit) -> None:
    round_id = opened()
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    for code in "BC":
        page.locator("body").evaluate("() => document.activeElement.blur()")
        tab_to(page, f'input[value="{code}"]')
        page.keyboard.press("Space")
    expect(page.locator("[data-sum]")).to_have_text("Je koos 2 ontwerpen.")
    tab_to(page, '.ballot-bar button[type="submit"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Klopt je stem?")
    page.wait_for_selector("form[data-ready]")
    tab_to(page, 'form[data-module="ballot-send"] button[type="submit"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Je stem is binnen")
    # Who reads with their ears is where the news is.
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    receipt = page.locator(".receipt-number").inner_text()
    assert RECEIPT.fullmatch(receipt)
    assert cast() == [["B", "C"]]
    page.get_by_role("link", name="Zoek een ontvangstbewijs op").press("Enter")
    page.get_by_label("Het nummer op je ontvangstbewijs").fill(receipt)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Deze stem is binnen en telt mee.")


def test_the_map_alone_is_enough_with_the_keyboard(world: Flask, visit: Visit) -> None:
    round_id = opened()
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    tab_to(page, '.ballot-mark[aria-label^="Ontwerp B"]')
    page.keyboard.press("Enter")
    assert "Ontwerp 2" in focused(page)
    tab_to(page, ".ballot-card button[aria-pressed]")
    page.keyboard.press("Enter")
    expect(page.locator('input[value="B"]')).to_be_checked()
    expect(page.get_by_role("button", name="Ontwerp B: Ontwerp 2, gekozen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('.ballot-mark[aria-label^="Ontwerp B"]')).to_be_focused()


def test_a_whole_vote_on_a_phone(world: Flask, visit: Visit) -> None:
    round_id = opened("budget", parameters={"budget_eur": "5500"})
    page = visit(f"/rounds/{round_id}", touch=True)
    map_ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator('.ballot-mark[aria-label^="Ontwerp C"]').tap()
    page.locator(".ballot-card").get_by_role("button", name="Kies dit").tap()
    expect(page.locator("[data-sum]")).to_contain_text(
        "Je geeft €\xa04.000 uit. Je hebt nog €\xa01.500 over."
    )
    expect(page.locator("#nota-B")).to_have_text("Past niet meer in je budget: €\xa0500 te duur.")
    page.locator('label[for="f-choice-A"]').tap()
    page.get_by_role("button", name="Controleer je stem").tap()
    expect(page.get_by_text("Samen € 5.000 van € 5.500.")).to_be_visible()
    page.get_by_role("button", name="Verstuur mijn stem").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je stem is binnen")
    assert cast() == [["A", "C"]]


def test_a_ranking_by_buttons_and_by_numbers(world: Flask, visit: Visit) -> None:
    round_id = opened("ranking")
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    for code, place in (("C", 1), ("A", 2)):
        page.locator(f'[data-option="{code}"]').get_by_role("button", name=f"Zet op plaats {place}").click()
    up = page.locator('[data-option="A"]').get_by_role("button", name="hoger")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-sum]")).to_have_text("Jouw volgorde: 1. A, 2. C.")
    # The button stays under the finger, also when it can do no more.
    expect(up).to_be_focused()
    expect(up).to_have_attribute("aria-disabled", "true")
    page.locator('[data-field="B"]').select_option("1")
    expect(page.locator("[data-sum]")).to_have_text("Jouw volgorde: 1. B, 2. A, 3. C.")
    expect(page.locator('[data-field="C"]')).to_have_value("3")
    page.get_by_role("button", name="Controleer je stem").click()
    page.get_by_role("button", name="Nog iets wijzigen").click()
    expect(page.locator("[data-sum]")).to_have_text("Jouw volgorde: 1. B, 2. A, 3. C.")
    page.get_by_role("button", name="Controleer je stem").click()
    page.get_by_role("button", name="Verstuur mijn stem").click()
    expect(page.locator(".receipt-number")).to_be_visible()
    assert cast() == [["B", "A", "C"]]


def test_points_say_what_is_left(world: Flask, visit: Visit) -> None:
    round_id = opened("points")
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    page.locator('[data-field="A"]').fill("7")
    page.locator('[data-field="A"]').press("Tab")
    more = page.locator('[data-option="B"]').get_by_role("button", name="Een punt meer")
    for _press in range(2):
        more.click()
    expect(page.locator("[data-sum]")).to_have_text("Je gaf 9 punten. Je hebt er nog 1.")
    page.get_by_role("button", name="Controleer je stem").click()
    page.get_by_role("button", name="Verstuur mijn stem").click()
    expect(page.locator(".receipt-number")).to_be_visible()
    assert cast() == [{"A": 7, "B": 2}]


def test_what_does_not_go_together_is_told_while_choosing(world: Flask, visit: Visit) -> None:
    street, by = rounds.street_to_vote_on(), rounds.planner()
    ids = [
        rounds.design(street, 1000, x=10, title="Boom"),
        rounds.design(street, 1000, x=10.2, title="Linde"),
    ]
    with transaction():
        made = service.make_round(by, street, rounds.draft(opens_in=2))
        service.set_options(by, made.id, [OptionDraft(one) for one in ids], made.revision, datetime.now(UTC))
        service.decide_conflict(
            by, made.id, "A", "B", confirmed=True, reason="Eén plek.", now=datetime.now(UTC)
        )
    rounds.freeze(by, made)
    round_id = made.id
    rounds.wait_until(made.opens_at)
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    for code in "AB":
        page.locator(f'label[for="f-choice-{code}"]').click()
    expect(page.locator("[data-sum]")).to_contain_text("A en B passen niet samen")
    page.get_by_role("button", name="Controleer je stem").click()
    expect(
        page.get_by_text("A en B passen niet samen: hoogstens één van de twee kan winnen.")
    ).to_be_visible()


# A line that breaks while the test's own server sends a file leaves that file to the collector of garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_lost_line_loses_no_vote_and_makes_no_second(world: Flask, visit: Visit) -> None:
    round_id = opened()
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    page.locator('label[for="f-choice-A"]').click()
    page.get_by_role("button", name="Controleer je stem").click()
    page.wait_for_selector("form[data-ready]")
    page.context.set_offline(True)
    send = page.get_by_role("button", name="Verstuur mijn stem")
    send.click()
    expect(page.get_by_text("Er is geen verbinding.")).to_be_visible()
    assert cast() == []
    page.context.set_offline(False)
    # This time the ballot arrives, and the answer gets lost on its way.
    page.route("**/ballot", lambda route: (route.fetch(), route.abort())[1], times=1)
    send.click()
    expect(page.get_by_text("Er is geen verbinding.")).to_be_visible()
    expect(send).not_to_have_attribute("aria-disabled", "true")
    assert cast() == [["A"]]
    send.click()
    expect(page.locator(".receipt-number")).to_be_visible()
    assert cast() == [["A"]]


def test_a_choice_outlives_loading_again_and_not_the_receipt(world: Flask, visit: Visit) -> None:
    round_id = opened()
    page = visit(f"/rounds/{round_id}")
    map_ready(page)
    page.locator('label[for="f-choice-B"]').click()
    page.reload()
    expect(page.locator('input[value="B"]')).to_be_checked()
    expect(page.locator("#announcer")).to_have_text("Je keuze van zojuist staat er weer.")
    page.get_by_role("button", name="Controleer je stem").click()
    page.get_by_role("button", name="Verstuur mijn stem").click()
    expect(page.locator(".receipt-number")).to_be_visible()
    page.goto(f"/rounds/{round_id}")
    expect(page.locator('input[value="B"]')).not_to_be_checked()
    page.get_by_role("button", name="Wijzig mijn stem").click()
    expect(page.locator('input[value="B"]')).to_be_checked()


def test_a_letter_is_a_vote_without_javascript_too(world: Flask, visit: Visit) -> None:
    by = rounds.planner()
    round_, [(code, _to)] = rounds.announced_with_letters([Addressed("Kade 1")], by=by)
    round_id = round_.id
    rounds.wait_until(round_.opens_at)
    db.session.remove()
    page = visit(f"/r/{str(round_id)[:8]}", script=False)
    page.get_by_label("Ik kies dit: C").check()
    page.get_by_role("button", name="Controleer je stem").click()
    expect(page.get_by_role("alert")).to_contain_text("Vul de code uit de brief in.")
    expect(page.get_by_label("Ik kies dit: C")).to_be_checked()
    page.get_by_label("De code uit je brief").fill(shown(code).lower().replace("0", "o"))
    page.get_by_role("button", name="Controleer je stem").click()
    page.get_by_role("button", name="Verstuur mijn stem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je stem is binnen")
    assert cast() == [["C"]]


def test_two_planners_enter_a_paper_ballot(world: Flask, visit: Visit) -> None:
    round_id = opened(electorate_parameters=PAPER)
    pages = []
    for email in ("noor@gemeente.example", "bo@gemeente.example"):
        pages.append(visit(f"/desk/rounds/{round_id}/paper", cookie=_planner(world, email)))
    for page, told in zip(pages, ("Nu voert iemand anders", "Jullie lazen hetzelfde"), strict=True):
        page.get_by_label("Nummer van het briefje").fill("3")
        page.get_by_label("B: Ontwerp 2").check()
        page.get_by_role("button", name="Voer dit briefje in").click()
        expect(page.get_by_role("status").first).to_contain_text(told)
    assert cast() == [["B"]]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_planner_puts_a_part_of_a_design_to_the_vote(
    world: Flask, browser: Browser, live_server: str, size: Any
) -> None:
    street, by = rounds.street_to_vote_on(), rounds.planner()
    author = Resident(world.test_client())
    features = [addition(20, 2), addition(40, 2, "bench"), addition(80, 2)]
    made = author.send("POST", "/api/designs", design_body("kade", *features, title="Groen en zitten"))
    design = made.get_json()["id"]
    assert author.send("POST", f"/api/designs/{design}/submit").status_code == 200
    with transaction():
        round_id = service.make_round(by, street, rounds.draft(opens_in=3600)).id
    db.session.remove()
    page = open_as(browser, live_server, size, _planner(world, "noor@gemeente.example")).new_page()
    page.goto(f"/desk/rounds/{round_id}/options")
    page.get_by_text("Laat een deel meedoen").click()
    page.get_by_label("Dit deel doet mee").check()
    page.get_by_label("Titel van dit deel").fill("Eerst de bank")
    page.get_by_role("group", name="Wijzigingen in dit deel").get_by_label("Bank").check()
    assert all_faults(page) == []
    page.get_by_role("button", name="Bewaar de keuze").click()
    page.wait_for_url(f"**/desk/rounds/{round_id}")
    db.session.remove()
    (option,) = options_of(round_id)
    assert (option.title, option.part) == ("Eerst de bank", [1])
    page.context.close()


def _planner(app: Flask, email: str) -> str:
    from tests.factories import people

    browser = people.Browser(app.test_client())
    people.sign_in(browser, email, Role.PLANNER)
    cookie = browser.client.get_cookie("stoepkrijt")
    assert cookie is not None
    return str(cookie.value)


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_axe_finds_nothing_on_the_pages_of_a_round(
    world: Flask, browser: Browser, live_server: str, size: Any, prefix: str
) -> None:
    street = rounds.street_to_vote_on()
    by = rounds.planner()
    open_ones = [
        rounds.open_round(
            street, kind=kind, electorate=electorate, electorate_parameters={"paper_ballots": "5"}
        )
        for kind, electorate in (("approval", "guest"), ("ranking", "letter"), ("points", "email"))
    ]
    coming = rounds.announced_round(street, by=by, opens_in=3600, electorate="letter").id
    with transaction():
        draft = service.make_round(by, street, rounds.draft("budget", opens_in=3600))
        ids = [rounds.design(street, 1000, x=10), rounds.design(street, 1000, x=10.2)]
        service.set_options(
            by, draft.id, [OptionDraft(one) for one in ids], draft.revision, datetime.now(UTC)
        )
        draft_id = draft.id
    db.session.remove()
    context = open_as(browser, live_server, size, cookie_of(world, Role.PLANNER))
    page = context.new_page()
    found: dict[str, list[str]] = {}
    desk = [f"/desk/rounds/{draft_id}{path}" for path in ("", "/edit", "/options", "/conflicts", "/freeze")]
    desk += [f"/desk/rounds/{coming}", f"/desk/rounds/{coming}/letters", f"/desk/rounds/{open_ones[0]}/paper"]
    voters = [f"/rounds/{one}" for one in (*open_ones, coming)] + [f"/rounds/{coming}/receipt"]
    for path in ("/desk/assignments/kade/rounds", *desk, *voters, "/assignments/kade"):
        page.goto(prefix + path)
        if page.locator("[data-ballot-map], .area-picker").count():
            map_ready(page)
        if page.locator(".ballot-mark").count():
            page.locator(".ballot-mark").first.click()
        found[path] = at_both_sizes(page, all_faults)
    page.goto(f"{prefix}/rounds/{open_ones[0]}")
    map_ready(page)
    page.locator('label[for="f-choice-A"]').click()
    page.locator('.ballot-bar button[type="submit"]').click()
    page.wait_for_selector('form[data-module="ballot-send"]')
    found["look"] = at_both_sizes(page, all_faults)
    page.locator('form[data-module="ballot-send"] button[type="submit"]').first.click()
    page.wait_for_selector(".receipt-number")
    found["receipt"] = at_both_sizes(page, all_faults)
    context.close()
    told = [f"{path}: {one}" for path, wrong in found.items() for one in wrong]
    assert not told, "\n".join(told)
