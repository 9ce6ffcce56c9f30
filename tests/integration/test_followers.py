"""Who took part, or asked for it, is mailed when a date moves: once, in their language, by real mail."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from app.accounts.domain import Role
from app.accounts.models import Person
from app.core.transaction import transaction
from app.extensions import db
from app.projects import followers, service
from app.projects.models import Follower
from app.projects.phases import PhaseDraft
from app.projects.queries import assignment_by_slug
from tests.factories import PLANNER, TOLD, Resident, addition, design_body, make_street, rd_box
from tests.factories.mailbox import Mailbox
from tests.factories.people import Browser, sign_in

JAN, NOOR, EVE = "jan@voorbeeld.nl", "noor@voorbeeld.nl", "eve@example.org"


@pytest.fixture
def street(app: Flask, clean: None) -> Flask:
    with app.app_context():
        make_street()
    return app


def person(app: Flask, email: str, path: str = "") -> Browser:
    """Somebody with an address, who opened the site in this language."""
    browser = Browser(app.test_client())
    sign_in(browser, email)
    if path:
        with app.app_context(), transaction():
            db.session.execute(db.update(Person).where(Person.email == email).values(language=path))
    return browser


def follow(browser: Browser, wish: str = "yes") -> int:
    return int(browser.post("/assignments/kade/follow", {"follow": wish}).status_code)


def move_end(app: Flask, days: int, reason: str = "De aannemer is later.") -> None:
    """A planner lets the drawing end so many days from now; waits for the mail that goes out after it."""
    with app.test_request_context("/"):
        with transaction():
            kade = assignment_by_slug("kade")
            phase = kade.phases[0]
            end = (datetime.now(UTC) + timedelta(days=days)).replace(
                hour=12, minute=0, second=0, microsecond=0
            )
            moved = PhaseDraft(phase.type, phase.starts_at, end, phase.id)
            brief = service.Brief(
                title=kade.title, question=kade.question, area=rd_box(0, 0, 100, 20), phases=(moved,), **TOLD
            )
            service.change_assignment(PLANNER, kade, brief, kade.revision, datetime.now(UTC), reason=reason)
        for thread in threading.enumerate():
            if thread.name == "tell-followers":
                thread.join(20)


def to(post: Mailbox) -> list[str]:
    return sorted(str(message["To"]) for message in post.messages)


def body(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_followers_are_mailed_and_others_are_not(street: Flask, post: Mailbox) -> None:
    jan, noor = person(street, JAN), person(street, NOOR)
    person(street, EVE)
    assert follow(jan) == follow(noor) == 303
    assert follow(noor, "no") == 303
    move_end(street, 50)
    (message,) = post.messages
    assert message["To"] == JAN
    assert message["Subject"] == "Andere data: De Kade opnieuw"
    text = body(message)
    assert "Tekenen" in text
    assert "Waarom: De aannemer is later." in text
    assert "/assignments/kade\n" in text
    assert NOOR not in text


def test_each_reads_it_in_their_own_language(street: Flask, post: Mailbox) -> None:
    follow(person(street, JAN))
    follow(person(street, EVE, "en"))
    move_end(street, 50)
    by = {str(message["To"]): message for message in post.messages}
    assert by[JAN]["Subject"].startswith("Andere data")
    assert "/en/assignments/kade\n" in body(by[EVE])
    assert "/en/" not in body(by[JAN])


def test_who_draws_or_comments_follows_until_they_stop(street: Flask, post: Mailbox) -> None:
    for email, act in ((JAN, "draw"), (NOOR, "comment")):
        browser = person(street, email)
        if act == "draw":
            resident = Resident(browser.client)
            design = resident.send("POST", "/api/designs", design_body("kade", addition(20, 2))).get_json()
            assert resident.send("POST", f"/api/designs/{design['id']}/submit").status_code == 200
        else:
            assert browser.post("/assignments/kade/comments", {"text": "Mooi!"}).status_code == 303
    move_end(street, 50)
    assert to(post) == [JAN, NOOR]
    post.messages.clear()
    noor = person(street, NOOR)
    follow(noor, "no")
    # Taking part again does not make them follow again.
    assert noor.post("/assignments/kade/comments", {"text": "Toch ook dit."}).status_code == 303
    move_end(street, 60)
    assert to(post) == [JAN]


def test_what_a_guest_did_counts_once_there_is_an_address(street: Flask, post: Mailbox) -> None:
    guest = Browser(street.test_client())
    assert guest.post("/assignments/kade/comments", {"text": "Meer groen."}).status_code == 303
    assert follow(guest) == 403
    move_end(street, 50)
    assert post.messages == []
    sign_in(guest, JAN)
    move_end(street, 60)
    assert to(post) == [JAN]
    # They did not know of the move from before: it is in the same mail.
    assert body(post.messages[0]).count("Waarom:") == 2


def test_a_guest_who_signs_in_as_somebody_known_takes_following_along(street: Flask, post: Mailbox) -> None:
    person(street, JAN)
    guest = Browser(street.test_client())
    assert guest.post("/assignments/kade/comments", {"text": "Meer groen."}).status_code == 303
    sign_in(guest, JAN)
    move_end(street, 50)
    assert to(post) == [JAN]


def test_one_that_cannot_be_mailed_keeps_nobody_else_waiting_and_is_tried_again(
    street: Flask, post: Mailbox
) -> None:
    for email in (JAN, NOOR, EVE):
        follow(person(street, email))
    post.unknown.add(JAN)
    move_end(street, 50)
    assert to(post) == [EVE, NOOR]
    post.unknown.clear()
    assert street.test_cli_runner().invoke(args=["assignments", "tell"]).output.strip() == "1"
    assert to(post) == [EVE, JAN, NOOR]
    assert street.test_cli_runner().invoke(args=["assignments", "tell"]).output.strip() == "0"
    assert len(post.messages) == 3


def test_two_that_tell_at_once_send_one_mail_each(street: Flask, post: Mailbox) -> None:
    for number in range(4):
        follow(person(street, f"buur-{number}@voorbeeld.nl"))
    url, street.config["SMTP_URL"] = street.config["SMTP_URL"], "smtp://127.0.0.1:1"
    move_end(street, 50)
    street.config["SMTP_URL"] = url
    assert post.messages == []

    def tell() -> None:
        with street.app_context():
            followers.tell()

    threads = [threading.Thread(target=tell) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert to(post) == [f"buur-{number}@voorbeeld.nl" for number in range(4)]


def test_a_new_follower_hears_nothing_of_earlier_moves(street: Flask, post: Mailbox) -> None:
    move_end(street, 50)
    follow(person(street, JAN))
    assert street.test_cli_runner().invoke(args=["assignments", "tell"]).output.strip() == "0"
    move_end(street, 60)
    assert len(post.messages) == 1


def test_the_page_says_whether_one_follows_and_erasing_a_person_ends_it(street: Flask) -> None:
    jan = person(street, JAN)
    assert "Volg deze opgave" in jan.client.get("/assignments/kade").get_data(as_text=True)
    follow(jan)
    assert "Stop met volgen" in jan.client.get("/assignments/kade").get_data(as_text=True)
    visitor = street.test_client().get("/assignments/kade").get_data(as_text=True)
    assert "Log in om de opgave te volgen" in visitor
    with street.app_context(), transaction():
        db.session.delete(db.session.scalar(db.select(Person).where(Person.email == JAN)))
    with street.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Follower)) == 0


def test_a_concept_cannot_be_followed(street: Flask) -> None:
    with street.app_context(), transaction():
        assignment_by_slug("kade").published_at = None
    planner = Browser(street.test_client())
    sign_in(planner, "planner@example.nl", Role.PLANNER)
    assert follow(planner) == 404


def test_a_title_with_a_line_break_of_any_kind_still_reaches_followers(street: Flask, post: Mailbox) -> None:
    """As it comes out of a word processor: headers of a mail are one line."""
    assert follow(person(street, JAN)) == 303
    post.messages.clear()
    with street.app_context(), transaction():
        assignment_by_slug("kade").title = "Kade\u2028Bcc: eve@example.org\nvandaag"
    move_end(street, 40)
    assert to(post) == [JAN]
    assert "Kade Bcc: eve@example.org vandaag" in str(post.messages[0]["Subject"])
    assert post.messages[0]["Bcc"] is None
