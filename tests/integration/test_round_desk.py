"""A planner's pages of a round, from the empty form to paper ballots."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.projects.local_time import written
from app.votes.letters.models import LetterCode
from app.votes.rounds import queries, service
from app.votes.rounds.models import Ballot, Round
from tests.factories import people, rounds

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        yield client


def planner(app: Flask, email: str = "noor@gemeente.example") -> people.Browser:
    browser = people.Browser(app.test_client())
    people.sign_in(browser, email, Role.PLANNER)
    return browser


def values(**more: str) -> dict[str, str]:
    """The form of a round that opens tomorrow."""
    opens = datetime.now(ZONE) + timedelta(days=1)
    return {
        "title": "Wat komt er op de Kade?",
        "question": "Kies wat je goed vindt. De raad volgt de uitslag.",
        "method": "approval:mes",
        "electorate": "guest",
        "completion": "add1",
        "budget_eur": "10000",
        "opens_at": written(opens, ZONE),
        "closes_at": written(opens + timedelta(days=7), ZONE),
        **more,
    }


def made(browser: people.Browser, slug: str = "kade", **more: str) -> uuid.UUID:
    """A draft made with the form."""
    answer = browser.post(f"/desk/assignments/{slug}/rounds/new", values(**more))
    assert answer.status_code == 303, answer.text
    found = re.search(r"/desk/rounds/([0-9a-f-]{36})/options", answer.location)
    assert found
    db.session.remove()
    return uuid.UUID(found.group(1))


def revision(round_id: uuid.UUID) -> str:
    db.session.remove()
    return str(queries.round_by_id(round_id).revision)


def test_a_round_is_made_in_the_browser_and_frozen(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    ids = [
        rounds.design(street, 1000, x=10, title="Boom"),
        rounds.design(street, 2000, x=10.2, title="Linde"),
    ]
    noor = planner(app)
    round_id = made(noor)
    options = {f"design-{one}": "yes" for one in ids}
    done = noor.post(f"/desk/rounds/{round_id}/options", {**options, "revision": revision(round_id)})
    assert done.status_code == 303
    page = noor.client.get(f"/desk/rounds/{round_id}/conflicts").text
    assert "Ze nemen allebei" in page
    assert noor.client.get(f"/desk/rounds/{round_id}/conflicts/A-B.svg").mimetype == "image/svg+xml"
    waiting = noor.client.get(f"/desk/rounds/{round_id}/freeze").text
    assert "Zeg van A en B of ze allebei kunnen" in waiting
    refused = noor.post(f"/desk/rounds/{round_id}/freeze", {"sure": "yes", "revision": revision(round_id)})
    assert refused.status_code == 422
    empty = noor.post(
        f"/desk/rounds/{round_id}/conflicts", {"a": "A", "b": "B", "state": "confirmed", "reason": " "}
    )
    assert empty.status_code == 422
    assert 'value="confirmed" checked' in empty.text
    noor.post(
        f"/desk/rounds/{round_id}/conflicts",
        {"a": "A", "b": "B", "state": "confirmed", "reason": "Twee bomen op één plek kan niet."},
    )
    unsure = noor.post(f"/desk/rounds/{round_id}/freeze", {"revision": revision(round_id)})
    assert unsure.status_code == 422
    frozen = noor.post(f"/desk/rounds/{round_id}/freeze", {"sure": "yes", "revision": revision(round_id)})
    assert frozen.status_code == 303
    db.session.remove()
    round_ = queries.round_by_id(round_id)
    document = world.get(f"/api/rounds/{round_id}/freeze").data
    assert hashlib.sha256(document).hexdigest() == round_.freeze_hash
    shown = world.get(f"/rounds/{round_id}").text
    assert round_.freeze_hash in shown
    assert "A en B passen niet samen. Twee bomen op één plek kan niet." in shown
    assert (
        noor.post(f"/desk/rounds/{round_id}/edit", values(revision=str(round_.revision))).status_code == 409
    )


def test_amounts_are_read_as_people_write_them(app: Flask, world: FlaskClient) -> None:
    """`12.500` is twelve and a half thousand: else people would vote on a thousandth of what it costs."""
    street = rounds.street_to_vote_on()
    one, other = rounds.design(street, 1000, x=10), rounds.design(street, 2000, x=40)
    noor = planner(app)
    round_id = made(noor, budget_eur="100.000")
    assert queries.round_by_id(round_id).parameters["budget_eur"] == "100000.00"
    form = {
        **{f"design-{id}": "yes" for id in (one, other)},
        **{f"note-{id}": "Offerte van de aannemer." for id in (one, other)},
        f"cost-{one}": "12.500",
        f"cost-{other}": "€ 1.250,50",
    }
    done = noor.post(f"/desk/rounds/{round_id}/options", {**form, "revision": revision(round_id)})
    assert done.status_code == 303
    costs = {option.design_id: str(option.cost_eur) for option in queries.options_of(round_id)}
    assert costs == {one: "12500.00", other: "1250.50"}
    # What stands in the field is what was meant, and reads back as the same.
    page = noor.client.get(f"/desk/rounds/{round_id}/options").text
    assert f'name="cost-{one}" value="12500"' in page
    assert f'name="cost-{other}" value="1250.50"' in page
    form[f"cost-{one}"] = "12.5000"
    slip = noor.post(f"/desk/rounds/{round_id}/options", {**form, "revision": revision(round_id)})
    assert slip.status_code == 422
    assert "zoals 12500 of 99,50" in unescape(slip.text)


def test_times_are_those_of_the_municipality(app: Flask, world: FlaskClient) -> None:
    """In winter Amsterdam is an hour ahead of UTC, in summer two."""
    rounds.street_to_vote_on()
    round_id = made(planner(app), opens_at="2027-03-27T09:00", closes_at="2027-03-29T09:00")
    round_ = queries.round_by_id(round_id)
    assert round_.opens_at.isoformat() == "2027-03-27T08:00:00+00:00"
    assert round_.closes_at.isoformat() == "2027-03-29T07:00:00+00:00"
    page = planner(app, "bo@gemeente.example").client.get(f"/desk/rounds/{round_id}/edit").text
    assert 'value="2027-03-27T09:00"' in page
    assert 'value="2027-03-29T09:00"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Titel: Vul dit in."),
        ({"opens_at": "morgen"}, "Vul een dag en een tijd in."),
        ({"opens_at": "2027-03-28T02:30"}, "slaat de klok deze tijd over"),
        ({"opens_at": "2026-10-25T02:30"}, "komt deze tijd twee keer voor"),
        ({"closes_at": "2020-01-01T00:00"}, "Het sluiten komt na het openen."),
        ({"budget_eur": ""}, "Vul in hoeveel geld er te verdelen is."),
        ({"budget_eur": "1e400"}, "bedrag in euro"),
        ({"budget_eur": "veel"}, "bedrag in euro"),
        ({"method": "points:points"}, "Vul in hoeveel punten iedereen verdeelt."),
        ({"method": "ranking:mes"}, "Kies een van"),
        ({"method": ""}, "Kies een van"),
        ({"electorate": "area", "area": "hier"}, "GeoJSON"),
        ({"max_choices": "-1"}, "geheel getal"),
        ({"min_choices": "3", "max_choices": "2"}, "minder dan wie stemt minstens kiest"),
        ({"paper_ballots": "9999999999"}, "geheel getal"),
    ],
    ids=str,
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(
    app: Flask, world: FlaskClient, wrong: dict[str, str], words: str
) -> None:
    rounds.street_to_vote_on()
    answer = planner(app).post("/desk/assignments/kade/rounds/new", values(**wrong))
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert words in page
    assert "De raad volgt de uitslag." in page
    for target in re.findall(r'<li><a href="#(f-[a-z_]+)"', answer.text):
        assert f'id="{target}"' in answer.text


def test_what_was_typed_for_another_rule_does_not_count(app: Flask, world: FlaskClient) -> None:
    rounds.street_to_vote_on()
    round_id = made(planner(app), method="ranking:schulze", budget_eur="500", points="3", winners="1")
    assert queries.round_by_id(round_id).parameters == {"winners": 1}


def test_two_planners_do_not_undo_each_other(app: Flask, world: FlaskClient) -> None:
    rounds.street_to_vote_on()
    noor = planner(app)
    round_id = made(noor)
    old = revision(round_id)
    assert noor.post(f"/desk/rounds/{round_id}/edit", values(title="Eerst", revision=old)).status_code == 303
    late = noor.post(f"/desk/rounds/{round_id}/edit", values(title="Later", revision=old))
    assert late.status_code == 412
    assert "Een collega heeft deze stemronde intussen gewijzigd" in late.text
    assert "Later" in late.text
    db.session.remove()
    assert queries.round_by_id(round_id).title == "Eerst"


def test_who_comes_second_never_replaces_what_nobody_showed_them(app: Flask, world: FlaskClient) -> None:
    rounds.street_to_vote_on()
    noor = planner(app)
    round_id = made(noor)
    edit, old = f"/desk/rounds/{round_id}/edit", revision(round_id)
    first = values(title="Eerst", budget_eur="20.000", method="budget:greedy", revision=old)
    assert noor.post(edit, first).status_code == 303
    # A mistake in a form that is out of date does not bring it up to date.
    slip = noor.post(edit, values(opens_at="2026-10-25T02:30", revision=old))
    assert slip.status_code == 422
    assert f'name="revision" value="{old}"' in slip.text
    late = noor.post(edit, values(revision=old))
    assert late.status_code == 412
    shown = unescape(late.text)
    for told in ("Eerst", "20000", "Een budget verdelen, Meeste stemmen eerst"):
        assert f"Nu is bewaard: {told}" in shown
    assert f'<a href="{edit}">' in shown
    assert f'name="revision" value="{revision(round_id)}"' in shown
    assert noor.post(edit, values(title="Gekozen", revision=revision(round_id))).status_code == 303
    assert queries.round_by_id(round_id).title == "Gekozen"


def test_designs_that_a_colleague_chose_meanwhile_are_looked_at_first(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    one, other = rounds.design(street, 1000, x=10), rounds.design(street, 2000, x=40)
    noor = planner(app)
    round_id = made(noor)
    options, old = f"/desk/rounds/{round_id}/options", revision(round_id)
    both = {f"design-{one}": "yes", f"design-{other}": "yes"}
    assert noor.post(options, {**both, "revision": old}).status_code == 303
    for _again in range(2):
        late = noor.post(options, {f"design-{one}": "yes", "revision": old})
        assert late.status_code == 412
        assert f'<a href="{options}">' in late.text
        db.session.remove()
        assert len(queries.options_of(round_id)) == 2


def test_a_cost_of_its_own_needs_a_reason(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    one, other = rounds.design(street, 1000, x=10), rounds.design(street, 1000, x=40)
    noor = planner(app)
    round_id = made(noor)
    ticked = {f"design-{one}": "yes", f"design-{other}": "yes", f"cost-{one}": "1500"}
    answer = noor.post(f"/desk/rounds/{round_id}/options", {**ticked, "revision": revision(round_id)})
    assert answer.status_code == 422
    assert f'id="e-note-{one}"' in answer.text
    for wrong in ("duur", "nan", "-1", "1e999"):
        bad = noor.post(
            f"/desk/rounds/{round_id}/options",
            {**ticked, f"cost-{one}": wrong, f"note-{one}": "x", "revision": revision(round_id)},
        )
        assert bad.status_code == 422, wrong
        assert f'id="e-cost-{one}"' in bad.text
    good = {**ticked, f"note-{one}": "Met de riolering erbij.", "revision": revision(round_id)}
    assert noor.post(f"/desk/rounds/{round_id}/options", good).status_code == 303


def test_a_concept_can_be_thrown_away(app: Flask, world: FlaskClient) -> None:
    rounds.street_to_vote_on()
    noor = planner(app)
    round_id = made(noor)
    assert noor.post(f"/desk/rounds/{round_id}/delete").status_code == 303
    db.session.remove()
    assert db.session.get(Round, round_id) is None
    assert noor.client.get(f"/desk/rounds/{round_id}").status_code == 404


def test_only_planners_come_here(app: Flask, world: FlaskClient) -> None:
    round_id = rounds.announced_round(opens_in=600).id
    jan = people.Browser(app.test_client())
    people.sign_in(jan, "jan@voorbeeld.nl")
    for path in ("", "/edit", "/options", "/conflicts", "/freeze", "/letters", "/paper"):
        assert jan.client.get(f"/desk/rounds/{round_id}{path}").status_code == 403
        if path:
            assert jan.post(f"/desk/rounds/{round_id}{path}").status_code == 403


def _lettered(app: Flask) -> tuple[people.Browser, uuid.UUID]:
    round_id = rounds.announced_round(electorate="letter", opens_in=600).id
    db.session.remove()
    return planner(app), round_id


def addresses() -> list[str]:
    db.session.remove()
    return list(
        db.session.scalars(
            db.select(LetterCode.address).where(LetterCode.revoked_at.is_(None)).order_by(LetterCode.id)
        )
    )


def test_letters_come_once_as_a_pdf_with_a_page_an_address(app: Flask, world: FlaskClient) -> None:
    noor, round_id = _lettered(app)
    answer = noor.post(
        f"/desk/rounds/{round_id}/letters",
        {"way": "list", "list": "Kade 1, 2611 AB Delft\nKade 99, 2611 AB Delft"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 2
    assert addresses() == ["Kade 1, 2611 AB Delft", "Kade 99, 2611 AB Delft"]
    bands = dict(db.session.execute(db.select(LetterCode.address, LetterCode.band)).all())
    # Kade 1 is an imported address within the area; of Kade 99 nobody knows where it is.
    assert bands == {"Kade 1, 2611 AB Delft": "0-50", "Kade 99, 2611 AB Delft": None}
    again = noor.post(f"/desk/rounds/{round_id}/letters", {"way": "list", "list": "Kade 1, 2611 AB Delft"})
    assert again.status_code == 422
    assert "heeft al een brief" in again.text


def test_a_file_with_columns_is_read_and_one_with_names_refused(app: Flask, world: FlaskClient) -> None:
    noor, round_id = _lettered(app)

    def upload(text: bytes) -> Any:
        return noor.post(
            f"/desk/rounds/{round_id}/letters", {"way": "list", "file": (io.BytesIO(text), "lijst.csv")}
        )

    named = upload(b"naam;straat;huisnummer\nJan de Vries;Kade;1\n")
    assert named.status_code == 422
    assert "lijkt over mensen te gaan" in named.text
    assert "Jan de Vries" not in named.text
    assert addresses() == []
    assert upload("straat;huisnummer\nCafé Élan;2\n".encode("cp1252")).status_code == 200
    assert addresses() == ["Café Élan 2"]


def test_imported_addresses_within_reach_get_a_letter_once(app: Flask, world: FlaskClient) -> None:
    noor, round_id = _lettered(app)
    assert noor.post(f"/desk/rounds/{round_id}/letters", {"way": "reach", "reach": "20"}).status_code == 200
    assert addresses() == ["Kade 1", "Kade 2"]
    again = noor.post(f"/desk/rounds/{round_id}/letters", {"way": "reach", "reach": "20"})
    assert "hebben al een brief" in again.text
    for wrong in ("", "ver", "-1", "99999999"):
        assert (
            noor.post(f"/desk/rounds/{round_id}/letters", {"way": "reach", "reach": wrong}).status_code == 422
        )


@pytest.mark.parametrize(
    "area", ["", "hier", '{"type": "Point", "coordinates": [4, 52]}', '{"type": "Polygon"}']
)
def test_an_area_for_letters_must_be_one(app: Flask, world: FlaskClient, area: str) -> None:
    noor, round_id = _lettered(app)
    assert noor.post(f"/desk/rounds/{round_id}/letters", {"way": "area", "area": area}).status_code == 422


def test_a_lost_letter_is_made_anew(app: Flask, world: FlaskClient) -> None:
    noor, round_id = _lettered(app)
    noor.post(f"/desk/rounds/{round_id}/letters", {"way": "list", "list": "Kade 1"})
    old = db.session.scalar(db.select(LetterCode.id))
    answer = noor.post(f"/desk/rounds/{round_id}/letters/{old}/replace")
    assert answer.mimetype == "application/pdf"
    assert addresses() == ["Kade 1"]
    assert noor.post(f"/desk/rounds/{round_id}/letters/{old}/replace").status_code == 404


def test_the_short_address_of_a_letter_leads_to_the_round(app: Flask, world: FlaskClient) -> None:
    round_id = rounds.announced_round(opens_in=600).id
    assert world.get(f"/r/{str(round_id)[:8].upper()}").location == f"/rounds/{round_id}"
    for wrong in ("00000000", "%25%25%25%25%25%25%25%25", "x" * 500):
        assert world.get(f"/r/{wrong}").status_code == 404


def test_two_planners_enter_a_paper_ballot(app: Flask, world: FlaskClient) -> None:
    round_id = rounds.open_round(electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    noor, bo = planner(app), planner(app, "bo@gemeente.example")

    def enter(browser: people.Browser, serial: str, *choices: str) -> str:
        answer = browser.post(f"/desk/rounds/{round_id}/paper", {"serial": serial, "choice": list(choices)})
        assert answer.status_code == 303, answer.text
        return browser.client.get(answer.location).text

    assert "Nu voert iemand anders hetzelfde briefje in" in enter(noor, "7", "A", "C")
    page = bo.client.get(f"/desk/rounds/{round_id}/paper").text
    assert "Briefje 7" in page
    assert " checked" not in page
    # A difference does not look like something that is done.
    differs = enter(bo, "7", "A")
    assert "Dit is anders" in differs
    assert "note-warn" in differs
    assert "note-done" not in differs
    agreed = enter(bo, "7", "A", "C")
    assert "Jullie lazen hetzelfde" in agreed
    assert "note-done" in agreed
    db.session.remove()
    [ballot] = db.session.scalars(db.select(Ballot))
    assert (ballot.choices, ballot.channel) == (["A", "C"], "paper")
    over = bo.post(f"/desk/rounds/{round_id}/paper", {"serial": "7", "choice": ["B"]})
    assert over.status_code == 409
    for wrong in ("", "0", "21", "zeven", "9" * 30):
        assert bo.post(f"/desk/rounds/{round_id}/paper", {"serial": wrong, "choice": "A"}).status_code == 422


@pytest.mark.parametrize(
    ("kind", "typed", "stays"),
    [
        # Never an order that nobody wrote: 1, 1, 2 is not 1, 2, 3.
        ("ranking", {"place-A": "1", "place-B": "1", "place-C": "2"}, {"A": "1", "B": "1", "C": "2"}),
        ("ranking", {"place-A": "3", "place-B": "3"}, {"A": "3", "B": "3"}),
        ("points", {"points-A": "2.5", "points-B": "-3", "points-C": "4"}, {"A": "2.5", "B": "-3", "C": "4"}),
    ],
)
def test_what_is_wrong_on_a_paper_ballot_stays_as_it_was_typed(
    app: Flask, world: FlaskClient, kind: str, typed: dict[str, str], stays: dict[str, str]
) -> None:
    round_id = rounds.open_round(kind=kind, electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    refused = planner(app).post(f"/desk/rounds/{round_id}/paper", {"serial": "7", **typed})
    assert refused.status_code == 422
    page = html.fromstring(refused.text)
    fields = {name: page.xpath(f"//*[@name='{name}']")[0] for name in typed}
    assert {name[-1]: field.value for name, field in fields.items()} == stays


def test_a_round_that_is_large_shows_on_the_desk(app: Flask, world: FlaskClient) -> None:
    by = rounds.planner()
    street = rounds.street_to_vote_on()
    with transaction():
        service.make_round(by, street, rounds.draft(opens_in=600))
    page = planner(app).client.get("/desk/assignments/kade/rounds").text
    assert "Concept" in page
    assert "Wat komt er op de Kade?" in page


def test_what_is_in_the_way_of_freezing_leads_to_where_it_is_mended(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    ids = [rounds.design(street, 1000, x=10), rounds.design(street, 20_000, x=10.2)]
    noor = planner(app)
    round_id = made(noor)
    nothing = noor.post(f"/desk/rounds/{round_id}/options", {"revision": revision(round_id)})
    assert nothing.status_code == 303
    page = noor.client.get(nothing.location).text
    assert "Bewaard. Kies nog minstens twee ontwerpen." in page
    assert "De ontwerpen staan erin" not in page
    assert f'href="/desk/rounds/{round_id}/options">Kies de ontwerpen' in page
    noor.post(
        f"/desk/rounds/{round_id}/options",
        {**{f"design-{one}": "yes" for one in ids}, "revision": revision(round_id)},
    )
    (dear,) = (one.code for one in queries.options_of(round_id) if one.design_id == ids[1])
    for path in (f"/desk/rounds/{round_id}", f"/desk/rounds/{round_id}/freeze"):
        page = noor.client.get(path).text
        assert f'href="/desk/rounds/{round_id}/conflicts">Beslis over de conflicten' in page
        # The budget is 10,000 euros.
        assert f"{dear} kost meer dan het hele budget en kan dus nooit winnen." in page


def test_a_conflict_without_a_decision_is_told_at_its_own_pair(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    ids = [rounds.design(street, 1000, x=10), rounds.design(street, 1000, x=10.2)]
    noor = planner(app)
    round_id = made(noor)
    noor.post(
        f"/desk/rounds/{round_id}/options",
        {**{f"design-{one}": "yes" for one in ids}, "revision": revision(round_id)},
    )
    refused = noor.post(f"/desk/rounds/{round_id}/conflicts", {"a": "A", "b": "B", "reason": "Twee bomen."})
    assert refused.status_code == 422
    assert '<a href="#f-state">Kies of A en B samen kunnen of niet.</a>' in refused.text
    assert refused.text.count('id="f-state"') == 1
    assert ">Twee bomen.</textarea>" in refused.text
    own = noor.post(
        f"/desk/rounds/{round_id}/conflicts", {"a": "B", "b": "A", "state": "confirmed", "reason": " "}
    )
    assert own.status_code == 422
    assert own.text.count('id="f-reason"') == 1


def test_letters_are_told_of_on_the_page_that_comes_next(app: Flask, world: FlaskClient) -> None:
    street = rounds.street_to_vote_on()
    ids = [rounds.design(street, 1000, x=10), rounds.design(street, 1000, x=30)]
    noor = planner(app)
    round_id = made(noor, electorate="letter")
    noor.post(
        f"/desk/rounds/{round_id}/options",
        {**{f"design-{one}": "yes" for one in ids}, "revision": revision(round_id)},
    )
    noor.post(f"/desk/rounds/{round_id}/freeze", {"sure": "yes", "revision": revision(round_id)})
    path = f"/desk/rounds/{round_id}/letters"
    pdf = noor.post(path, {"way": "list", "list": "Kade 1\nKade 3"})
    assert pdf.mimetype == "application/pdf"
    assert "2 brieven zijn gemaakt. Bewaar de PDF: hij komt niet terug." in noor.client.get(path).text


def _entered(browser: people.Browser, round_id: uuid.UUID, serial: int, choice: str = "A") -> Any:
    path = f"/desk/rounds/{round_id}/paper"
    return browser.post(path, {"serial": str(serial), "choice": [choice]})


def _votes() -> int:
    db.session.remove()
    return int(db.session.scalar(db.select(db.func.count()).select_from(Ballot)) or 0)


@pytest.mark.parametrize(
    "alias", ["noor+2@gemeente.example", "n.oor@gemeente.example", "no.or+x@gemeente.example"]
)
def test_one_mailbox_written_in_two_ways_is_not_two_readers(
    app: Flask, world: FlaskClient, alias: str
) -> None:
    round_id = rounds.open_round(electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    noor, again = planner(app, "noor@gemeente.example"), planner(app, alias)
    assert _entered(noor, round_id, 1).status_code == 303
    refused = _entered(again, round_id, 1)
    assert refused.status_code == 409
    assert "hetzelfde e-mailadres" in refused.text
    assert _votes() == 0
    # A colleague with another name at the same provider is somebody else.
    assert _entered(planner(app, "noortje@gemeente.example"), round_id, 1).status_code == 303
    assert _votes() == 1


def test_two_accounts_in_one_browser_are_not_two_readers(app: Flask, world: FlaskClient) -> None:
    round_id = rounds.open_round(electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    shared = planner(app, "noor@gemeente.example")
    assert _entered(shared, round_id, 1).status_code == 303
    assert shared.post("/sign-out").status_code == 303
    people.sign_in(shared, "bo@gemeente.example", Role.PLANNER)
    refused = _entered(shared, round_id, 1)
    assert refused.status_code == 409
    assert "In deze browser" in refused.text
    # The same without signing out in between, and the first again in it: still one reading.
    people.sign_in(shared, "noor@gemeente.example", Role.PLANNER)
    assert _entered(shared, round_id, 1).status_code == 303
    assert _votes() == 0
    assert _entered(planner(app, "bo@gemeente.example"), round_id, 1).status_code == 303
    assert _votes() == 1
    # Once they agree nothing of the browsers is kept.
    kept = db.session.execute(db.text("SELECT first_browser, second_browser FROM paper_ballot")).one()
    assert tuple(kept) == (None, None)


def test_who_comes_back_as_another_after_erasing_their_account_reads_for_the_first_time(
    app: Flask, world: FlaskClient
) -> None:
    round_id = rounds.open_round(electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    noor, bo = planner(app, "noor@gemeente.example"), planner(app, "bo@gemeente.example")
    assert _entered(noor, round_id, 1).status_code == 303
    assert _entered(noor, round_id, 2).status_code == 303
    assert _entered(bo, round_id, 2, "B").status_code == 303
    with transaction():
        db.session.execute(db.text("DELETE FROM person WHERE email = 'noor@gemeente.example'"))
    back = planner(app, "noor@andere.example")
    for serial in (1, 2):
        assert _entered(back, round_id, serial).status_code == 303
    assert _votes() == 0
    states = list(db.session.execute(db.text("SELECT serial, state FROM paper_ballot ORDER BY serial")))
    # Of the second Bo read B, and the other reading is new.
    assert [tuple(one) for one in states] == [(1, "waiting"), (2, "differs")]
    assert _entered(bo, round_id, 1).status_code == 303
    assert _votes() == 1


def test_desk_and_result_say_which_accounts_read_paper_ballots(app: Flask, world: FlaskClient) -> None:
    round_id = rounds.open_round(electorate_parameters={"paper_ballots": "20"})
    db.session.remove()
    noor, bo, kim = (planner(app, f"{name}@gemeente.example") for name in ("noor", "bo", "kim"))
    for serial, first, second in ((1, bo, noor), (2, bo, noor), (3, noor, kim)):
        assert _entered(first, round_id, serial).status_code == 303
        assert _entered(second, round_id, serial).status_code == 303
    page = unescape(noor.client.get(f"/desk/rounds/{round_id}/paper").text)
    assert "2 briefjes: eerst planner 1, daarna planner 2 (jij)" in page
    assert "1 briefje: eerst planner 2 (jij), daarna planner 3" in page
    with transaction():
        # As if it closed a moment ago.
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(
            db.text("UPDATE round SET opens_at = now() - interval '1 hour', closes_at = now()")
        )
    for act in ("count", "publish"):
        assert noor.post(f"/desk/rounds/{round_id}/{act}").status_code == 303
    result = unescape(world.get(f"/rounds/{round_id}/result").text)
    assert "2 briefjes: eerst planner 1, daarna planner 2<" in result
    assert "1 briefje: eerst planner 2, daarna planner 3<" in result
    assert "gemeente.example" not in result
    with transaction():
        db.session.execute(db.text("DELETE FROM person WHERE email = 'kim@gemeente.example'"))
    assert "daarna een planner die er niet meer is" in world.get(f"/rounds/{round_id}/result").text
