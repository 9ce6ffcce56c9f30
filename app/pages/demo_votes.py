"""The votes in the demo: one that was held and counted, one that is open to who looks around, and a poll.

Both votes go through the same services as everybody's, and so obey the same rules: nobody can make a
ballot of the past, so the first is really held, in a few seconds, with invented ballots.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain, repeat

from app.accounts.domain import Actor, Role
from app.core.transaction import transaction
from app.projects.queries import area_of, assignment_by_id
from app.votes.polls import service as polls
from app.votes.polls.domain import Kind as PollKind
from app.votes.results import service as results
from app.votes.rounds import casting, queries, service
from app.votes.rounds.domain import Electorate, Kind, Rule
from app.votes.rounds.drafts import OptionDraft, RoundDraft
from app.votes.rounds.electorates import Given

BUDGET_EUR = "100000"
# Opening lies after freezing; the trial closes as soon as its ballots are in.
UNTIL_OPEN, TRIAL_LASTS = timedelta(seconds=2), timedelta(seconds=4)
OPEN_FOR = timedelta(days=60)
REASON = "Beide ontwerpen gebruiken dezelfde stukken van de straat. (Een voorbeeld.)"
# How many invented voters chose what; by place of the design. Nobody's ballot is the only one of its kind.
TRIAL: tuple[tuple[tuple[int, ...], int], ...] = (
    ((0,), 14),
    ((1, 2), 18),
    ((2,), 9),
    ((0, 2), 7),
    ((1,), 12),
)
# Least number of ballots that are published, as the setting's default.
PUBLISH_FROM = 10

_PLANNER = Actor(role=Role.PLANNER)


def ask(assignment_id: uuid.UUID, now: datetime) -> None:
    """An open poll about the middle of the area."""
    assignment = assignment_by_id(assignment_id)
    draft = polls.PollDraft(
        "Waar zit je het liefst?",
        PollKind.ONE,
        now,
        about="Een voorbeeld van een peiling. Er wordt niets aangelegd.",
        choices=("In de zon", "Onder een boom", "Bij de speelplek"),
        place=area_of(assignment).representative_point(),
        place_name="Aan het plein",
    )
    with transaction():
        polls.make_poll(_PLANNER, assignment, draft, is_example=True)


def hold_votes(assignment_id: uuid.UUID, design_ids: Sequence[uuid.UUID]) -> None:
    """A trial vote with its result, and an open vote, about these designs.

    Takes some seconds: the trial is held by the clock of the database.
    """
    began = queries.database_now()
    trial = _frozen(
        assignment_id,
        design_ids,
        "Proefstemming met verzonnen stemmen",
        "Een voorbeeld van een uitslag, gehouden in een paar tellen. Welke ontwerpen mogen er komen?",
        began + UNTIL_OPEN,
        began + UNTIL_OPEN + TRIAL_LASTS,
    )
    _frozen(
        assignment_id,
        design_ids,
        "Wat leggen we aan?",
        "Kies elk ontwerp dat er van jou mag komen. (Een voorbeeld: er wordt niets aangelegd.)",
        began + UNTIL_OPEN,
        began + OPEN_FOR,
    )
    _wait_until(began + UNTIL_OPEN)
    codes = [option.code for option in queries.options_of(trial)]
    ballots = chain.from_iterable(repeat(places, times) for places, times in TRIAL)
    for places in ballots:
        # Nobody: a voter of this kind is known by an id that names no one.
        voter = Actor(id=uuid.uuid4(), role=Role.GUEST)
        choices = [codes[place] for place in places if place < len(codes)]
        casting.cast(voter, trial, choices, Given(), queries.database_now())
    _wait_until(began + UNTIL_OPEN + TRIAL_LASTS)
    with transaction():
        results.count(trial, PUBLISH_FROM)
        results.publish(trial)


def _frozen(
    assignment_id: uuid.UUID,
    design_ids: Sequence[uuid.UUID],
    title: str,
    question: str,
    opens_at: datetime,
    closes_at: datetime,
) -> uuid.UUID:
    draft = RoundDraft(
        title,
        question,
        Kind.APPROVAL,
        Rule.EQUAL_SHARES,
        Electorate.GUEST,
        opens_at,
        closes_at,
        {"budget_eur": BUDGET_EUR},
    )
    with transaction():
        round_ = service.make_round(_PLANNER, assignment_by_id(assignment_id), draft, is_example=True)
        moment = queries.database_now()
        service.set_options(
            _PLANNER, round_.id, [OptionDraft(one) for one in design_ids], round_.revision, moment
        )
        for found in queries.conflicts_of(round_.id):
            service.decide_conflict(
                _PLANNER, round_.id, found.a, found.b, confirmed=True, reason=REASON, now=moment
            )
        service.freeze(_PLANNER, round_.id, round_.revision, moment)
        return round_.id


def _wait_until(moment: datetime) -> None:
    """Until the database's clock says so."""
    while (left := (moment - queries.database_now()).total_seconds()) > 0:
        time.sleep(min(left, 0.2) + 0.01)
