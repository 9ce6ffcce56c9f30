"""Asking and answering. Nothing here commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from shapely.geometry.base import BaseGeometry
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor
from app.core import clock, hooks
from app.core.geometry import outside_message, to_metric, to_wkb
from app.core.problems import Problems
from app.errors import Forbidden, Invalid, NotFound, Problem, WrongState
from app.extensions import db
from app.projects import phases
from app.projects.models import Assignment, Phase
from app.projects.permissions import can_see
from app.projects.phases import PhaseDraft
from app.projects.queries import area_of, assignment_by_id
from app.projects.service import require_action
from app.votes import acts
from app.votes.polls import domain, permissions, queries
from app.votes.polls.domain import Answer, Kind, Status, Window
from app.votes.polls.models import Poll

ACTION = "polls.answer"
BESIDE_M = 40.0


@dataclass(frozen=True, slots=True)
class PollDraft:
    """What a planner fills in. `place` is in EPSG:4326; `phase_id` is of a phase of the same assignment."""

    question: str
    kind: Kind
    opens_at: datetime
    closes_at: datetime | None = None
    about: str = ""
    choices: tuple[str, ...] = ()
    most: int = 1
    low_words: str = ""
    high_words: str = ""
    asks_relation: bool = False
    place: BaseGeometry | None = None
    place_name: str = ""
    phase_id: uuid.UUID | None = None


def seen_poll(actor: Actor, poll_id: uuid.UUID) -> Poll:
    """A poll that this person may see: of a public assignment, or as a planner. Raises `NotFound`."""
    poll = queries.poll_by_id(poll_id)
    if not can_see(actor, assignment_by_id(poll.assignment_id)):
        raise NotFound(_("Deze peiling bestaat niet."))
    return poll


def status_of(poll: Poll, now: datetime) -> Status:
    """Where a poll stands."""
    phase = Window(poll.phase.starts_at, poll.phase.ends_at) if poll.phase is not None else None
    return domain.status(Window(poll.opens_at, poll.closes_at), poll.ended_at, phase, now)


def make_poll(actor: Actor, assignment: Assignment, draft: PollDraft, *, is_example: bool = False) -> Poll:
    """A new poll. Raises `Forbidden` for others than planners, `Invalid` with every problem."""
    _require_planner(actor)
    _check(draft, assignment)
    poll = Poll(assignment_id=assignment.id, is_example=is_example)
    _fill(poll, draft)
    db.session.add(poll)
    db.session.flush()
    acts.note(actor, "poll", poll.id, "made")
    return poll


def change_poll(actor: Actor, poll_id: uuid.UUID, draft: PollDraft) -> Poll:
    """Other words or dates, as long as nobody answered: an answer belongs to the question as it was.

    Raises as `make_poll`, and `WrongState` after the first answer.
    """
    _require_planner(actor)
    poll = queries.poll_by_id(poll_id, lock=True)
    if queries.has_answers(poll.id):
        raise WrongState(
            _("Er is al geantwoord. De vraag blijft zoals hij is; de laatste dag kan nog anders.")
        )
    _check(draft, assignment_by_id(poll.assignment_id))
    _fill(poll, draft)
    db.session.flush()
    acts.note(actor, "poll", poll.id, "changed")
    return poll


def move_end(
    actor: Actor, poll_id: uuid.UUID, closes_at: datetime | None, reason: str, now: datetime
) -> Poll:
    """Another last day, or none, with a reason that everybody reads.

    Raises `Invalid` without a reason or for a moment that has been, `WrongState` once it is over.
    """
    _require_planner(actor)
    poll = queries.poll_by_id(poll_id, lock=True)
    if status_of(poll, now) is Status.CLOSED:
        raise WrongState(_("Deze peiling is al voorbij."))
    _require_reason(reason)
    if closes_at is not None and closes_at <= max(now, poll.opens_at):
        raise Invalid.of([Problem("/closes_on", _("Kies vandaag of een dag daarna."))])
    old = poll.closes_at
    poll.closes_at = closes_at
    db.session.flush()
    acts.note(actor, "poll", poll.id, "moved_end", reason, {"old": _text(old), "new": _text(closes_at)})
    return poll


def end_poll(actor: Actor, poll_id: uuid.UUID, reason: str, now: datetime) -> Poll:
    """End it now, with a reason that everybody reads; again is `WrongState`."""
    _require_planner(actor)
    poll = queries.poll_by_id(poll_id, lock=True)
    if status_of(poll, now) is Status.CLOSED:
        raise WrongState(_("Deze peiling is al voorbij."))
    _require_reason(reason)
    poll.ended_at = now
    db.session.flush()
    acts.note(actor, "poll", poll.id, "ended", reason)
    return poll


def answer(actor: Actor, poll_id: uuid.UUID, given: Answer, now: datetime) -> Poll:
    """Answer, or answer otherwise: one person has one answer.

    Raises `Forbidden` (no phase is open for polls), `WrongState` (this one is not open), `Invalid`.
    """
    poll = queries.poll_by_id(poll_id)
    _require_open(actor, poll, now)
    if not domain.is_answer(Kind(poll.kind), len(poll.choices), poll.most, given.chosen):
        raise Invalid.of([Problem("/choice", how_to_choose(poll))])
    if not poll.asks_relation:
        given = Answer(given.chosen)
    with _told_by_the_database():
        queries.keep_answer(poll.id, actor.person_id, given)
    return poll


def take_back(actor: Actor, poll_id: uuid.UUID, now: datetime) -> Poll:
    """Have no answer any more. Raises as `answer`."""
    poll = queries.poll_by_id(poll_id)
    _require_open(actor, poll, now)
    queries.take_back_answer(poll.id, actor.person_id)
    return poll


def _require_open(actor: Actor, poll: Poll, now: datetime) -> None:
    require_action(actor, assignment_by_id(poll.assignment_id), ACTION, now)
    match status_of(poll, now):
        case Status.COMING:
            raise WrongState(_("Deze peiling is nog niet open."))
        case Status.CLOSED:
            raise WrongState(_("Deze peiling is voorbij. De uitkomst staat op deze pagina."))


@contextmanager
def _told_by_the_database() -> Iterator[None]:
    """What the trigger refused, since the poll closed or changed while the answer was on its way."""
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        if constraint == "poll_open":
            raise WrongState(_("Deze peiling is voorbij. De uitkomst staat op deze pagina.")) from None
        if constraint == "poll_choice":
            raise WrongState(_("De vraag is intussen gewijzigd. Laad de pagina opnieuw.")) from None
        raise


def how_to_choose(poll: Poll) -> str:
    """How many choices an answer has, in a sentence."""
    if poll.kind == Kind.SEVERAL:
        return str(_("Kies minstens één antwoord, en hoogstens %(most)d.", most=poll.most))
    return str(_("Kies één antwoord."))


def _require_planner(actor: Actor) -> None:
    if not permissions.can_manage(actor):
        raise Forbidden(_("Alleen planners kunnen dit doen."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid.of([Problem("/reason", _("Zeg waarom. Iedereen leest het."))])


def _check(draft: PollDraft, assignment: Assignment) -> None:
    problems = Problems()
    if draft.closes_at is not None and draft.closes_at <= draft.opens_at:
        problems.add("/closes_on", _("De laatste dag komt na de eerste."))
    if draft.phase_id is not None and draft.phase_id not in {phase.id for phase in assignment.phases}:
        problems.add("/phase", _("Deze fase is er niet (meer)."))
    check_choices(draft.kind, draft.choices, draft.most, (draft.low_words, draft.high_words), problems)
    _check_place(draft.place, assignment, problems)
    problems.raise_if_any()


def check_choices(
    kind: Kind, choices: Sequence[str], most: int, words: tuple[str, str], problems: Problems
) -> None:
    """Note what is wrong with what can be chosen; `words` are those of 1 and of 5 on a scale."""
    if kind is Kind.SCALE:
        for name, said in zip(("low_words", "high_words"), words, strict=True):
            if not said:
                problems.add(f"/{name}", _("Vul dit in."))
    elif not domain.FEWEST_CHOICES <= len(choices) <= domain.MOST_CHOICES:
        problems.add(
            "/choices",
            _(
                "Geef %(low)d tot %(high)d antwoorden, elk op een eigen regel.",
                low=domain.FEWEST_CHOICES,
                high=domain.MOST_CHOICES,
            ),
        )
    elif len({choice.casefold() for choice in choices}) < len(choices):
        problems.add("/choices", _("Twee antwoorden zijn gelijk."))
    elif kind is Kind.SEVERAL and not 2 <= most <= len(choices):
        problems.add("/most", _("Kies een getal van 2 tot het aantal antwoorden."))


def _check_place(place: BaseGeometry | None, assignment: Assignment, problems: Problems) -> None:
    if place is None:
        return
    area, srid = area_of(assignment), assignment.neighbourhood.metric_srid
    # An address has its point behind the front door, beside the street that the assignment is about.
    if not to_metric(area, srid).dwithin(to_metric(place, srid), BESIDE_M):
        problems.add("/area", outside_message(place, area))


def _fill(poll: Poll, draft: PollDraft) -> None:
    scale = draft.kind is Kind.SCALE
    poll.question, poll.about, poll.kind = draft.question, draft.about, draft.kind.value
    poll.choices = [] if scale else list(draft.choices)
    poll.most = draft.most if draft.kind is Kind.SEVERAL else 1
    poll.low_words, poll.high_words = (draft.low_words, draft.high_words) if scale else ("", "")
    poll.asks_relation = draft.asks_relation
    poll.geom = to_wkb(draft.place) if draft.place is not None else None
    poll.place_name, poll.phase_id = draft.place_name, draft.phase_id
    poll.opens_at, poll.closes_at = draft.opens_at, draft.closes_at


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def listen() -> None:
    """Follow people who sign in and who leave; keep the phases that polls hang on."""

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        queries.move_answers(source_id, target_id)

    @hooks.person_erased.connect_via(hooks.ANY, weak=False)
    def _forget(sender: object, person_id: uuid.UUID) -> None:
        queries.forget(person_id, clock.now())

    hooks.phases_changing.connect(_keep_phases, weak=False)


def _keep_phases(
    sender: object,
    assignment: Assignment,
    after: Mapping[uuid.UUID, PhaseDraft | None],
    problems: Problems,
) -> None:
    """A poll of a phase that goes would be open at other times than anybody chose; in a phase of another
    type, or at a time when it is over, nobody could answer it."""
    lost = [
        poll
        for poll in queries.going_on_in(after, clock.now())
        if poll.phase is not None
        and _answerable(poll, poll.phase)
        and not _answerable(poll, after[poll.phase.id])
    ]
    if lost:
        names = ", ".join(f"“{poll.question}”" for poll in lost)
        problems.add("/phases", _still_asked(names, len(lost)))


def _answerable(poll: Poll, phase: Phase | PhaseDraft | None) -> bool:
    """Whether there is a moment at which people can answer a poll that hangs on this phase."""
    if phase is None or phase.type not in phases.opening(ACTION):
        return False
    ends = [moment for moment in (poll.closes_at, phase.ends_at) if moment is not None]
    return not ends or max(poll.opens_at, phase.starts_at) < min(ends)


def _still_asked(names: str, n: int) -> str:
    return ngettext(
        "Aan een fase die je weghaalt of verandert hangt een peiling: %(names)s. Niemand kan haar dan meer"
        " beantwoorden zoals bedoeld. Geef de peiling eerst een andere fase of andere dagen, of stop haar.",
        "Aan fasen die je weghaalt of verandert hangen %(num)d peilingen: %(names)s. Niemand kan ze dan meer"
        " beantwoorden zoals bedoeld. Geef ze eerst een andere fase of andere dagen, of stop ze.",
        n,
        names=names,
    )
