"""Planners move phases, time goes on, every role tries every action: what was open stays what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from app.accounts.domain import Actor, Role
from app.core.geometry import from_wkb
from app.errors import Forbidden, Invalid
from app.extensions import db
from app.projects import permissions, service
from app.projects.phases import Degree, PhaseDraft
from tests.factories import PLANNER, make_street
from tests.integration.test_phases import ACTIONS, ALLOWS, OPENS, is_open_in_sql

START = datetime(2027, 5, 10, 9, 30, tzinfo=UTC)
HOURS = st.integers(-3, 12)
ROLES = st.sampled_from([Role.VISITOR, Role.GUEST, Role.RESIDENT, Role.PLANNER, Role.MODERATOR])
TYPES = st.sampled_from(list(OPENS))


class Phases(RuleBasedStateMachine):
    """The model is a list of (id, type, start, end), the clock, and what was open at each moment so far."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        draw = PhaseDraft("draw", START + timedelta(hours=1), START + timedelta(hours=5))
        self.assignment = make_street(f"kade-{uuid4().hex[:8]}", now=START, phases=(draw,))
        self.assignment.published_at = None
        db.session.flush()
        self.model = self.as_stored()
        self.degree = "advise"
        self.history: dict[datetime, frozenset[str]] = {}
        self.moves = 0

    def as_stored(self) -> list[PhaseDraft]:
        """The phases in the database, in order."""
        db.session.expire(self.assignment, ["phases"])
        return [PhaseDraft(one.type, one.starts_at, one.ends_at, one.id) for one in self.assignment.phases]

    @property
    def is_public(self) -> bool:
        """Whether people see it."""
        return self.assignment.published_at is not None

    def open_by_model(self, moment: datetime) -> frozenset[str]:
        """What the model says is open, whatever the degree."""
        opened: set[str] = set()
        for one in self.model:
            if one.starts_at <= moment and (one.ends_at is None or moment < one.ends_at):
                opened |= OPENS[one.type]
        return frozenset(opened)

    @initialize(public=st.booleans())
    def begin(self, public: bool) -> None:
        if public:
            self.publish()

    # Half hours and hours end where phases begin and end; an odd number of minutes does not.
    @rule(minutes=st.sampled_from([30, 60, 60, 120, 180, 47]))
    def time_goes_on(self, minutes: int) -> None:
        if self.is_public:
            self.history[self.now] = self.open_by_model(self.now)
        self.now += timedelta(minutes=minutes)

    @rule()
    def publish(self) -> None:
        try:
            service.publish_assignment(PLANNER, self.assignment, self.now)
        except Invalid:
            assert all(one.ends_at is not None and one.ends_at <= self.now for one in self.model)

    @rule(degree=st.sampled_from(list(Degree)))
    def another_degree(self, degree: Degree) -> None:
        self.change(self.model, degree)

    @rule(data=st.data(), start=HOURS, length=st.one_of(st.none(), st.integers(1, 8)), kind=TYPES)
    def one_more(self, data: st.DataObject, start: int, length: int | None, kind: str) -> None:
        begin = self.now + timedelta(hours=start)
        end = None if length is None else begin + timedelta(hours=length)
        self.change([*self.model, PhaseDraft(kind, begin, end)])

    @precondition(lambda self: len(self.model) > 1)
    @rule(data=st.data())
    def one_less(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.model))
        self.change([one for one in self.model if one != gone])

    @rule(data=st.data(), start=st.one_of(st.none(), HOURS), end=st.one_of(st.none(), HOURS), kind=TYPES)
    def another_time(self, data: st.DataObject, start: int | None, end: int | None, kind: str) -> None:
        chosen = data.draw(st.sampled_from(self.model))
        moved = replace(
            chosen,
            type=data.draw(st.sampled_from([chosen.type, kind])),
            starts_at=chosen.starts_at if start is None else self.now + timedelta(hours=start),
            ends_at=chosen.ends_at if end is None else self.now + timedelta(hours=end),
        )
        self.change([moved if one == chosen else one for one in self.model])

    @rule(role=st.sampled_from([Role.VISITOR, Role.GUEST, Role.RESIDENT, Role.MODERATOR]))
    def somebody_else_moves_a_date(self, role: Role) -> None:
        actor = Actor(id=uuid4(), role=role)
        try:
            self.save([replace(self.model[0], ends_at=None)], Degree(self.degree), actor)
        except Forbidden:
            return
        raise AssertionError(f"a {role} moved a date")

    def save(self, drafts: list[PhaseDraft], degree: Degree, actor: Actor = PLANNER) -> None:
        """Send the change."""
        assignment = self.assignment
        brief = service.Brief(
            title=assignment.title,
            question=assignment.question,
            area=from_wkb(assignment.area),
            phases=tuple(drafts),
            degree=degree,
            **{name: getattr(assignment, name) for name in service.TEXTS},
        )
        service.change_assignment(actor, assignment, brief, assignment.revision, self.now, reason="Daarom.")
        # What the database itself says of phases it says at the commit; here, at once.
        db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    def change(self, drafts: list[PhaseDraft], degree: Degree | None = None) -> None:
        """A planner's change: refused whole, or the model from now on."""
        wanted = degree or Degree(self.degree)
        before = list(self.model)
        try:
            self.save(drafts, wanted)
        except Invalid:
            assert self.as_stored() == sorted(before, key=lambda one: (one.starts_at, one.type))
            return
        stored = self.as_stored()
        plain = [(one.type, one.starts_at, one.ends_at) for one in drafts]
        assert sorted(plain, key=str) == sorted(((s.type, s.starts_at, s.ends_at) for s in stored), key=str)
        old = {one.id: (one.type, one.starts_at, one.ends_at) for one in before}
        new = {one.id: (one.type, one.starts_at, one.ends_at) for one in stored}
        if self.is_public:
            self.moves += sum(old.get(id_) != new.get(id_) for id_ in old.keys() | new.keys())
        self.model, self.degree = stored, wanted.value

    @invariant()
    def everybody_can_do_what_is_open_and_nothing_else(self) -> None:
        opened = self.open_by_model(self.now) & ALLOWS[self.degree] if self.is_public else frozenset()
        for action in ACTIONS:
            assert is_open_in_sql(self.assignment, action, self.now) is (action in opened)
            for role in Role:
                actor = Actor(id=None if role is Role.VISITOR else uuid4(), role=role)
                may = action in opened and role is not Role.VISITOR
                assert permissions.can(actor, self.assignment, action, self.now) is may

    @invariant()
    def every_edge_is_where_the_dates_say(self) -> None:
        moments = {moment for one in self.model for moment in (one.starts_at, one.ends_at) if moment}
        for moment in moments | {moment - timedelta(microseconds=1) for moment in moments}:
            opened = self.open_by_model(moment) & ALLOWS[self.degree] if self.is_public else frozenset()
            for action in ACTIONS:
                assert permissions.is_open(self.assignment, action, moment) is (action in opened), moment

    @invariant()
    def what_was_open_is_what_it_was(self) -> None:
        for moment, opened in self.history.items():
            assert self.open_by_model(moment) == opened, moment

    @invariant()
    def every_move_is_on_record(self) -> None:
        from app.projects.queries import moves_of

        assert len(moves_of(self.assignment)) == self.moves

    @invariant()
    def the_span_is_that_of_the_phases(self) -> None:
        ends = [one.ends_at for one in self.model]
        assert self.assignment.opens_at == min(one.starts_at for one in self.model)
        assert self.assignment.closes_at == (None if None in ends else max(end for end in ends if end))

    def teardown(self) -> None:
        db.session.rollback()


def test_phases_while_they_run(context: Flask) -> None:
    profile = settings.get_profile(settings.get_current_profile_name())
    examples = min(profile.max_examples, 30) if profile.derandomize else profile.max_examples
    run_state_machine_as_test(
        Phases, settings=settings(profile, max_examples=examples, stateful_step_count=25, deadline=None)
    )
