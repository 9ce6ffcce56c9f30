"""Looking after something: pledged once, shown, extended, remembered once, and let go."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.projects.phases import PhaseDraft
from app.votes.adoption.models import Adoption
from tests.factories import Resident, addition, design_body, make_street, object_id, people
from tests.factories.mailbox import mailbox

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PHASES = (PhaseDraft("draw", NOW - DAY, NOW + DAY), PhaseDraft("answer", NOW - DAY, NOW + DAY))
TODAY = NOW.date()


@pytest.fixture
def tree(app: Flask, clean: None) -> int:
    """An existing tree in a street where pledging is open."""
    with app.app_context():
        make_street(phases=PHASES)
        return object_id("boom-1")


def form(**more: str) -> dict[str, str]:
    return {"who": "person", "starts_on": (TODAY + DAY).isoformat(), "count": "2", "unit": "years", **more}


def pledges(app: Flask) -> list[Adoption]:
    with app.app_context():
        return list(db.session.scalars(db.select(Adoption).order_by(Adoption.created_at)))


NEW = "/assignments/kade/care/new"


def test_a_tree_of_the_street_is_pledged_and_shown(app: Flask, tree: int) -> None:
    client = app.test_client()
    assert "Ik zorg hiervoor" in client.get("/assignments/kade/care").text
    made = client.post(NEW, data=form(object=str(tree), public_name="De Groene  Duimen", who="group"))
    assert made.status_code == 303
    (one,) = pledges(app)
    assert (one.public_name, one.is_group, one.kind) == ("De Groene Duimen", True, "tree")
    assert one.starts_on == TODAY + DAY
    assert (one.ends_on.year, one.ends_on.month) == (one.starts_on.year + 2, one.starts_on.month)
    other = app.test_client()
    for path in ("/assignments/kade/care", "/assignments/kade/map", f"/care/{one.id}"):
        assert "De Groene Duimen zorgt hiervoor" in other.get(path).text
    assert ">1</text>" in other.get("/assignments/kade/care.svg").text


def test_without_a_name_it_is_somebody_from_the_neighbourhood(app: Flask, tree: int) -> None:
    app.test_client().post(NEW, data=form(object=str(tree)))
    assert "Iemand uit de buurt zorgt hiervoor" in app.test_client().get("/assignments/kade/care").text


def test_what_a_design_adds_stays_pledged_in_its_next_version(app: Flask, tree: int) -> None:
    author = Resident(app.test_client())
    body = design_body("kade", addition(20, 2), addition(30, 2, "bench"))
    made = author.send("POST", "/api/designs", body)
    design = made.get_json()["id"]
    author.send("POST", f"/api/designs/{design}/submit")
    answer = author.client.get(f"/api/designs/{design}")
    bench = answer.get_json()["changes"]["features"][1]["id"]
    assert app.test_client().post(NEW, data=form(change=bench, public_name="Bankclub")).status_code == 303
    assert "Bankclub zorgt hiervoor" in app.test_client().get(f"/designs/{design}").text
    later = design_body("kade", addition(30.5, 2, "bench"), title="Bank iets verder")
    etag = author.client.get(f"/api/designs/{design}").headers["ETag"]
    assert author.send("PUT", f"/api/designs/{design}", later, **{"If-Match": etag}).status_code == 200
    assert "Bankclub zorgt hiervoor" in app.test_client().get(f"/designs/{design}").text
    assert app.test_client().get(f"{NEW}?change={bench}").status_code == 409


def test_what_is_not_there_cannot_be_pledged(app: Flask, tree: int) -> None:
    with app.app_context():
        road = object_id("rijbaan")
    for query in (f"object={road}", "object=99999999", f"change={uuid.uuid4()}", "change=x", "object=-1", ""):
        assert app.test_client().get(f"{NEW}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_on", ""),
        pytest.param("starts_on", (TODAY - DAY).isoformat(), id="starts yesterday"),
        ("starts_on", "9999-99-99"),
        ("count", "0"),
        ("count", "11"),
        ("count", "x"),
        ("unit", "weeks"),
        ("public_name", "x" * 61),
    ],
)
def test_what_is_wrong_is_told_and_stays(app: Flask, tree: int, field: str, value: str) -> None:
    answer = app.test_client().post(NEW, data=form(object=str(tree), **{field: value}))
    assert answer.status_code == 422
    assert "Er klopt nog 1 ding niet" in answer.text
    assert pledges(app) == []


def test_twenty_times_at_once_is_one_pledge(app: Flask, tree: int) -> None:
    somebody = people.Browser(app.test_client())
    cookie = somebody.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def send(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("stoepkrijt", cookie.value)
        return client.post(NEW, data=form(object=str(tree), csrf_token=somebody.token)).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(send, range(20)))
    assert answers == [303] + [409] * 19
    assert len(pledges(app)) == 1


def test_outside_its_phase_nobody_pledges(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
        tree = object_id("boom-1")
    answer = app.test_client().post(NEW, data=form(object=str(tree)))
    assert answer.status_code == 403
    assert "Ik zorg hiervoor" not in app.test_client().get("/assignments/kade/care").text


def test_who_pledged_extends_and_stops_and_nobody_else(app: Flask, tree: int) -> None:
    owner, other = people.Browser(app.test_client()), people.Browser(app.test_client())
    owner.post(NEW, form(object=str(tree)))
    (one,) = pledges(app)
    longer = {"count": "6", "unit": "months"}
    for act in ("extend", "end", "name"):
        assert other.post(f"/care/{one.id}/{act}", longer).status_code == 403
    assert owner.post(f"/care/{one.id}/extend", longer).status_code == 303
    (longer_one,) = pledges(app)
    months = (longer_one.ends_on.year - one.ends_on.year) * 12 + longer_one.ends_on.month - one.ends_on.month
    assert months == 6
    assert owner.post(f"/care/{one.id}/extend", {"count": "9", "unit": "years"}).status_code == 422
    assert owner.post(f"/care/{one.id}/end").status_code == 303
    assert owner.post(f"/care/{one.id}/extend", longer).status_code == 409
    assert "Nog nergens" in app.test_client().get("/assignments/kade/care").text
    assert owner.post(NEW, form(object=str(tree))).status_code == 303  # and may begin anew


def ran_out(app: Flask) -> None:
    """As if what was pledged so far was over since yesterday."""
    with app.app_context(), transaction():
        db.session.execute(db.update(Adoption).values(starts_on=TODAY - 99 * DAY, ends_on=TODAY - DAY))


def test_what_ran_out_by_itself_may_be_pledged_anew(app: Flask, tree: int) -> None:
    """It cannot be extended any more, and the answer to that says that a new one can be made."""
    owner = people.Browser(app.test_client())
    owner.post(NEW, form(object=str(tree)))
    ran_out(app)
    (one,) = pledges(app)
    assert owner.post(f"/care/{one.id}/extend", {"count": "1", "unit": "years"}).status_code == 409
    assert owner.post(NEW, form(object=str(tree))).status_code == 303
    assert owner.post(NEW, form(object=str(tree))).status_code == 409  # twice at one time is still once
    old, new = pledges(app)
    assert (old.ended_at is None, new.ended_at) == (False, None)
    assert "gestopt" not in owner.client.get("/me").text


def test_a_pledge_that_ran_out_ends_nothing_when_a_guest_signs_in(app: Flask, tree: int) -> None:
    account = people.Browser(app.test_client())
    people.sign_in(account, "ans@example.nl")
    account.post(NEW, form(object=str(tree)))
    ran_out(app)
    guest = people.Browser(app.test_client())
    guest.post(NEW, form(object=str(tree)))
    people.sign_in(guest, "ans@example.nl")
    assert [one.ended_at is None for one in pledges(app)] == [False, True]
    assert len({one.person_id for one in pledges(app)}) == 1


def test_a_planner_takes_a_name_away(app: Flask, tree: int) -> None:
    app.test_client().post(NEW, data=form(object=str(tree), public_name="Jan Jansen, Kade 1"))
    (one,) = pledges(app)
    desk = people.Browser(app.test_client())
    people.sign_in(desk, "planner@example.nl", Role.PLANNER)
    assert desk.post(f"/care/{one.id}/name").status_code == 303
    assert "Jansen" not in app.test_client().get("/assignments/kade/care").text


def test_who_leaves_is_forgotten_and_the_data_can_be_taken_along(app: Flask, tree: int) -> None:
    owner = people.Browser(app.test_client())
    owner.post(NEW, form(object=str(tree), public_name="Ans"))
    exported = owner.client.get("/me/export.json").get_json()["adoption"]
    assert [(one["kind"], one["public_name"]) for one in exported] == [("tree", "Ans")]
    owner.post("/me/erase", {"sure": "yes"})
    (one,) = pledges(app)
    assert (one.person_id, one.public_name, one.ended_at is None) == (None, "", False)


def test_one_reminder_for_each_end(database_url: str, app: Flask, tree: int) -> None:
    with mailbox() as box, people.site(database_url, SMTP_URL=box.url) as site:
        run = site.test_cli_runner()
        with_mail, guest = people.Browser(site.test_client()), people.Browser(site.test_client())
        people.sign_in(with_mail, "ans@example.nl")
        for somebody in (with_mail, guest):
            somebody.post(NEW, form(object=str(tree)))
        assert run.invoke(args=["adoption", "remind"]).output == "0 reminders sent, 0 failed.\n"
        end_in(site, 30)
        assert run.invoke(args=["adoption", "remind"]).output == "1 reminders sent, 0 failed.\n"
        assert run.invoke(args=["adoption", "remind"]).output == "0 reminders sent, 0 failed.\n"
        (mail,) = box.messages
        assert mail["To"] == "ans@example.nl"
        assert "Boom" in mail.get_content()
        assert site.test_client().get(box.link()).status_code == 200
        end_in(site, 10)  # another end, so another reminder
        assert run.invoke(args=["adoption", "remind"]).output == "1 reminders sent, 0 failed.\n"
        end_in(site, 0)
        assert run.invoke(args=["adoption", "remind"]).output == "0 reminders sent, 0 failed.\n"


def test_a_reminder_that_could_not_be_sent_comes_next_time(database_url: str, app: Flask, tree: int) -> None:
    with mailbox() as box:
        broken = box.url
    with people.site(database_url, SMTP_URL=broken) as site:
        owner = people.Browser(site.test_client())
        people.sign_in(owner, "ans@example.nl")
        owner.post(NEW, form(object=str(tree)))
        end_in(site, 5)
        answer = site.test_cli_runner().invoke(args=["adoption", "remind"])
        assert answer.exit_code == 1
        assert "1 failed" in answer.output
    assert pledges(app)[0].reminded_for is None


def end_in(site: Flask, days: int) -> None:
    """All pledges end so many days from today in Amsterdam, and began long ago."""
    with site.app_context(), transaction():
        today = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
        db.session.execute(
            db.text(f"UPDATE adoption SET starts_on = {today} - 400, ends_on = {today} + :days"),
            {"days": days},
        )
