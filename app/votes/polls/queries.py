"""What is asked of polls."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.errors import NotFound
from app.extensions import db
from app.votes.polls.domain import Answer, Given, Relation
from app.votes.polls.models import Poll, PollAnswer


def poll_by_id(poll_id: uuid.UUID, *, lock: bool = False) -> Poll:
    """The poll with this id. Raises `NotFound`."""
    statement = select(Poll).where(Poll.id == poll_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(_("Deze peiling bestaat niet."))
    return found


def polls_of(assignment_id: uuid.UUID) -> list[Poll]:
    """The polls of an assignment in the order in which they open: their numbers on the map."""
    return list(
        db.session.scalars(
            select(Poll)
            .where(Poll.assignment_id == assignment_id)
            .options(joinedload(Poll.phase))
            .order_by(Poll.opens_at, Poll.created_at, Poll.id)
        )
    )


def going_on_in(phase_ids: Iterable[uuid.UUID], now: datetime) -> list[Poll]:
    """The polls of these phases that are not over by their own dates, in the order in which they open."""
    return list(
        db.session.scalars(
            select(Poll)
            .where(
                Poll.phase_id.in_(list(phase_ids)),
                Poll.ended_at.is_(None),
                (Poll.closes_at.is_(None)) | (Poll.closes_at > now),
            )
            .options(joinedload(Poll.phase))
            .order_by(Poll.opens_at, Poll.created_at, Poll.id)
        )
    )


def has_answers(poll_id: uuid.UUID) -> bool:
    """Whether anybody answered."""
    return bool(db.session.scalar(select(select(PollAnswer).where(PollAnswer.poll_id == poll_id).exists())))


def how_many(poll_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The number of answers of each poll that has any."""
    rows = db.session.execute(
        select(PollAnswer.poll_id, func.count())
        .where(PollAnswer.poll_id.in_(list(poll_ids)))
        .group_by(PollAnswer.poll_id)
    )
    return {row[0]: row[1] for row in rows}


def answers_of(poll_id: uuid.UUID) -> list[Given]:
    """All answers in the order in which people first gave one, without who gave them."""
    rows = db.session.execute(
        select(PollAnswer.chosen, PollAnswer.relation, PollAnswer.answered_at, PollAnswer.changed_at)
        .where(PollAnswer.poll_id == poll_id)
        .order_by(PollAnswer.answered_at, PollAnswer.id)
    )
    return [
        Given(Answer(tuple(chosen), Relation(relation) if relation else None), answered_at, changed_at)
        for chosen, relation, answered_at, changed_at in rows
    ]


def answer_by(poll_id: uuid.UUID, person_id: uuid.UUID | None) -> Answer | None:
    """One's own answer."""
    if person_id is None:
        return None
    row = db.session.execute(
        select(PollAnswer.chosen, PollAnswer.relation).where(
            PollAnswer.poll_id == poll_id, PollAnswer.person_id == person_id
        )
    ).one_or_none()
    return row and Answer(tuple(row.chosen), Relation(row.relation) if row.relation else None)


def keep_answer(poll_id: uuid.UUID, person_id: uuid.UUID, answer: Answer) -> None:
    """Keep an answer in place of the one that this person gave before. One statement, so one per person."""
    values = {"chosen": list(answer.chosen), "relation": answer.relation and answer.relation.value}
    db.session.execute(
        insert(PollAnswer)
        .values(poll_id=poll_id, person_id=person_id, **values)
        .on_conflict_do_update(
            index_elements=["poll_id", "person_id"], set_={**values, "changed_at": func.clock_timestamp()}
        )
    )


def take_back_answer(poll_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Delete one's own answer."""
    db.session.execute(
        delete(PollAnswer).where(PollAnswer.poll_id == poll_id, PollAnswer.person_id == person_id)
    )


def answers_by(person_id: uuid.UUID) -> list[tuple[Poll, PollAnswer]]:
    """What a person answered, the latest first."""
    rows = db.session.execute(
        select(Poll, PollAnswer)
        .join(PollAnswer, PollAnswer.poll_id == Poll.id)
        .where(PollAnswer.person_id == person_id)
        .order_by(PollAnswer.changed_at.desc(), Poll.id)
    )
    return [(poll, answer) for poll, answer in rows]


_OLDER = """
    DELETE FROM poll_answer old USING poll_answer new
    WHERE old.poll_id = new.poll_id AND old.id <> new.id
      AND old.person_id IN (:source, :target) AND new.person_id IN (:source, :target)
      AND (old.changed_at < new.changed_at
           OR (old.changed_at = new.changed_at AND old.person_id = :source))
"""


def move_answers(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Give one person's answers to another; where both answered, the latest answer counts."""
    persons = {"source": source_id, "target": target_id}
    # Of two at the same moment the one of `source` goes.
    db.session.execute(text(_OLDER), persons)
    db.session.execute(text("UPDATE poll_answer SET person_id = :target WHERE person_id = :source"), persons)


# In a poll that is over the answer stays counted, without the person (the key sets it to null).
_FORGET = text(
    """
    DELETE FROM poll_answer a USING poll p LEFT JOIN phase f ON f.id = p.phase_id
    WHERE a.poll_id = p.id AND a.person_id = :person AND p.ended_at IS NULL
      AND (p.closes_at IS NULL OR :now < p.closes_at) AND (f.ends_at IS NULL OR :now < f.ends_at)
    """
)


def forget(person_id: uuid.UUID, now: datetime) -> None:
    """Delete a person's answers in polls that are not over."""
    db.session.execute(_FORGET, {"person": person_id, "now": now})
