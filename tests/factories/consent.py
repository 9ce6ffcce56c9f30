"""A question to neighbours in the invented Krijtstraat, for tests: the third bay becomes a rain garden."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.maps.importing import import_result
from app.projects.models import Neighbourhood
from app.projects.phases import PhaseDraft
from app.projects.service import Brief, add_neighbourhood, make_assignment
from app.votes.consent import queries, service
from app.votes.consent.domain import Reply, Rule
from app.votes.consent.models import Consent, ConsentAddress, ConsentAnswer
from app.votes.letters.domain import Addressed
from geodata import example_street as krijt
from tests.factories import PLANNER, TOLD, Resident, people

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SLUG = "krijtstraat"
# House numbers from the bay on: in front of it, beside that, and across the street.
FRONT, LEFT, RIGHT = ["5", "7"], ["9", "11", "13", "15", "17"], ["3", "1"]
OPPOSITE = ["6", "8", "4", "10", "2", "12", "14", "16", "18"]
OPEN = (
    PhaseDraft("draw", NOW - 9 * DAY, NOW + 90 * DAY),
    PhaseDraft("answer", NOW - 9 * DAY, NOW + 90 * DAY),
)
# Everybody in front (5 and 7), and 12 of 16 others: room for a few who do not answer.
RULE = Rule(5, 5, 10, front_all=True, yes_needed=12, objections_allowed=None)


def krijtstraat(phases: tuple[PhaseDraft, ...] = OPEN) -> None:
    """The street with its addresses, and a public assignment on it. Commits."""
    with transaction():
        neighbourhood = add_neighbourhood("krijtveld", "Krijtveld", metric_srid=krijt.SRID, is_example=True)
        _import(neighbourhood)
        brief = Brief(
            title="Krijtstraat: groen erin",
            question="Wat komt er terug?",
            area=krijt.in_degrees(krijt.area()),
            phases=phases,
            slug=SLUG,
            **TOLD,
        )
        make_assignment(PLANNER, neighbourhood, brief, datetime.now(UTC), publish=True)


def _import(neighbourhood: Neighbourhood) -> None:
    import_result(krijt.read(), neighbourhood)


def public_bay(app: Flask) -> str:
    """The street, and in it a bay that a public design changes; id of that change."""
    with app.app_context():
        krijtstraat()
    return bay_design(app)[1]


def bay_design(app: Flask, author: Resident | None = None) -> tuple[str, str]:
    """A public design in which the third bay becomes a rain garden; ids of the design and of its change."""
    from tests.factories import object_id

    with app.app_context():
        bay = object_id("vak-3")
    author = author or Resident(app.test_client())
    feature = {
        "type": "Feature",
        "geometry": None,
        "properties": {"action": "replace", "object": bay, "kind": "rain_garden"},
    }
    body = {
        "assignment": SLUG,
        "title": "Een regentuin",
        "story": "",
        "changes": {"type": "FeatureCollection", "features": [feature]},
    }
    made = author.send("POST", "/api/designs", body)
    assert made.status_code == 201, made.get_json()
    design = made.get_json()["id"]
    assert author.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return design, made.get_json()["changes"]["features"][0]["id"]


def planner(app: Flask) -> people.Browser:
    """A planner in a browser."""
    browser = people.Browser(app.test_client())
    people.sign_in(browser, "planner@example.nl", Role.PLANNER)
    return browser


def sent(
    app: Flask,
    change: str,
    rule: Rule = RULE,
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
) -> tuple[uuid.UUID, int, dict[str, str]]:
    """A question with letters: its id, its number, and the code of each address."""
    with app.test_request_context("/"):
        now = datetime.now(UTC)
        question = service.Question(rule, opens or now - DAY, closes or now + 20 * DAY)
        with transaction():
            consent, _found = service.ask(PLANNER, uuid.UUID(change), question, now)
            consent_id = consent.id
        with transaction():
            letters = service.make_letters(PLANNER, consent_id, now)
            number = db.session.get_one(Consent, consent_id).number
        return consent_id, number, codes(letters)


def codes(letters: list[tuple[str, Addressed]]) -> dict[str, str]:
    """The code of each address, by its house number."""
    return {addressed.text.removeprefix("Krijtstraat "): code for code, addressed in letters}


def reply(app: Flask, consent_id: uuid.UUID, number: str, answer: Reply, reason: str = "") -> None:
    """An address answers."""
    with app.test_request_context("/"), transaction():
        address = db.session.scalars(
            db.select(ConsentAddress).where(
                ConsentAddress.consent_id == consent_id, ConsentAddress.label == f"Krijtstraat {number}"
            )
        ).one()
        service.answer(db.session.get_one(Consent, consent_id), address.id, answer, reason)


def over(app: Flask, consent_id: uuid.UUID) -> None:
    """As if the last day was yesterday: past the trigger that keeps what letters say."""
    with app.app_context(), transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(
            update(Consent)
            .where(Consent.id == consent_id)
            .values(opens_at=NOW - 30 * DAY, closes_at=datetime.now(UTC) - timedelta(seconds=1))
        )


def answers_of(app: Flask) -> list[tuple[int, str, str]]:
    """Version, answer and reason of all that was answered."""
    with app.app_context():
        rows = db.session.scalars(
            db.select(ConsentAnswer).order_by(ConsentAnswer.address_id, ConsentAnswer.version)
        )
        return [(row.version, row.answer, row.reason) for row in rows]


def standing(app: Flask, consent_id: uuid.UUID) -> service.Standing:
    """Where a question stands."""
    with app.test_request_context("/"):
        return service.standing(db.session.get_one(Consent, consent_id))


def question(app: Flask, change: str, rule: Any = RULE) -> uuid.UUID:
    """A question without letters."""
    with app.test_request_context("/"), transaction():
        now = datetime.now(UTC)
        wanted = service.Question(rule, now - DAY, now + 20 * DAY)
        return service.ask(PLANNER, uuid.UUID(change), wanted, now)[0].id


def addresses(app: Flask, consent_id: uuid.UUID) -> list[ConsentAddress]:
    """The addresses of a question."""
    with app.app_context():
        return queries.addresses_of(consent_id)


def send(
    app: Flask, number: int, code: str, answer: str = "yes", reason: str = "", client: Any = None
) -> Any:
    """The answer to a code that a neighbour sends."""
    form = {"code": code, "answer": answer, "reason": reason}
    return (client or app.test_client()).post(f"/consent/{number}/answer", data=form)
