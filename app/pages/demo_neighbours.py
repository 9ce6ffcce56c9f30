"""What neighbours do in the demo: a question about a rain garden in a bay, and a tree that is looked after.

Both are of the invented street, which has the addresses; every page of them says that it is an example. The
letters go nowhere: a planner who wants to answer makes a new one.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from itertools import chain, repeat

from app.accounts.domain import Actor, Role
from app.core.transaction import transaction
from app.designs.queries import public_designs
from app.projects.queries import assignment_by_id
from app.votes.adoption import domain as care_domain
from app.votes.adoption import queries as care
from app.votes.adoption import service as adoption
from app.votes.consent import queries as consents
from app.votes.consent import service as consent
from app.votes.consent.domain import Reply, Rule

KIND = "rain_garden"
OPEN_FOR = timedelta(days=42)
# As in Haarlem, but the street is too short for twenty: everybody in front, and eleven of the others.
RULE = Rule(5, 5, 10, front_all=True, yes_needed=11, objections_allowed=None)
RULE_REASON = "Een voorbeeld van een regel. Een echte opgave noemt hier het besluit."
# What is answered, in the order of the list; the rest say nothing yet.
REPLIES = (*repeat(Reply.YES, 8), Reply.NO, Reply.OBJECTION)
OBJECTION = "Ik werk in de avond en dan is er nu al geen plek. (Een voorbeeld.)"
GROUP = "De Groene Duimen (voorbeeld)"
MONTHS = 24

_PLANNER = Actor(role=Role.PLANNER)


def ask_neighbours(assignment_id: uuid.UUID, today: datetime) -> None:
    """A rule, and a question by it about the first rain garden that a design draws; `today` began then.

    Raises `LookupError` where no design has one.
    """
    assignment = assignment_by_id(assignment_id)
    change = next(
        (
            change.id
            for change in chain.from_iterable(
                version.changes for _design, version in public_designs(assignment_id)
            )
            if change.kind == KIND
        ),
        None,
    )
    if change is None:
        raise LookupError(KIND)
    with transaction():
        consent.set_rule(_PLANNER, assignment, None, RULE, RULE_REASON)
        question = consent.Question(RULE, today, today + OPEN_FOR)
        asked, _found = consent.ask(_PLANNER, change, question, consents.clock())
        consent_id = asked.id
    with transaction():
        # The codes are thrown away: nobody has them.
        consent.make_letters(_PLANNER, consent_id, consents.clock())
    with transaction():
        asked = consents.consent_by_id(consent_id)
        addresses = [one.id for one in consents.addresses_of(consent_id) if one.is_asked]
        for address, reply in zip(addresses, REPLIES, strict=False):
            consent.answer(asked, address, reply, OBJECTION if reply is Reply.OBJECTION else "")


def look_after(assignment_id: uuid.UUID, neighbour: Actor, now: datetime) -> None:
    """A group looks after the first tree of the street. Raises `LookupError` where there is none."""
    assignment = assignment_by_id(assignment_id)
    trees = [
        row["id"]
        for row in care.things(assignment_id, care_domain.OBJECT_KINDS, limit=50)
        if row["kind"] == "tree"
    ]
    if not trees:
        raise LookupError("tree")
    given = adoption.Pledge(now.date(), MONTHS, GROUP, is_group=True)
    with transaction():
        adoption.pledge(neighbour, adoption.thing_of_object(assignment, trees[0]), given, now, now.date())
